import type { PastAttempt } from '../domain/compliance/attempt-limits.ts';
import type { FactBody, NewFact } from '../domain/facts.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { AgentId, CallId, CampaignId, DebtorId, LeadId, ShiftId, UserId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { CommandResult } from './commands.ts';
import type { Effect } from './effects.ts';
import type { StoreTransaction } from './ports/store.ts';
import type { AgentAtWork, LiveCall } from './state.ts';

/**
 * What one turn decided: changes of state to be written, facts, and effects that leave only after the
 * commit. Memory is changed while deciding; if the commit fails the process ends.
 */
export class Batch {
  readonly now: EpochMs;
  readonly facts: NewFact[] = [];
  readonly effects: Effect[] = [];
  readonly agentIds = new Set<AgentId>();
  readonly campaignIds = new Set<CampaignId>();
  /** Whom this turn has decided about: what is stored of them is a turn old until the commit. */
  readonly debtorIds = new Set<DebtorId>();
  /** Calls placed in this turn, which no query of the store can see yet. */
  readonly attempts: PastAttempt[] = [];
  /** Supply of agents or demand of calls changed: placing is worth a look before the next tick. */
  paceNow = false;
  private readonly calls = new Map<CallId, LiveCall>();
  private readonly shifts = new Map<ShiftId, AgentAtWork>();
  private readonly leads = new Map<LeadId, Lead>();
  /** Calls that memory may forget once everybody was told how they ended. */
  readonly over = new Set<CallId>();
  private readonly writes: ((transaction: StoreTransaction) => Promise<void>)[] = [];
  private readonly answers: (() => void)[] = [];

  constructor(now: EpochMs) {
    this.now = now;
  }

  fact(body: FactBody, about: Omit<NewFact, 'at' | 'body'> = {}): void {
    this.facts.push({ at: this.now, body, ...about });
    if (about.campaignId) this.campaignIds.add(about.campaignId);
    if (about.agentId) this.agentIds.add(about.agentId);
  }

  callFact(live: LiveCall, body: FactBody, agentId?: AgentId, byUserId?: UserId): void {
    this.debtorIds.add(live.call.debtorId);
    this.fact(body, {
      callId: live.call.id,
      campaignId: live.call.campaignId,
      leadId: live.call.leadId,
      ...(agentId ? { agentId } : {}),
      ...(byUserId ? { byUserId } : {}),
    });
  }

  callChanged(live: LiveCall): void {
    this.calls.set(live.call.id, live);
    this.campaignIds.add(live.call.campaignId);
    const { state } = live.call;
    if ('agentId' in state) this.agentIds.add(state.agentId);
  }

  shiftChanged(agent: AgentAtWork): void {
    this.shifts.set(agent.shift.id, agent);
    this.agentIds.add(agent.shift.agentId);
  }

  leadChanged(lead: Lead): void {
    this.leads.set(lead.id, lead);
    this.campaignIds.add(lead.campaignId);
    this.debtorIds.add(lead.debtorId);
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

  /** Any other row. Runs inside the transaction, after the states above. */
  write(write: (transaction: StoreTransaction) => Promise<void>): void {
    this.writes.push(write);
  }

  effect(effect: Effect): void {
    this.effects.push(effect);
  }

  /** Answers a command once its consequences are durable. */
  answer(resolve: (result: CommandResult) => void, result: CommandResult): void {
    this.answers.push(() => resolve(result));
  }

  get isEmpty(): boolean {
    return (
      this.facts.length === 0 &&
      this.calls.size === 0 &&
      this.shifts.size === 0 &&
      this.leads.size === 0 &&
      this.writes.length === 0
    );
  }

  async commit(transaction: StoreTransaction, upToBefore: number): Promise<void> {
    // Rows refer to calls, so calls come first.
    for (const live of this.calls.values()) await transaction.saveCall(live.call);
    for (const agent of this.shifts.values()) {
      await transaction.saveShift({ shift: agent.shift, headset: agent.headset });
    }
    for (const lead of this.leads.values()) await transaction.saveLead(lead);
    for (const write of this.writes) await write(transaction);
    await transaction.appendFacts(
      this.facts.map((fact, index) => ({ ...fact, sequence: upToBefore + 1 + index })),
    );
  }

  giveAnswers(): void {
    for (const answer of this.answers) answer();
  }
}
