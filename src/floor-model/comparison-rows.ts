/** The floors on which pacing policies are compared: plain ones of every size, and bad days. */
import { present } from '../lib/assert.ts';
import { type DurationMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { USUAL_SETUP, USUAL_TALK } from './fates.ts';
import { type FloorChange, type FloorScenario, plainScenario } from './scenario.ts';

/** A phase of a row's day, for the bound; `share` is its share of the agents' signed-in time. */
export type BoundPhase = {
  readonly share: number;
  readonly agents: number;
  readonly answerRate: number;
  readonly setupMs: DurationMs;
  readonly handleMs: DurationMs;
};

export type ComparisonRow = {
  readonly id: string;
  readonly title: string;
  readonly kind: 'plain' | 'hard';
  /** The floor; {@link scenarioOf} sets its counted time. */
  readonly scenario: FloorScenario;
  readonly bound: readonly BoundPhase[];
  /** Share of agents' time that no policy can save, as when the carrier fails every call. */
  readonly unavoidablyIdle: number;
  /** Counted time and seeds of a run of minutes (`quick`) and of a published one (`full`). */
  readonly quick: Effort;
  readonly full: Effort;
};

export type Effort = { readonly seeds: number; readonly countedMs: DurationMs };

const SETUP_MS = 14_000;
const HANDLE_MS = 141_000;
const DAY_MS = 8 * HOUR_MS;

const phase = (agents: number, answerRate: number, share = 1, setupMs = SETUP_MS): BoundPhase => ({
  share,
  agents,
  answerRate,
  setupMs,
  handleMs: HANDLE_MS,
});

const hours = (seeds: number, count: number): Effort => ({ seeds, countedMs: count * HOUR_MS });

/**
 * By team size: hours before counting begins, the quick effort, and the full effort with five
 * thousand answers per seed.
 */
const SIZES = [
  { agents: 3, warmUp: 8, quick: hours(3, 16), full: hours(20, 100) },
  { agents: 8, warmUp: 3, quick: hours(4, 8), full: hours(20, 32) },
  { agents: 20, warmUp: 1, quick: hours(3, 8), full: hours(20, 16) },
  { agents: 60, warmUp: 1, quick: hours(3, 2), full: hours(20, 8) },
  { agents: 200, warmUp: 1, quick: hours(2, 1), full: hours(20, 2) },
  { agents: 500, warmUp: 1, quick: hours(1, 0.5), full: hours(20, 1) },
] as const;

const RATES = [0.06, 0.15, 0.35] as const;

const PLAIN_ROWS: readonly ComparisonRow[] = SIZES.flatMap(({ agents, warmUp, quick, full }) =>
  RATES.map(
    (answerRate): ComparisonRow => ({
      id: `${agents}-${Math.round(100 * answerRate)}`,
      title: `${agents} agents, ${Math.round(100 * answerRate)} %`,
      kind: 'plain',
      scenario: plainScenario(agents, answerRate, { warmUpMs: warmUp * HOUR_MS }),
      bound: [phase(agents, answerRate)],
      unavoidablyIdle: 0,
      quick,
      full,
    }),
  ),
);

const AGENTS = 20;

type HardRow = {
  readonly id: string;
  readonly title: string;
  readonly changes?: Partial<FloorScenario>;
  readonly bound?: readonly BoundPhase[];
  readonly unavoidablyIdle?: number;
  readonly quick?: Effort;
  readonly full?: Effort;
};

function hard({ id, title, changes, bound, unavoidablyIdle, quick, full }: HardRow): ComparisonRow {
  return {
    id,
    title,
    kind: 'hard',
    scenario: { ...plainScenario(AGENTS, 0.15, changes), name: title },
    bound: bound ?? [phase(AGENTS, 0.15)],
    unavoidablyIdle: unavoidablyIdle ?? 0,
    quick: quick ?? hours(2, 8),
    full: full ?? hours(20, 16),
  };
}

const at = (hour: number, change: ChangeWithoutTime): FloorChange => ({
  ...change,
  atMs: Math.round(hour * HOUR_MS),
});
type ChangeWithoutTime = FloorChange extends infer Change
  ? Change extends FloorChange
    ? Omit<Change, 'atMs'>
    : never
  : never;

/** Moves the answer rate from one value to another within a minute. */
function glide(hour: number, from: number, to: number): FloorChange[] {
  return [0.25, 0.5, 0.75, 1].map((part) =>
    at(hour + (part * MINUTE_MS) / HOUR_MS, {
      kind: 'answer-rate',
      answerRate: from + part * (to - from),
    }),
  );
}

const OUTAGE_HOURS = [1, 3, 5, 7];
const OUTAGE_MS = 2 * MINUTE_MS;
/**
 * Time an outage costs: conversations run out while nothing is answered, and the first calls
 * afterwards need their set-up.
 */
const OUTAGE_COSTS_MS =
  OUTAGE_MS - HANDLE_MS * (1 - Math.exp(-OUTAGE_MS / HANDLE_MS)) + SETUP_MS / 2;

const TWELVE_HOURS_RATES = [0.12, 0.15, 0.17, 0.16, 0.12, 0.1, 0.13, 0.15, 0.16, 0.18, 0.2, 0.16];
const TWELVE_HOURS_AGENTS = [12, 20, 20, 20, 12, 12, 20, 20, 20, 20, 14, 14];
const TWELVE_HOURS_AGENT_HOURS = TWELVE_HOURS_AGENTS.reduce((sum, agents) => sum + agents, 0);

const HARD_ROWS: readonly ComparisonRow[] = [
  hard({
    id: 'rate-jumps',
    title: 'answer rate jumps 10 → 40 % within a minute',
    changes: {
      campaigns: [{ id: '', weight: 1, answerRate: 0.1 }],
      changes: [...glide(2, 0.1, 0.4), ...glide(4, 0.4, 0.1), ...glide(6, 0.1, 0.4)],
    },
    bound: [phase(AGENTS, 0.1, 0.5), phase(AGENTS, 0.4, 0.5)],
  }),
  hard({
    id: 'list-swapped',
    title: 'list swapped from good to bad (35 → 6 %)',
    changes: {
      campaigns: [{ id: '', weight: 1, answerRate: 0.35 }],
      changes: [
        at(2, { kind: 'answer-rate', answerRate: 0.06 }),
        at(4, { kind: 'answer-rate', answerRate: 0.35 }),
        at(6, { kind: 'answer-rate', answerRate: 0.06 }),
      ],
    },
    bound: [phase(AGENTS, 0.35, 0.5), phase(AGENTS, 0.06, 0.5)],
  }),
  hard({
    id: 'lunch',
    title: 'half the floor to lunch at once',
    changes: { changes: [at(4, { kind: 'rest', share: 0.5, forMs: HOUR_MS })] },
    bound: [phase(AGENTS, 0.15, 14 / 15), phase(AGENTS / 2, 0.15, 1 / 15)],
  }),
  hard({
    id: 'two-talks',
    title: 'two kinds of talk, 15 s and 4 min',
    changes: {
      talk: {
        ...USUAL_TALK,
        wrongPartyShare: 0.5,
        wrongPartyMeanMs: 15_000,
        wrongPartySpread: 0.3,
        conversationMeanMs: 225_000,
        conversationSpread: 0.25,
      },
    },
  }),
  hard({
    id: 'slow-carrier',
    title: 'carrier eight seconds slower for most of the day',
    changes: {
      changes: [
        at(1, { kind: 'carrier', carrier: 'slow' }),
        at(7, { kind: 'carrier', carrier: 'working' }),
      ],
    },
    bound: [phase(AGENTS, 0.15, 0.25), phase(AGENTS, 0.15, 0.75, SETUP_MS + 8 * SECOND_MS)],
  }),
  hard({
    id: 'outage',
    title: 'carrier fails every call for two minutes, four times',
    changes: {
      changes: OUTAGE_HOURS.flatMap((hour) => [
        at(hour, { kind: 'carrier', carrier: 'failing' }),
        at(hour + OUTAGE_MS / HOUR_MS, { kind: 'carrier', carrier: 'working' }),
      ]),
    },
    unavoidablyIdle: (OUTAGE_HOURS.length * OUTAGE_COSTS_MS) / DAY_MS,
  }),
  hard({
    id: 'cold-start',
    title: 'cold start, first two hours',
    changes: { warmUpMs: 0 },
    quick: hours(8, 2),
    full: hours(120, 2),
  }),
  hard({
    id: 'list-ends',
    title: 'list ends after about two hours',
    changes: { leadsPerDay: 6_000, dayMs: 3 * HOUR_MS },
    quick: hours(2, 6),
    full: hours(20, 21),
  }),
  hard({
    id: 'screening',
    title: 'answering-machine detection, 15 % false positives',
    changes: {
      screening: { minMs: 500, maxMs: 1_500, falsePositives: 0.15, machinesMissed: 0.05 },
    },
    bound: [phase(AGENTS, 0.15 * 0.85, 1, SETUP_MS + SECOND_MS)],
  }),
  hard({
    id: 'coming-and-going',
    title: 'agents rest ten minutes of every hour, each when they like',
    changes: { rests: { workMeanMs: 50 * MINUTE_MS, restMeanMs: 10 * MINUTE_MS } },
    bound: [phase(Math.round((AGENTS * 5) / 6), 0.15)],
    full: hours(20, 24),
  }),
  hard({
    id: 'twelve-hours',
    title: 'twelve hours, answer rate and shifts by the hour',
    changes: {
      campaigns: [{ id: '', weight: 1, answerRate: present(TWELVE_HOURS_RATES[0], 'an hour') }],
      dayMs: 12 * HOUR_MS,
      changes: TWELVE_HOURS_RATES.flatMap((answerRate, hour) => [
        at(hour, { kind: 'answer-rate', answerRate }),
        at(hour, { kind: 'agents', present: present(TWELVE_HOURS_AGENTS[hour], 'an hour') }),
      ]),
    },
    bound: TWELVE_HOURS_RATES.map((answerRate, hour) => {
      const agents = present(TWELVE_HOURS_AGENTS[hour], 'an hour');
      return phase(agents, answerRate, agents / TWELVE_HOURS_AGENT_HOURS);
    }),
    quick: hours(2, 12),
    full: hours(20, 24),
  }),
  hard({
    id: 'five-campaigns',
    title: 'five campaigns share the agents',
    changes: {
      campaigns: [
        { id: 'a', weight: 1, answerRate: 0.09 },
        { id: 'b', weight: 1, answerRate: 0.12 },
        { id: 'c', weight: 1, answerRate: 0.15 },
        { id: 'd', weight: 1, answerRate: 0.18 },
        { id: 'e', weight: 1, answerRate: 0.21 },
      ],
    },
  }),
];

const MIXED_HANDLE_MS = 0.35 * 25_000 + 0.65 * 180_000 + 15_000;
const DRIFT = { stepMs: 2 * MINUTE_MS, periodMs: 80 * MINUTE_MS, share: 0.1 } as const;

/** An answer rate that rises by a tenth within twenty minutes, falls back in the next twenty, and so below. */
function drifting(answerRate: number, dayMs: DurationMs): FloorChange[] {
  const { stepMs, periodMs, share } = DRIFT;
  return Array.from({ length: Math.floor(dayMs / stepMs) }, (_, step) => {
    const swing = 1 + share * Math.sin((2 * Math.PI * step * stepMs) / periodMs);
    return { kind: 'answer-rate', answerRate: answerRate * swing, atMs: step * stepMs };
  });
}

/** Teams of three sizes whose talks are short or long, whose list drifts, and whom some do not wait for. */
const MIXED_ROWS: readonly ComparisonRow[] = SIZES.filter(({ agents }) =>
  [3, 20, 60].includes(agents),
).map(({ agents, warmUp, quick, full }) => ({
  id: `mixed-${agents}`,
  title: `${agents} agents, short and long talks, drifting list, impatient people`,
  kind: 'hard',
  scenario: plainScenario(agents, 0.15, {
    warmUpMs: warmUp * HOUR_MS,
    setup: { ...USUAL_SETUP, impatientShare: 0.25 },
    talk: {
      wrongPartyShare: 0.35,
      wrongPartyMeanMs: 25_000,
      wrongPartySpread: 0.5,
      conversationMeanMs: 180_000,
      conversationSpread: 0.7,
      wrapUpMeanMs: 15_000,
      wrapUpSpread: 0.5,
    },
    changes: drifting(0.15, DAY_MS),
  }),
  bound: [{ ...phase(agents, 0.15), handleMs: MIXED_HANDLE_MS }],
  unavoidablyIdle: 0,
  quick,
  full,
}));

/** Every row: teams from the smallest up, then the bad days (20 agents and 15 % unless stated). */
export const COMPARISON_ROWS: readonly ComparisonRow[] = [
  ...PLAIN_ROWS,
  ...HARD_ROWS,
  ...MIXED_ROWS,
];

/** The floor of a row with the counted time of the effort. */
export function scenarioOf(row: ComparisonRow, effort: Effort): FloorScenario {
  return { ...row.scenario, countedMs: effort.countedMs };
}
