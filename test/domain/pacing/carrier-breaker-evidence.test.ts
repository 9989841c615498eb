import { describe, expect, it } from 'vitest';
import { CarrierBreaker } from '../../../src/domain/pacing/carrier-breaker.ts';
import type {
  PacingCall,
  PacingObservation,
  PacingOutcome,
} from '../../../src/domain/pacing/pacing-interface.ts';
import { PLACED_AT } from '../../support/builders.ts';

type SetupEnded = Extract<PacingObservation, { kind: 'setup-ended' }>;

const NOW = PLACED_AT;
const FAST_MS = 6_000;

/** A call placed so long after {@link NOW} that ended so much later. */
const ended = (placedMs: number, tookMs: number, outcome: PacingOutcome): SetupEnded => ({
  kind: 'setup-ended',
  callId: 'call_1',
  placedAt: NOW + placedMs,
  at: NOW + placedMs + tookMs,
  outcome,
});
const failed = (placedMs: number, tookMs = 500): SetupEnded => ended(placedMs, tookMs, 'failed');
const ringing = (placedMs: number): PacingCall => ({
  id: `call_${placedMs}`,
  state: 'ringing',
  placedAt: NOW + placedMs,
  since: NOW + placedMs,
});

/** As many failures of one moment, which have come of age. */
function burst(failures: number, placedMs = 0, breaker = new CarrierBreaker()): CarrierBreaker {
  for (let call = 0; call < failures; call += 1) breaker.pass(failed(placedMs));
  breaker.look([], NOW + placedMs + FAST_MS);
  return breaker;
}

/** Tripped six seconds after {@link NOW}. */
const tripped = (): CarrierBreaker => burst(21);
const TRIPPED_MS = FAST_MS;

describe('what counts as failed by the carrier', () => {
  it.each([
    ['failed', 0],
    ['failed', 6_000],
    ['rejected', 0],
    ['rejected', 6_000],
  ] as const)('%s after %d ms: it is held back', (outcome, tookMs) => {
    expect(new CarrierBreaker().pass(ended(0, tookMs, outcome))).toEqual([]);
  });

  it.each([
    ['failed', 6_001],
    ['rejected', 6_001],
    ['busy', 500],
    ['invalid', 500],
    ['person', 500],
    ['machine', 500],
    ['no-answer', 500],
    ['cancelled', 500],
  ] as const)('not %s after %d ms: it may be learned from at once', (outcome, tookMs) => {
    const end = ended(0, tookMs, outcome);
    expect(new CarrierBreaker().pass(end)).toEqual([end]);
  });

  it('is weighed when the call would have come of age, and not before', () => {
    const breaker = new CarrierBreaker();
    for (let call = 0; call < 21; call += 1) breaker.pass(failed(0));
    breaker.look([], NOW + FAST_MS - 1);
    expect(breaker.failingSince).toBeUndefined();
    expect(breaker.toJSON().evidence).toBe(0);
    breaker.look([], NOW + FAST_MS);
    expect(breaker.failingSince).toBe(NOW + 500);
  });
});

