/** One drawn moment of a floor, as the engine has it and as the floor model of a what-if shows it. */
import fc from 'fast-check';
import { FIRST_WATCH } from '../../src/domain/abandonment/alarm.ts';
import type { Activity } from '../../src/domain/agents/agent-shift.ts';
import { messageAt } from '../../src/domain/calls/standing.ts';
import type { CampaignPacing } from '../../src/domain/campaigns/settings.ts';
import type { PacingAgent } from '../../src/domain/pacing/pacer.ts';
import { groupOfOne, pacingSettings } from '../../src/engine/dialing-groups.ts';
import { Draft } from '../../src/engine/draft.ts';
import type { Memory } from '../../src/engine/memory.ts';
import type { WhatIfAgent } from '../../src/engine/ports/what-if.ts';
import {
  type CampaignRuntime,
  EMPTY_COUNTS,
  EMPTY_TOTALS,
  type LiveCall,
} from '../../src/engine/state.ts';
import type { FloorSnapshot } from '../../src/floor-model/rivals/rival.ts';
import type { AgentId, CallId, CampaignId } from '../../src/lib/ids.ts';
import type { PlayedCampaign } from '../../src/what-if/floor.ts';
import { shippedProfile } from '../domain/compliance/builders.ts';
import { aCall, aHeadset, aShift, PLACED_AT } from '../support/builders.ts';
import { aCampaign, aTrunk } from '../support/store.ts';

export type DrawnCampaign = {
  readonly pacing: CampaignPacing;
  readonly weight: number;
  readonly ringing: number;
  readonly waiting: number;
  readonly leads: number;
  /** What its group was given of shared agents so far. */
  readonly served: number;
};

export type DrawnAgent = {
  /** `held`: rests between calls. */
  readonly doing: 'available' | 'held' | 'talking' | 'wrapping-up';
  /** Indexes of campaigns; an agent who works for none of the present ones works for all. */
  readonly works: readonly number[];
  /** Of the campaigns worked for, whose call an agent is busy with. */
  readonly busyWith: number;
};

export type DrawnFloor = {
  readonly campaigns: readonly DrawnCampaign[];
  readonly agents: readonly DrawnAgent[];
};

export const NOW = PLACED_AT + 60_000;
const LINES = 40;
const PROFILE = shippedProfile('demonstration');

const idOf = (place: number): CampaignId => `campaign_${place}`;
const agentOf = (place: number): AgentId => `user_${place}`;

const drawnPacing: fc.Arbitrary<CampaignPacing> = fc.oneof(
  fc.record(
    {
      mode: fc.constant('predictive' as const),
      linesMax: fc.integer({ min: 0, max: 30 }),
      linesPerAgentMax: fc.constantFrom(1, 2.5),
      linesPerAgentMin: fc.constantFrom(0.5, 1),
    },
    { requiredKeys: ['mode', 'linesMax'] },
  ),
  fc.record({
    mode: fc.constant('ratio' as const),
    ratio: fc.constantFrom(1, 1.5, 2, 3),
    linesMax: fc.integer({ min: 0, max: 30 }),
  }),
  fc.record({
    mode: fc.constant('progressive' as const),
    linesMax: fc.integer({ min: 0, max: 30 }),
  }),
);

