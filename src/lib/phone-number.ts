import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { assert } from './assert.ts';
import { areaCode } from './br-area-codes.ts';
import { given } from './given.ts';
import {
  plainWriting,
  type WritingNote,
  type WritingProblem,
  type WrittenNumber,
  writtenNumbers,
} from './phone-cell.ts';

/**
 * A telephone number as the whole product stores it: `+5511987654321`. Only this file makes one, so
 * every E164 has a Brazilian area code and the right length for its kind.
 */
export type E164 = `+${string}`;

/** A repair or an omission, counted by the import. */
export type PhoneNote =
  | WritingNote
  | 'ninth-digit-inserted'
  | 'area-code-assumed'
  | 'second-number-taken';

export type PhoneRefusal =
  | WritingProblem
  | 'rounded-by-spreadsheet'
  | 'unknown-area-code'
  | 'area-codes-differ'
  | 'not-dialable-service'
  | 'repeated-digits'
  | 'wrong-length'
  | 'missing-area-code'
  | 'several-numbers'
  | 'foreign';

export type ParsedPhone = {
  readonly ok: true;
  readonly number: E164;
  readonly kind: 'mobile' | 'fixed';
  readonly areaCode: string;
  /**
   * The extension behind a switchboard: the agent asks for it; it is never dialed. Absent when
   * there is none.
   */
  readonly extension?: string;
  readonly notes: readonly PhoneNote[];
};

export type PhoneParse = ParsedPhone | { readonly ok: false; readonly reason: PhoneRefusal };

export type PhoneOptions = {
  /**
   * This number's area code, from a column of its own. A different one in the cell is a conflict.
   */
  readonly areaCode?: string;
  /** Area code for numbers that have none, neither in the cell nor in a column. */
  readonly defaultAreaCode?: string;
};

/**
 * Reads one telephone number the way Brazilian lists write them: with or without country code,
 * trunk zero, carrier code, ninth digit, punctuation. It repairs a number that can have only one
 * meaning and refuses the rest with a reason. It never guesses a digit and never takes one from
 * another part of the cell.
 */
export function parsePhone(text: string, options: PhoneOptions = {}): PhoneParse {
  const [first, second] = parsePhones(text, options);
  if (!first || second) return refuse(first ? 'several-numbers' : 'empty');
  return first;
}

/** Every number of a cell, usually one; always at least one result. */
export function parsePhones(text: string, options: PhoneOptions = {}): readonly PhoneParse[] {
  const plain = plainWriting(text);
  if (looksRounded(plain)) return [refuse('rounded-by-spreadsheet')];
  const written = writtenNumbers(withoutFloatTail(plain));
  if (typeof written === 'string') return [refuse(written)];
  const numbers = written.flatMap((one) => pairApart(one, options) ?? [one]);
  return numbers.map((one, place) => {
    if (place === 0) return parseWritten(one, options);
    const parsed = parseWritten(one, forLater(options, numbers[0]));
    if (!parsed.ok) return parsed;
    return { ...parsed, notes: [...parsed.notes, 'second-number-taken'] };
  });
}

/** Checks the stored form, for rows read back from the disk. Undefined when it is not ours. */
export function readE164(text: string): E164 | undefined {
  if (!/^\+55[1-9]\d(?:9\d{8}|[2-5]\d{7})$/.test(text)) return undefined;
  return areaCode(text.slice(3, 5)) ? (text as E164) : undefined;
}

export type OwnNumberParse =
  | { readonly ok: true; readonly number: E164; readonly kind: 'national' }
  | PhoneParse;

/**
 * Reads a number of our own, which we may show as caller ID. It accepts what {@link parsePhone}
 * reads and also numbers without an area (0800…, 0303…, 4004…, 3003…): a debtor can call those, but
 * we never dial them.
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

/** The two digits of the area code. Throws {@link MistakeError} for a number without one. */
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
 * Recognizes `5,51199E+12`, and the same after it was saved again: country code, area code and then
 * zeros, because the spreadsheet kept six digits of thirteen. A number that a person typed has
 * punctuation or other digits there.
 */
function looksRounded(text: string): boolean {
  return /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text) || /^55\d{4}0{6,7}(?:[.,]0+)?$/.test(text);
}

/** A column read as a number by another program leaves `11987654321.0`. */
function withoutFloatTail(text: string): string {
  return text.replace(/^(\d{8,14})[.,]0{1,2}$/, '$1');
}

/**
 * The options for a later number of a cell: when the first number shows its area code, the later
 * ones take none from the list.
 */
