import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  moneyOfCentavos,
  moneyOfReais,
  parseDate,
  parseMoney,
} from '../../../src/domain/leads/import-values.ts';

describe('reading money', () => {
  it.each([
    ['1.234,56', 123_456],
    ['1234,56', 123_456],
    ['1234.56', 123_456],
    ['1,234.56', 123_456],
    ['R$ 1.234,56', 123_456],
    ['R$189,9', 18_990],
    ['1.234.567', 123_456_700],
    ['1.234.567,89', 123_456_789],
    ['250', 25_000],
    ['0,01', 1],
  ])('reads %j', (text, centavos) => {
    expect(parseMoney(text)).toEqual({ ok: true, value: { centavos } });
  });

  it.each([
    ['1.234', 'ambiguous-separator'],
    ['1,234', 'ambiguous-separator'],
    ['0', 'not-positive'],
    ['0,00', 'not-positive'],
    ['-10,00', 'not-positive'],
    ['', 'not-money'],
    ['dez', 'not-money'],
    ['1.2345,00', 'not-money'],
    ['12.34.56', 'not-money'],
    ['99999999999999', 'not-money'],
  ])('refuses %j: %s', (text, reason) => {
    expect(parseMoney(text)).toEqual({ ok: false, reason });
  });

  it('reads one thousands separator once the file’s meaning is known', () => {
    expect(parseMoney('1.234', 'comma')).toEqual({ ok: true, value: { centavos: 123_400 } });
    expect(parseMoney('1,234', 'dot')).toEqual({ ok: true, value: { centavos: 123_400 } });
    expect(parseMoney('1.234', 'dot')).toEqual({ ok: false, reason: 'not-money' });
  });

  it('reads every amount as it is written in Brazil, and never throws', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000_000_000 }), fc.string(), (centavos, text) => {
        const written = (centavos / 100).toLocaleString('pt-BR', {
          style: 'currency',
          currency: 'BRL',
        });
        expect(parseMoney(written)).toEqual({ ok: true, value: { centavos } });
        parseMoney(text);
      }),
    );
  });

  it('takes JSON numbers as reais, or as centavos where the field says so', () => {
    expect(moneyOfReais(189.9)).toEqual({ ok: true, value: { centavos: 18_990 } });
    expect(moneyOfReais(1.005)).toEqual({ ok: false, reason: 'not-money' });
    expect(moneyOfReais(Number.NaN)).toEqual({ ok: false, reason: 'not-money' });
    expect(moneyOfCentavos('18990')).toEqual({ ok: true, value: { centavos: 18_990 } });
    expect(moneyOfCentavos('189.90')).toEqual({ ok: false, reason: 'not-money' });
  });
});

describe('reading a date', () => {
  it.each([
    ['10/08/2026', '2026-08-10'],
    ['1/2/2026', '2026-02-01'],
    ['10/08/26', '2026-08-10'],
    ['31/12/98', '1998-12-31'],
    ['10-08-2026', '2026-08-10'],
    ['10.08.2026', '2026-08-10'],
    ['2026-08-10', '2026-08-10'],
    ['2026-08-10T00:00:00.000Z', '2026-08-10'],
    ['10/08/2026 00:00:00', '2026-08-10'],
    ['46244', '2026-08-10'],
    ['29/02/2028', '2028-02-29'],
  ])('reads %j', (text, date) => {
    expect(parseDate(text)).toBe(date);
  });

  it.each([
    '',
    'amanhã',
    '31/02/2026',
    '29/02/2026',
    '32/01/2026',
    '10/13/2026',
    '00/01/2026',
    '12',
    '10000',
    '99999',
  ])('finds no day in %j', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });
});
