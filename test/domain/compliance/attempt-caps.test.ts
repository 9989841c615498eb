import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attemptCapsRule,
  isInFlight,
  oneCallRule,
  type PastAttempt,
} from '../../../src/domain/compliance/attempt-limits.ts';
import type { ComplianceProfile } from '../../../src/domain/compliance/profile.ts';
import { voiceAt } from '../../../src/domain/contacts/contact.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { aLimitInput, anAttempt, aProfile, brasilia, inFlight, MOBILE, phone } from './builders.ts';

const NOW = brasilia('2026-11-23 15:00');
const HOME = voiceAt(phone('11 3456-1000'));

type Caps = Partial<ComplianceProfile['frequency']>;
/** A profile in which nothing but these caps can refuse. */
function only(caps: Caps): ComplianceProfile {
  const wide = {
    attemptsPerPersonDayMax: 1_000,
    attemptsPerPhoneDayMax: 1_000,
    attemptsPerPerson7DaysMax: 1_000,
    attemptsPerPersonMonthMax: 1_000,
  };
  return aProfile({ frequency: { ...wide, ...caps } });
}

/** Attempts on the person's other number, at these moments of Brasília. */
function atHome(...moments: readonly string[]): readonly PastAttempt[] {
  return moments.map((at) => anAttempt(brasilia(at), { to: HOME }));
}

function refusalOf(caps: Caps, attempts: readonly PastAttempt[], now = NOW) {
  return attemptCapsRule(aLimitInput({ attempts, profile: only(caps), now })).refusal;
}

describe('each cap by itself', () => {
  const twoToday = [
    anAttempt(brasilia('2026-11-23 09:00')),
    anAttempt(brasilia('2026-11-23 12:00')),
  ];

  it.each<[keyof Caps, string, string]>([
    ['attemptsPerPersonDayMax', 'attempts-person-day', '2026-11-24 00:00'],
    ['attemptsPerPhoneDayMax', 'attempts-phone-day', '2026-11-24 00:00'],
    ['attemptsPerPerson7DaysMax', 'attempts-person-7-days', '2026-11-30 00:00'],
    ['attemptsPerPersonMonthMax', 'attempts-person-month', '2026-12-01 00:00'],
  ])('%s of 2 refuses the third as %s until %s, and of 3 does not', (cap, reason, until) => {
    expect(refusalOf({ [cap]: 2 }, twoToday)).toMatchObject({ reason, retryAt: brasilia(until) });
    expect(refusalOf({ [cap]: 3 }, twoToday)).toBeUndefined();
  });

  it('refuses the first call where it is nought', () => {
    expect(refusalOf({ attemptsPerPersonDayMax: 0 }, [])).toMatchObject({
      reason: 'attempts-person-day',
    });
  });
});

describe('whom an attempt counts for', () => {
  const caps = { attemptsPerPersonDayMax: 1, attemptsPerPhoneDayMax: 1 };
  const at = brasilia('2026-11-23 09:00');

  it.each<[string, Partial<PastAttempt>, string | undefined]>([
    ['this person on another number', { to: HOME }, 'attempts-person-day'],
    ['another person on this number', { debtorId: 'debtor_2' }, 'attempts-phone-day'],
    ['another person on another number', { debtorId: 'debtor_2', to: HOME }, undefined],
    ['this person, but it never rang', { counts: false }, undefined],
    ['this person, a person answered', { outcome: 'person', to: HOME }, 'attempts-person-day'],
    ['this person, a machine', { outcome: 'machine', to: HOME }, 'attempts-person-day'],
  ])('%s: %s', (_name, overrides, reason) => {
    expect(refusalOf(caps, [anAttempt(at, overrides)])?.reason).toBe(reason);
  });
});

describe('the day of a cap', () => {
  const one = { attemptsPerPersonDayMax: 1 };

  it('begins at midnight of Brasília, to the second', () => {
    expect(refusalOf(one, atHome('2026-11-22 23:59:59'))).toBeUndefined();
    expect(refusalOf(one, atHome('2026-11-23 00:00:00'))).toBeDefined();
  });

  it('is the profile’s, whatever the clock shows at the debtor’s place', () => {
    const lastNightInAcre = atHome('2026-11-23 00:30');
    expect(refusalOf(one, lastNightInAcre, brasilia('2026-11-23 11:00'))).toBeDefined();
    const profile = { ...only(one), zone: 'America/Rio_Branco' };
    const now = brasilia('2026-11-23 11:00');
    const byAcre = attemptCapsRule(aLimitInput({ attempts: lastNightInAcre, profile, now }));
    expect(byAcre.refusal).toBeUndefined();
  });

  it('takes an attempt that a clock ahead wrote as one of today', () => {
    expect(refusalOf(one, atHome('2026-11-25 10:00'))).toBeDefined();
  });
});

