/**
 * An agent at work, from sign-in to sign-out. It is his working time, so every change is a fact.
 *
 *   preparing ──ready──▶ available ◀──ready── paused ◀── pause asked, disposition missing ───────┐
 *                                                                                               │
 *     ┌──────────────────────────▶ available ──reserved──▶ reserved ──connected──▶ talking ─────┤
 *     │                                ▲                      │                      │          │
 *     │                                └────── released ──────┘             call over│          │
 *     └──────────────── disposed, time is up ───────────────── wrapping-up ◀─────────┘──────────┘
 *   any ──sign-out──▶ ended
 *
 * Two more things are true of an agent at any moment and are kept beside what he does: whether his
 * screen is connected and whether his headset is pinned. He counts as free only while available, seen
 * and heard; when either is lost he keeps his place, and comes back to it.
 *
 * - preparing: signed in, audio not checked yet.
 * - reserved: chosen for an answered call that is being bridged; not free for another.
 * - wrapping-up: after the call, until the disposition is recorded and its time is used or waived.
 * - paused: by himself with a reason, by a supervisor, or because a disposition is missing.
 */
import { unreachable } from '../../lib/assert.ts';
import type { AgentId, CallId, ShiftId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';
import { BREAKS, type PauseReason } from './pauses.ts';
import type {
  Activity,
  AgentShift,
  ShiftEffect,
  ShiftEnd,
  ShiftSignal,
  ShiftStep,
  ShiftTimer,
} from './shift.ts';

export type {
  Activity,
  ActivityKind,
  AgentShift,
  ShiftEffect,
  ShiftEnd,
  ShiftFact,
  ShiftSignal,
  ShiftStep,
  ShiftTimer,
} from './shift.ts';

/** Whoever is about to rest is not given a call that would take minutes of it. */
const LEAVES_BEFORE_REST_MS = 5_000;
/** No screen for this long ends a shift that nobody ended. */
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

/** Whether a call may be given to him now: available, seen and heard. */
export function isFree(shift: AgentShift): boolean {
  const { activity } = shift;
  return activity.kind === 'available' && activity.freeAt === undefined && isPresent(shift);
}

/** Seen and heard. */
export function isPresent({ screen, headset }: AgentShift): boolean {
  return screen.connected && headset.pinned;
}

/** When he takes no new call any more, because a planned rest is near; undefined without one. */
export function leavesAt({ restsAt }: AgentShift): EpochMs | undefined {
  return restsAt === undefined ? undefined : restsAt - LEAVES_BEFORE_REST_MS;
}

/** The call he is in, is being given, or has to dispose. */
export function callOf(shift: AgentShift): CallId | undefined {
  return 'callId' in shift.activity ? shift.activity.callId : undefined;
}

/** One signal applied; the same shift is returned where nothing changes. */
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
      return askPause(shift, signal.reason, now);
    case 'take-pause-back':
      if (!shift.pauseAsked) return same(shift);
      return { shift: withoutPause(shift), effects: [], facts: [{ kind: 'pause-taken-back' }] };
    case 'plan-rest':
      return planRest(shift, signal.at);
    case 'take-rest-back':
      if (shift.restsAt === undefined) return same(shift);
      return {
        shift: withoutRest(shift),
        effects: [{ kind: 'clear-timer', timer: 'rest' }],
        facts: [{ kind: 'rest-taken-back' }],
      };
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
  if (callOf(shift) !== signal.callId) return same(shift);
  switch (signal.kind) {
    case 'released':
      return activity.kind === 'reserved' ? becomeFree(shift, now) : same(shift);
    case 'connected':
      if (activity.kind !== 'reserved') return same(shift);
      return become(shift, { kind: 'talking', since: now, callId: signal.callId });
    case 'call-over':
      return callOver(shift, signal, now);
    case 'disposed':
      return disposed(shift, signal, now);
    default:
      return unreachable(signal);
  }
}

// ── calls and wrap-up ───────────────────────────────────────────────────────────────────────────

