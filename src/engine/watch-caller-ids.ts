import type { Call } from '../domain/calls/call.ts';
import type { CallOutcome } from '../domain/calls/outcome.ts';
import { healthAfter, UNJUDGED } from '../domain/campaigns/caller-id-health.ts';
import type { E164 } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Batch } from './batch.ts';
import type { House } from './work.ts';

/** The number we showed learns from what became of its call. In memory: a restart judges anew. */
export function callEndedWith(house: House, batch: Batch, call: Call, outcome: CallOutcome): void {
  const { callerId: number } = call;
  const before = house.state.callerIdHealth.get(number) ?? UNJUDGED;
  const after = healthAfter(before, outcome, batch.now);
  house.draft.set(house.state.callerIdHealth, number, after);
  const { rest } = after;
  if (!rest || rest === before.rest) return;
  const { refused, of, until } = rest;
  batch.fact({ kind: 'caller-id-rests', number, refused, of, until });
}

/** The numbers that must not be shown, and until when. */
export function restingCallerIds({ state }: House): ReadonlyMap<E164, EpochMs> {
  const resting = new Map<E164, EpochMs>();
  for (const [number, { rest }] of state.callerIdHealth) {
    if (rest) resting.set(number, rest.until);
  }
  return resting;
}
