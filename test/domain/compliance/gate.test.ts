import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DialHistory,
  type DialRequest,
  mayDial,
  PERMIT_LIFE_MS,
  type Verdict,
} from '../../../src/domain/compliance/gate.ts';
import { refusalSubject } from '../../../src/domain/compliance/refusal.ts';
import { type CallPurpose, voiceAt } from '../../../src/domain/contacts/contact.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts';
import {
  aBlock,
  aCallerId,
  aHistory,
  anAttempt,
  aRequest,
  aRequestTo,
  brasilia,
  COLLECTION,
  DEMONSTRATION,
  MONDAY,
  phone,
} from './builders.ts';

function verdict(request: DialRequest, history: DialHistory = aHistory(), now = MONDAY): Verdict {
  return mayDial(request, history, COLLECTION, now);
}

function reasonOf(answer: Verdict): string {
  return answer.allowed ? 'allowed' : answer.reason;
}

describe('a permit', () => {
  it('names everything the call may be, and lives two seconds', () => {
    const answer = verdict(aRequest());
    expect(answer).toMatchObject({
      allowed: true,
      permit: {
        decisionId: 'decision_1',
        legId: 'leg_1',
        debtorId: 'debtor_1',
        phone: '+5511987654321',
        callerId: '+551134567890',
        trunkId: 'trunk_1',
        ringTimeoutMs: 30_000,
        purpose: 'campaign',
        expiresAt: MONDAY + 2_000,
      },
    });
    expect(PERMIT_LIFE_MS).toBe(2_000);
  });

  it('cannot be changed once it is given', () => {
    const answer = verdict(aRequest());
    if (!answer.allowed) throw new Error('expected a permit');
    expect(Object.isFrozen(answer.permit)).toBe(true);
  });

  it('comes with what every rule saw', () => {
    const answer = verdict(aRequest());
    expect(answer.rules.map(({ rule, passed }) => [rule, passed])).toEqual([
      ['simulated-trunks', true],
      ['calling-hours', true],
      ['phone-status', true],
      ['do-not-call', true],
      ['one-call-at-a-time', true],
      ['attempt-caps', true],
      ['attempt-gaps', true],
      ['right-party-contact', true],
      ['redial-after-abandonment', true],
      ['caller-id', true],
      ['ring-time', true],
    ]);
  });
});

describe('a refusal', () => {
  it('has the reason of the first rule, and the results of all', () => {
    const request = aRequestTo('68 98765-4321', { ringTimeoutMs: 5_000 });
    const answer = verdict(request, aHistory(), brasilia('2026-11-23 08:30'));
    expect(reasonOf(answer)).toBe('outside-calling-hours');
    expect(answer.rules.filter((one) => !one.passed).map((one) => one.rule)).toEqual([
      'calling-hours',
      'ring-time',
    ]);
  });

  it('shows no personal data in what the rules saw', () => {
    const history = aHistory({ attempts: [anAttempt(MONDAY - HOUR_MS)], blocks: [aBlock()] });
    const text = JSON.stringify(verdict(aRequest(), history).rules);
    expect(text).not.toContain('98765');
    expect(text).not.toContain('debtor_1');
  });

  it('gives no moment when one of the rules knows none', () => {
    const request = aRequest({ ringTimeoutMs: 5_000 });
    const answer = verdict(request, aHistory(), brasilia('2026-11-22 11:00'));
    expect(reasonOf(answer)).toBe('outside-calling-hours');
    expect(answer).not.toHaveProperty('retryAt');
  });
});

describe('the window at the debtor’s place', () => {
  it('holds for the number’s area code and the debtor’s addresses', () => {
    const now = brasilia('2026-11-23 08:30');
    expect(reasonOf(verdict(aRequest(), aHistory(), now))).toBe('allowed');
    const elsewhere = aRequest({ debtor: { id: 'debtor_1', addressStates: ['AC'] } });
    expect(reasonOf(verdict(elsewhere, aHistory(), now))).toBe('outside-calling-hours');
  });

  it('T16: is not widened by a callback which the debtor asked for', () => {
    const saturday = brasilia('2026-11-28 16:00');
    const request = aRequest({ purpose: 'callback', callbackAskedAt: saturday - DAY_MS });
    expect(verdict(request, aHistory(), saturday)).toMatchObject({
      allowed: false,
      reason: 'outside-calling-hours',
      retryAt: brasilia('2026-11-30 08:00'),
    });
  });
});

