import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../../src/domain/calls/outcome.ts';
import {
  type AttemptContext,
  isDialable,
  type Phone,
  type PhoneStatus,
  phoneAfter,
  phoneFromSource,
  phoneWithStatus,
} from '../../../src/domain/debtors/phone.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';
import { everyWalk, oneOf, whole } from '../../support/walks.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');
const STATUSES: readonly PhoneStatus[] = [
  ...(['unknown', 'confirmed', 'third-party'] as const),
  ...(['wrong', 'invalid-suspected', 'invalid'] as const),
];

function aPhone(status: PhoneStatus, overrides: Partial<Phone> = {}): Phone {
  const doubted = status === 'invalid-suspected' || status === 'invalid';
  return {
    ...{ id: 'phone_1', debtorId: 'debtor_1', number: '+5511987654321', kind: 'mobile' },
    ...{ source: 'crm', collectedAt: NOW - 30 * DAY_MS, score: 50 },
    ...{ status, statusAt: NOW - 30 * DAY_MS },
    ...(doubted ? { suspectedAt: NOW - HOUR_MS, suspectedTrunkId: 'trunk_1' } : {}),
    ...overrides,
  };
}

const CONTEXT: AttemptContext = {
  ...{ now: NOW, trunkId: 'trunk_1', zone: 'America/Sao_Paulo', trunkSuspectsItself: false },
};

/** What an end of a call says of the number: that it exists, that it does not, or nothing. */
const SAYS: Readonly<Record<CallOutcome, 'exists' | 'invalid' | 'nothing'>> = {
  person: 'exists',
  machine: 'exists',
  busy: 'exists',
  rejected: 'exists',
  unwanted: 'exists',
  'no-answer': 'exists',
  'invalid-number': 'invalid',
  cancelled: 'nothing',
  congestion: 'nothing',
  'trunk-failed': 'nothing',
  'caller-id-refused': 'nothing',
  'spam-refused': 'nothing',
  lost: 'nothing',
  forwarded: 'nothing',
  'media-failed': 'nothing',
};
const OUTCOMES = Object.keys(SAYS) as readonly CallOutcome[];

/** The status after each kind of end, on the same trunk and day as any suspicion. */
const TABLE: Readonly<
  Record<PhoneStatus, Readonly<Record<'exists' | 'invalid' | 'nothing', PhoneStatus>>>
> = {
  unknown: { exists: 'unknown', invalid: 'invalid-suspected', nothing: 'unknown' },
  confirmed: { exists: 'confirmed', invalid: 'invalid-suspected', nothing: 'confirmed' },
  'third-party': { exists: 'third-party', invalid: 'invalid-suspected', nothing: 'third-party' },
  wrong: { exists: 'wrong', invalid: 'wrong', nothing: 'wrong' },
  'invalid-suspected': {
    ...{ exists: 'unknown', invalid: 'invalid-suspected', nothing: 'invalid-suspected' },
  },
  invalid: { exists: 'unknown', invalid: 'invalid', nothing: 'invalid' },
};

describe('every end of a call on every kind of number', () => {
  it.each(STATUSES.flatMap((status) => OUTCOMES.map((outcome) => ({ status, outcome }))))(
    '$status, then $outcome',
    ({ status, outcome }) => {
      const { phone } = phoneAfter(aPhone(status), outcome, CONTEXT);
      expect(phone.status).toBe(TABLE[status][SAYS[outcome]]);
      expect(phone.lastAttemptAt).toBe(NOW);
    },
  );

  it.each<[CallOutcome, boolean | undefined, PhoneStatus]>([
    ['no-answer', undefined, 'unknown'],
    ['no-answer', true, 'unknown'],
    ['no-answer', false, 'invalid-suspected'],
    ['cancelled', undefined, 'invalid-suspected'],
    ['cancelled', true, 'unknown'],
    ['cancelled', false, 'invalid-suspected'],
  ])('%s clears a suspicion only if it rang (%s): %s', (outcome, rang, status) => {
    const context = { ...CONTEXT, ...(rang === undefined ? {} : { rang }) };
    const { phone } = phoneAfter(aPhone('invalid-suspected'), outcome, context);
    expect(phone.status).toBe(status);
  });
});

