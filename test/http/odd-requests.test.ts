/** Any request to any address gets our answer, causes no mistake, and leaves no text in the log. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoors, type TestDoors } from '../support/doors.ts';

const SEEDS = 400;
/** Part of every requested address. */
const NAME = 'maria-da-silva';

let doors: TestDoors;
const lines: string[] = [];

beforeAll(async () => {
  doors = await openDoors({ logLine: (line) => lines.push(line), debtorPhone: true });
  for (const login of ['admin', 'ana']) await doors.signIn(login);
});
afterAll(() => doors.stop());

/** As written: a client library would tidy it up first. */
function send(text: string): Promise<string> {
  const { hostname, port } = new URL(doors.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let heard = '';
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.end(Buffer.from(text, 'latin1'));
  });
}

type Request = { method: string; target: string; headers: [string, string][]; body: string };

function written({ method, target, headers, body }: Request): string {
  const lengths =
    body === '' ? [] : [['content-length', String(Buffer.byteLength(body, 'latin1'))]];
  const all = [['host', new URL(doors.url).host], ['connection', 'close'], ...headers, ...lengths];
  const head = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${method} ${target} HTTP/1.1\r\n${head}\r\n${body}`;
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);

const nested = (depth: number) =>
  fc
    .constantFrom(['[', ']'], ['{"a":', '}'], ['{"rows":[', ']}'])
    .map(([open = '', close = '']) => {
      const inner = open.endsWith(':') ? '1' : '';
      return open.repeat(depth) + inner + close.repeat(depth);
    });

/** Printable, but for what ends a line of HTTP. */
const odd = fc.string({
  unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 30,
});
const piece = fc.oneof(
  ...[
    odd,
    fc.constantFrom('[', '//[', '%', '%zz', '%00', '%2e%2e', '..', '\\', '*', '?', '#', ':'),
  ],
  fc.constantFrom('user_nobody', 'list_1', 'campaign_1', 'user_ana', '__proto__', 'x'.repeat(300)),
);

const target = () =>
  fc
    .record({
      start: fc.oneof(
        fc.constantFrom(...doors.http.routes.map(({ path }) => path)),
        fc.constantFrom(
          '/',
          '//',
          '//[',
          '/assets/',
          '/socket.io/',
          '/sip',
          'http://',
          '*',
          '[',
          '',
        ),
      ),
      pieces: fc.array(piece, { minLength: 1, maxLength: 4 }),
      query: fc.option(fc.array(piece, { maxLength: 4 })),
    })
    .map(({ start, pieces, query }) => {
      let next = 0;
      const filled = start.replace(/:\w+/g, () => pieces[next++ % pieces.length] ?? '');
      const path = next > 0 ? filled : filled + pieces.join('/');
      const name = `name=${NAME}`;
      return `${path}?${query ? [...query, name].join('&') : name}`.replace(/[\s]/g, '');
    });

const header = fc.oneof(
  fc.tuple(
    fc.constantFrom('cookie', 'authorization', 'origin', 'idempotency-key', 'accept', 'range'),
    fc.oneof(odd, fc.constantFrom('Bearer x', 'cadencia=', 'null', 'bytes=0-', 'Bearer cadencia_')),
  ),
  fc.tuple(
    fc.constantFrom('content-type', 'x-forwarded-for', 'if-none-match', 'content-encoding'),
    fc.oneof(
      odd,
      fc.constantFrom('text/csv', 'application/json; charset=utf-7', 'gzip', '6.6.6.6'),
    ),
  ),
);

const request = () =>
  fc.record({
    method: fc.constantFrom(
      'GET',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'HEAD',
      'OPTIONS',
      'TRACE',
      'X',
    ),
    target: target(),
    as: fc.constantFrom('admin', 'ana', undefined),
    headers: fc.array(header, { maxLength: 3 }),
    body: fc.oneof(
      ...[fc.constant(''), fc.json(), odd, nested(20), nested(60), nested(30_000)],
      fc.constantFrom('{"__proto__":1}', '{"login":{"a":1}}', 'null', '0', '"', '{"rows":[{}]}'),
    ),
    json: fc.boolean(),
  });

test('no address, method, header or depth causes a mistake of ours or gets into the log', async () => {
  await fc.assert(
    fc.asyncProperty(request(), async ({ as, json, headers, ...given }) => {
      const own: [string, string][] = [
        ...(as ? [['cookie', doors.cookieOf(as)] as [string, string]] : []),
        ['origin', doors.origin],
        ...(json ? [['content-type', 'application/json'] as [string, string]] : []),
      ];
      lines.length = 0;
      const answer = await send(written({ ...given, headers: [...own, ...headers] }));
      const status = statusOf(answer);
      expect(status, answer).toBeGreaterThanOrEqual(200);
      expect(status, answer).toBeLessThan(500);
      expect(lines.join('')).not.toContain(NAME);
      expect(lines.filter((line) => line.includes('"level":50'))).toEqual([]);
    }),
    { numRuns: SEEDS },
  );
  expect((await doors.ask('GET', '/health')).status).toBe(200);
}, 120_000);

test.each(['//[', '//[?x', '/%zz', '/%', '/api/lists/%00', '/\\', '/api/lists/%', '/%ff', '//'])(
  'answers GET %s with a problem or the page, without repeating it',
  async (target) => {
    lines.length = 0;
    const answer = await send(written({ method: 'GET', target, headers: [], body: '' }));
    expect([400, 401, 404]).toContain(statusOf(answer));
    expect(answer).toContain('application/problem+json');
    expect(answer.slice(answer.indexOf('\r\n\r\n'))).not.toContain(target === '//' ? '[' : target);
  },
);

test('text that is no HTTP gets a problem in the same form', async () => {
  const answer = await send('what is this\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"malformed-request"');
  const long = await send(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`);
  expect(long).toMatch(/^HTTP\/1\.1 431 /);
});

test('a deeply nested row is refused, with a key and without', async () => {
  // One of the odd requests may have signed out.
  await doors.signIn('admin');
  const row = `{"rows":[{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`;
  for (const headers of [{}, { 'idempotency-key': 'deep' }]) {
    const answer = await doors.ask('POST', '/api/v1/campaigns/campaign_1/leads', {
      ...{ as: 'admin', body: row, headers: { 'content-type': 'application/json', ...headers } },
    });
    expect(answer.json).toMatchObject({ status: 400, code: 'malformed-request' });
    expect(answer.json.detail).toContain('32');
  }
  // Brackets in a text are no levels.
  const text = JSON.stringify({ rows: [{ nome: '[{'.repeat(100) }] });
  const flat = await doors.ask('POST', '/api/v1/campaigns/campaign_1/leads', {
    ...{ as: 'admin', body: text, headers: { 'content-type': 'application/json' } },
  });
  expect(flat.status).toBe(200);
});
