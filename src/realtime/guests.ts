/**
 * All connected clients, counted by connection and not by namespace: a connection that joined no
 * namespace uses as many resources, and would also outlive its session.
 */
import type { Socket } from 'socket.io';
import type { UserId } from '../lib/ids.ts';
import { type Ended, type Identity, isEnded } from './door.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

/** The part of engine.io's connection we use. */
export type Connection = {
  close(): void;
  once(event: 'close', callback: () => void): unknown;
};

type Guest = { identity: Identity; readonly sockets: Set<Socket> };

export type Guests = {
  /** False for a session that connects far more often than its pages ever would. */
  mayKnock(tokenHash: string): boolean;
  /** Notes a new connection. Beyond the bound it ends the user's oldest one. */
  add(connection: Connection, identity: Identity): void;
  /** Notes that a namespace was joined over it, with the identity of the session now. */
  joined(connection: Connection, socket: Socket, identity: Identity): void;
  identityOf(connection: Connection): Identity | undefined;
  /** Ends every connection of these sessions. */
  end(ended: Ended): void;
  all(): Iterable<readonly [Connection, Identity]>;
  signOut(connection: Connection): void;
  /** Ends a connection whose pages connect again, with the rights that their user has now. */
  letComeAgain(connection: Connection): void;
};

/** Several pages, and briefly those a reload left behind. */
export const CONNECTIONS_PER_USER_MAX = 8;
/** After a restart all pages of a session connect at once, and again after a refusal. */
export const KNOCKS_AT_ONCE_MAX = 2 * CONNECTIONS_PER_USER_MAX;
const KNOCKS_PER_SECOND_MAX = 4;
const SESSIONS_REMEMBERED_MAX = 5_000;

export function createGuests(): Guests {
  const guests = new Map<Connection, Guest>();
  const ofUser = new Map<UserId, Set<Connection>>();
  const knocks = new Map<string, RateLimit>();

  const say = (connection: Connection, name: 'signed-out' | 'taken-over') => {
    for (const socket of guests.get(connection)?.sockets ?? []) socket.emit(name);
    connection.close();
  };
  const forget = (connection: Connection, userId: UserId) => {
    guests.delete(connection);
    const own = ofUser.get(userId);
    own?.delete(connection);
    if (own?.size === 0) ofUser.delete(userId);
  };

  return {
    mayKnock(tokenHash) {
      const rate =
        knocks.get(tokenHash) ?? createRateLimit(KNOCKS_PER_SECOND_MAX, KNOCKS_AT_ONCE_MAX);
      knocks.delete(tokenHash);
      knocks.set(tokenHash, rate);
      const oldest = knocks.keys().next();
      if (knocks.size > SESSIONS_REMEMBERED_MAX && !oldest.done) knocks.delete(oldest.value);
      return rate.takes();
    },
    add(connection, identity) {
      const { id } = identity.user;
      const own = ofUser.get(id) ?? new Set();
      ofUser.set(id, own.add(connection));
      guests.set(connection, { identity, sockets: new Set() });
      connection.once('close', () => forget(connection, id));
      const [oldest] = own;
      if (own.size > CONNECTIONS_PER_USER_MAX && oldest) {
        own.delete(oldest);
        say(oldest, 'taken-over');
      }
    },
    joined(connection, socket, identity) {
      const guest = guests.get(connection);
      if (!guest) return connection.close();
      guest.identity = identity;
      guest.sockets.add(socket);
      socket.once('disconnect', () => guest.sockets.delete(socket));
    },
    identityOf: (connection) => guests.get(connection)?.identity,
    end(ended) {
      for (const [connection, { identity }] of guests) {
        if (isEnded(identity, ended)) say(connection, 'signed-out');
      }
    },
    *all() {
      for (const [connection, { identity }] of guests) yield [connection, identity] as const;
    },
    signOut: (connection) => say(connection, 'signed-out'),
    letComeAgain: (connection) => connection.close(),
  };
}
