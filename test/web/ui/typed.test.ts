import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  folded,
  parseTypedDate,
  parseTypedHour,
  parseTypedMoney,
} from '../../../src/web/ui/typed.ts';

describe('amounts', () => {
  it.each([
    ['1.234,56', 123_456],
    ['1234,5', 123_450],
    ['1234.56', 123_456],
    ['R$ 90', 9_000],
    ['1.234', 123_400],
    ['1.234.567,8', 123_456_780],
    ['0,01', 1],
  ] as const)('%s is %i centavos', (text, centavos) => {
    expect(parseTypedMoney(text)).toBe(centavos);
  });

  it.each(['', 'cem', '1,2,3', '1.23.456', '12,345', '-5', '1.2345', ',5'])(
    '%s is no amount',
    (text) => {
      expect(parseTypedMoney(text)).toBeUndefined();
    },
  );

  it('never throws and never gives a negative or broken number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const centavos = parseTypedMoney(text);
        expect(centavos === undefined || (Number.isSafeInteger(centavos) && centavos >= 0)).toBe(
          true,
        );
      }),
    );
  });
});

describe('days, typed on 22/11/2026', () => {
  it.each([
    ['25/11/2026', '2026-11-25'],
    ['25/11/26', '2026-11-25'],
    ['25/11', '2026-11-25'],
    ['25-11', '2026-11-25'],
    ['2511', '2026-11-25'],
    ['25112026', '2026-11-25'],
    ['25', '2026-11-25'],
    ['22', '2026-11-22'],
    ['5', '2026-12-05'],
    ['5/1', '2027-01-05'],
    ['+7', '2026-11-29'],
  ] as const)('%s is %s', (text, date) => {
    expect(parseTypedDate(text, '2026-11-22')).toBe(date);
  });

  it.each(['', '31/11', '30/02/2027', '32', '1/13', 'amanhã', '+'])('%s is no day', (text) => {
    expect(parseTypedDate(text, '2026-11-22')).toBeUndefined();
  });

  it('without a year is the nearest: yesterday is past, and no day of next year', () => {
    expect(parseTypedDate('21/11', '2026-11-22')).toBe('2026-11-21');
    expect(parseTypedDate('05/01', '2026-11-22')).toBe('2027-01-05');
  });

  it('goes over the end of the year', () => {
    expect(parseTypedDate('5', '2026-12-22')).toBe('2027-01-05');
  });
});

it.each([
  ['14:30', 870],
  ['14h30', 870],
  ['1430', 870],
  ['9', 540],
  ['9h', 540],
  ['24:00', undefined],
  ['9:75', undefined],
  ['', undefined],
] as const)('reads the hour %s as %s', (text, minute) => {
  expect(parseTypedHour(text)).toBe(minute);
});

it('compares words without accents and case', () => {
  expect(folded('Não ATENDE')).toBe('nao atende');
});
