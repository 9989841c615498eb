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
import { given } from '../lib/given.ts';
import type { AgentId, CampaignId } from '../lib/ids.ts';
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
    const agent = agentAtWork(memory, shift, now);
    if (agent) agents.push({ ...agent, campaignIds: works.get(shift.agentId) ?? [] });
  }
  return agents;
}

/** The campaigns each works for, group after group. */
function worksOf(groups: readonly DialingGroup[]): ReadonlyMap<AgentId, readonly CampaignId[]> {
  const works = new Map<AgentId, CampaignId[]>();
  for (const { members } of groups) {
    for (const { agentIds, campaign } of members) {
      for (const agentId of agentIds) {
        const own = works.get(agentId);
        if (own) own.push(campaign.id);
        else works.set(agentId, [campaign.id]);
      }
    }
  }
  return works;
}

function agentAtWork(memory: Memory, shift: AgentShift, now: EpochMs): PacingAgent | undefined {
  const { activity } = shift;
  const leaves = leavesAt(shift);
  const plans = {
    ...(shift.pauseAsked || shift.signOutAsked ? { pauseRequested: true } : {}),
    ...given({ leavesAt: leaves }),
  };
  switch (activity.kind) {
    case 'available': {
      if (leaves !== undefined && leaves <= now) return undefined;
      const { since, freeAt } = activity;
      return { state: 'available', since, ...plans, ...given({ freeAt }) };
    }
    case 'reserved':
    case 'talking':
    case 'wrapping-up': {
      const campaignId = memory.state.calls.get(activity.callId)?.call.campaignId;
      const { kind, since } = activity;
      return { state: kind, since, ...plans, ...(campaignId ? { campaignId } : {}) };
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
