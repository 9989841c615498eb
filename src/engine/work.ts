import type { ShiftSignal } from '../domain/agents/agent-shift.ts';
import type { HeadsetSignal } from '../domain/agents/headset.ts';
import type { CallSignal } from '../domain/calls/call.ts';
import type { AgentId, CallId, HeadsetId } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import { type EpochMs, SECOND_MS } from '../lib/time.ts';
import { Batch } from './batch.ts';
import type { Draft } from './draft.ts';
import type { Mistakes } from './mistakes.ts';
import type { Store } from './ports/store.ts';
import type { EngineState } from './state.ts';
import type { Timers } from './timers.ts';

/**
 * One signal for one machine, still to be applied in this turn. The machines move each other (a call
 * that connects makes its agent talk, an agent who is freed takes a waiting call), so what one causes
 * in another is queued here and worked off in order: no machine is entered while another one moves.
 */
export type Work =
  | { readonly kind: 'call'; readonly callId: CallId; readonly signal: CallSignal }
  | { readonly kind: 'shift'; readonly agentId: AgentId; readonly signal: ShiftSignal }
  | { readonly kind: 'headset'; readonly headsetId: HeadsetId; readonly signal: HeadsetSignal }
  /** People on the line and agents who are free: bring them together. */
  | { readonly kind: 'seat' };

/** Signals still to be applied, first in, first out. */
export class WorkQueue {
  private readonly draft: Draft;
  private readonly queue: readonly Work[] = [];

  constructor(draft: Draft) {
    this.draft = draft;
  }

  push(...more: readonly Work[]): void {
    for (const work of more) this.draft.append(this.queue, work);
  }

  take(): Work | undefined {
    return this.draft.takeFirst(this.queue);
  }
}

/** What the parts of the engine work with. */
export type House = {
  readonly state: EngineState;
  /** The only way to change the state. */
  readonly draft: Draft;
  readonly timers: Timers;
  readonly store: Store;
  /** Of the lease that commits are made under. Absent: nobody took one. */
  readonly epoch?: number;
  /** Chance for ids; seeded in the simulator. */
  readonly random: Random;
  /** Days of counts begin at midnight here. */
  readonly zone: string;
  /** The password of a headset, the same after a restart; random for anybody without our secret. */
  headsetPassword(headsetId: HeadsetId): string;
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

export type Turn = { readonly batch: Batch; readonly work: WorkQueue };

export function newTurn({ draft }: Pick<House, 'draft'>, now: EpochMs): Turn {
  return { batch: new Batch(now, draft), work: new WorkQueue(draft) };
}
