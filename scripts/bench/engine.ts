/**
 * Compares this build with an earlier one, on the same Node and machine in the same run:
 *
 *   npm run bench -- engine [--against 717deee] [--parts engine,day,plan] [--rounds 5]
 *       [--calls 1200] [--day-minutes 480]
 *
 * The two take turns, ours first in every other round, so that a slow minute of the machine affects both;
 * medians are compared. Each measurement is a process of its own (`build-figures.ts`).
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../run-command-line.ts';
import type { Figures, Part, PartTask } from './build-figures.ts';
import { type Build, earlierBuild } from './earlier-build.ts';

const PARTS: readonly Part[] = ['engine', 'day', 'plan'];

/** The parts that are named, all of them where none is. Throws Error for a name that no part has. */
export function partsOf(names: readonly string[] = PARTS): readonly Part[] {
  const unknown = names.filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length === 0) return PARTS.filter((part) => names.includes(part));
  throw new Error(`--parts ${unknown.join(',')}: the parts are ${PARTS.join(', ')}`);
}

export type BenchEngineOptions = {
  readonly against: string;
  readonly parts: readonly Part[];
  readonly rounds: number;
  readonly calls: number;
  readonly dayMinutes: number;
  report(line: string): void;
};

/** A figure of a part, and what is aimed at, by the medians of ours and the earlier build's figures. */
export type Aim = {
  readonly says: string;
  readonly figure: string;
  readonly aim: string;
  isMet(ours: (figure: string) => number, earlier: (figure: string) => number): boolean;
};

const AIMS: Readonly<Record<Part, readonly Aim[]>> = {
  engine: [
    {
      says: 'whole engine, calls/s',
      figure: 'engineCallsPerSecond',
      aim: '≥ 2.1 ×',
      isMet: (ours, earlier) =>
        ours('engineCallsPerSecond') >= 2.1 * earlier('engineCallsPerSecond'),
    },
    {
      says: 'the port alone, calls/s',
      figure: 'portCallsPerSecond',
      aim: 'engine ≥ 0.9 ×',
      isMet: (ours) => ours('engineCallsPerSecond') >= 0.9 * ours('portCallsPerSecond'),
    },
    {
      says: 'our processor time a call, ms',
      figure: 'engineOwnMs',
      aim: '≤ 1.2',
      isMet: (ours) => ours('engineOwnMs') <= 1.2,
    },
  ],
  day: [
    {
      says: 'simulated day, s',
      figure: 'dayWallS',
      aim: '≤ ¼ ×',
      isMet: (ours, earlier) => ours('dayWallS') <= earlier('dayWallS') / 4,
    },
    {
      says: 'its processor time, s',
      figure: 'dayCpuS',
      aim: '≤ ¼ ×',
      isMet: (ours, earlier) => ours('dayCpuS') <= earlier('dayCpuS') / 4,
    },
    {
      says: 'heap after it, MiB',
      figure: 'dayHeapMib',
      aim: '≤ 1 ×',
      isMet: (ours, earlier) => ours('dayHeapMib') <= earlier('dayHeapMib'),
    },
  ],
  plan: [
    {
      says: 'plan of 500 agents, median ms',
      figure: 'planMedianMs',
      aim: '≤ 1',
      isMet: (ours) => ours('planMedianMs') <= 1,
    },
    {
      says: 'plan of 500 agents, p99 ms',
      figure: 'planP99Ms',
      aim: '≤ 2.5',
      isMet: (ours) => ours('planP99Ms') <= 2.5,
    },
  ],
};

/** Measures, and reports the table of each part when the part is done. Throws what a measurement throws. */
export async function runBenchEngine(options: BenchEngineOptions): Promise<void> {
  const { report, parts, rounds } = options;
  const ours: Build = { name: 'this build', root: ROOT };
  const earlier = earlierBuild(options.against);
  report(
    `this build beside ${earlier.name}, both on Node ${process.versions.node} and our packages`,
  );
  for (const part of parts) {
    const measured = { ours: [] as Figures[], earlier: [] as Figures[] };
    for (let round = 0; round < rounds; round += 1) {
      const turn =
        round % 2 === 0 ? (['ours', 'earlier'] as const) : (['earlier', 'ours'] as const);
      for (const whose of turn) {
        const { root } = whose === 'ours' ? ours : earlier;
        measured[whose].push(await measure({ ...options, part, root }));
      }
      report(`${part}: round ${round + 1} of ${rounds} is done`);
    }
    for (const line of tableOf(AIMS[part], measured, earlier.name)) report(line);
  }
}

/** One line a figure: ours, the earlier build's, their ratio, the aim and whether it is met. */
export function tableOf(
  aims: readonly Aim[],
  measured: { readonly ours: readonly Figures[]; readonly earlier: readonly Figures[] },
  earlierName: string,
): readonly string[] {
  const ours = (figure: string) => median(measured.ours, figure);
  const earlier = (figure: string) => median(measured.earlier, figure);
  const head = row('', 'this build', earlierName, 'ratio', 'aim', '');
  return [
    head,
    ...aims.map(({ says, figure, aim, isMet }) =>
      row(
        says,
        ours(figure).toFixed(2),
        earlier(figure).toFixed(2),
        (ours(figure) / earlier(figure)).toFixed(2),
        aim,
        isMet(ours, earlier) ? 'met' : 'missed',
      ),
    ),
  ];
}

function row(...cells: readonly [string, string, string, string, string, string]): string {
  const [says, ...others] = cells;
  return `${says.padEnd(32)}${others.map((cell) => cell.padStart(15)).join('')}`.trimEnd();
}

function median(figures: readonly Figures[], figure: string): number {
  const sorted = figures.map((one) => one[figure] ?? Number.NaN).sort((a, b) => a - b);
  const middle = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  const next = sorted[sorted.length >> 1] ?? Number.NaN;
  if (sorted.some(Number.isNaN)) throw new Error(`${figure} was not measured in every round`);
  return (middle + next) / 2;
}

function measure(task: PartTask & BenchEngineOptions): Promise<Figures> {
  const { part, root, calls, dayMinutes } = task;
  const child = fork(join(import.meta.dirname, 'build-figures.ts'), [], {
    cwd: root,
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (figures) => resolve(figures as Figures));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`measuring ${part} of ${root} ended with ${code}`)),
    );
    child.send({ part, root, calls, dayMinutes } satisfies PartTask);
  });
}
