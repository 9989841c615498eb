import type { ColumnQuestionCode } from '../domain/leads/column-evidence.ts';
import { type Said, sentenceOf } from '../words/say.ts';

/** A file that cannot be read as rows. `code` says why, `said` what to do. */
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
  /** What to do about it. */
  readonly said: Said;
  /** The columns concerned. */
  readonly columns: readonly string[];

  constructor(code: UnreadableFileError['code'], said: Said, columns: readonly string[] = []) {
    super(sentenceOf(said, 'en'));
    this.code = code;
    this.said = said;
    this.columns = columns;
  }
}
