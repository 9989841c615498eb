/** A row that cannot be stored, with the reason that goes to its sender. */
export class RowRejected extends Error {
  override readonly name = 'RowRejected';
  readonly code: RowRejection;
  readonly field?: string;

  constructor(code: RowRejection, message: string, field?: string) {
    super(message);
    this.code = code;
    if (field !== undefined) this.field = field;
  }
}

export type RowRejection =
  /** The key names no creditor of the campaign. */
  | 'creditor-unknown'
  /** The campaign has several creditors and the row names none. */
  | 'creditor-missing'
  | 'portfolio-missing'
  /** The document is the creditor's own. */
  | 'document-of-creditor'
  | 'reference-of-another-debtor';
