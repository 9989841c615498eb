import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISPOSITIONS, dispositionByCode } from '../../../src/domain/dispositions/catalog.ts';
import {
  type Disposition,
  type DispositionContext,
  type DispositionEffect,
  type DispositionEffects,
  type DispositionInput,
  effectsOf,
  isNotRightParty,
} from '../../../src/domain/dispositions/disposition.ts';
import { present } from '../../../src/lib/assert.ts';
import { isBankingDay } from '../../../src/lib/br-holidays.ts';
import {
  addDays,
  DAY_MS,
  HOUR_MS,
  type IsoDate,
  localTime,
  MINUTE_MS,
  SECOND_MS,
} from '../../../src/lib/time.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');
const CONTEXT: DispositionContext = {
  now: NOW,
  zone: 'America/Sao_Paulo',
  debtorId: 'debtor_1',
  phoneId: 'phone_1',
  phone: '+5511987654321',
  creditorId: 'creditor_1',
  promiseDaysMax: 30,
};

const PROMISE = { value: { centavos: 100 }, dueDate: '2026-11-27' } as const;

function found(code: string): Disposition {
  return present(dispositionByCode(code), `there is a disposition ${code}`);
}

function effects(
  disposition: Disposition,
  input: DispositionInput = {},
  context: Partial<DispositionContext> = {},
): DispositionEffects {
  const result = effectsOf(disposition, input, { ...CONTEXT, ...context });
  if (!result.ok) throw new Error(`refused: ${result.problem}`);
  return result.effects;
}

/** A disposition that an operation made for itself, with no more than an effect. */
function ofOurOwn(effect: DispositionEffect, more: Partial<Disposition> = {}): Disposition {
  return {
    ...{ id: 'disposition_own', code: 'own', label: { 'pt-BR': 'Própria', en: 'Our own' } },
    ...{ person: true, rightParty: false, finality: {}, setBy: 'agent', category: 'contact' },
    effect,
    ...more,
  };
}

describe('what an agent chooses from', () => {
  /** In the order of the screen: seconds for notes, where they are not the campaign's; the group. */
  const SHOWN: readonly (readonly [code: string, group: string, notesS?: number])[] = [
    ['promise', 'negotiation', 60],
    ['agreement', 'negotiation', 90],
    ['refusal', 'negotiation'],
    ['callback', 'contact'],
    ['claims-paid', 'negotiation'],
    ['disputed', 'legal'],
    ['third-party', 'third-party', 15],
    ['wrong-number', 'third-party', 10],
    ['deceased', 'legal'],
    ['do-not-call', 'legal'],
    ['lawyer', 'legal'],
    ['dropped', 'technical', 5],
    ['machine', 'technical', 5],
  ];

  it('is shown in this order, in these groups, with this time for notes', () => {
    const shown = DISPOSITIONS.filter((one) => one.setBy === 'agent');
    expect(shown.map(({ code, category, wrapUpMs }) => [code, category, wrapUpMs])).toEqual(
      SHOWN.map(([code, group, notesS]) => [
        ...[code, group, notesS === undefined ? undefined : notesS * SECOND_MS],
      ]),
    );
  });

  it('comes before what the outcome of a call sets, which takes no time and has no form', () => {
    const bySystem = DISPOSITIONS.slice(SHOWN.length);
    for (const one of bySystem) {
      expect(one).toMatchObject({ setBy: 'system', category: 'technical', finality: {} });
      expect(one).not.toHaveProperty('wrapUpMs');
      expect(one).not.toHaveProperty('form');
      expect(one).not.toHaveProperty('phoneStatus');
    }
  });

  it('closes something for good by name only: nothing is closed half', () => {
    for (const { finality, code } of DISPOSITIONS) {
      for (const closed of Object.values(finality)) expect(closed, code).toBe(true);
    }
  });

  it('closes the debtor’s matter only with a block, and the debtor’s number only as wrong', () => {
    for (const one of DISPOSITIONS) {
      if (one.finality.debtor) expect(one.effect).toMatchObject({ kind: 'suppress' });
      if (one.finality.phone) expect(one.phoneStatus).toBe('wrong');
      if (one.effect.kind === 'suppress') expect(one.effect.block).toBeDefined();
    }
  });

  it('is found by the code that its id is made of', () => {
    for (const { id, code } of DISPOSITIONS) {
      expect(id).toBe(`disposition_${code}`);
      expect(dispositionByCode(code)?.id).toBe(id);
    }
  });
});

