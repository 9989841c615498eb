import type { BankWatch } from '../../domain/abandonment/alarm.ts';
import type { AbandonmentLedger } from '../../domain/abandonment/ledger.ts';
import type { AgentShift } from '../../domain/agents/agent-shift.ts';
import type { Headset } from '../../domain/agents/headset.ts';
import type { Call } from '../../domain/calls/call.ts';
import type { CallOutcome } from '../../domain/calls/outcome.ts';
import type { Screened } from '../../domain/calls/screening.ts';
import type { Campaign } from '../../domain/campaigns/campaign.ts';
import type { PastAttempt } from '../../domain/compliance/attempt-limits.ts';
import type { Block } from '../../domain/compliance/do-not-call.ts';
import type { Creditor, Portfolio } from '../../domain/debtors/debt.ts';
import type { Debtor } from '../../domain/debtors/debtor.ts';
import type { Contact, DebtorFile, PromiseToPay } from '../../domain/debtors/history.ts';
import type { Phone } from '../../domain/debtors/phone.ts';
import type { EvidenceItem, Speaker, TypedEvidence } from '../../domain/debtors/right-party.ts';
import type { Fact } from '../../domain/facts.ts';
import type { Lead } from '../../domain/leads/lead.ts';
import type { AttemptsByPhone } from '../../domain/leads/next-attempt.ts';
import type { CampaignLearned } from '../../domain/pacing/pacer.ts';
import type { CallerId } from '../../domain/trunks/caller-id.ts';
import type { CallerIdHealth } from '../../domain/trunks/caller-id-health.ts';
import type { Trunk } from '../../domain/trunks/trunk.ts';
import type {
  AgentId,
  AttemptId,
  BlockId,
  CallId,
  CampaignId,
  CreditorId,
  DebtorId,
  DecisionId,
  LeadId,
  LegalEntityId,
  LegId,
  PhoneId,
  TrunkId,
  UserId,
} from '../../lib/ids.ts';
import type { E164 } from '../../lib/phone-number.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { AuditEntry, AuditRecord, AuditWanted } from './audit.ts';

/**
 * The database of the engine. Reading and writing are different objects: `read` sees one consistent
 * state, `transact` writes all or nothing and is durable when it resolves.
 */
export interface Store {
  /** Throws StoreHeldUpError. */
  read<T>(query: (view: StoreView) => Promise<T>): Promise<T>;
  /**
   * Throws StoreHeldUpError; and StoreError('commit-failed'): memory is then ahead of the disk for good
   * and the process must end. `at-once`: another process is not waited for.
   */
  transact<T>(
    write: (transaction: StoreTransaction) => Promise<T>,
    patience?: 'at-once',
  ): Promise<T>;
  close(): Promise<void>;
}

/**
 * The store takes nothing at the moment: another process holds it, or there is no room. Nothing of the
 * transaction is stored, and the same one may be tried again.
 */
export class StoreHeldUpError extends Error {
  override readonly name = 'StoreHeldUpError';
  override readonly cause: 'busy' | 'full';

  constructor(cause: StoreHeldUpError['cause'], message: string) {
    super(message);
    this.cause = cause;
  }
}

/**
 * How much room the disk of the database has. `low`: people are told. `full`: nothing new is dialed or
 * imported, and what is left is for the calls and dispositions of those who work.
 */
export type StorageRoom = 'ok' | 'low' | 'full';

export type StoreErrorCode =
  | 'commit-failed'
  | 'newer-schema'
  | 'corrupt-row'
  | 'not-found'
  /** At the opening: it stays so until a person does something about the file that is named. */
  | 'cannot-open'
  /** At the opening: the disk answers with errors, which a mount or a network may have for a while. */
  | 'disk-broken';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** As it is stored, since it cannot be read. */
export type UnreadLead = {
  readonly leadId: string;
  readonly debtorId: string;
  readonly error: StoreError;
};

export interface StoreView {
  // What the engine keeps in memory, read once at its start.
  /** 0 where nothing ever happened. */
  lastFactSequence(): Promise<number>;
  liveCalls(): Promise<Call[]>;
  openShifts(): Promise<ShiftRecord[]>;
  campaigns(): Promise<Campaign[]>;
  assignments(): Promise<Assignment[]>;
  trunks(): Promise<Trunk[]>;
  callerIds(): Promise<CallerId[]>;
  /** By the number that was shown. */
  callerIdHealth(): Promise<ReadonlyMap<E164, CallerIdHealth>>;
  legalEntities(): Promise<LegalEntity[]>;
  creditors(): Promise<Creditor[]>;
  portfolios(): Promise<Portfolio[]>;
  people(): Promise<Person[]>;
  pacerStates(): Promise<PacerRecord[]>;
  /** Its calls answered from the quarter of an hour of this moment on, by what they stand for. */
  abandonmentLedger(campaignId: CampaignId, from: EpochMs): Promise<AbandonmentLedger>;
  /** The newest look at the bank of each campaign that ever had one. */
  bankWatches(): Promise<ReadonlyMap<CampaignId, BankWatch>>;

