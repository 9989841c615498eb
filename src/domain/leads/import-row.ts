/**
 * One row of a customer's list, read into the debtor, phones and debts it means. A CSV row is flat; a
 * record of the API may nest `telefones`, `contratos` and their `parcelas`. What cannot be read is
 * refused with a code and the column; what was repaired is a warning. Columns without a meaning here
 * are dropped and counted, never kept (LGPD art. 6, III).
 */
import { type StateCode, stateCode } from '../../lib/br-area-codes.ts';
import { type DocumentKind, parseDocument } from '../../lib/br-document.ts';
import { parsePostalCode } from '../../lib/br-postal-code.ts';
import type { Money } from '../../lib/money.ts';
import { type E164, type PhoneParse, parsePhones } from '../../lib/phone-number.ts';
import type { IsoDate } from '../../lib/time.ts';
import { columnOf, type ImportField } from './import-columns.ts';
import {
  type DecimalMark,
  type MoneyParse,
  moneyOfCentavos,
  moneyOfReais,
  parseDate,
  parseMoney,
} from './import-values.ts';

export type RowPhone = {
  readonly number: E164;
  readonly kind: 'mobile' | 'fixed';
  /** Absent: the list's. */
  readonly source?: string;
  /** 0 to 100. Earlier columns score higher where the row gives none. */
  readonly score: number;
};

export type RowInstalment = {
  readonly number: string;
  readonly dueDate: IsoDate;
  readonly originalValue: Money;
  /** As the creditor computed it; absent: the original. */
  readonly updatedValue?: Money;
};

export type RowContract = {
  readonly number: string;
  readonly product?: string;
  readonly instalments: readonly RowInstalment[];
};

export type LeadRow = {
  readonly externalId?: string;
  readonly name: string;
  readonly document?: string;
  readonly documentKind?: DocumentKind;
  readonly birthDate?: IsoDate;
  /** The creditor's id, key or CNPJ as the file has it; absent: the campaign's only one. */
  readonly creditorKey?: string;
  readonly addressState?: StateCode;
  /** CEP of the address, eight digits. */
  readonly postalCode?: string;
  readonly emails: readonly string[];
  /** At least one; no number twice. */
  readonly phones: readonly RowPhone[];
  readonly contracts: readonly RowContract[];
  /** 0 to 100. */
  readonly priority?: number;
  /** Columns with a value that were dropped. */
  readonly extrasDropped: number;
  /** `fone2: ninth-digit-inserted`: what was repaired or left out, by column. */
  readonly warnings: readonly string[];
};

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
  | 'shape-invalid';

export type ImportRefusal = {
  readonly ok: false;
  readonly code: ImportCode;
  /** The finer cause: `check-digits`, `rounded-by-spreadsheet`, `not-money`. */
  readonly reason: string;
  /** The column, as the file names it. */
  readonly field: string;
  /** Where the row had one, so that the sender can find it. */
  readonly externalId?: string;
};

export type RowImport = { readonly ok: true; readonly row: LeadRow } | ImportRefusal;

export type ImportOptions = {
  /** For numbers without one, where the row has no column for it. */
  readonly defaultAreaCode?: string;
  /** What `1.234` means in this file. */
  readonly decimalMark?: DecimalMark;
  /** For the warning of a due date more than ten years away. */
  readonly today?: IsoDate;
};

const PARTS_MAX = 200;
const TEXT_MAX = 200;
const DUE_YEARS_MAX = 10;

