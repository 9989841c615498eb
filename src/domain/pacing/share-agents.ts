/**
 * Which dialing group counts which agent, where groups share agents: no two may count on the same free
 * one. Every agent goes to exactly one group: a busy one to the group of their call; free ones first to
 * groups with calls on the way, then to the group that was given least so far, by weight. A group in which
 * no campaign dials gets none; its calls on the way still take agents of the others, which count those
 * agents as reserved.
 */
import { present } from '../../lib/assert.ts';
import type { EpochMs } from '../../lib/time.ts';
import {
  type FairTurn,
  inTurn,
  leastServed,
  servedInTurn,
  servedPassing,
  servedWith,
  withoutOldClaims,
} from './fair-turns.ts';
import type { PacingAgent, PacingMode, PacingReason } from './pacing-interface.ts';

/** What a campaign's claim on agents depends on. */
export type ClaimingCampaign = {
  readonly id: string;
  readonly mode: PacingMode;
  /** Lines for each agent who is free; mode `ratio`. */
  readonly ratio?: number;
  readonly weight: number;
  /** It is planned for. One that is not may still have calls on the way. */
  readonly dials: boolean;
  /** Somebody of its list may be due. */
  readonly hasLeads: boolean;
  /** Each of these will want an agent. */
  readonly onTheWay: number;
};

export type ClaimingGroup = {
  /** In the order of the house; one at least. */
  readonly campaigns: readonly ClaimingCampaign[];
  /** Calls it was given of agents shared with others, by its weight. */
  readonly served: number;
};

/** What one group may count on, and its `served` once claims that grew old are forgotten. */
export type AgentShare = { readonly agents: readonly PacingAgent[]; readonly served: number };

/**
 * The shares of the groups, in their order.
 *
 * @param agents all agents at work, with the campaigns each works for in any group (`campaignIds`) and the
 *   campaign of the call a busy one has (`campaignId`). In a share, both name campaigns of its group only,
 *   and `campaignIds` is absent where the agent works for all of them.
 */
export function shareAgents(
  groups: readonly ClaimingGroup[],
  agents: readonly PacingAgent[],
  now: EpochMs,
): readonly AgentShare[] {
  const claims = groups.map(claimOf);
  const places = placesOf(claims);
  const free: { readonly agent: PacingAgent; readonly work: Work }[] = [];
  const works = new Map<PacingAgent['campaignIds'], Work>();
  for (const agent of agents) {
    let work = works.get(agent.campaignIds);
    if (!work) {
      work = workOf(agent, places);
      works.set(agent.campaignIds, work);
    }
    if (agent.state === 'available') {
      free.push({ agent, work });
    } else {
      giveBusy(agent, work, places);
    }
  }
  free.sort((left, right) => left.work.able.length - right.work.able.length);
  forgetOldClaims(claims, new Set(free.flatMap(({ work }) => work.able)));
  for (const { agent, work } of free) {
    const takesCalls = (agent.freeAt ?? now) <= now;
    const isTaken = takesCalls && takeForStopped(work);
    // With nothing to dial anywhere an agent still counts as being there.
    const claim = neediest(work.able) ?? work.claims[0];
    if (!claim) continue;
    give(claim, isTaken ? { ...agent, state: 'reserved' } : agent, work);
    if (takesCalls && !isTaken) claim.free += 1;
  }
  return claims.map(({ given, served }) => ({ agents: given, served }));
}

/** What a group has been given so far, by its weight: shared agents, and lines of trunks. */
export type GroupTurns = {
  readonly served: number;
  readonly linesServed: number;
  readonly weight: number;
};

/** The groups in the order in which they may take lines, where trunks have not enough for all. */
export function inTurnForLines<Group>(
  groups: readonly Group[],
  turnsOf: (group: Group) => GroupTurns,
): readonly Group[] {
  return inTurn(groups, (group) => lineTurnOf(turnsOf(group)));
}

/**
 * What a group has been given once it was to place calls for its agents, and placed so many. A group that
 * placed none has lost its turn for agents, and has taken no line.
 *
 * @param everybody all groups that dial, this one among them.
 */
export function afterPlacing(
  group: GroupTurns,
  placed: number,
  everybody: readonly GroupTurns[],
): Pick<GroupTurns, 'served' | 'linesServed'> {
  const { served, linesServed, weight } = group;
  if (placed === 0) {
    const most = everybody.map((one) => one.served);
    return { served: servedPassing(most, weight), linesServed };
  }
  return {
    served: servedWith(served, placed, weight),
    linesServed: servedInTurn(lineTurnOf(group), placed, everybody.map(lineTurnOf)),
  };
}

function lineTurnOf({ linesServed, weight }: GroupTurns): FairTurn {
  return { served: linesServed, weight };
}

/** Of a group: its campaigns that dial; 1 where none does. */
export function weightOf(campaigns: readonly Pick<ClaimingCampaign, 'weight' | 'dials'>[]): number {
  return campaigns.reduce((sum, { dials, weight }) => sum + (dials ? weight : 0), 0) || 1;
}

/** Whether a campaign that is to place nothing for this reason keeps agents from others. */
export function losesTurn(because: PacingReason): boolean {
  return because.kind === 'capped' && because.by !== 'leads';
}

// ── what groups want ────────────────────────────────────────────────────────────────────────────

