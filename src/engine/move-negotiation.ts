import {
  type NegotiationDraft,
  type NegotiationRefusal,
  type NegotiationSignal,
  type NegotiationStep,
  stepNegotiation,
} from '../domain/negotiations/negotiation.ts';
import type { AgentId, UserId } from '../lib/ids.ts';
import { type Said, say } from '../words/say.ts';
import type { CommandRefusal, CommandResult } from './commands.ts';
import type { LiveCall } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Moves the negotiation of a call by one signal: its next state, its facts and its stored draft. What follows from a
 * confirmation or a disposition is in the answer, for the file that asked.
 */
export function moveNegotiation(
  turn: Turn,
  live: LiveCall,
  signal: NegotiationSignal,
  agentId: AgentId | undefined = live.call.agentId,
  byUserId?: UserId,
): NegotiationStep {
  const { negotiation: before } = live;
  const step = stepNegotiation(before, signal, turn.now);
  if (step.negotiation !== before) {
    turn.draft.change(live, { negotiation: step.negotiation });
  }
  storeDraft(turn, live, before.draft);
  for (const fact of step.facts) turn.batch.callFact(live, fact, agentId, byUserId);
  return step;
}

/** What was typed is stored, or removed, in the commit of what changed it. */
function storeDraft(turn: Turn, live: LiveCall, before: NegotiationDraft | undefined): void {
  const { draft } = live.negotiation;
  if (draft === before) return;
  const { id: callId, debtorId } = live.call;
  turn.batch.change(
    draft
      ? { kind: 'save-negotiation-draft', row: { callId, debtorId, draft } }
      : { kind: 'remove-negotiation-draft', callId },
  );
}

type Refused = Extract<CommandResult, { ok: false }>;

/** The refusal as the person who asked reads it. */
export function refusalOf(refused: NegotiationRefusal): Refused {
  const [code, detail] = REFUSALS[refused];
  return { ok: false, code, detail };
}

const REFUSALS: Readonly<Record<NegotiationRefusal, readonly [CommandRefusal, Said]>> = {
  'not-connected': ['not-connected', say('nobody-put-through')],
  'call-over': ['call-over', say('confirm-on-the-line')],
  'already-disposed': ['already-disposed', say('has-disposition')],
  'answered-by-machine': ['answered-by-machine', say('machine-answered')],
  'third-party-call': ['third-party-call', say('three-wrong')],
  'evidence-incomplete': ['evidence-incomplete', say('type-all-said')],
  'speaker-needed': ['speaker-needed', say('type-speaker')],
  'known-voice-not-allowed': ['known-voice-not-allowed', say('campaign-does-not-allow')],
  'reason-too-short': ['reason-too-short', say('say-how-voice-known')],
  'evidence-wrong': ['evidence-wrong', say('not-what-creditor-sent')],
  'has-disposition': ['not-now', say('has-disposition')],
  'lacks-no-disposition': ['nothing-to-change', say('lacks-no-disposition')],
  'unknown-disposition': ['unknown-disposition', say('no-such-disposition')],
  'right-party-needed': ['right-party-needed', say('confirm-first')],
  'right-party-confirmed': ['right-party-confirmed', say('say-it-was-wrong')],
  'draft-stale': ['draft-stale', say('newer-draft-kept')],
  'promise-missing': ['form-needed', say('form.promise-missing')],
  'promise-value-not-positive': ['form-invalid', say('form.promise-value-not-positive')],
  'promise-date-past': ['form-invalid', say('form.promise-date-past')],
  'promise-date-too-far': ['form-invalid', say('form.promise-date-too-far')],
  'promise-no-bank-day': ['form-invalid', say('form.promise-no-bank-day')],
  'promise-above-due': ['form-invalid', say('form.promise-above-due')],
  'callback-missing': ['form-needed', say('form.callback-missing')],
  'callback-past': ['form-invalid', say('form.callback-past')],
  'callback-too-far': ['form-invalid', say('form.callback-too-far')],
};
