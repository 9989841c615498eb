import { afterEach, describe, expect, it } from 'vitest';
import type { WorldOptions } from '../../src/simulator/world.ts';
import { POSTGRES_WORLDS } from '../support/postgres-worlds.ts';
import { openRealDoors, type RealDoors } from '../support/real-doors.ts';

const TIMES = 8;
const PATH = '/api/users/user_agent1';

describe.each([
  ['SQLite', {}],
  ['PostgreSQL', { databases: POSTGRES_WORLDS }],
] satisfies [string, WorldOptions][])(
  'two changes of one user at once, with %s',
  (_name, options) => {
    let doors: RealDoors;
    afterEach(() => doors.stop());

    const ask = (method: string, path: string, body?: unknown) =>
      doors.ask('admin', method, path, body === undefined ? undefined : JSON.stringify(body), {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      });
    const user = async () => {
      const { json } = await ask('GET', '/api/users');
      return json.users.find((one: { id: string }) => one.id === 'user_agent1');
    };

    it('are both stored: who is disabled or limited stays so whatever else is changed', async () => {
      doors = await openRealDoors({ debtors: 3, ...options });
      for (let time = 0; time < TIMES; time += 1) {
        await ask('PATCH', PATH, { enabled: true, limitedTo: null, name: 'Agente' });
        const name = `Nome ${time}`;
        const answers = await Promise.all([
          ask('PATCH', PATH, { enabled: false }),
          ask('PATCH', PATH, { name }),
          ask('PATCH', PATH, { limitedTo: ['creditor_loja'] }),
        ]);
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
        expect(await user()).toMatchObject({ enabled: false, name, limitedTo: ['creditor_loja'] });
      }
    });
  },
);
