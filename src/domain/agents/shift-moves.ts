/** How a shift moves from one activity to another, for the machine in `agent-shift.ts`. */
import { given } from '../../lib/given.ts';
import type { CallId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';
import type {
  Activity,
  AgentShift,
  Asker,
  ShiftEffect,
  ShiftEnd,
  ShiftStep,
  ShiftTimer,
} from './shift.ts';

/** Whether a call may be given to the agent now: available, seen and heard. */
export function isFree(shift: AgentShift): boolean {
  const { activity } = shift;
  return activity.kind === 'available' && activity.freeAt === undefined && isPresent(shift);
}

/** Whether the screen is connected and the headset pinned. */
export function isPresent({ screen, headset }: AgentShift): boolean {
  return screen.connected && headset.pinned;
}

/** The call that the agent is in, is being given, or has to dispose; undefined for none. */
export function callOf(shift: AgentShift): CallId | undefined {
  return 'callId' in shift.activity ? shift.activity.callId : undefined;
}

/**
 * The call whose debtor may be on the screen, from the assignment to the end of its wrap-up;
 * undefined for none.
 */
export function cardOf(shift: AgentShift): CallId | undefined {
  return shift.activity.kind === 'undisposed' ? undefined : callOf(shift);
}

/** An agent's request may be taken back by anybody, a supervisor's only by a supervisor. */
export function mayTakeBack(asked: Asker, by: Asker): boolean {
  return by === 'supervisor' || asked === undefined;
}

/**
 * Whether a supervisor's pause keeps the agent from coming back. It does until a supervisor
 * releases them. A rest or a meal ends after its usual length, because nobody must rest longer than
 * was asked.
 */
export function isKept({ activity }: AgentShift, now: EpochMs): boolean {
  if (activity.kind !== 'paused' || activity.by === undefined) return false;
  return activity.keptUntil === undefined || now < activity.keptUntil;
}

/** For a fact: the supervisor who asked; empty when it was the agent. */
export function askedBy(by: Asker): { readonly by?: 'supervisor' } {
  return by === undefined ? {} : { by };
}

/** Moves the shift to another activity, and clears the timers of the last one. */
export function become(shift: AgentShift, activity: Activity): ShiftStep {
  const { shift: after } = change(shift, { activity });
  const reason = reasonOf(activity);
  const callId = 'callId' in activity ? activity.callId : callOf(shift);
  const timer = timerOf(shift.activity);
  return {
    shift: after,
    effects: [
      ...(timer && timer !== timerOf(activity) ? [{ kind: 'clear-timer' as const, timer }] : []),
      ...freedBy(shift, after),
    ],
    facts: [
      {
        kind: 'activity-changed',
        from: shift.activity.kind,
        to: activity.kind,
        lastedMs: lastedMs(shift.activity, activity),
        ...given({ reason, callId }),
        ...(activity.kind === 'paused' ? askedBy(activity.by) : {}),
      },
    ],
  };
}

/** The timer by which an activity ends by itself; undefined for none. */
function timerOf(activity: Activity): ShiftTimer | undefined {
  switch (activity.kind) {
    case 'wrapping-up':
      return 'wrap-up';
    case 'undisposed':
      return 'disposition';
    case 'available':
      return activity.freeAt === undefined ? undefined : 'free';
    default:
      return undefined;
  }
}

/** Ends the shift and clears all its timers. */
export function endShift(shift: AgentShift, because: ShiftEnd, now: EpochMs): ShiftStep {
  const step = become(withoutSignOut(shift), { kind: 'ended', at: now, because });
  return {
    ...step,
    effects: [
      ...step.effects,
      { kind: 'clear-timer', timer: 'absence' },
      ...(shift.restsAt === undefined
        ? []
        : [{ kind: 'clear-timer' as const, timer: 'rest' as const }]),
      { kind: 'shift-over' },
    ],
  };
}

/** The effect when an agent became free; it is given only at that moment. */
export function freedBy(before: AgentShift, after: AgentShift): ShiftEffect[] {
  return !isFree(before) && isFree(after) ? [{ kind: 'agent-free' }] : [];
}

/** The duration of an activity that ends now. */
function lastedMs(from: Activity, to: Activity): number {
  const since = 'since' in from ? from.since : from.at;
  return Math.max(0, ('since' in to ? to.since : to.at) - since);
}

function reasonOf(activity: Activity): string | undefined {
  if (activity.kind === 'paused') return activity.reason;
  return activity.kind === 'ended' ? activity.because : undefined;
}

export function withoutPause(shift: AgentShift): AgentShift {
  const { pauseAsked: _taken, pauseAskedBy: _by, pauseUntilReleased: _until, ...rest } = shift;
  return { ...rest, version: shift.version + 1 };
}

export function withoutRest(shift: AgentShift): AgentShift {
  const { restsAt: _taken, restAskedBy: _by, ...rest } = shift;
  return { ...rest, version: shift.version + 1 };
}

export function withoutSignOut(shift: AgentShift): AgentShift {
  if (shift.signOutAsked === undefined) return shift;
  const { signOutAsked: _taken, ...rest } = shift;
  return { ...rest, version: shift.version + 1 };
}

/** Changes fields of the shift, without effects or facts. */
export function change(shift: AgentShift, change: Partial<AgentShift>): ShiftStep {
  return { shift: { ...shift, ...change, version: shift.version + 1 }, effects: [], facts: [] };
}

/** Changes nothing, without effects or facts. */
export function same(shift: AgentShift): ShiftStep {
  return { shift, effects: [], facts: [] };
}
