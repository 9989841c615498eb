/**
 * What is sealed in the database, brought up to date in small steps beside the engine: values that were
 * stored in clear before there was a key ring are sealed, and what an older key sealed is sealed with
 * the current one. A step is one short transaction, so that a commit of the engine waits for little.
 */
import type { KeyRing } from '../keys/key-ring.ts';
import { ringOf } from './ring-of.ts';
import type { Database } from './tables.ts';
import { passwordKeys, sealPasswords } from './trunks.ts';

/** Rows that one step changes; it takes some milliseconds. */
const STEP_ROWS_MAX = 50;

export type Sealing = {
  /** How many values need each key of the ring, by its id. Without a key, nothing is sealed. */
  needed(): Promise<ReadonlyMap<string, number>>;
  /** Reads the key ring again, which may have been rotated. Throws KeyRingError. */
  refresh(): void;
  /** Seals some rows that are not sealed with the current key, and gives how many; 0: all are. */
  step(): Promise<number>;
};

type Doors = {
  readonly read: <T>(query: (db: Database) => Promise<T>) => Promise<T>;
  readonly write: <T>(change: (db: Database) => Promise<T>) => Promise<T>;
};

export function createSealing({ read, write }: Doors, keys: KeyRing | undefined): Sealing {
  return {
    needed: () => read(passwordKeys),
    refresh: () => ringOf(keys).refresh(),
    step: () => write((db) => sealPasswords(db, ringOf(keys), STEP_ROWS_MAX)),
  };
}