export const drawnFloor: fc.Arbitrary<DrawnFloor> = fc.record({
  campaigns: fc.array(
    fc.record({
      pacing: drawnPacing,
      weight: fc.constantFrom(1, 2, 3, 5),
      ringing: fc.integer({ min: 0, max: 6 }),
      waiting: fc.integer({ min: 0, max: 2 }),
      leads: fc.constantFrom(0, 1, 7),
      served: fc.constantFrom(0, 0.5, 2, 10),
    }),
    { minLength: 2, maxLength: 5 },
  ),
  agents: fc.array(
    fc.record({
      doing: fc.constantFrom('available', 'available', 'held', 'talking', 'wrapping-up'),
      works: fc.subarray([0, 1, 2, 3, 4]),
      busyWith: fc.nat(4),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

/** Places of the campaigns that an agent works for. */
function worksOf({ works }: DrawnAgent, { campaigns }: DrawnFloor): readonly number[] {
  const own = works.filter((place) => place < campaigns.length);
  return own.length > 0 ? own : [...campaigns.keys()];
}

function busyWith(agent: DrawnAgent, floor: DrawnFloor): number {
  const own = worksOf(agent, floor);
  return own[agent.busyWith % own.length] as number;
}

// ── as the engine has it ────────────────────────────────────────────────────────────────────────

/** The memory of an engine with only the parts that pacing reads. */
export function memoryOf(floor: DrawnFloor): Memory {
  const trunk = aTrunk({ channelsMax: LINES, callsPerSecondMax: LINES });
  const calls = callsOf(floor);
  return {
    draft: new Draft(),
    state: {
      campaigns: new Map(floor.campaigns.map((_, place) => [idOf(place), runtimeOf(floor, place)])),
      agents: new Map(
        floor.agents.map((agent, n) => [
          agentOf(n),
          {
            shift: aShift({ agentId: agentOf(n), activity: activityOf(agent, n) }),
            headset: aHeadset(),
            totals: EMPTY_TOTALS,
          },
        ]),
      ),
      calls: new Map(calls.map((live) => [live.call.id, live])),
      trunks: new Map([[trunk.id, { trunk, callsNow: 0, placedAt: [] }]]),
      profiles: new Map([[PROFILE.id, PROFILE]]),
    },
  } as unknown as Memory;
}

function campaignOf({ campaigns }: DrawnFloor, place: number) {
  const { weight, pacing } = campaigns[place] as DrawnCampaign;
  return aCampaign({ id: idOf(place), weight, pacing });
}

function runtimeOf(floor: DrawnFloor, place: number): CampaignRuntime {
  const { leads, served } = floor.campaigns[place] as DrawnCampaign;
  const campaign = campaignOf(floor, place);
  const group = { ...groupOfOne(campaign, PROFILE), served };
  const runtime: CampaignRuntime = {
    campaign,
    settingVersion: 0,
    group,
    learning: { isChanged: false, savedUpTo: 0 },
    agentIds: new Set(
      floor.agents.flatMap((agent, n) =>
        worksOf(agent, floor).includes(place) ? [agentOf(n)] : [],
      ),
    ),
    shownAt: 0,
    passesBefore: 0,
    noLeadsBefore: leads > 0 ? 0 : NOW + 1_000,
    nextLeadAt: NOW + 1_000,
    today: EMPTY_COUNTS,
    todayFrom: 0,
    abandonment: { ledger: [], watch: FIRST_WATCH },
    leads: { total: 9, finished: 0, suppressed: 0, dialing: 0, due: leads, held: [] },
  };
  group.members.push(runtime);
  return runtime;
}

function callsOf(floor: DrawnFloor): readonly LiveCall[] {
  const some = (
    count: number,
    id: (n: number) => CallId,
    state: 'ringing' | 'waiting',
    at: number,
  ) => Array.from({ length: count }, (_, n) => aLiveCall(id(n), state, at));
  return [
    ...floor.campaigns.flatMap(({ ringing, waiting }, place) => [
      ...some(ringing, (n) => `call_ringing_${place}_${n}`, 'ringing', place),
      ...some(waiting, (n) => `call_waiting_${place}_${n}`, 'waiting', place),
    ]),
    ...floor.agents.flatMap((agent, n) => {
      const place = busyWith(agent, floor);
      if (agent.doing === 'talking') return [aLiveCall(`call_of_${n}`, 'talking', place)];
      return agent.doing === 'wrapping-up' ? [aLiveCall(`call_of_${n}`, 'ended', place)] : [];
    }),
  ];
}

function aLiveCall(
  id: CallId,
  state: 'ringing' | 'waiting' | 'talking' | 'ended',
  place: number,
): LiveCall {
  return {
    call: aCall({ id, state, campaignId: idOf(place) }),
    agentGuaranteed: false,
  } as LiveCall;
}

function activityOf({ doing }: DrawnAgent, n: number): Activity {
  if (doing === 'held') return { kind: 'available', since: PLACED_AT, freeAt: NOW + 5_000 };
  const { activity } = aShift({ activity: doing });
  return 'callId' in activity ? { ...activity, callId: `call_of_${n}` } : activity;
}

// ── as the floor model shows it ─────────────────────────────────────────────────────────────────

export function playedCampaigns(floor: DrawnFloor): readonly PlayedCampaign[] {
  return floor.campaigns.map(({ weight, pacing }, place) => {
    const played = {
      linesMax: pacing.linesMax,
      settings: pacingSettings(campaignOf(floor, place), PROFILE),
    };
    const bank = { answers: 0, abandoned: 0 };
    return { id: idOf(place), weight, answerRate: 0.2, bank, now: played, pacing: played };
  });
}

/** What a campaign's group was given so far. */
export function servedOf({ campaigns }: DrawnFloor, id: string): number {
  return campaigns.find((_, place) => idOf(place) === id)?.served ?? 0;
}

export function crewOf(floor: DrawnFloor): readonly WhatIfAgent[] {
  return floor.agents.map((agent) => idsOf(agent, floor));
}

/** No list means all. */
function idsOf(agent: DrawnAgent, floor: DrawnFloor): { readonly campaignIds?: CampaignId[] } {
  const works = worksOf(agent, floor);
  return works.length === floor.campaigns.length ? {} : { campaignIds: works.map(idOf) };
}

export function snapshotOf(floor: DrawnFloor): FloorSnapshot {
  const calls = callsOf(floor).map(({ call }) => call);
  return {
    now: NOW,
    agents: floor.agents.map((agent): PacingAgent => {
      const { doing } = agent;
      const own = { since: PLACED_AT, ...idsOf(agent, floor) };
      if (doing === 'held') return { ...own, state: 'available', freeAt: NOW + 5_000 };
      if (doing === 'available') return { ...own, state: doing };
      return { ...own, state: doing, campaignId: idOf(busyWith(agent, floor)) };
    }),
    calls: calls.flatMap(({ id, state, placedAt, campaignId }) =>
      state.kind === 'ringing'
        ? [{ id, state: 'ringing', placedAt, since: state.since, campaignId }]
        : [],
    ),
    waiting: calls.flatMap((call) => {
      const { state, campaignId, answeredAt = 0 } = call;
      return state.kind === 'waiting'
        ? [{ answeredAt, deadlineAt: messageAt(call) ?? answeredAt, campaignId }]
        : [];
    }),
    campaigns: floor.campaigns.map(({ weight, leads }, place) => ({
      id: idOf(place),
      weight,
      bank: { answers: 0, abandoned: 0 },
      leadsLeft: leads,
    })),
    bank: { answers: 0, abandoned: 0 },
    linesFree: LINES,
    callsAllowedNow: LINES,
    leadsLeft: 0,
    ...{ pausedAgents: 0, linesInConversation: 0, deadLines: 0, callsToday: 0, answersToday: 0 },
    ...{ dropsToday: 0, connectedAnswersDisposedToday: 0, callsLastMinute: 0 },
    ...{ answersLastMinute: 0, dropsLastMinute: 0 },
  };
}
