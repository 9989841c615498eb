/** The learned durations beside the same rule written the long way: every ended time kept, nothing faded. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Durations } from '../../../src/domain/pacing/durations.ts';

const PRIOR = { meanS: 100, weight: 10 } as const;
/** So long that nothing fades. */
const FOREVER = 1e12;

/** From and until when each bin counts: two seconds in the first minute, ten until five, then sixty. */
const BINS: readonly (readonly [from: number, until: number])[] = [
  ...Array.from({ length: 30 }, (_, bin) => [2 * bin, 2 * bin + 2] as const),
  ...Array.from({ length: 24 }, (_, bin) => [60 + 10 * bin, 70 + 10 * bin] as const),
  ...Array.from({ length: 25 }, (_, bin) => [300 + 60 * bin, 360 + 60 * bin] as const),
  [1_800, 3_600] as const,
];
const LAST = BINS.length - 1;

function binOf(ageS: number): number {
  const bin = BINS.findIndex(([from, until]) => ageS >= from && ageS < until);
  return bin === -1 ? LAST : bin;
}

/** Seconds that one of this length was seen in a bin; in the last one however long it is. */
function seenIn(bin: number, lengthS: number): number {
  const [from, until] = BINS[bin] ?? [0, 0];
  return Math.max(0, Math.min(lengthS, bin === LAST ? lengthS : until) - from);
}

function survivalByModel(
  ended: readonly number[],
  lasting: readonly number[],
  ageS: number,
): number {
  if (ageS <= 0) return 1;
  let cumulated = 0;
  for (const [bin, [from, until]] of BINS.entries()) {
    const widthS = until - from;
    const priorS = (PRIOR.weight * widthS) / (BINS.length / 8);
    const seen = [...ended, ...lasting].reduce((sum, lengthS) => sum + seenIn(bin, lengthS), 0);
    const ends = ended.filter((lengthS) => binOf(lengthS) === bin).length;
    const hazard = (ends + priorS / PRIOR.meanS) / (seen + priorS);
    if (binOf(ageS) === bin) return Math.exp(-cumulated - hazard * (ageS - from));
    cumulated += hazard * widthS;
  }
  return Math.exp(-cumulated);
}

const lengths = fc.array(fc.double({ min: 0, max: 2_500, noNaN: true }), { maxLength: 30 });
const ages = fc.double({ min: 0, max: 1_799, noNaN: true });

describe('how long something lasts, beside the rule written the long way', () => {
  it('is the same for whatever has ended', () => {
    fc.assert(
      fc.property(lengths, ages, (ended, ageS) => {
        const found = new Durations(PRIOR, FOREVER);
        for (const lengthS of ended) found.learn(lengthS);
        expect(found.survivalAt(ageS)).toBeCloseTo(survivalByModel(ended, [], ageS), 6);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('is the same with what still lasts, which is looked at anew each time', () => {
    fc.assert(
      fc.property(lengths, lengths, lengths, ages, (ended, before, lasting, ageS) => {
        const found = new Durations(PRIOR, FOREVER);
        for (const lengthS of ended) found.learn(lengthS);
        found.watch(before);
        found.survivalAt(ageS);
        found.watch(lasting);
        expect(found.survivalAt(ageS)).toBeCloseTo(survivalByModel(ended, lasting, ageS), 6);
        found.watch([]);
        expect(found.survivalAt(ageS)).toBeCloseTo(survivalByModel(ended, [], ageS), 6);
      }),
      { numRuns: 200, seed: 6 },
    );
  });

  it('does not depend on the order in which things ended', () => {
    fc.assert(
      fc.property(lengths, ages, (ended, ageS) => {
        const [forwards, backwards] = [
          new Durations(PRIOR, FOREVER),
          new Durations(PRIOR, FOREVER),
        ];
        for (const lengthS of ended) forwards.learn(lengthS);
        for (const lengthS of [...ended].reverse()) backwards.learn(lengthS);
        expect(forwards.survivalAt(ageS)).toBeCloseTo(backwards.survivalAt(ageS), 9);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it.each([
    // An end belongs to the bin that it falls into, at its first moment too.
    [1.999, 0],
    [2, 1],
    [59.999, 29],
    [60, 30],
    [299.999, 53],
    [300, 54],
    [1_799, 78],
    [1_800, 79],
    [9_999, 79],
  ])('an end after %d s is one of bin %d', (lengthS, bin) => {
    const found = new Durations(PRIOR, FOREVER);
    found.learn(lengthS);
    const { ends, exposure } = found.toJSON();
    expect(ends.indexOf(1)).toBe(bin);
    expect(ends.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(exposure.slice(bin + 1).every((one) => one === 0)).toBe(true);
    expect(exposure.reduce((sum, one) => sum + one, 0)).toBeCloseTo(lengthS, 1);
  });

  it('fades what it knew by the share of its memory with each end, and knows no more than that', () => {
    const found = new Durations(PRIOR, 4);
    found.learn(10);
    expect(found.known).toBe(1);
    found.learn(10);
    expect(found.known).toBeCloseTo(1.75, 12);
    found.learn(500);
    expect(found.known).toBeCloseTo(2.3125, 12);
    for (let end = 0; end < 100; end += 1) found.learn(500);
    expect(found.known).toBeCloseTo(4, 6);
    // Of the two of ten seconds nothing is left.
    expect(found.toJSON().ends[5]).toBeLessThan(1e-9);
  });

  it('is taken up again as it was stored, and learns on from there', () => {
    const before = new Durations(PRIOR, 50);
    for (const lengthS of [3, 8, 8, 120, 700]) before.learn(lengthS);
    const after = new Durations(PRIOR, 50, before.toJSON());
    expect(after.known).toBeCloseTo(before.known, 4);
    for (const one of [before, after]) one.learn(40);
    for (const ageS of [1, 9, 60, 300, 1_200]) {
      expect(after.survivalAt(ageS)).toBeCloseTo(before.survivalAt(ageS), 4);
    }
  });
});
