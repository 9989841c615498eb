/**
 * Writes all CSV of the product. A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as
 * a formula; a quote before it keeps it text (CWE-1236). Our own reader removes that quote, so a
 * corrected file comes back unchanged. Numbers such as `-5` have nothing to run and stay numbers,
 * while `+5511…` is a telephone that a spreadsheet would turn into a number.
 */
import type { Delimiter } from './csv-records.ts';

/**
 * A leading tab or carriage return hides the first letter from a naive check, but not from a
 * spreadsheet.
 */
const RUNS = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^-\d+(?:[.,]\d+)*$/;

/** The text of a cell, made harmless in a spreadsheet. */
export function safeCell(text: string): string {
  return RUNS.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** One line of CSV; fields are quoted where they need it. */
export function csvLine(fields: readonly string[], delimiter: Delimiter): string {
  return fields
    .map(safeCell)
    .map((field) =>
      /["\r\n]/.test(field) || field.includes(delimiter)
        ? `"${field.replaceAll('"', '""')}"`
        : field,
    )
    .join(delimiter);
}
