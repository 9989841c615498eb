import type { Call } from '../domain/calls/call.ts';
import { needsGuaranteedAgent } from '../domain/leads/lead.ts';
import type { AttemptsByPhone } from '../domain/leads/next-attempt.ts';
import { resumeNegotiation } from '../domain/negotiations/negotiation.ts';
import { assert } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { EpochMs } from '../lib/time.ts';
import { profileOf } from './keep-bank.ts';
import type { Answers, Need } from './ports/needs.ts';
import type { EngineState, LiveCall } from './state.ts';

/** What is to be read of a call that the store knows and memory does not. */
export function contextNeedsOf(
  state: EngineState,
  { id: callId, leadId, debtorId, campaignId }: Call,
  now: EpochMs,
): readonly [Need & { kind: 'call-context' }, Need & { kind: 'debtor-file' }] {
  const campaign = state.campaigns.get(campaignId);
  assert(campaign, 'the campaign of a live call is stored');
  const { creditorIds } = campaign.campaign;
  return [
    { kind: 'call-context', callId, leadId },
    { kind: 'debtor-file', debtorId, campaignId, creditorIds, now },
  ];
}

/** A call as the store knows it, with everything that the engine works with. */
export function loadedCall(
  state: EngineState,
  call: Call,
  { candidate, attemptsByPhone, talk }: Answers['call-context'],
  { agentsWhoKnow, file }: Answers['debtor-file'],
): LiveCall {
  assert(candidate, 'the lead of a live call is stored');
  const campaign = state.campaigns.get(call.campaignId);
  assert(campaign, 'the campaign of a live call is stored');
  const { lead } = candidate;
  return {
    call,
    leadAtPlacing: { ...lead, state: 'ready' },
    agentGuaranteed: needsGuaranteedAgent(lead, call.placedAt, profileOf(state, campaign).zone),
    lead,
    candidate,
    agentsWhoKnow,
    attemptsByPhone: withoutCall(attemptsByPhone, call),
    negotiation: resumeNegotiation({ kind: 'call', callId: call.id }, talk),
    ...given({ file }),
  };
}

/** What was known when the call was placed: its own outcome is added when its lead is planned. */
function withoutCall(tally: AttemptsByPhone, { phoneId, state }: Call): AttemptsByPhone {
  if (state.kind !== 'ended') return tally;
  const ofPhone = tally[phoneId];
  const seen = ofPhone?.[state.outcome] ?? 0;
  return seen === 0 ? tally : { ...tally, [phoneId]: { ...ofPhone, [state.outcome]: seen - 1 } };
}
