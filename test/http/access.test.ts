import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../src/engine/ports/accounts.ts';
import type { RouteReach } from '../../src/http/route.ts';
import { openDoors, PEOPLE, type TestDoors } from '../support/doors.ts';

/**
 * Every route with its allowed callers. A route that is missing here, or open to others, fails a
 * test, so that access is always decided on purpose.
 */
const EXPECTED: Readonly<Record<string, 'public' | readonly string[]>> = {
  'POST /api/session': 'public',
  'GET /api/session': ['agent', 'supervisor', 'admin'],
  'DELETE /api/session': ['agent', 'supervisor', 'admin'],
  'PUT /api/session/password': ['agent', 'supervisor', 'admin'],
  'PUT /api/session/language': ['agent', 'supervisor', 'admin'],
  'GET /api/undisposed-calls': ['supervisor', 'admin'],
  'GET /api/users': ['admin'],
  'POST /api/users': ['admin'],
  'PATCH /api/users/:id': ['admin'],
  'POST /api/users/:id/password-reset': ['admin'],
  'GET /api/tokens': ['admin'],
  'POST /api/tokens': ['admin'],
  'DELETE /api/tokens/:id': ['admin'],
  'GET /api/campaigns': ['supervisor', 'admin', 'campaigns:read'],
  'GET /api/campaigns/:id/screening': ['supervisor', 'admin', 'campaigns:read'],
  'GET /api/campaigns/:id/versions': ['supervisor', 'admin', 'campaigns:read'],
  'PATCH /api/campaigns/:id': ['supervisor', 'admin'],
  'PUT /api/campaigns/:id/agents/:agentId': ['supervisor', 'admin'],
  'DELETE /api/campaigns/:id/agents/:agentId': ['supervisor', 'admin'],
  'POST /api/agents/:id/pause': ['supervisor', 'admin'],
  'POST /api/agents/:id/sign-out': ['supervisor', 'admin'],
  'GET /api/phones/unwanted': ['supervisor', 'admin'],
  'POST /api/phones/unwanted/:blockId/lift': ['supervisor', 'admin'],
  'POST /api/phones/unwanted/:blockId/keep': ['supervisor', 'admin'],
  'POST /api/phones/unwanted/:blockId/ask-lift': ['supervisor', 'admin'],
  'POST /api/approvals/:approvalId/approve': ['supervisor', 'admin'],
  'POST /api/approvals/:approvalId/refuse': ['supervisor', 'admin'],
  'POST /api/approvals/:approvalId/withdraw': ['supervisor', 'admin'],
  'POST /api/agents/:id/take-back': ['supervisor', 'admin'],
  'POST /api/calls/:id/disposition': ['supervisor', 'admin'],
  'POST /api/calls/:id/give-back': ['supervisor', 'admin'],
  'POST /api/agents/:id/rest': ['supervisor', 'admin'],
  'POST /api/v1/campaigns/:id/leads': ['admin', 'lists:write'],
  'POST /api/campaigns/:id/lists': ['admin', 'lists:write'],
  'POST /api/campaigns/:id/what-if': ['supervisor', 'admin'],
  'GET /api/campaigns/:id/lists': ['admin', 'lists:read'],
  'GET /api/lists/:id': ['admin', 'lists:read'],
  'GET /api/lists/:id/rejections.csv': ['admin', 'lists:read'],
  'GET /api/audit': ['admin'],
  'GET /api/debtor-phone': 'public',
  'GET /health': 'public',
  'GET /api/openapi.json': 'public',
};

let doors: TestDoors;

beforeAll(async () => {
  doors = await openDoors();
  for (const login of Object.keys(PEOPLE)) await doors.signIn(login);
});
afterAll(() => doors.stop());

test('knows exactly these routes, open to exactly these callers', () => {
  const found = Object.fromEntries(
    doors.http.routes.map(({ method, path, access }) => [
      `${method} ${path}`,
      access === 'public'
        ? access
        : [...access.roles, ...(access.scope === undefined ? [] : [access.scope])],
    ]),
  );
  expect(found).toEqual(EXPECTED);
});

/** How far each route reaches. Whether it does so is seen in `creditors.test.ts`. */
const REACH: Readonly<Record<RouteReach, readonly string[]>> = {
  none: [
    'POST /api/session',
    'GET /api/session',
    'DELETE /api/session',
    'PUT /api/session/password',
    'PUT /api/session/language',
    'GET /api/debtor-phone',
    'GET /health',
    'GET /api/openapi.json',
  ],
  house: [
    'GET /api/users',
    'POST /api/users',
    'PATCH /api/users/:id',
    'POST /api/users/:id/password-reset',
    'GET /api/tokens',
    'POST /api/tokens',
    'DELETE /api/tokens/:id',
  ],
  campaign: [
    'GET /api/campaigns/:id/screening',
    'GET /api/campaigns/:id/versions',
    'GET /api/campaigns/:id/lists',
    'POST /api/campaigns/:id/lists',
    'POST /api/v1/campaigns/:id/leads',
    'POST /api/campaigns/:id/what-if',
  ],
  creditors: [
    'GET /api/campaigns',
    'GET /api/undisposed-calls',
    'GET /api/phones/unwanted',
    'GET /api/lists/:id',
    'GET /api/lists/:id/rejections.csv',
    'GET /api/audit',
  ],
  command: [
    'PATCH /api/campaigns/:id',
    'PUT /api/campaigns/:id/agents/:agentId',
    'DELETE /api/campaigns/:id/agents/:agentId',
    'POST /api/agents/:id/pause',
    'POST /api/agents/:id/sign-out',
    'POST /api/agents/:id/rest',
    'POST /api/agents/:id/take-back',
    'POST /api/calls/:id/disposition',
    'POST /api/calls/:id/give-back',
    'POST /api/phones/unwanted/:blockId/lift',
    'POST /api/phones/unwanted/:blockId/keep',
    'POST /api/phones/unwanted/:blockId/ask-lift',
    'POST /api/approvals/:approvalId/approve',
    'POST /api/approvals/:approvalId/refuse',
    'POST /api/approvals/:approvalId/withdraw',
  ],
};

