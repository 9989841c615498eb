/**
 * Transactions on a few connections. Each connection keeps one query builder, so that what is built
 * upon it (a view of sixty closures) is built once and not for every transaction.
 */
import type { CompiledQuery, QueryResult } from 'kysely';
import { assert } from '../lib/assert.ts';
import type { DurationMs } from '../lib/time.ts';
import { ConnectionLost, type Dialect } from './dialect.ts';
import type { Database } from './tables.ts';

/** Callers waiting for a connection. More is a mistake: some code asks without ever waiting. */
const WAITING_MAX = 10_000;

/** How long a transaction waits before it is given up, and may be tried again. */
export type Waits = {
  /** For another process that writes. */
  readonly writersMs: DurationMs;
  /** For a lock on rows or a table, where a server has such locks. */
  readonly rowsMs: DurationMs;
  /** For a connection to a server, where there is none; one that takes longer is there for the next try. */
  readonly connectMs: DurationMs;
  /** For each statement on a server. */
  readonly answerMs: DurationMs;
  /** For a connection of this process to be free; absent: as long as it takes. */
  readonly turnMs?: DurationMs;
  /** Set where the caller asks later, by `CommitUnsettled`, what became of a commit without an answer. */
  readonly asksLater?: true;
};

/** Of the engine: a store that is silent for a second counts as held up. */
export const ENGINE_WAITS: Waits = {
  ...{ writersMs: 200, rowsMs: 500, connectMs: 800, answerMs: 800, turnMs: 800 },
  asksLater: true,
};
/** Of the engine once it is held up: between two tries it ends calls. */
export const RETRY_WAITS: Waits = {
  ...ENGINE_WAITS,
  ...{ writersMs: 0, rowsMs: 250, connectMs: 250, turnMs: 250 },
};
/** Of people, imports and jobs. */
export const USUAL_WAITS: Waits = {
  ...{ writersMs: 200, rowsMs: 1_000, connectMs: 2_000, answerMs: 10_000 },
};
/** Of what brings the schema up to date or sets an operation up, which others wait for. */
export const LONG_WAITS: Waits = {
  ...{ writersMs: 200, rowsMs: 5_000, connectMs: 2_000, answerMs: 30_000 },
};

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
  begin(begin: Begin, waits: Waits): Promise<void>;
  commit(): Promise<void>;
  /** Never throws, even when the database has already ended the transaction. */
  rollback(): Promise<void>;
};

export type Transactions = {
  /** Whether a connection is free, so that nobody is waited for. */
  isFree(): boolean;
  /** Runs all or nothing, on a connection of its own; callers are served in order. */
  run<T>(work: (db: Database) => Promise<T>, begin: Begin, waits?: Waits): Promise<T>;
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

  function acquire({ turnMs }: Waits): Session | Promise<Session> {
    const session = free.pop();
    if (session) return session;
    assert(waiting.length < WAITING_MAX, 'callers of the database wait for its answers');
    return new Promise((resolve, reject) => {
      const leaves =
        turnMs === undefined
          ? undefined
          : setTimeout(() => {
              waiting.splice(waiting.indexOf(take), 1);
              reject(new ConnectionLost('this process still waits for an earlier transaction'));
            }, turnMs);
      const take = (one: Session) => {
        clearTimeout(leaves);
        resolve(one);
      };
      waiting.push(take);
    });
  }

  function release(session: Session): void {
    const next = waiting.shift();
    if (next) next(session);
    else free.push(session);
  }

  return {
    isFree: () => free.length > 0,
    async run(work, begin, waits = USUAL_WAITS) {
      const session = await acquire(waits);
      try {
        await session.begin(begin, waits);
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
