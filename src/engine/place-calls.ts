import type { CallState } from '../domain/calls/call.ts';
import { messageAt } from '../domain/pacing/abandonment.ts';
import type { PacingForecast, PacingReason, PacingSnapshot } from '../domain/pacing/pacer.ts';
import type { CampaignId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { type DialResult, dialLeads } from './dial-leads.ts';
import { campaignBank } from './keep-bank.ts';
import type { PlanShown } from './queries.ts';
import { isOnTheWay, noteServed, type SnapshotAgent, shareAgents } from './share-agents.ts';
import { type CampaignRuntime, isGuaranteed, isLive } from './state.ts';
import { trunkState } from './watch-trunk.ts';
import type { House, Turn } from './work.ts';

/** Screens are told of a forecast this often. */
const SHOWN_EVERY_MS = 1_000;

/**
 * Looks at every running campaign: how many calls its pacer wants, and which leads get them. Whatever
 * the answer, it is kept with its reason, because "why is it not dialing?" must always have one.
 */
export async function placeCalls(house: House, turn: Turn): Promise<void> {
  const { now } = turn.batch;
  const campaigns = [...house.state.campaigns.values()];
  const running = campaigns.filter(({ campaign }) => campaign.state === 'running');
  for (const runtime of campaigns) {
    if (!running.includes(runtime))
      show(turn, runtime, 0, { code: `campaign-${runtime.campaign.state}`, values: {} });
  }
  const blocker = houseBlocker(house);
  if (blocker) {
    for (const runtime of running) show(turn, runtime, 0, blocker);
    return;
  }
  const shares = shareAgents(house, running, now);
  for (const runtime of inTurn(running)) {
    if (now - runtime.plannedAt < house.limits.paceGapMs) continue;
    runtime.plannedAt = now;
    const agents = shares.get(runtime.campaign.id) ?? [];
    const placed = await placeFor(house, turn, runtime, agents);
    if (placed !== undefined) noteServed(runtime, placed, running);
  }
}

/** Whoever was looked at longest ago comes first, so that scarce lines go around. */
function inTurn(running: readonly CampaignRuntime[]): CampaignRuntime[] {
  return [...running].sort((left, right) => left.plannedAt - right.plannedAt);
}

function houseBlocker(house: House): PlanShown['because'] | undefined {
  if (house.state.draining) return { code: 'draining', values: {} };
  if (house.state.telephony.up) return undefined;
  return {
    code: 'telephony-down',
    values: { because: house.state.telephony.because ?? '', since: house.state.telephony.since },
  };
}

/** How many were placed for agents who are free; undefined where none was to be or nothing is due. */
async function placeFor(
  house: House,
  turn: Turn,
  runtime: CampaignRuntime,
  agents: readonly SnapshotAgent[],
): Promise<number | undefined> {
  const { now } = turn.batch;
  const snapshot = snapshotFor(house, runtime, agents, now);
  const plan = runtime.pacer.plan(snapshot);
  if (plan.place === 0) {
    show(turn, runtime, 0, whyNone(house, runtime, plan.because, now), plan.forecast);
    return plan.because.kind === 'capped' ? 0 : undefined;
  }
  if (runtime.noLeadsBefore > now) {
    show(turn, runtime, 0, noLeadsDue(runtime), plan.forecast);
    return undefined;
  }
  const free = snapshot.agents.filter((agent) => agent.state === 'available').length;
  const oneToOneLeft = free - snapshot.calls.length - snapshot.waiting.length;
  const result = await dialLeads(house, turn, runtime, plan, oneToOneLeft);
  const because = resultShown(runtime, result) ?? reasonShown(plan.because);
  show(turn, runtime, result.placed, because, plan.forecast);
  return result.stopped === 'no-leads-due' ? undefined : result.placed;
}

function snapshotFor(
  house: House,
  runtime: CampaignRuntime,
  agents: readonly SnapshotAgent[],
  now: EpochMs,
): PacingSnapshot {
  const { campaign } = runtime;
  const live = liveOf(house, campaign.id);
  const others = live.filter((one) => !isGuaranteed(one));
  const calls: PacingSnapshot['calls'][number][] = [];
  const waiting: PacingSnapshot['waiting'][number][] = [];
  for (const { call } of others.filter(isOnTheWay)) {
    // A machine that is being hung up wants no agent any more.
    if (call.hangUpIntent === 'machine') continue;
    if (call.state.kind === 'waiting') {
      const answeredAt = call.answeredAt ?? now;
      waiting.push({ answeredAt, deadlineAt: messageAt(call) ?? now });
    } else if (isBeforeAgent(call.state)) {
      const since = call.state.kind === 'placing' ? call.placedAt : call.state.since;
      calls.push({ id: call.id, state: call.state.kind, placedAt: call.placedAt, since });
    }
  }
  const trunks = [...house.state.trunks.values()].map((one) => trunkState(one, now));
  const usable = trunks.filter((one) => one.enabled && (one.suspendedUntil ?? 0) <= now);
  const bank = campaignBank(house, runtime, now);
  const channelsFree = usable.reduce((sum, one) => sum + one.channelsMax - one.callsNow, 0);
  return {
    now,
    agents: withoutKept(agents, live.length - others.length),
    calls,
    waiting,
    bank: { answers: bank.answers, abandoned: bank.abandoned },
    linesFree: Math.min(campaign.pacing.linesMax - live.length, channelsFree),
    callsAllowedNow: usable.reduce((sum, one) => sum + one.callsAllowedNow, 0),
    leadsLeft: Math.max(runtime.leads.due, runtime.noLeadsBefore > now ? 0 : 1),
  };
}

/** Before an agent is sought: nobody answered yet, or it may be a machine that did. */
function isBeforeAgent(
  state: CallState,
): state is Extract<CallState, { kind: 'placing' | 'ringing' | 'screening' }> {
  return state.kind === 'placing' || state.kind === 'ringing' || state.kind === 'screening';
}

/** Agents who are kept for a call are as good as reserved. */
function withoutKept(agents: readonly SnapshotAgent[], kept: number): readonly SnapshotAgent[] {
  let left = kept;
  return agents.map((agent) => {
    if (left === 0 || agent.state !== 'available') return agent;
    left -= 1;
    return { ...agent, state: 'reserved' };
  });
}

function liveOf(house: House, campaignId: CampaignId) {
  return [...house.state.calls.values()].filter(
    (live) => live.call.campaignId === campaignId && isLive(live),
  );
}

function reasonShown(because: PacingReason): PlanShown['because'] {
  const { kind, ...values } = because;
  return { code: kind, values };
}

/** A cap of nothing at all has a cause that says more than the cap. */
function whyNone(
  house: House,
  runtime: CampaignRuntime,
  because: PacingReason,
  now: EpochMs,
): PlanShown['because'] {
  if (because.kind !== 'capped' || because.allowed > 0) return reasonShown(because);
  if (because.by === 'leads') return noLeadsDue(runtime);
  return trunksBlocker(house, now) ?? reasonShown(because);
}

function noLeadsDue({ nextLeadAt }: CampaignRuntime): PlanShown['because'] {
  const values = Number.isFinite(nextLeadAt) ? { nextAt: nextLeadAt } : {};
  return { code: 'no-leads-due', values };
}

/** No trunk is enabled, or those that are rest after failures; undefined while one may be used. */
function trunksBlocker(house: House, now: EpochMs): PlanShown['because'] | undefined {
  const enabled = [...house.state.trunks.values()].filter(({ trunk }) => trunk.enabled);
  if (enabled.length === 0) return { code: 'no-trunk', values: {} };
  const rests = enabled.map(({ suspendedUntil }) => suspendedUntil ?? 0);
  const until = Math.min(...rests);
  if (until <= now) return undefined;
  const because = enabled[rests.indexOf(until)]?.suspendedBecause ?? '';
  return { code: 'no-trunk-free', values: { because, until } };
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
  { batch }: Turn,
  runtime: CampaignRuntime,
  placed: number,
  because: PlanShown['because'],
  forecast?: PacingForecast,
): void {
  const isNews = placed > 0 || runtime.plan?.because.code !== because.code;
  // A forecast moves with every plan; screens are told of it no more often than they can be read.
  const isDue = forecast !== undefined && Math.abs(batch.now - runtime.shownAt) >= SHOWN_EVERY_MS;
  if (isNews || isDue) {
    batch.campaignIds.add(runtime.campaign.id);
    runtime.shownAt = batch.now;
  }
  runtime.plan = { at: batch.now, placed, because, ...(forecast ? { forecast } : {}) };
}
