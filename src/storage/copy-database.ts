import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { StoreError } from '../engine/ports/store.ts';
import { schemaVersion } from './migrate.ts';
import { appliedVersion } from './migrate-sqlite.ts';

/**
 * Copies a database while the dialer works on it, and checks the copy.
 *
 * SQLite's online backup begins again whenever another process commits, which a dialer does many
 * times a second. `VACUUM INTO` reads one state of the database and delays no writer.
 *
 * Throws StoreError('cannot-open') when the copy already exists or is damaged, and whatever SQLite
 * throws.
 */
export function copyDatabase(from: string, to: string): void {
  if (existsSync(to)) throw new StoreError('cannot-open', `${to} exists already`);
  const database = new Sqlite(from, { readonly: true, fileMustExist: true });
  try {
    database.prepare('vacuum into ?').run(to);
  } finally {
    database.close();
  }
  const copy = new Sqlite(to, { readonly: true, fileMustExist: true });
  const verdict = copy.pragma('integrity_check', { simple: true });
  copy.close();
  if (verdict !== 'ok') throw new StoreError('cannot-open', `${to} is damaged: ${verdict}`);
}

/** Whether a database file has the schema of this version, so that opening it changes nothing. */
export function isOfThisVersion(file: string): boolean {
  const connection = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    return appliedVersion(connection) === schemaVersion();
  } finally {
    connection.close();
  }
}