describe('simulated trunks', () => {
  const now = brasilia('2026-11-22 03:00');

  it('are the only ones a demonstration dials', () => {
    const answer = mayDial(aRequest(), aHistory(), DEMONSTRATION, now);
    expect(answer).toMatchObject({ allowed: false, reason: 'simulated-trunks-only' });
    expect(answer).not.toHaveProperty('retryAt');
  });

  it('may be dialed by a demonstration on a Sunday night', () => {
    const trunk = { id: 'trunk_1', simulated: true, legalEntityId: 'entity_us' } as const;
    expect(mayDial(aRequest({ trunk }), aHistory(), DEMONSTRATION, now).allowed).toBe(true);
  });

  it('do not free a collection from its hours', () => {
    const trunk = { id: 'trunk_1', simulated: true, legalEntityId: 'entity_us' } as const;
    expect(verdict(aRequest({ trunk }), aHistory(), now).allowed).toBe(false);
  });
});

describe('a telephone', () => {
  it.each([
    ['wrong', 'phone-wrong'],
    ['invalid', 'phone-invalid'],
    ['unknown', 'allowed'],
    ['confirmed', 'allowed'],
    ['third-party', 'allowed'],
    ['invalid-suspected', 'allowed'],
  ] as const)('known as %s: %s', (status, reason) => {
    const request = aRequest({ phone: { id: 'phone_1', status } });
    expect(reasonOf(verdict(request))).toBe(reason);
  });
});

describe('the short list of retries', () => {
  it('T23: after a right-party contact no number of the person is called before the next day', () => {
    const history = aHistory({ rightPartyContactAt: brasilia('2026-11-23 10:00') });
    for (const number of ['11 98765-4321', '11 3456-1234']) {
      expect(verdict(aRequestTo(number), history, brasilia('2026-11-23 15:00'))).toMatchObject({
        allowed: false,
        reason: 'right-party-contact-today',
        retryAt: brasilia('2026-11-24 08:00'),
      });
    }
    expect(verdict(aRequest(), history, brasilia('2026-11-24 08:00')).allowed).toBe(true);
  });
});

describe('our own caller ID', () => {
  it.each([
    ['of another holder', { holderEntityId: 'entity_other' }, 'caller-id-not-owned'],
    ['withheld', { number: '+55' }, 'caller-id-not-owned'],
    ['suspended', { status: 'suspended' }, 'caller-id-inactive'],
    ['retired', { status: 'retired' }, 'caller-id-inactive'],
    ['expired', { validTo: MONDAY }, 'caller-id-expired'],
    ['mobile on a trunk', { kind: 'mobile' }, 'caller-id-mobile'],
    ['of another trunk', { trunkIds: ['trunk_2'] }, 'caller-id-not-on-trunk'],
  ] as const)('T50, T51, T53: is refused when it is %s', (_name, overrides, reason) => {
    const answer = verdict(aRequest({ callerId: aCallerId(overrides) }));
    expect(reasonOf(answer)).toBe(reason);
    expect(answer).not.toHaveProperty('retryAt');
  });

  it('may be mobile when the trunk is its own station, and national', () => {
    const bound = aCallerId({ kind: 'mobile', stationBound: true });
    expect(verdict(aRequest({ callerId: bound })).allowed).toBe(true);
    const national = aCallerId({ kind: 'national', number: '+5540041234' });
    expect(verdict(aRequest({ callerId: national })).allowed).toBe(true);
  });

  it('may be shown from the day its contract begins', () => {
    const callerId = aCallerId({ validFrom: brasilia('2026-12-01 00:00') });
    expect(verdict(aRequest({ callerId }))).toMatchObject({
      reason: 'caller-id-expired',
      retryAt: brasilia('2026-12-01 08:00'),
    });
  });

  it('needs a trunk of the same legal entity', () => {
    const trunk = { id: 'trunk_1', simulated: false, legalEntityId: 'entity_other' } as const;
    expect(reasonOf(verdict(aRequest({ trunk })))).toBe('caller-id-not-owned');
  });
});

