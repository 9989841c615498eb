/**
 * What an import repaired, left out and refused, by code: exact sums, kept beside a few of the
 * rows.
 */
import { countedColumnName } from '../domain/leads/unused-columns.ts';
import type { ImportCount, ParsedRow, RowResult, UnusedColumn } from '../engine/ports/lists.ts';
import type { ListId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { atMost } from './dialect.ts';
import { defined, type Members, Row } from './row.ts';
import type { Database } from './tables.ts';

export type Imported = {
  readonly listId: ListId;
  readonly rows: readonly ParsedRow[];
  /** One result for each row, in the order of the rows. */
  readonly results: readonly RowResult[];
  readonly now: EpochMs;
};

/** Codes, reasons and columns of one list together. A file has 500 columns at most. */
const COUNTS_SHOWN_MAX = 1_000;

export function unusedCount({ name, looksLikePhones }: UnusedColumn): ImportCount {
  const kind = looksLikePhones ? 'unused-phone-column' : 'unused-column';
  return { kind, code: countedColumnName(name), rows: 0 };
}

/** Counts of some rows and their results. */
export function countsOfRows({ rows, results }: Imported): readonly ImportCount[] {
  const counts: ImportCount[] = [];
  for (const [place, result] of results.entries()) {
    if (result.status === 'rejected') {
      // Other reasons contain numbers of the row itself.
      const reason = /^[a-z-]+$/.test(result.reason) ? result.reason : '';
      counts.push({ kind: 'refused', code: result.code, reason, rows: 1 });
      continue;
    }
    for (const { code } of result.warnings) counts.push({ kind: 'noted', code, rows: 1 });
    const parsed = rows[place];
    for (const name of parsed?.ok ? parsed.row.extras : []) {
      counts.push({ kind: 'unused-column', code: countedColumnName(name), rows: 1 });
    }
  }
  return counts;
}

export async function addCounts(
  db: Database,
  listId: ListId,
  counts: readonly ImportCount[],
): Promise<void> {
  const sums = new Map<string, ImportCount>();
  for (const count of counts) {
    const key = JSON.stringify([count.kind, count.code, count.reason ?? '']);
    sums.set(key, { ...count, rows: (sums.get(key)?.rows ?? 0) + count.rows });
  }
  for (const { kind, code, reason = '', rows } of sums.values()) {
    await db
      .insertInto('list_count')
      .values({ list_id: listId, kind, code, reason, rows })
      .onConflict((conflict) =>
        conflict.columns(['list_id', 'kind', 'code', 'reason']).doUpdateSet((column) => ({
          rows: column('list_count.rows', '+', rows),
        })),
      )
      .execute();
  }
}

const KINDS: Members<ImportCount['kind']> = {
  refused: true,
  noted: true,
  'unused-column': true,
  'unused-phone-column': true,
};

/**
 * The counts, most frequent first. A column that looks like phones is one entry, with the number of
 * rows that have it.
 */
export async function countsOf(db: Database, listId: string): Promise<readonly ImportCount[]> {
  const rows = await db
    .selectFrom('list_count')
    .selectAll()
    .where('list_id', '=', listId)
    .orderBy('rows', 'desc')
    .orderBy('code')
    .orderBy('reason')
    .limit(atMost(COUNTS_SHOWN_MAX))
    .execute();
  const counts = rows.map((columns): ImportCount => {
    const row = new Row('list_count', columns, 'code');
    return defined({
      kind: row.oneOf('kind', KINDS),
      code: row.text('code'),
      reason: columns.reason === '' ? undefined : row.text('reason'),
      rows: row.integer('rows'),
    });
  });
  const phoneColumns = new Set(
    counts.filter((one) => one.kind === 'unused-phone-column').map((one) => one.code),
  );
  const valuesIn = new Map(
    counts.filter((one) => one.kind === 'unused-column').map((one) => [one.code, one.rows]),
  );
  return counts
    .filter((one) => one.kind !== 'unused-column' || !phoneColumns.has(one.code))
    .map((one) =>
      one.kind === 'unused-phone-column' ? { ...one, rows: valuesIn.get(one.code) ?? 0 } : one,
    );
}
