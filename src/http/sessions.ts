/**
 * Who is signed in. The browser holds a random token in a cookie no script can read; we hold its
 * SHA-256. A session ends after some time without use, and at the latest after its lifetime.
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

/** A signed-in person, as of now. */
export type Identity = {
  readonly sessionId: SessionId;
  readonly tokenHash: string;
  readonly user: User;
};

/** Sessions that are over: one, or all of a user but perhaps one. */
export type Ended =
  | { readonly sessionId: SessionId }
  | { readonly userId: UserId; readonly except?: SessionId };

export type Sessions = {
  /** What a session is looked up by, where the headers bring one; says nothing about whether it is. */
  tokenHashIn(headers: IncomingHttpHeaders): string | undefined;
  /** Who sent these headers; undefined for a stranger. Counts as use of the session. */
  identify(headers: IncomingHttpHeaders): Promise<Identity | undefined>;
  /** The same person again, later; undefined once the session is over. Counts as use. */
  renew(identity: Identity): Promise<Identity | undefined>;
  /** Begins one and gives the `Set-Cookie` value. `address`: from where, for the audit row. */
  begin(
    user: User,
    address: string,
  ): Promise<{ readonly cookie: string; readonly identity: Identity }>;
  /** Somebody signs out; `address` as above. */
  end(identity: Identity, address: string): Promise<void>;
  endAllOf(userId: UserId, except?: SessionId): Promise<void>;
  /** `Set-Cookie` value that makes the browser forget. */
  readonly goneCookie: string;
  /** Calls back when sessions end before their time. Returns the end of it. */
  onEnded(listener: (ended: Ended) => void): () => void;
  sweep(): Promise<void>;
};

/** A session in use is written once in this time, not at every request. */
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

/** The next request writes it down: whoever only reads need not wait for a store that is held up. */
function laterWhereHeldUp(error: unknown): void {
  if (!(error instanceof StoreHeldUpError)) throw error;
}

/** What is stored of a random token; it needs no salt and no slow hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
