/** What a pacer may know and what it may be shown, for tests of properties. */
import fc from 'fast-check';
import {
  createPacer,
  type Pacer,
  type PacerState,
  type PacingObservation,
  type PacingPlan,
  type PacingSettings,
  type PacingSnapshot,
} from '../../../src/domain/pacing/pacer.ts';
import { type Random, seededRandom } from '../../../src/lib/random.ts';
import { PLACED_AT } from '../../support/builders.ts';

export const NOW = PLACED_AT;
export const SETTINGS: PacingSettings = {
  mode: 'predictive',
  abandonment: {
    rateMax: 0.03,
    waitMaxMs: 2_000,
    clockStart: 'answered',
    earlyHangUpCounts: true,
  },
  ringTimeoutMs: 30_000,
};

export type Agent = PacingSnapshot['agents'][number];
export type Call = PacingSnapshot['calls'][number];
type Setup = Extract<PacingObservation, { kind: 'setup-ended' }>;

// ---- a past to learn from

function setupOf(random: Random, answerRate: number, index: number, at: number): Setup {
  const luck = random();
  const outcome =
    luck < answerRate
      ? 'person'
      : luck < answerRate + (1 - answerRate) * 0.35
        ? 'no-answer'
        : luck < answerRate + (1 - answerRate) * 0.65
          ? 'machine'
          : 'busy';
  const tookMs = {
    person: 4_000 + random() * 20_000,
    'no-answer': 32_000,
    machine: 15_000 + random() * 10_000,
    busy: 1_500 + random() * 1_500,
  }[outcome];
  const placedAt = Math.round(at - tookMs);
  return { kind: 'setup-ended', callId: `past_${index}`, placedAt, at: Math.round(at), outcome };
}

/** Calls, talks and wrap-ups of the time before {@link NOW}, in the order of time. */
export function past(seed: number, answerRate: number, calls: number): PacingObservation[] {
  const random = seededRandom(seed);
  const observations: PacingObservation[] = [];
  const everyMs = 700;
  for (let index = 0; index < calls; index += 1) {
    const setup = setupOf(random, answerRate, index, NOW - (calls - index) * everyMs);
    observations.push(setup);
    if (setup.outcome !== 'person') continue;
    const { at, callId } = setup;
    const lost = random() < 0.02;
    observations.push({
      kind: lost ? 'abandoned' : 'connected',
      callId,
      answeredAt: at,
      at: lost ? at + 2_000 : at,
    });
    if (lost) continue;
    const talkMs = Math.round(-Math.log(1 - random()) * 110_000);
    observations.push({ kind: 'talk-ended', startedAt: at - talkMs, at });
    const wrapUpMs = Math.round(5_000 + random() * 30_000);
    observations.push({ kind: 'wrap-up-ended', startedAt: at - wrapUpMs, at });
  }
  return observations;
}

export function taught(observations: readonly PacingObservation[], settings = SETTINGS): Pacer {
  const pacer = createPacer(settings);
  for (const observation of observations) pacer.observe(observation);
  return pacer;
}

export const copyOf = (state: PacerState): PacerState => JSON.parse(JSON.stringify(state));

/** What pacers know: nothing, too little, and enough, of poor and good lists. */
const KNOWN: readonly PacerState[] = [
  createPacer(SETTINGS).toJSON(),
  ...[0.02, 0.15, 0.5].map((rate) => taught(past(3, rate, 60)).toJSON()),
  ...[0.06, 0.15, 0.35, 0.8].map((rate) => taught(past(5, rate, 1_500)).toJSON()),
];
export const knowing = fc.constantFrom(...KNOWN);

// ---- a present to plan for

const stateOfAgent = fc.constantFrom('available', 'reserved', 'talking', 'wrapping-up');
const agent: fc.Arbitrary<Agent> = fc.record({
  state: stateOfAgent as fc.Arbitrary<Agent['state']>,
  since: fc.integer({ min: 0, max: 600_000 }).map((ageMs) => NOW - ageMs),
});
export const call: fc.Arbitrary<Call> = fc
  .tuple(
    fc.constantFrom('placing', 'ringing') as fc.Arbitrary<Call['state']>,
    fc.integer({ min: 0, max: 33_000 }),
    fc.nat(999_999),
  )
  .map(([state, ageMs, number]) => ({
    id: `call_${ageMs}_${number}`,
    state,
    placedAt: NOW - ageMs,
    since: NOW - Math.floor(ageMs * 0.8),
  }));
const bank = fc
  .tuple(fc.nat(2_000), fc.integer({ min: 0, max: 40 }))
  .map(([answers, perMille]) => ({ answers, abandoned: Math.floor((answers * perMille) / 1_000) }));
export const waiting = fc
  .integer({ min: 0, max: 1_900 })
  .map((ageMs) => ({ answeredAt: NOW - ageMs, deadlineAt: NOW - ageMs + 2_000 }));

export function floors(agentsMax: number): fc.Arbitrary<PacingSnapshot> {
  return fc.record({
    now: fc.constant(NOW),
    agents: fc.array(agent, { minLength: 1, maxLength: agentsMax }),
    calls: fc.uniqueArray(call, { maxLength: agentsMax, selector: ({ id }) => id }),
    waiting: fc.array(waiting, { maxLength: 2 }),
    bank,
    linesFree: fc.constant(1_000),
    callsAllowedNow: fc.constant(1_000),
    leadsLeft: fc.constant(100_000),
  });
}
export const floor = fc.oneof(floors(6), floors(40));

/** Ten agents who have nothing to do. */
export const IDLE: PacingSnapshot = {
  now: NOW,
  agents: Array.from({ length: 10 }, () => ({ state: 'available', since: NOW - 5_000 })),
  calls: [],
  waiting: [],
  bank: { answers: 1_000, abandoned: 20 },
  linesFree: 1_000,
  callsAllowedNow: 1_000,
  leadsLeft: 100_000,
};

export function planned(
  state: PacerState,
  snapshot: PacingSnapshot,
  settings = SETTINGS,
): PacingPlan {
  return createPacer(settings, copyOf(state)).plan(snapshot);
}

export const placed = (state: PacerState, snapshot: PacingSnapshot): number =>
  planned(state, snapshot).place;

/** Every number in it, wherever it is. */
export function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

export const isFree = ({ state }: Agent): boolean => state === 'available';
