import { describe, expect, it } from 'vitest';
import {
  BREAKS,
  CHOSEN_PAUSES,
  PAUSE_MAX_MS,
  type PauseReason,
} from '../../../src/domain/agents/pauses.ts';

/** Minutes after which the screen turns red; every reason there is stands here. */
const MINUTES: Readonly<Record<PauseReason, number | null>> = {
  rest: 10,
  meal: 20,
  restroom: null,
  training: null,
  feedback: null,
  'system-problem': null,
  'disposition-missing': null,
  'by-supervisor': null,
};

describe('pauses', () => {
  it('last as long as NR-17 annex II 5.4.1 says, and the others as long as they take', () => {
    for (const [reason, minutes] of Object.entries(MINUTES) as [PauseReason, number | null][]) {
      expect(PAUSE_MAX_MS[reason], reason).toBe(minutes === null ? null : minutes * 60_000);
    }
    expect(Object.keys(PAUSE_MAX_MS).sort()).toEqual(Object.keys(MINUTES).sort());
  });

  it('never limit the way to the restroom', () => {
    expect(PAUSE_MAX_MS.restroom).toBeNull();
  });

  it('that are breaks are chosen by the agent, and are those of law and nature', () => {
    expect(BREAKS).toEqual(['rest', 'meal', 'restroom']);
    for (const reason of BREAKS) expect(CHOSEN_PAUSES).toContain(reason);
  });

  it('that the house sets are not the agent’s to choose', () => {
    for (const reason of ['signed-in', 'disposition-missing', 'by-supervisor']) {
      expect(CHOSEN_PAUSES).not.toContain(reason);
    }
  });
});
