import { callOf } from '../domain/agents/agent-shift.ts';
import type { CallFact } from '../domain/calls/call.ts';
import { NEVER_LEFT } from '../domain/calls/end-call.ts';
import type { CallOutcome } from '../domain/calls/outcome.ts';
import { standingOf } from '../domain/calls/standing.ts';
import { voiceAt } from '../domain/contacts/contact.ts';
import { phoneAfter } from '../domain/debtors/phone.ts';
import type { AttemptOutcome, LeadPlan } from '../domain/leads/lead.ts';
import { type AttemptsByPhone, leadAfter, nextAttempt } from '../domain/leads/next-attempt.ts';
import { dispositionOf } from '../domain/negotiations/negotiation.ts';
import { present } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import { type ContactId, newId, type PhoneId } from '../lib/ids.ts';
import { type DurationMs, type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import type { Batch } from './batch.ts';
import { held, MISTAKE_HOLD_MS } from './hold-lead.ts';
import type { Memory } from './memory.ts';
import { moveNegotiation } from './move-negotiation.ts';
import type { AgentAtWork, CampaignRuntime, LiveCall } from './state.ts';
import type { Turn } from './turn.ts';
import { callEndedWith } from './watch-caller-ids.ts';
import { legEndedOnTrunk, refusalOf, suspectsItself } from './watch-trunk.ts';

/** A lead whose call never left rests this long, so that a broken way out does not spin. */
const REFUSED_HOLD_MS = 10 * SECOND_MS;
/** And so long where the PBX was asked and went silent: it has first to be itself again. */
const NEVER_LEFT_HOLD_MS = MINUTE_MS;

type Ended = Extract<CallFact, { kind: 'call-ended' }>;

/** A leg is gone: its place in the caps is settled, the number learns, and the lead gets its next step. */
export function settleCall(
  turn: Turn,
  live: LiveCall,
  fact: Ended,
  campaign: CampaignRuntime,
): void {
  const { batch } = turn;
  batch.release(live.call.legId);
  turn.draft.delete(turn.state.legs, live.call.legId);
  turn.draft.delete(turn.state.suspects, live.call.id);
  settleAttempt(batch, live, fact);
  learnOfPhone(turn, live, fact.outcome);
  const trunk = turn.state.trunks.get(live.call.trunkId);
  if (trunk) legEndedOnTrunk(turn, trunk, fact, batch);
  if (!refusalOf(fact)) callEndedWith(turn, live.call, fact.outcome);
  if (fact.outcome === 'unwanted') blockUnwanted(turn, live);
  releaseAgents(turn, live, fact, campaign);
  recordContact(batch, live, attemptOutcome(live, fact.outcome));
  if (!isAskedAbout(live, fact)) moveNegotiation(turn, live, { kind: 'not-asked' });
  if (refusalOf(fact)) {
    giveBack(turn, live, fact, campaign);
    turn.batch.callOver(live.call.id);
  } else if (isTakenBack(live)) {
    planLead(turn, live, campaign, 'machine');
    if (!isAnybodys(turn, live)) turn.batch.callOver(live.call.id);
  } else if (live.call.connectedAt === undefined) {
    planLead(turn, live, campaign, attemptOutcome(live, fact.outcome));
    turn.batch.callOver(live.call.id);
  } else if (!isAnybodys(turn, live)) {
    giveUpDisposition(turn, live, campaign);
    turn.batch.callOver(live.call.id);
  }
}

/**
 * A call that nobody could steer any more. It counts as any other; but nothing is learned of its number,
 * nobody is asked what came of it but the supervisor, and its lead rests.
 */
export function settleGivenUp(
  turn: Turn,
  live: LiveCall,
  fact: Ended,
  campaign: CampaignRuntime,
): void {
  const { batch } = turn;
  batch.release(live.call.legId);
  settleAttempt(batch, live, fact);
  freeLine(turn, live, fact);
  recordContact(batch, live, attemptOutcome(live, fact.outcome));
  listWhereMissing(turn, live, campaign);
  restForMistake(turn, live, campaign);
}

function freeLine(turn: Turn, { call }: LiveCall, fact: Ended): void {
  const { batch } = turn;
  const trunk = turn.state.trunks.get(call.trunkId);
  if (trunk) legEndedOnTrunk(turn, trunk, fact, batch);
}

function listWhereMissing(turn: Turn, live: LiveCall, { campaign }: CampaignRuntime): void {
  if (live.call.connectedAt === undefined) return;
  giveUp(turn, live, campaign.dispositionRequired);
}

/** What came of the call may have been said already: the plan that followed from it stands. */
function restForMistake(turn: Turn, live: LiveCall, campaign: CampaignRuntime): void {
  const { batch } = turn;
  if (dispositionOf(live.negotiation) !== undefined) return;
  const notBeforeAt = batch.now + MISTAKE_HOLD_MS;
  batch.leadChanged(held(live.leadAtPlacing, 'mistake', notBeforeAt));
  dueAt(turn, campaign, notBeforeAt);
}

/** The same in parts, each of which may be decided by itself where they cannot be together. */
export function partsOfGivingUp(turn: Turn, live: LiveCall, fact: Ended): readonly (() => void)[] {
  const { batch, draft } = turn;
  const ofCampaign = (decide: (campaign: CampaignRuntime) => void) => () =>
    decide(campaignOf(turn, live));
  return [
    () => batch.release(live.call.legId),
    () => settleAttempt(batch, live, fact),
    () => {
      const trunk = turn.state.trunks.get(live.call.trunkId);
      if (trunk) draft.change(trunk, { callsNow: Math.max(0, trunk.callsNow - 1) });
    },
    () => recordContact(batch, live, attemptOutcome(live, fact.outcome)),
    ofCampaign((campaign) => listWhereMissing(turn, live, campaign)),
    ofCampaign((campaign) => restForMistake(turn, live, campaign)),
  ];
}

/** Nobody calls this number again, for any debtor, before a person has looked at it. */
function blockUnwanted(turn: Turn, live: LiveCall): void {
  const { batch } = turn;
  const { call } = live;
  const block = {
    id: newId('block', batch.now, turn.random),
    scope: 'phone' as const,
    phone: call.phone,
    reason: 'unwanted' as const,
    effectiveFrom: batch.now,
    callId: call.id,
    at: batch.now,
  };
  batch.change({ kind: 'insert-block', block });
  batch.callFact(live, { kind: 'phone-unwanted', blockId: block.id });
}

/** Nothing was dialed: the lead is what it was, with all that was promised to it, a moment later. */
function giveBack(turn: Turn, live: LiveCall, fact: Ended, campaign: CampaignRuntime): void {
  const { batch } = turn;
  const holdMs = fact.because === NEVER_LEFT ? NEVER_LEFT_HOLD_MS : REFUSED_HOLD_MS;
  const notBeforeAt = batch.now + holdMs;
  const lead = held(live.leadAtPlacing, 'retry-delay', notBeforeAt);
  turn.draft.change(live, { lead });
  batch.leadChanged(lead);
  batch.callFact(live, { kind: 'lead-planned', because: fact.outcome, notBeforeAt });
  dueAt(turn, campaign, notBeforeAt);
}

/** The campaign's list is looked at again when this lead is due. */
function dueAt({ draft }: Memory, campaign: CampaignRuntime, notBeforeAt: EpochMs): void {
  draft.change(campaign, {
    noLeadsBefore: Math.min(campaign.noLeadsBefore, notBeforeAt),
    nextLeadAt: Math.min(campaign.nextLeadAt, notBeforeAt),
  });
}

/**
 * Proved a machine when an agent had it already. Nothing is asked of them, they are free at once; should they
 * know better, they may still say what it was.
 */
function isTakenBack({ call, negotiation }: LiveCall): boolean {
  const isMachine = call.state.kind === 'ended' && call.state.outcome === 'machine';
  return isMachine && call.connectedAt !== undefined && dispositionOf(negotiation) === undefined;
}

/** Whether its agent is to say what came of it. */
function isAskedAbout(live: LiveCall, fact: Ended): boolean {
  return live.call.connectedAt !== undefined && !isTakenBack(live) && !refusalOf(fact);
}

/** Who met no agent was abandoned as far as the lead is concerned, or hung up while waiting. */
function attemptOutcome(live: LiveCall, outcome: CallOutcome): AttemptOutcome {
  if (outcome === 'machine') return outcome;
  return live.call.answeredAt !== undefined && live.call.connectedAt === undefined
    ? 'abandoned'
    : outcome;
}

function settleAttempt(batch: Batch, live: LiveCall, fact: Ended): void {
  const { call } = live;
  const settled = {
    id: call.attemptId,
    endedAt: batch.now,
    outcome: fact.outcome,
    counts: fact.counts,
    abandoned: standingOf(call) === 'abandoned',
    ...given({
      cause: fact.cause,
      techCause: fact.techCause,
      answeredAt: call.answeredAt,
      connectedAt: call.connectedAt,
      agentId: call.agentId,
    }),
    ...(call.screened ? { screened: call.screened, sampled: isSampled(call) } : {}),
  };
  batch.change({ kind: 'settle-attempt', settled });
}

function isSampled({ screened, screening }: LiveCall['call']): boolean {
  return screened?.verdict === 'machine' && screening?.sampled === true;
}

function learnOfPhone(turn: Turn, live: LiveCall, outcome: CallOutcome): void {
  const { batch } = turn;
  const { call } = live;
  const phone = live.candidate.phones.find((one) => one.id === call.phoneId);
  if (!phone) return;
  const trunk = turn.state.trunks.get(call.trunkId);
  const after = phoneAfter(phone, outcome, {
    now: batch.now,
    trunkId: call.trunkId,
    zone: turn.zone,
    trunkSuspectsItself: trunk !== undefined && suspectsItself(trunk),
    rang: call.rang,
  });
  const { candidate } = live;
  const phones = candidate.phones.map((one) => (one.id === phone.id ? after.phone : one));
  turn.draft.change(live, { candidate: { ...candidate, phones } });
  batch.change({ kind: 'save-phone', phone: after.phone });
  if (after.phone.status !== phone.status) {
    batch.callFact(live, {
      kind: 'phone-status-changed',
      from: phone.status,
      to: after.phone.status,
      because: after.because,
    });
  }
}

/** Every agent who is in the call, or was just being given it, is told that it is over. */
function releaseAgents(turn: Turn, live: LiveCall, fact: Ended, campaign: CampaignRuntime): void {
  const callId = live.call.id;
  for (const [agentId, agent] of turn.state.agents) {
    if (callOf(agent.shift) !== callId) continue;
    if (agent.callId === callId) countTalk(turn, agent, turn.batch.now);
    if (isTakenBack(live) || fact.answerWithdrawn) {
      const disposed = { kind: 'disposed', callId, wrapUpMs: 0 } as const;
      turn.tellShift(agentId, disposed);
    }
    turn.tellShift(agentId, {
      kind: 'call-over',
      callId,
      wrapUpMaxMs: campaign.campaign.wrapUpMs,
      restMs: campaign.campaign.restBetweenCallsMs,
      ...dispositionWait(campaign),
    });
  }
}

/** How long the campaign waits for a missing disposition, where it asks for one. */
export function dispositionWait({ campaign }: CampaignRuntime): { dispositionWaitMs?: DurationMs } {
  return campaign.dispositionRequired ? { dispositionWaitMs: campaign.dispositionWaitMs } : {};
}

/** The talk on an agent's screen is over for that agent. */
export function countTalk({ draft }: Memory, agent: AgentAtWork, now: EpochMs): void {
  if (agent.callConnectedAt === undefined) return;
  const talkMs = agent.totals.talkMs + Math.max(0, now - agent.callConnectedAt);
  draft.change(agent, { totals: { ...agent.totals, talkMs } });
}

function isAnybodys(memory: Memory, live: LiveCall): boolean {
  for (const agent of memory.state.agents.values()) {
    if (agent.callId === live.call.id && agent.shift.activity.kind !== 'ended') return true;
  }
  return false;
}

/** Nobody recorded what came of a talk: no outcome is invented, the lead rests, the call is listed. */
export function giveUpDisposition(turn: Turn, live: LiveCall, campaign: CampaignRuntime): void {
  if (giveUp(turn, live, campaign.campaign.dispositionRequired))
    planLead(turn, live, campaign, 'person');
}

/** Whether the disposition was still waited for. Where the campaign requires one the call is listed. */
function giveUp(turn: Turn, live: LiveCall, isListed: boolean): boolean {
  const { facts } = moveNegotiation(turn, live, { kind: 'given-up', isListed });
  const isGivenUp = facts.length > 0;
  if (isGivenUp && isListed) listUndisposed(turn.batch, live);
  return isGivenUp;
}

/** For a supervisor to correct, with the agent's name. */
function listUndisposed(batch: Batch, { call }: LiveCall): void {
  const { id: callId, campaignId, agentId } = call;
  const row = { callId, campaignId, at: batch.now, ...given({ agentId }) };
  batch.change({ kind: 'list-undisposed-call', row });
}

/** The lead's next step, from the rules of the campaign or a disposition's plan over them. */
export function planLead(
  turn: Turn,
  live: LiveCall,
  campaign: CampaignRuntime,
  outcome: AttemptOutcome,
  plan?: LeadPlan,
): void {
  const { batch } = turn;
  const next = nextAttempt({
    lead: live.leadAtPlacing,
    phones: live.candidate.phones,
    phoneId: live.call.phoneId,
    attemptsByPhone: withOutcome(live.attemptsByPhone, live.call.phoneId, outcome),
    outcome,
    rules: campaign.campaign.retryRules,
    now: batch.now,
    zone: turn.zone,
    ...(plan ? { plan } : {}),
  });
  const lead = leadAfter(live.leadAtPlacing, next, outcome, batch.now);
  turn.draft.change(live, { lead });
  batch.leadChanged(lead);
  batch.callFact(live, {
    kind: 'lead-planned',
    because: next.because,
    ...(next.kind === 'retry' ? { notBeforeAt: next.notBeforeAt } : {}),
  });
  if (next.kind === 'retry') dueAt(turn, campaign, next.notBeforeAt);
}

function withOutcome(
  tally: AttemptsByPhone,
  phoneId: PhoneId,
  outcome: AttemptOutcome,
): AttemptsByPhone {
  const ofPhone = tally[phoneId] ?? {};
  return { ...tally, [phoneId]: { ...ofPhone, [outcome]: (ofPhone[outcome] ?? 0) + 1 } };
}

/** The debtor's timeline gets one entry a call; a disposition later replaces what is said of it. */
export function recordContact(
  batch: Batch,
  live: LiveCall,
  result: string,
  more: { readonly note?: string; readonly agentName?: string } = {},
): void {
  const { call, candidate } = live;
  const contact = {
    id: `contact_${call.id.slice('call_'.length)}` as ContactId,
    debtorId: call.debtorId,
    at: call.placedAt,
    direction: 'outbound' as const,
    creditorId: candidate.creditorId,
    source: 'dialer' as const,
    result,
    ...voiceAt(call.phone),
    callId: call.id,
    campaignId: call.campaignId,
    ...more,
  };
  batch.change({ kind: 'save-contact', contact });
}

/** The campaign of a call; calls outlive nothing of their campaign, which is never deleted. */
export function campaignOf(memory: Memory, live: LiveCall): CampaignRuntime {
  return present(memory.state.campaigns.get(live.call.campaignId), 'a call belongs to a campaign');
}
