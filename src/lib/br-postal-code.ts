/**
 * A CEP: eight digits, stored without punctuation. In São Paulo the first is 0, which spreadsheets
 * often cut off.
 */
export type PostalCodeParse = {
  readonly digits: string;
  /** Whether the first zero, lost in a spreadsheet, was restored. */
  readonly isZeroAdded: boolean;
};

/** Reads `01234-567`, `01.234-567`, `01234567` and `1234567`; undefined for anything else. */
export function parsePostalCode(text: string): PostalCodeParse | undefined {
  const bare = text.trim().replace(/^(\d{2})\.?(\d{3})[-\s]?(\d{3})$/, '$1$2$3');
  if (!/^\d{7,8}$/.test(bare)) return undefined;
  const digits = bare.padStart(8, '0');
  // No CEP begins with three zeros: 01000-000 is the lowest ever assigned.
  if (digits < '01000000') return undefined;
  return { digits, isZeroAdded: bare.length === 7 };
}

/** `01234-567`. Other text is returned as it is. */
export function formatPostalCode(digits: string): string {
  return digits.replace(/^(\d{5})(\d{3})$/, '$1-$2');
}