describe('the evidence', () => {
  it('grows by ln(0.97 ÷ 0.5) for a first failure, and falls by ln(0.5 ÷ 0.03) for another call', () => {
    expect(burst(1).toJSON().evidence).toBeCloseTo(Math.log(0.97 / 0.5), 4);
    const both = new CarrierBreaker();
    for (let call = 0; call < 10; call += 1) both.pass(failed(0));
    both.look([ringing(0)], NOW + FAST_MS);
    expect(both.toJSON().evidence).toBeCloseTo(10 * Math.log(0.97 / 0.5) - Math.log(0.5 / 0.03), 3);
  });

  it('is never below none: good hours save up nothing', () => {
    const breaker = new CarrierBreaker();
    const calls = Array.from({ length: 500 }, () => ringing(-20_000));
    breaker.look(calls, NOW - 14_000);
    expect(breaker.toJSON().evidence).toBe(0);
    // The usual share has fallen to almost nothing, and each failure weighs ln(0.97 ÷ 0.1).
    burst(6, 0, breaker);
    expect(breaker.failingSince).toBeUndefined();
    burst(1, 100, breaker);
    expect(breaker.failingSince).toBe(NOW + 500);
  });

  it('counts a call that rings on once, at the look at which it has come of age', () => {
    const breaker = burst(10);
    const before = breaker.toJSON();
    const calls = [ringing(1_000)];
    breaker.look(calls, NOW + 6_999);
    expect(breaker.toJSON().evidence).toBe(before.evidence);
    breaker.look(calls, NOW + 7_000);
    const after = breaker.toJSON();
    expect(after.evidence).toBeLessThan(before.evidence);
    expect(after.of).toBe(11);
    breaker.look(calls, NOW + 7_001);
    breaker.look(calls, NOW + 9_000);
    expect(breaker.toJSON()).toMatchObject({ evidence: after.evidence, of: 11 });
  });

  it('counts a call that ended young in another way like one that rings on', () => {
    const byEnd = new CarrierBreaker();
    const byRinging = new CarrierBreaker();
    for (const breaker of [byEnd, byRinging]) {
      for (let call = 0; call < 10; call += 1) breaker.pass(failed(0));
    }
    byEnd.pass(ended(0, 6_000, 'busy'));
    byEnd.look([], NOW + FAST_MS);
    byRinging.look([ringing(0)], NOW + FAST_MS);
    expect(byEnd.toJSON().evidence).toBe(byRinging.toJSON().evidence);
    // One that ended later has been counted while it rang.
    const late = new CarrierBreaker();
    for (let call = 0; call < 10; call += 1) late.pass(failed(0));
    late.pass(ended(-1_000, 6_001, 'busy'));
    late.look([], NOW + FAST_MS);
    expect(late.toJSON().evidence).toBeGreaterThan(byEnd.toJSON().evidence);
  });

  it('is weighed by a usual share of a tenth to nine tenths, however good or bad it was', () => {
    const known = { ...new CarrierBreaker().toJSON(), known: 1_000, lookedAt: NOW };
    const evidenceAt = (usual: number) =>
      burst(1, 0, new CarrierBreaker({ ...known, usual })).toJSON().evidence;
    expect(evidenceAt(0)).toBe(evidenceAt(0.1));
    expect(evidenceAt(1)).toBe(evidenceAt(0.9));
    expect(evidenceAt(0.1)).toBeCloseTo(Math.log(9.7), 4);
    expect(evidenceAt(0.9)).toBeCloseTo(Math.log(0.97 / 0.9), 4);
  });
});

describe('the usual share of failures', () => {
  it('begins at a half, as if of thirty calls, and is the mean of what was weighed', () => {
    expect(new CarrierBreaker().toJSON()).toMatchObject({ usual: 0.5, known: 0 });
    const breaker = new CarrierBreaker();
    breaker.look(
      Array.from({ length: 10 }, () => ringing(0)),
      NOW + FAST_MS,
    );
    // Ten calls of which none failed: 0.5 − 0.5 × 10/40.
    expect(breaker.toJSON()).toMatchObject({ usual: 0.375, known: 10 });
  });

  it('is of the last thousand calls at most', () => {
    const known = { ...new CarrierBreaker().toJSON(), usual: 0.4, known: 50_000 };
    const breaker = new CarrierBreaker(known);
    breaker.look([ringing(0)], NOW + FAST_MS);
    expect(breaker.toJSON().usual).toBeCloseTo(0.4 - 0.4 / 1_000, 6);
  });

  it('is after an outage what it was before its first failure', () => {
    const known = { ...new CarrierBreaker().toJSON(), usual: 0.2, known: 500, lookedAt: NOW };
    const breaker = new CarrierBreaker(known);
    for (let call = 0; breaker.failingSince === undefined; call += 1) {
      burst(2, call * 100, breaker);
      expect(call).toBeLessThan(20);
    }
    expect(breaker.toJSON().usual).toBe(0.2);
  });
});

