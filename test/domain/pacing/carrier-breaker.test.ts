import { describe, expect, it } from 'vitest';
import { CarrierBreaker } from '../../../src/domain/pacing/carrier-breaker.ts';
import type {
  PacingCall,
  PacingObservation,
  PacingOutcome,
} from '../../../src/domain/pacing/pacer.ts';
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

const alive = (placedAt: number): PacingCall => ({
  id: `call_${placedAt}`,
  state: 'ringing',
  placedAt,
  since: placedAt,
});

/** A usual hour: so many calls fail after a second, the rest rings for half a minute. */
function used(failing: number): CarrierBreaker {
  const breaker = new CarrierBreaker();
  const random = seededRandom(5);
  let calls: PacingCall[] = [];
  for (let second = 0; second < 3_000; second += 1) {
    const at = PLACED_AT + second * 1_000;
    if (random() < failing) breaker.pass(ended(at, 'failed'));
    else calls.push(alive(at));
    for (const { placedAt } of calls.filter((call) => call.placedAt <= at - 30_000)) {
      breaker.pass(ended(at, 'no-answer', at - placedAt));
    }
    calls = calls.filter(({ placedAt }) => placedAt > at - 30_000);
    breaker.look(calls, at);
  }
  return breaker;
}

const LATER = PLACED_AT + 3_100_000;

/** Every call fails within a second, five a second. How many until it trips. */
function fail(breaker: CarrierBreaker, calls: number): number {
  for (let call = 0; call < calls; call += 1) {
    const at = LATER + call * 200;
    breaker.pass(ended(at, 'failed'));
    breaker.look([], at);
    if (breaker.failingSince !== undefined) return call + 1;
  }
  return Number.POSITIVE_INFINITY;
}

describe('the breaker for the carrier', () => {
  it('does not trip in an hour in which every third call fails, nor in one in which most do', () => {
    for (const failing of [0, 0.3, 0.6]) expect(used(failing).failingSince).toBeUndefined();
  });

  it('trips within ten seconds where failures are rare', () => {
    expect(fail(used(0.1), 100)).toBeLessThanOrEqual(50);
  });

  it('wants more of them where they are usual', () => {
    expect(fail(used(0.6), 200)).toBeGreaterThan(fail(used(0.1), 100));
  });

  it('is not deceived by a burst, of which the failures are told first', () => {
    const breaker = used(0.3);
    const calls = Array.from({ length: 560 }, () => alive(LATER));
    for (let call = 0; call < 240; call += 1) {
      breaker.pass(ended(LATER + 1_000 + call, 'failed', 1_000 + call));
    }
    for (let ms = 250; ms <= 10_000; ms += 250) breaker.look(calls, LATER + ms);
    expect(breaker.failingSince).toBeUndefined();
  });

  it('holds failures back until it is sure, and then learns from those of a bad moment', () => {
    const breaker = used(0.1);
    for (let call = 0; call < 5; call += 1) {
      expect(breaker.pass(ended(LATER + call * 200, 'failed'))).toHaveLength(0);
    }
    const calls = Array.from({ length: 12 }, () => alive(LATER + 1_000));
    const learned = [2_000, 5_000, 8_000].map((ms) => breaker.look(calls, LATER + ms).length);
    expect(learned.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(5);
  });

  it('learns nothing from an outage', () => {
    const breaker = used(0.1);
    let learned = 0;
    for (let call = 0; call < 300; call += 1) {
      const at = LATER + call * 200;
      learned += breaker.pass(ended(at, 'failed')).length + breaker.look([], at).length;
    }
    expect(breaker.failingSince).toBeDefined();
    expect(learned).toBe(0);
  });

  it('does not count busy lines and numbers that do not exist', () => {
    const breaker = used(0.1);
    for (let call = 0; call < 200; call += 1) {
      const at = LATER + call * 200;
      breaker.pass(ended(at, call % 2 === 0 ? 'busy' : 'invalid'));
      breaker.look([], at);
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

  it('finds the usual share again after an outage through which the process was restarted', () => {
    const through = used(0.1);
    const { usual } = through.toJSON();
    fail(through, 10);
    const again = new CarrierBreaker(JSON.parse(JSON.stringify(through.toJSON())));
    expect(again.toJSON().usual).toBeGreaterThan(usual);
    fail(again, 100);
    expect(again.failingSince).toBeDefined();
    expect(again.toJSON().usual).toBeCloseTo(usual, 3);
  });

  it('is not closed by what was placed before it tripped', () => {
    const breaker = used(0.1);
    fail(breaker, 100);
    breaker.pass(ended(LATER + 9_000, 'person', 20_000));
    expect(breaker.failingSince).toBeDefined();
  });

  it('does not trip on the failures of a burst, in whatever order they are told', () => {
    const breaker = used(0.2);
    const random = seededRandom(17);
    const calls: PacingCall[] = [];
    const failures: SetupEnded[] = [];
    for (let call = 0; call < 700; call += 1) {
      // Most at once, and then a few each second, some of which fail before most of the first.
      const placedAt = LATER + Math.max(0, Math.floor((call - 600) / 20)) * 1_000;
      if (random() >= 0.25) calls.push(alive(placedAt));
      else {
        const tookMs = 500 + random() * 5_000;
        failures.push(ended(placedAt + tookMs, 'failed', tookMs));
      }
    }
    failures.sort((one, other) => one.at - other.at);
    for (let now = LATER; now <= LATER + 12_000; now += 250) {
      while (failures[0] && failures[0].at <= now) breaker.pass(failures.shift() as SetupEnded);
      breaker.look(
        calls.filter(({ placedAt }) => placedAt <= now),
        now,
      );
      expect(breaker.failingSince).toBeUndefined();
    }
  });
});
