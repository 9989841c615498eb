import { describe, expect, it } from 'vitest';
import {
  intervalOf,
  isInside,
  measuresOf,
  quantileOf,
  sumsBetween,
  sumsOf,
} from '../../scripts/bench/floor-measures.ts';
import type { Fact, FactBody } from '../../src/domain/facts.ts';
import { emptyTally } from '../../src/floor-model/tally.ts';

let sequence = 0;
function fact(at: number, body: FactBody, agent?: number): Fact {
  sequence += 1;
  return { sequence, at, body, ...(agent === undefined ? {} : { agentId: `user_${agent}` }) };
}

type Kind = Extract<FactBody, { kind: 'activity-changed' }>['to'];
const goes = (at: number, agent: number, from: Kind, to: Kind): Fact =>
  fact(at, { kind: 'activity-changed', from, to, lastedMs: 0 }, agent);

describe('the sums of a span of facts', () => {
  it('cuts an agent’s times at both ends of the stretch', () => {
    const sums = sumsOf(
      [
        goes(0, 1, 'preparing', 'available'),
        goes(50, 1, 'available', 'reserved'),
        goes(60, 1, 'reserved', 'talking'),
        goes(160, 1, 'talking', 'wrapping-up'),
        goes(180, 1, 'wrapping-up', 'available'),
        goes(190, 1, 'available', 'paused'),
        goes(260, 1, 'paused', 'available'),
      ],
      100,
      300,
    );
    expect(sums).toMatchObject({ busyMs: 80, presentMs: 130, conversations: 0, waitSumMs: 0 });
  });

  it('counts a wait from being free to the talk, being reserved included', () => {
    const sums = sumsOf(
      [
        goes(0, 1, 'preparing', 'available'),
        goes(50, 1, 'available', 'reserved'),
        goes(60, 1, 'reserved', 'talking'),
      ],
      0,
      100,
    );
    expect(sums).toMatchObject({ conversations: 1, waitSumMs: 60, busyMs: 40, presentMs: 100 });
  });

  it('counts people lost in the span, and not those lost before or after it', () => {
    const lost = (at: number) =>
      fact(at, { kind: 'call-abandoned', because: 'limit', waitMs: 2_000 });
    const sums = sumsOf(
      [
        lost(5),
        fact(10, { kind: 'call-answered', ringMs: 1 }),
        fact(11, { kind: 'call-hung-up-waiting', waitMs: 1 }),
        lost(12),
        lost(20),
      ],
      10,
      20,
    );
    expect(sums).toMatchObject({ answers: 1, lostAtLimit: 1, lostPatience: 1 });
    expect(measuresOf({ ...sums, answers: 8 }).abandonment).toBe(0.25);
  });

  it('takes the warm-up of a simulated run off', () => {
    const shorter = { ...emptyTally(1), answers: 10, busyMs: 5, callsPlaced: 30 };
    const longer = { ...emptyTally(1), answers: 25, busyMs: 50, callsPlaced: 90 };
    expect(sumsBetween(shorter, longer)).toMatchObject({ answers: 15, busyMs: 45, placed: 60 });
  });
});

describe('the interval of runs', () => {
  it('leaves a fortieth of the runs out on either side', () => {
    const { low, high, mean } = intervalOf(Array.from({ length: 41 }, (_, at) => 40 - at));
    expect([low, mean, high]).toEqual([1, 20, 39]);
  });

  it('lies between neighbours when no run is exactly there', () => {
    expect(quantileOf([0, 10], 0.25)).toBe(2.5);
  });

  it('holds its own ends and nothing beyond them', () => {
    const interval = { mean: 2, low: 1, high: 3 };
    expect([0.9, 1, 3, 3.1].map((value) => isInside(value, interval))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('needs at least one run', () => {
    expect(() => intervalOf([])).toThrow(RangeError);
  });
});
