import type { Campaign } from '../domain/campaigns/campaign.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import type { CampaignId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { agentsOf } from './answer-queries.ts';
import { changedBy, limitsInForce } from './change-campaign.ts';
import type { CampaignChange } from './commands.ts';
import { learnedOfCampaign, pacingAbandonment } from './dialing-groups.ts';
import { campaignBank } from './keep-bank.ts';
import type { WhatIfPacing } from './ports/what-if.ts';
import type { WhatIfAsked } from './queries.ts';
import type { CampaignRuntime } from './state.ts';
import type { House } from './work.ts';

/** What is to be simulated to say what a change would do, or why there is nothing to simulate from. */
export function askWhatIf(
  house: House,
  campaignId: CampaignId,
  change: CampaignChange,
  now: EpochMs,
): WhatIfAsked {
  const runtime = house.state.campaigns.get(campaignId);
  const profile = runtime && house.state.profiles.get(runtime.campaign.profileId);
  if (!runtime || !profile) return { ok: false, because: 'not-dialing' };
  const after = changedBy(runtime.campaign, profile, change);
  if (!after.ok) return { ok: false, because: 'refused', detail: after.detail };
  const forecast = runtime.plan?.forecast;
  if (!forecast) return { ok: false, because: 'not-dialing' };
  const { answerRateNow } = forecast;
  const learned = learnedOfCampaign(runtime);
  if (forecast.learning || !answerRateNow || !learned) return { ok: false, because: 'learning' };
  const agents = agentsFor(house, runtime);
  if (agents === 0) return { ok: false, because: 'no-agents' };
  const { answers, abandoned } = campaignBank(house, runtime, now);
  return {
    ok: true,
    question: {
      agents,
      answerRate: answerRateNow,
      learned,
      bank: { answers, abandoned },
      now: pacingOf(runtime.campaign, profile),
      changed: pacingOf(after.campaign, profile),
    },
  };
}

/** Those at work for it; where campaigns share them, its share of them by weight. */
function agentsFor(house: House, runtime: CampaignRuntime): number {
  const { free, reserved, talking, wrappingUp } = agentsOf(house, runtime);
  const working = free + reserved + talking + wrappingUp;
  const together = (runtime.plan?.groupIds ?? []).flatMap(
    (id) => house.state.campaigns.get(id)?.campaign.weight ?? [],
  );
  if (together.length < 2) return working;
  const weights = together.reduce((sum, weight) => sum + weight, 0);
  return Math.min(working, Math.max(1, Math.round((working * runtime.campaign.weight) / weights)));
}

function pacingOf(campaign: Campaign, profile: ComplianceProfile): WhatIfPacing {
  const { pacing, ringTimeoutMs } = campaign;
  return {
    linesMax: pacing.linesMax,
    settings: {
      mode: pacing.mode,
      abandonment: pacingAbandonment(campaign, profile),
      ringTimeoutMs,
      ...(pacing.mode === 'ratio' ? { ratio: pacing.ratio } : {}),
      ...limitsInForce(campaign, profile.ring),
    },
  };
}
