import type { SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import {
  type Accounts,
  AccountsError,
  type ApiToken,
  type Session,
  type TokenScope,
  type User,
} from '../engine/ports/accounts.ts';
import { present } from '../lib/assert.ts';
import { type CreditorId, isId, type UserId } from '../lib/ids.ts';
import { type DurationMs, MINUTE_MS } from '../lib/time.ts';
import { insertAudit } from './audit.ts';
import { whenStorable } from './held-up.ts';
import { ROLES } from './reference.ts';
import { defined, type Members, Row, toFlag } from './row.ts';
import type { Database, Tables, UserTable } from './tables.ts';

/** Access of accounts to the database: reads run beside the engine, writes take turns with it. */
export type AccountsAccess = {
  readonly read: <T>(query: (db: Database) => Promise<T>) => Promise<T>;
  /** `patienceMs`: time to wait for another process; absent for the usual time. */
  readonly write: <T>(write: (db: Database) => Promise<T>, patienceMs?: DurationMs) => Promise<T>;
};

/**
 * What an audit row reports has already happened. It therefore waits longer than anything but a
 * full disk holds the store up.
 */
const AUDIT_PATIENCE_MS = 10 * MINUTE_MS;

export function createAccounts({ read, write }: AccountsAccess): Accounts {
  return {
    ...userAccounts({ read, write }),
    ...sessions({ read, write }),
    ...tokens({ read, write }),
    insertAudit: (entry) =>
      whenStorable(() => write((db) => insertAudit(db, entry)), AUDIT_PATIENCE_MS),
  };
}

type UserMethods = Pick<
  Accounts,
  | 'revision'
  | 'users'
  | 'user'
  | 'userByLogin'
  | 'passwordHash'
  | 'insertUser'
  | 'saveUser'
  | 'setPassword'
  | 'setLanguage'
>;

function userAccounts({ read, write }: AccountsAccess): UserMethods {
  return {
    revision: () =>
      read(async (db) => {
        const row = await db
          .selectFrom('revision')
          .select('value')
          .where('subject', '=', 'user_account')
          .executeTakeFirst();
        return row?.value ?? 0;
      }),

    users: () =>
      read(async (db) => {
        return readUsers(await userRows(db).orderBy('login').execute());
      }),

    user: (id) => read((db) => userById(db, id)),

    userByLogin: (login) =>
      read(async (db) => {
        const rows = await userRows(db).where('login', '=', login.toLowerCase()).execute();
        const [user] = readUsers(rows);
        return user && { ...user, passwordHash: present(rows[0], 'it was read').password_hash };
      }),

    passwordHash: (id) =>
      read(async (db) => {
        const row = await db
          .selectFrom('user_account')
          .select('password_hash')
          .where('id', '=', id)
          .executeTakeFirst();
        return row?.password_hash;
      }),

    insertUser: (user, passwordHash, audit) =>
      write(async (db) => {
        const columns = userColumns(user);
        const inserted = await db
          .insertInto('user_account')
          .values({ ...columns, password_hash: passwordHash })
          .onConflict((conflict) => conflict.column('login').doNothing())
          .executeTakeFirst();
        if (inserted.numInsertedOrUpdatedRows === 0n) throw taken(user);
        await limit(db, user);
        await raiseRevision(db);
        await insertAudit(db, audit);
      }),

    saveUser: (user, audit, before) =>
      write(async (db) => {
        if (before) await requireUnchanged(db, before);
        const { id, created_at, ...changing } = userColumns(user);
        const other = await db
          .selectFrom('user_account')
          .select('id')
          .where('login', '=', changing.login)
          .where('id', '<>', id)
          .executeTakeFirst();
        if (other) throw taken(user);
        await changeUser(db, user.id, changing);
        await limit(db, user);
        await insertAudit(db, audit);
      }),

    setPassword: (id, passwordHash, mustChange, audit) =>
      write(async (db) => {
        await changeUser(db, id, {
          password_hash: passwordHash,
          must_change_password: toFlag(mustChange),
        });
        await insertAudit(db, audit);
      }),

    setLanguage: (id, language) => write((db) => changeUser(db, id, { language })),
  };
}

type SessionMethods = Pick<
  Accounts,
  | 'insertSession'
  | 'sessionByTokenHash'
  | 'touchSession'
  | 'deleteSession'
  | 'deleteSessionsOf'
  | 'deleteExpiredSessions'
>;

function sessions({ read, write }: AccountsAccess): SessionMethods {
  return {
    insertSession: (session, tokenHash, audit) =>
      write(async (db) => {
        await db
          .insertInto('session')
          .values({
            id: session.id,
            user_id: session.userId,
            token_hash: tokenHash,
            created_at: session.createdAt,
            expires_at: session.expiresAt,
            last_seen_at: session.lastSeenAt,
          })
          .execute();
        await insertAudit(db, audit);
      }),

    sessionByTokenHash: (tokenHash, now) =>
      read(async (db) => {
        const row = await db
          .selectFrom('session')
          .selectAll()
          .where('token_hash', '=', tokenHash)
          .where('expires_at', '>', now)
          .executeTakeFirst();
        if (!row) return undefined;
        const session = readSession(row);
        const user = await userById(db, session.userId);
        return user?.enabled ? { session, user } : undefined;
      }),

    touchSession: (id, lastSeenAt, expiresAt) =>
      write(async (db) => {
        await db
          .updateTable('session')
          .set({ last_seen_at: lastSeenAt, expires_at: expiresAt })
          .where('id', '=', id)
          .execute();
      }),

    deleteSession: (id, audit) =>
      write(async (db) => {
        await db.deleteFrom('session').where('id', '=', id).execute();
        if (audit) await insertAudit(db, audit);
      }),

    deleteSessionsOf: (userId, except) =>
      write(async (db) => {
        let deletion = db.deleteFrom('session').where('user_id', '=', userId);
        if (except !== undefined) deletion = deletion.where('id', '<>', except);
        await deletion.execute();
      }),

    deleteExpiredSessions: (now) =>
      write(async (db) => {
        const deleted = await db
          .deleteFrom('session')
          .where('expires_at', '<=', now)
          .executeTakeFirst();
        return Number(deleted.numDeletedRows);
      }),
  };
}

type TokenMethods = Pick<Accounts, 'insertToken' | 'tokenByHash' | 'tokens' | 'revokeToken'>;

function tokens({ read, write }: AccountsAccess): TokenMethods {
  return {
    insertToken: (token, tokenHash, audit) =>
      write(async (db) => {
        await db
          .insertInto('api_token')
          .values({
            id: token.id,
            name: token.name,
            scopes: JSON.stringify(token.scopes),
            limited_to: token.limitedTo ? JSON.stringify(token.limitedTo) : null,
            token_hash: tokenHash,
            created_at: token.createdAt,
            expires_at: token.expiresAt ?? null,
            revoked_at: token.revokedAt ?? null,
          })
          .execute();
        await insertAudit(db, audit);
      }),

    /** Undefined when the token is unknown, revoked or expired. */
    tokenByHash: (tokenHash, now) =>
      read(async (db) => {
        const row = await db
          .selectFrom('api_token')
          .selectAll()
          .where('token_hash', '=', tokenHash)
          .where((where) =>
            where.or([where('revoked_at', 'is', null), where('revoked_at', '>', now)]),
          )
          .where((where) =>
            where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]),
          )
          .executeTakeFirst();
        return row && readToken(row);
      }),

    tokens: () =>
      read(async (db) => {
        const rows = await db.selectFrom('api_token').selectAll().orderBy('id').execute();
        return rows.map(readToken);
      }),

    revokeToken: (id, at, audit) =>
      write(async (db) => {
        await db
          .updateTable('api_token')
          .set({ revoked_at: at })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .execute();
        await insertAudit(db, audit);
      }),
  };
}

