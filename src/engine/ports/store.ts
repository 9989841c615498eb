import type { BankWatch } from '../../domain/abandonment/alarm.ts';
import type { AbandonmentLedger } from '../../domain/abandonment/ledger.ts';
import type { Approval } from '../../domain/approvals/approval.ts';
import type { Call } from '../../domain/calls/call.ts';
import type { Campaign } from '../../domain/campaigns/campaign.ts';
import type { PastAttempt } from '../../domain/compliance/attempt-limits.ts';
import type { Block } from '../../domain/compliance/do-not-call.ts';
import type { Creditor, Portfolio } from '../../domain/debtors/debt.ts';
import type { DebtorFile } from '../../domain/debtors/history.ts';
import type { Fact } from '../../domain/facts.ts';
import type { AttemptsByPhone } from '../../domain/leads/next-attempt.ts';
import type { NegotiationRecord } from '../../domain/negotiations/negotiation.ts';
import type { CallerId } from '../../domain/trunks/caller-id.ts';
import type { CallerIdHealth } from '../../domain/trunks/caller-id-health.ts';
import type { Trunk } from '../../domain/trunks/trunk.ts';
import type { AgentId, CallId, CampaignId, CreditorId, DebtorId, LeadId } from '../../lib/ids.ts';
import type { E164 } from '../../lib/phone-number.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { AuditRecord, AuditWanted } from './audit.ts';
import type { Commit, CommitResult } from './commit.ts';
import type { Need, Prepared } from './needs.ts';
import type {
  AgentTotals,
  Assignment,
  CampaignCounts,
  LeadCandidate,
  LeadFunnel,
  LegalEntity,
  PacerRecord,
  Person,
  ScreeningCounts,
  ScreeningTimes,
  SettingVersion,
  ShiftRecord,
  UndisposedCall,
  UnwantedPhone,
} from './records.ts';
import type { UnreadLead } from './unread-lead.ts';

/** The database of the engine: `read` sees one consistent state, `commit` stores all or nothing. */
export interface Store {
  /** Throws StoreHeldUpError. */
  read<T>(query: (view: StoreView) => Promise<T>): Promise<T>;
  /**
   * Answers all that decisions are about to need, in its order, from one consistent state. What cannot
   * be read of one need does not cost the others. Throws StoreHeldUpError.
   */
  prepare<const Needs extends readonly Need[]>(needs: Needs): Promise<Prepared<Needs>>;
  /**
   * Stores all of it or nothing; durable when it resolves. A lost claim is an answer, and then nothing
   * is stored. Throws StoreHeldUpError; and
   * StoreError('commit-failed'): memory is then ahead of the disk for good and the process must end.
   * `at-once`: another process is not waited for.
   */
  commit(commit: Commit, patience?: 'at-once'): Promise<CommitResult>;
  close(): Promise<void>;
}

/**
 * The store takes nothing at the moment: another process holds it, its server gives no answer, or there
 * is no room. Nothing of the transaction is stored, and the same one may be tried again.
 */
export class StoreHeldUpError extends Error {
  override readonly name = 'StoreHeldUpError';
  override readonly cause: 'busy' | 'silent' | 'full';
  /**
   * Present for a commit of the engine that may be stored all the same, because only its answer is
   * missing: it is asked before the next try. Throws StoreHeldUpError while the store does not say.
   */
  readonly isStored: (() => Promise<boolean>) | undefined;

  constructor(
    cause: StoreHeldUpError['cause'],
    message: string,
    isStored?: StoreHeldUpError['isStored'],
  ) {
    super(message);
    this.cause = cause;
    this.isStored = isStored;
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
  /** Something is to be sealed or opened, and this process was given no key ring. */
  | 'no-key-ring'
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

export interface StoreView {
  // What the engine keeps in memory, read once at its start.
  /** 0 where nothing ever happened in the stream. */
  lastFactSequence(stream: string): Promise<number>;
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
  /** Requests that nobody has decided, withdrawn or let expire, the oldest first. */
  openApprovals(): Promise<Approval[]>;
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
  /**
   * Numbers whose telephones refuse us; those that nobody has looked at first, then newest first. Of
   * some campaigns: those only that refused a call of one of them.
   */
  unwantedPhones(
    now: EpochMs,
    ofCampaigns?: readonly CampaignId[],
  ): Promise<readonly UnwantedPhone[]>;
  /** The newest right-party contact of each of these people, where there is one since `since`. */
  rightPartyContacts(
    debtorIds: readonly DebtorId[],
    since: EpochMs,
  ): Promise<ReadonlyMap<DebtorId, EpochMs>>;
  /** What is known of the person in this call, whatever the clocks said: it goes back to the screen. */
  talkRecord(callId: CallId): Promise<NegotiationRecord>;
  lead(id: LeadId): Promise<LeadCandidate | undefined>;
  /** How often each outcome was seen on each number of the lead in its present cycle; settled attempts only. */
  attemptsByPhone(leadId: LeadId): Promise<AttemptsByPhone>;
  /** The same for several leads at once; one that was never tried is missing. */
  attemptsByPhones(leadIds: readonly LeadId[]): Promise<ReadonlyMap<LeadId, AttemptsByPhone>>;
  /** What the screen pop shows; read when somebody answers (`read-for-agent.ts`). */
  debtorFile(
    debtorId: DebtorId,
    creditorIds: readonly CreditorId[],
    now: EpochMs,
  ): Promise<DebtorFile | undefined>;
  /** Agents who spoke with this debtor in this campaign, newest first. */
  agentsWhoKnow(debtorId: DebtorId, campaignId: CampaignId): Promise<AgentId[]>;

  // Screens.
  /** Of one stream, in their order, each body in the newest shape of its kind. */
  facts(query: { stream: string; after: number; limit: number }): Promise<Fact[]>;
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
  /** Calls whose disposition was waited for in vain, newest first; of all campaigns or of some. */
  undisposedCalls(limit: number, ofCampaigns?: readonly CampaignId[]): Promise<UndisposedCall[]>;
  /** Since when the call is one of them; undefined: it is none. */
  undisposedSince(callId: CallId): Promise<EpochMs | undefined>;
  /** What an agent did since a moment: calls connected, right-party contacts, promises, talk. */
  agentTotals(agentId: AgentId, since: EpochMs): Promise<AgentTotals>;
  /** What a thing was set to, the newest first. */
  settingVersions(
    subject: SettingVersion['subject'],
    subjectId: string,
    limit: number,
  ): Promise<SettingVersion[]>;
  /** The newest version of each thing that has one, by its id. */
  newestSettingVersions(subject: SettingVersion['subject']): Promise<ReadonlyMap<string, number>>;
  /**
   * The newest first. Of some campaigns: rows about them, their lists and calls, and the telephones
   * that refused these calls.
   */
  auditEntries(
    limit: number,
    wanted?: AuditWanted,
    ofCampaigns?: readonly CampaignId[],
  ): Promise<AuditRecord[]>;
}
