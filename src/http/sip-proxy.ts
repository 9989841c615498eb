/**
 * SIP over WebSocket through our own origin. The PBX listens unencrypted on loopback. Browsers
 * reach it only here, from our own pages and with a session; the simulated carrier of a
 * demonstration needs only our own pages. After the upgrade every byte is passed on unchanged.
 */
import type { IncomingMessage, Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Role } from '../engine/ports/accounts.ts';
import { type Addresses, networkOf } from './addresses.ts';
import type { Connections } from './connections.ts';
import type { Origins } from './origins.ts';
import type { Ended, Identity, Sessions } from './sessions.ts';

export type Upstream = { readonly host: string; readonly port: number; readonly path: string };

export type SipDoor = {
  /** Its path at our origin. */
  readonly path: string;
  readonly upstream: Upstream;
  /**
   * Roles that may connect with a session; `visitors` admits anyone on our page, without a session.
   */
  readonly open: readonly Role[] | 'visitors';
};

export type SipProxy = {
  /** Number of connections now. */
  readonly size: number;
  /** Cuts every connection and accepts no more. */
  stop(): void;
};

export type SipProxyParts = {
  readonly server: Server;
  readonly doors: readonly SipDoor[];
  readonly sessions: Sessions;
  readonly origins: Origins;
  readonly addresses: Addresses;
  readonly connections: Connections;
  readonly log: Logger;
  /** Upgrade paths served by others on this server; all further paths are refused here. */
  readonly othersPaths: readonly string[];
};

/** A reloading page still has its old connection for a moment. */
const CONNECTIONS_PER_USER_MAX = 4;
/** Visitors' connections per network; low, because visitors are unknown. */
const VISITORS_PER_NETWORK_MAX = 4;
const VISITORS_MAX = 50;
const CONNECT_WITHIN_MS = 3_000;
/** Sessions also expire, and other processes such as the command line end them. */
const CHECK_EVERY_MS = 5_000;

type Guest =
  | { readonly kind: 'person'; readonly identity: Identity }
  | { readonly kind: 'visitor'; readonly network: string };

type Link = { readonly guest: Guest; readonly browser: Duplex; readonly upstream: Socket };

export function createSipProxy(parts: SipProxyParts): SipProxy {
  const { server, doors, sessions, log, othersPaths } = parts;
  const links = new Set<Link>();
  let stopped = false;

  const upgrade = (request: IncomingMessage, browser: Duplex, head: Buffer) => {
    const path = pathOf(request);
    if (othersPaths.some((one) => path.startsWith(one))) return;
    browser.on('error', () => browser.destroy());
    const door = doors.find((one) => one.path === path);
    if (stopped || !door) return refuse(browser, 404, 'Not Found');
    admit(request, door, parts).then(
      (admitted) => {
        if (typeof admitted === 'number') return refuse(browser, admitted, 'Refused');
        if (areTooMany(links, admitted)) return refuse(browser, 429, 'Too Many Connections');
        if (admitted.kind === 'person') parts.connections.admitted(request);
        return open(request, browser, head, door, admitted);
      },
      (error: unknown) => {
        log.error({ err: error }, 'sip connection could not be checked');
        refuse(browser, 500, 'Internal Server Error');
      },
    );
  };

  const open = (
    request: IncomingMessage,
    browser: Duplex,
    head: Buffer,
    door: SipDoor,
    guest: Guest,
  ) => {
    if (stopped || browser.destroyed) return browser.destroy();
    const upstream = connect({ host: door.upstream.host, port: door.upstream.port });
    const link: Link = { guest, browser, upstream };
    links.add(link);
    pass(link, requestText(request, door.upstream), head, (error) => {
      links.delete(link);
      if (error) log.warn({ door: door.path, err: error }, 'sip connection failed');
    });
  };

  const cut = (ended: Ended) => {
    for (const link of links) if (isOf(link.guest, ended)) close(link);
  };

  const check = async (link: Link) => {
    const { guest } = link;
    if (guest.kind === 'person' && !(await sessions.renew(guest.identity))) close(link);
  };
  const checkAll = () => {
    for (const link of links) {
      check(link).catch((error: unknown) => {
        log.error({ err: error }, 'session of a sip connection could not be checked');
      });
    }
  };
  const checking = setInterval(checkAll, CHECK_EVERY_MS).unref();

  server.on('upgrade', upgrade);
  const forget = sessions.onEnded(cut);
  return {
    get size() {
      return links.size;
    },
    stop() {
      stopped = true;
      clearInterval(checking);
      forget();
      for (const link of links) close(link);
    },
  };
}

