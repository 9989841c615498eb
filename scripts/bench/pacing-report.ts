/** Reports the pacing comparison as a table in the terminal, in the README, and as a plot. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComparedPolicy } from '../../src/floor-model/policies.ts';
import type { FloorFigures } from '../../src/floor-model/tally.ts';
import { COST_STEPS_PER_DOUBLING, type CostCounts } from './pacing-task.ts';

export type ComparisonLine = {
  readonly row: string;
  readonly title: string;
  readonly kind: 'plain' | 'hard';
  readonly agents: number;
  readonly policy: ComparedPolicy;
  readonly figures: FloorFigures;
  readonly costs: PlanCosts;
  /**
   * Utilisation of the optimum without knowledge of the future; absent when it was not computed.
   */
  readonly bound?: number;
  readonly boundBy?: string;
  readonly level?: number;
  /**
   * Per campaign the share of placed calls and the abandonment; absent unless campaigns share the
   * agents.
   */
  readonly campaigns?: readonly { readonly placedShare: number; readonly abandonment: number }[];
  readonly countedHoursPerSeed: number;
  readonly warmUpHours: number;
  readonly eventsPerSecond: number;
};

export type PlanCosts = { readonly medianUs: number; readonly p99Us: number };

export const POLICY_NAMES: Readonly<Record<ComparedPolicy, string>> = {
  ours: 'Cadência',
  'ours-greeting': 'Cadência, clock from greeting',
  'ours-cancel': 'Cadência, cancels after 15 s',
  progressive: 'progressive 1:1',
  'ratio-2': 'ratio 2',
  'ratio-3': 'ratio 3',
  vicidial: 'VICIdial adaptive',
  'vicidial-average': 'VICIdial average',
  'vicidial-tapered': 'VICIdial tapered',
  'vicidial-hindsight': 'VICIdial in hindsight',
  clairvoyant: 'clairvoyant',
};

export function costsOf(counts: readonly CostCounts[]): PlanCosts {
  const total: CostCounts = {};
  for (const one of counts) {
    for (const [step, count] of Object.entries(one)) total[step] = (total[step] ?? 0) + count;
  }
  const steps = Object.entries(total)
    .map(([step, count]) => [Number(step), count] as const)
    .sort(([a], [b]) => a - b);
  const all = steps.reduce((sum, [, count]) => sum + count, 0);
  const quantile = (share: number): number => {
    let seen = 0;
    for (const [step, count] of steps) {
      seen += count;
      if (seen >= share * all) return 2 ** (step / COST_STEPS_PER_DOUBLING);
    }
    return 0;
  };
  return { medianUs: quantile(0.5), p99Us: quantile(0.99) };
}

const percent = (share: number, digits = 1): string => (100 * share).toFixed(digits);
const seconds = (ms: number): string => (ms / 1_000).toFixed(1);

const HEADINGS = [
  'busy %',
  '±',
  'bound',
  'lost %',
  '95 % interval',
  'late %',
  'worst ½ h',
  'wait s',
  'p95 s',
  'talks/h',
  'calls/talk',
  'days over',
  'seeds',
  'answers',
  'plan µs',
  'p99 µs',
] as const;

function cellsOf({ figures, bound, costs }: ComparisonLine): string[] {
  const [low, high] = figures.abandonmentInterval;
  return [
    percent(figures.utilisation),
    percent(figures.utilisationMargin),
    bound === undefined ? '' : percent(bound),
    percent(figures.abandonment, 2),
    `${percent(low, 2)}–${percent(high, 2)}`,
    percent(figures.abandonmentFromAnswer, 2),
    percent(figures.worstHalfHourMean),
    seconds(figures.waitMeanMs),
    seconds(figures.waitP95Ms),
    figures.conversationsPerAgentHour.toFixed(1),
    figures.callsPerConversation.toFixed(2),
    `${percent(figures.windowsOverCap, 0)} %`,
    String(figures.seeds),
    String(figures.answers),
    costs.medianUs.toFixed(0),
    costs.p99Us.toFixed(0),
  ];
}

