import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmpty, RiskTarget } from '../../../src/domain/pacing/risk-target.ts';

const CAP = {
  rateMax: 0.03,
  waitMaxMs: 2_000,
  clockStart: 'answered',
  earlyHangUpCounts: true,
} as const;

/** Share of the cap that is spent at this surplus, by the formula of the README. */
function spent(surplus: number, agents: number): number {
  const full = 1.08 + 1 / agents;
  const start = 0.3 + 5 / agents;
  return full * (1 - Math.exp(-(surplus + start) / 6.3));
}

const riskOf = (target: RiskTarget, answers: number, abandoned: number, agents = 20): number =>
  target.riskMax({ answers, abandoned }, CAP, agents);

describe('the risk accepted at a bank', () => {
  it.each([
    // rate × answers − abandoned
    [0, 0, 20, 0],
    [1_000, 30, 20, 0],
    [1_000, 20, 20, 10],
    [1_000, 0, 20, 30],
    [100, 1, 3, 2],
    [10_000, 100, 200, 200],
  ])(
    'of %d answers and %d abandoned, for %d agents: the share for a surplus of %d',
    (answers, abandoned, agents, surplus) => {
      expect(riskOf(new RiskTarget(), answers, abandoned, agents)).toBeCloseTo(
        0.02 * spent(surplus, agents),
        9,
      );
    },
  );

  it('is nearly all of the cap at a dozen abandonments in hand, for twenty agents', () => {
    expect(riskOf(new RiskTarget(), 1_000, 18) / 0.02).toBeCloseTo(0.98, 2);
  });

  it('falls no further once the bank is overdrawn: it is one to one by then', () => {
    const overdrawn = riskOf(new RiskTarget(), 1_000, 31);
    expect(riskOf(new RiskTarget(), 1_000, 300)).toBe(overdrawn);
    expect(overdrawn).toBeCloseTo(0.02 * 1.13 * (1 - Math.exp(-0.1 / 6.3)), 9);
    expect(overdrawn).toBeGreaterThan(0);
  });

  it('is higher for a small team: its luck does not average, and the brake costs it less', () => {
    const risks = [3, 8, 20, 60, 200].map((agents) => riskOf(new RiskTarget(), 1_000, 10, agents));
    expect(risks).toEqual(risks.toSorted((one, other) => other - one));
    expect(new Set(risks).size).toBe(5);
  });

  it('takes nobody at work for a team of one', () => {
    expect(riskOf(new RiskTarget(), 1_000, 10, 0)).toBe(riskOf(new RiskTarget(), 1_000, 10, 1));
    expect(riskOf(new RiskTarget(), 1_000, 10, 1)).toBeGreaterThan(
      riskOf(new RiskTarget(), 1_000, 10, 2),
    );
  });

  it('may be asked for again and again without moving', () => {
    const target = new RiskTarget();
    const first = riskOf(target, 1_000, 10);
    for (let time = 0; time < 50; time += 1) expect(riskOf(target, 1_000, 10)).toBe(first);
    expect(target.toJSON().logRisk).toBeCloseTo(Math.log(0.02), 5);
  });

  it('grows with answers and falls with abandonments, at any team', () => {
    const some = fc.integer({ min: 0, max: 3_000 });
    const team = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 90 }), team, (answers, abandoned, agents) => {
        const here = riskOf(new RiskTarget(), answers + 1, abandoned, agents);
        expect(riskOf(new RiskTarget(), answers + 2, abandoned, agents)).toBeGreaterThanOrEqual(
          here,
        );
        expect(riskOf(new RiskTarget(), answers + 1, abandoned + 1, agents)).toBeLessThanOrEqual(
          here,
        );
        expect(here).toBeGreaterThan(0);
        expect(here).toBeLessThanOrEqual(0.3);
      }),
      { seed: 51, numRuns: 80 },
    );
  });
});

describe('what an answer does to the risk', () => {
  const logOf = (target: RiskTarget): number => target.toJSON().logRisk;

  it('before the first plan: up by the gain of a whole cap, down by that of a loss less the cap', () => {
    const up = new RiskTarget();
    up.answered(false, 0.03);
    expect(logOf(up)).toBeCloseTo(Math.log(0.02) + 0.04 * 0.03, 4);
    const down = new RiskTarget();
    down.answered(true, 0.03);
    expect(logOf(down)).toBeCloseTo(Math.log(0.02) - 0.04 * 0.97, 4);
  });

  it('is by the share of the cap that the newest plan wanted to spend', () => {
    const target = new RiskTarget();
    riskOf(target, 1_000, 0);
    for (let answer = 0; answer < 100; answer += 1) target.answered(false, 0.03);
    expect(logOf(target)).toBeCloseTo(Math.log(0.02) + 100 * 0.04 * 0.03 * spent(30, 20), 4);
  });

  it('comes to nothing where as many are lost as were to be spent', () => {
    const target = new RiskTarget();
    // Before a plan the whole cap is to be spent: three of a hundred.
    for (let answer = 0; answer < 1_000; answer += 1) target.answered(answer % 100 < 3, 0.03);
    expect(logOf(target)).toBeCloseTo(Math.log(0.02), 4);
  });

  it('does not hang on the order of the answers, away from the bounds', () => {
    const first = new RiskTarget();
    const last = new RiskTarget();
    for (let answer = 0; answer < 40; answer += 1) {
      first.answered(answer < 4, 0.03);
      last.answered(answer >= 36, 0.03);
    }
    expect(logOf(first)).toBeCloseTo(logOf(last), 4);
  });

  it('never takes it below a twentieth of a percent or above thirty', () => {
    const careful = new RiskTarget();
    for (let answer = 0; answer < 500; answer += 1) careful.answered(true, 0.03);
    expect(logOf(careful)).toBeCloseTo(Math.log(0.0005), 4);
    const bold = new RiskTarget();
    for (let answer = 0; answer < 5_000; answer += 1) bold.answered(false, 0.03);
    expect(logOf(bold)).toBeCloseTo(Math.log(0.3), 4);
    // Nor does the share above one of a full bank.
    expect(riskOf(bold, 10_000, 0, 3)).toBe(0.3);
  });

  it('finds its way back at once from either bound: nothing has been piled up there', () => {
    const careful = new RiskTarget();
    for (let answer = 0; answer < 5_000; answer += 1) careful.answered(true, 0.03);
    careful.answered(false, 0.03);
    expect(logOf(careful)).toBeCloseTo(Math.log(0.0005) + 0.0012, 4);
    const bold = new RiskTarget();
    for (let answer = 0; answer < 20_000; answer += 1) bold.answered(false, 0.03);
    bold.answered(true, 0.03);
    expect(logOf(bold)).toBeCloseTo(Math.log(0.3) - 0.04 * 0.97, 4);
  });
});

