import { unreachable } from '../../lib/assert.ts';
import type { DurationMs } from '../../lib/time.ts';

/**
 * How an attempt ended. `person` and `machine` were answered, all others were not. It is never
 * taken from Asterisk's dialstatus, which says NOANSWER for an unallocated number, a refusal and a
 * broken route alike (seen on 22.10.1).
 */
export type CallOutcome =
  | 'person'
  | 'machine'
  | 'busy'
  | 'no-answer'
  | 'invalid-number'
  /** The person, or their telephone, declined the call. */
  | 'rejected'
  | 'congestion'
  /** The route or the carrier's gateway failed; it says nothing about the number. */
  | 'trunk-failed'
  /** The carrier does not accept the number we show, or refuses for lack of credit or access. */
  | 'caller-id-refused'
  /** The person called marked our calls as unwanted (SIP 607); the number is not called again. */
  | 'unwanted'
  /**
   * The network refused the call for the repute of the number we show (SIP 608); it says nothing
   * about the person.
   */
  | 'spam-refused'
  /** We gave up before an answer. */
  | 'cancelled'
  /**
   * The process or the PBX died or froze during the call. What became of it cannot be known, or it
   * is known that it never left.
   */
  | 'lost'
  | 'forwarded'
  /**
   * No codec or media could be agreed: a fault of configuration that says nothing about the number.
   */
  | 'media-failed';

/** Why *we* ended a leg. Our own intent is trusted over any code that comes back. */
export type HangUpIntent =
  | 'ring-timeout'
  | 'cancelled'
  | 'agent'
  | 'after-announcement'
  /** Screening found that only a machine answered. */
  | 'machine'
  | 'orphaned';

export type LegEnd = {
  /** Q.850 cause of the channel. */
  readonly cause: number;
  /** Last SIP status of 300 or more; absent when Asterisk knew none (known since 22.7). */
  readonly techCause?: number;
  /**
   * Q.850 cause of the far end's Reason header; absent when it gave none or the trunk's are not
   * read.
   */
  readonly reasonCause?: number;
  readonly intent?: HangUpIntent;
  readonly answered: boolean;
  /** Whether a 18x was seen: the number exists and its telephone rang. */
  readonly rang: boolean;
  /** The trunk's own meanings of SIP statuses, which go before ours. */
  readonly causeOverrides?: Readonly<Record<number, CallOutcome>>;
};

/**
 * Classifies the end of a debtor's leg. An answered leg is a person unless screening said
 * otherwise, whatever codes a failed re-INVITE left behind (58 and 127 were seen on normal calls).
 */
export function classifyEnd(end: LegEnd): CallOutcome {
  if (end.answered) return end.intent === 'machine' ? 'machine' : 'person';
  return end.intent ? outcomeOfIntent(end.intent) : outcomeOfAnswer(end);
}

function outcomeOfIntent(intent: HangUpIntent): CallOutcome {
  switch (intent) {
    case 'ring-timeout':
      return 'no-answer';
    case 'cancelled':
    case 'agent':
    case 'after-announcement':
    case 'machine':
      return 'cancelled';
    case 'orphaned':
      return 'lost';
    default:
      return unreachable(intent);
  }
}

/**
 * The meaning of each SIP answer to our call: RFC 3261 §21, RFC 8224 §6.2.2 (STIR), RFC 8197 (607),
 * RFC 8688 (608). 408 depends on whether it rang. For a status missing here the Q.850 cause
 * decides.
 */
const OUTCOME_OF_STATUS: Readonly<Record<number, CallOutcome | 'no-answer-if-it-rang'>> = {
  300: 'forwarded',
  301: 'forwarded',
  302: 'forwarded',
  305: 'forwarded',
  380: 'forwarded',
  400: 'trunk-failed',
  401: 'caller-id-refused',
  402: 'caller-id-refused',
  403: 'caller-id-refused',
  404: 'invalid-number',
  406: 'media-failed',
  407: 'caller-id-refused',
  408: 'no-answer-if-it-rang',
  410: 'invalid-number',
  415: 'media-failed',
  428: 'caller-id-refused',
  436: 'caller-id-refused',
  437: 'caller-id-refused',
  438: 'caller-id-refused',
  480: 'no-answer',
  482: 'congestion',
  // Too many hops are a loop like 482, although Asterisk gives it cause 19, "no answer".
  483: 'congestion',
  484: 'invalid-number',
  485: 'invalid-number',
  486: 'busy',
  487: 'no-answer',
  488: 'media-failed',
  491: 'congestion',
  500: 'trunk-failed',
  501: 'trunk-failed',
  502: 'trunk-failed',
  503: 'congestion',
  504: 'trunk-failed',
  505: 'trunk-failed',
  600: 'busy',
  603: 'rejected',
  604: 'invalid-number',
  606: 'media-failed',
  607: 'unwanted',
  608: 'spam-refused',
};

