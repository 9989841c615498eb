/**
 * A CEP: eight digits, the first of which is 0 in São Paulo, so a spreadsheet often cut it off. Kept
 * without punctuation.
 */
export type PostalCodeParse = {
  readonly digits: string;
  /** The first zero, lost in a spreadsheet, was put back. */
  readonly isZeroAdded: boolean;
};

/** Reads `01234-567`, `01.234-567`, `01234567` and `1234567`; undefined for whatever is no CEP. */
export function parsePostalCode(text: string): PostalCodeParse | undefined {
  const bare = text.trim().replace(/^(\d{2})\.?(\d{3})[-\s]?(\d{3})$/, '$1$2$3');
  if (!/^\d{7,8}$/.test(bare)) return undefined;
  const digits = bare.padStart(8, '0');
  // None begins with three zeros: 01000-000 is the lowest that was ever given.
  if (digits < '01000000') return undefined;
  return { digits, isZeroAdded: bare.length === 7 };
}

/** `01234-567`. Other text is returned as it is. */
export function formatPostalCode(digits: string): string {
  return digits.replace(/^(\d{5})(\d{3})$/, '$1-$2');
}
