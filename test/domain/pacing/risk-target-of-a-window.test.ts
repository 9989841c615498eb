import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmpty, RiskTarget } from '../../../src/domain/pacing/risk-target.ts';
import { seededRandom } from '../../../src/lib/random.ts';

const CAP = {
  rateMax: 0.03,
  waitMaxMs: 2_000,
  clockStart: 'answered',
  earlyHangUpCounts: true,
} as const;

const AGENTS = 3;

/** A target that had windows of so many answers each, and is at the beginning of another. */
function having(...windows: readonly number[]): RiskTarget {
  const target = new RiskTarget();
  for (const answers of windows) {
    for (let answer = 1; answer <= answers; answer += 1) {
      target.answered(false, CAP.rateMax);
      target.riskMax({ answers: answer, abandoned: 0 }, CAP, AGENTS);
    }
    target.riskMax({ answers: 0, abandoned: 0 }, CAP, AGENTS);
  }
  return target;
}

/** θ as a share of what it is steered from: what is spent of the cap. */
function spentBy(target: RiskTarget, answers: number, abandoned: number): number {
  const steered = Math.exp(target.toJSON().logRisk);
  return target.riskMax({ answers, abandoned }, CAP, AGENTS) / steered;
}

const usedUp = (target: RiskTarget, answers: number, abandoned: number): boolean =>
  target.isUsedUp({ answers, abandoned }, CAP);

describe('the answers that a window has', () => {
  it('are known when one has ended, and are half the newest and half the others', () => {
    expect(new RiskTarget().toJSON().windowAnswers).toBeUndefined();
    expect(having(400).toJSON().windowAnswers).toBe(400);
    expect(having(400, 200).toJSON().windowAnswers).toBe(300);
    expect(having(400, 200, 500).toJSON().windowAnswers).toBe(400);
  });

  it('are not learned from a window of which less than half was seen', () => {
    const target = new RiskTarget();
    for (let answer = 0; answer < 199; answer += 1) target.answered(false, CAP.rateMax);
    target.riskMax({ answers: 400, abandoned: 0 }, CAP, AGENTS);
    target.riskMax({ answers: 0, abandoned: 0 }, CAP, AGENTS);
    expect(target.toJSON()).toMatchObject({ answersSeen: 0 });
    expect(target.toJSON().windowAnswers).toBeUndefined();
  });

  it('are not those of a rolling window, which loses a quarter of an hour at a time', () => {
    const target = new RiskTarget();
    for (let answer = 0; answer < 400; answer += 1) target.answered(false, CAP.rateMax);
    for (const answers of [400, 380, 390, 200, 60, 21]) {
      target.riskMax({ answers, abandoned: 0 }, CAP, AGENTS);
    }
    expect(target.toJSON().windowAnswers).toBeUndefined();
  });

  it('outlive the process', () => {
    const before = having(400, 300);
    const again = new RiskTarget(JSON.parse(JSON.stringify(before.toJSON())));
    expect(again.toJSON()).toEqual(before.toJSON());
    expect(spentBy(again, 10, 1)).toBeCloseTo(spentBy(before, 10, 1), 4);
    expect(usedUp(again, 10, 1)).toBe(usedUp(before, 10, 1));
  });
});

