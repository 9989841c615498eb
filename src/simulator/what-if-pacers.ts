/**
 * Who paces the floor of a what-if: our pacers, with all they have learned and in the windows as they
 * stand; one for each dialing group, as in the engine.
 */
import {
  createPacer,
  type Pacer,
  type PacingAgent,
  type PacingCampaign,
  type PacingPlan,
  type PacingSettings,
  type PacingSnapshot,
} from '../domain/pacing/pacer.ts';
import type { WhatIfAgent } from '../engine/ports/what-if.ts';
import type { FloorPlan, FloorPolicy, FloorSnapshot } from './rivals/rival.ts';
import { type SharingGroup, shareFreeAgents } from './what-if-agents.ts';
import type { Play, PlayedCampaign } from './what-if-floor.ts';

type Asked = Pick<Play, 'planEveryMs' | 'planOnEvents'>;
type Observation = Parameters<Pacer['observe']>[0];

/** How long talks last is known; to learn it anew from each would cost most of the time there is. */
const isTaught = ({ kind }: Observation): boolean =>
  kind !== 'talk-ended' && kind !== 'wrap-up-ended';

/** A campaign that has its agents to itself. */
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

/** Campaigns that are planned as one, mostly because they share agents and predict. */
type PlayedGroup = SharingGroup & {
  readonly campaigns: readonly PlayedCampaign[];
  readonly pacer: Pacer;
};

/** Campaigns that share agents. */
export function sharedPolicy(
  campaigns: readonly PlayedCampaign[],
  crew: readonly WhatIfAgent[] | undefined,
  asked: Asked,
): FloorPolicy {
  const groups = compose(campaigns, crew).map(groupOf);
  const groupById = new Map(groups.flatMap((group) => [...group.ids].map((id) => [id, group])));
  let turn = 0;
  return {
    name: 'groups',
    planEveryMs: asked.planEveryMs,
    planOnEvents: asked.planOnEvents,
    observe(observation) {
      const { campaignId } = observation;
      if (campaignId === undefined || !isTaught(observation)) return;
      groupById.get(campaignId)?.pacer.observe(observation);
    },
    plan(snapshot) {
      // Scarce lines go around.
      turn = (turn + 1) % groups.length;
      return planAll(groups, snapshot, turn);
    },
  };
}

function planAll(groups: readonly PlayedGroup[], snapshot: FloorSnapshot, turn: number): FloorPlan {
  const shares = groups.length > 1 ? shareFreeAgents(groups, snapshot) : undefined;
  let { linesFree, callsAllowedNow } = snapshot;
  const byCampaign: { readonly campaignId: string; readonly place: number }[] = [];
  const cancel: string[] = [];
  for (let index = 0; index < groups.length; index += 1) {
    const group = groups[(turn + index) % groups.length] as PlayedGroup;
    const agents = shares ? (shares.get(group) ?? []) : snapshot.agents;
    const own = { ...partOf(group, snapshot, agents), linesFree, callsAllowedNow };
    const plan = group.pacer.plan(own);
    for (const { campaignId, place } of plan.byCampaign ?? []) {
      byCampaign.push({ campaignId, place });
    }
    cancel.push(...plan.cancel.filter((id) => mayCancel(group, snapshot, id)));
    linesFree -= plan.place;
    callsAllowedNow -= plan.place;
    if (shares) noteServed(group, groups, plan);
  }
  return { place: byCampaign.reduce((sum, { place }) => sum + place, 0), cancel, byCampaign };
}

/** Free agents were given to a group: it used them for so many calls, or it lost its turn. */
function noteServed(
  group: PlayedGroup,
  groups: readonly PlayedGroup[],
  { place, because }: PacingPlan,
): void {
  if (place > 0) group.served += place / group.weight;
  else if (because.kind === 'capped' && because.by !== 'leads') {
    group.served = Math.max(...groups.map(({ served }) => served)) + 1 / group.weight;
  }
}

/** What a group sees of the floor. */
function partOf(
  { campaigns, ids }: PlayedGroup,
  snapshot: FloorSnapshot,
  agents: readonly PacingAgent[],
): PacingSnapshot {
  const isOurs = ({ campaignId }: { readonly campaignId?: string }): boolean =>
    campaignId !== undefined && ids.has(campaignId);
  const views = campaigns.map((campaign) =>
    viewOf(campaign, snapshot, agents, campaigns.length > 1),
  );
  return {
    now: snapshot.now,
    agents,
    calls: snapshot.calls.filter(isOurs),
    waiting: snapshot.waiting.filter(isOurs),
    bank: views.map(({ bank }) => bank).reduce(sumOf),
    linesFree: snapshot.linesFree,
    callsAllowedNow: snapshot.callsAllowedNow,
    leadsLeft: views.reduce((sum, { leadsLeft }) => sum + leadsLeft, 0),
    campaigns: views,
  };
}

