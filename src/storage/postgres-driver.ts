/**
 * A connection to PostgreSQL. It is made when first needed, and made again after it was lost. A
 * server that is away, or that gives no answer, holds a transaction up and never ends the process.
 *
 * Nothing outlives a transaction on the server: there are no named statements, settings are made
 * with `set local` only, and the lock of writers belongs to the transaction. So a pooler that gives
 * each transaction another connection (PgBouncer by transactions) may stand in between.
 */
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import pg from 'pg';
import { assert } from '../lib/assert.ts';
import { type DurationMs, SECOND_MS } from '../lib/time.ts';
import {
  CommitUnknown,
  CommitUnsettled,
  ConnectionLost,
  POSTGRES,
  ServerSilent,
} from './dialect.ts';
import { queryBuilderOn } from './query-builder.ts';
import { type Begin, type Session, USUAL_WAITS, type Waits } from './transactions.ts';

const CONNECT_MAX_MS = 2 * SECOND_MS;
/** The server ends a transaction that stands still for longer. */
const IDLE_MAX_MS = 30 * SECOND_MS;
/** A server that says nothing for so long after a statement should have ended is silent. */
const SILENT_AFTER_MS = 200;
/** Time for which the fate of a commit may stay unknown after its answer was lost. */
const UNKNOWN_MAX_MS = 5 * SECOND_MS;
const UNKNOWN_PAUSE_MS = 100;

/**
 * Every writer holds this lock until the commit, so that the writers of all processes follow each
 * other as in SQLite. The number is arbitrary: it has a meaning only within one database.
 */
const WRITERS_LOCK = 4_203_846_117;

/** The server ends what lasts too long by itself, so that nothing is locked for a caller who left. */
const limits = ({ answerMs, rowsMs }: Waits) => `set local statement_timeout = ${answerMs};
  set local lock_timeout = ${rowsMs};
  set local idle_in_transaction_session_timeout = ${IDLE_MAX_MS}`;
const beginToWrite = (waits: Waits) => `begin; ${limits(waits)};
  select pg_try_advisory_xact_lock(${WRITERS_LOCK}) as locked, pg_current_xact_id()::text as id`;
/** Each statement of a writer sees what was committed before it; a reader sees one state. */
const beginToRead = (waits: Waits) =>
  `begin isolation level repeatable read read only; ${limits(waits)}`;

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
    begin: (begin, waits) => connection.begin(begin, waits),
    commit: () => connection.commit(),
    rollback: () => connection.rollback(),
    close: () => connection.close(),
  };
}

class PostgresConnection implements DatabaseConnection {
  readonly #settings: PostgresSessionSettings;
  #client: pg.Client | undefined;
  /** A connection being made, for whichever transaction comes when it is there. */
  #connecting: Promise<void> | undefined;
  #isClosed = false;
  /** Of the newest transaction. */
  #waits: Waits = USUAL_WAITS;
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

  async begin(begin: Begin, waits: Waits): Promise<void> {
    this.#waits = waits;
    try {
      await this.#open(begin === 'to-read' || this.#settings.readOnly === true, waits);
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  async #open(toRead: boolean, waits: Waits): Promise<void> {
    this.#writing = undefined;
    if (toRead) {
      await this.#askAwake(beginToRead(waits));
      return;
    }
    const results = (await this.#askAwake(beginToWrite(waits))) as unknown as pg.QueryResult[];
    const [{ locked, id }] = results.flatMap(({ rows }) => rows) as [
      { locked: boolean; id: string },
    ];
    this.#writing = id;
    if (!locked) await this.#waitForWriters(waits);
  }

  async #waitForWriters({ writersMs, rowsMs }: Waits): Promise<void> {
    this.#settings.onBusy();
    const waitMs = Math.max(1, Math.round(writersMs));
    await this.#ask(`set local lock_timeout = ${waitMs};
      select pg_advisory_xact_lock(${WRITERS_LOCK});
      set local lock_timeout = ${rowsMs}`);
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
      if (writing === undefined) return;
      if (this.#waits.asksLater) throw new CommitUnsettled(writing);
      await this.#askIfStored(writing);
    }
  }

  async rollback(): Promise<void> {
    if (!this.#client) return;
    await this.#ask('rollback').catch(() => this.#drop());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
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
    await this.#reach();
    try {
      return await this.#ask(query);
    } catch (error) {
      const isLost = error instanceof ConnectionLost && !(error instanceof ServerSilent);
      if (!known || !isLost) throw error;
      await this.#reach();
      return this.#ask(query);
    }
  }

  /** Makes a connection where there is none. One that takes too long is there for the next transaction. */
  async #reach(): Promise<void> {
    if (this.#client) return;
    this.#connecting ??= this.#connect()
      .then((client) => {
        if (this.#isClosed) client.end().catch(() => {});
        else this.#client = client;
      })
      .finally(() => {
        this.#connecting = undefined;
      });
    await unlessSilent(this.#connecting, this.#waits.connectMs);
  }

  async #ask(query: string | pg.QueryConfig): Promise<pg.QueryResult> {
    const client = this.#client;
    if (!client) throw new ConnectionLost('there is no connection to the server');
    try {
      const asked = typeof query === 'string' ? { text: query } : query;
      // The types do not know this field, which pg reads.
      return await client.query({ ...asked, query_timeout: this.#answerMaxMs } as pg.QueryConfig);
    } catch (error) {
      if (isSilence(error)) {
        this.#drop();
        throw new ServerSilent('the server gives no answer');
      }
      if (isLost(error)) {
        this.#drop();
        throw new ConnectionLost(`the server was lost: ${(error as Error).message}`);
      }
      throw withoutValues(error);
    }
  }

  get #answerMaxMs(): DurationMs {
    return this.#waits.answerMs + SILENT_AFTER_MS;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#settings.url,
      application_name: 'cadencia',
      connectionTimeoutMillis: CONNECT_MAX_MS,
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
  return /^(?:Connection terminated|Client (?:has|was))/.test(message);
}

function isSilence(error: unknown): boolean {
  return /^Query read timeout/.test((error as Error).message);
}

/** Throws ServerSilent when it takes longer. */
async function unlessSilent(done: Promise<void>, maxMs: DurationMs): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const silent = () => reject(new ServerSilent('the server does not answer in time'));
    timer = setTimeout(silent, maxMs);
  });
  try {
    await Promise.race([done, silence]);
  } finally {
    clearTimeout(timer);
    // A caller that waits no longer does not hear how it ended.
    done.catch(() => {});
  }
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
