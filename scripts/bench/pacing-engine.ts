/**
 * Compares the light floor model with reality: the same floor on the real engine, rules and
 * database, and as the model; `npm run bench -- pacing-engine`.
 *
 * The engine's day is played first. Its measured talk and wrap-up go into the model; answer rate,
 * failures and set-up are the same by construction. Both begin without anything learned.
 */

import { slowShare, USUAL_SETUP, USUAL_TALK } from '../../src/floor-model/fates.ts';
import { runFloor } from '../../src/floor-model/floor.ts';
import { type ComparedPolicy, policyFor } from '../../src/floor-model/policies.ts';
import { type FloorScenario, plainScenario } from '../../src/floor-model/scenario.ts';
import { type FloorFigures, figuresOf } from '../../src/floor-model/tally.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/time.ts';
import { playDay } from '../../src/simulator/day.ts';
import type { DayMeasures } from '../../src/simulator/day-measures.ts';
import { type DaySettings, leadsFor, USUAL, usualDay } from '../../src/simulator/day-settings.ts';

const ANSWER_RATE = 0.15;
const RING_TIMEOUT_MS = 30 * SECOND_MS;
/** Many seeds, because the model is cheap and its own uncertainty must not blur the comparison. */
const FLOOR_SEEDS = 40;
/** Shares of the calls that fail at once, as in the model. */
const FAILURES = { busy: 0.4, invalid: 0.4, congestion: 0.2 };

const MODES = { predictive: 'ours', progressive: 'progressive' } as const satisfies Record<
  string,
  ComparedPolicy
>;

export type BenchEngineOptions = {
  readonly agents: number;
  readonly minutes: number;
  readonly seeds: number;
  readonly report: (line: string) => void;
};

export async function runBenchPacingEngine(options: BenchEngineOptions): Promise<void> {
  const { report, seeds, minutes, agents } = options;
  report(`${agents} agents, ${100 * ANSWER_RATE} %, ${minutes} minutes from a cold start`);
  report('                          busy %  lost %  calls/talk  talks/h  wait s  answers');
  for (const mode of ['progressive', 'predictive'] as const) {
    const days: DayMeasures[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      days.push((await playDay(dayOf(options, mode, seed))).measures);
    }
    for (const [index, day] of days.entries()) {
      report(lineOf(`${mode}, engine, seed ${index + 1}`, figuresOfDay(day)));
    }
    const scenario = floorOf(options, days);
    const tallies = Array.from({ length: FLOOR_SEEDS }, (_, index) =>
      runFloor({
        scenario,
        policy: policyFor(MODES[mode], scenario, undefined),
        seed: index + 1,
        clockStart: 'answered',
      }),
    );
    const each = tallies.map((tally) => figuresOf([tally], scenario.rateMax).utilisation).sort();
    const [low, high] = [each[0] ?? 0, each[each.length - 1] ?? 0];
    report(lineOf(`${mode}, model, ${FLOOR_SEEDS} seeds`, figuresOf(tallies, scenario.rateMax)));
    report(
      `   its runs lie between ${(100 * low).toFixed(1)} and ${(100 * high).toFixed(1)} % busy`,
    );
  }
}

function dayOf(options: BenchEngineOptions, mode: keyof typeof MODES, seed: number): DaySettings {
  const { agents, minutes } = options;
  const failing = (1 - ANSWER_RATE) * (1 - slowShare(ANSWER_RATE));
  const invalidShare = failing * FAILURES.invalid;
  const ofTheRest = (share: number): number => (failing * share) / (1 - invalidShare);
  return usualDay({
    seed,
    scenario: 'floor-model',
    agents,
    minutes,
    leads: leadsFor(agents, minutes, ANSWER_RATE),
    pacing: { mode },
    ringTimeoutMs: RING_TIMEOUT_MS,
    network: {
      ...USUAL.network,
      postDialMinMs: USUAL_SETUP.postDialMinMs,
      postDialMeanMs: (USUAL_SETUP.postDialMinMs + USUAL_SETUP.postDialMaxMs) / 2,
      invalidShare,
      busyShare: ofTheRest(FAILURES.busy),
      congestionShare: ofTheRest(FAILURES.congestion),
      rejectedShare: 0,
      silenceShare: 0,
    },
    people: {
      ...USUAL.people,
      answerRate: ANSWER_RATE,
      machineRate: 0,
      curve: 'flat',
      pickUpMeanMs: 11_250,
    },
    floor: {
      ...USUAL.floor,
      arriveWithinMs: 5 * SECOND_MS,
      forgetsShare: 0,
      pauseEveryMs: 0,
      planned: false,
      mishapEveryMs: 0,
    },
  });
}

/** The same floor as a model, with the talk and wrap-up of the engine's agents. */
function floorOf(
  { agents, minutes }: BenchEngineOptions,
  days: readonly DayMeasures[],
): FloorScenario {
  const mean = (of: (day: DayMeasures) => number): number =>
    days.reduce((sum, day) => sum + of(day), 0) / days.length;
  const { wrongPartyShare, wrongPartyMeanMs } = USUAL.people;
  const talkMeanMs = mean((day) => day.talkMeanMs);
  return plainScenario(agents, ANSWER_RATE, {
    warmUpMs: 0,
    countedMs: minutes * MINUTE_MS,
    earlyHangUpCounts: false,
    ringTimeoutMs: RING_TIMEOUT_MS,
    setup: { ...USUAL_SETUP, ringMeanMs: 11_250, ringSpread: 0.56, machineShare: 0 },
    talk: {
      ...USUAL_TALK,
      wrongPartyShare,
      wrongPartyMeanMs,
      conversationMeanMs: (talkMeanMs - wrongPartyShare * wrongPartyMeanMs) / (1 - wrongPartyShare),
      conversationSpread: 0.63,
      wrapUpMeanMs: mean((day) => day.wrapUpMeanMs),
      wrapUpSpread: 0.6,
    },
  });
}

type Compared = Pick<
  FloorFigures,
  | 'utilisation'
  | 'abandonment'
  | 'callsPerConversation'
  | 'conversationsPerAgentHour'
  | 'waitMeanMs'
  | 'answers'
>;

function figuresOfDay(day: DayMeasures): Compared {
  return {
    utilisation: day.utilisation,
    abandonment: (day.abandoned + day.hungUpWaiting) / Math.max(1, day.answered),
    callsPerConversation: day.callsPerConversation,
    conversationsPerAgentHour: day.conversationsPerAgentHour,
    waitMeanMs: day.waitMeanMs,
    answers: day.answered,
  };
}

function lineOf(name: string, figures: Compared): string {
  return [
    name.padEnd(26),
    (100 * figures.utilisation).toFixed(1).padStart(6),
    (100 * figures.abandonment).toFixed(2).padStart(8),
    figures.callsPerConversation.toFixed(2).padStart(12),
    figures.conversationsPerAgentHour.toFixed(1).padStart(9),
    (figures.waitMeanMs / SECOND_MS).toFixed(1).padStart(8),
    String(figures.answers).padStart(9),
  ].join('');
}
