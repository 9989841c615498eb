/**
 * Brings a PostgreSQL database to this version's schema, in one transaction during which nobody
 * else writes. The way back from a breaking migration is a backup of the server; a message asks for
 * one.
 */
import { CompiledQuery } from 'kysely';
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
import type { Database } from './tables.ts';

/** `name`: the database's name for people. Throws StoreError('newer-schema'). */
export async function migrateServer(
  db: Database,
  name: string,
  now: EpochMs,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<MigrateResult> {
  assertNumbered(migrations);
  const from = await versionOf(db);
  refuseNewer(name, from, migrations);
  const missing = migrations.slice(from);
  if (missing.length === 0) return { from, to: from };
  const table = statementsOf({ statements: [MIGRATION_TABLE] }, 'postgres');
  for (const statement of table) await run(db, statement);
  for (const migration of missing) {
    for (const statement of statementsOf(migration, 'postgres')) await run(db, statement);
    await db
      .insertInto('migration')
      .values({
        number: migration.number,
        name: migration.name,
        breaking: migration.breaking ? 1 : 0,
        applied_at: now,
      })
      .execute();
  }
  return { from, to: schemaVersion(migrations) };
}

/**
 * For a process that may not write: the schema must already be of this version. Throws StoreError.
 */
export async function requireSchemaOfServer(db: Database, name: string): Promise<void> {
  const found = await versionOf(db);
  refuseNewer(name, found, MIGRATIONS);
  requireVersion(name, found);
}

/** 0 for a new database. */
async function versionOf(db: Database): Promise<number> {
  const known = await db.executeQuery<{ table: string | null }>(
    CompiledQuery.raw(`select to_regclass('migration')::text as "table"`),
  );
  if (known.rows[0]?.table == null) return 0;
  const row = await db
    .selectFrom('migration')
    .select((select) => select.fn.max('number').as('newest'))
    .executeTakeFirst();
  return row?.newest ?? 0;
}

async function run(db: Database, statement: string): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(statement));
}
