/** The doors' answers while another process holds the database: come again, nothing was done. */
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Answer } from '../support/doors.ts';
import { openRealDoors, PASSWORD, type RealDoors } from '../support/real-doors.ts';
import { type Onlooker, watchRows } from '../support/stored-rows.ts';

let doors: RealDoors;
let onlooker: Onlooker;
let release: () => void;

beforeEach(async () => {
  doors = await openRealDoors({ debtors: 1, campaign: { state: 'paused' } });
  for (const who of ['admin', 'supervisor'] as const) await doors.headersOf(who);
  onlooker = watchRows(doors.world.file());
  release = () => {};
});
afterEach(async () => {
  release();
  onlooker.close();
  await doors.stop();
});

/** Another process takes the write lock, until `release` is called. */
function lock(): void {
  onlooker.begin();
  const other = new Sqlite(doors.world.file());
  other.exec('begin immediate');
  release = () => other.close();
}

const JSON_TYPE = { 'content-type': 'application/json' };
const send = (who: 'admin' | 'supervisor' | 'crm' | 'stranger', what: string, body: unknown) => {
  const [method = '', path = ''] = what.split(' ');
  return doors.ask(who, method, path, JSON.stringify(body), JSON_TYPE);
};
const upload = () => {
  const file =
    'id;nome;telefone\nF-1;Noêmia Prates;(19) 98111-2233\nF-2;Saulo Dantas;19 3233-4455\n';
  const path = '/api/campaigns/campaign_varejo/lists?name=remessa.csv';
  return doors.ask('admin', 'POST', path, file, { 'content-type': 'text/csv' });
};
const leads = () => {
  const rows = [{ id: 'F-3', nome: 'Ilda Moreira', telefone: '(19) 98111-2244' }];
  return send('crm', 'POST /api/v1/campaigns/campaign_varejo/leads', { rows });
};
const lines = (linesMax: number) =>
  send('supervisor', 'PATCH /api/campaigns/campaign_varejo', { linesMax });

function expectComeAgain(answer: Answer): void {
  expect(answer.status, answer.text).toBe(503);
  expect(answer.headers['retry-after']).toBe('2');
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json).toMatchObject({ code: 'store-held-up', retryAfterSeconds: 2 });
}

it.each([
  ['a file', upload, 201],
  ['rows of the CRM', leads, 200],
  [
    'a new user',
    () => send('admin', 'POST /api/users', { login: 'noemia', name: 'Noêmia', role: 'agent' }),
    201,
  ],
  [
    'a sign-in',
    () => send('stranger', 'POST /api/session', { login: 'admin', password: PASSWORD }),
    200,
  ],
])(
  '%s is told when to come again, leaves nothing, and is taken afterwards',
  async (_what, ask, status) => {
    lock();
    expectComeAgain(await ask());
    release();
    expect(onlooker.stored()).toEqual([]);
    const answer = await ask();
    expect(answer.status, answer.text).toBe(status);
    expect(doors.world.engine.health().mistakes).toEqual({});
  },
);

it('a file that was asked to come again is imported once', async () => {
  lock();
  await upload();
  release();
  expect((await upload()).json.totals).toMatchObject({ read: 2, created: 2 });
  const names = doors.world.query<{ name: string }>(
    'select name from debtor where name like ?',
    '%a%',
  );
  expect(names.filter(({ name }) => /Noêmia|Saulo/.test(name))).toHaveLength(2);
  expect(doors.world.query('select id from list where origin = ?', 'csv-upload')).toHaveLength(1);
});

it('a decided command waits to be stored, and later ones are asked to come again', async () => {
  lock();
  const decided = lines(7);
  await expect
    .poll(() => doors.world.engine.health().storage.heldUp)
    .toMatchObject({ cause: 'busy' });
  await doors.world.pass(1_000);
  expectComeAgain(await lines(9));
  expect(onlooker.stored()).toEqual([]);
  const health = await doors.ask('stranger', 'GET', '/health');
  expect(health.json).toMatchObject({ ok: false, store: { heldUp: { cause: 'busy' } } });
  release();
  await doors.world.pass(2_000);
  expect((await decided).status).toBe(204);
  expect(doors.world.board().campaign.pacing.linesMax).toBe(7);
  expect((await lines(9)).status).toBe(204);
});

it('reading requests are answered, although the use of a session cannot be stored', async () => {
  const headers = await doors.headersOf('admin');
  await doors.world.pass(120_000);
  lock();
  for (const path of ['/api/session', '/api/campaigns/campaign_varejo/lists', '/api/users']) {
    const answer = await doors.ask('stranger', 'GET', path, undefined, headers);
    expect(answer.status, `${path} ${answer.text}`).toBe(200);
  }
  release();
  await doors.ask('stranger', 'GET', '/api/session', undefined, headers);
  const [session] = doors.world.query<{ seen: number }>(
    "select last_seen_at as seen from session where user_id = 'user_admin'",
  );
  expect(session?.seen).toBe(doors.world.clock.now());
});

it('the doors’ own rows wait too: a wrong password is in the audit trail afterwards', async () => {
  lock();
  const answer = await send('stranger', 'POST /api/session', { login: 'admin', password: 'wrong' });
  expect(answer.status, answer.text).toBe(401);
  // Longer than a single try waits for the lock.
  await new Promise((resolve) => setTimeout(resolve, 600));
  release();
  await expect
    .poll(() => doors.world.query("select change from audit where change = 'sign-in-failed'"))
    .toHaveLength(1);
});
