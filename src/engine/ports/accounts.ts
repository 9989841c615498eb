import type { CreditorId, SessionId, TokenId, UserId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { AuditEntry } from './audit.ts';

export type Role = 'agent' | 'supervisor' | 'admin';

export type User = {
  readonly id: UserId;
  /** What they type to sign in; lower case. */
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly enabled: boolean;
  /** Set by a reset: they must choose a new password before anything else. */
  readonly mustChangePassword: boolean;
  readonly language: 'pt-BR' | 'en' | null;
  readonly createdAt: EpochMs;
  /** The creditors whose campaigns they see and steer, in order; absent when not limited. */
  readonly limitedTo?: readonly CreditorId[];
};

export type Session = {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly lastSeenAt: EpochMs;
};

/** What a token of the CRM may do. */
export type TokenScope = 'lists:write' | 'lists:read' | 'calls:read' | 'campaigns:read';

export type ApiToken = {
  readonly id: TokenId;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** The creditors whose campaigns it reads and fills, in order; absent when not limited. */
  readonly limitedTo?: readonly CreditorId[];
  readonly createdAt: EpochMs;
  readonly expiresAt?: EpochMs;
  readonly revokedAt?: EpochMs;
};

/** Users, their sessions and the CRM's tokens. Secrets are stored as hashes only. */
export interface Accounts {
  /** Grows with each change of a user, whichever process makes it; in the same transaction. */
  revision(): Promise<number>;
  users(): Promise<User[]>;
  user(id: UserId): Promise<User | undefined>;
  userByLogin(login: string): Promise<(User & { readonly passwordHash: string }) | undefined>;
  passwordHash(id: UserId): Promise<string | undefined>;
  /** Throws AccountsError('login-taken'). */
  insertUser(user: User, passwordHash: string, audit: AuditEntry): Promise<void>;
  /**
   * `before`: as it was when the change was decided; absent: whatever it is by now. Throws
   * AccountsError('user-changed') where it is another one, and AccountsError('login-taken').
   */
  saveUser(user: User, audit: AuditEntry, before?: User): Promise<void>;
  setPassword(
    id: UserId,
    passwordHash: string,
    mustChange: boolean,
    audit: AuditEntry,
  ): Promise<void>;
  setLanguage(id: UserId, language: 'pt-BR' | 'en'): Promise<void>;

  insertSession(session: Session, tokenHash: string, audit: AuditEntry): Promise<void>;
  /** Undefined when unknown or expired, or its user is disabled. */
  sessionByTokenHash(
    tokenHash: string,
    now: EpochMs,
  ): Promise<{ readonly session: Session; readonly user: User } | undefined>;
  touchSession(id: SessionId, lastSeenAt: EpochMs, expiresAt: EpochMs): Promise<void>;
  /** With the row of who signed out, where somebody did. */
  deleteSession(id: SessionId, audit?: AuditEntry): Promise<void>;
  deleteSessionsOf(userId: UserId, except?: SessionId): Promise<void>;
  deleteExpiredSessions(now: EpochMs): Promise<number>;

  insertToken(token: ApiToken, tokenHash: string, audit: AuditEntry): Promise<void>;
  tokenByHash(tokenHash: string, now: EpochMs): Promise<ApiToken | undefined>;
  tokens(): Promise<ApiToken[]>;
  revokeToken(id: TokenId, at: EpochMs, audit: AuditEntry): Promise<void>;

  /**
   * A row about what changes nothing that is stored: a refused sign-in, a download, a look. While the
   * store is held up it waits, up to ten minutes.
   */
  insertAudit(entry: AuditEntry): Promise<void>;
}

export class AccountsError extends Error {
  override readonly name = 'AccountsError';
  readonly code: 'login-taken' | 'unknown-user' | 'user-changed';

  constructor(code: AccountsError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const TRIES_MAX = 5;

/**
 * Reads a user and changes them, and does so again where somebody else changed them in between: nobody's
 * change undoes another one's. `change` reads the user anew each time.
 */
export async function onNewestUser<Result>(change: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await change();
    } catch (error) {
      const isChanged = error instanceof AccountsError && error.code === 'user-changed';
      if (!isChanged || tries === TRIES_MAX) throw error;
    }
  }
}
