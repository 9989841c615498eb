import type { ShiftSignal } from '../domain/agents/agent-shift.ts';
import type { HeadsetSignal } from '../domain/agents/headset.ts';
import type { CallSignal } from '../domain/calls/call.ts';
import type { AgentId, CallId, HeadsetId } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import type { EpochMs } from '../lib/time.ts';
import { Batch } from './batch.ts';
import type { Draft } from './draft.ts';
import type { EngineLimits, Memory } from './memory.ts';
import type { Mistakes } from './mistakes.ts';
import { PreparedAnswers } from './prepared.ts';
import type { EngineState } from './state.ts';
import type { Timer } from './timer.ts';
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

/**
 * What one turn decides with: the memory of the engine, the moment, the batch that is to be stored, and
 * what the machines still have to be told.
 */
export class Turn implements Memory {
  readonly state: EngineState;
  readonly draft: Draft;
  readonly timers: Timers<Timer>;
  readonly epoch?: number;
  readonly random: Random;
  readonly zone: string;
  readonly approvalNeededFor: Memory['approvalNeededFor'];
  readonly limits: EngineLimits;
  readonly mistakes: Mistakes;
  readonly headsetPassword: Memory['headsetPassword'];
  readonly batch: Batch;
  /** What was asked of the store for its decisions. */
  readonly prepared = new PreparedAnswers();
  private readonly work: WorkQueue;

  constructor(memory: Memory, now: EpochMs) {
    this.state = memory.state;
    this.draft = memory.draft;
    this.timers = memory.timers;
    if (memory.epoch !== undefined) this.epoch = memory.epoch;
    this.random = memory.random;
    this.zone = memory.zone;
    this.approvalNeededFor = memory.approvalNeededFor;
    this.limits = memory.limits;
    this.mistakes = memory.mistakes;
    this.headsetPassword = memory.headsetPassword;
    this.batch = new Batch(now, memory.draft);
    this.work = new WorkQueue(memory.draft);
  }

  /** When what is being decided is decided. */
  get now(): EpochMs {
    return this.batch.now;
  }

  tellCall(callId: CallId, signal: CallSignal): void {
    this.work.push({ kind: 'call', callId, signal });
  }

  tellShift(agentId: AgentId, signal: ShiftSignal): void {
    this.work.push({ kind: 'shift', agentId, signal });
  }

  tellHeadset(headsetId: HeadsetId, signal: HeadsetSignal): void {
    this.work.push({ kind: 'headset', headsetId, signal });
  }

  /** People on the line and agents who are free are to be brought together. */
  seat(): void {
    this.work.push({ kind: 'seat' });
  }

  /** What is to be told next. */
  nextWork(): Work | undefined {
    return this.work.take();
  }
}
