import type { PastAttempt } from '../domain/compliance/attempt-limits.ts';
import type { FactBody, NewFact } from '../domain/facts.ts';
import type { Lead } from '../domain/leads/lead.ts';
import { given } from '../lib/given.ts';
import type {
  AgentId,
  BlockId,
  CallId,
  CampaignId,
  DebtorId,
  LeadId,
  LegId,
  ShiftId,
  UserId,
} from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { CommandResult } from './commands.ts';
import type { Draft } from './draft.ts';
import { type Effect, isEnding, legOf } from './effects.ts';
import { type Change, type Claim, type Commit, ENGINE_STREAM } from './ports/commit.ts';
import type { AgentAtWork, LiveCall } from './state.ts';

type Answer = {
  readonly resolve: (result: CommandResult) => void;
  readonly result: CommandResult;
};

type Stored = { readonly facts: number; readonly changes: number };
type Sent = Stored & {
  readonly claims: readonly Claim[];
  readonly isStored: () => Promise<boolean>;
};

/**
 * What one turn decided: changes of state to be written, facts, and effects that leave only after the
 * commit. Everything goes in through the draft of the decision it belongs to, so that a decision that
 * is taken back leaves nothing here.
 */
export class Batch {
  /** When its first decision was made. */
  readonly beganAt: EpochMs;
  /** When what is being decided is decided. */
  readonly now: EpochMs;
  readonly facts: readonly NewFact[] = [];
  readonly effects: readonly Effect[] = [];
  readonly agentIds: ReadonlySet<AgentId> = new Set();
  readonly campaignIds: ReadonlySet<CampaignId> = new Set();
  /** Whom this turn has decided about: what is stored of them is a turn old until the commit. */
  readonly debtorIds: ReadonlySet<DebtorId> = new Set();
  /** Calls placed in this turn, which no query of the store can see yet. */
  readonly attempts: readonly PastAttempt[] = [];
  /** Supply of agents or demand of calls changed: placing is worth a look before the next tick. */
  readonly paceNow: boolean = false;
  private readonly draft: Draft;
  private readonly calls: ReadonlyMap<CallId, LiveCall> = new Map();
  private readonly shifts: ReadonlyMap<ShiftId, AgentAtWork> = new Map();
  private readonly leads: ReadonlyMap<LeadId, Lead> = new Map();
  /** Blocks that this turn reviewed: lifted, or kept in somebody's name. */
  readonly reviewed: ReadonlyMap<BlockId, UserId | 'lifted'> = new Map();
  /** Calls that memory may forget once everybody was told how they ended. */
  readonly over: ReadonlySet<CallId> = new Set();
  readonly claims: readonly Claim[] = [];
  private readonly releases: readonly LegId[] = [];
  private readonly changes: readonly Change[] = [];
  private readonly answers: readonly Answer[] = [];
  /** What a commit without an answer held: stored or not, which only the store knows. */
  readonly sent: Sent | undefined = undefined;
  /** What a commit stored whose answer came late. */
  readonly stored: Stored = { facts: 0, changes: 0 };

  constructor(now: EpochMs, draft: Draft) {
    this.beganAt = now;
    this.now = now;
    this.draft = draft;
  }

  /** It waits to be stored, and more is decided into it at this moment. */
  goOn(now: EpochMs): void {
    this.draft.change<Batch>(this, { now });
  }

  fact(body: FactBody, about: Omit<NewFact, 'at' | 'body'> = {}): void {
    this.draft.append(this.facts, { at: this.now, body, ...about });
    if (about.campaignId) this.showCampaign(about.campaignId);
    if (about.agentId) this.showAgent(about.agentId);
  }

  callFact(live: LiveCall, body: FactBody, agentId?: AgentId, byUserId?: UserId): void {
    this.draft.add(this.debtorIds, live.call.debtorId);
    this.fact(body, {
      callId: live.call.id,
      campaignId: live.call.campaignId,
      leadId: live.call.leadId,
      ...(agentId ? { agentId } : {}),
      ...(byUserId ? { byUserId } : {}),
    });
  }

  callChanged(live: LiveCall): void {
    this.draft.set(this.calls, live.call.id, live);
    this.showCampaign(live.call.campaignId);
    const { state } = live.call;
    if ('agentId' in state) this.showAgent(state.agentId);
  }

  shiftChanged(agent: AgentAtWork): void {
    this.draft.set(this.shifts, agent.shift.id, agent);
    this.showAgent(agent.shift.agentId);
  }

  leadChanged(lead: Lead): void {
    this.draft.set(this.leads, lead.id, lead);
    this.showCampaign(lead.campaignId);
    this.draft.add(this.debtorIds, lead.debtorId);
  }

  /** The agent's screen is told after the commit. */
  showAgent(agentId: AgentId): void {
    this.draft.add(this.agentIds, agentId);
  }

  /** Boards are told of the campaign after the commit. */
  showCampaign(campaignId: CampaignId): void {
    this.draft.add(this.campaignIds, campaignId);
  }

  attempted(attempt: PastAttempt): void {
    this.draft.append(this.attempts, attempt);
  }

  blockReviewed(blockId: BlockId, by: UserId | 'lifted'): void {
    this.draft.set(this.reviewed, blockId, by);
  }

  callOver(callId: CallId): void {
    this.draft.add(this.over, callId);
  }

  paceSoon(): void {
    if (!this.paceNow) this.draft.change<Batch>(this, { paceNow: true });
  }

