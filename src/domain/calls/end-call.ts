/** How a call ends, and what it then counts as; `step-call.ts` decides when. */
import { given } from '../../lib/given.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { Call, CallFact, CallStep, CallTimer, HungUpBy, LegRefusal } from './call.ts';
import {
  type CallOutcome,
  classifyEnd,
  type HangUpIntent,
  isAnswerWithoutMedia,
  reachedTelephone,
} from './outcome.ts';
import { isPastLimit } from './standing.ts';

/** After our ring time-out we ask the PBX to give up; this is the longest wait for its answer. */
const HANG_UP_ANSWER_MAX_MS = 5_000;
/**
 * An announcement that never reports its end is cut after this time. The longest that we ship takes
 * seven seconds.
 */
const ANNOUNCEMENT_MAX_MS = 20_000;

/** The leg is gone, no matter who ended it. */
export function legGone(
  call: Call,
  now: EpochMs,
  end: { cause: number; techCause?: number; reasonCause?: number; intent?: HangUpIntent },
): CallStep {
  const intent = call.hangUpIntent ?? end.intent;
  const { earlyMedia } = call;
  if (call.answeredAt !== undefined) {
    const answeredForMs = now - call.answeredAt;
    if (isAnswerWithoutMedia({ ...end, earlyMedia, answeredForMs }))
      return heardNothing(call, now, end);
  }
  const outcome = classifyEnd({
    cause: end.cause,
    answered: call.answeredAt !== undefined,
    rang: call.rang,
    causeOverrides: call.causeOverrides,
    ...given({ techCause: end.techCause, reasonCause: end.reasonCause, intent }),
  });
  return ended(call, now, outcome, whoHungUp(call, intent), end);
}

/** The call looked answered for a moment but was not: nobody was met, waited or was abandoned. */
function heardNothing(
  call: Call,
  now: EpochMs,
  end: { cause: number; techCause?: number },
): CallStep {
  const {
    answeredAt: _answer,
    connectedAt: _connected,
    greetingEndedAt: _greeting,
    ...rest
  } = call;
  const wasScreenedFirst = call.state.kind === 'screening';
  const never = withoutAbandonment({ ...rest, state: { kind: 'placing' } });
  const step = ended(never, now, 'media-failed', 'network', end);
  const answerWithdrawn = wasScreenedFirst ? ('untold' as const) : ('told' as const);
  return {
    ...step,
    facts: step.facts.map((fact) =>
      fact.kind === 'call-ended' ? { ...fact, answerWithdrawn } : fact,
    ),
  };
}

function whoHungUp(call: Call, intent: HangUpIntent | undefined): HungUpBy {
  if (intent === 'agent') return 'agent';
  if (intent) return 'us';
  return call.answeredAt === undefined ? 'network' : 'debtor';
}

/** The call reached nobody: the PBX did not dial it, or it is known never to have left. */
export function refused(call: Call, because: LegRefusal, now: EpochMs): CallStep {
  const outcome = because === NEVER_LEFT ? 'lost' : 'cancelled';
  return ended(call, now, outcome, 'us', { because, isRefused: true });
}

/** The refusal of a call that was requested and is known for certain not to have been dialed. */
export const NEVER_LEFT = 'never-left' satisfies LegRefusal;

/** Ends the call: clears its timers, and counts a person who was left waiting. */
export function ended(
  call: Call,
  now: EpochMs,
  outcome: CallOutcome,
  hungUpBy: HungUpBy,
  end: {
    cause?: number;
    techCause?: number;
    reasonCause?: number;
    because?: string;
    isRefused?: true;
  },
): CallStep {
  const left = leftWaiting(call, now);
  const lastedMs = setupMs(call, now);
  const unscreened = call.state.kind === 'screening' && call.hangUpIntent !== 'machine';
  return {
    call: next(call, {
      state: { kind: 'ended', at: now, outcome, hungUpBy },
      ...given({ abandonment: left?.abandonment }),
    }),
    effects: ALL_TIMERS.map((timer) => ({ kind: 'clear-timer', timer })),
    facts: [
      ...(unscreened
        ? [{ kind: 'screening-over' as const, because: 'left' as const, setupMs: lastedMs }]
        : []),
      ...(left ? [left.fact] : []),
      {
        kind: 'call-ended',
        outcome,
        hungUpBy,
        talkMs: call.connectedAt === undefined ? 0 : Math.max(0, now - call.connectedAt),
        lastedMs,
        ...given({
          isUnscreened: call.screening && !call.screened && wasMetInTime(call) ? true : undefined,
        }),
        counts: !end.isRefused && reachedTelephone(outcome, call.rang),
        ...given({
          cause: end.cause,
          techCause: end.techCause,
          reasonCause: end.reasonCause,
          because: end.because,
        }),
      },
    ],
  };
}

/**
 * Counts a person who met no agent and was not counted yet. At the limit they are abandoned,
 * however the line ended: a bridge under way, or our own hang-up, may have delayed the deadline. If
 * we hang up on a person before the limit, we have left them too.
 */
