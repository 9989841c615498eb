import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Block,
  type BlockReason,
  blockApplies,
  doNotCallRule,
  phoneStatusRule,
} from '../../../src/domain/compliance/do-not-call.ts';
import {
  type RefusalReason,
  type RefusalSubject,
  refusalSubject,
} from '../../../src/domain/compliance/refusal.ts';
import { voiceAt } from '../../../src/domain/contacts/contact.ts';
import type { PhoneStatus } from '../../../src/domain/debtors/phone.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { aBlock, MOBILE, MONDAY, phone } from './builders.ts';

const SUBJECT = {
  contact: MOBILE,
  debtorId: 'debtor_1',
  creditorId: 'creditor_1',
} as const;

describe('what is refused, and for whose sake', () => {
  /** What each refusal is about, so that who tries again knows what to change. */
  const SUBJECTS: Readonly<Record<RefusalReason, RefusalSubject>> = {
    'simulated-trunks-only': 'route',
    'unknown-place': 'phone',
    'outside-calling-hours': 'moment',
    holiday: 'moment',
    'phone-wrong': 'phone',
    'phone-invalid': 'phone',
    'phone-unwanted': 'phone',
    'do-not-call': 'person',
    'debt-held': 'person',
    'already-in-call': 'person',
    'contacts-person-day': 'person',
    'attempts-person-day': 'person',
    'attempts-phone-day': 'phone',
    'attempts-person-7-days': 'person',
    'attempts-person-month': 'person',
    'gap-phone': 'phone',
    'gap-person': 'person',
    'gap-after-busy': 'phone',
    'right-party-contact-today': 'person',
    'redial-after-abandonment': 'person',
    'caller-id-not-owned': 'route',
    'caller-id-inactive': 'route',
    'caller-id-expired': 'route',
    'caller-id-mobile': 'route',
    'caller-id-not-on-trunk': 'route',
    'caller-id-resting': 'route',
    'ring-time': 'route',
  };

  it.each(Object.entries(SUBJECTS))('%s is about the %s', (reason, subject) => {
    expect(refusalSubject(reason as RefusalReason)).toBe(subject);
  });

  it('is never unknown: a reason nobody wrote is a mistake', () => {
    expect(() => refusalSubject('because' as RefusalReason)).toThrow();
  });
});

describe('the clause of a block', () => {
  /** The rule and the law by which each reason stops a call. */
  const CLAUSES: Readonly<Record<BlockReason, RegExp>> = {
    'opt-out': /^BR-11: .*CDC/,
    'wrong-number': /^BR-11: .*LGPD/,
    unwanted: /^BR-11: .*recusou/,
    'public-list': /^BR-10: Lei SP 13\.226\/2008.*17\.334\/2021/,
    deceased: /^BR-11: .*falecido/,
    lawyer: /^BR-11: .*advogado/,
    'court-order': /^BR-11: .*judicial/,
    dispute: /^BR-12: .*54-G/,
    paid: /^BR-12: .*paga/,
    'claims-paid': /^BR-12: .*alegado/,
    promise: /^BR-12: .*promessa/i,
    agreement: /^BR-12: .*acordo/,
    'creditor-stop': /^BR-11: .*credor/,
    other: /^BR-11: .*interno/,
  };

  it.each(Object.entries(CLAUSES))('%s is told by %s', (reason, clause) => {
    const block = aBlock({ reason: reason as BlockReason });
    const answer = doNotCallRule([block], SUBJECT, MONDAY);
    expect(answer.refusal?.clause).toMatch(clause);
    expect(answer.detail).toBe(`person ${reason} block_1`);
  });

  it('of a number whose owner refuses us concerns the number, others of the person stay', () => {
    const answer = doNotCallRule([aBlock({ reason: 'unwanted' })], SUBJECT, MONDAY);
    expect(answer.refusal?.reason).toBe('phone-unwanted');
    expect(refusalSubject('phone-unwanted')).toBe('phone');
  });
});

