/** Who may be connected, how many, and for how long: over real sockets, in every namespace. */
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { runUserCommand } from '../../src/commands/user.ts';
import { present } from '../../src/lib/assert.ts';
import { CONNECTIONS_PER_USER_MAX, KNOCKS_AT_ONCE_MAX } from '../../src/realtime/guests.ts';
import { createTurnstile } from '../../src/realtime/turnstile.ts';
import {
  connected,
  next,
  openDoors,
  openSocket,
  PASSWORD,
  type TestDoors,
  until,
} from '../support/doors.ts';
import { BANK } from '../support/store.ts';

let doors: TestDoors;
const opened: { disconnect?(): unknown; terminate?(): void }[] = [];

beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.stop());
beforeEach(async () => {
  for (const login of ['admin', 'ana', 'supervisora']) await doors.signIn(login);
});
afterEach(() => {
  for (const one of opened.splice(0)) (one.terminate ?? one.disconnect)?.call(one);
});

/** A connection as a page makes it, before it joined anything. */
async function raw(login: string): Promise<WebSocket> {
  const url = `${doors.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const headers = { origin: doors.origin, cookie: doors.cookieOf(login) };
  const socket = new WebSocket(url, { headers });
  opened.push(socket);
  socket.on('error', () => {});
  await new Promise((resolve, reject) => {
    socket.once('message', resolve);
    socket.once('close', () => reject(new Error('refused')));
  });
  socket.on('message', (data) => {
    if (String(data) === '2') socket.send('3');
  });
  return socket;
}

/** The answer to a request to join. */
function join(socket: WebSocket, namespace: string): Promise<string> {
  return new Promise((resolve) => {
    const hear = (data: unknown) => {
      if (!/^4[04]/.test(String(data))) return;
      socket.off('message', hear);
      resolve(String(data));
    };
    socket.on('message', hear);
    socket.once('close', () => resolve('closed'));
    socket.send(`40${namespace},`);
  });
}

const isClosed = (socket: WebSocket) => socket.readyState === WebSocket.CLOSED;

test('admits no one to the default namespace', async () => {
  const socket = await raw('ana');
  socket.send('40');
  const said = await new Promise((resolve) => socket.once('message', (data) => resolve(`${data}`)));
  expect(said).toBe('44{"message":"no-such-namespace"}');
  expect(await join(socket, '/sudo')).toContain('Invalid namespace');
});

const ENDINGS: readonly [string, (login: string) => Promise<unknown>][] = [
  ['signs out', (login) => doors.ask('DELETE', '/api/session', { as: login })],
  ['is disabled', (login) => change(login, { enabled: false })],
  ['gets another role', (login) => change(login, { role: 'admin' })],
  ['gets a new password', (login) => reset(login)],
  [
    'signs out elsewhere by changing the password',
    async (login) => {
      const cookie = doors.cookieOf(login);
      await doors.signIn(login);
      const body = { currentPassword: PASSWORD, newPassword: 'outra-frase-bem-comprida' };
      await doors.ask('PUT', '/api/session/password', { as: login, body });
      return cookie;
    },
  ],
];

const change = (login: string, body: object) =>
  doors.ask('PATCH', `/api/users/${doors.userId(login)}`, { as: 'admin', body });
const reset = (login: string) =>
  doors.ask('POST', `/api/users/${doors.userId(login)}/password-reset`, { as: 'admin' });

test.each(ENDINGS)(
  'a user who %s loses every connection at once and can join nothing',
  async (_name, end) => {
    const floor = await openDoors();
    const before = doors;
    doors = floor;
    try {
      for (const login of ['admin', 'supervisora']) await doors.signIn(login);
      const desk = await doors.connect('/agent', 'supervisora');
      const board = await doors.connect('/supervisor', 'supervisora');
      const waiting = await raw('supervisora');
      const told = [next(desk, 'signed-out'), next(board, 'signed-out')];
      const cookie = doors.cookieOf('supervisora');
      await end('supervisora');
      await Promise.all(told);
      await until(() => isClosed(waiting) && !desk.connected && !board.connected, 1_000);
      const again = openSocket(`${doors.url}/supervisor`, { origin: doors.origin, cookie });
      opened.push(again);
      await expect(connected(again)).rejects.toThrow();
    } finally {
      doors = before;
      await floor.stop();
    }
  },
);

test('a page of a user with other creditors connects again, and is shown theirs alone', async () => {
  const floor = await openDoors();
  try {
    await floor.signIn('supervisora');
    const screen = await floor.connect('/supervisor', 'supervisora');
    await floor.people.look();
    const id = floor.userId('supervisora');
    const user = present(await floor.storage.accounts.user(id), 'the supervisor is a user');
    const audit = { at: 1, subject: 'user', subjectId: id, change: 'changed' } as const;
    const left = next(screen, 'disconnect');
    await floor.storage.accounts.saveUser({ ...user, limitedTo: [BANK.id] }, audit, user);
    await floor.people.look();
    await left;
    const asked = vi.spyOn(floor.engine, 'board');
    const again = await floor.connect('/supervisor', 'supervisora');
    await again.emitWithAck('snapshot');
    expect(asked).toHaveBeenLastCalledWith({ kind: 'creditors', creditorIds: [BANK.id] });
  } finally {
    await floor.stop();
  }
});

test('a user limited by the command line is signed out at the next look for changes', async () => {
  const floor = await openDoors();
  try {
    await floor.signIn('supervisora');
    const screen = await floor.connect('/supervisor', 'supervisora');
    await floor.people.look();
    const left = next(screen, 'disconnect');
    const id = floor.userId('supervisora');
    const user = present(await floor.storage.accounts.user(id), 'the supervisor is a user');
    const audit = { at: 1, subject: 'user', subjectId: id, change: 'changed' } as const;
    await floor.storage.accounts.saveUser({ ...user, limitedTo: [BANK.id] }, audit, user);
    await floor.storage.accounts.deleteSessionsOf(id);
    const changedAt = performance.now();
    await floor.people.look();
    await left;
    expect(performance.now() - changedAt).toBeLessThan(1_000);
  } finally {
    await floor.stop();
  }
});

test('checks the session again at every join, also over an existing connection', async () => {
  const floor = await openDoors();
  const before = doors;
  doors = floor;
  try {
    for (const login of ['admin', 'supervisora']) await doors.signIn(login);
    const over = await raw('supervisora');
    // From another process, of which this one is not told.
    await runUserCommand(floor.storage, ['disable', 'supervisora'], {}, Date.now());
    expect(await join(over, '/supervisor')).toContain('not-signed-in');
    await runUserCommand(floor.storage, ['enable', 'supervisora'], {}, Date.now());
    await doors.signIn('supervisora');
    const demoted = await raw('supervisora');
    const user = await floor.storage.accounts.user(doors.userId('supervisora'));
    if (!user) throw new Error('no user');
    const audit = { at: 1, subject: 'user' as const, subjectId: user.id, change: 'changed' };
    await floor.storage.accounts.saveUser({ ...user, role: 'agent' }, audit);
    expect(await join(demoted, '/supervisor')).toContain('role-not-allowed');
  } finally {
    doors = before;
    await floor.stop();
  }
});

test('an expired session can join nothing', async () => {
  const short = await openDoors({ idleMs: 600_000 });
  const before = doors;
  doors = short;
  try {
    await doors.signIn('ana');
    const socket = await raw('ana');
    short.clock.skipMs += 600_001;
    expect(await join(socket, '/agent')).toContain('not-signed-in');
  } finally {
    doors = before;
    await short.stop();
  }
});

test('the oldest connection of a user gives way to a newer one, and is told why', async () => {
  const oldest = await doors.connect('/supervisor', 'supervisora');
  const told = next(oldest, 'taken-over');
  const newer: WebSocket[] = [];
  for (let count = 0; count < CONNECTIONS_PER_USER_MAX; count += 1) {
    newer.push(await raw('supervisora'));
  }
  await told;
  await until(() => !oldest.connected);
  expect(newer.some(isClosed)).toBe(false);
  const another = await raw('supervisora');
  await until(() => isClosed(newer[0] as WebSocket));
  expect(isClosed(another)).toBe(false);
});

test('three hundred pages of one agent at once draw a handful of desks, and one page stays', async () => {
  let drawn = 0;
  const { desk } = doors.engine;
  doors.engine.desk = (agentId) => {
    drawn += 1;
    return desk.call(doors.engine, agentId);
  };
  let refused = 0;
  const cookie = doors.cookieOf('ana');
  const pages: Socket[] = Array.from({ length: 300 }, () => {
    const page = openSocket(`${doors.url}/agent`, { origin: doors.origin, cookie });
    page.on('connect_error', () => {
      refused += 1;
    });
    opened.push(page);
    return page;
  });
  const isQuiet = () => refused + pages.filter(({ active }) => !active).length >= 299;
  await until(() => refused > 200 && isQuiet(), 20_000);
  await until(() => pages.filter((page) => page.connected).length === 1, 5_000);
  expect(drawn).toBeGreaterThan(0);
  // And those few that the rate lets in while the others are refused.
  expect(drawn).toBeLessThanOrEqual(4 * KNOCKS_AT_ONCE_MAX);
  delete (doors.engine as { desk?: unknown }).desk;
}, 30_000);

test('boards for supervisors who come together are drawn once', async () => {
  const pages: Socket[] = [];
  for (let count = 0; count < 4; count += 1) {
    const page = await doors.connect('/supervisor', 'supervisora');
    opened.push(page);
    pages.push(page);
  }
  let drawn = 0;
  const { board } = doors.engine;
  doors.engine.board = () => {
    drawn += 1;
    return board.call(doors.engine);
  };
  const answers = await Promise.all(
    pages.map((page) => page.timeout(2_000).emitWithAck('snapshot')),
  );
  expect(answers).toHaveLength(4);
  // One for all of them, and one more where a board was due meanwhile.
  expect(drawn).toBeLessThanOrEqual(2);
  delete (doors.engine as { board?: unknown }).board;
});

test('lets a few pass in one turn of the loop, the others later, and not without end', async () => {
  const { pass } = createTurnstile({ perTurnMax: 4, waitingMax: 10 });
  let passed = 0;
  const asked = Array.from({ length: 11 }, () => pass()?.then(() => (passed += 1)));
  expect(asked[10]).toBeUndefined();
  const counts: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    counts.push(passed);
  }
  expect(counts).toEqual([4, 8, 10]);
  await expect(pass()).resolves.toBeUndefined();
});

test('a message nested deeper than the stack ends its own connection and nothing else', async () => {
  const other = await doors.connect('/supervisor', 'supervisora');
  opened.push(other);
  const socket = await raw('ana');
  expect(await join(socket, '/agent')).toContain('sid');
  const deep = `${'['.repeat(15_000)}${']'.repeat(15_000)}`;
  socket.send(`451-/agent,["command",${deep}]`);
  socket.send(Buffer.from([1]));
  socket.send(`42/agent,["command",${deep}]`);
  expect(await other.timeout(2_000).emitWithAck('snapshot')).toHaveProperty('board');
});