function leftWaiting(
  call: Call,
  now: EpochMs,
):
  | { readonly abandonment: 'limit' | 'cut-off' | 'hung-up-waiting'; readonly fact: CallFact }
  | undefined {
  if (call.answeredAt === undefined || call.connectedAt !== undefined) return undefined;
  if (call.abandonment !== undefined || call.hangUpIntent === 'machine') return undefined;
  // A person who heard the message waited until it began; then we gave them up.
  if (call.state.kind === 'announcing') {
    const waitMs = waitedMs(call, call.state.since);
    return { abandonment: 'limit', fact: { kind: 'call-abandoned', because: 'limit', waitMs } };
  }
  const waitMs = waitedMs(call, now);
  const isPast = isPastLimit(call, now);
  if (!isPast && call.hangUpIntent === undefined) {
    return { abandonment: 'hung-up-waiting', fact: { kind: 'call-hung-up-waiting', waitMs } };
  }
  const because = isPast ? 'limit' : 'cut-off';
  return { abandonment: because, fact: { kind: 'call-abandoned', because, waitMs } };
}

const ALL_TIMERS: readonly CallTimer[] = [
  'ring',
  'screening',
  'deadline',
  'bridge',
  'grace',
  'announcement',
  'hang-up',
];

/**
 * Ends a call that nobody could steer any more, whatever its state. A person who had answered and
 * met no agent was left by us; a machine was not.
 */
export function givenUp(call: Call, now: EpochMs): CallStep {
  const isMachine = call.hangUpIntent === 'machine';
  const left: Call = isMachine ? call : { ...call, hangUpIntent: 'orphaned' };
  return ended(left, now, isMachine ? 'machine' : 'lost', 'us', { because: 'given-up' });
}

/**
 * Ends a call whose end nobody saw. If the PBX lived on, neither it nor we hung up, so a person who
 * talked with an agent hung up at some moment since. Otherwise the network may have ended the call,
 * and it does not count as ended by the debtor.
 */
export function legLost(call: Call, pbxLivedSince: EpochMs | undefined, now: EpochMs): CallStep {
  const isDebtors =
    pbxLivedSince !== undefined &&
    call.connectedAt !== undefined &&
    call.hangUpIntent === undefined;
  const step = ended(call, now, lostOutcome(call), isDebtors ? 'debtor' : 'network', {});
  const { state } = step.call;
  if (!isDebtors || state.kind !== 'ended') return step;
  const notBefore = Math.min(now, Math.max(pbxLivedSince, call.connectedAt ?? 0));
  return { ...step, call: { ...step.call, state: { ...state, notBefore } } };
}

/** The outcome of a call whose end nobody saw. */
export function lostOutcome(call: Call): CallOutcome {
  if (call.answeredAt !== undefined) return call.hangUpIntent === 'machine' ? 'machine' : 'person';
  return call.hangUpIntent === 'ring-timeout' ? 'no-answer' : 'lost';
}

/**
 * The ended call, once it is known that only a machine had answered: a machine is not abandoned.
 */
export function provedMachine(call: Call): Call {
  const { state } = call;
  if (state.kind !== 'ended' || state.outcome !== 'person') return call;
  return next(withoutAbandonment(call), { state: { ...state, outcome: 'machine' } });
}

/** The call without its abandonment. */
export function withoutAbandonment(call: Call): Call {
  const { abandonment: _none, ...rest } = call;
  return rest;
}

export function waitedMs(call: Call, now: EpochMs): number {
  return call.answeredAt === undefined ? 0 : Math.max(0, now - call.answeredAt);
}

/** Whether an agent heard the person within the limit. */
export function wasMetInTime(call: Call): boolean {
  return call.connectedAt !== undefined && call.abandonment === undefined;
}

/** Time since the call was placed. */
export function setupMs(call: Call, now: EpochMs): number {
  return Math.max(0, now - call.placedAt);
}

export function next(call: Call, change: Partial<Call>): Call {
  return { ...call, ...change, version: call.version + 1 };
}

export function same(call: Call): CallStep {
  return { call, effects: [], facts: [] };
}

/** Plays the reason why nobody speaks; the call ends after it. */
export function announce(
  call: Call,
  because: 'nobody-free' | 'agent-lost',
  now: EpochMs,
): CallStep {
  const announcement = because === 'nobody-free' ? 'abandonment' : 'agent-lost';
  return {
    call: next(call, { state: { kind: 'announcing', since: now, because } }),
    effects: [
      { kind: 'announce', legId: call.legId, announcement },
      { kind: 'set-timer', timer: 'announcement', at: now + ANNOUNCEMENT_MAX_MS },
    ],
    facts: [],
  };
}

/** Asks the PBX to end the leg; the call ends when the leg does. */
export function askHangUp(call: Call, intent: HangUpIntent, now: EpochMs): CallStep {
  if (call.hangUpIntent) return same(call);
  return {
    call: next(call, { hangUpIntent: intent }),
    effects: [
      { kind: 'hang-up', legId: call.legId, intent },
      { kind: 'set-timer', timer: 'hang-up', at: now + HANG_UP_ANSWER_MAX_MS },
    ],
    facts: [],
  };
}
