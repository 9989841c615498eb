/**
 * Reads a customer's file row by row: text, records, columns, and the meaning of each row. The
 * upload and the command line use it. Memory does not grow with the file.
 */
import { type Meanings, valuesOf } from '../domain/leads/column-evidence.ts';
import {
  type ColumnPlan,
  looksLikePhones,
  planColumns,
  SAMPLE_ROWS_MAX,
} from '../domain/leads/column-plan.ts';
import { columnOf } from '../domain/leads/import-columns.ts';
import type { ImportOptions, RowWarning } from '../domain/leads/import-row.ts';
import type { ParsedRow, UnusedColumn } from '../engine/ports/lists.ts';
import { MEGABYTE_BYTES } from '../lib/bytes.ts';
import { say } from '../words/say.ts';
import { type Breather, createBreather } from './breather.ts';
import { type CsvRecord, createCsvReader, type Delimiter, detectDelimiter } from './csv-records.ts';
import { decodeText, mendedTwiceEncoded, UNREADABLE_LETTER } from './decode-text.ts';
import { type FileRow, type RowReading, readRow } from './read-row.ts';
import { UnreadableFileError } from './unreadable-file.ts';

export const FILE_BYTES_MAX = 200 * MEGABYTE_BYTES;

export type FileShape = { readonly columns: readonly string[]; readonly delimiter: Delimiter };

/** An unused column with its first values, shown to the sender of the file and stored nowhere. */
export type SeenColumn = UnusedColumn & { readonly firstValues: readonly string[] };

export type FileRows = {
  /** Form of the file, read from its first rows. */
  readonly shape: FileShape;
  /** Columns the import does not use, also those whose values look like phones. */
  readonly unusedColumns: readonly SeenColumn[];
  readonly rows: AsyncGenerator<FileRow>;
  /** Closes the source, however much of it was read. */
  close(): Promise<unknown>;
};

export type ReadOptions = RowReading & {
  /**
   * Meanings given by a person, for columns whose names and values do not tell; absent when none
   * were given.
   */
  readonly meanings?: Meanings;
  readonly bytesMax?: number;
  readonly breather?: Breather;
};

const COLUMNS_MAX = 500;
/** Letters of the first rows that are examined to recognize the columns. */
const SAMPLE_LETTERS_MAX = 256 * 1024;

/**
 * Reads the header and the first rows, and yields all rows with their spreadsheet row, from 0.
 * Throws {@link UnreadableFileError} when it is no CSV file with a header or a column's meaning is
 * unclear. The rows throw it when the file turns out to be too large or no list at all.
 */
