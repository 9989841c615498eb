import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Durations } from '../../../src/domain/pacing/durations.ts';
import { seededRandom } from '../../../src/lib/random.ts';

const PRIOR = { meanS: 110, weight: 12 } as const;

function learned(durations: readonly number[], memory = 1_500): Durations {
  const found = new Durations(PRIOR, memory);
  for (const durationS of durations) found.learn(durationS);
  return found;
}

/** So many times drawn from an exponential distribution of this mean. */
function exponential(count: number, meanS: number): number[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, () => -Math.log(1 - random()) * meanS);
}

describe('how long something lasts', () => {
  it('is assumed to be exponential before anything is known', () => {
    const unknown = learned([]);
    expect(unknown.survivalAt(0)).toBe(1);
    expect(unknown.survivalAt(110)).toBeCloseTo(Math.exp(-1), 2);
    expect(unknown.survivalAt(330)).toBeCloseTo(Math.exp(-3), 2);
  });

  it('is learned from what has ended, whatever was assumed', () => {
    const found = learned(exponential(3_000, 40));
    for (const ageS of [5, 20, 40, 90]) {
      expect(Math.abs(found.survivalAt(ageS) - Math.exp(-ageS / 40))).toBeLessThan(0.04);
    }
  });

  it('is read by age where two kinds are mixed: what outlived the short ones lasts', () => {
    const found = learned(Array.from({ length: 1_000 }, (_, talk) => (talk % 2 ? 9 : 200)));
    expect(found.survivalAt(12)).toBeGreaterThan(0.45);
    expect(found.survivalAt(12)).toBeLessThan(0.55);
    expect(found.survivalAt(180) / found.survivalAt(12)).toBeGreaterThan(0.85);
    expect(found.survivalAt(220) / found.survivalAt(180)).toBeLessThan(0.1);
  });

  it('is forgotten slowly: after a memory’s length of others little of the old ones is left', () => {
    const found = learned([...exponential(400, 200), ...exponential(400, 20)], 100);
    expect(found.survivalAt(60)).toBeLessThan(0.15);
    expect(found.known).toBeGreaterThan(95);
    expect(found.known).toBeLessThanOrEqual(100);
  });

  it('is not read from the short ones alone while others last on', () => {
    const early = learned(Array(10).fill(5));
    const before = early.survivalAt(60);
    early.watch(Array(30).fill(60));
    expect(early.survivalAt(60)).toBeGreaterThan(2 * before);
    early.watch([]);
    expect(early.survivalAt(60)).toBe(before);
  });

  it('is learned from no time that is none', () => {
    const found = learned([Number.NaN, -1]);
    expect(found.known).toBe(0);
    expect(found.toJSON()).toEqual(learned([]).toJSON());
  });

  it('counts a longer time than it looks at as one that ended at the end', () => {
    const found = learned(Array(200).fill(9_000));
    expect(found.survivalAt(1_700)).toBeGreaterThan(0.8);
    expect(found.known).toBeGreaterThan(180);
  });

  it('never rises with age, is a chance, and is the same after it was stored', () => {
    const times = fc.array(fc.double({ min: 0, max: 4_000, noNaN: true }), { maxLength: 60 });
    const ages = fc.array(fc.double({ min: -5, max: 5_000, noNaN: true }), { minLength: 2 });
    fc.assert(
      fc.property(times, ages, (durations, some) => {
        const found = learned(durations);
        const stored = new Durations(PRIOR, 1_500, JSON.parse(JSON.stringify(found.toJSON())));
        let before = 1;
        for (const ageS of some.toSorted((one, other) => one - other)) {
          const survival = found.survivalAt(ageS);
          expect(survival).toBeLessThanOrEqual(before);
          expect(survival).toBeGreaterThanOrEqual(0);
          expect(stored.survivalAt(ageS)).toBeCloseTo(survival, 4);
          before = survival;
        }
        expect(stored.known).toBeCloseTo(found.known, 3);
      }),
      { seed: 1_607 },
    );
  });
});
