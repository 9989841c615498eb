/**
 * The live side of the consoles, over socket.io: `/agent` and `/supervisor`. A client needs a
 * session, a page of ours and the right role. Incoming messages are parsed; outgoing ones are
 * projections.
 */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Server, type ServerOptions, type Socket } from 'socket.io';
import type { Commands } from '../engine/commands.ts';
import type { Accounts, Role } from '../engine/ports/accounts.ts';
import { keyOfScope, scopeOfUser } from '../engine/ports/scope.ts';
import type { Publisher, Queries } from '../engine/queries.ts';
import { assert } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import type { HeadsetAddress } from './agent-commands.ts';
import { type AgentSocket, createAgentDesks } from './agent-desks.ts';
import type { AddressDoor, ConnectionDoor, Identity, OriginDoor, SessionDoor } from './door.ts';
import type { EarlierLog } from './earlier-log.ts';
import { type Connection, createGuests, type Guests } from './guests.ts';
import { createSupervisorBoards, type SupervisorSocket } from './supervisor-boards.ts';
import { createTurnstile, type Turnstile } from './turnstile.ts';

export type Gateway = Publisher & {
  /**
   * Takes connections; called before the HTTP server listens. `earlier`: what supervisors' logs begin
   * with.
   */
  start(earlier?: EarlierLog): void;
  /** Somebody's rights may have changed: each open page is looked at again. */
  peopleChanged(): void;
  /** Ends all connections. The HTTP server stays. */
  stop(): void;
};

export type GatewayParts = {
  readonly httpServer: HttpServer;
  readonly sessions: SessionDoor;
  readonly origins: OriginDoor;
  readonly addresses: AddressDoor;
  readonly connections: ConnectionDoor;
  /** For the audit rows of debts that were shown. */
  readonly audit: Pick<Accounts, 'insertAudit'>;
  readonly now: () => EpochMs;
  readonly commands: Commands;
  readonly queries: Queries;
  /** Since when a night has had no backup; absent where none are made. */
  readonly noBackUpSince?: () => EpochMs | undefined;
  readonly headset: HeadsetAddress;
  readonly log: Logger;
};

/**
 * The heartbeat. A closed tab closes its socket, which is noticed at once. A cut network is noticed
 * by an unanswered ping, at most PING_EVERY_MS + PONG_WITHIN_MS later.
 */
const PING_EVERY_MS = 2_000;
const PONG_WITHIN_MS = 3_000;

/** Several times the size of a form with a note of 2,000 letters. */
const MESSAGE_BYTES_MAX = 32 * 1024;
/** Time from the handshake to joining a namespace. */
const CONNECT_WITHIN_MS = 5_000;
/** Sessions expire, and other processes end them without changing a user. */
const CHECK_EVERY_MS = 5_000;
/** Pages admitted and drawn in one turn of the event loop. */
const ADMITTED_PER_TURN_MAX = 4;
/** Pages waiting to be admitted, enough for several floors. Further ones are told to come again. */
const WAITING_MAX = 2_000;

const NAMESPACES: Readonly<Record<'/agent' | '/supervisor', readonly Role[]>> = {
  '/agent': ['agent', 'supervisor'],
  '/supervisor': ['supervisor', 'admin'],
};

