import { callOf } from '../domain/agents/agent-shift.ts';
import { say } from '../words/say.ts';
import type { AgentCommand, CommandResult } from './commands.ts';
import { moveNegotiation, refusalOf } from './move-negotiation.ts';
import type { AgentAtWork } from './state.ts';
import type { Turn } from './turn.ts';

type KeepDraft = Extract<AgentCommand, { kind: 'keep-draft' }>;

/**
 * Keeps what the agent has typed, so that another computer, a restart or the supervisor has it. Only while
 * the agent is to say what came of the call: afterwards nothing would ever take the draft away.
 */
export function keepDraft(
  turn: Turn,
  agent: AgentAtWork,
  { agentId, callId, draft }: KeepDraft,
): CommandResult {
  const live = turn.state.calls.get(callId);
  if (!live || agent.callId !== callId || !isAsked(agent)) {
    return { ok: false, code: 'not-your-call', detail: say('not-on-screen') };
  }
  const { refused } = moveNegotiation(turn, live, { kind: 'draft-typed', agentId, draft }, agentId);
  return refused ? refusalOf(refused) : { ok: true };
}

function isAsked({ shift, callId }: AgentAtWork): boolean {
  const { activity } = shift;
  if (activity.kind === 'paused') return activity.undisposedCallId === callId;
  return callOf(shift) === callId;
}
