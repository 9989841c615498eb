import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AuditRecord } from '../../src/engine/ports/audit.ts';
import { aCall, aShift, CONNECTED_AT } from '../support/builders.ts';
import { aDebtorFile, aDesk, next, openDoors, type TestDoors, until } from '../support/doors.ts';

let doors: TestDoors;
let seen = 0;

beforeAll(async () => {
  doors = await openDoors();
  for (const login of ['admin', 'ana']) await doors.signIn(login);
});
afterAll(() => doors.stop());
beforeEach(async () => {
  const [newest] = await rows(0);
  seen = newest?.id ?? 0;
});

/** Rows since the test began, oldest first. */
async function rows(since = seen): Promise<AuditRecord[]> {
  const found = await doors.storage.store.read((view) => view.auditEntries(100));
  const newer = found.filter(({ id }) => id > since);
  return since === 0 ? newer : newer.reverse();
}

/** Waits for this many rows and returns them. */
async function rowsOf(count: number): Promise<AuditRecord[]> {
  let found: AuditRecord[] = [];
  const end = Date.now() + 2_000;
  while (found.length < count && Date.now() < end) found = await rows();
  return found;
}

const HERE = '127.0.0.1';
const BRUNO = { subject: 'session', subjectId: 'user_bruno', address: HERE };

test('records sign-ins and sign-outs with their addresses', async () => {
  await doors.signIn('bruno');
  await doors.ask('DELETE', '/api/session', { as: 'bruno' });
  expect(await rows()).toMatchObject([
    { ...BRUNO, change: 'signed-in', byUserId: 'user_bruno' },
    { ...BRUNO, change: 'signed-out', byUserId: 'user_bruno' },
  ]);
});

test('records refused sign-ins and the resulting lock, without a user', async () => {
  for (let tries = 0; tries < 6; tries += 1) await doors.signIn('bruno', 'a-guess');
  const found = await rowsOf(6);
  expect(found.map(({ change }) => change)).toEqual([
    ...Array.from({ length: 5 }, () => 'sign-in-failed'),
    'locked-out',
  ]);
  for (const row of found) {
    expect(row).toMatchObject(BRUNO);
    expect(row.byUserId).toBeUndefined();
  }
});

test('a password typed into the field of the login is stored nowhere', async () => {
  const typed = 'minha-senha-secreta-77';
  await doors.signIn(typed, 'x');
  await doors.signIn(typed, 'y');
  await doors.signIn('another', 'x');
  const found = await rowsOf(3);
  expect(JSON.stringify(found)).not.toContain('secreta');
  const [first, second, other] = found.map(({ subjectId }) => subjectId);
  expect(first).toMatch(/^login_[0-9a-f]{8}$/);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});

test('guessing from many addresses writes a bounded number of rows in an hour', async () => {
  const { createAuditTrail } = await import('../../src/http/audit-trail.ts');
  let written = 0;
  const warned: string[] = [];
  let now = 0;
  const trail = createAuditTrail({
    accounts: {
      insertAudit: async () => {
        written += 1;
      },
    },
    key: Buffer.alloc(32),
    now: () => now,
    log: { warn: (_fields: object, text: string) => warned.push(text) } as never,
  });
  const guess = () => trail.refused('sign-in-failed', { login: 'x', address: HERE });
  for (let tries = 0; tries < 3_000; tries += 1) guess();
  expect(written).toBe(1_000);
  expect(warned).toHaveLength(1);
  now += 3_600_000;
  guess();
  expect(written).toBe(1_001);
});

test('records the first use of a token from an address, and then one a day', async () => {
  const body = { name: 'CRM', scopes: ['lists:read'] };
  const { token, id } = (await doors.ask('POST', '/api/tokens', { as: 'admin', body })).json;
  const use = () =>
    doors.ask('GET', '/api/campaigns/campaign_1/lists', {
      ...{ headers: { authorization: `Bearer ${token}` }, origin: null },
    });
  for (let times = 0; times < 5; times += 1) expect((await use()).status).toBe(200);
  doors.clock.skipMs += 86_400_001;
  await use();
  doors.clock.skipMs -= 86_400_001;
  expect(await rowsOf(3)).toMatchObject([
    { subject: 'token', subjectId: id, change: 'created', byUserId: 'user_admin', address: HERE },
    { subject: 'token', subjectId: id, change: 'used', byTokenId: id, byName: 'CRM' },
    { subject: 'token', subjectId: id, change: 'used', byTokenId: id, address: HERE },
  ]);
});

