import { FIRST_WATCH } from '../domain/abandonment/alarm.ts';
import { keptFrom } from '../domain/abandonment/ledger.ts';
import { ABSENCE_MAX_MS, callOf } from '../domain/agents/agent-shift.ts';
import type { Call, CallTimer } from '../domain/calls/call.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import type { Fact } from '../domain/facts.ts';
import { stepNegotiation } from '../domain/negotiations/negotiation.ts';
import { assert, unreachable } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { CallId } from '../lib/ids.ts';
import { type EpochMs, startOfLocalDay } from '../lib/time.ts';
import { armApprovals } from './approvals.ts';
import { groupOfOne } from './dialing-groups.ts';
import type { Draft } from './draft.ts';
import { type Remembering, readLearning, teachLaterFacts } from './keep-learning.ts';
import { contextNeedsOf, loadedCall } from './load-call.ts';
import type { Memory } from './memory.ts';
import type { EngineLog } from './mistakes.ts';
import { ENGINE_STREAM, type Held } from './ports/commit.ts';
import type { ShiftRecord } from './ports/records.ts';
import type { Store, StoreView } from './ports/store.ts';
import { askingOf, keepAnswers } from './prepared.ts';
import { credentialsOf } from './run-command.ts';
import { dayNeedsOf, moveTimes, readDayAgain } from './set-clock.ts';
import { type CampaignRuntime, type EngineState, isLive, type LiveCall } from './state.ts';
import { Turn } from './turn.ts';
import { newTrunkRuntime, trunkWasBusy } from './watch-trunk.ts';

/** A bridge that was asked for before a crash is asked about again after this. */
const BRIDGE_RECHECK_MS = 3_000;

/** Reads into memory what the last process left. Calls it left alive are kept until the PBX is asked. */
export async function loadState(
  store: Store,
  draft: Draft,
  profiles: ReadonlyMap<string, ComplianceProfile>,
  zone: string,
  now: EpochMs,
  log?: EngineLog,
): Promise<EngineState> {
  return store.read(async (view) => {
    const trunks = (await view.trunks()).map(newTrunkRuntime);
    const upTo = await view.lastFactSequence(ENGINE_STREAM);
    const last = await newestFact(view, upTo);
    const known = upTo > 0 ? trunks.map((one) => trunkWasBusy(one, now)) : trunks;
    const state: EngineState = {
      campaigns: new Map(),
      agents: new Map(),
      headsets: new Map(),
      calls: new Map(),
      legs: new Map(),
      suspects: new Map(),
      trunks: new Map(known.map((one) => [one.trunk.id, one])),
      callerIds: await view.callerIds(),
      callerIdHealth: new Map(await view.callerIdHealth()),
      creditors: new Map((await view.creditors()).map((one) => [one.id, one])),
      legalEntities: new Map((await view.legalEntities()).map((one) => [one.id, one])),
      people: new Map((await view.people()).map((one) => [one.id, one])),
      approvals: new Map((await view.openApprovals()).map((one) => [one.id, one])),
      profiles,
      telephony: { up: false, since: now, because: 'starting' },
      storageRoom: { room: 'ok', since: now },
      draining: false,
      ...(last && last.at <= now ? { knownUntil: last.at } : {}),
      upTo,
    };
    const memory = { state, draft };
    await loadCampaigns(memory, view, zone, now, log);
    await loadCalls(memory, view, now);
    await loadShifts(memory, view, zone, now);
    await teachLaterFacts(memory, view);
    return state;
  });
}