export function importRow(
  raw: Readonly<Record<string, unknown>>,
  options: ImportOptions = {},
): RowImport {
  const cells = cellsOf(raw);
  if (cells.list.length === 0) return refusal('row-empty', 'empty', '');
  const read = new RowReader(cells, options);
  try {
    return { ok: true, row: read.row() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const externalId = read.text('externalId');
    return { ...error.refusal, ...(externalId === undefined ? {} : { externalId }) };
  }
}

/** Leaves the reading of a row from any depth; it never leaves this file. */
class Refused extends Error {
  readonly refusal: ImportRefusal;

  constructor(code: ImportCode, reason: string, field: string) {
    super(code);
    this.refusal = refusal(code, reason, field);
  }
}

function refusal(code: ImportCode, reason: string, field: string): ImportRefusal {
  return { ok: false, code, reason, field };
}

type Cell = {
  readonly header: string;
  readonly field: ImportField;
  readonly index: string;
  readonly value: unknown;
};

type Cells = { readonly list: readonly Cell[]; readonly extras: number };

function cellsOf(raw: Readonly<Record<string, unknown>>): Cells {
  const list: Cell[] = [];
  let extras = 0;
  for (const [header, value] of Object.entries(raw)) {
    if (value === null || value === undefined || textOf(value) === '') continue;
    const column = columnOf(header);
    if (column) list.push({ header, ...column, value });
    else extras += 1;
  }
  return { list, extras };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim().slice(0, TEXT_MAX);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return undefined;
}

class RowReader {
  readonly #cells: Cells;
  readonly #options: ImportOptions;
  readonly #warnings: string[] = [];
  #extras: number;

  constructor(cells: Cells, options: ImportOptions) {
    this.#cells = cells;
    this.#options = options;
    this.#extras = cells.extras;
  }

  row(): LeadRow {
    const externalId = this.text('externalId');
    const name = this.text('name');
    if (name === undefined) throw new Refused('name-missing', 'empty', 'nome');
    const document = this.#document();
    if (document === undefined && externalId === undefined) {
      throw new Refused('identity-missing', 'empty', 'cpf');
    }
    const phones = this.#phones();
    const contracts = this.#contracts(externalId);
    const birthDate = this.#birthDate();
    const creditorKey = this.text('creditorKey');
    const addressState = this.#state();
    const postalCode = this.#postalCode();
    const priority = this.#priority();
    return {
      ...(externalId === undefined ? {} : { externalId }),
      name,
      ...(document ?? {}),
      ...(birthDate === undefined ? {} : { birthDate }),
      ...(creditorKey === undefined ? {} : { creditorKey }),
      ...(addressState === undefined ? {} : { addressState }),
      ...(postalCode === undefined ? {} : { postalCode }),
      emails: this.#emails(),
      phones,
      contracts,
      ...(priority === undefined ? {} : { priority }),
      extrasDropped: this.#extras,
      warnings: this.#warnings,
    };
  }

  text(field: ImportField): string | undefined {
    const cell = this.#cells.list.find((one) => one.field === field);
    return cell && textOf(cell.value);
  }

  #all(field: ImportField): readonly Cell[] {
    return this.#cells.list.filter((cell) => cell.field === field);
  }

  #warn(header: string, code: string): void {
    this.#warnings.push(`${header}: ${code}`);
  }

  #document(): { readonly document: string; readonly documentKind: DocumentKind } | undefined {
    const [cell] = this.#all('document');
    if (!cell) return undefined;
    const parsed = parseDocument(textOf(cell.value) ?? '');
    if (!parsed.ok) throw new Refused('document-invalid', parsed.reason, cell.header);
    for (const note of parsed.notes) this.#warn(cell.header, note);
    return { document: parsed.digits, documentKind: parsed.kind };
  }

  #phones(): readonly RowPhone[] {
    const phones = new Map<E164, RowPhone>();
    let refused: { reason: string; header: string } | undefined;
    const wide = this.#all('phone');
    const nested = this.#parts('phones').map(({ header, value }) => {
      const cells = isRecord(value) ? cellsOf(asPhone(value)).list : [];
      return cells.length > 0 ? { header, cells } : { header, cells: [phoneCell(header, value)] };
    });
    const every = [...wide.map((cell) => ({ header: cell.header, cells: [cell] })), ...nested];
    for (const { header, cells } of every) {
      for (const parsed of this.#numbersOf(
        cells.find((one) => one.field === 'phone'),
        header,
      )) {
        if (!parsed.ok) {
          refused ??= { reason: parsed.reason, header };
          this.#warn(header, parsed.reason);
          continue;
        }
        for (const note of parsed.notes) this.#warn(header, note);
        if (phones.has(parsed.number)) {
          this.#warn(header, 'phone-repeated');
          continue;
        }
        const source = fieldText(cells, 'source');
        phones.set(parsed.number, {
          number: parsed.number,
          kind: parsed.kind,
          ...(source === undefined ? {} : { source }),
          score: scoreOf(fieldText(cells, 'score'), phones.size),
        });
      }
    }
    if (phones.size > 0) return [...phones.values()];
    throw new Refused('no-valid-phone', refused?.reason ?? 'empty', refused?.header ?? 'telefone');
  }

  #numbersOf(cell: Cell | undefined, header: string): readonly PhoneParse[] {
    const codes = this.#all('areaCode');
    const code =
      codes.find((one) => one.index === cell?.index) ?? codes.find((one) => one.index === '');
    const areaCode = code && areaCodeText(textOf(code.value) ?? '');
    const { defaultAreaCode } = this.#options;
    const text = cell ? (textOf(cell.value) ?? '') : '';
    if (text.length > 60) this.#warn(header, 'too-long');
    return parsePhones(text, {
      ...(areaCode === undefined ? {} : { areaCode }),
      ...(defaultAreaCode === undefined ? {} : { defaultAreaCode }),
    });
  }

  #contracts(externalId: string | undefined): readonly RowContract[] {
    const nested = this.#parts('contracts');
    if (nested.length > 0)
      return nested.map(({ header, value }) => this.#nestedContract(header, value));
    const instalment = this.#instalment(this.#cells.list, '1');
    const number = this.text('contract');
    if (!instalment && number === undefined) return [];
    if (number === undefined) this.#warn('contrato', 'contract-assumed');
    const product = this.text('product');
    return [
      {
        number: number ?? externalId ?? '1',
        ...(product === undefined ? {} : { product }),
        instalments: instalment ? [instalment] : [],
      },
    ];
  }

  #nestedContract(header: string, value: unknown): RowContract {
    if (!isRecord(value)) throw new Refused('shape-invalid', 'not-an-object', header);
    const { list, extras } = cellsOf(asContract(value));
    this.#extras += extras;
    const number = fieldText(list, 'contract');
    if (number === undefined) throw new Refused('shape-invalid', 'number-missing', header);
    const product = fieldText(list, 'product');
    const parts = partsOf(list, 'instalments');
    const instalments = parts.map((part, index) => {
      if (!isRecord(part.value)) throw new Refused('shape-invalid', 'not-an-object', part.header);
      const cells = cellsOf(asInstalment(part.value));
      this.#extras += cells.extras;
      const instalment = this.#instalment(cells.list, String(index + 1));
      if (!instalment) throw new Refused('due-date-missing', 'empty', part.header);
      return instalment;
    });
    return { number, ...(product === undefined ? {} : { product }), instalments };
  }

  #instalment(cells: readonly Cell[], numberByDefault: string): RowInstalment | undefined {
    const due = cells.find((cell) => cell.field === 'dueDate');
    const original = this.#money(cells, 'value', 'valueCentavos');
    const updatedValue = this.#money(cells, 'updatedValue', 'updatedValueCentavos');
    const originalValue = original ?? updatedValue;
    if (!due && !originalValue) return undefined;
    if (!due) throw new Refused('due-date-missing', 'empty', 'vencimento');
    if (!originalValue) throw new Refused('value-missing', 'empty', 'valor');
    const dueDate = parseDate(textOf(due.value) ?? '');
    if (!dueDate) throw new Refused('due-date-invalid', 'not-a-date', due.header);
    this.#warnFarDate(due.header, dueDate);
    return {
      number: fieldText(cells, 'instalment') ?? numberByDefault,
      dueDate,
      originalValue,
      ...(updatedValue === undefined ? {} : { updatedValue }),
    };
  }

  #warnFarDate(header: string, date: IsoDate): void {
    const { today } = this.#options;
    if (today === undefined) return;
    const years = Number(date.slice(0, 4)) - Number(today.slice(0, 4));
    if (Math.abs(years) > DUE_YEARS_MAX) this.#warn(header, 'due-date-far');
  }

  #money(
    cells: readonly Cell[],
    reaisField: ImportField,
    centavosField: ImportField,
  ): Money | undefined {
    const inCentavos = cells.find((cell) => cell.field === centavosField);
    const cell = inCentavos ?? cells.find((one) => one.field === reaisField);
    if (!cell) return undefined;
    const parsed = this.#parseMoney(cell, inCentavos !== undefined);
    if (parsed.ok) return parsed.value;
    const isAmbiguous = parsed.reason === 'ambiguous-separator';
    throw new Refused(
      isAmbiguous ? 'value-ambiguous' : 'value-invalid',
      parsed.reason,
      cell.header,
    );
  }

  #parseMoney({ value }: Cell, isCentavos: boolean): MoneyParse {
    if (isCentavos) return moneyOfCentavos(textOf(value) ?? '');
    if (typeof value === 'number') return moneyOfReais(value);
    return parseMoney(textOf(value) ?? '', this.#options.decimalMark);
  }

  #birthDate(): IsoDate | undefined {
    const [cell] = this.#all('birthDate');
    const date = cell && parseDate(textOf(cell.value) ?? '');
    if (cell && !date) this.#warn(cell.header, 'not-a-date');
    return date;
  }

  #state(): StateCode | undefined {
    const [cell] = this.#all('addressState');
    const state = cell && stateCode(textOf(cell.value) ?? '');
    if (cell && !state) this.#warn(cell.header, 'unknown-state');
    return state;
  }

  #postalCode(): string | undefined {
    const [cell] = this.#all('postalCode');
    const parsed = cell && parsePostalCode(textOf(cell.value) ?? '');
    if (cell && !parsed) this.#warn(cell.header, 'not-a-postal-code');
    if (cell && parsed?.isZeroAdded) this.#warn(cell.header, 'left-zeros-added');
    return parsed?.digits;
  }

  #priority(): number | undefined {
    const [cell] = this.#all('priority');
    const text = cell && textOf(cell.value);
    if (!cell || text === undefined) return undefined;
    if (/^\d{1,3}$/.test(text) && Number(text) <= 100) return Number(text);
    this.#warn(cell.header, 'not-a-priority');
    return undefined;
  }

  #emails(): readonly string[] {
    const cells = [...this.#all('email'), ...this.#parts('emails')];
    const emails = cells.flatMap(({ header, value }) => {
      const email = textOf(value)?.toLowerCase() ?? '';
      if (/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(email)) return [email];
      this.#warn(header, 'not-an-email');
      return [];
    });
    return [...new Set(emails)];
  }

  #parts(field: ImportField): readonly { readonly header: string; readonly value: unknown }[] {
    return partsOf(this.#cells.list, field);
  }
}

