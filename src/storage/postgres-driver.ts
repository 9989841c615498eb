/**
 * A connection to PostgreSQL. It is made when first needed, and made again after it was lost. A
 * server that is away holds a transaction up and never ends the process.
 *
 * Nothing outlives a transaction on the server: there are no named statements, settings are made
 * with `set local` only, and the lock of writers belongs to the transaction. So a pooler that gives
 * each transaction another connection (PgBouncer by transactions) may stand in between.
 */
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import pg from 'pg';
import { assert } from '../lib/assert.ts';
import { type DurationMs, SECOND_MS } from '../lib/time.ts';
import { CommitUnknown, ConnectionLost, POSTGRES } from './dialect.ts';
import { queryBuilderOn } from './query-builder.ts';
import type { Begin, Session } from './transactions.ts';

const CONNECT_MAX_MS = 2 * SECOND_MS;
/** The server ends a transaction that runs or stands still for longer. */
const STATEMENT_MAX_MS = 30 * SECOND_MS;
const IDLE_MAX_MS = 30 * SECOND_MS;
/** A server that is silent for longer counts as lost. */
const ANSWER_MAX_MS = STATEMENT_MAX_MS + 10 * SECOND_MS;
/** Wait for a lock on rows, once the transaction is the only writer. */
const ROW_LOCK_MAX_MS = 5 * SECOND_MS;
/** Time for which the fate of a commit may stay unknown after its answer was lost. */
const UNKNOWN_MAX_MS = 5 * SECOND_MS;
const UNKNOWN_PAUSE_MS = 100;

/**
 * Every writer holds this lock until the commit, so that the writers of all processes follow each
 * other as in SQLite. The number is arbitrary: it has a meaning only within one database.
 */
const WRITERS_LOCK = 4_203_846_117;

const LIMITS = `set local statement_timeout = ${STATEMENT_MAX_MS};
  set local idle_in_transaction_session_timeout = ${IDLE_MAX_MS}`;
const BEGIN_TO_WRITE = `begin; ${LIMITS};
  select pg_try_advisory_xact_lock(${WRITERS_LOCK}) as locked, pg_current_xact_id()::text as id;
  set local lock_timeout = ${ROW_LOCK_MAX_MS}`;
/** Each statement of a writer sees what was committed before it; a reader sees one state. */
const BEGIN_TO_READ = `begin isolation level repeatable read read only; ${LIMITS}`;

export type PostgresSessionSettings = {
  readonly url: string;
  /** Whether writes are refused. */
  readonly readOnly?: boolean;
  /** Called each time this connection waited for another process that wrote. */
  readonly onBusy: () => void;
};

export type PostgresSession = Session & { close(): Promise<void> };

export function postgresSession(settings: PostgresSessionSettings): PostgresSession {
  const connection = new PostgresConnection(settings);
  return {
    dialect: POSTGRES,
    db: queryBuilderOn(connection, POSTGRES),
    executeQuery: (query) => connection.executeQuery(query),
    begin: (begin, patienceMs) => connection.begin(begin, patienceMs),
    commit: () => connection.commit(),
    rollback: () => connection.rollback(),
    close: () => connection.close(),
  };
}

class PostgresConnection implements DatabaseConnection {
  readonly #settings: PostgresSessionSettings;
  #client: pg.Client | undefined;
  /** The server's number for the transaction; undefined unless it writes. */
  #writing: string | undefined;

  constructor(settings: PostgresSessionSettings) {
    this.#settings = settings;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await this.#ask({ text: sql, values: parameters.map(storable) });
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  // biome-ignore lint/correctness/useYield: nothing is streamed, and Kysely wants to be told.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('nothing is streamed');
  }

