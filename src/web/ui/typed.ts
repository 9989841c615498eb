import { addDays, dayOf, type IsoDate } from '../../lib/time.ts';
import { daysUntil } from './format.ts';

/** Reads amounts, days and hours that people type, as Brazilians write them. */

/** `1.234,56`, `1234,5`, `1234.56`, `R$ 90` in centavos; undefined when it is not an amount. */
export function parseTypedMoney(text: string): number | undefined {
  const bare = text.replace(/R\$|\s/g, '');
  if (!/^\d[\d.,]*$/.test(bare)) return undefined;
  const [whole, cents] = splitAmount(bare);
  if (whole === undefined || !/^\d+$/.test(whole) || !/^\d{0,2}$/.test(cents)) return undefined;
  const centavos = Number(whole) * 100 + Number(cents.padEnd(2, '0'));
  return Number.isSafeInteger(centavos) ? centavos : undefined;
}

/** The comma is decimal; a lone point is decimal unless three digits follow it. */
function splitAmount(bare: string): readonly [string | undefined, string] {
  if (bare.includes(',')) {
    const [whole = '', cents = '', ...more] = bare.split(',');
    if (more.length > 0 || cents.includes('.')) return [undefined, ''];
    return [withoutGroups(whole), cents];
  }
  const point = /^(\d+)\.(\d{1,2})$/.exec(bare);
  if (point) return [point[1], point[2] ?? ''];
  return [withoutGroups(bare), ''];
}

function withoutGroups(whole: string): string | undefined {
  if (!whole.includes('.')) return whole;
  return /^\d{1,3}(?:\.\d{3})+$/.test(whole) ? whole.replace(/\./g, '') : undefined;
}

/**
 * `25/11/2026`, `25/11/26`, `25/11`, `25`, `25112026` or `+7` (days from today). Without a month it
 * is the next such day. Without a year it is the nearest one, so that yesterday is not read as a
 * day of next year. Undefined when there is no such day.
 */
export function parseTypedDate(text: string, today: IsoDate): IsoDate | undefined {
  const bare = text.trim();
  const ahead = /^\+(\d{1,3})$/.exec(bare);
  if (ahead) return addDays(today, Number(ahead[1]));
  const glued = /^(\d{2})(\d{2})(\d{2}|\d{4})?$/.exec(bare);
  const parts = glued ?? /^(\d{1,2})(?:[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?)?$/.exec(bare);
  if (!parts) return undefined;
  const day = Number(parts[1]);
  const todayYear = Number(today.slice(0, 4));
  const todayMonth = Number(today.slice(5, 7));
  if (parts[2] === undefined) {
    return nextOf(today, [
      dayOf(todayYear, todayMonth, day),
      todayMonth === 12 ? dayOf(todayYear + 1, 1, day) : dayOf(todayYear, todayMonth + 1, day),
    ]);
  }
  const month = Number(parts[2]);
  if (parts[3] === undefined) {
    return nearestTo(today, [dayOf(todayYear, month, day), dayOf(todayYear + 1, month, day)]);
  }
  const year = Number(parts[3]);
  return dayOf(year < 100 ? 2000 + year : year, month, day);
}

function nextOf(today: IsoDate, candidates: readonly (IsoDate | undefined)[]): IsoDate | undefined {
  return candidates.find((date) => date !== undefined && date >= today);
}

function nearestTo(
  today: IsoDate,
  candidates: readonly (IsoDate | undefined)[],
): IsoDate | undefined {
  const away = (date: IsoDate) => Math.abs(Date.parse(date) - Date.parse(today));
  return candidates
    .filter((date) => date !== undefined)
    .toSorted((left, right) => away(left) - away(right))[0];
}

/** `14:30`, `14h30`, `1430`, `14` as minutes since midnight. */
export function parseTypedHour(text: string): number | undefined {
  const parts = /^(\d{1,2})(?:[:h]?(\d{2}))?h?$/i.exec(text.trim());
  if (!parts) return undefined;
  const hour = Number(parts[1]);
  const minute = Number(parts[2] ?? '0');
  return hour < 24 && minute < 60 ? hour * 60 + minute : undefined;
}

/** The moment of a day and minute on the browser's own wall clock. */
export function localMoment(date: IsoDate, minuteOfDay: number): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, day, Math.floor(minuteOfDay / 60), minuteOfDay % 60).getTime();
}

/** Lower case without accents, to find `promessa` by `PROMÉ`. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}

/** Latest day of a callback. The server decides; the page warns beforehand. */
export const CALLBACK_DAYS_MAX = 30;

/** The problem with a day that must be in the future; `date` is the reading of `typed`. */
export function dateProblem<TooFar extends string>(
  typed: string,
  date: IsoDate | undefined,
  today: IsoDate,
  daysMax: number,
  tooFar: TooFar,
): 'date-missing' | 'date-not-a-day' | 'date-past' | TooFar | undefined {
  if (typed.trim() === '') return 'date-missing';
  if (date === undefined) return 'date-not-a-day';
  const days = daysUntil(date, today);
  if (days < 0) return 'date-past';
  return days > daysMax ? tooFar : undefined;
}
