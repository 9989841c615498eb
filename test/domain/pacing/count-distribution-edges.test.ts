import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CountMoments,
  chanceOfShortage,
  ExactCount,
} from '../../../src/domain/pacing/count-distribution.ts';
import { chanceOfShortageMatched } from './matched-counts.ts';

const CHANCES = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

function exact(chances: readonly number[], max: number): ExactCount {
  const count = new ExactCount(max);
  for (const chance of chances) count.add(chance);
  return count;
}

const rowOf = (count: ExactCount): number[] => [...count.chances];

describe('an exact count', () => {
  it('of no events is none for certain', () => {
    expect(rowOf(new ExactCount(3))).toEqual([1, 0, 0, 0]);
  });

  it('is moved by one by what is certain, and not at all by what cannot be', () => {
    const count = exact([0.5], 3);
    count.add(0);
    expect(rowOf(count)).toEqual([0.5, 0.5, 0, 0]);
    count.add(1);
    expect(rowOf(count)).toEqual([0, 0.5, 0.5, 0]);
  });

  it('is moved by as many as are certain, and piles up in its last place', () => {
    const count = exact([0.5, 0.5], 3);
    count.shift(0);
    expect(rowOf(count)).toEqual([0.25, 0.5, 0.25, 0]);
    count.shift(2);
    expect(rowOf(count)).toEqual([0, 0, 0.25, 0.75]);
    count.shift(1_000_000);
    expect(rowOf(count)).toEqual([0, 0, 0, 1]);
  });

  it('of which the only place is “none or more” is always that', () => {
    expect(rowOf(exact([], 0))).toEqual([1]);
  });

  it('adds up to one, and has the mean of its events where none are cut off', () => {
    fc.assert(
      fc.property(CHANCES, (chances) => {
        const row = rowOf(exact(chances, 12));
        expect(row.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9);
        const mean = row.reduce((sum, chance, count) => sum + chance * count, 0);
        expect(mean).toBeCloseTo(
          chances.reduce((sum, chance) => sum + chance, 0),
          9,
        );
      }),
      { seed: 71, numRuns: 80 },
    );
  });

  it('does not hang on the order of its events', () => {
    fc.assert(
      fc.property(CHANCES, (chances) => {
        const row = rowOf(exact(chances, 5));
        for (const [count, chance] of rowOf(exact(chances.toReversed(), 5)).entries()) {
          expect(chance).toBeCloseTo(row[count] ?? 0, 9);
        }
      }),
      { seed: 72, numRuns: 60 },
    );
  });

  it('cut off holds in its last place all that a longer one has from there on', () => {
    fc.assert(
      fc.property(CHANCES, fc.integer({ min: 1, max: 6 }), (chances, max) => {
        const short = rowOf(exact(chances, max));
        const long = rowOf(exact(chances, 13));
        for (let count = 0; count < max; count += 1) {
          expect(short[count]).toBeCloseTo(long[count] ?? 0, 9);
        }
        const rest = long.slice(max).reduce((sum, chance) => sum + chance, 0);
        expect(short[max]).toBeCloseTo(rest, 9);
      }),
      { seed: 73, numRuns: 60 },
    );
  });

  it('gives back an event that was cut off with others', () => {
    const count = exact([0.5, 0.4, 0.3], 2);
    count.remove(0.3);
    for (const [index, chance] of rowOf(exact([0.5, 0.4], 2)).entries()) {
      expect(count.chances.at(index)).toBeCloseTo(chance, 12);
    }
  });

  it('gives back nothing for an event that cannot be', () => {
    const count = exact([0.5, 0.25], 3);
    const before = rowOf(count);
    count.remove(0);
    expect(rowOf(count)).toEqual(before);
  });

  it('stays a distribution when an event is taken out that never was in it', () => {
    const count = exact([0.1], 3);
    count.remove(0.5);
    const row = rowOf(count);
    for (const chance of row) expect(chance).toBeGreaterThanOrEqual(0);
  });

  it('cleared is as good as new', () => {
    const count = exact([0.5, 0.9, 0.2], 4);
    count.clear();
    expect(rowOf(count)).toEqual([1, 0, 0, 0, 0]);
    count.add(0.25);
    expect(rowOf(count)).toEqual([0.75, 0.25, 0, 0, 0]);
  });
});

describe('an exact shortage', () => {
  it('is certain where nobody is free: the person who answers finds nobody', () => {
    expect(chanceOfShortage(exact([], 2), exact([], 2))).toBe(1);
  });

  it('is impossible where more are free than others can answer', () => {
    const free = new ExactCount(3);
    free.shift(2);
    expect(chanceOfShortage(exact([0.9], 3), free)).toBe(0);
    expect(chanceOfShortage(exact([0.9, 0.9], 3), free)).toBeCloseTo(0.81, 12);
  });

  it('grows with every call and falls with every agent', () => {
    const some = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
    const one = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(some, some, one, (calls, agents, more) => {
        const now = chanceOfShortage(exact(calls, 8), exact(agents, 8));
        const moreCalls = chanceOfShortage(exact([...calls, more], 8), exact(agents, 8));
        const moreAgents = chanceOfShortage(exact(calls, 8), exact([...agents, more], 8));
        expect(moreCalls).toBeGreaterThanOrEqual(now - 1e-9);
        expect(moreAgents).toBeLessThanOrEqual(now + 1e-9);
      }),
      { seed: 74, numRuns: 80 },
    );
  });
});

// ── matched by mean and variance ────────────────────────────────────────────────────────────────

const NONE: CountMoments = { mean: 0, variance: 0 };