describe('a window of four hundred answers', () => {
  it('begins with one loss allowed, where the first one of all is one to one at once', () => {
    expect(usedUp(new RiskTarget(), 10, 1)).toBe(true);
    expect(usedUp(having(400), 10, 1)).toBe(false);
  });

  it.each([
    // rate × answers + what may be owed
    [10, 2, false], // 0.3 + 2
    [10, 3, true],
    [100, 4, false], // 3 + 1.8
    [100, 5, true],
    [200, 7, false], // 6 + 1.2
    [200, 8, true],
  ])('of which %d were answered may have lost %d: used up %s', (answers, abandoned, used) => {
    expect(usedUp(having(400), answers, abandoned)).toBe(used);
  });

  it('owes nothing at its end, and keeps what the next losses would need', () => {
    // Ten answers are left: 0.3 to be earned, so that 2.32 must be in the bank, less 0.06.
    expect(usedUp(having(400), 390, 9)).toBe(false); // 2.7 in the bank
    expect(usedUp(having(400), 390, 10)).toBe(true); // 1.7
    expect(isEmpty({ answers: 390, abandoned: 11 }, CAP)).toBe(false);
    expect(usedUp(new RiskTarget(), 390, 11)).toBe(false);
  });

  it('is never used up by nobody: a campaign that lost none is dialed ahead to the end', () => {
    for (const answers of [0, 10, 390, 400, 450])
      expect(usedUp(having(400), answers, 0)).toBe(false);
  });

  it('is spent more quickly where more is in the bank than its rest can use, by a third at most', () => {
    const unknown = spentBy(new RiskTarget(), 390, 4);
    expect(spentBy(having(400), 390, 4) / unknown).toBeGreaterThan(1.1);
    expect(spentBy(having(400), 390, 4) / unknown).toBeLessThan(1.3001);
    // At two in the bank there is nothing to hurry with.
    expect(spentBy(having(400), 200, 5)).toBeLessThan(1.02 * spentBy(new RiskTarget(), 200, 3.8));
  });

  it('is spent as if nothing were known when it has far more answers than the others', () => {
    expect(spentBy(having(400), 501, 5)).toBeCloseTo(spentBy(new RiskTarget(), 501, 5), 5);
    expect(usedUp(having(400), 501, 15)).toBe(false);
    expect(usedUp(having(400), 500, 14)).toBe(true);
  });

  it('may owe two abandonments at most, however long it is, and a fifth of what it will earn', () => {
    const some = fc.integer({ min: 40, max: 3_000 });
    fc.assert(
      fc.property(some, fc.double({ min: 0, max: 1, noNaN: true }), (windowAnswers, part) => {
        const target = new RiskTarget({ ...new RiskTarget().toJSON(), windowAnswers });
        const answers = Math.floor(part * windowAnswers);
        const toEarn = CAP.rateMax * (windowAnswers - answers);
        const owed = Math.min(2, 0.2 * toEarn);
        const firstTooMany = Math.ceil(CAP.rateMax * answers + owed + 1e-9);
        expect(usedUp(target, answers, Math.max(1, firstTooMany))).toBe(true);
      }),
      { seed: 53, numRuns: 200 },
    );
  });
});

/** A day of a team that loses people at the accepted risk, and at one to one nobody. */
function lostOf(target: RiskTarget, answers: number, random: () => number, pairs: number): number {
  let abandoned = 0;
  for (let answer = 0; answer < answers; answer += 1) {
    const bank = { answers: answer, abandoned };
    const risk = target.riskMax(bank, CAP, AGENTS);
    const isLost = !target.isUsedUp(bank, CAP) && random() < 1.7 * risk;
    if (isLost) abandoned += 1;
    target.answered(isLost, CAP.rateMax);
    // The next person waits beside this one, and is lost too.
    if (isLost && random() < pairs) {
      answer += 1;
      abandoned += 1;
      target.answered(true, CAP.rateMax);
    }
  }
  return abandoned;
}

describe('day after day', () => {
  it('a window ends within the cap, with more of it spent than before, whatever luck it has', () => {
    for (const [answersOfDay, seed] of [
      [350, 1],
      [400, 2],
      [900, 3],
    ] as const) {
      const random = seededRandom(seed);
      const target = new RiskTarget();
      let lost = 0;
      let over = 0;
      const days = 200;
      for (let day = 0; day < days; day += 1) {
        const answers = Math.round(answersOfDay * (0.95 + 0.1 * random()));
        const abandoned = lostOf(target, answers, random, 0.2);
        lost += abandoned / answers;
        if (abandoned > CAP.rateMax * answers) over += 1;
      }
      expect(over / days).toBeLessThan(0.02);
      expect(lost / days).toBeGreaterThan(0.019);
    }
  });
});