  async begin(begin: Begin, patienceMs: DurationMs): Promise<void> {
    try {
      await this.#open(begin === 'to-read' || this.#settings.readOnly === true, patienceMs);
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  async #open(toRead: boolean, patienceMs: DurationMs): Promise<void> {
    this.#writing = undefined;
    if (toRead) {
      await this.#askAwake(BEGIN_TO_READ);
      return;
    }
    const results = (await this.#askAwake(BEGIN_TO_WRITE)) as unknown as pg.QueryResult[];
    const [{ locked, id }] = results.flatMap(({ rows }) => rows) as [
      { locked: boolean; id: string },
    ];
    this.#writing = id;
    if (!locked) await this.#waitForWriters(patienceMs);
  }

  async #waitForWriters(patienceMs: DurationMs): Promise<void> {
    this.#settings.onBusy();
    const waitMs = Math.max(1, Math.round(patienceMs));
    await this.#ask(`set local lock_timeout = ${waitMs};
      select pg_advisory_xact_lock(${WRITERS_LOCK});
      set local lock_timeout = ${ROW_LOCK_MAX_MS}`);
  }

  async commit(): Promise<void> {
    const writing = this.#writing;
    try {
      const { command } = await this.#ask('commit');
      // A statement failed and its caller went on: nothing is stored, and the server gives no other
      // sign.
      assert(command === 'COMMIT', 'a transaction whose statement failed is not committed');
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      if (writing !== undefined) await this.#askIfStored(writing);
    }
  }

  async rollback(): Promise<void> {
    if (!this.#client) return;
    await this.#ask('rollback').catch(() => this.#drop());
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  /**
   * The answer to a commit was lost, so the server is asked what became of it. Throws
   * ConnectionLost when nothing is stored, and CommitUnknown when that cannot be learned.
   */
  async #askIfStored(id: string): Promise<void> {
    const giveUpAt = performance.now() + UNKNOWN_MAX_MS;
    const query = { text: 'select pg_xact_status($1::xid8) as status', values: [id] };
    for (;;) {
      const answer = await this.#askAwake(query).catch(() => undefined);
      const status = answer?.rows[0]?.status as string | null | undefined;
      if (status === 'committed') return;
      if (status === 'aborted') throw new ConnectionLost('the server was lost before the commit');
      if (performance.now() >= giveUpAt) {
        throw new CommitUnknown(
          'the server was lost at a commit and does not say what became of it',
        );
      }
      await new Promise((resolve) => setTimeout(resolve, UNKNOWN_PAUSE_MS));
    }
  }

  /** Asks, and replaces once a connection that was lost while unused. */
  async #askAwake(query: string | pg.QueryConfig): Promise<pg.QueryResult> {
    const known = this.#client;
    this.#client ??= await this.#connect();
    try {
      return await this.#ask(query);
    } catch (error) {
      if (!known || !(error instanceof ConnectionLost)) throw error;
      this.#client = await this.#connect();
      return this.#ask(query);
    }
  }

  async #ask(query: string | pg.QueryConfig): Promise<pg.QueryResult> {
    const client = this.#client;
    if (!client) throw new ConnectionLost('there is no connection to the server');
    try {
      return await client.query(query);
    } catch (error) {
      if (isLost(error)) {
        this.#drop();
        throw new ConnectionLost(`the server was lost: ${(error as Error).message}`);
      }
      throw withoutValues(error);
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#settings.url,
      application_name: 'cadencia',
      connectionTimeoutMillis: CONNECT_MAX_MS,
      query_timeout: ANSWER_MAX_MS,
      keepAlive: true,
      types: { getTypeParser },
    });
    // The connection was lost between two transactions; the next one makes a new one.
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined;
    });
    try {
      await client.connect();
    } catch (error) {
      client.end().catch(() => {});
      if (error instanceof pg.DatabaseError) throw error;
      throw new ConnectionLost(`the server does not answer: ${(error as Error).message}`, {
        cause: error,
      });
    }
    return client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.end().catch(() => {});
  }
}

/**
 * PostgreSQL refuses texts with the character U+0000. The doors refuse them first; what still comes, as
 * from a carrier, is stored with U+FFFD in its place, because a refused commit would end the engine.
 */
function storable(value: unknown): unknown {
  if (typeof value === 'string')
    return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  return Array.isArray(value) ? value.map(storable) : value;
}

/** True for every error of the socket, and for those of the server that end the connection. */
function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.severity === 'FATAL';
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return /^E[A-Z]+$/.test(code);
  return /^(?:Connection terminated|Client (?:has|was)|Query read timeout)/.test(message);
}

/** The server sends values of a row beside its message; they do not belong in a log. */
function withoutValues(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    error.detail = undefined;
    error.where = undefined;
  }
  return error;
}

const INT8 = 20;
const NUMERIC = 1700;

/**
 * The server sends 64-bit numbers and sums as text. Ours are whole numbers that JavaScript can
 * hold, or means.
 */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: unknown) => {
  if (oid === INT8 || oid === NUMERIC) return (text: string): number => numberOf(text);
  return pg.types.getTypeParser(oid, format as 'text');
};

function numberOf(text: string): number {
  const number = Number(text);
  const isWhole = /^-?\d+$/.test(text);
  assert(!isWhole || Number.isSafeInteger(number), 'a number of the database is too large');
  return number;
}
