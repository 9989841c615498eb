/**
 * An agent at work, from sign-in to sign-out. A shift is working time, so every change is a fact.
 *
 *   preparing ──ready──▶ available ◀──ready── paused ◀── pause asked, disposition never came ────┐
 *                                                                                               │
 *     ┌──────────────────────────▶ available ──reserved──▶ reserved ──connected──▶ talking ─────┤
 *     │                                ▲                      │                      │          │
 *     │                                └────── released ──────┘             call over│          │
 *     ├──────────────── disposed, time is up ───────────────── wrapping-up ◀─────────┘          │
 *     │                                                             │ time is up, not disposed  │
 *     └──────────────── disposed ──────────────────────────── undisposed ◀──────────────────────┘
 *   any ──sign-out──▶ ended, with a call in hand once that is over and disposed
 *
 * Two more facts about an agent are stored beside the activity: whether their screen is connected and
 * whether their headset is pinned. Agents count as free only while available, seen and heard. When
 * either is lost they keep their place, and come back to it.
 *
 * - preparing: signed in, audio not checked yet.
 * - reserved: chosen for an answered call that is being bridged; not free for another.
 * - wrapping-up: after the call, until the disposition is recorded and its time is used or waived.
 * - undisposed: the wrap-up is over and the campaign's disposition is missing. No call is offered. After
 *   the campaign's bound the call is a supervisor's to correct, and the agent is paused until they say
 *   that they are ready: an agent who let a disposition wait for minutes may not be at the desk.
 * - paused: by the agent with a reason, by a supervisor, or because a disposition is missing. A
 *   supervisor's pause ends when a supervisor releases the agent; a supervisor's rest also ends after
 *   the usual length of such a rest. The agent may always take a break, and go home.
 */
import { unreachable } from '../../lib/assert.ts';
import { given } from '../../lib/given.ts';
import type { AgentId, CallId, ShiftId } from '../../lib/ids.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import { BREAKS } from './pauses.ts';
import type {
  Activity,
  AgentShift,
  ShiftEffect,
  ShiftEnd,
  ShiftSignal,
  ShiftStep,
  ShiftTimer,
} from './shift.ts';
import {
  askedBySupervisor,
  askPause,
  pauseNow,
  planRest,
  restBegins,
  signOutAskedBy,
  takeBack,
} from './shift-asks.ts';
import {
  become,
  callOf,
  cardOf,
  change,
  endShift,
  freedBy,
  isFree,
  isKept,
  isPresent,
  mayTakeBack,
  same,
} from './shift-moves.ts';

export type {
  Activity,
  ActivityKind,
  AgentShift,
  Asker,
  ShiftEffect,
  ShiftEnd,
  ShiftFact,
  ShiftSignal,
  ShiftStep,
  ShiftTimer,
} from './shift.ts';
export { callOf, cardOf, isFree, isKept, isPresent, mayTakeBack, signOutAskedBy };

/** An agent about to rest is given no call, because it would take minutes of the rest. */
const LEAVES_BEFORE_REST_MS = 5_000;
/** The longest time without a screen; after it the shift ends. */
export const ABSENCE_MAX_MS = 15 * 60_000;

export function beginShift(id: ShiftId, agentId: AgentId, now: EpochMs): AgentShift {
  return {
    id,
    agentId,
    startedAt: now,
    activity: { kind: 'preparing', since: now },
    screen: { connected: true, since: now },
    headset: { pinned: false, since: now },
    version: 1,
  };
}

/** When the agent stops taking calls because a planned rest is near; undefined without one. */
export function leavesAt({ restsAt }: AgentShift): EpochMs | undefined {
  return restsAt === undefined ? undefined : restsAt - LEAVES_BEFORE_REST_MS;
}

/** Applies one signal; returns the same shift when nothing changes. */
export function stepShift(shift: AgentShift, signal: ShiftSignal, now: EpochMs): ShiftStep {
  if (shift.activity.kind === 'ended') return same(shift);
  switch (signal.kind) {
    case 'screen-connected':
    case 'screen-lost':
      return screenIs(shift, signal.kind === 'screen-connected', now);
    case 'headset-pinned':
    case 'headset-lost':
      return headsetIs(shift, signal.kind === 'headset-pinned', now);
    case 'go-available':
      return goAvailable(shift, now);
    case 'pause':
      return askPause(shift, signal.reason, signal.by, now);
    case 'plan-rest':
      return planRest(shift, signal.at, signal.by);
    case 'take-pause-back':
    case 'take-rest-back':
    case 'take-sign-out-back':
      return takeBack(shift, signal.kind, signal.by);
    case 'extend-wrap-up':
      return extendWrapUp(shift, signal.byMs);
    case 'sign-out':
      return signOut(shift, signal.because, now);
    case 'timer':
      return timerRang(shift, signal.timer, now);
    default:
      return aboutCall(shift, signal, now);
  }
}

