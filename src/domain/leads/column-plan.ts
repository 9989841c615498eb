/**
 * Decides what each column of a file is for, from all names together and the values of the first
 * rows. A name alone could mean the creditor as well as the debtor, or an invoice as well as a
 * person. What cannot be decided is asked: a wrong guess would call strangers, or merge many
 * debtors into one.
 */
import { parseDocument } from '../../lib/br-document.ts';
import { parsePhones } from '../../lib/phone-number.ts';
import { cellText } from './cell-text.ts';
import {
  type Asked,
  ask,
  type Candidate,
  type Meanings,
  type PlannedColumn,
  type SampleRow,
  valuesOf,
} from './column-evidence.ts';
import { columnOf, type ImportColumn, type ImportField, plainName } from './import-columns.ts';
import { pairAreaCodes } from './pair-area-codes.ts';

export type ColumnPlan = {
  /** For each field the preferred column first; phones in the order of the file. */
  readonly columns: readonly PlannedColumn[];
  /** Columns that were not understood, or that are about somebody else. */
  readonly unused: readonly string[];
};

export type PlanResult = { readonly ok: true; readonly plan: ColumnPlan } | Asked;

/** Rows that are read before the columns are decided. */
export const SAMPLE_ROWS_MAX = 200;

export function planColumns(
  headers: readonly string[],
  sample: readonly SampleRow[],
  given: Meanings = new Map(),
): PlanResult {
  const missing = namesOf(given).filter((name) => !headers.includes(name));
  if (missing.length > 0) return ask('columns-unknown', missing);
  const named = headers.flatMap((header) => namedColumn(header, headers, given) ?? []);
  const candidates = named
    .filter((one) => given.has(one.header) || !isCreditors(one, named))
    .map((one) => (given.has(one.header) ? one : judged(one, sample)));
  const columns: PlannedColumn[] = [];
  for (const field of new Set(candidates.map((one) => one.field))) {
    const ofField = candidates.filter((one) => one.field === field);
    if (SEVERAL.includes(field)) {
      columns.push(...ofField.map(({ header }) => ({ header, field })));
      continue;
    }
    const chosen = choose(field, ofField, sample, given);
    if (!chosen.ok) return chosen;
    columns.push(...chosen.headers.map((header) => ({ header, field })));
  }
  const one = oneDocument(columns, sample, given);
  if (one) return ask('columns-one-document', [one]);
  const paired = pairAreaCodes({ headers, candidates, columns, sample, given });
  if (!paired.ok) return paired;
  const used = new Set(paired.columns.map((column) => column.header));
  const unused = headers.filter((header) => !used.has(header));
  return { ok: true, plan: { columns: paired.columns, unused } };
}

/**
 * Whether most values are telephone numbers with an area code. A column with an unknown name may
 * still hold phones.
 */
export function looksLikePhones(header: string, sample: readonly SampleRow[]): boolean {
  return mostly(valuesOf(header, sample), (text) => {
    const digits = text.replace(/\D/g, '').length;
    return digits >= 10 && !parseDocument(text).ok && parsePhones(text).some((one) => one.ok);
  });
}

/** Fields of which a row may have several columns. */
const SEVERAL: readonly ImportField[] = ['phone', 'areaCode', 'email'];
/** Fields that say who somebody is: if two columns of one disagree, the user is asked. */
const PERSON: readonly ImportField[] = ['name', 'document', 'externalId'];

function namesOf(given: Meanings): readonly string[] {
  return [...given].flatMap(([header, meaning]) =>
    meaning.kind === 'area-code-of' ? [header, ...meaning.phones] : [header],
  );
}

function namedColumn(
  header: string,
  headers: readonly string[],
  given: Meanings,
): Candidate | undefined {
  const meaning = given.get(header);
  const named = columnOf(header) ?? repeated(header, headers);
  if (meaning === undefined) return named && { ...named, header };
  if (meaning.kind === 'ignore') return undefined;
  const field = meaning.kind === 'field' ? meaning.field : 'areaCode';
  const { index = '', kind = 'any' } = named ?? {};
  return { header, field, index, kind, rank: 0, isAreaCodeOrPhone: false };
}

/** `nome 2` is a second column with that name. */
function repeated(header: string, headers: readonly string[]): ImportColumn | undefined {
  const first = /^(.+) \d+$/.exec(header)?.[1];
  return first !== undefined && headers.includes(first) ? columnOf(first) : undefined;
}

