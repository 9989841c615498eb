import type { Approvable } from '../domain/approvals/approval.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import { assert } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { HeadsetId } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import type { EpochMs } from '../lib/time.ts';
import { say } from '../words/say.ts';
import { createQueries, type Seen } from './answer-queries.ts';
import type { Command, CommandResult, Commands } from './commands.ts';
import { type Message, workOff } from './decisions.ts';
import { type Deciding, Draft } from './draft.ts';
import { liveCalls } from './hear-telephony.ts';
import { ENGINE_LIMITS, type EngineLimits, type Memory } from './memory.ts';
import { type EngineLog, Mistakes } from './mistakes.ts';
import type { Clock } from './ports/clock.ts';
import { type Store, StoreHeldUpError } from './ports/store.ts';
import type { Telephony } from './ports/telephony.ts';
import type { Publisher, Queries } from './queries.ts';
import { extendScreenTimers, loadState, takeUpWork } from './recover.ts';
import { keyOfTimer } from './timer.ts';
import { createTimers } from './timers.ts';
import { Turn } from './turn.ts';
import { Turns } from './turns.ts';

export type EngineParts = {
  readonly store: Store;
  /** Of the lease on the engine's stream; a commit after another one took it fails. */
  readonly leaseEpoch?: number;
  readonly telephony: Telephony;
  readonly clock: Clock;
  readonly random: Random;
  readonly publisher: Publisher;
  readonly profiles: ReadonlyMap<string, ComplianceProfile>;
  /** Days of counts begin at midnight here. */
  readonly zone: string;
  headsetPassword(headsetId: HeadsetId): string;
  /** What needs the approval of a second person; absent: nothing does. */
  readonly approvalNeededFor?: readonly Approvable['kind'][];
  readonly log?: EngineLog;
  /** Told at the end of each decision, which costs that decision where it throws: so is it tried. */
  onDecided?(deciding: Deciding): void;
  /**
   * Memory is ahead of the disk for good, or a mistake of ours was found where what was decided is stored
   * and let out: the process must end, restart and recover. Called once.
   */
  onFatal(error: unknown): void;
  readonly limits?: Partial<EngineLimits>;
};

export interface Engine extends Commands, Queries {
  /** Reads the store, takes up what was left, begins to listen and to place. */
  start(): Promise<void>;
  /**
   * Stops placing, lets calls end for at most so long, then stops. Calls still alive stay alive in the
   * PBX and in the store, for the next process to take up. Returns how many there are. Anyone who asks
   * again joins the drain under way, with its bound.
   */
  drain(waitMaxMs: number): Promise<number>;
  /** Resolves when all that was posted is decided and nothing is due; for virtual clocks. */
  settled(): Promise<void>;
}

const DRAINING: CommandResult = {
  ok: false,
  code: 'server-draining',
  detail: say('server-stops'),
};
/** Between two tries of the last commit. */
const LAST_RETRY_MS = 250;

export function createEngine(parts: EngineParts): Engine {
  const running = new RunningEngine(parts);
  const queries = createQueries(() => running.seen(), parts);
  return {
    ...queries,
    run: (command) => running.run(command),
    start: () => running.start(),
    drain: (waitMaxMs) => running.drain(waitMaxMs),
    settled: () => running.settled(),
  };
}

/** What starts, runs commands, drains and stops; queries read beside it. */
type Running = Omit<Engine, Exclude<keyof Queries, 'epoch'>>;

class RunningEngine implements Running {
  readonly epoch: string;
  private readonly parts: EngineParts;
  private readonly limits: EngineLimits;
  private readonly inbox: Message[] = [];
  private readonly mistakes: Mistakes;
  private memory: Memory | undefined;
  private turns: Turns | undefined;
  private isTurning = false;
  private isStopped = false;
  private drained: (() => void) | undefined;
  /** A drain waits until then at the latest. */
  private drainsUntil: EpochMs | undefined;
  private drainage: Promise<number> | undefined;
  private readonly settledWaiters: (() => void)[] = [];

  constructor(parts: EngineParts) {
    this.parts = parts;
    this.limits = { ...ENGINE_LIMITS, ...parts.limits };
    this.epoch = Math.floor(parts.random() * 2 ** 40).toString(36);
    this.mistakes = new Mistakes(parts.log);
  }

  async start(): Promise<void> {
    const { store, clock, random, zone, profiles, telephony, publisher } = this.parts;
    const now = clock.now();
    const draft = new Draft((deciding) => this.parts.onDecided?.(deciding));
    const memory: Memory = {
      state: await loadState(store, draft, profiles, zone, now, this.parts.log),
      draft,
      timers: createTimers(draft, keyOfTimer),
      ...given({ epoch: this.parts.leaseEpoch }),
      random: draft.chance(random),
      zone,
      headsetPassword: (headsetId) => this.parts.headsetPassword(headsetId),
      approvalNeededFor: new Set(this.parts.approvalNeededFor),
      limits: this.limits,
      mistakes: this.mistakes,
    };
    this.memory = memory;
    const turns = new Turns(memory, {
      store,
      epoch: this.epoch,
      telephony,
      clock,
      publisher,
      post: (signal) => this.post({ kind: 'signal', signal }),
      onDrained: () => this.drained?.(),
      ...given({ log: this.parts.log }),
    });
    this.turns = turns;
    const turn = new Turn(memory, now);
    await takeUpWork(turn, store);
    workOff(turn);
    extendScreenTimers(memory, now);
    // What the PBX says meanwhile waits for the first turn.
    this.isTurning = true;
    telephony.start((signal) => this.post({ kind: 'signal', signal }));
    await turns.store(turn);
    this.isTurning = false;
    this.arm();
  }

