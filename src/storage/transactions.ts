/**
 * Transactions on a few connections. Each connection has one query builder for good, so that what is
 * built upon it (a view of sixty closures) is built once and not for every transaction.
 */
import type { CompiledQuery, QueryResult } from 'kysely';
import { assert } from '../lib/assert.ts';
import type { DurationMs } from '../lib/time.ts';
import type { Dialect } from './dialect.ts';
import type { Database } from './tables.ts';

/** Callers waiting for a connection. More is a mistake: somebody asks without ever waiting. */
const WAITING_MAX = 10_000;
/** How long another process may hold the database before a transaction is given up. */
export const BUSY_RETRY_MS: DurationMs = 200;

export type Begin =
  /** Alone among all who write, in this process and beside it. */
  | 'to-write'
  /** One state of the database, whatever is committed meanwhile. */
  | 'to-read';

/** One connection, for one transaction after the other. Throws what its database throws. */
export type Session = {
  readonly dialect: Dialect;
  /** The query builder of this connection, for good. */
  readonly db: Database;
  /** Past Kysely's way to a connection, which costs more than most statements. */
  executeQuery<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
  begin(begin: Begin, patienceMs: DurationMs): Promise<void>;
  commit(): Promise<void>;
  /** Also where the database has ended the transaction by itself; never throws for that. */
  rollback(): Promise<void>;
};

export type Transactions = {
  /** All or nothing, on a connection of its own; callers are served in order. */
  run<T>(
    work: (db: Database) => Promise<T>,
    begin: Begin,
    /** How long another process is waited for. */
    patienceMs?: DurationMs,
  ): Promise<T>;
};

const sessions = new WeakMap<Database, Session>();

/** The connection behind a query builder of ours; undefined for those made elsewhere. */
export function sessionOf(db: Database): Session | undefined {
  return sessions.get(db);
}

export function transactionsOn(all: readonly Session[]): Transactions {
  for (const session of all) sessions.set(session.db, session);
  const free = [...all];
  const waiting: ((session: Session) => void)[] = [];

  function acquire(): Session | Promise<Session> {
    const session = free.pop();
    if (session) return session;
    assert(waiting.length < WAITING_MAX, 'callers of the database wait for its answers');
    return new Promise((resolve) => waiting.push(resolve));
  }

  function release(session: Session): void {
    const next = waiting.shift();
    if (next) next(session);
    else free.push(session);
  }

  return {
    async run(work, begin, patienceMs = BUSY_RETRY_MS) {
      const session = await acquire();
      try {
        await session.begin(begin, patienceMs);
        return await committed(session, work);
      } finally {
        release(session);
      }
    },
  };
}

async function committed<T>(session: Session, work: (db: Database) => Promise<T>): Promise<T> {
  try {
    const result = await work(session.db);
    await session.commit();
    return result;
  } catch (error) {
    await session.rollback();
    throw error;
  }
}
