import type { Call } from '../domain/calls/call.ts';
import { needsAgentFirst } from '../domain/leads/lead.ts';
import type { AttemptsByPhone } from '../domain/leads/next-attempt.ts';
import { assert } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import { profileOf } from './keep-bank.ts';
import type { StoreView } from './ports/store.ts';
import type { EngineState, LiveCall } from './state.ts';

/** A call as the store knows it, with everything that the engine works with. */
export async function loadCall(
  state: EngineState,
  view: StoreView,
  call: Call,
  now: EpochMs,
): Promise<LiveCall> {
  const candidate = await view.lead(call.leadId);
  assert(candidate, 'the lead of a live call is stored');
  const campaign = state.campaigns.get(call.campaignId);
  assert(campaign, 'the campaign of a live call is stored');
  const { lead } = candidate;
  const file = await view.debtorFile(call.debtorId, campaign.campaign.creditorIds, now);
  return {
    call,
    leadAtPlacing: { ...lead, state: 'ready' },
    agentKept: needsAgentFirst(lead, call.placedAt, profileOf(state, campaign).zone),
    lead,
    candidate,
    agentsWhoKnow: await view.agentsWhoKnow(call.debtorId, call.campaignId),
    attemptsByPhone: withoutCall(await view.attemptsByPhone(lead.id), call),
    ...(await view.talkRecord(call.id)),
    dispositionMissing: false,
    ...(file ? { file } : {}),
  };
}

/** What was known when the call was placed: its own outcome is added when its lead is planned. */
function withoutCall(tally: AttemptsByPhone, { phoneId, state }: Call): AttemptsByPhone {
  if (state.kind !== 'ended') return tally;
  const ofPhone = tally[phoneId];
  const seen = ofPhone?.[state.outcome] ?? 0;
  return seen === 0 ? tally : { ...tally, [phoneId]: { ...ofPhone, [state.outcome]: seen - 1 } };
}