describe('a bank that nobody keeps', () => {
  const NOTHING = [0, 0] as const;

  function lost(answers: number): RiskTarget {
    const target = new RiskTarget();
    for (let answer = 0; answer < answers; answer += 1) target.answered(true, 0.03);
    return target;
  }

  /** θ ÷ what it is steered from: the share of the cap to be spent. */
  const shareOf = (target: RiskTarget, answers: number, abandoned: number): number =>
    riskOf(target, answers, abandoned) / Math.exp(target.toJSON().logRisk);

  it('is believed for forty-nine answers, and from the fiftieth on our own count is', () => {
    expect(shareOf(lost(49), ...NOTHING)).toBeCloseTo(spent(0, 20), 4);
    // Fifty lost of fifty: overdrawn.
    expect(shareOf(lost(50), ...NOTHING)).toBeCloseTo(1.13 * (1 - Math.exp(-0.1 / 6.3)), 4);
  });

  it('is kept again from its first answer on', () => {
    expect(shareOf(lost(400), 1, 0)).toBeCloseTo(spent(0.03, 20), 4);
  });

  it('is counted from nothing when the window turns', () => {
    const target = lost(400);
    riskOf(target, 400, 12);
    expect(target.toJSON()).toMatchObject({ own: { answers: 400, abandoned: 400 } });
    riskOf(target, 0, 0);
    expect(target.toJSON()).toMatchObject({ own: { answers: 0, abandoned: 0 }, bankAnswers: 0 });
    // θ itself outlives the window.
    expect(target.toJSON().logRisk).toBeCloseTo(Math.log(0.0005), 4);
  });

  it('is not counted anew while the window only grows, or stands', () => {
    const target = lost(10);
    for (const answers of [5, 5, 6, 100]) riskOf(target, answers, 0);
    expect(target.toJSON()).toMatchObject({ own: { answers: 10, abandoned: 10 } });
    riskOf(target, 99, 0);
    expect(target.toJSON()).toMatchObject({ own: { answers: 0, abandoned: 0 }, bankAnswers: 99 });
  });

  it('is remembered over a restart, the window with it', () => {
    const before = lost(60);
    riskOf(before, 0, 0);
    const again = new RiskTarget(JSON.parse(JSON.stringify(before.toJSON())));
    expect(again.toJSON()).toEqual(before.toJSON());
    again.answered(false, 0.03);
    expect(again.toJSON().own).toEqual({ answers: 61, abandoned: 60 });
    expect(before.toJSON().own).toEqual({ answers: 60, abandoned: 60 });
  });
});

describe('an empty bank', () => {
  it.each([
    [0, 0, 0.03, false],
    [0, 1, 0.03, true],
    [33, 1, 0.03, true],
    [34, 1, 0.03, false],
    [66, 2, 0.03, true],
    [67, 2, 0.03, false],
    [1_000, 0, 0, false],
    [1_000, 1, 0, true],
    [20, 1, 0.05, true],
    [21, 1, 0.05, false],
  ])('of %d answers and %d abandoned at a cap of %d: %s', (answers, abandoned, rateMax, empty) => {
    expect(isEmpty({ answers, abandoned }, { ...CAP, rateMax })).toBe(empty);
  });

  it('stays empty with one more abandonment, and is paid for by answers alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000 }),
        fc.integer({ min: 1, max: 150 }),
        (answers, abandoned) => {
          const isNow = isEmpty({ answers, abandoned }, CAP);
          if (isNow) expect(isEmpty({ answers, abandoned: abandoned + 1 }, CAP)).toBe(true);
          else expect(isEmpty({ answers: answers + 1, abandoned }, CAP)).toBe(false);
          expect(isNow).toBe(abandoned / Math.max(answers, 1e-9) >= 0.03 - 1e-12);
        },
      ),
      { seed: 52, numRuns: 80 },
    );
  });
});