/** P(at least so many) of a distribution given by its chances. */
function atLeast(chance: (count: number) => number, from: number): number {
  let below = 0;
  for (let count = 0; count < from; count += 1) below += chance(count);
  return 1 - below;
}

function choose(of: number, count: number): number {
  let ways = 1;
  for (let one = 1; one <= count; one += 1) ways *= (of - count + one) / one;
  return ways;
}

describe('a matched shortage', () => {
  it('with nothing on the way is certain for no agent, and impossible for one', () => {
    expect(chanceOfShortageMatched(NONE, 0, NONE)).toBe(1);
    expect(chanceOfShortageMatched(NONE, 1, NONE)).toBe(0);
  });

  it.each([1, 2, 4, 7])('at least %d of ten calls at 30 %: the binomial, exactly', (free) => {
    const demand = { mean: 3, variance: 2.1 };
    const chance = (count: number) => choose(10, count) * 0.3 ** count * 0.7 ** (10 - count);
    expect(chanceOfShortageMatched(demand, free, NONE)).toBeCloseTo(atLeast(chance, free), 9);
  });

  it.each([1, 3, 6, 12])('at least %d where mean and variance are equal: Poisson', (free) => {
    let chanceOfNow = Math.exp(-4);
    const chances = [chanceOfNow];
    for (let count = 1; count < 60; count += 1) {
      chanceOfNow *= 4 / count;
      chances.push(chanceOfNow);
    }
    const found = chanceOfShortageMatched({ mean: 4, variance: 4 }, free, NONE);
    expect(found).toBeCloseTo(
      atLeast((count) => chances[count] ?? 0, free),
      4,
    );
  });

  it.each([1, 3, 6, 12])(
    'at least %d where the variance is twice the mean: negative binomial',
    (free) => {
      // Size 4, ratio 2: P(k) = C(k + 3, k) / 2^(k + 4).
      const chance = (count: number) => choose(count + 3, count) / 2 ** (count + 4);
      const found = chanceOfShortageMatched({ mean: 4, variance: 8 }, free, NONE);
      expect(found).toBeCloseTo(atLeast(chance, free), 4);
    },
  );

  it('passes from one kind to the next without a step', () => {
    const around = [0.9998, 0.99989, 1, 1.00011, 1.0002].map((ratio) =>
      chanceOfShortageMatched({ mean: 30, variance: 30 * ratio }, 36, NONE),
    );
    for (const chance of around) expect(Math.abs(chance - (around[2] ?? 0))).toBeLessThan(1e-4);
  });

  it('weighs every number of agents who may be free by then', () => {
    // Each of two agents by one half; one is free for certain. One person of 0 or 1 answers by one half.
    const demand = { mean: 0.5, variance: 0.25 };
    const supply = { mean: 1, variance: 0.5 };
    // The only one who answers finds nobody where nobody was released: a quarter of a half.
    expect(chanceOfShortageMatched(demand, 1, supply)).toBeCloseTo(0.125, 9);
    expect(chanceOfShortageMatched(demand, 0, supply)).toBeCloseTo(0.25 + 0.5 * 0.5, 9);
    expect(chanceOfShortageMatched(demand, 2, supply)).toBeCloseTo(0, 9);
  });

  it('knows which is the larger far from zero, where the first chance is too small to hold', () => {
    const far = { mean: 900, variance: 1_000 };
    expect(chanceOfShortageMatched(far, 700, NONE)).toBeCloseTo(1, 6);
    expect(chanceOfShortageMatched(far, 900, NONE)).toBeGreaterThan(0.48);
    expect(chanceOfShortageMatched(far, 900, NONE)).toBeLessThan(0.54);
    // Two deviations of 31.6 above the mean.
    expect(chanceOfShortageMatched(far, 963, NONE)).toBeGreaterThan(0.018);
    expect(chanceOfShortageMatched(far, 963, NONE)).toBeLessThan(0.032);
    expect(chanceOfShortageMatched(far, 1_200, NONE)).toBeLessThan(1e-9);
  });

  it('is the likelier the wider the demand, where more are free than are expected to answer', () => {
    const chances = [5, 10, 20, 60].map((variance) =>
      chanceOfShortageMatched({ mean: 20, variance }, 30, NONE),
    );
    expect(chances).toEqual(chances.toSorted((one, other) => one - other));
    expect(new Set(chances).size).toBe(4);
  });

  it('leaves nothing behind for the next one', () => {
    const ask = () => chanceOfShortageMatched({ mean: 3, variance: 2.1 }, 4, NONE);
    const alone = ask();
    chanceOfShortageMatched({ mean: 800, variance: 900 }, 20, { mean: 300, variance: 100 });
    expect(ask()).toBe(alone);
  });

  it('is a chance, and falls with every agent more, for any two moments', () => {
    const moments = fc
      .tuple(
        fc.double({ min: 0, max: 300, noNaN: true }),
        fc.double({ min: 0.2, max: 3, noNaN: true }),
      )
      .map(([mean, ratio]): CountMoments => ({ mean, variance: Math.max(1e-9, mean * ratio) }));
    fc.assert(
      fc.property(moments, moments, fc.integer({ min: 0, max: 100 }), (demand, supply, free) => {
        const now = chanceOfShortageMatched(demand, free, supply);
        expect(now).toBeGreaterThanOrEqual(0);
        expect(now).toBeLessThanOrEqual(1);
        expect(chanceOfShortageMatched(demand, free + 1, supply)).toBeLessThanOrEqual(now + 1e-9);
      }),
      { seed: 75, numRuns: 80 },
    );
  });
});
