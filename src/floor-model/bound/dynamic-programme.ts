/**
 * The best result of any rule that knows a floor's averages and its present state, but not the
 * future: the optimum for exponential times, solved numerically.
 *
 * The state is the number of people with an agent or waiting for one, and the number of calls on
 * the way. Every call ends its set-up at the same rate, whatever its age; then a person answers
 * with a fixed probability. Every busy agent becomes free at the same rate. The rule may add calls
 * at any moment and never cancels. It maximises busy − λ · (lost − cap · answered), per second. For
 * each price λ the best gain is an upper bound of what is possible under the cap. The best rule
 * itself reaches the lowest of these bounds (mixing the rules of two prices if one alone misses the
 * cap). So no policy has to be evaluated: the bound is the minimum over λ of the optimal gain.
 *
 * A person without an agent is lost at a constant rate: one over the mean of the smaller of the
 * limit and the person's patience (1.46 s for a limit of 2 s and a mean patience of 3 s). With this
 * rate the chance of being reached by an agent who becomes free at a constant, small rate is the
 * same.
 *
 * It is no bound for times of another shape. Ring times vary less than exponential ones, and a
 * call's age carries information. A rule that reads ages, or cancels, may come closer to the bound
 * than averages allow, and in principle exceed it.
 */
import { assert } from '../../lib/assert.ts';
import type { DurationMs } from '../../lib/time.ts';

/** Rates are per second. */
export type FloorModel = {
  readonly agents: number;
  /** Share of calls that a person answers, above 0 and at most 1. */
  readonly answerRate: number;
  /** One over the mean set-up of a call. */
  readonly setupEndsPerSecond: number;
  /** One over the mean of talk and wrap-up. */
  readonly handleEndsPerSecond: number;
  /** Rate at which a person without an agent is lost. */
  readonly lossPerSecond: number;
  /** Share of answered people who may be lost. */
  readonly rateMax: number;
};

/** Limits of the numeric solution, which must be far from the optimum. */
export type Truncation = {
  /** States with more idle agents than this are left out. */
  readonly idleMax: number;
  readonly waitingMax: number;
  readonly callsMax: number;
};

export type Gain = {
  /** Bounds of the optimal gain, in busy agents. */
  readonly low: number;
  readonly high: number;
  readonly sweeps: number;
};

const SWEEPS_MAX = 100_000;
/** Sweeps between two shifts of the values back to zero; only their differences have a meaning. */
const RELATIVE_EVERY = 64;

/** Values of all states, reused as a start for the next price. */
export type Values = { current: Float64Array; next: Float64Array };

export function createValues({ idleMax, waitingMax, callsMax }: Truncation): Values {
  const states = (idleMax + waitingMax + 1) * (callsMax + 1);
  return { current: new Float64Array(states), next: new Float64Array(states) };
}

/**
 * The optimal gain for a price λ (agents' seconds for one person lost), by relative value
 * iteration, to within `tolerance` busy agents. Throws a MistakeError when it does not converge.
 */
export function optimalGain(
  model: FloorModel,
  truncation: Truncation,
  price: number,
  tolerance: number,
  values: Values = createValues(truncation),
): Gain {
  for (let sweeps = 1; sweeps <= SWEEPS_MAX; sweeps += 1) {
    const gain = sweep(model, truncation, price, values, sweeps);
    if (gain.high - gain.low <= tolerance) return gain;
    if (sweeps % RELATIVE_EVERY === 0) makeRelative(values.current);
  }
  assert(false, 'the dynamic programme settles');
}

/**
 * One sweep over all states: the value of each one event later, after the best addition of calls.
 */
function sweep(
  model: FloorModel,
  { idleMax, waitingMax, callsMax }: Truncation,
  price: number,
  values: Values,
  sweeps: number,
): Gain {
  const { agents, answerRate, setupEndsPerSecond, handleEndsPerSecond, lossPerSecond } = model;
  const { current, next } = values;
  const columns = callsMax + 1;
  const lastRow = idleMax + waitingMax;
  const events =
    agents * handleEndsPerSecond + waitingMax * lossPerSecond + callsMax * setupEndsPerSecond;
  const answeredReward = price * model.rateMax * answerRate;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = 0; row <= lastRow; row += 1) {
    const people = agents - idleMax + row;
    const busy = Math.min(people, agents);
    const losses = (people - busy) * lossPerSecond;
    // In the lowest row no agent becomes free: its states are never reached in practice.
    const leaves = row === 0 ? 0 : busy * handleEndsPerSecond + losses;
    const above = row < lastRow ? columns : 0;
    const lostAtOnce = row < lastRow ? 0 : price;
    const start = row * columns;
    const below = row === 0 ? 0 : columns;
    let best = Number.NEGATIVE_INFINITY;
    for (let calls = callsMax; calls >= 0; calls -= 1) {
      const state = start + calls;
      const ends = calls * setupEndsPerSecond;
      const here = current[state] as number;
      let value = busy - losses * price + ends * answeredReward;
      if (calls > 0) {
        const unanswered = current[state - 1] as number;
        const answered = (current[state - 1 + above] as number) - lostAtOnce;
        value += ends * ((1 - answerRate) * unanswered + answerRate * answered);
      }
      value += leaves * (current[state - below] as number) + (events - ends - leaves) * here;
      value /= events;
      if (value > best) best = value;
      next[state] = best;
      const gained = best - here;
      if (gained < low) low = gained;
      if (gained > high) high = gained;
    }
  }
  values.current = next;
  values.next = current;
  return { low: low * events, high: high * events, sweeps };
}

function makeRelative(values: Float64Array): void {
  const reference = values[values.length - 1] as number;
  for (let state = 0; state < values.length; state += 1) {
    values[state] = (values[state] as number) - reference;
  }
}

/** Mean time until a person without an agent is lost: at the limit, or when patience ends. */
export function meanTimeToLossMs(waitMaxMs: DurationMs, patienceMs: DurationMs): DurationMs {
  return patienceMs * (1 - Math.exp(-waitMaxMs / patienceMs));
}
