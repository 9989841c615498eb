/**
 * Transactions on a few connections. Each connection has one query builder for good, so that what is
 * built upon it (a view of sixty closures) is built once and not for every transaction.
 */
import type { Database as SqliteDatabase } from 'better-sqlite3';
import { CompiledQuery, Kysely } from 'kysely';
import { assert } from '../lib/assert.ts';
import {
  BUSY_RETRY_MS,
  beginPatiently,
  Connection,
  type DriverSettings,
  StorageDialect,
  WAITING_MAX,
} from './dialect.ts';
import type { Database, Tables } from './tables.ts';

export type Transactions = {
  /**
   * All or nothing, on a connection of its own; callers are served in order. `begin` where it is not
   * to begin as the others do.
   */
  run<T>(
    work: (db: Database) => Promise<T>,
    begin?: DriverSettings['begin'],
    /** How long another process is waited for. */
    patienceMs?: number,
  ): Promise<T>;
  destroy(): Promise<void>;
};

type Bound = {
  readonly connection: SqliteDatabase;
  readonly db: Database;
  /** Past Kysely's way to a connection, which costs more than most statements. */
  readonly direct: Connection;
};

const directs = new WeakMap<Database, Connection>();

/** The one connection behind a query builder of ours; undefined for those made elsewhere. */
export function directOf(db: Database): Connection | undefined {
  return directs.get(db);
}

export function transactionsOn(settings: DriverSettings): Transactions {
  const bound = settings.connections.map((connection) => bind(connection, settings));
  const free = [...bound];
  const waiting: ((one: Bound) => void)[] = [];

  function acquire(): Bound | Promise<Bound> {
    const one = free.pop();
    if (one) return one;
    assert(waiting.length < WAITING_MAX, 'callers of the database wait for its answers');
    return new Promise((resolve) => waiting.push(resolve));
  }

  function release(one: Bound): void {
    const next = waiting.shift();
    if (next) next(one);
    else free.push(one);
  }

  return {
    async run(work, begin = settings.begin, patienceMs = BUSY_RETRY_MS) {
      const one = await acquire();
      try {
        return await transact(one, { ...settings, begin }, work, patienceMs);
      } finally {
        release(one);
      }
    },
    async destroy() {
      for (const { db } of bound) await db.destroy();
    },
  };
}

function bind(connection: SqliteDatabase, settings: DriverSettings): Bound {
  const dialect = new StorageDialect({ ...settings, connections: [connection] });
  const db = new Kysely<Tables>({ dialect });
  const direct = new Connection(connection);
  directs.set(db, direct);
  return { connection, db, direct };
}

async function transact<T>(
  { db, connection, direct }: Bound,
  settings: DriverSettings,
  work: (db: Database) => Promise<T>,
  patienceMs: number,
): Promise<T> {
  const run = (statement: string): Promise<unknown> =>
    direct.executeQuery(CompiledQuery.raw(statement));
  await beginPatiently(settings, run, patienceMs);
  try {
    const result = await work(db);
    await run('commit');
    return result;
  } catch (error) {
    // A full disk or a failed read rolls back by itself, and there is nothing left to end.
    if (connection.inTransaction) await run('rollback');
    throw error;
  }
}
