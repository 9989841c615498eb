import {
  type ConfirmedBy,
  type ConfirmingMoment,
  mayConfirmNow,
} from '../domain/negotiations/negotiation.ts';
import { challengeOf, type EvidenceSource } from '../domain/negotiations/right-party.ts';
import { given } from '../lib/given.ts';
import type { AgentId, UserId } from '../lib/ids.ts';
import { type EpochMs, startOfLocalDay } from '../lib/time.ts';
import { say } from '../words/say.ts';
import type { AgentCommand, CommandResult } from './commands.ts';
import { count } from './count-day.ts';
import type { Memory } from './memory.ts';
import { moveNegotiation, refusalOf } from './move-negotiation.ts';
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
  const { knownVoiceAllowed } = campaignOf(turn, live).campaign;
  const { refused, confirmedBy } = moveNegotiation(
    turn,
    live,
    {
      kind: 'evidence-typed',
      evidence,
      source: sourceOf(live),
      moment: momentOf(agent, live),
      knownVoiceAllowed,
      storedUpTo: turn.state.upTo,
    },
    agent.shift.agentId,
  );
  if (refused) return refusalOf(refused);
  if (confirmedBy) confirmed(turn, agent, live, confirmedBy);
  return { ok: true };
}

function confirmed(turn: Turn, agent: AgentAtWork, live: LiveCall, evidence: ConfirmedBy): void {
  const { batch } = turn;
  const { agentId } = agent.shift;
  const { debtorId, id: callId } = live.call;
  const { totals } = agent;
  turn.draft.change(agent, { totals: { ...totals, rightParty: totals.rightParty + 1 } });
  const contact = { debtorId, callId, agentId, at: batch.now, evidence };
  batch.change({ kind: 'insert-right-party-contact', contact });
  count(turn, campaignOf(turn, live), 'rightParty', batch.now);
}

/** Who takes a confirmation back: the agent who gave it, or a supervisor in their place. */
type WithdrawnBy = {
  readonly agentId: AgentId;
  readonly byUserId?: UserId;
  readonly address?: string;
};

/** Undoes what followed from a confirmation that the disposition took back, and keeps that it was made. */
export function undoConfirmation(
  turn: Turn,
  { agentId, byUserId, address }: WithdrawnBy,
  live: LiveCall,
  because: string,
): void {
  const { batch } = turn;
  const { id: callId, connectedAt = 0 } = live.call;
  const entry = {
    at: batch.now,
    byUserId: byUserId ?? agentId,
    ...given({ address }),
    subject: 'call' as const,
    subjectId: callId,
    change: 'right-party-withdrawn',
    to: because,
  };
  batch.change({ kind: 'withdraw-right-party-contact', callId, because, at: batch.now });
  batch.change({ kind: 'insert-audit', entry });
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
  const { standing, confirmedAfter } = live.negotiation.rightParty;
  if (standing !== 'confirmed') return false;
  return confirmedAfter === undefined || state.upTo > confirmedAfter;
}

/** What the agent's screen says of confirming: what may be asked, and until when. */
export function rightPartyState(
  memory: Memory,
  agent: AgentAtWork,
  live: LiveCall,
  now: EpochMs,
): RightPartyState {
  return {
    ...challengeOf(sourceOf(live)),
    knownVoiceAllowed: campaignOf(memory, live).campaign.knownVoiceAllowed,
    misses: live.negotiation.rightParty.misses,
    ...mayConfirmNow(live.negotiation, momentOf(agent, live), now),
  };
}

function momentOf({ shift }: AgentAtWork, { call }: LiveCall): ConfirmingMoment {
  return { call, agentId: shift.agentId, activity: shift.activity };
}

/** What the creditor sent; without the file, which is read at the answer, there is the lead's debtor. */
function sourceOf({ file, candidate }: LiveCall): EvidenceSource {
  return file ?? { debtor: candidate.debtor, contracts: [] };
}
