import { describe, expect, it } from 'vitest';
import { measuresOf } from '../../scripts/bench/floor-measures.ts';
import { farEndFates, NO_LATENCIES, simulateFloor } from '../../scripts/bench/real-floor-model.ts';

const STRETCH = { agents: 10, warmUpMs: 240_000, countedMs: 600_000 };

describe('the model of the floor on the real PBX', () => {
  it('counts the agents’ time of the stretch and no more', () => {
    const sums = simulateFloor({ ...STRETCH, seed: 1, latencies: NO_LATENCIES });
    expect(sums.presentMs).toBe(10 * 600_000);
  });

  it('busies agents less when every set-up takes longer', () => {
    const busy = (latencies: { setupMs: number; hangUpMs: number }): number =>
      [1, 2, 3, 4, 5, 6, 7, 8]
        .map((seed) => measuresOf(simulateFloor({ ...STRETCH, seed, latencies })).utilisation)
        .reduce((sum, one) => sum + one, 0);
    expect(busy({ setupMs: 4_000, hangUpMs: 0 })).toBeLessThan(busy(NO_LATENCIES));
  });

  it('answers about every third call at the far end, the same calls each time', () => {
    const statuses = (seed: number) =>
      Array.from({ length: 2_000 }, (_, call) => farEndFates(seed)(call).status);
    const first = statuses(3);
    expect(statuses(3)).toEqual(first);
    const share = first.filter((status) => status === 200).length / first.length;
    expect(share).toBeGreaterThan(0.31);
    expect(share).toBeLessThan(0.39);
    expect(new Set(first)).toEqual(new Set([200, 404, 480, 486, 503]));
  });
});
