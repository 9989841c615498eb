import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invalidsJumped, type TrunkInvalids } from '../../../src/domain/debtors/phone.ts';

/** The fewest dead numbers of the recent calls that make the trunk suspect; undefined for none. */
function leastSuspect(trunk: Omit<TrunkInvalids, 'recentInvalids'>): number | undefined {
  for (let recentInvalids = 0; recentInvalids <= trunk.recentAttempts; recentInvalids += 1) {
    if (invalidsJumped({ ...trunk, recentInvalids })) return recentInvalids;
  }
  return undefined;
}

const NEW = { usualAttempts: 0, usualInvalids: 0 };

describe('the share of dead numbers at which a trunk suspects itself', () => {
  it.each<[string, Omit<TrunkInvalids, 'recentInvalids'>, number | undefined]>([
    // One in ten is 2 of 20; four deviations of √(2 × 0.9) are 5.4 more.
    ['a new trunk, after twenty calls', { ...NEW, recentAttempts: 20 }, 8],
    ['after nineteen, which are too few', { ...NEW, recentAttempts: 19 }, undefined],
    // 10 of 100, and 4 × √9 = 12 more.
    ['a new trunk, after a hundred', { ...NEW, recentAttempts: 100 }, 22],
    // 100 of 1,000 and 4 × 9.5 more would be 138; twice the usual share is more.
    ['a new trunk, after a thousand', { ...NEW, recentAttempts: 1_000 }, 200],
    // (950 + 50) of (9,950 + 50) is one in ten, exactly as the guess.
    [
      'a trunk of one in ten, after a hundred',
      { usualAttempts: 9_950, usualInvalids: 995, recentAttempts: 100 },
      22,
    ],
    // Four in ten are usual here: 40, and 4 × √24 = 19.6 more are 60; twice as many are 80.
    [
      'a trunk of four in ten, after a hundred',
      { usualAttempts: 9_950, usualInvalids: 3_995, recentAttempts: 100 },
      80,
    ],
    // Hardly any are usual: (0 + 5) of (9,950 + 50) are 0.05 of 100, and 0.9 more.
    [
      'a trunk of hardly any, after a hundred',
      { usualAttempts: 9_950, usualInvalids: 0, recentAttempts: 100 },
      1,
    ],
    // More than half are usual: nothing is twice as much.
    [
      'a trunk of six in ten, after a hundred',
      { usualAttempts: 9_950, usualInvalids: 5_995, recentAttempts: 100 },
      undefined,
    ],
    // 5 of the 50 calls that are guessed and the 50 known ones: one in twenty.
    [
      'fifty calls known, none dead',
      { usualAttempts: 50, usualInvalids: 0, recentAttempts: 100 },
      14,
    ],
  ])('of %s', (_name, trunk, least) => {
    expect(leastSuspect(trunk)).toBe(least);
  });

  const trunks = fc
    .record({
      recentAttempts: fc.integer({ min: 0, max: 300 }),
      recentShare: fc.double({ min: 0, max: 1, noNaN: true }),
      usualAttempts: fc.integer({ min: 0, max: 20_000 }),
      usualShare: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map((drawn) => ({
      ...{ recentAttempts: drawn.recentAttempts, usualAttempts: drawn.usualAttempts },
      recentInvalids: Math.floor(drawn.recentShare * drawn.recentAttempts),
      usualInvalids: Math.floor(drawn.usualShare * drawn.usualAttempts),
    }));

  it('is never crossed back by one more dead number', () => {
    fc.assert(
      fc.property(trunks, (trunk) => {
        if (!invalidsJumped(trunk) || trunk.recentInvalids === trunk.recentAttempts) return;
        expect(invalidsJumped({ ...trunk, recentInvalids: trunk.recentInvalids + 1 })).toBe(true);
      }),
      { numRuns: 300, seed: 51 },
    );
  });

  it('is not lowered by a past with more dead numbers', () => {
    fc.assert(
      fc.property(trunks, (trunk) => {
        if (trunk.usualInvalids === trunk.usualAttempts) return;
        const worse = { ...trunk, usualInvalids: trunk.usualInvalids + 1 };
        const [before, after] = [leastSuspect(trunk), leastSuspect(worse)];
        expect(after ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(before ?? 0);
      }),
      { numRuns: 60, seed: 52 },
    );
  });

  it('is at least twice the usual share, and far from it when few calls were made', () => {
    fc.assert(
      fc.property(trunks, (trunk) => {
        const usual = (trunk.usualInvalids + 5) / (trunk.usualAttempts + 50);
        const least = leastSuspect(trunk);
        if (least === undefined) return;
        expect(trunk.recentAttempts).toBeGreaterThanOrEqual(20);
        const expected = usual * trunk.recentAttempts;
        expect(least).toBeGreaterThanOrEqual(2 * expected);
        expect(least - expected).toBeGreaterThanOrEqual(4 * Math.sqrt(expected * (1 - usual)));
        // One fewer is short of one of the two.
        const fewer = least - 1;
        const isShort =
          fewer < 2 * expected || fewer - expected < 4 * Math.sqrt(expected * (1 - usual));
        expect(isShort).toBe(true);
      }),
      { numRuns: 60, seed: 53 },
    );
  });
});
