import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerLevel } from '../../../src/domain/pacing/answer-level.ts';
import { Curve } from '../../../src/domain/pacing/curve.ts';
import { RISK_MOMENTS } from '../../../src/domain/pacing/moments.ts';
import type { PacingCall, PacingOutcome } from '../../../src/domain/pacing/pacing-interface.ts';
import { Setups } from '../../../src/domain/pacing/setups.ts';
import { PLACED_AT } from '../../support/builders.ts';

const RING_TIMEOUT_MS = 30_000;
/** So long after placing a call is surely over. */
const SETTLED_MS = RING_TIMEOUT_MS + 6_000;
const NOW = PLACED_AT;

type Ended = readonly [tookMs: number, outcome: PacingOutcome];

/** Calls of one moment, that ended so, all of them known by now; and a day that is as always. */
function learned(ends: readonly Ended[]): Setups {
  const past = new Setups(RING_TIMEOUT_MS);
  for (const [tookMs, outcome] of ends) past.observe(NOW, NOW + tookMs, outcome);
  past.follow([], NOW + 10 * SETTLED_MS);
  const level = new AnswerLevel().toJSON();
  const setups = new Setups(RING_TIMEOUT_MS, { ...past.toJSON(), level });
  setups.prepare();
  return setups;
}

const times = (count: number, ...end: Ended): Ended[] => Array.from({ length: count }, () => end);

/** Of a hundred calls 40 are busy, 20 are answered after 10 s, 40 ring out. */
const LIST = [
  ...times(160, 2_500, 'busy'),
  ...times(80, 10_500, 'person'),
  ...times(160, RING_TIMEOUT_MS, 'no-answer'),
];

describe('an ended call', () => {
  it('is learned from when no call placed with it can still be on the way, to the millisecond', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    setups.observe(NOW, NOW + 8_000, 'person');
    setups.follow([], NOW + SETTLED_MS - 1);
    expect(setups.answersKnown).toBe(0);
    setups.follow([], NOW + SETTLED_MS);
    expect(setups.answersKnown).toBe(1);
  });

  it('is learned from at the end of a later call, too', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    setups.observe(NOW, NOW + 8_000, 'person');
    setups.observe(NOW + 30_000, NOW + SETTLED_MS, 'busy');
    expect(setups.answersKnown).toBe(1);
  });

  it('waits in the order of placing, whichever was told first', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    for (const placedMs of [2_000, 0, 1_000]) {
      setups.observe(NOW + placedMs, NOW + 9_000, 'person');
    }
    expect(setups.toJSON().pending.map(([placedAt]) => placedAt - NOW)).toEqual([0, 1_000, 2_000]);
    setups.follow([], NOW + SETTLED_MS + 1_000);
    expect(setups.answersKnown).toBe(2);
  });

  it('waits no longer when five thousand others wait: the oldest is learned from', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    for (let call = 0; call < 5_000; call += 1) setups.observe(NOW + call, NOW + 5_500, 'person');
    expect(setups.answersKnown).toBe(0);
    setups.observe(NOW + 5_000, NOW + 5_600, 'person');
    expect(setups.answersKnown).toBe(1);
    expect(setups.toJSON().pending).toHaveLength(5_000);
    expect(setups.toJSON().pending[0]?.[0]).toBe(NOW + 1);
  });

  it('is seen at once, unless we cancelled it ourselves', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    const seen = (outcome: PacingOutcome): number => {
      setups.observe(NOW, NOW + 9_000, outcome);
      return setups.setupsKnown;
    };
    expect(seen('person')).toBe(1);
    expect(seen('no-answer')).toBe(2);
    expect(seen('cancelled')).toBe(2);
    expect(seen('failed')).toBe(3);
  });

  it.each([
    ['person', RING_TIMEOUT_MS, 'answer'],
    ['machine', 9_000, 'end'],
    ['busy', 9_000, 'end'],
    ['invalid', 9_000, 'end'],
    ['rejected', 9_000, 'end'],
    ['failed', RING_TIMEOUT_MS, 'end'],
    ['cancelled', RING_TIMEOUT_MS, 'unknown'],
    ['no-answer', 28_999, 'end'],
    ['no-answer', 29_000, 'timeout'],
    ['no-answer', 33_000, 'timeout'],
  ] as const)('%s after %d ms is learned as: %s', (outcome, tookMs, end) => {
    const setups = new Setups(RING_TIMEOUT_MS);
    setups.observe(NOW, NOW + tookMs, outcome);
    expect(setups.toJSON().pending).toEqual([[NOW, tookMs / 1_000, end]]);
  });

  it('before it was placed took no time, and one of hours as long as is looked at', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    setups.observe(NOW, NOW - 5_000, 'busy');
    setups.observe(NOW, NOW + 7_200_000, 'busy');
    setups.follow([], NOW + 9_000_000);
    const { ends, exposure } = setups.toJSON();
    expect(ends[0]).toBeGreaterThan(0);
    expect(ends[119]).toBeGreaterThan(0);
    expect(exposure).toHaveLength(120);
  });
});

