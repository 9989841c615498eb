/**
 * The gate: no call leaves without a {@link DialPermit}, and only {@link mayDial} makes one. It asks
 * every rule, so that the decision's row shows what each of them saw, and it refuses when anything
 * needed is unknown. A refusal names the law or the line of the profile and, where waiting helps,
 * the first moment at which all rules agree.
 */
import type { StateCode } from '../../lib/br-area-codes.ts';
import { given } from '../../lib/given.ts';
import type {
  CampaignId,
  CreditorId,
  DebtorId,
  DecisionId,
  LegalEntityId,
  LegId,
  PhoneId,
  TrunkId,
} from '../../lib/ids.ts';
import { areaCodeOf, type E164 } from '../../lib/phone-number.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { CallPurpose, Contact } from '../contacts/contact.ts';
import type { PhoneStatus } from '../debtors/phone.ts';
import type { CallerId } from '../trunks/caller-id.ts';
import {
  type AttemptCap,
  attemptCapsRule,
  attemptGapsRule,
  capsOf,
  type LimitInput,
  oneCallRule,
  type PastAttempt,
  redialRule,
  rightPartyContactRule,
} from './attempt-limits.ts';
import { callerIdRule, ringTimeRule } from './caller-id-rules.ts';
import { type DebtorPlace, mayCallAt, nextAllowedAt, statesOf } from './calling-hours.ts';
import { type Block, doNotCallRule, phoneStatusRule } from './do-not-call.ts';
import type { ComplianceProfile } from './profile.ts';
import type { Refusal, RefusalReason, RuleAnswer, RuleName, RuleResult } from './refusal.ts';

export type { PastAttempt } from './attempt-limits.ts';
export type { Block, BlockReason } from './do-not-call.ts';

/**
 * A permit that was not used within this time is void: the situation it was given for has changed.
 */
export const PERMIT_LIFE_MS: DurationMs = 2_000;

const permitBrand: unique symbol = Symbol('permit');

/** The proof that one call may be placed, with everything it may use. Nothing else can make one. */
export type DialPermit = {
  readonly decisionId: DecisionId;
  readonly legId: LegId;
  readonly debtorId: DebtorId;
  readonly phone: E164;
  readonly callerId: E164;
  readonly trunkId: TrunkId;
  readonly ringTimeoutMs: DurationMs;
  readonly purpose: CallPurpose;
  readonly expiresAt: EpochMs;
  readonly [permitBrand]: true;
};

export type DialRequest = {
  readonly decisionId: DecisionId;
  readonly legId: LegId;
  readonly contact: Contact;
  /**
   * For purpose `callback`: when the debtor asked for it. Absent for others, and without it no
   * exception is made.
   */
  readonly callbackAskedAt?: EpochMs;
  readonly campaignId: CampaignId;
  readonly creditorId: CreditorId;
  readonly debtor: {
    readonly id: DebtorId;
    readonly document?: string;
    readonly addressStates: readonly StateCode[];
  };
  readonly phone: {
    readonly id: PhoneId;
    readonly status: PhoneStatus;
  };
  readonly trunk: {
    readonly id: TrunkId;
    readonly simulated: boolean;
    readonly legalEntityId: LegalEntityId;
  };
  readonly callerId: CallerId;
  readonly ringTimeoutMs: DurationMs;
};

export type DialHistory = {
  /**
   * Attempts of this person on any number and of this number for any person, over 31 days,
   * including those in flight.
   */
  readonly attempts: readonly PastAttempt[];
  /** At least every block that names the person or the number. */
  readonly blocks: readonly Block[];
  /** When the debtor in person was last spoken to; absent when never. */
  readonly rightPartyContactAt?: EpochMs;
  /** The company that calls. */
  readonly legalEntity: { readonly id: LegalEntityId; readonly cnpj: string };
};

export type Verdict =
  | {
      readonly allowed: true;
      readonly permit: DialPermit;
      /**
       * Caps to be checked again when the call is stored, because others may have placed calls
       * meanwhile.
       */
      readonly caps: readonly AttemptCap[];
      readonly rules: readonly RuleResult[];
    }
  | {
      readonly allowed: false;
      readonly reason: RefusalReason;
      readonly clause: string;
      /** The first moment at which every rule agrees; absent when waiting alone will not help. */
      readonly retryAt?: EpochMs;
      readonly rules: readonly RuleResult[];
    };

/**
 * Decides one call. The first rule that refuses, in the order of {@link RuleName}, gives the
 * reason.
 */
export function mayDial(
  request: DialRequest,
  history: DialHistory,
  profile: ComplianceProfile,
  now: EpochMs,
): Verdict {
  const answers = ask(request, history, profile, now);
  const rules = answers.map(([rule, { detail, refusal }]): RuleResult => {
    return { rule, passed: refusal === undefined, detail };
  });
  const refusals = refusalsOf(answers);
  const [first] = refusals;
  if (!first) {
    const caps = capsOf(limitInput(request, history, profile, now));
    return { allowed: true, permit: permitFor(request, now), caps, rules };
  }
  const retryAt = firstLawfulMoment(request, history, profile, now, refusals);
  return {
    allowed: false,
    reason: first.reason,
    clause: first.clause,
    ...given({ retryAt }),
    rules,
  };
}

