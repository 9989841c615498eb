/** Turns what a campaign's pacer learned into inputs of the floor. */
import type { DurationsState } from '../domain/pacing/durations.ts';
import type { CampaignLearned } from '../domain/pacing/pacing-interface.ts';
import { Setups, type SetupsState } from '../domain/pacing/setups.ts';
import {
  blankFate,
  drawFate,
  type FateConditions,
  type SetupTimes,
  slowShare,
  type TalkTimes,
  USUAL_SETUP,
  USUAL_TALK,
} from '../floor-model/fates.ts';
import { type DurationMs, SECOND_MS } from '../lib/time.ts';
import { type Answered, talkWithPeopleMs, wrapUpWithPeopleMs } from './machines.ts';

type LearnedTimes = {
  readonly setups?: SetupsState;
  readonly releases?: { readonly talk: DurationsState; readonly wrapUp: DurationsState };
};

/** A prior that only stands in before anything was learned; its weight is negligible afterwards. */
const NO_PRIOR = { meanS: 110, weight: 0.1 } as const;

/**
 * The usual mixture of talk times, stretched to the learned mean without the time spent on
 * machines.
 */
export function talkTimesOf(
  learned: CampaignLearned | undefined,
  answered: Answered | undefined,
): TalkTimes {
  const { releases } = (learned ?? {}) as LearnedTimes;
  if (!releases) return USUAL_TALK;
  const allMs = meanMsOf(releases.talk);
  const allWrapUpMs = meanMsOf(releases.wrapUp);
  const talkMs = answered ? talkWithPeopleMs(allMs, answered) : allMs;
  const wrapUpMeanMs = answered ? wrapUpWithPeopleMs(allWrapUpMs, answered) : allWrapUpMs;
  const { wrongPartyShare, wrongPartyMeanMs, conversationMeanMs } = USUAL_TALK;
  const usualMs = wrongPartyShare * wrongPartyMeanMs + (1 - wrongPartyShare) * conversationMeanMs;
  const stretch = talkMs / usualMs;
  return {
    ...USUAL_TALK,
    wrongPartyMeanMs: wrongPartyMeanMs * stretch,
    conversationMeanMs: conversationMeanMs * stretch,
    wrapUpMeanMs,
  };
}

/**
 * The mean as total time ÷ number of ends. The learned survival curve is less exact: when machines
 * end thousands of talks within the same second, its steps of two seconds are too coarse.
 */
function meanMsOf({ exposure, ends }: DurationsState): DurationMs {
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const { meanS, weight } = NO_PRIOR;
  const mean = (sum(exposure) + weight * meanS) / (sum(ends) + weight);
  return Math.max(SECOND_MS, mean * SECOND_MS);
}

const MEDIAN = 0.5;
const USUAL_DRAWS = 2_000;

/** The usual ring times, stretched to the learned median time to an answer. */
export function setupTimesOf(
  learned: CampaignLearned | undefined,
  ringTimeoutMs: DurationMs,
): SetupTimes {
  const { setups: state } = (learned ?? {}) as LearnedTimes;
  if (!state) return USUAL_SETUP;
  const setups = new Setups(ringTimeoutMs, state);
  setups.prepare();
  const learnedMs = setups.answerAgeS(MEDIAN) * SECOND_MS;
  const postDialMs = (USUAL_SETUP.postDialMinMs + USUAL_SETUP.postDialMaxMs) / 2;
  const usual = answerTimes(USUAL_SETUP, ringTimeoutMs);
  const usualMs = usual[Math.floor(usual.length * MEDIAN)] ?? postDialMs;
  const stretch = (learnedMs - postDialMs) / Math.max(SECOND_MS, usualMs - postDialMs);
  // A median at the very beginning or beyond the ringing is noise from few answers.
  const bounded = Math.min(STRETCH_MAX, Math.max(STRETCH_MIN, stretch));
  return { ...USUAL_SETUP, ringMeanMs: USUAL_SETUP.ringMeanMs * bounded };
}

const STRETCH_MIN = 0.2;
const STRETCH_MAX = 2;

/** Share of the people willing to answer who do so before the ringing ends. */
export function shareInTime(setup: SetupTimes, ringTimeoutMs: DurationMs): number {
  return Math.max(1, answerTimes(setup, ringTimeoutMs).length) / USUAL_DRAWS;
}

/**
 * Adds machines that answer this share of the calls. Machines answer after the same times as
 * people, because the two were learned together.
 */
export function withMachines(
  setup: SetupTimes,
  personRate: number,
  machineRate: number,
): SetupTimes {
  const slow = (1 - personRate) * slowShare(personRate);
  return {
    ...setup,
    machineRingMeanMs: setup.ringMeanMs,
    machineRingSpread: setup.ringSpread,
    machineShare: slow > 0 ? Math.min(1, machineRate / slow) : 0,
  };
}

/** Sorted times from placing to the answer, for people who all answer if it rings long enough. */
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
