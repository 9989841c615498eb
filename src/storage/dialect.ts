/**
 * What differs between SQLite and PostgreSQL, in one place. Queries are written once. Where one
 * database needs other words, or means something else by an error, the difference is one of the
 * answers below. Besides this file, only these know which database they talk to:
 *
 * - sqlite-driver.ts, postgres-driver.ts: a connection and its transactions;
 * - open-sqlite.ts, open-postgres.ts: opening, and what keeps a database from being opened;
 * - migrations/translate.ts: the words of the schema, and each trigger in both dialects;
 * - sqlite.ts, checkpointer.ts, free-space.ts and private-files.ts: SQLite's file, log and disk.
 */
import { type RawBuilder, sql } from 'kysely';
import { assert } from '../lib/assert.ts';
import type { Database } from './tables.ts';

export type Dialect = {
  readonly name: 'sqlite' | 'postgres';
  /** A list in the form in which a statement takes it as one parameter. */
  listParameter(values: readonly string[]): unknown;
  /** Whether the column's text is in the list that a parameter holds. */
  isInList(column: string, list: unknown): RawBuilder<boolean>;
  /**
   * The same statement, which the database plans once and not again for each value. `kinds` are those of
   * its parameters, in order.
   */
  plannedOnce(statement: string, kinds: readonly ParameterKind[]): string;
  /** A field of a JSON column, as text. */
  fieldOf(column: string, field: string): RawBuilder<string | null>;
  /** The same query; nobody else can change its rows until the transaction ends. */
  untilCommit<Query extends { forShare(): Query }>(query: Query): Query;
  /** The same query without rows that another transaction is changing; it never waits for them. */
  skippingTaken<Query extends { forUpdate(): { skipLocked(): Query } }>(query: Query): Query;
  /** The meaning of a database error; undefined for any other error. */
  meaningOf(error: unknown): Meaning | undefined;
};

/** What a parameter always holds; `other` where that may change, or is null. */
export type ParameterKind = 'text' | 'number' | 'other';

/** `because`: the database's own code, for the log and for messages. */
export type Meaning = {
  readonly kind: /** Nothing can be stored now; the same transaction may be tried again. */
    | 'held-up'
    /** The same, because the server is away or does not answer. */
    | 'silent'
    /** There is no room to store it. */
    | 'full'
    /** A value breaks a constraint or does not fit its column; other values may be accepted. */
    | 'value-refused'
    | 'refused';
  readonly because: string;
};

const CASTS = { text: 'text', number: 'numeric' } as const;

export const SQLITE: Dialect = {
  name: 'sqlite',
  listParameter: (values) => JSON.stringify(values),
  isInList: (column, list) =>
    sql<boolean>`${sql.ref(column)} in (select value from json_each(${list}))`,
  // A bare parameter that is compared with a column of a partial index, or stands in a limit, makes
  // SQLite plan the statement anew whenever a value is bound: 10 to 80 µs, where running it takes a few.
  plannedOnce(statement, kinds) {
    if (!/^(?:select|with)\b/.test(statement)) return statement;
    const parts = statement.split('?');
    assert(parts.length === kinds.length + 1, 'a kept statement has no question mark in its text');
    const [first = '', ...others] = parts;
    const marks = kinds.map((kind) => (kind === 'other' ? '?' : `cast(? as ${CASTS[kind]})`));
    return others.reduce((text, part, index) => `${text}${marks[index]}${part}`, first);
  },
  fieldOf: (column, field) => sql`json_extract(${sql.ref(column)}, ${sql.lit(`$.${field}`)})`,
  // SQLite has one writer at a time, so no lock is needed.
  untilCommit: (query) => query,
  skippingTaken: (query) => query,
  meaningOf(error) {
    const because = codeOf(error);
    if (!because.startsWith('SQLITE_')) return undefined;
    if (/^SQLITE_(?:BUSY|LOCKED)/.test(because)) return { kind: 'held-up', because };
    // The file, its log or its index could not grow. Other input and output codes mean a broken
    // disk.
    if (/^SQLITE_(?:FULL|IOERR_SHMSIZE|IOERR_GETTEMPPATH)$/.test(because)) {
      return { kind: 'full', because };
    }
    const isOfValue = /^SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG)/.test(because);
    return { kind: isOfValue ? 'value-refused' : 'refused', because };
  },
};

