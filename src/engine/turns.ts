/**
 * One turn after the other: due timers, then messages, then placing; one commit; then the effects.
 *
 * Where the store takes nothing (another process holds it, or there is no room) the same batch is tried
 * again and again. Meanwhile nothing is placed, and after half a second the engine goes on deciding
 * into that batch what cannot wait: signals, timers, and whatever ends a call. Of its effects only
 * those that end something leave before the commit.
 *
 * A store that takes commits and does not answer questions (a table is locked) is held up too: nothing is
 * placed until it answers what was asked in vain. No decision about a call that ends asks anything.
 */
import type { Fact } from '../domain/facts.ts';
import { present } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { Batch } from './batch.ts';
import { decideMessage, decideTimer, HELD_UP, type Message, workOff } from './decisions.ts';
import { runEffect } from './effects.ts';
import { liveCalls } from './hear-telephony.ts';
import { watchBanks } from './keep-bank.ts';
import { saveLearning, teach } from './keep-learning.ts';
import { loseClaims } from './lose-claims.ts';
import type { Memory } from './memory.ts';
import type { EngineLog } from './mistakes.ts';
import { needsOfMessage, ROUNDS_MAX } from './needs-of-message.ts';
import { placeCalls, showBlocked } from './place-calls.ts';
import type { Clock } from './ports/clock.ts';
import type { CommitResult } from './ports/commit.ts';
import { type Store, StoreHeldUpError } from './ports/store.ts';
import type { Telephony, TelephonySignal } from './ports/telephony.ts';
import { type Ask, keepAnswers, PreparedAnswers, WatchedAsking } from './prepared.ts';
import type { HeldUp, Publisher } from './queries.ts';
import { dayNeedsOf, moveTimes, readDayAgain } from './set-clock.ts';
import { Turn } from './turn.ts';
import { callsLeftOnTrunk, clockMovedOnTrunk } from './watch-trunk.ts';
import { isAnyDue, takeWhileHeldUp } from './while-held-up.ts';

const COMMITS_KEPT_MAX = 500;
/** The lead funnel is counted this often. */
const FUNNEL_EVERY_MS = 5_000;
/** A wall clock that moves this much against the monotonic one between two turns has jumped. */
const CLOCK_JUMP_MS = 500;
/** The pause before a batch that could not be stored is tried again: doubled each time, up to the most. */
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 1_000;
/** A batch that waits for longer goes on being decided into. */
const DECIDES_AFTER_MS = 500;

export type TurnParts = {
  readonly store: Store;
  readonly epoch: string;
  readonly telephony: Telephony;
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly log?: EngineLog;
  post(signal: TelephonySignal): void;
  /** Nothing is left that a drain waits for. */
  onDrained(): void;
};

/** A turn that waits to be stored. */
type Pending = {
  readonly turn: Turn;
  since: EpochMs;
  retryAt: EpochMs;
  pauseMs: DurationMs;
  /** It waited for so long that more is decided into it. */
  goesOn: boolean;
};

export class Turns {
  private readonly memory: Memory;
  private readonly parts: TurnParts;
  private readonly asking: WatchedAsking;
  private readonly ask: Ask;
  private pending: Pending | undefined;
  private last: Turn | undefined;
  private pacedAt: EpochMs = 0;
  private wantsPacing = false;
  private wantsSeating = false;
  private funnelsAt: EpochMs = 0;
  private learningSavedAt: EpochMs = 0;
  /** The counts of the day are those of another clock. */
  private isDayOld = false;
  private readonly commitsMs: number[] = [];
  private readonly clockWatch: { startedDriftMs: number; driftMs: number; jumps: number };

  constructor(memory: Memory, parts: TurnParts) {
    this.memory = memory;
    this.parts = parts;
    const { store, clock } = parts;
    this.asking = new WatchedAsking(
      store,
      () => clock.now(),
      (now) => this.answersChanged(now),
    );
    this.ask = this.asking.ask;
    const driftMs = parts.clock.now() - parts.clock.monotonicMs();
    this.clockWatch = { startedDriftMs: driftMs, driftMs, jumps: 0 };
  }