type CallSignal = Extract<ShiftSignal, { callId: CallId }>;

function aboutCall(shift: AgentShift, signal: CallSignal, now: EpochMs): ShiftStep {
  const { activity } = shift;
  if (signal.kind === 'reserved') {
    if (activity.kind !== 'available' || activity.freeAt !== undefined) return same(shift);
    return become(shift, { kind: 'reserved', since: now, callId: signal.callId });
  }
  if (signal.kind === 'given-back') return givenBack(shift, signal, now);
  if (activity.kind === 'paused' && activity.undisposedCallId === signal.callId) {
    return ofUndisposed(shift, activity, signal.kind, now);
  }
  if (callOf(shift) !== signal.callId) return same(shift);
  switch (signal.kind) {
    case 'released':
      return activity.kind === 'reserved' ? workOver(shift, now) : same(shift);
    case 'connected':
      if (activity.kind !== 'reserved') return same(shift);
      return become(shift, { kind: 'talking', since: now, callId: signal.callId });
    case 'call-over':
      return callOver(shift, signal, now);
    case 'disposed':
      return disposed(shift, signal, now);
    // A supervisor corrects a call that the agent no longer has to dispose.
    case 'corrected':
      return same(shift);
    default:
      return unreachable(signal);
  }
}

// ── calls and wrap-up ───────────────────────────────────────────────────────────────────────────

function callOver(
  shift: AgentShift,
  signal: Extract<CallSignal, { kind: 'call-over' }>,
  now: EpochMs,
): ShiftStep {
  const { activity } = shift;
  if (activity.kind === 'reserved') return workOver(shift, now);
  if (activity.kind !== 'talking') return same(shift);
  const disposed = activity.disposedWrapUpMs !== undefined;
  const wrapUpMs = activity.disposedWrapUpMs ?? signal.wrapUpMaxMs;
  const { restMs, dispositionWaitMs } = signal;
  // An agent who goes home afterwards needs no time to get ready.
  if (disposed && (wrapUpMs === 0 || shift.signOutAsked)) return workOver(shift, now, restMs);
  const until = now + wrapUpMs;
  const step = become(shift, {
    kind: 'wrapping-up',
    since: now,
    callId: signal.callId,
    until,
    disposed,
    extended: false,
    talkedSince: activity.since,
    ...given({ restMs, dispositionWaitMs }),
  });
  return withEffect(step, { kind: 'set-timer', timer: 'wrap-up', at: until });
}

function disposed(
  shift: AgentShift,
  signal: { callId: CallId; wrapUpMs: number },
  now: EpochMs,
): ShiftStep {
  const { activity } = shift;
  if (activity.kind === 'talking') {
    if (activity.disposedWrapUpMs !== undefined) return same(shift);
    return change(shift, { activity: { ...activity, disposedWrapUpMs: signal.wrapUpMs } });
  }
  if (activity.kind === 'undisposed') return workOver(shift, now, activity.restMs);
  if (activity.kind !== 'wrapping-up' || activity.disposed) return same(shift);
  if (signal.wrapUpMs === 0 || shift.signOutAsked) return workOver(shift, now, activity.restMs);
  const until = Math.max(now, activity.since + signal.wrapUpMs);
  const step = change(shift, { activity: { ...activity, until, disposed: true } });
  return withEffect(step, { kind: 'set-timer', timer: 'wrap-up', at: until });
}

function extendWrapUp(shift: AgentShift, byMs: number): ShiftStep {
  const { activity } = shift;
  if (activity.kind !== 'wrapping-up' || activity.extended) return same(shift);
  const until = activity.until + byMs;
  const step = change(shift, { activity: { ...activity, until, extended: true } });
  return withEffect(step, { kind: 'set-timer', timer: 'wrap-up', at: until });
}

