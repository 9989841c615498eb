import {
  challengeOf,
  decideRightParty,
  type EvidenceRefusal,
  type EvidenceSource,
  type MayConfirm,
  type MomentRefusal,
  mayConfirm,
  type RightPartyMoment,
  type TypedEvidence,
} from '../domain/debtors/right-party.ts';
import { unreachable } from '../lib/assert.ts';
import type { AgentId, UserId } from '../lib/ids.ts';
import { type EpochMs, startOfLocalDay } from '../lib/time.ts';
import { type Said, say } from '../words/say.ts';
import type { AgentCommand, CommandResult } from './commands.ts';
import { count } from './count-day.ts';
import type { Memory } from './memory.ts';
import type { RightPartyEvidence } from './ports/records.ts';
import type { RightPartyState } from './queries.ts';
import { campaignOf } from './settle-call.ts';
import type { AgentAtWork, LiveCall } from './state.ts';
import type { Turn } from './turn.ts';

type ConfirmCommand = Extract<AgentCommand, { kind: 'confirm-right-party' }>;

/**
 * The agent says who is on the line and by what it is known. Where it is right the debts may be shown
 * to this agent, and the debtor is left in peace for the day. Each attempt is a fact.
 */
export function confirmRightParty(
  turn: Turn,
  agent: AgentAtWork,
  { callId, evidence }: ConfirmCommand,
): CommandResult {
  const live = turn.state.calls.get(callId);
  if (!live || agent.callId !== callId) {
    return { ok: false, code: 'not-your-call', detail: say('not-on-screen') };
  }
  if (live.rightPartyConfirmed) return { ok: true };
  const { batch } = turn;
  const { agentId } = agent.shift;
  const { knownVoiceAllowed } = campaignOf(turn, live).campaign;
  const decision = decideRightParty(momentOf(agent, live, batch.now), evidence, sourceOf(live), {
    knownVoiceAllowed,
  });
  switch (decision.kind) {
    case 'refused':
      return refuse(decision.reason);
    case 'missed': {
      const { items, attempt, isThirdParty } = decision;
      turn.draft.change(live, { evidenceMisses: attempt });
      batch.callFact(live, { kind: 'right-party-asked', items, result: 'wrong', attempt }, agentId);
      if (!isThirdParty) return refuse('evidence-wrong');
      batch.callFact(live, { kind: 'third-party-presumed', attempts: attempt }, agentId);
      return refuse('third-party-call');
    }
    case 'confirmed': {
      const { by, items } = decision;
      if (by === 'answers') {
        const attempt = live.evidenceMisses + 1;
        batch.callFact(
          live,
          { kind: 'right-party-asked', items, result: 'right', attempt },
          agentId,
        );
      }
      confirmed(turn, agent, live, { by, items, ...saidWith(evidence) });
      return { ok: true };
    }
    default:
      return unreachable(decision);
  }
}

function confirmed(
  turn: Turn,
  agent: AgentAtWork,
  live: LiveCall,
  evidence: RightPartyEvidence,
): void {
  const { batch } = turn;
  const { agentId } = agent.shift;
  const { debtorId, id: callId } = live.call;
  const { totals } = agent;
  turn.draft.change(live, { rightPartyConfirmed: true, confirmedAfter: turn.state.upTo });
  turn.draft.change(agent, { totals: { ...totals, rightParty: totals.rightParty + 1 } });
  const contact = { debtorId, callId, agentId, at: batch.now, evidence };
  batch.change({ kind: 'insert-right-party-contact', contact });
  batch.callFact(live, { kind: 'right-party-confirmed', by: evidence.by }, agentId);
  count(turn, campaignOf(turn, live), 'rightParty', batch.now);
}

/** Who takes a confirmation back: the agent who gave it, or a supervisor in their place. */
type WithdrawnBy = {
  readonly agentId: AgentId;
  readonly byUserId?: UserId;
  readonly address?: string;
};

