/** The highest possible utilisation of agents under a cap on the share of people lost. */
import { assert } from '../../lib/assert.ts';
import { type DurationMs, SECOND_MS } from '../../lib/time.ts';
import {
  createValues,
  type FloorModel,
  meanTimeToLossMs,
  optimalGain,
  type Truncation,
  type Values,
} from './dynamic-programme.ts';

export type BoundQuestion = {
  readonly agents: number;
  /** Share of calls that a person answers, above 0 and at most 1. */
  readonly answerRate: number;
  /** Mean time from placing a call to a person's answer. */
  readonly setupMs: DurationMs;
  /** Mean of talk and wrap-up together. */
  readonly handleMs: DurationMs;
  /** The cap: share of answered people who may be lost, above 0. */
  readonly rateMax: number;
  /** Time from the answer until a person counts as lost; 2 s when absent. */
  readonly waitMaxMs?: DurationMs;
  /** Mean patience of a waiting person; 3 s when absent. */
  readonly patienceMs?: DurationMs;
};

export type UtilisationBound = {
  /** Busy share of signed-in time, 0 to 1. */
  readonly utilisation: number;
  readonly how: 'dynamic-programme' | 'closed-form';
};

/** Above this many agents the closed form is used; there the two differ by less than 0.1 points. */
export const PROGRAMME_AGENTS_MAX = 200;
/** Precision of the gain at the end of the search, as a share of the agents. */
const TOLERANCE = 0.0003;
const WAIT_MAX_MS: DurationMs = 2 * SECOND_MS;
const PATIENCE_MS: DurationMs = 3 * SECOND_MS;

const solved = new Map<string, UtilisationBound>();
const SOLVED_MAX = 1_000;

/**
 * The bound, by dynamic programme or, for the largest floors, by closed form. Results are cached.
 */
export function utilisationBound(question: BoundQuestion): UtilisationBound {
  const { agents, answerRate, setupMs, handleMs, rateMax } = question;
  assert(Number.isInteger(agents) && agents >= 1, 'a bound needs at least one agent');
  assert(answerRate > 0 && answerRate <= 1, 'an answer rate is above 0 and at most 1');
  assert(setupMs > 0 && handleMs > 0, 'set-up and handle time are above 0');
  assert(rateMax > 0 && rateMax < 1, 'a cap is above 0 and below 1');
  const waitMaxMs = question.waitMaxMs ?? WAIT_MAX_MS;
  const patienceMs = question.patienceMs ?? PATIENCE_MS;
  const key = [agents, answerRate, setupMs, handleMs, rateMax, waitMaxMs, patienceMs].join(' ');
  const known = solved.get(key);
  if (known) return known;
  const bound: UtilisationBound =
    agents > PROGRAMME_AGENTS_MAX
      ? { utilisation: closedForm(question), how: 'closed-form' }
      : { utilisation: solve(question, waitMaxMs, patienceMs), how: 'dynamic-programme' };
  if (solved.size >= SOLVED_MAX) solved.clear();
  solved.set(key, bound);
  return bound;
}

/**
 * A fit to the programme at a cap of 3 %: idle agents ≈ 0.94 ln(1 + b·N·s/h) with b = 6 (1 −
 * p)^1.25. For other caps the set-up is scaled: halving it has about the same effect as doubling
 * the cap.
 */
export function closedForm(question: BoundQuestion): number {
  const { agents } = question;
  return Math.max(0, 1 - idleAgents(question) / agents);
}

function idleAgents({ agents, answerRate, setupMs, handleMs, rateMax }: BoundQuestion): number {
  const b = 6 * (1 - answerRate) ** 1.25;
  return 0.94 * Math.log(1 + (b * agents * setupMs * (0.03 / rateMax)) / handleMs);
}

function solve(question: BoundQuestion, waitMaxMs: DurationMs, patienceMs: DurationMs): number {
  const { agents } = question;
  const model: FloorModel = {
    agents,
    answerRate: question.answerRate,
    setupEndsPerSecond: SECOND_MS / question.setupMs,
    handleEndsPerSecond: SECOND_MS / question.handleMs,
    lossPerSecond: SECOND_MS / meanTimeToLossMs(waitMaxMs, patienceMs),
    rateMax: question.rateMax,
  };
  const truncation = truncationFor(model, question);
  return lowestGain(model, truncation, createValues(truncation)) / agents;
}

/**
 * Limits so wide that they do not change the answer: under any sensible rule so many idle agents,
 * waiting people or calls hardly ever occur.
 */
function truncationFor(model: FloorModel, question: BoundQuestion): Truncation {
  const { agents, answerRate, setupEndsPerSecond, handleEndsPerSecond, lossPerSecond } = model;
  const endsPerSecond = agents * handleEndsPerSecond;
  const idleMax = Math.min(agents, Math.ceil(5 * idleAgents(question) + 10));
  const callsMean = endsPerSecond / setupEndsPerSecond / answerRate;
  return {
    idleMax,
    waitingMax: 4 + Math.ceil((3 * endsPerSecond) / lossPerSecond),
    callsMax: Math.ceil(callsMean + (1.2 * idleMax) / answerRate),
  };
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Width in ln λ at which the search ends; the gain is flat around its lowest point. */
const WIDTH_MIN = 0.08;
const MARCH_MAX = 20;

/**
 * The lowest optimal gain over all prices. There is one minimum: a march brackets it, then sections
 * narrow it down.
 */
function lowestGain(model: FloorModel, truncation: Truncation, values: Values): number {
  const tolerance = TOLERANCE * model.agents;
  const gainAt = (logPrice: number): number => {
    const { low, high } = optimalGain(model, truncation, Math.exp(logPrice), tolerance, values);
    return (low + high) / 2;
  };
  // A first guess: a price of about one conversation, higher for a stricter cap.
  const guess = Math.log((0.03 / model.rateMax) ** 0.75 / model.handleEndsPerSecond);
  const middle = march(gainAt, guess);
  let [from, to] = [middle - 1, middle + 1];
  let [left, right] = [to - GOLDEN * (to - from), from + GOLDEN * (to - from)];
  let [atLeft, atRight] = [gainAt(left), gainAt(right)];
  while (to - from > WIDTH_MIN) {
    if (atLeft < atRight) {
      [to, right, atRight] = [right, left, atLeft];
      left = to - GOLDEN * (to - from);
      atLeft = gainAt(left);
    } else {
      [from, left, atLeft] = [left, right, atRight];
      right = from + GOLDEN * (to - from);
      atRight = gainAt(right);
    }
  }
  return Math.min(atLeft, atRight);
}

/** The lowest of points at distance one. */
function march(gainAt: (logPrice: number) => number, guess: number): number {
  let lowest = guess;
  let atLowest = gainAt(lowest);
  const upwards = gainAt(guess + 1) < atLowest;
  const step = upwards ? 1 : -1;
  for (let steps = 0; steps < MARCH_MAX; steps += 1) {
    const atNext = gainAt(lowest + step);
    if (atNext >= atLowest) break;
    lowest += step;
    atLowest = atNext;
  }
  return lowest;
}
