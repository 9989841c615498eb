/**
 * Decides whether, when and on which number a lead is dialed again after an attempt. The rules are
 * data of the campaign; a disposition may override them with a plan of its own.
 */
import { assert, unreachable } from '../../lib/assert.ts';
import { given } from '../../lib/given.ts';
import type { PhoneId } from '../../lib/ids.ts';
import {
  addDays,
  type DurationMs,
  type EpochMs,
  HOUR_MS,
  localTime,
  MINUTE_MS,
  momentOf,
  SECOND_MS,
  type ZoneName,
} from '../../lib/time.ts';
import { isDialable, type Phone } from '../debtors/phone.ts';
import type {
  AttemptOutcome,
  FinishedBecause,
  HoldReason,
  Lead,
  LeadPlan,
  SuppressedBecause,
} from './lead.ts';

/** What the campaign does after one kind of outcome. */
export type RetryRule = {
  /**
   * The wait before the same number is dialed again. `next-day`: until the next local day begins.
   */
  readonly afterMs: DurationMs | 'next-day';
  /** The wait before another number of the same person is dialed; absent when it is `afterMs`. */
  readonly otherPhoneAfterMs?: DurationMs | 'next-day';
  /** After this many outcomes of this kind in a cycle, the number rests until the next cycle. */
  readonly samePhoneMax: number;
  readonly next: 'next-phone' | 'same-phone' | 'finish';
  /** Present when the next call is placed only with an agent reserved for it. */
  readonly agentFirst?: true;
};

export type RetryRules = {
  readonly byOutcome: Readonly<Record<AttemptOutcome, RetryRule>>;
  /**
   * Attempts in a cycle over all numbers, whatever their outcome. Only the redial of a person
   * abandoned in the last one comes on top.
   */
  readonly attemptsMax: number;
};

/**
 * The rules of a new campaign. The delays are ours. They leave room for the compliance profile's
 * gaps (2 h to one number, 10 min between a person's numbers), which the gate enforces in any case.
 */
export const DEFAULT_RETRY_RULES: RetryRules = {
  attemptsMax: 20,
  byOutcome: {
    // A conversation whose disposition said nothing special: no further call today.
    person: { afterMs: 'next-day', samePhoneMax: 3, next: 'same-phone' },
    // Another hour of the day may find a person at the same telephone.
    machine: {
      afterMs: 4 * HOUR_MS,
      otherPhoneAfterMs: 20 * MINUTE_MS,
      samePhoneMax: 4,
      next: 'next-phone',
    },
    // Somebody is at the telephone: soon again, on the same number.
    busy: { afterMs: 10 * MINUTE_MS, samePhoneMax: 3, next: 'same-phone' },
    'no-answer': {
      afterMs: 3 * HOUR_MS,
      otherPhoneAfterMs: 20 * MINUTE_MS,
      samePhoneMax: 4,
      next: 'next-phone',
    },
    // A dead number disturbs nobody: the next number at once.
    'invalid-number': {
      afterMs: 'next-day',
      otherPhoneAfterMs: 0,
      samePhoneMax: 2,
      next: 'next-phone',
    },
    // The person saw the number and declined: not again today.
    rejected: { afterMs: 'next-day', samePhoneMax: 2, next: 'same-phone' },
    // The number is blocked until a person has looked at it; another one may be tried tomorrow.
    unwanted: { afterMs: 'next-day', samePhoneMax: 1, next: 'next-phone' },
    // The network refused our number's repute, not the debtor: the caller ID rests, and another one
    // calls later.
    'spam-refused': { afterMs: 30 * MINUTE_MS, samePhoneMax: 5, next: 'same-phone' },
    // The network's fault, which passes in a moment or on another trunk.
    congestion: { afterMs: 30 * SECOND_MS, samePhoneMax: 5, next: 'same-phone' },
    'trunk-failed': { afterMs: MINUTE_MS, samePhoneMax: 5, next: 'same-phone' },
    'caller-id-refused': { afterMs: 5 * MINUTE_MS, samePhoneMax: 3, next: 'same-phone' },
    'media-failed': { afterMs: 5 * MINUTE_MS, samePhoneMax: 3, next: 'same-phone' },
    // It rang a while, and we gave up for our own reasons: soon again, as the gaps allow.
    cancelled: { afterMs: 15 * MINUTE_MS, samePhoneMax: 3, next: 'same-phone' },
    // It may have rung, so it waits like a call that did.
    lost: { afterMs: 2 * HOUR_MS, samePhoneMax: 3, next: 'same-phone' },
    forwarded: {
      afterMs: 'next-day',
      otherPhoneAfterMs: MINUTE_MS,
      samePhoneMax: 2,
      next: 'next-phone',
    },
    // The person answered and we had no agent: once more, with an agent reserved.
    abandoned: { afterMs: 15 * MINUTE_MS, samePhoneMax: 2, next: 'same-phone', agentFirst: true },
  },
};

