import { afterAll, beforeAll, expect, test } from 'vitest';
import { importLeadsAnswer } from '../../src/protocol/admin.ts';
import { openDoors, type TestDoors, until } from '../support/doors.ts';

let doors: TestDoors;
let token: string;

let isDiskFull = false;

beforeAll(async () => {
  doors = await openDoors({ isDiskFull: () => isDiskFull });
  await doors.signIn('admin');
  const body = { name: 'CRM', scopes: ['lists:write'] };
  token = (await doors.ask('POST', '/api/tokens', { as: 'admin', body })).json.token;
});
afterAll(() => doors.stop());

const aLead = (index: number) => ({
  externalId: `API-${index}`,
  nome: `Devedora ${index}`,
  cpfCnpj: '',
  telefones: [{ numero: `1198${String(1_000_000 + index)}`, tipo: 'celular', score: 80 }],
  contratos: [
    { numero: `K-${index}`, parcelas: [{ vencimento: '2026-08-10', valorCentavos: 18_990 }] },
  ],
});

const push = (rows: readonly unknown[], headers: Record<string, string> = {}) =>
  doors.ask('POST', '/api/v1/campaigns/campaign_1/leads', {
    ...{ body: { rows }, origin: null },
    headers: { authorization: `Bearer ${token}`, ...headers },
  });

test('refuses rows and files while the disk is full, with a time to come again, and then accepts them', async () => {
  isDiskFull = true;
  const file = {
    as: 'admin',
    body: 'nome;telefone\nMaria;11987654321\n',
    headers: { 'content-type': 'text/csv' },
  };
  const rows = await push([aLead(70_001)]);
  const upload = await doors.ask('POST', '/api/campaigns/campaign_1/lists?name=Cheio', file);
  isDiskFull = false;
  for (const answer of [rows, upload]) {
    expect(answer.json).toMatchObject({ status: 503, code: 'disk-full', retryAfterSeconds: 60 });
    expect(answer.headers['retry-after']).toBe('60');
  }
  expect((await push([aLead(70_001)])).json.totals).toMatchObject({ created: 1 });
});

test('gives every row a result of its own, in the order of the request', async () => {
  doors.engine.ran.length = 0;
  const answer = await push([
    ...[aLead(1), { nome: 'Sem telefone', externalId: 'API-2' }, { ...aLead(3), shoes: 43 }, 7],
  ]);
  // A row that is no record is a fault of the sender's program, not of its data.
  expect(answer.json).toMatchObject({ status: 400, code: 'malformed-request' });
  const taken = await push([aLead(1), { nome: 'Sem telefone', externalId: 'API-2' }, aLead(3)]);
  expect(taken.status).toBe(200);
  const { totals, results, listId } = importLeadsAnswer.parse(taken.json);
  expect(totals).toEqual({ read: 3, created: 2, updated: 0, unchanged: 0, rejected: 1 });
  expect(results).toMatchObject([
    { index: 0, externalId: 'API-1', status: 'created', code: null },
    {
      ...{ index: 1, externalId: 'API-2', status: 'rejected', leadId: null },
      code: 'no-valid-phone',
    },
    { index: 2, status: 'created' },
  ]);
  expect(results[0]?.leadId).toMatch(/^lead_/);
  expect(doors.engine.ran).toEqual([{ kind: 'leads-changed', campaignId: 'campaign_1' }]);
  const list = await doors.ask('GET', `/api/lists/${listId}`, { as: 'admin' });
  expect(list.json).toMatchObject({ origin: 'api', totals });
  const path = `/api/lists/${listId}/rejections.csv`;
  const rejections = await doors.ask('GET', path, { as: 'admin' });
  expect(rejections.text).toContain('2;API-2;Nenhum telefone válido');
});

test('stores a thousand rows in chunks, and changes nothing the second time', async () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => aLead(10_000 + index));
  const first = await push(rows);
  expect(first.json.totals).toMatchObject({ read: 1_000, created: 1_000 });
  const second = await push(rows);
  expect(second.json.totals).toMatchObject({ read: 1_000, unchanged: 1_000 });
});

test('refuses more rows than a request may have', async () => {
  const rows = Array.from({ length: 1_001 }, (_, index) => ({ externalId: `${index}` }));
  const answer = await push(rows);
  expect(answer.json).toMatchObject({ status: 413, code: 'too-many-rows' });
  expect((await push([])).json.code).toBe('malformed-request');
});

test('refuses a body that is too large', async () => {
  const answer = await push([{ nome: 'x'.repeat(9_000_000) }]);
  expect(answer.json).toMatchObject({ status: 413, code: 'too-large' });
});

test('the same key and body give the same answer, also while the first still runs', async () => {
  const headers = { 'idempotency-key': 'same-key' };
  const rows = Array.from({ length: 300 }, (_, index) => aLead(30_000 + index));
  const [first, second] = await Promise.all([push(rows, headers), push(rows, headers)]);
  const third = await push(rows, headers);
  expect(first.json.totals.created).toBe(300);
  expect(second.text).toBe(first.text);
  expect(third.text).toBe(first.text);
});

test('the same key with another body is a conflict', async () => {
  const headers = { 'idempotency-key': 'other-key' };
  expect((await push([aLead(40_001)], headers)).status).toBe(200);
  const answer = await push([aLead(40_002)], headers);
  expect(answer.json).toMatchObject({ status: 409, code: 'idempotency-conflict' });
  expect((await push([aLead(40_002)])).json.totals.created).toBe(1);
});

test('a key of one caller means nothing to another', async () => {
  const headers = { 'idempotency-key': 'shared-key' };
  await push([aLead(50_001)], headers);
  const answer = await doors.ask('POST', '/api/v1/campaigns/campaign_1/leads', {
    ...{ as: 'admin', body: { rows: [aLead(50_002)] }, headers },
  });
  expect(answer.json.totals.created).toBe(1);
});

test('a request that failed may be sent again under its key', async () => {
  const headers = { 'idempotency-key': 'failing-key' };
  doors.engine.answer = () => Promise.reject(new Error('gone'));
  const failed = await push([aLead(60_001)], headers);
  doors.engine.answer = () => ({ ok: true });
  expect(failed.status).toBe(500);
  expect((await push([aLead(60_001)], headers)).json.totals.unchanged).toBe(1);
});

test('refuses a key that is none', async () => {
  const answer = await push([aLead(1)], { 'idempotency-key': 'x'.repeat(201) });
  expect(answer.json.code).toBe('malformed-request');
});

test('takes four requests at once, and asks the others to come again', async () => {
  const goOn = doors.engine.holdBack();
  doors.engine.ran.length = 0;
  const four = [1, 2, 3, 4].map((turn) => push([aLead(70_000 + turn)]));
  await until(() => doors.engine.ran.length === 4);
  const fifth = await push([aLead(70_005)]);
  expect(fifth.json).toMatchObject({ status: 429, code: 'too-many-requests' });
  expect(fifth.headers['retry-after']).toBe('1');
  goOn();
  expect((await Promise.all(four)).map((one) => one.status)).toEqual([200, 200, 200, 200]);
  expect((await push([aLead(70_005)])).status).toBe(200);
});
