import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISPOSITIONS, dispositionByCode } from '../../../src/domain/dispositions/catalog.ts';
import {
  CALLBACK_DAYS_MAX,
  type DispositionContext,
  type DispositionInput,
  effectsOf,
} from '../../../src/domain/dispositions/disposition.ts';
import { present } from '../../../src/lib/assert.ts';
import { isBankingDay } from '../../../src/lib/br-holidays.ts';
import { addDays, DAY_MS, type IsoDate } from '../../../src/lib/time.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');
const CONTEXT: DispositionContext = {
  now: NOW,
  zone: 'America/Sao_Paulo',
  debtorId: 'debtor_1',
  phoneId: 'phone_1',
  phone: '+5511987654321',
  creditorId: 'creditor_1',
  promiseDaysMax: 30,
  owed: { centavos: 50_000 },
};

type Promised = NonNullable<DispositionInput['promise']>;

function outcomeOf(code: string, input: DispositionInput, context: Partial<DispositionContext>) {
  const disposition = present(dispositionByCode(code), `there is ${code}`);
  const result = effectsOf(disposition, input, { ...CONTEXT, ...context });
  return result.ok ? 'taken' : result.problem;
}

function promised(promise: Partial<Promised>, context: Partial<DispositionContext> = {}) {
  const whole = { value: { centavos: 10_000 }, dueDate: '2026-11-27' as IsoDate, ...promise };
  return outcomeOf('promise', { promise: whole }, context);
}

function asked(at: number, context: Partial<DispositionContext> = {}) {
  return outcomeOf('callback', { callback: { at, personal: false } }, context);
}

describe('the day of a promise', () => {
  it.each<[IsoDate, string]>([
    ['2026-11-22', 'promise-date-past'],
    ['2026-11-23', 'taken'],
    ['2026-11-24', 'taken'],
    ['2026-11-28', 'promise-no-bank-day'],
    ['2026-11-29', 'promise-no-bank-day'],
    ['2026-11-30', 'taken'],
    ['2026-12-23', 'taken'],
    ['2026-12-24', 'promise-date-too-far'],
    ['2027-11-23', 'promise-date-too-far'],
  ])('%s, said on Monday 2026-11-23 with thirty days: %s', (dueDate, outcome) => {
    expect(promised({ dueDate })).toBe(outcome);
  });

  it.each<[string, IsoDate, string]>([
    ['Christmas', '2026-12-25', 'promise-no-bank-day'],
    ['the last working day of the year', '2026-12-31', 'promise-no-bank-day'],
    ['the day before it', '2026-12-30', 'taken'],
    ['New Year', '2027-01-01', 'promise-no-bank-day'],
    ['carnival Monday', '2027-02-08', 'promise-no-bank-day'],
    ['Ash Wednesday', '2027-02-10', 'taken'],
  ])('%s, %s: %s', (_name, dueDate, outcome) => {
    expect(promised({ dueDate }, { promiseDaysMax: 90 })).toBe(outcome);
  });

  it('of a campaign that takes none ahead is today', () => {
    expect(promised({ dueDate: '2026-11-23' }, { promiseDaysMax: 0 })).toBe('taken');
    expect(promised({ dueDate: '2026-11-24' }, { promiseDaysMax: 0 })).toBe('promise-date-too-far');
  });

  it('is past or not by the campaign’s clock', () => {
    const night = Date.parse('2026-11-24T00:30:00-03:00');
    const dueDate = '2026-11-23';
    expect(promised({ dueDate }, { now: night })).toBe('promise-date-past');
    expect(promised({ dueDate }, { now: night, zone: 'America/Manaus' })).toBe('taken');
  });
});

describe('the value of a promise', () => {
  it.each<[number, boolean, string]>([
    [-1, false, 'promise-value-not-positive'],
    [0, true, 'promise-value-not-positive'],
    [1, false, 'taken'],
    [50_000, false, 'taken'],
    [50_001, false, 'promise-above-due'],
    [50_001, true, 'taken'],
  ])('%i centavos of 50 000 due, said twice %s: %s', (centavos, aboveDueConfirmed, outcome) => {
    expect(promised({ value: { centavos }, aboveDueConfirmed })).toBe(outcome);
  });

  it('is not compared with what is not known', () => {
    const { owed: _owed, ...unknown } = CONTEXT;
    const promise = { value: { centavos: 9_000_000 }, dueDate: '2026-11-27' } as const;
    const disposition = present(dispositionByCode('promise'), 'there is a promise');
    expect(effectsOf(disposition, { promise }, unknown).ok).toBe(true);
  });

  it('is above what is due where nothing is', () => {
    expect(promised({}, { owed: { centavos: 0 } })).toBe('promise-above-due');
  });

  it('is told of first, before its day', () => {
    expect(promised({ value: { centavos: 0 }, dueDate: '2020-01-01' })).toBe(
      'promise-value-not-positive',
    );
    expect(promised({ value: { centavos: 50_001 }, dueDate: '2026-11-28' })).toBe(
      'promise-no-bank-day',
    );
  });
});

