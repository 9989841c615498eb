/** What the gateway needs of the HTTP door: who is signed in, and which pages are ours. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { User } from '../engine/ports/accounts.ts';
import type { SessionId, UserId } from '../lib/ids.ts';

export type Identity = {
  readonly sessionId: SessionId;
  readonly tokenHash: string;
  readonly user: User;
};

/** Sessions that are over: one, or all of a user, perhaps except one. */
export type Ended =
  | { readonly sessionId: SessionId }
  | { readonly userId: UserId; readonly except?: SessionId };

export type SessionDoor = {
  /**
   * The key for looking up a session, undefined without one in the headers. The session itself may
   * not exist.
   */
  tokenHashIn(headers: IncomingHttpHeaders): string | undefined;
  identify(headers: IncomingHttpHeaders): Promise<Identity | undefined>;
  /**
   * The identity read again later; undefined once the session is over. Counts as use of the
   * session.
   */
  renew(identity: Identity): Promise<Identity | undefined>;
  onEnded(listener: (ended: Ended) => void): () => void;
};

/** Who is at the other end of a connection: an IP address. */
export type AddressDoor = { of(request: IncomingMessage): string };

/** Told of connections that presented a valid session. */
export type ConnectionDoor = { admitted(request: IncomingMessage): void };

export type OriginDoor = { isOwn(origin: string | undefined): boolean };

export function isEnded({ sessionId, user }: Identity, ended: Ended): boolean {
  if ('sessionId' in ended) return sessionId === ended.sessionId;
  return user.id === ended.userId && sessionId !== ended.except;
}
