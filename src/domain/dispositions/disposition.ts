/**
 * A disposition (tabulação) is what an agent records about a conversation; this file decides what
 * follows from it. The catalog is `catalog.ts`. The label belongs to the operation, the meaning to
 * the product: a report of right-party contacts counts the same thing whatever the creditor calls
 * it.
 */
import { assert, unreachable } from '../../lib/assert.ts';
import { isBankingDay } from '../../lib/br-holidays.ts';
import { given } from '../../lib/given.ts';
import type { CreditorId, DebtorId, DispositionId, PhoneId } from '../../lib/ids.ts';
import type { Money } from '../../lib/money.ts';
import type { E164 } from '../../lib/phone-number.ts';
import {
  addDays,
  DAY_MS,
  type DurationMs,
  type EpochMs,
  type IsoDate,
  localTime,
  momentOf,
  type ZoneName,
} from '../../lib/time.ts';
import type { Block, BlockReason } from '../compliance/do-not-call.ts';
import type { LeadPlan, SuppressedBecause } from '../leads/lead.ts';

/** What follows from it; {@link DispositionInput} carries the form of each kind. */
export type DispositionEffect =
  /** As the campaign's rules for retries say. */
  | { readonly kind: 'retry' }
  /** No call before this time has passed. */
  | { readonly kind: 'retry-after'; readonly afterMs: DurationMs; readonly samePhone: boolean }
  /** No call until the next local day. */
  | { readonly kind: 'retry-next-day' }
  | { readonly kind: 'promise' }
  | { readonly kind: 'callback' }
  | { readonly kind: 'hold-days'; readonly days: number; readonly holdReason: 'claims-paid' }
  | { readonly kind: 'suppress'; readonly because: SuppressedBecause; readonly block?: BlockReason }
  /** Somebody else's number: no creditor calls this debtor on it again. */
  | { readonly kind: 'block-phone'; readonly reason: 'wrong-number' };

export type Disposition = {
  readonly id: DispositionId;
  /** Stable, for files and the API. */
  readonly code: string;
  readonly label: { readonly 'pt-BR': string; readonly en: string };
  /** Whether a human being spoke; `unknown` when nobody can say. */
  readonly person: boolean | 'unknown';
  /** Whether it was the debtor (CPC). */
  readonly rightParty: boolean | 'unknown';
  /** What is closed for good; empty when the dialer goes on. */
  readonly finality: {
    readonly phone?: true;
    readonly debt?: true;
    readonly debtor?: true;
  };
  /** Whose the number is, according to this disposition; absent when it says nothing. */
  readonly phoneStatus?: 'confirmed' | 'third-party' | 'wrong';
  readonly effect: DispositionEffect;
  readonly form?: 'promise' | 'callback';
  /** `agent`: an agent chooses it. `system`: the outcome of the call sets it. */
  readonly setBy: 'agent' | 'system';
  /** Time for the agent's notes; absent when it is the campaign's. */
  readonly wrapUpMs?: DurationMs;
  readonly category: 'negotiation' | 'contact' | 'legal' | 'third-party' | 'technical';
};

/** What the agent filled in. */
export type DispositionInput = {
  readonly note?: string;
  readonly promise?: {
    readonly value: Money;
    readonly dueDate: IsoDate;
    /** Present when the agent has confirmed a promise above the amount due. */
    readonly aboveDueConfirmed?: boolean;
  };
  /** The callback that the debtor asked for; absent without one. */
  readonly callback?: {
    readonly at: EpochMs;
    readonly phoneId?: PhoneId;
    readonly personal: boolean;
  };
};

export type DispositionContext = {
  readonly now: EpochMs;
  readonly zone: ZoneName;
  readonly debtorId: DebtorId;
  readonly phoneId: PhoneId;
  readonly phone: E164;
  readonly creditorId: CreditorId;
  /** Days until a promise must be due at the latest; today is 0. */
  readonly promiseDaysMax: number;
  /** Everything open, due now or later; absent when unknown. */
  readonly owed?: Money;
};

/** A block to be made; the engine gives it its id. */
export type BlockOrder = Omit<Block, 'id'>;

export type DispositionEffects = {
  readonly leadPlan: LeadPlan;
  readonly phoneStatus?: 'confirmed' | 'third-party' | 'wrong';
  readonly block?: BlockOrder;
  readonly promise?: { readonly value: Money; readonly dueDate: IsoDate };
  /**
   * When the debtor in person was spoken to: no other call to them today. Absent when they were
   * not.
   */
  readonly rightPartyContactAt?: EpochMs;
};

export type DispositionResult =
  | { readonly ok: true; readonly effects: DispositionEffects }
  | { readonly ok: false; readonly problem: DispositionProblem };

export type DispositionProblem =
  | 'promise-missing'
  | 'promise-value-not-positive'
  | 'promise-date-past'
  | 'promise-date-too-far'
  | 'promise-no-bank-day'
  | 'promise-above-due'
  | 'callback-missing'
  | 'callback-past'
  | 'callback-too-far';

export const CALLBACK_DAYS_MAX = 30;

/** What follows from a disposition, as data. The engine stores it; nothing is stored here. */
export function effectsOf(
  disposition: Disposition,
  input: DispositionInput,
  context: DispositionContext,
): DispositionResult {
  const problem = problemOf(disposition, input, context);
  if (problem) return { ok: false, problem };
  const block = blockOf(disposition, input, context);
  return {
    ok: true,
    effects: {
      leadPlan: leadPlanOf(disposition.effect, input, context),
      ...given({
        phoneStatus: disposition.phoneStatus,
        block,
        promise:
          disposition.effect.kind === 'promise' && input.promise
            ? { value: input.promise.value, dueDate: input.promise.dueDate }
            : undefined,
        rightPartyContactAt: disposition.rightParty === true ? context.now : undefined,
      }),
    },
  };
}