  // Placing.
  /**
   * Leads of a running campaign that are due, best first: those promised a call (a callback they asked
   * for, the redial of an abandoned call), then priority descending, then `notBeforeAt`, then id.
   * Never one whose debtor is in `exceptDebtors`.
   */
  dialableLeads(query: {
    campaignId: CampaignId;
    now: EpochMs;
    limit: number;
    exceptDebtors: readonly DebtorId[];
    /** Told of each lead that cannot be read, itself or its debtor, and is left out; absent: it throws. */
    onCorrupt?: (lead: UnreadLead) => void;
  }): Promise<LeadCandidate[]>;
  /** The earliest `notBeforeAt` of a ready lead in the future; undefined where there is none. */
  nextLeadDueAt(campaignId: CampaignId, now: EpochMs): Promise<EpochMs | undefined>;
  /** Attempts since `since` of these people on any number and on these numbers for anybody. */
  pastAttempts(query: {
    debtorIds: readonly DebtorId[];
    phones: readonly E164[];
    since: EpochMs;
  }): Promise<PastAttempt[]>;
  /** Blocks on these people or numbers that have not expired. */
  blocks(query: {
    debtorIds: readonly DebtorId[];
    phones: readonly E164[];
    now: EpochMs;
  }): Promise<Block[]>;
  /** Numbers whose telephones refuse us; those that nobody has looked at first, then newest first. */
  unwantedPhones(now: EpochMs): Promise<readonly UnwantedPhone[]>;
  /** The newest right-party contact of each of these people, where there is one since `since`. */
  rightPartyContacts(
    debtorIds: readonly DebtorId[],
    since: EpochMs,
  ): Promise<ReadonlyMap<DebtorId, EpochMs>>;
  /** What is known of the person in this call, whatever the clocks said: it goes back to the screen. */
  talkRecord(callId: CallId): Promise<TalkRecord>;
  lead(id: LeadId): Promise<LeadCandidate | undefined>;
  /** How often each outcome was seen on each number of the lead in its present cycle; settled attempts only. */
  attemptsByPhone(leadId: LeadId): Promise<AttemptsByPhone>;
  /** What the screen pop shows; read when somebody answers (`read-for-agent.ts`). */
  debtorFile(
    debtorId: DebtorId,
    creditorIds: readonly CreditorId[],
    now: EpochMs,
  ): Promise<DebtorFile | undefined>;
  /** Agents who spoke with this debtor in this campaign, newest first. */
  agentsWhoKnow(debtorId: DebtorId, campaignId: CampaignId): Promise<AgentId[]>;

  // Screens.
  facts(query: { after: number; limit: number }): Promise<Fact[]>;
  /**
   * Counts of a campaign: attempts placed since a moment, and calls answered since then by what they
   * stand for in `domain/calls/standing.ts`.
   */
  campaignCounts(campaignId: CampaignId, since: EpochMs): Promise<CampaignCounts>;
  /** What screening said of the answers of a campaign since a moment, and how often agents disagreed. */
  screeningCounts(campaignId: CampaignId, since: EpochMs): Promise<ScreeningCounts>;
  /** How many of the answers of a campaign since a moment were machines by the verdict, and how soon. */
  screeningTimes(campaignId: CampaignId, since: EpochMs): Promise<ScreeningTimes>;
  /** Leads of a campaign by state and, where ready but held, by reason. Adds up to all its leads. */
  leadFunnel(campaignId: CampaignId, now: EpochMs): Promise<LeadFunnel>;
  call(id: CallId): Promise<Call | undefined>;
  /** Calls whose disposition was waited for in vain, newest first. */
  undisposedCalls(limit: number): Promise<UndisposedCall[]>;
  /** Since when the call is one of them; undefined: it is none. */
  undisposedSince(callId: CallId): Promise<EpochMs | undefined>;
  /** What an agent did since a moment: calls connected, right-party contacts, promises, talk. */
  agentTotals(agentId: AgentId, since: EpochMs): Promise<AgentTotals>;
  /** The newest first. */
  auditEntries(limit: number, wanted?: AuditWanted): Promise<AuditRecord[]>;
}

