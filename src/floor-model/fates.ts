/**
 * The fates of a floor's calls and conversations. The k-th call placed and the k-th conversation
 * have the same fate under every policy, so policies differ only by their decisions.
 *
 * The shares are set so that one-to-one dialing keeps twenty agents as busy as published figures
 * say: 34 % at an answer rate of 6 %, 54 % at 15 %, 72 % at 35 %.
 */
import type { PacingOutcome } from '../domain/pacing/pacing-interface.ts';
import { exponentialOf, lognormalOf, numberedRandom } from '../lib/random.ts';
import type { DurationMs } from '../lib/time.ts';

export type SetupTimes = {
  /** Time from placing to ringing, uniformly distributed. */
  readonly postDialMinMs: DurationMs;
  readonly postDialMaxMs: DurationMs;
  /** How long it rings until a person answers: lognormal. */
  readonly ringMeanMs: DurationMs;
  readonly ringSpread: number;
  /** How long it rings until a machine answers: lognormal. */
  readonly machineRingMeanMs: DurationMs;
  readonly machineRingSpread: number;
  /** Share answered by a machine, of the calls that neither fail at once nor reach a person. */
  readonly machineShare: number;
  /** Share of people who hang up within a second of silence; absent where patience is the usual one. */
  readonly impatientShare?: number;
};

export type TalkTimes = {
  /** Share of connected people who turn out to be somebody else. */
  readonly wrongPartyShare: number;
  readonly wrongPartyMeanMs: DurationMs;
  readonly wrongPartySpread: number;
  readonly conversationMeanMs: DurationMs;
  readonly conversationSpread: number;
  readonly wrapUpMeanMs: DurationMs;
  readonly wrapUpSpread: number;
};

/** Recognition of machines at the answer: it takes time and errs. */
export type Screening = {
  readonly minMs: DurationMs;
  readonly maxMs: DurationMs;
  /** Time to recognise a machine; absent when it is the same as for a person. */
  readonly ofMachines?: { readonly minMs: DurationMs; readonly maxMs: DurationMs };
  /**
   * Longest time from the answer until an agent is sought; a call judged a machine later is taken
   * back from the agent. Absent when every call waits for its verdict.
   */
  readonly seekAfterMs?: DurationMs;
  /** Share of people taken for machines and hung up on. */
  readonly falsePositives: number;
  /** Share of machines taken for people and put through to an agent. */
  readonly machinesMissed: number;
};

/** State of the carrier; `slow` delays everything, `failing` fails every call. */
export type CarrierState = 'working' | 'slow' | 'failing';

/** Set-up of 14 s for calls that are answered. */
export const USUAL_SETUP: SetupTimes = {
  postDialMinMs: 1_500,
  postDialMaxMs: 4_000,
  ringMeanMs: 11_700,
  ringSpread: 0.6,
  machineRingMeanMs: 20_000,
  machineRingSpread: 0.2,
  machineShare: 0.5,
};

/** Talk and wrap-up of 141 s together, with about the spread of an exponential time. */
export const USUAL_TALK: TalkTimes = {
  wrongPartyShare: 0.4,
  wrongPartyMeanMs: 20_000,
  wrongPartySpread: 0.5,
  conversationMeanMs: 186_700,
  conversationSpread: 0.7,
  wrapUpMeanMs: 21_000,
  wrapUpSpread: 0.5,
};

/** Longest ringing before an answer. */
const RING_MAX_MS = 30_000;
const RING_DRAWS_MAX = 20;
const PATIENCE_MEAN_MS = 3_000;
const IMPATIENT_MAX_MS = 1_000;
const GREETING_MIN_MS = 600;
const GREETING_MAX_MS = 1_800;
const SLOW_CARRIER_EXTRA_MS = 8_000;

/** Refilled for each call. */
export type CallFate = {
  outcome: PacingOutcome;
  /** Time from placing to ringing; infinity when it never rings. */
  ringsAfterMs: DurationMs;
  /** Time from placing to the outcome; for people and machines, to the answer. */
  endsAfterMs: DurationMs;
  /** How long after the answer a person stays on a silent line. */
  patienceMs: DurationMs;
  /** Time from the answer to the end of the person's "hello". */
  greetingMs: DurationMs;
  screeningMs: DurationMs;
  /** Whether the screening judges it wrongly. */
  misjudged: boolean;
};

export type FateConditions = {
  readonly answerRate: number;
  readonly carrier: CarrierState;
  readonly setup: SetupTimes;
  readonly ringTimeoutMs: DurationMs;
  readonly screening: Screening | undefined;
};

export const blankFate = (): CallFate => ({
  outcome: 'failed',
  ringsAfterMs: 0,
  endsAfterMs: 0,
  patienceMs: 0,
  greetingMs: 0,
  screeningMs: 0,
  misjudged: false,
});

