/**
 * One row of a list, whichever way it comes: a record of a file, of the API or of the command line.
 * The three say the same of a list beside its rows, and their rows are read alike.
 */
import { type ImportOptions, importRow } from '../domain/leads/import-row.ts';
import type { DecimalMark } from '../domain/leads/import-values.ts';
import type { ParsedRow } from '../engine/ports/lists.ts';
import { given } from '../lib/given.ts';
import { nulIn } from '../lib/nul.ts';
import { type EpochMs, localTime } from '../lib/time.ts';

/** A row as it came beside what it means, so that a refused one can be given back. */
export type FileRow = {
  readonly parsed: ParsedRow;
  /** Empty for a row that was in no file. */
  readonly fields: readonly string[];
};

export type RowReading = Omit<ImportOptions, 'plan'>;

/** Days in lists are Brazil's. */
const LIST_ZONE = 'America/Sao_Paulo';

/** What is said of a list beside its rows. */
export function rowReading(said: {
  readonly startedAt: EpochMs;
  /** For numbers without an area code; absent when there is none for all. */
  readonly areaCode?: string | undefined;
  /** What `1.234` means; absent when nobody said. */
  readonly decimalMark?: DecimalMark | undefined;
}): RowReading {
  return {
    today: localTime(said.startedAt, LIST_ZONE).date,
    ...given({ defaultAreaCode: said.areaCode, decimalMark: said.decimalMark }),
  };
}

/** `index`: the place of the row in the list, from 0. */
export function readRow(
  raw: Readonly<Record<string, unknown>>,
  index: number,
  options: ImportOptions,
): ParsedRow {
  return { index, ...importRow(raw, options) };
}

/** Rows that came as records and not in a file. */
export function* readRecords(
  records: readonly Readonly<Record<string, unknown>>[],
  reading: RowReading,
): Generator<FileRow> {
  for (const [index, raw] of records.entries()) {
    const nul = nulIn(raw);
    const parsed: ParsedRow = nul
      ? { index, ok: false, code: 'letters-unreadable', reason: 'nul', field: nul[0] ?? '' }
      : readRow(raw, index, reading);
    yield { parsed, fields: [] };
  }
}
