import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Durations } from '../../../src/domain/pacing/durations.ts';

const PRIOR = { meanS: 110, weight: 12 } as const;
/** Of next to no weight: what is read is what was learned. */
const NO_PRIOR = { meanS: 110, weight: 1e-9 } as const;
const FOREVER = 1e12;

function learned(durations: readonly number[], prior = NO_PRIOR as typeof PRIOR | typeof NO_PRIOR) {
  const found = new Durations(prior, FOREVER);
  for (const durationS of durations) found.learn(durationS);
  return found;
}

/** The ages at which the looked-at spans begin: two seconds each, then ten, then a minute. */
const EDGES = [
  ...Array.from({ length: 30 }, (_, index) => index * 2),
  ...Array.from({ length: 24 }, (_, index) => 60 + index * 10),
  ...Array.from({ length: 26 }, (_, index) => 300 + index * 60),
];

/** P(it lasts to an edge), by counting who ended in each span and how long all were in it. */
function survivalAtEdge(durations: readonly number[], edge: number): number {
  let hazards = 0;
  for (const [index, from] of EDGES.entries()) {
    if (from >= edge) break;
    const to = EDGES[index + 1] ?? Number.POSITIVE_INFINITY;
    const ends = durations.filter((one) => one >= from && one < to).length;
    const seconds = durations.reduce((sum, one) => sum + Math.max(0, Math.min(one, to) - from), 0);
    if (ends > 0) hazards += (ends / seconds) * (to - from);
  }
  return Math.exp(-hazards);
}

