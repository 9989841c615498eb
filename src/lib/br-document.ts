/**
 * CPF (a person) and CNPJ (a company). Kept as text: leading zeros count, and since July 2026 the
 * first twelve places of a new CNPJ may be letters (Instrução Normativa RFB 2.229/2024), whose value
 * in the check digits is their ASCII code minus 48.
 */
export type DocumentKind = 'cpf' | 'cnpj';

export type DocumentRefusal =
  | 'empty'
  | 'rounded-by-spreadsheet'
  | 'wrong-length'
  | 'repeated-digits'
  | 'check-digits'
  | 'not-a-document';

export type DocumentNote = 'left-zeros-added';

export type DocumentParse =
  | {
      readonly ok: true;
      readonly kind: DocumentKind;
      /** Without punctuation; a CNPJ may hold capital letters. */
      readonly digits: string;
      readonly notes: readonly DocumentNote[];
    }
  | { readonly ok: false; readonly reason: DocumentRefusal };

/**
 * Reads a CPF or CNPJ. Restores leading zeros that a spreadsheet cut off, if the check digits then
 * agree.
 */
export function parseDocument(text: string): DocumentParse {
  const trimmed = text.trim();
  if (trimmed === '') return refuse('empty');
  if (/^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(trimmed)) return refuse('rounded-by-spreadsheet');
  if (!/^[\dA-Za-z.\-/\s]+$/.test(trimmed)) return refuse('not-a-document');
  const bare = withoutFloatTail(trimmed)
    .replace(/[.\-/\s]/g, '')
    .toUpperCase();
  if (/[A-Z]/.test(bare) && !/^[\dA-Z]{12}\d{2}$/.test(bare)) return refuse('not-a-document');
  if (/^(\d)\1+$/.test(bare) && bare.length >= 9) return refuse('repeated-digits');
  const length = wholeLength(bare.length);
  if (length === undefined) return refuse('wrong-length');
  const digits = bare.padStart(length, '0');
  const kind = length === 11 ? 'cpf' : 'cnpj';
  if (!hasCheckDigits(digits, kind)) return refuse('check-digits');
  return { ok: true, kind, digits, notes: digits === bare ? [] : ['left-zeros-added'] };
}

/** `123.456.789-09` or `12.ABC.345/01DE-35`. Other text is returned as it is. */
export function formatDocument(digits: string): string {
  if (digits.length === 11) return digits.replace(/^(.{3})(.{3})(.{3})(.{2})$/, '$1.$2.$3-$4');
  if (digits.length === 14) {
    return digits.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, '$1.$2.$3/$4-$5');
  }
  return digits;
}

/** `***.456.789-**` or `**.345.678/****-**`; anything else is hidden whole. */
export function maskDocument(digits: string): string {
  if (digits.length === 11) return `***.${digits.slice(3, 6)}.${digits.slice(6, 9)}-**`;
  if (digits.length === 14) return `**.${digits.slice(2, 5)}.${digits.slice(5, 8)}/****-**`;
  return '*'.repeat(digits.length);
}

function refuse(reason: DocumentRefusal): DocumentParse {
  return { ok: false, reason };
}

/** A column read as numbers by another program leaves `52998224725.0`. */
function withoutFloatTail(text: string): string {
  return text.replace(/^(\d{9,14})\.0$/, '$1');
}

/** At most two lost zeros are restored: with more, nearly any number would be a document. */
function wholeLength(length: number): 11 | 14 | undefined {
  if (length >= 9 && length <= 11) return 11;
  if (length >= 12 && length <= 14) return 14;
  return undefined;
}

function hasCheckDigits(digits: string, kind: DocumentKind): boolean {
  const first = checkDigit(digits.slice(0, -2), kind);
  const second = checkDigit(digits.slice(0, -2) + first, kind);
  return digits.endsWith(`${first}${second}`);
}

/** Modulo 11 with weights from the right: 2, 3, 4, …, which for a CNPJ start again after 9. */
function checkDigit(base: string, kind: DocumentKind): number {
  let sum = 0;
  for (let fromRight = 0; fromRight < base.length; fromRight += 1) {
    const weight = 2 + (kind === 'cnpj' ? fromRight % 8 : fromRight);
    sum += (base.charCodeAt(base.length - 1 - fromRight) - 48) * weight;
  }
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}
