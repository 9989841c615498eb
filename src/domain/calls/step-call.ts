import { unreachable } from '../../lib/assert.ts';
import { given } from '../../lib/given.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type {
  Call,
  CallEffect,
  CallFact,
  CallOrder,
  CallSignal,
  CallState,
  CallStep,
  CallTimer,
} from './call.ts';
import {
  announce,
  askHangUp,
  ended,
  legGone,
  legLost,
  lostOutcome,
  next,
  refused,
  same,
  setupMs,
  waitedMs,
  wasMetInTime,
  withoutAbandonment,
} from './end-call.ts';
import { SCREENING_RESERVE_MS, VERDICT_AGE_MAX_MS } from './screening.ts';
import { isPastLimit, messageAt } from './standing.ts';

/** Bridging takes milliseconds; after this time the agent is given back and another one sought. */
const BRIDGE_MAX_MS = 1_500;
/** How long a stranded person waits for another agent after their own did not come back. */
export const SEEK_ANOTHER_MAX_MS = 10_000;

/**
 * Begins a call whose permit is spent at this moment. The engine adds the effect that dials it,
 * with the permit.
 */
export function beginCall(order: CallOrder): CallStep {
  return {
    call: { ...order, state: { kind: 'placing' }, rang: false, earlyMedia: false, version: 1 },
    effects: [{ kind: 'set-timer', timer: 'ring', at: order.placedAt + order.ringTimeoutMs }],
    facts: [],
  };
}

/** Applies one signal from the world. Deterministic; returns the same call when nothing changes. */
export function stepCall(call: Call, signal: CallSignal, now: EpochMs): CallStep {
  if (call.state.kind === 'ended') return same(call);
  switch (signal.kind) {
    case 'leg-ended':
      return legGone(call, now, signal);
    case 'leg-lost':
      return legLost(call, signal.pbxLivedSince, now);
    case 'leg-refused':
      // Refuses a request that dialed nobody. If the telephone has rung already, the refusal is
      // about something else.
      return call.state.kind === 'placing' ? refused(call, signal.reason, now) : same(call);
    case 'hang-up-asked':
      return askHangUp(call, signal.intent, now);
    case 'timer':
      return timerRang(call, signal.timer, now);
    case 'greeting-ended':
      return greetingEnded(call, signal.silentMs, now);
    case 'leg-screened':
      return screened(call, signal, now);
    default:
      return inState(call, signal, now);
  }
}

type AnyState = 'leg-ended' | 'leg-lost' | 'leg-refused' | 'hang-up-asked' | 'timer';
type StateSignal = Exclude<CallSignal, { kind: AnyState | 'greeting-ended' | 'leg-screened' }>;

function inState(call: Call, signal: StateSignal, now: EpochMs): CallStep {
  switch (call.state.kind) {
    case 'placing':
    case 'ringing':
      return beforeAnswer(call, signal, now);
    case 'screening':
    case 'waiting':
      return whileWaiting(call, signal, now);
    case 'connecting':
      return whileConnecting(call, call.state, signal, now);
    case 'talking':
      return whileTalking(call, call.state, signal, now);
    case 'stranded':
      return whileStranded(call, call.state, signal, now);
    case 'announcing':
      return signal.kind === 'announcement-ended'
        ? askHangUp(call, 'after-announcement', now)
        : same(call);
    case 'ended':
      return same(call);
    default:
      return unreachable(call.state);
  }
}

// ── placing, ringing ────────────────────────────────────────────────────────────────────────────

function beforeAnswer(call: Call, signal: StateSignal, now: EpochMs): CallStep {
  switch (signal.kind) {
    case 'leg-ringing':
      if (call.state.kind === 'ringing') return same(call);
      return {
        call: next(call, { state: { kind: 'ringing', since: now }, rang: true }),
        effects: [],
        facts: [{ kind: 'call-ringing' }],
      };
    case 'leg-early-media':
      if (call.earlyMedia) return same(call);
      return {
        call: next(call, { earlyMedia: true }),
        effects: [],
        facts: [{ kind: 'call-early-media' }],
      };
    case 'leg-answered':
      return answered(call, now);
    case 'found-unattended':
      return unattended(call, now);
    default:
      return same(call);
  }
}