type UserRow = UserTable & { readonly limited_to: string | null };

/** A row for each creditor that a user is limited to, and one for a user without a limit. */
function userRows(db: Database): SelectQueryBuilder<Tables, 'user_account', UserRow> {
  return db
    .selectFrom('user_account')
    .leftJoin('user_creditor', 'user_creditor.user_id', 'user_account.id')
    .selectAll('user_account')
    .select('user_creditor.creditor_id as limited_to');
}

/** Users in the order of their first rows. */
function readUsers(rows: readonly UserRow[]): User[] {
  const users = new Map<string, User>();
  for (const row of rows) {
    const known = users.get(row.id) ?? readUser(row);
    users.set(row.id, row.limited_to === null ? known : alsoLimitedTo(known, row));
  }
  return [...users.values()];
}

function alsoLimitedTo(user: User, row: UserRow): User {
  const creditorId = new Row('user_creditor', row, 'limited_to').id('creditor', 'limited_to');
  return { ...user, limitedTo: [...(user.limitedTo ?? []), creditorId].sort() };
}

async function userById(db: Database, id: UserId): Promise<User | undefined> {
  return readUsers(await userRows(db).where('id', '=', id).execute())[0];
}

/** Throws where what an administrator sets of the user was changed meanwhile. */
async function requireUnchanged(db: Database, before: User): Promise<void> {
  const now = await userById(db, before.id);
  const set = (user: User | undefined) =>
    JSON.stringify([user?.login, user?.name, user?.role, user?.enabled, user?.limitedTo ?? null]);
  if (set(now) !== set(before)) {
    throw new AccountsError('user-changed', `${before.login} was changed meanwhile`);
  }
}