/** How often each outcome occurred on each number in this cycle, including the last attempt. */
export type AttemptsByPhone = Readonly<
  Record<PhoneId, Readonly<Partial<Record<AttemptOutcome, number>>>>
>;

export type NextAttemptInput = {
  readonly lead: Lead;
  /** All numbers of the debtor, updated with the last attempt. */
  readonly phones: readonly Phone[];
  /** The number of the last attempt. */
  readonly phoneId: PhoneId;
  readonly attemptsByPhone: AttemptsByPhone;
  readonly outcome: AttemptOutcome;
  readonly rules: RetryRules;
  /** The disposition's plan; absent when the rules decide. */
  readonly plan?: LeadPlan;
  readonly now: EpochMs;
  readonly zone: ZoneName;
};

export type RetryBecause = HoldReason | AttemptOutcome;

export type NextAttempt =
  | {
      readonly kind: 'retry';
      readonly phoneId: PhoneId;
      readonly notBeforeAt: EpochMs;
      readonly because: RetryBecause;
      readonly agentGuaranteed: boolean;
      readonly callbackAskedAt?: EpochMs;
    }
  | { readonly kind: 'finish'; readonly because: FinishedBecause }
  | { readonly kind: 'suppress'; readonly because: SuppressedBecause };

/** Decides what becomes of a lead after an attempt. The gate, not this rule, keeps lawful hours. */
export function nextAttempt(input: NextAttemptInput): NextAttempt {
  const plan = input.plan ?? { kind: 'by-rules' };
  switch (plan.kind) {
    case 'finish':
      return { kind: 'finish', because: plan.because };
    case 'suppress':
      return { kind: 'suppress', because: plan.because };
    case 'wait':
      return waitAsPlanned(input, plan);
    case 'next-phone':
      return anotherPhone(input, plan.notBeforeAt);
    case 'by-rules':
      return byRules(input);
    default:
      return unreachable(plan);
  }
}

/** The lead after the decision. */
export function leadAfter(
  lead: Lead,
  next: NextAttempt,
  outcome: AttemptOutcome,
  now: EpochMs,
): Lead {
  const {
    holdReason: _reason,
    holdClause: _clause,
    nextPhoneId: _phone,
    callbackAskedAt: _asked,
    ...kept
  } = lead;
  const after = {
    ...kept,
    attempts: lead.attempts + 1,
    lastOutcome: outcome,
    lastAttemptAt: now,
    agentGuaranteed: false,
  };
  switch (next.kind) {
    case 'finish':
      return { ...after, state: 'finished', finishedBecause: next.because };
    case 'suppress':
      return { ...after, state: 'suppressed', suppressedBecause: next.because };
    case 'retry':
      return {
        ...after,
        notBeforeAt: next.notBeforeAt,
        ...(next.notBeforeAt <= now
          ? { state: 'ready' }
          : { state: 'waiting', holdReason: holdReasonOf(next.because) }),
        nextPhoneId: next.phoneId,
        agentGuaranteed: next.agentGuaranteed,
        ...given({ callbackAskedAt: next.callbackAskedAt }),
      };
    default:
      return unreachable(next);
  }
}

/**
 * The numbers worth dialing, best first: numbers confirmed as the debtor's, then by the source's
 * score; third parties and doubted numbers last.
 */
export function phonesInOrder(phones: readonly Phone[]): readonly Phone[] {
  return phones
    .filter(isDialable)
    .toSorted(
      (a, b) =>
        STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status) ||
        b.score - a.score ||
        b.collectedAt - a.collectedAt ||
        (a.id < b.id ? -1 : 1),
    );
}

