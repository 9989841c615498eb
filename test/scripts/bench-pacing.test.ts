import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BenchPacingOptions, runBenchPacing } from '../../scripts/bench/pacing.ts';
import {
  type ComparisonLine,
  costsOf,
  drawPlot,
  markdownTable,
  publish,
} from '../../scripts/bench/pacing-report.ts';
import { emptyTally, figuresOf, wilsonInterval } from '../../src/floor-model/tally.ts';
import { HOUR_MS } from '../../src/lib/time.ts';

/** Each playing starts processes of its own, and a busy machine takes its time. */
const PROCESSES_MAX_MS = 300_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cadencia-bench-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function play(options: Partial<BenchPacingOptions>): Promise<string[]> {
  const printed: string[] = [];
  await runBenchPacing({
    full: false,
    rows: '8-15',
    policies: 'progressive,vicidial-hindsight',
    seeds: 2,
    hours: 0.5,
    out: folder,
    json: undefined,
    publish: false,
    fresh: false,
    workers: 2,
    report: (line) => printed.push(line),
    ...options,
  });
  return printed;
}

const tallyOf = (answers: number, lost: number, busy: number) => ({
  ...emptyTally(1),
  answers,
  lostAtLimit: lost,
  busyMs: busy * HOUR_MS,
  presentMs: HOUR_MS,
  conversations: answers - lost,
  callsPlaced: 4 * (answers - lost),
  windows: [{ answers, lost }],
});

const lineOf = (policy: ComparisonLine['policy'], lost: number): ComparisonLine => ({
  row: '20-15',
  title: '20 agents, 15 %',
  kind: 'plain',
  agents: 20,
  policy,
  figures: figuresOf([tallyOf(1_000, lost, 0.8)], 0.03),
  costs: { medianUs: 10, p99Us: 20 },
  bound: 0.887,
  countedHoursPerSeed: 8,
  warmUpHours: 1,
  eventsPerSecond: 1_000_000,
});

