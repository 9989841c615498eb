import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, SECOND_MS, startOfLocalDay } from '../../src/lib/time.ts';
import { PERSON_STAYS, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { ZONE } from '../../src/simulator/operation.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

async function passes(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    await world.pass(1_000);
    if (world.activity() === 'wrapping-up') await world.dispose(1, 'dropped');
  }
}

describe('a clock that goes over midnight and comes back', () => {
  it.each([1, -4, 400])(
    'finds the bank and the counts of the day it had left (%i days)',
    async (days) => {
      world = await World.begin({ debtors: 40, behaviour: () => personWho(3_000, 10_000) });
      await world.agentComes();
      await passes(120_000);
      await world.change({ state: 'paused' });
      await passes(30_000);
      const { abandonment, today } = world.board();
      expect(abandonment.answers).toBeGreaterThan(4);
      world.clock.jump(days * DAY_MS);
      await world.change({ state: 'running' });
      await passes(60_000);
      await world.change({ state: 'paused' });
      await passes(30_000);
      expect(world.factsOf('call-answered').length).toBeGreaterThan(abandonment.answers);
      world.clock.jump(-days * DAY_MS);
      await passes(2_000);
      expect(world.board().abandonment).toEqual(abandonment);
      const { answered, connected } = world.board().today;
      if (days < 0)
        expect({ answered, connected }).toEqual({
          answered: today.answered,
          connected: today.connected,
        });
    },
  );
});

describe.each([1, -1])('a clock that goes over midnight while it rings (%i days)', (days) => {
  it.each([false, true])('counts it on the day of its attempt (restart: %s)', async (restarts) => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.until('it rings', () => world.board().live.ringing === 1);
    world.clock.jump(days * DAY_MS);
    await world.pass(1_000);
    if (restarts) await world.restart();
    await world.until('nobody answered', () => world.factsOf('call-ended').length === 1);
    const dayFrom = startOfLocalDay(world.clock.now(), ZONE);
    const stored = await world.storage.store.read((view) =>
      view.campaignCounts(world.campaignId, dayFrom),
    );
    expect(world.board().today).toEqual(stored);
    expect(stored.noAnswer).toBe(days > 0 ? 0 : 1);
  });
});

describe('a clock that is set back while no process runs', () => {
  it('leaves a telephone ringing for no longer than it may', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.until('it rings', () => world.board().live.ringing === 1);
    await world.kill();
    world.clock.jump(-DAY_MS);
    await world.pass(2_000);
    await world.startProcess();
    await world.until('nobody answered', () => world.factsOf('call-ended').length === 1, 30_000);
  });

  it('ends a wrap-up in its time', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(2_000, 3_000) });
    await world.agentComes();
    await world.until('the talk is over', () => world.activity() === 'wrapping-up');
    await world.kill();
    world.clock.jump(-HOUR_MS);
    await world.pass(1_000);
    await world.startProcess();
    await world.until('the wrap-up is over', () => world.activity() !== 'wrapping-up', 60_000);
  });
});

describe.each([5 * SECOND_MS, -HOUR_MS])('a clock set by %i ms', (byMs) => {
  it('leaves a person who waits what is left of the limit', async () => {
    world = await World.begin({ debtors: 3, behaviour: () => PERSON_STAYS });
    await world.agentComes();
    await world.until('it rings', () => world.board().live.ringing === 1);
    await world.ask(1, { kind: 'pause', reason: 'rest' });
    await world.until('they wait', () => world.board().live.waiting === 1);
    await world.pass(500);
    world.clock.jump(byMs);
    await world.pass(100);
    await world.ask(1, { kind: 'go-available' });
    await world.pass(1_000);
    expect(world.activity()).toBe('talking');
    expect(world.factsOf('call-abandoned')).toEqual([]);
    const [waitMs] = world.factsOf('call-connected').map(({ body }) => body.waitMs);
    expect(waitMs).toBeGreaterThanOrEqual(600);
    expect(waitMs).toBeLessThan(800);
    const { abandonment } = world.board();
    expect(abandonment).toMatchObject({ answers: 1, abandoned: 0 });
    await world.restart();
    expect(world.board().abandonment).toEqual(abandonment);
  });

  it('does not spare one who waited too long', async () => {
    world = await World.begin({ debtors: 3, behaviour: () => PERSON_STAYS });
    await world.agentComes();
    await world.until('it rings', () => world.board().live.ringing === 1);
    await world.ask(1, { kind: 'pause', reason: 'rest' });
    await world.until('they wait', () => world.board().live.waiting === 1);
    await world.pass(1_000);
    const answeredAt = world.factsOf('call-answered')[0]?.at ?? 0;
    const leftMs = answeredAt + 1_900 - world.clock.now();
    world.clock.jump(byMs);
    await world.pass(leftMs - 1);
    expect(world.factsOf('call-abandoned')).toEqual([]);
    await world.pass(1);
    expect(world.factsOf('call-abandoned').map(({ body }) => body)).toMatchObject([
      { because: 'limit', waitMs: 1_900 },
    ]);
  });

  it('teaches neither a false ringing nor a false talk, and ends a wrap-up in its time', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(5_000, 8_000) });
    await world.agentComes();
    await world.until('it rings', () => world.board().live.ringing === 1);
    world.clock.jump(byMs);
    await world.until('they talk', () => world.activity() === 'talking');
    world.clock.jump(-byMs);
    await world.until('the talk is over', () => world.activity() === 'wrapping-up');
    world.clock.jump(byMs);
    await world.until('the wrap-up is over', () => world.activity() === 'undisposed');
    expect(world.factsOf('call-answered')[0]?.body.ringMs).toBe(5_000);
    // From the bridge on, some milliseconds after the answer.
    const [talkMs] = world.factsOf('call-ended').map(({ body }) => body.talkMs);
    expect(talkMs).toBeGreaterThan(7_900);
    expect(talkMs).toBeLessThanOrEqual(8_000);
    const lasted = world.factsOf('activity-changed').map(({ body }) => [body.from, body.lastedMs]);
    expect(lasted).toContainEqual(['talking', talkMs]);
    expect(lasted).toContainEqual(['wrapping-up', world.board().campaign.wrapUpMs]);
  });
});
