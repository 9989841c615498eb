/** Asking for pauses and rests, and taking them back, for the machine in `agent-shift.ts`. */
import { unreachable } from '../../lib/assert.ts';
import { given } from '../../lib/given.ts';
import type { CallId } from '../../lib/ids.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import { BREAKS, PAUSE_MAX_MS, type PauseReason } from './pauses.ts';
import type { Activity, AgentShift, Asker, ShiftStep } from './shift.ts';
import {
  askedBy,
  become,
  change,
  mayTakeBack,
  same,
  withoutPause,
  withoutRest,
  withoutSignOut,
} from './shift-moves.ts';

/** Begins a pause now, or plans it for the end of the call in hand. */
export function askPause(
  shift: AgentShift,
  reason: PauseReason,
  by: Asker,
  now: EpochMs,
): ShiftStep {
  const { activity } = shift;
  const standing = activity.kind === 'paused' ? activity.reason : shift.pauseAsked;
  // A break that is asked for twice does not begin anew, and a supervisor's pause does not end a
  // break.
  const isBreak = standing !== undefined && BREAKS.includes(standing);
  if (standing === reason || (reason === 'by-supervisor' && isBreak)) {
    if (by === undefined) return same(shift);
    if (activity.kind === 'paused') return keepPaused(shift, activity, reason, by, now);
    const isAsked = shift.pauseAskedBy && (shift.pauseUntilReleased || lengthMs(reason) !== null);
    return isAsked ? same(shift) : pauseAsked(shift, bySupervisor(reason), reason, by);
  }
  switch (activity.kind) {
    case 'paused':
    case 'preparing':
    case 'available':
      return pauseNow(shift, reason, by, now);
    case 'wrapping-up':
      if (activity.disposed) return pauseNow(shift, reason, by, now);
      break;
    default:
      break;
  }
  const asker = by === 'supervisor' ? bySupervisor(reason) : {};
  return pauseAsked(shift, { pauseAsked: reason, ...asker }, reason, by);
}

function bySupervisor(reason: PauseReason): AskedBySupervisor {
  return askedBySupervisor(lengthMs(reason) === null);
}

type AskedBySupervisor = Pick<AgentShift, 'pauseAskedBy' | 'pauseUntilReleased'>;

/** A supervisor's request remains theirs, whatever the agent asks for before it begins. */
export function askedBySupervisor(untilReleased: boolean): AskedBySupervisor {
  const until = untilReleased ? { pauseUntilReleased: true as const } : {};
  return { pauseAskedBy: 'supervisor', ...until };
}

/** The longest time a pause keeps the agent; null when a supervisor must release them. */
function lengthMs(reason: PauseReason): DurationMs | null {
  return PAUSE_MAX_MS[reason];
}

/** The pause goes on, and becomes a supervisor's for as long as theirs would last. */
function keepPaused(
  shift: AgentShift,
  { keptUntil: before, ...activity }: Paused,
  reason: PauseReason,
  by: 'supervisor',
  now: EpochMs,
): ShiftStep {
  if (activity.by !== undefined && before === undefined) return same(shift);
  const kept = keptFrom(now, lengthMs(reason));
  if (activity.by !== undefined && kept.keptUntil !== undefined) return same(shift);
  return pauseAsked(shift, { activity: { ...activity, by, ...kept } }, reason, by);
}

function keptFrom(now: EpochMs, forMs: DurationMs | null): Pick<Paused, 'keptUntil'> {
  return forMs === null ? {} : { keptUntil: now + forMs };
}

function pauseAsked(
  shift: AgentShift,
  asked: Partial<
    Pick<AgentShift, 'activity' | 'pauseAsked' | 'pauseAskedBy' | 'pauseUntilReleased'>
  >,
  reason: PauseReason,
  by: Asker,
): ShiftStep {
  return { ...change(shift, asked), facts: [{ kind: 'pause-asked', reason, ...askedBy(by) }] };
}

/** Begins a pause; it replaces the one that was asked for before. */
export function pauseNow(
  shift: AgentShift,
  reason: PauseReason,
  by: Asker,
  now: EpochMs,
  missingId = undisposedOf(shift),
): ShiftStep {
  const rest = shift.pauseAsked ? withoutPause(shift) : shift;
  const undisposed = missingId === undefined ? {} : { undisposedCallId: missingId };
  const kept = shift.pauseUntilReleased
    ? { by: 'supervisor' as const }
    : keeping(shift, reason, by ?? shift.pauseAskedBy, now);
  return become(rest, { kind: 'paused', since: now, reason, ...undisposed, ...kept });
}