test('every route declares how far it reaches among what is of creditors', () => {
  const declared = Object.entries(REACH).flatMap(([reach, names]) =>
    names.map((name) => `${name}: ${reach}`),
  );
  const found = doors.http.routes.map(({ method, path, reach }) => `${method} ${path}: ${reach}`);
  expect(found.sort()).toEqual(declared.sort());
});

const LOGIN_OF: Readonly<Record<Role, string>> = {
  agent: 'bruno',
  supervisor: 'supervisora',
  admin: 'admin',
};

describe.each(Object.entries(EXPECTED).filter(([, who]) => who !== 'public'))('%s', (name, who) => {
  const [method = '', pattern = ''] = name.split(' ');
  const path = pattern.replace(/:\w+/g, 'user_nobody');

  test('is closed to strangers, to foreign pages and to made-up tokens', async () => {
    const stranger = await doors.ask(method, path);
    expect(stranger.json).toMatchObject({ status: 401, code: 'not-signed-in' });
    const headers = { authorization: 'Bearer cadencia_made-up' };
    expect((await doors.ask(method, path, { headers })).json.code).toBe('token-invalid');
    if (method === 'GET') return;
    for (const origin of ['https://evil.example', 'null', null]) {
      const foreign = await doors.ask(method, path, { as: 'admin', origin });
      expect(foreign.json).toMatchObject({ status: 403, code: 'foreign-origin' });
    }
  });

  test('is closed to every role that is not named', async () => {
    for (const role of ['agent', 'supervisor', 'admin'] as const) {
      if (who.includes(role)) continue;
      const answer = await doors.ask(method, path, { as: LOGIN_OF[role] });
      expect(answer.json).toMatchObject({ status: 403, code: 'role-not-allowed' });
    }
  });
});

test('refuses to sign anybody in from a foreign page', async () => {
  const answer = await doors.ask('POST', '/api/session', {
    body: { login: 'ana', password: 'x' },
    origin: 'https://evil.example',
  });
  expect(answer.json.code).toBe('foreign-origin');
});

test('a route without declared access stops the server from being built', async () => {
  const { fastify } = await import('fastify');
  const { guardRoutes } = await import('../../src/http/auth.ts');
  const app = fastify();
  const { sessions, origins, addresses } = doors.http;
  const { accounts } = doors.storage;
  guardRoutes(app, { accounts, sessions, origins, addresses, now: Date.now } as never);
  expect(() => app.get('/forgotten', () => 'open')).toThrow('declares who may call it');
  await app.close();
});

test('a token opens what its scopes say, until it is revoked', async () => {
  const body = { name: 'CRM', scopes: ['lists:read'] };
  const made = await doors.ask('POST', '/api/tokens', { as: 'admin', body });
  expect(made.status).toBe(201);
  const headers = { authorization: `Bearer ${made.json.token}` };
  const asToken = (method: string, path: string) =>
    doors.ask(method, path, { headers, origin: null });
  expect((await asToken('GET', '/api/campaigns/campaign_1/lists')).status).toBe(200);
  expect((await asToken('GET', '/api/campaigns')).json.code).toBe('token-lacks-scope');
  expect((await asToken('GET', '/api/users')).json.code).toBe('token-lacks-scope');
  const listed = await doors.ask('GET', '/api/tokens', { as: 'admin' });
  expect(listed.text).not.toContain(made.json.token);
  expect(listed.json.tokens[0]).toMatchObject({ name: 'CRM', revokedAt: null });
  const revoked = await doors.ask('DELETE', `/api/tokens/${made.json.id}`, { as: 'admin' });
  expect(revoked.status).toBe(204);
  const after = await asToken('GET', '/api/campaigns/campaign_1/lists');
  expect(after.json).toMatchObject({ status: 401, code: 'token-invalid' });
});

test('a token ends on its day', async () => {
  const body = { name: 'Short', scopes: ['lists:read'], expiresInDays: 1 };
  const { json } = await doors.ask('POST', '/api/tokens', { as: 'admin', body });
  const headers = { authorization: `Bearer ${json.token}` };
  doors.clock.skipMs += 86_400_001;
  const answer = await doors.ask('GET', '/api/campaigns/campaign_1/lists', { headers });
  doors.clock.skipMs -= 86_400_001;
  expect(answer.json.code).toBe('token-invalid');
});
