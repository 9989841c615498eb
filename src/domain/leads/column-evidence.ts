/** The evidence for planning columns: their names, the first rows, and the user's answers. */
import { cellText } from './cell-text.ts';
import type { ImportColumn, ImportField } from './import-columns.ts';

export type PlannedColumn = {
  readonly header: string;
  readonly field: ImportField;
  /** For a phone: the column with its area code; absent when there is none. */
  readonly areaCodeHeader?: string;
  /** For an area code: present when it holds for every phone without one of its own. */
  readonly isForAll?: boolean;
};

export type ColumnQuestionCode =
  | 'columns-ambiguous'
  | 'columns-area-code'
  | 'columns-one-document'
  | 'columns-unknown';

/** Columns that must be renamed, removed or explained. */
export type ColumnQuestion = {
  readonly code: ColumnQuestionCode;
  readonly columns: readonly string[];
};

/** The user's answer about a column: its field, that it is left out, or whose area code it is. */
export type ColumnMeaning =
  | { readonly kind: 'field'; readonly field: ImportField }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'area-code-of'; readonly phones: readonly string[] };

export type Meanings = ReadonlyMap<string, ColumnMeaning>;

export type SampleRow = Readonly<Record<string, unknown>>;

export type Candidate = ImportColumn & { readonly header: string };

export type Asked = { readonly ok: false; readonly question: ColumnQuestion };

export function ask(code: ColumnQuestionCode, columns: readonly string[]): Asked {
  return { ok: false, question: { code, columns } };
}

/** The values of a column, without the empty cells. */
export function valuesOf(header: string, sample: readonly SampleRow[]): readonly string[] {
  return sample.flatMap((row) => cellText(row[header]) || []);
}
