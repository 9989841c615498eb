import { given } from '../../lib/given.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { Call, CallState } from './call.ts';

/**
 * The live call after the wall clock was set by this much. Everything in it keeps its duration: a
 * person who has waited half a second has waited half a second by the new clock too. A clock set
 * forward abandons nobody, and a clock set back makes nobody met in time.
 */
export function callAfterClockSet(call: Call, byMs: DurationMs): Call {
  const { answeredAt, greetingEndedAt, connectedAt } = call;
  return {
    ...call,
    attemptPlacedAt: call.attemptPlacedAt ?? call.placedAt,
    placedAt: call.placedAt + byMs,
    state: stateAfter(call.state, byMs),
    ...given({
      answeredAt: answeredAt === undefined ? undefined : answeredAt + byMs,
      greetingEndedAt: greetingEndedAt === undefined ? undefined : greetingEndedAt + byMs,
      connectedAt: connectedAt === undefined ? undefined : connectedAt + byMs,
    }),
    version: call.version + 1,
  };
}

function stateAfter(state: CallState, byMs: DurationMs): CallState {
  return 'since' in state ? { ...state, since: state.since + byMs } : state;
}
