/** The next thirty seconds as a supervisor sees them. */
import { given } from '../../lib/given.ts';
import { SECOND_MS } from '../../lib/time.ts';
import type { CampaignLearning } from './campaign-learning.ts';
import { ANSWERS_NEEDED } from './campaign-learning.ts';
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
  const answers = SHOWN_MOMENTS.map((moment) => answersBy(snapshot, campaignId, learning, moment));
  const freeAgents = freeBy(snapshot, campaignId, learning, learningOf);
  const { setups, carrier } = learning;
  const allowed = abandonment.rateMax * bank.answers;
  return {
    ...given({ answerRateNow: setups.setupsKnown > 0 ? setups.answerRate() : undefined }),
    setupsObserved: setups.setupsKnown,
    abandonmentBudgetUsed: budgetUsed(bank.abandoned, allowed),
    withinMs: WITHIN_MS,
    answersExpected: answers[answers.length - 1] as number,
    freeAgentsExpected: freeAgents[freeAgents.length - 1] as number,
    moments: SHOWN_MOMENTS.map((moment, index) => ({
      inMs: moment * SECOND_MS,
      answers: answers[index] as number,
      freeAgents: freeAgents[index] as number,
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
  if (abandoned === 0) return 0;
  return allowed > 0 ? abandoned / allowed : abandoned;
}

function answersBy(
  { calls, waiting, now }: PacingSnapshot,
  campaignId: string | undefined,
  { setups }: CampaignLearning,
  moment: number,
): number {
  let answers = 0;
  for (const person of waiting) if (person.campaignId === campaignId) answers += 1;
  for (const call of calls) {
    if (call.campaignId !== campaignId) continue;
    const ageS = Math.max(0, (now - call.placedAt) / 1_000);
    answers +=
      call.state === 'screening'
        ? setups.screenedWithin(moment)
        : setups.answerWithin(ageS, moment);
  }
  return answers;
}

function freeBy(
  { agents, now }: PacingSnapshot,
  campaignId: string | undefined,
  learning: CampaignLearning,
  learningOf: (campaignId: string | undefined) => CampaignLearning,
): number[] {
  const serves = (agent: PacingAgent): boolean =>
    campaignId === undefined || agent.campaignIds?.includes(campaignId) !== false;
  return SHOWN_MOMENTS.map((moment, index) => {
    let free = 0;
    for (const agent of agents) {
      if (!serves(agent)) continue;
      const { releases } = agent.campaignId === undefined ? learning : learningOf(agent.campaignId);
      free += chanceFree(agent, now, moment, RISK_MOMENTS.length + index, releases);
    }
    return free;
  });
}

function chanceFree(
  { state, since, freeAt, leavesAt, pauseRequested }: PacingAgent,
  now: number,
  moment: number,
  column: number,
  releases: CampaignLearning['releases'],
): number {
  const then = now + moment * SECOND_MS;
  if (pauseRequested || (freeAt ?? 0) > then || (leavesAt ?? then + 1) <= then) return 0;
  const ageS = Math.max(0, (now - since) / SECOND_MS);
  if (state === 'available') return 1;
  if (state === 'wrapping-up') return releases.wrappingUpFreeBy(ageS, column);
  return releases.talkingFreeBy(state === 'reserved' ? 0 : ageS, column);
}
