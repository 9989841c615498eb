import {
  type AgentShift,
  type ShiftSignal,
  type ShiftStep,
  stepShift,
} from '../../../src/domain/agents/agent-shift.ts';
import type { PauseReason } from '../../../src/domain/agents/pauses.ts';
import type { EpochMs } from '../../../src/lib/time.ts';
import { PLACED_AT } from '../../support/builders.ts';

/** Ten seconds after the activities of the builders began. */
export const AT: EpochMs = PLACED_AT + 10_000;

export const GO: ShiftSignal = { kind: 'go-available' };
export const SIGN_OUT: Extract<ShiftSignal, { kind: 'sign-out' }> = {
  kind: 'sign-out',
  because: 'signed-out',
};
export const RESERVED: ShiftSignal = { kind: 'reserved', callId: 'call_1' };
export const RELEASED: ShiftSignal = { kind: 'released', callId: 'call_1' };
export const CONNECTED: ShiftSignal = { kind: 'connected', callId: 'call_1' };
/** The end of a call whose disposition is required. */
export const OVER: Extract<ShiftSignal, { kind: 'call-over' }> = {
  kind: 'call-over',
  callId: 'call_1',
  wrapUpMaxMs: 60_000,
  dispositionWaitMs: 120_000,
};
export const GIVEN_BACK: ShiftSignal = {
  kind: 'given-back',
  callId: 'call_1',
  dispositionWaitMs: 120_000,
};

export function disposed(wrapUpMs: number): ShiftSignal {
  return { kind: 'disposed', callId: 'call_1', wrapUpMs };
}

export function pause(reason: PauseReason): ShiftSignal {
  return { kind: 'pause', reason };
}

export function pauseBySupervisor(reason: PauseReason = 'by-supervisor'): ShiftSignal {
  return { kind: 'pause', reason, by: 'supervisor' };
}

export function timer(name: Extract<ShiftSignal, { kind: 'timer' }>['timer']): ShiftSignal {
  return { kind: 'timer', timer: name };
}

/** Tells a shift its signals one after the other; gives the last step. */
export function tell(
  shift: AgentShift,
  ...signals: readonly (readonly [ShiftSignal, EpochMs])[]
): ShiftStep {
  let step: ShiftStep = { shift, effects: [], facts: [] };
  for (const [signal, now] of signals) step = stepShift(step.shift, signal, now);
  return step;
}
