/** What becomes of a placed call, beside the same survival problem written the long way. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Curve } from '../../../src/domain/pacing/curve.ts';
import type { PacingOutcome } from '../../../src/domain/pacing/pacing-interface.ts';
import { Setups } from '../../../src/domain/pacing/setups.ts';
import { PLACED_AT } from '../../support/builders.ts';

const RING_TIMEOUT_MS = 30_000;
/** After the ring time-out and the margin a call is learned from. */
const LATE = PLACED_AT + 10 * 60_000;

type Ended = { readonly ageS: number; readonly outcome: PacingOutcome };

/** All of them were placed together, and each is told when it ends. */
function taught(ended: readonly Ended[]): Setups {
  const setups = new Setups(RING_TIMEOUT_MS);
  for (const { ageS, outcome } of [...ended].sort((a, b) => a.ageS - b.ageS)) {
    setups.observe(PLACED_AT, PLACED_AT + 1_000 * ageS, outcome);
  }
  setups.follow([], LATE);
  setups.prepare();
  return setups;
}

const PRIOR = { answersPerS: 0.01, endsPerS: 0.015, weightS: 4, quietS: 3 };
const MEMORY = 2_500;

/** The chance that a person answers, second by second, and what is left of the calls. */
function curvesByModel(ended: readonly Ended[]): { readonly answered: number[] } {
  // A newer call weighs more than all older ones by the same factor.
  const inOrder = [...ended].sort((a, b) => a.ageS - b.ageS);
  const weightOf = (place: number) => (1 - 1 / MEMORY) ** (inOrder.length - 1 - place);
  const seenIn = (bin: number) =>
    inOrder.reduce(
      (sum, { ageS }, place) => sum + weightOf(place) * Math.max(0, Math.min(1, ageS - bin)),
      0,
    );
  const endsIn = (bin: number, isAnswer: boolean) =>
    inOrder.reduce((sum, { ageS, outcome }, place) => {
      const isOne =
        Math.floor(ageS) === bin && outcome !== 'cancelled' && (outcome === 'person') === isAnswer;
      return sum + (isOne ? weightOf(place) : 0);
    }, 0);
  const answered = [0];
  let alive = 1;
  for (let bin = 0; bin < 120; bin += 1) {
    const priorPerS = bin < PRIOR.quietS ? PRIOR.answersPerS / 10 : PRIOR.answersPerS;
    const all = seenIn(bin) + PRIOR.weightS;
    const answers = (endsIn(bin, true) + priorPerS * PRIOR.weightS) / all;
    const others = (endsIn(bin, false) + PRIOR.endsPerS * PRIOR.weightS) / all;
    const leaves = 1 - Math.exp(-(answers + others));
    const isOver = bin >= horizonS(inOrder);
    const here = isOver ? 0 : (alive * leaves * answers) / (answers + others);
    answered.push((answered.at(-1) ?? 0) + here);
    alive *= 1 - leaves;
  }
  return { answered };
}

/** Once many rang out at the time-out, answers are possible some seconds beyond it. */
function horizonS(ended: readonly Ended[]): number {
  const rangOut = ended.filter(
    ({ ageS, outcome }) => outcome === 'no-answer' && ageS >= RING_TIMEOUT_MS / 1_000 - 1,
  ).length;
  return RING_TIMEOUT_MS / 1_000 + (rangOut > 10 ? 6 : 1);
}

const outcomes: readonly PacingOutcome[] = [
  ...(['person', 'busy', 'no-answer', 'invalid', 'rejected', 'failed', 'cancelled'] as const),
];
const calls = fc.array(
  fc.record({
    ageS: fc.double({ min: 0, max: 29.9, noNaN: true }),
    outcome: fc.constantFrom(...outcomes),
  }),
  { maxLength: 9 },
);

