/**
 * A customer's file, row by row: text, records, columns, and what each row means. Used by the upload
 * and by the command line. Memory does not grow with the file.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { columnOf } from '../../domain/leads/import-columns.ts';
import { type ImportOptions, importRow } from '../../domain/leads/import-row.ts';
import type { ParsedRow } from '../../engine/ports/lists.ts';
import { type CsvRecord, createCsvReader, type Delimiter, detectDelimiter } from './csv-records.ts';
import { decodeText, UNREADABLE_LETTER, UnreadableFileError } from './decode-text.ts';

export const FILE_BYTES_MAX = 200 * 1024 * 1024;

/** A row as the file has it beside what it means, so that a refused one can be given back. */
export type FileRow = { readonly parsed: ParsedRow; readonly fields: readonly string[] };

export type FileShape = { readonly columns: readonly string[]; readonly delimiter: Delimiter };

export type FileRows = {
  /** Known once the first rows were read. */
  readonly shape: FileShape;
  readonly rows: AsyncGenerator<FileRow>;
  /** Lets go of the source, however much of it was read. */
  close(): Promise<unknown>;
};

const COLUMNS_MAX = 500;
/** A row costs tens of microseconds; so many at once keep a turn of the event loop under 2 ms. */
const ROWS_PER_TURN = 25;

/**
 * Reads the header and gives the rows under it, numbered from 0. Throws {@link UnreadableFileError}
 * where it is no CSV file with a header; the rows throw it where the file turns out too large.
 */
export async function readRows(
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
  bytesMax: number = FILE_BYTES_MAX,
): Promise<FileRows> {
  const texts = decodeText(source, bytesMax);
  const close = () => texts.return(undefined);
  try {
    const { shape, rest } = await readHeader(texts);
    const records = recordsOf(texts, rest, shape.delimiter);
    return { shape, rows: rowsOf(records, shape, options), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readHeader(
  texts: AsyncGenerator<string>,
): Promise<{ readonly shape: FileShape; readonly rest: string }> {
  let text = '';
  let told: Delimiter | undefined;
  for (;;) {
    const next = await texts.next();
    text = (text + (next.value ?? '')).replace(/^[\r\n\s]+/, '');
    // Excel writes this line for itself.
    const separator = /^sep=([;,\t|])\r?\n/i.exec(text);
    if (separator) {
      told = separator[1] as Delimiter;
      text = text.slice(separator[0].length);
    }
    const end = text.search(/[\r\n]/);
    if (end === -1 && !next.done && text.length < HEADER_LETTERS_MAX) continue;
    const line = end === -1 ? text : text.slice(0, end);
    if (line === '') throw new UnreadableFileError('file-empty', 'The file is empty.');
    return { shape: shapeOf(line, told ?? detectDelimiter(line)), rest: text.slice(line.length) };
  }
}

const HEADER_LETTERS_MAX = 50_000;

function shapeOf(line: string, delimiter: Delimiter): FileShape {
  const reader = createCsvReader(delimiter);
  const [header] = [...reader.push(line), ...reader.end()];
  const names = (header?.fields ?? []).map((name) => name.trim());
  const isNamed = names.some((name) => columnOf(name) !== undefined);
  if (!isNamed || names.length > COLUMNS_MAX) {
    throw new UnreadableFileError(
      'header-missing',
      'The first line must name the columns, such as nome;cpf;telefone1;contrato;vencimento;valor.',
    );
  }
  return { columns: unique(names), delimiter };
}

/** A name that comes again is numbered: `telefone`, `telefone 2`. */
function unique(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} ${times}`;
  });
}

async function* recordsOf(
  texts: AsyncGenerator<string>,
  rest: string,
  delimiter: Delimiter,
): AsyncGenerator<CsvRecord> {
  const reader = createCsvReader(delimiter);
  yield* reader.push(rest);
  for await (const text of texts) yield* reader.push(text);
  yield* reader.end();
}

async function* rowsOf(
  records: AsyncGenerator<CsvRecord>,
  shape: FileShape,
  options: ImportOptions,
): AsyncGenerator<FileRow> {
  let index = 0;
  for await (const record of records) {
    if (index % ROWS_PER_TURN === 0) await nextTurn();
    yield { parsed: parseRecord(record, index, shape, options), fields: fieldsOf(record) };
    index += 1;
  }
}

function parseRecord(
  record: CsvRecord,
  index: number,
  { columns }: FileShape,
  options: ImportOptions,
): ParsedRow {
  const { fields, problem } = record;
  if (problem) return { index, ok: false, code: problem, reason: problem };
  const beyond = fields.slice(columns.length).some((field) => field.trim() !== '');
  if (beyond) {
    const reason = `${fields.length} of ${columns.length}`;
    return { index, ok: false, code: 'too-many-columns', reason };
  }
  const unreadable = fields.findIndex((field) => field.includes(UNREADABLE_LETTER));
  if (unreadable !== -1) {
    const field = columns[unreadable] ?? '';
    return { index, ok: false, code: 'letters-unreadable', reason: 'encoding', field };
  }
  const raw = Object.fromEntries(columns.map((name, place) => [name, fields[place] ?? '']));
  return parseRow(raw, index, options);
}

/** One row of a file or of the API. */
export function parseRow(
  raw: Readonly<Record<string, unknown>>,
  index: number,
  options: ImportOptions,
): ParsedRow {
  const read = importRow(raw, options);
  if (read.ok) return { index, ok: true, row: read.row };
  const { code, reason, field, externalId } = read;
  return {
    index,
    ok: false,
    code,
    reason,
    ...(field === '' ? {} : { field }),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

function fieldsOf(record: CsvRecord): readonly string[] {
  return record.problem ? [record.raw] : record.fields;
}
