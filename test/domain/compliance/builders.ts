import { readFileSync } from 'node:fs';
import type { LimitInput } from '../../../src/domain/compliance/attempt-limits.ts';
import type {
  Block,
  DialHistory,
  DialRequest,
  PastAttempt,
} from '../../../src/domain/compliance/gate.ts';
import { type ComplianceProfile, parseProfile } from '../../../src/domain/compliance/profile.ts';
import { type CallPurpose, voiceAt } from '../../../src/domain/contacts/contact.ts';
import type { CallerId } from '../../../src/domain/trunks/caller-id.ts';
import { assert } from '../../../src/lib/assert.ts';
import { type E164, parsePhone } from '../../../src/lib/phone-number.ts';
import type { EpochMs } from '../../../src/lib/time.ts';

/** The profiles as they are shipped: the tests of the rules are tests of the files too. */
export function shippedProfile(id: 'br-cobranca' | 'demonstration'): ComplianceProfile {
  const file = new URL(`../../../config/compliance/${id}.json`, import.meta.url);
  const parsed = parseProfile(JSON.parse(readFileSync(file, 'utf8')));
  assert(parsed.ok, `the profile ${id} has no problem`);
  return parsed.profile;
}

export const COLLECTION = shippedProfile('br-cobranca');
export const DEMONSTRATION = shippedProfile('demonstration');

/** A moment by the clock of Brasília, which keeps UTC-3 all year: `2026-11-23 08:30`. */
export function brasilia(text: string): EpochMs {
  return Date.parse(`${text.replace(' ', 'T')}-03:00`);
}

/** A working Monday, mid-morning everywhere in Brazil. */
export const MONDAY = brasilia('2026-11-23 11:00');

export function phone(text: string): E164 {
  const parsed = parsePhone(text);
  assert(parsed.ok, `${text} is a telephone number`);
  return parsed.number;
}

export function aCallerId(overrides: Partial<CallerId> = {}): CallerId {
  return {
    id: 'callerid_1',
    number: phone('11 3456-7890'),
    holderEntityId: 'entity_us',
    kind: 'fixed',
    areaCode: '11',
    trunkIds: ['trunk_1'],
    stationBound: false,
    validFrom: brasilia('2026-01-01 00:00'),
    status: 'active',
    ...overrides,
  };
}

/** The debtor's mobile, to be called. */
export const MOBILE = voiceAt(phone('11 98765-4321'));

type RequestOverrides = Partial<DialRequest> & { readonly purpose?: CallPurpose };

export function aRequest({
  purpose = 'campaign',
  ...overrides
}: RequestOverrides = {}): DialRequest {
  return {
    decisionId: 'decision_1',
    legId: 'leg_1',
    contact: { ...MOBILE, purpose },
    campaignId: 'campaign_1',
    creditorId: 'creditor_1',
    debtor: { id: 'debtor_1', addressStates: [] },
    phone: { id: 'phone_1', status: 'unknown' },
    trunk: { id: 'trunk_1', simulated: false, legalEntityId: 'entity_us' },
    callerId: aCallerId(),
    ringTimeoutMs: 30_000,
    ...overrides,
  };
}

export function aRequestTo(number: string, overrides: RequestOverrides = {}): DialRequest {
  const { purpose = 'campaign' } = overrides;
  return aRequest({ contact: { ...voiceAt(phone(number)), purpose }, ...overrides });
}

export function aHistory(overrides: Partial<DialHistory> = {}): DialHistory {
  return {
    attempts: [],
    blocks: [],
    legalEntity: { id: 'entity_us', cnpj: '11222333000181' },
    ...overrides,
  };
}

/** A call of half a minute that rang out on the debtor's own number. */
export function anAttempt(at: EpochMs, overrides: Partial<PastAttempt> = {}): PastAttempt {
  return {
    debtorId: 'debtor_1',
    to: MOBILE,
    at,
    endedAt: at + 30_000,
    outcome: 'no-answer',
    counts: true,
    ...overrides,
  };
}

export function aBlock(overrides: Partial<Block> = {}): Block {
  return {
    id: 'block_1',
    scope: 'person',
    debtorId: 'debtor_1',
    reason: 'opt-out',
    effectiveFrom: brasilia('2026-01-01 00:00'),
    ...overrides,
  };
}

type CallOverrides = Partial<LimitInput['call']> & { readonly purpose?: CallPurpose };

/** What an attempt rule is asked on Monday at 15:00: a call of the campaign to the debtor's mobile. */
export function aLimitInput({
  call,
  ...overrides
}: Partial<Omit<LimitInput, 'call'>> & { readonly call?: CallOverrides } = {}) {
  const { purpose = 'campaign', ...more } = call ?? {};
  return {
    call: {
      debtorId: 'debtor_1',
      contact: { ...MOBILE, purpose },
      states: ['SP'] as LimitInput['call']['states'],
      ...more,
    },
    attempts: [],
    profile: COLLECTION,
    now: brasilia('2026-11-23 15:00'),
    ...overrides,
  } satisfies LimitInput;
}

/** An attempt that was placed and has no end yet. */
export function inFlight(at: EpochMs, overrides: Partial<PastAttempt> = {}): PastAttempt {
  const { endedAt: _end, outcome: _outcome, ...open } = anAttempt(at);
  return { ...open, ...overrides };
}

/** The shipped profile of collection with other caps, gaps or windows. */
export function aProfile(
  overrides: {
    readonly [Part in keyof ComplianceProfile]?: Partial<ComplianceProfile[Part]>;
  } = {},
): ComplianceProfile {
  const parts = Object.entries(overrides).map(([key, part]) => {
    const whole = COLLECTION[key as keyof ComplianceProfile];
    const isPart = typeof whole === 'object';
    return [key, isPart ? { ...whole, ...(part as object) } : part];
  });
  return { ...COLLECTION, ...Object.fromEntries(parts) } as ComplianceProfile;
}
