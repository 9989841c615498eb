import type { BoardState, EngineHealth } from '../../src/engine/queries.ts';

/** What the scripted engine shows by default: all is well, and no one is there. */
export const QUIET_BOARD: BoardState = {
  telephony: { up: true, since: 1 },
  storage: { room: 'ok', since: 1 },
  trunks: [],
  callerIdsResting: [],
  campaigns: [],
  agents: [],
};

export const GOOD_HEALTH: EngineHealth = {
  inboxDepth: 3,
  inboxMax: 10_000,
  commitMsP99: 2,
  telephony: {
    connected: true,
    silentForMs: 20,
    lagMs: 4,
    requestsInFlight: 0,
    unknownEvents: 0,
  },
  storage: { room: 'ok', since: 1 },
  clockDriftMs: 1,
  clockJumps: 0,
  draining: false,
  mistakes: {},
  callsInDoubt: 0,
  abandonment: [],
};
