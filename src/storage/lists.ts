/**
 * Imports beside a dialing engine. A chunk is stored in short transactions with an equal pause
 * after each, so that the engine's commits come in between. Each row stands alone: a row that fails
 * is rejected with its reason, and the others go on.
 */
import { CompiledQuery } from 'kysely';
import type { LeadRow } from '../domain/leads/import-row.ts';
import type { KnownPeople } from '../domain/leads/known-people.ts';
import { takeRow } from '../domain/leads/take-row.ts';
import type { TakenRow } from '../domain/leads/taken-row.ts';
import {
  IMPORT_CHUNK_ROWS_MAX,
  IMPORT_SILENT_MS_MAX,
  type ImportSource,
  type ImportTotals,
  type ListRecord,
  type Lists,
  type ParsedRow,
  REJECTIONS_KEPT_MAX,
  type RowResult,
  type UnusedColumn,
} from '../engine/ports/lists.ts';
import { StoreError, StoreHeldUpError } from '../engine/ports/store.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { KeyedHash } from '../keys/keyed-hash.ts';
import { assert, present } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { CampaignId, ListId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { AccountsAccess } from './accounts.ts';
import { auditImportBegan, auditImportEnded } from './audit.ts';
import { campaignById } from './campaigns.ts';
import { atMost, dialectOf } from './dialect.ts';
import { whenStorable } from './held-up.ts';
import { type ChangeMeans, storeChanges } from './import-changes.ts';
import { loadKnown } from './import-known.ts';
import { loadTarget } from './import-target.ts';
import { addCounts, countsOf, countsOfRows, type Imported, unusedCount } from './list-counts.ts';
import type { StorageOptions } from './options.ts';
import { defined, type Members, Row } from './row.ts';
import { keyedHashOf } from './search-key.ts';
import type { Database } from './tables.ts';
import { sessionOf } from './transactions.ts';

/**
 * Rows of one transaction. It takes about 10 ms, which is the longest that a commit of the engine
 * waits.
 */
export const IMPORT_TRANSACTION_ROWS_MAX = 40;
const PAUSE_MAX_MS = 50;
/** Time for which an import waits for another process while it holds the writer: none. */
const AT_ONCE_MS = 0;
/** Rejections shown for each list where many lists are shown. */
const REJECTIONS_IN_OVERVIEW_MAX = 20;
const LISTS_SHOWN_MAX = 500;
const REASON_LENGTH_MAX = 300;

export function createLists(
  { read, write }: AccountsAccess,
  {
    random,
    isDiskFull = () => false,
    keys,
  }: Pick<StorageOptions, 'random' | 'isDiskFull' | 'keys'>,
): Lists {
  /** The remaining room is for the calls and dispositions of the agents at work. */
  const requireRoom = () => {
    if (isDiskFull())
      throw new StoreHeldUpError('full', 'nothing is imported while the disk is full');
  };
  const storeSome = async (listId: ListId, rows: readonly ParsedRow[], now: EpochMs) => {
    requireRoom();
    const startedAt = performance.now();
    const results = await write(
      (db) => importSome({ db, keys, random, now }, listId, rows),
      AT_ONCE_MS,
    );
    await pause(performance.now() - startedAt);
    return results;
  };
  return {
    begin: async (source, unusedColumns = []) => {
      requireRoom();
      await write((db) => begin(db, source, unusedColumns));
    },

    async importRows(listId, rows, now) {
      assert(rows.length <= IMPORT_CHUNK_ROWS_MAX, 'an import comes in chunks');
      const results: RowResult[] = [];
      for (let from = 0; from < rows.length; from += IMPORT_TRANSACTION_ROWS_MAX) {
        const some = rows.slice(from, from + IMPORT_TRANSACTION_ROWS_MAX);
        results.push(...(await whenStorable(() => storeSome(listId, some, now))));
      }
      return results;
    },

    touch: (listId, now) =>
      write(async (db) => {
        await db.updateTable('list').set({ touched_at: now }).where('id', '=', listId).execute();
      }),

    finish: (listId, now, because) =>
      whenStorable(() => write((db) => finish(db, listId, now, because), AT_ONCE_MS)),

    closeInterrupted: (now, which) => write((db) => closeInterrupted(db, now, which)),

    list: (listId) => read((db) => listById(db, listId)),

    lists: (campaignId) =>
      read(async (db) => {
        const rows = await db
          .selectFrom('list')
          .selectAll()
          .where('campaign_id', '=', campaignId)
          .orderBy('started_at', 'desc')
          .orderBy('id', 'desc')
          .limit(atMost(LISTS_SHOWN_MAX))
          .execute();
        const records: ListRecord[] = [];
        for (const row of rows) {
          const rejections = await rejectionsOf(db, row.id, REJECTIONS_IN_OVERVIEW_MAX);
          records.push(readList(row, rejections, await countsOf(db, row.id)));
        }
        return records;
      }),
  };
}

async function begin(
  db: Database,
  source: ImportSource,
  unusedColumns: readonly UnusedColumn[],
): Promise<void> {
  await requireCampaign(db, source.campaignId);
  await db
    .insertInto('list')
    .values({
      id: source.listId,
      campaign_id: source.campaignId,
      name: source.name,
      origin: source.origin,
      by_user_id: source.byUserId ?? null,
      started_at: source.startedAt,
      rows_read: 0,
      rows_created: 0,
      rows_updated: 0,
      rows_unchanged: 0,
      rows_rejected: 0,
      touched_at: source.startedAt,
    })
    .execute();
  await addCounts(db, source.listId, unusedColumns.map(unusedCount));
  await auditImportBegan(db, source);
}

/**
 * Stores the end of an import and its reason. An import that ends well after it was taken for
 * interrupted loses that mark.
 */
async function finish(
  db: Database,
  listId: ListId,
  now: EpochMs,
  brokenOffBecause?: string,
): Promise<ListRecord> {
  await db
    .updateTable('list')
    .set({ finished_at: now, broken_off_because: brokenOffBecause ?? null })
    .where('id', '=', listId)
    .execute();
  const record = await listById(db, listId);
  if (!record) throw new StoreError('not-found', `there is no list ${listId}`);
  await auditImportEnded(db, listId, { at: now, ...record });
  return record;
}

async function closeInterrupted(
  db: Database,
  now: EpochMs,
  which: 'of-server' | 'silent',
): Promise<readonly ListId[]> {
  const rows = await db
    .selectFrom('list')
    .select(['id'])
    .where('finished_at', 'is', null)
    .where((where) =>
      which === 'of-server'
        ? where('origin', 'in', ['csv-upload', 'api'])
        : where(where.fn.coalesce('touched_at', 'started_at'), '<', now - IMPORT_SILENT_MS_MAX),
    )
    .execute();
  const ids = rows.map((row) => new Row('list', row).id('list', 'id'));
  for (const id of ids) await finish(db, id, now, 'interrupted');
  return ids;
}

async function requireCampaign(db: Database, id: CampaignId): Promise<void> {
  if (await campaignById(db, id)) return;
  throw new StoreError('not-found', `campaign ${id} of a list is not stored`);
}

async function knownOf(
  db: Database,
  hash: KeyedHash | undefined,
  listId: ListId,
  rows: readonly LeadRow[],
) {
  const target = await loadTarget(db, listId);
  return { target, people: await loadKnown(db, hash, target, rows) };
}

async function importSome(
  { db, keys, random, now }: ImportMeans,
  listId: ListId,
  rows: readonly ParsedRow[],
): Promise<RowResult[]> {
  const good = rows.flatMap((parsed) => (parsed.ok ? [parsed.row] : []));
  const hash = keys && (await keyedHashOf(db, keys, now));
  const known = good.length > 0 ? await knownOf(db, hash, listId, good) : undefined;
  const results: RowResult[] = [];
  for (const parsed of rows) {
    if (!parsed.ok) {
      const { ok: _, ...rejection } = parsed;
      results.push({ ...rejection, status: 'rejected' });
      continue;
    }
    const { index, row } = parsed;
    const { target, people } = present(known, 'what a good row is compared with is loaded');
    const taken = takeRow(row, people, target, { now, random });
    const result = taken.ok ? await storeRow({ db, hash, now }, people, taken) : rejected(taken);
    const identity = { index, ...given({ externalId: row.externalId }) };
    results.push(
      result.status === 'rejected'
        ? { ...identity, ...result }
        : { ...identity, ...result, warnings: row.warnings },
    );
  }
  await recordResults(db, { listId, rows, results, now });
  return results;
}

type Rejected = Pick<
  Extract<RowResult, { status: 'rejected' }>,
  'status' | 'code' | 'reason' | 'field'
>;
type Stored = Pick<
  Extract<RowResult, { status: TakenRow['status'] }>,
  'status' | 'leadId' | 'debtorId'
>;

type ImportMeans = {
  readonly db: Database;
  readonly keys: KeyRing | undefined;
  readonly random: () => number;
  readonly now: EpochMs;
};

/**
 * Stores the whole row or nothing of it. The following rows know what it said only once it is
 * stored.
 */
async function storeRow(
  means: ChangeMeans,
  people: KnownPeople,
  { changes, known, reference, status }: TakenRow,
): Promise<Stored | Rejected> {
  if (changes.length > 0) {
    const { db } = means;
    await run(db, SAVEPOINT);
    try {
      await storeChanges(means, changes);
      await run(db, RELEASE);
    } catch (error) {
      const refusal = refusalOf(db, error);
      await run(db, UNDO);
      await run(db, RELEASE);
      return rejected(refusal);
    }
  }
  people.remember(known);
  if (reference) people.refer(reference);
  return { status, leadId: known.lead.id, debtorId: known.debtor.id };
}

function rejected({ code, reason, field }: Omit<Rejected, 'status'>): Rejected {
  return { status: 'rejected', code, reason, ...given({ field }) };
}

const SAVEPOINT = CompiledQuery.raw('savepoint import_row');
const UNDO = CompiledQuery.raw('rollback to savepoint import_row');
const RELEASE = CompiledQuery.raw('release savepoint import_row');

function run(db: Database, statement: CompiledQuery): Promise<unknown> {
  return (sessionOf(db) ?? db).executeQuery(statement);
}

/**
 * The refusal of a row for its own fault. Any other error is thrown on: a full disk refuses no row.
 */
function refusalOf(db: Database, error: unknown): Omit<Rejected, 'status'> {
  if (dialectOf(db).meaningOf(error)?.kind !== 'value-refused') throw error;
  return { code: 'storage-refused', reason: (error as Error).message.slice(0, REASON_LENGTH_MAX) };
}

async function recordResults(db: Database, imported: Imported): Promise<void> {
  const { listId, results, now } = imported;
  const count = (status: RowResult['status']) =>
    results.filter((result) => result.status === status).length;
  const before = await db
    .selectFrom('list')
    .select('rows_rejected')
    .where('id', '=', listId)
    .executeTakeFirst();
  await db
    .updateTable('list')
    .set((column) => ({
      rows_read: column('rows_read', '+', results.length),
      rows_created: column('rows_created', '+', count('created')),
      rows_updated: column('rows_updated', '+', count('updated')),
      rows_unchanged: column('rows_unchanged', '+', count('unchanged')),
      rows_rejected: column('rows_rejected', '+', count('rejected')),
      touched_at: now,
    }))
    .where('id', '=', listId)
    .execute();
  const room = Math.max(0, REJECTIONS_KEPT_MAX - (before?.rows_rejected ?? 0));
  const refused = results.filter((result) => result.status === 'rejected').slice(0, room);
  if (refused.length > 0) {
    const rejections = refused.map((result) => ({
      list_id: listId,
      row_index: result.index,
      code: result.code,
      reason: result.reason,
      field: result.field ?? null,
      external_id: result.externalId ?? null,
    }));
    await db.insertInto('list_rejection').values(rejections).execute();
  }
  await addCounts(db, listId, countsOfRows(imported));
}

/** Pauses for as long as the transaction took, so that the engine has half of the time. */
async function pause(tookMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.min(tookMs, PAUSE_MAX_MS)));
}