type Answers = readonly (readonly [RuleName, RuleAnswer])[];

function ask(
  request: DialRequest,
  history: DialHistory,
  profile: ComplianceProfile,
  now: EpochMs,
): Answers {
  const { phone, debtor } = request;
  const limits = limitInput(request, history, profile, now);
  const subject = {
    contact: request.contact,
    debtorId: debtor.id,
    creditorId: request.creditorId,
  };
  return [
    ['simulated-trunks', simulatedTrunksRule(request, profile)],
    ['calling-hours', callingHoursRule(request, profile, now)],
    ['phone-status', phoneStatusRule(phone.status)],
    ['do-not-call', doNotCallRule(history.blocks, subject, now)],
    ['one-call-at-a-time', oneCallRule(limits)],
    ['attempt-caps', attemptCapsRule(limits)],
    ['attempt-gaps', attemptGapsRule(limits)],
    ['right-party-contact', rightPartyContactRule(limits)],
    ['redial-after-abandonment', redialRule(limits)],
    [
      'caller-id',
      callerIdRule({
        callerId: request.callerId,
        trunk: request.trunk,
        legalEntityId: history.legalEntity.id,
        profile,
        now,
      }),
    ],
    ['ring-time', ringTimeRule(request.ringTimeoutMs, profile)],
  ];
}

function limitInput(
  request: DialRequest,
  history: DialHistory,
  profile: ComplianceProfile,
  now: EpochMs,
): LimitInput {
  const { contact, callbackAskedAt } = request;
  return {
    call: {
      debtorId: request.debtor.id,
      contact,
      ...given({ callbackAskedAt }),
      states: statesOf(placeOf(request)) ?? [],
    },
    attempts: history.attempts,
    ...given({ rightPartyContactAt: history.rightPartyContactAt }),
    profile,
    now,
  };
}

function placeOf({ contact, debtor }: DialRequest): DebtorPlace {
  return { areaCode: areaCodeOf(contact.address), addressStates: debtor.addressStates };
}

function simulatedTrunksRule({ trunk }: DialRequest, profile: ComplianceProfile): RuleAnswer {
  const detail = trunk.simulated ? 'simulated trunk' : 'real trunk';
  if (!profile.simulatedTrunksOnly || trunk.simulated) return { detail };
  return {
    detail,
    refusal: {
      reason: 'simulated-trunks-only',
      clause: `${profile.id} ${profile.version}: somente troncos simulados`,
    },
  };
}

function callingHoursRule(
  request: DialRequest,
  profile: ComplianceProfile,
  now: EpochMs,
): RuleAnswer {
  const place = placeOf(request);
  const detail = `area code ${place.areaCode}, addresses ${place.addressStates.join(' ') || 'none'}`;
  const hours = mayCallAt(place, request.ringTimeoutMs, now, profile);
  if (hours.allowed) return { detail };
  const { reason, clause, retryAt } = hours;
  return { detail, refusal: { reason, clause, ...given({ retryAt }) } };
}

function refusalsOf(answers: Answers): readonly Refusal[] {
  return answers.flatMap(([, { refusal }]) => (refusal ? [refusal] : []));
}

const ROUNDS_MAX = 8;

/**
 * Moves to the latest moment that the rules name and asks them again there, until none refuses. A
 * gap that ends at night thus leads to the morning, and a month's cap to the first lawful hour of
 * the next month. A call in flight is asked about only once, because its end is unknown.
 */
function firstLawfulMoment(
  request: DialRequest,
  history: DialHistory,
  profile: ComplianceProfile,
  now: EpochMs,
  first: readonly Refusal[],
): EpochMs | undefined {
  let refusals = first;
  let at = now;
  for (let round = 0; round < ROUNDS_MAX && refusals.length > 0; round += 1) {
    for (const { retryAt } of refusals) {
      if (retryAt === undefined) return undefined;
      at = Math.max(at, retryAt);
    }
    refusals = refusalsOf(ask(request, history, profile, at)).filter(
      (refusal) => refusal.reason !== 'already-in-call',
    );
  }
  return nextAllowedAt(placeOf(request), request.ringTimeoutMs, at, profile);
}

function permitFor(request: DialRequest, now: EpochMs): DialPermit {
  return Object.freeze({
    decisionId: request.decisionId,
    legId: request.legId,
    debtorId: request.debtor.id,
    phone: request.contact.address,
    callerId: request.callerId.number,
    trunkId: request.trunk.id,
    ringTimeoutMs: request.ringTimeoutMs,
    purpose: request.contact.purpose,
    expiresAt: now + PERMIT_LIFE_MS,
    [permitBrand]: true,
  } as const);
}
