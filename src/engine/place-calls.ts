import { trunkBlocker } from '../domain/campaigns/blockers.ts';
import { limitsInForce, limitsOf } from '../domain/campaigns/limits.ts';
import { type GroupMember, groupSnapshot } from '../domain/pacing/group-snapshot.ts';
import type {
  CampaignPlan,
  PacingAgent,
  PacingForecast,
  PacingPlan,
  PacingReason,
  PacingSnapshot,
} from '../domain/pacing/pacer.ts';
import {
  type AgentShare,
  afterPlacing,
  type GroupTurns,
  inTurnForLines,
  losesTurn,
} from '../domain/pacing/share-agents.ts';
import { present } from '../lib/assert.ts';
import { MEGABYTE_BYTES } from '../lib/bytes.ts';
import { given } from '../lib/given.ts';
import { type EpochMs, SECOND_MS } from '../lib/time.ts';
import { type DialResult, dialLeads } from './dial-leads.ts';
import { pacingAbandonment, regroup } from './dialing-groups.ts';
import { campaignBank, profileOf } from './keep-bank.ts';
import type { Memory } from './memory.ts';
import { StoreHeldUpError } from './ports/store.ts';
import type { Ask } from './prepared.ts';
import type { PlanShown } from './queries.ts';
import { groupWeight, isRunning, sharesOf } from './share-agents.ts';
import { type CampaignRuntime, type DialingGroup, hasGuaranteedAgent } from './state.ts';
import { type FloorTally, tallyFloor, trunkRoom } from './tally-floor.ts';
import type { Turn } from './turn.ts';

/** Screens are told of a forecast this often. */
const SHOWN_EVERY_MS = 1_000;
/** A campaign that placed nothing of what it was to place leaves its share to its group so long. */
const PASSES_MS = SECOND_MS;

/**
 * Looks at every running campaign: how many calls its pacer wants, and which leads get them. Whatever
 * the answer, it is kept with its reason, because "why is it not dialing?" must always have one.
 */
export async function placeCalls(turn: Turn, ask: Ask): Promise<void> {
  const { draft, now } = turn;
  const begun = draft.decideOrThrow(() => begin(turn));
  if (!begun) return;
  const { groups, floor, shares } = begun;
  for (const group of inTurnForLines(groups, turnsOf)) {
    if (now - group.plannedAt < turn.limits.paceGapMs) continue;
    draft.change(group, { plannedAt: now });
    try {
      const placed = await placeFor(turn, ask, group, floor, shares.get(group)?.agents ?? []);
      if (placed !== undefined) noteServed(turn, group, placed, groups);
    } catch (error) {
      showUndecided(turn, group, error);
    }
  }
}

type Begun = {
  readonly groups: readonly DialingGroup[];
  readonly floor: FloorTally;
  readonly shares: ReadonlyMap<DialingGroup, AgentShare>;
};

/** Who may place, with which agents; undefined where nobody may. */
function begin(turn: Turn): Begun | undefined {
  const floor = tallyFloor(turn);
  const all = regroup(turn, floor);
  const groups = all.filter(({ members }) => members.some(isRunning));
  const blocker = blockerOfAll(turn);
  showBlocked(turn, blocker);
  if (blocker) return undefined;
  const shares = sharesOf(turn, all, floor, turn.now);
  for (const [group, { served }] of shares) {
    if (group.served !== served) turn.draft.change(group, { served });
  }
  return { groups, floor, shares };
}

/** The group could not be planned: it places nothing this time, which is said; the others go on. */
function showUndecided(turn: Turn, { members }: DialingGroup, error: unknown): void {
  turn.mistakes.note('plan', error);
  const code = error instanceof StoreHeldUpError ? 'store-held-up' : 'mistake';
  for (const member of members) {
    if (isRunning(member)) show(turn, member, 0, { code, values: {} });
  }
}

/** Says of every campaign why nothing is dialed: its own state, or what keeps everybody from it. */
export function showBlocked(turn: Turn, blocker: PlanShown['because'] | undefined): void {
  for (const runtime of turn.state.campaigns.values()) {
    if (!isRunning(runtime)) {
      show(turn, runtime, 0, { code: `campaign-${runtime.campaign.state}`, values: {} });
    } else if (blocker) {
      show(turn, runtime, 0, blocker);
    }
  }
}

function turnsOf(group: DialingGroup): GroupTurns {
  const { served, linesServed } = group;
  return { served, linesServed, weight: groupWeight(group) };
}

/** Agents and lines were given to a group, and it placed so many calls with them. */
function noteServed(
  { draft }: Memory,
  group: DialingGroup,
  placed: number,
  groups: readonly DialingGroup[],
): void {
  draft.change(group, afterPlacing(turnsOf(group), placed, groups.map(turnsOf)));
}