describe('what is learned of ages', () => {
  it('is how long calls were on the way in each second, and how they ended there', () => {
    const setups = learned([[2_250, 'busy']]);
    const { exposure, ends, answers, timeouts } = setups.toJSON();
    expect(exposure.slice(0, 4)).toEqual([1, 1, 0.25, 0]);
    expect(ends.slice(0, 4)).toEqual([0, 0, 1, 0]);
    for (const others of [answers, timeouts]) expect(Math.max(...others)).toBe(0);
  });

  it('of a cancelled call is only that nothing came until then', () => {
    const { exposure, ends, answers, timeouts } = learned([[15_000, 'cancelled']]).toJSON();
    expect(exposure.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(15, 6);
    for (const others of [ends, answers, timeouts]) expect(Math.max(...others)).toBe(0);
  });

  it('fades with newer calls: 2,500 later it weighs about a third', () => {
    const setups = learned([...times(1, 9_500, 'person'), ...times(2_500, 2_500, 'busy')]);
    expect(setups.toJSON().answers[9]).toBeCloseTo(Math.exp(-1), 2);
  });

  it('weighs 2,500 calls however long the day: the scale of the memory is renewed unseen', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    // After some 52,000 calls the growing weight of the newest is brought back to one.
    for (let call = 0; call < 53_000; call += 1) {
      const placedAt = NOW + call * SETTLED_MS;
      setups.observe(placedAt, placedAt + 9_500, call % 2 === 0 ? 'person' : 'busy');
      if (call % 10_000 !== 9_999 && call !== 52_999) continue;
      const { answers, ends, exposure } = setups.toJSON();
      const full = 2_500 * (1 - Math.exp(-call / 2_500));
      expect(Math.abs((exposure[0] ?? 0) - full)).toBeLessThan(3);
      expect(Math.abs((answers[9] ?? 0) - full / 2)).toBeLessThan(3);
      expect(Math.abs((ends[9] ?? 0) - full / 2)).toBeLessThan(3);
    }
  });
});

describe('the chance of an answer', () => {
  it('for this list is a fifth, all of it about the tenth second', () => {
    const setups = learned(LIST);
    expect(setups.answerRate()).toBeGreaterThan(0.17);
    expect(setups.answerRate()).toBeLessThan(0.23);
    expect(setups.answerWithin(0, 10)).toBeLessThan(0.03);
    expect(setups.answerWithin(0, 11) / setups.answerRate()).toBeGreaterThan(0.8);
    expect(setups.answerWithin(5, 60)).toBeGreaterThan(0.28);
  });

  it('is assumed to be low before anything is known, and low in the first seconds', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    setups.prepare();
    expect(setups.answerRate()).toBeGreaterThan(0.15);
    expect(setups.answerRate()).toBeLessThan(0.3);
    expect(setups.answerWithin(0, 3)).toBeLessThan(0.25 * setups.answerWithin(3, 3));
  });

  it('within no time is none, and never falls the longer one waits', () => {
    const setups = learned(LIST);
    for (const ageS of [0, 4.5, 10.2, 29, 31, 200]) {
      expect(setups.answerWithin(ageS, 0)).toBe(0);
      let before = 0;
      for (let withinS = 0; withinS < 60; withinS += 0.7) {
        const chance = setups.answerWithin(ageS, withinS);
        expect(chance).toBeGreaterThanOrEqual(before);
        expect(chance).toBeLessThanOrEqual(1);
        before = chance;
      }
    }
  });

  it('of a new call within all time is the answer rate', () => {
    const setups = learned(LIST);
    expect(setups.answerWithin(0, 1_000)).toBeCloseTo(setups.answerRate(), 12);
  });

  it('is nothing for a call that is older than any can be', () => {
    const setups = learned(LIST);
    const chances = Curve.of([1, 1, 1]);
    setups.lookUpAnswers(90, Curve.of([2, 10, 60]), chances);
    expect([...chances]).toEqual([0, 0, 0]);
    expect(setups.answerWithin(90, 60)).toBe(0);
  });

  it('is looked for six seconds beyond the ring time once calls have been seen to ring out', () => {
    const slow = (rangOut: number) =>
      learned([
        ...times(60, 33_500, 'person'),
        ...times(60, 2_500, 'busy'),
        ...times(rangOut, RING_TIMEOUT_MS + 3_900, 'no-answer'),
      ]);
    expect(slow(9).answerWithin(31.5, 10)).toBe(0);
    expect(slow(40).answerWithin(31.5, 10)).toBeGreaterThan(0.3);
  });

  it('looked up for a row is the same as one by one, and leaves the rest of the row alone', () => {
    const setups = learned(LIST);
    const ages = fc.double({ min: 0, max: 40, noNaN: true });
    fc.assert(
      fc.property(ages, fc.integer({ min: 0, max: RISK_MOMENTS.length }), (ageS, until) => {
        const chances = new Curve(RISK_MOMENTS.length);
        chances.fill(-1);
        setups.lookUpAnswers(ageS, RISK_MOMENTS, chances, until);
        // A call that is surely over has no chance at any moment.
        const isOver = setups.answerWithin(ageS, 1_000) === 0 && chances.last === 0;
        for (const [index, chance] of [...chances].entries()) {
          if (index < until) {
            expect(chance).toBeCloseTo(setups.answerWithin(ageS, RISK_MOMENTS.at(index)), 12);
          } else expect(chance).toBe(isOver ? 0 : -1);
        }
      }),
      { seed: 81, numRuns: 60 },
    );
  });

  it('of a call on the way is by its age since placing; one of the future is new', () => {
    const setups = learned(LIST);
    const call = (placedMs: number): PacingCall => ({
      id: 'call_1',
      state: 'ringing',
      placedAt: NOW + placedMs,
      since: NOW,
    });
    const lookedUp = (placedMs: number): number[] => {
      const chances = new Curve(2);
      setups.lookUpCall(call(placedMs), NOW, Curve.of([4, 30]), chances);
      return [...chances];
    };
    expect(lookedUp(-5_000)).toEqual([setups.answerWithin(5, 4), setups.answerWithin(5, 30)]);
    expect(lookedUp(8_000)).toEqual([setups.answerWithin(0, 4), setups.answerWithin(0, 30)]);
  });
});

