import { describe, expect, it } from 'vitest';
import {
  DISPOSITIONS,
  dispositionByCode,
  dispositionById,
} from '../../../src/domain/dispositions/catalog.ts';
import {
  type DispositionContext,
  type DispositionInput,
  effectsOf,
} from '../../../src/domain/dispositions/disposition.ts';
import { present } from '../../../src/lib/assert.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';

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

function dispose(code: string, input: DispositionInput = {}) {
  return effectsOf(present(dispositionByCode(code), `there is ${code}`), input, CONTEXT);
}

function effects(code: string, input: DispositionInput = {}) {
  const result = dispose(code, input);
  if (!result.ok) throw new Error(`refused: ${result.problem}`);
  return result.effects;
}

const PROMISE = { value: { centavos: 18_990 }, dueDate: '2026-11-27' } as const;
const TOMORROW = Date.parse('2026-11-24T00:00:00-03:00');

describe('the catalog', () => {
  it('has each id and code once, and a label in both languages', () => {
    expect(new Set(DISPOSITIONS.map((one) => one.id)).size).toBe(DISPOSITIONS.length);
    expect(new Set(DISPOSITIONS.map((one) => one.code)).size).toBe(DISPOSITIONS.length);
    for (const { label, id } of DISPOSITIONS) {
      expect(label['pt-BR'].length).toBeGreaterThan(3);
      expect(label.en.length).toBeGreaterThan(3);
      expect(dispositionById(id)?.id).toBe(id);
    }
  });

  it('calls nobody a right party who is not a person', () => {
    for (const one of DISPOSITIONS) {
      if (one.rightParty === true) expect(one.person).toBe(true);
      if (one.person === false) expect(one.rightParty).toBe(false);
    }
  });

  it('asks for a form exactly where the effect needs one', () => {
    for (const { effect, form } of DISPOSITIONS) {
      const needed = effect.kind === 'promise' || effect.kind === 'callback';
      expect(form).toBe(needed ? effect.kind : undefined);
    }
  });

  it('gives a plan for every disposition', () => {
    const input = { promise: PROMISE, callback: { at: NOW + HOUR_MS, personal: false } };
    for (const one of DISPOSITIONS) {
      expect(effectsOf(one, input, CONTEXT)).toMatchObject({ ok: true });
    }
  });
});

describe('a promise', () => {
  it('leaves the debtor in peace until the day after, for this creditor in every campaign', () => {
    const dayAfter = Date.parse('2026-11-28T00:00:00-03:00');
    expect(effects('promise', { promise: PROMISE })).toEqual({
      leadPlan: {
        kind: 'wait',
        notBeforeAt: dayAfter,
        holdReason: 'promise',
        phoneId: 'phone_1',
      },
      phoneStatus: 'confirmed',
      block: {
        scope: 'person',
        debtorId: 'debtor_1',
        creditorId: 'creditor_1',
        reason: 'promise',
        effectiveFrom: NOW,
        expiresAt: dayAfter,
      },
      promise: PROMISE,
      rightPartyContactAt: NOW,
    });
  });

  it.each([
    [{}, 'promise-missing'],
    [{ promise: { ...PROMISE, value: { centavos: 0 } } }, 'promise-value-not-positive'],
    [{ promise: { ...PROMISE, dueDate: '2026-11-22' } }, 'promise-date-past'],
    [{ promise: { ...PROMISE, dueDate: '2026-12-24' } }, 'promise-date-too-far'],
    [{ promise: { ...PROMISE, dueDate: '2026-11-28' } }, 'promise-no-bank-day'],
    [{ promise: { ...PROMISE, value: { centavos: 50_001 } } }, 'promise-above-due'],
  ] as const)('is refused as %o: %s', (input, problem) => {
    expect(dispose('promise', input)).toEqual({ ok: false, problem });
  });

  it('may be above what is due when that was said twice', () => {
    const promise = { ...PROMISE, value: { centavos: 50_001 }, aboveDueConfirmed: true };
    expect(effects('promise', { promise }).promise).toEqual({
      value: promise.value,
      dueDate: PROMISE.dueDate,
    });
  });

  it('may be for today', () => {
    expect(dispose('promise', { promise: { ...PROMISE, dueDate: '2026-11-23' } }).ok).toBe(true);
  });
});