describe('the seven days', () => {
  it('are today and the six before', () => {
    const one = { attemptsPerPerson7DaysMax: 1 };
    expect(refusalOf(one, atHome('2026-11-17 00:00'))).toBeDefined();
    expect(refusalOf(one, atHome('2026-11-16 23:59:59'))).toBeUndefined();
  });

  /** Days before today on which there was an attempt, the cap, and in how many days there is room. */
  it.each<[readonly number[], number, number]>([
    [[6, 3, 0], 3, 1],
    [[0, 0, 0], 3, 7],
    [[6, 6, 1], 2, 1],
    [[6, 2, 1], 2, 5],
    [[5, 4, 3, 2, 1], 5, 2],
    [[1, 0], 2, 6],
    [[5, 5, 5, 0], 2, 2],
    [[6, 5, 4, 3, 2, 1, 0], 1, 7],
  ])('with attempts %j days ago and a cap of %i have room in %i days', (daysAgo, cap, inDays) => {
    const attempts = daysAgo.map((days) => anAttempt(NOW - days * DAY_MS, { to: HOME }));
    const refusal = refusalOf({ attemptsPerPerson7DaysMax: cap }, attempts);
    expect(refusal?.retryAt).toBe(brasilia('2026-11-23 00:00') + inDays * DAY_MS);
    const then = brasilia('2026-11-23 00:00') + inDays * DAY_MS;
    expect(refusalOf({ attemptsPerPerson7DaysMax: cap }, attempts, then)).toBeUndefined();
    expect(refusalOf({ attemptsPerPerson7DaysMax: cap }, attempts, then - 1)).toBeDefined();
  });
});

describe('the calendar month', () => {
  const one = { attemptsPerPersonMonthMax: 1 };

  it.each([
    ['2026-01-31 10:00', '2026-02-01 00:00'],
    ['2027-02-28 10:00', '2027-03-01 00:00'],
    ['2028-02-28 10:00', '2028-03-01 00:00'],
    ['2028-02-29 10:00', '2028-03-01 00:00'],
    ['2026-04-30 23:59', '2026-05-01 00:00'],
    ['2026-12-31 23:59', '2027-01-01 00:00'],
    ['2026-11-01 00:00', '2026-12-01 00:00'],
  ])('of %s has room again on %s', (now, until) => {
    const attempts = atHome(now);
    expect(refusalOf(one, attempts, brasilia(now))?.retryAt).toBe(brasilia(until));
    expect(refusalOf(one, attempts, brasilia(until))).toBeUndefined();
  });

  it('does not count the last day of the month before, be it yesterday', () => {
    const now = brasilia('2026-12-01 10:00');
    expect(refusalOf(one, atHome('2026-11-30 10:00'), now)).toBeUndefined();
  });

  it('does not count the same month of another year', () => {
    expect(refusalOf(one, atHome('2025-11-23 10:00'))).toBeUndefined();
  });
});

describe('several caps at once', () => {
  const attempts = atHome('2026-11-23 09:00', '2026-11-23 11:00');

  it('give the reason of the one that lasts longest', () => {
    const day = { attemptsPerPersonDayMax: 1 };
    const week = { ...day, attemptsPerPerson7DaysMax: 1 };
    const month = { ...week, attemptsPerPersonMonthMax: 1 };
    expect(refusalOf(day, attempts)?.reason).toBe('attempts-person-day');
    expect(refusalOf(week, attempts)?.reason).toBe('attempts-person-7-days');
    expect(refusalOf(month, attempts)).toMatchObject({
      reason: 'attempts-person-month',
      retryAt: brasilia('2026-12-01 00:00'),
    });
  });

  it('say what they saw of each, without naming anybody', () => {
    const { detail } = attemptCapsRule(aLimitInput({ attempts }));
    expect(detail).toBe(
      'person 2 of 4 today, 2 of 12 in 7 days, 2 of 20 this month; phone 0 of 2 today',
    );
  });
});

describe('a state’s cap on contacts', () => {
  const law = (state: 'MT' | 'BA', max: number) => ({
    [state]: { law: `lei ${state}`, contactsPerPersonDayMax: max },
  });
  const twoToday = atHome('2026-11-23 09:00', '2026-11-23 11:00');

  function inStates(states: readonly ('MT' | 'BA' | 'SP')[], overrides: object, asked = false) {
    const profile = { ...only({}), regionOverrides: overrides };
    const callback = { purpose: 'callback', callbackAskedAt: NOW - HOUR_MS } as const;
    const call = { states, ...(asked ? callback : {}) };
    return attemptCapsRule(aLimitInput({ attempts: twoToday, profile, call })).refusal;
  }

  it('holds where one of the debtor’s states has it, and names its law', () => {
    expect(inStates(['SP', 'MT'], law('MT', 2))).toEqual({
      reason: 'contacts-person-day',
      clause: 'BR-03: lei MT',
      retryAt: brasilia('2026-11-24 00:00'),
    });
    expect(inStates(['SP'], law('MT', 2))).toBeUndefined();
  });

  it('holds for the callback the debtor asked for: it is the law’s and not ours', () => {
    expect(inStates(['MT'], law('MT', 2), true)).toMatchObject({ reason: 'contacts-person-day' });
  });

  it('of several states is the lowest that is reached', () => {
    const both = { ...law('MT', 3), ...law('BA', 2) };
    expect(inStates(['MT', 'BA'], both)?.clause).toBe('BR-03: lei BA');
    expect(inStates(['MT'], both)).toBeUndefined();
  });

  it('of nought forbids every call there', () => {
    expect(inStates(['BA'], law('BA', 0))).toMatchObject({ reason: 'contacts-person-day' });
  });
});