describe('what is read of durations', () => {
  it('is the hazard of each span of ages: ends over seconds lived, with the prior’s share', () => {
    const found = learned([5], PRIOR);
    // The prior weighs 12 × 2 s ÷ 10 in each span of two seconds.
    const priorS = 2.4;
    const assumed = priorS / 110;
    const lived = assumed / (2 + priorS);
    expect(found.survivalAt(2)).toBeCloseTo(Math.exp(-2 * lived), 12);
    expect(found.survivalAt(4)).toBeCloseTo(Math.exp(-4 * lived), 12);
    const ended = (1 + assumed) / (1 + priorS);
    expect(found.survivalAt(6)).toBeCloseTo(Math.exp(-4 * lived - 2 * ended), 12);
    // Beyond the only one that was seen there is the prior alone.
    expect(found.survivalAt(16) / found.survivalAt(6)).toBeCloseTo(Math.exp(-10 / 110), 12);
  });

  it('is what counting by spans gives, for any durations', () => {
    const some = fc.array(fc.double({ min: 0.1, max: 1_700, noNaN: true }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(some, (durations) => {
        const found = learned(durations);
        for (const edge of [2, 10, 58, 60, 70, 290, 300, 360, 1_200]) {
          if (durations.every((one) => one <= edge)) continue;
          expect(found.survivalAt(edge)).toBeCloseTo(survivalAtEdge(durations, edge), 5);
        }
      }),
      { seed: 61, numRuns: 60 },
    );
  });

  it('does not hang on the order in which they were learned, where nothing is forgotten', () => {
    const durations = [3, 250, 14, 61, 900, 7, 7];
    const found = learned(durations, PRIOR);
    const other = learned(durations.toReversed(), PRIOR);
    for (const ageS of [1, 8, 33, 65, 280, 700]) {
      expect(other.survivalAt(ageS)).toBeCloseTo(found.survivalAt(ageS), 9);
    }
  });

  it('falls evenly within a span, and without a step at its edges', () => {
    const found = learned([1, 3, 3, 8, 30, 65, 66, 200, 310, 320, 800], PRIOR);
    expect(found.survivalAt(1)).toBeCloseTo(Math.sqrt(found.survivalAt(2)), 12);
    expect(found.survivalAt(65)).toBeCloseTo(
      Math.sqrt(found.survivalAt(60) * found.survivalAt(70)),
      12,
    );
    for (const edge of [2, 58, 60, 70, 290, 300, 360, 1_740, 1_800]) {
      expect(found.survivalAt(edge - 1e-6)).toBeCloseTo(found.survivalAt(edge), 6);
    }
  });

  it('goes on at the pace of the last span after half an hour', () => {
    const found = learned([], PRIOR);
    const aMinute = (ageS: number) => found.survivalAt(ageS + 60) / found.survivalAt(ageS);
    expect(aMinute(1_800)).toBeCloseTo(Math.exp(-60 / 110), 9);
    expect(aMinute(2_400)).toBeCloseTo(aMinute(1_800), 9);
  });

  it('is certain to last past no time at all', () => {
    const found = learned([0, 0, 0, 0.5], PRIOR);
    expect(found.survivalAt(0)).toBe(1);
    expect(found.survivalAt(-3)).toBe(1);
    expect(found.survivalAt(0.01)).toBeLessThan(1);
  });
});

describe('an end at an edge', () => {
  it.each([
    [2, 2, 4],
    [58, 58, 60],
    [60, 60, 70],
    [290, 290, 300],
    [300, 300, 360],
  ])('of %d s is one of the span that begins there', (durationS, from, to) => {
    const one = learned([durationS], PRIOR);
    const none = learned([], PRIOR);
    const within = (durations: Durations) => durations.survivalAt(to) / durations.survivalAt(from);
    const reaching = (durations: Durations) => durations.survivalAt(from);
    expect(within(one)).toBeLessThan(within(none));
    // It lived through all that comes before, which makes that safer.
    expect(reaching(one)).toBeGreaterThan(reaching(none));
  });

  it('a hair before it is one of the span that ends there', () => {
    const one = learned([59.999], PRIOR);
    const none = learned([], PRIOR);
    expect(one.survivalAt(60) / one.survivalAt(58)).toBeLessThan(
      none.survivalAt(60) / none.survivalAt(58),
    );
    expect(one.survivalAt(70) / one.survivalAt(60)).toBeCloseTo(
      none.survivalAt(70) / none.survivalAt(60),
      12,
    );
  });

  it('of nothing at all is an end too', () => {
    expect(learned([0]).known).toBe(1);
    expect(learned([0], PRIOR).survivalAt(2)).toBeLessThan(learned([], PRIOR).survivalAt(2));
  });
});

describe('what is remembered', () => {
  it('is so many ends, each newer one a little heavier', () => {
    const found = new Durations(PRIOR, 10);
    expect(found.known).toBe(0);
    found.learn(5);
    expect(found.known).toBe(1);
    found.learn(5);
    expect(found.known).toBeCloseTo(1.9, 12);
    found.learn(5);
    expect(found.known).toBeCloseTo(2.71, 12);
    for (let end = 0; end < 500; end += 1) found.learn(5);
    expect(found.known).toBeCloseTo(10, 6);
  });

  it('weighs an end of one memory ago about a third of one of now', () => {
    const found = new Durations(NO_PRIOR, 100);
    found.learn(5);
    for (let end = 0; end < 100; end += 1) found.learn(200);
    const { ends } = found.toJSON();
    expect(ends[2]).toBeCloseTo(Math.exp(-1), 2);
  });

  it('is not changed by what is refused', () => {
    const found = learned([5, 80], PRIOR);
    const before = found.toJSON();
    for (const wrong of [-0.001, Number.NaN, Number.NEGATIVE_INFINITY]) found.learn(wrong);
    expect(found.toJSON()).toEqual(before);
  });

  it('is a copy where it was handed out', () => {
    const found = learned([5, 80], PRIOR);
    const stored = found.toJSON();
    const before = structuredClone(stored);
    found.learn(12);
    new Durations(PRIOR, FOREVER, stored).learn(400);
    expect(stored).toEqual(before);
  });
});

describe('what still lasts', () => {
  it('makes what it has lived through safer, and says nothing of what comes after', () => {
    const found = learned([4, 4, 6], PRIOR);
    const before = [found.survivalAt(30), found.survivalAt(60) / found.survivalAt(30)];
    found.watch([30, 30]);
    expect(found.survivalAt(30)).toBeGreaterThan(before[0] ?? 1);
    expect(found.survivalAt(60) / found.survivalAt(30)).toBeCloseTo(before[1] ?? 0, 12);
  });

  it('is what was last looked at, not a sum of looks', () => {
    const once = learned([4, 4, 6], PRIOR);
    once.watch([20, 50]);
    const often = learned([4, 4, 6], PRIOR);
    often.watch([900]);
    for (let look = 0; look < 5; look += 1) often.watch([50, 20]);
    for (const ageS of [5, 25, 55]) {
      expect(often.survivalAt(ageS)).toBeCloseTo(once.survivalAt(ageS), 12);
    }
  });

  it('counts for no end, and is not stored', () => {
    const found = learned([4, 4, 6], PRIOR);
    const before = found.toJSON();
    found.watch([100, 100]);
    expect(found.known).toBeCloseTo(3, 9);
    expect(found.toJSON()).toEqual(before);
  });

  it('from no time on changes nothing', () => {
    const found = learned([4, 4, 6], PRIOR);
    const before = found.survivalAt(25);
    found.watch([0, -8]);
    expect(found.survivalAt(25)).toBe(before);
  });
});
