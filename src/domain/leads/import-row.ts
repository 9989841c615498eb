/**
 * Reads one row of a customer's list into the debtor, phones and debts it means. A CSV row is flat;
 * a record of the API may nest `telefones`, `contratos` and their `parcelas`. What cannot be read
 * is refused with a code and the column; what was repaired is a warning. Columns without a meaning
 * here are dropped and counted, never stored (LGPD art. 6, III).
 */
import { areaCode, type StateCode, stateCode } from '../../lib/br-area-codes.ts';
import { type DocumentKind, type DocumentNote, parseDocument } from '../../lib/br-document.ts';
import { parsePostalCode } from '../../lib/br-postal-code.ts';
import { given } from '../../lib/given.ts';
import type { Money } from '../../lib/money.ts';
import {
  type E164,
  type PhoneNote,
  type PhoneParse,
  type PhoneRefusal,
  parsePhones,
} from '../../lib/phone-number.ts';
import type { IsoDate } from '../../lib/time.ts';
import { cellText } from './cell-text.ts';
import type { ColumnPlan } from './column-plan.ts';
import type { ImportField } from './import-columns.ts';
import {
  type DecimalMark,
  type MoneyParse,
  moneyOfCentavos,
  moneyOfReais,
  parseDate,
  parseMoney,
  plainNumber,
} from './import-values.ts';
import {
  asContract,
  asInstalment,
  asPhone,
  type Cell,
  type Cells,
  cellsOf,
  fieldText,
  type ImportRefusal,
  isRecord,
  partsOf,
  phoneCell,
  Refused,
  refusal,
} from './row-cells.ts';

export type RowPhone = {
  readonly number: E164;
  readonly kind: 'mobile' | 'fixed';
  /** Extension behind a switchboard, for the agent to ask for; absent without one. */
  readonly extension?: string;
  /** Source of the number; absent when it is the list's. */
  readonly source?: string;
  /** 0 to 100. When the row gives none, earlier columns score higher. */
  readonly score: number;
};

export type RowInstalment = {
  readonly number: string;
  readonly dueDate: IsoDate;
  readonly originalValue: Money;
  /** The value as the creditor computed it; absent when only the original is known. */
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
  /**
   * The creditor's id, name or CNPJ as the file has it; absent when the campaign has only one
   * creditor.
   */
  readonly creditorKey?: string;
  readonly addressState?: StateCode;
  /** CEP of the address, eight digits; absent when unknown. */
  readonly postalCode?: string;
  readonly emails: readonly string[];
  /** At least one number, each once. */
  readonly phones: readonly RowPhone[];
  readonly contracts: readonly RowContract[];
  /** 0 to 100; absent when the row gives none. */
  readonly priority?: number;
  /** Names of the dropped columns that had a value. */
  readonly extras: readonly string[];
  /** What was repaired or left out. */
  readonly warnings: readonly RowWarning[];
};

export type RowWarning = {
  readonly code: RowWarningCode;
  /** The column's name in the file, or a place in a nested record such as `telefones.1`. */
  readonly column: string;
};

export type RowWarningCode =
  | PhoneNote
  | DocumentNote
  /** A phone that was left out; the code says why it is not a valid number. */
  | PhoneRefusal
  | 'phone-repeated'
  | 'too-long'
  | 'contract-assumed'
  /** The instalment's number occurs twice in its contract; the last one counts. */
  | 'instalment-repeated'
  | 'due-date-far'
  | 'not-a-date'
  | 'unknown-state'
  | 'not-a-postal-code'
  | 'not-a-priority'
  | 'not-an-email'
  /** Letters that were encoded twice. */
  | 'double-encoding-repaired';

export type RowImport = { readonly ok: true; readonly row: LeadRow } | ImportRefusal;

export type ImportOptions = {
  /**
   * The meaning of the columns, decided once for all rows of a file; absent when each row decides
   * for itself.
   */
  readonly plan?: ColumnPlan;
  /** For numbers without an area code, when the row has no column for it; absent for none. */
  readonly defaultAreaCode?: string;
  /** What `1.234` means in this file; absent when it was not said. */
  readonly decimalMark?: DecimalMark;
  /** Today, for a warning about due dates more than ten years away; absent for no such warning. */
  readonly today?: IsoDate;
};

/**
 * The longest cell that is read: nobody writes such a long number, and cutting the cell could end
 * in the middle of one.
 */
const PHONE_LETTERS_MAX = 150;
const DUE_YEARS_MAX = 10;

export function importRow(
  raw: Readonly<Record<string, unknown>>,
  options: ImportOptions = {},
): RowImport {
  try {
    const cells = cellsOf(raw, options.plan);
    if (cells.list.length === 0) return refusal('row-empty', 'empty');
    return readCells(cells, options);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.refusal;
  }
}