export interface StoreTransaction extends StoreView {
  appendFacts(facts: readonly Fact[]): Promise<void>;
  saveCall(call: Call): Promise<void>;
  saveShift(record: ShiftRecord): Promise<void>;
  insertDecision(decision: DecisionRow): Promise<void>;
  /** The committed row is the reservation of its place in every cap. */
  insertAttempt(attempt: AttemptRow): Promise<void>;
  settleAttempt(settled: SettledAttempt): Promise<void>;
  /** A settled attempt was a machine, and so abandoned nobody, as was learned after it. */
  attemptWasMachine(attemptId: AttemptId): Promise<void>;
  saveLead(lead: Lead): Promise<void>;
  /** A lead that cannot be read waits until then because of a mistake. */
  holdUnreadLead(leadId: string, until: EpochMs): Promise<void>;
  savePhone(phone: Phone): Promise<void>;
  /** Replaces the one with the same id: a call's entry gets its disposition later. */
  saveContact(contact: Contact & { debtorId: DebtorId }): Promise<void>;
  /** A correction replaces the semantics of the call's earlier record and keeps it in the history. */
  insertDisposition(record: DispositionRecord): Promise<void>;
  /** Off the list again when it has its disposition. */
  listUndisposedCall(row: UndisposedRow): Promise<void>;
  insertPromise(promise: PromiseToPay & { debtorId: DebtorId; callId: CallId }): Promise<void>;
  insertBlock(block: Block & { byUserId?: UserId; callId?: CallId; at: EpochMs }): Promise<void>;
  /** Its block stays, in the name of who has looked at it. */
  keepBlock(id: BlockId, byUserId: UserId): Promise<void>;
  /** From this moment on it stands no more; the row stays. */
  liftBlock(id: BlockId, at: EpochMs): Promise<void>;
  insertRightPartyContact(contact: RightPartyContact): Promise<void>;
  /** It was somebody else: the contact counts nowhere any more, and is kept. */
  withdrawRightPartyContact(callId: CallId, because: string, at: EpochMs): Promise<void>;
  saveCampaign(campaign: Campaign): Promise<void>;
  saveAssignment(assignment: Assignment, assigned: boolean): Promise<void>;
  saveBankWatch(campaignId: CampaignId, watch: BankWatch): Promise<void>;
  saveTrunk(trunk: Trunk): Promise<void>;
  saveCallerId(callerId: CallerId): Promise<void>;
  insertAudit(entry: AuditEntry): Promise<void>;
  /** Replaces the campaign's record. */
  saveCallerIdHealth(number: E164, health: CallerIdHealth): Promise<void>;
  savePacerState(record: PacerRecord, now: EpochMs): Promise<void>;
}

// ── What is stored ──────────────────────────────────────────────────────────────────────────────

/** A shift with the headset that was issued for it; the password dies with the process, not stored. */
export type ShiftRecord = { readonly shift: AgentShift; readonly headset: Headset };

export type Assignment = { readonly campaignId: CampaignId; readonly agentId: AgentId };

/** What a campaign's pacer learned of the facts up to a sequence. */
export type PacerRecord = {
  readonly campaignId: CampaignId;
  /** Of `learned`, which nobody but the pacer reads. */
  readonly schemaVersion: number;
  readonly factSequence: number;
  readonly learned: CampaignLearned;
};

export type LegalEntity = {
  readonly id: LegalEntityId;
  readonly name: string;
  readonly cnpj: string;
};

/** What the engine must know of a user. */
export type Person = {
  readonly id: UserId;
  readonly name: string;
  readonly role: 'agent' | 'supervisor' | 'admin';
  readonly enabled: boolean;
};

export type LeadCandidate = {
  readonly lead: Lead;
  readonly creditorId: CreditorId;
  readonly debtor: Debtor;
  readonly phones: readonly Phone[];
};

/** Every decision is a row, the allowing ones too (compliance evidence). */
export type DecisionRow = {
  readonly id: DecisionId;
  readonly at: EpochMs;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly debtorId: DebtorId;
  readonly phoneId: PhoneId;
  readonly profileId: string;
  readonly profileVersion: string;
  readonly allowed: boolean;
  readonly reason?: string;
  readonly clause?: string;
  readonly retryAt?: EpochMs;
  /** The results of every rule, as JSON. */
  readonly rules: string;
};

export type AttemptRow = {
  readonly id: AttemptId;
  readonly callId: CallId;
  readonly legId: LegId;
  readonly decisionId: DecisionId;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly debtorId: DebtorId;
  readonly phoneId: PhoneId;
  readonly phone: E164;
  readonly trunkId: TrunkId;
  readonly callerId: E164;
  readonly placedAt: EpochMs;
};

