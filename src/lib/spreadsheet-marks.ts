/**
 * The marks by which spreadsheets keep text as text: `'0012` and `="0012"` are 0012. The one place that
 * takes them off, for cells of lists and for numbers that somebody pastes.
 */

/** How often one mark may stand inside another; a refused row that is sent again has two. */
const MARKS_MAX = 4;

/**
 * The text without marks and spaces around it. A quote before a lower-case letter belongs to a name
 * (`'t Hooft`) and stays. A cell that our own file of refused rows made harmless with a quote
 * (`imports/csv-writer.ts`) means what it meant before.
 */
export function withoutSpreadsheetMarks(text: string): string {
  let bare = text.trim();
  for (let taken = 0; taken < MARKS_MAX; taken += 1) {
    const formula = /^="(.*)"$/s.exec(bare)?.[1];
    const inner = formula?.replaceAll('""', '"') ?? bare.replace(/^'(?!\p{Ll})/u, '');
    if (inner === bare) break;
    bare = inner.trim();
  }
  return bare;
}
