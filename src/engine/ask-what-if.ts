/**
 * What is to be simulated to say what a change would do: the campaign, those that dial beside it with
 * the same agents, and those agents with the rests that are known of.
 */
import { type AgentShift, isPresent, leavesAt } from '../domain/agents/agent-shift.ts';
import { PAUSE_MAX_MS } from '../domain/agents/pauses.ts';
import type { Campaign } from '../domain/campaigns/campaign.ts';
import { changed, changeProblem } from '../domain/campaigns/change-settings.ts';
import type { CampaignChange } from '../domain/campaigns/settings.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import type { AgentId, CampaignId } from '../lib/ids.ts';
import { type DurationMs, type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/time.ts';
import { learnedOfCampaign, pacingSettings } from './dialing-groups.ts';
import { campaignBank, profileOf } from './keep-bank.ts';
import type { Memory } from './memory.ts';
import type { WhatIfAgent, WhatIfCampaign, WhatIfPacing, WhatIfQuestion } from './ports/what-if.ts';
import type { WhatIfAsked } from './queries.ts';
import { isRunning } from './share-agents.ts';
import { type CampaignRuntime, isLive } from './state.ts';

/** Campaigns simulated beside the one asked about, those that share agents with it first. */
const OTHERS_MAX = 11;
/** No stretch that is simulated is longer: a later rest is not seen in it. */
const HORIZON_MS: DurationMs = HOUR_MS;
/** Of a pause that has no length of its own. */
const PAUSE_ASSUMED_MS: DurationMs = 5 * MINUTE_MS;

/** What is to be simulated, or why there is nothing to simulate from. */
export function askWhatIf(
  memory: Memory,
  campaignId: CampaignId,
  change: CampaignChange,
  now: EpochMs,
): WhatIfAsked {
  const runtime = memory.state.campaigns.get(campaignId);
  const profile = runtime && memory.state.profiles.get(runtime.campaign.profileId);
  if (!runtime || !profile) return { ok: false, because: 'not-dialing' };
  const after = changed(runtime.campaign, change);
  const problem = changeProblem(change, after, profile);
  if (problem) return { ok: false, because: 'refused', detail: problem.said };
  const forecast = runtime.plan?.forecast;
  if (!forecast) return { ok: false, because: 'not-dialing' };
  const { answerRateNow } = forecast;
  const learned = learnedOfCampaign(runtime);
  if (forecast.learning || !answerRateNow || !learned) return { ok: false, because: 'learning' };
  const { campaigns, shifts } = togetherWith(memory, runtime, now);
  if (shifts.length === 0) return { ok: false, because: 'no-agents' };
  const [asked, ...others] = campaigns.map((one) => campaignAsked(memory, one, answerRateNow, now));
  const crew = crewOf(shifts, campaigns, now);
  const trunks = trunksOf(memory, campaigns, now);
  return {
    ok: true,
    question: {
      ...(asked as WhatIfCampaign),
      learned,
      agents: shifts.length,
      changed: pacingOf(after, profile),
      ...(others.length > 0 ? { others } : {}),
      ...(crew.some((agent) => Object.keys(agent).length > 0) ? { crew } : {}),
      ...(trunks ? { trunks } : {}),
    },
  };
}

type Together = {
  /** The one asked about comes first. */
  readonly campaigns: readonly CampaignRuntime[];
  readonly shifts: readonly AgentShift[];
};

/** Campaigns that dial now and can be reached from this one over agents at work, and those agents. */
function togetherWith(memory: Memory, asked: CampaignRuntime, now: EpochMs): Together {
  const campaigns = [asked];
  const agentIds = new Set<AgentId>();
  for (const campaign of campaigns) {
    for (const agentId of campaign.agentIds) {
      const shift = memory.state.agents.get(agentId)?.shift;
      if (!shift || agentIds.has(agentId) || !isAtWork(shift)) continue;
      agentIds.add(agentId);
      for (const other of memory.state.campaigns.values()) {
        const isNew = other.agentIds.has(agentId) && !campaigns.includes(other);
        if (isNew && campaigns.length <= OTHERS_MAX && dials(other, now)) campaigns.push(other);
      }
    }
  }
  const shifts = [...agentIds].flatMap((id) => memory.state.agents.get(id)?.shift ?? []);
  return { campaigns, shifts };
}

function isAtWork(shift: AgentShift): boolean {
  const { kind } = shift.activity;
  const works =
    kind === 'available' || kind === 'reserved' || kind === 'talking' || kind === 'wrapping-up';
  return works && isPresent(shift);
}

/** It places calls by itself, and has somebody to call. */
function dials(runtime: CampaignRuntime, now: EpochMs): boolean {
  return (
    isRunning(runtime) &&
    runtime.campaign.pacing.mode !== 'preview' &&
    runtime.noLeadsBefore <= now &&
    runtime.plan?.forecast !== undefined
  );
}

/** `usualRate`: of a campaign that does not know its own answer rate yet. */
function campaignAsked(
  memory: Memory,
  runtime: CampaignRuntime,
  usualRate: number,
  now: EpochMs,
): WhatIfCampaign {
  const { campaign, plan } = runtime;
  const { answers, abandoned } = campaignBank(memory, runtime, now);
  const learned = learnedOfCampaign(runtime);
  return {
    id: campaign.id,
    weight: campaign.weight,
    answerRate: plan?.forecast?.answerRateNow ?? usualRate,
    ...(learned ? { learned } : {}),
    bank: { answers, abandoned },
    now: pacingOf(campaign, profileOf(memory.state, runtime)),
  };
}

function pacingOf(campaign: Campaign, profile: ComplianceProfile): WhatIfPacing {
  const { pacing, restBetweenCallsMs, amd, amdSampleShare } = campaign;
  return {
    linesMax: pacing.linesMax,
    restBetweenCallsMs,
    amd,
    amdSampleShare,
    settings: pacingSettings(campaign, profile),
  };
}

function crewOf(
  shifts: readonly AgentShift[],
  campaigns: readonly CampaignRuntime[],
  now: EpochMs,
): WhatIfAgent[] {
  return shifts.map((shift) => {
    const own = campaigns.filter(({ agentIds }) => agentIds.has(shift.agentId));
    const rest = restOf(shift, now);
    return {
      ...(own.length < campaigns.length
        ? { campaignIds: own.map(({ campaign }) => campaign.id) }
        : {}),
      ...(rest ? { rest } : {}),
    };
  });
}

/** A pause that the agent asked for, or a rest that is planned, within what is simulated. */
function restOf(shift: AgentShift, now: EpochMs): WhatIfAgent['rest'] {
  const { pauseAsked, restsAt, signOutAsked } = shift;
  // Anyone who goes home is not back within what is simulated.
  if (signOutAsked) return { inMs: 0, forMs: HORIZON_MS };
  if (pauseAsked) return { inMs: 0, forMs: PAUSE_MAX_MS[pauseAsked] ?? PAUSE_ASSUMED_MS };
  const leaves = leavesAt(shift);
  if (leaves === undefined || restsAt === undefined || leaves - now > HORIZON_MS) return undefined;
  const backAt = restsAt + (PAUSE_MAX_MS.rest ?? PAUSE_ASSUMED_MS);
  const from = Math.max(now, leaves);
  return { inMs: from - now, forMs: Math.max(0, backAt - from) };
}

/** What the trunks that work carry, without the calls of campaigns that are not simulated. */
function trunksOf(
  memory: Memory,
  campaigns: readonly CampaignRuntime[],
  now: EpochMs,
): WhatIfQuestion['trunks'] {
  const working = [...memory.state.trunks.values()].filter(
    ({ trunk, suspendedUntil = 0 }) => trunk.enabled && suspendedUntil <= now,
  );
  if (working.length === 0) return undefined;
  const simulated = new Set(campaigns.map(({ campaign }) => campaign.id));
  let lines = 0;
  let callsPerSecond = 0;
  for (const { trunk } of working) {
    lines += trunk.channelsMax;
    callsPerSecond += trunk.callsPerSecondMax;
  }
  for (const live of memory.state.calls.values()) {
    if (isLive(live) && !simulated.has(live.call.campaignId)) lines -= 1;
  }
  return { lines: Math.max(0, lines), callsPerSecond };
}