async function listById(db: Database, id: ListId): Promise<ListRecord | undefined> {
  const row = await db.selectFrom('list').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return undefined;
  const rejections = await rejectionsOf(db, id, REJECTIONS_KEPT_MAX);
  return readList(row, rejections, await countsOf(db, id));
}

async function rejectionsOf(
  db: Database,
  listId: string,
  max: number,
): Promise<ListRecord['rejections']> {
  const rows = await db
    .selectFrom('list_rejection')
    .selectAll()
    .where('list_id', '=', listId)
    .orderBy('row_index')
    .limit(atMost(max))
    .execute();
  return rows.map((columns) => {
    const row = new Row('list_rejection', columns);
    return defined({
      index: row.integer('row_index'),
      code: row.text('code'),
      reason: row.text('reason'),
      field: row.maybe('field', (it) => it.text('field')),
      externalId: row.maybe('external_id', (it) => it.text('external_id')),
    });
  });
}

const ORIGINS: Members<ImportSource['origin']> = {
  api: true,
  'csv-upload': true,
  'command-line': true,
  demo: true,
};

function readList(
  columns: object,
  rejections: ListRecord['rejections'],
  counts: ListRecord['counts'],
): ListRecord {
  const row = new Row('list', columns);
  const totals: ImportTotals = {
    read: row.integer('rows_read'),
    created: row.integer('rows_created'),
    updated: row.integer('rows_updated'),
    unchanged: row.integer('rows_unchanged'),
    rejected: row.integer('rows_rejected'),
  };
  const { read, created, updated, unchanged, rejected } = totals;
  if (read !== created + updated + unchanged + rejected) {
    throw row.corrupt('rows_read', 'is not the sum of what became of the rows');
  }
  return defined({
    listId: row.id('list', 'id'),
    campaignId: row.id('campaign', 'campaign_id'),
    name: row.text('name'),
    origin: row.oneOf('origin', ORIGINS),
    byUserId: row.maybe('by_user_id', (it) => it.id('user', 'by_user_id')),
    startedAt: row.integer('started_at'),
    finishedAt: row.maybe('finished_at', (it) => it.integer('finished_at')),
    brokenOffBecause: row.maybe('broken_off_because', (it) => it.text('broken_off_because')),
    totals,
    counts,
    rejections,
  });
}
