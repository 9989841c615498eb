/**
 * What the decision about a message reads. It may be more than the decision then uses, since what is
 * decided before it in the same turn may change what it needs; it is never less.
 */
import type { CallId, LegId } from '../lib/ids.ts';
import { startOfLocalDay } from '../lib/time.ts';
import { needsOfApprovable } from './approvals.ts';
import type { Command } from './commands.ts';
import type { Message } from './decisions.ts';
import { contextNeedsOf } from './load-call.ts';
import type { Need } from './ports/needs.ts';
import { fileNeedOf } from './read-for-agent.ts';
import type { Turn } from './turn.ts';

/** Rounds of asking: a second one asks about what the first one found. */
export const ROUNDS_MAX = 2;

export function needsOfMessage(turn: Turn, message: Message): readonly Need[] {
  if (message.kind === 'command') return needsOfCommand(turn, message.command);
  const { signal } = message;
  return signal.kind === 'leg-answered' ? needsOfAnswer(turn, signal.legId) : [];
}

function needsOfAnswer(turn: Turn, legId: LegId): readonly Need[] {
  const need = fileNeedOf(turn, legId);
  return need ? [need] : [];
}

function needsOfCommand(turn: Turn, command: Command): readonly Need[] {
  switch (command.kind) {
    case 'open-shift': {
      const { agentId } = command;
      const since = startOfLocalDay(turn.now, turn.zone);
      const person = turn.state.people.get(agentId);
      const isKnown = person?.enabled === true && person.role === 'agent';
      const totals = { kind: 'agent-totals', agentId, since } as const;
      return isKnown ? [totals] : [totals, { kind: 'people' }];
    }
    case 'people-changed':
      return [{ kind: 'people' }];
    case 'leads-changed': {
      const { campaignId } = command;
      return [{ kind: 'lead-funnel', campaignId, now: turn.now }];
    }
    case 'review-unwanted':
      return [{ kind: 'unwanted-phones', now: turn.now }];
    case 'ask-approval':
      return needsOfApprovable(turn, command.asks);
    case 'decide-approval': {
      const approval = turn.state.approvals.get(command.approvalId);
      const isRead = command.approves || command.scope.kind !== 'house';
      return approval && isRead ? needsOfApprovable(turn, approval.asks) : [];
    }
    case 'correct-disposition':
    case 'give-back-call':
      return needsOfUndisposed(turn, command.callId);
    default:
      return [];
  }
}

/** From memory or the store. */
function needsOfUndisposed(turn: Turn, callId: CallId): readonly Need[] {
  const known = turn.state.calls.get(callId);
  if (known) return [{ kind: 'lead', leadId: known.call.leadId }];
  const undisposed = { kind: 'undisposed-call', callId } as const;
  if (!turn.prepared.has(undisposed)) return [undisposed];
  const call = turn.prepared.found(undisposed)?.call;
  if (!call) return [];
  return [{ kind: 'lead', leadId: call.leadId }, ...contextNeedsOf(turn.state, call, turn.now)];
}