function forLater(options: PhoneOptions, first: WrittenNumber | undefined): PhoneOptions {
  const area = first && partsOfWriting(first)?.area;
  if (area === undefined || options.defaultAreaCode === area) return options;
  const { defaultAreaCode: _, ...rest } = options;
  return rest;
}

/** Two whole numbers with only a space between them; undefined when that is uncertain. */
function pairApart(
  written: WrittenNumber,
  options: PhoneOptions,
): readonly WrittenNumber[] | undefined {
  if (written.digits.length < PAIR_DIGITS_MIN) return undefined;
  const pairs = [...written.cuts]
    .map((cut) => [part(written, 0, cut), part(written, cut, written.digits.length)] as const)
    .filter((pair) => pair.every((one) => parseWritten(one, options).ok))
    .filter((pair) => [8, 10].some((least) => pair.every((one) => hasDigits(one, least))));
  return pairs.length === 1 ? pairs[0] : undefined;
}

const PAIR_DIGITS_MIN = 16;

/**
 * Whether the number has the digits of a mobile or a landline: both numbers of a pair have an area
 * code or neither has, and no prefix.
 */
function hasDigits({ digits }: WrittenNumber, least: number): boolean {
  return digits.length === least || digits.length === least + 1;
}

function part(written: WrittenNumber, from: number, to: number): WrittenNumber {
  return {
    digits: written.digits.slice(from, to),
    cuts: new Set(
      [...written.cuts].filter((cut) => cut > from && cut < to).map((cut) => cut - from),
    ),
    brackets: written.brackets
      .filter(([start, end]) => start >= from && end <= to)
      .map(([start, end]) => [start - from, end - from] as const),
    hasPlus: written.hasPlus && from === 0,
    ...(from === 0 ? { notes: [] } : lastOf(written)),
  };
}

/** What stands behind the last number of a cell belongs to it. */
function lastOf({ notes, extension }: WrittenNumber): Pick<WrittenNumber, 'notes' | 'extension'> {
  return { notes, ...given({ extension }) };
}

const SERVICE = /^(?:0?(?:800|300|303|500|900)\d{6,7}|1\d{2,4}|(?:\d{2})?[34]00\d{5})$/;
/**
 * Numbers without an area, which companies own: 3003, 4004 and 4020 are dialed the same way
 * everywhere.
 */
const WITHOUT_AREA = /^(?:300\d|303\d|400\d|4020|4370|4864)\d{4}$/;

function parseWritten(written: WrittenNumber, options: PhoneOptions): PhoneParse {
  const parsed = parseDigits(written, options);
  const { extension } = written;
  return parsed.ok && extension !== undefined ? { ...parsed, extension } : parsed;
}

function parseDigits(written: WrittenNumber, options: PhoneOptions): PhoneParse {
  const { digits } = written;
  if (digits.length >= SUBSCRIBER_MIN && /^(\d)\1+$/.test(digits)) return refuse('repeated-digits');
  const parts = partsOfWriting(written);
  if (!parts) return refuse('foreign');
  const { national, subscriber, area } = parts;
  if (SERVICE.test(national)) return refuse('not-dialable-service');
  if (![SUBSCRIBER_MIN, SUBSCRIBER_MIN + 1].includes(subscriber.length))
    return refuse('wrong-length');
  if (subscriber.length === 9 && !subscriber.startsWith('9')) return refuse('wrong-length');
  // The trunk zero is valid only before an area code.
  if (area === undefined && national.startsWith('0')) return refuse('wrong-length');
  if (!fitsGrouping(written, parts)) return refuse('grouping-unclear');
  if (area === undefined) return withAreaOf(options, parts);
  if (!areaCode(area)) return refuse('unknown-area-code');
  const isGiven = options.areaCode !== undefined && areaCode(options.areaCode) !== undefined;
  if (isGiven && options.areaCode !== area) return refuse('area-codes-differ');
  return parseSubscriber(area, parts);
}

function withAreaOf(options: PhoneOptions, parts: WritingParts): PhoneParse {
  if (WITHOUT_AREA.test(parts.subscriber)) return refuse('not-dialable-service');
  if (options.areaCode !== undefined) {
    if (!areaCode(options.areaCode)) return refuse('unknown-area-code');
    return parseSubscriber(options.areaCode, parts);
  }
  const area = options.defaultAreaCode;
  if (area === undefined) return refuse('missing-area-code');
  if (!areaCode(area)) return refuse('unknown-area-code');
  return parseSubscriber(area, parts, ['area-code-assumed']);
}

type WritingParts = {
  /** Without the country code. */
  readonly national: string;
  readonly area?: string;
  readonly subscriber: string;
  /** Offsets into all digits where each part begins; the last is the subscriber's. */
  readonly starts: readonly number[];
  readonly notes: readonly PhoneNote[];
};

