/**
 * What needs the approval of a second person: it is asked for, and done in the turn in which another
 * person approves it, in the name of who asked. The rules are in `domain/approvals/approval.ts`.
 */
import {
  type Approvable,
  type Approval,
  type ApprovalRefusal,
  type ApprovalSignal,
  beginApproval,
  stepApproval,
  subjectOf,
} from '../domain/approvals/approval.ts';
import { unreachable } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import { type ApprovalId, newId, type UserId } from '../lib/ids.ts';
import { type Said, say } from '../words/say.ts';
import { refusalOfReach } from './command-reach.ts';
import {
  askedBy,
  type CommandRefusal,
  type CommandResult,
  type SupervisorCommand,
} from './commands.ts';
import type { Memory } from './memory.ts';
import type { Need } from './ports/needs.ts';
import { scopeOfUser } from './ports/scope.ts';
import { reviewUnwanted, unwantedBlock } from './review-unwanted.ts';
import type { Turn } from './turn.ts';

type AskCommand = Extract<SupervisorCommand, { kind: 'ask-approval' }>;
type DecideCommand = Extract<SupervisorCommand, { kind: 'decide-approval' }>;
type WithdrawCommand = Extract<SupervisorCommand, { kind: 'withdraw-approval' }>;
type By = Pick<SupervisorCommand, 'byUserId' | 'address'>;

/** Requests that wait for a decision; nobody would find theirs among more. */
const OPEN_APPROVALS_MAX = 1_000;

export function askApproval(turn: Turn, command: AskCommand): CommandResult {
  const { state, batch } = turn;
  const { asks, byUserId, address, because } = command;
  if (!turn.approvalNeededFor.has(asks.kind)) {
    return refuse('approval-not-needed', say('do-it-yourself'));
  }
  const ground = groundOf(turn, asks);
  if (ground === undefined) return refuse('unknown-block', say('nothing-blocked'));
  if ([...state.approvals.values()].some((one) => isAbout(one, asks))) {
    return refuse('approval-asked-already', say('wait-for-decision'));
  }
  if (state.approvals.size >= OPEN_APPROVALS_MAX) {
    return refuse('not-now', say('too-many-approvals'));
  }
  const id = newId('approval', batch.now, turn.random);
  const begun = beginApproval(
    { id, asks, ground, askedBy: byUserId, because, ...given({ askedFrom: address }) },
    batch.now,
  );
  if (!begun.ok) return refuse(begun.refused, WHAT_TO_DO[begun.refused]);
  keep(turn, begun, command);
  turn.timers.set({ of: 'approval', approvalId: id }, begun.approval.expiresAt);
  return { ok: true };
}

export function decideApproval(turn: Turn, command: DecideCommand): CommandResult {
  const { approves, byUserId, because } = command;
  const approval = turn.state.approvals.get(command.approvalId);
  if (!approval) return refuse('approval-over', WHAT_TO_DO['approval-over']);
  if (!approves) return follow(turn, approval, { kind: 'refuse', byUserId, because }, command);
  const ground = groundOf(turn, approval.asks);
  const mayAskerAsk = mayStillAsk(turn, approval);
  const signal = { kind: 'approve', byUserId, because, mayAskerAsk, ...given({ ground }) } as const;
  return follow(turn, approval, signal, command);
}

export function withdrawApproval(turn: Turn, command: WithdrawCommand): CommandResult {
  const { byUserId } = command;
  const approval = turn.state.approvals.get(command.approvalId);
  if (!approval) return refuse('approval-over', WHAT_TO_DO['approval-over']);
  return follow(turn, approval, { kind: 'withdraw', byUserId }, command);
}

/** Its time may be over; where the clock was set back it is not yet. */
export function approvalTimeCame(turn: Turn, approvalId: ApprovalId): void {
  const approval = turn.state.approvals.get(approvalId);
  if (!approval) return;
  const step = stepApproval(approval, { kind: 'time-passed' }, turn.now);
  if (step.approval !== approval) keep(turn, step);
  else turn.timers.set({ of: 'approval', approvalId }, approval.expiresAt);
}

