import { describe, expect, it } from 'vitest';
import {
  nextLevel,
  type VicidialLevelInput,
} from '../../../src/floor-model/rivals/vicidial-level.ts';
import {
  VICIDIAL_DEFAULTS,
  type VicidialSettings,
} from '../../../src/floor-model/rivals/vicidial-settings.ts';

const QUIET = { callsLastMinute: 0, percentageLastMinute: 0, callsToday: 0, percentageToday: 0 };
const OVER = { ...QUIET, callsToday: 500, percentageToday: 3.5 };
const TAPERED = { method: 'adapt-tapered' } as const;

function level(
  settings: Partial<VicidialSettings>,
  input: Partial<VicidialLevelInput> & { level: number; difference: number },
): number {
  return nextLevel(
    { ...VICIDIAL_DEFAULTS, ...settings },
    {
      agents: 10,
      drops: QUIET,
      serverTime: 1000,
      counts: { loggedIn: 10, nonPaused: 10, ready: 1 },
      ...input,
    },
  );
}

describe("the published controller's level", () => {
  const idle = { level: 2.5, difference: 1 };
  const cases: [string, number, number][] = [
    ['rises by the idle share', level({}, { level: 1.5, difference: 1 }), 1.65],
    ['rises faster with intensity', level({ intensity: 20 }, { level: 1.5, difference: 1 }), 1.68],
    ['falls by the share of people waiting', level({}, { level: 2, difference: -2 }), 1.6],
    ['falls slower at 20', level({ intensity: 20 }, { level: 2, difference: -2 }), 1.68],
    ['falls faster at -20', level({ intensity: -20 }, { level: 2, difference: -2 }), 1.52],
    ['stays at its target', level({ differenceTarget: -1 }, { level: 2, difference: 1 }), 2],
    ['stops at the cap', level({}, { level: 2.5, difference: 5 }), 3],
    [
      'falls to one over the limit',
      level({}, { ...idle, drops: { ...QUIET, callsToday: 51, percentageToday: 3.01 } }),
      1,
    ],
    [
      'ignores the limit up to fifty calls',
      level({}, { ...idle, drops: { ...QUIET, callsToday: 50, percentageToday: 30 } }),
      2.75,
    ],
    [
      'is halved by the averaging method',
      level({ method: 'adapt-average' }, { ...idle, drops: OVER }),
      1.375,
    ],
    ['tapers at 11:30', level(TAPERED, { ...idle, drops: OVER, serverTime: 1130 }), 2.6675],
    ['tapers at 17:00', level(TAPERED, { ...idle, drops: OVER, serverTime: 1700 }), 1.1],
    ['does not taper at 10:59', level(TAPERED, { ...idle, drops: OVER, serverTime: 1059 }), 2.75],
    ['is one after the last hour', level(TAPERED, { ...idle, drops: OVER, serverTime: 2101 }), 1],
    [
      'is halved when half the calls of a minute are dropped',
      level(
        {},
        {
          level: 2.8,
          difference: 0,
          drops: { ...QUIET, callsLastMinute: 21, percentageLastMinute: 50.1 },
        },
      ),
      1.4,
    ],
  ];
  it.each(cases)('%s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });

  it('is not halved by twenty calls, nor by exactly half of them', () => {
    const still = { level: 2.8, difference: 0 };
    const twenty = { ...QUIET, callsLastMinute: 20, percentageLastMinute: 90 };
    const half = { ...QUIET, callsLastMinute: 21, percentageLastMinute: 50 };
    expect(level({}, { ...still, drops: twenty })).toBe(2.8);
    expect(level({}, { ...still, drops: half })).toBe(2.8);
  });

  it('never falls below one, and does not change without agents', () => {
    expect(level({}, { level: 1, difference: -8 })).toBe(1);
    expect(level({}, { level: 2, difference: 3, agents: 0 })).toBe(2);
  });

  it('keeps six characters', () => {
    expect(level({ method: 'adapt-average' }, { level: 2.333, difference: 0, drops: OVER })).toBe(
      1.1665,
    );
    expect(level(TAPERED, { level: 2.333, difference: 0, drops: OVER, serverTime: 1633 })).toBe(
      1.0895,
    );
  });

  it.each(['logged-in', 'non-paused', 'waiting'] as const)(
    'is one below a threshold of %s agents',
    (count) => {
      const counts = { loggedIn: 4, nonPaused: 4, ready: 4 };
      const input = { level: 2, difference: 0, counts };
      expect(level({ levelOneBelow: { count, agents: 5 } }, input)).toBe(1);
      expect(level({ levelOneBelow: { count, agents: 4 } }, input)).toBe(2);
    },
  );

  it('never changes when it is fixed', () => {
    expect(level({ method: 'ratio' }, { level: 2.5, difference: 5, drops: OVER })).toBe(2.5);
  });
});
