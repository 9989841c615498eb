import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CallerIdInput,
  callerIdRule,
  ringTimeRule,
} from '../../../src/domain/compliance/caller-id-rules.ts';
import type { CallerId } from '../../../src/domain/trunks/caller-id.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { aCallerId, aProfile, COLLECTION, DEMONSTRATION, MONDAY } from './builders.ts';

const LAW = COLLECTION.callerId.clause;

function input(
  callerId: Partial<CallerId> = {},
  overrides: Partial<CallerIdInput> = {},
): CallerIdInput {
  return {
    callerId: aCallerId(callerId),
    trunk: { id: 'trunk_1', legalEntityId: 'entity_us' },
    legalEntityId: 'entity_us',
    profile: COLLECTION,
    now: MONDAY,
    ...overrides,
  };
}

function reasonOf(callerId: Partial<CallerId>, overrides: Partial<CallerIdInput> = {}): string {
  return callerIdRule(input(callerId, overrides)).refusal?.reason ?? 'allowed';
}

describe('the holder of a caller ID (Despacho 978/2025: no rent, loan or resale)', () => {
  it.each([
    ['entity_us', 'entity_us', 'entity_us', 'allowed'],
    ['entity_other', 'entity_us', 'entity_us', 'caller-id-not-owned'],
    ['entity_us', 'entity_other', 'entity_us', 'caller-id-not-owned'],
    ['entity_us', 'entity_us', 'entity_other', 'caller-id-not-owned'],
    // A number and a trunk that both belong to somebody else are no better for agreeing.
    ['entity_other', 'entity_other', 'entity_us', 'caller-id-not-owned'],
  ] as const)('number of %s, trunk of %s, call of %s: %s', (holder, ofTrunk, caller, expected) => {
    const trunk = { id: 'trunk_1', legalEntityId: ofTrunk } as const;
    expect(reasonOf({ holderEntityId: holder }, { trunk, legalEntityId: caller })).toBe(expected);
  });

  it('is not asked for by a profile that does not demand it', () => {
    const profile = aProfile({ callerId: { holderMustMatch: false } });
    expect(reasonOf({ holderEntityId: 'entity_other' }, { profile })).toBe('allowed');
  });

  it('is asked for in the demonstration as well', () => {
    const other = { holderEntityId: 'entity_other' } as const;
    expect(reasonOf(other, { profile: DEMONSTRATION })).toBe('caller-id-not-owned');
  });
});

describe('a number that is none', () => {
  it.each([
    '',
    '+',
    '+55',
    'anonymous',
    '+551133',
    '551134567890',
    '+1 212 555 0100',
    '+12125550100',
    '+55 11 3456-7890',
    '+5511345678901234',
  ])('%j is never shown, and so nothing can be withheld', (number) => {
    expect(reasonOf({ number: number as CallerId['number'] })).toBe('caller-id-not-owned');
  });

  it('is refused even where the holder is not asked for', () => {
    const profile = aProfile({ callerId: { holderMustMatch: false } });
    expect(reasonOf({ number: '+55' }, { profile })).toBe('caller-id-not-owned');
  });

  it.each([
    ['+551134567890', 'fixed'],
    ['+5540041234', 'national'],
    ['+5508007771234', 'national'],
  ] as const)('%s is one (%s)', (number, kind) => {
    expect(reasonOf({ number, kind })).toBe('allowed');
  });
});

describe('the time of a contract', () => {
  const from = MONDAY - DAY_MS;
  const to = MONDAY + DAY_MS;
  const contract = { validFrom: from, validTo: to };

  it.each([
    ['the moment before it begins', from - 1, 'caller-id-expired'],
    ['the moment it begins', from, 'allowed'],
    ['its last moment', to - 1, 'allowed'],
    ['the moment it ends', to, 'caller-id-expired'],
  ])('%s: %s', (_name, now, expected) => {
    expect(reasonOf(contract, { now })).toBe(expected);
  });

  it('that has not begun gives its beginning as the moment to try again', () => {
    const answer = callerIdRule(input(contract, { now: from - 1 }));
    expect(answer.refusal).toMatchObject({ reason: 'caller-id-expired', retryAt: from });
  });

  it('that is over gives none: waiting does not bring it back', () => {
    expect(callerIdRule(input(contract, { now: to })).refusal).not.toHaveProperty('retryAt');
  });

  it('without an end goes on', () => {
    expect(reasonOf({ validFrom: from }, { now: MONDAY + 3_650 * DAY_MS })).toBe('allowed');
  });
});

