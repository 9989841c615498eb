import type { Call } from '../domain/calls/call.ts';
import type { CallOutcome } from '../domain/calls/outcome.ts';
import { type CallerIdHealth, healthAfter, UNJUDGED } from '../domain/trunks/caller-id-health.ts';
import type { E164 } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Memory } from './memory.ts';
import type { Turn } from './turn.ts';

/** The number we showed learns from what became of its call; it is kept, so that its rest outlives us. */
export function callEndedWith(turn: Turn, call: Call, outcome: CallOutcome): void {
  const { batch } = turn;
  const { callerId: number } = call;
  const before = turn.state.callerIdHealth.get(number) ?? UNJUDGED;
  const after = healthAfter(before, outcome, batch.now);
  keepHealth(turn, number, after);
  const { rest } = after;
  if (!rest || rest === before.rest) return;
  const { refused, of, until } = rest;
  batch.fact({ kind: 'caller-id-rests', number, refused, of, until });
}

/** In memory and in the store. */
export function keepHealth(turn: Turn, number: E164, health: CallerIdHealth): void {
  const { draft, state, batch } = turn;
  draft.set(state.callerIdHealth, number, health);
  batch.change({ kind: 'save-caller-id-health', number, health });
}

/** The numbers that must not be shown, and until when. */
export function restingCallerIds({ state }: Memory): ReadonlyMap<E164, EpochMs> {
  const resting = new Map<E164, EpochMs>();
  for (const [number, { rest }] of state.callerIdHealth) {
    if (rest) resting.set(number, rest.until);
  }
  return resting;
}