/** It was somebody else: what followed from the confirmation is undone, and that it was made is kept. */
export function withdrawRightParty(
  turn: Turn,
  { agentId, byUserId, address }: WithdrawnBy,
  live: LiveCall,
  because: string,
): void {
  const { batch } = turn;
  const { id: callId, connectedAt = 0 } = live.call;
  turn.draft.change(live, { rightPartyConfirmed: false });
  const entry = {
    at: batch.now,
    byUserId: byUserId ?? agentId,
    ...(address === undefined ? {} : { address }),
    subject: 'call' as const,
    subjectId: callId,
    change: 'right-party-withdrawn',
    to: because,
  };
  batch.change({ kind: 'withdraw-right-party-contact', callId, because, at: batch.now });
  batch.change({ kind: 'insert-audit', entry });
  batch.callFact(live, { kind: 'right-party-withdrawn', because }, agentId, byUserId);
  // What was confirmed on another day is in no count of today.
  if (connectedAt < startOfLocalDay(batch.now, turn.zone)) return;
  count(turn, campaignOf(turn, live), 'rightParty', batch.now, -1);
  const agent = turn.state.agents.get(agentId);
  if (!agent) return;
  const { totals } = agent;
  const rightParty = Math.max(0, totals.rightParty - 1);
  turn.draft.change(agent, { totals: { ...totals, rightParty } });
}

/**
 * Whether the debts may be shown: a confirmation that waits for a held-up store is none yet, because a
 * process that ends before it is stored would have shown them to somebody whom nobody confirmed.
 */
export function isConfirmationStored({ state }: Memory, live: LiveCall): boolean {
  const { rightPartyConfirmed, confirmedAfter } = live;
  return rightPartyConfirmed && (confirmedAfter === undefined || state.upTo > confirmedAfter);
}

/** What the agent's screen says of confirming: what may be asked, and until when. */
export function rightPartyState(
  memory: Memory,
  agent: AgentAtWork,
  live: LiveCall,
  now: EpochMs,
): RightPartyState {
  const may: MayConfirm = mayConfirm(momentOf(agent, live, now));
  return {
    ...challengeOf(sourceOf(live)),
    knownVoiceAllowed: campaignOf(memory, live).campaign.knownVoiceAllowed,
    misses: live.evidenceMisses,
    ...may,
  };
}

function momentOf(agent: AgentAtWork, live: LiveCall, now: EpochMs): RightPartyMoment {
  return {
    call: live.call,
    agentId: agent.shift.agentId,
    activity: agent.shift.activity,
    isDisposed: live.disposition !== undefined,
    misses: live.evidenceMisses,
    now,
  };
}

/** What the creditor sent; without the file, which is read at the answer, there is the lead's debtor. */
function sourceOf({ file, candidate }: LiveCall): EvidenceSource {
  return file ?? { debtor: candidate.debtor, contracts: [] };
}

function saidWith(evidence: TypedEvidence): Pick<RightPartyEvidence, 'reason' | 'speaker'> {
  return {
    ...(evidence.by === 'known-voice' ? { reason: evidence.reason.trim() } : {}),
    ...(evidence.speaker ? { speaker: evidence.speaker } : {}),
  };
}

type Refusal = MomentRefusal | EvidenceRefusal | 'evidence-wrong';

const DETAILS: Readonly<Record<Refusal, Said>> = {
  'not-connected': say('nobody-put-through'),
  'call-over': say('confirm-on-the-line'),
  'already-disposed': say('has-disposition'),
  'answered-by-machine': say('machine-answered'),
  'third-party-call': say('three-wrong'),
  'evidence-incomplete': say('type-all-said'),
  'speaker-needed': say('type-speaker'),
  'known-voice-not-allowed': say('campaign-does-not-allow'),
  'reason-too-short': say('say-how-voice-known'),
  'evidence-wrong': say('not-what-creditor-sent'),
};

function refuse(code: Refusal): CommandResult {
  return { ok: false, code, detail: DETAILS[code] };
}