function answered(before: Call, now: EpochMs): CallStep {
  // An answer that crosses our own hang-up is still an answer, but nobody may be connected any
  // more.
  const leaving = before.hangUpIntent !== undefined;
  const verdictBy = now + before.waitMaxMs - SCREENING_RESERVE_MS;
  const screensFirst = before.screening?.mode === 'before' && !leaving && verdictBy > now;
  const call = next(before, {
    state: { kind: screensFirst ? 'screening' : 'waiting', since: now },
    rang: true,
    answeredAt: now,
  });
  return {
    call,
    effects: leaving
      ? []
      : [
          { kind: 'clear-timer', timer: 'ring' },
          setDeadline(call),
          ...(call.screening ? [{ kind: 'screen' as const, legId: call.legId }] : []),
          screensFirst
            ? { kind: 'set-timer', timer: 'screening', at: verdictBy }
            : { kind: 'seek-agent' },
        ],
    facts: [
      {
        kind: 'call-answered',
        ringMs: setupMs(call, now),
        ...given({
          isScreenedFirst: screensFirst ? true : undefined,
          isGreetingUnheard:
            before.clockStart === 'greeting-ended' && !before.screening ? true : undefined,
        }),
      },
    ],
  };
}

/**
 * Answered while no process ran: the person heard nobody for longer than the limit, and counts as
 * abandoned.
 */
function unattended(call: Call, now: EpochMs): CallStep {
  const answer = answered(call, now);
  const waiting = { ...answer.call, abandonment: 'unattended' as const };
  const facts: CallFact[] = [
    { kind: 'call-answered', ringMs: setupMs(call, now) },
    { kind: 'call-abandoned', because: 'unattended', waitMs: call.waitMaxMs },
  ];
  if (call.hangUpIntent) return { call: waiting, effects: [], facts };
  const told = announce(waiting, 'nobody-free', now);
  return {
    call: told.call,
    effects: [{ kind: 'clear-timer', timer: 'ring' }, ...told.effects],
    facts,
  };
}

// ── waiting ─────────────────────────────────────────────────────────────────────────────────────

function whileWaiting(call: Call, signal: StateSignal, now: EpochMs): CallStep {
  if (call.hangUpIntent) return same(call);
  if (signal.kind === 'found-unattended') {
    const over = screeningOver(call, 'time-up', now);
    const told = announce({ ...over.call, abandonment: 'unattended' }, 'nobody-free', now);
    const waitMs = waitedMs(call, now);
    return {
      ...told,
      facts: [...over.facts, { kind: 'call-abandoned', because: 'unattended', waitMs }],
    };
  }
  if (signal.kind !== 'agent-assigned' || call.state.kind !== 'waiting') return same(call);
  return {
    call: next(call, {
      state: {
        kind: 'connecting',
        since: now,
        agentId: signal.agentId,
        bridgeId: signal.bridgeId,
      },
    }),
    effects: [
      { kind: 'bridge', legId: call.legId, bridgeId: signal.bridgeId },
      { kind: 'set-timer', timer: 'bridge', at: now + BRIDGE_MAX_MS },
    ],
    facts: [{ kind: 'call-assigned', agentId: signal.agentId }],
  };
}

/** Restarts the limit's clock, only once and only while it still runs from the answer. */
function greetingEnded(before: Call, silentMs: DurationMs, now: EpochMs): CallStep {
  const isOver = before.greetingEndedAt ?? before.connectedAt ?? before.hangUpIntent;
  const isTold = before.abandonment !== undefined || before.state.kind === 'announcing';
  const isWaiting = before.answeredAt !== undefined && !isTold;
  const runsFromIt = before.clockStart === 'greeting-ended' && isWaiting && isOver === undefined;
  if (!runsFromIt || isPastLimit(before, now)) return same(before);
  const endedAt = Math.max(before.answeredAt ?? now, now - silentMs);
  const call = next(before, { greetingEndedAt: endedAt });
  return {
    call,
    effects: [setDeadline(call)],
    facts: [{ kind: 'call-greeting-ended', greetingMs: waitedMs(call, endedAt) }],
  };
}

function setDeadline(call: Call): CallEffect {
  return { kind: 'set-timer', timer: 'deadline', at: messageAt(call) ?? call.placedAt };
}

// ── connecting ──────────────────────────────────────────────────────────────────────────────────

type Connecting = Extract<CallState, { kind: 'connecting' }>;

function whileConnecting(
  call: Call,
  state: Connecting,
  signal: StateSignal,
  now: EpochMs,
): CallStep {
  switch (signal.kind) {
    case 'leg-bridged':
      return signal.bridgeId === state.bridgeId ? connected(call, state, now) : same(call);
    case 'leg-bridge-failed':
      return signal.bridgeId === state.bridgeId
        ? backToWaiting(call, state, 'bridge-failed', now)
        : same(call);
    case 'agent-lost':
      return signal.agentId === state.agentId
        ? backToWaiting(call, state, 'agent-lost', now)
        : same(call);
    default:
      return same(call);
  }
}

