/**
 * Brings a database file to this version's schema. Migrations are numbered and append-only; each says
 * whether it breaks older servers. Before a breaking one is applied to a file with data in it, a copy
 * of the file is made beside it: that is the way back.
 */
import { existsSync } from 'node:fs';
import type { Database as SqliteDatabase } from 'better-sqlite3';
import { StoreError } from '../engine/ports/store.ts';
import { assert } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import { MIGRATIONS } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';

export type MigrateResult = {
  readonly from: number;
  readonly to: number;
  /** The copy that was made, where there was one to make. */
  readonly copy?: string;
};

/** The newest schema this version knows. */
export function schemaVersion(migrations: readonly Migration[] = MIGRATIONS): number {
  return migrations.at(-1)?.number ?? 0;
}

/** Applies what is missing, all or nothing. Throws StoreError('newer-schema'). */
export function migrate(
  connection: SqliteDatabase,
  now: EpochMs,
  migrations: readonly Migration[] = MIGRATIONS,
): MigrateResult {
  migrations.forEach((migration, index) => {
    assert(migration.number === index + 1, 'migrations are numbered without a gap');
  });
  const from = appliedVersion(connection);
  refuseNewer(connection, from, migrations);
  const missing = migrations.slice(from);
  if (missing.length === 0) return { from, to: from };
  const isBreaking = from > 0 && missing.some((migration) => migration.breaking);
  const copy = isBreaking ? copyBefore(connection, missing[0]?.number ?? 0) : undefined;
  apply(connection, now, migrations);
  const to = schemaVersion(migrations);
  return copy === undefined ? { from, to } : { from, to, copy };
}

/** For a connection that may not write: the schema has to be ours already. */
export function requireSchema(
  connection: SqliteDatabase,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const found = appliedVersion(connection);
  refuseNewer(connection, found, migrations);
  if (found === schemaVersion(migrations)) return;
  throw new StoreError(
    'not-found',
    `${connection.name} has schema ${found} and this version reads ${schemaVersion(migrations)}. ` +
      'Start the server once: it brings the file up to date.',
  );
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

function refuseNewer(
  connection: SqliteDatabase,
  found: number,
  migrations: readonly Migration[],
): void {
  const known = schemaVersion(migrations);
  if (found <= known) return;
  const copy = copyName(connection.name, known + 1);
  const wayBack = existsSync(copy)
    ? `put back ${copy}, the copy made before the upgrade (what was recorded since is not in it)`
    : 'restore a backup made before the upgrade';
  throw new StoreError(
    'newer-schema',
    `${connection.name} has schema ${found}, written by a newer Cadência; this version knows ` +
      `schema ${known}. Start the newer version again, or ${wayBack}.`,
  );
}

function copyBefore(connection: SqliteDatabase, number: number): string {
  const copy = copyName(connection.name, number);
  // One of an upgrade that failed half-way is as good: nothing was applied since.
  if (!existsSync(copy)) connection.prepare('vacuum into ?').run(copy);
  return copy;
}

function copyName(file: string, number: number): string {
  return `${file}.before-${String(number).padStart(4, '0')}`;
}

function apply(connection: SqliteDatabase, now: EpochMs, migrations: readonly Migration[]): void {
  const applyMissing = connection.transaction(() => {
    connection.exec(`create table if not exists migration (
      number integer primary key, name text not null, breaking integer not null,
      applied_at integer not null
    ) strict`);
    const record = connection.prepare('insert into migration values (?, ?, ?, ?)');
    // Asked again: another process may have done it while this one waited for the lock.
    for (const migration of migrations.slice(appliedVersion(connection))) {
      for (const statement of migration.statements) connection.exec(statement);
      record.run(migration.number, migration.name, migration.breaking ? 1 : 0, now);
    }
  });
  applyMissing.immediate();
}
