import { describe, expect, it } from 'vitest';
import {
  type FloorModel,
  meanTimeToLossMs,
  optimalGain,
  type Truncation,
} from '../../../src/floor-model/bound/dynamic-programme.ts';

const MODEL: FloorModel = {
  agents: 1,
  answerRate: 0.4,
  setupEndsPerSecond: 1 / 10,
  handleEndsPerSecond: 1 / 30,
  lossPerSecond: 1 / 2,
  rateMax: 0.05,
};

/** One number of `from..to` for each place, in every combination. */
function* combinations(choices: readonly number[][]): Generator<number[]> {
  const [first, ...others] = choices;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const choice of first) for (const rest of combinations(others)) yield [choice, ...rest];
}

type Flow = { readonly to: number; readonly rate: number };

/** The gain of one fixed rule, by following where the floor is in the long run. */
function gainOf(model: FloorModel, size: Truncation, price: number, raisedTo: number[]): number {
  const columns = size.callsMax + 1;
  const rows = model.agents + size.waitingMax + 1;
  const at = (people: number, calls: number) => raisedTo[people * columns + calls] as number;
  const rewards: number[] = [];
  const flows: Flow[][] = [];
  for (let people = 0; people < rows; people += 1) {
    for (let calls = 0; calls < columns; calls += 1) {
      const busy = Math.min(people, model.agents);
      const lost = (people - busy) * model.lossPerSecond;
      const ends = calls * model.setupEndsPerSecond;
      const full = people === rows - 1;
      const answers = ends * model.answerRate;
      rewards.push(busy - price * (lost + (full ? answers : 0)) + price * model.rateMax * answers);
      const to = (nextPeople: number, nextCalls: number) =>
        nextPeople * columns + at(nextPeople, nextCalls);
      flows.push([
        ...(calls > 0 ? [{ to: to(people, calls - 1), rate: ends - answers }] : []),
        ...(calls > 0 ? [{ to: to(full ? people : people + 1, calls - 1), rate: answers }] : []),
        ...(people > 0
          ? [{ to: to(people - 1, calls), rate: busy * model.handleEndsPerSecond + lost }]
          : []),
      ]);
    }
  }
  return longRun(rewards, flows, at(0, 0));
}

/** Mean reward in the long run, from the given state on. */
function longRun(rewards: number[], flows: Flow[][], start: number): number {
  const fastest = Math.max(...flows.map((out) => out.reduce((sum, { rate }) => sum + rate, 0)));
  let share: number[] = rewards.map((_, state) => (state === start ? 1 : 0));
  for (let step = 0; step < 1_500; step += 1) {
    const next = share.map((value, state) => {
      const out = (flows[state] as Flow[]).reduce((sum, { rate }) => sum + rate, 0);
      return value * (1 - out / (1.1 * fastest));
    });
    flows.forEach((out, state) => {
      for (const { to, rate } of out) {
        next[to] = (next[to] as number) + ((share[state] as number) * rate) / (1.1 * fastest);
      }
    });
    share = next;
  }
  return share.reduce((sum, value, state) => sum + value * (rewards[state] as number), 0);
}

function bestByTryingAll(model: FloorModel, size: Truncation, price: number): number {
  const rows = model.agents + size.waitingMax + 1;
  const choices: number[][] = [];
  for (let people = 0; people < rows; people += 1) {
    for (let calls = 0; calls <= size.callsMax; calls += 1) {
      choices.push(Array.from({ length: size.callsMax - calls + 1 }, (_, more) => calls + more));
    }
  }
  let best = Number.NEGATIVE_INFINITY;
  for (const rule of combinations(choices)) {
    best = Math.max(best, gainOf(model, size, price, rule));
  }
  return best;
}

describe('the dynamic programme', () => {
  const tiny: Truncation = { idleMax: 1, waitingMax: 1, callsMax: 2 };

  it.each([0, 20, 100, 1_000])(
    'finds the best of all rules of a tiny floor at price %d',
    (price) => {
      const { low, high } = optimalGain(MODEL, tiny, price, 1e-7);
      expect((low + high) / 2).toBeCloseTo(bestByTryingAll(MODEL, tiny, price), 4);
    },
  );

  it('finds the best rule for two agents when a person without a free agent is lost at once', () => {
    const model = { ...MODEL, agents: 2 };
    const size: Truncation = { idleMax: 2, waitingMax: 0, callsMax: 2 };
    const { low, high } = optimalGain(model, size, 150, 1e-7);
    expect((low + high) / 2).toBeCloseTo(bestByTryingAll(model, size, 150), 4);
  });

  it('dials one to one for one agent when a lost person costs more than anything', () => {
    // Busy 30 s of every 30 + 10 / 0.4; with one line nobody is ever lost, and every answer earns
    // its share of the cap.
    const busy = 30 / (30 + 10 / 0.4);
    const price = 10_000;
    const size: Truncation = { idleMax: 1, waitingMax: 0, callsMax: 1 };
    const { low, high } = optimalGain({ ...MODEL, rateMax: 0.000_1 }, size, price, 1e-9);
    expect((low + high) / 2).toBeCloseTo(busy + (price * 0.000_1 * busy) / 30, 6);
  });

  it('keeps the agent always busy when a lost person costs nothing and answers never end', () => {
    const size: Truncation = { idleMax: 1, waitingMax: 6, callsMax: 60 };
    expect(optimalGain(MODEL, size, 0, 1e-6).low).toBeGreaterThan(0.95);
  });

  it('does not change with more states', () => {
    const model = { ...MODEL, agents: 8, answerRate: 0.15, setupEndsPerSecond: 1 / 14 };
    const near = optimalGain(model, { idleMax: 8, waitingMax: 5, callsMax: 90 }, 100, 1e-4);
    const far = optimalGain(model, { idleMax: 8, waitingMax: 10, callsMax: 150 }, 100, 1e-4);
    expect(near.low).toBeCloseTo(far.low, 3);
  });
});

describe('the mean time to loss', () => {
  it('is the limit for endless patience, and patience for an endless limit', () => {
    expect(meanTimeToLossMs(2_000, 1e9)).toBeCloseTo(2_000, 0);
    expect(meanTimeToLossMs(1e9, 3_000)).toBeCloseTo(3_000, 6);
    expect(meanTimeToLossMs(2_000, 3_000)).toBeCloseTo(1_459.75, 1);
  });
});
