import type { ShiftTimer } from '../domain/agents/agent-shift.ts';
import type { CallTimer } from '../domain/calls/call.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import type { Fact } from '../domain/facts.ts';
import { assert, unreachable } from '../lib/assert.ts';
import type { AgentId, CallId, HeadsetId } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import { boardOf, deskOf } from './answer-queries.ts';
import { askWhatIf } from './ask-what-if.ts';
import { Batch } from './batch.ts';
import type { Command, CommandResult, Commands } from './commands.ts';
import { learnedOfCampaign } from './dialing-groups.ts';
import { Draft } from './draft.ts';
import { runEffect } from './effects.ts';
import { followCall } from './follow-call.ts';
import { hearTelephony, liveCalls } from './hear-telephony.ts';
import { banksOf, watchBanks } from './keep-bank.ts';
import { type EngineLog, saveLearning, teach } from './keep-learning.ts';
import { placeCalls } from './place-calls.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';
import type { Telephony, TelephonySignal } from './ports/telephony.ts';
import type { Publisher, Queries } from './queries.ts';
import { readForAgent } from './read-for-agent.ts';
import { extendScreenTimers, loadState, takeUpWork } from './recover.ts';
import { runCommand } from './run-command.ts';
import { moveHeadset, moveShift, screenStayedAway, seat } from './seat-agents.ts';
import { moveTimes, readDayAgain } from './set-clock.ts';
import { createTimers } from './timers.ts';
import { callsLeftOnTrunk, clockMovedOnTrunk } from './watch-trunk.ts';
import { ENGINE_LIMITS, type EngineLimits, type House, newTurn, type Turn } from './work.ts';

export type EngineParts = {
  readonly store: Store;
  readonly telephony: Telephony;
  readonly clock: Clock;
  readonly random: Random;
  readonly publisher: Publisher;
  readonly profiles: ReadonlyMap<string, ComplianceProfile>;
  /** Days of counts begin at midnight here. */
  readonly zone: string;
  headsetPassword(headsetId: HeadsetId): string;
  readonly log?: EngineLog;
  /**
   * Memory is ahead of the disk, or a mistake of ours was found: the process must end, restart and
   * recover. Called once.
   */
  onFatal(error: unknown): void;
  readonly limits?: Partial<EngineLimits>;
};

export interface Engine extends Commands, Queries {
  /** Reads the store, takes up what was left, begins to listen and to place. */
  start(): Promise<void>;
  /**
   * Stops placing, lets calls end for at most so long, then stops. Calls still alive stay alive in the
   * PBX and in the store, for the next process to take up. Returns how many there are. Whoever asks
   * again joins the drain under way, with its bound.
   */
  drain(waitMaxMs: number): Promise<number>;
  /** Resolves when all that was posted is decided and nothing is due; for virtual clocks. */
  settled(): Promise<void>;
}

type Message =
  | { readonly kind: 'signal'; readonly signal: TelephonySignal }
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly resolve: (result: CommandResult) => void;
    };

/** Signals that one message may cause in machines; a chain longer than this is a mistake of ours. */
const WORK_MAX = 10_000;
const COMMITS_KEPT_MAX = 500;
/** The lead funnel is counted this often. */
const FUNNEL_EVERY_MS = 5_000;
/** A wall clock that moves this much against the monotonic one between two turns has jumped. */
const CLOCK_JUMP_MS = 500;
const DRAIN_TIMER = 'drain';

export function createEngine(parts: EngineParts): Engine {
  return new RunningEngine(parts);
}

class RunningEngine implements Engine {
  readonly epoch: string;
  private readonly parts: EngineParts;
  private readonly limits: EngineLimits;
  private readonly inbox: Message[] = [];
  private house: House | undefined;
  private isTurning = false;
  private isStopped = false;
  private drained: (() => void) | undefined;
  private drainage: Promise<number> | undefined;
  private readonly settledWaiters: (() => void)[] = [];
  private pacedAt: EpochMs = 0;
  private wantsPacing = false;
  private funnelsAt: EpochMs = 0;
  private learningSavedAt: EpochMs = 0;
  private readonly commitsMs: number[] = [];
  private readonly clockWatch: { startedDriftMs: number; driftMs: number; jumps: number };

  constructor(parts: EngineParts) {
    this.parts = parts;
    this.limits = { ...ENGINE_LIMITS, ...parts.limits };
    this.epoch = Math.floor(parts.random() * 2 ** 40).toString(36);
    const driftMs = parts.clock.now() - parts.clock.monotonicMs();
    this.clockWatch = { startedDriftMs: driftMs, driftMs, jumps: 0 };
  }

