/** Calls whose disposition was waited for in vain: a supervisor records it, or gives the call back. */
import { callOf, mayBeGivenBack } from '../domain/agents/agent-shift.ts';
import { isDispositionMissing, stepNegotiation } from '../domain/negotiations/negotiation.ts';
import { given } from '../lib/given.ts';
import type { CallId } from '../lib/ids.ts';
import { type Said, say } from '../words/say.ts';
import { askedBy, type CommandResult, type SupervisorCommand } from './commands.ts';
import { isDialedAgain, sayOfCall } from './dispose-call.ts';
import { forgetIfUnseen } from './follow-call.ts';
import { contextNeedsOf, loadedCall } from './load-call.ts';
import type { Memory } from './memory.ts';
import { refusalOf } from './move-negotiation.ts';
import { campaignOf } from './settle-call.ts';
import type { AgentAtWork, LiveCall } from './state.ts';
import type { Turn } from './turn.ts';

type CorrectCommand = Extract<SupervisorCommand, { kind: 'correct-disposition' }>;
type GiveBackCommand = Extract<SupervisorCommand, { kind: 'give-back-call' }>;
type Refused = Extract<CommandResult, { ok: false }>;

/** Records what came of the call in the agent's place, as a correction with the supervisor's name. */
export function correctDisposition(turn: Turn, command: CorrectCommand): CommandResult {
  const { callId, byUserId, address } = command;
  const found = undisposed(turn, callId);
  if (!found) return refusalOf('lacks-no-disposition');
  const { live, leadMovedOn } = found;
  if (holderOf(turn, callId)) return notNow(say('agent-has-it'));
  if (isDialedAgain(turn, live)) return notNow(say('being-called-again'));
  const agentId = live.call.agentId ?? byUserId;
  const by = { agentId, byUserId, leadMovedOn, ...given({ address }) };
  const { refused } = sayOfCall(turn, by, live, 'corrected', command);
  if (refused) return refusalOf(refused);
  if (!turn.state.calls.has(callId)) {
    // In memory for as long as it takes to tell of it.
    turn.draft.set(turn.state.calls, callId, live);
    turn.batch.callOver(callId);
  }
  turn.tellShift(agentId, { kind: 'corrected', callId });
  audit(turn, command, command.code);
  return { ok: true };
}

/** The agent of the call, who does nothing else now, is to say what came of it. */
export function giveBackCall(turn: Turn, command: GiveBackCommand): CommandResult {
  const { callId } = command;
  const live = undisposed(turn, callId)?.live;
  if (!live) return refusalOf('lacks-no-disposition');
  const agentId = live.call.agentId;
  const agent = agentId && turn.state.agents.get(agentId);
  if (!agent || agent.shift.activity.kind === 'ended') {
    return { ok: false, code: 'no-shift', detail: say('agent-of-call-away') };
  }
  if (!mayBeGivenBack(agent.shift)) return notNow(say('agent-is-busy'));
  show(turn, agent, live);
  const { dispositionWaitMs } = campaignOf(turn, live).campaign;
  const signal = { kind: 'given-back', callId, dispositionWaitMs } as const;
  turn.tellShift(agent.shift.agentId, signal);
  audit(turn, command);
  return { ok: true };
}

type Found = {
  readonly live: LiveCall;
  /** The lead was called again since: what is said now of this call does not move it. */
  readonly leadMovedOn: boolean;
};

/** The call, from memory or the store, while it lacks its disposition. */
function undisposed(turn: Turn, callId: CallId): Found | undefined {
  const known = turn.state.calls.get(callId);
  if (known && !isDispositionMissing(known.negotiation)) return undefined;
  if (known) {
    const stored = turn.prepared.of({ kind: 'lead', leadId: known.call.leadId });
    const movedAt = stored?.lead.lastAttemptAt ?? 0;
    return { live: known, leadMovedOn: movedAt > (known.lead.lastAttemptAt ?? 0) };
  }
  const found = turn.prepared.of({ kind: 'undisposed-call', callId });
  if (!found) return undefined;
  const [context, file] = contextNeedsOf(turn.state, found.call, turn.now);
  const { prepared } = turn;
  const live = loadedCall(turn.state, found.call, prepared.of(context), prepared.of(file));
  const { leadAtPlacing } = live;
  // The fact of it is stored.
  const { negotiation } = stepNegotiation(
    live.negotiation,
    { kind: 'given-up', isListed: true },
    turn.now,
  );
  // Its lead was planned when the disposition was given up: this call is among the attempts already.
  const attempts = Math.max(0, leadAtPlacing.attempts - 1);
  return {
    live: { ...live, negotiation, leadAtPlacing: { ...leadAtPlacing, attempts } },
    leadMovedOn: (live.lead.lastAttemptAt ?? 0) > found.missingAt,
  };
}

/** Who has the call to dispose. */
function holderOf(memory: Memory, callId: CallId): AgentAtWork | undefined {
  return [...memory.state.agents.values()].find(({ shift }) => callOf(shift) === callId);
}

/** Back on the agent's screen, in the place of the last one. */
function show(turn: Turn, agent: AgentAtWork, live: LiveCall): void {
  const { id, connectedAt } = live.call;
  const before = agent.callId;
  if (!turn.state.calls.has(id)) turn.draft.set(turn.state.calls, id, live);
  turn.draft.change(agent, {
    callId: id,
    ...given({ callConnectedAt: connectedAt }),
  });
  if (before && before !== id) forgetIfUnseen(turn, before);
}

function notNow(detail: Said): Refused {
  return { ok: false, code: 'not-now', detail };
}

function audit({ batch }: Turn, command: CorrectCommand | GiveBackCommand, to?: string): void {
  const entry = {
    at: batch.now,
    ...askedBy(command),
    subject: 'call' as const,
    subjectId: command.callId,
    change: command.kind,
    ...given({ to }),
  };
  batch.change({ kind: 'insert-audit', entry });
}
