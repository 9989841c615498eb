/**
 * Approval by a second person. Who wants something done that needs one asks for it and says why; another
 * person approves or refuses it and says why. What was asked for is kept with the request as data, and
 * is done in the moment of the approval.
 *
 *     asked ─┬─ approve ─────► approved     by another person, while its ground is as it was
 *            ├─ refuse ──────► refused      by another person
 *            ├─ withdraw ────► withdrawn    by the person who asked
 *            └─ time-passed ─► expired      nobody decided in time
 *
 * The four on the right are final: no signal changes anything any more.
 */
import type { ApprovalId, BlockId, UserId } from '../../lib/ids.ts';
import { DAY_MS, type DurationMs, type EpochMs } from '../../lib/time.ts';

/** All that may need an approval, as it is kept until then; the engine makes its command of it. */
export type Approvable = {
  /** A telephone that refused us may be called again. */
  readonly kind: 'release-unwanted';
  readonly blockId: BlockId;
};

/** A request without a decision ends after this; the longest has a weekend in it. */
export const APPROVAL_LASTS_MS: Readonly<Record<Approvable['kind'], DurationMs>> = {
  'release-unwanted': 3 * DAY_MS,
};

export type Approval = {
  readonly id: ApprovalId;
  readonly asks: Approvable;
  /** What the request was made on, as a text to compare: who had kept the block, if anybody. */
  readonly ground: string;
  readonly askedBy: UserId;
  /** IP address of who asked; absent where none is known. */
  readonly askedFrom?: string;
  readonly because: string;
  readonly askedAt: EpochMs;
  /** Not decided from this moment on. */
  readonly expiresAt: EpochMs;
  readonly state: ApprovalState;
};

export type ApprovalState =
  | { readonly kind: 'asked' }
  | {
      readonly kind: 'approved' | 'refused';
      readonly byUserId: UserId;
      readonly because: string;
      readonly at: EpochMs;
    }
  | { readonly kind: 'withdrawn' | 'expired'; readonly at: EpochMs };

export type ApprovalSignal =
  | {
      readonly kind: 'approve';
      readonly byUserId: UserId;
      readonly because: string;
      /** As it is now; absent where what was asked for is gone. */
      readonly ground?: string;
      /** Whether the person who asked may still ask for it: it is done in their name. */
      readonly mayAskerAsk: boolean;
    }
  | { readonly kind: 'refuse'; readonly byUserId: UserId; readonly because: string }
  | { readonly kind: 'withdraw'; readonly byUserId: UserId }
  /** The time of a request may be over. */
  | { readonly kind: 'time-passed' };

export type ApprovalRefusal =
  /** It was decided, withdrawn or expired before. */
  | 'approval-over'
  /** Nobody decides about their own request. */
  | 'own-request'
  /** Only the person who asked withdraws. */
  | 'not-own-request'
  | 'approval-reason-needed'
  /** The person who asked may not ask for it any more: disabled, in another role, or limited. */
  | 'asker-lost-right'
  /** What was asked for is another matter by now. */
  | 'ground-changed';

/** Reasons are not among the facts: people type names into them. The audit trail has them. */
export type ApprovalFact = {
  readonly kind: `approval-${ApprovalState['kind']}`;
  readonly approvalId: ApprovalId;
  readonly asks: Approvable['kind'];
};

/** A refused signal changes nothing and has no facts. */
export type ApprovalStep = {
  readonly approval: Approval;
  readonly facts: readonly ApprovalFact[];
  readonly refused?: ApprovalRefusal;
};

export type AskedApproval = Pick<
  Approval,
  'id' | 'asks' | 'ground' | 'askedBy' | 'askedFrom' | 'because'
>;

export type BegunApproval =
  | ({ readonly ok: true } & Omit<ApprovalStep, 'refused'>)
  | { readonly ok: false; readonly refused: 'approval-reason-needed' };

export function beginApproval(asked: AskedApproval, now: EpochMs): BegunApproval {
  if (!isReason(asked.because)) return { ok: false, refused: 'approval-reason-needed' };
  const approval: Approval = {
    ...asked,
    askedAt: now,
    expiresAt: now + APPROVAL_LASTS_MS[asked.asks.kind],
    state: { kind: 'asked' },
  };
  return { ok: true, approval, facts: [factOf(approval)] };
}

export function stepApproval(
  approval: Approval,
  signal: ApprovalSignal,
  now: EpochMs,
): ApprovalStep {
  const isOver = now >= approval.expiresAt;
  if (signal.kind === 'time-passed') {
    const expires = isOver && approval.state.kind === 'asked';
    return expires ? moved(approval, { kind: 'expired', at: now }) : { approval, facts: [] };
  }
  const refused: ApprovalRefusal | undefined =
    isOver || approval.state.kind !== 'asked' ? 'approval-over' : refusalOf(approval, signal);
  if (refused) return { approval, facts: [], refused };
  if (signal.kind === 'withdraw') return moved(approval, { kind: 'withdrawn', at: now });
  const { byUserId, because } = signal;
  const kind = signal.kind === 'approve' ? 'approved' : 'refused';
  return moved(approval, { kind, byUserId, because, at: now });
}

/** What an approval is about; at most one request is open about each. */
export function subjectOf(asks: Approvable): BlockId {
  return asks.blockId;
}

function refusalOf(
  { askedBy, ground }: Approval,
  signal: Exclude<ApprovalSignal, { kind: 'time-passed' }>,
): ApprovalRefusal | undefined {
  const isOwn = signal.byUserId === askedBy;
  if (signal.kind === 'withdraw') return isOwn ? undefined : 'not-own-request';
  if (isOwn) return 'own-request';
  if (!isReason(signal.because)) return 'approval-reason-needed';
  if (signal.kind === 'refuse') return undefined;
  if (!signal.mayAskerAsk) return 'asker-lost-right';
  return signal.ground === ground ? undefined : 'ground-changed';
}

/** Something that can be read: letters or digits, whatever invisible signs are around them. */
function isReason(because: string): boolean {
  return /[\p{L}\p{N}]/u.test(because);
}

function moved(before: Approval, state: ApprovalState): ApprovalStep {
  const approval = { ...before, state };
  return { approval, facts: [factOf(approval)] };
}

function factOf({ id, asks, state }: Approval): ApprovalFact {
  return { kind: `approval-${state.kind}`, approvalId: id, asks: asks.kind };
}
