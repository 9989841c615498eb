/** How the newest plan of a campaign is shown. */
import type { PlanShown } from '../../engine/queries.ts';
import type { CampaignId } from '../../lib/ids.ts';
import type { BoardCampaign, PlanForecast } from '../../protocol/supervisor.ts';
import { FORECAST_MOMENTS_MAX } from '../../protocol/supervisor.ts';

export function presentPlan(plan: PlanShown, campaignId: CampaignId): BoardCampaign['plan'] {
  const { at, placed, because, forecast, groupIds } = plan;
  return {
    at,
    placed,
    because: { code: because.code, values: { ...because.values } },
    forecast: forecast ? presentForecast(forecast) : null,
    togetherWithIds: (groupIds ?? []).filter((id) => id !== campaignId),
  };
}

function presentForecast(forecast: NonNullable<PlanShown['forecast']>): PlanForecast {
  const { learning } = forecast;
  return {
    answerRateNow: forecast.answerRateNow ?? null,
    setupsObserved: forecast.setupsObserved,
    withinMs: forecast.withinMs,
    answersExpected: hundredths(forecast.answersExpected),
    freeAgentsExpected: hundredths(forecast.freeAgentsExpected),
    moments: forecast.moments.slice(0, FORECAST_MOMENTS_MAX).map((moment) => ({
      inMs: Math.round(moment.inMs),
      answers: hundredths(moment.answers),
      freeAgents: hundredths(moment.freeAgents),
    })),
    riskMax: forecast.riskMax ?? null,
    learning: learning ? { ...learning } : null,
    carrierFailingSince: forecast.carrierFailingSince ?? null,
  };
}

/** Two decimals are enough for expectations, and keep the boards small. */
function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
