/**
 * What decisions read from the store, as data: asked for before a turn decides, answered from one
 * consistent state. A decision itself reads memory only.
 */
import type { AbandonmentLedger } from '../../domain/abandonment/ledger.ts';
import type { Call } from '../../domain/calls/call.ts';
import type { PastAttempt } from '../../domain/compliance/attempt-limits.ts';
import type { Block } from '../../domain/compliance/do-not-call.ts';
import type { DebtorFile } from '../../domain/debtors/history.ts';
import type { AttemptsByPhone } from '../../domain/leads/next-attempt.ts';
import type { NegotiationRecord } from '../../domain/negotiations/negotiation.ts';
import type { AgentId, CallId, CampaignId, CreditorId, DebtorId, LeadId } from '../../lib/ids.ts';
import type { E164 } from '../../lib/phone-number.ts';
import type { EpochMs } from '../../lib/time.ts';
import type {
  AgentTotals,
  CampaignCounts,
  LeadCandidate,
  LeadFunnel,
  Person,
  UnwantedPhone,
} from './records.ts';
import type { UnreadLead } from './unread-lead.ts';

/** One question. */
export type Need =
  /** Leads that are due, best first, with all that the gate is told of them. */
  | {
      readonly kind: 'candidates';
      readonly campaignId: CampaignId;
      readonly now: EpochMs;
      readonly limit: number;
      readonly exceptDebtors: readonly DebtorId[];
      /** How far back attempts and contacts are looked for. */
      readonly since: EpochMs;
    }
  /** What the gate is told of some people and their numbers. */
  | {
      readonly kind: 'dial-history';
      readonly debtorIds: readonly DebtorId[];
      readonly phones: readonly E164[];
      readonly leadIds: readonly LeadId[];
      readonly since: EpochMs;
      readonly now: EpochMs;
    }
  /** What an agent's screen shows of a debtor, and who spoke with them. */
  | {
      readonly kind: 'debtor-file';
      readonly debtorId: DebtorId;
      readonly campaignId: CampaignId;
      readonly creditorIds: readonly CreditorId[];
      readonly now: EpochMs;
    }
  | { readonly kind: 'lead'; readonly leadId: LeadId }
  /** A call whose disposition was waited for in vain. */
  | { readonly kind: 'undisposed-call'; readonly callId: CallId }
  /** What is known of a call beside the call itself. */
  | { readonly kind: 'call-context'; readonly callId: CallId; readonly leadId: LeadId }
  | { readonly kind: 'agent-totals'; readonly agentId: AgentId; readonly since: EpochMs }
  | { readonly kind: 'people' }
  | { readonly kind: 'lead-funnel'; readonly campaignId: CampaignId; readonly now: EpochMs }
  | { readonly kind: 'unwanted-phones'; readonly now: EpochMs }
  /** Bank and counts of a campaign's day. */
  | {
      readonly kind: 'campaign-day';
      readonly campaignId: CampaignId;
      readonly ledgerFrom: EpochMs;
      readonly countsFrom: EpochMs;
    };

export type DialHistoryRead = {
  readonly attempts: readonly PastAttempt[];
  readonly blocks: readonly Block[];
  readonly contacts: ReadonlyMap<DebtorId, EpochMs>;
  readonly attemptsByPhone: ReadonlyMap<LeadId, AttemptsByPhone>;
};

export type Answers = {
  readonly candidates: {
    readonly candidates: readonly LeadCandidate[];
    readonly unread: readonly UnreadLead[];
    /** Absent where that of one of them cannot be read: each is to be asked about by itself. */
    readonly history?: DialHistoryRead;
    /** Where nothing is due: the earliest moment of a lead in the future; absent without one. */
    readonly nextDueAt?: EpochMs;
  };
  readonly 'dial-history': DialHistoryRead;
  readonly 'debtor-file': {
    readonly agentsWhoKnow: readonly AgentId[];
    readonly file?: DebtorFile;
  };
  readonly lead: LeadCandidate | undefined;
  readonly 'undisposed-call': { readonly call: Call; readonly missingAt: EpochMs } | undefined;
  readonly 'call-context': {
    readonly candidate: LeadCandidate | undefined;
    readonly attemptsByPhone: AttemptsByPhone;
    readonly talk: NegotiationRecord;
  };
  readonly 'agent-totals': AgentTotals;
  readonly people: readonly Person[];
  readonly 'lead-funnel': LeadFunnel;
  readonly 'unwanted-phones': readonly UnwantedPhone[];
  readonly 'campaign-day': {
    readonly ledger: AbandonmentLedger;
    readonly counts: CampaignCounts;
  };
};

export type Answered<N extends Need = Need> =
  | { readonly ok: true; readonly answer: Answers[N['kind']] }
  /** It cannot be read; the others may be. */
  | { readonly ok: false; readonly error: unknown };

/** Answers in the order of the needs. */
export type Prepared<Needs extends readonly Need[]> = {
  readonly [Place in keyof Needs]: Answered<Needs[Place]>;
};
