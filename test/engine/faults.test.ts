import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { StoreError } from '../../src/engine/ports/store.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import { PERSON_STAYS, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

async function aTalk(options: WorldOptions = {}): Promise<void> {
  world = await World.begin({ behaviour: () => PERSON_STAYS, ...options });
  await world.agentComes();
  await world.until('a talk', () => world.activity() === 'talking');
  await world.change({ state: 'paused' });
}

function attempts() {
  return world.query<{
    outcome: string | null;
    ended_at: number | null;
    counts: number;
    leg_id: string;
  }>('select outcome, ended_at, counts, leg_id from attempt order by placed_at');
}

describe('a process that dies between its commit and its effects', () => {
  it('never dialed the call: the attempt ends lost, counts, and its number waits', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.pass(1_000);
    await world.change({ state: 'paused' });
    world.network.hangUpLeg(world.lastLeg(), 'cancelled');
    await world.pass(10);
    await world.importMore([2]);
    world.network.listens = false;
    await world.change({ state: 'running' });
    await world.until('it is committed', () => attempts().length === 2);
    expect(world.network.dialed).toHaveLength(1);
    await world.restart(500);
    await world.screenReturns();
    await world.pass(1_000);
    expect(attempts()[1]).toMatchObject({ outcome: 'lost', counts: 1 });
    const planned = world.factsOf('lead-planned').at(-1);
    expect((planned?.body.notBeforeAt ?? 0) - (planned?.at ?? 0)).toBe(2 * HOUR_MS);
    await world.pass(20 * MINUTE_MS);
    expect(world.network.dialed).toHaveLength(1);
  });

  it('lost a hang-up: it is asked for again', async () => {
    await aTalk();
    world.network.listens = false;
    await world.ask(1, { kind: 'hang-up', callId: world.onScreen().call.id });
    await world.restart(500);
    await world.pass(100);
    expect(world.network.legs.size).toBe(0);
    expect(world.factsOf('call-ended').map(({ body }) => body.hungUpBy)).toEqual(['agent']);
  });

  it('lost a bridge: the person waits for the agent no longer than the limit', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(5_000) });
    await world.agentComes();
    await world.pass(1_000);
    world.network.listens = false;
    await world.until('an agent is chosen', () => world.factsOf('call-assigned').length === 1);
    await world.restart(200);
    await world.screenReturns();
    await world.pass(4_000);
    expect(world.askedOf()).toEqual(['announce abandonment']);
    expect(world.factsOf('call-abandoned')).toHaveLength(1);
    expect(world.activity()).toBe('available');
  });

  it('lost a message: the person is not left on the line', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(5_000) });
    await world.agentComes();
    await world.pass(1_000);
    await world.ask(1, { kind: 'sign-out' });
    await world.until('they answer', () => world.factsOf('call-answered').length === 1);
    world.network.listens = false;
    await world.until('they are abandoned', () => world.factsOf('call-abandoned').length === 1);
    await world.restart(500);
    await world.pass(1_000);
    expect(world.network.legs.size).toBe(0);
    expect(world.factsOf('call-abandoned')).toHaveLength(1);
  });
});

