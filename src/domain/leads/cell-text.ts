import { withoutSpreadsheetMarks } from '../../lib/spreadsheet-marks.ts';

const TEXT_MAX = 200;

/**
 * The text of a cell as people read it. Undefined when it is neither text nor a number; empty when
 * there is nothing.
 */
export function cellText(value: unknown): string | undefined {
  if (typeof value === 'string') return withoutSpreadsheetMarks(value).slice(0, TEXT_MAX);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return undefined;
}