export type SettledAttempt = {
  readonly id: AttemptId;
  readonly endedAt: EpochMs;
  readonly outcome: CallOutcome;
  /** Whether it reached a telephone and keeps its place in the caps. */
  readonly counts: boolean;
  readonly abandoned: boolean;
  readonly cause?: number;
  readonly techCause?: number;
  readonly answeredAt?: EpochMs;
  readonly connectedAt?: EpochMs;
  readonly agentId?: AgentId;
  /** What screening said of whoever answered. */
  readonly screened?: Screened;
  /** A machine by the verdict, and connected all the same to see whether that is right. */
  readonly sampled?: boolean;
};

/** How good screening is, as far as agents told. */
export type ScreeningCounts = {
  /** Verdicts. */
  readonly person: number;
  readonly unsure: number;
  readonly machine: number;
  /** Machine verdicts that were connected all the same, to be judged by an agent. */
  readonly sampled: number;
  /** Of the sampled, those an agent called a machine or a person; silence and dropped lines are neither. */
  readonly judged: number;
  /** Of the judged, those who were people: the false machine verdicts. */
  readonly people: number;
  /** Calls whose verdict was not machine and which an agent called one. */
  readonly missed: number;
};

/** Verdicts by kind, doubt with the people, and how long they took in the mean. */
export type ScreeningTimes = {
  readonly people: number;
  readonly machines: number;
  /** From the request to the verdict; 0 without one. */
  readonly peopleMeanMs: DurationMs;
  readonly machinesMeanMs: DurationMs;
};

export type DispositionRecord = {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly debtorId: DebtorId;
  readonly leadId: LeadId;
  readonly agentId: AgentId;
  readonly code: string;
  readonly note?: string;
  readonly at: EpochMs;
  readonly correction: boolean;
  /** The form's values, as JSON. */
  readonly form?: string;
  /** Who said it in the agent's place. */
  readonly byUserId?: UserId;
};

export type RightPartyContact = {
  readonly debtorId: DebtorId;
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly at: EpochMs;
  /** By what; never what was said. */
  readonly evidence: RightPartyEvidence;
};

export type RightPartyEvidence = {
  readonly by: TypedEvidence['by'];
  readonly items: readonly EvidenceItem[];
  /** How the agent knows the voice. */
  readonly reason?: string;
  /** Who spoke for a company. */
  readonly speaker?: Speaker;
};

/** What came of a talk so far. */
export type TalkRecord = {
  readonly rightPartyConfirmed: boolean;
  /** Wrong answers to the questions who it is. */
  readonly evidenceMisses: number;
  /** The code of the disposition that stands. */
  readonly disposition?: string;
};

export type UndisposedRow = {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly agentId?: AgentId;
  /** Since when it is a supervisor's to correct. */
  readonly at: EpochMs;
};

/** What a supervisor must know of it, without a debt. */
export type UndisposedCall = UndisposedRow & {
  readonly debtorName: string;
  readonly document?: string;
  readonly phone: E164;
  readonly connectedAt?: EpochMs;
  readonly endedAt?: EpochMs;
  readonly rightPartyConfirmed: boolean;
};

export type CampaignCounts = {
  readonly attempts: number;
  /** By people. */
  readonly answered: number;
  readonly connected: number;
  readonly abandoned: number;
  /** Not among the abandoned. */
  readonly hungUpWaiting: number;
  readonly busy: number;
  readonly noAnswer: number;
  readonly invalid: number;
  readonly rejected: number;
  readonly failed: number;
  readonly rightParty: number;
  readonly promises: number;
};

export type AgentTotals = {
  readonly calls: number;
  readonly rightParty: number;
  readonly promises: number;
  readonly promisedCentavos: number;
  readonly talkMs: number;
};

export type LeadFunnel = {
  readonly total: number;
  readonly finished: number;
  readonly suppressed: number;
  readonly dialing: number;
  readonly due: number;
  /** Ready but not before a moment, by the reason of the hold. */
  readonly held: readonly {
    readonly reason: string;
    readonly leads: number;
    readonly nextAt: EpochMs;
  }[];
};

/** A block for a telephone that said our calls are unwanted. */
export type UnwantedPhone = {
  readonly blockId: BlockId;
  readonly phone: E164;
  readonly at: EpochMs;
  /** The call that was refused. */
  readonly refused?: {
    readonly debtorName: string;
    readonly campaignName: string;
    readonly creditorName: string;
    readonly sipStatus?: number;
  };
  /** Who decided that it stays blocked; absent: nobody has looked at it. */
  readonly keptByUserId?: UserId;
};
