/**
 * The refused rows of an import as a CSV file: each original row, then the reason. It can be
 * corrected in a spreadsheet and sent again.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ListRecord, RowResult } from '../engine/ports/lists.ts';
import type { ListId } from '../lib/ids.ts';
import { DAY_MS, type EpochMs } from '../lib/time.ts';
import { rowRefusalSentence } from '../words/row-refusals.ts';
import { csvLine } from './csv-writer.ts';
import type { FileRow } from './read-row.ts';
import type { FileShape } from './read-rows.ts';

/**
 * How long rejected rows are kept. They hold personal data, and are usually corrected within days.
 */
export const REJECTIONS_KEPT_MS = 30 * DAY_MS;

/** Excel reads a file as UTF-8 only with this mark at its beginning. */
const MARK = '\uFEFF';
/**
 * Used whatever the original file had: a Brazilian Excel puts a line with another delimiter into a
 * single cell.
 */
const DELIMITER = ';';
/** With more rejections the sender corrects their cause instead of each row. */
export const REJECTED_ROWS_KEPT_MAX = 100_000;
const ADDED = ['motivo', 'codigo'];

export type RejectionFile = {
  add(rows: readonly FileRow[], results: readonly RowResult[]): Promise<void>;
  close(): Promise<void>;
};

/** The file is made when the first row is refused. */
export function createRejectionFile(
  folder: string,
  listId: ListId,
  shape: FileShape,
): RejectionFile {
  let file: FileHandle | undefined;
  let kept = 0;
  return {
    async add(rows, results) {
      const lines = results.flatMap((result, place) => {
        if (result.status !== 'rejected' || kept >= REJECTED_ROWS_KEPT_MAX) return [];
        kept += 1;
        const why = [inWords(result), result.code];
        return csvLine([...inColumns(rows[place]?.fields ?? [], shape), ...why], DELIMITER);
      });
      if (lines.length === 0) return;
      if (!file) {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        file = await open(fileOf(folder, listId), 'w', 0o600);
        lines.unshift(MARK + csvLine([...shape.columns, ...ADDED], DELIMITER));
      }
      await file.write(`${lines.join('\r\n')}\r\n`);
    },
    close: async () => file?.close(),
  };
}

/** Always in Portuguese: files are corrected in Brazil. */
function inWords(refusal: Parameters<typeof rowRefusalSentence>[0]): string {
  return rowRefusalSentence(refusal, 'pt-BR');
}

/** The original rows of a list that came from a file; otherwise the known fields of each. */
export async function openRejections(
  folder: string,
  record: ListRecord,
): Promise<Readable | string> {
  const file = fileOf(folder, record.listId);
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (isThere) return createReadStream(file);
  const lines = record.rejections.map((one) =>
    csvLine([String(one.index + 1), one.externalId ?? '', inWords(one), one.code], DELIMITER),
  );
  return `${MARK}${[csvLine(['linha', 'externalId', ...ADDED], DELIMITER), ...lines].join('\r\n')}\r\n`;
}

/** Removes what is older than {@link REJECTIONS_KEPT_MS}. */
export async function sweepRejections(folder: string, now: EpochMs): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.endsWith('.csv'))) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file);
    if (now - mtimeMs > REJECTIONS_KEPT_MS) await rm(file, { force: true });
  }
}

function fileOf(folder: string, listId: ListId): string {
  return join(folder, `${listId}.csv`);
}

/** One field per column; fields beyond the last column are joined into it. */
function inColumns(fields: readonly string[], { columns, delimiter }: FileShape): string[] {
  const kept = fields.slice(0, columns.length);
  const beyond = fields.slice(columns.length);
  if (beyond.some((field) => field.trim() !== ''))
    kept.push([kept.pop() ?? '', ...beyond].join(delimiter));
  while (kept.length < columns.length) kept.push('');
  return kept;
}