describe('the age at which people answer', () => {
  it('is the one by which that share of all answers has come', () => {
    const setups = learned([
      ...times(50, 5_500, 'person'),
      ...times(50, 20_500, 'person'),
      ...times(300, 2_500, 'busy'),
    ]);
    for (const share of [0.1, 0.25, 0.5, 0.75, 0.9]) {
      const ageS = setups.answerAgeS(share);
      expect(setups.answerWithin(0, ageS)).toBeCloseTo(share * setups.answerRate(), 9);
    }
    expect(setups.answerAgeS(0.25)).toBeLessThan(6.1);
    expect(setups.answerAgeS(0.9)).toBeGreaterThan(19.9);
  });

  it('is now for none of them', () => {
    expect(learned(LIST).answerAgeS(0)).toBe(0);
  });
});

describe('a call that is being screened', () => {
  const shareOf = (setups: Setups): number => setups.screenedWithin(1_000);

  it('proves a person in seven of ten cases at first, by a mean of 1.2 seconds', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    expect(shareOf(setups)).toBeCloseTo(0.7, 12);
    expect(setups.screenedWithin(0)).toBe(0);
    expect(setups.screenedWithin(1.2)).toBeCloseTo(0.7 * (1 - Math.exp(-1)), 12);
  });

  it('is judged by the verdicts of some two hundred calls, and by nothing else', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    setups.observe(NOW, NOW + 9_000, 'machine');
    expect(shareOf(setups)).toBeCloseTo(0.7 - 0.7 / 200, 12);
    setups.observe(NOW, NOW + 9_000, 'person');
    expect(shareOf(setups)).toBeCloseTo(0.6965 + 0.3035 / 200, 12);
    const before = shareOf(setups);
    for (const outcome of ['busy', 'no-answer', 'failed', 'cancelled'] as const) {
      setups.observe(NOW, NOW + 9_000, outcome);
    }
    expect(shareOf(setups)).toBe(before);
  });

  it('has that chance whatever its age, at each moment asked for', () => {
    const setups = learned(LIST);
    const chances = new Curve(3);
    const screened: PacingCall = {
      id: 'call_1',
      state: 'screening',
      placedAt: NOW - 70_000,
      since: NOW,
    };
    setups.lookUpCall(screened, NOW, Curve.of([1, 2, 4]), chances, 2);
    expect([...chances]).toEqual([setups.screenedWithin(1), setups.screenedWithin(2), 0]);
  });
});

