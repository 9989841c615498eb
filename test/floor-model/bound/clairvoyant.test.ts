import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clairvoyant, earliestAnswer } from '../../../src/floor-model/bound/clairvoyant.ts';
import { utilisationBound } from '../../../src/floor-model/bound/utilisation-bound.ts';
import { runFloor } from '../../../src/floor-model/floor.ts';
import { fixedRatio, progressive } from '../../../src/floor-model/rivals/pacer-policy.ts';
import type { FloorPolicy } from '../../../src/floor-model/rivals/rival.ts';
import { vicidialAdaptive, vicidialFixed } from '../../../src/floor-model/rivals/vicidial.ts';
import { plainScenario } from '../../../src/floor-model/scenario.ts';
import { figuresOf } from '../../../src/floor-model/tally.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';

const SETTINGS = {
  mode: 'predictive',
  abandonment: {
    rateMax: 0.03,
    waitMaxMs: 2_000,
    clockStart: 'answered',
    earlyHangUpCounts: true,
  },
  ringTimeoutMs: 30_000,
} as const;

function figures(agents: number, answerRate: number, policy: FloorPolicy) {
  const scenario = plainScenario(agents, answerRate, { warmUpMs: HOUR_MS, countedMs: 3 * HOUR_MS });
  return figuresOf([runFloor({ scenario, policy, seed: 7, clockStart: 'answered' })], 0.03);
}

const everyoneMeetsAnAgent = (answers: readonly number[], free: readonly number[]) =>
  answers.length <= free.length &&
  answers.every((answer, index) => (free[index] as number) <= answer);

const moments = fc
  .array(fc.integer({ min: 0, max: 12 }), { maxLength: 6 })
  .map((all) => all.sort((a, b) => a - b));

describe('the earliest moment for one more answer', () => {
  it('is when an agent is free whom no other answer needs', () => {
    expect(earliestAnswer([], [3])).toBe(3);
    expect(earliestAnswer([4], [3])).toBe(Number.POSITIVE_INFINITY);
    expect(earliestAnswer([10], [3, 8])).toBe(3);
    expect(earliestAnswer([5], [3, 8])).toBe(8);
  });

  it('is the first at which every later answer still meets a free agent', () => {
    fc.assert(
      fc.property(moments, moments, (answers, free) => {
        fc.pre(everyoneMeetsAnAgent(answers, free));
        const earliest = earliestAnswer(answers, free);
        for (let at = 0; at <= 14; at += 1) {
          const withOneMore = [...answers, at].sort((a, b) => a - b);
          expect(everyoneMeetsAnAgent(withOneMore, free)).toBe(at >= earliest);
        }
      }),
    );
  });
});

describe('policies on a simulated floor', () => {
  it.each([
    [3, 0.15],
    [20, 0.15],
  ])('knows everything and keeps %d agents busy without losing anybody', (agents, answerRate) => {
    const known = figures(agents, answerRate, clairvoyant());
    const bound = utilisationBound({
      agents,
      answerRate,
      setupMs: 14_000,
      handleMs: 141_000,
      rateMax: 0.03,
    });
    expect(known.abandonment).toBe(0);
    expect(known.utilisation).toBeGreaterThan(0.985);
    expect(known.utilisation).toBeGreaterThan(bound.utilisation);
  });

  it("shows vicidial's adaptive rule near one to one, and its level tuned in hindsight far above", () => {
    const oneToOne = figures(20, 0.15, progressive(SETTINGS));
    const adaptive = figures(20, 0.15, vicidialAdaptive('adapt-hard-limit'));
    const level = figures(20, 0.15, vicidialFixed(1.8));
    expect(Math.abs(adaptive.utilisation - oneToOne.utilisation)).toBeLessThan(0.06);
    expect(adaptive.abandonment).toBeGreaterThan(0.01);
    expect(level.utilisation).toBeGreaterThan(adaptive.utilisation + 0.1);
  });

  it('trades people for busy agents as the ratio grows', () => {
    const two = figures(8, 0.15, fixedRatio(2, SETTINGS));
    const four = figures(8, 0.15, fixedRatio(4, SETTINGS));
    expect(four.utilisation).toBeGreaterThan(two.utilisation);
    expect(four.abandonment).toBeGreaterThan(two.abandonment);
  });
});
