/**
 * A lead is a debtor in a campaign's list; the dialer works through its leads.
 *
 *   ready ──reserved──▶ dialing ──a person answers──▶ in-call ──disposition──▶ waiting | finished | suppressed
 *     ▲                    │                                                      │
 *     │                    └──not answered──▶ waiting | finished                  │
 *     └───────────────────────── its moment comes ────────────────────────────────┘
 *
 * - ready: may be dialed now, as far as this campaign knows; the compliance gate decides in the end.
 * - dialing: reserved; an attempt is under way.
 * - in-call: a person is on the line.
 * - waiting: nothing to do before `notBeforeAt`, because of `holdReason`.
 * - finished: this cycle of the list is over for the lead, because of `finishedBecause`.
 * - suppressed: taken out (paid, disputed, opted out) but kept, so that it can come back.
 */
import type { CampaignId, DebtorId, LeadId, ListId, PhoneId } from '../../lib/ids.ts';
import { type EpochMs, startOfLocalDay, type ZoneName } from '../../lib/time.ts';
import type { CallOutcome } from '../calls/outcome.ts';
import type { RefusalReason } from '../compliance/refusal.ts';

/** The usual priority, between 100, dialed first, and 0, dialed last. */
export const PRIORITY_USUAL = 50;

export type LeadState = 'ready' | 'dialing' | 'waiting' | 'in-call' | 'finished' | 'suppressed';

/** How an attempt ended for the lead: a person who met no agent differs from a conversation. */
export type AttemptOutcome = CallOutcome | 'abandoned';

/** What a lead that is not dialed waits for; each reason is a line of "why is nothing dialed?". */
export type HoldReason =
  | RefusalReason
  | 'retry-delay'
  | 'callback'
  | 'promise'
  | 'agreement'
  | 'claims-paid'
  | 'disposition'
  /** A mistake of ours kept it from being decided; it is tried again later. */
  | 'mistake';

export type FinishedBecause = 'no-phone-left' | 'attempts-used-up' | 'outcome-rule' | 'disposition';

export type SuppressedBecause =
  | 'paid'
  | 'disputed'
  | 'deceased'
  | 'lawyer'
  | 'do-not-call'
  | 'agreement'
  | 'withdrawn-by-creditor'
  | 'by-supervisor';

export type Lead = {
  readonly id: LeadId;
  readonly campaignId: CampaignId;
  readonly listId: ListId;
  readonly debtorId: DebtorId;
  readonly state: LeadState;
  /** 0 to 100, higher first; 50 is usual. */
  readonly priority: number;
  /** Not dialed before this moment; 0 when it never had to wait. */
  readonly notBeforeAt: EpochMs;
  readonly holdReason?: HoldReason;
  readonly holdClause?: string;
  /**
   * The number to dial next or, while dialing, the number being dialed; absent before one is
   * chosen.
   */
  readonly nextPhoneId?: PhoneId;
  /**
   * When the debtor asked for a call at `notBeforeAt`, as evidence of that wish; absent without
   * one.
   */
  readonly callbackAskedAt?: EpochMs;
  /** Whether the next call makes up for an abandoned one; see `needsGuaranteedAgent`. */
  readonly agentGuaranteed: boolean;
  /** The round of the list that this lead is in; 1 at first. */
  readonly cycle: number;
  /** Attempts in this cycle, on any number. */
  readonly attempts: number;
  readonly lastOutcome?: AttemptOutcome;
  readonly lastAttemptAt?: EpochMs;
  readonly finishedBecause?: FinishedBecause;
  readonly suppressedBecause?: SuppressedBecause;
};

/**
 * Whether the next call may be placed only with an agent reserved for it. It is so for the redial
 * of a person who was abandoned earlier on the same day. From the next day on they are called like
 * anybody else, but before others.
 */
export function needsGuaranteedAgent(
  { agentGuaranteed, lastAttemptAt }: Pick<Lead, 'agentGuaranteed' | 'lastAttemptAt'>,
  now: EpochMs,
  zone: ZoneName,
): boolean {
  return (
    agentGuaranteed && lastAttemptAt !== undefined && lastAttemptAt >= startOfLocalDay(now, zone)
  );
}

/**
 * What a disposition or a command decides about the lead, over the campaign's rules for retries.
 */
export type LeadPlan =
  | { readonly kind: 'by-rules' }
  | {
      readonly kind: 'wait';
      readonly notBeforeAt: EpochMs;
      readonly holdReason: HoldReason;
      /** The number to call; absent when the rules choose it. */
      readonly phoneId?: PhoneId;
      readonly callbackAskedAt?: EpochMs;
    }
  /** No further call to this number; the debtor's other numbers may follow. */
  | { readonly kind: 'next-phone'; readonly notBeforeAt: EpochMs }
  | { readonly kind: 'finish'; readonly because: FinishedBecause }
  | { readonly kind: 'suppress'; readonly because: SuppressedBecause };
