import { describe, expect, it } from 'vitest';
import { MEASURES, measured } from '../../../src/domain/reports/measures.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';

describe('how a number is shown', () => {
  it('is a count beside its whole for what is now, and a share for all else', () => {
    const shown = Object.entries(MEASURES).map(([name, { unit }]) => `${name} ${unit}`);
    expect(shown).toEqual([
      ...['talking count', 'free count', 'dialing count', 'answered share', 'rightParty share'],
      ...['abandonment share', 'occupancy share', 'machines share', 'unsure share'],
      ...['sampled share', 'falseMachines share', 'missedMachines share'],
    ]);
  });
});

describe('the occupancy of an agent in an hour', () => {
  type Stretch = readonly ['talks' | 'wraps up' | 'waits' | 'pauses', minutes: number];

  /** What is busy and what is present, of the stretches of an hour. */
  function occupancyOf(hour: readonly Stretch[]) {
    const sumOf = (...kinds: readonly Stretch[0][]) =>
      hour
        .filter(([kind]) => kinds.includes(kind))
        .reduce((sum, [, minutes]) => sum + minutes * MINUTE_MS, 0);
    const busyMs = sumOf('talks', 'wraps up');
    return measured(MEASURES.occupancy, { busyMs, presentMs: HOUR_MS - sumOf('pauses') });
  }

  it.each<[string, readonly Stretch[], number | undefined]>([
    ['waits only', [['waits', 60]], 0],
    [
      'talks for half of it',
      [
        ['talks', 30],
        ['waits', 30],
      ],
      0.5,
    ],
    [
      'talks, wraps up and waits',
      [
        ['talks', 36],
        ['wraps up', 9],
        ['waits', 15],
      ],
      0.75,
    ],
    // A pause is no time in which a call could have come.
    [
      'pauses for a quarter and is busy for the rest',
      [
        ['talks', 45],
        ['pauses', 15],
      ],
      1,
    ],
    [
      'pauses for half, and talks for half of the rest',
      [
        ['pauses', 30],
        ['talks', 15],
        ['waits', 15],
      ],
      0.5,
    ],
    ['pauses for all of it', [['pauses', 60]], undefined],
  ])('who %s', (_name, hour, share) => {
    expect(occupancyOf(hour)).toBe(share);
  });
});
