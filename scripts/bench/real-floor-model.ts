/** The campaign dialed on the real PBX, in terms of the floor model. */
import type { PacingSettings } from '../../src/domain/pacing/pacing-interface.ts';
import {
  blankFate,
  drawFate,
  type SetupTimes,
  type TalkTimes,
} from '../../src/floor-model/fates.ts';
import { runFloor } from '../../src/floor-model/floor.ts';
import { pacerPolicy } from '../../src/floor-model/rivals/pacer-policy.ts';
import { type FloorScenario, plainScenario } from '../../src/floor-model/scenario.ts';
import type { FloorTally } from '../../src/floor-model/tally.ts';
import { SECOND_MS } from '../../src/lib/time.ts';
import { type FloorSums, sumsBetween } from './floor-measures.ts';
import type { FarEndFate } from './sip-far-end.ts';

export const ANSWER_RATE = 0.35;
export const WAIT_MAX_MS = 2 * SECOND_MS;
/** How long before the limit the message begins; from then on the person gets no agent. */
const MESSAGE_LEAD_MS = 100;
/** Longest ringing; afterwards the network reports no answer. */
const RINGS_MAX_MS = 15 * SECOND_MS;
/** The campaign's ring timeout; the network always ends earlier. */
export const RING_TIMEOUT_MS = 20 * SECOND_MS;
export const LINES_MAX = 200;
export const CALLS_PER_SECOND_MAX = 50;

/** One second to the first ring, then five seconds of ringing. */
const SETUP: SetupTimes = {
  postDialMinMs: 500,
  postDialMaxMs: 1_500,
  ringMeanMs: 5_000,
  ringSpread: 0.6,
  // Calls are put through without screening, so only people answer.
  machineShare: 0,
  machineRingMeanMs: 12_000,
  machineRingSpread: 0.2,
};

/** Lognormal like all our floors: six seconds of talk, two of wrap-up. */
export const TALK: TalkTimes = {
  wrongPartyShare: 0,
  wrongPartyMeanMs: 1,
  wrongPartySpread: 0,
  conversationMeanMs: 6_000,
  conversationSpread: 0.7,
  wrapUpMeanMs: 2_000,
  wrapUpSpread: 0.5,
};

/** SIP status with which the network ends an unanswered call. */
const STATUS = {
  person: 200,
  machine: 480,
  'no-answer': 480,
  busy: 486,
  invalid: 404,
  rejected: 603,
  failed: 503,
  cancelled: 480,
} as const;

/** The far end gives its k-th call the model's fate for that call. */
export function farEndFates(seed: number): (call: number) => FarEndFate {
  return (call) => {
    const fate = blankFate();
    drawFate(fate, seed, call, {
      answerRate: ANSWER_RATE,
      carrier: 'working',
      setup: SETUP,
      ringTimeoutMs: RINGS_MAX_MS,
      screening: undefined,
    });
    return {
      ringsAfterMs: fate.ringsAfterMs,
      endsAfterMs: fate.endsAfterMs,
      status: STATUS[fate.outcome],
      hangsUpAfterMs: fate.patienceMs,
    };
  };
}

/** Signalling times of the real PBX, which the model lacks; zero unless measured. */
export type Latencies = {
  /** Time from placing to the far end's telephone. */
  readonly setupMs: number;
  /** Time from an agent's hang-up to the wrap-up. */
  readonly hangUpMs: number;
};

export const NO_LATENCIES: Latencies = { setupMs: 0, hangUpMs: 0 };

/** The counted span of one simulated run: the same campaign after the same warm-up. */
export function simulateFloor(options: {
  readonly agents: number;
  readonly seed: number;
  readonly warmUpMs: number;
  readonly countedMs: number;
  readonly latencies: Latencies;
}): FloorSums {
  const { warmUpMs, countedMs } = options;
  // In the real run the day's bank continues from warm-up to counting; the model would restart it.
  // So the model also counts the warm-up, which is then subtracted.
  return sumsBetween(tallyOf(options, warmUpMs), tallyOf(options, warmUpMs + countedMs));
}

function tallyOf(
  { agents, seed, latencies }: Parameters<typeof simulateFloor>[0],
  countedMs: number,
): FloorTally {
  const scenario = scenarioOf(agents, countedMs, latencies);
  return runFloor({
    scenario,
    policy: pacerPolicy('ours', PACING),
    seed,
    clockStart: 'answered',
  });
}

const PACING: PacingSettings = {
  mode: 'predictive',
  abandonment: {
    rateMax: 0.03,
    waitMaxMs: WAIT_MAX_MS,
    clockStart: 'answered',
    earlyHangUpCounts: true,
  },
  ringTimeoutMs: RING_TIMEOUT_MS,
};

function scenarioOf(agents: number, countedMs: number, latencies: Latencies): FloorScenario {
  const { setupMs, hangUpMs } = latencies;
  return plainScenario(agents, ANSWER_RATE, {
    setup: {
      ...SETUP,
      postDialMinMs: SETUP.postDialMinMs + setupMs,
      postDialMaxMs: SETUP.postDialMaxMs + setupMs,
    },
    talk: { ...TALK, conversationMeanMs: TALK.conversationMeanMs + hangUpMs },
    ringTimeoutMs: RINGS_MAX_MS,
    waitMaxMs: WAIT_MAX_MS - MESSAGE_LEAD_MS,
    linesMax: LINES_MAX,
    callsPerSecondMax: CALLS_PER_SECOND_MAX,
    warmUpMs: 0,
    countedMs,
  });
}
