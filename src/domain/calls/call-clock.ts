import { given } from '../../lib/given.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { Call, CallState } from './call.ts';

/**
 * The live call after the wall clock was set by so much: everything in it lasted as long as before. A
 * person who has waited for half a second has done so by the new clock too, and is neither abandoned
 * by a clock that is set forward nor met in time by one that is set back.
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