/** SQLSTATEs of a server that is stopping or starting. */
const SILENT_STATES = new Set(['57P01', '57P02', '57P03', '57P05']);
/** SQLSTATEs of a server that is busy with other clients. */
const HELD_UP_STATES = new Set([
  ...['40001', '40P01', '53300', '55P03', '57014'],
  // The transaction was idle for too long, or took too long as a whole.
  ...['25P03', '25P04'],
]);

export const POSTGRES: Dialect = {
  name: 'postgres',
  listParameter: (values) => values,
  isInList: (column, list) => sql<boolean>`${sql.ref(column)} = any(${list})`,
  plannedOnce: (statement) => statement,
  fieldOf: (column, field) => sql`cast(${sql.ref(column)} as json) ->> ${sql.lit(field)}`,
  untilCommit: (query) => query.forShare(),
  skippingTaken: (query) => query.forUpdate().skipLocked(),
  meaningOf(error) {
    const because = codeOf(error);
    if (error instanceof ConnectionLost) return { kind: 'silent', because };
    if (error instanceof CommitUnsettled) return { kind: 'silent', because };
    if (error instanceof CommitUnknown) return { kind: 'refused', because };
    // SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
    if (!/^[0-9A-Z]{5}$/.test(because) || !isOfServer(error)) return undefined;
    if (SILENT_STATES.has(because) || because.startsWith('08')) return { kind: 'silent', because };
    if (HELD_UP_STATES.has(because)) return { kind: 'held-up', because };
    if (because === '53100') return { kind: 'full', because };
    const isOfValue = because.startsWith('22') || because.startsWith('23');
    return { kind: isOfValue ? 'value-refused' : 'refused', because };
  },
};

/** The server was lost or never reached; nothing of the transaction is stored. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code = 'CONNECTION_LOST';
}

/** The server gave no answer in time; the same on a new connection would be no sooner. */
export class ServerSilent extends ConnectionLost {}

/** A commit got no answer; the server can be asked by `transaction` what became of it. */
export class CommitUnsettled extends Error {
  override readonly name = 'CommitUnsettled';
  readonly code = 'COMMIT_UNSETTLED';
  readonly transaction: string;

  constructor(transaction: string) {
    super('the server gave no answer to a commit');
    this.transaction = transaction;
  }
}

/** The server was lost during a commit; only the server knows whether it is stored. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
  readonly code = 'COMMIT_UNKNOWN';
}

function isOfServer(error: unknown): boolean {
  return typeof (error as { severity?: unknown }).severity === 'string';
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

// ── In queries ──────────────────────────────────────────────────────────────────────────────────

const dialects = new WeakMap<Database, Dialect>();

/** Sets the dialect of a query builder, once. */
export function speaks(db: Database, dialect: Dialect): void {
  dialects.set(db, dialect);
}

export function dialectOf(db: Database): Dialect {
  const dialect = dialects.get(db);
  assert(dialect !== undefined, 'a query builder is one of a connection of ours');
  return dialect;
}

/**
 * `column in (values)` with the values as one parameter, so that the statement's text stays the
 * same.
 */
export function isAmong(
  db: Database,
  column: string,
  values: readonly string[],
): RawBuilder<boolean> {
  const dialect = dialectOf(db);
  // A kept statement's mark is passed as it is; kept.ts puts the list in its place.
  const isList = Array.isArray(values);
  return dialect.isInList(column, isList ? dialect.listParameter(values) : values);
}

/**
 * The most rows a query may return, for `limit`. SQLite plans by the value of a bare parameter
 * there, so it plans the statement anew whenever one is bound: 15 µs, where finding nothing takes
 * 0.3.
 */
export function atMost(rows: number): RawBuilder<number> {
  return sql<number>`cast(${rows} as bigint)`;
}