/**
 * The meaning of each Q.850 cause (ITU-T Q.850 table 1), sent by the carrier in a Reason header or
 * made by Asterisk. Causes missing here say nothing: 16 and 31 fit any end, 127 is any translation.
 */
const OUTCOME_OF_CAUSE: Readonly<Record<number, CallOutcome>> = {
  1: 'invalid-number',
  2: 'invalid-number',
  3: 'invalid-number',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  // Switched off or out of reach: the telephone exists.
  20: 'no-answer',
  21: 'rejected',
  22: 'invalid-number',
  23: 'forwarded',
  27: 'trunk-failed',
  28: 'invalid-number',
  34: 'congestion',
  38: 'trunk-failed',
  41: 'congestion',
  42: 'congestion',
  44: 'congestion',
  47: 'congestion',
  52: 'caller-id-refused',
  57: 'caller-id-refused',
  58: 'media-failed',
  65: 'media-failed',
  88: 'media-failed',
  102: 'trunk-failed',
};

/**
 * The outcome by what the far end said, in this order. First the trunk's own meaning. Then the
 * cause of its Reason header, which a gateway copies from the telephone network, while the status
 * is only its translation. A redirection or a 6xx goes before that cause: it is the last word of
 * the callee or the network in SIP. Then the status, and at last the cause that Asterisk made of
 * it.
 */
function outcomeOfAnswer(end: LegEnd): CallOutcome {
  const { cause, techCause: status, reasonCause } = end;
  const overridden = status === undefined ? undefined : end.causeOverrides?.[status];
  if (overridden) return overridden;
  const reason = reasonCause === undefined ? undefined : OUTCOME_OF_CAUSE[reasonCause];
  const isLastWord = status !== undefined && (status < 400 || status >= 600);
  if (reason && !isLastWord) return reason;
  const known = status === undefined ? undefined : OUTCOME_OF_STATUS[status];
  if (known === 'no-answer-if-it-rang') return end.rang ? 'no-answer' : 'trunk-failed';
  return known ?? OUTCOME_OF_CAUSE[cause] ?? 'trunk-failed';
}

/**
 * The PBX ends a call with these codes when its answer had no description of its audio (seen on
 * 22.10.1).
 */
const CAUSE_WITHOUT_MEDIA = 127;
const STATUS_WITHOUT_MEDIA = 406;
/** It does so together with the answer; on a busy machine it took up to 47 ms. */
const WITHOUT_MEDIA_WITHIN_MS: DurationMs = 1_000;

/**
 * Whether what looked like an answer was none: a 200 without SDP, after no SDP in a 183. Nobody can
 * have been heard, so nobody answered. Later in a call a failed re-INVITE leaves the same codes.
 */
export function isAnswerWithoutMedia(end: {
  readonly cause: number;
  readonly techCause?: number;
  readonly earlyMedia: boolean;
  readonly answeredForMs: DurationMs;
}): boolean {
  return (
    end.cause === CAUSE_WITHOUT_MEDIA &&
    end.techCause === STATUS_WITHOUT_MEDIA &&
    !end.earlyMedia &&
    end.answeredForMs <= WITHOUT_MEDIA_WITHIN_MS
  );
}

/** How attempts that were not answered are counted, on the day's board and in reports. */
export type UnansweredCount = 'busy' | 'noAnswer' | 'invalid' | 'rejected' | 'failed';

/** Undefined for an answered call, which is counted by what became of the person. */
export function unansweredCount(outcome: CallOutcome): UnansweredCount | undefined {
  switch (outcome) {
    case 'person':
    case 'machine':
      return undefined;
    case 'busy':
      return 'busy';
    case 'no-answer':
      return 'noAnswer';
    case 'invalid-number':
      return 'invalid';
    case 'rejected':
    case 'unwanted':
      return 'rejected';
    case 'spam-refused':
    case 'cancelled':
    case 'congestion':
    case 'trunk-failed':
    case 'caller-id-refused':
    case 'lost':
    case 'forwarded':
    case 'media-failed':
      return 'failed';
    default:
      return unreachable(outcome);
  }
}

/**
 * Whether the attempt reached a telephone and counts in the caps on attempts (compliance profile,
 * frequency).
 */
export function reachedTelephone(outcome: CallOutcome, rang: boolean): boolean {
  switch (outcome) {
    case 'person':
    case 'machine':
    case 'no-answer':
    case 'rejected':
    case 'unwanted':
    case 'lost':
      return true;
    // A busy telephone disturbed nobody, unless it rang first and was then declined.
    case 'busy':
    case 'cancelled':
      return rang;
    case 'invalid-number':
    case 'congestion':
    case 'trunk-failed':
    case 'caller-id-refused':
    // The network's own judgment of our number: it reached nobody, and is not a refusal by the
    // debtor.
    case 'spam-refused':
    case 'forwarded':
    case 'media-failed':
      return false;
    default:
      return unreachable(outcome);
  }
}
