/**
 * Stores rows in a campaign's list, chunk by chunk. The storage pauses between transactions, so
 * dialing goes on meanwhile. Every row is counted, whatever happens to it.
 */
import {
  IMPORT_CHUNK_ROWS_MAX,
  IMPORT_TOUCH_MS,
  type ImportSource,
  type ListRecord,
  type Lists,
  type RowResult,
  type UnusedColumn,
} from '../engine/ports/lists.ts';
import { StoreHeldUpError } from '../engine/ports/store.ts';
import type { EpochMs } from '../lib/time.ts';
import type { FileRow } from './read-row.ts';
import { UnreadableFileError } from './unreadable-file.ts';

/** Called after each chunk with the rows and their results, in the same order. */
export type ChunkDone = (
  rows: readonly FileRow[],
  results: readonly RowResult[],
) => void | Promise<void>;

/**
 * Imports a list. It is finished even when its source breaks off: stored rows are counted and stay.
 */
export async function importList(
  parts: { readonly lists: Lists; readonly now: () => EpochMs },
  source: ImportSource,
  rows: AsyncIterable<FileRow> | Iterable<FileRow>,
  chunkDone: ChunkDone,
  unusedColumns: readonly UnusedColumn[] = [],
): Promise<ListRecord> {
  const { lists, now } = parts;
  await lists.begin(source, unusedColumns);
  // A busy store is ignored: the next touch or chunk says the same.
  const touching = setInterval(() => {
    lists.touch(source.listId, now()).catch(() => {});
  }, IMPORT_TOUCH_MS).unref();
  let failure: unknown;
  try {
    for await (const chunk of chunksOf(rows)) {
      const parsed = chunk.map((row) => row.parsed);
      const results = await lists.importRows(source.listId, parsed, now());
      await chunkDone(chunk, results);
    }
  } catch (error) {
    failure = error;
  } finally {
    clearInterval(touching);
  }
  const because = failure === undefined ? undefined : brokenOffBecause(failure);
  const record = await lists.finish(source.listId, now(), because);
  if (failure) throw failure;
  return record;
}

/** A code for which the page has a sentence; details go to the log. */
function brokenOffBecause(failure: unknown): string {
  if (failure instanceof StoreHeldUpError && failure.cause === 'full') return 'disk-full';
  return failure instanceof UnreadableFileError ? failure.code : 'interrupted';
}

/** Letters in a chunk, so that rows with long cells come in shorter chunks. */
const CHUNK_LETTERS_MAX = 256 * 1024;

async function* chunksOf(
  rows: AsyncIterable<FileRow> | Iterable<FileRow>,
): AsyncGenerator<readonly FileRow[]> {
  let chunk: FileRow[] = [];
  let letters = 0;
  try {
    for await (const row of rows) {
      chunk.push(row);
      for (const field of row.fields) letters += field.length;
      if (chunk.length < IMPORT_CHUNK_ROWS_MAX && letters < CHUNK_LETTERS_MAX) continue;
      yield chunk;
      chunk = [];
      letters = 0;
    }
  } catch (error) {
    // Rows that were read before the source broke off are stored like the others.
    if (chunk.length > 0) yield chunk;
    throw error;
  }
  if (chunk.length > 0) yield chunk;
}
