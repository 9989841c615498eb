/** Pauses, rests and their taking back, for the machine in `agent-shift.ts`. */
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

/** A pause begins now, or is asked for until the call in hand is over. */
export function askPause(
  shift: AgentShift,
  reason: PauseReason,
  by: Asker,
  now: EpochMs,
): ShiftStep {
  const { activity } = shift;
  const standing = activity.kind === 'paused' ? activity.reason : shift.pauseAsked;
  // Asked for twice, a break does not begin anew, and a supervisor's pause does not end one.
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

/** What the supervisor asked for stays theirs, whatever the agent asks for until it begins. */
export function askedBySupervisor(untilReleased: boolean): AskedBySupervisor {
  const until = untilReleased ? { pauseUntilReleased: true as const } : {};
  return { pauseAskedBy: 'supervisor', ...until };
}

/** How long a pause keeps the agent at most; null: until a supervisor releases them. */
function lengthMs(reason: PauseReason): DurationMs | null {
  return PAUSE_MAX_MS[reason];
}

/** The pause goes on as it is, and from now on it is a supervisor's, for as long as that one lasts. */
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

/** One pause at a time: this one stands for the one that was asked for before. */
export function pauseNow(
  shift: AgentShift,
  reason: PauseReason,
  by: Asker,
  now: EpochMs,
  missingId = undisposedOf(shift),
): ShiftStep {
  const { activity } = shift;
  const rest = shift.pauseAsked ? withoutPause(shift) : shift;
  const undisposed = missingId === undefined ? {} : { undisposedCallId: missingId };
  const kept = shift.pauseUntilReleased
    ? { by: 'supervisor' as const }
    : keeping(activity, reason, by, now);
  return become(rest, { kind: 'paused', since: now, reason, ...undisposed, ...kept });
}

function undisposedOf({ activity }: AgentShift): CallId | undefined {
  return activity.kind === 'paused' ? activity.undisposedCallId : undefined;
}

/** A break during a supervisor's pause is the agent's right, and no way out of the pause. */
function keeping(
  activity: Activity,
  reason: PauseReason,
  by: Asker,
  now: EpochMs,
): Pick<Paused, 'by' | 'keptUntil'> {
  if (activity.kind === 'paused' && activity.by !== undefined) {
    const { by: asker, keptUntil } = activity;
    if (keptUntil === undefined) return { by: asker };
    if (by === undefined) return { by: asker, keptUntil };
  }
  if (by === undefined) return {};
  return { by, ...keptFrom(now, lengthMs(reason)) };
}

type Paused = Extract<Activity, { kind: 'paused' }>;

/** The agent may come back from now on, when they are at the desk. */
function release(shift: AgentShift, activity: Paused): ShiftStep {
  const { by: _asker, keptUntil: _until, ...own } = activity;
  const step = change(shift, { activity: own });
  return { ...step, facts: [{ kind: 'pause-taken-back', by: 'supervisor' }] };
}

/** One rest at a time is planned; the newest counts. */
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

/** Takes back what was asked for, by those who may; a supervisor's pause that has begun, by a supervisor. */
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

/** Who asked for the end of the shift, as with pauses and rests: absent, the agent. */
export function signOutAskedBy({ signOutAsked }: AgentShift): 'supervisor' | undefined {
  return signOutAsked === 'signed-out-by-supervisor' ? 'supervisor' : undefined;
}

/** The planned rest begins, or is asked for until the call in hand is over. */
export function restBegins(shift: AgentShift, now: EpochMs): ShiftStep {
  if (shift.restsAt === undefined || now < shift.restsAt) return same(shift);
  const due = withoutRest(shift);
  const { activity } = shift;
  // An agent who is at a break by then has the rest.
  if (activity.kind === 'paused' && BREAKS.includes(activity.reason)) return same(due);
  return askPause(due, 'rest', shift.restAskedBy, now);
}
