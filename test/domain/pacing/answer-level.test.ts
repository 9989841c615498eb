import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerLevel } from '../../../src/domain/pacing/answer-level.ts';
import { seededRandom } from '../../../src/lib/random.ts';

/** So many calls of which one in ten was expected to answer, and this many times as many do. */
function dial(level: AnswerLevel, calls: number, times: number, seed = 5): AnswerLevel {
  const random = seededRandom(seed);
  for (let call = 0; call < calls; call += 1) level.pass(0.1, random() < 0.1 * times ? 1 : 0);
  return level;
}

describe('how today’s answers compare with what is usual', () => {
  it('begins at one, and stays near it on a list that is as always', () => {
    expect(new AnswerLevel().now().level).toBe(1);
    const { level } = dial(new AnswerLevel(), 4_000, 1).now();
    expect(level).toBeGreaterThan(0.8);
    expect(level).toBeLessThan(1.2);
  });

  it.each([
    ['twice as good', 2, 1.5, 2.5],
    ['half as good', 0.5, 0.3, 0.8],
  ])('follows a list that is %s within some sixty expected answers', (_name, times, min, max) => {
    const { level } = dial(dial(new AnswerLevel(), 4_000, 1), 600, times, 8).now();
    expect(level).toBeGreaterThan(min);
    expect(level).toBeLessThan(max);
  });

  it('has not forgotten how to follow after a week of steady lists', () => {
    const week = dial(new AnswerLevel(), 60_000, 1);
    // Five answers were to be expected, and four times as many come.
    expect(dial(week, 50, 4, 8).now().level).toBeGreaterThan(2);
  });

  it('never says more than twenty times the usual, nor less than a fiftieth', () => {
    const good = new AnswerLevel();
    const bad = new AnswerLevel();
    for (let call = 0; call < 3_000; call += 1) {
      good.pass(0.01, 1);
      bad.pass(2, 0);
    }
    expect(good.now().level).toBeCloseTo(20, 2);
    expect(bad.now().level).toBeCloseTo(0.02, 6);
  });

  it('is less sure of itself after a change than on a steady list', () => {
    const steady = dial(new AnswerLevel(), 4_000, 1);
    const before = steady.now().variance;
    expect(dial(steady, 150, 4).now().variance).toBeGreaterThan(1.5 * before);
    // The longest memory alone would be sure to a two-hundredth.
    expect(before).toBeGreaterThan(1 / 200);
  });

  it('gives up no more than seven tenths of what a long memory says, however bad the minute', () => {
    const level = dial(new AnswerLevel(), 4_000, 1);
    for (let call = 0; call < 300; call += 1) level.pass(0.1, 0);
    // The memory of 200 answers still says 0.86 or so; three tenths of it are kept.
    expect(level.now().level).toBeGreaterThan(0.2);
    expect(level.now().level).toBeLessThan(0.35);
  });

  it('is of the new expectation when what is expected of a call is learned anew', () => {
    const level = dial(new AnswerLevel(), 1_000, 1);
    const before = level.now().level;
    level.rescale(2);
    expect(level.now().level).toBeCloseTo(before / 2, 6);
  });

  it('learns nothing from nothing: no answer where none was expected', () => {
    const level = dial(new AnswerLevel(), 100, 1);
    const before = level.toJSON();
    level.pass(0, 0);
    level.pass(Number.NaN, 0);
    expect(level.toJSON()).toEqual(before);
  });

  it('stays between a fiftieth and twenty times, and outlives the process', () => {
    const passed = fc.array(
      fc.tuple(fc.double({ min: 0, max: 2, noNaN: true }), fc.integer({ min: 0, max: 3 })),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(passed, (some) => {
        const level = new AnswerLevel();
        for (const [expected, answers] of some) level.pass(expected, answers);
        const now = level.now();
        expect(now.level).toBeGreaterThanOrEqual(0.02);
        expect(now.level).toBeLessThanOrEqual(20);
        expect(now.variance).toBeGreaterThanOrEqual(0);
        const stored = new AnswerLevel(JSON.parse(JSON.stringify(level.toJSON())));
        expect(stored.now().level / now.level).toBeCloseTo(1, 3);
      }),
      { seed: 1_608 },
    );
  });
});
