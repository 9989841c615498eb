/**
 * Measures one build, ours or an earlier one, in a process of its own, and sends the figures to its
 * parent. The build's modules are found by their place, which was another one earlier.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type Part = 'engine' | 'day' | 'plan';
export type PartTask = {
  readonly part: Part;
  readonly root: string;
  readonly calls: number;
  readonly dayMinutes: number;
};
/** Figures by name: calls a second, milliseconds or mebibytes. */
export type Figures = Readonly<Record<string, number>>;

const DAY_AGENTS = 50;
const PLAN_AGENTS = 500;
const PLAN_MINUTES = 5;
const ENGINE_AGENTS = 48;

const MEASURE: Readonly<Record<Part, (task: PartTask) => Promise<Figures>>> = {
  engine: measureEngine,
  day: measureDay,
  plan: measurePlan,
};

process.once('message', (task: PartTask) => {
  void MEASURE[task.part](task).then((figures) => {
    process.send?.(figures, () => process.exit(0));
  });
});

async function measureEngine({ root, calls }: PartTask): Promise<Figures> {
  const { runBenchOriginate } = await moduleOf(root, 'scripts/bench/originate.ts');
  const { engineWay } = await moduleOf(root, 'scripts/bench/engine-way.ts');
  const engine = engineWay(ENGINE_AGENTS, calls + 4 * ENGINE_AGENTS);
  const rows: readonly Record<string, unknown>[] = await runBenchOriginate({
    calls,
    rounds: 1,
    concurrency: ENGINE_AGENTS,
    pace: 0,
    moreWays: [engine],
    report: () => undefined,
  });
  const of = (name: string) => rows.find((row) => row.name === name) ?? {};
  return {
    engineCallsPerSecond: Number(of(engine.name).callsPerSecond),
    engineOwnMs: Number(of(engine.name).ownCpuMs),
    portCallsPerSecond: Number(of('port, create-and-dial').callsPerSecond),
  };
}

async function measureDay({ root, dayMinutes }: PartTask): Promise<Figures> {
  const { playDay } = await moduleOf(root, 'src/simulator/day.ts');
  const { usualDay } = await moduleOf(root, 'src/simulator/day-settings.ts');
  const settings = usualDay({ seed: 1, agents: DAY_AGENTS, minutes: dayMinutes });
  const cpu = process.cpuUsage();
  const began = performance.now();
  await playDay(settings);
  const wallS = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  globalThis.gc?.();
  return {
    dayWallS: wallS,
    dayCpuS: (user + system) / 1_000_000,
    dayHeapMib: process.memoryUsage().heapUsed / 1_048_576,
  };
}

async function measurePlan({ root }: PartTask): Promise<Figures> {
  const { runBenchPlan } = await moduleOf(root, 'scripts/bench/plan.ts');
  const lines: string[] = [];
  runBenchPlan({
    agents: PLAN_AGENTS,
    minutes: PLAN_MINUTES,
    report: (line: string) => lines.push(line),
  });
  const found = /processor time: median ([\d.]+) ms, p99 ([\d.]+) ms/.exec(lines.join('\n'));
  return { planMedianMs: Number(found?.[1]), planP99Ms: Number(found?.[2]) };
}

/** Earlier, the files of `scripts/bench/` stood in `scripts/` as `bench-….ts`. */
async function moduleOf(root: string, path: string) {
  const earlier = path.replace('scripts/bench/', 'scripts/bench-');
  const file = [path, earlier].map((one) => join(root, one)).find(existsSync);
  if (!file) throw new Error(`${root} has no ${path}`);
  return import(file);
}
