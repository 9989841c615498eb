import { afterEach, describe, expect, it } from 'vitest';
import type { CommandResult } from '../../src/engine/commands.ts';
import { personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

describe('a full inbox', () => {
  it('refuses commands and still takes what the PBX says', async () => {
    world = await World.begin({
      debtors: 2,
      behaviour: () => personWho(4_000),
      limits: { inboxMax: 3, batchMax: 1 },
    });
    await world.agentComes();
    await world.pass(6_000);
    expect(world.activity()).toBe('talking');
    const asked: Promise<CommandResult>[] = [];
    for (let n = 0; n < 8; n += 1) {
      asked.push(world.engine.run({ kind: 'leads-changed', campaignId: world.campaignId }));
    }
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(0);
    const results = await Promise.all(asked);
    expect(results.filter(({ ok }) => ok)).toHaveLength(4);
    expect(results.filter((one) => !one.ok && one.code === 'server-busy')).toHaveLength(4);
    expect(world.activity()).toBe('wrapping-up');
    expect(await world.run({ kind: 'leads-changed', campaignId: world.campaignId })).toEqual({
      ok: true,
    });
  });
});

describe('a batch', () => {
  it('is decided in turns of at most its size, in the order of arrival', async () => {
    world = await World.begin({ agents: 6, debtors: 0, limits: { batchMax: 2 } });
    const asked = [1, 2, 3, 4, 5, 6].map((n) =>
      world.engine.run({ kind: 'open-shift', agentId: world.agentId(n), pageId: 'page-one' }),
    );
    const commits = world.storage.stats().commits;
    await world.pass(0);
    await Promise.all(asked);
    // The first one was taken alone, before the others came.
    expect(world.storage.stats().commits - commits).toBe(4);
    expect(world.factsOf('shift-began').map((fact) => fact.agentId)).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => world.agentId(n)),
    );
  });
});

describe('a drain', () => {
  it('stops placing, waits for the talk to end, and leaves nothing alive', async () => {
    world = await World.begin({ agents: 2, debtors: 20, behaviour: () => personWho(4_000) });
    await world.agentComes(1);
    await world.pass(6_000);
    expect(world.activity(1)).toBe('talking');
    const drained = world.engine.drain(10 * 60_000);
    await world.agentComes(2);
    await world.pass(60_000);
    expect(world.network.dialed).toHaveLength(1);
    expect(world.engine.health().draining).toBe(true);
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(100);
    expect(await drained).toBe(0);
  });

  it('lets a ringing call be answered and talked on', async () => {
    world = await World.begin({ behaviour: () => personWho(8_000, 20_000) });
    await world.agentComes();
    await world.pass(2_000);
    const drained = world.engine.drain(10 * 60_000);
    await world.pass(8_000);
    expect(world.activity()).toBe('talking');
    await world.pass(20_000);
    expect(await drained).toBe(0);
  });

  it('takes dispositions while it waits', async () => {
    world = await World.begin({ agents: 2, debtors: 4, behaviour: () => personWho(4_000) });
    await world.agentComes(1);
    await world.agentComes(2);
    await world.until('both talk', () => world.factsOf('call-connected').length === 2);
    const drained = world.engine.drain(10 * 60_000);
    const [first, second] = world.network.dialed;
    if (!first || !second) throw new Error('two were dialed');
    world.network.debtorHangsUp(first.legId);
    await world.pass(100);
    const wrappingUp = [1, 2].find((n) => world.activity(n) === 'wrapping-up') ?? 0;
    expect(await world.dispose(wrappingUp)).toEqual({ ok: true });
    world.network.debtorHangsUp(second.legId);
    await world.pass(100);
    expect(await drained).toBe(0);
  });

  it('ends at its bound and says how many calls live on, which the next process takes up', async () => {
    world = await World.begin({ behaviour: () => personWho(4_000) });
    await world.agentComes();
    await world.pass(6_000);
    const drained = world.engine.drain(5_000);
    await world.pass(4_900);
    let isDone = false;
    void drained.then(() => {
      isDone = true;
    });
    await world.pass(0);
    expect(isDone).toBe(false);
    await world.pass(200);
    expect(await drained).toBe(1);
    expect(world.network.legs.size).toBe(1);
    await world.restart(100);
    await world.screenReturns();
    await world.pass(100);
    expect(world.activity()).toBe('talking');
  });

  it('is one drain, however often it is asked for, while calls live and after its bound', async () => {
    world = await World.begin({ behaviour: () => personWho(4_000) });
    await world.agentComes();
    await world.pass(6_000);
    const drains = [world.engine.drain(5_000), world.engine.drain(60_000)];
    await world.pass(5_100);
    expect(await Promise.all([...drains, world.engine.drain(5_000)])).toEqual([1, 1, 1]);
  });

  it('is over at once when no call is alive, and commands are refused from then on', async () => {
    world = await World.begin({ debtors: 0 });
    expect(await world.engine.drain(60_000)).toBe(0);
    expect(await world.run({ kind: 'people-changed' })).toMatchObject({
      ok: false,
      code: 'server-draining',
    });
  });
});

describe('a clock that is set', () => {
  it('is noticed as a jump against the monotonic one', async () => {
    world = await World.begin({ behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.pass(2_000);
    expect(world.engine.health()).toMatchObject({ clockJumps: 0, clockDriftMs: 0 });
    world.clock.jump(60_000);
    await world.pass(2_000);
    expect(world.engine.health()).toMatchObject({ clockJumps: 1, clockDriftMs: 60_000 });
  });

  it('forward by an hour hangs up on nobody', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(12_000) });
    await world.agentComes();
    await world.pass(6_000);
    world.clock.jump(60 * 60_000);
    await world.pass(5_000);
    expect(world.askedOf()).toEqual([]);
    await world.pass(2_000);
    expect(world.activity()).toBe('talking');
    expect(world.factsOf('call-abandoned')).toEqual([]);
  });

  it('back by an hour ends a ringing that nobody answers all the same', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.pass(6_000);
    world.clock.jump(-60 * 60_000);
    await world.pass(20_000);
    expect(world.askedOf()).toEqual(['hang-up ring-timeout']);
  });

  it('back by an hour neither stops the dialing nor ends a call', async () => {
    world = await World.begin({ debtors: 20, behaviour: () => personWho(4_000) });
    await world.agentComes();
    await world.pass(6_000);
    expect(world.activity()).toBe('talking');
    world.clock.jump(-60 * 60_000);
    await world.pass(2_000);
    expect(world.activity()).toBe('talking');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(100);
    await world.dispose(1, 'third-party');
    await world.pass(20_000);
    expect(world.network.dialed).toHaveLength(2);
  });
});