  /** The earliest moment of the campaign's leads whose next call was planned in this turn. */
  nextLeadDueAt(campaignId: CampaignId): EpochMs | undefined {
    let earliest: EpochMs | undefined;
    for (const lead of this.leads.values()) {
      if (lead.campaignId !== campaignId) continue;
      if (lead.state !== 'ready' && lead.state !== 'waiting') continue;
      earliest = Math.min(earliest ?? lead.notBeforeAt, lead.notBeforeAt);
    }
    return earliest;
  }

  /** What a call that is placed must hold. */
  claim(...claims: readonly Claim[]): void {
    for (const claim of claims) this.draft.append(this.claims, claim);
  }

  /** The leg is gone. What it was to claim in this very batch is not claimed at all. */
  release(legId: LegId): void {
    const claims = this.claims.filter((claim) => claim.legId !== legId);
    const isToBeClaimed = claims.length < this.claims.length;
    const mayBeStored = this.sent?.claims.some((claim) => claim.legId === legId) === true;
    if (!isToBeClaimed || mayBeStored) this.draft.append(this.releases, legId);
    if (isToBeClaimed) this.draft.change<Batch>(this, { claims });
  }

  /** A claim of the leg is lost: it is not dialed, and claims nothing any more. */
  takeBackDialing(legId: LegId): void {
    this.draft.change<Batch>(this, {
      claims: this.claims.filter((claim) => claim.legId !== legId),
      effects: this.effects.filter((effect) => !(isDialing(effect) && legOf(effect) === legId)),
    });
  }

  /** Somebody else changed the lead since it was read: it stays as they left it. */
  leaveLead(leadId: LeadId): void {
    this.draft.delete(this.leads, leadId);
  }

  /** Any other row; stored after the states above. */
  change(change: Change): void {
    this.draft.append(this.changes, change);
  }

  effect(effect: Effect): void {
    this.draft.append(this.effects, effect);
  }

  /**
   * Takes out the effects that may leave before the commit so that nobody hears silence: those that
   * only end something, and questions about a call in doubt, but for one that is still to be dialed.
   * Whatever else was to be done with a leg that is ended is pointless from then on.
   */
  takeEarly(): { readonly early: readonly Effect[]; readonly pointless: readonly Effect[] } {
    const dialing = new Set(this.effects.filter(isDialing).map(legOf));
    const isEarly = (effect: Effect): boolean =>
      isEnding(effect) || (effect.kind === 'look-at-leg' && !dialing.has(effect.legId));
    const early = this.effects.filter(isEarly);
    const legIds = new Set(early.filter(isEnding).map(legOf));
    const rest = this.effects.filter((effect) => !isEarly(effect));
    const isPointless = (effect: Effect): boolean => {
      const legId = legOf(effect);
      return legId !== undefined && legIds.has(legId);
    };
    this.draft.change<Batch>(this, { effects: rest.filter((one) => !isPointless(one)) });
    return { early, pointless: rest.filter(isPointless) };
  }

  /** Takes out the bridges that were not asked for yet. */
  takeBridges(): readonly Extract<Effect, { kind: 'bridge' }>[] {
    const bridges = this.effects.filter((effect) => effect.kind === 'bridge');
    const effects = this.effects.filter((effect) => effect.kind !== 'bridge');
    this.draft.change<Batch>(this, { effects });
    return bridges;
  }

  /** Answers a command once its consequences are durable. */
  answer(resolve: (result: CommandResult) => void, result: CommandResult): void {
    this.draft.append(this.answers, { resolve, result });
  }

  get isEmpty(): boolean {
    return (
      this.facts.length === 0 &&
      this.calls.size === 0 &&
      this.shifts.size === 0 &&
      this.leads.size === 0 &&
      this.claims.length === 0 &&
      this.releases.length === 0 &&
      this.changes.length === 0
    );
  }

  /** A commit of all that is decided got no answer; `isStored` asks for it. */
  sentWithoutAnswer(isStored: () => Promise<boolean>): void {
    const { facts, changes, claims } = this;
    const sent = { isStored, facts: facts.length, changes: changes.length, claims };
    this.draft.change<Batch>(this, { sent });
  }

  /** What became of a commit without an answer: nothing of it is stored twice. */
  settle(isStored: boolean): void {
    const { sent } = this;
    if (sent && isStored) {
      const { facts, changes } = sent;
      const claims = this.claims.filter((claim) => !sent.claims.includes(claim));
      this.draft.change<Batch>(this, { stored: { facts, changes }, claims });
    }
    this.draft.change<Batch>(this, { sent: undefined });
  }

  /** All of it as it is to be stored, its facts behind the newest one that is stored. */
  commit(upToBefore: number, epoch: number | undefined): Commit {
    const changes: Change[] = [];
    // Rows refer to calls, so calls come first.
    for (const { call } of this.calls.values()) changes.push({ kind: 'save-call', call });
    for (const { shift, headset } of this.shifts.values()) {
      changes.push({ kind: 'save-shift', record: { shift, headset } });
    }
    for (const lead of this.leads.values()) changes.push({ kind: 'save-lead', lead });
    changes.push(...this.changes.slice(this.stored.changes));
    return {
      stream: ENGINE_STREAM,
      ...given({ epoch }),
      releases: this.releases,
      claims: this.claims,
      changes,
      facts: this.facts
        .map((fact, index) => ({ ...fact, sequence: upToBefore + 1 + index }))
        .slice(this.stored.facts),
    };
  }

  giveAnswers(): void {
    for (const { resolve, result } of this.answers) resolve(result);
  }

  /** It will not be stored: anyone who asked for something in it is told so. */
  refuseAnswers(refusal: CommandResult): void {
    for (const { resolve } of this.answers) resolve(refusal);
  }
}

function isDialing({ kind }: Effect): boolean {
  return kind === 'originate';
}
