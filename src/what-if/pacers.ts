/**
 * The pacers of a what-if's floor, one for each dialing group, with all they have learned and the
 * present windows. Grouping, the agents of each group and the order of turns follow the engine's
 * own rules (`domain/pacing`); this file only describes the floor to them.
 */
import { dialingGroupsOf, groupSettings } from '../domain/pacing/dialing-groups.ts';
import {
  type GroupMember,
  groupSnapshot,
  type TrunkRoom,
} from '../domain/pacing/group-snapshot.ts';
import {
  createPacer,
  type Pacer,
  type PacingAgent,
  type PacingCall,
  type PacingPlan,
  type PacingSnapshot,
  type PacingWaiting,
} from '../domain/pacing/pacer.ts';
import {
  type AgentShare,
  afterPlacing,
  type ClaimingCampaign,
  inTurnForLines,
  losesTurn,
  shareAgents,
  weightOf,
} from '../domain/pacing/share-agents.ts';
import type { WhatIfAgent } from '../engine/ports/what-if.ts';
import type { FloorPlan, FloorPolicy, FloorSnapshot } from '../floor-model/rivals/rival.ts';
import { present } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { Play, PlayedCampaign } from './floor.ts';

type Asked = Pick<Play, 'planEveryMs' | 'planOnEvents'>;
type Observation = Parameters<Pacer['observe']>[0];

/** Lengths of talk are already known; learning them again would take most of the available time. */
const isTaught = ({ kind }: Observation): boolean =>
  kind !== 'talk-ended' && kind !== 'wrap-up-ended';

/** The policy of a campaign that has its agents to itself. */
export function lonePolicy(campaign: PlayedCampaign, asked: Asked): FloorPolicy {
  const { bank, learned, pacing } = campaign;
  const pacer = createPacer(pacing.settings, {
    schemaVersion: 2,
    campaigns: learned ? { '': learned } : {},
  });
  return {
    name: pacing.settings.mode,
    planEveryMs: asked.planEveryMs,
    planOnEvents: asked.planOnEvents,
    observe(observation) {
      if (isTaught(observation)) pacer.observe(observation);
    },
    plan: (snapshot) => pacer.plan({ ...snapshot, bank: sumOf(bank, snapshot.bank) }),
  };
}

type Bank = PacingSnapshot['bank'];

const sumOf = (left: Bank, right: Bank): Bank => ({
  answers: left.answers + right.answers,
  abandoned: left.abandoned + right.abandoned,
});

/** Campaigns planned as one, usually because they share agents and predict. */
type PlayedGroup = {
  readonly campaigns: readonly PlayedCampaign[];
  readonly pacer: Pacer;
  readonly weight: number;
  /** Meaning as in the engine (`engine/state.ts`, DialingGroup). */
  served: number;
  linesServed: number;
};

/** The policy of campaigns that share agents. */
export function sharedPolicy(
  campaigns: readonly PlayedCampaign[],
  crew: readonly WhatIfAgent[] | undefined,
  asked: Asked,
): FloorPolicy {
  const groups = playedGroups(campaigns, crew);
  const groupById = new Map(
    groups.flatMap((group) => group.campaigns.map(({ id }) => [id, group] as const)),
  );
  return {
    name: 'groups',
    planEveryMs: asked.planEveryMs,
    planOnEvents: asked.planOnEvents,
    observe(observation) {
      const { campaignId } = observation;
      if (campaignId === undefined || !isTaught(observation)) return;
      groupById.get(campaignId)?.pacer.observe(observation);
    },
    plan: (snapshot) => planAll(groups, snapshot),
  };
}

/**
 * Groups the campaigns like the engine: by the agents at work, each of whom works for some or all.
 */
export function playedGroups(
  campaigns: readonly PlayedCampaign[],
  crew: readonly WhatIfAgent[] = [{}],
): readonly PlayedGroup[] {
  const groups = dialingGroupsOf(
    campaigns,
    ({ pacing }) => pacing.settings.mode === 'predictive',
    ({ id }) =>
      crew.flatMap(({ campaignIds }, index) =>
        campaignIds?.includes(id) === false ? [] : [index],
      ),
  );
  return groups.map(groupOf);
}

function groupOf(campaigns: readonly [PlayedCampaign, ...PlayedCampaign[]]): PlayedGroup {
  const records = campaigns.flatMap(({ id, learned }) => (learned ? [[id, learned] as const] : []));
  const [first, ...others] = campaigns;
  return {
    campaigns,
    pacer: createPacer(
      groupSettings([first.pacing.settings, ...others.map(({ pacing }) => pacing.settings)]),
      { schemaVersion: 2, campaigns: Object.fromEntries(records) },
    ),
    weight: weightOf(campaigns.map(({ weight }) => ({ weight, dials: true }))),
    served: 0,
    linesServed: 0,
  };
}

