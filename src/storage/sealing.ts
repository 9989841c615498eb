/**
 * What is sealed in the database, brought up to date in small steps beside the engine: values that were
 * stored in clear before there was a key ring are sealed, and what an older key sealed is sealed with
 * the current one. A step is one short transaction, so that a commit of the engine waits for little.
 */
import type { KeyRing } from '../keys/key-ring.ts';
import type { DebtorId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { sealContactNotes } from './contacts.ts';
import { eraseKeys, rewrapKeys, wrappingKeys } from './debtor-keys.ts';
import { sealDispositionNotes } from './records.ts';
import { ringOf } from './ring-of.ts';
import { hashDocuments, rewrapSearchKey, searchKeyKeys } from './search-key.ts';
import type { Database } from './tables.ts';
import { passwordKeys, sealPasswords } from './trunks.ts';

/** Rows that one step changes; it takes some milliseconds. */
const STEP_ROWS_MAX = 50;

export type Sealing = {
  /** How many values need each key of the ring, by its id. Without a key, nothing is sealed. */
  needed(): Promise<ReadonlyMap<string, number>>;
  /** Reads the key ring again, which may have been rotated. Throws KeyRingError. */
  refresh(): void;
  /**
   * Seals some rows that are not sealed with the current key, or hashes some documents that are not
   * hashed, and gives how many; 0: nothing is left.
   */
  step(): Promise<number>;
  /**
   * Erases the key of a debtor. What was noted of them reads as erased from then on, and nobody can
   * open it again.
   */
  eraseDebtor(debtorId: DebtorId, at: EpochMs): Promise<void>;
};

type Doors = {
  readonly read: <T>(query: (db: Database) => Promise<T>) => Promise<T>;
  readonly write: <T>(change: (db: Database) => Promise<T>) => Promise<T>;
};

export function createSealing(
  { read, write }: Doors,
  keys: KeyRing | undefined,
  now: () => EpochMs,
): Sealing {
  return {
    needed: () => read(neededIn),
    refresh: () => ringOf(keys).refresh(),
    step: () => write((db) => step(db, ringOf(keys), now())),
    eraseDebtor: (debtorId, at) => write((db) => erase(db, ringOf(keys), debtorId, at)),
  };
}

async function neededIn(db: Database): Promise<ReadonlyMap<string, number>> {
  const counts = new Map(await passwordKeys(db));
  for (const more of [await wrappingKeys(db), await searchKeyKeys(db)]) {
    for (const [id, count] of more) counts.set(id, (counts.get(id) ?? 0) + count);
  }
  return counts;
}

const STEPS = [sealPasswords, sealContactNotes, sealDispositionNotes, rewrapKeys, rewrapSearchKey];

async function step(db: Database, ring: KeyRing, now: EpochMs): Promise<number> {
  for (const sealSome of STEPS) {
    const sealed = await sealSome(db, ring, STEP_ROWS_MAX);
    if (sealed > 0) return sealed;
  }
  return hashDocuments(db, ring, STEP_ROWS_MAX, now);
}

/** What is still in clear is sealed first, so that it reads as erased and not as never noted. */
async function erase(db: Database, ring: KeyRing, debtorId: DebtorId, at: EpochMs): Promise<void> {
  for (const sealSome of [sealContactNotes, sealDispositionNotes]) {
    while ((await sealSome(db, ring, STEP_ROWS_MAX, debtorId)) > 0);
  }
  await eraseKeys(db, debtorId, at);
}