describe('what becomes of a placed call, beside the rule written the long way', () => {
  it('is the same for whatever a few calls came to, before there is a level of today', () => {
    fc.assert(
      fc.property(calls, (ended) => {
        const { answered } = curvesByModel(ended);
        const setups = taught(ended);
        expect(setups.answerRate()).toBeCloseTo(answered.at(-1) ?? 0, 6);
        for (const withinS of [1, 3, 8, 20, 29]) {
          expect(setups.answerWithin(0, withinS)).toBeCloseTo(answered[withinS] ?? 0, 6);
        }
      }),
      { numRuns: 200, seed: 31 },
    );
  });

  it('is never less likely by a later moment, and the same for a row of moments as for each', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 0, max: 25 }), (ended, ageS) => {
        const setups = taught(ended);
        const moments = Curve.of([2, 5, 11]);
        const [chances, ofCall] = [new Curve(3), new Curve(3)];
        setups.lookUpAnswers(ageS, moments, chances);
        const call = {
          id: 'c',
          state: 'ringing',
          placedAt: LATE - 1_000 * ageS,
          since: LATE,
        } as const;
        setups.lookUpCall(call, LATE, moments, ofCall);
        let before = 0;
        for (const [index, withinS] of [...moments].entries()) {
          const chance = setups.answerWithin(ageS, withinS);
          expect(chances.at(index)).toBeCloseTo(chance, 12);
          expect(ofCall.at(index)).toBeCloseTo(chance, 12);
          expect(chance).toBeGreaterThanOrEqual(before);
          expect(chance).toBeLessThanOrEqual(1);
          before = chance;
        }
      }),
      { numRuns: 100, seed: 32 },
    );
  });

  it('counts a call that was cancelled as seen until then, and as no end', () => {
    const rang = taught([{ ageS: 12, outcome: 'cancelled' }]);
    const nothing = taught([]);
    expect(rang.setupsKnown).toBe(0);
    expect(rang.answersKnown).toBe(0);
    // Twelve seconds in which nothing happened make both ends rarer.
    expect(rang.answerWithin(0, 12)).toBeLessThan(nothing.answerWithin(0, 12));
  });

  it('says by which age half of the answers have come, between two seconds in proportion', () => {
    const ended = Array.from({ length: 9 }, (): Ended => ({ ageS: 10.5, outcome: 'person' }));
    const setups = taught(ended);
    const { answered } = curvesByModel(ended);
    const half = (answered.at(-1) ?? 0) / 2;
    const bin = answered.findIndex((one) => one >= half) - 1;
    const [from = 0, to = 0] = [answered[bin], answered[bin + 1]];
    expect(setups.answerAgeS(0.5)).toBeCloseTo(bin + (half - from) / (to - from), 6);
    expect(setups.answerAgeS(0.5)).toBeGreaterThan(10);
    expect(setups.answerAgeS(0.5)).toBeLessThan(11);
  });
});

describe('when a call is learned from', () => {
  const answered = (setups: Setups): number => {
    setups.prepare();
    return setups.answersKnown;
  };

  it('is after its ring time and a margin, so that a slow one beside it has ended too', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    setups.observe(PLACED_AT, PLACED_AT + 5_000, 'person');
    setups.follow([], PLACED_AT + 36_000 - 1);
    expect(answered(setups)).toBe(0);
    setups.follow([], PLACED_AT + 36_000);
    expect(answered(setups)).toBe(1);
  });

  it('is in the order of placing, however the ends come', () => {
    const [inOrder, mixed] = [new Setups(RING_TIMEOUT_MS), new Setups(RING_TIMEOUT_MS)];
    const told: readonly (readonly [placedAtS: number, endsAtS: number, PacingOutcome])[] = [
      [0, 25, 'person'],
      [1, 3, 'busy'],
      [2, 12, 'person'],
      [3, 4, 'invalid'],
    ];
    const tell = (setups: Setups, [placedAtS, endsAtS, outcome]: (typeof told)[number]) =>
      setups.observe(PLACED_AT + 1_000 * placedAtS, PLACED_AT + 1_000 * endsAtS, outcome);
    for (const one of told) tell(inOrder, one);
    for (const one of [...told].sort((a, b) => a[1] - b[1])) tell(mixed, one);
    for (const setups of [inOrder, mixed]) {
      setups.follow([], LATE);
      setups.prepare();
    }
    expect(mixed.toJSON().answers).toEqual(inOrder.toJSON().answers);
    expect(mixed.toJSON().exposure).toEqual(inOrder.toJSON().exposure);
  });

  it('waits in what is stored, and is learned from by the next process', () => {
    const before = new Setups(RING_TIMEOUT_MS);
    before.observe(PLACED_AT, PLACED_AT + 5_000, 'person');
    const after = new Setups(RING_TIMEOUT_MS, before.toJSON());
    after.follow([], LATE);
    expect(answered(after)).toBe(1);
    expect(after.setupsKnown).toBe(1);
  });

  it('forgets what rang out where the ring time was changed, and nothing else', () => {
    const before = taught([
      ...Array.from({ length: 12 }, (): Ended => ({ ageS: 30, outcome: 'no-answer' })),
      { ageS: 8, outcome: 'person' },
    ]);
    const same = new Setups(RING_TIMEOUT_MS, before.toJSON()).toJSON();
    const longer = new Setups(RING_TIMEOUT_MS + 5_000, before.toJSON()).toJSON();
    expect(same.timeouts.some((one) => one > 0)).toBe(true);
    expect(longer.timeouts.every((one) => one === 0)).toBe(true);
    expect(longer.answers).toEqual(same.answers);
    expect(longer.exposure).toEqual(same.exposure);
  });
});

describe('a call that is being screened', () => {
  it('proves a person by what answers have proved, within the usual time of a verdict', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    expect(setups.screenedWithin(0)).toBe(0);
    expect(setups.screenedWithin(1.2)).toBeCloseTo(0.7 * (1 - Math.exp(-1)), 12);
    for (let call = 0; call < 2_000; call += 1) {
      setups.observe(PLACED_AT, PLACED_AT + 5_000, 'machine');
    }
    expect(setups.screenedWithin(60)).toBeLessThan(0.001);
    for (let call = 0; call < 2_000; call += 1) {
      setups.observe(PLACED_AT, PLACED_AT + 5_000, 'person');
    }
    expect(setups.screenedWithin(60)).toBeGreaterThan(0.999);
  });
});
