import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { MINUTE_MS } from '../../src/lib/time.ts';
import { PERSON_STAYS, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

describe('a rest between calls', () => {
  const aWorld = () =>
    World.begin({
      profileId: 'demonstration',
      campaign: { restBetweenCallsMs: 8_000 },
      behaviour: () => personWho(2_000, 3_000),
    });

  async function afterTheFirstCall(): Promise<number> {
    world = await aWorld();
    await world.agentComes();
    await world.until('wrap-up', () => world.activity() === 'wrapping-up');
    await world.dispose(1, 'dropped');
    await world.until('the end of the wrap-up', () => world.activity() === 'available');
    return world.factsOf('activity-changed').at(-1)?.at ?? 0;
  }

  it('keeps the agent from the next call for so long after the wrap-up', async () => {
    const since = await afterTheFirstCall();
    await world.pass(7_900);
    expect(world.network.dialed).toHaveLength(1);
    expect(world.engine.desk(world.agentId()).shift?.activity).toEqual({
      kind: 'available',
      since,
      freeAt: since + 8_000,
    });
    await world.pass(400);
    expect(world.network.dialed).toHaveLength(2);
  });

  it('goes on over a restart', async () => {
    const since = await afterTheFirstCall();
    await world.restart(500);
    await world.screenReturns();
    await world.pass(since + 7_900 - world.clock.now());
    expect(world.network.dialed).toHaveLength(1);
    await world.pass(400);
    expect(world.network.dialed).toHaveLength(2);
  });

  it('is not asked of an agent who comes back from a pause', async () => {
    await afterTheFirstCall();
    await world.ask(1, { kind: 'pause', reason: 'restroom' });
    await world.ask(1, { kind: 'go-available' });
    await world.pass(300);
    expect(world.network.dialed).toHaveLength(2);
  });

  it('keeps a person who answered from an agent who rests', async () => {
    world = await World.begin({
      agents: 2,
      profileId: 'demonstration',
      campaign: { restBetweenCallsMs: 30_000, pacing: { mode: 'ratio', ratio: 2, linesMax: 9 } },
      behaviour: () => personWho(2_000, 3_000),
    });
    await world.agentComes();
    await world.until('wrap-up', () => world.activity() === 'wrapping-up');
    await world.dispose(1, 'dropped');
    await world.pass(20_000);
    expect(world.activity()).toBe('available');
    expect(world.factsOf('call-connected')).toHaveLength(1);
  });
});

describe('a planned rest', () => {
  it('begins at its moment for an agent who is free, and nobody is dialed for them any more', async () => {
    world = await World.begin({ behaviour: () => RINGS_FOREVER });
    await world.change({ state: 'paused' });
    await world.agentComes();
    const at = world.clock.now() + 10 * MINUTE_MS;
    expect(await world.ask(1, { kind: 'plan-rest', at })).toEqual({ ok: true });
    expect(world.engine.desk(world.agentId()).shift?.restsAt).toBe(at);
    await world.pass(10 * MINUTE_MS - 1_000);
    await world.change({ state: 'running' });
    await world.pass(900);
    expect(world.activity()).toBe('available');
    expect(world.network.dialed).toEqual([]);
    await world.pass(200);
    expect(world.engine.desk(world.agentId()).shift).toMatchObject({
      activity: { kind: 'paused', reason: 'rest', since: at },
    });
    expect(world.engine.desk(world.agentId()).shift).not.toHaveProperty('restsAt');
  });

  it('waits for the end of the call in hand', async () => {
    world = await World.begin({ behaviour: () => PERSON_STAYS });
    await world.agentComes();
    await world.until('a talk', () => world.activity() === 'talking');
    await world.ask(1, { kind: 'plan-rest', at: world.clock.now() + 20_000 });
    await world.pass(40_000);
    expect(world.activity()).toBe('talking');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(100);
    await world.dispose(1, 'dropped');
    await world.until('the pause', () => world.activity() === 'paused');
    expect(world.factsOf('activity-changed').at(-1)?.body.reason).toBe('rest');
  });

  it('is planned and taken back by a supervisor, who stands in the audit trail', async () => {
    world = await World.begin({ behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    const agentId = world.agentId();
    const at = world.clock.now() + MINUTE_MS;
    const byUserId = 'user_boss';
    await world.run({ kind: 'plan-agent-rest', scope: HOUSE, byUserId, agentId, at });
    expect(world.factsOf('rest-planned')[0]?.body.restsAt).toBe(at);
    await world.run({ kind: 'plan-agent-rest', scope: HOUSE, byUserId, agentId, at: null });
    await world.pass(2 * MINUTE_MS);
    expect(world.activity()).not.toBe('paused');
    const trail = await world.storage.store.read((view) => view.auditEntries(2));
    expect(trail.map(({ change, from, to }) => [change, from, to])).toEqual([
      ['plan-agent-rest', `${at}`, undefined],
      ['plan-agent-rest', undefined, `${at}`],
    ]);
  });

  it('survives the process', async () => {
    world = await World.begin({ behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.ask(1, { kind: 'plan-rest', at: world.clock.now() + 30_000 });
    await world.restart(500);
    await world.screenReturns();
    await world.pass(31_000);
    expect(world.activity()).toBe('paused');
  });

  it.each([
    ['in the past', -1_000],
    ['tomorrow', 24 * 60 * MINUTE_MS],
  ])('%s is refused', async (_what, aheadMs) => {
    world = await World.begin();
    await world.agentComes();
    const at = world.clock.now() + aheadMs;
    const refused = { ok: false, code: 'rest-out-of-reach' };
    expect(await world.ask(1, { kind: 'plan-rest', at })).toMatchObject(refused);
  });
});