function wrapUpOver(shift: AgentShift, now: EpochMs): ShiftStep {
  const { activity } = shift;
  if (activity.kind !== 'wrapping-up' || now < activity.until) return same(shift);
  const { callId, restMs, dispositionWaitMs } = activity;
  if (activity.disposed) return workOver(shift, now, restMs);
  if (dispositionWaitMs === undefined) return lacking(workOver(shift, now, restMs), callId);
  return awaitDisposition(shift, { callId, dispositionWaitMs }, now, restMs);
}

/** Until the bound, the agent only has to record the call's disposition. */
function awaitDisposition(
  shift: AgentShift,
  { callId, dispositionWaitMs }: { callId: CallId; dispositionWaitMs: DurationMs },
  now: EpochMs,
  restMs?: DurationMs,
): ShiftStep {
  const until = now + dispositionWaitMs;
  const rest = restMs === undefined ? {} : { restMs };
  const step = become(shift, { kind: 'undisposed', since: now, callId, until, ...rest });
  return withEffect(step, { kind: 'set-timer', timer: 'disposition', at: until });
}

/** The wait is over: the call becomes a supervisor's, without an outcome that nobody gave. */
function dispositionNeverCame(shift: AgentShift, now: EpochMs): ShiftStep {
  const { activity } = shift;
  if (activity.kind !== 'undisposed' || now < activity.until) return same(shift);
  const { callId } = activity;
  if (shift.signOutAsked) return lacking(endShift(shift, shift.signOutAsked, now), callId);
  const { pauseAsked = 'disposition-missing', pauseAskedBy } = shift;
  return lacking(pauseNow(shift, pauseAsked, pauseAskedBy, now, callId), callId);
}

/** A late disposition by the agent or a supervisor: nothing is missing any more. */
function ofUndisposed(
  shift: AgentShift,
  activity: Extract<Activity, { kind: 'paused' }>,
  kind: CallSignal['kind'],
  now: EpochMs,
): ShiftStep {
  if (kind !== 'disposed' && kind !== 'corrected') return same(shift);
  const { undisposedCallId: _recorded, ...paused } = activity;
  if (activity.reason !== 'disposition-missing') return change(shift, { activity: paused });
  // An agent who records it is at the desk. If a supervisor did, nobody knows whether the agent is
  // there.
  if (kind === 'disposed') return workOver(shift, now);
  return become(shift, { kind: 'paused', since: now, reason: 'by-supervisor' });
}

/**
 * A call is given back only to an agent who does nothing else: breaks and calls in hand are not
 * disturbed.
 */
function givenBack(
  shift: AgentShift,
  signal: { callId: CallId; dispositionWaitMs: DurationMs },
  now: EpochMs,
): ShiftStep {
  if (!mayBeGivenBack(shift)) return same(shift);
  const { activity } = shift;
  // A pause goes on after the disposition, unless the missing disposition was its only reason.
  const goesOn =
    activity.kind === 'paused' && (activity.reason !== 'disposition-missing' || isKept(shift, now));
  if (!goesOn) return awaitDisposition(shift, signal, now);
  const asked = isKept(shift, now) ? askedBySupervisor(activity.keptUntil === undefined) : {};
  return awaitDisposition({ ...shift, pauseAsked: activity.reason, ...asked }, signal, now);
}

/** Whether an agent may now be asked for the disposition of an earlier call. */
export function mayBeGivenBack({ activity }: AgentShift): boolean {
  if (activity.kind === 'available') return true;
  return activity.kind === 'paused' && !BREAKS.includes(activity.reason);
}

/** Lists the call as without a disposition, before anything else follows. */
function lacking(step: ShiftStep, callId: CallId): ShiftStep {
  return { ...step, effects: [{ kind: 'disposition-missing', callId }, ...step.effects] };
}

function withEffect(step: ShiftStep, effect: ShiftEffect): ShiftStep {
  return { ...step, effects: [...step.effects, effect] };
}

// ── what the agent asks ─────────────────────────────────────────────────────────────────────────

function goAvailable(shift: AgentShift, now: EpochMs): ShiftStep {
  const { activity } = shift;
  switch (activity.kind) {
    case 'preparing':
    case 'paused':
      if (isKept(shift, now)) return same(shift);
      // An agent who is only half signed in is the worst failure: without audio there are no calls.
      return shift.headset.pinned && shift.screen.connected ? workOver(shift, now) : same(shift);
    case 'wrapping-up':
      return activity.disposed ? workOver(shift, now, activity.restMs) : same(shift);
    default:
      return same(shift);
  }
}

