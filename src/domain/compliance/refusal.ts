import { unreachable } from '../../lib/assert.ts';
import type { EpochMs } from '../../lib/time.ts';

/**
 * Why a call may not be placed: one word for each rule, for rows, counts and sentences on screens.
 */
export type RefusalReason =
  | 'simulated-trunks-only'
  | 'unknown-place'
  | 'outside-calling-hours'
  | 'holiday'
  | 'phone-wrong'
  | 'phone-invalid'
  /** The telephone marked our calls as unwanted, and nobody has looked into it yet. */
  | 'phone-unwanted'
  | 'do-not-call'
  /** Paid, disputed, promised or agreed: nothing to collect for now. */
  | 'debt-held'
  | 'already-in-call'
  | 'contacts-person-day'
  | 'attempts-person-day'
  | 'attempts-phone-day'
  | 'attempts-person-7-days'
  | 'attempts-person-month'
  | 'gap-phone'
  | 'gap-person'
  | 'gap-after-busy'
  | 'right-party-contact-today'
  | 'redial-after-abandonment'
  | 'caller-id-not-owned'
  | 'caller-id-inactive'
  | 'caller-id-expired'
  | 'caller-id-mobile'
  | 'caller-id-not-on-trunk'
  /** The network refuses calls from it for its repute, so it rests. */
  | 'caller-id-resting'
  | 'ring-time';

/** The rules of the gate, in the order in which they are asked. */
export type RuleName =
  | 'simulated-trunks'
  | 'calling-hours'
  | 'phone-status'
  | 'do-not-call'
  | 'one-call-at-a-time'
  | 'attempt-caps'
  | 'attempt-gaps'
  | 'right-party-contact'
  | 'redial-after-abandonment'
  | 'caller-id'
  | 'ring-time';

/** What one rule said about one request: a line of the decision row. */
export type RuleResult = {
  readonly rule: RuleName;
  readonly passed: boolean;
  /** Counts and moments that the rule saw, without personal data: `2 of 4 today`. */
  readonly detail: string;
};

/** A rule's refusal. Without `retryAt`, waiting alone will not change it. */
export type Refusal = {
  readonly reason: RefusalReason;
  /** The law, or the line of the profile, that refuses. */
  readonly clause: string;
  readonly retryAt?: EpochMs;
};

/** A rule's answer to the gate: a refusal, or what it saw. */
export type RuleAnswer = { readonly detail: string; readonly refusal?: Refusal };

/**
 * What a refusal is about, and so what may help: another moment, another number of the same person,
 * nothing for this person for now, or another trunk or caller ID.
 */
export type RefusalSubject = 'moment' | 'phone' | 'person' | 'route';

export function refusalSubject(reason: RefusalReason): RefusalSubject {
  switch (reason) {
    case 'outside-calling-hours':
    case 'holiday':
      return 'moment';
    case 'unknown-place':
    case 'phone-wrong':
    case 'phone-invalid':
    case 'phone-unwanted':
    case 'attempts-phone-day':
    case 'gap-phone':
    case 'gap-after-busy':
      return 'phone';
    case 'do-not-call':
    case 'debt-held':
    case 'already-in-call':
    case 'contacts-person-day':
    case 'attempts-person-day':
    case 'attempts-person-7-days':
    case 'attempts-person-month':
    case 'gap-person':
    case 'right-party-contact-today':
    case 'redial-after-abandonment':
      return 'person';
    case 'simulated-trunks-only':
    case 'caller-id-not-owned':
    case 'caller-id-inactive':
    case 'caller-id-expired':
    case 'caller-id-mobile':
    case 'caller-id-not-on-trunk':
    case 'caller-id-resting':
    case 'ring-time':
      return 'route';
    default:
      return unreachable(reason);
  }
}
