import { describe, expect, it } from 'vitest';
import type { Call, CallState } from '../../../src/domain/calls/call.ts';
import { callAfterClockSet } from '../../../src/domain/calls/call-clock.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { ANSWERED_AT, aCall, PLACED_AT } from '../../support/builders.ts';

const KINDS: readonly CallState['kind'][] = [
  ...(['placing', 'ringing', 'screening', 'waiting', 'connecting'] as const),
  ...(['talking', 'stranded', 'announcing', 'ended'] as const),
];

/** How long everything in the call has lasted, seen at `now`. */
function lasting(call: Call, now: number): readonly (number | undefined)[] {
  const ago = (at: number | undefined) => (at === undefined ? undefined : now - at);
  const { state, placedAt, answeredAt, greetingEndedAt, connectedAt } = call;
  const since = 'since' in state ? state.since : undefined;
  return [placedAt, answeredAt, greetingEndedAt, connectedAt, since].map(ago);
}

describe('a call over which the wall clock is set', () => {
  const now = ANSWERED_AT + 5_000;

  it.each(KINDS.flatMap((kind) => [[kind, HOUR_MS] as const, [kind, -HOUR_MS] as const]))(
    '%s, by %i ms: everything lasted as long as before',
    (kind, byMs) => {
      const before = aCall({ state: kind, greetingEndedAt: ANSWERED_AT + 700 });
      const after = callAfterClockSet(before, byMs);
      expect(lasting(after, now + byMs)).toEqual(lasting(before, now));
      expect(after.state.kind).toBe(kind);
      expect(after.version).toBe(before.version + 1);
    },
  );

  it('remembers when its attempt was stored, however often the clock is set', () => {
    const once = callAfterClockSet(aCall(), HOUR_MS);
    const twice = callAfterClockSet(once, -3 * HOUR_MS);
    expect(once.attemptPlacedAt).toBe(PLACED_AT);
    expect(twice.attemptPlacedAt).toBe(PLACED_AT);
    expect(twice.placedAt).toBe(PLACED_AT - 2 * HOUR_MS);
  });

  it('is as before when the clock is set back by as much, but for its version and memory', () => {
    for (const kind of KINDS) {
      const before = aCall({ state: kind });
      const after = callAfterClockSet(callAfterClockSet(before, 1_234), -1_234);
      const { attemptPlacedAt, version, ...rest } = after;
      expect([attemptPlacedAt, version]).toEqual([PLACED_AT, before.version + 2]);
      const { version: _version, ...expected } = before;
      expect(rest).toEqual(expected);
    }
  });

  it('gets no moment that it did not have', () => {
    const after = callAfterClockSet(aCall({ state: 'ringing' }), HOUR_MS);
    for (const field of ['answeredAt', 'greetingEndedAt', 'connectedAt']) {
      expect(after).not.toHaveProperty(field);
    }
  });
});
