/** Kysely upon one of our connections: Kysely builds and compiles, the connection runs. */
import {
  type DatabaseConnection,
  type DatabaseIntrospector,
  type DialectAdapter,
  type Driver,
  Kysely,
  type KyselyConfig,
  type Dialect as KyselyDialect,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { type Dialect, speaks } from './dialect.ts';
import type { Database, Tables } from './tables.ts';

type Parts = {
  readonly compiler: new () => QueryCompiler;
  readonly adapter: new () => DialectAdapter;
  readonly introspector: new (db: Kysely<unknown>) => DatabaseIntrospector;
};

const PARTS: Readonly<Record<Dialect['name'], Parts>> = {
  sqlite: {
    compiler: SqliteQueryCompiler,
    adapter: SqliteAdapter,
    introspector: SqliteIntrospector,
  },
  postgres: {
    compiler: PostgresQueryCompiler,
    adapter: PostgresAdapter,
    introspector: PostgresIntrospector,
  },
};

/** `log` is called for every statement that goes through Kysely. */
export function queryBuilderOn(
  connection: DatabaseConnection,
  dialect: Dialect,
  log?: NonNullable<KyselyConfig['log']>,
): Database {
  const parts = PARTS[dialect.name];
  const kyselyDialect: KyselyDialect = {
    createDriver: () => new OneConnection(connection),
    createQueryCompiler: () => new parts.compiler(),
    createAdapter: () => new parts.adapter(),
    createIntrospector: (db) => new parts.introspector(db),
  };
  const db = new Kysely<Tables>({ dialect: kyselyDialect, ...(log ? { log } : {}) });
  speaks(db, dialect);
  return db;
}

/** A driver that always returns the same connection; transactions are begun and ended around it. */
class OneConnection implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  async releaseConnection(): Promise<void> {}

  beginTransaction(): Promise<void> {
    return Promise.reject(new Error('transactions are begun by transactions.ts'));
  }

  commitTransaction(): Promise<void> {
    return this.beginTransaction();
  }

  rollbackTransaction(): Promise<void> {
    return this.beginTransaction();
  }

  /** The opener of the connection closes it. */
  async destroy(): Promise<void> {}
}
