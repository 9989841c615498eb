/** A PostgreSQL server that goes away under a working engine, and comes back. */

import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { PostgresServer } from '../../scripts/postgres/run.ts';
import type { CommandResult } from '../../src/engine/commands.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { personWho } from '../../src/simulator/behaviours.ts';
import type { WorldDatabases } from '../../src/simulator/world-database.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { askingBeside } from '../support/postgres-worlds.ts';
import { startOwnPostgres } from '../support/shared-postgres.ts';
import { stopServer } from '../support/stopped-server.ts';
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
  expect(world.engine.health().storage.heldUp).toMatchObject({ cause: 'silent' });
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

/** On the server, by another way or in another database. */
async function onDatabase(name: string, port = server.port): Promise<WorldDatabases> {
  await askingBeside(server.urlOf('postgres')).query(`create database ${name}`, []);
  const database = server.urlOf(name);
  const way = Object.assign(new URL(database), { port: `${port}` }).href;
  return {
    async make() {
      return { database: way, ...askingBeside(database) };
    },
  };
}

function expectAllStoredOnce(): void {
  const stored = world.query('select sequence, at, kind from fact order by sequence');
  expect(stored).toEqual(
    world.facts.map(({ sequence, at, body }) => ({ sequence, at, kind: body.kind })),
  );
}

async function beginTalking(databases: WorldDatabases): Promise<void> {
  world = await World.begin({
    databases,
    ...{ agents: 2, debtors: 40 },
    behaviour: () => personWho(1_000, 120_000),
  });
  await world.agentComes(1);
  await world.until('they talk', () => world.activity() === 'talking');
}

it('gives no answer: that is held up at once, and calls end all the same', async () => {
  await beginTalking(await onDatabase('silent'));
  const leg = world.lastLeg();
  const dialed = world.network.dialed.length;
  const goOn = stopServer(server);
  try {
    const { id: callId } = world.onScreen().call;
    const ended = world.engine.run({ kind: 'hang-up', agentId: world.agentId(1), callId });
    const startedAt = performance.now();
    await world.pass(1_500);
    expect(world.engine.health().storage.heldUp).toMatchObject({ cause: 'silent' });
    expect(world.because()).toBe('store-held-up');
    expect(world.askedOf(leg)).toContain('hang-up agent');
    await world.pass(8_000);
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    expect(world.network.dialed).toHaveLength(dialed);
    goOn();
    await world.until('it answers', () => world.engine.health().storage.heldUp === undefined);
    expect(await ended).toEqual({ ok: true });
  } finally {
    goOn();
  }
  await world.pass(5_000);
  expect(world.fatal).toBeUndefined();
  expect(world.engine.health().mistakes).toEqual({});
  expectAllStoredOnce();
}, 60_000);

it('does not say what became of a commit: nothing is stored twice, and calls end meanwhile', async () => {
  const proxy = await startCuttingProxy(server.port);
  for (const where of ['before-its-answer', 'before-it'] as const) {
    await beginTalking(await onDatabase(`cut_${where.replaceAll('-', '_')}`, proxy.port));
    for (let cuts = 0; cuts < 4; cuts += 1) {
      proxy.cutAtCommit(where);
      const { campaignId } = world;
      const changed = world.engine.run({
        ...{ kind: 'change-campaign', scope: HOUSE, byUserId: 'user_boss', campaignId },
        change: { linesMax: 7 + cuts },
      });
      let answer: CommandResult | undefined;
      void changed.then((result) => {
        answer = result;
      });
      await world.until('it is stored', () => answer !== undefined);
      expect(answer).toEqual({ ok: true });
      await world.pass(2_000);
    }
    await world.until('it answers', () => world.engine.health().storage.heldUp === undefined);
    expect(world.fatal).toBeUndefined();
    expectAllStoredOnce();
    await world.end();
  }
  await proxy.stop();
  await beginTalking(await onDatabase('last'));
}, 60_000);

it('lets nobody read a table that is locked: nothing is placed, and calls end as ever', async () => {
  const name = 'locked';
  await beginTalking(await onDatabase(name));
  const leg = world.lastLeg();
  const other = new pg.Client({ connectionString: server.urlOf(name) });
  await other.connect();
  await other.query('begin; lock table debtor in access exclusive mode');
  await world.agentSignsIn(2);
  await world.ask(2, { kind: 'go-available' });
  await world.pass(3_000);
  expect(world.engine.health().storage.heldUp).toMatchObject({ cause: 'busy' });
  expect(world.because()).toBe('store-held-up');
  const dialed = world.network.dialed.length;
  const { id: callId } = world.onScreen().call;
  expect(await world.ask(1, { kind: 'hang-up', callId })).toEqual({ ok: true });
  expect(world.askedOf(leg)).toContain('hang-up agent');
  await world.pass(5_000);
  expect(world.network.dialed).toHaveLength(dialed);
  await other.query('rollback');
  await other.end();
  await world.until('it is read', () => world.engine.health().storage.heldUp === undefined);
  await world.pass(5_000);
  expect(world.network.dialed.length).toBeGreaterThan(dialed);
  expect(world.fatal).toBeUndefined();
  expectAllStoredOnce();
}, 60_000);
