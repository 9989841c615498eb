/** What the supervisors' screens show. */
import type { CampaignPacing } from '../../domain/campaigns/campaign.ts';
import type {
  BoardAgentState,
  BoardCampaignState,
  BoardState,
  Queries,
} from '../../engine/queries.ts';
import { lastFour } from '../../lib/phone-number.ts';
import type { Board, BoardAgent, BoardCampaign } from '../../protocol/supervisor.ts';
import { bySupervisor, creditorNames, presentActivity } from './agent-desk.ts';
import { presentPlan } from './plan.ts';

export function presentBoard(state: BoardState, queries: Queries): Board {
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
    state: campaign.state,
    mode: campaign.pacing.mode,
    ratio: ratioOf(campaign.pacing),
    linesMax: campaign.pacing.linesMax,
    ringTimeoutMs: campaign.ringTimeoutMs,
    ...presentLimits(campaign.pacing),
    cancelAfterRingingMinMs: state.cancelAfterRingingMinMs ?? null,
    restBetweenCallsMs: campaign.restBetweenCallsMs,
    dispositionRequired: campaign.dispositionRequired,
    dispositionWaitMs: campaign.dispositionWaitMs,
    promiseDaysMax: campaign.promiseDaysMax,
    amd: campaign.amd,
    amdSampleShare: campaign.amdSampleShare,
    knownVoiceAllowed: campaign.knownVoiceAllowed,
    ringAllowed: state.ringAllowed,
    abandonmentMessage: campaign.abandonmentMessage,
    plan: plan ? presentPlan(plan, campaign.id) : null,
    live: state.live,
    agents: state.agents,
    today: state.today,
    abandonment: {
      ...state.abandonment,
      worstHalfHour: state.abandonment.worstHalfHour ?? null,
    },
    leads: { ...leads, held: leads.held.map((one) => ({ ...one })) },
    agentIds: [...state.agentIds],
  };
}

/** Lines for each free agent. */
function ratioOf(pacing: CampaignPacing): number {
  return pacing.mode === 'ratio' ? pacing.ratio : 1;
}

type Limits = 'linesPerAgentMax' | 'linesPerAgentMin' | 'cancelAfterRingingMs';

function presentLimits(pacing: CampaignPacing): Pick<BoardCampaign, Limits> {
  const limit = (name: Limits): number | null =>
    (name in pacing ? (pacing as Partial<Record<Limits, number>>)[name] : undefined) ?? null;
  return {
    linesPerAgentMax: limit('linesPerAgentMax'),
    linesPerAgentMin: limit('linesPerAgentMin'),
    cancelAfterRingingMs: limit('cancelAfterRingingMs'),
  };
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