describe('failures that are held back', () => {
  it('are given back in the order of placing, once a calmer moment has taken all suspicion away', () => {
    const breaker = new CarrierBreaker();
    for (const placedMs of [300, 100, 200]) breaker.pass(failed(placedMs));
    const calm = Array.from({ length: 3 }, () => ringing(0));
    const given = breaker.look(calm, NOW + FAST_MS + 300);
    expect(given.map(({ placedAt }) => placedAt - NOW)).toEqual([100, 200, 300]);
    expect(given[0]).toEqual({ placedAt: NOW + 100, at: NOW + 600, outcome: 'failed' });
    // Once.
    expect(breaker.look([], NOW + 9_000)).toEqual([]);
  });

  it('are not given back while they are young, nor while there is suspicion', () => {
    const breaker = new CarrierBreaker();
    breaker.pass(failed(0));
    breaker.pass(failed(5_000));
    expect(breaker.look([], NOW + FAST_MS)).toEqual([]);
    expect(breaker.toJSON().evidence).toBeGreaterThan(0);
    const given = breaker.look([ringing(2_000)], NOW + 8_000);
    expect(given.map(({ placedAt }) => placedAt - NOW)).toEqual([0]);
    expect(breaker.toJSON().held).toHaveLength(1);
  });

  it('are all learned from when there are more than two thousand and still no verdict', () => {
    const breaker = new CarrierBreaker();
    for (let call = 0; call < 2_000; call += 1) {
      expect(breaker.pass(failed(call))).toEqual([]);
    }
    expect(breaker.pass(failed(2_000))).toHaveLength(2_001);
    expect(breaker.toJSON().held).toEqual([]);
  });

  it('are forgotten when it trips: they were the outage', () => {
    const breaker = tripped();
    expect(breaker.failingSince).toBeDefined();
    expect(breaker.toJSON().held).toEqual([]);
    breaker.look([ringing(TRIPPED_MS + 1)], NOW + 60_000);
    expect(breaker.failingSince).toBeUndefined();
    expect(breaker.look([], NOW + 61_000)).toEqual([]);
  });
});

describe('while the carrier fails', () => {
  it('it is said since which failure, and how many of how many calls', () => {
    const breaker = new CarrierBreaker();
    breaker.pass(failed(200, 900));
    for (let call = 0; call < 25; call += 1) breaker.pass(failed(300));
    breaker.look([ringing(100)], NOW + 6_300);
    expect(breaker.failingSince).toBe(NOW + 1_100);
    expect(breaker.figures).toEqual({ failed: 26, of: 27 });
  });

  it('each further failure is counted, and nothing is learned from it', () => {
    const breaker = tripped();
    expect(breaker.pass(failed(TRIPPED_MS + 100))).toEqual([]);
    expect(breaker.pass(failed(-60_000))).toEqual([]);
    expect(breaker.figures).toEqual({ failed: 23, of: 23 });
    expect(breaker.failingSince).toBeDefined();
  });

  it('other ends are learned from, and only those placed after the trip show that it is back', () => {
    const before = ended(TRIPPED_MS, 3_000, 'person');
    const breaker = tripped();
    expect(breaker.pass(before)).toEqual([before]);
    expect(breaker.failingSince).toBeDefined();
    const after = ended(TRIPPED_MS + 1, 3_000, 'busy');
    expect(breaker.pass(after)).toEqual([after]);
    expect(breaker.failingSince).toBeUndefined();
  });

  it('a call that we cancelled shows nothing', () => {
    const breaker = tripped();
    breaker.pass(ended(TRIPPED_MS + 1, 3_000, 'cancelled'));
    expect(breaker.failingSince).toBeDefined();
  });

  it('a slow failure shows that it is back: a carrier that is down fails at once', () => {
    const breaker = tripped();
    breaker.pass(ended(TRIPPED_MS + 1, FAST_MS + 1, 'failed'));
    expect(breaker.failingSince).toBeUndefined();
  });

  it('a call on the way shows that it is back when it is older than six seconds', () => {
    const breaker = tripped();
    const probe = ringing(TRIPPED_MS + 1);
    breaker.look([probe], NOW + TRIPPED_MS + 1 + FAST_MS);
    expect(breaker.failingSince).toBeDefined();
    breaker.look([ringing(TRIPPED_MS)], NOW + 90_000);
    expect(breaker.failingSince).toBeDefined();
    breaker.look([probe], NOW + TRIPPED_MS + 2 + FAST_MS);
    expect(breaker.failingSince).toBeUndefined();
  });

  it('and is back, the next outage must prove itself from the beginning', () => {
    const breaker = tripped();
    breaker.pass(ended(TRIPPED_MS + 1, 3_000, 'person'));
    expect(breaker.figures).toEqual({ failed: 0, of: 0 });
    expect(breaker.toJSON().evidence).toBe(0);
    burst(15, 30_000, breaker);
    expect(breaker.failingSince).toBeUndefined();
    burst(10, 30_100, breaker);
    expect(breaker.failingSince).toBe(NOW + 30_500);
  });
});