function planAll(groups: readonly PlayedGroup[], snapshot: FloorSnapshot): FloorPlan {
  const floor = tallyOf(snapshot);
  const shares = sharesOf(groups, snapshot, floor);
  for (const [group, { served }] of shares) group.served = served;
  let { linesFree, callsAllowedNow } = snapshot;
  const byCampaign: { readonly campaignId: string; readonly place: number }[] = [];
  const cancel: string[] = [];
  for (const group of inTurnForLines(groups, (group) => group)) {
    const agents = shares.get(group)?.agents ?? [];
    const room = { linesFree, callsAllowedNow };
    const plan = group.pacer.plan(snapshotFor(group, snapshot, floor, agents, room));
    for (const { campaignId, place } of plan.byCampaign ?? [])
      byCampaign.push({ campaignId, place });
    cancel.push(...plan.cancel.filter((id) => mayCancel(group, snapshot, id)));
    linesFree -= plan.place;
    callsAllowedNow -= plan.place;
    noteServed(group, groups, plan);
  }
  return { place: byCampaign.reduce((sum, { place }) => sum + place, 0), cancel, byCampaign };
}

/** A campaign's calls, as pacing needs them. */
type Tally = {
  readonly calls: PacingCall[];
  readonly waiting: PacingWaiting[];
  talking: number;
};
type FloorTally = ReadonlyMap<string, Tally>;

export function tallyOf({ calls, waiting, agents, campaigns = [] }: FloorSnapshot): FloorTally {
  const floor = new Map<string, Tally>(
    campaigns.map(({ id }) => [id, { calls: [], waiting: [], talking: 0 }]),
  );
  for (const call of calls) floor.get(call.campaignId ?? '')?.calls.push(call);
  for (const one of waiting) floor.get(one.campaignId ?? '')?.waiting.push(one);
  for (const { state, campaignId = '' } of agents) {
    const tally = state === 'talking' ? floor.get(campaignId) : undefined;
    if (tally) tally.talking += 1;
  }
  return floor;
}

/** The agents each group may count on at this moment. */
export function sharesOf(
  groups: readonly PlayedGroup[],
  snapshot: FloorSnapshot,
  floor: FloorTally,
): ReadonlyMap<PlayedGroup, AgentShare> {
  const shares = shareAgents(
    groups.map(({ campaigns, served }) => ({
      campaigns: campaigns.map((one) => claimOf(one, snapshot, floor)),
      served,
    })),
    snapshot.agents,
    snapshot.now,
  );
  return new Map(groups.map((group, index) => [group, shares[index] as AgentShare]));
}

function claimOf(
  { id, weight, pacing: { settings } }: PlayedCampaign,
  { campaigns }: FloorSnapshot,
  floor: FloorTally,
): ClaimingCampaign {
  const { calls, waiting } = present(floor.get(id), 'every campaign was counted');
  const played = campaigns?.find((one) => one.id === id);
  return {
    id,
    weight,
    mode: settings.mode,
    ...(settings.mode === 'ratio' ? { ratio: settings.ratio } : {}),
    dials: true,
    hasLeads: (played?.leadsLeft ?? 0) > 0,
    onTheWay: calls.length + waiting.length,
  };
}

/** The snapshot for a group's pacer at this moment. */
export function snapshotFor(
  group: PlayedGroup,
  snapshot: FloorSnapshot,
  floor: FloorTally,
  agents: readonly PacingAgent[],
  room: TrunkRoom,
): PacingSnapshot {
  const members = group.campaigns.map((campaign) => memberOf(campaign, snapshot, floor));
  return groupSnapshot(members, agents, room, snapshot.now);
}

function memberOf(
  { id, weight, bank, pacing }: PlayedCampaign,
  { campaigns }: FloorSnapshot,
  floor: FloorTally,
): GroupMember {
  const { calls, waiting, talking } = present(floor.get(id), 'every campaign was counted');
  const played = campaigns?.find((one) => one.id === id);
  const { linesPerAgentMax, linesPerAgentMin, abandonment } = pacing.settings;
  return {
    id,
    weight,
    bank: played ? sumOf(bank, played.bank) : bank,
    leadsLeft: played?.leadsLeft ?? 0,
    linesMax: pacing.linesMax,
    live: calls.length + waiting.length + talking,
    calls,
    waiting,
    guaranteed: 0,
    ...given({ linesPerAgentMax, linesPerAgentMin }),
    abandonment,
  };
}

/** Notes calls as served: this floor places everything a plan asks for. */
function noteServed(
  group: PlayedGroup,
  groups: readonly PlayedGroup[],
  { byCampaign = [] }: PacingPlan,
): void {
  let placed: number | undefined;
  for (const { place, because } of byCampaign) {
    if (place > 0 || losesTurn(because)) placed = (placed ?? 0) + place;
  }
  if (placed === undefined) return;
  Object.assign(group, afterPlacing(group, placed, groups));
}

/** Whether the call's own campaign allows cancelling it by now. */
function mayCancel({ campaigns }: PlayedGroup, snapshot: FloorSnapshot, callId: string): boolean {
  const call = snapshot.calls.find(({ id }) => id === callId);
  const campaign = campaigns.find(({ id }) => id === call?.campaignId);
  const afterMs = campaign?.pacing.settings.cancelAfterRingingMs;
  return call !== undefined && afterMs !== undefined && snapshot.now - call.since >= afterMs;
}