test('records the beginning and end of an import, and the download of its refused rows', async () => {
  const file = 'nome;cpf;telefone\nJoão;;11980000001\nsó um nome\n';
  const made = await doors.ask('POST', '/api/campaigns/campaign_1/lists?name=remessa.csv', {
    ...{ as: 'admin', body: file, headers: { 'content-type': 'text/csv' } },
  });
  await doors.ask('GET', `/api/lists/${made.json.id}/rejections.csv`, { as: 'admin' });
  const by = { byUserId: 'user_admin', address: HERE, subject: 'list', subjectId: made.json.id };
  const found = await rowsOf(3);
  expect(found).toMatchObject([
    { ...by, change: 'import-began', subjectName: 'remessa.csv' },
    { ...by, change: 'import-ended' },
    { ...by, change: 'rejections-downloaded' },
  ]);
  expect(JSON.parse(found[1]?.to ?? '')).toMatchObject({ read: 2, created: 0, rejected: 2 });
});

test('shows no rows when the person asked for is no id', async () => {
  const answer = await doors.ask('GET', '/api/audit?userId=Ana%20Lima', { as: 'admin' });
  expect(answer).toMatchObject({ status: 400, json: { issues: [{ path: 'query.userId' }] } });
});

test('many requests of a token give one row, not a row for each request', async () => {
  const body = { name: 'CRM 2', scopes: ['lists:write'] };
  const { token } = (await doors.ask('POST', '/api/tokens', { as: 'admin', body })).json;
  for (const index of [1, 2, 3]) {
    await doors.ask('POST', '/api/v1/campaigns/campaign_1/leads', {
      ...{ headers: { authorization: `Bearer ${token}` }, origin: null },
      body: { rows: [{ externalId: `A-${index}`, nome: 'X', telefones: ['11980000009'] }] },
    });
  }
  expect((await rowsOf(2)).map(({ change }) => change)).toEqual(['created', 'used']);
});

test('an agent’s screen that shows debts gives one row per call', async () => {
  const socket = await doors.connect('/agent', 'ana');
  const show = (rightPartyConfirmed: boolean) => {
    const call = aCall({ state: 'talking' });
    const held = { call, connectedAt: CONNECTED_AT, file: aDebtorFile(), rightPartyConfirmed };
    const shift = aShift({ activity: 'talking' });
    const desk = aDesk({ shift, call: { ...held, isCardOpen: true, dispositionMissing: false } });
    doors.engine.desks.set('user_ana', desk);
    doors.engine.publish([], { agentIds: ['user_ana'] });
  };
  let pops = 0;
  socket.on('pop', () => {
    pops += 1;
  });
  show(false);
  await until(() => pops === 1);
  expect(await rows()).toEqual([]);
  show(true);
  show(true);
  await until(() => pops === 2);
  const again = await doors.connect('/agent', 'ana');
  const drawn = next(again, 'desk');
  show(true);
  await drawn;
  const found = await rowsOf(1);
  expect(found).toMatchObject([
    { byUserId: 'user_ana', subject: 'debtor', change: 'debts-shown', address: HERE },
  ]);
  expect(JSON.stringify(found)).not.toContain('139987');
});

test('only our own front door is believed about the address', async () => {
  const { createAddresses } = await import('../../src/http/addresses.ts');
  const { of } = createAddresses(['10.0.0.0/8', '::1']);
  const from = (remoteAddress: string, said?: string) =>
    of({ headers: said ? { 'x-forwarded-for': said } : {}, socket: { remoteAddress } } as never);
  expect(from('::ffff:203.0.113.5', '192.0.2.1')).toBe('203.0.113.5');
  expect(from('10.1.2.3', '192.0.2.1')).toBe('192.0.2.1');
  expect(from('::1', '6.6.6.6, 192.0.2.1, 10.9.9.9')).toBe('192.0.2.1');
  expect(from('10.1.2.3', 'unknown')).toBe('10.1.2.3');
  expect(from('10.1.2.3')).toBe('10.1.2.3');
});