  health(): { clockDriftMs: DurationMs; clockJumps: number; commitMsP99?: DurationMs } {
    const sorted = [...this.commitsMs].sort((left, right) => left - right);
    const p99 = sorted[Math.floor(sorted.length * 0.99)];
    return {
      clockDriftMs: this.clockWatch.driftMs - this.clockWatch.startedDriftMs,
      clockJumps: this.clockWatch.jumps,
      ...given({ commitMsP99: p99 }),
    };
  }

  /** When there is something to do, whatever may come until then. */
  nextAt(): EpochMs {
    const { limits, timers } = this.memory;
    const timerAt = timers.nextAt() ?? Number.POSITIVE_INFINITY;
    if (this.pending) {
      const { retryAt, since, goesOn } = this.pending;
      return Math.min(retryAt, goesOn ? timerAt : since + DECIDES_AFTER_MS);
    }
    const tickMs = this.wantsPacing ? limits.paceGapMs : limits.tickMs;
    return Math.min(this.pacedAt + tickMs, timerAt);
  }

  /** Whether a turn would do something now. */
  isDue(inbox: readonly Message[]): boolean {
    const now = this.parts.clock.now();
    const { pending } = this;
    if (!pending) return inbox.length > 0 || (this.memory.timers.nextAt() ?? now + 1) <= now;
    if (this.nextAt() <= now) return true;
    return pending.goesOn && isAnyDue(pending.turn, inbox);
  }

  /** Takes what it decides out of the inbox. */
  async take(inbox: Message[]): Promise<void> {
    const { memory } = this;
    if (this.pending) return this.goOn(this.pending, inbox);
    const jumpMs = this.watchClock();
    if ((jumpMs !== 0 || this.isDayOld) && (await this.followClock(jumpMs))) return;
    const now = this.parts.clock.now();
    const turn = new Turn(memory, now);
    const messages = inbox.splice(0, memory.limits.batchMax);
    await this.prepareFor(turn, messages);
    for (const timer of memory.timers.takeDue(now)) decideTimer(turn, timer);
    for (const message of messages) decideMessage(turn, message);
    this.decide('bank', () => watchBanks(turn));
    await this.pace(turn);
    await this.keepLearning(turn);
    await this.store(turn);
  }

  /** Stores what was decided and lets its effects out, or keeps it until it can be stored. */
  async store(turn: Turn): Promise<void> {
    try {
      // Who has just waited for an answer in vain does not wait as long again.
      await this.commit(turn, this.memory.state.unanswered && 'at-once');
    } catch (error) {
      if (!(error instanceof StoreHeldUpError)) throw error;
      this.hold(turn, error);
      return;
    }
    this.letOut(turn.batch);
  }

  /** Whether something decided waits to be stored. */
  get isHeldUp(): boolean {
    return this.pending !== undefined;
  }

  /** The last commit of a process, which may be tried again: what waits, and what was learned. */
  async storeLast(): Promise<void> {
    if (this.pending) {
      await this.commit(this.pending.turn);
      this.letOut(this.pending.turn.batch);
      this.pending = undefined;
    }
    this.last ??= this.lastTurn();
    await this.commit(this.last);
  }

  /** Nothing more is stored: anyone who waits for what was decided is told that it was not. */
  refuseWaiting(): void {
    this.pending?.turn.batch.refuseAnswers(HELD_UP);
  }

  private lastTurn(): Turn {
    const turn = new Turn(this.memory, this.parts.clock.now());
    saveLearning(turn);
    return turn;
  }

  // ── deciding ──────────────────────────────────────────────────────────────────────────────────

  /** What the engine does by itself: where it throws, it is done the next time. */
  private decide(what: string, decision: () => void): void {
    const decided = this.memory.draft.decide(decision);
    if (!decided.ok) this.memory.mistakes.note(what, decided.error);
  }

