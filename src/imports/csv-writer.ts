/**
 * The one way in which the product writes CSV. A spreadsheet takes a cell that begins with `=`, `+`,
 * `-` or `@` for a formula and runs it, wherever the text came from; a quote before it keeps it text
 * (CWE-1236). Our own reader takes that quote off again, so that a file that was corrected and sent
 * again holds what it held. A number stays a number: `-5` has nothing to run, while `+5511…` is a
 * telephone, which a spreadsheet would make a sum of.
 */
import type { Delimiter } from './csv-records.ts';

/** A tab or a carriage return before it hides the first letter from a check, not from a spreadsheet. */
const RUNS = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^-\d+(?:[.,]\d+)*$/;

/** The text of one cell, harmless in a spreadsheet. */
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
