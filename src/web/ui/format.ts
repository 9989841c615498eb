/**
 * How amounts, moments, lengths and numbers are written. Money, days and telephones are Brazilian in
 * both languages: R$ 1.234,56 · 22/11/2026 · 14:05:09. Counts, decimals and shares follow the page's
 * language: `2,6 %` in Portuguese, `2.6 %` in English.
 */
import i18next from 'i18next';
import type { IsoDate } from '../../lib/time.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/time.ts';
import type { Measure } from '../../protocol/measures.ts';

const reais = new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL' });

/** `R$ 1.234,56`, with a plain space so that it can be searched and copied. */
export function formatMoney(centavos: number): string {
  return reais.format(centavos / 100).replace(/\u00a0/g, ' ');
}

/** `22/11/2026` */
export function formatIsoDate(date: string): string {
  return date.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$3/$2/$1');
}

/** The day in the browser's own zone. */
export function isoDateOf(at: number): IsoDate {
  const moment = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}` as IsoDate;
}

/** `22/11/2026` in the browser's own zone. */
export function formatDate(at: number): string {
  return formatIsoDate(isoDateOf(at));
}

/** `14:05:09` */
export function formatTimeOfDay(at: number): string {
  const moment = new Date(at);
  return [moment.getHours(), moment.getMinutes(), moment.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** `14:05` */
export function formatHour(at: number): string {
  return formatTimeOfDay(at).slice(0, 5);
}

/** `22/11/2026 14:05` */
export function formatMoment(at: number): string {
  return `${formatDate(at)} ${formatHour(at)}`;
}

/** `14:05` on the same day, `23/11 09:00` on another. */
export function formatNear(at: number, now: number): string {
  if (formatDate(at) === formatDate(now)) return formatHour(at);
  return `${formatDate(at).slice(0, 5)} ${formatHour(at)}`;
}

/**
 * `02:14`, `1:02:14`; `--:--` when the length is unknown, because a wrong zero is worse than no
 * number.
 */
export function formatLength(lengthMs: number | null | undefined): string {
  if (lengthMs === null || lengthMs === undefined || !Number.isFinite(lengthMs)) return '--:--';
  const length = Math.max(0, lengthMs);
  const hours = Math.floor(length / HOUR_MS);
  const minutes = Math.floor((length % HOUR_MS) / MINUTE_MS);
  const seconds = Math.floor((length % MINUTE_MS) / SECOND_MS);
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

/** Time left until `until`, rounded up, so that 00:00 means it is over. */
export function formatLeft(until: number, now: number): string {
  return formatLength(Math.ceil(Math.max(0, until - now) / SECOND_MS) * SECOND_MS);
}

/** `2,6 %`, in English `2.6 %`; a dash where the denominator is zero. */
export function formatShare(numerator: number, denominator: number, digits = 1): string {
  if (denominator === 0) return '–';
  return `${formatDecimal((100 * numerator) / denominator, digits)} %`;
}

/** The share that a measure of the product makes of these counts. */
export function formatMeasure<Counts>(
  { numerator, denominator }: Measure<Counts>,
  counts: Counts,
  digits = 1,
): string {
  return formatShare(numerator(counts), denominator(counts), digits);
}

/** `1.234`, in English `1,234`. */
export function formatCount(count: number): string {
  return count.toLocaleString(numberLocale());
}

/** `2,4`, in English `2.4`. */
export function formatDecimal(value: number, digits = 1): string {
  return value.toLocaleString(numberLocale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `12 s`, for lengths estimated or chosen in whole seconds. */
export function formatSeconds(lengthMs: number): string {
  return `${formatDecimal(lengthMs / SECOND_MS, 0)} s`;
}

/** A value of the server in a sentence: numbers in the page's language, words as they are. */
export function writtenValue(value: string | number | boolean): string {
  const number = typeof value === 'string' && /^\d+\.\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return String(value);
  return number.toLocaleString(numberLocale(), { maximumFractionDigits: 2 });
}

/** The decimal mark of a field for numbers. */
export function decimalMark(): ',' | '.' {
  return i18next.language === 'en' ? '.' : ',';
}

function numberLocale(): string {
  return i18next.language === 'en' ? 'en-US' : 'pt-BR';
}

/** `1,50` for a field in which an amount is typed. */
export function formatTypedMoney(centavos: number): string {
  return (centavos / 100).toLocaleString('pt-BR', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
}

/** `(11) 98765-4321` for a national number as telephones send it; anything else as it came. */
export function formatDialed(number: string): string {
  return number.replace(/^\+?55(\d{2})(\d{4,5})(\d{4})$/, '($1) $2-$3');
}

/** Whole days from today until the date; negative in the past. */
export function daysUntil(date: string, today: string): number {
  return Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / DAY_MS);
}

/** First name and last name, for a tab title or a greeting. */
export function shortName(name: string): string {
  const parts = name.trim().split(/\s+/);
  const [first = ''] = parts;
  const last = parts.length > 1 ? parts.at(-1) : undefined;
  return last === undefined ? first : `${first} ${last}`;
}
