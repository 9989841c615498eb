import { unreachable } from '../../lib/assert.ts';
import type { DurationMs } from '../../lib/time.ts';

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
  /** The person, or their telephone, declined the call. */
  | 'rejected'
  | 'congestion'
  /** The route or the carrier's gateway failed; says nothing about the number. */
  | 'trunk-failed'
  /** The carrier does not accept the number we show, or our credit or access. */
  | 'caller-id-refused'
  /** The called person says that our calls are unwanted (SIP 607); the number is not called again. */
  | 'unwanted'
  /** The network refused it for the repute of the number we show (SIP 608): nothing of the person. */
  | 'spam-refused'
  /** We gave up before an answer. */
  | 'cancelled'
  /**
   * The process or the PBX died or froze in between: what became of it cannot be known, or it is known
   * that it never left.
   */
  | 'lost'
  | 'forwarded'
  /** No codec or media could be agreed: a configuration error, not a fact about the number. */
  | 'media-failed';

/** Why *we* ended a leg. Our own intent is trusted before any code that comes back. */
export type HangUpIntent =
  | 'ring-timeout'
  | 'cancelled'
  | 'agent'
  | 'after-announcement'
  /** Screening found that nobody answered but a machine. */
  | 'machine'
  | 'orphaned';

export type LegEnd = {
  /** Q.850 cause of the channel. */
  readonly cause: number;
  /** Last SIP status at or above 300, where Asterisk knew one (22.7 and newer). */
  readonly techCause?: number;
  /** Q.850 cause that the far end gave in a Reason header, where the trunk's are read. */
  readonly reasonCause?: number;
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
 * What each SIP answer to our call means: RFC 3261 §21, RFC 8224 §6.2.2 (STIR), RFC 8197 (607), RFC 8688
 * (608). 408 depends on whether it rang. A status that is not here leaves the word to the Q.850 cause.
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
  // Too many hops is a loop like 482, though Asterisk gives it cause 19, "no answer".
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
 * What each Q.850 cause means (ITU-T Q.850 table 1), said by the carrier in a Reason header or made by
 * Asterisk of what it knows. What is not here says nothing: 16 and 31 are any end, 127 is any translation.
 */
const OUTCOME_OF_CAUSE: Readonly<Record<number, CallOutcome>> = {
  1: 'invalid-number',
  2: 'invalid-number',
  3: 'invalid-number',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  // Switched off or out of reach: there is such a telephone.
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
 * What the far end said. The trunk's own reading comes first. Then the cause of its Reason header, which
 * a gateway copies from the telephone network; the status is only its translation. But not over a
 * redirection or a 6xx, which are the callee's or the network's own last word in SIP. Then the status,
 * and at last what Asterisk made of it all.
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

/** The PBX ends a call so when its answer carried no description of its audio (seen on 22.10.1). */
const CAUSE_WITHOUT_MEDIA = 127;
const STATUS_WITHOUT_MEDIA = 406;
/** It does so in the moment of the answer; it was up to 47 ms on a busy machine. */
const WITHOUT_MEDIA_WITHIN_MS: DurationMs = 1_000;

/**
 * Whether what looked like an answer was none: a 200 without SDP, and none before it in a 183. Nobody can
 * have been heard, so nobody answered. Later in a call the same codes are left by a failed re-INVITE.
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

/** Undefined for an answered call, which counts by what became of the person. */
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

/** Whether the attempt reached a telephone: it counts for the caps on attempts (compliance profile, frequency). */
export function reachedTelephone(outcome: CallOutcome, rang: boolean): boolean {
  switch (outcome) {
    case 'person':
    case 'machine':
    case 'no-answer':
    case 'rejected':
    case 'unwanted':
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
    // The network's own judgment of our number: it reached nobody, and is no refusal of the debtor's.
    case 'spam-refused':
    case 'forwarded':
    case 'media-failed':
      return false;
    default:
      return unreachable(outcome);
  }
}
