/**
 * Accounts limited to a creditor, on real HTTP and sockets, with two creditors on one floor: nothing of
 * the other one is shown to them, and nothing of it do they steer.
 */
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role, User } from '../../src/engine/ports/accounts.ts';
import { present } from '../../src/lib/assert.ts';
import type { CampaignId } from '../../src/lib/ids.ts';
import { auditKind } from '../../src/protocol/admin.ts';
import { board, logMessage, supervisorSnapshot } from '../../src/protocol/supervisor.ts';
import { connected, openSocket, until } from '../support/doors.ts';
import { openRealDoors, type RealDoors } from '../support/real-doors.ts';
import { type Answer, send } from '../support/send.ts';
import {
  anHourOfCalls,
  floorOfTwo,
  JOINT_CAMPAIGN,
  LUA,
  LUA_CAMPAIGN,
  listOf,
  SOL,
  SOL_CAMPAIGN,
  wordsOfOthers,
} from '../support/two-creditors.ts';

type Login = 'limitada' | 'gestora' | 'livre';

const ROLES: Readonly<Record<Login, Role>> = {
  limitada: 'supervisor',
  gestora: 'admin',
  livre: 'supervisor',
};

const LIMITED: readonly Login[] = ['limitada', 'gestora'];
const CAMPAIGNS: readonly CampaignId[] = [SOL_CAMPAIGN, LUA_CAMPAIGN, JOINT_CAMPAIGN];
const OTHERS: readonly CampaignId[] = [LUA_CAMPAIGN, JOINT_CAMPAIGN];
const WHY = 'ligou de volta e pediu contato';
const CSV = { 'content-type': 'text/csv' };

let doors: RealDoors;
/** Sockets of pages, with all that came over them. */
const pages = new Map<Login, { readonly socket: Socket; readonly messages: [string, unknown][] }>();
const cookies = new Map<Login, string>();
/** Lists that were uploaded, by their campaigns. */
const uploaded = new Map<CampaignId, string>();
let approvalId: string;

const userOf = (login: Login): User => ({
  ...{ id: `user_${login}`, login, name: `Pessoa ${login}`, role: ROLES[login], enabled: true },
  ...{ mustChangePassword: false, language: null, createdAt: 1 },
});