describe('today’s level', () => {
  const onTheWay = (count: number, placedAt: number) =>
    Array.from({ length: count }, () => ({ placedAt }));

  /** Nobody answers two hundred calls, where so many answers were known before. */
  function silent(answersKnown: number): number {
    const setups = learned(times(answersKnown, 10_500, 'person'));
    const at = NOW + 10 * SETTLED_MS;
    setups.follow(onTheWay(200, at), at + 25_000);
    return setups.level.now().level;
  }

  it('is compared from the tenth answer on; before that there is only a guess', () => {
    expect(silent(9)).toBe(1);
    expect(silent(10)).toBeLessThan(0.5);
  });

  it('falls while calls ring unanswered, and not by calls that are too old to be answered', () => {
    const setups = learned(LIST);
    const at = NOW + 10 * SETTLED_MS;
    const before = setups.level.now().level;
    setups.follow(onTheWay(100, at - 60_000), at + 5_000);
    expect(setups.level.now().level).toBe(before);
    setups.follow(onTheWay(100, at), at + 20_000);
    expect(setups.level.now().level).toBeLessThan(0.7 * before);
  });

  it('counts each second of a call once: in the looks while it rings, or at its end', () => {
    const byEnd = learned(LIST);
    const byLooks = learned(LIST);
    const at = NOW + 10 * SETTLED_MS;
    for (let second = 1; second <= 25; second += 1) {
      byLooks.follow([{ placedAt: at }], at + second * 1_000);
    }
    for (const setups of [byEnd, byLooks]) setups.observe(at, at + 25_000, 'busy');
    expect(byLooks.level.now().level).toBeCloseTo(byEnd.level.now().level, 3);
  });

  it('is not moved by a second look at the same moment', () => {
    const setups = learned(LIST);
    const at = NOW + 10 * SETTLED_MS + 9_000;
    const calls = [{ placedAt: at - 9_000 }];
    setups.follow(calls, at);
    const before = setups.level.toJSON();
    setups.follow(calls, at);
    setups.follow(calls, at - 900);
    expect(setups.level.toJSON()).toEqual(before);
  });

  it('moves the chances of all ages alike, when they are prepared anew', () => {
    const setups = learned(LIST);
    const before = setups.answerWithin(9, 2);
    const version = setups.curveVersion;
    setups.prepare();
    expect(setups.curveVersion).toBe(version);
    const at = NOW + 10 * SETTLED_MS;
    setups.follow(onTheWay(100, at), at + 20_000);
    expect(setups.answerWithin(9, 2)).toBe(before);
    setups.prepare();
    expect(setups.curveVersion).toBe(version + 1);
    expect(setups.answerWithin(9, 2)).toBeLessThan(before);
  });
});

describe('what was learned of set-ups', () => {
  it('foretells the same after it was stored, for any list', () => {
    const outcome = fc.constantFrom<PacingOutcome>('person', 'busy', 'no-answer', 'machine');
    const ends = fc.array(fc.tuple(fc.integer({ min: 0, max: 34_000 }), outcome), {
      minLength: 1,
      maxLength: 80,
    });
    fc.assert(
      fc.property(ends, (list) => {
        const setups = learned(list);
        const again = new Setups(RING_TIMEOUT_MS, JSON.parse(JSON.stringify(setups.toJSON())));
        again.prepare();
        expect(again.answerRate()).toBeCloseTo(setups.answerRate(), 4);
        expect(again.answerWithin(7, 8)).toBeCloseTo(setups.answerWithin(7, 8), 4);
        expect(again.uncertainty()).toBeCloseTo(setups.uncertainty(), 4);
        expect(again.toJSON()).toMatchObject({
          answersKnown: setups.answersKnown,
          setupsKnown: setups.setupsKnown,
        });
      }),
      { seed: 82, numRuns: 40 },
    );
  });

  it('forgets what rang out where the ring time is another', () => {
    const stored = learned(LIST).toJSON();
    expect(Math.max(...stored.timeouts)).toBeGreaterThan(100);
    expect(Math.max(...new Setups(RING_TIMEOUT_MS, stored).toJSON().timeouts)).toBeGreaterThan(100);
    const longer = new Setups(RING_TIMEOUT_MS + 1, stored).toJSON();
    expect(Math.max(...longer.timeouts)).toBe(0);
    expect(longer.answers).toEqual(stored.answers);
  });

  it('is less uncertain by one answer more, down to a thousand', () => {
    const at = (answersKnown: number) =>
      new Setups(RING_TIMEOUT_MS, { ...learned([]).toJSON(), answersKnown }).uncertainty();
    const ofLevel = learned([]).level.now().variance;
    expect(at(0)).toBeCloseTo(ofLevel + 1, 12);
    expect(at(99)).toBeCloseTo(ofLevel + 0.01, 12);
    expect(at(1_000)).toBeCloseTo(ofLevel + 1 / 1_001, 12);
    expect(at(50_000)).toBe(at(1_000));
  });
});
