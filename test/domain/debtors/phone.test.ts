import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../../src/domain/calls/outcome.ts';
import {
  type AttemptContext,
  invalidsJumped,
  isDialable,
  type Phone,
  phoneAfter,
  phoneFromSource,
  phoneWithStatus,
} from '../../../src/domain/debtors/phone.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');

function aPhone(overrides: Partial<Phone> = {}): Phone {
  return {
    id: 'phone_1',
    debtorId: 'debtor_1',
    number: '+5511987654321',
    kind: 'mobile',
    source: 'crm',
    collectedAt: NOW - 30 * DAY_MS,
    score: 50,
    status: 'unknown',
    statusAt: NOW - 30 * DAY_MS,
    ...overrides,
  };
}

function context(overrides: Partial<AttemptContext> = {}): AttemptContext {
  return {
    now: NOW,
    trunkId: 'trunk_1',
    zone: 'America/Sao_Paulo',
    trunkSuspectsItself: false,
    ...overrides,
  };
}

const SUSPECTED = phoneAfter(aPhone(), 'invalid-number', context()).phone;

describe('a number the carrier calls invalid', () => {
  it('is suspected at first, and remembers when and by whom', () => {
    expect(phoneAfter(aPhone(), 'invalid-number', context())).toEqual({
      because: 'invalid-suspected',
      phone: aPhone({
        status: 'invalid-suspected',
        statusAt: NOW,
        suspectedAt: NOW,
        suspectedTrunkId: 'trunk_1',
        lastAttemptAt: NOW,
      }),
    });
  });

  it('stays suspected when the same trunk says it again the same day', () => {
    const again = phoneAfter(SUSPECTED, 'invalid-number', context({ now: NOW + HOUR_MS }));
    expect(again).toMatchObject({
      because: 'invalid-still-suspected',
      phone: { status: 'invalid-suspected', suspectedAt: NOW },
    });
  });

  it.each([
    ['on another day', { now: NOW + DAY_MS }],
    ['by another trunk', { now: NOW + HOUR_MS, trunkId: 'trunk_2' }],
  ] as const)('is invalid when it is said again %s', (_name, overrides) => {
    const again = phoneAfter(SUSPECTED, 'invalid-number', context(overrides));
    expect(again).toMatchObject({ because: 'invalid-confirmed', phone: { status: 'invalid' } });
    expect(isDialable(again.phone)).toBe(false);
  });

  it('counts days by the zone and not by UTC', () => {
    const late = Date.parse('2026-11-23T20:00:00-03:00');
    const first = phoneAfter(aPhone(), 'invalid-number', context({ now: late })).phone;
    const laterThatEvening = context({ now: late + 2 * HOUR_MS });
    expect(phoneAfter(first, 'invalid-number', laterThatEvening).because).toBe(
      'invalid-still-suspected',
    );
  });

  it('is neither suspected nor confirmed while the trunk suspects itself', () => {
    const doubtful = context({ now: NOW + DAY_MS, trunkSuspectsItself: true });
    const first = phoneAfter(aPhone(), 'invalid-number', doubtful);
    expect(first).toMatchObject({ because: 'trunk-suspects-itself', phone: { status: 'unknown' } });
    const second = phoneAfter(SUSPECTED, 'invalid-number', doubtful);
    expect(second).toMatchObject({
      because: 'trunk-suspects-itself',
      phone: { status: 'invalid-suspected' },
    });
  });
});