function readCells(cells: Cells, options: ImportOptions): RowImport {
  const read = new RowReader(cells, options);
  try {
    return { ok: true, row: read.row() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const externalId = read.text('externalId');
    return { ...error.refusal, ...given({ externalId }) };
  }
}

class RowReader {
  readonly #cells: Cells;
  readonly #options: ImportOptions;
  readonly #warnings: RowWarning[] = [];
  readonly #extras: Set<string>;

  constructor(cells: Cells, options: ImportOptions) {
    this.#cells = cells;
    this.#options = options;
    this.#extras = new Set(cells.extras);
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
      ...given({ externalId }),
      name,
      ...(document ?? {}),
      ...given({ birthDate, creditorKey, addressState, postalCode }),
      emails: this.#emails(),
      phones,
      contracts,
      ...given({ priority }),
      extras: [...this.#extras],
      warnings: this.#warnings,
    };
  }

  text(field: ImportField): string | undefined {
    const cell = this.#cells.list.find((one) => one.field === field);
    return cell && cellText(cell.value);
  }

  #all(field: ImportField): readonly Cell[] {
    return this.#cells.list.filter((cell) => cell.field === field);
  }

  #warn(column: string, code: RowWarningCode): void {
    this.#warnings.push({ code, column });
  }

  #document(): { readonly document: string; readonly documentKind: DocumentKind } | undefined {
    const [cell] = this.#all('document');
    if (!cell) return undefined;
    const parsed = parseDocument(cellText(cell.value) ?? '');
    if (!parsed.ok) throw new Refused('document-invalid', parsed.reason, cell.header);
    for (const note of parsed.notes) this.#warn(cell.header, note);
    return { document: parsed.digits, documentKind: parsed.kind };
  }

  #phones(): readonly RowPhone[] {
    const phones = new Map<E164, RowPhone>();
    let refused: { reason: PhoneRefusal; header: string } | undefined;
    for (const { header, cell, about } of this.#phoneCells()) {
      for (const parsed of this.#numbersOf(cell, header)) {
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
        const source = fieldText(about, 'source');
        phones.set(parsed.number, {
          number: parsed.number,
          kind: parsed.kind,
          ...given({ extension: parsed.extension, source }),
          score: scoreOf(fieldText(about, 'score'), phones.size),
        });
      }
    }
    if (phones.size > 0) return [...phones.values()];
    throw new Refused('no-valid-phone', refused?.reason ?? 'empty', refused?.header ?? 'telefone');
  }

  /** The cell of each phone and, in a nested record, the other fields about it. */
  #phoneCells(): readonly {
    readonly header: string;
    readonly cell: Cell;
    readonly about: readonly Cell[];
  }[] {
    const wide = this.#all('phone').map((cell) => ({ header: cell.header, cell, about: [] }));
    const areaCode = this.#all('phones')[0]?.areaCode;
    const nested = this.#parts('phones').map(({ header, value }) => {
      const about = isRecord(value) ? cellsOf(asPhone(value)).list : [];
      const cell = about.find((one) => one.field === 'phone') ?? phoneCell(header, value);
      return { header, about, cell: { ...(areaCode ? { areaCode } : {}), ...cell } };
    });
    return [...wide, ...nested];
  }

  #numbersOf(cell: Cell, header: string): readonly PhoneParse[] {
    const text = cellText(cell.value) ?? '';
    if (text.length > PHONE_LETTERS_MAX) return [{ ok: false, reason: 'grouping-unclear' }];
    if (text.length > 60) this.#warn(header, 'too-long');
    const defaultAreaCode = this.#cells.areaCode ?? this.#options.defaultAreaCode;
    return parsePhones(text, {
      ...(cell.areaCode === undefined ? {} : { areaCode: areaCodeText(cell.areaCode) ?? NO_AREA }),
      ...(defaultAreaCode === undefined
        ? {}
        : { defaultAreaCode: areaCodeText(defaultAreaCode) ?? NO_AREA }),
    });
  }

  #contracts(externalId: string | undefined): readonly RowContract[] {
    const nested = this.#parts('contracts');
    if (nested.length > 0) {
      const contracts = nested.map(({ header, value }) => this.#nestedContract(header, value));
      this.#warnRepeated(contracts, nested[0]?.header.replace(/\.0$/, '') ?? '');
      return contracts;
    }
    const instalment = this.#instalment(this.#cells.list, '1');
    const number = this.text('contract');
    if (!instalment && number === undefined) return [];
    if (number === undefined) this.#warn('contrato', 'contract-assumed');
    const product = this.text('product');
    return [
      {
        number: number ?? externalId ?? '1',
        ...given({ product }),
        instalments: instalment ? [instalment] : [],
      },
    ];
  }

  #nestedContract(header: string, value: unknown): RowContract {
    if (!isRecord(value)) throw new Refused('shape-invalid', 'not-an-object', header);
    const { list, extras } = cellsOf(asContract(value));
    for (const extra of extras) this.#extras.add(extra);
    const number = fieldText(list, 'contract');
    if (number === undefined) throw new Refused('shape-invalid', 'number-missing', header);
    const product = fieldText(list, 'product');
    const parts = partsOf(list, 'instalments');
    const instalments = parts.map((part, index) => {
      if (!isRecord(part.value)) throw new Refused('shape-invalid', 'not-an-object', part.header);
      const cells = cellsOf(asInstalment(part.value));
      for (const extra of cells.extras) this.#extras.add(extra);
      const instalment = this.#instalment(cells.list, String(index + 1));
      if (!instalment) throw new Refused('due-date-missing', 'empty', part.header);
      return instalment;
    });
    return { number, ...given({ product }), instalments };
  }

  /** Warns about an instalment that occurs twice; only one is stored, see `takeContracts`. */
  #warnRepeated(contracts: readonly RowContract[], header: string): void {
    const seen = new Set<string>();
    for (const { number, instalments } of contracts) {
      for (const instalment of instalments) {
        const key = `${plainNumber(number)} ${plainNumber(instalment.number)}`;
        if (seen.has(key)) this.#warn(header, 'instalment-repeated');
        seen.add(key);
      }
    }
  }

  #instalment(cells: readonly Cell[], numberByDefault: string): RowInstalment | undefined {
    const due = cells.find((cell) => cell.field === 'dueDate');
    const original = this.#money(cells, 'value', 'valueCentavos');
    const updatedValue = this.#money(cells, 'updatedValue', 'updatedValueCentavos');
    const originalValue = original ?? updatedValue;
    if (!due && !originalValue) return undefined;
    if (!due) throw new Refused('due-date-missing', 'empty', 'vencimento');
    if (!originalValue) throw new Refused('value-missing', 'empty', 'valor');
    const dueDate = parseDate(cellText(due.value) ?? '');
    if (!dueDate) throw new Refused('due-date-invalid', 'not-a-date', due.header);
    this.#warnFarDate(due.header, dueDate);
    return {
      number: fieldText(cells, 'instalment') ?? numberByDefault,
      dueDate,
      originalValue,
      ...given({ updatedValue }),
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
    if (isCentavos) return moneyOfCentavos(cellText(value) ?? '');
    if (typeof value === 'number') return moneyOfReais(value);
    return parseMoney(cellText(value) ?? '', this.#options.decimalMark);
  }

  #birthDate(): IsoDate | undefined {
    const [cell] = this.#all('birthDate');
    const date = cell && parseDate(cellText(cell.value) ?? '');
    if (cell && !date) this.#warn(cell.header, 'not-a-date');
    return date;
  }

  #state(): StateCode | undefined {
    const [cell] = this.#all('addressState');
    const state = cell && stateCode(cellText(cell.value) ?? '');
    if (cell && !state) this.#warn(cell.header, 'unknown-state');
    return state;
  }

  #postalCode(): string | undefined {
    const [cell] = this.#all('postalCode');
    const parsed = cell && parsePostalCode(cellText(cell.value) ?? '');
    if (cell && !parsed) this.#warn(cell.header, 'not-a-postal-code');
    if (cell && parsed?.isZeroAdded) this.#warn(cell.header, 'left-zeros-added');
    return parsed?.digits;
  }

  #priority(): number | undefined {
    const [cell] = this.#all('priority');
    const text = cell && cellText(cell.value);
    if (!cell || text === undefined) return undefined;
    if (/^\d{1,3}$/.test(text) && Number(text) <= 100) return Number(text);
    this.#warn(cell.header, 'not-a-priority');
    return undefined;
  }

  #emails(): readonly string[] {
    const cells = [...this.#all('email'), ...this.#parts('emails')];
    const emails = cells.flatMap(({ header, value }) => {
      const email = cellText(value)?.toLowerCase() ?? '';
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

/** Stands for a cell that holds no area code although its column should. */
const NO_AREA = '';

function scoreOf(text: string | undefined, place: number): number {
  const score = Number(text);
  if (text !== undefined && score >= 0 && score <= 100) return Math.round(score);
  return Math.max(0, 50 - place);
}

/** The area code: `(011)` and `11.0` are 11; undefined when the text is none. */
function areaCodeText(text: string): string | undefined {
  const digits = text
    .replace(/[.,]0+$/, '')
    .replace(/\D/g, '')
    .replace(/^0/, '');
  return areaCode(digits) ? digits : undefined;
}
