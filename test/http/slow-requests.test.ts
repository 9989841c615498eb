/** People who take their time over real sockets, with deadlines short enough for a test. */
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDoors, type TestDoors, until } from '../support/doors.ts';

let doors: TestDoors;
const opened: Slow[] = [];

beforeAll(async () => {
  doors = await openDoors({
    limits: {
      ...{ headersMaxMs: 200, requestMaxMs: 300, checkEveryMs: 30, strangersPerAddressMax: 20 },
      pace: { bytes: 1_000, windowMs: 250 },
    },
  });
  await doors.signIn('admin');
});
afterAll(() => doors.stop());
afterEach(() => {
  for (const one of opened.splice(0)) one.socket.destroy();
});

type Slow = { readonly socket: Socket; heard: string; isOver: boolean };

/** Says this at once; everything else is up to the test. */
function knock(said: string): Slow {
  const { hostname, port } = new URL(doors.url);
  const slow: Slow = { socket: connect(Number(port), hostname), heard: '', isOver: false };
  slow.socket.on('data', (bytes) => {
    slow.heard += bytes.toString('latin1');
  });
  slow.socket.on('error', () => {});
  slow.socket.on('close', () => {
    slow.isOver = true;
  });
  slow.socket.write(said);
  opened.push(slow);
  return slow;
}

/** A request whose body is still to come. */
function begin(method: string, path: string, headers: Record<string, string> = {}): Slow {
  const lines = Object.entries({ host: new URL(doors.url).host, ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return knock(`${method} ${path} HTTP/1.1\r\n${head}\r\n`);
}

const signedIn = () => ({ cookie: doors.cookieOf('admin'), origin: doors.origin });

const upload = (name: string) =>
  begin('POST', `/api/campaigns/campaign_1/lists?name=${name}`, {
    ...{ ...signedIn(), 'content-type': 'text/csv', 'content-length': '1000000' },
  });

/** Sends a byte at intervals while the connection is open. */
function trickle({ socket }: Slow, bytes = 'x', everyMs = 40): void {
  const timer = setInterval(() => socket.write(bytes), everyMs);
  socket.once('close', () => clearInterval(timer));
}

const PROBLEM = (slow: Slow) => JSON.parse(slow.heard.slice(slow.heard.indexOf('\r\n\r\n') + 4));

test.each([
  ['headers that never end', () => knock('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')],
  [
    'a body that trickles into a sign-in',
    () =>
      begin('POST', '/api/session', {
        ...{ origin: doors.origin, 'content-type': 'application/json', 'content-length': '500' },
      }),
  ],
])('answers %s with 408 and is rid of it', async (_name, slowly) => {
  const slow = slowly();
  trickle(slow);
  await until(() => slow.isOver);
  expect(slow.heard).toMatch(/^HTTP\/1\.1 408 /);
  expect(PROBLEM(slow)).toMatchObject({ status: 408, code: 'too-slow' });
});

test.each([
  ['a connection that says nothing', () => knock(''), false],
  ['a body nobody asked for', () => begin('GET', '/health', { 'content-length': '1000' }), true],
  [
    'a body for the live door, which takes none',
    () => begin('POST', '/socket.io/?EIO=4&transport=polling', { 'content-length': '1000' }),
    true,
  ],
])('is rid of %s', async (_name, slowly, trickles) => {
  const slow = slowly();
  if (trickles) trickle(slow);
  await until(() => slow.isOver);
});

test('checks the session before it reads a byte of an upload', async () => {
  const slow = begin('POST', '/api/campaigns/campaign_1/lists?name=x', {
    ...{ origin: doors.origin, 'content-type': 'text/csv', 'content-length': '1000000' },
  });
  await until(() => slow.heard.includes('\r\n\r\n'));
  expect(slow.heard).toMatch(/^HTTP\/1\.1 401 /);
  await until(() => slow.isOver);
});

test('an upload may take longer than any request while it keeps the least pace', async () => {
  const head = 'nome;cpf;telefone\n';
  const rows = `${'x;;11980000001\n'.repeat(60)}`;
  const length = head.length + rows.length * 12;
  const slow = begin('POST', '/api/campaigns/campaign_1/lists?name=steady', {
    ...{ ...signedIn(), 'content-type': 'text/csv', 'content-length': String(length) },
  });
  slow.socket.write(head);
  for (let sent = 0; sent < 12; sent += 1) {
    slow.socket.write(rows);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await until(() => slow.heard.includes('\r\n\r\n'));
  expect(slow.heard).toMatch(/^HTTP\/1\.1 201 /);
});

test('an upload that falls below the pace is cut off with 408; what came before is stored', async () => {
  const slow = upload('trickle');
  // More than the block that is read at once.
  const row = `x;;11980000001;${'y'.repeat(300)}\n`;
  slow.socket.write(`nome;cpf;telefone;obs\n${row.repeat(400)}`);
  trickle(slow);
  await until(() => slow.isOver);
  expect(PROBLEM(slow)).toMatchObject({ status: 408, code: 'too-slow' });
  const { json } = await doors.ask('GET', '/api/campaigns/campaign_1/lists', { as: 'admin' });
  const list = json.lists.find(({ name }: { name: string }) => name === 'trickle');
  expect(list).toMatchObject({ brokenOffBecause: 'interrupted' });
  expect(list.totals.read).toBeGreaterThan(200);
});

test('two slow uploads keep no one else from importing', async () => {
  const body = { name: 'CRM', scopes: ['lists:write'] };
  const { token } = (await doors.ask('POST', '/api/tokens', { as: 'admin', body })).json;
  const both = [upload('slow-1'), upload('slow-2')];
  for (const slow of both) {
    slow.socket.write('nome;cpf;telefone\n');
    trickle(slow, 'x'.repeat(200));
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const other = await doors.ask('POST', '/api/campaigns/campaign_1/lists?name=quick', {
    ...{ origin: null, body: 'nome;cpf;telefone\nx;;11980000001\n' },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
  });
  expect(other.status).toBe(201);
  expect(both.map(({ isOver }) => isOver)).toEqual([false, false]);
});

test('the rest of a refused upload is dropped at the same pace, not for ever', async () => {
  const slow = upload('binary');
  slow.socket.write(`\0\0\0${'x'.repeat(70_000)}`);
  await until(() => slow.heard.includes('\r\n\r\n'));
  expect(slow.heard).toMatch(/^HTTP\/1\.1 422 /);
  trickle(slow);
  await until(() => slow.isOver);
});

test('of too many strangers at one address the oldest is closed; signed-in clients stay', async () => {
  const own = begin('GET', '/api/session', signedIn());
  await until(() => own.heard.includes('200 OK'));
  const strangers = Array.from({ length: 23 }, () => knock('GET / HTTP/1.1\r\n'));
  await until(() => strangers.slice(0, 3).every(({ isOver }) => isOver));
  expect(strangers.slice(4).some(({ isOver }) => isOver)).toBe(false);
  expect(own.isOver).toBe(false);
});

test('a refused client cannot hold its upgrade open', async () => {
  for (const path of ['/sip', '/socket.io/?EIO=4&transport=websocket', '/nowhere']) {
    const slow = begin('GET', path, {
      ...{ connection: 'upgrade', upgrade: 'websocket', origin: doors.origin },
      ...{ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' },
    });
    // A client that never ends its side.
    slow.socket.on('end', () => {});
    await until(() => slow.isOver);
    expect(slow.heard).toMatch(/^HTTP\/1\.1 40[014] /);
  }
});
