import { describe, expect, it } from 'vitest';
import type { DispositionView } from '../../../src/protocol/agent.ts';
import { typedDraft } from '../../../src/protocol/agent.ts';
import { datePicks } from '../../../src/web/agent/date-picks.ts';
import {
  checkDraft,
  type Draft,
  emptyDraft,
  newerDraft,
  typedOf,
} from '../../../src/web/agent/draft.ts';
import { localMoment } from '../../../src/web/ui/typed.ts';

const TODAY = '2026-11-22';
const NOW = localMoment(TODAY, 14 * 60);

const aDisposition = (form: DispositionView['form']): DispositionView => ({
  code: 'x',
  label: { 'pt-BR': 'X', en: 'X' },
  group: 'right-party',
  key: null,
  needsRightParty: true,
  form,
  wrapUpMs: 0,
});

const TERMS = { daysMax: 30, dueCentavos: 200_000 };

const check = (form: DispositionView['form'], typed: Partial<Draft>) =>
  checkDraft({ ...emptyDraft('call_1'), ...typed }, aDisposition(form), TODAY, NOW, TERMS);

it('asks for nothing when the disposition has no form', () => {
  expect(check('none', {})).toEqual({ ok: true, form: undefined });
});

describe('a promise', () => {
  it('is a value and a day, as people type them', () => {
    expect(check('promise', { promiseValue: 'R$ 1.234,5', promiseDate: '25/11' })).toEqual({
      ok: true,
      form: { promise: { valueCentavos: 123_450, dueDate: '2026-11-25' } },
    });
  });

  it.each([
    [{}, { promiseValue: 'value-missing', promiseDate: 'date-missing' }],
    [{ promiseValue: '0', promiseDate: '25/11' }, { promiseValue: 'value-not-an-amount' }],
    [{ promiseValue: 'cem', promiseDate: '25/11' }, { promiseValue: 'value-not-an-amount' }],
    [{ promiseValue: '1', promiseDate: '31/11' }, { promiseDate: 'date-not-a-day' }],
    [{ promiseValue: '1', promiseDate: '21/11/2026' }, { promiseDate: 'date-past' }],
    [{ promiseValue: '1', promiseDate: '20/11' }, { promiseDate: 'date-past' }],
    [{ promiseValue: '1', promiseDate: '+31' }, { promiseDate: 'promise-too-far' }],
    [{ promiseValue: '1', promiseDate: '28/11' }, { promiseDate: 'no-bank-day' }],
    [{ promiseValue: '2.000,01', promiseDate: '25/11' }, { promiseValue: 'value-above-due' }],
  ] as const)('%j has the problems %j', (typed, problems) => {
    expect(check('promise', typed)).toEqual({ ok: false, problems });
  });

  it('above what is due is valid when that very value was confirmed', () => {
    const typed = { promiseValue: '2.500', promiseDate: '25/11' };
    expect(check('promise', { ...typed, confirmedValue: '2500,00' })).toEqual({
      ok: true,
      form: {
        promise: { valueCentavos: 250_000, dueDate: '2026-11-25', aboveDueConfirmed: true },
      },
    });
    expect(check('promise', { ...typed, confirmedValue: '2400' }).ok).toBe(false);
    // The card is closed and only the server knows what is due: what it asked to confirm is sent.
    const unknown = { daysMax: 30, dueCentavos: undefined };
    const draft = { ...emptyDraft('call_1'), ...typed, confirmedValue: '2500,00' };
    expect(checkDraft(draft, aDisposition('promise'), TODAY, NOW, unknown)).toMatchObject({
      form: { promise: { aboveDueConfirmed: true } },
    });
  });

  it('may be for the last day that the campaign allows', () => {
    expect(check('promise', { promiseValue: '1', promiseDate: '+30' }).ok).toBe(true);
  });
});

describe('a callback', () => {
  it('is a moment on the agent’s clock', () => {
    expect(check('callback', { callbackDate: '23/11', callbackHour: '9h30' })).toEqual({
      ok: true,
      form: { callbackAt: localMoment('2026-11-23', 9 * 60 + 30) },
    });
  });

  it.each([
    [{}, { callbackDate: 'date-missing', callbackHour: 'hour-missing' }],
    [{ callbackDate: '22/11', callbackHour: '13:59' }, { callbackHour: 'callback-past' }],
    [{ callbackDate: '21/11', callbackHour: '9' }, { callbackDate: 'date-past' }],
    [{ callbackDate: '22/11', callbackHour: '25:00' }, { callbackHour: 'hour-not-a-time' }],
    [{ callbackDate: '+31', callbackHour: '9' }, { callbackDate: 'callback-too-far' }],
  ] as const)('%j has the problems %j', (typed, problems) => {
    expect(check('callback', typed)).toEqual({ ok: false, problems });
  });
});

it('offers banking days, each once, and marks days that replace another', () => {
  const likely = [
    ['Hoje', '2026-12-24'],
    ['Amanhã', '2026-12-25'],
    ['Dia 5', '2027-01-05'],
    ['+7 dias', '2026-12-31'],
    ['Depois', '2026-12-26'],
    ['Longe', '2027-03-01'],
    ['Nunca', undefined],
  ] as const;
  expect(datePicks('2026-12-24', 30, likely)).toEqual([
    { label: 'Hoje', date: '2026-12-24' },
    { label: 'Amanhã → 28/12', date: '2026-12-28' },
    { label: 'Dia 5', date: '2027-01-05' },
    { label: '+7 dias → 04/01', date: '2027-01-04' },
  ]);
});

describe('the draft that the server keeps', () => {
  const here: Draft = {
    ...emptyDraft('call_1'),
    ...{ revision: 3, code: 'promise', note: 'aqui', promiseValue: '12' },
  };

  it('is taken when it is newer than the one of this page, or as new', () => {
    const kept = { ...typedOf(here), note: 'noutro computador' };
    expect(newerDraft(here, { ...kept, revision: 2 })).toBe(here);
    expect(newerDraft(here, { ...kept, revision: 3 }).note).toBe('noutro computador');
    expect(newerDraft(here, { ...kept, revision: 4 })).toEqual({
      ...here,
      ...{ revision: 4, note: 'noutro computador' },
    });
    expect(newerDraft(here, null)).toBe(here);
  });

  it('without a choice leaves none', () => {
    const { code: _code, ...kept } = typedOf({ ...here, revision: 9 });
    expect(newerDraft(here, kept).code).toBeUndefined();
  });

  it('is what was typed, cut where the server would refuse it', () => {
    expect(typedOf(here)).toEqual({
      ...{ revision: 3, code: 'promise', note: 'aqui' },
      form: {
        ...{ promiseValue: '12', confirmedValue: '', promiseDate: '' },
        ...{ callbackDate: '', callbackHour: '' },
      },
    });
    const long = typedOf({ ...here, note: 'a'.repeat(3_000), promiseDate: '1'.repeat(100) });
    expect(typedDraft.safeParse(long).success).toBe(true);
    expect(long.note).toHaveLength(2_000);
  });
});
