import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draft } from '../../src/engine/draft.ts';
import {
  ARRIVAL_SPREAD_MS,
  callPlacedOnTrunk,
  callsLeftOnTrunk,
  clockMovedOnTrunk,
  newTrunkRuntime,
  trunkState,
  trunkWasBusy,
} from '../../src/engine/watch-trunk.ts';
import { aTrunk } from '../support/store.ts';

type Look = {
  readonly afterMs: number;
  readonly wanted: number;
  readonly commitMs: number;
  readonly clockMs: number;
  readonly lateMs: readonly number[];
  readonly restarts: boolean;
};

/** One look at pacing: how long after the one before, how many are wanted, how long their commit takes. */
const looks = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 600 }),
    wanted: fc.integer({ min: 0, max: 40 }),
    commitMs: fc.integer({ min: 0, max: 400 }),
    /** Somebody sets the clock. */
    clockMs: fc.oneof(
      { weight: 8, arbitrary: fc.constant(0) },
      fc.integer({ min: -5e3, max: 5e3 }),
    ),
    /** Of the calls of this look, which arrive one after the other. */
    lateMs: fc.array(fc.integer({ min: 0, max: ARRIVAL_SPREAD_MS }), { maxLength: 40 }),
    restarts: fc.nat({ max: 12 }).map((drawn) => drawn === 0),
  }),
  { maxLength: 60 },
);
const rates = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(0.2, 0.5, 1.5, 7.5));

/** When the carrier is reached, in milliseconds of a clock that nobody sets. */
function arrivals(callsPerSecondMax: number, day: readonly Look[]): number[] {
  const trunk = { ...aTrunk(), callsPerSecondMax };
  const house = { draft: new Draft() };
  let runtime = newTrunkRuntime(trunk);
  let elapsedMs = 0;
  let clockMs = 1_000_000;
  const arrived: number[] = [];
  for (const look of day) {
    elapsedMs += look.afterMs;
    clockMs += look.clockMs;
    clockMovedOnTrunk(house, runtime, look.clockMs);
    const decidedAt = clockMs + elapsedMs;
    if (look.restarts) {
      runtime = trunkWasBusy(newTrunkRuntime(trunk), decidedAt);
    }
    const { callsAllowedNow } = trunkState(runtime, decidedAt);
    const placed = Math.min(look.wanted, callsAllowedNow);
    for (let call = 0; call < placed; call += 1) callPlacedOnTrunk(house, runtime, decidedAt);
    elapsedMs += look.commitMs;
    callsLeftOnTrunk(house, runtime, decidedAt, clockMs + elapsedMs);
    for (let call = 0; call < placed; call += 1) arrived.push(elapsedMs + (look.lateMs[call] ?? 0));
  }
  return arrived.sort((left, right) => left - right);
}

describe('the calls a second of a trunk', () => {
  it('are never more than agreed in any second at the carrier, however slow commits and the way are', () => {
    fc.assert(
      fc.property(rates, looks, (rate, day) => {
        const arrived = arrivals(rate, day);
        const atOnceMax = Math.max(1, Math.floor(rate));
        const windowMs = (atOnceMax / rate) * 1_000;
        for (const [index, at] of arrived.entries()) {
          const oneTooMany = arrived[index + atOnceMax];
          if (oneTooMany !== undefined) expect(oneTooMany - at).toBeGreaterThanOrEqual(windowMs);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are used: anyone who always wants more gets all of them but the tenth that the way may take', () => {
    const day: Look[] = Array.from({ length: 600 }, () => ({
      afterMs: 100,
      wanted: 40,
      commitMs: 0,
      clockMs: 0,
      lateMs: [],
      restarts: false,
    }));
    expect(arrivals(10, day).length).toBeGreaterThanOrEqual(10 * 60 * (1_000 / 1_200));
  });
});
