import { type AgentShift, isFree, isPresent, leavesAt } from '../domain/agents/agent-shift.ts';
import type { PacingAgent } from '../domain/pacing/pacer.ts';
import type { AgentId, CampaignId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { CampaignRuntime, DialingGroup } from './state.ts';
import { type FloorTally, onTheWay } from './tally-floor.ts';
import type { House } from './work.ts';

/** Whom one agent works for, of the campaigns that run. */
type Work = { readonly groups: DialingGroup[]; readonly campaigns: CampaignRuntime[] };

/** What one group may count on. */
type Share = { readonly agents: PacingAgent[]; free: number; readonly running: number };

/**
 * Groups that share agents must not each count the same free agent. So every agent appears in exactly
 * one group's snapshot: busy ones in that of their call, free ones first where calls are on the way
 * already, the rest where least was given so far, by weight. Groups of which no campaign runs get none;
 * their calls on the way still take agents of the others, who count those as reserved.
 */
export function shareAgents(
  house: House,
  allGroups: readonly DialingGroup[],
  floor: FloorTally,
  now: EpochMs,
): ReadonlyMap<DialingGroup, readonly PacingAgent[]> {
  const groups = allGroups.filter(({ members }) => members.some(isRunning));
  const shares = new Map<DialingGroup, Share>(
    groups.map((group) => [
      group,
      { agents: [], free: 0, running: group.members.filter(isRunning).length },
    ]),
  );
  const works = worksOf(groups);
  const free: { readonly shift: AgentShift; readonly work: Work; readonly for: DialingGroup[] }[] =
    [];
  for (const { shift } of house.state.agents.values()) {
    const work = works.get(shift.agentId) ?? { groups: [], campaigns: [] };
    if (shift.activity.kind === 'available') {
      if (!isPresent(shift) || (leavesAt(shift) ?? now + 1) <= now) continue;
      free.push({ shift, work, for: work.groups.filter((one) => canUse(one, work, floor, now)) });
    } else {
      shareBusy(house, shares, work, shift);
    }
  }
  free.sort((left, right) => left.for.length - right.for.length);
  forgetOldClaims(
    house,
    groups,
    free.flatMap((one) => one.for),
  );
  const stopped = agentsForStopped(allGroups, floor);
  const needs = new Map(groups.map((group) => [group, needOf(group, floor)]));
  for (const { shift, work, for: able } of free) {
    const isLost = isFree(shift) && isTaken(shift.agentId, stopped);
    // With nothing to dial anywhere an agent still counts as being there.
    const target = neediest(able, needs, shares) ?? work.groups[0];
    const share = target && shares.get(target);
    if (!share) continue;
    const agent = snapshotOf(shift, target, share, work);
    share.agents.push(isLost ? { ...agent, state: 'reserved' } : agent);
    if (isFree(shift) && !isLost) share.free += 1;
  }
  return new Map([...shares].map(([group, { agents }]) => [group, agents]));
}

export function isRunning({ campaign }: CampaignRuntime): boolean {
  return campaign.state === 'running';
}

/** Agents for calls on the way that nobody plans for any more, by campaign. */
function agentsForStopped(
  groups: readonly DialingGroup[],
  floor: FloorTally,
): Map<CampaignRuntime, number> {
  const agentsFor = new Map<CampaignRuntime, number>();
  for (const { members } of groups) {
    if (members.some(isRunning)) continue;
    for (const member of members) {
      const agents = agentsMeant(member, floor);
      if (agents > 0) agentsFor.set(member, agents);
    }
  }
  return agentsFor;
}

/** Whether one of those calls is to have this free agent, who then counts for it and for nobody else. */
function isTaken(agentId: AgentId, stopped: Map<CampaignRuntime, number>): boolean {
  for (const [member, agents] of stopped) {
    if (agents === 0 || !member.agentIds.has(agentId)) continue;
    stopped.set(member, agents - 1);
    return true;
  }
  return false;
}

function worksOf(groups: readonly DialingGroup[]): ReadonlyMap<AgentId, Work> {
  const works = new Map<AgentId, Work>();
  for (const group of groups) {
    for (const member of group.members) {
      if (!isRunning(member)) continue;
      for (const agentId of member.agentIds) {
        let work = works.get(agentId);
        if (!work) {
          work = { groups: [], campaigns: [] };
          works.set(agentId, work);
        }
        if (work.groups.at(-1) !== group) work.groups.push(group);
        work.campaigns.push(member);
      }
    }
  }
  return works;
}

/** Whether the agent would get a call there: leads are due, or calls are on the way already. */
function canUse(group: DialingGroup, work: Work, floor: FloorTally, now: EpochMs): boolean {
  return work.campaigns.some((member) => {
    if (member.group !== group) return false;
    const tally = floor.get(member.campaign.id);
    return member.noLeadsBefore <= now || (tally !== undefined && onTheWay(tally) > 0);
  });
}

function needOf(group: DialingGroup, floor: FloorTally): number {
  let agents = 0;
  for (const member of group.members) agents += agentsMeant(member, floor);
  return agents;
}

/** Agents for whom the calls on the way were dialed; by forecast that is nobody, and each may need one. */
function agentsMeant({ campaign: { id, pacing } }: CampaignRuntime, floor: FloorTally): number {
  const tally = floor.get(id);
  const calls = tally ? onTheWay(tally) : 0;
  return pacing.mode === 'ratio' ? Math.ceil(calls / pacing.ratio) : calls;
}

function neediest(
  groups: readonly DialingGroup[],
  needs: ReadonlyMap<DialingGroup, number>,
  shares: ReadonlyMap<DialingGroup, Share>,
): DialingGroup | undefined {
  const freeOf = (group: DialingGroup): number => shares.get(group)?.free ?? 0;
  const uncovered = groups.filter((group) => (needs.get(group) ?? 0) > freeOf(group));
  if (uncovered.length > 0 || groups.length < 2) {
    // By forecast far more calls are on the way than agents are meant for: those dialed for one go first.
    return uncovered.find((group) => !isByForecast(group)) ?? uncovered[0] ?? groups[0];
  }
  const loadOf = (group: DialingGroup): number =>
    group.served + (freeOf(group) + 1) / weightOf(group);
  let best = groups[0] as DialingGroup;
  for (const group of groups) {
    if (loadOf(group) < loadOf(best)) best = group;
  }
  return best;
}

function isByForecast({ campaigns: [first] }: DialingGroup): boolean {
  return first?.pacing.mode === 'predictive';
}

function weightOf({ members }: DialingGroup): number {
  let weight = 0;
  for (const member of members) if (isRunning(member)) weight += member.campaign.weight;
  return weight || 1;
}

/** Whoever had no use for agents meanwhile does not catch up afterwards: he begins where others are. */
function forgetOldClaims(
  { draft }: House,
  groups: readonly DialingGroup[],
  claimants: readonly DialingGroup[],
): void {
  if (claimants.length === 0 || groups.length < 2) return;
  const claiming = new Set(claimants);
  let least = Number.POSITIVE_INFINITY;
  for (const { served } of claiming) least = Math.min(least, served);
  for (const group of groups) {
    if (claiming.has(group)) continue;
    draft.change(group, { served: Math.max(group.served, least) });
  }
}

/** Free agents were given to a group: it used them for so many calls, or it lost its turn. */
export function noteServed(
  { draft }: House,
  group: DialingGroup,
  placed: number,
  groups: readonly DialingGroup[],
): void {
  const before = placed > 0 ? group.served : Math.max(...groups.map(({ served }) => served));
  draft.change(group, { served: before + (placed > 0 ? placed : 1) / weightOf(group) });
}

function shareBusy(
  house: House,
  shares: ReadonlyMap<DialingGroup, Share>,
  work: Work,
  shift: AgentShift,
): void {
  const { activity } = shift;
  if (
    activity.kind !== 'reserved' &&
    activity.kind !== 'talking' &&
    activity.kind !== 'wrapping-up'
  ) {
    return;
  }
  if (!isPresent(shift)) return;
  const ofCall = house.state.calls.get(activity.callId)?.call.campaignId;
  const group = ofCall && house.state.campaigns.get(ofCall)?.group;
  const isPlanned = group !== undefined && shares.has(group);
  const target = isPlanned ? group : work.groups[0];
  const share = target && shares.get(target);
  share?.agents.push(
    snapshotOf(shift, target as DialingGroup, share, work, isPlanned ? ofCall : undefined),
  );
}

function snapshotOf(
  shift: AgentShift,
  group: DialingGroup,
  share: Share,
  work: Work,
  campaignId?: CampaignId,
): PacingAgent {
  const { activity } = shift;
  const state =
    activity.kind === 'reserved' || activity.kind === 'talking' || activity.kind === 'wrapping-up'
      ? activity.kind
      : 'available';
  const since = 'since' in activity ? activity.since : shift.startedAt;
  const freeAt = activity.kind === 'available' ? activity.freeAt : undefined;
  const leaves = leavesAt(shift);
  const own = share.running > 1 ? work.campaigns.filter((one) => one.group === group) : [];
  return {
    state,
    since,
    ...(shift.pauseAsked || shift.signOutAsked ? { pauseRequested: true } : {}),
    ...(freeAt === undefined ? {} : { freeAt }),
    ...(leaves === undefined ? {} : { leavesAt: leaves }),
    ...(campaignId ? { campaignId } : {}),
    ...(own.length > 0 && own.length < share.running
      ? { campaignIds: own.map(({ campaign }) => campaign.id) }
      : {}),
  };
}