  async run(command: Command): Promise<CommandResult> {
    if (this.isStopped || !this.memory) return DRAINING;
    if (this.inbox.length >= this.limits.inboxMax) {
      return {
        ok: false,
        code: 'server-busy',
        detail: say('again-in-a-second'),
      };
    }
    return new Promise((resolve) => this.post({ kind: 'command', command, resolve }));
  }

  drain(waitMaxMs: number): Promise<number> {
    this.drainage ??= this.drainOnce(waitMaxMs);
    return this.drainage;
  }

  private async drainOnce(waitMaxMs: number): Promise<number> {
    const { clock, telephony } = this.parts;
    const memory = this.here();
    memory.draft.outright(memory.state, { draining: true });
    const until = clock.now() + waitMaxMs;
    // After a failure no turn would come that could end the wait.
    if (!this.isStopped && (liveCalls(memory).length > 0 || this.turning().isHeldUp)) {
      await new Promise<void>((resolve) => {
        this.drained = resolve;
        this.drainsUntil = until;
        this.wake();
      });
    }
    const hasFailed = this.isStopped;
    this.isStopped = true;
    while (this.isTurning) await clock.breathe();
    clock.setAlarm(undefined, () => {});
    if (!hasFailed) await this.storeLast(until);
    this.refuseWaiting();
    await telephony.stop();
    return liveCalls(memory).length;
  }

  /**
   * A store that is held up is waited for until then. Without what was learned since it was last saved
   * the next process learns it from the facts.
   */
  private async storeLast(until: EpochMs): Promise<void> {
    const { clock } = this.parts;
    for (;;) {
      try {
        await this.turns?.storeLast();
        return;
      } catch (error) {
        const now = clock.now();
        if (!(error instanceof StoreHeldUpError) || now >= until) {
          this.parts.onFatal(error);
          return;
        }
        await new Promise<void>((resolve) =>
          clock.setAlarm(Math.min(until, now + LAST_RETRY_MS), resolve),
        );
      }
    }
  }

  /** Nobody may wait for a turn that never comes. */
  private refuseWaiting(): void {
    this.turns?.refuseWaiting();
    for (const message of this.inbox.splice(0)) {
      if (message.kind === 'command') message.resolve(DRAINING);
    }
  }

  /** What queries read. */
  seen(): Seen {
    return {
      epoch: this.epoch,
      inboxDepth: this.inbox.length,
      inboxMax: this.limits.inboxMax,
      mistakes: this.mistakes,
      ...given({ memory: this.memory, turns: this.turns }),
    };
  }

  async settled(): Promise<void> {
    if (!this.isTurning || this.isStopped) return;
    await new Promise<void>((resolve) => this.settledWaiters.push(resolve));
  }

  // ── the loop ──────────────────────────────────────────────────────────────────────────────────

  private post(message: Message): void {
    if (this.isStopped) return;
    this.inbox.push(message);
    this.wake();
  }

  private wake(): void {
    if (this.isTurning || this.isStopped) return;
    this.isTurning = true;
    this.parts.clock.setAlarm(undefined, () => {});
    void this.takeTurns().catch((error: unknown) => {
      this.isStopped = true;
      this.isTurning = false;
      this.parts.onFatal(error);
      this.refuseWaiting();
      this.drained?.();
      this.tellSettled();
    });
  }

  /** Turns until nothing is left to do, breathing between them so that sockets are read. */
  private async takeTurns(): Promise<void> {
    const { clock } = this.parts;
    const turns = this.turning();
    do {
      this.checkDrain();
      await turns.take(this.inbox);
      await clock.breathe();
    } while (!this.isStopped && turns.isDue(this.inbox));
    this.isTurning = false;
    this.arm();
    this.tellSettled();
  }

  private checkDrain(): void {
    if (this.drainsUntil !== undefined && this.parts.clock.now() >= this.drainsUntil) {
      this.drained?.();
    }
  }

  private tellSettled(): void {
    for (const resolve of this.settledWaiters.splice(0)) resolve();
  }

  private arm(): void {
    if (this.isStopped) return;
    const { clock } = this.parts;
    const at = Math.min(this.turning().nextAt(), this.drainsUntil ?? Number.POSITIVE_INFINITY);
    clock.setAlarm(at, () => this.wake());
  }

  private here(): Memory {
    assert(this.memory, 'the engine was started');
    return this.memory;
  }

  private turning(): Turns {
    assert(this.turns, 'the engine was started');
    return this.turns;
  }
}
