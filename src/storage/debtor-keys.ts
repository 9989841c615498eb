/**
 * A key for each debtor, made when something of theirs is first sealed, and stored wrapped by the
 * key ring. Erasing it makes everything that it sealed unreadable for good; in copies of the
 * database too, once the ring's key is gone. If something of the debtor is sealed later, they get a
 * key of the next generation.
 */
import { randomBytes } from 'node:crypto';
import type { KeyRing } from '../keys/key-ring.ts';
import { KeyRingError } from '../keys/key-ring-error.ts';
import { KEY_BYTES, keyIdOf, type Place, type SealingKey, seal, unseal } from '../keys/seal.ts';
import { assert } from '../lib/assert.ts';
import type { DebtorId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { atMost } from './dialect.ts';
import { kept } from './kept.ts';
import type { DebtorKeyTable } from './key-tables.ts';
import type { Database } from './tables.ts';

const keysOfDebtor = kept((db, { debtorId }: { debtorId: DebtorId }) =>
  db
    .selectFrom('debtor_key')
    .selectAll()
    .where('debtor_id', '=', debtorId)
    .orderBy('generation', 'desc'),
);

/** Seals a text with the key of its debtor, within a writing transaction. */
export async function sealOf(
  db: Database,
  ring: KeyRing,
  { debtorId, text, place, at }: ToSeal,
): Promise<string> {
  const { rows } = await keysOfDebtor(db, { debtorId });
  const [newest] = rows;
  const columns =
    newest && newest.wrapped !== null
      ? newest
      : await makeKey(db, ring, { debtorId, generation: (newest?.generation ?? 0) + 1, at });
  const key = unwrapped(ring, columns);
  assert(key !== undefined, 'a key that was just made is not erased');
  return seal(Buffer.from(text, 'utf8'), key, place);
}

type ToSeal = {
  readonly debtorId: DebtorId;
  readonly text: string;
  readonly place: Place;
  /** When the text was written; also the birth of the key, when one must be made. */
  readonly at: EpochMs;
};

/** Opens values of one debtor; returns `undefined` when the key was erased. */
export type Opener = (sealed: string, place: Place) => string | undefined;

/** The opener and this function throw KeyRingError('not-as-sealed' | 'key-gone'). */
export async function openerOf(db: Database, ring: KeyRing, debtorId: DebtorId): Promise<Opener> {
  const { rows } = await keysOfDebtor(db, { debtorId });
  const keys = new Map(rows.map((row) => [`${row.generation}`, unwrapped(ring, row)]));
  return (sealed, place) => {
    const id = keyIdOf(sealed);
    if (!keys.has(id)) {
      const where = `${place.table} ${place.rowId}: ${place.column}`;
      throw new KeyRingError('key-gone', `${where} needs key ${id} of ${debtorId}, which is gone`);
    }
    const key = keys.get(id);
    return key && unseal(sealed, key, place).toString('utf8');
  };
}

/** Erases the keys of a debtor; their rows stay and record when. */
export async function eraseKeys(db: Database, debtorId: DebtorId, at: EpochMs): Promise<void> {
  await db
    .updateTable('debtor_key')
    .set({ wrapped: null, ring_key_id: null, erased_at: at })
    .where('debtor_id', '=', debtorId)
    .where('wrapped', 'is not', null)
    .execute();
}

/** The number of debtors' keys wrapped by each key of the ring, by its id. */
export async function wrappingKeys(db: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('debtor_key')
    .select(['ring_key_id', (select) => select.fn.countAll().as('keys')])
    .where('ring_key_id', 'is not', null)
    .groupBy('ring_key_id')
    .execute();
  return new Map(rows.map((row) => [String(row.ring_key_id), Number(row.keys)]));
}

/** Wraps some keys with the ring's current key in place of an older one; returns how many. */
export async function rewrapKeys(db: Database, ring: KeyRing, limit: number): Promise<number> {
  for (const { id: old } of ring.keys) {
    if (old === ring.currentId) continue;
    const rows = await db
      .selectFrom('debtor_key')
      .selectAll()
      .where('ring_key_id', '=', old)
      .limit(atMost(limit))
      .execute();
    for (const row of rows) {
      const bytes = unwrapped(ring, row)?.bytes;
      if (!bytes) continue;
      await db
        .updateTable('debtor_key')
        .set(wrapped(ring, row, bytes))
        .where('debtor_id', '=', row.debtor_id)
        .where('generation', '=', row.generation)
        .where('ring_key_id', '=', old)
        .execute();
    }
    if (rows.length > 0) return rows.length;
  }
  return 0;
}

type KeyName = Pick<DebtorKeyTable, 'debtor_id' | 'generation'>;

async function makeKey(
  db: Database,
  ring: KeyRing,
  { debtorId, generation, at }: { debtorId: DebtorId; generation: number; at: EpochMs },
): Promise<DebtorKeyTable> {
  const name = { debtor_id: debtorId, generation };
  // When two transactions make one at once, the first wins, and both use the stored one.
  await db
    .insertInto('debtor_key')
    .values({ ...name, ...wrapped(ring, name, randomBytes(KEY_BYTES)), made_at: at })
    .onConflict((conflict) => conflict.columns(['debtor_id', 'generation']).doNothing())
    .execute();
  const { rows } = await keysOfDebtor(db, { debtorId });
  const made = rows.find((row) => row.generation === generation);
  assert(made !== undefined, 'a key that was just made is there');
  return made;
}

function wrapped(
  ring: KeyRing,
  name: KeyName,
  bytes: Uint8Array,
): Pick<DebtorKeyTable, 'wrapped' | 'ring_key_id'> {
  return { wrapped: ring.seal(bytes, placeOf(name)), ring_key_id: ring.currentId };
}

function unwrapped(ring: KeyRing, row: DebtorKeyTable): SealingKey | undefined {
  if (row.wrapped === null) return undefined;
  return { id: `${row.generation}`, bytes: ring.unseal(row.wrapped, placeOf(row)) };
}

function placeOf({ debtor_id: debtorId, generation }: KeyName): Place {
  return { table: 'debtor_key', column: 'wrapped', rowId: `${debtorId}/${generation}` };
}
