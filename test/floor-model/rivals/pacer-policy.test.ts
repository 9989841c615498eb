import { describe, expect, it } from 'vitest';
import type { PacingSnapshot } from '../../../src/domain/pacing/pacing-interface.ts';
import { fixedRatio, progressive } from '../../../src/floor-model/rivals/pacer-policy.ts';
import type { FloorSnapshot } from '../../../src/floor-model/rivals/rival.ts';
import { SETTINGS } from '../../domain/pacing/pacer-floors.ts';
import { PLACED_AT } from '../../support/builders.ts';

function snapshot(free: number, bank: PacingSnapshot['bank']): FloorSnapshot {
  return {
    now: PLACED_AT,
    agents: Array.from({ length: free }, () => ({ state: 'available', since: PLACED_AT })),
    calls: [],
    waiting: [],
    bank,
    linesFree: 100,
    callsAllowedNow: 100,
    leadsLeft: 100,
    pausedAgents: 0,
    linesInConversation: 0,
    deadLines: 0,
    callsToday: 0,
    answersToday: bank.answers,
    dropsToday: bank.abandoned,
    connectedAnswersDisposedToday: 0,
    callsLastMinute: 0,
    answersLastMinute: 0,
    dropsLastMinute: 0,
  };
}

describe('rivals made of our own pacer', () => {
  it('places one call for each free agent', () => {
    const policy = progressive(SETTINGS);
    expect(policy.plan(snapshot(4, { answers: 0, abandoned: 0 })).place).toBe(4);
  });

  it('places its multiple, whatever was abandoned, unless it is guarded', () => {
    const over = snapshot(4, { answers: 100, abandoned: 10 });
    expect(fixedRatio(2, SETTINGS).plan(over).place).toBe(8);
    expect(fixedRatio(2, SETTINGS, { guarded: true }).plan(over).place).toBe(4);
  });
});