/**
 * Absence, or the loss of the right to work, ends a shift at once. An end that was asked for never
 * leaves a debtor alone or a call without its disposition: it waits for them.
 */
function signOut(shift: AgentShift, because: ShiftEnd, now: EpochMs): ShiftStep {
  const { activity, signOutAsked } = shift;
  if (because === 'absent' || because === 'disabled') {
    const ended = endShift(shift, because, now);
    const lacks =
      (activity.kind === 'wrapping-up' && !activity.disposed) || activity.kind === 'undisposed';
    return lacks ? lacking(ended, activity.callId) : ended;
  }
  if (!hasCallInHand(shift)) return endShift(shift, because, now);
  if (signOutAsked === because || signOutAsked === 'signed-out-by-supervisor') return same(shift);
  const step = change(shift, { signOutAsked: because });
  return { ...step, facts: [{ kind: 'sign-out-asked', because }] };
}

/** Whether the agent is in a call, is being given one, or has one to dispose. */
export function hasCallInHand({ activity }: AgentShift): boolean {
  switch (activity.kind) {
    case 'reserved':
    case 'talking':
    case 'undisposed':
      return true;
    case 'wrapping-up':
      return !activity.disposed;
    default:
      return false;
  }
}

// ── presence ────────────────────────────────────────────────────────────────────────────────────

function screenIs(shift: AgentShift, connected: boolean, now: EpochMs): ShiftStep {
  if (shift.screen.connected === connected) return same(shift);
  const step = change(shift, { screen: { connected, since: now } });
  return {
    ...step,
    effects: [absenceTimer(connected, now), ...freedBy(shift, step.shift)],
    facts: [{ kind: 'screen-changed', connected }],
  };
}

function headsetIs(shift: AgentShift, pinned: boolean, now: EpochMs): ShiftStep {
  if (shift.headset.pinned === pinned) return same(shift);
  const step = change(shift, { headset: { pinned, since: now } });
  return {
    ...step,
    effects: freedBy(shift, step.shift),
    facts: [{ kind: 'headset-changed', pinned }],
  };
}

function absenceTimer(connected: boolean, now: EpochMs): ShiftEffect {
  return connected
    ? { kind: 'clear-timer', timer: 'absence' }
    : { kind: 'set-timer', timer: 'absence', at: now + ABSENCE_MAX_MS };
}

function timerRang(shift: AgentShift, timer: ShiftTimer, now: EpochMs): ShiftStep {
  switch (timer) {
    case 'wrap-up':
      return wrapUpOver(shift, now);
    case 'disposition':
      return dispositionNeverCame(shift, now);
    case 'free':
      return restedEnough(shift, now);
    case 'rest':
      return restBegins(shift, now);
    case 'absence':
      // A timer that crossed the screen's return and its next loss does not belong to this absence.
      return shift.screen.connected || now < shift.screen.since + ABSENCE_MAX_MS
        ? same(shift)
        : signOut(shift, 'absent', now);
    default:
      return unreachable(timer);
  }
}

// ── moving ──────────────────────────────────────────────────────────────────────────────────────

/**
 * What follows a call: the end of the shift or a pause, if one was asked for; otherwise free, after
 * the rest between calls.
 */
function workOver(shift: AgentShift, now: EpochMs, restMs = 0): ShiftStep {
  if (shift.signOutAsked) return endShift(shift, shift.signOutAsked, now);
  if (shift.pauseAsked) return pauseNow(shift, shift.pauseAsked, shift.pauseAskedBy, now);
  if (restMs <= 0) return become(shift, { kind: 'available', since: now });
  const freeAt = now + restMs;
  const step = become(shift, { kind: 'available', since: now, freeAt });
  return withEffect(step, { kind: 'set-timer', timer: 'free', at: freeAt });
}

/** The rest since the last call is over, so the agent is free. */
function restedEnough(shift: AgentShift, now: EpochMs): ShiftStep {
  const { activity } = shift;
  if (activity.kind !== 'available' || activity.freeAt === undefined || now < activity.freeAt) {
    return same(shift);
  }
  const step = change(shift, { activity: { kind: 'available', since: now } });
  return { ...step, effects: freedBy(shift, step.shift) };
}
