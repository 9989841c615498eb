/**
 * A lead is a debtor in a campaign's list: the thing the dialer works through.
 *
 *   ready ──reserved──▶ dialing ──a person answers──▶ in-call ──disposition──▶ waiting | finished | suppressed
 *     ▲                    │                                                      │
 *     │                    └──not answered──▶ waiting | finished                  │
 *     └───────────────────────── its moment comes ────────────────────────────────┘
 *
 * - ready: may be dialed now, as far as this campaign knows; the compliance gate has the last word.
 * - dialing: reserved, an attempt is under way.
 * - in-call: a person is on the line.
 * - waiting: nothing to do before `notBeforeAt`, because of `holdReason`.
 * - finished: this cycle of the list is over for it, because of `finishedBecause`.
 * - suppressed: taken out by somebody (paid, disputed, opted out) and kept, so that it can come back.
 */
import type { CampaignId, DebtorId, LeadId, ListId, PhoneId } from '../../lib/ids.ts';
import { type EpochMs, startOfLocalDay, type ZoneName } from '../../lib/time.ts';
import type { CallOutcome } from '../calls/outcome.ts';
import type { RefusalReason } from '../compliance/refusal.ts';

/** From whom a lead comes first to whom it comes last: 100 to 0. */
export const PRIORITY_USUAL = 50;

export type LeadState = 'ready' | 'dialing' | 'waiting' | 'in-call' | 'finished' | 'suppressed';

/** How an attempt ended for the lead: a person who met no agent is not the same as a talk. */
export type AttemptOutcome = CallOutcome | 'abandoned';

/** What a lead that is not dialed waits for; the lines of "why is nothing dialed?". */
export type HoldReason =
  | RefusalReason
  | 'retry-delay'
  | 'callback'
  | 'promise'
  | 'agreement'
  | 'claims-paid'
  | 'disposition'
  /** It could not be decided, which is ours to mend; it is asked about again later. */
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
  /** 0 to 100, higher first. 50 is usual. */
  readonly priority: number;
  /** Not dialed before this; 0 when it never had to wait. */
  readonly notBeforeAt: EpochMs;
  readonly holdReason?: HoldReason;
  readonly holdClause?: string;
  /** The number to be dialed next, and while dialing the one being dialed. */
  readonly nextPhoneId?: PhoneId;
  /** The debtor asked for a call at `notBeforeAt`, at this moment; that wish is the evidence. */
  readonly callbackAskedAt?: EpochMs;
  /** The next call makes an abandoned one good: see `needsGuaranteedAgent`. */
  readonly agentGuaranteed: boolean;
  /** How often the list was started over for this lead; 1 in the first round. */
  readonly cycle: number;
  /** In this cycle, on any number. */
  readonly attempts: number;
  readonly lastOutcome?: AttemptOutcome;
  readonly lastAttemptAt?: EpochMs;
  readonly finishedBecause?: FinishedBecause;
  readonly suppressedBecause?: SuppressedBecause;
};

/**
 * Whether the next call may be placed only with an agent reserved for it: the redial of a person who
 * was abandoned earlier on the same day. From the next day on they are called as anybody is, before others.
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

/** What a disposition or a command says of the lead, over the campaign's own rules for retries. */
export type LeadPlan =
  | { readonly kind: 'by-rules' }
  | {
      readonly kind: 'wait';
      readonly notBeforeAt: EpochMs;
      readonly holdReason: HoldReason;
      /** Absent: the number which the rules would take. */
      readonly phoneId?: PhoneId;
      readonly callbackAskedAt?: EpochMs;
    }
  /** This number is done with; others of the debtor may follow. */
  | { readonly kind: 'next-phone'; readonly notBeforeAt: EpochMs }
  | { readonly kind: 'finish'; readonly because: FinishedBecause }
  | { readonly kind: 'suppress'; readonly because: SuppressedBecause };