/** A request ends at a moment of the wall clock, however that was set meanwhile. */
export function armApprovals({ state, timers }: Pick<Memory, 'state' | 'timers'>): void {
  for (const { id, expiresAt } of state.approvals.values()) {
    timers.set({ of: 'approval', approvalId: id }, expiresAt);
  }
}

/** What is read to know whether the ground of it is as it was, and to do it. */
export function needsOfApprovable(turn: Turn, asks: Approvable): readonly Need[] {
  switch (asks.kind) {
    case 'release-unwanted':
      return [{ kind: 'unwanted-phones', now: turn.now }];
    default:
      return unreachable(asks.kind);
  }
}

const WHAT_TO_DO: Readonly<Record<ApprovalRefusal, Said>> = {
  'approval-over': say('approval-is-over'),
  'own-request': say('another-person-decides'),
  'not-own-request': say('asker-withdraws'),
  'approval-reason-needed': say('say-why'),
  'asker-lost-right': say('asker-lost-right'),
  'ground-changed': say('ask-anew'),
};

function refuse(code: CommandRefusal, detail: Said): CommandResult {
  return { ok: false, code, detail };
}

function isAbout(approval: Approval, asks: Approvable): boolean {
  return approval.asks.kind === asks.kind && subjectOf(approval.asks) === subjectOf(asks);
}

/** Undefined where what is asked for is gone. */
function groundOf(turn: Turn, asks: Approvable): string | undefined {
  switch (asks.kind) {
    case 'release-unwanted': {
      const block = unwantedBlock(turn, asks.blockId);
      return block && `kept by ${block.keptByUserId ?? 'nobody'}`;
    }
    default:
      return unreachable(asks.kind);
  }
}

/** Not where they were disabled, have another role or were limited since. */
function mayStillAsk(turn: Turn, { asks, askedBy: byUserId, because }: Approval): boolean {
  const asker = turn.state.people.get(byUserId);
  if (!asker?.enabled || asker.role === 'agent') return false;
  const scope = scopeOfUser(asker);
  return !refusalOfReach(turn, { kind: 'ask-approval', scope, byUserId, asks, because });
}

function follow(turn: Turn, approval: Approval, signal: ApprovalSignal, by: By): CommandResult {
  const step = stepApproval(approval, signal, turn.now);
  if (step.refused) return refuse(step.refused, WHAT_TO_DO[step.refused]);
  const done: CommandResult =
    signal.kind === 'approve' ? perform(turn, approval, signal.byUserId) : { ok: true };
  if (!done.ok) return done;
  keep(turn, step, by);
  turn.timers.clear({ of: 'approval', approvalId: approval.id });
  return done;
}

/** The command as the person who asked would have given it. */
function perform(
  turn: Turn,
  { asks, askedBy, askedFrom, because }: Approval,
  approvedBy: UserId,
): CommandResult {
  const by = { byUserId: askedBy, because, ...given({ address: askedFrom }) };
  switch (asks.kind) {
    case 'release-unwanted':
      return reviewUnwanted(
        turn,
        { kind: 'review-unwanted', blockId: asks.blockId, callAgain: true, ...by },
        approvedBy,
      );
    default:
      return unreachable(asks.kind);
  }
}

/** `by`: who asked for this step; absent: time did. */
function keep(
  turn: Turn,
  { approval, facts }: Pick<ReturnType<typeof stepApproval>, 'approval' | 'facts'>,
  by?: By,
): void {
  const { batch, draft, state } = turn;
  const isOpen = approval.state.kind === 'asked';
  if (isOpen) draft.set(state.approvals, approval.id, approval);
  else draft.delete(state.approvals, approval.id);
  batch.change({ kind: 'save-approval', approval });
  for (const fact of facts) batch.fact(fact, given({ byUserId: by?.byUserId }));
  const entry = {
    at: batch.now,
    ...(by && askedBy(by)),
    subject: 'approval' as const,
    subjectId: subjectOf(approval.asks),
    change: `approval-${approval.state.kind}`,
    to: approval.asks.kind,
    ...given({ because: reasonOf(approval) }),
  };
  batch.change({ kind: 'insert-audit', entry });
}

/** Of the newest step. */
function reasonOf({ state, because }: Approval): string | undefined {
  if (state.kind === 'asked') return because;
  return 'because' in state ? state.because : undefined;
}