/** Stores the limit of a user in place of an earlier one. */
async function limit(db: Database, { id, limitedTo = [] }: User): Promise<void> {
  await db.deleteFrom('user_creditor').where('user_id', '=', id).execute();
  for (const creditorId of new Set(limitedTo)) {
    await db.insertInto('user_creditor').values({ user_id: id, creditor_id: creditorId }).execute();
  }
}

async function changeUser(
  db: Database,
  id: string,
  columns: Partial<Omit<UserTable, 'id'>>,
): Promise<void> {
  const changed = await db
    .updateTable('user_account')
    .set(columns)
    .where('id', '=', id)
    .executeTakeFirst();
  if (changed.numUpdatedRows > 0n) return raiseRevision(db);
  throw new AccountsError('unknown-user', `there is no user ${id}`);
}

async function raiseRevision(db: Database): Promise<void> {
  await db
    .updateTable('revision')
    .set((column) => ({ value: column('value', '+', 1) }))
    .where('subject', '=', 'user_account')
    .execute();
}

function taken(user: User): AccountsError {
  return new AccountsError('login-taken', `the login of ${user.id} belongs to another user`);
}

function userColumns(user: User): Omit<UserTable, 'password_hash'> {
  return {
    id: user.id,
    login: user.login.toLowerCase(),
    name: user.name,
    role: user.role,
    enabled: toFlag(user.enabled),
    must_change_password: toFlag(user.mustChangePassword),
    language: user.language,
    created_at: user.createdAt,
  };
}

function readUser(columns: object): User {
  const row = new Row('user_account', columns);
  return {
    id: row.id('user', 'id'),
    login: row.text('login'),
    name: row.text('name'),
    role: row.oneOf('role', ROLES),
    enabled: row.flag('enabled'),
    mustChangePassword: row.flag('must_change_password'),
    language:
      row.maybe('language', (it) =>
        it.oneOf<'pt-BR' | 'en'>('language', { 'pt-BR': true, en: true }),
      ) ?? null,
    createdAt: row.integer('created_at'),
  };
}

function readSession(columns: object): Session {
  const row = new Row('session', columns);
  return {
    id: row.id('session', 'id'),
    userId: row.id('user', 'user_id'),
    createdAt: row.integer('created_at'),
    expiresAt: row.integer('expires_at'),
    lastSeenAt: row.integer('last_seen_at'),
  };
}

const TOKEN_SCOPES: Members<TokenScope> = {
  'lists:write': true,
  'lists:read': true,
  'calls:read': true,
  'campaigns:read': true,
};

const SCOPES = z.array(
  z.custom<TokenScope>((value) => typeof value === 'string' && Object.hasOwn(TOKEN_SCOPES, value)),
);

const CREDITOR_IDS = z.array(z.custom<CreditorId>((value) => isId('creditor', `${value}`)));

function readToken(columns: object): ApiToken {
  const row = new Row('api_token', columns);
  return defined({
    id: row.id('token', 'id'),
    name: row.text('name'),
    scopes: row.json('scopes', SCOPES),
    limitedTo: row.maybe('limited_to', (it) => it.json('limited_to', CREDITOR_IDS)),
    createdAt: row.integer('created_at'),
    expiresAt: row.maybe('expires_at', (it) => it.integer('expires_at')),
    revokedAt: row.maybe('revoked_at', (it) => it.integer('revoked_at')),
  });
}
