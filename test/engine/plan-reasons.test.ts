import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

describe('why it dials so many and no more', () => {
  it('because it is paused or stopped', async () => {
    world = await World.begin();
    await world.change({ state: 'paused' });
    await world.pass(500);
    expect(world.because()).toBe('campaign-paused');
    await world.change({ state: 'stopped' });
    await world.pass(500);
    expect(world.because()).toBe('campaign-stopped');
  });

  it('because every agent is busy', async () => {
    world = await World.begin();
    await world.agentComes();
    await world.pass(10_000);
    expect(world.activity()).toBe('talking');
    expect(world.because()).toBe('no-agent-free');
  });

  it('because one is on the way for each free agent', async () => {
    world = await World.begin({ behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.pass(1_000);
    expect(world.because()).toBe('enough-on-the-way');
  });

  it('because no lead is due, with the moment the next one will be', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.pass(40_000);
    const [planned] = world.factsOf('lead-planned');
    expect(world.board().plan?.because).toEqual({
      code: 'no-leads-due',
      values: { nextAt: planned?.body.notBeforeAt },
    });
  });

  it('because the PBX is away, with what it said and since when', async () => {
    world = await World.begin();
    await world.agentComes();
    const since = world.clock.now();
    world.network.disconnect('connection refused');
    await world.pass(1_000);
    expect(world.board().plan?.because).toEqual({
      code: 'telephony-down',
      values: { because: 'connection refused', since },
    });
  });

  it('because the disk is full, and goes on by itself when there is room again', async () => {
    world = await World.begin({ behaviour: () => RINGS_FOREVER });
    await world.run({ kind: 'storage-room-changed', room: 'full', freeBytes: 41_500_000 });
    await world.agentComes();
    await world.pass(1_000);
    expect(world.network.dialed).toEqual([]);
    expect(world.board().plan?.because).toEqual({
      code: 'disk-full',
      values: { freeMegabytes: 39 },
    });
    expect(world.engine.board(HOUSE).storage).toMatchObject({
      room: 'full',
      freeBytes: 41_500_000,
    });
    await world.run({ kind: 'storage-room-changed', room: 'low', freeBytes: 900_000_000 });
    await world.pass(1_000);
    expect(world.network.dialed).toHaveLength(1);
    expect(world.engine.health().storage.room).toBe('low');
  });

  it('because no number of ours may be shown in the area', async () => {
    world = await World.begin({
      campaign: { fallbackCallerIdId: 'callerid_none' },
      phonesOf: (n) => [`+55719${88_000_000 + n}`],
    });
    await world.agentComes();
    await world.pass(100);
    expect(world.network.dialed).toEqual([]);
    expect(world.board().plan?.because.code).toBe('held-back');
    expect(world.board().plan?.because.values).toHaveProperty('caller-id-not-owned');
  });

  it('because no enabled trunk carries the number', async () => {
    world = await World.begin({ trunk: { enabled: false } });
    await world.agentComes();
    await world.pass(1_000);
    expect(world.network.dialed).toEqual([]);
    expect(world.because()).toBe('no-trunk');
  });

  it('says what it expects of the next moments beside the reason', async () => {
    world = await World.begin({ behaviour: () => RINGS_FOREVER });
    expect(world.board().plan?.forecast).toBeUndefined();
    await world.agentComes();
    await world.pass(1_000);
    expect(world.board().plan?.forecast).toMatchObject({ withinMs: 30_000, setupsObserved: 0 });
    await world.change({ state: 'paused' });
    await world.pass(500);
    expect(world.board().plan?.forecast).toBeUndefined();
  });

  it('because the server is being drained', async () => {
    world = await World.begin({ behaviour: () => personWho(4_000) });
    await world.agentComes();
    await world.pass(10_000);
    void world.engine.drain(60_000);
    await world.pass(1_000);
    expect(world.because()).toBe('draining');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(100);
  });
});
