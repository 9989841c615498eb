import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { given } from '../../src/lib/given.ts';
import { say } from '../../src/words/say.ts';
import { openDoors, PASSWORD, type TestDoors } from '../support/doors.ts';

let doors: TestDoors;

beforeAll(async () => {
  doors = await openDoors();
  for (const login of ['admin', 'supervisora']) await doors.signIn(login);
});
afterAll(() => doors.stop());
beforeEach(() => {
  doors.engine.ran.length = 0;
  doors.engine.answer = () => ({ ok: true });
});

const asAdmin = (method: string, path: string, body?: unknown) =>
  doors.ask(method, path, { as: 'admin', ...given({ body }) });

test('adds a user, shows the first password once, and tells the engine', async () => {
  const body = { login: 'carla', name: 'Carla Dias', role: 'agent' };
  const made = await asAdmin('POST', '/api/users', body);
  expect(made.status).toBe(201);
  expect(made.json.user).toMatchObject({ login: 'carla', enabled: true, mustChangePassword: true });
  expect(made.json.password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  expect(doors.engine.ranOf('people-changed')).toHaveLength(1);
  expect((await doors.signIn('carla', made.json.password)).status).toBe(200);
  const again = await asAdmin('POST', '/api/users', body);
  expect(again.json).toMatchObject({ status: 409, code: 'login-taken' });
});

test('adds a user who is limited to creditors, whom the list of users names', async () => {
  const { creditors } = (await asAdmin('GET', '/api/users')).json;
  const [first] = creditors;
  expect(first.name).not.toBe('');
  const news = { login: 'limitada', name: 'Pessoa Limitada', role: 'supervisor' };
  const made = await asAdmin('POST', '/api/users', { ...news, limitedTo: [first.id] });
  expect(made.json.user, made.text).toMatchObject({ limitedTo: [first.id] });
  const [row] = (await asAdmin('GET', '/api/audit?kind=people&limit=1')).json.entries;
  expect(JSON.parse(row.to)).toMatchObject({ role: 'supervisor', limitedTo: [first.name] });
  const unknown = { ...news, login: 'outra', limitedTo: ['creditor_x'] };
  expect((await asAdmin('POST', '/api/users', unknown)).json).toMatchObject({
    ...{ status: 422, code: 'unknown-creditor' },
  });
});

test('a disabled user is out at once and cannot come back', async () => {
  await doors.signIn('bruno');
  const answer = await asAdmin('PATCH', '/api/users/user_bruno', { enabled: false });
  expect(answer.json.user.enabled).toBe(false);
  expect((await doors.ask('GET', '/api/session', { as: 'bruno' })).status).toBe(401);
  expect((await doors.signIn('bruno')).json.code).toBe('wrong-credentials');
  await asAdmin('PATCH', '/api/users/user_bruno', { enabled: true });
  expect((await doors.signIn('bruno')).status).toBe(200);
});

test('an admin cannot lock themselves out', async () => {
  const disabled = await asAdmin('PATCH', '/api/users/user_admin', { enabled: false });
  expect(disabled.json).toMatchObject({ status: 409, code: 'not-yourself' });
  const demoted = await asAdmin('PATCH', '/api/users/user_admin', { role: 'agent' });
  expect(demoted.json.code).toBe('not-yourself');
  const reset = await asAdmin('POST', '/api/users/user_admin/password-reset');
  expect(reset.json.code).toBe('not-yourself');
  expect((await doors.signIn('admin', PASSWORD)).status).toBe(200);
});

test('writes the acting user into the audit trail, without any secret', async () => {
  const { json } = await asAdmin('POST', '/api/users/user_ana/password-reset');
  const audit = await asAdmin('GET', '/api/audit?limit=5');
  expect(audit.json.entries[0]).toMatchObject({
    ...{ by: { kind: 'person', name: 'Admin' }, address: '127.0.0.1', subjectName: 'Ana' },
    ...{ subject: 'user', subjectId: 'user_ana', change: 'password-reset' },
  });
  expect(audit.text).not.toContain(json.password);
});

test('looks through the audit trail by kind, person and day, page by page', async () => {
  await doors.signIn('bruno');
  await doors.signIn('bruno', 'a-wrong-one');
  const read = async (query: string) =>
    (await asAdmin('GET', `/api/audit?${query}`)).json as {
      entries: { id: number; change: string; by: { kind: string } }[];
      isMore: boolean;
    };
  const access = await read('kind=access&userId=user_bruno');
  const kinds = access.entries.slice(0, 2).map(({ change, by }) => `${by.kind} ${change}`);
  expect(kinds).toEqual(['stranger sign-in-failed', 'person signed-in']);
  const first = await read('limit=1');
  expect(first).toMatchObject({ isMore: true, entries: [{ change: 'sign-in-failed' }] });
  const second = await read(`limit=1&olderThanId=${first.entries[0]?.id}`);
  expect(second.entries[0]?.change).toBe('signed-in');
  expect(await read(`before=1`)).toEqual({ entries: [], isMore: false });
  expect((await read('kind=operation&from=2')).entries).toEqual([]);
  expect((await asAdmin('GET', '/api/audit?kind=sudo')).status).toBe(400);
});

test('answers unknown ids with a problem', async () => {
  const unknown = await asAdmin('PATCH', '/api/users/user_nobody', { name: 'Nobody' });
  expect(unknown.json).toMatchObject({ status: 404, code: 'unknown-user' });
  const route = await asAdmin('GET', '/api/nothing-here');
  expect(route.json).toMatchObject({ status: 404, code: 'not-found' });
  const body = await asAdmin('POST', '/api/users', { login: 'X', name: '', shoes: 43 });
  expect(body.json).toMatchObject({ status: 400, code: 'malformed-request' });
  expect(body.json.issues.map((one: { path: string }) => one.path)).toEqual(
    expect.arrayContaining(['body.login', 'body.name', 'body.role', 'body']),
  );
  const broken = await doors.ask('POST', '/api/users', {
    ...{ as: 'admin', body: '{"login":', headers: { 'content-type': 'application/json' } },
  });
  expect(broken.json).toMatchObject({ status: 400, code: 'malformed-request' });
  const large = await asAdmin('POST', '/api/users', { name: 'x'.repeat(70_000) });
  expect(large.json).toMatchObject({ status: 413, code: 'too-large' });
});

test('hands a supervisor’s actions to the engine, with the user and the address', async () => {
  const answer = await doors.ask('PATCH', '/api/campaigns/campaign_1', {
    as: 'supervisora',
    body: { state: 'paused', ratio: 2.5 },
  });
  expect(answer.status).toBe(204);
  expect(doors.engine.ran).toEqual([
    {
      ...{ kind: 'change-campaign', byUserId: 'user_supervisora', campaignId: 'campaign_1' },
      ...{ change: { state: 'paused', ratio: 2.5 }, address: '127.0.0.1', scope: HOUSE },
    },
  ]);
  await doors.ask('PUT', '/api/campaigns/campaign_1/agents/user_ana', { as: 'supervisora' });
  await doors.ask('DELETE', '/api/campaigns/campaign_1/agents/user_ana', { as: 'supervisora' });
  await doors.ask('POST', '/api/agents/user_ana/pause', { as: 'supervisora' });
  await doors.ask('POST', '/api/agents/user_ana/sign-out', { as: 'supervisora' });
  expect(doors.engine.ran.slice(1)).toMatchObject([
    { kind: 'assign-agent', agentId: 'user_ana', assigned: true },
    { kind: 'assign-agent', agentId: 'user_ana', assigned: false },
    { kind: 'pause-agent', agentId: 'user_ana' },
    { kind: 'sign-out-agent', agentId: 'user_ana' },
  ]);
  for (const [path, body] of [
    ['/api/agents/user_ana/rest', { at: null }],
    ['/api/agents/user_ana/take-back', { what: 'pause' }],
    ['/api/calls/call_1/disposition', { code: 'dropped' }],
    ['/api/calls/call_1/give-back'],
    ['/api/phones/unwanted/block_1/lift', { because: 'pediu contato' }],
    ['/api/phones/unwanted/block_1/keep', { because: 'reclamou disso' }],
  ] as const) {
    const done = await doors.ask('POST', path, { as: 'supervisora', body });
    expect(done.status, path).toBe(204);
  }
  expect(doors.engine.ran).toHaveLength(11);
  for (const command of doors.engine.ran) {
    expect(command).toMatchObject({ byUserId: 'user_supervisora', address: '127.0.0.1' });
  }
  const short = { as: 'supervisora', body: { because: '   ok   ' } };
  const refused = await doors.ask('POST', '/api/phones/unwanted/block_1/lift', short);
  expect(refused.json.code).toBe('malformed-request');
});

test('explains that mode preview does not dial, and only for that word', async () => {
  const asked = async (mode: string) =>
    (await asAdmin('PATCH', '/api/campaigns/campaign_1', { mode })).json;
  const ranBefore = doors.engine.ran.length;
  expect(await asked('preview')).toMatchObject({
    status: 400,
    issues: [{ path: 'body.mode', message: expect.stringContaining('does not dial') }],
  });
  const { issues } = await asked('manual');
  expect(issues).toMatchObject([{ path: 'body.mode' }]);
  expect(issues[0].message).not.toContain('does not dial');
  expect(doors.engine.ran).toHaveLength(ranBefore);
});

test('passes on the engine’s refusal by its code', async () => {
  doors.engine.answer = () => ({
    ok: false,
    code: 'server-busy',
    detail: say('again-in-a-second'),
  });
  const body = { linesMax: 10 };
  const answer = await asAdmin('PATCH', '/api/campaigns/campaign_1', body);
  expect(answer.json).toMatchObject({
    status: 503,
    code: 'server-busy',
    detail: 'Too much is waiting. Try again in a second.',
  });
  expect(answer.headers['retry-after']).toBe('1');
  const unknown = await asAdmin('PATCH', '/api/campaigns/campaign_9', body);
  expect(unknown.json).toMatchObject({ status: 404, code: 'unknown-campaign' });
});

test('says a problem in the language that the program or the person prefers, by one code', async () => {
  doors.engine.answer = () => ({ ok: false, code: 'not-now', detail: say('call-in-hand') });
  const asked = (language: string) =>
    doors.ask('PATCH', '/api/campaigns/campaign_1', {
      ...{ as: 'admin', body: { linesMax: 10 }, headers: { 'accept-language': language } },
    });
  const code = 'not-now';
  expect((await asked('pt-BR,en;q=0.5')).json).toMatchObject({
    ...{ code, title: 'Não é possível neste momento', detail: 'Há uma ligação em andamento.' },
  });
  expect((await asked('en')).json).toMatchObject({
    ...{ code, title: 'Not possible at this moment', detail: 'There is a call in hand.' },
  });
  await doors.ask('PUT', '/api/session/language', { as: 'admin', body: { language: 'pt-BR' } });
  expect((await asked('en')).json).toMatchObject({ code, detail: 'Há uma ligação em andamento.' });
  await doors.ask('PUT', '/api/session/language', { as: 'admin', body: { language: 'en' } });
});

test('a mistake of ours is a 500 without its details', async () => {
  doors.engine.answer = () => Promise.reject(new Error('secret detail'));
  const answer = await asAdmin('PATCH', '/api/campaigns/campaign_1', { linesMax: 10 });
  expect(answer.json).toMatchObject({ status: 500, code: 'mistake' });
  expect(answer.text).not.toContain('secret detail');
});
