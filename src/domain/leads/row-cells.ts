/** The cells of a row or record by their meaning, and the exit for a row that cannot be read. */
import { given } from '../../lib/given.ts';
import { cellText } from './cell-text.ts';
import { type ColumnPlan, planColumns } from './column-plan.ts';
import type { ImportField } from './import-columns.ts';

/** Elements of one list inside a record. */
const PARTS_MAX = 200;

export type ImportCode =
  | 'row-empty'
  | 'name-missing'
  | 'identity-missing'
  | 'document-invalid'
  | 'no-valid-phone'
  | 'due-date-missing'
  | 'due-date-invalid'
  | 'value-missing'
  | 'value-invalid'
  | 'value-ambiguous'
  | 'too-many-parts'
  | 'shape-invalid'
  | 'columns-unclear';

export type ImportRefusal = {
  readonly ok: false;
  readonly code: ImportCode;
  /** The exact cause: `check-digits`, `rounded-by-spreadsheet`, `not-money`. */
  readonly reason: string;
  /** The column's name in the file; absent when the whole row is refused. */
  readonly field?: string;
  /** The row's own id, so that the sender can find it; absent when it has none. */
  readonly externalId?: string;
};

/** Stops the reading of a row from any depth; `importRow` turns it into a value. */
export class Refused extends Error {
  readonly refusal: ImportRefusal;

  constructor(code: ImportCode, reason: string, field: string) {
    super(code);
    this.refusal = refusal(code, reason, field);
  }
}

export function refusal(code: ImportCode, reason: string, field?: string): ImportRefusal {
  return { ok: false, code, reason, ...given({ field }) };
}

export type Cell = {
  readonly header: string;
  readonly field: ImportField;
  readonly value: unknown;
  /** For a phone: the area code from its column; absent when there is none. */
  readonly areaCode?: string;
};

export type Cells = {
  readonly list: readonly Cell[];
  readonly extras: readonly string[];
  /** The whole row's area code, for phones without one. */
  readonly areaCode?: string;
};

export function cellsOf(raw: Readonly<Record<string, unknown>>, told?: ColumnPlan): Cells {
  const plan = told ?? planOf(raw);
  const list: Cell[] = [];
  let areaCode: string | undefined;
  for (const { header, field, areaCodeHeader, isForAll } of plan.columns) {
    if (isForAll) areaCode = cellText(raw[header]);
    if (field === 'areaCode' || isEmpty(raw[header])) continue;
    const own = areaCodeHeader === undefined ? undefined : cellText(raw[areaCodeHeader]);
    list.push({ header, field, value: raw[header], ...(own ? { areaCode: own } : {}) });
  }
  const extras = plan.unused.filter((header) => !isEmpty(raw[header]));
  return { list, extras, ...(areaCode ? { areaCode } : {}) };
}

function planOf(raw: Readonly<Record<string, unknown>>): ColumnPlan {
  const planned = planColumns(Object.keys(raw), [raw]);
  if (planned.ok) return planned.plan;
  const { code, columns } = planned.question;
  throw new Refused('columns-unclear', code, columns.join(', '));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || cellText(value) === '';
}

/** The elements of a nested list, each named like `telefones.2` for refusals and warnings. */
export function partsOf(
  cells: readonly Cell[],
  field: ImportField,
): readonly { readonly header: string; readonly value: unknown }[] {
  const cell = cells.find((one) => one.field === field);
  if (!cell) return [];
  if (!Array.isArray(cell.value)) throw new Refused('shape-invalid', 'not-a-list', cell.header);
  if (cell.value.length > PARTS_MAX) throw new Refused('too-many-parts', 'limit', cell.header);
  return cell.value.map((value: unknown, index) => ({ header: `${cell.header}.${index}`, value }));
}

export function fieldText(cells: readonly Cell[], field: ImportField): string | undefined {
  const cell = cells.find((one) => one.field === field);
  return cell && cellText(cell.value);
}

export function phoneCell(header: string, value: unknown): Cell {
  return { header, field: 'phone', value };
}

type AnyRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is AnyRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Inside a phone, a contract or an instalment, `numero` and `id` mean its own number. */
export function asPhone(record: AnyRecord): AnyRecord {
  return withOwnNumber(record, 'telefone');
}

export function asContract(record: AnyRecord): AnyRecord {
  return withOwnNumber(record, 'contrato');
}

export function asInstalment(record: AnyRecord): AnyRecord {
  return withOwnNumber(record, 'parcela');
}

function withOwnNumber(record: AnyRecord, name: string): AnyRecord {
  const { numero, number, id, ...rest } = record;
  const own = numero ?? number ?? id;
  return own === undefined ? rest : { [name]: own, ...rest };
}