  async start(): Promise<void> {
    const { store, clock, random, zone, profiles, telephony } = this.parts;
    const now = clock.now();
    const draft = new Draft();
    const house: House = {
      state: await loadState(store, draft, profiles, zone, now, this.parts.log),
      draft,
      timers: createTimers(draft),
      store,
      random: draft.chance(random),
      zone,
      headsetPassword: (headsetId) => this.parts.headsetPassword(headsetId),
      limits: this.limits,
    };
    this.house = house;
    const turn = newTurn(house, now);
    await takeUpWork(house, turn);
    this.workOff(house, turn);
    extendScreenTimers(house, now);
    await this.commit(house, turn.batch);
    telephony.start((signal) => this.post({ kind: 'signal', signal }));
    this.letOut(house, turn.batch);
    this.arm();
  }

  async run(command: Command): Promise<CommandResult> {
    if (this.isStopped || !this.house) {
      return {
        ok: false,
        code: 'server-draining',
        detail: 'The server is stopping. Try again soon.',
      };
    }
    if (this.inbox.length >= this.limits.inboxMax) {
      return {
        ok: false,
        code: 'server-busy',
        detail: 'Too much is waiting. Try again in a second.',
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
    const house = this.here();
    house.draft.outright(house.state, { draining: true });
    // After a failure no turn would come that could end the wait.
    if (!this.isStopped && liveCalls(house).length > 0) {
      house.timers.set(DRAIN_TIMER, clock.now() + waitMaxMs);
      await new Promise<void>((resolve) => {
        this.drained = resolve;
        this.wake();
      });
    }
    const hasFailed = this.isStopped;
    this.isStopped = true;
    while (this.isTurning) await clock.breathe();
    clock.setAlarm(undefined, () => {});
    if (!hasFailed) await this.saveLast(house);
    await telephony.stop();
    return liveCalls(house).length;
  }

  /** What was learned since it was last saved; without it the next process learns it from the facts. */
  private async saveLast(house: House): Promise<void> {
    const batch = new Batch(this.parts.clock.now(), house.draft);
    saveLearning(house, batch);
    try {
      await this.commit(house, batch);
    } catch (error) {
      this.parts.onFatal(error);
    }
  }

  async settled(): Promise<void> {
    if (!this.isTurning || this.isStopped) return;
    await new Promise<void>((resolve) => this.settledWaiters.push(resolve));
  }

  // ── queries ───────────────────────────────────────────────────────────────────────────────────

  upTo(): number {
    return this.house?.state.upTo ?? 0;
  }

  now(): EpochMs {
    return this.parts.clock.now();
  }

  desk(agentId: AgentId): ReturnType<Queries['desk']> {
    return deskOf(this.here(), agentId, this.parts.clock.now());
  }

  board(): ReturnType<Queries['board']> {
    return boardOf(this.here(), this.parts.clock.now());
  }

  call(callId: CallId): ReturnType<Queries['call']> {
    return this.house?.state.calls.get(callId)?.call;
  }

  whatIf(...[campaignId, change]: Parameters<Queries['whatIf']>): ReturnType<Queries['whatIf']> {
    return askWhatIf(this.here(), campaignId, change, this.parts.clock.now());
  }

  campaign(campaignId: Parameters<Queries['campaign']>[0]): ReturnType<Queries['campaign']> {
    return this.house?.state.campaigns.get(campaignId)?.campaign;
  }

  person(userId: Parameters<Queries['person']>[0]): ReturnType<Queries['person']> {
    return this.house?.state.people.get(userId);
  }

  learned(campaignId: Parameters<Queries['learned']>[0]): ReturnType<Queries['learned']> {
    const runtime = this.house?.state.campaigns.get(campaignId);
    return runtime && learnedOfCampaign(runtime);
  }

  creditor(id: string): ReturnType<Queries['creditor']> {
    return this.house?.state.creditors.get(id as `creditor_${string}`);
  }

  health(): ReturnType<Queries['health']> {
    const sorted = [...this.commitsMs].sort((left, right) => left - right);
    const p99 = sorted[Math.floor(sorted.length * 0.99)];
    return {
      inboxDepth: this.inbox.length,
      inboxMax: this.limits.inboxMax,
      telephony: this.parts.telephony.health(),
      storage: this.house?.state.storageRoom ?? { room: 'ok', since: this.parts.clock.now() },
      clockDriftMs: this.clockWatch.driftMs - this.clockWatch.startedDriftMs,
      clockJumps: this.clockWatch.jumps,
      draining: this.house?.state.draining ?? false,
      abandonment: this.house ? banksOf(this.house, this.parts.clock.now()) : [],
      ...(p99 === undefined ? {} : { commitMsP99: p99 }),
    };
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
    void this.turns().catch((error: unknown) => {
      this.isStopped = true;
      this.isTurning = false;
      this.parts.onFatal(error);
      // Nobody may wait for a turn that never comes.
      this.drained?.();
      this.tellSettled();
    });
  }

  /** Turns until nothing is left to do, breathing between them so that sockets are read. */
  private async turns(): Promise<void> {
    const house = this.here();
    do {
      await this.turn(house);
      await this.parts.clock.breathe();
    } while (!this.isStopped && this.isDue(house));
    this.isTurning = false;
    this.arm();
    this.tellSettled();
  }

  private tellSettled(): void {
    for (const resolve of this.settledWaiters.splice(0)) resolve();
  }

  private isDue(house: House): boolean {
    const now = this.parts.clock.now();
    return this.inbox.length > 0 || (house.timers.nextAt() ?? now + 1) <= now;
  }

  private arm(): void {
    if (this.isStopped || !this.house) return;
    const tickAt = this.pacedAt + (this.wantsPacing ? this.limits.paceGapMs : this.limits.tickMs);
    const at = Math.min(tickAt, this.house.timers.nextAt() ?? tickAt);
    this.parts.clock.setAlarm(at, () => this.wake());
  }

  /** Due timers, then messages, then placing; one commit; then the effects. */
  private async turn(house: House): Promise<void> {
    const jumpMs = this.watchClock(house);
    if (jumpMs !== 0) await this.followClock(house, jumpMs);
    const now = this.parts.clock.now();
    const turn = newTurn(house, now);
    for (const key of house.timers.takeDue(now)) {
      this.timerDue(house, turn, key);
      this.workOff(house, turn);
    }
    for (const message of this.inbox.splice(0, this.limits.batchMax)) {
      await this.decide(house, turn, message);
    }
    watchBanks(house, turn);
    await this.pace(house, turn);
    this.keepLearning(house, turn.batch);
    await this.commit(house, turn.batch);
    this.letOut(house, turn.batch);
  }

  private async decide(house: House, turn: Turn, message: Message): Promise<void> {
    switch (message.kind) {
      case 'signal': {
        const { signal } = message;
        if (signal.kind === 'leg-answered') await readForAgent(house, signal.legId, turn.batch.now);
        hearTelephony(house, turn, signal);
        break;
      }
      case 'command': {
        const result = await runCommand(house, turn, message.command);
        turn.batch.answer(message.resolve, result);
        break;
      }
      default:
        unreachable(message);
    }
    this.workOff(house, turn);
  }

  private workOff(house: House, turn: Turn): void {
    for (let done = 0, work = turn.work.take(); work; done += 1, work = turn.work.take()) {
      assert(done < WORK_MAX, 'signals between machines come to an end');
      switch (work.kind) {
        case 'call':
          followCall(house, turn, work.callId, work.signal);
          break;
        case 'shift':
          moveShift(house, turn, work.agentId, work.signal);
          break;
        case 'headset':
          moveHeadset(house, turn, work.headsetId, work.signal);
          break;
        case 'seat':
          seat(house, turn);
          break;
        default:
          unreachable(work);
      }
    }
  }

  private timerDue(house: House, turn: Turn, key: string): void {
    const [what, id, timer] = key.split(' ');
    switch (what) {
      case 'call':
        turn.work.push({
          kind: 'call',
          callId: id as CallId,
          signal: { kind: 'timer', timer: timer as CallTimer },
        });
        return;
      case 'shift':
        turn.work.push({
          kind: 'shift',
          agentId: id as AgentId,
          signal: { kind: 'timer', timer: timer as ShiftTimer },
        });
        return;
      case DRAIN_TIMER:
        this.drained?.();
        return;
      default:
        assert(what === 'screen', 'a timer belongs to a call, a shift or a screen');
        screenStayedAway(house, turn, id as AgentId);
    }
  }

  /** On each tick, and sooner when supply or demand changed, but not more often than the gap. */
  private async pace(house: House, { batch, work }: Turn): Promise<void> {
    const { now } = batch;
    this.wantsPacing ||= batch.paceNow;
    const gapMs = this.wantsPacing ? this.limits.paceGapMs : this.limits.tickMs;
    if (now - this.pacedAt < gapMs && now >= this.pacedAt) return;
    this.pacedAt = now;
    this.wantsPacing = false;
    await placeCalls(house, { batch, work });
    this.workOff(house, { batch, work });
    if (now - this.funnelsAt >= FUNNEL_EVERY_MS || now < this.funnelsAt) {
      this.funnelsAt = now;
      await this.countFunnels(house, batch);
    }
  }

  private keepLearning(house: House, batch: Batch): void {
    const sinceMs = batch.now - this.learningSavedAt;
    if (sinceMs >= 0 && sinceMs < this.limits.learningSavedEveryMs) return;
    this.learningSavedAt = batch.now;
    saveLearning(house, batch);
  }

  private async countFunnels(house: House, batch: Batch): Promise<void> {
    for (const runtime of house.state.campaigns.values()) {
      const { id } = runtime.campaign;
      const leads = await house.store.read((view) => view.leadFunnel(id, batch.now));
      house.draft.change(runtime, { leads });
      batch.showCampaign(id);
    }
  }

  /** How far the wall clock was set since the last look; 0 where it only drifts, as clocks do. */
  private watchClock(house: House): DurationMs {
    const { clock } = this.parts;
    const driftMs = clock.now() - clock.monotonicMs();
    const byMs = driftMs - this.clockWatch.driftMs;
    if (byMs === 0) return 0;
    this.clockWatch.driftMs = driftMs;
    for (const trunk of house.state.trunks.values()) clockMovedOnTrunk(house, trunk, byMs);
    return Math.abs(byMs) <= CLOCK_JUMP_MS ? 0 : byMs;
  }

  /** A wall clock is set, or the machine slept: what was to happen happens as late as it was meant to. */
  private async followClock(house: House, byMs: DurationMs): Promise<void> {
    const now = this.parts.clock.now();
    this.clockWatch.jumps += 1;
    this.pacedAt += byMs;
    this.funnelsAt += byMs;
    for (const runtime of house.state.campaigns.values()) {
      house.draft.change(runtime.group, { plannedAt: Number.NEGATIVE_INFINITY });
      house.draft.change(runtime, { passesBefore: 0, noLeadsBefore: 0 });
    }
    const batch = new Batch(now, house.draft);
    moveTimes(house, batch, byMs);
    await this.commit(house, batch);
    this.letOut(house, batch);
    await readDayAgain(house, now);
  }

  private async commit(house: House, batch: Batch): Promise<void> {
    if (batch.isEmpty) return;
    const began = this.parts.clock.monotonicMs();
    const before = house.state.upTo;
    await house.store.transact((transaction) => batch.commit(transaction, before));
    house.draft.change(house.state, { upTo: before + batch.facts.length });
    // Only what is stored is learned from: a commit that fails teaches nothing.
    for (const fact of batch.facts) teach(house, fact);
    this.commitsMs.push(this.parts.clock.monotonicMs() - began);
    if (this.commitsMs.length > COMMITS_KEPT_MAX) this.commitsMs.shift();
  }

  /** After the commit and never before: screens, answers, and what goes out to the world. */
  private letOut(house: House, batch: Batch): void {
    const { upTo } = house.state;
    const from = upTo - batch.facts.length;
    const facts: Fact[] = batch.facts.map((fact, index) => ({
      ...fact,
      sequence: from + 1 + index,
    }));
    for (const effect of batch.effects) {
      runEffect(effect, this.parts.telephony, this.parts.clock.now(), (signal) =>
        this.post({ kind: 'signal', signal }),
      );
    }
    for (const trunk of house.state.trunks.values()) {
      callsLeftOnTrunk(house, trunk, batch.now, this.parts.clock.now());
    }
    if (facts.length > 0 || batch.agentIds.size > 0 || batch.campaignIds.size > 0) {
      this.parts.publisher.published({
        epoch: this.epoch,
        facts,
        upTo,
        agentIds: [...batch.agentIds],
        campaignIds: [...batch.campaignIds],
      });
    }
    for (const callId of batch.over) house.draft.delete(house.state.calls, callId);
    batch.giveAnswers();
    if (house.state.draining && liveCalls(house).length === 0) this.drained?.();
  }

  private here(): House {
    assert(this.house, 'the engine was started');
    return this.house;
  }
}