function viewOf(
  { id, weight, bank, pacing }: PlayedCampaign,
  snapshot: FloorSnapshot,
  agents: readonly PacingAgent[],
  isShared: boolean,
): PacingCampaign {
  const played = snapshot.campaigns?.find((one) => one.id === id);
  const isOwn = ({ campaignId }: { readonly campaignId?: string }): boolean => campaignId === id;
  const onTheWay = snapshot.calls.filter(isOwn).length + snapshot.waiting.filter(isOwn).length;
  const talking = snapshot.agents.filter((one) => one.state === 'talking' && isOwn(one)).length;
  const { linesPerAgentMax, linesPerAgentMin, abandonment } = pacing.settings;
  const able = agents.filter(({ campaignIds }) => campaignIds?.includes(id) ?? true).length;
  const perAgent =
    isShared && linesPerAgentMax !== undefined
      ? Math.floor(linesPerAgentMax * able) - onTheWay
      : Number.POSITIVE_INFINITY;
  return {
    id,
    weight,
    bank: played ? sumOf(bank, played.bank) : bank,
    leadsLeft: played?.leadsLeft ?? 0,
    linesFree: Math.max(0, Math.min(pacing.linesMax - onTheWay - talking, perAgent)),
    ...(linesPerAgentMin === undefined ? {} : { linesPerAgentMin }),
    abandonment,
  };
}

/** Only where the call's own campaign lets it be given up by now. */
function mayCancel({ campaigns }: PlayedGroup, snapshot: FloorSnapshot, callId: string): boolean {
  const call = snapshot.calls.find(({ id }) => id === callId);
  const campaign = campaigns.find(({ id }) => id === call?.campaignId);
  const afterMs = campaign?.pacing.settings.cancelAfterRingingMs;
  return call !== undefined && afterMs !== undefined && snapshot.now - call.since >= afterMs;
}

/** Campaigns that predict and can be reached from one another over an agent; the others by themselves. */
function compose(
  campaigns: readonly PlayedCampaign[],
  crew: readonly WhatIfAgent[] | undefined,
): readonly (readonly PlayedCampaign[])[] {
  const predicting = campaigns.filter(({ pacing }) => pacing.settings.mode === 'predictive');
  const partOfId = new Map<string, Set<string>>(predicting.map(({ id }) => [id, new Set([id])]));
  for (const { campaignIds } of crew ?? [{}]) {
    const own = campaignIds?.filter((id) => partOfId.has(id)) ?? [...partOfId.keys()];
    const joined = new Set(own.flatMap((id) => [...(partOfId.get(id) ?? [])]));
    for (const id of joined) partOfId.set(id, joined);
  }
  const together = [...new Set(partOfId.values())].map((ids) =>
    campaigns.filter(({ id }) => ids.has(id)),
  );
  const apart = campaigns.filter((one) => !predicting.includes(one)).map((one) => [one]);
  return [...together, ...apart];
}

function groupOf(campaigns: readonly PlayedCampaign[]): PlayedGroup {
  const records = campaigns.flatMap(({ id, learned }) => (learned ? [[id, learned] as const] : []));
  return {
    campaigns,
    ids: new Set(campaigns.map(({ id }) => id)),
    weight: campaigns.reduce((sum, { weight }) => sum + weight, 0) || 1,
    pacer: createPacer(settingsOf(campaigns), {
      schemaVersion: 2,
      campaigns: Object.fromEntries(records),
    }),
    served: 0,
  };
}

/** One campaign's own settings; of several, what each of them allows. */
function settingsOf(campaigns: readonly PlayedCampaign[]): PacingSettings {
  const [first] = campaigns as [PlayedCampaign, ...PlayedCampaign[]];
  if (campaigns.length === 1) return first.pacing.settings;
  const all = campaigns.map(({ pacing }) => pacing.settings);
  const cancels = all.flatMap(({ cancelAfterRingingMs }) => cancelAfterRingingMs ?? []);
  const { mode, abandonment } = first.pacing.settings;
  return {
    mode,
    abandonment,
    ringTimeoutMs: Math.max(...all.map(({ ringTimeoutMs }) => ringTimeoutMs)),
    ...(cancels.length === 0 ? {} : { cancelAfterRingingMs: Math.min(...cancels) }),
  };
}
