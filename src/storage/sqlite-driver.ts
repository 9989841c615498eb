/**
 * A connection to SQLite. Kysely's own driver prepares each statement anew; this one keeps
 * statements. SQLite does its work at once, on this thread.
 */
import type { Database as SqliteDatabase, Statement } from 'better-sqlite3';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { DurationMs } from '../lib/time.ts';
import { SQLITE } from './dialect.ts';
import { queryBuilderOn } from './query-builder.ts';
import type { Begin, Session } from './transactions.ts';

/** Statements kept by a connection; the code has about 150 different ones. */
const STATEMENTS_MAX = 500;
const BUSY_PAUSE_MS = 4;

export type SqliteSessionSettings = {
  readonly connection: SqliteDatabase;
  /** Absent for a writable file; a read-only one takes no write lock. */
  readonly readOnly?: boolean;
  /** Called each time another process held the file. */
  readonly onBusy: () => void;
};

export function sqliteSession(settings: SqliteSessionSettings): Session {
  const { connection: database, readOnly = false } = settings;
  const connection = new SqliteConnection(database);
  const run = (statement: string): void => connection.run(statement);
  return {
    dialect: SQLITE,
    db: queryBuilderOn(connection, SQLITE),
    executeQuery: (query) => connection.executeQuery(query),
    begin: (begin, { writersMs }) =>
      beginPatiently(run, statementOf(begin, readOnly), settings, writersMs),
    commit: async () => run('commit'),
    async rollback() {
      // After a full disk or a failed read, SQLite has already rolled back and there is nothing to
      // end.
      if (database.inTransaction) run('rollback');
    },
  };
}

/** A writer takes the write lock at once, so only the beginning can find the file busy. */
function statementOf(begin: Begin, readOnly: boolean): string {
  return begin === 'to-write' && !readOnly ? 'begin immediate' : 'begin';
}

/** Begins, and waits briefly for another process that holds the file. */
async function beginPatiently(
  run: (statement: string) => void,
  statement: string,
  { onBusy }: SqliteSessionSettings,
  patienceMs: DurationMs,
): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      run(statement);
      return;
    } catch (error) {
      const isBusy = SQLITE.meaningOf(error)?.kind === 'held-up';
      if (!isBusy || performance.now() >= giveUpAt) throw error;
      onBusy();
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
}

/** Runs statements on one connection and keeps them prepared. */
export class SqliteConnection implements DatabaseConnection {
  readonly #database: SqliteDatabase;
  readonly #statements = new Map<string, Statement<unknown[]>>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  run(text: string): void {
    this.#statement(text).run();
  }

  executeQuery<R>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const statement = this.#statement(text);
      if (statement.reader) return Promise.resolve({ rows: statement.all(parameters) as R[] });
      const { changes, lastInsertRowid } = statement.run(parameters);
      return Promise.resolve({
        rows: [],
        numAffectedRows: BigInt(changes),
        insertId: BigInt(lastInsertRowid),
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  // biome-ignore lint/correctness/useYield: nothing is streamed, and Kysely wants to be told.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('nothing is streamed');
  }

  #statement(text: string): Statement<unknown[]> {
    const kept = this.#statements.get(text);
    if (kept) return kept;
    if (this.#statements.size >= STATEMENTS_MAX) this.#statements.clear();
    const made = this.#database.prepare<unknown[]>(text);
    this.#statements.set(text, made);
    return made;
  }
}
