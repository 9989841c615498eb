/**
 * Compares our pacing with other dialers' rules and with the best possible, on the same calls and
 * conversations: `npm run bench -- pacing`.
 *
 *   --full              at least twenty seeds and a hundred thousand answers a row of ours, two fifths of
 *                       the seeds for all others (hours, resumable)
 *   --rows a,b          ids of rows, or `plain`, `hard`; default all
 *   --policies a,b      default all but two of VICIdial's three adaptive methods; the bad days are not
 *                       played under our variants
 *   --seeds n           instead of the row's own number
 *   --hours n           counted hours of a run, instead of the row's own
 *   --out folder        where results are kept; default `.cadencia/bench-pacing`
 *   --json file         the figures, beside the table
 *   --publish           writes the table into README.md, and figures and plot beside the simulator
 *   --fresh             plays again what was played before
 *
 * Each row, policy and seed has its own result file, which stays valid while the code is unchanged:
 * a stopped run continues where it was.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  COMPARISON_ROWS,
  type ComparisonRow,
  type Effort,
} from '../../src/floor-model/comparison-rows.ts';
import {
  COMPARED_POLICIES,
  type ComparedPolicy,
  isComparedPolicy,
} from '../../src/floor-model/policies.ts';
import { type FloorTally, figuresOf } from '../../src/floor-model/tally.ts';
import { type ComparisonLine, costsOf, drawPlot, printTable, publish } from './pacing-report.ts';
import type { BenchAnswer, BenchTask } from './pacing-task.ts';

export type BenchPacingOptions = {
  readonly full: boolean;
  readonly rows: string | undefined;
  readonly policies: string | undefined;
  readonly seeds: number | undefined;
  readonly hours: number | undefined;
  readonly out: string;
  readonly json: string | undefined;
  readonly publish: boolean;
  readonly fresh: boolean;
  readonly workers: number;
  readonly report: (line: string) => void;
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WORKER = fileURLToPath(new URL('pacing-worker.ts', import.meta.url));
const NOT_BY_DEFAULT: readonly ComparedPolicy[] = ['vicidial-average', 'vicidial-tapered'];
const OUR_VARIANTS: readonly ComparedPolicy[] = ['ours-greeting', 'ours-cancel'];
/** Seeds for tuning a level; more would not change its second digit. */
const TUNING_SEEDS_MAX = 4;
/**
 * Share of a full row's seeds used for other policies; they are so far from ours that more would
 * change no relevant digit.
 */
const OTHERS_SEEDS_SHARE = 0.4;

type Played = {
  readonly fingerprint: string;
  readonly effort: Effort;
  readonly answer: BenchAnswer;
};

export async function runBenchPacing(options: BenchPacingOptions): Promise<void> {
  const rows = chosenRows(options.rows);
  const policies = chosenPolicies(options.policies);
  const bench = new Bench(options);
  const playedOn = (row: ComparisonRow): readonly ComparedPolicy[] =>
    row.kind === 'plain' ? policies : policies.filter((policy) => !OUR_VARIANTS.includes(policy));
  await bench.play(rows.flatMap((row) => bench.preparations(row, playedOn(row))));
  await bench.play(rows.flatMap((row) => bench.runs(row, playedOn(row))));
  const lines = rows.flatMap((row) => bench.lines(row, playedOn(row)));
  for (const line of printTable(lines)) options.report(line);
  const file = options.json ?? join(options.out, options.full ? 'full.json' : 'quick.json');
  writeWhole(file, `${JSON.stringify(lines, null, 1)}\n`);
  const plot = file.replace(/(\.json)?$/, '.svg');
  writeWhole(plot, drawPlot(lines));
  options.report(`figures: ${file}   plot: ${plot}`);
  if (options.publish) publish(ROOT, lines);
}

function chosenRows(wanted: string | undefined): readonly ComparisonRow[] {
  if (wanted === undefined) return COMPARISON_ROWS;
  return wanted.split(',').flatMap((name) => {
    const rows = COMPARISON_ROWS.filter(({ id, kind }) => id === name || kind === name);
    if (rows.length === 0) {
      const known = COMPARISON_ROWS.map(({ id }) => id).join(', ');
      throw new Error(`no row ${name}; known: plain, hard, ${known}`);
    }
    return rows;
  });
}

