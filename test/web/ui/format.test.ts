import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDate,
  formatDialed,
  formatIsoDate,
  formatLeft,
  formatLength,
  formatMoney,
  formatNear,
  formatShare,
  formatTimeOfDay,
  formatTypedMoney,
  shortName,
  writtenValue,
} from '../../../src/web/ui/format.ts';
import { localMoment, parseTypedMoney } from '../../../src/web/ui/typed.ts';
import { startTestTexts } from '../i18n/start-texts.ts';

const AT = localMoment('2026-11-22', 14 * 60 + 5) + 9_000;

it('writes money, days and moments the Brazilian way', () => {
  expect(formatMoney(123_456)).toBe('R$ 1.234,56');
  expect(formatMoney(-5)).toBe('-R$ 0,05');
  expect(formatIsoDate('2026-01-09')).toBe('09/01/2026');
  expect(formatDate(AT)).toBe('22/11/2026');
  expect(formatTimeOfDay(AT)).toBe('14:05:09');
});

it('names the day only when it is another one', () => {
  expect(formatNear(AT, AT - 60_000)).toBe('14:05');
  expect(formatNear(AT + 86_400_000, AT)).toBe('23/11 14:05');
});

describe('lengths', () => {
  it('counts minutes, and hours when there are any', () => {
    expect(formatLength(134_000)).toBe('02:14');
    expect(formatLength(3_734_999)).toBe('1:02:14');
  });

  it('shows no false zero when the length is unknown', () => {
    expect(formatLength(undefined)).toBe('--:--');
    expect(formatLength(null)).toBe('--:--');
    expect(formatLength(Number.NaN)).toBe('--:--');
  });

  it('shows what is left rounded up, so that 00:00 means over', () => {
    expect(formatLeft(1_001, 0)).toBe('00:02');
    expect(formatLeft(1, 0)).toBe('00:01');
    expect(formatLeft(0, 5)).toBe('00:00');
  });
});

it('has no share of nothing', () => {
  expect(formatShare(0, 0)).toBe('–');
  expect(formatShare(9, 612)).toBe('1,5 %');
  expect(formatShare(612, 2_110, 0)).toBe('29 %');
});

it('writes an amount into a field so that it reads back the same', () => {
  for (const centavos of [1, 90, 123_456, 100_000_000]) {
    expect(parseTypedMoney(formatTypedMoney(centavos))).toBe(centavos);
  }
});

it('writes numbers in sentences with a comma and leaves words alone', () => {
  expect(writtenValue(2.4)).toBe('2,4');
  expect(writtenValue('2.4')).toBe('2,4');
  expect(writtenValue('running')).toBe('running');
});

it('writes numbers the English way on an English page, and money as ever', async () => {
  await startTestTexts('en');
  try {
    expect(formatShare(9, 612)).toBe('1.5 %');
    expect(formatCount(1_234)).toBe('1,234');
    expect(writtenValue('2.4')).toBe('2.4');
    expect(formatMoney(123_456)).toBe('R$ 1.234,56');
  } finally {
    await i18next.changeLanguage('pt-BR');
  }
});

it('shortens a name to first and last', () => {
  expect(shortName('Maria Aparecida dos Santos Neto')).toBe('Maria Neto');
  expect(shortName('Ana')).toBe('Ana');
});

it('writes national numbers for people and others as they came', () => {
  expect(formatDialed('+551133334444')).toBe('(11) 3333-4444');
  expect(formatDialed('5511987654321')).toBe('(11) 98765-4321');
  expect(formatDialed('anonymous')).toBe('anonymous');
});