/** The elements of a nested list, each with a name such as `telefones.2` for refusals and warnings. */
function partsOf(
  cells: readonly Cell[],
  field: ImportField,
): readonly { readonly header: string; readonly value: unknown }[] {
  const cell = cells.find((one) => one.field === field);
  if (!cell) return [];
  if (!Array.isArray(cell.value)) throw new Refused('shape-invalid', 'not-a-list', cell.header);
  if (cell.value.length > PARTS_MAX) throw new Refused('too-many-parts', 'limit', cell.header);
  return cell.value.map((value: unknown, index) => ({ header: `${cell.header}.${index}`, value }));
}

function fieldText(cells: readonly Cell[], field: ImportField): string | undefined {
  const cell = cells.find((one) => one.field === field);
  return cell && textOf(cell.value);
}

function phoneCell(header: string, value: unknown): Cell {
  return { header, field: 'phone', index: '', value };
}

/** `(011)` and `11.0` are 11. */
function areaCodeText(text: string): string {
  return text.replace(/[.,]0+$/, '').replace(/\D|^0/g, '');
}

function scoreOf(text: string | undefined, place: number): number {
  const score = Number(text);
  if (text !== undefined && score >= 0 && score <= 100) return Math.round(score);
  return Math.max(0, 50 - place);
}

type AnyRecord = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is AnyRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Inside a phone, a contract or an instalment `numero` and `id` mean its own number. */
function asPhone(record: AnyRecord): AnyRecord {
  return withOwnNumber(record, 'telefone');
}

function asContract(record: AnyRecord): AnyRecord {
  return withOwnNumber(record, 'contrato');
}

function asInstalment(record: AnyRecord): AnyRecord {
  return withOwnNumber(record, 'parcela');
}

function withOwnNumber(record: AnyRecord, name: string): AnyRecord {
  const { numero, number, id, ...rest } = record;
  const own = numero ?? number ?? id;
  return own === undefined ? rest : { [name]: own, ...rest };
}
