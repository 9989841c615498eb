/**
 * Transactions on a few connections. Each connection keeps one query builder, so that what is built
 * upon it (a view of sixty closures) is built once and not for every transaction.
 */
import type { CompiledQuery, QueryResult } from 'kysely';
import { assert } from '../lib/assert.ts';
import type { DurationMs } from '../lib/time.ts';
import type { Dialect } from './dialect.ts';
import type { Database } from './tables.ts';

/** Callers waiting for a connection. More is a mistake: some code asks without ever waiting. */
const WAITING_MAX = 10_000;
/** Time for which another process may hold the database before a transaction is given up. */
export const BUSY_RETRY_MS: DurationMs = 200;

export type Begin =
  /** No other writer runs meanwhile, in this process or another. */
  | 'to-write'
  /** Sees one state of the database, whatever is committed meanwhile. */
  | 'to-read';

/** A connection, used for one transaction after another. Throws its database's errors. */
export type Session = {
  readonly dialect: Dialect;
  /** The query builder of this connection; always the same. */
  readonly db: Database;
  /** Bypasses Kysely's way to a connection, which costs more than most statements. */
  executeQuery<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
  begin(begin: Begin, patienceMs: DurationMs): Promise<void>;
  commit(): Promise<void>;
  /** Never throws, even when the database has already ended the transaction. */
  rollback(): Promise<void>;
};

export type Transactions = {
  /** Runs all or nothing, on a connection of its own; callers are served in order. */
  run<T>(
    work: (db: Database) => Promise<T>,
    begin: Begin,
    /** Time to wait for another process. */
    patienceMs?: DurationMs,
  ): Promise<T>;
};

const sessions = new WeakMap<Database, Session>();

/** The connection behind one of our query builders; undefined for others. */
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
