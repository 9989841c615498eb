/** Opens the database file with the settings that all our connections have. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database as SqliteDatabase } from 'better-sqlite3';
import { makeFilePrivately } from './private-files.ts';

/**
 * While it opens, another process may be migrating or recovering the file; nothing else runs here
 * yet.
 */
const OPENING_TIMEOUT_MS = 10_000;
/**
 * Later a busy file blocks the thread for this long inside SQLite. The rest of the wait is in
 * sqlite-driver.ts, where other work goes on meanwhile.
 */
const BUSY_TIMEOUT_MS = 5;
/**
 * Pages that a connection keeps. A reader forgets all of them whenever anybody else commits, so that a
 * large cache would only hold what is read anew the next time.
 */
const CACHE_KIB = { writer: 64 * 1024, reader: 8 * 1024, 'read-only': 64 * 1024 } as const;
/**
 * 4 KiB pages in the log before a commit copies them into the file itself. The checkpointer copies
 * much earlier, beside the engine; this bounds the log where no checkpointer runs.
 */
const CHECKPOINT_PAGES_MAX = 16_384;

export type ConnectionKind =
  | 'writer'
  | 'reader'
  /**
   * Reads a file that nobody may write; changes nothing, and does not even make the log's files.
   */
  | 'read-only';

export type Durability =
  /** A commit is on the disk when it resolves. */
  | 'full'
  /** For throw-away files of tests and simulations; a power cut loses or breaks them. */
  | 'none';

/** Opens one connection, which waits patiently until {@link startWork}. Throws SQLite's errors. */
export function openConnection(
  file: string,
  kind: ConnectionKind,
  durability: Durability = 'full',
): SqliteDatabase {
  if (kind === 'writer') {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    makeFilePrivately(file);
  }
  const connection = new Sqlite(file, {
    readonly: kind !== 'writer',
    fileMustExist: kind !== 'writer',
    timeout: OPENING_TIMEOUT_MS,
  });
  if (kind === 'writer') {
    connection.pragma('journal_mode = WAL');
    connection.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'OFF'}`);
    connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES_MAX}`);
    connection.pragma('foreign_keys = ON');
    // What is sealed, erased or removed is overwritten, and does not stay in free parts of the file.
    connection.pragma('secure_delete = ON');
  }
  connection.pragma(`cache_size = -${CACHE_KIB[kind]}`);
  connection.pragma('temp_store = MEMORY');
  return connection;
}

/** The file is open: from now on the thread does not stand still for another process. */
export function startWork(connection: SqliteDatabase): void {
  connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
}
