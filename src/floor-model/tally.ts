/** The counts of a floor, and the figures from runs of several seeds. */
import { HOUR_MS, MINUTE_MS } from '../lib/time.ts';

/** Waits are counted in steps of half a second; the last step holds everything longer. */
export const WAIT_STEP_MS = 500;
export const WAIT_STEPS = 2_400;

export type AnswersAndLost = { answers: number; lost: number };

/** One run, as plain data. */
export type FloorTally = {
  /** Simulated time that was counted. */
  countedMs: number;
  /** Agents' time: `busyMs` talking and in wrap-up, `presentMs` signed in and not resting. */
  busyMs: number;
  presentMs: number;
  callsPlaced: number;
  callsCancelled: number;
  /** People who answered and were taken for people. */
  answers: number;
  /** People lost at the limit, and people lost because they hung up before it. */
  lostAtLimit: number;
  lostPatience: number;
  /**
   * People not put through within the limit counted from the answer, also on floors with another
   * clock.
   */
  lateFromAnswer: number;
  /** People hung up on because they were taken for machines; not part of any other figure. */
  takenForMachines: number;
  /** Machines that were put through to an agent. */
  machinesConnected: number;
  conversations: number;
  waitSumMs: number;
  /** Agents' waits between conversations, by steps of {@link WAIT_STEP_MS}. */
  waits: number[];
  /** Counts per half hour since counting began. */
  halfHours: AnswersAndLost[];
  /** Counts per day (legal window) and campaign. */
  windows: AnswersAndLost[];
  /** Counts per campaign. */
  campaigns: (AnswersAndLost & { lostAtLimit: number; placed: number })[];
  events: number;
  plans: number;
};

export const HALF_HOUR_MS = 30 * MINUTE_MS;

export function emptyTally(campaigns: number): FloorTally {
  return {
    countedMs: 0,
    busyMs: 0,
    presentMs: 0,
    callsPlaced: 0,
    callsCancelled: 0,
    answers: 0,
    lostAtLimit: 0,
    lostPatience: 0,
    lateFromAnswer: 0,
    takenForMachines: 0,
    machinesConnected: 0,
    conversations: 0,
    waitSumMs: 0,
    waits: new Array<number>(WAIT_STEPS).fill(0),
    halfHours: [],
    windows: [],
    campaigns: Array.from({ length: campaigns }, () => ({
      ...{ answers: 0, lost: 0, lostAtLimit: 0, placed: 0 },
    })),
    events: 0,
    plans: 0,
  };
}

/** The figures of one or several runs of the same floor under the same policy. */
export type FloorFigures = {
  readonly seeds: number;
  readonly answers: number;
  readonly utilisation: number;
  /** Half the width of the utilisation's 95 % interval, from the spread over seeds. */
  readonly utilisationMargin: number;
  readonly abandonment: number;
  readonly abandonmentInterval: readonly [number, number];
  readonly abandonmentAtLimit: number;
  readonly abandonmentFromAnswer: number;
  /** Abandonment in the worst half hour of each run: the mean over runs, and the worst of all. */
  readonly worstHalfHourMean: number;
  readonly worstHalfHour: number;
  readonly waitMeanMs: number;
  readonly waitP95Ms: number;
  readonly conversationsPerAgentHour: number;
  readonly callsPerConversation: number;
  /** Share of the windows (days, per campaign) with more people lost than the cap allows. */
  readonly windowsOverCap: number;
  readonly windows: number;
};

const sum = (tallies: readonly FloorTally[], of: (tally: FloorTally) => number): number =>
  tallies.reduce((total, tally) => total + of(tally), 0);