function chosenPolicies(wanted: string | undefined): readonly ComparedPolicy[] {
  if (wanted === undefined)
    return COMPARED_POLICIES.filter((name) => !NOT_BY_DEFAULT.includes(name));
  return wanted.split(',').map((name) => {
    if (!isComparedPolicy(name)) {
      throw new Error(`no policy ${name}; known: ${COMPARED_POLICIES.join(', ')}`);
    }
    return name;
  });
}

class Bench {
  private readonly options: BenchPacingOptions;
  private readonly model: string;
  private readonly pacer: string;
  private readonly folder: string;

  constructor(options: BenchPacingOptions) {
    this.options = options;
    const floorModel = join(ROOT, 'src/floor-model');
    const model = readdirSync(floorModel)
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => name !== 'comparison-rows.ts' && name !== 'policies.ts')
      .map((name) => join(floorModel, name));
    this.model = fingerprintOf([
      ...model,
      join(ROOT, 'src/lib/random.ts'),
      ...filesOf('src/floor-model/rivals'),
      ...filesOf('src/floor-model/bound'),
    ]);
    this.pacer = fingerprintOf(filesOf('src/domain/pacing'));
    this.folder = join(options.out, options.full ? 'full' : 'quick');
  }

  /** Tasks needed before a row is played: the level tuned in hindsight, and the bound. */
  preparations(row: ComparisonRow, policies: readonly ComparedPolicy[]): BenchTask[] {
    const effort = this.effortOf(row);
    const about = { rowId: row.id, effort };
    const seeds = seedsOf(effort).slice(0, TUNING_SEEDS_MAX);
    return [
      { ...about, kind: 'bound', file: this.file(row, 'bound') },
      ...(policies.includes('vicidial-hindsight')
        ? [{ ...about, kind: 'tune', seeds, file: this.file(row, 'level') } as const]
        : []),
    ];
  }

  runs(row: ComparisonRow, policies: readonly ComparedPolicy[]): BenchTask[] {
    const effort = this.effortOf(row);
    return policies.flatMap((policy) =>
      this.seedsFor(policy, effort).map((seed): BenchTask => {
        const task = { kind: 'run', rowId: row.id, effort, policy, seed } as const;
        const file = this.file(row, policy, seed);
        if (policy !== 'vicidial-hindsight') return { ...task, file };
        return { ...task, file, level: this.levelOf(row) };
      }),
    );
  }

  private seedsFor(policy: ComparedPolicy, effort: Effort): number[] {
    const { seeds } = effort;
    if (!this.options.full || policy === 'ours') return seedsOf(effort);
    return seedsOf({ ...effort, seeds: Math.ceil(OTHERS_SEEDS_SHARE * seeds) });
  }

  private levelOf(row: ComparisonRow): number {
    const tuned = this.read(this.file(row, 'level'))?.answer;
    return tuned?.kind === 'tune' ? tuned.level : 1;
  }

  private effortOf(row: ComparisonRow): Effort {
    const own = this.options.full ? row.full : row.quick;
    const { seeds, hours } = this.options;
    return {
      seeds: seeds ?? own.seeds,
      countedMs: hours === undefined ? own.countedMs : hours * 3_600_000,
    };
  }

  private file(row: ComparisonRow, what: string, seed?: number): string {
    const name = seed === undefined ? `${what}.json` : join(what, `${seed}.json`);
    return join(this.folder, row.id, name);
  }

  private fingerprint(task: BenchTask): string {
    const row = COMPARISON_ROWS.find(({ id }) => id === task.rowId);
    const code =
      task.kind === 'run' && !task.policy.startsWith('vicidial')
        ? this.model + this.pacer
        : this.model;
    const level = task.kind === 'run' ? task.level : undefined;
    const countedMs = task.kind === 'bound' ? 0 : task.effort.countedMs;
    return hashOf([code, JSON.stringify(row), String(countedMs), String(level)]);
  }

  private read(file: string): Played | undefined {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Runs the tasks that have no result yet, in the requested number of processes. */
  async play(tasks: readonly BenchTask[]): Promise<void> {
    const { fresh, workers, report } = this.options;
    const missing = tasks.filter(
      (task) => fresh || this.read(task.file)?.fingerprint !== this.fingerprint(task),
    );
    if (missing.length === 0) return;
    const known = tasks.length - missing.length;
    report(`${missing.length} to play${known > 0 ? `, ${known} known from before` : ''}`);
    let next = 0;
    let done = 0;
    let toldAt = Date.now();
    const take = (): BenchTask | undefined => {
      const task = missing[next];
      next += 1;
      return task;
    };
    const keep = (task: BenchTask, answer: BenchAnswer): void => {
      const played: Played = { fingerprint: this.fingerprint(task), effort: task.effort, answer };
      writeWhole(task.file, JSON.stringify(played));
      done += 1;
      if (Date.now() - toldAt < 20_000) return;
      toldAt = Date.now();
      report(`${done} of ${missing.length} played`);
    };
    await Promise.all(
      Array.from({ length: Math.min(workers, missing.length) }, () => runWorker(take, keep)),
    );
  }

  /** The figures of a row, policy by policy. */
  lines(row: ComparisonRow, policies: readonly ComparedPolicy[]): ComparisonLine[] {
    const bound = this.read(this.file(row, 'bound'))?.answer;
    return policies.map((policy) => {
      const answers = this.runs(row, [policy]).flatMap(({ file }) => {
        const answer = this.read(file)?.answer;
        return answer?.kind === 'run' ? [answer] : [];
      });
      const tallies = answers.map(({ tally }) => tally);
      return {
        row: row.id,
        title: row.title,
        kind: row.kind,
        agents: row.scenario.agents,
        policy,
        figures: figuresOf(tallies, row.scenario.rateMax),
        costs: costsOf(answers.map(({ costs }) => costs)),
        ...(bound?.kind === 'bound' ? { bound: bound.utilisation, boundBy: bound.how } : {}),
        ...(policy === 'vicidial-hindsight' ? { level: this.levelOf(row) } : {}),
        ...(row.scenario.campaigns.length > 1 ? { campaigns: campaignsOf(tallies) } : {}),
        countedHoursPerSeed: this.effortOf(row).countedMs / 3_600_000,
        warmUpHours: row.scenario.warmUpMs / 3_600_000,
        eventsPerSecond: rateOf(answers),
      };
    });
  }
}