describe('npm run bench -- pacing', () => {
  it(
    'prints a row for each policy, and keeps figures and plot',
    async () => {
      const printed = await play({});
      expect(printed.some((line) => /^progressive 1:1 /.test(line))).toBe(true);
      expect(printed.some((line) => /^VICIdial in hindsight \(\d/.test(line))).toBe(true);
      const lines = JSON.parse(
        readFileSync(join(folder, 'quick.json'), 'utf8'),
      ) as ComparisonLine[];
      expect(lines.map(({ policy }) => policy)).toEqual(['progressive', 'vicidial-hindsight']);
      expect(lines[0]?.figures.answers).toBeGreaterThan(80);
      expect(lines[0]?.bound).toBeCloseTo(0.809, 2);
      expect(readFileSync(join(folder, 'quick.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
    },
    PROCESSES_MAX_MS,
  );

  it(
    'continues where it was: it plays only results that are missing or of other code',
    async () => {
      await play({ policies: 'progressive' });
      const [first, second] = [1, 2].map((seed) =>
        join(folder, 'quick/8-15/progressive', `${seed}.json`),
      );
      const before = [first, second].map((file) => statSync(file ?? '').mtimeMs);
      const other = JSON.parse(readFileSync(second ?? '', 'utf8'));
      writeFileSync(second ?? '', JSON.stringify({ ...other, fingerprint: 'of other code' }));
      const printed = await play({ policies: 'progressive' });
      expect(printed).toContain('1 to play, 1 known from before');
      expect(statSync(first ?? '').mtimeMs).toBe(before[0]);
      expect(JSON.parse(readFileSync(second ?? '', 'utf8'))).toMatchObject({
        fingerprint: other.fingerprint,
        answer: { tally: other.answer.tally },
      });
    },
    PROCESSES_MAX_MS,
  );

  it('names its rows and policies when asked for an unknown one', async () => {
    await expect(play({ rows: '4-15' })).rejects.toThrow(/no row 4-15; known: plain, hard, 3-6/);
    await expect(play({ policies: 'luck' })).rejects.toThrow(/no policy luck; known: ours/);
  });
});

describe('the figures of several runs', () => {
  it('pools answers and agents’ time instead of averaging rates', () => {
    const figures = figuresOf([tallyOf(100, 10, 0.5), tallyOf(900, 10, 0.7)], 0.03);
    expect(figures.abandonment).toBeCloseTo(0.02);
    expect(figures.utilisation).toBeCloseTo(0.6);
    expect(figures.windowsOverCap).toBe(0.5);
    expect(figures.callsPerConversation).toBeCloseTo(4);
  });

  it('has the interval of the seeds’ spread when there are enough seeds', () => {
    const alike = figuresOf(
      Array.from({ length: 6 }, () => tallyOf(1_000, 30, 0.8)),
      0.03,
    );
    expect(alike.abandonmentInterval).toEqual([0.03, 0.03]);
    const apart = figuresOf(
      [10, 20, 30, 30, 40, 50].map((lost) => tallyOf(1_000, lost, 0.8)),
      0.03,
    );
    const [low, high] = apart.abandonmentInterval;
    // By hand: standard deviation 14.14 of 1,000, over the root of six, times t = 2.57 for five degrees.
    expect(0.03 - low).toBeCloseTo((2.57 * 0.014_142) / Math.sqrt(6), 5);
    expect(high - 0.03).toBeCloseTo(0.03 - low, 10);
  });

  it('has Wilson’s interval for a single run', () => {
    // The textbook case: 10 of 100.
    const [low, high] = wilsonInterval(10, 100);
    expect(low).toBeCloseTo(0.0552, 4);
    expect(high).toBeCloseTo(0.1744, 4);
    expect(figuresOf([tallyOf(100, 10, 0.5)], 0.03).abandonmentInterval).toEqual([low, high]);
  });

  it('finds median and 99th percentile of the costs of plans within a step', () => {
    const { medianUs, p99Us } = costsOf([{ '0': 50, '8': 48 }, { '80': 2 }]);
    expect(medianUs).toBe(1);
    expect(p99Us).toBe(1_024);
  });
});

describe('the published comparison', () => {
  it('replaces what stands between the marks of the README, and nothing else', () => {
    const readme = 'before\n<!-- pacing: begin -->\nold\n<!-- pacing: end -->\nafter\n';
    writeFileSync(join(folder, 'README.md'), readme);
    expect(() => publish(folder, [lineOf('ours', 29)])).toThrow(); // no src/floor-model here
    const written = readFileSync(join(folder, 'README.md'), 'utf8');
    expect(written).toContain('**80.0 @ 2.9**');
    expect(written).not.toContain('old');
    expect(written.startsWith('before\n')).toBe(true);
    expect(written.endsWith('<!-- pacing: end -->\nafter\n')).toBe(true);
    writeFileSync(join(folder, 'README.md'), 'no marks');
    expect(() => publish(folder, [])).toThrow(/has no/);
  });

  it('has a column for each policy that was played', () => {
    const [head, , row] = markdownTable([lineOf('progressive', 0), lineOf('ours', 29)]).split('\n');
    expect(head).toBe(
      '| agents, answer rate | progressive 1:1 | Cadência | optimum | 95 % interval of lost | worst ½ h | agent waits |',
    );
    expect(row).toMatch(/^\| 20 agents, 15 % \| 80\.0 @ 0\.0 \| \*\*80\.0 @ 2\.9\*\* \| 88\.7 \|/);
  });

  it('draws points above the cap hollow', () => {
    const hollow = /<circle [^>]*fill="#ffffff"/;
    expect(drawPlot([lineOf('ours', 29)])).not.toMatch(hollow);
    expect(drawPlot([lineOf('ours', 60)])).toMatch(hollow);
  });
});
