import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ParsedRow } from '../../src/engine/ports/lists.ts';
import { importList } from '../../src/imports/import-list.ts';
import { readRow } from '../../src/imports/read-row.ts';
import { readRows } from '../../src/imports/read-rows.ts';
import { listView } from '../../src/protocol/admin.ts';
import { type Answer, openDoors, type TestDoors, until } from '../support/doors.ts';

const HEADER = 'nome;cpf;telefone;contrato;vencimento;valor';
const row = (index: number, name = `Devedor ${index}`) =>
  `${name};;${11_980_000_000 + index};C-${index};10/08/2026;100,50;CRM-${index}`;
const file = (...rows: string[]) => [`${HEADER};externalId`, ...rows].join('\n');

let doors: TestDoors;

beforeAll(async () => {
  doors = await openDoors();
  await doors.signIn('admin');
});
afterAll(() => doors.stop());

const upload = (
  body: string | Uint8Array,
  { type = 'text/csv', query = 'name=remessa.csv' } = {},
): Promise<Answer> =>
  doors.ask('POST', `/api/campaigns/campaign_1/lists?${query}`, {
    ...{ as: 'admin', body, headers: { 'content-type': type } },
  });

test('imports a file, accounts for every row, and tells the engine', async () => {
  doors.engine.ran.length = 0;
  const answer = await upload(file(row(1, 'Zenão Assunção'), row(2), row(2), 'só um nome'));
  expect(answer.status).toBe(201);
  const list = listView.parse(answer.json);
  expect(list).toMatchObject({
    ...{ name: 'remessa.csv', origin: 'csv-upload' },
    totals: { read: 4, created: 2, rejected: 1 },
  });
  // Its row as a spreadsheet counts, from 0: the header is one.
  expect(list.rejections).toMatchObject([{ index: 4, code: 'identity-missing' }]);
  expect(list.finishedAt).not.toBeNull();
  expect(doors.engine.ran).toEqual([{ kind: 'leads-changed', campaignId: 'campaign_1' }]);
  const shown = await doors.ask('GET', '/api/campaigns/campaign_1/lists', { as: 'admin' });
  expect(shown.json.lists[0].id).toBe(list.id);
});

test('gives the refused rows back as they came, with the reason, ready to be corrected', async () => {
  const bad = `"Zé; o ""Bom""";123;x;C-9;10/08/2026;1,00;CRM-9`;
  const answer = await upload(file(row(11), bad, `${row(12)};beyond;the last`, '"aberta;1;2'));
  expect(answer.json.totals).toMatchObject({ read: 4, created: 1, rejected: 3 });
  const path = `/api/lists/${answer.json.id}/rejections.csv`;
  const rejections = await doors.ask('GET', path, { as: 'admin' });
  expect(rejections.headers['content-type']).toContain('text/csv');
  expect(rejections.headers['content-disposition']).toContain('rejeitados-');
  expect(rejections.text.startsWith(`\uFEFF${HEADER};externalId;motivo;codigo\r\n`)).toBe(true);
  const source = Readable.from([Buffer.from(rejections.text)]);
  const { shape, rows } = await readRows(source, {});
  expect(shape.columns.slice(-2)).toEqual(['motivo', 'codigo']);
  const kept: (readonly string[])[] = [];
  for await (const { fields } of rows) kept.push(fields);
  expect(kept.map((fields) => fields.at(-1))).toEqual([
    ...['document-invalid', 'too-many-columns', 'quote-not-closed'],
  ]);
  expect(kept[0]?.slice(0, 7)).toEqual([
    ...['Zé; o "Bom"', '123', 'x', 'C-9', '10/08/2026', '1,00', 'CRM-9'],
  ]);
  expect(kept[0]?.at(-2)).toContain('CPF/CNPJ inválido (coluna cpf)');
  expect(kept[1]?.[6]).toBe('CRM-12;beyond;the last');
});

test('tells what was repaired, why rows were refused, and which columns were not used', async () => {
  const body = [
    'nome;cpf;fone;telefone do avalista;loja',
    'Rosa;48153092723;(11) 9876-5061 r.3;21987650061;12',
    'Raul;56291403889;11 98765-0062 / 11 3456-0062;21987650062;12',
    'Rita;37082514662;11 98765-06;;12',
  ].join('\n');
  const answer = await upload(body);
  const list = listView.parse(answer.json);
  expect(list.notes.toSorted((left, right) => left.code.localeCompare(right.code))).toEqual([
    { code: 'extension-cut', rows: 1 },
    { code: 'ninth-digit-inserted', rows: 1 },
    { code: 'second-number-taken', rows: 1 },
  ]);
  expect(list.refusals).toEqual([{ code: 'no-valid-phone', reason: 'wrong-length', rows: 1 }]);
  expect(list.unusedColumns).toEqual([
    { name: 'loja', rows: 2, looksLikePhones: false, firstValues: ['12'] },
    {
      ...{ name: 'telefone do avalista', rows: 2, looksLikePhones: true },
      firstValues: ['21987650061', '21987650062'],
    },
  ]);
  // Unused values are shown to the sender and stored nowhere.
  const later = await doors.ask('GET', `/api/lists/${list.id}`, { as: 'admin' });
  expect(listView.parse(later.json).unusedColumns.map((one) => one.firstValues)).toEqual([[], []]);
});

