import { afterEach, describe, expect, it } from 'vitest';
import type { DialPermit } from '../../src/domain/compliance/gate.ts';
import type { CampaignId } from '../../src/lib/ids.ts';
import { BUSY, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import { World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const FIRST: CampaignId = 'campaign_varejo';
const SECOND: CampaignId = 'campaign_second';
const THIRD: CampaignId = 'campaign_third';
const PREDICTIVE = { pacing: { mode: 'predictive', linesMax: 200 } } as const;

function aWorld(options: WorldOptions = {}, weight = 1): Promise<World> {
  return World.begin({
    agents: 6,
    debtors: 900,
    profileId: 'demonstration',
    campaign: PREDICTIVE,
    moreCampaigns: [{ id: SECOND, name: 'Segunda', weight, ...PREDICTIVE }],
    leadsOf: (id) => range(id === SECOND ? 301 : id === THIRD ? 601 : 1, 300),
    behaviour: aThirdAnswers,
    ...options,
  });
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

function aThirdAnswers({ phone }: DialPermit): Behaviour {
  const digit = Number(phone.slice(-2)) % 3;
  if (digit === 0) return personWho(6_000, 12_000);
  return digit === 1 ? BUSY : { ringsAfterMs: 500, fails: { afterMs: 15_000, cause: 19 } };
}

async function work(agents: number, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await world.pass(500);
    for (let n = 1; n <= agents; n += 1) {
      if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'dropped');
    }
  }
}

const groupOf = (id: CampaignId) => world.board(id).plan?.groupIds;
const placedFor = (id: CampaignId) =>
  world.factsOf('call-placed').filter(({ campaignId }) => campaignId === id).length;

describe('campaigns in mode predictive that share agents', () => {
  it('are planned together while one agent of both is signed in, and apart afterwards', async () => {
    world = await aWorld({ isAssigned: (n, id) => n === 1 || n <= 3 === (id === FIRST) });
    await world.agentComes(2);
    await world.agentComes(4);
    await world.pass(1_000);
    expect(groupOf(FIRST)).toBeUndefined();
    await world.agentComes(1);
    await world.pass(500);
    expect(groupOf(FIRST)).toEqual([FIRST, SECOND].sort());
    expect(groupOf(SECOND)).toEqual(groupOf(FIRST));
    await world.change({ linesMax: 0 });
    await world.change({ linesMax: 0 }, SECOND);
    await work(4, 60_000);
    await world.ask(1, { kind: 'sign-out' });
    await world.pass(500);
    expect(groupOf(FIRST)).toBeUndefined();
    expect(groupOf(SECOND)).toBeUndefined();
  });

  it('are joined over a third one that shares an agent with each', async () => {
    world = await aWorld({
      agents: 2,
      moreCampaigns: [
        { id: SECOND, name: 'Segunda', ...PREDICTIVE },
        { id: THIRD, name: 'Terceira', ...PREDICTIVE },
      ],
      isAssigned: (n, id) => id === SECOND || (n === 1 ? id === FIRST : id === THIRD),
    });
    await world.agentComes(1);
    await world.agentComes(2);
    await world.pass(500);
    expect(groupOf(FIRST)).toHaveLength(3);
  });

  it('count every agent once, and place by their weights', async () => {
    world = await aWorld({ agents: 4 }, 3);
    for (let n = 1; n <= 4; n += 1) await world.agentComes(n);
    let onTheWayMax = 0;
    for (let step = 0; step < 60; step += 1) {
      await work(4, 500);
      const { answersKnown = 0 } = world.board().plan?.forecast?.learning ?? {};
      if (answersKnown > 3) break;
      const onTheWay = [world.board(), world.board(SECOND)].reduce(
        (sum, { live }) => sum + live.placing + live.ringing + live.waiting,
        0,
      );
      onTheWayMax = Math.max(onTheWayMax, onTheWay);
    }
    // While nothing is known it is one to one, over both campaigns together.
    expect(onTheWayMax).toBe(4);
    await work(4, 300_000);
    const share = placedFor(SECOND) / placedFor(FIRST);
    expect(placedFor(FIRST)).toBeGreaterThan(15);
    expect(share).toBeGreaterThan(2);
    expect(share).toBeLessThan(4.5);
  });

  it('keep what each learned when they part and meet again', async () => {
    world = await aWorld({ agents: 3, isAssigned: (n, id) => n < 3 || id === FIRST });
    for (let n = 1; n <= 3; n += 1) await world.agentComes(n);
    await work(3, 240_000);
    await world.change({ linesMax: 0 });
    await world.change({ linesMax: 0 }, SECOND);
    await work(3, 90_000);
    const known = (id: CampaignId) =>
      (world.engine.learned(id) as { setups: { answersKnown: number } }).setups.answersKnown;
    const before = [known(FIRST), known(SECOND)];
    expect(Math.min(...before)).toBeGreaterThan(2);
    for (const n of [1, 2]) await world.ask(n, { kind: 'sign-out' });
    await world.pass(500);
    expect(groupOf(FIRST)).toBeUndefined();
    expect([known(FIRST), known(SECOND)]).toEqual(before);
    await world.agentComes(1);
    await world.pass(500);
    expect(groupOf(FIRST)).toHaveLength(2);
    expect([known(FIRST), known(SECOND)]).toEqual(before);
  });

  it('leave their share to the others while they have nothing to dial', async () => {
    world = await aWorld({
      agents: 3,
      leadsOf: (id) => (id === SECOND ? [] : range(1, 300)),
      behaviour: () => RINGS_FOREVER,
    });
    for (let n = 1; n <= 3; n += 1) await world.agentComes(n);
    await world.pass(2_000);
    expect(placedFor(FIRST)).toBe(3);
    expect(world.because(SECOND)).toBe('no-leads-due');
  });

  it('still reckon with the calls of one that was paused', async () => {
    world = await aWorld({ agents: 2, behaviour: () => RINGS_FOREVER });
    await world.change({ state: 'paused' }, SECOND);
    await world.change({ state: 'paused' });
    await world.agentComes(1);
    await world.agentComes(2);
    await world.change({ state: 'running' });
    await world.pass(1_000);
    expect(placedFor(FIRST)).toBe(2);
    await world.change({ state: 'paused' });
    await world.change({ state: 'running' }, SECOND);
    await world.pass(10_000);
    expect(placedFor(SECOND)).toBe(0);
    await world.pass(20_000);
    expect(placedFor(SECOND)).toBe(2);
  });

  it('are limited in lines each by its own limit', async () => {
    world = await aWorld({ behaviour: () => RINGS_FOREVER });
    await world.change({ linesMax: 1 });
    for (let n = 1; n <= 6; n += 1) await world.agentComes(n);
    await world.pass(3_000);
    expect(placedFor(FIRST)).toBe(1);
    expect(placedFor(SECOND)).toBe(5);
  });

  it('share agents with one in another mode as two that compete', async () => {
    world = await aWorld({ agents: 4, behaviour: () => RINGS_FOREVER });
    await world.change({ mode: 'progressive' }, SECOND);
    for (let n = 1; n <= 4; n += 1) await world.agentComes(n);
    await world.pass(3_000);
    expect(groupOf(FIRST)).toBeUndefined();
    expect(placedFor(FIRST) + placedFor(SECOND)).toBe(4);
    expect(Math.min(placedFor(FIRST), placedFor(SECOND))).toBeGreaterThan(0);
  });

  it.each([
    [{ mode: 'progressive' }, 3],
    [{ mode: 'ratio', ratio: 2 }, 6],
  ] as const)(
    'leave an agent for each call meant for one of a campaign in mode %o that was paused',
    async (pacing, calls) => {
      world = await aWorld({ agents: 3, behaviour: () => RINGS_FOREVER });
      await world.change(pacing, SECOND);
      await world.change({ state: 'paused' });
      for (let n = 1; n <= 3; n += 1) await world.agentComes(n);
      await world.pass(2_000);
      expect(placedFor(SECOND)).toBe(calls);
      await world.change({ state: 'paused' }, SECOND);
      await world.change({ state: 'running' });
      await world.pass(10_000);
      expect(placedFor(FIRST)).toBe(0);
      await world.until('they are over', () => world.board(SECOND).live.ringing === 0);
      await world.pass(1_000);
      expect(placedFor(FIRST)).toBe(3);
    },
  );

  it('are not left without agents by one that dials several lines for each', async () => {
    world = await aWorld({ agents: 6, behaviour: () => RINGS_FOREVER });
    await world.change({ mode: 'ratio', ratio: 2 }, SECOND);
    for (let n = 1; n <= 6; n += 1) {
      await world.agentComes(n);
      await world.pass(500);
    }
    expect(placedFor(FIRST)).toBe(3);
    expect(placedFor(SECOND)).toBe(6);
  });

  it('take turns at a trunk that has no room for both', async () => {
    world = await aWorld({
      agents: 8,
      trunk: { channelsMax: 2 },
      isAssigned: (n, id) => n <= 4 === (id === FIRST),
      behaviour: () => BUSY,
    });
    for (const id of [FIRST, SECOND]) await world.change({ mode: 'progressive' }, id);
    for (let n = 1; n <= 8; n += 1) await world.agentComes(n);
    await world.pass(30_000);
    const [first, second] = [placedFor(FIRST), placedFor(SECOND)];
    expect(Math.min(first, second)).toBeGreaterThan(0.7 * Math.max(first, second));
    expect(first).toBeGreaterThan(10);
  });

  it('keep an agent for a promised call of those who work for its campaign', async () => {
    world = await aWorld({
      agents: 4,
      leadsOf: (id) => (id === FIRST ? [1] : range(301, 300)),
      isAssigned: (n, id) => n === 3 || (n === 1) === (id === SECOND),
      behaviour: ({ purpose }) => (purpose === 'campaign' ? personWho(3_000) : RINGS_FOREVER),
    });
    await world.change({ state: 'paused' }, SECOND);
    await world.agentComes(4);
    await world.until('it rings', () => world.board().live.ringing === 1);
    await world.ask(4, { kind: 'pause', reason: 'restroom' });
    await world.until('they are abandoned', () => world.factsOf('call-abandoned').length === 1);
    await world.ask(4, { kind: 'sign-out' });
    // In this order, so that the first who is free has nothing to do with the promised call.
    await world.agentComes(1);
    await world.agentSignsIn(3);
    await world.agentComes(2);
    await world.until('they are called again', () => placedFor(FIRST) === 2, 20 * 60_000);
    await world.change({ state: 'running' }, SECOND);
    await world.pass(1_000);
    expect(groupOf(SECOND)).toHaveLength(2);
    expect(placedFor(SECOND)).toBe(1);
  });

  it('say why one of them passes its turn for as long as it does', async () => {
    world = await aWorld({
      agents: 2,
      campaign: { ...PREDICTIVE, fallbackCallerIdId: 'callerid_none' },
      phonesOf: (n) => [`+55${n <= 300 ? 71 : 11}9${88_000_000 + n}`],
      behaviour: () => RINGS_FOREVER,
    });
    await world.agentComes(1);
    await world.agentComes(2);
    const said = new Set<string>();
    for (let step = 0; step < 20; step += 1) {
      await world.pass(100);
      said.add(world.because());
    }
    expect(said).toContain('held-back');
    expect(said).not.toContain('no-leads-due');
    expect(placedFor(SECOND)).toBe(2);
  });
});