describe('a probe', () => {
  it('is one call each two seconds', () => {
    const breaker = tripped();
    const at = NOW + 10_000;
    expect(breaker.probes([], at)).toBe(1);
    // Asking is not placing.
    expect(breaker.probes([], at)).toBe(1);
    breaker.probed(at);
    expect(breaker.probes([], at)).toBe(0);
    expect(breaker.probes([], at + 1_999)).toBe(0);
    expect(breaker.probes([], at + 2_000)).toBe(1);
  });

  it('does not wait for a clock that was set back to come round again', () => {
    const breaker = tripped();
    breaker.probed(NOW + 10_000);
    expect(breaker.probes([], NOW + 9_999)).toBe(1);
  });

  it('waits while two are on the way; calls placed before the trip are none', () => {
    const breaker = tripped();
    const old = Array.from({ length: 9 }, () => ringing(TRIPPED_MS));
    const probe = ringing(TRIPPED_MS + 1);
    expect(breaker.probes(old, NOW + 10_000)).toBe(1);
    expect(breaker.probes([...old, probe], NOW + 10_000)).toBe(1);
    expect(breaker.probes([...old, probe, probe], NOW + 10_000)).toBe(0);
  });
});

describe('a breaker that is stored', () => {
  const copyOf = (breaker: CarrierBreaker) =>
    new CarrierBreaker(JSON.parse(JSON.stringify(breaker.toJSON())));

  it('half convinced is convinced by as much more as it would have been', () => {
    const through = burst(15);
    const restored = copyOf(through);
    for (const breaker of [through, restored]) burst(8, 100, breaker);
    expect(restored.failingSince).toBeUndefined();
    for (const breaker of [through, restored]) burst(4, 200, breaker);
    expect(through.failingSince).toBe(NOW + 500);
    expect(restored.failingSince).toBe(through.failingSince);
    expect(restored.figures).toEqual(through.figures);
  });

  it('with failures that are too young to be weighed weighs them later', () => {
    const young = new CarrierBreaker();
    for (let call = 0; call < 21; call += 1) young.pass(failed(0));
    const restored = copyOf(young);
    restored.look([], NOW + FAST_MS);
    expect(restored.failingSince).toBe(NOW + 500);
  });

  it('while the carrier fails still probes, and finds out that it is back', () => {
    const breaker = tripped();
    breaker.probed(NOW + 10_000);
    const restored = copyOf(breaker);
    expect(restored.failingSince).toBe(breaker.failingSince);
    expect(restored.probes([], NOW + 11_000)).toBe(0);
    restored.pass(ended(TRIPPED_MS + 1, 3_000, 'person'));
    expect(restored.failingSince).toBeUndefined();
    expect(breaker.failingSince).toBeDefined();
  });

  it('that works says nothing of a failure since', () => {
    expect(new CarrierBreaker().toJSON()).not.toHaveProperty('failingSince');
    expect(tripped().toJSON().failingSince).toBe(NOW + 500);
  });
});
