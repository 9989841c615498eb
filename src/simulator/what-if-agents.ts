/**
 * Dialing groups that share agents must not each count the same free one. The rule is the engine's
 * (`engine/share-agents.ts`), on the floor's snapshot: a busy agent is in the group of his call, a free
 * one where calls are on the way already, the rest where least was given so far, by weight.
 */
import type { PacingAgent } from '../domain/pacing/pacer.ts';
import type { FloorSnapshot } from './rivals/rival.ts';

/** A dialing group, as far as its claim on agents goes. */
export type SharingGroup = {
  /** Of its campaigns. */
  readonly ids: ReadonlySet<string>;
  /** Of its campaigns together. */
  readonly weight: number;
  /** Calls it was given of agents shared with other groups, by its weight. */
  served: number;
};

type Share = { readonly agents: PacingAgent[]; free: number; readonly onTheWay: number };

export function shareFreeAgents(
  groups: readonly SharingGroup[],
  { agents, calls, waiting, now }: FloorSnapshot,
): ReadonlyMap<SharingGroup, readonly PacingAgent[]> {
  const shares = new Map<SharingGroup, Share>(
    groups.map((group) => {
      const isOurs = ({ campaignId = '' }: { readonly campaignId?: string }): boolean =>
        group.ids.has(campaignId);
      const onTheWay = calls.filter(isOurs).length + waiting.filter(isOurs).length;
      return [group, { agents: [], free: 0, onTheWay }];
    }),
  );
  const available: { readonly agent: PacingAgent; readonly able: readonly SharingGroup[] }[] = [];
  for (const agent of agents) {
    const able = groups.filter((group) => worksFor(agent, group));
    if (agent.state === 'available') available.push({ agent, able });
    else give(shares, groups.find(({ ids }) => ids.has(agent.campaignId ?? '')) ?? able[0], agent);
  }
  available.sort((left, right) => left.able.length - right.able.length);
  forgetOldClaims(groups, new Set(available.flatMap(({ able }) => able)));
  for (const { agent, able } of available) {
    const group = neediest(able, shares);
    const share = group && shares.get(group);
    if (share && (agent.freeAt ?? now) <= now) share.free += 1;
    give(shares, group, agent);
  }
  return new Map([...shares].map(([group, share]) => [group, share.agents]));
}

function worksFor({ campaignIds }: PacingAgent, { ids }: SharingGroup): boolean {
  return campaignIds?.some((id) => ids.has(id)) ?? true;
}

function give(
  shares: ReadonlyMap<SharingGroup, Share>,
  group: SharingGroup | undefined,
  agent: PacingAgent,
): void {
  if (group) shares.get(group)?.agents.push(within(group, agent));
}

/** Whoever works for all campaigns of a group is told of as one who does. */
function within({ ids }: SharingGroup, agent: PacingAgent): PacingAgent {
  if (!agent.campaignIds) return agent;
  const own = agent.campaignIds.filter((id) => ids.has(id));
  const { campaignIds: _all, ...rest } = agent;
  return own.length === ids.size || own.length === 0 ? rest : { ...rest, campaignIds: own };
}

function neediest(
  able: readonly SharingGroup[],
  shares: ReadonlyMap<SharingGroup, Share>,
): SharingGroup | undefined {
  const shareOf = (group: SharingGroup): Share => shares.get(group) as Share;
  const uncovered = able.find((group) => shareOf(group).onTheWay > shareOf(group).free);
  if (uncovered) return uncovered;
  const loadOf = (group: SharingGroup): number =>
    group.served + (shareOf(group).free + 1) / group.weight;
  let best = able[0];
  for (const group of able) if (best && loadOf(group) < loadOf(best)) best = group;
  return best;
}

/** Whoever had no use for agents meanwhile does not catch up afterwards. */
function forgetOldClaims(
  groups: readonly SharingGroup[],
  claiming: ReadonlySet<SharingGroup>,
): void {
  if (claiming.size === 0) return;
  const least = Math.min(...[...claiming].map(({ served }) => served));
  for (const group of groups) {
    if (!claiming.has(group)) group.served = Math.max(group.served, least);
  }
}