describe('whether somebody else answered', () => {
  it.each<[Disposition['person'], Disposition['rightParty'], boolean]>([
    [true, true, false],
    [true, false, true],
    [true, 'unknown', false],
    [false, false, true],
    [false, 'unknown', false],
    ['unknown', false, false],
    ['unknown', 'unknown', false],
  ])(
    'where a person spoke: %s, and it was the debtor: %s, is said: %s',
    (person, rightParty, is) => {
      expect(isNotRightParty({ ...found('refusal'), person, rightParty })).toBe(is);
    },
  );
});

describe('an effect, no matter who made the disposition', () => {
  it('of waiting holds the number or leaves it to the rules, as it says', () => {
    const waiting = (samePhone: boolean) =>
      effects(ofOurOwn({ kind: 'retry-after', afterMs: 90 * MINUTE_MS, samePhone })).leadPlan;
    const waits = { kind: 'wait', notBeforeAt: NOW + 90 * MINUTE_MS, holdReason: 'disposition' };
    expect(waiting(true)).toEqual({ ...waits, phoneId: 'phone_1' });
    expect(waiting(false)).toEqual(waits);
  });

  it.each([
    [0, '2026-11-23'],
    [1, '2026-11-24'],
    [8, '2026-12-01'],
    [40, '2027-01-02'],
  ])('of holding for %i days ends with the beginning of %s, in plan and block', (days, date) => {
    const held = effects(ofOurOwn({ kind: 'hold-days', days, holdReason: 'claims-paid' }));
    const end = Date.parse(`${date}T00:00:00-03:00`);
    expect(held.leadPlan).toEqual({
      ...{ kind: 'wait', notBeforeAt: end, holdReason: 'claims-paid', phoneId: 'phone_1' },
    });
    expect(held.block).toEqual({
      ...{ scope: 'person', debtorId: 'debtor_1', creditorId: 'creditor_1' },
      ...{ reason: 'claims-paid', effectiveFrom: NOW, expiresAt: end },
    });
  });

  it('of suppressing blocks nobody where it names no block', () => {
    const suppressed = effects(ofOurOwn({ kind: 'suppress', because: 'agreement' }));
    expect(suppressed).toEqual({ leadPlan: { kind: 'suppress', because: 'agreement' } });
  });

  it('of suppressing stops everybody only where the debtor’s matter is closed', () => {
    const effect = { kind: 'suppress', because: 'deceased', block: 'deceased' } as const;
    const creditorOf = (finality: Disposition['finality']) =>
      effects(ofOurOwn(effect, { finality })).block?.creditorId;
    expect(creditorOf({ debtor: true })).toBeUndefined();
    expect(creditorOf({ debtor: true, debt: true })).toBeUndefined();
    expect(creditorOf({ debt: true })).toBe('creditor_1');
    expect(creditorOf({ phone: true })).toBe('creditor_1');
    expect(creditorOf({})).toBe('creditor_1');
  });

  it('that needs a form and gets none is a mistake of ours, not an answer', () => {
    expect(() => effects(ofOurOwn({ kind: 'promise' }))).toThrow(
      'a promise has a value and a date',
    );
    expect(() => effects(ofOurOwn({ kind: 'callback' }))).toThrow('a callback has a moment');
  });

  it('keeps what was promised, and nothing else of the form', () => {
    const promise = { ...PROMISE, aboveDueConfirmed: true };
    expect(effects(found('promise'), { promise, note: 'liga às 10' }).promise).toEqual(PROMISE);
    expect(
      effects(found('callback'), { promise, callback: { at: NOW + 1, personal: true } }),
    ).not.toHaveProperty('promise');
  });

  it('leaves out what it does not say', () => {
    const input: DispositionInput = {
      promise: PROMISE,
      callback: { at: NOW + HOUR_MS, personal: false },
    };
    for (const one of DISPOSITIONS) {
      const said = effects(one, input);
      for (const value of [...Object.values(said), ...Object.values(said.leadPlan)]) {
        expect(value, one.code).toBeDefined();
      }
    }
  });
});

describe('the first problem of a promise', () => {
  /** What may be wrong with one, in the order in which it is told. */
  const WRONGS = {
    'promise-value-not-positive': { value: { centavos: 0 } },
    'promise-date-past': { dueDate: '2026-11-21' },
    'promise-date-too-far': { dueDate: '2026-12-26' },
    'promise-no-bank-day': { dueDate: '2026-11-28' },
    'promise-above-due': { value: { centavos: 50_001 } },
  } as const;
  const names = Object.keys(WRONGS) as (keyof typeof WRONGS)[];
  const pairs = names.flatMap((first, index) =>
    names.slice(index + 1).map((second) => [first, second] as const),
  );

  it.each(pairs)('is %s, also where it has %s too', (first, second) => {
    const fine = { value: { centavos: 10_000 }, dueDate: '2026-11-27' } as const;
    const promise = { ...fine, ...WRONGS[second], ...WRONGS[first] };
    const context = { ...CONTEXT, owed: { centavos: 50_000 } };
    expect(effectsOf(found('promise'), { promise }, context)).toEqual({
      ok: false,
      problem: first,
    });
  });
});