type Claim = {
  readonly order: number;
  readonly campaigns: readonly ClaimingCampaign[];
  /** How many of them dial. */
  readonly dialing: number;
  readonly weight: number;
  /** Agents for whom its calls on the way were dialed. */
  readonly need: number;
  readonly isByForecast: boolean;
  readonly given: PacingAgent[];
  /** Of those given, agents who take a call at once. */
  free: number;
  served: number;
};

/** A campaign in the claim that it is part of. */
type Place = {
  readonly campaign: ClaimingCampaign;
  readonly claim: Claim;
  /** Agents whom its calls on the way will still take; looked at where nobody plans for it. */
  toTake: number;
};

function claimOf(group: ClaimingGroup, order: number): Claim {
  const { campaigns, served } = group;
  return {
    order,
    campaigns,
    dialing: campaigns.filter(({ dials }) => dials).length,
    weight: weightOf(campaigns),
    need: campaigns.reduce((sum, campaign) => sum + agentsMeant(campaign), 0),
    isByForecast: campaigns[0]?.mode === 'predictive',
    given: [],
    free: 0,
    served,
  };
}

/** Agents for whom the calls on the way were dialed; by forecast that is nobody, and each may need one. */
function agentsMeant({ ratio = 1, onTheWay }: ClaimingCampaign): number {
  return Math.ceil(onTheWay / ratio);
}

function placesOf(claims: readonly Claim[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const claim of claims) {
    for (const campaign of claim.campaigns) {
      places.set(campaign.id, { campaign, claim, toTake: agentsMeant(campaign) });
    }
  }
  return places;
}

// ── whom an agent works for ─────────────────────────────────────────────────────────────────────

type Work = {
  /** Groups that dial. */
  readonly claims: readonly Claim[];
  /** Campaigns that dial. */
  readonly campaigns: readonly Place[];
  /** Campaigns of groups of which none dials. */
  readonly stopped: readonly Place[];
  /** Groups that have a use for an agent who is free. */
  readonly able: readonly Claim[];
};

function workOf({ campaignIds }: PacingAgent, places: ReadonlyMap<string, Place>): Work {
  const campaigns: Place[] = [];
  const stopped: Place[] = [];
  const claims = new Set<Claim>();
  for (const id of campaignIds ?? places.keys()) {
    const place = places.get(id);
    if (place?.campaign.dials) {
      campaigns.push(place);
      claims.add(place.claim);
    } else if (place && place.claim.dialing === 0) {
      stopped.push(place);
    }
  }
  const inOrder = [...claims].sort((left, right) => left.order - right.order);
  const able = inOrder.filter((claim) => canUse(claim, campaigns));
  return { claims: inOrder, campaigns, stopped, able };
}

/** Whether an agent would get a call there: leads are due, or calls are on the way already. */
function canUse(claim: Claim, campaigns: readonly Place[]): boolean {
  return campaigns.some(
    ({ campaign, claim: own }) => own === claim && (campaign.hasLeads || campaign.onTheWay > 0),
  );
}

/** Whether a call of a stopped campaign will take this agent, who then counts for no other call. */
function takeForStopped({ stopped }: Work): boolean {
  const place = stopped.find(({ toTake }) => toTake > 0);
  if (place) place.toTake -= 1;
  return place !== undefined;
}

// ── who gets whom ───────────────────────────────────────────────────────────────────────────────

function giveBusy(agent: PacingAgent, work: Work, places: ReadonlyMap<string, Place>): void {
  const ofCall = agent.campaignId === undefined ? undefined : places.get(agent.campaignId)?.claim;
  if (ofCall && ofCall.dialing > 0) {
    give(ofCall, agent, work);
  } else if (work.claims[0]) {
    const { campaignId: _unplanned, ...other } = agent;
    give(work.claims[0], other, work);
  }
}

/** An agent who works for every dialing campaign of the group is passed on without a list of campaigns. */
function give(claim: Claim, { campaignIds, ...agent }: PacingAgent, { campaigns }: Work): void {
  const own =
    campaignIds && claim.dialing > 1 ? campaigns.filter((place) => place.claim === claim) : [];
  const isTold = own.length > 0 && own.length < claim.dialing;
  claim.given.push(
    isTold ? { ...agent, campaignIds: own.map(({ campaign }) => campaign.id) } : agent,
  );
}

function neediest(able: readonly Claim[]): Claim | undefined {
  if (able.length < 2) return able[0];
  const uncovered = able.filter(({ need, free }) => need > free);
  // By forecast far more calls are on the way than agents are meant for: those dialed for one go first.
  const urgent = uncovered.find(({ isByForecast }) => !isByForecast) ?? uncovered[0];
  return (
    urgent ?? leastServed(able, ({ served, free, weight }) => servedWith(served, free + 1, weight))
  );
}

/** A group that had no use for agents for a while does not catch up afterwards. */
function forgetOldClaims(claims: readonly Claim[], claiming: ReadonlySet<Claim>): void {
  const dialing = claims.filter((claim) => claim.dialing > 0);
  const served = withoutOldClaims(
    dialing.map((claim) => ({ served: claim.served, claims: claiming.has(claim) })),
  );
  for (const [index, claim] of dialing.entries()) {
    claim.served = present(served[index], 'every claim has been served so much');
  }
}