async function loadCampaigns(
  { state, draft }: Remembering,
  view: StoreView,
  zone: string,
  now: EpochMs,
  log: EngineLog | undefined,
): Promise<void> {
  const todayFrom = startOfLocalDay(now, zone);
  const watches = await view.bankWatches();
  const saved = await readLearning(view, log);
  const versions = await view.newestSettingVersions('campaign');
  for (const campaign of await view.campaigns()) {
    const profile = state.profiles.get(campaign.profileId);
    assert(
      profile,
      `campaign ${campaign.name} names the compliance profile ${campaign.profileId}, which is not in config/compliance`,
    );
    const { learned, upTo } = saved.get(campaign.id) ?? {};
    const group = groupOfOne(campaign, profile, learned);
    const runtime: CampaignRuntime = {
      campaign,
      settingVersion: versions.get(campaign.id) ?? 0,
      group,
      learning: { isChanged: upTo === undefined, savedUpTo: upTo ?? 0 },
      agentIds: new Set(),
      shownAt: 0,
      passesBefore: 0,
      noLeadsBefore: 0,
      nextLeadAt: Number.POSITIVE_INFINITY,
      today: await view.campaignCounts(campaign.id, todayFrom),
      todayFrom,
      abandonment: {
        ledger: await view.abandonmentLedger(
          campaign.id,
          keptFrom(profile.abandonment.window, now, profile.zone),
        ),
        watch: watches.get(campaign.id) ?? FIRST_WATCH,
      },
      leads: await view.leadFunnel(campaign.id, now),
    };
    group.members.push(runtime);
    draft.set(state.campaigns, campaign.id, runtime);
  }
  for (const { campaignId, agentId } of await view.assignments()) {
    const runtime = state.campaigns.get(campaignId);
    if (runtime) draft.add(runtime.agentIds, agentId);
  }
}

async function loadCalls(
  { state, draft }: Remembering,
  view: StoreView,
  now: EpochMs,
): Promise<void> {
  for (const call of await view.liveCalls()) {
    const live = await loadCall(view, state, call, now);
    draft.set(state.calls, call.id, live);
    draft.set(state.legs, call.legId, call.id);
    const trunk = state.trunks.get(call.trunkId);
    if (trunk) draft.change(trunk, { callsNow: trunk.callsNow + 1 });
  }
}

async function loadShifts(
  memory: Remembering,
  view: StoreView,
  zone: string,
  now: EpochMs,
): Promise<void> {
  const { state, draft } = memory;
  const dayFrom = startOfLocalDay(now, zone);
  for (const record of await view.openShifts()) {
    const { shift, headset } = record;
    const totals = await view.agentTotals(shift.agentId, dayFrom);
    const callId = await loadShownCall(memory, view, record, now);
    const callConnectedAt = callId && connectedAtOf(shift, state.calls.get(callId)?.call);
    const agent = {
      shift,
      headset,
      totals,
      ...(callId ? { callId } : {}),
      ...given({ callConnectedAt }),
    };
    draft.set(state.agents, shift.agentId, agent);
    draft.set(state.headsets, headset.id, shift.agentId);
  }
}

/** The call an agent was in or had still to dispose goes back to the screen. */
async function loadShownCall(
  { state, draft }: Remembering,
  view: StoreView,
  { shift }: ShiftRecord,
  now: EpochMs,
): Promise<CallId | undefined> {
  const { activity } = shift;
  const undisposed = activity.kind === 'paused' ? activity.undisposedCallId : undefined;
  const callId = callOf(shift) ?? undisposed;
  if (callId === undefined || activity.kind === 'reserved') return undefined;
  const call = state.calls.get(callId)?.call ?? (await view.call(callId));
  if (!call) return undefined;
  const live = state.calls.get(callId) ?? (await loadCall(view, state, call, now));
  if (undisposed) {
    // The fact of it is stored.
    const { negotiation } = stepNegotiation(
      live.negotiation,
      { kind: 'given-up', isListed: true },
      now,
    );
    draft.change(live, { negotiation });
  }
  draft.set(state.calls, callId, live);
  return callId;
}

/** Since when this agent had the call, who may have taken it over from another. */
function connectedAtOf(
  { agentId, activity }: ShiftRecord['shift'],
  call: Call | undefined,
): EpochMs | undefined {
  if (activity.kind === 'talking') return activity.since;
  if (activity.kind === 'wrapping-up' && activity.talkedSince !== undefined) {
    return activity.talkedSince;
  }
  return call?.agentId === agentId ? call.connectedAt : undefined;
}

