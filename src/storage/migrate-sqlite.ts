/**
 * Brings a database file to this version's schema. Before a breaking migration is applied to a file with
 * data in it, a copy of the file is made beside it: that is the way back.
 */
import { existsSync } from 'node:fs';
import type { Database as SqliteDatabase } from 'better-sqlite3';
import type { EpochMs } from '../lib/time.ts';
import {
  assertNumbered,
  MIGRATION_TABLE,
  type MigrateResult,
  refuseNewer,
  requireVersion,
  schemaVersion,
} from './migrate.ts';
import { MIGRATIONS } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import { statementsOf } from './migrations/translate.ts';

/** Applies the missing migrations, all or none. Throws StoreError('newer-schema'). */
export function migrateFile(
  connection: SqliteDatabase,
  now: EpochMs,
  migrations: readonly Migration[] = MIGRATIONS,
): MigrateResult {
  assertNumbered(migrations);
  const from = appliedVersion(connection);
  refuseNewer(connection.name, from, migrations, wayBackOf(connection, migrations));
  const missing = migrations.slice(from);
  if (missing.length === 0) return { from, to: from };
  const isBreaking = from > 0 && missing.some((migration) => migration.breaking);
  const copy = isBreaking ? copyBefore(connection, missing[0]?.number ?? 0) : undefined;
  apply(connection, now, migrations);
  const to = schemaVersion(migrations);
  return copy === undefined ? { from, to } : { from, to, copy };
}

/** For a connection that may not write: the schema must already be of this version. */
export function requireSchema(connection: SqliteDatabase): void {
  const found = appliedVersion(connection);
  refuseNewer(connection.name, found, MIGRATIONS, wayBackOf(connection, MIGRATIONS));
  requireVersion(connection.name, found);
}

/** 0 for a new file. */
export function appliedVersion(connection: SqliteDatabase): number {
  const table = connection
    .prepare(`select 1 from sqlite_schema where type = 'table' and name = 'migration'`)
    .get();
  if (!table) return 0;
  const newest = connection.prepare('select max(number) from migration').pluck().get();
  return typeof newest === 'number' ? newest : 0;
}

/** How to return to this version; undefined when there is no copy to put back. */
function wayBackOf(
  connection: SqliteDatabase,
  migrations: readonly Migration[],
): string | undefined {
  const copy = copyName(connection.name, schemaVersion(migrations) + 1);
  if (!existsSync(copy)) return undefined;
  return `put back ${copy}, the copy made before the upgrade (what was recorded since is not in it)`;
}

function copyBefore(connection: SqliteDatabase, number: number): string {
  const copy = copyName(connection.name, number);
  // A copy from an upgrade that failed halfway serves too: nothing was applied since.
  if (!existsSync(copy)) connection.prepare('vacuum into ?').run(copy);
  return copy;
}

function copyName(file: string, number: number): string {
  return `${file}.before-${String(number).padStart(4, '0')}`;
}

function apply(connection: SqliteDatabase, now: EpochMs, migrations: readonly Migration[]): void {
  const applyMissing = connection.transaction(() => {
    connection.exec(MIGRATION_TABLE);
    const record = connection.prepare('insert into migration values (?, ?, ?, ?)');
    // The version is read again: another process may have migrated while this one waited for the
    // lock.
    for (const migration of migrations.slice(appliedVersion(connection))) {
      for (const statement of statementsOf(migration, 'sqlite')) connection.exec(statement);
      record.run(migration.number, migration.name, migration.breaking ? 1 : 0, now);
    }
  });
  applyMissing.immediate();
}
