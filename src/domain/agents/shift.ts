/** What an agent's shift is made of, what moves it and what follows; `agent-shift.ts` is the machine. */
import type { AgentId, CallId, ShiftId } from '../../lib/ids.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { PauseReason } from './pauses.ts';

export type Activity =
  | { readonly kind: 'preparing'; readonly since: EpochMs }
  | {
      readonly kind: 'available';
      readonly since: EpochMs;
      /** The agent rests from the last call until then, and is given none. */
      readonly freeAt?: EpochMs;
    }
  | { readonly kind: 'reserved'; readonly since: EpochMs; readonly callId: CallId }
  | {
      readonly kind: 'talking';
      readonly since: EpochMs;
      readonly callId: CallId;
      /** The disposition may be recorded while still talking. */
      readonly disposedWrapUpMs?: number;
    }
  | {
      readonly kind: 'wrapping-up';
      readonly since: EpochMs;
      readonly callId: CallId;
      readonly until: EpochMs;
      readonly disposed: boolean;
      readonly extended: boolean;
      /** Since when the agent had the call; absent in shifts of before this was kept. */
      readonly talkedSince?: EpochMs;
      /** The rest that follows, before the next call. */
      readonly restMs?: number;
      /** How long its disposition is waited for after this; absent: the campaign asks for none. */
      readonly dispositionWaitMs?: DurationMs;
    }
  /** The wrap-up is over and the campaign's disposition is missing: no call is offered meanwhile. */
  | {
      readonly kind: 'undisposed';
      readonly since: EpochMs;
      readonly callId: CallId;
      /** Then the call is a supervisor's to correct. */
      readonly until: EpochMs;
      readonly restMs?: number;
    }
  | {
      readonly kind: 'paused';
      readonly since: EpochMs;
      readonly reason: PauseReason;
      /** The call whose disposition is missing; the agent may still record it. */
      readonly undisposedCallId?: CallId;
      /** A supervisor asked for it: the agent does not end it by themselves. */
      readonly by?: 'supervisor';
      /** When the agent may end it all the same; absent: when a supervisor releases them. */
      readonly keptUntil?: EpochMs;
    }
  | { readonly kind: 'ended'; readonly at: EpochMs; readonly because: ShiftEnd };

export type ShiftEnd =
  | AskedShiftEnd
  /** Nobody saw the screen for too long. */
  | 'absent'
  /** The user may not work here any more. */
  | 'disabled';

/** An end that somebody asks for: it never leaves a debtor alone, so it waits for the call in hand. */
export type AskedShiftEnd = 'signed-out' | 'signed-out-by-supervisor';

/**
 * Who asks for a pause, a rest or the end of a shift; absent: the agent. An agent takes back nothing that
 * a supervisor asked for.
 */
export type Asker = 'supervisor' | undefined;

export type AgentShift = {
  readonly id: ShiftId;
  readonly agentId: AgentId;
  readonly startedAt: EpochMs;
  readonly activity: Activity;
  readonly screen: { readonly connected: boolean; readonly since: EpochMs };
  readonly headset: { readonly pinned: boolean; readonly since: EpochMs };
  /** Asked for in a call or in wrap-up; begins when that is over, and can be taken back. */
  readonly pauseAsked?: PauseReason;
  readonly pauseAskedBy?: 'supervisor';
  /** The supervisor asked for a pause without a usual length: it lasts until they release the agent. */
  readonly pauseUntilReleased?: true;
  /** A planned rest begins then, or after the call that is under way by then. */
  readonly restsAt?: EpochMs;
  readonly restAskedBy?: 'supervisor';
  /** The shift ends so when the call in hand is over and disposed; can be taken back. */
  readonly signOutAsked?: AskedShiftEnd;
  readonly version: number;
};