/** Share of calls and abandonment of each campaign that shares the agents. */
function campaignsOf(tallies: readonly FloorTally[]): NonNullable<ComparisonLine['campaigns']> {
  const all = tallies.reduce((sum, { callsPlaced }) => sum + callsPlaced, 0);
  return (tallies[0]?.campaigns ?? []).map((_, index) => {
    const total = (of: 'placed' | 'answers' | 'lost'): number =>
      tallies.reduce((sum, { campaigns }) => sum + (campaigns[index]?.[of] ?? 0), 0);
    return {
      placedShare: total('placed') / Math.max(1, all),
      abandonment: total('lost') / Math.max(1, total('answers')),
    };
  });
}

const seedsOf = ({ seeds }: Effort): number[] =>
  Array.from({ length: seeds }, (_, index) => index + 1);

function rateOf(
  answers: readonly { readonly tally: { events: number }; readonly cpuMs: number }[],
): number {
  const events = answers.reduce((sum, { tally }) => sum + tally.events, 0);
  const cpuMs = answers.reduce((sum, one) => sum + one.cpuMs, 0);
  return cpuMs > 0 ? Math.round((1_000 * events) / cpuMs) : 0;
}

/** A child process that runs one task after the other. */
function runWorker(
  take: () => BenchTask | undefined,
  keep: (task: BenchTask, answer: BenchAnswer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(WORKER, { cwd: ROOT, execArgv: ['--import', 'tsx'] });
    let task = take();
    child.on('message', (answer: BenchAnswer) => {
      if (task) keep(task, answer);
      task = take();
      if (task) child.send(task);
      else child.disconnect();
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (task) reject(new Error(`the worker ended with ${code} at ${task.rowId} ${task.kind}`));
      else resolve();
    });
    if (task) child.send(task);
    else child.disconnect();
  });
}

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(ROOT, folder, name));
}

function fingerprintOf(files: readonly string[]): string {
  return hashOf([...files].sort().map((file) => readFileSync(file, 'utf8')));
}

function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 24);
}

/** Writes a file atomically, so that a reader never sees half of it. */
function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