test('makes cells that a spreadsheet would run harmless, and reads them again unchanged', async () => {
  const answer = await upload(file('=1+1;x;+5511980000031;-A;10/08/2026;-5;@SUM'));
  const path = `/api/lists/${answer.json.id}/rejections.csv`;
  const { text } = await doors.ask('GET', path, { as: 'admin' });
  expect(text).toContain("'=1+1;x;'+5511980000031;'-A;10/08/2026;-5;'@SUM;");
  const corrected = text.replace(';x;', ';;').replace(';-5;', ';5,00;');
  const { rows } = await readRows(Readable.from([Buffer.from(corrected)]), {});
  const read: ParsedRow[] = [];
  for await (const { parsed } of rows) read.push(parsed);
  expect(read).toMatchObject([
    { row: { name: '=1+1', externalId: '@SUM', phones: [{ number: '+5511980000031' }] } },
  ]);
});

test('gives refused rows back in the form a Brazilian Excel opens, for any original form', async () => {
  const answer = await upload('nome,cpf,fone,valor\n"Silva, Ivo",123,11 98765-0043,"1.234,56"\n');
  const path = `/api/lists/${answer.json.id}/rejections.csv`;
  const { text } = await doors.ask('GET', path, { as: 'admin' });
  const [header, line] = text.split('\r\n');
  expect(header).toBe('\uFEFFnome;cpf;fone;valor;motivo;codigo');
  expect(line).toMatch(/^Silva, Ivo;123;11 98765-0043;1\.234,56;.*;document-invalid$/);
});

test('asks about unclear columns, stores nothing, and accepts the answer', async () => {
  const body = [
    'nome;cpf;ddd;fone;celular',
    'Rita;69417382004;11;3456-0041;98765-0041',
    'Rui;21540896315;21;3456-0042;98765-0042',
  ].join('\n');
  const before = await doors.ask('GET', '/api/campaigns/campaign_1/lists', { as: 'admin' });
  const asked = await upload(body);
  expect(asked.json).toMatchObject({
    ...{ status: 422, code: 'columns-area-code' },
    issues: [{ path: 'ddd' }, { path: 'celular' }],
  });
  expect(asked.json.detail).toContain('ddd, celular');
  const after = await doors.ask('GET', '/api/campaigns/campaign_1/lists', { as: 'admin' });
  expect(after.json.lists).toHaveLength(before.json.lists.length);
  const answers = ['ddd=areaCode:fone,celular', 'x=phone'].map((one) => encodeURIComponent(one));
  const unknown = await upload(body, { query: `name=x&column=${answers.join('&column=')}` });
  expect(unknown.json).toMatchObject({ code: 'columns-unknown', issues: [{ path: 'x' }] });
  for (const word of ['ignore', 'phone', '=ignore']) {
    const half = await upload(body, { query: `name=x&column=${encodeURIComponent(word)}` });
    expect(half.json).toMatchObject({ code: 'columns-unknown', issues: [{ path: word }] });
  }
  const told = await upload(body, { query: `name=x&column=${answers[0]}` });
  expect(told.json.totals).toMatchObject({ created: 2 });
});

test.each([
  ['text/plain', 'text/plain'],
  ['what a browser says with Excel installed', 'application/vnd.ms-excel'],
  ['nothing in particular', 'application/octet-stream'],
])('takes a file sent as %s', async (_name, type) => {
  const answer = await upload(file(row(20)), { type });
  expect(answer.status).toBe(201);
});

test('reads a file of Excel in Brazil: Windows-1252, semicolons, CRLF, its own first line', async () => {
  const text = ['sep=;', HEADER, 'João da Conceição;52998224725;11987650001;A;10/08/2026;1.234,56'];
  const answer = await upload(Buffer.from(`${text.join('\r\n')}\r\n`, 'latin1'));
  expect(answer.json.totals).toMatchObject({ read: 1, created: 1 });
  const leads = await doors.storage.store.read((view) =>
    view.dialableLeads({
      ...{ campaignId: 'campaign_1', now: Date.now(), limit: 1_000, exceptDebtors: [] },
    }),
  );
  expect(leads.map((one) => one.debtor.name)).toContain('João da Conceição');
});

