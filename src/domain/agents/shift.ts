/**
 * The parts of an agent's shift, its signals and what follows from them; `agent-shift.ts` is the
 * machine.
 */
import type { AgentId, CallId, ShiftId } from '../../lib/ids.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { PauseReason } from './pauses.ts';

export type Activity =
  | { readonly kind: 'preparing'; readonly since: EpochMs }
  | {
      readonly kind: 'available';
      readonly since: EpochMs;
      /**
       * End of the rest after the last call, until which no call is given; absent when the agent is
       * free at once.
       */
      readonly freeAt?: EpochMs;
    }
  | { readonly kind: 'reserved'; readonly since: EpochMs; readonly callId: CallId }
  | {
      readonly kind: 'talking';
      readonly since: EpochMs;
      readonly callId: CallId;
      /**
       * The wrap-up that the disposition grants; absent while none is recorded. It may be recorded
       * during the conversation.
       */
      readonly disposedWrapUpMs?: number;
    }
  | {
      readonly kind: 'wrapping-up';
      readonly since: EpochMs;
      readonly callId: CallId;
      readonly until: EpochMs;
      readonly disposed: boolean;
      readonly extended: boolean;
      /** Since when the agent had the call; absent in shifts from before this was stored. */
      readonly talkedSince?: EpochMs;
      /** Length of the rest before the next call; absent for none. */
      readonly restMs?: number;
      /**
       * How long a missing disposition is waited for afterwards; absent when the campaign requires
       * none.
       */
      readonly dispositionWaitMs?: DurationMs;
    }
  /**
   * The wrap-up is over and the campaign's disposition is missing: no call is offered meanwhile.
   */
  | {
      readonly kind: 'undisposed';
      readonly since: EpochMs;
      readonly callId: CallId;
      /** From then on the call is a supervisor's to correct. */
      readonly until: EpochMs;
      readonly restMs?: number;
    }
  | {
      readonly kind: 'paused';
      readonly since: EpochMs;
      readonly reason: PauseReason;
      /**
       * The call whose disposition is missing, which the agent may still record; absent when none
       * is.
       */
      readonly undisposedCallId?: CallId;
      /** Present when a supervisor asked for the pause: the agent cannot end it alone. */
      readonly by?: 'supervisor';
      /** When the agent may end it nevertheless; absent when only a supervisor may release them. */
      readonly keptUntil?: EpochMs;
    }
  | { readonly kind: 'ended'; readonly at: EpochMs; readonly because: ShiftEnd };

export type ShiftEnd =
  | AskedShiftEnd
  /** Nobody saw the screen for too long. */
  | 'absent'
  /** The user may no longer work here. */
  | 'disabled';

/**
 * An end that somebody asks for. It never leaves a debtor alone, so it waits for the call in hand.
 */
export type AskedShiftEnd = 'signed-out' | 'signed-out-by-supervisor';

/**
 * Who asks for a pause, a rest or the end of a shift; absent when it is the agent. An agent cannot
 * take back what a supervisor asked for.
 */
export type Asker = 'supervisor' | undefined;

export type AgentShift = {
  readonly id: ShiftId;
  readonly agentId: AgentId;
  readonly startedAt: EpochMs;
  readonly activity: Activity;
  readonly screen: { readonly connected: boolean; readonly since: EpochMs };
  readonly headset: { readonly pinned: boolean; readonly since: EpochMs };
  /**
   * A pause asked for during a call or a wrap-up; begins after it, and can be taken back. Absent
   * for none.
   */
  readonly pauseAsked?: PauseReason;
  readonly pauseAskedBy?: 'supervisor';
  /**
   * Present when the supervisor asked for a pause without a usual length: it lasts until they
   * release the agent.
   */
  readonly pauseUntilReleased?: true;
  /** When a planned rest begins, or at the end of a call under way then; absent without one. */
  readonly restsAt?: EpochMs;
  readonly restAskedBy?: 'supervisor';
  /**
   * How the shift ends once the call in hand is over and disposed; can be taken back. Absent when
   * nobody asked.
   */
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
      /** Rest from the end of the wrap-up to the next call; absent for none. */
      readonly restMs?: number;
      /** How long a missing disposition is waited for; absent when the campaign requires none. */
      readonly dispositionWaitMs?: DurationMs;
    }
  /** A supervisor gives back a call that lacks its disposition. */
  | { readonly kind: 'given-back'; readonly callId: CallId; readonly dispositionWaitMs: DurationMs }
  | { readonly kind: 'disposed'; readonly callId: CallId; readonly wrapUpMs: number }
  /** A supervisor recorded the missing disposition. */
  | { readonly kind: 'corrected'; readonly callId: CallId }
  | { readonly kind: 'extend-wrap-up'; readonly byMs: number }
  | { readonly kind: 'sign-out'; readonly because: ShiftEnd }
  | { readonly kind: 'timer'; readonly timer: ShiftTimer };

/**
 * `free`: the rest between two calls is over. `rest`: a planned rest begins. `disposition`: the
 * wait for a missing one is over.
 */
export type ShiftTimer = 'wrap-up' | 'disposition' | 'absence' | 'free' | 'rest';

export type ShiftEffect =
  | { readonly kind: 'set-timer'; readonly timer: ShiftTimer; readonly at: EpochMs }
  | { readonly kind: 'clear-timer'; readonly timer: ShiftTimer }
  /** No outcome is invented when the time runs out: the call is listed as without a disposition. */
  | { readonly kind: 'disposition-missing'; readonly callId: CallId }
  /** The agent became free, which waiting people and the pacer must learn. */
  | { readonly kind: 'agent-free' }
  | { readonly kind: 'shift-over' };

export type ShiftFact =
  | {
      readonly kind: 'activity-changed';
      readonly from: ActivityKind;
      readonly to: ActivityKind;
      /** Duration of `from`. */
      readonly lastedMs: number;
      readonly reason?: string;
      readonly callId?: CallId;
      /**
       * The supervisor who asked for the pause that begins; absent when it was the agent or nobody.
       */
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
