import { describe, expect, it } from 'vitest';
import { isEmpty, RiskTarget } from '../../../src/domain/pacing/risk-target.ts';
import { seededRandom } from '../../../src/lib/random.ts';

const CAP = {
  rateMax: 0.03,
  waitMaxMs: 2_000,
  clockStart: 'answered',
  earlyHangUpCounts: true,
} as const;

/** A world in which twice the accepted risk loses twice as many people. */
function play(
  answers: number,
  perDay: number,
  agents: number,
): { rate: number; emptyShare: number } {
  const target = new RiskTarget();
  const random = seededRandom(11);
  let bank = { answers: 0, abandoned: 0 };
  let lostInAll = 0;
  let empty = 0;
  for (let answer = 1; answer <= answers; answer += 1) {
    if (answer % perDay === 0) bank = { answers: 0, abandoned: 0 };
    const risk = target.riskMax(bank, CAP, agents);
    if (isEmpty(bank, CAP)) empty += 1;
    const lost = !isEmpty(bank, CAP) && random() < 1.7 * risk;
    bank = { answers: bank.answers + 1, abandoned: bank.abandoned + (lost ? 1 : 0) };
    if (lost) lostInAll += 1;
    target.answered(lost, CAP.rateMax);
  }
  return { rate: lostInAll / answers, emptyShare: empty / answers };
}

describe('the risk that is accepted', () => {
  it('spends most of the cap and never more than it, whatever the world makes of it', () => {
    for (const [perDay, agents] of [
      [350, 3],
      [3_000, 20],
      [30_000, 200],
    ] as const) {
      const { rate } = play(60_000, perDay, agents);
      expect(rate).toBeLessThanOrEqual(0.03);
      expect(rate).toBeGreaterThan(0.017);
    }
  });

  it('keeps the bank from running empty, which would cost far more than it saves', () => {
    expect(play(60_000, 3_000, 20).emptyShare).toBeLessThan(0.04);
  });

  it('is lower the less is in the bank', () => {
    const target = new RiskTarget();
    let before = 0;
    for (let abandoned = 29; abandoned >= 0; abandoned -= 1) {
      const risk = target.riskMax({ answers: 1_000, abandoned }, CAP, 20);
      expect(risk).toBeGreaterThan(before);
      before = risk;
    }
  });

  it('is steered by what was observed where nobody keeps a bank', () => {
    const target = new RiskTarget();
    const nothing = { answers: 0, abandoned: 0 };
    const first = target.riskMax(nothing, CAP, 20);
    for (let answer = 0; answer < 400; answer += 1) target.answered(answer % 10 === 0, 0.03);
    expect(target.riskMax(nothing, CAP, 20)).toBeLessThan(0.5 * first);
  });

  it('outlives the process', () => {
    const target = new RiskTarget();
    for (let answer = 0; answer < 500; answer += 1) target.answered(false, 0.03);
    const again = new RiskTarget(JSON.parse(JSON.stringify(target.toJSON())));
    const bank = { answers: 500, abandoned: 3 };
    expect(again.riskMax(bank, CAP, 8)).toBeCloseTo(target.riskMax(bank, CAP, 8), 5);
  });
});

describe('a bank', () => {
  it('is empty from the first abandonment on until the answers have paid for it', () => {
    expect(isEmpty({ answers: 0, abandoned: 0 }, CAP)).toBe(false);
    expect(isEmpty({ answers: 10, abandoned: 1 }, CAP)).toBe(true);
    expect(isEmpty({ answers: 100, abandoned: 3 }, CAP)).toBe(true);
    expect(isEmpty({ answers: 101, abandoned: 3 }, CAP)).toBe(false);
  });
});
