/**
 * Reads money and dates the way Brazilian files write them. A value with two possible meanings is
 * refused.
 */
import { type Money, money } from '../../lib/money.ts';
import { addDays, dayOf, type IsoDate } from '../../lib/time.ts';

export type DecimalMark = 'comma' | 'dot';

export type MoneyParse =
  | { readonly ok: true; readonly value: Money }
  | { readonly ok: false; readonly reason: 'not-money' | 'not-positive' | 'ambiguous-separator' };

/** A debt above ten milliard reais means that the column was misread. */
const CENTAVOS_MAX = 1_000_000_000_000;

/**
 * Reads `1.234,56`, `1234.56` and `R$ 1.234`. A single separator before three digits (`1.234`)
 * means thousands in one file and decimals in another, so the file's meaning must be given.
 */
export function parseMoney(text: string, decimalMark?: DecimalMark): MoneyParse {
  const bare = text.replace(/R\$|\s/gi, '');
  if (/^-/.test(bare)) return { ok: false, reason: 'not-positive' };
  const one = /^(\d{1,3})[.,](\d{3})$/.test(bare);
  const marksThousands = decimalMark !== undefined && bare.includes(other(decimalMark));
  if (one && !marksThousands) {
    return { ok: false, reason: decimalMark ? 'not-money' : 'ambiguous-separator' };
  }
  const parts =
    /^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}|\d{2}00))?$/.exec(bare) ??
    /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}|\d{2}00))?$/.exec(bare);
  if (!parts) return { ok: false, reason: 'not-money' };
  const reais = Number((parts[1] ?? '').replace(/[.,]/g, ''));
  // Databases write money with four decimals.
  const centavos = (parts[2] ?? '').slice(0, 2).padEnd(2, '0');
  return checked(reais * 100 + Number(centavos));
}

/** A JSON number in reais: at most two decimals. */
export function moneyOfReais(reais: number): MoneyParse {
  const centavos = Math.round(reais * 100);
  if (!Number.isFinite(reais) || Math.abs(reais * 100 - centavos) > 0.001) {
    return { ok: false, reason: 'not-money' };
  }
  return checked(centavos);
}

export function moneyOfCentavos(text: string): MoneyParse {
  return /^\d{1,15}$/.test(text) ? checked(Number(text)) : { ok: false, reason: 'not-money' };
}

/**
 * Reads dd/mm/aaaa, dd/mm/aa, ISO, or a spreadsheet's serial number. Undefined when no such day
 * exists.
 */
export function parseDate(text: string): IsoDate | undefined {
  const bare = text.trim();
  const written = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[T ]+\d{1,2}:\d{2}.*)?$/.exec(bare);
  if (written) return dayOf(fullYear(written[3] ?? ''), Number(written[2]), Number(written[1]));
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(bare);
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  return /^\d{5}(?:[.,]0+)?$/.test(bare) ? serialDay(Number.parseInt(bare, 10)) : undefined;
}

/**
 * The form in which numbers of contracts and instalments are compared: `A-77 ` and `a-77` are the
 * same.
 */
export function plainNumber(number: string): string {
  return number.trim().toUpperCase();
}

function other(mark: DecimalMark): string {
  return mark === 'comma' ? '.' : ',';
}

function checked(centavos: number): MoneyParse {
  if (centavos <= 0) return { ok: false, reason: 'not-positive' };
  if (centavos > CENTAVOS_MAX) return { ok: false, reason: 'not-money' };
  return { ok: true, value: money(centavos) };
}

function fullYear(text: string): number {
  if (text.length === 4) return Number(text);
  return Number(text) + (Number(text) >= 70 ? 1900 : 2000);
}

/** Spreadsheets count days from 30 December 1899; 20000 is 1954 and 80000 is 2119. */
function serialDay(serial: number): IsoDate | undefined {
  return serial >= 20_000 && serial <= 80_000 ? addDays('1899-12-30', serial) : undefined;
}
