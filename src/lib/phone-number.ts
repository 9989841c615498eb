import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { assert } from './assert.ts';
import { areaCode } from './br-area-codes.ts';

/**
 * A telephone number as the whole product keeps it: `+5511987654321`. Only this file makes one, so
 * whoever holds an E164 holds a number that has an area code of Brazil and the length of its kind.
 */
export type E164 = `+${string}`;

export type PhoneNote = 'ninth-digit-inserted' | 'area-code-assumed' | 'carrier-code-dropped';

export type PhoneRefusal =
  | 'empty'
  | 'rounded-by-spreadsheet'
  | 'unknown-area-code'
  | 'not-dialable-service'
  | 'repeated-digits'
  | 'wrong-length'
  | 'missing-area-code'
  | 'not-a-number'
  | 'foreign';

export type ParsedPhone = {
  readonly ok: true;
  readonly number: E164;
  readonly kind: 'mobile' | 'fixed';
  readonly areaCode: string;
  /** What had to be repaired, for the import's counts. */
  readonly notes: readonly PhoneNote[];
};

export type PhoneParse = ParsedPhone | { readonly ok: false; readonly reason: PhoneRefusal };

/**
 * Reads a telephone number the way Brazilian lists write them: with or without country code, trunk
 * zero, carrier code, ninth digit, punctuation. It repairs what has one meaning only and refuses the
 * rest with a reason; it never guesses a digit.
 */
export function parsePhone(
  text: string,
  options: { readonly defaultAreaCode?: string } = {},
): PhoneParse {
  const trimmed = text.trim();
  if (trimmed === '') return refuse('empty');
  if (looksRounded(trimmed)) return refuse('rounded-by-spreadsheet');
  const written = withoutFloatTail(trimmed);
  const digits = written.replace(/\D/g, '');
  if (digits === '') return refuse('not-a-number');
  if (digits.length >= 8 && /^(\d)\1+$/.test(digits)) return refuse('repeated-digits');
  const national = withoutCountryCode(written, digits);
  if (national === undefined) return refuse('foreign');
  return parseNational(national, options.defaultAreaCode);
}

/** The stored form, checked: for rows read back from the disk. Undefined when it is not one of ours. */
export function readE164(text: string): E164 | undefined {
  if (!/^\+55[1-9]\d(?:9\d{8}|[2-5]\d{7})$/.test(text)) return undefined;
  return areaCode(text.slice(3, 5)) ? (text as E164) : undefined;
}

export type OwnNumberParse =
  | { readonly ok: true; readonly number: E164; readonly kind: 'national' }
  | PhoneParse;

/**
 * A number that we hold and may show as caller ID: what {@link parsePhone} reads, and also the
 * numbers that belong to no area (0800…, 0303…, 4004…, 3003…), which a debtor can call but we never dial.
 */
export function parseOwnNumber(text: string): OwnNumberParse {
  const parsed = parsePhone(text);
  if (parsed.ok || parsed.reason !== 'not-dialable-service') return parsed;
  const digits = text.replace(/\D/g, '').replace(/^55(?=\d{8,})/, '');
  const national = digits.replace(/^0/, '');
  if (!/^(?:(?:800|300|303|500|900)\d{6,7}|[34]00\d{5})$/.test(national)) return parsed;
  return { ok: true, number: `+55${national}`, kind: 'national' };
}

/** `(11) 98765-4321`, for people. */
export function formatPhone(number: E164): string {
  const { area, subscriber } = partsOf(number);
  if (area === undefined) return subscriber;
  return `(${area}) ${subscriber.slice(0, -4)}-${subscriber.slice(-4)}`;
}

/** `(11) 9****-4321`: enough to recognise a number one knows, not enough to call it. */
export function maskPhone(number: E164): string {
  const { area, subscriber } = partsOf(number);
  const hidden = `${subscriber.slice(0, 1)}${'*'.repeat(subscriber.length - 5)}`;
  return `${area === undefined ? '' : `(${area}) `}${hidden}-${subscriber.slice(-4)}`;
}

