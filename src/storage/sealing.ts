/**
 * Brings sealed columns up to date in small steps beside the engine. Values stored in clear before
 * there was a key ring are sealed, and values sealed with an older key are sealed with the current
 * one. A step is one short transaction, so that a commit of the engine waits only briefly.
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

/** Rows that one step changes; a step takes some milliseconds. */
const STEP_ROWS_MAX = 50;

export type Sealing = {
  /** How many stored values need each key of the ring, by its id; empty when none is sealed. */
  needed(): Promise<ReadonlyMap<string, number>>;
  /** Reads the key ring again, which may have been rotated. Throws KeyRingError. */
  refresh(): void;
  /**
   * Seals some rows that are not sealed with the current key, or hashes some documents that are not
   * hashed. Returns how many; 0 when nothing is left.
   */
  step(): Promise<number>;
  /**
   * Erases the key of a debtor. The notes about them then read as erased, and nobody can open them
   * again.
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

/** How many values need each key of the ring, by the key's id. */
export async function neededIn(db: Database): Promise<ReadonlyMap<string, number>> {
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

/** Values still in clear are sealed first, so that they read as erased and not as never written. */
async function erase(db: Database, ring: KeyRing, debtorId: DebtorId, at: EpochMs): Promise<void> {
  for (const sealSome of [sealContactNotes, sealDispositionNotes]) {
    while ((await sealSome(db, ring, STEP_ROWS_MAX, debtorId)) > 0);
  }
  await eraseKeys(db, debtorId, at);
}
