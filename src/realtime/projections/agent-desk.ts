/** What one agent's screen shows, except the debtor (`pop.ts`). */

import { type Activity, type AgentShift, signOutAskedBy } from '../../domain/agents/agent-shift.ts';
import { PAUSE_MAX_MS } from '../../domain/agents/pauses.ts';
import { type Campaign, WRAP_UP_DEFAULT_MS } from '../../domain/campaigns/campaign.ts';
import { DISPOSITIONS } from '../../domain/dispositions/catalog.ts';
import type { Disposition } from '../../domain/dispositions/disposition.ts';
import type { NegotiationDraft } from '../../domain/negotiations/negotiation.ts';
import type { DeskCallState, DeskState, Queries, RightPartyState } from '../../engine/queries.ts';
import { unreachable } from '../../lib/assert.ts';
import { given } from '../../lib/given.ts';
import { formatPhone } from '../../lib/phone-number.ts';
import type { EpochMs } from '../../lib/time.ts';
import type {
  Activity as ActivityView,
  Desk,
  DeskCall,
  DeskCampaign,
  DispositionView,
  RightPartyCheck,
  TypedDraft,
} from '../../protocol/agent.ts';

/** Number keys; the first nine of the screen's order are pinned to them. */
const KEYS_MAX = 9;

export function presentDesk(state: DeskState, queries: Queries): Desk {
  const { shift, today } = state;
  return {
    serverNow: queries.now(),
    shift: shift
      ? {
          id: shift.id,
          startedAt: shift.startedAt,
          activity: presentActivity(shift.activity),
          headsetPinned: shift.headset.pinned,
          pauseAsked: shift.pauseAsked ?? null,
          restsAt: shift.restsAt ?? null,
          signOutAsked: shift.signOutAsked ?? null,
          bySupervisor: bySupervisor(shift),
          today: { ...today },
        }
      : null,
    campaigns: state.campaigns.map((campaign) => presentCampaign(campaign, queries)),
    dispositions: offered(state, queries),
    pauseMaxMs: { ...PAUSE_MAX_MS },
    call: state.call ? presentCall(state.call) : null,
    telephonyUp: state.telephonyUp,
  };
}

export function presentActivity(activity: Activity): ActivityView {
  if (activity.kind !== 'talking') return activity;
  const { kind, since, callId } = activity;
  return { kind, since, callId };
}

export function bySupervisor(shift: AgentShift): NonNullable<Desk['shift']>['bySupervisor'] {
  return {
    pause: shift.pauseAskedBy !== undefined,
    rest: shift.restAskedBy !== undefined,
    signOut: signOutAskedBy(shift) !== undefined,
  };
}

export function creditorNames(campaign: Campaign, queries: Queries): string[] {
  return campaign.creditorIds.map((id) => queries.creditor(id)?.name ?? id);
}

function presentCampaign(campaign: Campaign, queries: Queries): DeskCampaign {
  const { id, name, state, promiseDaysMax } = campaign;
  return { id, name, state, promiseDaysMax, creditors: creditorNames(campaign, queries) };
}

function presentCall(desk: DeskCallState): DeskCall {
  const { call } = desk;
  const { state } = call;
  return {
    callId: call.id,
    campaignId: call.campaignId,
    state: callStateOf(desk),
    phone: desk.isCardOpen || desk.dispositionMissing ? formatPhone(call.phone) : null,
    answeredAt: call.answeredAt ?? null,
    connectedAt: desk.connectedAt ?? null,
    endedAt: endedAtOf(desk),
    ending: state.kind === 'ended' ? { outcome: state.outcome, hungUpBy: state.hungUpBy } : null,
    rightPartyConfirmed: desk.rightPartyConfirmed,
    rightParty: desk.rightParty ? presentRightParty(desk.rightParty) : null,
    disposition: desk.disposition ?? null,
    dispositionMissing: desk.dispositionMissing,
    draft: desk.draft ? presentDraft(desk.draft) : null,
  };
}

function presentDraft({ revision, code, note, form }: NegotiationDraft): TypedDraft {
  return { revision, ...given({ code }), note, form };
}

function presentRightParty(state: RightPartyState): RightPartyCheck {
  const { party, items, missing, needed, knownVoiceAllowed, misses } = state;
  return {
    party,
    items: [...items],
    missing: [...missing],
    needed,
    knownVoiceAllowed,
    misses,
    refusal: state.may ? null : state.reason,
    until: state.may ? (state.until ?? null) : null,
  };
}

function callStateOf({ call: { state } }: DeskCallState): DeskCall['state'] {
  switch (state.kind) {
    case 'placing':
    case 'ringing':
    case 'screening':
    case 'waiting':
    case 'connecting':
      return 'connecting';
    case 'talking':
      return 'talking';
    case 'stranded':
      return 'stranded';
    // The person hears a message without an agent: for the agent the call is over.
    case 'announcing':
    case 'ended':
      return 'ended';
    default:
      return unreachable(state);
  }
}

function endedAtOf({ call: { state } }: DeskCallState): EpochMs | null {
  if (state.kind === 'ended') return state.at;
  return state.kind === 'announcing' ? state.since : null;
}

/** The dispositions of the call's campaign; without a call those of the agent's campaigns. */
function offered(state: DeskState, queries: Queries): DispositionView[] {
  const inHand = state.call && queries.campaign(state.call.call.campaignId);
  const campaigns = inHand ? [inHand] : state.campaigns;
  const chosen = DISPOSITIONS.filter((one) => one.setBy === 'agent' && isOffered(one, campaigns));
  const [first] = campaigns;
  const ordered = first && first.dispositionIds.length > 0 ? inOrder(chosen, first) : chosen;
  const wrapUpMs = inHand?.wrapUpMs ?? first?.wrapUpMs ?? WRAP_UP_DEFAULT_MS;
  return ordered.map((one, place) => presentDisposition(one, place, wrapUpMs));
}

function isOffered({ id }: Disposition, campaigns: readonly Campaign[]): boolean {
  return campaigns.some(
    ({ dispositionIds }) => dispositionIds.length === 0 || dispositionIds.includes(id),
  );
}

function inOrder(chosen: readonly Disposition[], campaign: Campaign): readonly Disposition[] {
  const place = ({ id }: Disposition) => {
    const found = campaign.dispositionIds.indexOf(id);
    return found === -1 ? campaign.dispositionIds.length : found;
  };
  return [...chosen].sort((left, right) => place(left) - place(right));
}

function presentDisposition(one: Disposition, place: number, wrapUpMs: number): DispositionView {
  return {
    code: one.code,
    label: one.label,
    group: groupOf(one),
    key: place < KEYS_MAX ? place + 1 : null,
    needsRightParty: one.rightParty === true,
    form: one.form ?? 'none',
    wrapUpMs: one.wrapUpMs ?? wrapUpMs,
  };
}

function groupOf({ category, person, rightParty }: Disposition): DispositionView['group'] {
  if (category === 'technical') return person === false ? 'nobody' : 'technical';
  return rightParty === false ? 'third-party' : 'right-party';
}
