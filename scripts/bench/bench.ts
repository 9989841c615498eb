import { parseArgs } from 'node:util';

/**
 * `npm run bench -- <name>`: measurements, each beside a reference or a physical limit in the same
 * run.
 */
const report = (line: string): void => console.log(line);
const number = (text: string | undefined, fallback: number): number =>
  text === undefined ? fallback : Number(text);

const BENCHES: Readonly<Record<string, () => Promise<unknown>>> = {
  /** `--calls 200 --agents 2` */
  async connect() {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: { calls: { type: 'string' }, agents: { type: 'string' } },
    });
    const { runBenchConnect } = await import('./connect.ts');
    return runBenchConnect({
      calls: number(values.calls, 200),
      agents: number(values.agents, 2),
      report,
    });
  },
  /** `--calls 600 --rounds 3 --concurrency 48 --pace 20` */
  async originate() {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: {
        calls: { type: 'string' },
        rounds: { type: 'string' },
        concurrency: { type: 'string' },
        pace: { type: 'string' },
      },
    });
    const { runBenchOriginate } = await import('./originate.ts');
    const { engineWay } = await import('./engine-way.ts');
    const calls = number(values.calls, 600);
    const concurrency = number(values.concurrency, 48);
    return runBenchOriginate({
      calls,
      rounds: number(values.rounds, 3),
      concurrency,
      pace: number(values.pace, 20),
      moreWays: [engineWay(concurrency, calls + 4 * concurrency)],
      report,
    });
  },
  /** `--agents 20 --minutes 120 --seeds 2` */
  async 'pacing-engine'() {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: {
        agents: { type: 'string' },
        minutes: { type: 'string' },
        seeds: { type: 'string' },
      },
    });
    const { runBenchPacingEngine } = await import('./pacing-engine.ts');
    return runBenchPacingEngine({
      agents: number(values.agents, 20),
      minutes: number(values.minutes, 120),
      seeds: number(values.seeds, 2),
      report,
    });
  },
  /** `--agents 10 --minutes 12 --warm-up 240 --runs 50 --seed 1` */
  async 'real-floor'() {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: {
        agents: { type: 'string' },
        minutes: { type: 'string' },
        'warm-up': { type: 'string' },
        runs: { type: 'string' },
        seed: { type: 'string' },
      },
    });
    const { runBenchRealFloor } = await import('./real-floor.ts');
    return runBenchRealFloor({
      agents: number(values.agents, 10),
      minutes: number(values.minutes, 12),
      warmUpSeconds: number(values['warm-up'], 240),
      runs: number(values.runs, 50),
      seed: number(values.seed, 1),
      report,
    });
  },
  /** `--agents 300 --cps 50 --seconds 120` */
  async load() {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: {
        agents: { type: 'string' },
        cps: { type: 'string' },
        seconds: { type: 'string' },
      },
    });
    const { runBenchLoad } = await import('./load.ts');
    return runBenchLoad({
      agents: number(values.agents, 300),
      callsPerSecond: number(values.cps, 50),
      seconds: number(values.seconds, 120),
      report,
    });
  },
  /** `--leads 50000 --rounds 30` */
  async storage() {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: { leads: { type: 'string' }, rounds: { type: 'string' } },
    });
    const { runBenchStorage } = await import('./storage.ts');
    return runBenchStorage({
      leads: number(values.leads, 50_000),
      rounds: number(values.rounds, 30),
      report,
    });
  },
  /** `--against 717deee --parts engine,day,plan --rounds 5 --calls 1200 --day-minutes 480` */
  async engine() {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: {
        against: { type: 'string', default: '717deee' },
        parts: { type: 'string' },
        rounds: { type: 'string' },
        calls: { type: 'string' },
        'day-minutes': { type: 'string' },
      },
    });
    const { partsOf, runBenchEngine } = await import('./engine.ts');
    return runBenchEngine({
      against: values.against,
      parts: partsOf(values.parts?.split(',')),
      rounds: number(values.rounds, 5),
      calls: number(values.calls, 1_200),
      dayMinutes: number(values['day-minutes'], 480),
      report,
    });
  },
  /** `--agents 500 --minutes 5` */
  async plan() {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: { agents: { type: 'string' }, minutes: { type: 'string' } },
    });
    const { runBenchPlan } = await import('./plan.ts');
    return runBenchPlan({
      agents: number(values.agents, 500),
      minutes: number(values.minutes, 5),
      report,
    });
  },
  /** `--full --rows 20-15,hard --policies ours,vicidial --seeds 20 --hours 8 --publish` */
  async pacing() {
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: {
        full: { type: 'boolean', default: false },
        rows: { type: 'string' },
        policies: { type: 'string' },
        seeds: { type: 'string' },
        hours: { type: 'string' },
        out: { type: 'string', default: '.cadencia/bench-pacing' },
        json: { type: 'string' },
        publish: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        workers: { type: 'string', default: '2' },
      },
    });
    const { runBenchPacing } = await import('./pacing.ts');
    return runBenchPacing({
      ...values,
      rows: values.rows,
      policies: values.policies,
      json: values.json,
      seeds: values.seeds === undefined ? undefined : Number(values.seeds),
      hours: values.hours === undefined ? undefined : Number(values.hours),
      workers: Number(values.workers),
      report,
    });
  },
};

const bench = BENCHES[process.argv[2] ?? ''];
if (!bench) {
  console.error(`npm run bench -- <name>, one of: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(1);
}
await bench();
process.exit(0);
