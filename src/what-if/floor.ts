/** The floor for a question: its campaigns, its agents, and the simulated time. */
import type { WhatIfCampaign, WhatIfPacing, WhatIfQuestion } from '../engine/ports/what-if.ts';
import {
  type CampaignTerms,
  type FloorCampaign,
  type FloorScenario,
  plainScenario,
} from '../floor-model/scenario.ts';
import { type DurationMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { setupTimesOf, shareInTime, talkTimesOf, withMachines } from './learned.ts';
import { answeredUnder, machinesOf, screeningOf } from './machines.ts';

export type Play = {
  /** Time until the floor is as busy as its settings make it; not counted. */
  readonly warmUpMs: DurationMs;
  readonly spanMs: DurationMs;
  /** How often the pacers are asked, and whether also after each event. */
  readonly planEveryMs: DurationMs;
  readonly planOnEvents: boolean;
};

/**
 * Chooses the simulated time. Large floors show their behaviour in less than an hour, and fewer
 * plans make no visible difference. Each further campaign costs about as much as half again as many
 * agents.
 */
export function playOf({ agents, others = [] }: WhatIfQuestion): Play {
  const size = agents * (1 + others.length / 2);
  const small = { warmUpMs: 10 * MINUTE_MS, planEveryMs: SECOND_MS, planOnEvents: true };
  if (size <= 30) return { ...small, spanMs: HOUR_MS };
  if (size <= 100) return { ...small, spanMs: 30 * MINUTE_MS };
  const large = { warmUpMs: 5 * MINUTE_MS, spanMs: 10 * MINUTE_MS, planOnEvents: false };
  if (size <= HUGE || others.length === 0) return { ...large, planEveryMs: SECOND_MS / 2 };
  return { ...large, warmUpMs: 4 * MINUTE_MS, spanMs: 5 * MINUTE_MS, planEveryMs: SECOND_MS };
}

/**
 * Size, by the same measure, above which floors of several campaigns are simulated even more
 * coarsely.
 */
const HUGE = 400;

/** A campaign of the floor: what is known of it, and its pacing in this simulation. */
export type PlayedCampaign = WhatIfCampaign & { readonly pacing: WhatIfPacing };

/** The campaign asked about comes first. */
export function campaignsOf(question: WhatIfQuestion, pacing: WhatIfPacing): PlayedCampaign[] {
  const { id = '', weight = 1, answerRate, learned, bank, now, screened } = question;
  return [
    { id, weight, answerRate, learned, bank, now, pacing, ...(screened ? { screened } : {}) },
    ...(question.others ?? []).map((other) => ({ ...other, pacing: other.now })),
  ];
}

export function scenarioOf(question: WhatIfQuestion, pacing: WhatIfPacing): FloorScenario {
  const { agents, crew, trunks } = question;
  const { warmUpMs, spanMs } = playOf(question);
  const campaigns = campaignsOf(question, pacing).map(floorCampaign);
  // The shared policy keeps each campaign's line limit; for a single campaign the floor does.
  const own = campaigns.length > 1 ? Number.POSITIVE_INFINITY : pacing.linesMax;
  const lines = Math.min(own, trunks?.lines ?? Number.POSITIVE_INFINITY);
  return plainScenario(agents, question.answerRate, {
    campaigns,
    rateMax: pacing.settings.abandonment.rateMax,
    warmUpMs,
    countedMs: spanMs,
    ...(Number.isFinite(lines) ? { linesMax: lines } : {}),
    ...(trunks ? { callsPerSecondMax: trunks.callsPerSecond } : {}),
    ...(crew ? { crew: crew.map(member) } : {}),
  });
}

function member({ campaignIds, rest }: NonNullable<WhatIfQuestion['crew']>[number]) {
  return {
    ...(campaignIds ? { campaignIds } : {}),
    ...(rest ? { rest: { atMs: rest.inMs, forMs: rest.forMs } } : {}),
  };
}

function floorCampaign(campaign: PlayedCampaign): FloorCampaign {
  const { id, weight, now, pacing, learned } = campaign;
  const { abandonment, ringTimeoutMs } = pacing.settings;
  const usual = setupTimesOf(learned, now.settings.ringTimeoutMs);
  const inTime = shareInTime(usual, now.settings.ringTimeoutMs);
  const answering = answeringOf(campaign, usual, inTime);
  const { waitMaxMs, clockStart, earlyHangUpCounts } = abandonment;
  return {
    id,
    weight,
    answerRate: answering.personRate,
    own: {
      ...answering.terms,
      ...{ ringTimeoutMs, waitMaxMs, clockStart, earlyHangUpCounts },
      restBetweenCallsMs: pacing.restBetweenCallsMs ?? 0,
    },
  };
}

/**
 * People and machines who would answer its calls if they rang long enough, and the agents' time
 * with them.
 */
function answeringOf(
  { answerRate, learned, now, pacing, screened }: PlayedCampaign,
  setup: CampaignTerms['setup'],
  inTime: number,
): {
  readonly personRate: number;
  readonly terms: Partial<CampaignTerms> & Pick<CampaignTerms, 'setup' | 'talk'>;
} {
  if (now.amd === undefined || pacing.amd === undefined) {
    const personRate = Math.min(1, answerRate / inTime);
    return { personRate, terms: { setup, talk: talkTimesOf(learned, undefined) } };
  }
  const machines = machinesOf(screened);
  // The learned figures include the effect of the present screening.
  const answered = answeredUnder(machines, screeningOf(machines, now.amd, now));
  const allRate = Math.min(1, answerRate / Math.max(SOUGHT_MIN, 1 - answered.screenedOut) / inTime);
  const personRate = allRate * (1 - machines.share);
  return {
    personRate,
    terms: {
      setup: withMachines(setup, personRate, allRate * machines.share),
      talk: talkTimesOf(learned, answered),
      screening: screeningOf(machines, pacing.amd, pacing),
    },
  };
}

/** Smallest share of answers put through, however much is screened out. */
const SOUGHT_MIN = 0.05;