const STATUS_ORDER: readonly Phone['status'][] = [
  'confirmed',
  'unknown',
  'third-party',
  'invalid-suspected',
];

const HOLDS: readonly HoldReason[] = [
  'callback',
  'promise',
  'agreement',
  'claims-paid',
  'disposition',
];

function holdReasonOf(because: RetryBecause): HoldReason {
  return HOLDS.find((hold) => hold === because) ?? 'retry-delay';
}

function waitAsPlanned(
  input: NextAttemptInput,
  plan: Extract<LeadPlan, { kind: 'wait' }>,
): NextAttempt {
  const order = phonesInOrder(input.phones);
  const [following] = restOfRound(input);
  const wanted = order.find((phone) => phone.id === plan.phoneId) ?? following ?? order[0];
  if (!wanted) return { kind: 'finish', because: 'no-phone-left' };
  return {
    kind: 'retry',
    phoneId: wanted.id,
    notBeforeAt: plan.notBeforeAt,
    because: plan.holdReason,
    agentGuaranteed: false,
    ...given({ callbackAskedAt: plan.callbackAskedAt }),
  };
}

function anotherPhone(input: NextAttemptInput, notBeforeAt: EpochMs): NextAttempt {
  const following = restOfRound(input).find((phone) => phone.id !== input.phoneId);
  if (!following) return { kind: 'finish', because: 'no-phone-left' };
  return {
    kind: 'retry',
    phoneId: following.id,
    notBeforeAt,
    because: 'disposition',
    agentGuaranteed: false,
  };
}

function byRules(input: NextAttemptInput): NextAttempt {
  const rule = input.rules.byOutcome[input.outcome];
  if (rule.next === 'finish') return { kind: 'finish', because: 'outcome-rule' };
  if (input.lead.attempts + 1 >= input.rules.attemptsMax && !isOwedRedial(input)) {
    return { kind: 'finish', because: 'attempts-used-up' };
  }
  const round = restOfRound(input);
  const same = round.find((phone) => phone.id === input.phoneId);
  const other = round.find((phone) => phone.id !== input.phoneId);
  const chosen = rule.next === 'same-phone' ? (same ?? other) : (other ?? same);
  if (!chosen) {
    const isAnyLeft = phonesInOrder(input.phones).length > 0;
    return { kind: 'finish', because: isAnyLeft ? 'attempts-used-up' : 'no-phone-left' };
  }
  const isSame = chosen.id === input.phoneId;
  const delay = isSame ? rule.afterMs : (rule.otherPhoneAfterMs ?? rule.afterMs);
  return {
    kind: 'retry',
    phoneId: chosen.id,
    notBeforeAt: momentAfter(input, delay),
    because: input.outcome,
    agentGuaranteed: isSame && rule.agentFirst === true,
  };
}

/**
 * A person who was abandoned is owed one redial, even when the cycle's attempts are used up,
 * because we called them and had no agent. A redial that was abandoned itself is not redialed. The
 * gate enforces the caps of the law.
 */
function isOwedRedial({ lead, outcome }: NextAttemptInput): boolean {
  return outcome === 'abandoned' && lead.lastOutcome !== 'abandoned';
}

/**
 * The numbers that are not used up, in their order, starting after the last attempt's and going
 * around.
 */
function restOfRound(input: NextAttemptInput): readonly Phone[] {
  const order = phonesInOrder(input.phones);
  const at = order.findIndex((phone) => phone.id === input.phoneId);
  const around = [...order.slice(at + 1), ...order.slice(0, at + 1)];
  return around.filter((phone) => !isUsedUp(phone, input));
}

function isUsedUp(phone: Phone, { attemptsByPhone, rules }: NextAttemptInput): boolean {
  const tally = attemptsByPhone[phone.id] ?? {};
  return Object.entries(tally).some(([outcome, count]) => {
    const rule = rules.byOutcome[outcome as AttemptOutcome];
    assert(rule, 'every outcome has a rule for retries');
    return count >= rule.samePhoneMax;
  });
}

function momentAfter({ now, zone }: NextAttemptInput, delay: DurationMs | 'next-day'): EpochMs {
  if (delay !== 'next-day') return now + delay;
  return momentOf(addDays(localTime(now, zone).date, 1), 0, zone);
}
