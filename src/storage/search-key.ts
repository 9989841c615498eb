/** The key of the hashes by which debtors are found; made when something is first hashed. */
import { randomBytes } from 'node:crypto';
import type { KeyRing } from '../keys/key-ring.ts';
import { KeyedHash } from '../keys/keyed-hash.ts';
import { KEY_BYTES, type Place } from '../keys/seal.ts';
import { present } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import { atMost } from './dialect.ts';
import { kept } from './kept.ts';
import type { SearchKeyTable } from './key-tables.ts';
import type { Database } from './tables.ts';

/** The id of the only such key; a second key would be a second way to find the same people. */
const ID = 'debtor';
const PLACE: Place = { table: 'search_key', column: 'wrapped', rowId: ID };

const searchKey = kept((db, { id }: { id: string }) =>
  db.selectFrom('search_key').selectAll().where('id', '=', id),
);

/** Runs within a writing transaction. */
export async function keyedHashOf(db: Database, ring: KeyRing, now: EpochMs): Promise<KeyedHash> {
  const { wrapped } = (await stored(db)) ?? (await make(db, ring, now));
  return new KeyedHash(ring.unseal(wrapped, PLACE));
}

/** The number of hash keys wrapped by each key of the ring, by its id. */
export async function searchKeyKeys(db: Database): Promise<ReadonlyMap<string, number>> {
  const row = await stored(db);
  return new Map(row ? [[row.ring_key_id, 1]] : []);
}

/**
 * Wraps the key with the ring's current key in place of an older one; returns how many were
 * wrapped.
 */
export async function rewrapSearchKey(db: Database, ring: KeyRing): Promise<number> {
  const row = await stored(db);
  if (!row || row.ring_key_id === ring.currentId) return 0;
  await db
    .updateTable('search_key')
    .set(wrapped(ring, ring.unseal(row.wrapped, PLACE)))
    .where('id', '=', ID)
    .execute();
  return 1;
}

/** Hashes some documents that were stored before there were keys; returns how many. */
export async function hashDocuments(
  db: Database,
  ring: KeyRing,
  limit: number,
  now: EpochMs,
): Promise<number> {
  const rows = await db
    .selectFrom('debtor')
    .select(['id', 'document'])
    .where('document', 'is not', null)
    .where('document_key', 'is', null)
    .orderBy('id')
    .limit(atMost(limit))
    .execute();
  if (rows.length === 0) return 0;
  const hash = await keyedHashOf(db, ring, now);
  for (const { id, document } of rows) {
    await db
      .updateTable('debtor')
      .set({ document_key: document === null ? null : hash.ofDocument(document) })
      .where('id', '=', id)
      .execute();
  }
  return rows.length;
}

async function stored(db: Database): Promise<SearchKeyTable | undefined> {
  return (await searchKey(db, { id: ID })).rows[0];
}

async function make(db: Database, ring: KeyRing, now: EpochMs): Promise<SearchKeyTable> {
  await db
    .insertInto('search_key')
    .values({ id: ID, ...wrapped(ring, randomBytes(KEY_BYTES)), made_at: now })
    // When two transactions make it at once, the first wins, and both use the stored one.
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return present(await stored(db), 'a key that was just made is there');
}

function wrapped(
  ring: KeyRing,
  bytes: Uint8Array,
): Pick<SearchKeyTable, 'wrapped' | 'ring_key_id'> {
  return { wrapped: ring.seal(bytes, PLACE), ring_key_id: ring.currentId };
}