test('reads a file of a system of DOS, and refuses no more than the row with a NUL in it', async () => {
  const dos = [
    Buffer.from(`${HEADER}\nZen`),
    Buffer.from([0xc6]),
    Buffer.from('o Assun'),
    Buffer.from([0x87, 0xc6]),
    Buffer.from('o;;11987650051;A;;\nNulo\0;;11987650052;A;;\n'),
  ];
  const { rows } = await readRows(Readable.from([Buffer.concat(dos)]), {});
  const fields: (readonly string[])[] = [];
  for await (const one of rows) {
    fields.push(one.fields);
    if (one.parsed.index === 2) {
      expect(one.parsed).toMatchObject({ code: 'letters-unreadable', reason: 'nul' });
    }
  }
  expect(fields.map((one) => one[0])).toEqual(['Zenão Assunção', 'Nulo\0']);
});

test.each([
  ['an empty file', '', 422, 'file-empty'],
  ['blank lines only', '\r\n \n', 422, 'file-empty'],
  ['a spreadsheet', Buffer.from('PK\x03\x04....', 'latin1'), 422, 'file-spreadsheet'],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), 422, 'file-binary'],
  ['a file without a header', '52998224725;11987654321\n', 422, 'header-missing'],
])('refuses %s with what to do', async (_name, body, status, code) => {
  const before = await doors.ask('GET', '/api/campaigns/campaign_1/lists', { as: 'admin' });
  const answer = await upload(body);
  expect(answer.json).toMatchObject({ status, code });
  expect(answer.json.detail).not.toBe('');
  const after = await doors.ask('GET', '/api/campaigns/campaign_1/lists', { as: 'admin' });
  expect(after.json.lists).toHaveLength(before.json.lists.length);
});

test('reports that a file turned into something else on the way', async () => {
  const beyondTheFirstBlock = '\n'.repeat(300_000);
  const answer = await upload(`${file(row(7_001))}${beyondTheFirstBlock}${'\0'.repeat(70_000)}`);
  expect(answer.json).toMatchObject({ status: 422, code: 'file-binary' });
  const { json } = await doors.ask('GET', '/api/campaigns/campaign_1/lists', { as: 'admin' });
  expect(json.lists[0]).toMatchObject({
    brokenOffBecause: 'file-binary',
    totals: { created: 1 },
  });
  expect((await upload(file(row(7_002)))).json.brokenOffBecause).toBeNull();
});

test('refuses a file of more than 200 MB by its length, before it is sent', async () => {
  const { request } = await import('node:http');
  const headers = {
    ...{ cookie: doors.cookieOf('admin'), origin: doors.origin, 'content-type': 'text/csv' },
    'content-length': String(201 * 1024 * 1024),
  };
  const url = `${doors.url}/api/campaigns/campaign_1/lists?name=large`;
  const status = await new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers }, (response) => {
      resolve(response.statusCode);
      sending.destroy();
    });
    sending.on('error', reject);
    sending.flushHeaders();
  });
  expect(status).toBe(413);
});

test('reads the rest of a refused file, so that its sender gets the answer', async () => {
  const { request } = await import('node:http');
  const headers = {
    ...{ cookie: doors.cookieOf('admin'), origin: doors.origin, 'content-type': 'text/csv' },
  };
  const url = `${doors.url}/api/campaigns/campaign_1/lists?name=long`;
  const sending = request(url, { method: 'POST', headers });
  const answered = new Promise((resolve, reject) => {
    sending.on('response', (response) => resolve(response.statusCode));
    sending.on('error', reject);
  });
  // A browser sends all of it before it looks for an answer.
  const content = Buffer.alloc(30_000_000, '1;2;3\n');
  await new Promise<void>((resolve) => sending.end(content, () => resolve()));
  expect(await answered).toBe(422);
});

test('a file with a header and no rows is a list of none', async () => {
  const answer = await upload(`${HEADER}\n`);
  expect(answer.json.totals).toMatchObject({ read: 0, rejected: 0 });
});

test('answers an unknown campaign, a missing name and another kind of content', async () => {
  const unknown = await doors.ask('POST', '/api/campaigns/campaign_9/lists?name=x', {
    ...{ as: 'admin', body: file(row(1)), headers: { 'content-type': 'text/csv' } },
  });
  expect(unknown.json.code).toBe('unknown-campaign');
  expect((await upload(file(row(1)), { query: '' })).json.code).toBe('malformed-request');
  const json = await upload('{}', { type: 'application/json' });
  expect(json.json).toMatchObject({ status: 415, code: 'unsupported-media-type' });
});