function connected(call: Call, state: Connecting, now: EpochMs): CallStep {
  const again = call.connectedAt !== undefined;
  const waitMs = waitedMs(call, now);
  const mayBeLate = !again && call.abandonment === undefined && call.hangUpIntent !== 'machine';
  const late = mayBeLate && isPastLimit(call, now - 1);
  return {
    call: next(call, {
      state: { ...state, kind: 'talking', since: now },
      connectedAt: call.connectedAt ?? now,
      agentId: call.agentId ?? state.agentId,
      ...given({ abandonment: late ? 'late' : undefined }),
    }),
    effects: [
      { kind: 'clear-timer', timer: 'bridge' },
      { kind: 'clear-timer', timer: 'deadline' },
    ],
    facts: [
      {
        kind: 'call-connected',
        agentId: state.agentId,
        waitMs,
        again,
        ...given({
          isLate: late ? true : undefined,
          isUnscreened: call.screening && !call.screened ? true : undefined,
        }),
      },
      ...(late ? [{ kind: 'call-abandoned' as const, because: 'late' as const, waitMs }] : []),
    ],
  };
}

/**
 * The agent did not hear the person yet, who goes on waiting for another one within the same limit.
 */
function backToWaiting(call: Call, state: Connecting, because: string, now: EpochMs): CallStep {
  // The leg is being ended: nobody else is sought, and the agent is given back when it is gone.
  if (call.hangUpIntent) return same(call);
  if (call.connectedAt !== undefined) {
    return strand(call, state, now, [{ kind: 'call-unassigned', agentId: state.agentId, because }]);
  }
  const waiting = next(call, { state: { kind: 'waiting', since: call.answeredAt ?? now } });
  const facts: CallFact[] = [{ kind: 'call-unassigned', agentId: state.agentId, because }];
  if (now >= (messageAt(call) ?? now)) {
    const told = abandonAtLimit(waiting, now);
    return {
      call: told.call,
      effects: [{ kind: 'clear-timer', timer: 'bridge' }, ...told.effects],
      facts: [...facts, ...told.facts],
    };
  }
  return {
    call: waiting,
    effects: [{ kind: 'clear-timer', timer: 'bridge' }, { kind: 'seek-agent' }],
    facts,
  };
}

// ── talking, stranded ───────────────────────────────────────────────────────────────────────────

type Together = Extract<CallState, { kind: 'talking' | 'connecting' }>;

function whileTalking(call: Call, state: Together, signal: StateSignal, now: EpochMs): CallStep {
  const lost = signal.kind === 'agent-lost' && signal.agentId === state.agentId;
  return lost && !call.hangUpIntent ? strand(call, state, now, []) : same(call);
}

function strand(call: Call, state: Together, now: EpochMs, before: readonly CallFact[]): CallStep {
  return {
    call: next(call, {
      state: {
        kind: 'stranded',
        since: now,
        agentId: state.agentId,
        bridgeId: state.bridgeId,
        seeking: false,
      },
    }),
    effects: [
      { kind: 'clear-timer', timer: 'bridge' },
      { kind: 'hold', legId: call.legId },
      { kind: 'set-timer', timer: 'grace', at: now + call.graceMs },
    ],
    facts: [...before, { kind: 'call-stranded', agentId: state.agentId }],
  };
}

function whileStranded(
  call: Call,
  state: Extract<CallState, { kind: 'stranded' }>,
  signal: StateSignal,
  now: EpochMs,
): CallStep {
  if (call.hangUpIntent) return same(call);
  const back = signal.kind === 'agent-back' && signal.agentId === state.agentId;
  const taken = signal.kind === 'agent-assigned' && state.seeking;
  if (!back && !taken) return same(call);
  const { agentId, bridgeId } = signal;
  return {
    call: next(call, { state: { kind: 'connecting', since: now, agentId, bridgeId } }),
    effects: [
      { kind: 'clear-timer', timer: 'grace' },
      { kind: 'bridge', legId: call.legId, bridgeId },
      { kind: 'set-timer', timer: 'bridge', at: now + BRIDGE_MAX_MS },
    ],
    facts: [{ kind: 'call-assigned', agentId }],
  };
}

// ── screening ───────────────────────────────────────────────────────────────────────────────────

/**
 * Applies screening's verdict. A machine is hung up on, whatever the call's state, and an agent who
 * has it gets free; when in doubt it is a person. The first verdict counts, and only once.
 */