describe('the status of a telephone', () => {
  const REFUSALS: Readonly<Record<PhoneStatus, RefusalReason | undefined>> = {
    unknown: undefined,
    confirmed: undefined,
    'third-party': undefined,
    'invalid-suspected': undefined,
    wrong: 'phone-wrong',
    invalid: 'phone-invalid',
  };

  it.each(Object.entries(REFUSALS))('%s: %s, with no moment to try again', (status, reason) => {
    const { refusal } = phoneStatusRule(status as PhoneStatus);
    expect(refusal?.reason).toBe(reason);
    expect(refusal ?? {}).not.toHaveProperty('retryAt');
  });
});

/** Any block at all, of the people, numbers and creditors there are. */
const anyBlock: fc.Arbitrary<Block> = fc
  .record({
    scope: fc.constantFrom('phone' as const, 'person' as const),
    phone: fc.constantFrom(undefined, phone('11 98765-4321'), phone('11 3456-1000')),
    debtorId: fc.constantFrom(undefined, 'debtor_1' as const, 'debtor_2' as const),
    creditorId: fc.constantFrom(undefined, 'creditor_1' as const, 'creditor_2' as const),
    effectiveFrom: fc.integer({ min: MONDAY - 2, max: MONDAY + 1 }),
    expiresAt: fc.constantFrom(undefined, MONDAY - 1, MONDAY, MONDAY + 1, MONDAY + DAY_MS),
    reason: fc.constantFrom('opt-out' as const, 'promise' as const, 'wrong-number' as const),
    n: fc.nat(9),
  })
  .map(({ n, ...fields }) => {
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    return { id: `block_${n}`, ...Object.fromEntries(given) } as Block;
  });

describe('any block', () => {
  it('stands only if every one of the things it names is the call’s', () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        if (!blockApplies(block, SUBJECT, MONDAY)) return;
        expect([undefined, SUBJECT.contact.address]).toContain(block.phone);
        for (const field of ['debtorId', 'creditorId'] as const) {
          expect([undefined, SUBJECT[field]]).toContain(block[field]);
        }
        expect(block[block.scope === 'phone' ? 'phone' : 'debtorId']).toBeDefined();
        expect(block.effectiveFrom).toBeLessThanOrEqual(MONDAY);
        expect(block.expiresAt ?? MONDAY + 1).toBeGreaterThan(MONDAY);
      }),
      { numRuns: 500, seed: 31 },
    );
  });

  it('that names less of the call never stands where one that names more does not', () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        if (!blockApplies(block, SUBJECT, MONDAY)) return;
        const { creditorId: _creditor, expiresAt: _end, ...wider } = block;
        expect(blockApplies(wider, SUBJECT, MONDAY)).toBe(true);
      }),
      { numRuns: 300, seed: 32 },
    );
  });

  it('among others: one that stands is enough, and none of the others takes it away', () => {
    fc.assert(
      fc.property(fc.array(anyBlock, { maxLength: 6 }), (blocks) => {
        const stands = blocks.filter((one) => blockApplies(one, SUBJECT, MONDAY));
        const { refusal } = doNotCallRule(blocks, SUBJECT, MONDAY);
        expect(refusal !== undefined).toBe(stands.length > 0);
        if (!refusal) return;
        const ends = stands.map((one) => one.expiresAt ?? Number.POSITIVE_INFINITY);
        expect(refusal.retryAt ?? Number.POSITIVE_INFINITY).toBe(Math.max(...ends));
      }),
      { numRuns: 300, seed: 33 },
    );
  });

  it('of a number without the number, or of a person without the person, stops nobody', () => {
    const { debtorId: _debtor, ...nobody } = aBlock();
    expect(blockApplies(nobody, SUBJECT, MONDAY)).toBe(false);
    expect(blockApplies({ ...nobody, scope: 'phone' }, SUBJECT, MONDAY)).toBe(false);
  });

  it('of a person on one number leaves their other numbers', () => {
    const block = aBlock({ phone: SUBJECT.contact.address });
    expect(blockApplies(block, SUBJECT, MONDAY)).toBe(true);
    expect(
      blockApplies(block, { ...SUBJECT, contact: voiceAt(phone('11 3456-1000')) }, MONDAY),
    ).toBe(false);
  });
});