/** The first turn of a process: timers are armed again, screens have to come back, the PBX is told. */
export async function takeUpWork(turn: Turn, store: Store): Promise<void> {
  const { state, batch } = turn;
  await noticeClockSetBack(turn, store);
  let recoveredCalls = 0;
  for (const live of state.calls.values()) {
    if (!isLive(live)) continue;
    recoveredCalls += 1;
    armCallTimer(turn, live, batch.now);
  }
  for (const [agentId, agent] of state.agents) {
    const { activity } = agent.shift;
    if (activity.kind === 'wrapping-up') {
      turn.timers.set({ of: 'shift', agentId, timer: 'wrap-up' }, activity.until);
    }
    if (activity.kind === 'undisposed') {
      turn.timers.set({ of: 'shift', agentId, timer: 'disposition' }, activity.until);
    }
    if (activity.kind === 'available' && activity.freeAt !== undefined) {
      turn.timers.set({ of: 'shift', agentId, timer: 'free' }, activity.freeAt);
    }
    if (agent.shift.restsAt !== undefined) {
      turn.timers.set({ of: 'shift', agentId, timer: 'rest' }, agent.shift.restsAt);
    }
    // An agent who was away already has to be missed again: the timer died with the process.
    turn.timers.set({ of: 'shift', agentId, timer: 'absence' }, batch.now + ABSENCE_MAX_MS);
    turn.tellShift(agentId, { kind: 'screen-lost' });
    batch.effect({ kind: 'open-headset', credentials: credentialsOf(turn, agent) });
  }
  armApprovals(turn);
  batch.effect({
    kind: 'set-trunks',
    trunks: [...state.trunks.values()].map(({ trunk }) => trunk),
  });
  const held = [...state.calls.values()].filter(isLive).map(({ call }) => heldBy(call));
  batch.change({ kind: 'reconcile-claims', stream: ENGINE_STREAM, held });
  batch.fact({ kind: 'server-started', recoveredCalls });
}

/**
 * What the last process did was before now. Where its last fact says otherwise the clock was set back
 * meanwhile, and a call would ring on until the moment of the old clock has come again.
 */
async function noticeClockSetBack(memory: Turn, store: Store): Promise<void> {
  const { state, now } = memory;
  const last = await store.read((view) => newestFact(view, state.upTo));
  if (!last || last.at <= now) return;
  const turn = new Turn(memory, now);
  moveTimes(turn, now - last.at);
  await store.commit(turn.batch.commit(state.upTo, turn.epoch));
  await keepAnswers(askingOf(store), turn.prepared, dayNeedsOf(memory, now));
  readDayAgain(memory, now, turn.prepared);
}

function heldBy({ legId, debtorId, phone }: Call): Held {
  return { legId, debtorId, phone };
}

async function loadCall(
  view: StoreView,
  state: EngineState,
  call: Call,
  now: EpochMs,
): Promise<LiveCall> {
  const [{ callId, leadId }, { debtorId, campaignId, creditorIds }] = contextNeedsOf(
    state,
    call,
    now,
  );
  const context = {
    candidate: await view.lead(leadId),
    attemptsByPhone: await view.attemptsByPhone(leadId),
    talk: await view.talkRecord(callId),
  };
  const file = await view.debtorFile(debtorId, creditorIds, now);
  const agentsWhoKnow = await view.agentsWhoKnow(debtorId, campaignId);
  return loadedCall(state, call, context, { agentsWhoKnow, ...given({ file }) });
}

async function newestFact(view: StoreView, sequence: number): Promise<Fact | undefined> {
  const [newest] = await view.facts({ stream: ENGINE_STREAM, after: sequence - 1, limit: 1 });
  return newest;
}

/** After a start every socket has to come back, so calls in progress are given longer than a blip. */
export function extendScreenTimers(memory: Memory, now: EpochMs): void {
  for (const [agentId, agent] of memory.state.agents) {
    if (callOf(agent.shift) === undefined) continue;
    memory.timers.set({ of: 'screen', agentId }, now + memory.limits.screenReturnMs);
  }
}

function armCallTimer(memory: Memory, { call }: LiveCall, now: EpochMs): void {
  const set = (timer: CallTimer, at: EpochMs): void =>
    memory.timers.set({ of: 'call', callId: call.id, timer: timer }, at);
  if (call.hangUpIntent) set('hang-up', now + BRIDGE_RECHECK_MS);
  switch (call.state.kind) {
    case 'placing':
    case 'ringing':
    case 'screening':
    case 'waiting':
      // Only the PBX knows what became of it; its timer is armed with the survey.
      return;
    case 'connecting':
      set('bridge', now + BRIDGE_RECHECK_MS);
      return;
    case 'stranded':
      set('grace', now + call.graceMs);
      return;
    case 'announcing':
      set('announcement', now + call.graceMs);
      return;
    case 'talking':
    case 'ended':
      return;
    default:
      unreachable(call.state);
  }
}