/**
 * Whether the disposition says that somebody else or a machine answered, so that an earlier
 * confirmation of the right party must be withdrawn. A dropped line says nothing about who was on
 * it.
 */
export function isNotRightParty({ person, rightParty }: Disposition): boolean {
  return rightParty === false && person !== 'unknown';
}

function problemOf(
  disposition: Disposition,
  input: DispositionInput,
  context: DispositionContext,
): DispositionProblem | undefined {
  switch (disposition.form) {
    case undefined:
      return undefined;
    case 'promise':
      return promiseProblem(input, context);
    case 'callback':
      return callbackProblem(input, context);
    default:
      return unreachable(disposition.form);
  }
}

function promiseProblem(
  { promise }: DispositionInput,
  { now, zone, promiseDaysMax, owed }: DispositionContext,
): DispositionProblem | undefined {
  if (!promise) return 'promise-missing';
  if (promise.value.centavos <= 0) return 'promise-value-not-positive';
  const today = localTime(now, zone).date;
  if (promise.dueDate < today) return 'promise-date-past';
  // A promise further away is not accepted as a promise; the debtor is asked again.
  if (promise.dueDate > addDays(today, promiseDaysMax)) return 'promise-date-too-far';
  if (!isBankingDay(promise.dueDate)) return 'promise-no-bank-day';
  const isAbove = owed !== undefined && promise.value.centavos > owed.centavos;
  return isAbove && !promise.aboveDueConfirmed ? 'promise-above-due' : undefined;
}

function callbackProblem(
  { callback }: DispositionInput,
  { now }: DispositionContext,
): DispositionProblem | undefined {
  if (!callback) return 'callback-missing';
  if (callback.at <= now) return 'callback-past';
  return callback.at > now + CALLBACK_DAYS_MAX * DAY_MS ? 'callback-too-far' : undefined;
}

function leadPlanOf(
  effect: DispositionEffect,
  input: DispositionInput,
  context: DispositionContext,
): LeadPlan {
  const { now, zone, phoneId } = context;
  switch (effect.kind) {
    case 'retry':
      return { kind: 'by-rules' };
    case 'retry-after':
      return {
        kind: 'wait',
        notBeforeAt: now + effect.afterMs,
        holdReason: 'disposition',
        ...given({ phoneId: effect.samePhone ? phoneId : undefined }),
      };
    case 'retry-next-day':
      return {
        kind: 'wait',
        notBeforeAt: dayAfter(1, context),
        holdReason: 'disposition',
        phoneId,
      };
    case 'hold-days':
      return {
        kind: 'wait',
        notBeforeAt: dayAfter(effect.days, context),
        holdReason: effect.holdReason,
        phoneId,
      };
    case 'promise':
      return {
        kind: 'wait',
        notBeforeAt: dayAfterPromise(input, zone),
        holdReason: 'promise',
        phoneId,
      };
    case 'callback': {
      assert(input.callback, 'a callback has a moment');
      return {
        kind: 'wait',
        notBeforeAt: input.callback.at,
        holdReason: 'callback',
        phoneId: input.callback.phoneId ?? phoneId,
        callbackAskedAt: now,
      };
    }
    case 'suppress':
      return { kind: 'suppress', because: effect.because };
    case 'block-phone':
      return { kind: 'next-phone', notBeforeAt: now };
    default:
      return unreachable(effect);
  }
}

function dayAfter(days: number, { now, zone }: DispositionContext): EpochMs {
  return momentOf(addDays(localTime(now, zone).date, days), 0, zone);
}

/** The promised day belongs to the debtor; on the day after, somebody asks what happened. */
function dayAfterPromise({ promise }: DispositionInput, zone: ZoneName): EpochMs {
  assert(promise, 'a promise has a value and a date');
  return momentOf(addDays(promise.dueDate, 1), 0, zone);
}

/**
 * The lead's plan holds in its own campaign; a block holds in all others too. What concerns one
 * debt stops its creditor; what concerns the person stops everybody.
 */
function blockOf(
  disposition: Disposition,
  input: DispositionInput,
  context: DispositionContext,
): BlockOrder | undefined {
  const { effect } = disposition;
  const { now: effectiveFrom, debtorId, creditorId } = context;
  const person = { scope: 'person', debtorId, effectiveFrom } as const;
  switch (effect.kind) {
    case 'retry':
    case 'retry-after':
    case 'retry-next-day':
    case 'callback':
      return undefined;
    case 'promise': {
      const expiresAt = dayAfterPromise(input, context.zone);
      return { ...person, creditorId, reason: 'promise', expiresAt };
    }
    case 'hold-days': {
      const expiresAt = dayAfter(effect.days, context);
      return { ...person, creditorId, reason: effect.holdReason, expiresAt };
    }
    case 'suppress':
      if (!effect.block) return undefined;
      return {
        ...person,
        ...given({ creditorId: disposition.finality.debtor ? undefined : creditorId }),
        reason: effect.block,
      };
    case 'block-phone':
      return {
        scope: 'phone',
        phone: context.phone,
        debtorId,
        reason: effect.reason,
        effectiveFrom,
      };
    default:
      return unreachable(effect);
  }
}
