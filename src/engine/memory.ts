import type { Approvable } from '../domain/approvals/approval.ts';
import type { HeadsetId } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import { SECOND_MS } from '../lib/time.ts';
import type { Draft } from './draft.ts';
import type { Mistakes } from './mistakes.ts';
import type { EngineState } from './state.ts';
import type { Timer } from './timer.ts';
import type { Timers } from './timers.ts';

/** What the engine holds in memory, with the only means to change it. */
export type Memory = {
  readonly state: EngineState;
  /** The only way to change the state. */
  readonly draft: Draft;
  readonly timers: Timers<Timer>;
  /** Of the lease that commits are made under. Absent: nobody took one. */
  readonly epoch?: number;
  /** Chance for ids; seeded in the simulator. */
  readonly random: Random;
  /** Days of counts begin at midnight here. */
  readonly zone: string;
  /** The password of a headset, the same after a restart; random for anybody without our secret. */
  headsetPassword(headsetId: HeadsetId): string;
  /** What the operation wants a second person for. */
  readonly approvalNeededFor: ReadonlySet<Approvable['kind']>;
  readonly limits: EngineLimits;
  readonly mistakes: Mistakes;
};

/** Everything that could grow has a bound, and here they are together. */
export type EngineLimits = {
  /** Messages waiting. Beyond it commands are refused; signals of the PBX are never. */
  readonly inboxMax: number;
  /** Messages decided in one turn, so in one commit. */
  readonly batchMax: number;
  /** Facts that wait to be stored, beyond which only what concerns a call adds to them. */
  readonly factsHeldMax: number;
  /** Leads asked of the gate in one look at one campaign. */
  readonly candidatesMax: number;
  readonly tickMs: number;
  /** Between two looks at one campaign. */
  readonly paceGapMs: number;
  /** Between two savings of what the pacers learned. */
  readonly learningSavedEveryMs: number;
  /** How long a lost screen may be away before a call in progress is taken for stranded. */
  readonly screenBlipMs: number;
  /** The same just after a start, when every socket has to come back. */
  readonly screenReturnMs: number;
  /** How long a lost agent has to come back to the call. */
  readonly graceMs: number;
};

export const ENGINE_LIMITS: EngineLimits = {
  inboxMax: 10_000,
  batchMax: 256,
  factsHeldMax: 20_000,
  candidatesMax: 100,
  tickMs: 250,
  paceGapMs: 100,
  learningSavedEveryMs: 10 * SECOND_MS,
  screenBlipMs: 2_000,
  screenReturnMs: 10_000,
  graceMs: 20_000,
};