function blockerOfAll(memory: Memory): PlanShown['because'] | undefined {
  if (memory.state.draining) return { code: 'draining', values: {} };
  const { room, freeBytes = 0 } = memory.state.storageRoom;
  if (room === 'full') {
    const freeMegabytes = Math.floor(freeBytes / MEGABYTE_BYTES);
    return { code: 'disk-full', values: { freeMegabytes } };
  }
  if (memory.state.telephony.up) return undefined;
  return {
    code: 'telephony-down',
    values: { because: memory.state.telephony.because ?? '', since: memory.state.telephony.since },
  };
}

/** How many were placed for agents who are free; undefined where none was to be or nothing is due. */
async function placeFor(
  turn: Turn,
  ask: Ask,
  group: DialingGroup,
  floor: FloorTally,
  agents: readonly PacingAgent[],
): Promise<number | undefined> {
  const { draft, now } = turn;
  const { snapshot, plan } = draft.decideOrThrow(() => planFor(turn, group, floor, agents));
  let placed: number | undefined;
  let isAgentGuaranteed = false;
  for (const runtime of group.members) {
    if (!isRunning(runtime)) continue;
    const own = planOf(plan, runtime, group);
    if (own.place === 0 || isAgentGuaranteed) {
      draft.decideOrThrow(() =>
        show(turn, runtime, 0, whyNone(turn, runtime, own.because, now), own.forecast),
      );
      if (losesTurn(own.because)) placed ??= 0;
      continue;
    }
    const result = await dialLeads(turn, ask, runtime, own, agentsToGuarantee(snapshot, runtime));
    draft.decideOrThrow(() => {
      const because = resultShown(runtime, result) ?? reasonShown(own.because);
      show(turn, runtime, result.placed, because, own.forecast);
      if (result.placed === 0 && group.members.length > 1) passTurn(turn, runtime);
    });
    if (result.stopped !== 'no-leads-due') placed = (placed ?? 0) + result.placed;
    isAgentGuaranteed = result.agentGuaranteed;
  }
  return placed;
}

function planFor(
  turn: Turn,
  group: DialingGroup,
  floor: FloorTally,
  agents: readonly PacingAgent[],
): { readonly snapshot: PacingSnapshot; readonly plan: PacingPlan } {
  const snapshot = snapshotFor(turn, group, floor, agents, turn.now);
  const plan = group.pacer.plan(snapshot);
  for (const callId of plan.cancel) cancelCall(turn, callId);
  return { snapshot, plan };
}

function planOf(
  plan: PacingPlan,
  { campaign }: CampaignRuntime,
  { members }: DialingGroup,
): Pick<CampaignPlan, 'place' | 'because' | 'forecast'> {
  const own = plan.byCampaign?.find(({ campaignId }) => campaignId === campaign.id);
  if (own) return own;
  return members.length === 1 ? plan : { ...plan, place: 0 };
}

/** Nothing of its list could be dialed now: the others of its group are asked again at once. */
function passTurn(turn: Turn, runtime: CampaignRuntime): void {
  const { draft, batch } = turn;
  draft.change(runtime, { passesBefore: batch.now + PASSES_MS });
  batch.paceSoon();
}

/**
 * Agents whom a call may count on for certain. By forecast a call on the way counts on nobody in
 * particular, so that anyone who is free beyond the people who wait already may be kept.
 */
function agentsToGuarantee(
  { agents, calls, waiting }: PacingSnapshot,
  runtime: CampaignRuntime,
): number {
  const { id, pacing } = runtime.campaign;
  let free = 0;
  for (const agent of agents) {
    const isFree = agent.state === 'available' && agent.freeAt === undefined;
    if (isFree && (agent.campaignIds?.includes(id) ?? true)) free += 1;
  }
  return free - waiting.length - (pacing.mode === 'predictive' ? 0 : calls.length);
}

/** Gives up a call that rings, where its own campaign lets it be given up by now. */
function cancelCall(turn: Turn, callId: string): void {
  const { batch } = turn;
  const live = turn.state.calls.get(callId as `call_${string}`);
  if (live?.call.state.kind !== 'ringing' || live.call.hangUpIntent || hasGuaranteedAgent(live))
    return;
  const runtime = present(turn.state.campaigns.get(live.call.campaignId), 'a call has a campaign');
  const { ring } = profileOf(turn.state, runtime);
  const { cancelAfterRingingMs } = limitsInForce(runtime.campaign, ring);
  const ringMs = batch.now - live.call.state.since;
  if (cancelAfterRingingMs === undefined || ringMs < cancelAfterRingingMs) return;
  batch.callFact(live, { kind: 'call-cancelled', because: 'too-many-answers', ringMs });
  turn.tellCall(live.call.id, { kind: 'hang-up-asked', intent: 'cancelled' });
}

