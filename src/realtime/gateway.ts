/**
 * The live side of the consoles, over socket.io: `/agent` and `/supervisor`. Who connects needs a
 * session, a page of ours and the right role; what comes in is parsed, what goes out is projected.
 */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { Commands } from '../engine/commands.ts';
import type { Accounts, Role } from '../engine/ports/accounts.ts';
import type { Publisher, Queries } from '../engine/queries.ts';
import { assert } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import type { HeadsetAddress } from './agent-commands.ts';
import { type AgentSocket, createAgentDesks } from './agent-desks.ts';
import {
  type AddressDoor,
  type ConnectionDoor,
  type Ended,
  type Identity,
  isEnded,
  type OriginDoor,
  type SessionDoor,
} from './door.ts';
import { createSupervisorBoards, type SupervisorSocket } from './supervisor-boards.ts';

export type Gateway = Publisher & {
  /** Takes connections; to be called before the HTTP server listens. */
  start(): void;
  /** Ends all connections. The HTTP server stays. */
  stop(): void;
};

export type GatewayParts = {
  readonly httpServer: HttpServer;
  readonly sessions: SessionDoor;
  readonly origins: OriginDoor;
  readonly addresses: AddressDoor;
  readonly connections: ConnectionDoor;
  /** For the rows of debts that were shown. */
  readonly audit: Pick<Accounts, 'insertAudit'>;
  readonly now: () => EpochMs;
  readonly commands: Commands;
  readonly queries: Queries;
  readonly headset: HeadsetAddress;
  readonly log: Logger;
};

/**
 * The heartbeat. A tab that is closed closes its socket, and shows at once; a network that is cut says
 * nothing, and shows when a ping stays unanswered: at most PING_EVERY_MS + PONG_WITHIN_MS later.
 */
const PING_EVERY_MS = 2_000;
const PONG_WITHIN_MS = 3_000;

/** A note of 2,000 letters and its form, several times over. */
const MESSAGE_BYTES_MAX = 32 * 1024;
/** From the handshake to the namespace. */
const CONNECT_WITHIN_MS = 5_000;
/** Sessions also end by time, and by the command line beside this process. */
const CHECK_EVERY_MS = 5_000;
const CONNECTIONS_PER_USER_MAX = 8;

const NAMESPACES: Readonly<Record<'/agent' | '/supervisor', readonly Role[]>> = {
  '/agent': ['agent', 'supervisor'],
  '/supervisor': ['supervisor', 'admin'],
};

export function createGateway(parts: GatewayParts): Gateway {
  const { queries, log } = parts;
  const desks = createAgentDesks(parts);
  const boards = createSupervisorBoards({ queries, log });
  const guests = new WeakMap<IncomingMessage, Identity>();
  const connected = new Map<Socket, Identity>();
  const io = new Server({
    serveClient: false,
    transports: ['websocket'],
    pingInterval: PING_EVERY_MS,
    pingTimeout: PONG_WITHIN_MS,
    connectTimeout: CONNECT_WITHIN_MS,
    maxHttpBufferSize: MESSAGE_BYTES_MAX,
    // The SIP proxy takes upgrades on the same server.
    destroyUpgrade: false,
    allowRequest: (request, allow) => {
      admit(request, parts).then(
        (identity) => {
          if (identity) {
            guests.set(request, identity);
            parts.connections.admitted(request);
          }
          allow(identity ? null : 'not-signed-in', identity !== undefined);
        },
        (error: unknown) => {
          log.error({ err: error }, 'connection could not be checked');
          allow('mistake', false);
        },
      );
    },
  });
  let timer: NodeJS.Timeout | undefined;
  let forget: (() => void) | undefined;

  const welcome = (name: keyof typeof NAMESPACES, take: (socket: Socket, by: Identity) => void) => {
    const namespace = io.of(name);
    namespace.use((socket, next) => {
      const identity = guests.get(socket.request);
      next(refusalOf(identity, NAMESPACES[name], connected));
    });
    namespace.on('connection', (socket) => {
      const identity = guests.get(socket.request);
      assert(identity, 'who is connected was admitted');
      connected.set(socket, identity);
      socket.on('disconnect', () => connected.delete(socket));
      answerUnknown(socket);
      take(socket, identity);
    });
  };

  return {
    start() {
      welcome('/agent', (socket, { user }) =>
        desks.connect(user.id, socket as AgentSocket, parts.addresses.of(socket.request)),
      );
      welcome('/supervisor', (socket) => boards.connect(socket as SupervisorSocket));
      io.attach(parts.httpServer);
      forget = parts.sessions.onEnded((ended) => signOutEnded(connected, ended));
      timer = setInterval(() => checkSessions(connected, parts), CHECK_EVERY_MS).unref();
    },
    published(change) {
      try {
        desks.changed(change.agentIds);
        boards.published(change);
      } catch (error) {
        log.error({ err: error }, 'change could not be published');
      }
    },
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

async function admit(
  request: IncomingMessage,
  { origins, sessions }: GatewayParts,
): Promise<Identity | undefined> {
  if (!origins.isOwn(request.headers.origin)) return undefined;
  const identity = await sessions.identify(request.headers);
  return identity?.user.mustChangePassword ? undefined : identity;
}

function refusalOf(
  identity: Identity | undefined,
  roles: readonly Role[],
  connected: ReadonlyMap<Socket, Identity>,
): Error | undefined {
  if (!identity) return new Error('not-signed-in');
  if (!roles.includes(identity.user.role)) return new Error('role-not-allowed');
  const others = [...connected.values()].filter((one) => one.user.id === identity.user.id);
  return others.length >= CONNECTIONS_PER_USER_MAX ? new Error('too-many-requests') : undefined;
}

/** Whatever else a page sends is answered too, where it waits for an answer. */
function answerUnknown(socket: Socket): void {
  socket.onAny((name: string, ...values: unknown[]) => {
    if (socket.listenerCount(name) > 0) return;
    const answer = values.at(-1);
    if (typeof answer !== 'function') return;
    answer({ ok: false, code: 'malformed-request', detail: 'The server knows no such message.' });
  });
}

function signOut(socket: Socket): void {
  socket.emit('signed-out');
  socket.disconnect(true);
}

function signOutEnded(connected: ReadonlyMap<Socket, Identity>, ended: Ended): void {
  for (const [socket, identity] of connected) if (isEnded(identity, ended)) signOut(socket);
}

/** Asks again for every session in use, which also counts as its use: an open console is not idle. */
function checkSessions(
  connected: ReadonlyMap<Socket, Identity>,
  { sessions, log }: GatewayParts,
): void {
  for (const [socket, identity] of connected) {
    sessions.renew(identity).then(
      (now) => {
        const isSame = now && now.user.role === identity.user.role && !now.user.mustChangePassword;
        if (!isSame) signOut(socket);
      },
      (error: unknown) => log.error({ err: error }, 'session could not be checked'),
    );
  }
}