const SUBSCRIBER_MIN = 8;

/**
 * Splits the digits into parts by their count alone. Undefined when they begin with another
 * country's code.
 */
function partsOfWriting({ digits, hasPlus, notes }: WrittenNumber): WritingParts | undefined {
  let at = digits.startsWith('00') ? 2 : 0;
  const starts = [0, at];
  if (hasPlus || at > 0) {
    if (!digits.startsWith('55', at)) return undefined;
    at += 2;
  } else if (digits.startsWith('55') && digits.length >= 12) {
    // 55 is also the area code of Santa Maria (RS): ten or eleven digits are a national number.
    at = 2;
  }
  starts.push(at);
  const national = digits.slice(at);
  const repairs: PhoneNote[] = [...notes];
  if (digits[at] === '0') {
    at += 1;
    starts.push(at);
    // 0 + carrier + area code + number, as dialed by hand: 0 15 11 98765-4321. No carrier has the
    // code 11: it is an area code, and too many digits follow it.
    const isLonger = digits.length - at === 12 || digits.length - at === 13;
    if (isLonger && !digits.startsWith('11', at)) {
      at += 2;
      starts.push(at);
      repairs.push('carrier-code-dropped');
    }
  }
  const left = digits.length - at;
  if (left !== 10 && left !== 11) {
    return { national, subscriber: digits.slice(at), starts, notes: repairs };
  }
  const area = digits.slice(at, at + 2);
  starts.push(at + 2);
  return { national, area, subscriber: digits.slice(at + 2), starts, notes: repairs };
}

/**
 * Whether separators and brackets stand between the parts: none inside a country, carrier or area
 * code, and the subscriber's digits grouped as numbers are written. `3222-1234 21` has as many
 * digits as a number with an area code, but is none.
 */
function fitsGrouping(
  { cuts, brackets, digits }: WrittenNumber,
  { starts, subscriber }: WritingParts,
): boolean {
  const subscriberAt = starts.at(-1) ?? 0;
  const edges = new Set([...starts, digits.length]);
  if (!brackets.every(([from, to]) => edges.has(from) && edges.has(to))) return false;
  const inside: number[] = [];
  for (const cut of cuts) {
    if (cut > subscriberAt) inside.push(digits.length - cut);
    else if (!edges.has(cut)) return false;
  }
  return groupingsOf(subscriber).has(inside.join(' '));
}

/**
 * The allowed groupings of a subscriber's digits: all together, split before the last four
 * (`9876-5432`, `98765-4321`, `9 8765-4321`), or in pairs. Groups of three are how other countries
 * write.
 */
function groupingsOf(subscriber: string): ReadonlySet<string> {
  if (subscriber.length === 9) return NINE_DIGITS;
  // The ninth digit will be inserted, so only a whole number of eight digits is accepted.
  return isOldMobile(subscriber) ? OLD_MOBILE : EIGHT_DIGITS;
}

const OLD_MOBILE: ReadonlySet<string> = new Set(['', '4']);
const EIGHT_DIGITS: ReadonlySet<string> = new Set(['', '4', '4 2', '6 4 2']);
const NINE_DIGITS: ReadonlySet<string> = new Set(['', '4', '8', '8 4', '4 2', '8 4 2', '8 6 4 2']);

/** Whether it is a mobile number from before the ninth digit. */
function isOldMobile(subscriber: string): boolean {
  return subscriber.length === 8 && /^[6-9]/.test(subscriber);
}

function parseSubscriber(
  area: string,
  { subscriber: written, notes: notesBefore }: WritingParts,
  notesOfArea: readonly PhoneNote[] = [],
): PhoneParse {
  const notes = [...notesBefore, ...notesOfArea];
  if (/^[34]00\d{5}$/.test(written)) return refuse('not-dialable-service');
  // Every mobile number in Brazil has had nine digits since November 2016.
  const subscriber = isOldMobile(written) ? `9${written}` : written;
  if (subscriber !== written) notes.push('ninth-digit-inserted');
  if (/^\d?(\d)\1{7}$/.test(subscriber)) return refuse('repeated-digits');
  const number: E164 = `+55${area}${subscriber}`;
  if (/^[01]/.test(subscriber) || !parsePhoneNumberFromString(number)?.isValid()) {
    return refuse('not-a-number');
  }
  const kind = subscriber.length === 9 ? 'mobile' : 'fixed';
  return { ok: true, number, kind, areaCode: area, notes };
}

/** `(11) ****-4321`: enough to follow one call on a screen that many people see. */
export function lastFour(number: E164): string {
  return `(${number.slice(3, 5)}) ****-${number.slice(-4)}`;
}