describe('a commit that fails', () => {
  it('ends the process, and nothing of that turn left the house', async () => {
    world = await World.begin({ debtors: 3, behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.pass(1_000);
    await world.change({ state: 'paused' });
    const dialed = world.network.dialed.length;
    const asked = world.network.asked.length;
    const facts = world.facts.length;
    world.diskFails = true;
    let answered = false;
    void world.engine
      .run({
        kind: 'change-campaign',
        scope: HOUSE,
        byUserId: 'user_boss',
        campaignId: world.campaignId,
        change: { state: 'running', linesMax: 77 },
      })
      .then(() => {
        answered = true;
      });
    await expect(world.pass(40_000)).rejects.toThrow(StoreError);
    expect(world.fatal).toMatchObject({ code: 'commit-failed' });
    world.fatal = undefined;
    expect(answered).toBe(false);
    expect(world.network.dialed).toHaveLength(dialed);
    expect(world.network.asked).toHaveLength(asked);
    expect(world.facts).toHaveLength(facts);
    expect(await world.run({ kind: 'people-changed' })).toMatchObject({
      ok: false,
      code: 'server-draining',
    });
    world.diskFails = false;
    await world.restart(100);
    expect(world.board().campaign).toMatchObject({ state: 'paused', pacing: { linesMax: 200 } });
    expect(await world.liveCalls()).toEqual([]);
  });

  it('places nothing that was not stored', async () => {
    world = await World.begin({ debtors: 3, behaviour: () => RINGS_FOREVER });
    await world.agentSignsIn();
    world.diskFails = true;
    void world.engine.run({ kind: 'go-available', agentId: world.agentId() });
    await expect(world.pass(5_000)).rejects.toThrow(StoreError);
    world.fatal = undefined;
    expect(world.network.dialed).toEqual([]);
    world.diskFails = false;
    await world.restart(100);
    expect(attempts()).toEqual([]);
  });

  it('while a drain waits ends the drain', async () => {
    await aTalk();
    const drained = world.engine.drain(60_000);
    world.diskFails = true;
    world.network.debtorHangsUp(world.lastLeg());
    await expect(world.pass(1_000)).rejects.toThrow(StoreError);
    await drained;
    world.fatal = undefined;
    expect(await world.engine.drain(60_000)).toBe(await drained);
    world.diskFails = false;
  });
});

describe('a PBX that is restarted under the server', () => {
  it('ends every call as lost to the network, once, and the agents wrap up', async () => {
    await aTalk();
    world.network.restart();
    await world.pass(100);
    expect(world.factsOf('telephony-back').at(-1)?.body.restarted).toBe(true);
    expect(world.factsOf('call-ended').map(({ body }) => body.hungUpBy)).toEqual(['network']);
    expect(world.activity()).toBe('wrapping-up');
    expect(await world.liveCalls()).toEqual([]);
  });

  it('gives calls only to agents whose audio is back', async () => {
    world = await World.begin({ debtors: 20, behaviour: () => RINGS_FOREVER });
    const headsetId = await world.agentComes();
    await world.pass(1_000);
    world.network.restart();
    await world.pass(5_000);
    expect(world.network.dialed).toHaveLength(1);
    expect(world.because()).toBe('no-agents');
    world.network.browserCallsIn(headsetId);
    await world.pass(1_000);
    expect(world.network.dialed).toHaveLength(2);
  });

  it('that was away leaves the attempts that were under way settled and counted', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.pass(2_000);
    world.network.disconnect('socket closed');
    await world.pass(3_000);
    world.network.restart();
    await world.pass(100);
    expect(attempts()).toEqual([
      expect.objectContaining({ outcome: 'lost', counts: 1, ended_at: expect.any(Number) }),
    ]);
  });
});

describe('events that are lost for ten seconds', () => {
  it('place nothing meanwhile, and a person who answered in them counts as abandoned', async () => {
    world = await World.begin({ debtors: 5, agents: 2, behaviour: () => personWho(5_000) });
    await world.agentComes(1);
    await world.pass(1_000);
    await world.agentComes(2);
    await world.pass(500);
    world.network.disconnect('no echo');
    const dialed = world.network.dialed.length;
    await world.pass(10_000);
    expect(world.network.dialed).toHaveLength(dialed);
    world.network.reconnect();
    await world.pass(100);
    expect(world.factsOf('call-abandoned').map(({ body }) => body.because)).toEqual(
      Array(dialed).fill('unattended'),
    );
  });

  it('leave a talk alone that goes on', async () => {
    await aTalk();
    world.network.disconnect('no echo');
    await world.pass(10_000);
    world.network.reconnect();
    await world.pass(1_000);
    expect(world.callState()).toBe('talking');
    expect(world.askedOf()).toEqual(['bridge']);
    expect(world.factsOf('telephony-back').at(-1)?.body).toMatchObject({
      restarted: false,
      adopted: 1,
      lost: 0,
    });
  });

  it('end a talk whose person hung up meanwhile', async () => {
    await aTalk();
    world.network.disconnect('no echo');
    await world.pass(2_000);
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(8_000);
    expect(world.activity()).toBe('talking');
    world.network.reconnect();
    await world.pass(10);
    expect(world.activity()).toBe('wrapping-up');
    expect(world.factsOf('call-ended')).toHaveLength(1);
  });

  it('are repaired by the sweep when nobody noticed that they were lost', async () => {
    await aTalk();
    world.network.tamper = () => {};
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(1_000);
    expect(world.activity()).toBe('talking');
    world.network.tamper = (signal, deliver) => deliver(signal);
    await world.pass(31_000);
    expect(world.activity()).toBe('wrapping-up');
  });

  it('never dial anybody a second time', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.pass(1_000);
    world.network.loseEvents();
    await world.pass(10_000);
    world.network.reconnect();
    await world.pass(30 * MINUTE_MS);
    expect(world.network.dialed).toHaveLength(1);
    expect(attempts()).toHaveLength(1);
    expect(attempts()[0]?.outcome).toBe('no-answer');
  });
});

describe('signals of legs that nobody knows', () => {
  it('hang up on anyone who answers on one', async () => {
    world = await World.begin({ debtors: 0 });
    world.network.tell({ kind: 'leg-answered', legId: 'leg_stranger' });
    await world.pass(10);
    expect(world.network.asked.at(-1)).toMatchObject({
      what: 'hang-up orphaned',
      legId: 'leg_stranger',
    });
  });

  it('refuse a call that comes in by a trunk', async () => {
    world = await World.begin({ debtors: 0 });
    world.network.tell({
      kind: 'inbound-arrived',
      channelId: 'channel-in',
      trunkId: 'trunk_one',
      from: '+5511999999999',
      to: '+551133334444',
    });
    await world.pass(10);
    expect(world.network.asked.at(-1)?.what).toBe('refuse-inbound channel-in');
  });
});
