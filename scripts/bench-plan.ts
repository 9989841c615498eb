/**
 * What one plan costs on a large floor, and how much a pacer remembers: `npm run bench -- plan`.
 *
 * The floor is played, so the pacer has learned what it has to and its calls and agents are of every
 * age; the answer rate is such that three calls are on the way for each agent.
 */
import { performance } from 'node:perf_hooks';
import { createPacer } from '../src/domain/pacing/pacer.ts';
import { MINUTE_MS } from '../src/lib/time.ts';
import { plainScenario } from '../src/simulator/floor-scenario.ts';
import { runFloor } from '../src/simulator/pacing-floor.ts';
import { settingsFor } from '../src/simulator/pacing-policies.ts';
import type { FloorPolicy } from '../src/simulator/rivals/rival.ts';

const ANSWER_RATE = 0.034;
/** Plans of the size that is asked for. */
const CALLS_PER_AGENT_MIN = 2.7;
const CALLS_PER_AGENT_MAX = 3.3;
const PLANS_MIN = 100;

export type BenchPlanOptions = {
  readonly agents: number;
  readonly minutes: number;
  readonly report: (line: string) => void;
};

/** Fails when hardly any plan was of the size that is asked for. */
export function runBenchPlan({ agents, minutes, report }: BenchPlanOptions): void {
  const scenario = plainScenario(agents, ANSWER_RATE, {
    warmUpMs: 15 * MINUTE_MS,
    countedMs: minutes * MINUTE_MS,
  });
  const pacer = createPacer(settingsFor('ours', scenario));
  const beginsAt = { now: 0 };
  const took: number[] = [];
  const spent: number[] = [];
  const calls: number[] = [];
  const policy: FloorPolicy = {
    name: 'timed',
    planEveryMs: 250,
    planOnEvents: true,
    observe: (observation) => pacer.observe(observation),
    plan(snapshot) {
      if (beginsAt.now === 0) beginsAt.now = snapshot.now + scenario.warmUpMs;
      const cpuBefore = process.cpuUsage();
      const startedAt = performance.now();
      const plan = pacer.plan(snapshot);
      const tookMs = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(cpuBefore);
      const perAgent = snapshot.calls.length / agents;
      const asked = perAgent >= CALLS_PER_AGENT_MIN && perAgent <= CALLS_PER_AGENT_MAX;
      if (asked && snapshot.now >= beginsAt.now) {
        took.push(tookMs);
        spent.push((user + system) / 1_000);
        calls.push(snapshot.calls.length);
      }
      return plan;
    },
  };
  runFloor({ scenario, policy, seed: 1, clockStart: 'answered' });
  if (took.length < PLANS_MIN) throw new Error(`only ${took.length} plans of this size`);
  for (const sorted of [took, spent, calls]) sorted.sort((a, b) => a - b);
  const at = (sorted: readonly number[], share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const bytes = Buffer.byteLength(JSON.stringify(pacer.toJSON()));
  report(
    `${took.length} plans with ${agents} agents and ${at(calls, 0.5)} calls on the way (${at(calls, 0)} to ${at(calls, 1)})`,
  );
  report(
    `of processor time: median ${at(spent, 0.5).toFixed(3)} ms, p99 ${at(spent, 0.99).toFixed(3)} ms`,
  );
  report(
    `median ${at(took, 0.5).toFixed(3)} ms, p99 ${at(took, 0.99).toFixed(3)} ms, most ${at(took, 1).toFixed(3)} ms`,
  );
  report(`what it learned: ${(bytes / 1_024).toFixed(1)} kB of JSON`);
}