  /** On each tick, and sooner when supply or demand changed, but not more often than the gap. */
  private async pace(turn: Turn): Promise<void> {
    const { memory } = this;
    const { batch } = turn;
    const { now } = batch;
    if (this.wantsSeating) {
      this.wantsSeating = false;
      this.decide('seating', () => {
        turn.seat();
        workOff(turn);
      });
    }
    this.wantsPacing ||= batch.paceNow;
    const gapMs = this.wantsPacing ? memory.limits.paceGapMs : memory.limits.tickMs;
    if (now - this.pacedAt < gapMs && now >= this.pacedAt) return;
    this.pacedAt = now;
    this.wantsPacing = false;
    await this.place(turn);
    if (now - this.funnelsAt >= FUNNEL_EVERY_MS || now < this.funnelsAt) {
      this.funnelsAt = now;
      await this.countFunnels(turn);
    }
  }

  private async keepLearning(turn: Turn): Promise<void> {
    const sinceMs = turn.now - this.learningSavedAt;
    if (sinceMs >= 0 && sinceMs < this.memory.limits.learningSavedEveryMs) return;
    this.learningSavedAt = turn.now;
    this.decide('saving what was learned', () => saveLearning(turn));
  }

  private async place(turn: Turn): Promise<void> {
    if (!(await this.asking.answers())) {
      this.decide('placing', () => showBlocked(turn, blockedBy(this.memory.state.unanswered)));
      return;
    }
    try {
      await placeCalls(turn, this.ask);
    } catch (error) {
      this.memory.mistakes.note('placing', error);
    }
    this.decide('placing', () => workOff(turn));
  }

  private async countFunnels(turn: Turn): Promise<void> {
    const { draft, state } = this.memory;
    const needs = [...state.campaigns.keys()].map((campaignId) => {
      return { kind: 'lead-funnel', campaignId, now: turn.now } as const;
    });
    await keepAnswers(this.ask, turn.prepared, needs);
    this.decide('lead funnel', () => {
      for (const need of needs) {
        const runtime = present(state.campaigns.get(need.campaignId), 'it was asked about');
        draft.change(runtime, { leads: turn.prepared.of(need) });
        turn.batch.showCampaign(need.campaignId);
      }
    });
  }

  // ── asking beforehand ─────────────────────────────────────────────────────────────────────────