describe('the day on which a debtor may be called again', () => {
  const freeAfter = (code: string, now: string, zone: string, input: DispositionInput = {}) => {
    const { leadPlan } = effects(found(code), input, { now: Date.parse(now), zone });
    return 'notBeforeAt' in leadPlan ? new Date(leadPlan.notBeforeAt).toISOString() : leadPlan.kind;
  };

  it.each([
    ['a moment before midnight', '2026-11-23T23:59:59.999-03:00', '2026-11-24T03:00:00.000Z'],
    ['at midnight', '2026-11-24T00:00:00-03:00', '2026-11-25T03:00:00.000Z'],
    ['on the last day of a year', '2026-12-31T10:00:00-03:00', '2027-01-01T03:00:00.000Z'],
    ['on the day before a leap day', '2028-02-28T10:00:00-03:00', '2028-02-29T03:00:00.000Z'],
  ])('is the next one after a refusal %s', (_name, now, free) => {
    expect(freeAfter('refusal', now, 'America/Sao_Paulo')).toBe(free);
  });

  it('begins at one o’clock where clocks went forward at midnight', () => {
    const now = '2018-11-03T20:00:00-03:00';
    expect(freeAfter('refusal', now, 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
  });

  it('begins an hour later where clocks went back at midnight', () => {
    const now = '2018-02-17T12:00:00-02:00';
    expect(freeAfter('refusal', now, 'America/Sao_Paulo')).toBe('2018-02-18T03:00:00.000Z');
  });

  it('is the one after the promised day, in the campaign’s zone', () => {
    const promise = { value: { centavos: 100 }, dueDate: '2026-12-30' } as const;
    const now = '2026-12-28T10:00:00-03:00';
    const free = (zone: string) => freeAfter('promise', now, zone, { promise });
    expect(free('America/Sao_Paulo')).toBe('2026-12-31T03:00:00.000Z');
    expect(free('America/Manaus')).toBe('2026-12-31T04:00:00.000Z');
    expect(free('America/Noronha')).toBe('2026-12-31T02:00:00.000Z');
  });
});

describe('a week of one debtor', () => {
  type Line = readonly [
    now: string,
    code: string,
    input: DispositionInput,
    plan: string,
    blocked: string,
  ];
  const at = (text: string): number => Date.parse(`2026-11-${text}-03:00`);
  const promise = { value: { centavos: 25_000 }, dueDate: '2026-11-30' } as const;
  const callback = { at: at('25T19:00:00'), personal: true, phoneId: 'phone_2' } as const;

  /** What the agent records, from when on the lead is free and by which number, and who may not call. */
  const WEEK: readonly Line[] = [
    ['23T09:00:00', 'dropped', {}, '23T09:05:00 phone_1', ''],
    ['23T09:05:30', 'third-party', {}, '23T13:05:30', ''],
    ['23T13:10:00', 'refusal', {}, '24T00:00:00 phone_1', ''],
    ['24T09:00:00', 'machine', {}, 'by-rules', ''],
    ['24T10:00:00', 'callback', { callback }, '25T19:00:00 phone_2', ''],
    ['25T19:01:00', 'claims-paid', {}, '30T00:00:00 phone_1', 'creditor_1 until 30T00:00:00'],
    ['30T10:00:00', 'wrong-number', {}, 'next-phone 30T10:00:00', 'all on +5511987654321'],
    ['30T10:05:00', 'promise', { promise }, '31T00:00:00 phone_1', 'creditor_1 until 31T00:00:00'],
    ['30T10:30:00', 'disputed', {}, 'suppress', 'creditor_1'],
    ['30T11:00:00', 'do-not-call', {}, 'suppress', 'all'],
  ];

  const inWords = (moment: number): string => {
    const text = new Date(moment - 3 * HOUR_MS).toISOString().slice(8, 19);
    // The day after the last of November, counted on for the sake of one column.
    return text.startsWith('01T') ? text.replace('01T', '31T') : text;
  };

  function planInWords({ leadPlan: plan }: DispositionEffects): string {
    switch (plan.kind) {
      case 'wait':
        return [inWords(plan.notBeforeAt), ...(plan.phoneId ? [plan.phoneId] : [])].join(' ');
      case 'next-phone':
        return `next-phone ${inWords(plan.notBeforeAt)}`;
      default:
        return plan.kind;
    }
  }

  function blockInWords({ block }: DispositionEffects): string {
    if (!block) return '';
    const until = block.expiresAt === undefined ? '' : ` until ${inWords(block.expiresAt)}`;
    const on = block.phone === undefined ? '' : ` on ${block.phone}`;
    return `${block.creditorId ?? 'all'}${on}${until}`;
  }

  it.each(WEEK)('%s: %s', (now, code, input, plan, blocked) => {
    const said = effects(found(code), input, { now: at(now) });
    expect(planInWords(said)).toBe(plan);
    expect(blockInWords(said)).toBe(blocked);
  });
});

describe('whatever is recorded', () => {
  const input: DispositionInput = {
    promise: PROMISE,
    callback: { at: NOW + DAY_MS, personal: true },
  };

  it('changes nothing that it was given', () => {
    for (const one of DISPOSITIONS) {
      const [before, given] = [structuredClone(one), structuredClone(input)];
      effects(one, given);
      expect(one).toEqual(before);
      expect(given).toEqual(input);
    }
  });

  it('says the same for another debtor but for their ids', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DISPOSITIONS), fc.nat(9_999), (one, number) => {
        const other: Pick<DispositionContext, 'debtorId' | 'phoneId' | 'creditorId'> = {
          debtorId: `debtor_x${number}`,
          phoneId: `phone_x${number}`,
          creditorId: `creditor_x${number}`,
        };
        const named = (text: string) =>
          text
            .replaceAll('debtor_1', other.debtorId)
            .replaceAll('phone_1', other.phoneId)
            .replaceAll('creditor_1', other.creditorId);
        expect(effects(one, input, other)).toEqual(
          JSON.parse(named(JSON.stringify(effects(one, input)))),
        );
      }),
      { numRuns: 60, seed: 43 },
    );
  });

  const moments = fc.record({
    now: fc.integer({ min: Date.UTC(2017, 0, 1), max: Date.UTC(2030, 0, 1) }),
    zone: fc.constantFrom('America/Sao_Paulo', 'America/Rio_Branco', 'America/Noronha'),
  });

  it('for some days holds the lead for exactly as long as it blocks the person', () => {
    const ending = ['promise', 'claims-paid'].map(found);
    fc.assert(
      fc.property(moments, fc.constantFrom(...ending), (moment, one) => {
        const promise = { ...PROMISE, dueDate: bankingDayFrom(moment.now) };
        const said = effects(one, { promise }, moment);
        expect(said.block?.expiresAt).toBeDefined();
        expect(said.leadPlan).toMatchObject({ notBeforeAt: said.block?.expiresAt });
      }),
      { numRuns: 150, seed: 44 },
    );
  });

  it('holds for longer the more days it says, and to the beginning of a local day', () => {
    fc.assert(
      fc.property(moments, fc.nat(60), (moment, days) => {
        const held = (count: number): number => {
          const own = ofOurOwn({ kind: 'hold-days', days: count, holdReason: 'claims-paid' });
          const { leadPlan } = effects(own, {}, moment);
          return leadPlan.kind === 'wait' ? leadPlan.notBeforeAt : Number.NaN;
        };
        expect(held(days + 1)).toBeGreaterThan(held(days));
        const before = localTime(held(days) - 1, moment.zone).date;
        expect(localTime(held(days), moment.zone).date).toBe(addDays(before, 1));
      }),
      { numRuns: 150, seed: 45 },
    );
  });

  it('means the same no matter what is noted and who is to call back', () => {
    const at = NOW + HOUR_MS;
    for (const one of DISPOSITIONS) {
      const plain = effects(one, { promise: PROMISE, callback: { at, personal: false } });
      const noted = { note: 'só à tarde', callback: { at, personal: true } };
      expect(effects(one, { promise: PROMISE, ...noted }), one.code).toEqual(plain);
    }
  });
});

/** The first day, from two days later on, on which banks are open. */
function bankingDayFrom(now: number): IsoDate {
  const first = new Date(now + 2 * DAY_MS).toISOString().slice(0, 10) as IsoDate;
  const days = Array.from({ length: 10 }, (_, index) => addDays(first, index));
  return present(days.find(isBankingDay), 'banks are closed for no ten days');
}
