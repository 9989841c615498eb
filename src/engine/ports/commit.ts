/**
 * What one turn stores, as data: what applies it may be a table of statements, another thread or
 * another process. Everything in it can be cloned.
 */
import type { BankWatch } from '../../domain/abandonment/alarm.ts';
import type { Approval } from '../../domain/approvals/approval.ts';
import type { Call } from '../../domain/calls/call.ts';
import type { Campaign } from '../../domain/campaigns/campaign.ts';
import type { Block } from '../../domain/compliance/do-not-call.ts';
import type { HistoryEntry, PromiseToPay } from '../../domain/debtors/history.ts';
import type { Phone } from '../../domain/debtors/phone.ts';
import type { Fact } from '../../domain/facts.ts';
import type { Lead } from '../../domain/leads/lead.ts';
import type { CallerIdHealth } from '../../domain/trunks/caller-id-health.ts';
import type {
  AttemptId,
  BlockId,
  CallId,
  CampaignId,
  DebtorId,
  LegId,
  UserId,
} from '../../lib/ids.ts';
import type { E164 } from '../../lib/phone-number.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { AuditEntry } from './audit.ts';
import type { NewJob } from './new-job.ts';
import type {
  Assignment,
  AttemptRow,
  DecisionRow,
  DispositionRecord,
  NegotiationDraftRow,
  NewSettingVersion,
  PacerRecord,
  RightPartyContact,
  SettledAttempt,
  ShiftRecord,
  UndisposedRow,
} from './records.ts';

/** Whose facts and lease they are: the engine's. */
export const ENGINE_STREAM = 'engine';

/** Stored as one, all of it or nothing. */
export type Commit = {
  readonly stream: string;
  /** Of the lease of the stream; a commit under another one is refused. Absent: nobody took a lease. */
  readonly epoch?: number;
  /** Legs that are gone: what they held is free, for a claim of this very commit too. */
  readonly releases: readonly LegId[];
  /** What must be so, and be held from then on, for anything of the commit to be stored. */
  readonly claims: readonly Claim[];
  /** Applied in this order. */
  readonly changes: readonly Change[];
  /** Their sequences are given by the one who writes the stream, and never twice. */
  readonly facts: readonly Fact[];
};

/**
 * What a call that is placed must hold alone or find unchanged. Person and number are held until the leg
 * is gone; the lead and the caps are looked at once, before anything of the commit is applied.
 */
export type Claim = { readonly legId: LegId } & (
  | { readonly kind: 'person'; readonly debtorId: DebtorId }
  | { readonly kind: 'number'; readonly phone: E164 }
  /** Still as it was read. */
  | {
      readonly kind: 'lead';
      readonly lead: Pick<Lead, 'id' | 'state' | 'notBeforeAt' | 'cycle' | 'attempts'>;
    }
  /** This attempt is at most the so many-th of the person, or of the number, since a moment. */
  | {
      readonly kind: 'cap';
      readonly of: { readonly debtorId: DebtorId } | { readonly phone: E164 };
      readonly since: EpochMs;
      readonly max: number;
    }
);

/** With a lost claim nothing of the commit is stored. It is an answer: the same without it may be. */
export type CommitResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly lost: readonly Claim[] };

/** Whom a live call holds. */
export type Held = {
  readonly legId: LegId;
  readonly debtorId: DebtorId;
  readonly phone: E164;
};

/** One write. */
export type Change =
  | { readonly kind: 'save-call'; readonly call: Call }
  | { readonly kind: 'save-shift'; readonly record: ShiftRecord }
  | { readonly kind: 'save-lead'; readonly lead: Lead }
  /** A lead that cannot be read waits until then because of a mistake. */
  | { readonly kind: 'hold-unread-lead'; readonly leadId: string; readonly until: EpochMs }
  | { readonly kind: 'insert-decision'; readonly decision: DecisionRow }
  /** The committed row is the reservation of its place in every cap. */
  | { readonly kind: 'insert-attempt'; readonly attempt: AttemptRow }
  | { readonly kind: 'settle-attempt'; readonly settled: SettledAttempt }
  /** A settled attempt was a machine, and so abandoned nobody, as was learned after it. */
  | { readonly kind: 'attempt-was-machine'; readonly attemptId: AttemptId }
  | { readonly kind: 'save-phone'; readonly phone: Phone }
  /** Replaces the one with the same id: a call's entry gets its disposition later. */
  | {
      readonly kind: 'save-contact';
      readonly contact: HistoryEntry & { readonly debtorId: DebtorId };
    }
  /** A correction replaces the semantics of the call's earlier record and keeps it in the history. */
  | { readonly kind: 'insert-disposition'; readonly record: DispositionRecord }
  /** Off the list again when it has its disposition. */
  | { readonly kind: 'list-undisposed-call'; readonly row: UndisposedRow }
  | { readonly kind: 'insert-promise'; readonly promise: StoredPromise }
  | { readonly kind: 'insert-block'; readonly block: StoredBlock }
  /** Its block stays, in the name of who has looked at it. */
  | { readonly kind: 'keep-block'; readonly blockId: BlockId; readonly byUserId: UserId }
  /** From this moment on it stands no more; the row stays. */
  | { readonly kind: 'lift-block'; readonly blockId: BlockId; readonly at: EpochMs }
  | { readonly kind: 'insert-right-party-contact'; readonly contact: RightPartyContact }
  /** It was somebody else: the contact counts nowhere any more, and is kept. */
  | {
      readonly kind: 'withdraw-right-party-contact';
      readonly callId: CallId;
      readonly because: string;
      readonly at: EpochMs;
    }
  /** Replaces the draft of the same call. */
  | { readonly kind: 'save-negotiation-draft'; readonly row: NegotiationDraftRow }
  | { readonly kind: 'remove-negotiation-draft'; readonly callId: CallId }
  /** Removes drafts that nobody has typed in since this moment, a thousand at most. */
  | { readonly kind: 'purge-negotiation-drafts'; readonly before: EpochMs }
  | { readonly kind: 'save-campaign'; readonly campaign: Campaign }
  | { readonly kind: 'add-setting-version'; readonly version: NewSettingVersion }
  | {
      readonly kind: 'save-assignment';
      readonly assignment: Assignment;
      readonly assigned: boolean;
    }
  | { readonly kind: 'save-bank-watch'; readonly campaignId: CampaignId; readonly watch: BankWatch }
  | { readonly kind: 'insert-audit'; readonly entry: AuditEntry }
  | {
      readonly kind: 'save-caller-id-health';
      readonly number: E164;
      readonly health: CallerIdHealth;
    }
  /** After a start: what the live calls of the stream hold, and nothing else of it. */
  | { readonly kind: 'reconcile-claims'; readonly stream: string; readonly held: readonly Held[] }
  /** Replaces the campaign's record. */
  | { readonly kind: 'save-pacer-state'; readonly record: PacerRecord; readonly at: EpochMs }
  /** Nothing where another one with its key waits or is taken. */
  | { readonly kind: 'add-job'; readonly job: NewJob }
  /** A request for an approval, or the state it came to. */
  | { readonly kind: 'save-approval'; readonly approval: Approval };

export type StoredPromise = PromiseToPay & {
  readonly debtorId: DebtorId;
  readonly callId: CallId;
};

export type StoredBlock = Block & {
  readonly byUserId?: UserId;
  readonly callId?: CallId;
  readonly at: EpochMs;
};
