/** A NUL character comes from a broken export or an attacker; PostgreSQL cannot store it in a text. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorldOptions } from '../../src/simulator/world.ts';
import { POSTGRES_WORLDS } from '../support/postgres-worlds.ts';
import { openRealDoors, PASSWORD, type RealDoors, type Who } from '../support/real-doors.ts';

const NUL = 'a\u0000b';
const ROW = { id: 'CRM-1', nome: 'Josefa Prado', cpf: '52998224725', fone1: '11987650077' };

describe.each([
  ['SQLite', {}],
  ['PostgreSQL', { databases: POSTGRES_WORLDS }],
] satisfies [string, WorldOptions][])('a NUL character, with %s', (_name, options) => {
  let doors: RealDoors;
  let campaign: string;

  beforeAll(async () => {
    doors = await openRealDoors({ debtors: 3, profileId: 'demonstration', ...options });
    const { json } = await doors.ask('supervisor', 'GET', '/api/campaigns');
    campaign = `/api/campaigns/${json.campaigns[0].id}`;
  });
  afterAll(() => doors.stop());

  const send = (who: Who, method: string, path: string, body: unknown) =>
    doors.ask(who, method, path, JSON.stringify(body), { 'content-type': 'application/json' });

  it.each<[Who, string, string, unknown, string]>([
    ['admin', 'POST', '/api/users', { login: 'bia', name: NUL, role: 'agent' }, 'body.name'],
    ['admin', 'POST', '/api/tokens', { name: NUL, scopes: ['lists:read'] }, 'body.name'],
    ['supervisor', 'PATCH', 'campaign', { linesMax: 4, because: NUL }, 'body.because'],
    ['stranger', 'POST', '/api/session', { login: NUL, password: PASSWORD }, 'body.login'],
    ['crm', 'POST', 'leads', { name: NUL, rows: [ROW] }, 'body.name'],
  ])('is refused to the %s at the door: %s %s', async (who, method, path, body, place) => {
    const url =
      path === 'campaign'
        ? campaign
        : path === 'leads'
          ? campaign.replace('/api/', '/api/v1/').concat('/leads')
          : path;
    const answer = await send(who, method, url, body);
    expect([answer.status, answer.json.code]).toEqual([400, 'malformed-request']);
    expect(answer.json.issues).toEqual([{ path: place, message: 'has a NUL character (U+0000)' }]);
  });

  it('costs its row of a list and no other one', async () => {
    const rows = [
      { ...ROW, id: NUL },
      { ...ROW, id: 'K-2' },
      { ...ROW, id: 'K-3', contratos: [{ numero: NUL }] },
    ];
    const url = `${campaign.replace('/api/', '/api/v1/')}/leads`;
    const { status, json } = await send('crm', 'POST', url, { rows });
    expect(status).toBe(200);
    expect(json.results.map((one: { status: string }) => one.status)).toEqual([
      'rejected',
      'created',
      'rejected',
    ]);
    expect(json.results[0]).toMatchObject({ code: 'letters-unreadable' });
  });

  it('leaves the engine at work', async () => {
    const answer = await send('supervisor', 'PATCH', campaign, { linesMax: 5, because: 'mais' });
    expect(answer.status).toBe(204);
    expect(doors.complaints).toEqual([]);
  });
});
