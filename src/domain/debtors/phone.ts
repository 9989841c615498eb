/**
 * One telephone number of one debtor, and what its calls teach about it.
 *
 *   unknown ──says it is theirs──▶ confirmed     unknown ──a third party takes messages──▶ third-party
 *      │ ▲                                          │
 *      │ └──rang or answered, newer source──┐       └──somebody else's──▶ wrong (final for this debtor)
 *      ▼                                    │
 *   invalid-suspected ──again on another day or trunk──▶ invalid
 *
 * A carrier sometimes says "no such number" for reasons of its own. So one such answer only raises a
 * suspicion, and none counts while its trunk gives that answer unusually often.
 */
import { unreachable } from '../../lib/assert.ts';
import { given } from '../../lib/given.ts';
import type { DebtorId, PhoneId, TrunkId } from '../../lib/ids.ts';
import type { E164 } from '../../lib/phone-number.ts';
import { type EpochMs, localTime, type ZoneName } from '../../lib/time.ts';
import type { CallOutcome } from '../calls/outcome.ts';

export type PhoneStatus =
  | 'unknown'
  | 'confirmed'
  | 'third-party'
  | 'wrong'
  | 'invalid-suspected'
  | 'invalid';

export type Phone = {
  readonly id: PhoneId;
  readonly debtorId: DebtorId;
  readonly number: E164;
  readonly kind: 'mobile' | 'fixed';
  /** Extension behind a switchboard, for the agent to ask for; never dialed. Absent without one. */
  readonly extension?: string;
  /** Where it came from: `crm`, a bureau, an agent. LGPD art. 6 requires it. */
  readonly source: string;
  readonly collectedAt: EpochMs;
  /** 0 to 100, the source's own judgment; higher is dialed first. */
  readonly score: number;
  readonly status: PhoneStatus;
  readonly statusAt: EpochMs;
  /**
   * The first "no such number" of the present suspicion, and its trunk; absent without a suspicion.
   */
  readonly suspectedAt?: EpochMs;
  readonly suspectedTrunkId?: TrunkId;
  /** The status to return to when the suspicion proves false; absent when it is `unknown`. */
  readonly statusBeforeSuspicion?: 'confirmed' | 'third-party';
  readonly lastAttemptAt?: EpochMs;
};

export type PhoneAfterBecause =
  | 'exists'
  | 'suspicion-cleared'
  | 'invalid-suspected'
  | 'invalid-still-suspected'
  | 'invalid-confirmed'
  | 'trunk-suspects-itself'
  | 'final-already'
  | 'says-nothing-of-the-number';

export type PhoneAfter = { readonly phone: Phone; readonly because: PhoneAfterBecause };

export type AttemptContext = {
  /** When the attempt ended. */
  readonly now: EpochMs;
  readonly trunkId: TrunkId;
  /** The zone in which days are counted. */
  readonly zone: ZoneName;
  /** Whether {@link invalidsJumped} holds for this trunk. */
  readonly trunkSuspectsItself: boolean;
  /**
   * Whether a 18x was seen. When absent, a no-answer counts as having rung, a cancelled call as
   * not.
   */
  readonly rang?: boolean;
};

/** The phone after an attempt on it ended. */
export function phoneAfter(
  phone: Phone,
  outcome: CallOutcome,
  context: AttemptContext,
): PhoneAfter {
  const attempted: Phone = { ...phone, lastAttemptAt: context.now };
  if (phone.status === 'wrong') return { phone: attempted, because: 'final-already' };
  switch (outcome) {
    case 'person':
    case 'machine':
    case 'busy':
    case 'rejected':
    case 'unwanted':
      return cleared(attempted, context);
    case 'no-answer':
      return (context.rang ?? true) ? cleared(attempted, context) : saysNothing(attempted);
    case 'cancelled':
      return context.rang ? cleared(attempted, context) : saysNothing(attempted);
    case 'invalid-number':
      return suspected(attempted, context);
    case 'congestion':
    case 'trunk-failed':
    case 'caller-id-refused':
    case 'spam-refused':
    case 'lost':
    case 'forwarded':
    case 'media-failed':
      return saysNothing(attempted);
    default:
      return unreachable(outcome);
  }
}