describe('the moment of a callback', () => {
  it.each([
    [-1, 'callback-past'],
    [0, 'callback-past'],
    [1, 'taken'],
    [CALLBACK_DAYS_MAX * DAY_MS, 'taken'],
    [CALLBACK_DAYS_MAX * DAY_MS + 1, 'callback-too-far'],
  ])('%i ms from now: %s', (inMs, outcome) => {
    expect(asked(NOW + inMs)).toBe(outcome);
  });

  it('may be in a night or on a Sunday: when it may ring is for the gate to say', () => {
    expect(asked(Date.parse('2026-11-24T03:00:00-03:00'))).toBe('taken');
    expect(asked(Date.parse('2026-11-29T11:00:00-03:00'))).toBe('taken');
  });

  it('is the evidence that the debtor asked, which no other disposition gives', () => {
    const input = {
      promise: { value: { centavos: 1 }, dueDate: '2026-11-27' },
      callback: { at: NOW + 1, personal: false },
    } as const;
    const withEvidence = DISPOSITIONS.filter((one) => {
      const result = effectsOf(one, input, CONTEXT);
      return result.ok && 'callbackAskedAt' in result.effects.leadPlan;
    });
    expect(withEvidence.map((one) => one.code)).toEqual(['callback']);
  });
});

describe('a form that nobody asked for', () => {
  it('is left alone: a wrong number with a promise makes none', () => {
    const promise = { value: { centavos: -5 }, dueDate: '1999-01-01' } as const;
    expect(outcomeOf('wrong-number', { promise }, {})).toBe('taken');
    expect(outcomeOf('promise', { callback: { at: NOW + 1, personal: true } }, {})).toBe(
      'promise-missing',
    );
  });
});

describe('whatever is said, whenever', () => {
  const anyMoment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 0, 1) });
  const anyInput = fc.record({
    days: fc.integer({ min: -3, max: 95 }),
    centavos: fc.integer({ min: -1, max: 60_000 }),
    callbackInMs: fc.integer({ min: -DAY_MS, max: 35 * DAY_MS }),
    promiseDaysMax: fc.constantFrom(0, 10, 30, 90),
    zone: fc.constantFrom('America/Sao_Paulo', 'America/Rio_Branco', 'America/Noronha'),
    code: fc.constantFrom(...DISPOSITIONS.map((one) => one.code)),
  });

  it('a promise that is taken is payable on its day, and its block outlasts that day', () => {
    fc.assert(
      fc.property(anyMoment, anyInput, (now, { days, centavos, promiseDaysMax }) => {
        const today = new Date(now - 3 * 3_600_000).toISOString().slice(0, 10) as IsoDate;
        const promise = { value: { centavos }, dueDate: addDays(today, days) };
        const disposition = present(dispositionByCode('promise'), 'there is a promise');
        const result = effectsOf(disposition, { promise }, { ...CONTEXT, now, promiseDaysMax });
        const isPayable = centavos > 0 && centavos <= 50_000 && isBankingDay(promise.dueDate);
        expect(result.ok).toBe(isPayable && days >= 0 && days <= promiseDaysMax);
        if (!result.ok) return;
        const dayAfter = Date.parse(`${addDays(promise.dueDate, 1)}T00:00:00-03:00`);
        expect(result.effects.block?.expiresAt).toBe(dayAfter);
        expect(result.effects.leadPlan).toMatchObject({ notBeforeAt: dayAfter });
      }),
      { numRuns: 400, seed: 41 },
    );
  });

  it('nobody is called again before now, and a block begins now and ends later', () => {
    fc.assert(
      fc.property(anyMoment, anyInput, (now, { days, centavos, callbackInMs, zone, code }) => {
        const today = new Date(now).toISOString().slice(0, 10) as IsoDate;
        const input: DispositionInput = {
          promise: { value: { centavos }, dueDate: addDays(today, days) },
          callback: { at: now + callbackInMs, personal: false },
        };
        const disposition = present(dispositionByCode(code), `there is ${code}`);
        const result = effectsOf(disposition, input, { ...CONTEXT, now, zone });
        if (!result.ok) return;
        const { leadPlan, block, rightPartyContactAt } = result.effects;
        if ('notBeforeAt' in leadPlan) expect(leadPlan.notBeforeAt).toBeGreaterThanOrEqual(now);
        if (block) {
          expect(block.effectiveFrom).toBe(now);
          expect(block.expiresAt ?? now + 1).toBeGreaterThan(now);
        }
        expect(rightPartyContactAt === now).toBe(disposition.rightParty === true);
      }),
      { numRuns: 400, seed: 42 },
    );
  });
});
