import { steadyState } from '../domain/abandonment/alarm.ts';
import { type Activity, cardOf } from '../domain/agents/agent-shift.ts';
import { alarmDoing, blockersOf, type HouseState } from '../domain/campaigns/blockers.ts';
import { profileBoundsOf } from '../domain/campaigns/change-settings.ts';
import type { Fact } from '../domain/facts.ts';
import {
  dispositionOf,
  isDispositionMissing,
  type NegotiationDraft,
} from '../domain/negotiations/negotiation.ts';
import { present } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { AgentId, CampaignId, CreditorId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { askWhatIf } from './ask-what-if.ts';
import { versionOf } from './change-campaign.ts';
import { isConfirmationStored, rightPartyState } from './confirm-right-party.ts';
import { learnedOfCampaign } from './dialing-groups.ts';
import { banksOf, campaignBank, campaignWorstHalfHour, profileOf } from './keep-bank.ts';
import type { Memory } from './memory.ts';
import type { Mistakes } from './mistakes.ts';
import type { Clock } from './ports/clock.ts';
import { isTheirs, type Scope } from './ports/scope.ts';
import type { Telephony, TelephonyHealth } from './ports/telephony.ts';
import type {
  BoardAbandonment,
  BoardAgentState,
  BoardCampaignState,
  BoardState,
  DeskCallState,
  DeskState,
  EngineHealth,
  PlanShown,
  Queries,
  StorageShown,
} from './queries.ts';
import {
  type AgentAtWork,
  type CampaignRuntime,
  EMPTY_TOTALS,
  type EngineState,
  isLive,
  type LiveCall,
} from './state.ts';
import type { Turns } from './turns.ts';

/** The parts of a running engine that its queries read; memory and turns are absent before its start. */
export type Seen = {
  readonly epoch: string;
  readonly memory?: Memory;
  readonly turns?: Pick<Turns, 'health'>;
  readonly inboxDepth: number;
  readonly inboxMax: number;
  readonly mistakes: Mistakes;
};

/** Answers the queries from memory. Those of desks and boards need a started engine. */
export function createQueries(
  seen: () => Seen,
  { clock, telephony }: { readonly clock: Clock; readonly telephony: Telephony },
): Queries {
  const state = (): EngineState | undefined => seen().memory?.state;
  const started = (): Memory => present(seen().memory, 'the engine was started');
  return {
    epoch: seen().epoch,
    upTo: () => state()?.upTo ?? 0,
    now: () => clock.now(),
    desk: (agentId) => deskOf(started(), agentId, clock.now()),
    board: (scope) => boardOf(started(), scope, clock.now()),
    seesFact: (scope, fact) => scope.kind === 'house' || seesFact(started(), scope, fact),
    health: () => healthOf(seen(), telephony.health(), clock.now()),
    call: (callId) => state()?.calls.get(callId)?.call,
    campaign: (campaignId) => state()?.campaigns.get(campaignId)?.campaign,
    learned(campaignId) {
      const runtime = state()?.campaigns.get(campaignId);
      return runtime && learnedOfCampaign(runtime);
    },
    whatIf: (campaignId, change) => askWhatIf(started(), campaignId, change, clock.now()),
    person: (userId) => state()?.people.get(userId),
    creditor: (id) => state()?.creditors.get(id as CreditorId),
    creditors: (scope) =>
      [...(state()?.creditors.values() ?? [])]
        .filter(({ id }) => isTheirs(scope, [id]))
        .sort((one, other) => one.name.localeCompare(other.name, 'pt-BR')),
    needsApproval: (kind) => started().approvalNeededFor.has(kind),
  };
}

function healthOf(
  { memory, turns, mistakes, inboxDepth, inboxMax }: Seen,
  telephony: TelephonyHealth,
  now: EpochMs,
): EngineHealth {
  return {
    inboxDepth,
    inboxMax,
    telephony,
    storage: memory ? storageOf(memory) : { room: 'ok', since: now },
    draining: memory?.state.draining ?? false,
    mistakes: mistakes.byKind(),
    callsInDoubt: memory?.state.suspects.size ?? 0,
    abandonment: memory ? banksIfAny(memory, mistakes, now) : [],
    ...(turns?.health() ?? { clockDriftMs: 0, clockJumps: 0 }),
  };
}

/** The banks, or none when they cannot be decided: the rest of the health is told all the same. */
function banksIfAny(memory: Memory, mistakes: Mistakes, now: EpochMs): ReturnType<typeof banksOf> {
  try {
    return banksOf(memory, now);
  } catch (error) {
    mistakes.note('health', error);
    return [];
  }
}

/** What one agent's screen is made of, from memory. */
function deskOf(memory: Memory, agentId: AgentId, now: EpochMs): DeskState {
  const agent = memory.state.agents.get(agentId);
  const working = agent && agent.shift.activity.kind !== 'ended' ? agent : undefined;
  const campaigns = [...memory.state.campaigns.values()]
    .filter((runtime) => runtime.agentIds.has(agentId))
    .map(({ campaign }) => campaign);
  const call = working && deskCall(memory, working, now);
  return {
    campaigns,
    today: agent?.totals ?? EMPTY_TOTALS,
    telephonyUp: memory.state.telephony.up,
    ...(working ? { shift: working.shift } : {}),
    ...(call ? { call } : {}),
  };
}

function deskCall(memory: Memory, agent: AgentAtWork, now: EpochMs): DeskCallState | undefined {
  const live = agent.callId && memory.state.calls.get(agent.callId);
  if (!live) return undefined;
  const isCardOpen = cardOf(agent.shift) === agent.callId;
  return {
    call: live.call,
    rightPartyConfirmed: isConfirmationStored(memory, live),
    isCardOpen,
    dispositionMissing: isDispositionMissing(live.negotiation),
    ...given({ connectedAt: agent.callConnectedAt }),
    ...(isCardOpen ? { rightParty: rightPartyState(memory, agent, live, now) } : {}),
    ...(isCardOpen && live.file ? { file: live.file } : {}),
    ...given({ disposition: dispositionOf(live.negotiation), draft: ownDraft(agent, live) }),
  };
}

/** Nobody sees what another agent typed. */
function ownDraft({ shift }: AgentAtWork, { negotiation }: LiveCall): NegotiationDraft | undefined {
  const { draft } = negotiation;
  return draft?.agentId === shift.agentId ? draft : undefined;
}

/** What the supervisors' boards are made of, from memory. */
function boardOf(memory: Memory, scope: Scope, now: EpochMs): BoardState {
  const { telephony, trunks, campaigns } = memory.state;
  return {
    telephony: {
      up: telephony.up,
      since: telephony.since,
      ...given({ because: telephony.because }),
    },
    storage: storageOf(memory),
    trunks: [...trunks.values()].map((one) => ({
      trunk: one.trunk,
      callsNow: one.callsNow,
      ...given({ suspendedUntil: one.suspendedUntil, because: one.suspendedBecause }),
    })),
    callerIdsResting: [...memory.state.callerIdHealth].flatMap(([number, { rest }]) =>
      rest && now < rest.until
        ? [{ number, refused: rest.refused, of: rest.of, until: rest.until }]
        : [],
    ),
    campaigns: [...campaigns.values()].flatMap((runtime) =>
      isTheirs(scope, runtime.campaign.creditorIds)
        ? [boardCampaign(memory, scope, runtime, now)]
        : [],
    ),
    agents: boardAgents(memory, scope),
  };
}

function storageOf({ state }: Memory): StorageShown {
  return { ...state.storageRoom, ...given({ heldUp: state.heldUp ?? state.unanswered }) };
}

function boardCampaign(
  memory: Memory,
  scope: Scope,
  runtime: CampaignRuntime,
  now: EpochMs,
): BoardCampaignState {
  const live = { placing: 0, ringing: 0, waiting: 0, talking: 0, announcing: 0 };
  for (const one of memory.state.calls.values()) {
    if (one.call.campaignId !== runtime.campaign.id || !isLive(one)) continue;
    live[liveKind(one.call.state.kind)] += 1;
  }
  const situation = {
    ...{ campaign: runtime.campaign, live, leads: runtime.leads },
    agents: agentsOf(memory, runtime),
    abandonment: boardAbandonment(memory, runtime, now),
  };
  return {
    ...situation,
    settingVersion: versionOf(runtime),
    today: runtime.today,
    blockers: blockersOf(houseState(memory, now), situation),
    agentIds: [...runtime.agentIds],
    bounds: profileBoundsOf(profileOf(memory.state, runtime)),
    ...(runtime.plan ? { plan: planFor(memory, scope, runtime.plan) } : {}),
  };
}

/** Without the campaigns of others that it was made together with. */
function planFor(memory: Memory, scope: Scope, plan: PlanShown): PlanShown {
  const { groupIds } = plan;
  return groupIds
    ? { ...plan, groupIds: groupIds.filter((id) => seesCampaign(memory, scope, id)) }
    : plan;
}

function houseState({ state }: Memory, now: EpochMs): HouseState {
  return {
    now,
    telephony: state.telephony,
    storeHeldUp: (state.heldUp ?? state.unanswered) !== undefined,
    diskFull: state.storageRoom.room === 'full',
    trunks: [...state.trunks.values()],
  };
}

function boardAbandonment(
  memory: Memory,
  runtime: CampaignRuntime,
  now: EpochMs,
): BoardAbandonment {
  const worstHalfHour = campaignWorstHalfHour(memory, runtime, now);
  const bank = campaignBank(memory, runtime, now);
  const { watch } = runtime.abandonment;
  const { abandonment: terms } = profileOf(memory.state, runtime);
  const state = steadyState(watch.state, bank, terms);
  const doing = alarmDoing(runtime.campaign, { ...bank, state });
  return {
    ...bank,
    ...given({ doing }),
    state,
    since: watch.since,
    alarmShare: terms.alarmShare,
    falseMachineShare: terms.falseMachineShare,
    ...(worstHalfHour ? { worstHalfHour } : {}),
  };
}

type LiveKind = keyof BoardCampaignState['live'];

function liveKind(state: string): LiveKind {
  switch (state) {
    case 'placing':
    case 'ringing':
    case 'waiting':
    case 'announcing':
      return state;
    case 'screening':
    case 'connecting':
      return 'waiting';
    default:
      return 'talking';
  }
}

const NOBODY = {
  ...{ free: 0, reserved: 0, talking: 0, wrappingUp: 0, undisposed: 0, paused: 0, absent: 0 },
};

/** What the campaign's agents do now. */
export function agentsOf(memory: Memory, runtime: CampaignRuntime): BoardCampaignState['agents'] {
  const counts = { ...NOBODY };
  for (const agentId of runtime.agentIds) {
    const shift = memory.state.agents.get(agentId)?.shift;
    if (!shift || shift.activity.kind === 'ended') continue;
    const present = shift.screen.connected && shift.headset.pinned;
    const what = present ? agentKind(shift.activity) : 'absent';
    if (what) counts[what] += 1;
  }
  return counts;
}

function agentKind(activity: Activity): keyof BoardCampaignState['agents'] | undefined {
  switch (activity.kind) {
    case 'available':
      return 'free';
    case 'reserved':
    case 'talking':
    case 'undisposed':
      return activity.kind;
    case 'paused':
      return activity.reason === 'disposition-missing' ? 'undisposed' : 'paused';
    case 'wrapping-up':
      return 'wrappingUp';
    case 'preparing':
      return 'paused';
    default:
      return undefined;
  }
}

function boardAgents(memory: Memory, scope: Scope): BoardAgentState[] {
  const agents: BoardAgentState[] = [];
  for (const person of memory.state.people.values()) {
    if (person.role !== 'agent' || !person.enabled || !seesAgent(memory, scope, person.id))
      continue;
    const agent = memory.state.agents.get(person.id);
    const working = agent && agent.shift.activity.kind !== 'ended' ? agent : undefined;
    const live = working?.callId ? memory.state.calls.get(working.callId) : undefined;
    const isShown = (one: LiveCall | undefined): one is LiveCall =>
      one !== undefined && isLive(one) && seesCampaign(memory, scope, one.call.campaignId);
    agents.push({
      person,
      callsToday: agent?.totals.calls ?? 0,
      campaignIds: campaignsOfAgent(memory, person.id).filter((id) =>
        seesCampaign(memory, scope, id),
      ),
      ...(working ? { shift: working.shift } : {}),
      ...(isShown(live) ? { call: live.call } : {}),
    });
  }
  return agents;
}

function campaignsOfAgent(memory: Memory, agentId: AgentId): readonly CampaignId[] {
  return [...memory.state.campaigns.values()].flatMap(({ campaign, agentIds }) =>
    agentIds.has(agentId) ? [campaign.id] : [],
  );
}

// ── for whom ────────────────────────────────────────────────────────────────────────────────────

function seesCampaign(memory: Memory, scope: Scope, id: CampaignId): boolean {
  const runtime = memory.state.campaigns.get(id);
  return isTheirs(scope, runtime?.campaign.creditorIds ?? []);
}

/** Those who work in a campaign of theirs, and those who work in none and may join one. */
function seesAgent(memory: Memory, scope: Scope, agentId: AgentId): boolean {
  if (scope.kind === 'house') return true;
  const campaignIds = campaignsOfAgent(memory, agentId);
  return campaignIds.length === 0
    ? scope.kind === 'creditors'
    : campaignIds.some((id) => seesCampaign(memory, scope, id));
}

/** What the house says to everybody, no matter who the creditors are. */
const TOLD_TO_ALL: ReadonlySet<Fact['body']['kind']> = new Set([
  'telephony-lost',
  'telephony-back',
  'trunk-suspended',
  'caller-id-rests',
  'server-started',
]);

function seesFact(
  memory: Memory,
  scope: Scope,
  { campaignId, callId, agentId, body }: Fact,
): boolean {
  const ofCampaign = campaignId ?? (callId && memory.state.calls.get(callId)?.call.campaignId);
  if (ofCampaign) return seesCampaign(memory, scope, ofCampaign);
  // Of a call that memory has forgotten nobody knows any more whose it was.
  if (callId) return false;
  return agentId ? seesAgent(memory, scope, agentId) : TOLD_TO_ALL.has(body.kind);
}
