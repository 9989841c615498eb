import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../../src/domain/calls/outcome.ts';
import {
  isDialable,
  type Phone,
  phoneAfter,
  phoneFromSource,
  phoneWithStatus,
} from '../../../src/domain/debtors/phone.ts';
import { DAY_MS } from '../../../src/lib/time.ts';

/** What happened to the number: a call on a trunk, a word about whose it is, or a list. */
type Event =
  | readonly [
      outcome: CallOutcome,
      trunk: 1 | 2,
      ...how: readonly ('silent' | 'rang' | 'doubtful')[],
    ]
  | readonly ['said', 'confirmed' | 'third-party' | 'wrong' | 'unknown']
  /** A source that collected the number so many days before its list came. */
  | readonly ['list', number];

type Line = readonly [at: string, event: Event, then: string];

const ZONE = 'America/Sao_Paulo';

function momentAt(clock: string): number {
  return Date.parse(`${clock.replace(' ', 'T')}:00-03:00`);
}

const AT_FIRST: Phone = {
  ...{ id: 'phone_1', debtorId: 'debtor_1', number: '+5511987654321', kind: 'mobile' },
  ...{ source: 'crm', collectedAt: momentAt('2026-10-01 00:00'), score: 50 },
  ...{ status: 'unknown', statusAt: momentAt('2026-10-01 00:00') },
};

/** The phone after the event, and why, if a call says so. */
function after(phone: Phone, now: number, event: Event): readonly [Phone, string] {
  if (event[0] === 'said') return [phoneWithStatus(phone, event[1], now), 'said'];
  if (event[0] === 'list') {
    const collectedAt = now - event[1] * DAY_MS;
    return [phoneFromSource(phone, { source: 'bureau', collectedAt, score: 70 }), 'list'];
  }
  const [outcome, trunk, ...how] = event;
  const done = phoneAfter(phone, outcome, {
    ...{ now, zone: ZONE, trunkId: trunk === 1 ? 'trunk_1' : 'trunk_2' },
    trunkSuspectsItself: how.includes('doubtful'),
    ...(how.includes('silent') ? { rang: false } : {}),
    ...(how.includes('rang') ? { rang: true } : {}),
  });
  return [done.phone, done.because];
}

/** Each line says the status after it and, for a call, why. */
function holds(lines: readonly Line[], first: Phone = AT_FIRST): Phone {
  let phone = first;
  const told = lines.map(([at, event]) => {
    const [next, because] = after(phone, momentAt(at), event);
    phone = next;
    return `${phone.status}: ${because}`;
  });
  expect(told).toEqual(lines.map(([, , then]) => then));
  return phone;
}