describe('a mobile number (only from the station it is bound to)', () => {
  it.each([
    ['mobile', false, true, 'caller-id-mobile'],
    ['mobile', true, true, 'allowed'],
    ['mobile', false, false, 'allowed'],
    ['fixed', false, true, 'allowed'],
    ['national', false, true, 'allowed'],
  ] as const)('%s, bound %s, demanded %s: %s', (kind, stationBound, demanded, expected) => {
    const profile = aProfile({ callerId: { mobileOnlyWhenStationBound: demanded } });
    expect(reasonOf({ kind, stationBound }, { profile })).toBe(expected);
  });

  it('is refused under a rule of its own', () => {
    expect(callerIdRule(input({ kind: 'mobile' })).refusal?.clause).toBe(`BR-08: ${LAW}`);
    expect(callerIdRule(input({ status: 'retired' })).refusal?.clause).toBe(`BR-07: ${LAW}`);
  });
});

describe('the trunk of a caller ID', () => {
  it('is one of those that the number is contracted on', () => {
    expect(reasonOf({ trunkIds: ['trunk_2', 'trunk_1'] })).toBe('allowed');
    expect(reasonOf({ trunkIds: ['trunk_2', 'trunk_3'] })).toBe('caller-id-not-on-trunk');
    expect(reasonOf({ trunkIds: [] })).toBe('caller-id-not-on-trunk');
  });
});

/** Each fault, in the order in which they are told. */
const FAULTS: readonly (readonly [reason: string, fault: Partial<CallerId>])[] = [
  ['caller-id-not-owned', { holderEntityId: 'entity_other' }],
  ['caller-id-inactive', { status: 'suspended' }],
  ['caller-id-expired', { validTo: MONDAY }],
  ['caller-id-mobile', { kind: 'mobile' }],
  ['caller-id-not-on-trunk', { trunkIds: [] }],
];

describe('a caller ID with several faults', () => {
  it('is refused for the first of them, whichever they are', () => {
    fc.assert(
      fc.property(fc.subarray(FAULTS.slice(), { minLength: 1 }), (faults) => {
        const callerId = Object.assign({}, ...faults.map(([, fault]) => fault));
        expect(reasonOf(callerId)).toBe(faults[0]?.[0]);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('is allowed when every one of them is mended, and only then', () => {
    for (const [reason, fault] of FAULTS) expect(reasonOf(fault)).toBe(reason);
    expect(reasonOf({})).toBe('allowed');
  });
});

describe('what the rule saw', () => {
  it('names the row, its kind and status, and never the number', () => {
    const allowed = callerIdRule(input());
    expect(allowed.detail).toBe('callerid_1 fixed active');
    const refused = callerIdRule(input({ status: 'suspended' }));
    expect(refused.detail).toBe('callerid_1 fixed suspended: caller-id-inactive');
    expect(`${allowed.detail}${refused.detail}`).not.toContain('3456');
  });
});

describe('the ring time', () => {
  const { minMs, maxMs } = COLLECTION.ring;

  it.each([
    [0, false],
    [minMs - 1, false],
    [minMs, true],
    [maxMs, true],
    [maxMs + 1, false],
    [Number.NaN, false],
  ])('of %d ms is lawful: %s', (ringMs, isLawful) => {
    expect(ringTimeRule(ringMs, COLLECTION).refusal === undefined).toBe(isLawful);
  });

  it('is refused with the profile’s line and no moment: waiting does not change it', () => {
    const { refusal } = ringTimeRule(1_000, COLLECTION);
    expect(refusal).toEqual({ reason: 'ring-time', clause: `BR-20: ${COLLECTION.ring.clause}` });
  });

  it('may be exactly one value where a profile says so', () => {
    const profile = aProfile({ ring: { minMs: 25_000, maxMs: 25_000 } });
    expect(ringTimeRule(25_000, profile).refusal).toBeUndefined();
    expect(ringTimeRule(25_001, profile).refusal).toBeDefined();
  });
});