/** What the pacer of a group is told of this moment. */
export function snapshotFor(
  memory: Memory,
  { members }: DialingGroup,
  floor: FloorTally,
  agents: readonly PacingAgent[],
  now: EpochMs,
): PacingSnapshot {
  return groupSnapshot(
    members.map((member) => groupMember(memory, member, floor, now)),
    agents,
    trunkRoom(memory, now),
    now,
  );
}

function groupMember(
  memory: Memory,
  runtime: CampaignRuntime,
  floor: FloorTally,
  now: EpochMs,
): GroupMember {
  const { id, weight, pacing } = runtime.campaign;
  const { answers, abandoned } = campaignBank(memory, runtime, now);
  const { linesPerAgentMax, linesPerAgentMin } = limitsOf(pacing);
  const isShared = runtime.group.members.length > 1;
  const isOut =
    !isRunning(runtime) || runtime.noLeadsBefore > now || (isShared && runtime.passesBefore > now);
  return {
    ...present(floor.get(id), 'every campaign was counted'),
    id,
    weight,
    bank: { answers, abandoned },
    // The funnel is counted now and then; that something may be due is known at every moment.
    leadsLeft: isOut ? 0 : Math.max(runtime.leads.due, 1),
    linesMax: isRunning(runtime) ? pacing.linesMax : 0,
    ...given({ linesPerAgentMax, linesPerAgentMin }),
    abandonment: pacingAbandonment(runtime.campaign, profileOf(memory.state, runtime)),
  };
}

function reasonShown(because: PacingReason): PlanShown['because'] {
  const { kind, ...values } = because;
  return { code: kind, values };
}

/** A cap of nothing at all has a cause that says more than the cap. */
function whyNone(
  memory: Memory,
  runtime: CampaignRuntime,
  because: PacingReason,
  now: EpochMs,
): PlanShown['because'] {
  if (because.kind !== 'capped' || because.allowed > 0) return reasonShown(because);
  if (because.by === 'leads') {
    const passes = runtime.passesBefore > now && runtime.noLeadsBefore <= now;
    // It has leads: what kept them from being dialed a moment ago is why it passes.
    return (passes ? runtime.plan?.because : undefined) ?? noLeadsDue(runtime);
  }
  return trunksBlocker(memory, now) ?? reasonShown(because);
}

function noLeadsDue({ nextLeadAt }: CampaignRuntime): PlanShown['because'] {
  const values = Number.isFinite(nextLeadAt) ? { nextAt: nextLeadAt } : {};
  return { code: 'no-leads-due', values };
}

/** The plan's words for {@link trunkBlocker}. */
function trunksBlocker(memory: Memory, now: EpochMs): PlanShown['because'] | undefined {
  const trunks = [...memory.state.trunks.values()];
  const blocker = trunkBlocker(trunks, now);
  if (blocker?.kind !== 'trunks-suspended') return blocker && { code: blocker.kind, values: {} };
  const { until } = blocker;
  const first = trunks.find(
    ({ trunk, suspendedUntil }) => trunk.enabled && suspendedUntil === until,
  );
  return { code: 'no-trunk-free', values: { because: first?.suspendedBecause ?? '', until } };
}

/** What kept the wanted calls from being placed; undefined when all were. */
function resultShown(
  runtime: CampaignRuntime,
  result: DialResult,
): PlanShown['because'] | undefined {
  switch (result.stopped) {
    case undefined:
      return undefined;
    case 'no-leads-due':
      return noLeadsDue(runtime);
    case 'held-back':
      return { code: 'held-back', values: { ...result.refusals } };
    default:
      return { code: result.stopped, values: {} };
  }
}

function show(
  turn: Turn,
  runtime: CampaignRuntime,
  placed: number,
  because: PlanShown['because'],
  forecast?: PacingForecast,
): void {
  const { draft, batch } = turn;
  const isNews = placed > 0 || runtime.plan?.because.code !== because.code;
  // A forecast moves with every plan; screens are told of it no more often than they can be read.
  const isDue = forecast !== undefined && Math.abs(batch.now - runtime.shownAt) >= SHOWN_EVERY_MS;
  if (isNews || isDue) {
    batch.showCampaign(runtime.campaign.id);
    draft.change(runtime, { shownAt: batch.now });
  }
  const { members } = runtime.group;
  const plan = {
    at: batch.now,
    placed,
    because,
    ...(forecast ? { forecast } : {}),
    ...(members.length > 1 ? { groupIds: members.map(({ campaign }) => campaign.id) } : {}),
  };
  draft.change(runtime, { plan });
}