export async function readRows(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): Promise<FileRows> {
  const { bytesMax = FILE_BYTES_MAX, breather = createBreather(), meanings, ...ofRows } = options;
  const texts = decodeText(source, bytesMax);
  const close = () => texts.return(undefined);
  try {
    const { shape, rest, row } = await readHeader(texts);
    const records = recordsOf(texts, rest, createCsvReader(shape.delimiter, row), breather);
    const first = await firstOf(records);
    const sample = first.records.filter((one) => !one.problem).map((one) => rawOf(one, shape).raw);
    const plan = planOf(shape, sample, meanings);
    const unusedColumns = plan.unused.map((name) => ({
      name,
      looksLikePhones: looksLikePhones(name, sample),
      firstValues: firstValuesOf(name, sample),
    }));
    const rows = rowsOf(first, records, shape, { ...ofRows, plan }, breather);
    return { shape, unusedColumns, rows, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const FIRST_VALUES_MAX = 3;
const FIRST_VALUE_LETTERS_MAX = 40;

/** The first different values of a column, in file order; long ones are cut. */
function firstValuesOf(
  name: string,
  sample: readonly Readonly<Record<string, string>>[],
): readonly string[] {
  const values = new Set(valuesOf(name, sample));
  return [...values].slice(0, FIRST_VALUES_MAX).map((value) => {
    const letters = [...value];
    if (letters.length <= FIRST_VALUE_LETTERS_MAX) return value;
    return `${letters.slice(0, FIRST_VALUE_LETTERS_MAX).join('')}…`;
  });
}

function planOf(
  { columns }: FileShape,
  sample: readonly Readonly<Record<string, string>>[],
  meanings: Meanings | undefined,
): ColumnPlan {
  const planned = planColumns(columns, sample, meanings);
  if (planned.ok) return planned.plan;
  const { code, columns: asked } = planned.question;
  throw new UnreadableFileError(code, say(`ask.${code}`, { columns: asked.join(', ') }), asked);
}

type First = { readonly records: readonly CsvRecord[]; readonly failure?: unknown };

/**
 * The first records. When the source fails among them, they are still rows, and the failure follows
 * them.
 */
async function firstOf(source: AsyncGenerator<CsvRecord>): Promise<First> {
  const records: CsvRecord[] = [];
  let letters = 0;
  try {
    while (records.length < SAMPLE_ROWS_MAX && letters < SAMPLE_LETTERS_MAX) {
      const next = await source.next();
      if (next.done) break;
      records.push(next.value);
      letters += next.value.raw.length;
    }
  } catch (failure) {
    if (records.length === 0) throw failure;
    return { records, failure };
  }
  return { records };
}

async function readHeader(
  texts: AsyncGenerator<string>,
): Promise<{ readonly shape: FileShape; readonly rest: string; readonly row: number }> {
  let text = '';
  let row = 0;
  let told: Delimiter | undefined;
  for (;;) {
    const next = await texts.next();
    text += next.value ?? '';
    const blank = /^[\r\n\s]+/.exec(text)?.[0] ?? '';
    row += blank.split(/\r\n|\r|\n/).length - 1;
    text = text.slice(blank.length);
    // Excel writes this line for itself and does not show it as a row.
    const separator = /^sep=([;,\t|])\r?\n/i.exec(text);
    if (separator) {
      told = separator[1] as Delimiter;
      text = text.slice(separator[0].length);
    }
    const end = text.search(/[\r\n]/);
    if (end === -1 && !next.done && text.length < HEADER_LETTERS_MAX) continue;
    const line = end === -1 ? text : text.slice(0, end);
    if (line === '') throw new UnreadableFileError('file-empty', say('file-is-empty'));
    const shape = shapeOf(line, told ?? detectDelimiter(line));
    return { shape, rest: text.slice(line.length), row };
  }
}

const HEADER_LETTERS_MAX = 50_000;

function shapeOf(line: string, delimiter: Delimiter): FileShape {
  const reader = createCsvReader(delimiter);
  const [header] = [...reader.push(line), ...reader.end()];
  const names = (header?.fields ?? []).map((name) => name.trim());
  const isNamed = names.some((name) => columnOf(name) !== undefined);
  if (!isNamed || names.length > COLUMNS_MAX) {
    throw new UnreadableFileError('header-missing', say('name-columns'));
  }
  return { columns: unique(names), delimiter };
}

/** Numbers repeated names: `telefone`, `telefone 2`. */
function unique(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} ${times}`;
  });
}

/**
 * The records one by one, with pauses between them. A long run of broken rows means that the file
 * is no list; it would only fill the disk with refusals.
 */
async function* recordsOf(
  texts: AsyncGenerator<string>,
  rest: string,
  reader: ReturnType<typeof createCsvReader>,
  breather: Breather,
): AsyncGenerator<CsvRecord> {
  const broken = { records: 0, letters: 0 };
  // The line break after the header belongs to it.
  let text = rest;
  for (;;) {
    const next = text === '' ? await texts.next() : { done: false, value: text };
    text = '';
    for (const record of next.done ? reader.end() : reader.push(next.value ?? '')) {
      await breather.breathe();
      broken.records = record.problem ? broken.records + 1 : 0;
      broken.letters = record.problem ? broken.letters + record.raw.length : 0;
      yield record;
      if (broken.records >= BROKEN_RECORDS_MAX || broken.letters >= BROKEN_LETTERS_MAX) {
        throw new UnreadableFileError('file-garbled', say('only-broken-rows'));
      }
    }
    if (next.done) return;
    await breather.breathe();
  }
}

const BROKEN_RECORDS_MAX = 1_000;
const BROKEN_LETTERS_MAX = 4 * MEGABYTE_BYTES;

async function* rowsOf(
  first: First,
  records: AsyncGenerator<CsvRecord>,
  shape: FileShape,
  options: ImportOptions,
  breather: Breather,
): AsyncGenerator<FileRow> {
  for (const record of first.records) {
    await breather.breathe();
    yield { parsed: parseRecord(record, shape, options), fields: fieldsOf(record) };
  }
  if (first.failure !== undefined) throw first.failure;
  for await (const record of records) {
    yield { parsed: parseRecord(record, shape, options), fields: fieldsOf(record) };
  }
}

function parseRecord(record: CsvRecord, shape: FileShape, options: ImportOptions): ParsedRow {
  const { fields, problem, row: index } = record;
  const { columns } = shape;
  if (problem) return { index, ok: false, code: problem, reason: problem };
  const beyond = fields.slice(columns.length).some((field) => field.trim() !== '');
  if (beyond) {
    const reason = `${fields.length} of ${columns.length}`;
    return { index, ok: false, code: 'too-many-columns', reason };
  }
  const unreadable = fields.findIndex(
    (field) => field.includes(UNREADABLE_LETTER) || field.includes('\0'),
  );
  if (unreadable !== -1) {
    const field = columns[unreadable] ?? '';
    const reason = fields[unreadable]?.includes('\0') ? 'nul' : 'encoding';
    return { index, ok: false, code: 'letters-unreadable', reason, field };
  }
  const { raw, mended } = rawOf(record, shape);
  const parsed = readRow(raw, index, options);
  if (!parsed.ok || mended.length === 0) return parsed;
  const warnings = mended.map(
    (column): RowWarning => ({ code: 'double-encoding-repaired', column }),
  );
  return { ...parsed, row: { ...parsed.row, warnings: [...parsed.row.warnings, ...warnings] } };
}

type Raw = {
  readonly raw: Readonly<Record<string, string>>;
  /** Columns whose letters were encoded twice. */
  readonly mended: readonly string[];
};

function rawOf({ fields }: CsvRecord, { columns }: FileShape): Raw {
  const mended: string[] = [];
  const cells = columns.map((name, place): [string, string] => {
    const field = fields[place] ?? '';
    const repaired = mendedTwiceEncoded(field);
    if (repaired !== undefined) mended.push(name);
    return [name, repaired ?? field];
  });
  return { raw: Object.fromEntries(cells), mended };
}

/**
 * The fields of a row. For an unreadable row its beginning, by which it can be found in the file.
 */
function fieldsOf({ problem, raw, fields }: CsvRecord): readonly string[] {
  return problem ? [raw.slice(0, BROKEN_LETTERS_KEPT)] : fields;
}

const BROKEN_LETTERS_KEPT = 1_000;