/**
 * The share of unanswered calls that ring out or reach a machine; the others fail within seconds.
 * Poorer lists have more dead numbers.
 */
export function slowShare(answerRate: number): number {
  return Math.min(0.95, Math.max(0.2, 0.66 + 0.119 * Math.log(answerRate / 0.15)));
}

/** Draws the fate of call `number` into `fate`. */
export function drawFate(
  fate: CallFate,
  seed: number,
  number: number,
  conditions: FateConditions,
): void {
  const { setup, answerRate, screening } = conditions;
  const random = numberedRandom(seed, number);
  const luck = random();
  const kind = random();
  const postDial =
    setup.postDialMinMs +
    random() * (setup.postDialMaxMs - setup.postDialMinMs) +
    (conditions.carrier === 'slow' ? SLOW_CARRIER_EXTRA_MS : 0);
  fate.patienceMs = Math.round(exponentialOf(random, PATIENCE_MEAN_MS));
  fate.greetingMs = Math.round(GREETING_MIN_MS + random() * (GREETING_MAX_MS - GREETING_MIN_MS));
  const quickness = random();
  const judged = random();
  const slowness = screening ? random() : 0;
  fate.misjudged = false;
  fate.ringsAfterMs = Math.round(postDial);
  if (conditions.carrier === 'failing') {
    fails(fate, 'failed', 200 + quickness * 1_300);
  } else if (luck < answerRate) {
    fate.misjudged = screening !== undefined && judged < screening.falsePositives;
    let ringMs = lognormalOf(random, setup.ringMeanMs, setup.ringSpread);
    for (let draw = 1; ringMs > RING_MAX_MS && draw < RING_DRAWS_MAX; draw += 1) {
      ringMs = lognormalOf(random, setup.ringMeanMs, setup.ringSpread);
    }
    ringsUntil(fate, 'person', Math.min(ringMs, RING_MAX_MS), conditions.ringTimeoutMs);
  } else if (kind < slowShare(answerRate)) {
    if (kind < setup.machineShare * slowShare(answerRate)) {
      fate.misjudged = screening !== undefined && judged < screening.machinesMissed;
      const ringMs = lognormalOf(random, setup.machineRingMeanMs, setup.machineRingSpread);
      ringsUntil(fate, 'machine', ringMs, conditions.ringTimeoutMs);
    } else {
      ringsUntil(fate, 'no-answer', Number.POSITIVE_INFINITY, conditions.ringTimeoutMs);
    }
  } else if (quickness < 0.4) {
    fails(fate, 'busy', postDial + 500);
  } else if (quickness < 0.8) {
    fails(fate, 'invalid', postDial / 2);
  } else {
    fails(fate, 'failed', 200 + postDial / 4);
  }
  if (setup.impatientShare !== undefined && random() < setup.impatientShare) {
    fate.patienceMs = Math.round(random() * IMPATIENT_MAX_MS);
  }
  fate.screeningMs = screening ? screeningMs(screening, fate.outcome, slowness) : 0;
}

function screeningMs(screening: Screening, outcome: PacingOutcome, slowness: number): DurationMs {
  const { minMs, maxMs } = (outcome === 'machine' && screening.ofMachines) || screening;
  return Math.round(minMs + slowness * (maxMs - minMs));
}

/** Whether its verdict is or will be "machine", rightly or wrongly. */
export function provesMachine({ outcome, misjudged }: CallFate): boolean {
  return misjudged ? outcome === 'person' : outcome === 'machine';
}

function fails(fate: CallFate, outcome: PacingOutcome, afterMs: DurationMs): void {
  fate.outcome = outcome;
  fate.ringsAfterMs = Number.POSITIVE_INFINITY;
  fate.endsAfterMs = Math.round(afterMs);
}

function ringsUntil(
  fate: CallFate,
  outcome: PacingOutcome,
  ringMs: DurationMs,
  ringTimeoutMs: DurationMs,
): void {
  fate.outcome = ringMs < ringTimeoutMs ? outcome : 'no-answer';
  fate.endsAfterMs = fate.ringsAfterMs + Math.round(Math.min(ringMs, ringTimeoutMs));
}

/** How long conversation `number` lasts, and the agent's wrap-up after it. */
export function drawTalk(
  seed: number,
  number: number,
  times: TalkTimes,
): { readonly talkMs: DurationMs; readonly wrapUpMs: DurationMs } {
  const random = numberedRandom(seed ^ 0x5bd1e995, number);
  const talkMs =
    random() < times.wrongPartyShare
      ? lognormalOf(random, times.wrongPartyMeanMs, times.wrongPartySpread)
      : lognormalOf(random, times.conversationMeanMs, times.conversationSpread);
  return {
    talkMs: Math.max(1, Math.round(talkMs)),
    wrapUpMs: Math.max(1, Math.round(lognormalOf(random, times.wrapUpMeanMs, times.wrapUpSpread))),
  };
}
