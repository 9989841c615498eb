import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmDoing } from '../../../src/domain/campaigns/blockers.ts';
import type { CampaignPacing } from '../../../src/domain/campaigns/settings.ts';
import { bank } from '../abandonment/ledgers.ts';

const PREDICTIVE: CampaignPacing = { mode: 'predictive', linesMax: 30 };
const RATIO: CampaignPacing = { mode: 'ratio', linesMax: 30, ratio: 2 };

function doingAt(abandoned: number, connected: number, pacing: CampaignPacing = PREDICTIVE) {
  return alarmDoing({ state: 'running', pacing }, bank({ abandoned, connected }));
}

describe('a morning on the way to a cap of three in a hundred', () => {
  it('brakes near it, dials one to one at it, and goes on when it is paid back', () => {
    const MORNING: readonly (readonly [abandoned: number, connected: number, doing: string])[] = [
      [0, 0, 'none'],
      [0, 300, 'none'],
      // Nine in ten of the cap are the alarm: 2.7 in a hundred.
      [8, 292, 'none'],
      [9, 324, 'braking, 0 left'],
      [18, 602, 'braking, 0 left'],
      // Three in a hundred exactly.
      [18, 582, 'one to one, 1 missing'],
      [18, 583, 'braking, 0 left'],
      [19, 583, 'one to one, 32 missing'],
      [19, 614, 'one to one, 1 missing'],
      [19, 615, 'braking, 0 left'],
      [19, 700, 'none'],
    ];
    const told = MORNING.map(([abandoned, connected]) => {
      const doing = doingAt(abandoned, connected);
      if (doing === undefined) return 'none';
      if (doing.kind === 'braking') return `braking, ${doing.left} left`;
      return doing.kind === 'one-to-one'
        ? `one to one, ${doing.answersMissing} missing`
        : doing.kind;
    });
    expect(told).toEqual(MORNING.map(([, , doing]) => doing));
  });
});

describe('what is told near the cap', () => {
  const counts = fc.record({ abandoned: fc.nat(60), connected: fc.nat(3_000) });

  it('is how many more may be abandoned: so many are within the cap', () => {
    fc.assert(
      fc.property(counts, ({ abandoned, connected }) => {
        const doing = doingAt(abandoned, connected);
        if (doing?.kind !== 'braking') return;
        const then = bank({ abandoned: abandoned + doing.left, connected });
        expect(then.left).toBeGreaterThanOrEqual(0);
        // And with two more it is not: the people abandoned raise the cap by far less than one.
        expect(bank({ abandoned: abandoned + doing.left + 2, connected }).left).toBeLessThan(0);
      }),
      { numRuns: 300, seed: 31 },
    );
  });

  it('is the same figure for a ratio, which goes on, and for a forecast, which brakes', () => {
    fc.assert(
      fc.property(counts, ({ abandoned, connected }) => {
        const [forecast, ratio] = [PREDICTIVE, RATIO].map((pacing) =>
          doingAt(abandoned, connected, pacing),
        );
        if (forecast?.kind === 'braking') {
          expect(ratio).toEqual({ kind: 'ratio-goes-on', ratio: 2, left: forecast.left });
        } else {
          expect(ratio).toEqual(forecast);
        }
      }),
      { numRuns: 200, seed: 32 },
    );
  });

  it('gets no worse with one more person who met an agent', () => {
    const badness = (abandoned: number, connected: number) => {
      const doing = doingAt(abandoned, connected);
      if (doing === undefined) return 0;
      return doing.kind === 'one-to-one' ? 1 + doing.answersMissing : 1;
    };
    fc.assert(
      fc.property(counts, ({ abandoned, connected }) => {
        expect(badness(abandoned, connected + 1)).toBeLessThanOrEqual(
          badness(abandoned, connected),
        );
        expect(badness(abandoned + 1, connected)).toBeGreaterThanOrEqual(
          badness(abandoned, connected),
        );
      }),
      { numRuns: 300, seed: 33 },
    );
  });
});
