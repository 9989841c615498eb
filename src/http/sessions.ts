/**
 * Who is signed in. The browser holds a random token in a cookie that scripts cannot read; we store
 * its SHA-256. A session ends after some time without use, and at the latest after its lifetime.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Accounts, User } from '../engine/ports/accounts.ts';
import { sessionAudit } from '../engine/ports/audit.ts';
import { StoreHeldUpError } from '../engine/ports/store.ts';
import { newId, type SessionId, type UserId } from '../lib/ids.ts';
import { type EpochMs, MINUTE_MS } from '../lib/time.ts';
import { secretRandom } from '../secret-random.ts';
import { cookieIn } from './cookies.ts';

/** A signed-in person, as currently stored. */
export type Identity = {
  readonly sessionId: SessionId;
  readonly tokenHash: string;
  readonly user: User;
};

/** Sessions that are over: one, or all of a user, perhaps except one. */
export type Ended =
  | { readonly sessionId: SessionId }
  | { readonly userId: UserId; readonly except?: SessionId };

export type Sessions = {
  /**
   * The key for looking up a session, undefined without one in the headers. The session itself may
   * not exist.
   */
  tokenHashIn(headers: IncomingHttpHeaders): string | undefined;
  /** Who sent these headers; undefined for a stranger. Counts as use of the session. */
  identify(headers: IncomingHttpHeaders): Promise<Identity | undefined>;
  /** The identity read again later; undefined once the session is over. Counts as use. */
  renew(identity: Identity): Promise<Identity | undefined>;
  /** Begins a session and returns its `Set-Cookie` value. `address` is for the audit row. */
  begin(
    user: User,
    address: string,
  ): Promise<{ readonly cookie: string; readonly identity: Identity }>;
  /** Ends a session at sign-out. `address` is for the audit row. */
  end(identity: Identity, address: string): Promise<void>;
  endAllOf(userId: UserId, except?: SessionId): Promise<void>;
  /** `Set-Cookie` value that makes the browser forget. */
  readonly goneCookie: string;
  /** Calls back when sessions end early. Returns a function that unsubscribes. */
  onEnded(listener: (ended: Ended) => void): () => void;
  sweep(): Promise<void>;
};

/** How often the use of a session is stored. */
const TOUCH_EVERY_MS = MINUTE_MS;

export function createSessions(parts: {
  readonly accounts: Accounts;
  readonly limits: { readonly idleMs: number; readonly lifetimeMs: number };
  readonly secure: boolean;
  readonly now: () => EpochMs;
}): Sessions {
  const { accounts, limits, now } = parts;
  const listeners = new Set<(ended: Ended) => void>();
  const cookieName = parts.secure ? '__Host-cadencia' : 'cadencia';
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(parts.secure ? ['Secure'] : [])];
  const cookie = (value: string) => [`${cookieName}=${value}`, ...attributes].join('; ');
  const tell = (ended: Ended) => {
    for (const listener of [...listeners]) listener(ended);
  };
  const expiresAt = (createdAt: EpochMs, seenAt: EpochMs) =>
    Math.min(createdAt + limits.lifetimeMs, seenAt + limits.idleMs);

  const tokenHashIn = (headers: IncomingHttpHeaders) => {
    const token = cookieIn(headers.cookie ?? '', cookieName);
    return token ? hashToken(token) : undefined;
  };
  const auditOf = (change: 'signed-in' | 'signed-out', { id }: User, address: string) =>
    sessionAudit({ at: now(), address, change, byUserId: id, subjectId: id });

  const byTokenHash = async (tokenHash: string): Promise<Identity | undefined> => {
    const at = now();
    const found = await accounts.sessionByTokenHash(tokenHash, at);
    if (!found) return undefined;
    const { session, user } = found;
    if (at - session.lastSeenAt >= TOUCH_EVERY_MS) {
      const touched = accounts.touchSession(session.id, at, expiresAt(session.createdAt, at));
      await touched.catch(laterWhereHeldUp);
    }
    return { sessionId: session.id, tokenHash, user };
  };

  return {
    goneCookie: `${cookie('')}; Max-Age=0`,
    tokenHashIn,
    async identify(headers) {
      const tokenHash = tokenHashIn(headers);
      return tokenHash === undefined ? undefined : byTokenHash(tokenHash);
    },
    renew: (identity) => byTokenHash(identity.tokenHash),
    async begin(user, address) {
      const at = now();
      const token = randomBytes(32).toString('base64url');
      const tokenHash = hashToken(token);
      const id = newId('session', at, secretRandom);
      const session = { id, userId: user.id, createdAt: at, lastSeenAt: at };
      const stored = { ...session, expiresAt: expiresAt(at, at) };
      await accounts.insertSession(stored, tokenHash, auditOf('signed-in', user, address));
      return { cookie: cookie(token), identity: { sessionId: id, tokenHash, user } };
    },
    async end({ sessionId, user }, address) {
      await accounts.deleteSession(sessionId, auditOf('signed-out', user, address));
      tell({ sessionId });
    },
    async endAllOf(userId, except) {
      await accounts.deleteSessionsOf(userId, except);
      tell(except ? { userId, except } : { userId });
    },
    onEnded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async sweep() {
      await accounts.deleteExpiredSessions(now());
    },
  };
}

/**
 * Ignores a store that is held up: the next request stores the use, and reading goes on meanwhile.
 */
function laterWhereHeldUp(error: unknown): void {
  if (!(error instanceof StoreHeldUpError)) throw error;
}

/** The stored hash of a random token, which needs no salt and no slow hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