function callOver(
  shift: AgentShift,
  signal: { callId: CallId; wrapUpMaxMs: number; restMs?: number },
  now: EpochMs,
): ShiftStep {
  const { activity } = shift;
  if (activity.kind === 'reserved') return becomeFree(shift, now);
  if (activity.kind !== 'talking') return same(shift);
  const disposed = activity.disposedWrapUpMs !== undefined;
  const wrapUpMs = activity.disposedWrapUpMs ?? signal.wrapUpMaxMs;
  const { restMs } = signal;
  if (disposed && wrapUpMs === 0) return becomeFree(shift, now, restMs);
  const until = now + wrapUpMs;
  const step = become(shift, {
    kind: 'wrapping-up',
    since: now,
    callId: signal.callId,
    until,
    disposed,
    extended: false,
    ...(restMs === undefined ? {} : { restMs }),
  });
  return {
    ...step,
    effects: [...step.effects, { kind: 'set-timer', timer: 'wrap-up', at: until }],
  };
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
  if (activity.kind !== 'wrapping-up' || activity.disposed) return same(shift);
  if (signal.wrapUpMs === 0) return becomeFree(shift, now, activity.restMs);
  const until = Math.max(now, activity.since + signal.wrapUpMs);
  const step = change(shift, { activity: { ...activity, until, disposed: true } });
  return { ...step, effects: [{ kind: 'set-timer', timer: 'wrap-up', at: until }] };
}

function extendWrapUp(shift: AgentShift, byMs: number): ShiftStep {
  const { activity } = shift;
  if (activity.kind !== 'wrapping-up' || activity.extended) return same(shift);
  const until = activity.until + byMs;
  const step = change(shift, { activity: { ...activity, until, extended: true } });
  return { ...step, effects: [{ kind: 'set-timer', timer: 'wrap-up', at: until }] };
}

function wrapUpOver(shift: AgentShift, now: EpochMs): ShiftStep {
  const { activity } = shift;
  if (activity.kind !== 'wrapping-up' || now < activity.until) return same(shift);
  if (activity.disposed) return becomeFree(shift, now, activity.restMs);
  const step = become(shift, {
    kind: 'paused',
    since: now,
    reason: 'disposition-missing',
    undisposedCallId: activity.callId,
  });
  return {
    ...step,
    effects: [...step.effects, { kind: 'disposition-missing', callId: activity.callId }],
  };
}

// ── what the agent asks ─────────────────────────────────────────────────────────────────────────

function goAvailable(shift: AgentShift, now: EpochMs): ShiftStep {
  const { activity } = shift;
  switch (activity.kind) {
    case 'preparing':
    case 'paused':
      // Half-signed agents are the worst failure of all: no audio, no calls.
      return shift.headset.pinned && shift.screen.connected ? becomeFree(shift, now) : same(shift);
    case 'wrapping-up':
      return activity.disposed ? becomeFree(shift, now, activity.restMs) : same(shift);
    default:
      return same(shift);
  }
}

function askPause(shift: AgentShift, reason: PauseReason, now: EpochMs): ShiftStep {
  const { activity } = shift;
  const standing = activity.kind === 'paused' ? activity.reason : shift.pauseAsked;
  // Asked for twice, a break does not begin anew, and a supervisor's pause does not end one.
  if (standing === reason) return same(shift);
  if (reason === 'by-supervisor' && standing && BREAKS.includes(standing)) return same(shift);
  switch (activity.kind) {
    case 'paused':
      return pauseNow(shift, reason, now);
    case 'preparing':
    case 'available':
      return pauseNow(shift, reason, now);
    case 'wrapping-up':
      if (activity.disposed) return pauseNow(shift, reason, now);
      break;
    default:
      break;
  }
  const step = change(shift, { pauseAsked: reason });
  return { ...step, facts: [{ kind: 'pause-asked', reason }] };
}

/** One pause at a time: this one stands for the one that was asked for before. */
function pauseNow(shift: AgentShift, reason: PauseReason, now: EpochMs): ShiftStep {
  const rest = shift.pauseAsked ? withoutPause(shift) : shift;
  return become(rest, { kind: 'paused', since: now, reason });
}

function planRest(shift: AgentShift, at: EpochMs): ShiftStep {
  if (shift.restsAt === at) return same(shift);
  const step = change(shift, { restsAt: at });
  return {
    ...step,
    effects: [{ kind: 'set-timer', timer: 'rest', at }],
    facts: [{ kind: 'rest-planned', restsAt: at }],
  };
}

/** The planned rest begins, or is asked for until the call in hand is over. */
function restBegins(shift: AgentShift, now: EpochMs): ShiftStep {
  if (shift.restsAt === undefined || now < shift.restsAt) return same(shift);
  const due = withoutRest(shift);
  const { activity } = shift;
  // Whoever is at a break by then has his rest.
  if (activity.kind === 'paused' && BREAKS.includes(activity.reason)) return same(due);
  return askPause(due, 'rest', now);
}

function withoutRest(shift: AgentShift): AgentShift {
  const { restsAt: _taken, ...rest } = shift;
  return { ...rest, version: shift.version + 1 };
}