/**
 * Beside columns named after the `devedor`, those named after the `cliente` are about the creditor,
 * who is the agency's client.
 */
function isCreditors(one: Candidate, all: readonly Candidate[]): boolean {
  const isOf = (column: Candidate, word: string) =>
    (PERSON.includes(column.field) || column.field === 'phone') &&
    plainName(column.header).includes(word);
  return isOf(one, 'cliente') && all.some((other) => isOf(other, 'devedor'));
}

/** Decides by its values a name that could mean two fields. */
function judged(one: Candidate, sample: readonly SampleRow[]): Candidate {
  if (one.field === 'phones' && sample.some((row) => typeof row[one.header] === 'string')) {
    return { ...one, field: 'phone', kind: 'any' };
  }
  if (one.field !== 'areaCode') return one;
  const values = valuesOf(one.header, sample);
  const isPhone =
    mostly(values, (text) => text.replace(/\D/g, '').length >= 8) ||
    (values.length === 0 && one.isAreaCodeOrPhone && /[/+&]|\scom\s|\se\s/i.test(one.header));
  if (!isPhone) return one;
  return { ...one, field: 'phone', kind: one.kind === 'none' ? 'any' : one.kind };
}

type Chosen = { readonly ok: true; readonly headers: readonly string[] } | Asked;

/**
 * The columns of a field; the first one that has a value counts. A column with the wrong kind of
 * values is left out. A column that disagrees with a more specific name is about somebody else.
 */
function choose(
  field: ImportField,
  candidates: readonly Candidate[],
  sample: readonly SampleRow[],
  given: Meanings,
): Chosen {
  const told = candidates.filter((one) => given.has(one.header));
  const [first, ...others] = told.length > 0 ? told : rightOnes(field, candidates, sample);
  if (!first) return { ok: true, headers: [] };
  const kept = [first.header];
  for (const other of others) {
    const disagrees = kept.some((header) => differ(header, other.header, sample));
    if (!disagrees) kept.push(other.header);
    else if (other.rank === first.rank && PERSON.includes(field)) {
      return ask('columns-ambiguous', [first.header, other.header]);
    }
  }
  return { ok: true, headers: kept };
}

function rightOnes(
  field: ImportField,
  candidates: readonly Candidate[],
  sample: readonly SampleRow[],
): readonly Candidate[] {
  const sorted = [...candidates].sort((left, right) => left.rank - right.rank);
  const fits = FITS[field];
  if (!fits || sorted.length < 2) return sorted;
  const right = sorted.filter((one) => {
    const values = valuesOf(one.header, sample);
    return values.length === 0 || mostly(values, fits);
  });
  return right.length > 0 ? right : sorted;
}

const FITS: Readonly<Partial<Record<ImportField, (text: string) => boolean>>> = {
  document: (text) => parseDocument(text).ok,
  name: (text) => text.replace(/\P{L}/gu, '').length > text.replace(/\D/g, '').length,
};

function mostly(values: readonly string[], is: (text: string) => boolean): boolean {
  return values.length > 0 && values.filter(is).length * 2 >= values.length;
}

function differ(left: string, right: string, sample: readonly SampleRow[]): boolean {
  return sample.some((row) => {
    const one = comparable(row[left]);
    const other = comparable(row[right]);
    return one !== '' && other !== '' && one !== other;
  });
}

function comparable(value: unknown): string {
  return plainName(cellText(value) ?? '');
}

/** A creditor's CNPJ in every row would merge all debtors into one. */
function oneDocument(
  columns: readonly PlannedColumn[],
  sample: readonly SampleRow[],
  given: Meanings,
): string | undefined {
  const document = columns.find((one) => one.field === 'document')?.header;
  const name = columns.find((one) => one.field === 'name')?.header;
  if (document === undefined || name === undefined || given.has(document)) return undefined;
  const withOne = sample.filter((row) => (cellText(row[document]) ?? '') !== '');
  const documents = new Set(withOne.map((row) => comparable(row[document])));
  const names = new Set(withOne.map((row) => comparable(row[name])));
  return documents.size === 1 && names.size >= PEOPLE_OF_ONE_DOCUMENT_MIN ? document : undefined;
}

const PEOPLE_OF_ONE_DOCUMENT_MIN = 3;
