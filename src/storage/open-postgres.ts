/**
 * Opens a database on a PostgreSQL server, with one connection for writing and a few for reading.
 */
import { CompiledQuery } from 'kysely';
import { StoreError, StoreHeldUpError } from '../engine/ports/store.ts';
import { type DurationMs, SECOND_MS } from '../lib/time.ts';
import type { OpenedDatabase } from './database.ts';
import { codeOf, POSTGRES } from './dialect.ts';
import { schemaVersion } from './migrate.ts';
import { migrateServer, requireSchemaOfServer } from './migrate-postgres.ts';
import type { StorageOptions } from './options.ts';
import { postgresSession } from './postgres-driver.ts';
import type { Database } from './tables.ts';
import { LONG_WAITS, transactionsOn } from './transactions.ts';

/** All functions used here, and the status of a lost transaction, exist since then. */
const OLDEST_VERSION = 14;
/** While it opens, another process may be migrating. */
const OPENING_PATIENCE_MS: DurationMs = 30 * SECOND_MS;

/** Whether the name of a database is the address of a server. */
export function isServer(database: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(database);
}

/** The address for people, without its password and options. */
export function nameOfServer(url: string): string {
  try {
    const { username, host, pathname } = new URL(url);
    return `postgres://${username}${username ? '@' : ''}${host}${pathname}`;
  } catch {
    return 'postgres://…';
  }
}

/** Throws StoreError and StoreHeldUpError, which name the server and never its password. */
export async function openPostgres(
  options: StorageOptions,
  readersMax: number,
): Promise<OpenedDatabase> {
  const { database: url, readOnly = false, log } = options;
  const name = nameOfServer(url);
  let busyWaits = 0;
  const onBusy = () => {
    busyWaits += 1;
  };
  const writer = postgresSession({ url, readOnly, onBusy });
  const readers = Array.from({ length: readersMax }, () => postgresSession({ url, onBusy }));
  const writing = transactionsOn([writer]);
  const reading = readers.length === 0 ? writing : transactionsOn(readers);
  // What doors read never keeps the engine waiting for a connection.
  const ofEngine = readers.length === 0 ? [] : [postgresSession({ url, onBusy })];
  const asking = ofEngine.length === 0 ? writing : transactionsOn(ofEngine);
  let databaseBytes = 0;
  const measure = () =>
    reading.run(async (db) => {
      databaseBytes = await bytesOf(db);
    }, 'to-read');
  const close = async () => {
    for (const session of [...readers, ...ofEngine, writer]) await session.close();
  };
  try {
    await writing.run(
      async (db) => {
        await requireFit(db, name);
        if (readOnly) return requireSchemaOfServer(db, name);
        if (!(await isDurable(db))) {
          log?.warn(
            'database server may lose commits of the last moments: synchronous_commit is off',
          );
        }
        const { from, to } = await migrateServer(db, name, options.now());
        if (from !== to) log?.info({ from, to }, 'database schema was brought up to date');
      },
      'to-write',
      { ...LONG_WAITS, writersMs: OPENING_PATIENCE_MS },
    );
    await measure();
  } catch (error) {
    await close();
    throw serverProblem(name, error);
  }
  return {
    dialect: POSTGRES,
    schemaVersion: schemaVersion(),
    writer: writing,
    reader: reading,
    asker: asking,
    measured() {
      // The sizes of the last measurement; this call starts the next one.
      if (readers.length > 0) void measure().catch(() => {});
      return { databaseBytes, logBytes: 0, busyWaits, checkpoints: 0 };
    },
    checkpointFailure: () => undefined,
    close,
  };
}

/** Throws StoreError('cannot-open'). */
async function requireFit(db: Database, name: string): Promise<void> {
  const { rows } = await db.executeQuery<{ version: number; encoding: string }>(
    CompiledQuery.raw(`select current_setting('server_version_num')::integer as version,
      current_setting('server_encoding') as encoding`),
  );
  const [{ version = 0, encoding = '' } = {}] = rows;
  const major = Math.floor(version / 10_000);
  if (major < OLDEST_VERSION) {
    throw cannotOpen(name, `PostgreSQL ${OLDEST_VERSION} or newer is needed, and it is ${major}`);
  }
  if (encoding !== 'UTF8') {
    const words =
      `its texts are stored as ${encoding}, and names need UTF8; make it anew with ` +
      `"create database … encoding 'UTF8' template template0"`;
    throw cannotOpen(name, words);
  }
}

/** Whether an acknowledged commit survives a crash of the server. */
async function isDurable(db: Database): Promise<boolean> {
  const { rows } = await db.executeQuery<{ setting: string }>(
    CompiledQuery.raw(`select current_setting('synchronous_commit') as setting`),
  );
  return rows[0]?.setting !== 'off';
}

async function bytesOf(db: Database): Promise<number> {
  const { rows } = await db.executeQuery<{ bytes: number }>(
    CompiledQuery.raw('select pg_database_size(current_database()) as bytes'),
  );
  return rows[0]?.bytes ?? 0;
}

/** The server's codes in words, for the person who set the address up. */
const IN_WORDS: Readonly<Record<string, string>> = {
  '28P01': 'the server refuses the password',
  '28000': 'the server refuses the user',
  '3D000': 'there is no database of this name',
  '42501': 'this role may not create tables there; give it the right, or the database to own',
  ENOTFOUND: 'there is no machine of this name',
};

function serverProblem(name: string, error: unknown): unknown {
  if (error instanceof StoreError || error instanceof StoreHeldUpError) return error;
  const meaning = POSTGRES.meaningOf(error);
  const code = codeOf((error as Error).cause) || codeOf(error);
  const words = IN_WORDS[code];
  if (words !== undefined) return cannotOpen(name, `${words} (${code})`, error);
  if (!meaning) return error;
  const { kind, because } = meaning;
  const sentence = (what: string) => `the database ${name} cannot be opened: ${what} (${code})`;
  if (kind === 'full') return new StoreHeldUpError('full', sentence('its disk is full'));
  if (kind === 'silent') {
    return new StoreHeldUpError('silent', sentence('the server does not answer'));
  }
  if (kind === 'held-up') {
    return new StoreHeldUpError('busy', sentence('the server has no place for it at the moment'));
  }
  return cannotOpen(name, `the server refuses (${because})`, error);
}

function cannotOpen(name: string, words: string, cause?: unknown): StoreError {
  return new StoreError('cannot-open', `the database ${name} cannot be opened: ${words}`, {
    cause,
  });
}
