import type { ShiftTimer } from '../domain/agents/agent-shift.ts';
import type { CallTimer } from '../domain/calls/call.ts';
import type { AgentId, ApprovalId, CallId } from '../lib/ids.ts';

/** What is to be decided when a moment has come. */
export type Timer =
  | { readonly of: 'call'; readonly callId: CallId; readonly timer: CallTimer }
  | { readonly of: 'shift'; readonly agentId: AgentId; readonly timer: ShiftTimer }
  /** A lost screen did not come back soon enough for the call in progress. */
  | { readonly of: 'screen'; readonly agentId: AgentId }
  /** The next look at a call in doubt. */
  | { readonly of: 'suspect'; readonly callId: CallId }
  /** Nobody decided about a request in time. */
  | { readonly of: 'approval'; readonly approvalId: ApprovalId }
  /** A PBX that is back is taken for it once more. */
  | { readonly of: 'telephony' };

/** Two timers with the same key are the same one. */
export function keyOfTimer(timer: Timer): string {
  const about = aboutOfTimer(timer);
  return about === undefined ? timer.of : `${timer.of} ${about} ${nameOf(timer)}`;
}

/** The call, the agent or the request that it belongs to. */
export function aboutOfTimer(timer: Timer): CallId | AgentId | ApprovalId | undefined {
  if ('callId' in timer) return timer.callId;
  if ('approvalId' in timer) return timer.approvalId;
  return 'agentId' in timer ? timer.agentId : undefined;
}

/** Without the one that it belongs to, for the log. */
export function kindOfTimer(timer: Timer): string {
  return 'timer' in timer ? `${timer.of} ${timer.timer}` : timer.of;
}

function nameOf(timer: Timer): string {
  return 'timer' in timer ? timer.timer : '';
}
