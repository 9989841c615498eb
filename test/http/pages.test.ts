import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../src/http/security-headers.ts';
import { openDoors, type TestDoors } from '../support/doors.ts';

let doors: TestDoors;
const build = mkdtempSync(join(tmpdir(), 'cadencia-build-'));

beforeAll(async () => {
  writeFileSync(join(build, 'index.html'), '<!doctype html><title>Cadência</title>');
  mkdirSync(join(build, 'assets'));
  writeFileSync(join(build, 'assets', 'app-1a2b3c.js'), 'export {};');
  writeFileSync(join(build, '..', 'outside.txt'), 'not for anybody');
  doors = await openDoors({ webFolder: build });
});
afterAll(async () => {
  await doors.stop();
  rmSync(build, { recursive: true });
});

test.each(['/', '/entrar', '/agente', '/supervisor', '/admin', '/telefone-devedor'])(
  'gives the one document at %s',
  async (path) => {
    const answer = await doors.ask('GET', path);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Cadência');
    expect(answer.headers['cache-control']).toBe('no-cache');
  },
);

test('lets browsers cache only assets for ever', async () => {
  const asset = await doors.ask('GET', '/assets/app-1a2b3c.js');
  expect(asset.headers['cache-control']).toContain('immutable');
  expect(asset.headers['content-type']).toContain('javascript');
  expect((await doors.ask('GET', '/assets/absent.js')).status).toBe(404);
});

test('gives no file outside of the build', async () => {
  for (const path of ['/../outside.txt', '/%2e%2e/outside.txt', '/..%2foutside.txt']) {
    const answer = await asWritten(path);
    expect(answer).toMatch(/^HTTP\/1\.1 40[0-9] /);
    expect(answer).not.toContain('not for anybody');
  }
});

/** A client would tidy the path up first. */
function asWritten(path: string): Promise<string> {
  const { hostname, port, host } = new URL(doors.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  });
}

test('forbids inline scripts, framing and foreign connections', async () => {
  const { headers } = await doors.ask('GET', '/agente');
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain(`connect-src 'self' ws://localhost:${new URL(doors.url).port} `);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['permissions-policy']).toContain('microphone=(self)');
  expect(headers['strict-transport-security']).toBeUndefined();
});

test.each([
  ['loopback', ['http://localhost:8443', 'http://127.0.0.1:8443', 'http://[::1]:8443']],
  ['a local network with TLS', ['https://192.168.0.7:8443', 'https://[fe80::1]:8443']],
  ['a name', ['https://discador.example.com']],
])('at %s the policy names our sockets, and no invalid source', (_name, origins) => {
  const policy = contentSecurityPolicy(origins);
  const sources = /connect-src ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? [];
  expect(sources[0]).toBe("'self'");
  for (const source of sources.slice(1)) {
    expect(source).toMatch(/^wss?:\/\/[a-z0-9.-]+(:\d+)?$/);
  }
  const named = origins.filter((origin) => !origin.includes('[')).length;
  expect(sources).toHaveLength(1 + named);
});

test('answers unknown API routes with a problem, also to browsers', async () => {
  const answer = await doors.ask('GET', '/api/absent');
  expect(answer.json).toMatchObject({ status: 404, code: 'not-found' });
});

test('offers no root certificate by default', async () => {
  expect((await doors.ask('GET', '/ca.crt')).status).toBe(404);
});

test('describes every route in the OpenAPI document', async () => {
  const { json } = await doors.ask('GET', '/api/openapi.json');
  expect(json.openapi).toBe('3.1.0');
  for (const { method, path } of doors.http.routes) {
    if (path === '/api/openapi.json') continue;
    const operation = json.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    expect(operation?.summary, `${method} ${path}`).toBeTruthy();
  }
  const leads = json.paths['/api/v1/campaigns/{id}/leads'].post;
  expect(leads.security).toEqual([{ session: [] }, { token: ['lists:write'] }]);
  expect(leads.requestBody.content['application/json'].schema.properties.rows.type).toBe('array');
  expect(leads.parameters).toMatchObject([{ name: 'id', in: 'path', required: true }]);
});
