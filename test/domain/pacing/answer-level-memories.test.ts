import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerLevel } from '../../../src/domain/pacing/answer-level.ts';

const MEMORIES = [5, 15, 50, 200] as const;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A level after these steps: so much of an answer expected, so many answers. */
function levelAfter(
  ...steps: readonly (readonly [expected: number, answers: number])[]
): AnswerLevel {
  const level = new AnswerLevel();
  for (const [expected, answers] of steps) level.pass(expected, answers);
  return level;
}

const aDay = fc.array(
  fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.integer({ min: 0, max: 2 })),
  { minLength: 1, maxLength: 120 },
);

describe('the four memories of today’s level', () => {
  it('begin as if each had seen as many answers as it is long, all as expected', () => {
    const { seen, expected, weights } = new AnswerLevel().toJSON();
    expect(seen).toEqual(MEMORIES);
    expect(expected).toEqual(MEMORIES);
    expect(weights).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('are at first as uncertain as their lengths say: one over the answers, in the mean', () => {
    expect(new AnswerLevel().now().variance).toBeCloseTo(
      mean(MEMORIES.map((memory) => 1 / memory)),
      12,
    );
  });

  it('stay at one, by the digit, while as many answer as were expected', () => {
    const level = levelAfter([1, 1], [2, 2], [3, 3]);
    expect(level.now().level).toBeCloseTo(1, 12);
    expect(level.toJSON().weights).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('rise by one answer too many, the shorter the more', () => {
    const level = levelAfter([0, 1]);
    expect(level.toJSON().seen).toEqual([6, 16, 51, 201]);
    expect(level.toJSON().expected).toEqual(MEMORIES);
    expect(level.now().level).toBeCloseTo(mean([6 / 5, 16 / 15, 51 / 50, 201 / 200]), 6);
  });

  it('fall by one answer that did not come, and fade by their own length', () => {
    const level = levelAfter([1, 0]);
    const kept = MEMORIES.map((memory) => memory * Math.exp(-1 / memory));
    expect(level.now().level).toBeCloseTo(mean(kept.map((seen) => seen / (seen + 1))), 6);
  });

  it('are believed by how well they foretold: after a swap of the list the shorter the more', () => {
    const level = levelAfter(...Array.from({ length: 12 }, () => [0.25, 1] as const));
    const [shortest = 0, second = 0, third = 0, longest = 0] = level.toJSON().weights;
    expect(shortest).toBeGreaterThan(second);
    expect(second).toBeGreaterThan(third);
    expect(third).toBeGreaterThan(longest);
  });

  it('keep a share of belief each, so that none is lost for the next change', () => {
    // A quarter of an answer is expected at a time: 0.001 of all belief is shared out anew, among four.
    const level = levelAfter(...Array.from({ length: 4_000 }, (): [number, number] => [0.25, 1]));
    for (const weight of level.toJSON().weights) expect(weight).toBeGreaterThanOrEqual(0.00024);
  });

  it('share out no more than half of the belief at once, however much was expected', () => {
    const { weights } = levelAfter([0.5, 3], [0.5, 3], [100_000, 0]).toJSON();
    for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0.125 - 1e-6);
    expect(Math.max(...weights)).toBeLessThanOrEqual(0.625 + 1e-6);
  });

  it('share belief that adds up to one, whatever the day brings', () => {
    fc.assert(
      fc.property(aDay, (steps) => {
        const { weights } = levelAfter(...steps).toJSON();
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
        for (const weight of weights) expect(weight).toBeGreaterThan(0);
      }),
      { seed: 41, numRuns: 60 },
    );
  });
});

describe('the level now', () => {
  it('lies between the lowest and the highest of its memories', () => {
    fc.assert(
      fc.property(aDay, (steps) => {
        const level = levelAfter(...steps);
        const { seen, expected } = level.toJSON();
        const levels = seen.map((count, index) => count / (expected[index] ?? 1));
        const now = level.now().level;
        expect(now).toBeGreaterThanOrEqual(Math.min(20, ...levels) * (1 - 1e-4));
        expect(now).toBeLessThanOrEqual(Math.max(0.02, ...levels) * (1 + 1e-4));
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  it('is lower after a silence than before it, and higher after an answer that nobody expected', () => {
    fc.assert(
      fc.property(aDay, (steps) => {
        const quiet = levelAfter(...steps, [0.4, 0]);
        const asked = levelAfter(...steps, [0.4, 1]);
        expect(quiet.now().level).toBeLessThanOrEqual(asked.now().level + 1e-9);
      }),
      { seed: 43, numRuns: 60 },
    );
  });

  it('hardly hangs on how finely the time was cut in which nobody answered', () => {
    const inOne = levelAfter([2, 0]).now().level;
    const inTwenty = levelAfter(...Array.from({ length: 20 }, () => [0.1, 0] as const)).now().level;
    expect(Math.abs(inTwenty / inOne - 1)).toBeLessThan(0.06);
  });

  it('is asked for without changing it', () => {
    const level = levelAfter([0.5, 1], [0.7, 0], [0.1, 1]);
    const stored = level.toJSON();
    expect(level.now()).toEqual(level.now());
    expect(level.toJSON()).toEqual(stored);
  });

  it('takes a changed expectation in steps or at once, and back again', () => {
    const level = levelAfter([0.5, 1], [0.7, 0], [0.1, 1]);
    const before = level.now();
    level.rescale(1.5);
    level.rescale(2);
    expect(level.now().level).toBeCloseTo(before.level / 3, 12);
    // How sure it is does not hang on what it is a multiple of.
    expect(level.now().variance).toBeCloseTo(before.variance, 12);
    level.rescale(1 / 3);
    expect(level.now().level).toBeCloseTo(before.level, 12);
  });

  it('keeps three tenths of what the longest memory says', () => {
    const stored = {
      seen: [0.5, 1.5, 5, 200],
      expected: [5, 15, 50, 200],
      weights: [0.9, 0.05, 0.05, 0],
    };
    // Weighed alone it would be a tenth; the longest memory says one.
    expect(new AnswerLevel(stored).now().level).toBeCloseTo(0.3, 12);
    const better = { ...stored, seen: [2, 1.5, 5, 200] };
    expect(new AnswerLevel(better).now().level).toBeCloseTo(0.9 * 0.4 + 0.05 * 0.1 * 2, 12);
  });
});

describe('a stored level', () => {
  it('is a copy: what is learned later does not change it', () => {
    const level = levelAfter([0.5, 1]);
    const stored = level.toJSON();
    const copy = structuredClone(stored);
    level.pass(3, 0);
    expect(stored).toEqual(copy);
    const again = new AnswerLevel(stored);
    again.pass(3, 0);
    expect(stored).toEqual(copy);
  });

  it('goes on as if nothing had been in between', () => {
    fc.assert(
      fc.property(aDay, aDay, (before, later) => {
        const through = levelAfter(...before);
        const restored = new AnswerLevel(JSON.parse(JSON.stringify(through.toJSON())));
        for (const [expected, answers] of later) {
          through.pass(expected, answers);
          restored.pass(expected, answers);
        }
        expect(restored.now().level / through.now().level).toBeCloseTo(1, 2);
      }),
      { seed: 44, numRuns: 60 },
    );
  });
});
