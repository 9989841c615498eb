/** The next thirty seconds as a supervisor sees them. */
import { given } from '../../lib/given.ts';
import { SECOND_MS } from '../../lib/time.ts';
import type { CampaignLearning } from './campaign-learning.ts';
import { ANSWERS_NEEDED } from './campaign-learning.ts';
import { Curve } from './curve.ts';
import { RISK_MOMENTS, SHOWN_MOMENTS } from './moments.ts';
import type {
  PacingAbandonment,
  PacingAgent,
  PacingBank,
  PacingForecast,
  PacingMode,
  PacingSnapshot,
} from './pacing-interface.ts';

const WITHIN_MS = 30 * SECOND_MS;

/** Of one campaign: its own calls, and the agents it may use. After the learning was prepared. */
export function forecastOf(
  snapshot: PacingSnapshot,
  campaignId: string | undefined,
  learning: CampaignLearning,
  learningOf: (campaignId: string | undefined) => CampaignLearning,
  mode: PacingMode,
  bank: PacingBank,
  abandonment: PacingAbandonment,
): PacingForecast {
  const answers = answersBy(snapshot, campaignId, learning);
  const freeAgents = freeBy(snapshot, campaignId, learning, learningOf);
  const { setups, carrier } = learning;
  const allowed = abandonment.rateMax * bank.answers;
  return {
    ...given({ answerRateNow: setups.setupsKnown > 0 ? setups.answerRate() : undefined }),
    setupsObserved: setups.setupsKnown,
    abandonmentBudgetUsed: budgetUsed(bank.abandoned, allowed),
    withinMs: WITHIN_MS,
    answersExpected: answers.last,
    freeAgentsExpected: freeAgents.last,
    moments: Array.from(SHOWN_MOMENTS, (moment, index) => ({
      inMs: moment * SECOND_MS,
      answers: answers.at(index),
      freeAgents: freeAgents.at(index),
    })),
    ...given({
      riskMax:
        mode === 'predictive'
          ? learning.risk.riskMax(bank, abandonment, snapshot.agents.length)
          : undefined,
      learning: learning.isLearning
        ? { answersKnown: setups.answersKnown, answersNeeded: ANSWERS_NEEDED }
        : undefined,
      carrierFailingSince: carrier.failingSince,
    }),
  };
}

/** Abandonments ÷ what the cap allows; with nothing allowed yet, none used or all of it. */
function budgetUsed(abandoned: number, allowed: number): number {
  return allowed > 0 ? abandoned / allowed : abandoned;
}

/** People of the campaign who will have answered by each moment. */
function answersBy(
  { calls, waiting, now }: PacingSnapshot,
  campaignId: string | undefined,
  { setups }: CampaignLearning,
): Curve {
  const answers = new Curve(SHOWN_MOMENTS.length);
  answers.fill(waiting.filter((person) => person.campaignId === campaignId).length);
  const chances = new Curve(SHOWN_MOMENTS.length);
  for (const call of calls) {
    if (call.campaignId !== campaignId) continue;
    setups.lookUpCall(call, now, SHOWN_MOMENTS, chances);
    answers.addAll(chances);
  }
  return answers;
}

/** Agents whom the campaign may use and who will be free by each moment. */
function freeBy(
  { agents, now }: PacingSnapshot,
  campaignId: string | undefined,
  learning: CampaignLearning,
  learningOf: (campaignId: string | undefined) => CampaignLearning,
): Curve {
  const free = new Curve(SHOWN_MOMENTS.length);
  for (const agent of agents) {
    if (campaignId !== undefined && agent.campaignIds?.includes(campaignId) === false) continue;
    const { releases } = agent.campaignId === undefined ? learning : learningOf(agent.campaignId);
    for (let index = 0; index < SHOWN_MOMENTS.length; index += 1) {
      free.add(index, chanceFree(agent, now, index, releases));
    }
  }
  return free;
}

function chanceFree(
  { state, since, freeAt, leavesAt, pauseRequested }: PacingAgent,
  now: number,
  index: number,
  releases: CampaignLearning['releases'],
): number {
  const then = now + SHOWN_MOMENTS.at(index) * SECOND_MS;
  if (pauseRequested || (freeAt ?? 0) > then || (leavesAt ?? then + 1) <= then) return 0;
  const ageS = Math.max(0, (now - since) / SECOND_MS);
  if (state === 'available') return 1;
  // Releases are tabulated for both rows of moments, those of risk first.
  const column = RISK_MOMENTS.length + index;
  if (state === 'wrapping-up') return releases.wrappingUpFreeBy(ageS, column);
  return releases.talkingFreeBy(state === 'reserved' ? 0 : ageS, column);
}
