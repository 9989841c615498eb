/**
 * What a change of pacing would do: the floor model with the campaign's own learned statistics, each
 * stretch of time played twice with the same luck, as it is paced now and as it would be.
 */
import { Durations, type DurationsState } from '../domain/pacing/durations.ts';
import { createPacer } from '../domain/pacing/pacer.ts';
import type { CampaignLearned } from '../domain/pacing/pacing-interface.ts';
import { Setups, type SetupsState } from '../domain/pacing/setups.ts';
import type {
  Estimate,
  WhatIfEstimate,
  WhatIfFigures,
  WhatIfPacing,
  WhatIfQuestion,
} from '../engine/ports/what-if.ts';
import { type DurationMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { type FloorScenario, plainScenario } from './floor-scenario.ts';
import {
  blankFate,
  drawFate,
  type FateConditions,
  type SetupTimes,
  type TalkTimes,
  USUAL_SETUP,
  USUAL_TALK,
} from './pacing-fates.ts';
import { runFloor } from './pacing-floor.ts';
import type { FloorTally } from './pacing-tally.ts';
import type { FloorPolicy } from './rivals/rival.ts';

export type WhatIfEffort = {
  /** Stretches of time simulated at least, and at most. */
  readonly spansMin: number;
  readonly spansMax: number;
  /** Asked after each one beyond the least: whether there is no time for another. */
  readonly isOver: () => boolean;
};

/** Same question and as many stretches, same estimate. */
export function estimateWhatIf(question: WhatIfQuestion, effort: WhatIfEffort): WhatIfEstimate {
  const now: FloorTally[] = [];
  const changed: FloorTally[] = [];
  const floorNow = scenarioOf(question, question.now);
  const floorChanged = scenarioOf(question, question.changed);
  for (let seed = 1; seed <= effort.spansMax; seed += 1) {
    now.push(playSpan(question, question.now, floorNow, seed));
    changed.push(playSpan(question, question.changed, floorChanged, seed));
    if (seed >= effort.spansMin && effort.isOver()) break;
  }
  const counts = question.now.settings.abandonment.earlyHangUpCounts;
  const { spanMs } = playOf(question.agents);
  return {
    spans: now.length,
    spanMs,
    now: figuresOf(now, counts),
    changed: figuresOf(changed, counts),
  };
}

function scenarioOf(question: WhatIfQuestion, pacing: WhatIfPacing): FloorScenario {
  const { abandonment, ringTimeoutMs } = pacing.settings;
  const setup = setupTimesOf(question);
  const answersInTime = shareInTime(setup, question.now.settings.ringTimeoutMs);
  return plainScenario(question.agents, Math.min(1, question.answerRate / answersInTime), {
    setup,
    talk: talkTimesOf(question.learned),
    ringTimeoutMs,
    waitMaxMs: abandonment.waitMaxMs,
    rateMax: abandonment.rateMax,
    linesMax: pacing.linesMax,
    warmUpMs: playOf(question.agents).warmUpMs,
    countedMs: playOf(question.agents).spanMs,
  });
}

type Play = {
  /** Until the floor is as busy as the settings keep it; not counted. */
  readonly warmUpMs: DurationMs;
  readonly spanMs: DurationMs;
  /** How often the pacer is asked: beside its ticks after every call and every agent, or not. */
  readonly planEveryMs: DurationMs;
  readonly planOnEvents: boolean;
};

/** Large floors need no whole hour to show what they do, and a few plans more or less do not show. */
function playOf(agents: number): Play {
  const small = { warmUpMs: 10 * MINUTE_MS, planEveryMs: SECOND_MS, planOnEvents: true };
  if (agents <= 30) return { ...small, spanMs: HOUR_MS };
  if (agents <= 100) return { ...small, spanMs: 30 * MINUTE_MS };
  const large = { planEveryMs: SECOND_MS / 2, planOnEvents: false };
  return { ...large, warmUpMs: 5 * MINUTE_MS, spanMs: 10 * MINUTE_MS };
}

function playSpan(
  question: WhatIfQuestion,
  { settings }: WhatIfPacing,
  scenario: FloorScenario,
  seed: number,
): FloorTally {
  const { clockStart } = settings.abandonment;
  const policy = policyOf(question, settings);
  return runFloor({ scenario, policy, seed, clockStart });
}

/** Our pacer with all it has learned, in the window as it stands. */
function policyOf(
  { agents, learned, bank }: WhatIfQuestion,
  settings: WhatIfPacing['settings'],
): FloorPolicy {
  const play = playOf(agents);
  const pacer = createPacer(settings, { schemaVersion: 2, campaigns: { '': learned } });
  return {
    name: settings.mode,
    planEveryMs: play.planEveryMs,
    planOnEvents: play.planOnEvents,
    observe(observation) {
      // How long talks last is known; to learn it anew from each would cost most of the time there is.
      const { kind } = observation;
      if (kind !== 'talk-ended' && kind !== 'wrap-up-ended') pacer.observe(observation);
    },
    plan: (snapshot) =>
      pacer.plan({
        ...snapshot,
        bank: {
          answers: bank.answers + snapshot.bank.answers,
          abandoned: bank.abandoned + snapshot.bank.abandoned,
        },
      }),
  };
}

// ── what was learned, as the floor takes it ─────────────────────────────────────────────────────

type LearnedTimes = {
  readonly setups?: SetupsState;
  readonly releases?: { readonly talk: DurationsState; readonly wrapUp: DurationsState };
};

/** The prior weighs nothing beside what was learned; it only keeps an unseen age finite. */
const NO_PRIOR = { meanS: 110, weight: 0.1 } as const;
const MEMORY = 1_500;
const LONGEST_S = 1_800;

/** Talks keep the usual mixture, stretched to the learned mean. */
function talkTimesOf(learned: CampaignLearned): TalkTimes {
  const { releases } = learned as LearnedTimes;
  if (!releases) return USUAL_TALK;
  const talkMs = meanMsOf(releases.talk);
  const wrapUpMs = meanMsOf(releases.wrapUp);
  const { wrongPartyShare, wrongPartyMeanMs, conversationMeanMs } = USUAL_TALK;
  const usualMs = wrongPartyShare * wrongPartyMeanMs + (1 - wrongPartyShare) * conversationMeanMs;
  const stretch = talkMs / usualMs;
  return {
    ...USUAL_TALK,
    wrongPartyMeanMs: wrongPartyMeanMs * stretch,
    conversationMeanMs: conversationMeanMs * stretch,
    wrapUpMeanMs: wrapUpMs,
  };
}

function meanMsOf(state: DurationsState): DurationMs {
  const durations = new Durations(NO_PRIOR, MEMORY, state);
  let meanS = 0;
  for (let second = 0; second < LONGEST_S; second += 1) meanS += durations.survivalAt(second + 0.5);
  return Math.max(SECOND_MS, meanS * SECOND_MS);
}

const MEDIAN = 0.5;
const USUAL_DRAWS = 2_000;

/** Ringing keeps its usual shape, stretched to the learned middle of the time to an answer. */
function setupTimesOf({ learned, now }: WhatIfQuestion): SetupTimes {
  const { setups: state } = learned as LearnedTimes;
  if (!state) return USUAL_SETUP;
  const setups = new Setups(now.settings.ringTimeoutMs, state);
  setups.prepare();
  const learnedMs = setups.answerAgeS(MEDIAN) * SECOND_MS;
  const postDialMs = (USUAL_SETUP.postDialMinMs + USUAL_SETUP.postDialMaxMs) / 2;
  const usual = answerTimes(USUAL_SETUP, now.settings.ringTimeoutMs);
  const usualMs = usual[Math.floor(usual.length * MEDIAN)] ?? postDialMs;
  const stretch = (learnedMs - postDialMs) / Math.max(SECOND_MS, usualMs - postDialMs);
  // A middle at the very beginning or beyond the ringing is noise of few answers.
  const bounded = Math.min(STRETCH_MAX, Math.max(STRETCH_MIN, stretch));
  return { ...USUAL_SETUP, ringMeanMs: USUAL_SETUP.ringMeanMs * bounded };
}

const STRETCH_MIN = 0.2;
const STRETCH_MAX = 2;

/** Of those who would answer, the share that does before the ringing ends. */
function shareInTime(setup: SetupTimes, ringTimeoutMs: DurationMs): number {
  return Math.max(1, answerTimes(setup, ringTimeoutMs).length) / USUAL_DRAWS;
}

/** From placing to the answer, sorted, of callees who all answer if it rings long enough. */
function answerTimes(setup: SetupTimes, ringTimeoutMs: DurationMs): readonly DurationMs[] {
  const fate = blankFate();
  const conditions: FateConditions = {
    setup,
    ringTimeoutMs,
    answerRate: 1,
    carrier: 'working',
    screening: undefined,
  };
  const times: DurationMs[] = [];
  for (let draw = 0; draw < USUAL_DRAWS; draw += 1) {
    drawFate(fate, 1, draw, conditions);
    if (fate.outcome === 'person') times.push(fate.endsAfterMs);
  }
  return times.sort((left, right) => left - right);
}

// ── what came of it ─────────────────────────────────────────────────────────────────────────────

function figuresOf(spans: readonly FloorTally[], earlyHangUpCounts: boolean): WhatIfFigures {
  const each = (part: (hour: FloorTally) => number, whole: (hour: FloorTally) => number) =>
    estimateOf(spans.map((hour) => (whole(hour) > 0 ? part(hour) / whole(hour) : 0)));
  return {
    utilisation: each(
      (hour) => hour.busyMs,
      (hour) => hour.presentMs,
    ),
    abandonment: each(
      (hour) => hour.lostAtLimit + (earlyHangUpCounts ? hour.lostPatience : 0),
      (hour) => hour.answers,
    ),
    waitMs: each(
      (hour) => hour.waitSumMs,
      (hour) => hour.conversations,
    ),
  };
}

/** The middle, and what eight in ten lie between. */
function estimateOf(values: readonly number[]): Estimate {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { middle: at(0.5), low: at(0.1), high: at(0.9) };
}
