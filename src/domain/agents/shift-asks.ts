/** Pauses, rests and their taking back, for the machine in `agent-shift.ts`. */
import { unreachable } from '../../lib/assert.ts';
import type { EpochMs } from '../../lib/time.ts';
import { BREAKS, type PauseReason } from './pauses.ts';
import type { AgentShift, Asker, ShiftStep } from './shift.ts';
import {
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
    const isNews = by === 'supervisor' && activity.kind !== 'paused' && !shift.pauseAskedBy;
    return isNews ? pauseAsked(shift, { pauseAskedBy: by }, reason) : same(shift);
  }
  switch (activity.kind) {
    case 'paused':
    case 'preparing':
    case 'available':
      return pauseNow(shift, reason, now);
    case 'wrapping-up':
      if (activity.disposed) return pauseNow(shift, reason, now);
      break;
    default:
      break;
  }
  const asker = by === 'supervisor' ? { pauseAskedBy: by } : {};
  return pauseAsked(shift, { pauseAsked: reason, ...asker }, reason);
}

function pauseAsked(
  shift: AgentShift,
  asked: Pick<AgentShift, 'pauseAsked' | 'pauseAskedBy'>,
  reason: PauseReason,
): ShiftStep {
  return { ...change(shift, asked), facts: [{ kind: 'pause-asked', reason }] };
}

/** One pause at a time: this one stands for the one that was asked for before. */
export function pauseNow(shift: AgentShift, reason: PauseReason, now: EpochMs): ShiftStep {
  const { activity } = shift;
  const rest = shift.pauseAsked ? withoutPause(shift) : shift;
  const undisposed =
    activity.kind === 'paused' && activity.undisposedCallId !== undefined
      ? { undisposedCallId: activity.undisposedCallId }
      : {};
  return become(rest, { kind: 'paused', since: now, reason, ...undisposed });
}

/** One rest at a time is planned; the newest counts. */
export function planRest(shift: AgentShift, at: EpochMs, by: Asker): ShiftStep {
  if (!mayTakeBack(shift.restAskedBy, by)) return same(shift);
  if (shift.restsAt === at && (by === undefined || shift.restAskedBy)) return same(shift);
  const step = change(shift, {
    restsAt: at,
    ...(by === 'supervisor' ? { restAskedBy: by } : {}),
  });
  return {
    ...step,
    effects: [{ kind: 'set-timer', timer: 'rest', at }],
    facts: [{ kind: 'rest-planned', restsAt: at }],
  };
}

/** What was asked for and has not begun is taken back, by whoever may. */
export function takeBack(
  shift: AgentShift,
  what: 'take-pause-back' | 'take-rest-back' | 'take-sign-out-back',
  by: Asker,
): ShiftStep {
  switch (what) {
    case 'take-pause-back':
      if (!shift.pauseAsked || !mayTakeBack(shift.pauseAskedBy, by)) return same(shift);
      return { shift: withoutPause(shift), effects: [], facts: [{ kind: 'pause-taken-back' }] };
    case 'take-rest-back':
      if (shift.restsAt === undefined || !mayTakeBack(shift.restAskedBy, by)) return same(shift);
      return {
        shift: withoutRest(shift),
        effects: [{ kind: 'clear-timer', timer: 'rest' }],
        facts: [{ kind: 'rest-taken-back' }],
      };
    case 'take-sign-out-back':
      if (!shift.signOutAsked || !mayTakeBack(signOutAskedBy(shift), by)) return same(shift);
      return {
        shift: withoutSignOut(shift),
        effects: [],
        facts: [{ kind: 'sign-out-taken-back' }],
      };
    default:
      return unreachable(what);
  }
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
  // Whoever is at a break by then has his rest.
  if (activity.kind === 'paused' && BREAKS.includes(activity.reason)) return same(due);
  return askPause(due, 'rest', shift.restAskedBy, now);
}
