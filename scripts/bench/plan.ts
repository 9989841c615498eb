/**
 * Measures the cost of one plan on a large floor, and a pacer's memory: `npm run bench -- plan`.
 *
 * The floor keeps three calls on the way for each agent, at an answer rate that keeps nearly all
 * agents busy. The pacer sees and learns everything and plans at every moment. Its plans are timed
 * but not followed, so that the load does not depend on them.
 */
import { performance } from 'node:perf_hooks';
import { createPacer } from '../../src/domain/pacing/pacer.ts';
import { runFloor } from '../../src/floor-model/floor.ts';
import { settingsFor } from '../../src/floor-model/policies.ts';
import type { FloorPolicy } from '../../src/floor-model/rivals/rival.ts';
import { plainScenario } from '../../src/floor-model/scenario.ts';
import { MINUTE_MS } from '../../src/lib/time.ts';

const ANSWER_RATE = 0.0325;
const CALLS_PER_AGENT = 3;
const WARM_UP_MS = 15 * MINUTE_MS;

export type BenchPlanOptions = {
  readonly agents: number;
  readonly minutes: number;
  readonly report: (line: string) => void;
};

export function runBenchPlan({ agents, minutes, report }: BenchPlanOptions): void {
  const countedMs = minutes * MINUTE_MS;
  const scenario = plainScenario(agents, ANSWER_RATE, { warmUpMs: WARM_UP_MS, countedMs });
  const pacer = createPacer(settingsFor('ours', scenario));
  const took: number[] = [];
  const spent: number[] = [];
  const busy: number[] = [];
  let beganAt: number | undefined;
  const policy: FloorPolicy = {
    name: 'so many calls on the way',
    planEveryMs: 250,
    planOnEvents: true,
    observe: (observation) => pacer.observe(observation),
    plan(snapshot) {
      beganAt ??= snapshot.now;
      const cpuBefore = process.cpuUsage();
      const startedAt = performance.now();
      pacer.plan(snapshot);
      const tookMs = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(cpuBefore);
      if (snapshot.now - beganAt >= WARM_UP_MS) {
        took.push(tookMs);
        spent.push((user + system) / 1_000);
        busy.push(snapshot.agents.filter(({ state }) => state !== 'available').length);
      }
      return { place: CALLS_PER_AGENT * agents - snapshot.calls.length, cancel: [] };
    },
  };
  runFloor({ scenario, policy, seed: 1, clockStart: 'answered' });
  const bytes = Buffer.byteLength(JSON.stringify(pacer.toJSON()));
  const ms = (numbers: number[], share: number): string => `${at(numbers, share).toFixed(3)} ms`;
  report(
    `${took.length} plans with ${agents} agents, ${at(busy, 0.5)} of them busy, and ${CALLS_PER_AGENT * agents} calls on the way`,
  );
  report(`on the clock:   median ${ms(took, 0.5)}, p99 ${ms(took, 0.99)}, most ${ms(took, 1)}`);
  report(`processor time: median ${ms(spent, 0.5)}, p99 ${ms(spent, 0.99)}`);
  report(`what it learned: ${(bytes / 1_024).toFixed(1)} kB of JSON`);
}

function at(numbers: number[], share: number): number {
  numbers.sort((a, b) => a - b);
  return numbers[Math.min(numbers.length - 1, Math.floor(share * numbers.length))] ?? 0;
}