const lostOf = (tally: FloorTally): number => tally.lostAtLimit + tally.lostPatience;
const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** Combines runs into figures; a rate is the sum of numerators ÷ the sum of denominators. */
export function figuresOf(tallies: readonly FloorTally[], rateMax: number): FloorFigures {
  const answers = sum(tallies, (tally) => tally.answers);
  const lost = sum(tallies, lostOf);
  const conversations = sum(tallies, (tally) => tally.conversations);
  const present = sum(tallies, (tally) => tally.presentMs);
  const worst = tallies.map((tally) =>
    Math.max(0, ...tally.halfHours.map((half) => share(half.lost, half.answers))),
  );
  const windows = tallies.flatMap((tally) => tally.windows).filter((window) => window.answers > 0);
  const ratio = ratioOf(tallies.map((tally) => [lostOf(tally), tally.answers]));
  const utilisation = ratioOf(tallies.map((tally) => [tally.busyMs, tally.presentMs]));
  return {
    seeds: tallies.length,
    answers,
    utilisation: utilisation.rate,
    utilisationMargin: utilisation.margin,
    abandonment: share(lost, answers),
    abandonmentInterval:
      tallies.length >= SEEDS_FOR_SPREAD_MIN
        ? [Math.max(0, ratio.rate - ratio.margin), ratio.rate + ratio.margin]
        : wilsonInterval(lost, answers),
    abandonmentAtLimit: share(
      sum(tallies, (tally) => tally.lostAtLimit),
      answers,
    ),
    abandonmentFromAnswer: share(
      sum(tallies, (tally) => tally.lateFromAnswer),
      answers,
    ),
    worstHalfHourMean: share(
      worst.reduce((a, b) => a + b, 0),
      worst.length,
    ),
    worstHalfHour: Math.max(0, ...worst),
    waitMeanMs: share(
      sum(tallies, (tally) => tally.waitSumMs),
      conversations,
    ),
    waitP95Ms: waitQuantileMs(tallies, 0.95),
    conversationsPerAgentHour: share(conversations, present / HOUR_MS),
    callsPerConversation: share(
      sum(tallies, (tally) => tally.callsPlaced),
      conversations,
    ),
    windowsOverCap: share(
      windows.filter((window) => window.lost > rateMax * window.answers).length,
      windows.length,
    ),
    windows: windows.length,
  };
}

/** With fewer seeds the spread says little, and the binomial interval is used. */
const SEEDS_FOR_SPREAD_MIN = 5;

/** Student's t for 97.5 %, by degrees of freedom from 1; beyond the table 1.97. */
const STUDENT = [
  12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14, 2.13, 2.12,
  2.11, 2.1, 2.09, 2.09, 2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04,
];

/** A ratio of sums and half of its 95 % interval, from the differences between runs. */
function ratioOf(pairs: readonly (readonly [number, number])[]): { rate: number; margin: number } {
  const count = pairs.length;
  const over = pairs.reduce((total, [part]) => total + part, 0);
  const under = pairs.reduce((total, [, whole]) => total + whole, 0);
  const rate = share(over, under);
  if (count < 2 || under === 0) return { rate, margin: 0 };
  const squares = pairs.reduce((total, [part, whole]) => total + (part - rate * whole) ** 2, 0);
  const error = Math.sqrt(squares / (count * (count - 1))) / (under / count);
  return { rate, margin: (STUDENT[count - 2] ?? 1.97) * error };
}

/** The 95 % interval of a share of independent cases (Wilson). */
export function wilsonInterval(part: number, whole: number): readonly [number, number] {
  if (whole === 0) return [0, 1];
  const z = 1.96;
  const rate = part / whole;
  const middle = rate + (z * z) / (2 * whole);
  const spread = z * Math.sqrt((rate * (1 - rate)) / whole + (z * z) / (4 * whole * whole));
  const scale = 1 + (z * z) / whole;
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}

function waitQuantileMs(tallies: readonly FloorTally[], quantile: number): number {
  const waits = sum(tallies, (tally) => tally.waits.reduce((a, b) => a + b, 0));
  let seen = 0;
  for (let step = 0; step < WAIT_STEPS; step += 1) {
    seen += sum(tallies, (tally) => tally.waits[step] ?? 0);
    if (waits > 0 && seen >= quantile * waits) return (step + 1) * WAIT_STEP_MS;
  }
  return 0;
}