function undisposedOf({ activity }: AgentShift): CallId | undefined {
  return activity.kind === 'paused' ? activity.undisposedCallId : undefined;
}

/**
 * During a supervisor's pause the agent has a right to a break, but the break does not end the
 * pause.
 */
function keeping(
  shift: AgentShift,
  reason: PauseReason,
  by: Asker,
  now: EpochMs,
): Pick<Paused, 'by' | 'keptUntil'> {
  const { activity } = shift;
  if (activity.kind === 'paused' && activity.by !== undefined) {
    const { by: asker, keptUntil } = activity;
    if (keptUntil === undefined) return { by: asker };
    if (by === undefined) return { by: asker, keptUntil };
  }
  if (by === undefined) return {};
  // A supervisor's rest in whose place the agent asked for a pause without a length lasts as a rest.
  const isRest = shift.pauseAskedBy !== undefined && reason !== 'by-supervisor';
  return { by, ...keptFrom(now, lengthMs(reason) ?? (isRest ? lengthMs('rest') : null)) };
}

type Paused = Extract<Activity, { kind: 'paused' }>;

/** From now on the agent may come back; they may not be at the desk. */
function release(shift: AgentShift, activity: Paused): ShiftStep {
  const { by: _asker, keptUntil: _until, ...own } = activity;
  const step = change(shift, { activity: own });
  return { ...step, facts: [{ kind: 'pause-taken-back', by: 'supervisor' }] };
}

/** Plans a rest; only one is planned at a time, and the newest counts. */
export function planRest(shift: AgentShift, at: EpochMs, by: Asker): ShiftStep {
  if (!mayTakeBack(shift.restAskedBy, by)) return same(shift);
  if (shift.restsAt === at && (by === undefined || shift.restAskedBy)) return same(shift);
  const step = change(shift, {
    restsAt: at,
    ...given({ restAskedBy: by === 'supervisor' ? by : undefined }),
  });
  return {
    ...step,
    effects: [{ kind: 'set-timer', timer: 'rest', at }],
    facts: [{ kind: 'rest-planned', restsAt: at, ...askedBy(by) }],
  };
}

/**
 * Takes back what was asked for, if this asker may. A supervisor may also end a supervisor's pause
 * that has begun.
 */
export function takeBack(
  shift: AgentShift,
  what: 'take-pause-back' | 'take-rest-back' | 'take-sign-out-back',
  by: Asker,
): ShiftStep {
  switch (what) {
    case 'take-pause-back':
      return takePauseBack(shift, by);
    case 'take-rest-back':
      if (shift.restsAt === undefined || !mayTakeBack(shift.restAskedBy, by)) return same(shift);
      return {
        shift: withoutRest(shift),
        effects: [{ kind: 'clear-timer', timer: 'rest' }],
        facts: [{ kind: 'rest-taken-back', ...askedBy(by) }],
      };
    case 'take-sign-out-back':
      if (!shift.signOutAsked || !mayTakeBack(signOutAskedBy(shift), by)) return same(shift);
      return {
        shift: withoutSignOut(shift),
        effects: [],
        facts: [{ kind: 'sign-out-taken-back', ...askedBy(by) }],
      };
    default:
      return unreachable(what);
  }
}

function takePauseBack(shift: AgentShift, by: Asker): ShiftStep {
  const { activity } = shift;
  if (!shift.pauseAsked) {
    const isKeptNow = activity.kind === 'paused' && activity.by !== undefined;
    return isKeptNow && by === 'supervisor' ? release(shift, activity) : same(shift);
  }
  if (!mayTakeBack(shift.pauseAskedBy, by)) return same(shift);
  const facts = [{ kind: 'pause-taken-back' as const, ...askedBy(by) }];
  return { shift: withoutPause(shift), effects: [], facts };
}

/** Who asked for the end of the shift; absent when it was the agent. */
export function signOutAskedBy({ signOutAsked }: AgentShift): 'supervisor' | undefined {
  return signOutAsked === 'signed-out-by-supervisor' ? 'supervisor' : undefined;
}

/** The planned rest begins, or waits for the end of the call in hand. */
export function restBegins(shift: AgentShift, now: EpochMs): ShiftStep {
  if (shift.restsAt === undefined || now < shift.restsAt) return same(shift);
  const due = withoutRest(shift);
  const { activity } = shift;
  // An agent who is on a break then already has the rest.
  if (activity.kind === 'paused' && BREAKS.includes(activity.reason)) return same(due);
  return askPause(due, 'rest', shift.restAskedBy, now);
}
