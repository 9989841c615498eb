/**
 * What is particular to SQLite, in one place. For a PostgreSQL dialect these need another answer, and
 * nothing else in this folder should:
 *
 * - the driver below (one writer, a few readers, `begin immediate`, a wait for another process);
 * - {@link isAmong}: a list as one parameter (`= any($1)` there), and {@link atMost};
 * - the statements in migrations/ (`strict`, `without rowid`, `integer` for 64 bits, the triggers
 *   that count leads);
 * - opening, checkpointing and the copy before an upgrade in sqlite.ts, checkpointer.ts, migrate.ts.
 *
 * Kysely's own SQLite driver prepares each statement anew, lets waiters overtake each other and knows
 * one connection; here statements are kept, waiters are served in order and readers do not wait
 * for the writer.
 */
import type { Database as SqliteDatabase, Statement } from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { assert } from '../lib/assert.ts';

/** Statements kept for a connection; the code has some 150 different ones. */
const STATEMENTS_MAX = 500;
/** Callers waiting for a connection. More is a mistake: somebody asks without ever waiting. */
export const WAITING_MAX = 10_000;
/** How long another process may hold the file before a transaction is given up. */
export const BUSY_RETRY_MS = 200;
const BUSY_PAUSE_MS = 4;

export type DriverSettings = {
  readonly connections: readonly SqliteDatabase[];
  /** A writer takes the write lock at once, so that being busy can only show at the beginning. */
  readonly begin: 'begin immediate' | 'begin';
  /** Told each time another process held the file. */
  readonly onBusy: () => void;
};

/** `column in (values)` with the values as one parameter, so that the statement stays the same. */
export function isAmong(column: string, values: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} in (select value from json_each(${asParameter(values)}))`;
}

/**
 * How many rows at most, for `limit`. SQLite plans by the value of a bare parameter there, and so plans
 * the statement anew each time one is bound: 15 µs where finding nothing takes 0.3.
 */
export function atMost(rows: number): RawBuilder<number> {
  return sql<number>`+${rows}`;
}

/** The one parameter that a list becomes. */
export function listParameter(values: readonly string[]): string {
  return JSON.stringify(values);
}

/** The mark of a kept statement stays one; kept.ts puts the list in its place. */
function asParameter(values: readonly string[]): unknown {
  return Array.isArray(values) ? listParameter(values) : values;
}

/** Whether the error says that another process holds the file. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
}

/** The file, its log or its index could not grow. Others of these codes are of a broken disk. */
const NO_ROOM = new Set([
  ...['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_GETTEMPPATH'],
  // Of the file system itself, as when a folder is made.
  ...['ENOSPC', 'EDQUOT'],
]);

/** Whether the error says that the disk, or what the file may grow to, has no room left. */
export function isFull(error: unknown): boolean {
  return NO_ROOM.has(codeOf(error));
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

export class StorageDialect implements Dialect {
  readonly #settings: DriverSettings;

  constructor(settings: DriverSettings) {
    this.#settings = settings;
  }

  createDriver(): Driver {
    return new StorageDriver(this.#settings);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter();
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(database);
  }
}

/** Begins a transaction, and waits for another process that holds the file, but not for long. */
export async function beginPatiently(
  { begin, onBusy }: Pick<DriverSettings, 'begin' | 'onBusy'>,
  run: (statement: string) => Promise<unknown>,
  patienceMs = BUSY_RETRY_MS,
): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      await run(begin);
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error;
      onBusy();
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
}

class StorageDriver implements Driver {
  readonly #settings: DriverSettings;
  readonly #free: Connection[];
  readonly #waiting: ((connection: Connection) => void)[] = [];

  constructor(settings: DriverSettings) {
    this.#settings = settings;
    this.#free = settings.connections.map((connection) => new Connection(connection));
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    const connection = this.#free.pop();
    if (connection) return Promise.resolve(connection);
    assert(this.#waiting.length < WAITING_MAX, 'callers of the database wait for its answers');
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const next = this.#waiting.shift();
    if (next) next(connection as Connection);
    else this.#free.push(connection as Connection);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await beginPatiently(this.#settings, (statement) =>
      connection.executeQuery(CompiledQuery.raw(statement)),
    );
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk or a failed read rolls back by itself, and there is nothing left to end.
    if (!(connection as Connection).inTransaction) return;
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  /** The connections stay open: who opened them closes them. */
  async destroy(): Promise<void> {}
}

/** Runs statements on one connection, and keeps them prepared. */
export class Connection implements DatabaseConnection {
  readonly #database: SqliteDatabase;
  readonly #statements = new Map<string, Statement<unknown[]>>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
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

  async *streamQuery<R>({
    sql: text,
    parameters,
  }: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    // Its own statement: a kept one cannot be used again while it iterates.
    for (const row of this.#database.prepare(text).iterate(parameters)) yield { rows: [row as R] };
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
