import { describe, expect, it } from 'vitest';
import { bankingDayFrom, easterSunday, isBankingDay } from '../../src/lib/br-holidays.ts';

describe('Easter', () => {
  it.each([
    [1961, '1961-04-02'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
    [2285, '2285-03-22'],
  ])('of %i is on %s', (year, date) => {
    expect(easterSunday(year)).toBe(date);
  });

  it('is always a Sunday', () => {
    for (let year = 1900; year <= 2200; year += 1) {
      expect(new Date(`${easterSunday(year)}T00:00:00Z`).getUTCDay()).toBe(0);
    }
  });
});

describe('a banking day', () => {
  it.each([
    ['a Monday', '2026-11-30'],
    ['the day before Christmas', '2026-12-24'],
    ['Ash Wednesday, when banks open late', '2026-02-18'],
    ['20 November before it was a holiday', '2023-11-20'],
    ['a state holiday', '2026-07-09'],
  ] as const)('is %s', (_what, date) => {
    expect(isBankingDay(date)).toBe(true);
    expect(bankingDayFrom(date)).toBe(date);
  });

  it.each([
    ['a Saturday', '2026-12-05', '2026-12-07'],
    ['a Sunday', '2026-12-06', '2026-12-07'],
    ['Christmas', '2026-12-25', '2026-12-28'],
    ['the last weekday of the year', '2026-12-31', '2027-01-04'],
    ['the last weekday of a year that ends on a Sunday', '2028-12-29', '2029-01-02'],
    ['Carnival Monday', '2026-02-16', '2026-02-18'],
    ['Good Friday', '2026-04-03', '2026-04-06'],
    ['Corpus Christi', '2026-06-04', '2026-06-05'],
    ['20 November', '2026-11-20', '2026-11-23'],
  ] as const)('is not %s', (_what, date, next) => {
    expect(isBankingDay(date)).toBe(false);
    expect(bankingDayFrom(date)).toBe(next);
  });
});