describe('the days of a number', () => {
  it('that is dead: suspected, and dropped on the next day', () => {
    const phone = holds([
      ['2026-11-23 09:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-23 18:00', ['invalid-number', 1], 'invalid-suspected: invalid-still-suspected'],
      ['2026-11-24 09:00', ['invalid-number', 1], 'invalid: invalid-confirmed'],
      ['2026-11-25 09:00', ['invalid-number', 2], 'invalid: final-already'],
    ]);
    expect(isDialable(phone)).toBe(false);
    expect(phone).toMatchObject({
      ...{ suspectedAt: momentAt('2026-11-23 09:00'), suspectedTrunkId: 'trunk_1' },
      ...{ statusAt: momentAt('2026-11-24 09:00'), lastAttemptAt: momentAt('2026-11-25 09:00') },
    });
  });

  it('that is dead: dropped at once when a second trunk says so too', () => {
    holds([
      ['2026-11-23 09:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-23 09:01', ['invalid-number', 2], 'invalid: invalid-confirmed'],
    ]);
  });

  it('whose second day begins at midnight where the operation is', () => {
    holds([
      ['2026-11-23 00:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-23 23:59', ['invalid-number', 1], 'invalid-suspected: invalid-still-suspected'],
      ['2026-11-24 00:00', ['invalid-number', 1], 'invalid: invalid-confirmed'],
    ]);
    holds([
      ['2026-11-23 23:59', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-24 00:00', ['invalid-number', 1], 'invalid: invalid-confirmed'],
    ]);
  });

  it('that rings in between: the suspicion begins anew, on its own day', () => {
    const phone = holds([
      ['2026-11-23 09:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-24 09:00', ['no-answer', 1], 'unknown: suspicion-cleared'],
      ['2026-11-24 12:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-24 13:00', ['invalid-number', 1], 'invalid-suspected: invalid-still-suspected'],
    ]);
    expect(phone.suspectedAt).toBe(momentAt('2026-11-24 12:00'));
  });

  it('that nothing is heard of: silence and the network’s faults prove neither', () => {
    holds([
      ['2026-11-23 09:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-23 09:30', ['congestion', 2], 'invalid-suspected: says-nothing-of-the-number'],
      [
        '2026-11-23 10:00',
        ['no-answer', 2, 'silent'],
        'invalid-suspected: says-nothing-of-the-number',
      ],
      ['2026-11-23 10:30', ['cancelled', 2], 'invalid-suspected: says-nothing-of-the-number'],
      ['2026-11-23 11:00', ['cancelled', 2, 'rang'], 'unknown: suspicion-cleared'],
      ['2026-11-23 11:30', ['no-answer', 2], 'unknown: exists'],
    ]);
  });

  it('while its trunk calls everything dead: not suspected, and nothing is confirmed', () => {
    holds([
      ['2026-11-23 09:00', ['invalid-number', 1, 'doubtful'], 'unknown: trunk-suspects-itself'],
      ['2026-11-23 10:00', ['invalid-number', 2], 'invalid-suspected: invalid-suspected'],
      [
        '2026-11-24 09:00',
        ['invalid-number', 1, 'doubtful'],
        'invalid-suspected: trunk-suspects-itself',
      ],
      ['2026-11-24 10:00', ['invalid-number', 2], 'invalid: invalid-confirmed'],
      ['2026-11-24 11:00', ['invalid-number', 1, 'doubtful'], 'invalid: final-already'],
    ]);
  });

  it('that is the debtor’s: doubted, and theirs again when it rings', () => {
    const phone = holds([
      ['2026-11-23 09:00', ['said', 'confirmed'], 'confirmed: said'],
      ['2026-11-24 09:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-24 10:00', ['busy', 1], 'confirmed: suspicion-cleared'],
      ['2026-11-24 11:00', ['person', 1], 'confirmed: exists'],
    ]);
    expect(phone.statusAt).toBe(momentAt('2026-11-24 10:00'));
  });

  it('that was dropped and rings after all: what it was before', () => {
    holds([
      ['2026-11-23 09:00', ['said', 'third-party'], 'third-party: said'],
      ['2026-11-23 10:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-23 11:00', ['invalid-number', 2], 'invalid: invalid-confirmed'],
      ['2026-11-23 12:00', ['machine', 2], 'third-party: suspicion-cleared'],
    ]);
  });

  it('that is a stranger’s: so until somebody says else, whatever calls and lists say', () => {
    holds([
      ['2026-11-23 09:00', ['said', 'wrong'], 'wrong: said'],
      ['2026-11-23 10:00', ['person', 1], 'wrong: final-already'],
      ['2026-11-23 11:00', ['invalid-number', 1], 'wrong: final-already'],
      ['2026-11-24 09:00', ['list', 0], 'wrong: list'],
      ['2026-11-25 09:00', ['said', 'unknown'], 'unknown: said'],
      ['2026-11-25 10:00', ['person', 1], 'unknown: exists'],
    ]);
  });

  it('that is said to be the debtor’s while it is doubted: the doubt is forgotten', () => {
    const phone = holds([
      ['2026-11-23 09:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-23 10:00', ['said', 'confirmed'], 'confirmed: said'],
      ['2026-11-24 09:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
    ]);
    expect(phone.statusBeforeSuspicion).toBe('confirmed');
  });

  it('that a newer list names again: dialed again, with the list’s source and score', () => {
    const phone = holds([
      ['2026-11-23 09:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
      ['2026-11-24 09:00', ['invalid-number', 1], 'invalid: invalid-confirmed'],
      // Collected on the 20th, before it proved dead.
      ['2026-11-30 09:00', ['list', 10], 'invalid: list'],
      ['2026-12-07 09:00', ['list', 1], 'unknown: list'],
      ['2026-12-08 09:00', ['invalid-number', 1], 'invalid-suspected: invalid-suspected'],
    ]);
    expect(phone).toMatchObject({ source: 'bureau', score: 70 });
    expect(phone.collectedAt).toBe(momentAt('2026-12-06 09:00'));
  });

  it('that a list names that is as old as what is known: nothing is learned', () => {
    expect(holds([['2026-10-31 00:00', ['list', 30], 'unknown: list']])).toBe(AT_FIRST);
    const newer = holds([['2026-10-31 00:00', ['list', 29], 'unknown: list']]);
    expect(newer).toMatchObject({ source: 'bureau', score: 70 });
  });

  it('that a list confirms on the very moment of the verdict: the verdict stands', () => {
    const dead: Phone = { ...AT_FIRST, status: 'invalid', statusAt: momentAt('2026-11-24 09:00') };
    holds([['2026-11-24 09:00', ['list', 0], 'invalid: list']], dead);
    holds([['2026-11-24 09:01', ['list', 0], 'unknown: list']], dead);
  });
});

describe('an extension', () => {
  const seen = { source: 'list', collectedAt: momentAt('2026-11-23 09:00'), score: 60 };

  it('is taken from a newer source, and kept where that names none', () => {
    const known = phoneFromSource(AT_FIRST, { ...seen, extension: '204' });
    expect(known.extension).toBe('204');
    const later = phoneFromSource(known, { ...seen, collectedAt: seen.collectedAt + 1 });
    expect(later).toMatchObject({ extension: '204', collectedAt: seen.collectedAt + 1 });
  });
});
