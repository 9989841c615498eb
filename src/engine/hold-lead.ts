/** What becomes of a lead that may not be dialed now: it rests with a reason, or is done with. */
import type { PastAttempt } from '../domain/compliance/attempt-limits.ts';
import type { Block } from '../domain/compliance/do-not-call.ts';
import type { Verdict } from '../domain/compliance/gate.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import { type RefusalReason, refusalSubject } from '../domain/compliance/refusal.ts';
import type { HoldReason, Lead, SuppressedBecause } from '../domain/leads/lead.ts';
import type { AttemptsByPhone } from '../domain/leads/next-attempt.ts';
import type { PacingReason } from '../domain/pacing/pacer.ts';
import type { DebtorId, LeadId } from '../lib/ids.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/time.ts';
import type { Memory } from './memory.ts';
import type { UnreadLead } from './ports/unread-lead.ts';
import type { CampaignRuntime } from './state.ts';
import type { Turn } from './turn.ts';

/** A lead whose route is wrongly set up rests this long before it is asked about again. */
export const ROUTE_HOLD_MS = 5 * MINUTE_MS;

/** A lead that could not be decided rests this long: whatever it was, the next minute is no better. */
export const MISTAKE_HOLD_MS = HOUR_MS;

/** One look at some leads of a campaign, with all that the gate is told. */
export type Look = {
  readonly turn: Turn;
  readonly runtime: CampaignRuntime;
  readonly profile: ComplianceProfile;
  readonly attempts: readonly PastAttempt[];
  readonly blocks: readonly Block[];
  readonly contacts: ReadonlyMap<DebtorId, EpochMs>;
  /** Of each lead that was tried; one that is missing never was. */
  readonly attemptsByPhone: ReadonlyMap<LeadId, AttemptsByPhone>;
  readonly refusals: Refusals;
  /** Why the pacer wanted calls. */
  readonly because: PacingReason['kind'];
  /** Calls that a free agent is certain for. */
  guaranteesLeft: number;
};

/** How often what kept leads of this look from being dialed; changed by {@link noteRefusal} alone. */
export type Refusals = Readonly<Record<string, number>>;

/** A lead that throws later takes back what was noted of it. */
export function noteRefusal({ draft }: Memory, refusals: Refusals, reason: string): void {
  draft.change(refusals, { [reason]: (refusals[reason] ?? 0) + 1 });
}

export type Refused = Extract<Verdict, { allowed: false }>;

/** Whether no other number of the debtor's would help. A block may stand against one number only. */
export function isAboutPerson({ blocks }: Look, lead: Lead, reason: RefusalReason): boolean {
  if (refusalSubject(reason) !== 'person') return false;
  if (reason !== 'do-not-call' && reason !== 'debt-held') return true;
  return blocks.some(
    (one) => one.scope === 'person' && one.debtorId === lead.debtorId && one.phone === undefined,
  );
}

/** No number may be dialed now: the lead rests until the first one may, or is done with. */
export function settleRefusals(
  look: Look,
  lead: Lead,
  refusals: readonly { readonly verdict: Refused }[],
): void {
  const { now } = look.turn.batch;
  const waiting = refusals
    .map(({ verdict }) => verdict)
    .filter((verdict) => verdict.retryAt !== undefined)
    .sort((left, right) => (left.retryAt ?? 0) - (right.retryAt ?? 0));
  const [soonest] = waiting;
  if (soonest) {
    holdLead(look, lead, soonest.reason, soonest.clause, Math.max(soonest.retryAt ?? 0, now + 1));
    return;
  }
  const [first] = refusals;
  if (first && refusalSubject(first.verdict.reason) === 'route') {
    holdLead(look, lead, first.verdict.reason, first.verdict.clause, now + ROUTE_HOLD_MS);
    return;
  }
  const reason = first?.verdict.reason ?? 'phone-invalid';
  noteRefusal(look.turn, look.refusals, reason);
  look.turn.batch.leadChanged(
    first && isAboutPerson(look, lead, reason)
      ? { ...lead, state: 'suppressed', suppressedBecause: suppressedBy(look, lead) }
      : { ...lead, state: 'finished', finishedBecause: 'no-phone-left' },
  );
}

/** The block that stands for good says what the lead is out for. */
function suppressedBy(look: Look, lead: Lead): SuppressedBecause {
  const block = look.blocks.find(
    (one) => one.debtorId === lead.debtorId && one.expiresAt === undefined,
  );
  switch (block?.reason) {
    case 'deceased':
    case 'lawyer':
    case 'paid':
    case 'agreement':
      return block.reason;
    case 'dispute':
      return 'disputed';
    case 'claims-paid':
      return 'paid';
    case 'creditor-stop':
      return 'withdrawn-by-creditor';
    default:
      return 'do-not-call';
  }
}

export function holdLead(
  look: Pick<Look, 'turn' | 'refusals'>,
  lead: Lead,
  reason: HoldReason,
  clause: string,
  until: EpochMs,
): void {
  noteRefusal(look.turn, look.refusals, reason);
  look.turn.batch.leadChanged({ ...held(lead, reason, until), holdClause: clause });
}

/** The lead at rest until then, for this reason and no longer for the one of before. */
export function held(lead: Lead, reason: HoldReason, until: EpochMs): Lead {
  const { holdClause: _of, ...others } = lead;
  return { ...others, state: 'waiting', notBeforeAt: until, holdReason: reason };
}

/** It could not be decided. */
export function holdMistaken(
  look: Pick<Look, 'turn' | 'refusals'>,
  lead: Lead,
  error: unknown,
): void {
  look.turn.mistakes.note('lead', error, { leadId: lead.id });
  holdLead(look, lead, 'mistake', '', look.turn.batch.now + MISTAKE_HOLD_MS);
}

/** It could not even be read, or its debtor could not. */
export function holdUnread(
  turn: Turn,
  { campaign }: CampaignRuntime,
  refusals: Refusals,
  { leadId, error }: UnreadLead,
): void {
  const { batch } = turn;
  turn.mistakes.note('lead', error, { leadId });
  noteRefusal(turn, refusals, 'mistake');
  batch.change({ kind: 'hold-unread-lead', leadId, until: batch.now + MISTAKE_HOLD_MS });
  batch.showCampaign(campaign.id);
}
