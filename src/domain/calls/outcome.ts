import { unreachable } from '../../lib/assert.ts';

/**
 * How an attempt ended. `person` and `machine` were answered; everything else was not.
 * Never taken from Asterisk's dialstatus, which says NOANSWER for an unallocated number, a refusal
 * and a broken route alike (seen on 22.10.1).
 */
export type CallOutcome =
  | 'person'
  | 'machine'
  | 'busy'
  | 'no-answer'
  | 'invalid-number'
  /** The person, or his telephone, declined the call. */
  | 'rejected'
  | 'congestion'
  /** The route or the carrier's gateway failed; says nothing about the number. */
  | 'trunk-failed'
  /** The carrier does not accept the number we show, or our credit or access. */
  | 'caller-id-refused'
  /** Refused as unwanted, by the person's telephone or by the carrier's analytics (SIP 607, 608). */
  | 'spam-refused'
  /** We gave up before an answer. */
  | 'cancelled'
  /** What became of it cannot be known: the process or Asterisk died in between. */
  | 'lost'
  | 'forwarded'
  /** No codec or media could be agreed: a configuration error, not a fact about the number. */
  | 'media-failed';

/** Why *we* ended a leg. Our own intent is trusted before any code that comes back. */
export type HangUpIntent =
  | 'ring-timeout'
  | 'cancelled'
  | 'agent'
  | 'supervisor'
  | 'after-announcement'
  /** Screening found that nobody answered but a machine. */
  | 'machine'
  | 'vetoed'
  | 'orphaned'
  | 'shift-ended';

export type LegEnd = {
  /** Q.850 cause of the channel. */
  readonly cause: number;
  /** Last SIP status at or above 300, where Asterisk knew one (22.7 and newer). */
  readonly techCause?: number;
  readonly intent?: HangUpIntent;
  readonly answered: boolean;
  /** A 18x was seen: the number exists and its telephone rang. */
  readonly rang: boolean;
  /** The trunk's own reading of SIP statuses, before ours. */
  readonly causeOverrides?: Readonly<Record<number, CallOutcome>>;
};

/**
 * Classifies the end of a debtor's leg. An answered leg is a person unless screening said otherwise,
 * whatever codes a failed re-INVITE left behind (58 and 127 were seen on normal calls).
 */
export function classifyEnd(end: LegEnd): CallOutcome {
  if (end.answered) return end.intent === 'machine' ? 'machine' : 'person';
  const intended = end.intent && outcomeOfIntent(end.intent);
  if (intended) return intended;
  if (end.techCause !== undefined) {
    const overridden = end.causeOverrides?.[end.techCause];
    if (overridden) return overridden;
    const known = outcomeOfSipStatus(end.techCause, end.rang);
    if (known) return known;
  }
  return outcomeOfCause(end.cause);
}

function outcomeOfIntent(intent: HangUpIntent): CallOutcome {
  switch (intent) {
    case 'ring-timeout':
      return 'no-answer';
    case 'cancelled':
    case 'vetoed':
    case 'agent':
    case 'supervisor':
    case 'shift-ended':
    case 'after-announcement':
    case 'machine':
      return 'cancelled';
    case 'orphaned':
      return 'lost';
    default:
      return unreachable(intent);
  }
}

/** SIP statuses, RFC 3261 §21 and the STIR ones of RFC 8224 §6.2.2. Undefined: ask the Q.850 cause. */
function outcomeOfSipStatus(status: number, rang: boolean): CallOutcome | undefined {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 480:
    case 487:
      return 'no-answer';
    case 408:
      return rang ? 'no-answer' : 'trunk-failed';
    case 404:
    case 410:
    case 484:
    case 485:
    case 604:
      return 'invalid-number';
    case 603:
      return 'rejected';
    case 607:
    case 608:
      return 'spam-refused';
    case 401:
    case 402:
    case 403:
    case 407:
    case 428:
    case 436:
    case 437:
    case 438:
      return 'caller-id-refused';
    case 488:
    case 606:
    case 415:
      return 'media-failed';
    case 301:
    case 302:
      return 'forwarded';
    case 503:
    case 482:
    // Too many hops is a loop like 482, though Asterisk gives it cause 19, "no answer".
    case 483:
    case 491:
      return 'congestion';
    case 500:
    case 501:
    case 502:
    case 504:
      return 'trunk-failed';
    default:
      return undefined;
  }
}

/** Q.850 causes, ITU-T Q.850 table 1; used where no SIP status is known. */
function outcomeOfCause(cause: number): CallOutcome {
  switch (cause) {
    case 17:
      return 'busy';
    case 18:
    case 19:
      return 'no-answer';
    case 1:
    case 2:
    case 3:
    case 22:
    case 28:
      return 'invalid-number';
    case 21:
      return 'rejected';
    case 52:
    case 57:
      return 'caller-id-refused';
    case 34:
    case 42:
    case 44:
    case 47:
      return 'congestion';
    case 58:
    case 65:
    case 88:
      return 'media-failed';
    case 23:
      return 'forwarded';
    default:
      return 'trunk-failed';
  }
}

/** Whether the attempt reached a telephone: it counts for the caps on attempts (compliance profile, frequency). */
export function reachedTelephone(outcome: CallOutcome, rang: boolean): boolean {
  switch (outcome) {
    case 'person':
    case 'machine':
    case 'no-answer':
    case 'rejected':
    case 'spam-refused':
    case 'lost':
      return true;
    // A telephone that was busy disturbed nobody, unless it rang first and was then declined.
    case 'busy':
    case 'cancelled':
      return rang;
    case 'invalid-number':
    case 'congestion':
    case 'trunk-failed':
    case 'caller-id-refused':
    case 'forwarded':
    case 'media-failed':
      return false;
    default:
      return unreachable(outcome);
  }
}