/** The phone after a source named the same number again: newer knowledge revives an invalid one. */
export function phoneFromSource(
  phone: Phone,
  seen: {
    readonly source: string;
    readonly collectedAt: EpochMs;
    readonly score: number;
    /** Absent when nothing new is known; the known one stays. */
    readonly extension?: string;
  },
): Phone {
  if (seen.collectedAt <= phone.collectedAt) return phone;
  const known = { ...phone, ...seen };
  const isInvalid = phone.status === 'invalid' || phone.status === 'invalid-suspected';
  if (!isInvalid || seen.collectedAt <= phone.statusAt) return known;
  return withoutSuspicion(known, seen.collectedAt);
}

/** The phone after somebody said whose it is. Nothing else changes a `wrong` one again. */
export function phoneWithStatus(
  phone: Phone,
  status: 'confirmed' | 'third-party' | 'wrong' | 'unknown',
  now: EpochMs,
): Phone {
  return { ...withoutSuspicion(phone, now), status };
}

/** Whether the phone may still be dialed for this debtor. */
export function isDialable(phone: Phone): boolean {
  return phone.status !== 'wrong' && phone.status !== 'invalid';
}

/** Counts of a trunk's ended calls: the last quarter of an hour or so, and its usual days. */
export type TrunkInvalids = {
  readonly recentAttempts: number;
  readonly recentInvalids: number;
  readonly usualAttempts: number;
  readonly usualInvalids: number;
};

const RECENT_ATTEMPTS_MIN = 20;
const JUMP_FACTOR_MIN = 2;
const JUMP_DEVIATIONS_MIN = 4;
/** A trunk without a past is taken to see one dead number in ten, as if known from 50 calls. */
const PRIOR_ATTEMPTS = 50;
const PRIOR_INVALIDS = 5;

/**
 * Whether a trunk reports "no such number" so much more often than usual that the fault is probably
 * its own: twice its usual share, and four standard deviations above it.
 */
export function invalidsJumped(trunk: TrunkInvalids): boolean {
  if (trunk.recentAttempts < RECENT_ATTEMPTS_MIN) return false;
  const usual = (trunk.usualInvalids + PRIOR_INVALIDS) / (trunk.usualAttempts + PRIOR_ATTEMPTS);
  const expected = usual * trunk.recentAttempts;
  const deviation = Math.sqrt(expected * (1 - usual));
  return (
    trunk.recentInvalids >= expected * JUMP_FACTOR_MIN &&
    trunk.recentInvalids >= expected + JUMP_DEVIATIONS_MIN * deviation
  );
}

function cleared(phone: Phone, context: AttemptContext): PhoneAfter {
  const doubted = phone.status === 'invalid-suspected' || phone.status === 'invalid';
  if (!doubted) return { phone, because: 'exists' };
  return { phone: withoutSuspicion(phone, context.now), because: 'suspicion-cleared' };
}

function saysNothing(phone: Phone): PhoneAfter {
  return { phone, because: 'says-nothing-of-the-number' };
}

function suspected(phone: Phone, context: AttemptContext): PhoneAfter {
  if (phone.status === 'invalid') return { phone, because: 'final-already' };
  if (context.trunkSuspectsItself) return { phone, because: 'trunk-suspects-itself' };
  if (phone.status !== 'invalid-suspected' || phone.suspectedAt === undefined) {
    const before = phone.status;
    const marked: Phone = {
      ...phone,
      status: 'invalid-suspected',
      statusAt: context.now,
      suspectedAt: context.now,
      suspectedTrunkId: context.trunkId,
      ...given({
        statusBeforeSuspicion:
          before === 'confirmed' || before === 'third-party' ? before : undefined,
      }),
    };
    return { phone: marked, because: 'invalid-suspected' };
  }
  const firstDay = localTime(phone.suspectedAt, context.zone).date;
  const isOtherDay = localTime(context.now, context.zone).date !== firstDay;
  const isOtherTrunk = phone.suspectedTrunkId !== context.trunkId;
  if (!isOtherDay && !isOtherTrunk) return { phone, because: 'invalid-still-suspected' };
  return {
    phone: { ...phone, status: 'invalid', statusAt: context.now },
    because: 'invalid-confirmed',
  };
}

function withoutSuspicion(phone: Phone, now: EpochMs): Phone {
  const { suspectedAt: _at, suspectedTrunkId: _trunk, statusBeforeSuspicion, ...rest } = phone;
  return { ...rest, status: statusBeforeSuspicion ?? 'unknown', statusAt: now };
}
