/**
 * Brazil's national holidays, and the days its banks are open. The calling rules use it, and so
 * does the agent's page for the day of a promise.
 *
 * Sources: Lei 662/1949 with Lei 10.607/2002; Lei 6.802/1980; Lei 14.759/2023; Lei 9.093/1995 for
 * Good Friday; Resolução CMN 4.880/2020 for banking days, and the banks' own calendar (FEBRABAN)
 * for the last weekday of the year, when they serve no customers.
 */
import { addDays, type IsoDate } from './time.ts';

export type NationalHoliday = YearlyDay & {
  readonly name: string;
  /** The law. */
  readonly basis: string;
};

/** A day that comes each year. */
export type YearlyDay = {
  /** `MM-DD`, or days from Easter Sunday. */
  readonly on: string | number;
  readonly firstYear?: number;
};

/** Its date in this year; undefined before its first year. */
export function fallsOn({ on, firstYear }: YearlyDay, year: number): IsoDate | undefined {
  if (firstYear !== undefined && year < firstYear) return undefined;
  return typeof on === 'number' ? addDays(easterSunday(year), on) : (`${year}-${on}` as IsoDate);
}

/** Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher). */
export function easterSunday(year: number): IsoDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function holiday(on: string | number, name: string, basis: string): NationalHoliday {
  return { on, name, basis };
}

const FIXED_LAW = 'Lei 662/1949, Lei 10.607/2002';

export const NATIONAL_HOLIDAYS: readonly NationalHoliday[] = [
  holiday('01-01', 'Confraternização Universal', FIXED_LAW),
  holiday('04-21', 'Tiradentes', FIXED_LAW),
  holiday('05-01', 'Dia do Trabalho', FIXED_LAW),
  holiday('09-07', 'Independência do Brasil', FIXED_LAW),
  holiday('10-12', 'Nossa Senhora Aparecida', 'Lei 6.802/1980'),
  holiday('11-02', 'Finados', FIXED_LAW),
  holiday('11-15', 'Proclamação da República', FIXED_LAW),
  { ...holiday('11-20', 'Dia da Consciência Negra', 'Lei 14.759/2023'), firstYear: 2024 },
  holiday('12-25', 'Natal', FIXED_LAW),
  holiday(-2, 'Sexta-feira da Paixão', 'Lei 9.093/1995'),
];

/**
 * Carnival's Monday and Tuesday, and Corpus Christi: not holidays by law, but not banking days
 * either.
 */
const BANKS_CLOSED_FROM_EASTER: readonly number[] = [-48, -47, 60];

/** A weekday on which banks serve people: a payment may be due then. */
export function isBankingDay(date: IsoDate): boolean {
  return isWorkday(date) && date !== lastWorkdayOf(Number(date.slice(0, 4)));
}

/** This day, or the first banking day after it. */
export function bankingDayFrom(date: IsoDate): IsoDate {
  let day = date;
  while (!isBankingDay(day)) day = addDays(day, 1);
  return day;
}

function isWorkday(date: IsoDate): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6) return false;
  const year = Number(date.slice(0, 4));
  const easter = easterSunday(year);
  if (BANKS_CLOSED_FROM_EASTER.some((days) => addDays(easter, days) === date)) return false;
  return !NATIONAL_HOLIDAYS.some((holiday) => fallsOn(holiday, year) === date);
}

function lastWorkdayOf(year: number): IsoDate {
  let day: IsoDate = `${year}-12-31`;
  while (!isWorkday(day)) day = addDays(day, -1);
  return day;
}
