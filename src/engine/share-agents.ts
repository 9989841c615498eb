import { type AgentShift, isFree } from '../domain/agents/agent-shift.ts';
import type { PacingSnapshot } from '../domain/pacing/pacer.ts';
import type { AgentId, CampaignId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { type AgentAtWork, type CampaignRuntime, isLive, type LiveCall } from './state.ts';
import type { House } from './work.ts';

export type SnapshotAgent = PacingSnapshot['agents'][number];

/**
 * Campaigns that share agents must not each count the same free agent. So every agent appears in
 * exactly one campaign's snapshot: busy ones in that of their call, free ones first where calls are on
 * the way already, the rest where least was given so far, by weight.
 */
export function shareAgents(
  house: House,
  running: readonly CampaignRuntime[],
  now: EpochMs,
): ReadonlyMap<CampaignId, readonly SnapshotAgent[]> {
  const shares = new Map<CampaignId, SnapshotAgent[]>(
    running.map((runtime) => [runtime.campaign.id, []]),
  );
  const free: AgentAtWork[] = [];
  for (const agent of house.state.agents.values()) {
    if (isFree(agent.shift)) free.push(agent);
    else shareBusy(house, shares, running, agent);
  }
  const needs = new Map(
    running.map((runtime) => [runtime.campaign.id, callsOnTheWay(house, runtime.campaign.id)]),
  );
  const eligible = (agent: AgentAtWork): CampaignRuntime[] =>
    running.filter(
      (runtime) =>
        runtime.agentIds.has(agent.shift.agentId) &&
        (runtime.noLeadsBefore <= now || (needs.get(runtime.campaign.id) ?? 0) > 0),
    );
  const choices = free
    .map((agent) => ({ agent, campaigns: eligible(agent) }))
    .sort((left, right) => left.campaigns.length - right.campaigns.length);
  forgetOldClaims(
    house,
    choices.flatMap(({ campaigns }) => campaigns),
  );
  for (const { agent, campaigns } of choices) {
    const target = neediest(campaigns, needs, shares);
    if (target) shares.get(target.campaign.id)?.push(snapshotOf(agent.shift));
    else shareIdle(shares, running, agent);
  }
  return shares;
}

/** With nothing to dial anywhere an agent still counts as being there, in the first of his campaigns. */
function shareIdle(
  shares: Map<CampaignId, SnapshotAgent[]>,
  running: readonly CampaignRuntime[],
  agent: AgentAtWork,
): void {
  const first = running.find((runtime) => runtime.agentIds.has(agent.shift.agentId));
  if (first) shares.get(first.campaign.id)?.push(snapshotOf(agent.shift));
}

function neediest(
  campaigns: readonly CampaignRuntime[],
  needs: ReadonlyMap<CampaignId, number>,
  shares: ReadonlyMap<CampaignId, readonly SnapshotAgent[]>,
): CampaignRuntime | undefined {
  const freeOf = (id: CampaignId): number =>
    (shares.get(id) ?? []).filter((agent) => agent.state === 'available').length;
  const uncovered = campaigns.find(
    ({ campaign }) => (needs.get(campaign.id) ?? 0) > freeOf(campaign.id),
  );
  if (uncovered) return uncovered;
  let best: CampaignRuntime | undefined;
  for (const runtime of campaigns) {
    if (!best || loadOf(runtime, freeOf) < loadOf(best, freeOf)) best = runtime;
  }
  return best;
}

function loadOf({ campaign, served }: CampaignRuntime, freeOf: (id: CampaignId) => number): number {
  return served + (freeOf(campaign.id) + 1) / campaign.weight;
}

/** Whoever had no use for agents meanwhile does not catch up afterwards: he begins where others are. */
function forgetOldClaims(house: House, claimants: readonly CampaignRuntime[]): void {
  if (claimants.length === 0) return;
  const least = Math.min(...claimants.map(({ served }) => served));
  for (const runtime of house.state.campaigns.values()) {
    if (!claimants.includes(runtime)) runtime.served = Math.max(runtime.served, least);
  }
}

/** Free agents were given to a campaign: it used them for so many calls, or it lost its turn. */
export function noteServed(
  runtime: CampaignRuntime,
  placed: number,
  running: readonly CampaignRuntime[],
): void {
  const { weight } = runtime.campaign;
  if (placed > 0) runtime.served += placed / weight;
  else runtime.served = Math.max(...running.map(({ served }) => served)) + 1 / weight;
}

function shareBusy(
  house: House,
  shares: Map<CampaignId, SnapshotAgent[]>,
  running: readonly CampaignRuntime[],
  agent: AgentAtWork,
): void {
  const { activity } = agent.shift;
  if (
    activity.kind !== 'reserved' &&
    activity.kind !== 'talking' &&
    activity.kind !== 'wrapping-up'
  ) {
    return;
  }
  if (!agent.shift.screen.connected || !agent.shift.headset.pinned) return;
  const ofCall = house.state.calls.get(activity.callId)?.call.campaignId;
  const share =
    (ofCall && shares.get(ofCall)) ??
    shares.get(firstRunning(running, agent.shift.agentId) ?? ('' as CampaignId));
  share?.push(snapshotOf(agent.shift));
}

function firstRunning(
  running: readonly CampaignRuntime[],
  agentId: AgentId,
): CampaignId | undefined {
  return running.find((runtime) => runtime.agentIds.has(agentId))?.campaign.id;
}

function snapshotOf(shift: AgentShift): SnapshotAgent {
  const { activity } = shift;
  const state =
    activity.kind === 'reserved' || activity.kind === 'talking' || activity.kind === 'wrapping-up'
      ? activity.kind
      : 'available';
  const since = 'since' in activity ? activity.since : shift.startedAt;
  return { state, since, ...(shift.pauseAsked ? { pauseRequested: true } : {}) };
}

/** Placing, ringing or answered without an agent: each will want one. */
export function isOnTheWay({ call }: LiveCall): boolean {
  const { kind } = call.state;
  return kind === 'placing' || kind === 'ringing' || kind === 'screening' || kind === 'waiting';
}

function callsOnTheWay(house: House, campaignId: CampaignId): number {
  let calls = 0;
  for (const live of house.state.calls.values()) {
    if (live.call.campaignId === campaignId && isLive(live) && isOnTheWay(live)) calls += 1;
  }
  return calls;
}
