import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  moneyOfCentavos,
  moneyOfReais,
  parseDate,
  parseMoney,
  plainNumber,
} from '../../../src/domain/leads/import-values.ts';
import { addDays } from '../../../src/lib/time.ts';

/** The centavos, or why there are none. */
function told(parsed: ReturnType<typeof parseMoney>): number | string {
  return parsed.ok ? parsed.value.centavos : parsed.reason;
}

describe('an amount as it is written', () => {
  it.each<[string, number | string]>([
    ['1 234,56', 123_456],
    ['  r$1.234,56 ', 123_456],
    ['1.234,5', 123_450],
    ['1,234,567.8', 123_456_780],
    ['0001,50', 150],
    // Four decimals, as databases write them, of which the last two are nothing.
    ['150,0000', 15_000],
    ['150.1200', 15_012],
    ['150,1234', 'not-money'],
    ['150,12000', 'not-money'],
    ['1234,567', 'not-money'],
    ['10,', 'not-money'],
    [',50', 'not-money'],
    ['+10', 'not-money'],
    ['10,00 C', 'not-money'],
    ['10;00', 'not-money'],
    ['1.23.456', 'not-money'],
    ['1.234,567.89', 'not-money'],
    ['R$', 'not-money'],
    ['R$ -10,00', 'not-positive'],
    ['-', 'not-positive'],
    ['0,00', 'not-positive'],
    ['0.001', 'ambiguous-separator'],
    ['999.999', 'ambiguous-separator'],
    ['1000.000', 'not-money'],
  ])('%j: %s', (text, amount) => {
    expect(told(parseMoney(text))).toBe(amount);
  });

  it.each<[string, number | string]>([
    ['10.000.000.000,00', 1_000_000_000_000],
    ['10.000.000.000,01', 'not-money'],
    ['0,01', 1],
  ])('%j lies at a bound: %s', (text, amount) => {
    expect(told(parseMoney(text))).toBe(amount);
  });

  it.each<[string, 'comma' | 'dot', number | string]>([
    ['1.234', 'comma', 123_400],
    ['1.234', 'dot', 'not-money'],
    ['1,234', 'dot', 123_400],
    ['1,234', 'comma', 'not-money'],
    // Only a single separator before three digits is uncertain; all else says itself what it is.
    ['1.234,56', 'dot', 123_456],
    ['1,234.56', 'comma', 123_456],
    ['12,34', 'dot', 1_234],
    ['1.234.567', 'dot', 123_456_700],
  ])('%j in a file with the decimal %s: %s', (text, mark, amount) => {
    expect(told(parseMoney(text, mark))).toBe(amount);
  });

  it('is the same in every way of writing it', () => {
    const amounts = fc.integer({ min: 1, max: 99_999_999_999 });
    fc.assert(
      fc.property(amounts, (centavos) => {
        const reais = Math.floor(centavos / 100);
        const rest = String(centavos % 100).padStart(2, '0');
        const grouped = (mark: string) => String(reais).replace(/\B(?=(\d{3})+$)/g, mark);
        const ways = [
          ...[`${reais},${rest}`, `${reais}.${rest}`, `R$ ${grouped('.')},${rest}`],
          ...[`${grouped(',')}.${rest}`, `${reais},${rest}00`],
        ];
        for (const way of ways) expect(told(parseMoney(way))).toBe(centavos);
        expect(told(moneyOfReais(centavos / 100))).toBe(centavos);
        expect(told(moneyOfCentavos(String(centavos)))).toBe(centavos);
      }),
      { numRuns: 200, seed: 21 },
    );
  });
});

describe('an amount of JSON', () => {
  it.each<[number, number | string]>([
    [0.01, 1],
    [0.29, 29],
    [1.1, 110],
    [4.35, 435],
    [10_000_000_000, 1_000_000_000_000],
    [10_000_000_000.01, 'not-money'],
    [0.001, 'not-money'],
    [0.015, 'not-money'],
    [99.999, 'not-money'],
    [0, 'not-positive'],
    [-0.01, 'not-positive'],
    [Number.POSITIVE_INFINITY, 'not-money'],
    [1e300, 'not-money'],
  ])('%d reais: %s', (reais, amount) => {
    expect(told(moneyOfReais(reais))).toBe(amount);
  });

  it.each<[string, number | string]>([
    ['1', 1],
    ['000018990', 18_990],
    ['1000000000000', 1_000_000_000_000],
    ['1000000000001', 'not-money'],
    ['0', 'not-positive'],
    ['-1', 'not-money'],
    ['1.0', 'not-money'],
    ['1e3', 'not-money'],
    ['', 'not-money'],
    ['1234567890123456', 'not-money'],
  ])('%j centavos: %s', (text, amount) => {
    expect(told(moneyOfCentavos(text))).toBe(amount);
  });
});

describe('a day as it is written', () => {
  it.each([
    [' 10/08/2026 ', '2026-08-10'],
    ['10/08/2026 7:05', '2026-08-10'],
    ['10/08/2026T07:05:09.123', '2026-08-10'],
    ['10-08-26', '2026-08-10'],
    ['01/01/70', '1970-01-01'],
    ['31/12/69', '2069-12-31'],
    ['01/01/00', '2000-01-01'],
    ['2026-08-10 00:00:00.000', '2026-08-10'],
    ['20000', '1954-10-03'],
    ['80000', '2119-01-11'],
    ['46244.0', '2026-08-10'],
    ['46244,00', '2026-08-10'],
  ])('%j is %s', (text, date) => {
    expect(parseDate(text)).toBe(date);
  });

  it.each([
    '10/08/2026 noite',
    '10/08/026',
    '10/08/20266',
    '10 08 2026',
    '8/2026',
    '2026-8-10',
    '2026-02-29',
    '2026-13-01',
    '20260810',
    '19999',
    '80001',
    '46244.5',
    'ago/26',
    '10/ago/2026',
    '2026',
  ])('%j is none', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });

  it('is the same in every way of writing it', () => {
    // From 1970 to 2069 two figures are enough for a year.
    fc.assert(
      fc.property(fc.integer({ min: 25_569, max: 62_093 }), (serial) => {
        const date = addDays('1899-12-30', serial);
        const [year = '', month = '', day = ''] = date.split('-');
        const ways = [
          ...[date, `${date}T03:00:00Z`, `${day}/${month}/${year}`, `${day}.${month}.${year}`],
          ...[`${Number(day)}/${Number(month)}/${year}`, `${day}-${month}-${year.slice(2)}`],
          String(serial),
        ];
        for (const way of ways) expect(parseDate(way)).toBe(date);
      }),
      { numRuns: 200, seed: 22 },
    );
  });
});

describe('the number of a contract or instalment', () => {
  it.each([
    ['A-77', ' a-77 ', true],
    ['3', '03', false],
    ['A 77', 'A77', false],
    ['ção', 'ÇÃO', true],
  ])('%j and %j are the same: %s', (one, other, isSame) => {
    expect(plainNumber(one) === plainNumber(other)).toBe(isSame);
  });
});
