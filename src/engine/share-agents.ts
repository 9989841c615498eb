/** The agents at work, and what the dialing groups want of them; the rule is in `domain/pacing/share-agents.ts`. */
import { type AgentShift, isPresent, leavesAt } from '../domain/agents/agent-shift.ts';
import { onTheWay } from '../domain/pacing/group-snapshot.ts';
import type { PacingAgent } from '../domain/pacing/pacer.ts';
import {
  type AgentShare,
  type ClaimingCampaign,
  type ClaimingGroup,
  shareAgents,
  weightOf,
} from '../domain/pacing/share-agents.ts';
import { unreachable } from '../lib/assert.ts';
import type { AgentId, CampaignId } from '../lib/ids.ts';
import type { Mutable } from '../lib/mutable.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Memory } from './memory.ts';
import type { CampaignRuntime, DialingGroup } from './state.ts';
import type { FloorTally } from './tally-floor.ts';

/** What each group may count on at this moment. */
export function sharesOf(
  memory: Memory,
  groups: readonly DialingGroup[],
  floor: FloorTally,
  now: EpochMs,
): ReadonlyMap<DialingGroup, AgentShare> {
  const shares = shareAgents(
    groups.map((group) => claimOf(group, floor, now)),
    agentsAtWork(memory, groups, now),
    now,
  );
  return new Map(groups.map((group, index) => [group, shares[index] as AgentShare]));
}

/** Of its campaigns that run. */
export function groupWeight({ members }: DialingGroup): number {
  return weightOf(
    members.map((member) => ({ weight: member.campaign.weight, dials: isRunning(member) })),
  );
}

export function isRunning({ campaign }: CampaignRuntime): boolean {
  return campaign.state === 'running';
}

function claimOf(
  { members, served }: DialingGroup,
  floor: FloorTally,
  now: EpochMs,
): ClaimingGroup {
  return { campaigns: members.map((member) => claimingCampaign(member, floor, now)), served };
}

function claimingCampaign(
  runtime: CampaignRuntime,
  floor: FloorTally,
  now: EpochMs,
): ClaimingCampaign {
  const { id, weight, pacing } = runtime.campaign;
  const tally = floor.get(id);
  return {
    id,
    weight,
    mode: pacing.mode,
    ...(pacing.mode === 'ratio' ? { ratio: pacing.ratio } : {}),
    dials: isRunning(runtime),
    hasLeads: runtime.noLeadsBefore <= now,
    onTheWay: tally ? onTheWay(tally) : 0,
  };
}

/** Those who are seen and heard, and neither in a pause nor about to rest. */
function agentsAtWork(
  memory: Memory,
  groups: readonly DialingGroup[],
  now: EpochMs,
): readonly PacingAgent[] {
  const works = worksOf(groups);
  const agents: PacingAgent[] = [];
  for (const { shift } of memory.state.agents.values()) {
    if (!isPresent(shift)) continue;
    const agent = agentAtWork(memory, shift, works.get(shift.agentId)?.campaignIds ?? NO_WORK, now);
    if (agent) agents.push(agent);
  }
  return agents;
}

/** The campaigns that somebody works for; who works for the same ones has the same list. */
type Works = { readonly campaignIds: readonly CampaignId[]; readonly and: Map<CampaignId, Works> };

const NO_WORK: readonly CampaignId[] = [];

/** The campaigns each works for, group after group. */
function worksOf(groups: readonly DialingGroup[]): ReadonlyMap<AgentId, Works> {
  const none: Works = { campaignIds: NO_WORK, and: new Map() };
  const works = new Map<AgentId, Works>();
  for (const { members } of groups) {
    for (const { agentIds, campaign } of members) {
      for (const agentId of agentIds) {
        works.set(agentId, withCampaign(works.get(agentId) ?? none, campaign.id));
      }
    }
  }
  return works;
}

function withCampaign(works: Works, id: CampaignId): Works {
  const known = works.and.get(id);
  if (known) return known;
  const more: Works = { campaignIds: [...works.campaignIds, id], and: new Map() };
  works.and.set(id, more);
  return more;
}

function agentAtWork(
  memory: Memory,
  shift: AgentShift,
  campaignIds: readonly CampaignId[],
  now: EpochMs,
): PacingAgent | undefined {
  const { activity } = shift;
  switch (activity.kind) {
    case 'available': {
      const leaves = leavesAt(shift);
      if (leaves !== undefined && leaves <= now) return undefined;
      const { since, freeAt } = activity;
      const agent: Mutable<PacingAgent> = { state: 'available', since, campaignIds };
      if (freeAt !== undefined) agent.freeAt = freeAt;
      return withPlans(agent, shift, leaves);
    }
    case 'reserved':
    case 'talking':
    case 'wrapping-up': {
      const campaignId = memory.state.calls.get(activity.callId)?.call.campaignId;
      const { kind, since } = activity;
      const agent: Mutable<PacingAgent> = { state: kind, since, campaignIds };
      if (campaignId !== undefined) agent.campaignId = campaignId;
      return withPlans(agent, shift, leavesAt(shift));
    }
    case 'preparing':
    case 'undisposed':
    case 'paused':
    case 'ended':
      return undefined;
    default:
      return unreachable(activity);
  }
}

/** Made without copies, because all agents are looked at ten times a second. */
function withPlans(
  agent: Mutable<PacingAgent>,
  { pauseAsked, signOutAsked }: AgentShift,
  leaves: EpochMs | undefined,
): PacingAgent {
  if (pauseAsked || signOutAsked) agent.pauseRequested = true;
  if (leaves !== undefined) agent.leavesAt = leaves;
  return agent;
}
