import { describe, expect, it } from 'vitest';
import { linesForFreeAgents } from '../../../src/domain/pacing/lines-for-free-agents.ts';
import type {
  PacingSettings,
  PacingSnapshot,
} from '../../../src/domain/pacing/pacing-interface.ts';
import { PLACED_AT } from '../../support/builders.ts';

const abandonment = {
  rateMax: 0.03,
  waitMaxMs: 2_000,
  clockStart: 'answered',
  earlyHangUpCounts: true,
} as const;
const settings = (mode: 'ratio' | 'progressive', ratio?: number): PacingSettings => ({
  mode,
  abandonment,
  ringTimeoutMs: 30_000,
  ...(ratio === undefined ? {} : { ratio }),
});

const snapshot = (answers: number, abandoned: number): PacingSnapshot => ({
  now: PLACED_AT,
  agents: [],
  calls: [],
  waiting: [],
  bank: { answers, abandoned },
  linesFree: 100,
  callsAllowedNow: 100,
  leadsLeft: 100,
});

describe('the modes that learn nothing', () => {
  it('progressive: one line for each free agent, whatever the bank says', () => {
    const found = linesForFreeAgents(settings('progressive'), snapshot(100, 50), 4, 2);
    expect(found).toEqual({ lines: 4, because: { kind: 'one-to-one', free: 4, onTheWay: 2 } });
  });

  it.each([
    [1, 5, 5],
    [1.5, 5, 7],
    [2.5, 3, 7],
    [3, 0, 0],
  ])('ratio %d: whole lines only, %d free agents have %d', (ratio, free, lines) => {
    const found = linesForFreeAgents(settings('ratio', ratio), snapshot(1_000, 29), free, 1);
    expect(found).toEqual({ lines, because: { kind: 'ratio', free, ratio, onTheWay: 1 } });
  });

  it('ratio: one to one from the moment on at which the cap is used up', () => {
    const found = linesForFreeAgents(settings('ratio', 3), snapshot(1_000, 30), 4, 0);
    expect(found).toEqual({
      lines: 4,
      because: {
        kind: 'abandonment-over-cap',
        answers: 1_000,
        abandoned: 30,
        rateMax: 0.03,
        free: 4,
      },
    });
  });
});
