/**
 * One process of the pacing comparison: plays a floor, tunes a level or solves a bound, and
 * answers.
 */
import { performance } from 'node:perf_hooks';
import { rowBound } from '../../src/floor-model/bound/row-bound.ts';
import { COMPARISON_ROWS, scenarioOf } from '../../src/floor-model/comparison-rows.ts';
import { runFloor } from '../../src/floor-model/floor.ts';
import { clockOf, policyFor, tuneLevel } from '../../src/floor-model/policies.ts';
import {
  type BenchAnswer,
  type BenchTask,
  COST_STEPS_PER_DOUBLING,
  type CostCounts,
} from './pacing-task.ts';

/** One in this many plans is timed, so that the timing itself hardly costs anything. */
const TIMED_EVERY = 5;

function createStopwatch(): { start(): void; stop(): void; readonly costs: CostCounts } {
  const costs: CostCounts = {};
  let plans = 0;
  let startedAt = 0;
  return {
    costs,
    start() {
      plans += 1;
      if (plans % TIMED_EVERY === 0) startedAt = performance.now();
    },
    stop() {
      if (plans % TIMED_EVERY !== 0) return;
      const microseconds = Math.max(0.1, 1_000 * (performance.now() - startedAt));
      const step = Math.round(COST_STEPS_PER_DOUBLING * Math.log2(microseconds));
      costs[step] = (costs[step] ?? 0) + 1;
    },
  };
}

function work(task: BenchTask): BenchAnswer {
  const row = COMPARISON_ROWS.find(({ id }) => id === task.rowId);
  if (!row) throw new Error(`no row ${task.rowId}`);
  const scenario = scenarioOf(row, task.effort);
  const before = process.cpuUsage();
  const spent = (): number => {
    const { user, system } = process.cpuUsage(before);
    return Math.round((user + system) / 1_000);
  };
  switch (task.kind) {
    case 'run': {
      const stopwatch = createStopwatch();
      const policy = policyFor(task.policy, scenario, task.level);
      const clockStart = clockOf(task.policy);
      const tally = runFloor({ scenario, policy, seed: task.seed, clockStart, stopwatch });
      return { kind: 'run', tally, costs: stopwatch.costs, cpuMs: spent() };
    }
    case 'tune':
      return { kind: 'tune', level: tuneLevel(scenario, task.seeds), cpuMs: spent() };
    case 'bound':
      return { kind: 'bound', ...rowBound(row), cpuMs: spent() };
  }
}

process.on('message', (task: BenchTask) => {
  const answer = work(task);
  process.send?.(answer);
});