export type ShiftSignal =
  | { readonly kind: 'screen-connected' }
  | { readonly kind: 'screen-lost' }
  | { readonly kind: 'headset-pinned' }
  | { readonly kind: 'headset-lost' }
  | { readonly kind: 'go-available' }
  | { readonly kind: 'pause'; readonly reason: PauseReason; readonly by?: 'supervisor' }
  | { readonly kind: 'take-pause-back'; readonly by?: 'supervisor' }
  | { readonly kind: 'plan-rest'; readonly at: EpochMs; readonly by?: 'supervisor' }
  | { readonly kind: 'take-rest-back'; readonly by?: 'supervisor' }
  | { readonly kind: 'take-sign-out-back'; readonly by?: 'supervisor' }
  | { readonly kind: 'reserved'; readonly callId: CallId }
  | { readonly kind: 'released'; readonly callId: CallId }
  | { readonly kind: 'connected'; readonly callId: CallId }
  | {
      readonly kind: 'call-over';
      readonly callId: CallId;
      readonly wrapUpMaxMs: number;
      /** From the end of the wrap-up to the next call; absent: none. */
      readonly restMs?: number;
      /** How long a missing disposition is waited for; absent: the campaign asks for none. */
      readonly dispositionWaitMs?: DurationMs;
    }
  /** A supervisor gives a call back that lacks its disposition. */
  | { readonly kind: 'given-back'; readonly callId: CallId; readonly dispositionWaitMs: DurationMs }
  | { readonly kind: 'disposed'; readonly callId: CallId; readonly wrapUpMs: number }
  /** A supervisor recorded what the agent did not. */
  | { readonly kind: 'corrected'; readonly callId: CallId }
  | { readonly kind: 'extend-wrap-up'; readonly byMs: number }
  | { readonly kind: 'sign-out'; readonly because: ShiftEnd }
  | { readonly kind: 'timer'; readonly timer: ShiftTimer };

/**
 * `free`: the rest between two calls is over. `rest`: a planned rest begins. `disposition`: a missing
 * one was waited for long enough.
 */
export type ShiftTimer = 'wrap-up' | 'disposition' | 'absence' | 'free' | 'rest';

export type ShiftEffect =
  | { readonly kind: 'set-timer'; readonly timer: ShiftTimer; readonly at: EpochMs }
  | { readonly kind: 'clear-timer'; readonly timer: ShiftTimer }
  /** No outcome is invented when the time runs out: the call is listed as lacking its disposition. */
  | { readonly kind: 'disposition-missing'; readonly callId: CallId }
  /** The agent became free: waiting people and the pacer want to know. */
  | { readonly kind: 'agent-free' }
  | { readonly kind: 'shift-over' };

export type ShiftFact =
  | {
      readonly kind: 'activity-changed';
      readonly from: ActivityKind;
      readonly to: ActivityKind;
      /** How long `from` was. */
      readonly lastedMs: number;
      readonly reason?: string;
      readonly callId?: CallId;
      /** Who asked for the pause that begins; absent: the agent, or nobody. */
      readonly by?: 'supervisor';
    }
  | { readonly kind: 'screen-changed'; readonly connected: boolean }
  | { readonly kind: 'headset-changed'; readonly pinned: boolean }
  | { readonly kind: 'pause-asked'; readonly reason: PauseReason; readonly by?: 'supervisor' }
  | { readonly kind: 'pause-taken-back'; readonly by?: 'supervisor' }
  | { readonly kind: 'rest-planned'; readonly restsAt: EpochMs; readonly by?: 'supervisor' }
  | { readonly kind: 'rest-taken-back'; readonly by?: 'supervisor' }
  | { readonly kind: 'sign-out-asked'; readonly because: AskedShiftEnd }
  | { readonly kind: 'sign-out-taken-back'; readonly by?: 'supervisor' };

export type ActivityKind = Activity['kind'];

export type ShiftStep = {
  readonly shift: AgentShift;
  readonly effects: readonly ShiftEffect[];
  readonly facts: readonly ShiftFact[];
};