export function createGateway(parts: GatewayParts): Gateway {
  const { log } = parts;
  const desks = createAgentDesks(parts);
  const boards = createSupervisorBoards(parts);
  const guests = createGuests();
  const turnstile = createTurnstile({ perTurnMax: ADMITTED_PER_TURN_MAX, waitingMax: WAITING_MAX });
  const admitted = new WeakMap<IncomingMessage, Identity>();
  const io = createServer((request, answer) => {
    admit(request, parts, guests, turnstile).then(
      (identity) => {
        if (typeof identity === 'string') return answer(identity, false);
        admitted.set(request, identity);
        parts.connections.admitted(request);
        return answer(null, true);
      },
      (error: unknown) => {
        log.error({ err: error }, 'connection could not be checked');
        answer('mistake', false);
      },
    );
  });
  const peopleChanged = () => checkSessions(guests, parts);
  let timer: NodeJS.Timeout | undefined;
  let forget: (() => void) | undefined;
  const welcome = (name: keyof typeof NAMESPACES, take: (socket: Socket, by: Identity) => void) => {
    const namespace = io.of(name);
    namespace.use((socket, next) => {
      join(guests.identityOf(socket.conn), NAMESPACES[name], parts, turnstile).then(
        (identity) => {
          if (typeof identity === 'string') return next(new Error(identity));
          guests.joined(socket.conn, socket, identity);
          return next();
        },
        (error: unknown) => {
          log.error({ err: error }, 'session could not be checked');
          next(new Error('mistake'));
        },
      );
    });
    namespace.on('connection', (socket) => {
      const identity = guests.identityOf(socket.conn);
      // Signed out since it was admitted: the connection is being closed.
      if (!identity) return;
      answerUnknown(socket);
      take(socket, identity);
    });
  };

  return {
    start(earlier) {
      if (earlier) boards.remember(earlier);
      // Nothing happens in this namespace, so connections to it are refused.
      io.of('/').use((_socket, next) => next(new Error('no-such-namespace')));
      welcome('/agent', (socket, { user }) =>
        desks.connect(user.id, socket as AgentSocket, parts.addresses.of(socket.request)),
      );
      welcome('/supervisor', (socket, { user }) =>
        boards.connect(socket as SupervisorSocket, scopeOfUser(user)),
      );
      io.attach(parts.httpServer);
      io.engine.on('connection', (connection: Connection & { request: IncomingMessage }) => {
        const identity = admitted.get(connection.request);
        assert(identity, 'a connected client was admitted');
        guests.add(connection, identity);
      });
      forget = parts.sessions.onEnded(guests.end);
      timer = setInterval(peopleChanged, CHECK_EVERY_MS).unref();
    },
    published(change) {
      try {
        desks.changed(change.agentIds);
        boards.published(change);
      } catch (error) {
        log.error({ err: error }, 'change could not be published');
      }
    },
    peopleChanged,
    stop() {
      clearInterval(timer);
      forget?.();
      desks.stop();
      boards.stop();
      io.disconnectSockets(true);
      io.engine?.close();
    },
  };
}

function createServer(allowRequest: NonNullable<ServerOptions['allowRequest']>): Server {
  return new Server({
    serveClient: false,
    transports: ['websocket'],
    pingInterval: PING_EVERY_MS,
    pingTimeout: PONG_WITHIN_MS,
    connectTimeout: CONNECT_WITHIN_MS,
    maxHttpBufferSize: MESSAGE_BYTES_MAX,
    // The SIP proxy takes upgrades on the same server.
    destroyUpgrade: false,
    allowRequest,
  });
}

/** Who connects, or why not. Runs before a connection is made; the cheap checks come first. */
async function admit(
  request: IncomingMessage,
  { origins, sessions }: GatewayParts,
  guests: Guests,
  turnstile: Turnstile,
): Promise<Identity | string> {
  if (!origins.isOwn(request.headers.origin)) return 'not-signed-in';
  const tokenHash = sessions.tokenHashIn(request.headers);
  if (tokenHash === undefined) return 'not-signed-in';
  const turn = guests.mayKnock(tokenHash) ? turnstile.pass() : undefined;
  if (!turn) return 'too-many-requests';
  await turn;
  const identity = await sessions.identify(request.headers);
  return identity && !identity.user.mustChangePassword ? identity : 'not-signed-in';
}

/**
 * Who joins a namespace. Checked again, because the user's rights may have changed since the
 * connection was made.
 */
async function join(
  before: Identity | undefined,
  roles: readonly Role[],
  { sessions }: GatewayParts,
  turnstile: Turnstile,
): Promise<Identity | string> {
  const turn = before && turnstile.pass();
  if (!turn) return before ? 'too-many-requests' : 'not-signed-in';
  await turn;
  const identity = await sessions.renew(before);
  if (!identity || identity.user.mustChangePassword) return 'not-signed-in';
  return roles.includes(identity.user.role) ? identity : 'role-not-allowed';
}

/** Answers any other event for which the page awaits an answer. */
function answerUnknown(socket: Socket): void {
  socket.onAny((name: string, ...values: unknown[]) => {
    if (socket.listenerCount(name) > 0) return;
    const answer = values.at(-1);
    if (typeof answer !== 'function') return;
    answer({ ok: false, code: 'malformed-request', detail: 'The server knows no such message.' });
  });
}

/** For whom a page asks is decided when it connects. */
function scopeKeyOf({ user }: Identity): string {
  return keyOfScope(scopeOfUser(user));
}

/** Renews every session in use. An open console thus counts as use of its session. */
function checkSessions(guests: Guests, { sessions, log }: GatewayParts): void {
  for (const [connection, identity] of guests.all()) {
    sessions.renew(identity).then(
      (now) => {
        const isSame = now && now.user.role === identity.user.role && !now.user.mustChangePassword;
        if (!isSame) guests.signOut(connection);
        else if (scopeKeyOf(now) !== scopeKeyOf(identity)) guests.letComeAgain(connection);
      },
      (error: unknown) => log.error({ err: error }, 'session could not be checked'),
    );
  }
}