  /** Asks for all that the decisions about these messages will read. */
  private async prepareFor(turn: Turn, messages: readonly Message[]): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const needs = messages
        .flatMap((message) => needsOfMessage(turn, message))
        .filter((need) => !turn.prepared.has(need));
      if (needs.length === 0) return;
      await keepAnswers(this.ask, turn.prepared, needs);
    }
  }

  // ── the clock ─────────────────────────────────────────────────────────────────────────────────

  /** How far the wall clock was set since the last look; 0 where it only drifts, as clocks do. */
  private watchClock(): DurationMs {
    const { clock } = this.parts;
    const driftMs = clock.now() - clock.monotonicMs();
    const byMs = driftMs - this.clockWatch.driftMs;
    if (byMs === 0) return 0;
    this.clockWatch.driftMs = driftMs;
    for (const trunk of this.memory.state.trunks.values())
      clockMovedOnTrunk(this.memory, trunk, byMs);
    return Math.abs(byMs) <= CLOCK_JUMP_MS ? 0 : byMs;
  }

  /**
   * A wall clock is set, or the machine slept: what was to happen happens as late as it was meant to.
   * Whether that has still to be stored before anything else may be decided.
   */
  private async followClock(jumpMs: DurationMs): Promise<boolean> {
    const { memory } = this;
    if (jumpMs !== 0) {
      const turn = new Turn(memory, this.parts.clock.now());
      await this.moveTimes(turn, jumpMs);
      for (const runtime of memory.state.campaigns.values()) {
        memory.draft.change(runtime.group, { plannedAt: Number.NEGATIVE_INFINITY });
        memory.draft.change(runtime, { passesBefore: 0, noLeadsBefore: 0 });
      }
      await this.store(turn);
      if (this.pending) return true;
    }
    this.isDayOld = false;
    const now = this.parts.clock.now();
    const prepared = new PreparedAnswers();
    await keepAnswers(this.ask, prepared, dayNeedsOf(memory, now));
    this.decide('reading the day again', () => readDayAgain(memory, now, prepared));
    return false;
  }

  private async moveTimes(turn: Turn, byMs: DurationMs): Promise<void> {
    this.clockWatch.jumps += 1;
    this.pacedAt += byMs;
    this.funnelsAt += byMs;
    this.isDayOld = true;
    this.decide('setting the clock', () => moveTimes(turn, byMs));
  }

  // ── storing ───────────────────────────────────────────────────────────────────────────────────

  private async commit(turn: Turn, patience?: 'at-once'): Promise<void> {
    const { memory } = this;
    const { batch } = turn;
    memory.draft.assertKept();
    if (batch.isEmpty) return;
    if (batch.sent) batch.settle(await batch.sent.isStored());
    const began = this.parts.clock.monotonicMs();
    for (;;) {
      const result = await this.send(batch, patience);
      if (result.ok) break;
      loseClaims(turn, result.lost);
    }
    memory.draft.change(memory.state, { upTo: memory.state.upTo + batch.facts.length });
    // Only what is stored is learned from: a commit that fails teaches nothing.
    for (const fact of batch.facts) this.teach(fact);
    this.commitsMs.push(this.parts.clock.monotonicMs() - began);
    if (this.commitsMs.length > COMMITS_KEPT_MAX) this.commitsMs.shift();
  }

  private async send(batch: Batch, patience: 'at-once' | undefined): Promise<CommitResult> {
    const { epoch, state } = this.memory;
    try {
      return await this.parts.store.commit(batch.commit(state.upTo, epoch), patience);
    } catch (error) {
      if (error instanceof StoreHeldUpError && error.isStored) {
        batch.sentWithoutAnswer(error.isStored);
      }
      throw error;
    }
  }

  /** What is stored stands whatever the pacer makes of it: a fact that it cannot learn from costs a lesson. */
  private teach(fact: Batch['facts'][number]): void {
    try {
      teach(this.memory, fact);
    } catch (error) {
      this.memory.mistakes.note(`learning from ${fact.body.kind}`, error);
    }
  }

  /** After the commit and never before: screens, answers, and what goes out to the world. */
  private letOut(batch: Batch): void {
    const { memory } = this;
    const { upTo } = memory.state;
    const from = upTo - batch.facts.length;
    const facts: Fact[] = batch.facts.map((fact, index) => ({
      ...fact,
      sequence: from + 1 + index,
    }));
    for (const effect of batch.effects) this.letEffectOut(effect);
    for (const trunk of memory.state.trunks.values()) {
      callsLeftOnTrunk(memory, trunk, batch.beganAt, this.parts.clock.now());
    }
    if (facts.length > 0 || batch.agentIds.size > 0 || batch.campaignIds.size > 0) {
      this.publish(facts, batch);
    }
    for (const callId of batch.over) memory.draft.delete(memory.state.calls, callId);
    batch.giveAnswers();
    if (memory.state.draining && liveCalls(memory).length === 0) this.parts.onDrained();
  }

  private letEffectOut(effect: Batch['effects'][number]): void {
    const { clock, telephony, post } = this.parts;
    runEffect(effect, telephony, clock.now(), post);
  }

  private publish(facts: readonly Fact[], { agentIds, campaignIds }: Batch): void {
    const { epoch, publisher } = this.parts;
    publisher.published({
      epoch,
      facts,
      upTo: this.memory.state.upTo,
      agentIds: [...agentIds],
      campaignIds: [...campaignIds],
    });
  }

  // ── held up ───────────────────────────────────────────────────────────────────────────────────

  private hold(turn: Turn, { cause }: StoreHeldUpError): void {
    const { memory } = this;
    const now = this.parts.clock.now();
    const retryAt = now + RETRY_FIRST_MS;
    this.pending = { turn, since: now, retryAt, pauseMs: RETRY_FIRST_MS, goesOn: false };
    const heldUp = { cause, since: memory.state.unanswered?.since ?? now };
    memory.draft.change(memory.state, { heldUp });
    this.tellHeldUp(heldUp);
    const shown = new Turn(memory, now);
    showBlocked(shown, blockedBy(heldUp));
    this.publish([], shown.batch);
  }

  /** The store stopped answering questions, or answers them again. */
  private answersChanged(unanswered: HeldUp | undefined): void {
    const { memory } = this;
    const before = memory.state.unanswered;
    memory.draft.change(memory.state, { unanswered });
    if (unanswered) this.tellHeldUp(unanswered);
    else this.tellFree(before);
    this.publish([], new Turn(memory, this.parts.clock.now()).batch);
  }

  private tellHeldUp({ cause }: HeldUp): void {
    const told = 'the store is held up: nothing is placed, and what is decided waits';
    this.parts.log?.warn({ cause }, told);
  }

  private tellFree(heldUp: HeldUp | undefined): void {
    const forMs = this.parts.clock.now() - (heldUp?.since ?? 0);
    if (heldUp) this.parts.log?.warn({ cause: heldUp.cause, forMs }, 'the store works again');
  }

  private async goOn(pending: Pending, inbox: Message[]): Promise<void> {
    const { memory } = this;
    const { turn } = pending;
    const jumpMs = this.watchClock();
    if (jumpMs !== 0) {
      pending.since += jumpMs;
      pending.retryAt += jumpMs;
      await this.moveTimes(turn, jumpMs);
    }
    const now = this.parts.clock.now();
    if (now >= pending.retryAt && (await this.tryAgain(pending))) return;
    if (now - pending.since < DECIDES_AFTER_MS) return;
    turn.batch.goOn(now);
    if (!pending.goesOn) await this.undoBridges(pending);
    const messages = takeWhileHeldUp(turn, inbox);
    await this.prepareFor(turn, messages);
    for (const timer of memory.timers.takeDue(now)) decideTimer(turn, timer);
    for (const message of messages) decideMessage(turn, message);
    const { early, pointless } = turn.batch.takeEarly();
    for (const effect of early) this.letEffectOut(effect);
    for (const effect of pointless) {
      if (effect.kind !== 'originate') continue;
      const { legId } = effect.permit;
      this.parts.post({ kind: 'leg-refused', legId, reason: 'permit-expired', at: now });
    }
  }

  /** Anyone who was to be put through to an agent by now goes on waiting, and is told in time if need be. */
  private async undoBridges(pending: Pending): Promise<void> {
    pending.goesOn = true;
    const at = this.parts.clock.now();
    for (const effect of pending.turn.batch.takeBridges()) {
      const { legId, bridgeId } = effect;
      const signal = { kind: 'leg-bridge-failed', legId, bridgeId, at } as const;
      decideMessage(pending.turn, { kind: 'signal', signal });
    }
  }

  /** Whether it is stored now. */
  private async tryAgain(pending: Pending): Promise<boolean> {
    const { memory } = this;
    try {
      await this.commit(pending.turn, 'at-once');
    } catch (error) {
      if (!(error instanceof StoreHeldUpError)) throw error;
      pending.pauseMs = Math.min(pending.pauseMs * 2, RETRY_MAX_MS);
      pending.retryAt = this.parts.clock.now() + pending.pauseMs;
      const since = memory.state.heldUp?.since ?? pending.since;
      memory.draft.change(memory.state, { heldUp: { cause: error.cause, since } });
      return false;
    }
    this.pending = undefined;
    this.tellFree(memory.state.heldUp);
    memory.draft.change(memory.state, { heldUp: undefined });
    this.wantsSeating = true;
    this.wantsPacing = true;
    this.letOut(pending.turn.batch);
    return true;
  }
}

function blockedBy(heldUp: HeldUp | undefined): Parameters<typeof showBlocked>[1] {
  return heldUp && { code: 'store-held-up', values: { cause: heldUp.cause } };
}