describe('whatever was tried', () => {
  const anyAttempt = fc.record({
    agoMs: fc.integer({ min: 0, max: 31 * DAY_MS }),
    debtorId: fc.constantFrom('debtor_1' as const, 'debtor_2' as const),
    isHere: fc.boolean(),
    counts: fc.boolean(),
  });
  const anyCaps = fc.record({
    attemptsPerPersonDayMax: fc.integer({ min: 0, max: 4 }),
    attemptsPerPhoneDayMax: fc.integer({ min: 0, max: 4 }),
    attemptsPerPerson7DaysMax: fc.integer({ min: 0, max: 10 }),
    attemptsPerPersonMonthMax: fc.integer({ min: 0, max: 15 }),
  });
  const history = fc
    .array(anyAttempt, { maxLength: 25 })
    .map((some) =>
      some.map(({ agoMs, debtorId, isHere, counts }) =>
        anAttempt(NOW - agoMs, { debtorId, counts, ...(isHere ? {} : { to: HOME }) }),
      ),
    );

  /** Brasília keeps UTC-3 all year: its day is that of Greenwich three hours earlier. */
  const dayOf = (at: number): string => new Date(at - 3 * HOUR_MS).toISOString().slice(0, 10);

  it('is refused exactly where one of the four counts has reached its cap', () => {
    fc.assert(
      fc.property(history, anyCaps, (attempts, caps) => {
        const counted = attempts.filter((one) => one.counts);
        const person = counted.filter((one) => one.debtorId === 'debtor_1');
        const number = counted.filter((one) => one.to === MOBILE);
        const isToday = ({ at }: PastAttempt) => dayOf(at) === '2026-11-23';
        const isFull =
          person.filter(isToday).length >= caps.attemptsPerPersonDayMax ||
          number.filter(isToday).length >= caps.attemptsPerPhoneDayMax ||
          person.filter(({ at }) => dayOf(at) >= '2026-11-17').length >=
            caps.attemptsPerPerson7DaysMax ||
          person.filter(({ at }) => dayOf(at).startsWith('2026-11')).length >=
            caps.attemptsPerPersonMonthMax;
        expect(refusalOf(caps, attempts) !== undefined).toBe(isFull);
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('one more attempt never makes a call lawful, nor its wait shorter', () => {
    fc.assert(
      fc.property(history, anyAttempt, anyCaps, (attempts, more, caps) => {
        const before = refusalOf(caps, attempts);
        if (!before) return;
        const another = anAttempt(NOW - more.agoMs, { debtorId: more.debtorId });
        const after = refusalOf(caps, [...attempts, another]);
        expect(after?.retryAt ?? 0).toBeGreaterThanOrEqual(before.retryAt ?? 0);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('the order in which it is read does not matter', () => {
    fc.assert(
      fc.property(history, anyCaps, (attempts, caps) => {
        expect(refusalOf(caps, attempts.toReversed())).toEqual(refusalOf(caps, attempts));
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});

describe('one call at a time', () => {
  const open = inFlight(NOW - MINUTE_MS);

  it.each<[string, PastAttempt, boolean]>([
    ['placed and not ended', open, true],
    ['ended', { ...open, endedAt: NOW }, false],
    ['settled with an outcome', { ...open, outcome: 'no-answer' }, false],
    ['given back, for it never left', { ...open, counts: false }, false],
  ])('a call that was %s is in flight: %#', (_name, attempt, isOpen) => {
    expect(isInFlight(attempt)).toBe(isOpen);
    const answer = oneCallRule(aLimitInput({ attempts: [attempt] }));
    expect(answer.refusal?.reason).toBe(isOpen ? 'already-in-call' : undefined);
  });

  it('holds for the person on any number, and for the number with any person', () => {
    const other = { ...open, to: HOME };
    const neighbour = { ...open, debtorId: 'debtor_2' } as const;
    const stranger = { ...neighbour, to: HOME };
    const reasons = [other, neighbour, stranger].map(
      (one) => oneCallRule(aLimitInput({ attempts: [one] })).refusal?.reason,
    );
    expect(reasons).toEqual(['already-in-call', 'already-in-call', undefined]);
  });

  it('holds for a callback and a redial as well', () => {
    for (const purpose of ['callback', 'redial-after-abandonment'] as const) {
      const call = { purpose, callbackAskedAt: NOW - HOUR_MS };
      const answer = oneCallRule(aLimitInput({ attempts: [open], call }));
      expect(answer.refusal?.reason).toBe('already-in-call');
    }
  });

  it('is asked about again after the gap to a person, and says how many there are', () => {
    const answer = oneCallRule(aLimitInput({ attempts: [open, { ...open, to: HOME }] }));
    expect(answer).toMatchObject({ detail: '2 in flight', refusal: { retryAt: NOW + 600_000 } });
  });
});
