import type { ColumnQuestionCode } from '../domain/leads/column-evidence.ts';

/** A file that cannot be read as rows. `code` says why, the message says what to do. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly code:
    | 'file-empty'
    | 'file-binary'
    | 'file-spreadsheet'
    | 'file-too-large'
    | 'header-missing'
    | 'file-garbled'
    | ColumnQuestionCode;
  /** The columns concerned. */
  readonly columns: readonly string[];

  constructor(code: UnreadableFileError['code'], message: string, columns: readonly string[] = []) {
    super(message);
    this.code = code;
    this.columns = columns;
  }
}