describe('a callback', () => {
  it('is at the moment the debtor asked for, on this number unless another was named', () => {
    const callback = { at: NOW + DAY_MS, personal: true };
    expect(effects('callback', { callback })).toEqual({
      leadPlan: {
        kind: 'wait',
        notBeforeAt: NOW + DAY_MS,
        holdReason: 'callback',
        phoneId: 'phone_1',
        callbackAskedAt: NOW,
      },
      phoneStatus: 'confirmed',
      rightPartyContactAt: NOW,
    });
    const named = effects('callback', { callback: { ...callback, phoneId: 'phone_2' } });
    expect(named.leadPlan).toMatchObject({ phoneId: 'phone_2' });
  });

  it.each([
    [{}, 'callback-missing'],
    [{ callback: { at: NOW, personal: false } }, 'callback-past'],
    [{ callback: { at: NOW + 31 * DAY_MS, personal: false } }, 'callback-too-far'],
  ] as const)('is refused as %o: %s', (input, problem) => {
    expect(dispose('callback', input)).toEqual({ ok: false, problem });
  });
});

describe('the other dispositions', () => {
  it('a wrong number is blocked for this debtor, for all creditors, and the next number follows', () => {
    expect(effects('wrong-number')).toEqual({
      leadPlan: { kind: 'next-phone', notBeforeAt: NOW },
      phoneStatus: 'wrong',
      block: {
        scope: 'phone',
        phone: '+5511987654321',
        debtorId: 'debtor_1',
        reason: 'wrong-number',
        effectiveFrom: NOW,
      },
    });
  });

  it.each([
    ['do-not-call', 'do-not-call', 'opt-out'],
    ['deceased', 'deceased', 'deceased'],
    ['lawyer', 'lawyer', 'lawyer'],
  ])('%s stops every creditor for good', (code, because, reason) => {
    const { leadPlan, block } = effects(code);
    expect(leadPlan).toEqual({ kind: 'suppress', because });
    expect(block).toEqual({ scope: 'person', debtorId: 'debtor_1', reason, effectiveFrom: NOW });
  });

  it.each([
    ['disputed', 'disputed', 'dispute'],
    ['agreement', 'agreement', 'agreement'],
  ])('%s stops this creditor', (code, because, reason) => {
    const { leadPlan, block, rightPartyContactAt } = effects(code);
    expect(leadPlan).toEqual({ kind: 'suppress', because });
    expect(block).toMatchObject({ scope: 'person', creditorId: 'creditor_1', reason });
    expect(rightPartyContactAt).toBe(NOW);
  });

  it('a claim of payment holds this creditor for five days', () => {
    const { leadPlan, block } = effects('claims-paid');
    const end = Date.parse('2026-11-28T00:00:00-03:00');
    expect(leadPlan).toMatchObject({ notBeforeAt: end, holdReason: 'claims-paid' });
    expect(block).toMatchObject({ reason: 'claims-paid', expiresAt: end });
  });

  it('a refusal waits for the next day on the number that is the debtor’s', () => {
    expect(effects('refusal').leadPlan).toMatchObject({
      notBeforeAt: TOMORROW,
      phoneId: 'phone_1',
    });
  });

  it('a message with a third party is no contact with the debtor, and leaves the number to others', () => {
    const result = effects('third-party');
    expect(result).toMatchObject({
      phoneStatus: 'third-party',
      leadPlan: { kind: 'wait', notBeforeAt: NOW + 4 * HOUR_MS },
    });
    expect(result).not.toHaveProperty('rightPartyContactAt');
    expect(result.leadPlan).not.toHaveProperty('phoneId');
  });

  it.each([
    'busy',
    'no-answer',
    'rejected',
    'congestion',
    'invalid-number',
    'abandoned',
    'missing',
  ])('%s is left to the campaign’s rules', (code) => {
    expect(dispositionByCode(code)?.setBy).toBe('system');
    expect(effects(code)).toEqual({ leadPlan: { kind: 'by-rules' } });
  });
});