describe('a suspicion', () => {
  it.each<CallOutcome>(['person', 'machine', 'busy', 'rejected', 'unwanted', 'no-answer'])(
    'is cleared by %s',
    (outcome) => {
      const { phone, because } = phoneAfter(SUSPECTED, outcome, context({ now: NOW + HOUR_MS }));
      expect(because).toBe('suspicion-cleared');
      expect(phone.status).toBe('unknown');
      expect(phone).not.toHaveProperty('suspectedAt');
      expect(phone).not.toHaveProperty('suspectedTrunkId');
    },
  );

  it.each<CallOutcome>([
    'congestion',
    'trunk-failed',
    'caller-id-refused',
    'spam-refused',
    'lost',
    'forwarded',
    'media-failed',
    'cancelled',
  ])('is left as it is by %s', (outcome) => {
    const after = phoneAfter(SUSPECTED, outcome, context({ now: NOW + HOUR_MS }));
    expect(after.because).toBe('says-nothing-of-the-number');
    expect(after.phone).toEqual({ ...SUSPECTED, lastAttemptAt: NOW + HOUR_MS });
  });

  it('is cleared by a cancelled call only when it had rung, and kept by a silent no-answer', () => {
    const rang = context({ rang: true });
    const silent = context({ rang: false });
    expect(phoneAfter(SUSPECTED, 'cancelled', rang).because).toBe('suspicion-cleared');
    expect(phoneAfter(SUSPECTED, 'no-answer', silent).because).toBe('says-nothing-of-the-number');
  });

  it('that proves false gives a confirmed number its status back', () => {
    const doubted = phoneAfter(aPhone({ status: 'confirmed' }), 'invalid-number', context()).phone;
    const after = phoneAfter(doubted, 'busy', context({ now: NOW + HOUR_MS }));
    expect(after.phone.status).toBe('confirmed');
    expect(after.phone).not.toHaveProperty('statusBeforeSuspicion');
  });
});

describe('a number that comes again from a source', () => {
  const invalid = phoneAfter(SUSPECTED, 'invalid-number', context({ trunkId: 'trunk_2' })).phone;

  it('is dialed again when the source is newer than the verdict', () => {
    const seen = { source: 'bureau', collectedAt: NOW + DAY_MS, score: 80 };
    const after = phoneFromSource(invalid, seen);
    expect(after).toMatchObject({ status: 'unknown', source: 'bureau', score: 80 });
    expect(isDialable(after)).toBe(true);
  });

  it('stays invalid when the source knew it before the verdict', () => {
    const seen = { source: 'bureau', collectedAt: NOW - DAY_MS, score: 80 };
    expect(phoneFromSource(invalid, seen)).toMatchObject({ status: 'invalid', source: 'bureau' });
  });

  it('keeps the newer source', () => {
    const seen = { source: 'old-file', collectedAt: NOW - 90 * DAY_MS, score: 99 };
    expect(phoneFromSource(aPhone(), seen)).toEqual(aPhone());
  });

  it('stays somebody else’s for this debtor', () => {
    const wrong = phoneWithStatus(aPhone(), 'wrong', NOW);
    const seen = { source: 'bureau', collectedAt: NOW + DAY_MS, score: 80 };
    expect(phoneFromSource(wrong, seen).status).toBe('wrong');
  });
});

describe('a wrong number', () => {
  it('is not dialed, and no outcome of a call makes it right', () => {
    const wrong = phoneWithStatus(SUSPECTED, 'wrong', NOW);
    expect(wrong).not.toHaveProperty('suspectedAt');
    expect(isDialable(wrong)).toBe(false);
    expect(phoneAfter(wrong, 'person', context())).toMatchObject({
      because: 'final-already',
      phone: { status: 'wrong' },
    });
  });
});

describe('a trunk that says invalid', () => {
  const usual = { usualAttempts: 5_000, usualInvalids: 500 };

  it.each([
    ['as often as it uses to', 100, 12, false],
    ['a little more often', 100, 19, false],
    ['twice as often, but seldom', 15, 15, false],
    ['far more often', 100, 45, true],
    ['nearly always', 25, 24, true],
  ])('%s', (_name, recentAttempts, recentInvalids, jumped) => {
    expect(invalidsJumped({ ...usual, recentAttempts, recentInvalids })).toBe(jumped);
  });

  it('is judged by a cautious guess before it has a past', () => {
    const fresh = { usualAttempts: 0, usualInvalids: 0, recentAttempts: 40 };
    expect(invalidsJumped({ ...fresh, recentInvalids: 6 })).toBe(false);
    expect(invalidsJumped({ ...fresh, recentInvalids: 30 })).toBe(true);
  });
});