/** The two digits of the area code. A mistake for a number without one. */
export function areaCodeOf(number: E164): string {
  const { area } = partsOf(number);
  assert(area !== undefined, 'a number that is dialed has an area code');
  return area;
}

function partsOf(number: E164): { readonly area?: string; readonly subscriber: string } {
  const national = number.replace(/^\+55/, '');
  const isGeographic = /^[1-9]\d(?:9\d{8}|[2-5]\d{7})$/.test(national);
  if (!isGeographic || !areaCode(national.slice(0, 2))) return { subscriber: national };
  return { area: national.slice(0, 2), subscriber: national.slice(2) };
}

function refuse(reason: PhoneRefusal): PhoneParse {
  return { ok: false, reason };
}

/**
 * `5,51199E+12`, and the same after it was saved again: a bare country code, area code and then
 * zeros where the spreadsheet kept six digits of thirteen. A number somebody typed has punctuation
 * or other digits there.
 */
function looksRounded(text: string): boolean {
  return /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text) || /^55\d{4}0{6,7}(?:[.,]0+)?$/.test(text);
}

/** A column read as a number by another program leaves `11987654321.0`. */
function withoutFloatTail(text: string): string {
  return text.replace(/^(\d{8,14})[.,]0{1,2}$/, '$1');
}

/** Undefined when the text names another country. */
function withoutCountryCode(text: string, digits: string): string | undefined {
  if (text.startsWith('+') || digits.startsWith('00')) {
    const international = digits.replace(/^00/, '');
    return international.startsWith('55') ? international.slice(2) : undefined;
  }
  // 55 is also the area code of Santa Maria (RS): ten or eleven digits are a national number.
  const hasCountryCode = digits.startsWith('55') && digits.length >= 12;
  return hasCountryCode ? digits.slice(2) : digits;
}

const SERVICE = /^(?:0?(?:800|300|303|500|900)\d{6,7}|1\d{2,4}|(?:\d{2})?[34]00\d{5})$/;

function parseNational(national: string, defaultAreaCode: string | undefined): PhoneParse {
  if (SERVICE.test(national)) return refuse('not-dialable-service');
  const notes: PhoneNote[] = [];
  let digits = national;
  if (digits.startsWith('0')) {
    digits = digits.slice(1);
    // 0 + carrier + area code + number, as dialed by hand: 0 15 11 98765-4321.
    if (digits.length === 12 || digits.length === 13) {
      digits = digits.slice(2);
      notes.push('carrier-code-dropped');
    }
  }
  if (digits.length === 8 || digits.length === 9) {
    if (defaultAreaCode === undefined) return refuse('missing-area-code');
    digits = defaultAreaCode + digits;
    notes.push('area-code-assumed');
  }
  if (digits.length !== 10 && digits.length !== 11) return refuse('wrong-length');
  return parseWithAreaCode(digits, notes);
}

function parseWithAreaCode(digits: string, notes: PhoneNote[]): PhoneParse {
  const area = digits.slice(0, 2);
  if (!areaCode(area)) return refuse('unknown-area-code');
  let subscriber = digits.slice(2);
  if (/^[34]00\d{5}$/.test(subscriber)) return refuse('not-dialable-service');
  if (subscriber.length === 8 && /^[6-9]/.test(subscriber)) {
    // Every mobile number of the country has nine digits since November 2016.
    subscriber = `9${subscriber}`;
    notes.push('ninth-digit-inserted');
  }
  if (/^\d?(\d)\1{7}$/.test(subscriber)) return refuse('repeated-digits');
  if (subscriber.length === 9 && !subscriber.startsWith('9')) return refuse('wrong-length');
  const number: E164 = `+55${area}${subscriber}`;
  if (/^[01]/.test(subscriber) || !parsePhoneNumberFromString(number)?.isValid()) {
    return refuse('not-a-number');
  }
  return {
    ok: true,
    number,
    kind: subscriber.length === 9 ? 'mobile' : 'fixed',
    areaCode: area,
    notes,
  };
}
