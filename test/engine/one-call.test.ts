import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

describe('a call, from the list to the next one', () => {
  it('is placed for a free agent, answered, connected at once, disposed, and followed by another', async () => {
    world = await World.begin();
    await world.agentComes();
    await world.pass(1_000);
    expect(world.network.dialed).toHaveLength(1);
    expect(world.network.dialed[0]).toMatchObject({
      phone: expect.stringMatching(/^\+55119800000\d\d$/),
      callerId: '+551133334444',
      trunkId: 'trunk_one',
      purpose: 'campaign',
    });
    await world.pass(5_000);
    expect(world.activity()).toBe('talking');
    const [connected] = world.factsOf('call-connected');
    expect(connected?.body.waitMs).toBeLessThan(50);
    await world.pass(30_000);
    expect(world.activity()).toBe('wrapping-up');
    expect(await world.dispose()).toEqual({ ok: true });
    await world.pass(16_000);
    expect(world.network.dialed).toHaveLength(2);
    expect(world.network.dialed[1]?.phone).not.toBe(world.network.dialed[0]?.phone);
  });
});
