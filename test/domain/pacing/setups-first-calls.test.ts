/** By hand: what a few calls make of the first guess, second by second of age. */
import { describe, expect, it } from 'vitest';
import { AnswerLevel } from '../../../src/domain/pacing/answer-level.ts';
import type { PacingOutcome } from '../../../src/domain/pacing/pacing-interface.ts';
import { Setups } from '../../../src/domain/pacing/setups.ts';
import { NOW } from './pacer-floors.ts';

const RING_TIMEOUT_MS = 30_000;

type Ended = { readonly seconds: number; readonly outcome: PacingOutcome };

/** These calls are known, and today is as always, or so many times as good. */
function knowing(ends: readonly Ended[], times = 1): Setups {
  const past = new Setups(RING_TIMEOUT_MS);
  for (const { seconds, outcome } of ends) past.observe(NOW, NOW + seconds * 1_000, outcome);
  past.follow([], NOW + 100_000);
  const level = new AnswerLevel();
  level.rescale(1 / times);
  const setups = new Setups(RING_TIMEOUT_MS, { ...past.toJSON(), level: level.toJSON() });
  setups.prepare();
  return setups;
}

/** P(answered before this age) of a new call, by the hazards of each second. */
function answeredByHand(ends: readonly Ended[], ageS: number, times = 1): number {
  let alive = 1;
  let answered = 0;
  for (let second = 0; second < ageS; second += 1) {
    const within = ends.filter(({ seconds }) => Math.floor(seconds) === second);
    const lived = ends.reduce(
      (sum, { seconds }) => sum + Math.min(1, Math.max(0, seconds - second)),
      0,
    );
    const answers = within.filter(({ outcome }) => outcome === 'person').length;
    const others = within.filter(
      ({ outcome }) => outcome !== 'person' && outcome !== 'cancelled',
    ).length;
    // The guess: four seconds of ringing were seen at each age, with 0.01 answers a second (a tenth of it
    // in the first three) and 0.015 other ends.
    const person = (times * (answers + 4 * (second < 3 ? 0.001 : 0.01))) / (lived + 4);
    const all = person + (others + 4 * 0.015) / (lived + 4);
    const leaves = 1 - Math.exp(-all);
    answered += (alive * leaves * person) / all;
    alive *= 1 - leaves;
  }
  return answered;
}

/** What was learned is stored with six digits, and each older call has faded by a 2,500th. */
function expectNear(found: number, byHand: number, calls: number): void {
  expect(Math.abs(found - byHand)).toBeLessThan(5e-6 + 3e-5 * Math.max(0, calls - 1));
}

const LISTS: readonly (readonly [string, readonly Ended[]])[] = [
  ['nothing', []],
  ['one that was busy', [{ seconds: 2.25, outcome: 'busy' }]],
  ['one that was answered', [{ seconds: 8.5, outcome: 'person' }]],
  ['one that we cancelled', [{ seconds: 15, outcome: 'cancelled' }]],
  ['one that rang out', [{ seconds: 29.5, outcome: 'no-answer' }]],
  [
    'some of each',
    [
      { seconds: 0.5, outcome: 'invalid' },
      { seconds: 2.25, outcome: 'busy' },
      { seconds: 6.1, outcome: 'person' },
      { seconds: 6.9, outcome: 'person' },
      { seconds: 6.9, outcome: 'machine' },
      { seconds: 15, outcome: 'cancelled' },
      { seconds: 22.75, outcome: 'person' },
      { seconds: 29.5, outcome: 'no-answer' },
    ],
  ],
];

describe('what is expected of a call after a few', () => {
  it.each(LISTS)('of which is known %s is what the hazards of each second give', (_what, ends) => {
    const setups = knowing(ends);
    for (const ageS of [1, 2, 3, 4, 7, 9, 16, 23, 30, 31]) {
      expectNear(setups.answerWithin(0, ageS), answeredByHand(ends, ageS), ends.length);
    }
    expectNear(setups.answerRate(), answeredByHand(ends, 31), ends.length);
  });

  it.each([0.25, 3])(
    'on a day %d times as good has so many times the hazard of an answer',
    (times) => {
      for (const [, ends] of LISTS) {
        const setups = knowing(ends, times);
        for (const ageS of [3, 9, 31]) {
          expectNear(setups.answerWithin(0, ageS), answeredByHand(ends, ageS, times), ends.length);
        }
      }
    },
  );

  it('at an age is what is left to come, of what is left alive', () => {
    const [, ends = []] = LISTS[5] ?? [];
    const setups = knowing(ends);
    const answered = (ageS: number) => setups.answerWithin(0, ageS);
    // Two people answer in the seventh second, so one who got there is likelier to answer than before.
    expect(setups.answerWithin(6, 1)).toBeGreaterThan(setups.answerWithin(5, 1));
    expect(setups.answerWithin(6, 1)).toBeGreaterThan(answered(7) - answered(6));
    // Whatever its age: the later parts are shares of the same whole.
    const ratio = (answered(23) - answered(20)) / (answered(30) - answered(20));
    expect(setups.answerWithin(20, 3) / setups.answerWithin(20, 10)).toBeCloseTo(ratio, 9);
  });

  it('is not more than the ring time and a second allows, before any has rung out', () => {
    const setups = knowing([{ seconds: 8.5, outcome: 'person' }]);
    expect(setups.answerWithin(30, 1)).toBeGreaterThan(0);
    expect(setups.answerWithin(31, 60)).toBe(0);
    expect(setups.answerWithin(0, 31)).toBeCloseTo(setups.answerRate(), 12);
  });
});