describe('ring time', () => {
  it.each([
    [12_000, 'ring-time'],
    [19_999, 'ring-time'],
    [20_000, 'allowed'],
    [30_000, 'allowed'],
    [30_001, 'ring-time'],
  ])('T89: of %i ms: %s', (ringTimeoutMs, reason) => {
    expect(reasonOf(verdict(aRequest({ ringTimeoutMs })))).toBe(reason);
  });
});

describe('every refusal', () => {
  const anyHistory = fc.record({
    attempts: fc.array(
      fc.record({
        ago: fc.integer({ min: 0, max: 30 * DAY_MS }),
        samePerson: fc.boolean(),
        samePhone: fc.boolean(),
        counts: fc.boolean(),
        outcome: fc.constantFrom('no-answer', 'busy', 'person', 'machine', undefined),
        abandoned: fc.boolean(),
      }),
      { maxLength: 25 },
    ),
    contactAgo: fc.option(fc.integer({ min: 0, max: 3 * DAY_MS }), { nil: undefined }),
    blockFor: fc.option(fc.integer({ min: 1, max: 20 * DAY_MS }), { nil: undefined }),
    now: fc.integer({ min: MONDAY - 400 * DAY_MS, max: MONDAY + 400 * DAY_MS }),
    area: fc.constantFrom('11', '21', '65', '68', '81', '97'),
    purpose: fc.constantFrom('campaign', 'callback', 'redial-after-abandonment'),
  });

  it('has a clause, and where waiting helps a moment at which the same call is allowed', () => {
    fc.assert(
      fc.property(anyHistory, (any) => {
        const { request, history } = fromAny(any);
        const answer = mayDial(request, history, COLLECTION, any.now);
        if (answer.allowed) return;
        expect(answer.clause).toMatch(/^(BR-\d\d: .{5,}|\S+ \d+: .{5,})$/);
        expect(refusalSubject(answer.reason)).not.toBe('route');
        const retryAt = answer.retryAt ?? Number.NaN;
        expect(retryAt).toBeGreaterThan(any.now);
        const settled = history.attempts.map((one) => ({ ...one, endedAt: one.endedAt ?? one.at }));
        const later = mayDial(request, { ...history, attempts: settled }, COLLECTION, retryAt);
        expect(later.rules.filter((rule) => !rule.passed)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  function fromAny(any: typeof anyHistory extends fc.Arbitrary<infer T> ? T : never): {
    request: DialRequest;
    history: DialHistory;
  } {
    const number = `${any.area} 98765-4321`;
    const request = aRequestTo(number, {
      callerId: aCallerId({ validFrom: 0 }),
      purpose: any.purpose as CallPurpose,
      ...(any.purpose === 'callback' ? { callbackAskedAt: any.now - HOUR_MS } : {}),
    });
    const attempts = any.attempts.map((one, index) => {
      const at = any.now - one.ago - MINUTE_MS;
      const isOpen = one.outcome === undefined;
      const { endedAt: _end, outcome: _outcome, ...open } = anAttempt(at);
      return {
        ...open,
        debtorId: one.samePerson ? ('debtor_1' as const) : ('debtor_2' as const),
        to: voiceAt(phone(one.samePhone ? number : `11 3456-${1000 + index}`)),
        counts: one.counts || isOpen,
        abandoned: one.abandoned && !isOpen,
        ...(one.outcome ? { outcome: one.outcome as 'busy', endedAt: at + 30 * SECOND_MS } : {}),
      };
    });
    const history = aHistory({
      attempts,
      ...(any.contactAgo === undefined ? {} : { rightPartyContactAt: any.now - any.contactAgo }),
      blocks:
        any.blockFor === undefined
          ? []
          : [aBlock({ effectiveFrom: 0, expiresAt: any.now + any.blockFor, reason: 'promise' })],
    });
    return { request, history };
  }
});