describe('what a suspicion remembers', () => {
  it.each(['confirmed', 'third-party', 'unknown'] as const)(
    '%s comes back when the number proves to exist',
    (status) => {
      const doubted = phoneAfter(aPhone(status), 'invalid-number', CONTEXT).phone;
      expect(doubted.status).toBe('invalid-suspected');
      const cleared = phoneAfter(doubted, 'busy', { ...CONTEXT, now: NOW + HOUR_MS }).phone;
      expect(cleared).toEqual({
        ...aPhone(status),
        statusAt: NOW + HOUR_MS,
        lastAttemptAt: NOW + HOUR_MS,
      });
    },
  );
});

describe('a number that a source sends again', () => {
  const newer = { source: 'bureau', collectedAt: NOW, score: 90 };

  it.each(STATUSES)('%s: newer knowledge revives what is invalid, and nothing else', (status) => {
    const revived = status === 'invalid' || status === 'invalid-suspected';
    const after = phoneFromSource(aPhone(status), newer);
    expect(after).toMatchObject({ ...newer, status: revived ? 'unknown' : status });
  });

  it.each(STATUSES)('%s: what is not newer changes nothing', (status) => {
    const phone = aPhone(status);
    const old = { ...newer, collectedAt: phone.collectedAt };
    expect(phoneFromSource(phone, old)).toBe(phone);
  });

  it('was collected before it proved invalid: it stays so', () => {
    const phone = aPhone('invalid', { statusAt: NOW + 1 });
    expect(phoneFromSource(phone, newer).status).toBe('invalid');
  });
});

describe('whatever is heard of a number, in whatever order', () => {
  it('it is invalid only after two days or two trunks said so, and wrong until somebody says else', () => {
    everyWalk((random, note) => {
      let phone = aPhone('unknown');
      let now = NOW;
      for (let step = 0; step < 25; step += 1) {
        const before = phone;
        now += whole(random, 10 * HOUR_MS);
        const context: AttemptContext = {
          ...{ ...CONTEXT, now, trunkId: oneOf(random, ['trunk_1', 'trunk_2'] as const) },
          trunkSuspectsItself: random() < 0.2,
        };
        const heard = random();
        if (heard < 0.1) {
          const said = oneOf(random, ['confirmed', 'third-party', 'wrong', 'unknown'] as const);
          note(`somebody says ${said}`);
          phone = phoneWithStatus(before, said, now);
          expect(phone.status).toBe(said);
          expect(phone).not.toHaveProperty('suspectedAt');
          continue;
        }
        const outcome = heard < 0.5 ? 'invalid-number' : oneOf(random, OUTCOMES);
        note(`${before.status}: ${outcome} on ${context.trunkId}`);
        const after = phoneAfter(before, outcome, context);
        phone = after.phone;
        if (before.status === 'wrong') expect(phone.status).toBe('wrong');
        const dayOf = (at = 0) => new Date(at - 3 * HOUR_MS).toISOString().slice(0, 10);
        const isConfirmed =
          before.status === 'invalid-suspected' &&
          outcome === 'invalid-number' &&
          !context.trunkSuspectsItself &&
          (dayOf(before.suspectedAt) !== dayOf(now) || before.suspectedTrunkId !== context.trunkId);
        const becameInvalid = phone.status === 'invalid' && before.status !== 'invalid';
        expect(becameInvalid).toBe(isConfirmed);
        const isDoubted = phone.status === 'invalid-suspected' || phone.status === 'invalid';
        expect('suspectedAt' in phone).toBe(isDoubted);
        expect(isDialable(phone)).toBe(phone.status !== 'wrong' && phone.status !== 'invalid');
      }
    }, 300);
  });
});
