import type { Call } from '../domain/calls/call.ts';
import type { CallOutcome } from '../domain/calls/outcome.ts';
import { type CallerIdHealth, healthAfter, UNJUDGED } from '../domain/trunks/caller-id-health.ts';
import type { E164 } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Batch } from './batch.ts';
import type { House } from './work.ts';

/** The number we showed learns from what became of its call; it is kept, so that its rest outlives us. */
export function callEndedWith(house: House, batch: Batch, call: Call, outcome: CallOutcome): void {
  const { callerId: number } = call;
  const before = house.state.callerIdHealth.get(number) ?? UNJUDGED;
  const after = healthAfter(before, outcome, batch.now);
  keepHealth(house, batch, number, after);
  const { rest } = after;
  if (!rest || rest === before.rest) return;
  const { refused, of, until } = rest;
  batch.fact({ kind: 'caller-id-rests', number, refused, of, until });
}

/** In memory and in the store. */
export function keepHealth(
  { draft, state }: Pick<House, 'draft' | 'state'>,
  batch: Batch,
  number: E164,
  health: CallerIdHealth,
): void {
  draft.set(state.callerIdHealth, number, health);
  batch.change({ kind: 'save-caller-id-health', number, health });
}

/** The numbers that must not be shown, and until when. */
export function restingCallerIds({ state }: House): ReadonlyMap<E164, EpochMs> {
  const resting = new Map<E164, EpochMs>();
  for (const [number, { rest }] of state.callerIdHealth) {
    if (rest) resting.set(number, rest.until);
  }
  return resting;
}