/** The guest, or the status to refuse with. */
async function admit(
  request: IncomingMessage,
  door: SipDoor,
  { origins, addresses, sessions }: SipProxyParts,
): Promise<Guest | number> {
  if (request.method !== 'GET') return 405;
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return 400;
  if (!origins.isOwn(request.headers.origin)) return 403;
  if (door.open === 'visitors') {
    return { kind: 'visitor', network: networkOf(addresses.of(request)) };
  }
  const identity = await sessions.identify(request.headers);
  if (!identity) return 401;
  const { role, mustChangePassword } = identity.user;
  return door.open.includes(role) && !mustChangePassword ? { kind: 'person', identity } : 403;
}

/** Joins both ends and calls back once when either closes. */
function pass(
  { browser, upstream }: Link,
  hello: string,
  head: Buffer,
  gone: (error?: Error) => void,
): void {
  let failure: Error | undefined;
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(deadline);
    // The upstream never answered: the browser gets an answer instead of a cut connection.
    if (failure && upstream.bytesRead === 0) refuse(browser, 502, 'Bad Gateway');
    else browser.destroy();
    upstream.destroy();
    gone(failure);
  };
  const deadline = setTimeout(() => {
    failure = new Error('the PBX did not answer in time');
    end();
  }, CONNECT_WITHIN_MS);
  upstream.setNoDelay(true);
  if ('setNoDelay' in browser) (browser as Socket).setNoDelay(true);
  if ('setTimeout' in browser) (browser as Socket).setTimeout(0);
  upstream.once('data', () => clearTimeout(deadline));
  upstream.on('error', (error) => {
    failure ??= error;
  });
  upstream.on('close', end);
  browser.on('close', end);
  upstream.write(hello);
  if (head.length > 0) upstream.write(head);
  // pipe() waits for the slower end, so no data piles up here.
  browser.pipe(upstream);
  upstream.pipe(browser);
}

/** The handshake sent to the PBX, without our session and our origin. */
function requestText(request: IncomingMessage, upstream: Upstream): string {
  const lines = [`GET ${upstream.path} HTTP/1.1`, `Host: ${upstream.host}:${upstream.port}`];
  lines.push('Connection: Upgrade', 'Upgrade: websocket');
  for (const name of PASSED_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string') lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const PASSED_HEADERS = [
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
  'user-agent',
] as const;

function refuse(browser: Duplex, status: number, phrase: string): void {
  if (browser.destroyed) return;
  // Does not wait for the other side to close: a refused client could hold the connection for ever.
  browser.once('finish', () => browser.destroy());
  browser.end(`HTTP/1.1 ${status} ${phrase}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function close({ browser, upstream }: Link): void {
  browser.destroy();
  upstream.destroy();
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}

/** Whether one more connection of this guest exceeds the bounds. */
function areTooMany(links: ReadonlySet<Link>, newest: Guest): boolean {
  const guests = [...links].map(({ guest }) => guest);
  if (newest.kind === 'person') {
    const own = guests.filter(
      (one) => one.kind === 'person' && isSame(one.identity, newest.identity),
    );
    return own.length >= CONNECTIONS_PER_USER_MAX;
  }
  const visitors = guests.filter((one) => one.kind === 'visitor');
  const near = visitors.filter(({ network }) => network === newest.network);
  return visitors.length >= VISITORS_MAX || near.length >= VISITORS_PER_NETWORK_MAX;
}

function isSame(one: Identity, other: Identity): boolean {
  return one.user.id === other.user.id;
}

/** Visitors have no session that could end. */
function isOf(guest: Guest, ended: Ended): boolean {
  if (guest.kind === 'visitor') return false;
  const { identity } = guest;
  if ('sessionId' in ended) return identity.sessionId === ended.sessionId;
  return identity.user.id === ended.userId && identity.sessionId !== ended.except;
}
