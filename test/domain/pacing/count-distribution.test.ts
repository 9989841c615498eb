import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOfShortage, ExactCount } from '../../../src/domain/pacing/count-distribution.ts';
import { chanceOfShortageMatched } from './matched-counts.ts';

function exact(chances: readonly number[], max: number): ExactCount {
  const count = new ExactCount(max);
  for (const chance of chances) count.add(chance);
  return count;
}

const CHANCES = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 9 });

/** By going through every combination of yes and no. */
function byBruteForce(demand: readonly number[], supply: readonly number[]): number {
  const events = [
    ...demand.map((chance) => ({ chance, sign: 1 })),
    ...supply.map((chance) => ({ chance, sign: -1 })),
  ];
  const walk = (index: number, difference: number): number => {
    const event = events[index];
    if (!event) return difference >= 0 ? 1 : 0;
    const { chance, sign } = event;
    return chance * walk(index + 1, difference + sign) + (1 - chance) * walk(index + 1, difference);
  };
  return walk(0, 0);
}

describe('an exact count', () => {
  it('of two calls answered one time in four: 9/16 nobody, 6/16 one, 1/16 both', () => {
    expect([...exact([0.25, 0.25], 4).chances]).toEqual([0.5625, 0.375, 0.0625, 0, 0]);
  });

  it('says in its last place how likely so many or more are', () => {
    expect([...exact([0.5, 0.5, 0.5], 2).chances]).toEqual([0.125, 0.375, 0.5]);
  });

  it('takes back what was added', () => {
    fc.assert(
      fc.property(CHANCES, fc.double({ min: 0, max: 0.5, noNaN: true }), (chances, one) => {
        const count = exact([...chances, one], 10);
        count.remove(one);
        const without = exact(chances, 10);
        for (const [index, chance] of [...count.chances].entries()) {
          expect(chance).toBeCloseTo(without.chances.at(index), 9);
        }
      }),
    );
  });
});

describe('the chance of a shortage', () => {
  it('of one call answered by half and one agent free for certain is nil, of two calls a quarter', () => {
    const supply = new ExactCount(2);
    supply.shift(1);
    expect(chanceOfShortage(exact([0.5], 2), supply)).toBe(0.5);
    expect(chanceOfShortage(exact([0.25], 2), exact([0.25], 2))).toBeCloseTo(
      0.25 + 0.75 * 0.75,
      12,
    );
  });

  it('is what going through every combination gives', () => {
    fc.assert(
      fc.property(
        CHANCES,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        (demand, supply) => {
          const got = chanceOfShortage(exact(demand, 6), exact(supply, 6));
          expect(got).toBeCloseTo(byBruteForce(demand, supply), 9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('matched by mean and variance is close to exact where many unlike calls meet many agents', () => {
    const demand = Array.from(
      { length: 120 },
      (_, index) => 0.02 + (0.2 * ((index * 7) % 11)) / 11,
    );
    const supply = Array.from({ length: 40 }, (_, index) => 0.05 + (0.3 * ((index * 5) % 13)) / 13);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const squares = (values: readonly number[]) => sum(values.map((value) => value * value));
    const moments = (values: readonly number[]) => ({
      mean: sum(values),
      variance: sum(values) - squares(values),
    });
    for (const free of [4, 8, 12, 16]) {
      const certain = new ExactCount(160);
      for (const chance of supply) certain.add(chance);
      certain.shift(free);
      const truth = chanceOfShortage(exact(demand, 160), certain);
      const matched = chanceOfShortageMatched(moments(demand), free, moments(supply));
      expect(Math.abs(matched - truth)).toBeLessThan(0.03 * truth + 1e-4);
    }
  });

  it('grows with demand and falls with supply, also far from zero', () => {
    let before = 0;
    for (let mean = 1; mean < 900; mean *= 1.3) {
      const chance = chanceOfShortageMatched({ mean, variance: mean * 0.8 }, 100, {
        mean: 50,
        variance: 40,
      });
      expect(chance).toBeGreaterThanOrEqual(before - 1e-12);
      expect(chance).toBeLessThanOrEqual(1);
      before = chance;
    }
    expect(before).toBeGreaterThan(0.99);
  });
});
