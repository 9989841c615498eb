/** A PostgreSQL server that goes away under a working engine, and comes back. */

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { PostgresServer } from '../../scripts/postgres/run.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { personWho } from '../../src/simulator/behaviours.ts';
import type { WorldDatabases } from '../../src/simulator/world-database.ts';
import { askingBeside } from '../support/postgres-worlds.ts';
import { startOwnPostgres } from '../support/shared-postgres.ts';
import { World } from '../support/world.ts';

let server: PostgresServer;
let world: World;

const ON_SERVER: WorldDatabases = {
  async make() {
    const database = server.urlOf('postgres');
    return { database, ...askingBeside(database) };
  },
};

beforeAll(async () => {
  server = await startOwnPostgres();
});
afterEach(() => world.end());
afterAll(() => server.stop());

it('costs nothing but time: nothing is placed, talks go on, all is stored in order', async () => {
  world = await World.begin({
    databases: ON_SERVER,
    agents: 2,
    debtors: 20,
    behaviour: () => personWho(1_000, 120_000),
  });
  await world.agentComes(1);
  await world.until('they talk', () => world.activity() === 'talking');
  await world.agentSignsIn(2);
  await world.ask(2, { kind: 'go-available' });
  await server.kill();
  const { campaignId } = world;
  const byUserId = 'user_boss';
  const changed = world.engine.run({
    ...{ kind: 'change-campaign', scope: HOUSE, byUserId, campaignId, change: { linesMax: 7 } },
  });
  const dialed = world.network.dialed.length;
  await world.pass(5_000);
  expect(world.fatal).toBeUndefined();
  expect(world.network.dialed).toHaveLength(dialed);
  expect(world.engine.health().storage.heldUp).toMatchObject({ cause: 'busy' });
  expect(world.activity()).toBe('talking');
  await server.start();
  await world.pass(3_000);
  expect(await changed).toEqual({ ok: true });
  expect(world.engine.health().storage.heldUp).toBeUndefined();
  await world.pass(5_000);
  expect(world.network.dialed.length).toBeGreaterThan(dialed);
  expect(world.engine.health().mistakes).toEqual({});
  const stored = world.query('select sequence, at, kind from fact order by sequence');
  expect(stored).toEqual(
    world.facts.map(({ sequence, at, body }) => ({ sequence, at, kind: body.kind })),
  );
});
