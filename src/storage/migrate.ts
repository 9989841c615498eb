/**
 * What both databases share when the schema is brought up to date. Migrations are numbered and
 * append-only; each says whether it breaks older servers.
 */
import { StoreError } from '../engine/ports/store.ts';
import { assert } from '../lib/assert.ts';
import { MIGRATIONS } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';

export type MigrateResult = {
  readonly from: number;
  readonly to: number;
  /** The copy that was made; absent when none was needed. */
  readonly copy?: string;
};

/** The table of applied migrations. */
export const MIGRATION_TABLE = `create table if not exists migration (
      number integer primary key, name text not null, breaking integer not null,
      applied_at integer not null
    ) strict`;

/** The newest schema that this version knows. */
export function schemaVersion(migrations: readonly Migration[] = MIGRATIONS): number {
  return migrations.at(-1)?.number ?? 0;
}

export function assertNumbered(migrations: readonly Migration[]): void {
  migrations.forEach((migration, index) => {
    assert(migration.number === index + 1, 'migrations are numbered without a gap');
  });
}

/** `database`: its name for people. Throws StoreError('newer-schema'). */
export function refuseNewer(
  database: string,
  found: number,
  migrations: readonly Migration[],
  wayBack = 'restore a backup made before the upgrade',
): void {
  const known = schemaVersion(migrations);
  if (found <= known) return;
  throw new StoreError(
    'newer-schema',
    `${database} has schema ${found}, written by a newer Cadência; this version knows ` +
      `schema ${known}. Start the newer version again, or ${wayBack}.`,
  );
}

/**
 * For a process that may not write: the schema must already be of this version. Throws StoreError.
 */
export function requireVersion(
  database: string,
  found: number,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const known = schemaVersion(migrations);
  if (found === known) return;
  throw new StoreError(
    'not-found',
    `${database} has schema ${found} and this version reads ${known}. ` +
      'Start the server once: it brings the database up to date.',
  );
}