function screened(
  call: Call,
  signal: Extract<CallSignal, { kind: 'leg-screened' }>,
  now: EpochMs,
): CallStep {
  if (!call.screening || call.screened || call.answeredAt === undefined) return same(call);
  const { verdict, cause, screenedMs } = signal;
  const inTime = call.state.kind === 'screening';
  const heeded =
    !call.hangUpIntent && !signal.agentKnows && waitedMs(call, now) <= VERDICT_AGE_MAX_MS;
  const ends = verdict === 'machine' && heeded && !call.screening.sampled;
  const sampled = verdict === 'machine' && call.screening.sampled;
  const consequence = ends ? 'ended' : sampled ? 'sampled' : 'none';
  const known = next(call, { screened: { verdict, cause, screenedMs } });
  const fact: CallFact = {
    kind: 'call-screened',
    verdict,
    cause,
    screenedMs,
    inTime,
    setupMs: setupMs(call, now),
    consequence,
    ...given({ wasConnected: wasMetInTime(call) ? true : undefined }),
  };
  if (ends) {
    const { effects, ...left } = askHangUp(known, 'machine', now);
    return { call: withoutAbandonment(left.call), effects, facts: [fact] };
  }
  const rest = inTime ? screeningOver(known, 'verdict', now) : overdueAbandonment(known, now);
  return { ...rest, facts: [fact, ...rest.facts] };
}

/** From here on the person waits like any other, for the rest of the limit. */
function screeningOver(call: Call, because: 'verdict' | 'time-up', now: EpochMs): CallStep {
  if (call.state.kind !== 'screening' || call.hangUpIntent) return same(call);
  return {
    call: next(call, { state: { kind: 'waiting', since: call.answeredAt ?? now } }),
    effects: [{ kind: 'clear-timer', timer: 'screening' }, { kind: 'seek-agent' }],
    facts: [{ kind: 'screening-over', because, setupMs: setupMs(call, now) }],
  };
}

/** The limit came before the end of screening, because a clock jumped. */
function overdueScreening(call: Call, now: EpochMs): CallStep {
  if (call.hangUpIntent) return same(call);
  const over = screeningOver(call, 'time-up', now);
  const told = abandonAtLimit(over.call, now);
  return { ...told, facts: [...over.facts, ...told.facts] };
}

/**
 * Counts an abandonment that was left open until the verdict, now that a person is known to be
 * there.
 */
function overdueAbandonment(call: Call, now: EpochMs): CallStep {
  const { state } = call;
  const isOpen = state.kind === 'announcing' && state.because === 'nobody-free';
  if (!isOpen || call.abandonment || call.connectedAt !== undefined) return same(call);
  const waitMs = waitedMs(call, Math.min(state.since, now));
  return {
    call: next(call, { abandonment: 'limit' }),
    effects: [],
    facts: [{ kind: 'call-abandoned', because: 'limit', waitMs }],
  };
}

// ── timers ──────────────────────────────────────────────────────────────────────────────────────

function timerRang(call: Call, timer: CallTimer, now: EpochMs): CallStep {
  const { state } = call;
  switch (timer) {
    case 'ring':
      return state.kind === 'placing' || state.kind === 'ringing'
        ? askHangUp(call, 'ring-timeout', now)
        : same(call);
    case 'screening':
      return screeningOver(call, 'time-up', now);
    case 'deadline':
      if (state.kind === 'screening') return overdueScreening(call, now);
      return state.kind === 'waiting' && !call.hangUpIntent
        ? abandonAtLimit(call, now)
        : same(call);
    case 'bridge':
      // A timer that was due in the turn in which another agent came does not belong to that agent.
      return state.kind === 'connecting' && now >= state.since + BRIDGE_MAX_MS
        ? backToWaiting(call, state, 'bridge-slow', now)
        : same(call);
    case 'grace':
      return state.kind === 'stranded' && !call.hangUpIntent
        ? graceOver(call, state, now)
        : same(call);
    case 'announcement':
      return state.kind === 'announcing' ? askHangUp(call, 'after-announcement', now) : same(call);
    case 'hang-up':
      // The PBX was asked to end the leg and never reported its end: the leg counts as lost.
      return call.hangUpIntent
        ? ended(call, now, lostOutcome(call), 'network', { because: 'hang-up-unanswered' })
        : same(call);
    default:
      return unreachable(timer);
  }
}

/**
 * The agent did not come back: another one is sought for a while, then the person hears the
 * message.
 */
function graceOver(
  call: Call,
  state: Extract<CallState, { kind: 'stranded' }>,
  now: EpochMs,
): CallStep {
  if (state.seeking) return announce(call, 'agent-lost', now);
  return {
    call: next(call, { state: { ...state, seeking: true } }),
    effects: [
      { kind: 'set-timer', timer: 'grace', at: now + SEEK_ANOTHER_MAX_MS },
      { kind: 'seek-agent' },
    ],
    facts: [],
  };
}

/**
 * At the limit. When the verdict is still open, the same message is played, and the call is counted
 * at the verdict.
 */
function abandonAtLimit(call: Call, now: EpochMs): CallStep {
  if (call.screening && !call.screened) return announce(call, 'nobody-free', now);
  const told = announce({ ...call, abandonment: 'limit' }, 'nobody-free', now);
  return {
    ...told,
    facts: [{ kind: 'call-abandoned', because: 'limit', waitMs: waitedMs(call, now) }],
  };
}
