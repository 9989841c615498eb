import { describe, expect, it } from 'vitest';
import { CarrierBreaker } from '../../../src/domain/pacing/carrier-breaker.ts';
import type { PacingObservation, PacingOutcome } from '../../../src/domain/pacing/pacer.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { PLACED_AT } from '../../support/builders.ts';

type SetupEnded = Extract<PacingObservation, { kind: 'setup-ended' }>;

const ended = (at: number, outcome: PacingOutcome, tookMs = 1_000): SetupEnded => ({
  kind: 'setup-ended',
  callId: `call_${at}`,
  placedAt: at - tookMs,
  at,
  outcome,
});

/** A usual hour: so many calls fail at once, the rest rings out. */
function used(failing: number): CarrierBreaker {
  const breaker = new CarrierBreaker();
  const random = seededRandom(5);
  for (let call = 0; call < 3_000; call += 1) {
    const fails = random() < failing;
    const at = PLACED_AT + call * 1_000;
    breaker.pass(fails ? ended(at, 'failed') : ended(at, 'no-answer', 30_000));
  }
  return breaker;
}

const LATER = PLACED_AT + 3_000_000;

function fail(breaker: CarrierBreaker, calls: number, from = LATER): number {
  for (let call = 0; call < calls; call += 1) {
    breaker.pass(ended(from + call * 200, 'failed'));
    if (breaker.failingSince !== undefined) return call + 1;
  }
  return Number.POSITIVE_INFINITY;
}

describe('the breaker for the carrier', () => {
  it('does not trip in an hour in which every third call fails, nor in one in which most do', () => {
    for (const failing of [0, 0.3, 0.6]) expect(used(failing).failingSince).toBeUndefined();
  });

  it('trips within two dozen failures in a row where they are rare', () => {
    expect(fail(used(0.1), 100)).toBeLessThanOrEqual(24);
  });

  it('wants more of them where they are usual', () => {
    expect(fail(used(0.6), 200)).toBeGreaterThan(24);
  });

  it('holds back what it is not sure of: an outage teaches nothing, a bad moment is learned late', () => {
    const breaker = used(0.1);
    const learned = Array.from({ length: 5 }, (_, call) =>
      breaker.pass(ended(LATER + call * 200, 'failed')),
    ).flat();
    expect(learned).toHaveLength(0);
    let back = 0;
    for (let call = 0; call < 6; call += 1) {
      back += breaker.pass(ended(LATER + 60_000 + call * 1_000, 'no-answer', 30_000)).length;
    }
    expect(back).toBe(11);
  });

  it('does not count busy lines and numbers that do not exist', () => {
    const breaker = used(0.1);
    for (let call = 0; call < 200; call += 1) {
      breaker.pass(ended(LATER + call * 200, call % 2 === 0 ? 'busy' : 'invalid'));
    }
    expect(breaker.failingSince).toBeUndefined();
  });

  it('probes with a call at a time, two at most on the way', () => {
    const breaker = used(0.1);
    fail(breaker, 100);
    const now = LATER + 30_000;
    expect(breaker.probes([], now)).toBe(1);
    breaker.probed(now);
    expect(breaker.probes([], now + 500)).toBe(0);
    const probe = { id: 'call_p', state: 'placing', placedAt: now, since: now } as const;
    expect(breaker.probes([probe], now + 2_500)).toBe(1);
    expect(breaker.probes([probe, { ...probe, id: 'call_q' }], now + 2_500)).toBe(0);
  });

  it('closes when a probe rings on, or ends otherwise than at once', () => {
    const one = used(0.1);
    fail(one, 100);
    const now = LATER + 60_000;
    one.look([{ id: 'call_p', state: 'ringing', placedAt: now - 7_000, since: now }], now);
    expect(one.failingSince).toBeUndefined();

    const other = used(0.1);
    fail(other, 100);
    other.pass(ended(now, 'person', 5_000));
    expect(other.failingSince).toBeUndefined();
  });

  it('is not closed by what was placed before it tripped', () => {
    const breaker = used(0.1);
    fail(breaker, 100);
    breaker.pass(ended(LATER + 9_000, 'person', 20_000));
    expect(breaker.failingSince).toBeDefined();
  });
});