/** The table: one line per policy under the title of its row. */
export function printTable(lines: readonly ComparisonLine[]): string[] {
  const printed: string[] = [
    '',
    'busy: talking and wrapping up ÷ signed in and not resting. lost: answered and not put through in',
    'time, or hung up before; late: the same counted from the answer. worst ½ h: mean over the seeds.',
    'days over: share of days (or runs, where shorter) with more lost than the cap allows.',
  ];
  const body = lines.map((line) => [nameOf(line), ...cellsOf(line)]);
  const heading = ['', ...HEADINGS];
  const widths = heading.map((text, column) =>
    Math.max(text.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  let title = '';
  for (const [index, line] of lines.entries()) {
    if (line.title !== title) {
      title = line.title;
      const { countedHoursPerSeed, warmUpHours } = line;
      const warmUp = warmUpHours > 0 ? `after ${warmUpHours} h not counted` : 'from the first call';
      printed.push('', `${title} [${line.row}]: ${countedHoursPerSeed} h a seed, ${warmUp}`);
      printed.push(format(heading));
    }
    printed.push(format(body[index] ?? []));
    if (line.campaigns) printed.push(campaignsOf(line.campaigns));
  }
  return [...printed, ''];
}

function campaignsOf(campaigns: NonNullable<ComparisonLine['campaigns']>): string {
  const each = campaigns.map(
    ({ placedShare, abandonment }) =>
      `${percent(placedShare, 0)} % (${percent(abandonment)} % lost)`,
  );
  return `  of the calls, by campaign: ${each.join(', ')}`;
}

function nameOf({ policy, level }: ComparisonLine): string {
  return level === undefined
    ? POLICY_NAMES[policy]
    : `${POLICY_NAMES[policy]} (${level.toFixed(2)})`;
}

const IN_README: readonly ComparedPolicy[] = [
  'progressive',
  'ratio-2',
  'vicidial',
  'vicidial-hindsight',
  'ours',
  'ours-greeting',
  'ours-cancel',
];
const BEGIN = '<!-- pacing: begin -->';
const END = '<!-- pacing: end -->';
export const PLOT = 'src/floor-model/pacing-comparison.svg';
export const FIGURES = 'src/floor-model/pacing-comparison.json';

/** The README's table: busy @ lost, and further figures of ours. */
export function markdownTable(lines: readonly ComparisonLine[]): string {
  const policies = IN_README.filter((policy) => lines.some((line) => line.policy === policy));
  const rows = [...new Set(lines.map(({ row }) => row))];
  const find = (row: string, policy: ComparedPolicy): ComparisonLine | undefined =>
    lines.find((line) => line.row === row && line.policy === policy);
  const head = [
    'agents, answer rate',
    ...policies.map((policy) => POLICY_NAMES[policy]),
    'optimum',
    '95 % interval of lost',
    'worst ½ h',
    'agent waits',
  ];
  const body = rows.map((row) => {
    const ours = find(row, 'ours') ?? lines.find((line) => line.row === row);
    const [low, high] = ours?.figures.abandonmentInterval ?? [0, 0];
    return [
      ours?.title ?? row,
      ...policies.map((policy) => {
        const figures = find(row, policy)?.figures;
        if (!figures) return '';
        const cell = `${percent(figures.utilisation)} @ ${percent(figures.abandonment)}`;
        return policy === 'ours' ? `**${cell}**` : cell;
      }),
      ours?.bound === undefined ? '' : percent(ours.bound),
      `${percent(low, 2)}–${percent(high, 2)}`,
      ours ? percent(ours.figures.worstHalfHourMean) : '',
      ours ? `${seconds(ours.figures.waitMeanMs)} s` : '',
    ];
  });
  const bar = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    bar(head),
    bar(head.map((_, index) => (index === 0 ? '---' : '--:'))),
    ...body.map(bar),
  ].join('\n');
}

/** Writes the table between the README's two marks, and figures and plot beside the simulator. */
export function publish(root: string, lines: readonly ComparisonLine[]): void {
  const readme = join(root, 'README.md');
  const text = readFileSync(readme, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md has no ${BEGIN} before an ${END}`);
  const picture = `![How busy agents are, by team size and answer rate](${PLOT})`;
  const table = `${BEGIN}\n${picture}\n\n${markdownTable(lines)}\n`;
  writeFileSync(readme, text.slice(0, from) + table + text.slice(to));
  writeFileSync(join(root, FIGURES), `${JSON.stringify(lines, null, 1)}\n`);
  writeFileSync(join(root, PLOT), drawPlot(lines));
}

// ---- plot

const PLOTTED: readonly { readonly policy: ComparedPolicy; readonly colour: string }[] = [
  { policy: 'ours', colour: '#1864ab' },
  { policy: 'vicidial-hindsight', colour: '#e8590c' },
  { policy: 'vicidial', colour: '#f59f00' },
  { policy: 'ratio-2', colour: '#868e96' },
  { policy: 'progressive', colour: '#adb5bd' },
];
const PANEL = { width: 250, height: 230, left: 46, top: 44, gap: 22 };
const RATES = [6, 15, 35];
const BUSY_FROM = 0.3;

type Point = { readonly agents: number; readonly share: number; readonly overCap: boolean };

/**
 * A plot of utilisation by team size, one panel per answer rate. Points above the cap are hollow.
 */
export function drawPlot(lines: readonly ComparisonLine[]): string {
  const width = PANEL.left + RATES.length * (PANEL.width + PANEL.gap);
  const height = PANEL.top + PANEL.height + 84;
  const parts = RATES.map((rate, index) => panel(lines, rate, index));
  const keys = [
    ...PLOTTED.map(({ policy, colour }) => ({ name: POLICY_NAMES[policy], colour })),
    { name: 'optimum', colour: '#212529' },
  ];
  let keyAt = PANEL.left;
  const legend = keys.map(({ name, colour }) => {
    const x = keyAt;
    const y = height - 14;
    keyAt += 42 + 6.1 * name.length;
    const dash = name === 'optimum' ? ' stroke-dasharray="4 3"' : '';
    return `<line x1="${x}" y1="${y - 4}" x2="${x + 18}" y2="${y - 4}" stroke="${colour}" stroke-width="2.5"${dash}/><text x="${x + 23}" y="${y}">${name}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="#212529">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${PANEL.left}" y="16" font-size="13" font-weight="600">How busy agents are, by team size</text>`,
    ...parts,
    `<text x="${PANEL.left}" y="${height - 36}" fill="#495057">A hollow mark: more than 3 % of those who answered found nobody.</text>`,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

function panel(lines: readonly ComparisonLine[], rate: number, index: number): string {
  const own = lines.filter(({ kind, row }) => kind === 'plain' && row.endsWith(`-${rate}`));
  const sizes = [...new Set(own.map(({ agents }) => agents))].sort((a, b) => a - b);
  const left = PANEL.left + index * (PANEL.width + PANEL.gap);
  const bottom = PANEL.top + PANEL.height;
  const low = Math.log(Math.min(3, ...sizes));
  const high = Math.log(Math.max(500, ...sizes));
  const x = (agents: number): number =>
    left + 8 + ((Math.log(agents) - low) / (high - low)) * (PANEL.width - 16);
  const y = (share: number): number =>
    bottom - (Math.max(0, share - BUSY_FROM) / (1 - BUSY_FROM)) * PANEL.height;
  const grid = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((share) => {
    const label =
      index === 0
        ? `<text x="${left - 6}" y="${y(share) + 4}" text-anchor="end">${percent(share, 0)} %</text>`
        : '';
    return `<line x1="${left}" y1="${y(share)}" x2="${left + PANEL.width}" y2="${y(share)}" stroke="#e9ecef"/>${label}`;
  });
  const ticks = sizes.map(
    (agents) => `<text x="${x(agents)}" y="${bottom + 16}" text-anchor="middle">${agents}</text>`,
  );
  const curve = (points: readonly Point[], colour: string, dashed: boolean): string => {
    const path = points.map(
      ({ agents, share }) => `${x(agents).toFixed(1)},${y(share).toFixed(1)}`,
    );
    const dash = dashed ? ' stroke-dasharray="4 3"' : '';
    const marks = dashed
      ? []
      : points.map(({ agents, share, overCap }) => {
          const fill = overCap ? '#ffffff' : colour;
          return `<circle cx="${x(agents).toFixed(1)}" cy="${y(share).toFixed(1)}" r="3.2" fill="${fill}" stroke="${colour}" stroke-width="1.5"/>`;
        });
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>${marks.join('')}`;
  };
  const curves = [...PLOTTED].reverse().map(({ policy, colour }) => {
    const points = own
      .filter((line) => line.policy === policy)
      .map(({ agents, figures }) => ({
        agents,
        share: figures.utilisation,
        overCap: figures.abandonmentInterval[0] > 0.03,
      }));
    return curve(points, colour, false);
  });
  const bounds = own.flatMap(({ agents, bound, policy }) =>
    bound === undefined || policy !== own[0]?.policy
      ? []
      : [{ agents, share: bound, overCap: false }],
  );
  return [
    `<text x="${left}" y="${PANEL.top - 8}" font-weight="600">answer rate ${rate} %</text>`,
    ...grid,
    ...ticks,
    `<text x="${left + PANEL.width / 2}" y="${bottom + 31}" text-anchor="middle" fill="#495057">agents</text>`,
    curve(bounds, '#212529', true),
    ...curves,
  ].join('\n');
}
