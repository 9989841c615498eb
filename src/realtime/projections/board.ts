/** What the supervisors' screens show. */
import type { Campaign } from '../../domain/campaigns/campaign.ts';
import { settingsOf } from '../../domain/campaigns/change-settings.ts';
import {
  SETTING_NAMES,
  type Setting,
  type SettingName,
  settingOf,
} from '../../domain/campaigns/settings.ts';
import type {
  BoardAgentState,
  BoardCampaignState,
  BoardState,
  Queries,
} from '../../engine/queries.ts';
import { lastFour } from '../../lib/phone-number.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { Board, BoardAgent, BoardCampaign } from '../../protocol/supervisor.ts';
import { bySupervisor, creditorNames, presentActivity } from './agent-desk.ts';
import { presentPlan } from './plan.ts';

export function presentBoard(state: BoardState, queries: Queries, noBackUpSince?: EpochMs): Board {
  const { telephony, storage } = state;
  return {
    serverNow: queries.now(),
    telephony: { up: telephony.up, because: telephony.because ?? null, since: telephony.since },
    storage: {
      room: storage.room,
      since: storage.since,
      freeBytes: storage.freeBytes ?? null,
      heldUp: storage.heldUp ?? null,
    },
    noBackUpSince: noBackUpSince ?? null,
    trunks: state.trunks.map(({ trunk, callsNow, suspendedUntil, because }) => ({
      id: trunk.id,
      name: trunk.name,
      callsNow,
      channelsMax: trunk.channelsMax,
      suspendedUntil: suspendedUntil ?? null,
      because: because ?? null,
    })),
    callerIdsResting: [...state.callerIdsResting],
    campaigns: state.campaigns.map((one) => presentCampaign(one, queries)),
    agents: state.agents.map((one) => presentAgent(one, queries)),
  };
}

function presentCampaign(state: BoardCampaignState, queries: Queries): BoardCampaign {
  const { campaign, plan, leads } = state;
  return {
    id: campaign.id,
    name: campaign.name,
    creditors: creditorNames(campaign, queries),
    ...presentSettings(campaign),
    settingVersion: state.settingVersion,
    bounds: state.bounds,
    plan: plan ? presentPlan(plan, campaign.id) : null,
    live: state.live,
    agents: state.agents,
    today: state.today,
    abandonment: {
      ...state.abandonment,
      worstHalfHour: state.abandonment.worstHalfHour ?? null,
      doing: state.abandonment.doing ?? null,
    },
    leads: { ...leads, held: leads.held.map((one) => ({ ...one })) },
    blockers: [...state.blockers],
    agentIds: [...state.agentIds],
  };
}

type SettingsShown = Pick<BoardCampaign, SettingName>;

/**
 * The present settings. For one the mode does not have: null for a limit, otherwise its lowest
 * value.
 */
function presentSettings(campaign: Campaign): SettingsShown {
  const held = settingsOf(campaign);
  return Object.fromEntries(
    SETTING_NAMES.map((name) => [name, held[name] ?? absentSetting(settingOf(name))]),
  ) as SettingsShown;
}

function absentSetting(entry: Setting): number | null {
  return entry.kind === 'number' && !entry.isLimit ? entry.bounds.min : null;
}

function presentAgent(state: BoardAgentState, queries: Queries): BoardAgent {
  const { person, shift, call } = state;
  const campaign = call && queries.campaign(call.campaignId);
  return {
    id: person.id,
    name: person.name,
    shift: shift
      ? {
          startedAt: shift.startedAt,
          activity: presentActivity(shift.activity),
          screenConnected: shift.screen.connected,
          headsetPinned: shift.headset.pinned,
          pauseAsked: shift.pauseAsked ?? null,
          restsAt: shift.restsAt ?? null,
          signOutAsked: shift.signOutAsked ?? null,
          bySupervisor: bySupervisor(shift),
          campaignName: campaign?.name ?? null,
          callPhone: call ? lastFour(call.phone) : null,
          callsToday: state.callsToday,
        }
      : null,
    campaignIds: [...state.campaignIds],
  };
}