function signOut(shift: AgentShift, because: ShiftEnd, now: EpochMs): ShiftStep {
  const missing: ShiftEffect[] =
    shift.activity.kind === 'wrapping-up' && !shift.activity.disposed
      ? [{ kind: 'disposition-missing', callId: shift.activity.callId }]
      : [];
  const step = become(shift, { kind: 'ended', at: now, because });
  return {
    ...step,
    effects: [
      ...step.effects,
      ...missing,
      { kind: 'clear-timer', timer: 'absence' },
      ...(shift.restsAt === undefined
        ? []
        : [{ kind: 'clear-timer' as const, timer: 'rest' as const }]),
      { kind: 'shift-over' },
    ],
  };
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

function freedBy(before: AgentShift, after: AgentShift): ShiftEffect[] {
  return !isFree(before) && isFree(after) ? [{ kind: 'agent-free' }] : [];
}

function timerRang(shift: AgentShift, timer: ShiftTimer, now: EpochMs): ShiftStep {
  switch (timer) {
    case 'wrap-up':
      return wrapUpOver(shift, now);
    case 'free':
      return restedEnough(shift, now);
    case 'rest':
      return restBegins(shift, now);
    case 'absence':
      // One that crossed the screen's return and its next loss is not about this absence.
      return shift.screen.connected || now < shift.screen.since + ABSENCE_MAX_MS
        ? same(shift)
        : signOut(shift, 'absent', now);
    default:
      return unreachable(timer);
  }
}

// ── moving ──────────────────────────────────────────────────────────────────────────────────────

/** Free again, after the rest between calls, or in the pause that was asked for meanwhile. */
function becomeFree(shift: AgentShift, now: EpochMs, restMs = 0): ShiftStep {
  if (shift.pauseAsked) {
    const reason = shift.pauseAsked;
    return become(withoutPause(shift), { kind: 'paused', since: now, reason });
  }
  if (restMs <= 0) return become(shift, { kind: 'available', since: now });
  const freeAt = now + restMs;
  const step = become(shift, { kind: 'available', since: now, freeAt });
  const timer: ShiftEffect = { kind: 'set-timer', timer: 'free', at: freeAt };
  return { ...step, effects: [...step.effects, timer] };
}

/** Whoever has rested since his last call is free from now on. */
function restedEnough(shift: AgentShift, now: EpochMs): ShiftStep {
  const { activity } = shift;
  if (activity.kind !== 'available' || activity.freeAt === undefined || now < activity.freeAt) {
    return same(shift);
  }
  const step = change(shift, { activity: { kind: 'available', since: now } });
  return { ...step, effects: freedBy(shift, step.shift) };
}

function become(shift: AgentShift, activity: Activity): ShiftStep {
  const { shift: after } = change(shift, { activity });
  const reason = reasonOf(activity);
  const callId = 'callId' in activity ? activity.callId : callOf(shift);
  const leavesWrapUp = shift.activity.kind === 'wrapping-up' && activity.kind !== 'wrapping-up';
  const leavesRest = shift.activity.kind === 'available' && shift.activity.freeAt !== undefined;
  return {
    shift: after,
    effects: [
      ...(leavesWrapUp ? [{ kind: 'clear-timer' as const, timer: 'wrap-up' as const }] : []),
      ...(leavesRest ? [{ kind: 'clear-timer' as const, timer: 'free' as const }] : []),
      ...freedBy(shift, after),
    ],
    facts: [
      {
        kind: 'activity-changed',
        from: shift.activity.kind,
        to: activity.kind,
        lastedMs: lastedMs(shift.activity, activity),
        ...(reason === undefined ? {} : { reason }),
        ...(callId === undefined ? {} : { callId }),
      },
    ],
  };
}

/** No activity begins twice, and one that ended lasts no longer. */
function lastedMs(from: Activity, to: Activity): number {
  const since = 'since' in from ? from.since : from.at;
  return Math.max(0, ('since' in to ? to.since : to.at) - since);
}

function reasonOf(activity: Activity): string | undefined {
  if (activity.kind === 'paused') return activity.reason;
  return activity.kind === 'ended' ? activity.because : undefined;
}

function withoutPause(shift: AgentShift): AgentShift {
  const { pauseAsked: _taken, ...rest } = shift;
  return { ...rest, version: shift.version + 1 };
}

function change(shift: AgentShift, change: Partial<AgentShift>): ShiftStep {
  return { shift: { ...shift, ...change, version: shift.version + 1 }, effects: [], facts: [] };
}

function same(shift: AgentShift): ShiftStep {
  return { shift, effects: [], facts: [] };
}