const ask = (
  login: Login,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => {
  const json = body !== undefined && typeof body !== 'string';
  return send(
    { url: doors.origin + path, method, body: json ? JSON.stringify(body) : body, ca: undefined },
    {
      ...{ origin: doors.origin, cookie: present(cookies.get(login), `${login} is signed in`) },
      ...(json ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
  );
};

const asAdmin = (method: string, path: string, body: unknown) =>
  doors.ask('admin', method, path, JSON.stringify(body), { 'content-type': 'application/json' });

async function signIn(login: Login): Promise<void> {
  const { cookie } = await doors.http.sessions.begin(userOf(login), '127.0.0.1');
  cookies.set(login, cookie.split(';')[0] ?? '');
}

async function openPage(login: Login): Promise<void> {
  const cookie = present(cookies.get(login), 'signed in');
  const socket = openSocket(`${doors.origin}/supervisor`, { origin: doors.origin, cookie });
  const messages: [string, unknown][] = [];
  socket.onAny((name: string, message: unknown) => messages.push([name, message]));
  await connected(socket);
  pages.set(login, { socket, messages });
}

/** A file of Sol's and one of each other campaign, each with a row that is refused. */
async function upload(): Promise<void> {
  for (const campaignId of CAMPAIGNS) {
    const isSol = campaignId === SOL_CAMPAIGN;
    const name = isSol ? 'lista de Sol' : 'lista dos outros';
    const person = isSol ? 'Jacira Dourado' : 'Zulmira Prateado';
    const file = `id;nome;telefone\nF-1;${person};123\n`;
    const path = `/api/campaigns/${campaignId}/lists?name=${encodeURIComponent(name)}`;
    const answer = await doors.ask('admin', 'POST', path, file, CSV);
    expect(answer.status, answer.text).toBe(201);
    uploaded.set(campaignId, answer.json.id);
  }
}

beforeAll(async () => {
  doors = await openRealDoors(floorOfTwo({ approvalNeededFor: ['release-unwanted'] }));
  const { accounts } = doors.world.storage;
  for (const login of Object.keys(ROLES) as Login[]) {
    const user = userOf(login);
    const audit = { at: 1, subject: 'user', subjectId: user.id, change: 'created' } as const;
    await accounts.insertUser(user, 'hash', audit);
  }
  await signIn('limitada');
  for (const login of LIMITED) {
    const limited = await asAdmin('PATCH', `/api/users/user_${login}`, { limitedTo: [SOL] });
    expect(limited.json.user, limited.text).toMatchObject({ limitedTo: [SOL] });
  }
  // Who is limited is signed out.
  expect((await ask('limitada', 'GET', '/api/session')).status).toBe(401);
  for (const login of Object.keys(ROLES) as Login[]) {
    await signIn(login);
    await openPage(login);
  }
  await anHourOfCalls(doors.world);
  await upload();
  const phones = await ask('livre', 'GET', '/api/phones/unwanted');
  const ofLua = phones.json.phones.find(
    ({ call }: { call: { campaignName: string } }) => call.campaignName === 'Lunar 90+',
  );
  const path = `/api/phones/unwanted/${ofLua.blockId}/ask-lift`;
  expect((await ask('livre', 'POST', path, { because: WHY })).status).toBe(204);
  const open = await doors.world.storage.store.read((view) => view.openApprovals());
  approvalId = present(open[0], 'it was asked').id;
}, 60_000);
afterAll(async () => {
  for (const { socket } of pages.values()) socket.disconnect();
  await doors.stop();
});

const matchesIn = (text: string) => [...new Set(text.match(wordsOfOthers()) ?? [])];

/** Every address that a GET route has here, with all there is in place of its parameters. */
function addressesOf(path: string): string[] {
  if (path === '/api/audit')
    return [path, ...auditKind.options.map((kind) => `${path}?kind=${kind}`)];
  if (!path.includes(':')) return [path];
  const ids = path.startsWith('/api/campaigns/:id')
    ? CAMPAIGNS
    : [...CAMPAIGNS.map(listOf), ...uploaded.values()];
  return ids.map((id) => path.replace(':id', id));
}

const readable = () => doors.http.routes.filter(({ method }) => method === 'GET');

describe.each(LIMITED)('%s, who is limited to Sol,', (login) => {
  test('finds nothing of others behind any address that can be read', async () => {
    let answered = 0;
    for (const { path, access } of readable()) {
      for (const address of addressesOf(path)) {
        const { status, text } = await ask(login, 'GET', address);
        // Who watches the server from outside knows campaigns by their ids.
        const ids: readonly string[] = access === 'public' ? OTHERS : [];
        const found = matchesIn(text).filter((match) => !ids.includes(match));
        expect(found, `${address} ${status}`).toEqual([]);
        expect([200, 403, 404, 503], `${address} ${text}`).toContain(status);
        const isOpen = access === 'public' || access.roles.includes(ROLES[login]);
        if (status === 200 && isOpen && access !== 'public') answered += 1;
      }
    }
    expect(answered).toBeGreaterThan(5);
  });

  test('is told nothing of others over the socket', async () => {
    const { socket, messages } = present(pages.get(login), 'there is a page');
    const names = () => new Set(messages.map(([name]) => name));
    await until(() => names().has('board') && names().has('log'), 5_000);
    const snapshot = supervisorSnapshot.parse(await socket.timeout(2_000).emitWithAck('snapshot'));
    expect(matchesIn(JSON.stringify([...messages, snapshot]))).toEqual([]);
    expect(snapshot.board.campaigns.map(({ id }) => id)).toEqual([SOL_CAMPAIGN]);
    // Who works for others only is not seen; who works for nobody may be put into a campaign.
    expect(snapshot.board.agents.map(({ id }) => id)).toEqual([
      'user_agent1',
      'user_agent4',
      'user_agent5',
    ]);
    // Agent 5 talks with a debtor of Lua: that they talk is seen, with whom is not.
    expect(snapshot.board.agents.at(-1)).toMatchObject({
      campaignIds: [SOL_CAMPAIGN],
      shift: { activity: { kind: 'talking' }, campaignName: null, callPhone: null },
    });
    const lines = messages.flatMap(([name, message]) =>
      name === 'log' ? logMessage.parse(message).lines : [],
    );
    expect(new Set(lines.map(({ kind }) => kind))).toContain('call-connected');
    expect(snapshot.log.length).toBeGreaterThan(3);
    expect(snapshot.log.map(({ agentName }) => agentName)).not.toContain('Agente 2');
  });
});

test('one who is not limited finds all of it, by the same addresses and the same socket', async () => {
  const found = new Set<string>();
  for (const { path } of readable()) {
    for (const address of addressesOf(path)) {
      for (const match of matchesIn((await ask('livre', 'GET', address)).text)) found.add(match);
    }
  }
  for (const word of ['Benedito', 'Ubirajara', 'Zulmira', 'Lunar', 'Conjunta']) {
    expect([...found]).toContain(word);
  }
  const { socket, messages } = present(pages.get('livre'), 'there is a page');
  const snapshot = supervisorSnapshot.parse(await socket.timeout(2_000).emitWithAck('snapshot'));
  const said = matchesIn(JSON.stringify([...messages, snapshot]));
  for (const word of ['Lunar', 'Conjunta', LUA_CAMPAIGN, '*-1004']) expect(said).toContain(word);
  const [sol] = board
    .parse(snapshot.board)
    .campaigns.flatMap((one) => (one.id === SOL_CAMPAIGN ? [one.plan] : []));
  expect(sol?.togetherWithIds).toEqual([LUA_CAMPAIGN]);
  expect(snapshot.board.campaigns).toHaveLength(3);
  const rows = await doors.ask('admin', 'GET', '/api/audit');
  expect(matchesIn(rows.text)).toContain('lista dos outros');
});

test('a log that begins with a page of theirs begins with their lines of before', async () => {
  const { messages } = present(pages.get('limitada'), 'there is a page');
  await asAdmin('PATCH', '/api/users/user_livre', { limitedTo: [LUA] });
  await signIn('livre');
  await openPage('livre');
  const { socket } = present(pages.get('livre'), 'there is a page');
  const { log, board } = supervisorSnapshot.parse(
    await socket.timeout(2_000).emitWithAck('snapshot'),
  );
  expect(board.campaigns.map(({ id }) => id)).toEqual([LUA_CAMPAIGN]);
  const names = new Set(log.flatMap(({ campaignName }) => campaignName ?? []));
  expect([...names]).toEqual(['Lunar 90+']);
  expect(matchesIn(JSON.stringify(messages))).toEqual([]);
  await asAdmin('PATCH', '/api/users/user_livre', { limitedTo: null });
  await signIn('livre');
});

test('what is of the house or of a campaign of others is refused to who is limited', async () => {
  const bodies: Readonly<Record<string, unknown>> = {
    'POST /api/users': { login: 'outra', name: 'Outra Pessoa', role: 'admin' },
    'PATCH /api/users/:id': { limitedTo: null },
    'POST /api/tokens': { name: 'CRM 2', scopes: ['lists:read'] },
    'POST /api/v1/campaigns/:id/leads': { rows: [{ nome: 'x' }] },
    'POST /api/campaigns/:id/what-if': { linesMax: 3 },
    'POST /api/campaigns/:id/lists': 'id;nome\n1;x\n',
  };
  let refused = 0;
  for (const { method, path, reach } of doors.http.routes) {
    if (reach !== 'house' && reach !== 'campaign') continue;
    for (const id of reach === 'house' ? ['user_gestora'] : OTHERS) {
      const body = bodies[`${method} ${path}`];
      const headers = path.endsWith('/lists') && method === 'POST' ? CSV : {};
      const query = path.endsWith('/lists') ? '?name=x' : '';
      const answer = await ask('gestora', method, path.replace(':id', id) + query, body, headers);
      expect(answer.json, `${method} ${path} ${answer.text}`).toMatchObject({
        ...{ status: 403, code: 'not-yours' },
      });
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThanOrEqual(7 + 2 * 6);
  const list = await ask('gestora', 'GET', `/api/lists/${listOf(LUA_CAMPAIGN)}`);
  expect(list.json).toMatchObject({ status: 403, code: 'not-yours' });
});

/** Each command of a page about what is of Lua; a route without an entry fails the test. */
const COMMANDS: Readonly<Record<string, () => Promise<{ path: string; body?: unknown }>>> = {
  'PATCH /api/campaigns/:id': async () => ({
    ...{ path: `/api/campaigns/${JOINT_CAMPAIGN}`, body: { state: 'paused' } },
  }),
  'PUT /api/campaigns/:id/agents/:agentId': async () => ({
    path: `/api/campaigns/${SOL_CAMPAIGN}/agents/user_agent2`,
  }),
  'DELETE /api/campaigns/:id/agents/:agentId': async () => ({
    path: `/api/campaigns/${LUA_CAMPAIGN}/agents/user_agent2`,
  }),
  'POST /api/agents/:id/pause': async () => ({ path: '/api/agents/user_agent2/pause' }),
  'POST /api/agents/:id/sign-out': async () => ({ path: '/api/agents/user_agent5/sign-out' }),
  'POST /api/agents/:id/rest': async () => ({
    ...{ path: '/api/agents/user_agent3/rest', body: { at: null } },
  }),
  'POST /api/agents/:id/take-back': async () => ({
    ...{ path: '/api/agents/user_agent2/take-back', body: { what: 'pause' } },
  }),
  'POST /api/calls/:id/disposition': async () => ({
    ...{ path: `/api/calls/${await callOfLua()}/disposition`, body: { code: 'third-party' } },
  }),
  'POST /api/calls/:id/give-back': async () => ({
    path: `/api/calls/${await callOfLua()}/give-back`,
  }),
  'POST /api/phones/unwanted/:blockId/lift': async () => unwanted('lift'),
  'POST /api/phones/unwanted/:blockId/keep': async () => unwanted('keep'),
  'POST /api/phones/unwanted/:blockId/ask-lift': async () => unwanted('ask-lift'),
  'POST /api/approvals/:approvalId/approve': async () => ({
    ...{ path: `/api/approvals/${approvalId}/approve`, body: { because: WHY } },
  }),
  'POST /api/approvals/:approvalId/refuse': async () => ({
    ...{ path: `/api/approvals/${approvalId}/refuse`, body: { because: WHY } },
  }),
  'POST /api/approvals/:approvalId/withdraw': async () => ({
    path: `/api/approvals/${approvalId}/withdraw`,
  }),
};

async function callOfLua(): Promise<string> {
  const calls = await doors.world.storage.store.read((view) => view.undisposedCalls(10));
  const found = calls.find(({ campaignId }) => campaignId === LUA_CAMPAIGN);
  return present(found, 'a call of Lua lacks its disposition').callId;
}

async function unwanted(action: string): Promise<{ path: string; body: unknown }> {
  const phones = await doors.world.storage.store.read((view) =>
    view.unwantedPhones(doors.world.clock.now()),
  );
  const found = phones.find(({ refused }) => refused?.campaignId === LUA_CAMPAIGN);
  const { blockId } = present(found, 'a telephone refused a call of Lua');
  return { path: `/api/phones/unwanted/${blockId}/${action}`, body: { because: WHY } };
}

test('no command of a page reaches what is of others', async () => {
  const routes = doors.http.routes.filter(({ reach }) => reach === 'command');
  expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
    Object.keys(COMMANDS).sort(),
  );
  for (const [name, about] of Object.entries(COMMANDS)) {
    const { path, body } = await about();
    const answer = await ask('limitada', name.split(' ')[0] ?? '', path, body);
    // A request is withdrawn by who asked, no matter who else sees it.
    const code = name.endsWith('/withdraw') ? 'not-own-request' : 'not-yours';
    expect(answer.json, `${name} ${answer.text}`).toMatchObject({ status: 403, code });
    expect(matchesIn(answer.text)).toEqual([]);
  }
  const own = await ask('limitada', 'PATCH', `/api/campaigns/${SOL_CAMPAIGN}`, { state: 'paused' });
  expect(own.status, own.text).toBe(204);
});

test('a token that is limited to a creditor reads and fills its campaigns only', async () => {
  const scopes = ['lists:write', 'lists:read', 'campaigns:read'];
  const news = { name: 'CRM de Sol', scopes, limitedTo: [SOL] };
  const made = await asAdmin('POST', '/api/tokens', news);
  expect(made.status, made.text).toBe(201);
  const asToken = (method: string, path: string, body?: string, headers = {}) =>
    send(
      { url: doors.origin + path, method, body, ca: undefined },
      { authorization: `Bearer ${made.json.token}`, ...headers },
    );
  const listed = await doors.ask('admin', 'GET', '/api/tokens');
  expect(listed.json.tokens).toContainEqual(
    expect.objectContaining({ name: 'CRM de Sol', limitedTo: [SOL] }),
  );
  const { campaigns } = (await asToken('GET', '/api/campaigns')).json;
  expect(campaigns.map(({ id }: { id: string }) => id)).toEqual([SOL_CAMPAIGN]);
  for (const campaignId of CAMPAIGNS) {
    const isTheirs = campaignId === SOL_CAMPAIGN;
    const lists = `/api/campaigns/${campaignId}/lists`;
    const file = 'id;nome;telefone\nT-1;Jacira Dourado;123\n';
    const sent = await asToken('POST', `${lists}?name=x`, file, CSV);
    expect(sent.status, sent.text).toBe(isTheirs ? 201 : 403);
    const read = await asToken('GET', lists);
    expect(read.status, read.text).toBe(isTheirs ? 200 : 403);
    const list = await asToken('GET', `/api/lists/${uploaded.get(campaignId)}`);
    expect(list.status === 200, list.text).toBe(isTheirs);
    expect(matchesIn(list.text)).toEqual([]);
  }
  const unknown = await asAdmin('POST', '/api/tokens', { ...news, limitedTo: ['creditor_x'] });
  expect(unknown.json).toMatchObject({ status: 422, code: 'unknown-creditor' });
  const rows = (await doors.ask('admin', 'GET', '/api/audit')).json.entries;
  const row = rows.find(
    ({ subjectName, change }: { subjectName: string; change: string }) =>
      subjectName === 'CRM de Sol' && change === 'created',
  );
  expect(JSON.parse(row.to)).toEqual({ scopes, limitedTo: ['Lojas Sol'] });
});

test('nobody limits or frees themselves, and a creditor that nobody knows limits nobody', async () => {
  const own = await asAdmin('PATCH', '/api/users/user_admin', { limitedTo: [SOL] });
  expect(own.json).toMatchObject({ status: 409, code: 'not-yourself' });
  const unknown = await asAdmin('PATCH', '/api/users/user_livre', { limitedTo: ['creditor_x'] });
  expect(unknown.json).toMatchObject({ status: 422, code: 'unknown-creditor' });
  const nobody = await asAdmin('PATCH', '/api/users/user_livre', { limitedTo: [] });
  expect(nobody.json.code).toBe('malformed-request');
  const { json } = await doors.ask('admin', 'GET', '/api/users');
  const limits = json.users.map((user: User) => [user.login, user.limitedTo]);
  expect(limits).toContainEqual(['livre', null]);
  expect(limits).toContainEqual(['gestora', [SOL]]);
  const trail = await doors.ask('admin', 'GET', '/api/audit?kind=people');
  const rows = trail.json.entries.filter(
    ({ subjectId, change }: { subjectId: string; change: string }) =>
      subjectId === 'user_gestora' && change === 'changed',
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ by: { name: 'Admin' }, subjectName: 'Pessoa gestora' });
  expect(rows[0].to).toContain('"limitedTo":["Lojas Sol"]');
});
