/** What the planning of columns works with: the names, the first rows, and what a person says of them. */
import { cellText } from './cell-text.ts';
import type { ImportColumn, ImportField } from './import-columns.ts';

export type PlannedColumn = {
  readonly header: string;
  readonly field: ImportField;
  /** Of a phone: the column that holds its area code. */
  readonly areaCodeHeader?: string;
  /** Of an area code: holds for every phone that has none of its own. */
  readonly isForAll?: boolean;
};

export type ColumnQuestionCode =
  | 'columns-ambiguous'
  | 'columns-area-code'
  | 'columns-one-document'
  | 'columns-unknown';

/** Which columns have to be renamed, removed or explained. */
export type ColumnQuestion = {
  readonly code: ColumnQuestionCode;
  readonly columns: readonly string[];
};

/** What a person says of a column: its field, that it is to be left out, or whose area code it is. */
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

/** What stands in a column, without the empty cells. */
export function valuesOf(header: string, sample: readonly SampleRow[]): readonly string[] {
  return sample.flatMap((row) => cellText(row[header]) || []);
}
