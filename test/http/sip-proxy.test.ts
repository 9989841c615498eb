import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openDoors, type TestDoors, until } from '../support/doors.ts';

/** A WebSocket server in the PBX's place that gives back what it gets, and keeps the handshakes. */
let pbx: Server;
let sockets: WebSocketServer;
const handshakes: Record<string, string | string[] | undefined>[] = [];
let doors: TestDoors;

beforeAll(async () => {
  pbx = createServer();
  sockets = new WebSocketServer({ server: pbx, path: '/ws' });
  sockets.on('connection', (socket, request) => {
    handshakes.push({ ...request.headers, url: request.url });
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await new Promise<void>((resolve) => pbx.listen(0, '127.0.0.1', resolve));
  const { port } = pbx.address() as AddressInfo;
  doors = await openDoors({ sipUpstreamPort: port, debtorPhone: true });
  for (const login of ['ana', 'bruno', 'supervisora', 'admin']) await doors.signIn(login);
});
afterAll(async () => {
  await doors.stop();
  sockets.close();
  pbx.close();
});

type Knock = { as?: string; origin?: string; path?: string };

function knock({ as, origin = doors.origin, path = '/sip' }: Knock): WebSocket {
  return new WebSocket(doors.url.replace('http', 'ws') + path, 'sip', {
    headers: { ...(as ? { cookie: doors.cookieOf(as) } : {}), ...(origin ? { origin } : {}) },
  });
}

/** `open`, or the status it was refused with. */
function outcome(socket: WebSocket): Promise<string | number> {
  return new Promise((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve('closed'));
  });
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) resolve();
    else socket.once('close', () => resolve());
  });
}

test('passes every byte on, both ways, whatever the frames', async () => {
  const socket = knock({ as: 'ana' });
  expect(await outcome(socket)).toBe('open');
  expect(socket.protocol).toBe('sip');
  for (const size of [0, 1, 125, 126, 70_000, 1_000_000]) {
    const sent = randomBytes(size);
    const back = new Promise<Buffer>((resolve) => {
      socket.once('message', (data) => resolve(data as Buffer));
    });
    socket.send(sent);
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(hash(await back)).toBe(hash(sent));
  }
  socket.close();
  await closed(socket);
});

test('tells the PBX nothing of the session, the origin or the address', async () => {
  handshakes.length = 0;
  const socket = knock({ as: 'supervisora' });
  await outcome(socket);
  socket.terminate();
  expect(handshakes).toHaveLength(1);
  expect(handshakes[0]).toMatchObject({ url: '/ws', 'sec-websocket-protocol': 'sip' });
  expect(Object.keys(handshakes[0] ?? {})).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/cookie|origin|forwarded|authorization/)]),
  );
  expect(JSON.stringify(handshakes)).not.toContain(doors.cookieOf('supervisora'));
});

test.each<[string, Knock, number]>([
  ['nobody', {}, 401],
  ['somebody from a foreign page', { as: 'ana', origin: 'https://evil.example' }, 403],
  ['somebody without a page', { as: 'ana', origin: '' }, 403],
  ['an admin, who has no headset', { as: 'admin' }, 403],
  ['a path that is not there', { as: 'ana', path: '/sip/../ws' }, 404],
  ['a longer path', { as: 'ana', path: '/sipx' }, 404],
  [
    'a foreign page at the debtor phone',
    { path: '/debtor-sip', origin: 'https://evil.example' },
    403,
  ],
  ['no page at the debtor phone', { path: '/debtor-sip', origin: '' }, 403],
])('refuses %s', async (_name, given, status) => {
  expect(await outcome(knock(given))).toBe(status);
});

test('opens the debtor phone to visitors only when it is enabled', async () => {
  const socket = knock({ path: '/debtor-sip' });
  expect(await outcome(socket)).toBe('open');
  socket.terminate();
  const phone = await doors.ask('GET', '/api/debtor-phone');
  expect(phone.json).toMatchObject({ socketPath: '/debtor-sip', username: 'debtor' });
  const without = await openDoors();
  try {
    const barred = new WebSocket(`${without.url.replace('http', 'ws')}/debtor-sip`, 'sip', {
      headers: { origin: without.origin },
    });
    expect(await outcome(barred)).toBe(404);
    const answer = await without.ask('GET', '/api/debtor-phone');
    expect(answer.json.code).toBe('debtor-phone-closed');
  } finally {
    await without.stop();
  }
});

test('gives the visitors of one address four connections, however many sessions they have', async () => {
  await until(() => sockets.clients.size === 0);
  const visits = [{}, { as: 'ana' }, { as: 'bruno' }, {}];
  const open = visits.map((one) => knock({ ...one, path: '/debtor-sip' }));
  expect(await Promise.all(open.map(outcome))).toEqual(['open', 'open', 'open', 'open']);
  expect(await outcome(knock({ path: '/debtor-sip' }))).toBe(429);
  // They do not keep signed-in agents out.
  const headset = knock({ as: 'ana' });
  expect(await outcome(headset)).toBe('open');
  for (const socket of [...open, headset]) socket.terminate();
  await until(() => sockets.clients.size === 0);
  const next = knock({ path: '/debtor-sip' });
  expect(await outcome(next)).toBe('open');
  next.terminate();
});

test('cuts the connection when its session ends', async () => {
  await doors.signIn('bruno');
  const socket = knock({ as: 'bruno' });
  await outcome(socket);
  await doors.ask('DELETE', '/api/session', { as: 'bruno' });
  await until(() => socket.readyState === WebSocket.CLOSED, 1_000);
  expect(await outcome(knock({ as: 'bruno' }))).toBe(401);
});

test('gives one user four connections and not a fifth', async () => {
  const open = [1, 2, 3, 4].map(() => knock({ as: 'supervisora' }));
  expect(await Promise.all(open.map(outcome))).toEqual(['open', 'open', 'open', 'open']);
  expect(await outcome(knock({ as: 'supervisora' }))).toBe(429);
  open[0]?.close();
  await until(() => sockets.clients.size === 3);
  const fifth = knock({ as: 'supervisora' });
  expect(await outcome(fifth)).toBe('open');
  for (const socket of [...open, fifth]) socket.terminate();
});

test('tells the browser when the PBX is missing or silent', async () => {
  const silent = createTcpServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const quiet = await openDoors({ sipUpstreamPort: port });
  const dead = await openDoors({ sipUpstreamPort: 1 });
  try {
    for (const one of [quiet, dead]) {
      await one.signIn('ana');
      const socket = new WebSocket(`${one.url.replace('http', 'ws')}/sip`, 'sip', {
        headers: { cookie: one.cookieOf('ana'), origin: one.origin },
      });
      expect(await outcome(socket)).toBe(502);
    }
  } finally {
    await quiet.stop();
    await dead.stop();
    silent.close();
  }
});

test('ends the browser side when the PBX goes, and the other way round', async () => {
  const first = knock({ as: 'ana' });
  await outcome(first);
  for (const socket of sockets.clients) socket.terminate();
  await closed(first);
  const second = knock({ as: 'ana' });
  await outcome(second);
  second.terminate();
  await until(() => sockets.clients.size === 0);
});