test('takes two files at once, and asks the third to come again', async () => {
  const goOn = doors.engine.holdBack();
  doors.engine.ran.length = 0;
  const two = [upload(file(row(5_001))), upload(file(row(5_002)))];
  await until(() => doors.engine.ran.length === 2);
  const third = await upload(file(row(5_003)));
  expect(third.json).toMatchObject({ status: 429, code: 'too-many-requests' });
  expect(third.headers['retry-after']).toBe('10');
  goOn();
  expect((await Promise.all(two)).map((one) => one.status)).toEqual([201, 201]);
  expect((await upload(file(row(5_003)))).status).toBe(201);
});

test('rows read before the sender broke off are stored and counted', async () => {
  const { request } = await import('node:http');
  const rows = Array.from({ length: 2_000 }, (_, index) => row(100_000 + index)).join('\n');
  const before = await doors.ask('GET', '/api/campaigns/campaign_1/lists', { as: 'admin' });
  const broken = request(`${doors.url}/api/campaigns/campaign_1/lists?name=broken`, {
    method: 'POST',
    headers: {
      ...{ cookie: doors.cookieOf('admin'), origin: doors.origin, 'content-type': 'text/csv' },
    },
  });
  broken.on('error', () => {});
  broken.write(`${HEADER};externalId\n${rows}`);
  const shown = async () =>
    (await doors.ask('GET', '/api/campaigns/campaign_1/lists', { as: 'admin' })).json.lists;
  while ((await shown()).length === before.json.lists.length) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  broken.destroy();
  const end = Date.now() + 10_000;
  while ((await shown())[0].finishedAt === null && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [list] = await shown();
  expect(list).toMatchObject({ finishedAt: expect.any(Number), brokenOffBecause: 'interrupted' });
  const { read, created, updated, unchanged, rejected } = list.totals;
  expect(read).toBeGreaterThan(0);
  expect(created + updated + unchanged + rejected).toBe(read);
});

test('closes the imports of an earlier, killed server, and no other process’s', async () => {
  const startedAt = Date.now();
  const begun = { campaignId: 'campaign_1', name: 'x', startedAt } as const;
  const later = await openDoors({
    async leftBefore({ lists }) {
      await lists.begin({ ...begun, listId: 'list_killed', origin: 'csv-upload' });
      await lists.begin({ ...begun, listId: 'list_beside', origin: 'command-line' });
    },
  });
  await later.signIn('admin');
  const { json } = await later.ask('GET', '/api/lists/list_killed', { as: 'admin' });
  expect(json).toMatchObject({ finishedAt: expect.any(Number), brokenOffBecause: 'interrupted' });
  const beside = await later.ask('GET', '/api/lists/list_beside', { as: 'admin' });
  expect(beside.json.finishedAt).toBeNull();
  await later.stop();
});

test('rows that were read before their source failed are stored and counted', async () => {
  const { storage } = doors;
  async function* failing() {
    for (const index of [1, 2, 3]) {
      const raw = { nome: `Nome ${index}`, externalId: `F-${index}`, fone: `1197777000${index}` };
      yield { parsed: readRow(raw, index - 1, {}), fields: [] };
    }
    throw new Error('the line is gone');
  }
  const source = { name: 'x', origin: 'csv-upload', startedAt: Date.now() } as const;
  const work = importList(
    { lists: storage.lists, now: Date.now },
    { ...source, listId: 'list_failing', campaignId: 'campaign_1' },
    failing(),
    () => {},
  );
  await expect(work).rejects.toThrow('the line is gone');
  const list = await storage.lists.list('list_failing');
  expect(list).toMatchObject({ totals: { read: 3, created: 3 }, finishedAt: expect.any(Number) });
});

test('accounts for every line of any file that has a header', async () => {
  const line = fc.string({ maxLength: 40, unit: fc.constantFrom(...'ab1;";, ') });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
      const text = [HEADER, ...lines].join('\n');
      // The column is named because some random files have one document in all rows, which is a
      // question.
      const meanings = new Map([['cpf', { kind: 'field', field: 'document' } as const]]);
      const { rows } = await readRows(Readable.from([Buffer.from(text)]), { meanings });
      const parsed: ParsedRow[] = [];
      for await (const one of rows) parsed.push(one.parsed);
      const indexes = parsed.map((one) => one.index);
      expect(indexes).toEqual([...new Set(indexes)].toSorted((left, right) => left - right));
      const filled = lines.filter((one) => one.trim() !== '').length;
      expect(parsed.length).toBeLessThanOrEqual(filled);
      if (text.includes('"')) return;
      expect(indexes).toEqual(
        lines.flatMap((one, place) => (one.trim() === '' ? [] : [place + 1])),
      );
    }),
    { numRuns: 200 },
  );
});
