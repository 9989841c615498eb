/**
 * What a number on a screen means: what is counted, out of what, and over which time. The day's
 * counters, reports, boards, the what-if and the simulator's days all divide by these entries, so
 * that each number has one meaning. Browsers read this file through `src/protocol/measures.ts`.
 */
import { isPerson, type Standing } from '../calls/standing.ts';

/** What an answered call adds to its campaign's counts of the day of the answer. */
export function countsOfStanding(
  standing: Standing | undefined,
): readonly ('answered' | 'abandoned' | 'hungUpWaiting')[] {
  if (!isPerson(standing)) return [];
  if (standing === 'abandoned') return ['answered', 'abandoned'];
  return standing === 'hung-up-waiting' ? ['answered', 'hungUpWaiting'] : ['answered'];
}

/**
 * The time over which a measure is taken.
 * - `now`: this moment.
 * - `local-day`: since midnight where the operation is. An attempt counts on the day it was placed, an
 *   answer on the day it came.
 * - `profile-window`: the window of the compliance profile's abandonment.
 * - `30-days`: the last thirty days.
 * - `span`: a stretch of time that was simulated or measured.
 */
export type MeasureWindow = 'now' | 'local-day' | 'profile-window' | '30-days' | 'span';

export type Measure<Counts> = {
  /** `share` is 0 to 1; `count` is shown beside its denominator; `ms` and `per-hour` are means. */
  readonly unit: 'share' | 'count' | 'ms' | 'per-hour';
  readonly window: MeasureWindow;
  readonly numerator: (counts: Counts) => number;
  readonly denominator: (counts: Counts) => number;
};

export type AgentCounts = {
  readonly free: number;
  readonly reserved: number;
  readonly talking: number;
  readonly wrappingUp: number;
  readonly undisposed: number;
  readonly paused: number;
  readonly absent: number;
};
/** A campaign's calls by state; each occupies a line. */
export type Lines = {
  readonly placing: number;
  readonly ringing: number;
  readonly waiting: number;
  readonly talking: number;
  readonly announcing: number;
};
type Bank = { readonly abandoned: number; readonly answers: number };
type Verdicts = {
  readonly person: number;
  readonly unsure: number;
  readonly machine: number;
  readonly sampled: number;
  readonly judged: number;
  readonly people: number;
  readonly missed: number;
};

/** Agents who work for the campaign at this moment: free, in a call, or after one. */
export function agentsAtWork(agents: AgentCounts): number {
  return agentsTalking(agents) + agents.free + agents.wrappingUp + agents.undisposed;
}

/** An agent reserved for a call that is about to connect counts as talking. */
function agentsTalking({ talking, reserved }: Pick<AgentCounts, 'talking' | 'reserved'>): number {
  return talking + reserved;
}

function agentsOnShift(agents: AgentCounts): number {
  return agentsAtWork(agents) + agents.paused + agents.absent;
}

function linesInUse({ placing, ringing, waiting, talking, announcing }: Lines): number {
  return placing + ringing + waiting + talking + announcing;
}

function heard({ person, unsure, machine }: Verdicts): number {
  return person + unsure + machine;
}

export const MEASURES = {
  /** Agents in a conversation, out of those on shift. */
  talking: measure<AgentCounts>('count', 'now', agentsTalking, agentsOnShift),
  /** Free agents, out of those on shift. */
  free: measure<AgentCounts>('count', 'now', ({ free }) => free, agentsOnShift),
  /** Lines the campaign uses, out of those it may use. */
  dialing: measure<{ readonly live: Lines; readonly linesMax: number }>(
    'count',
    'now',
    ({ live }) => linesInUse(live),
    ({ linesMax }) => linesMax,
  ),
  /** Attempts that a person answered. */
  answered: measure<{ readonly answered: number; readonly attempts: number }>(
    'share',
    'local-day',
    ({ answered }) => answered,
    ({ attempts }) => attempts,
  ),
  /** Conversations in which the right party was confirmed (CPC), out of all. */
  rightParty: measure<{ readonly rightParty: number; readonly connected: number }>(
    'share',
    'local-day',
    (one) => one.rightParty,
    ({ connected }) => connected,
  ),
  /** People left without an agent, out of those who answered; the profile says what counts. */
  abandonment: measure<Bank>(
    'share',
    'profile-window',
    ({ abandoned }) => abandoned,
    ({ answers }) => answers,
  ),
  /** Time in conversations and wrap-ups, out of the time signed in and not paused. */
  occupancy: measure<{ readonly busyMs: number; readonly presentMs: number }>(
    'share',
    'span',
    ({ busyMs }) => busyMs,
    ({ presentMs }) => presentMs,
  ),
  /** Answered calls that screening judged machines. */
  machines: measure<Verdicts>('share', '30-days', ({ machine }) => machine, heard),
  unsure: measure<Verdicts>('share', '30-days', ({ unsure }) => unsure, heard),
  /** Machine verdicts that were connected to an agent to be checked. */
  sampled: measure<Verdicts>(
    'share',
    '30-days',
    (one) => one.sampled,
    (one) => one.machine,
  ),
  /** Machine verdicts that were people, out of those an agent judged. */
  falseMachines: measure<Pick<Verdicts, 'people' | 'judged'>>(
    'share',
    '30-days',
    ({ people }) => people,
    ({ judged }) => judged,
  ),
  /** Machines judged people, out of all answers judged people. */
  missedMachines: measure<Verdicts>(
    'share',
    '30-days',
    ({ missed }) => missed,
    (one) => heard(one) - one.machine,
  ),
} as const;

function measure<Counts>(
  unit: Measure<Counts>['unit'],
  window: MeasureWindow,
  numerator: Measure<Counts>['numerator'],
  denominator: Measure<Counts>['denominator'],
): Measure<Counts> {
  return { unit, window, numerator, denominator };
}

/** Numerator ÷ denominator; undefined when the denominator is 0. */
export function measured<Counts>(of: Measure<Counts>, counts: Counts): number | undefined {
  const denominator = of.denominator(counts);
  return denominator === 0 ? undefined : of.numerator(counts) / denominator;
}
