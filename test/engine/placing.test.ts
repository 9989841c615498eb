import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import type { CampaignId } from '../../src/lib/ids.ts';
import { personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { mobileOf } from '../../src/simulator/operation.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const SECOND: CampaignId = 'campaign_second';

describe('without an agent nothing is dialed', () => {
  it('dials nobody while nobody ever signed in', async () => {
    world = await World.begin();
    await world.pass(60_000);
    expect(world.network.dialed).toEqual([]);
    expect(world.because()).toBe('no-agents');
  });

  it('dials nobody for an agent who is signed in and not yet available', async () => {
    world = await World.begin();
    await world.agentSignsIn();
    await world.pass(10_000);
    expect(world.network.dialed).toEqual([]);
    expect(world.because()).toBe('no-agents');
  });

  it('dials nobody for an agent whose audio is not connected', async () => {
    world = await World.begin();
    await world.ask(1, { kind: 'open-shift', pageId: 'page-one' });
    expect(await world.ask(1, { kind: 'go-available' })).toMatchObject({
      ok: false,
      code: 'headset-not-ready',
    });
    await world.pass(10_000);
    expect(world.network.dialed).toEqual([]);
  });

  it('places nothing more once the last one pauses while calls ring, and ends what rings', async () => {
    world = await World.begin({ agents: 2, behaviour: () => RINGS_FOREVER });
    await world.agentComes(1);
    await world.agentComes(2);
    await world.pass(2_000);
    expect(world.network.dialed).toHaveLength(2);
    await world.ask(1, { kind: 'pause', reason: 'rest' });
    await world.ask(2, { kind: 'pause', reason: 'meal' });
    await world.pass(120_000);
    expect(world.network.dialed).toHaveLength(2);
    expect(world.because()).toBe('no-agents');
    expect(await world.liveCalls()).toEqual([]);
  });

  it('tells the person who answers after the last one left, and dials nobody else', async () => {
    world = await World.begin({ behaviour: () => personWho(5_000) });
    await world.agentComes();
    await world.pass(1_000);
    await world.ask(1, { kind: 'sign-out' });
    await world.pass(60_000);
    expect(world.network.dialed).toHaveLength(1);
    expect(world.askedOf()).toEqual(['announce abandonment', 'hang-up after-announcement']);
    expect(world.factsOf('call-abandoned')).toHaveLength(1);
  });
});

describe('how many are on the way', () => {
  it('never has more on the way than free agents when progressive', async () => {
    world = await World.begin({
      agents: 4,
      debtors: 60,
      behaviour: ({ phone }) =>
        Number(phone.at(-1)) % 3 === 0 ? personWho(4_000, 20_000) : RINGS_FOREVER,
    });
    for (let n = 1; n <= 4; n += 1) await world.agentComes(n);
    let seen = 0;
    for (let step = 0; step < 600; step += 1) {
      await world.pass(200);
      const { live, agents } = world.board();
      const onTheWay = live.placing + live.ringing + live.waiting;
      expect(onTheWay).toBeLessThanOrEqual(agents.free + agents.reserved);
      seen = Math.max(seen, onTheWay);
      for (let n = 1; n <= 4; n += 1) {
        if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'dropped');
      }
    }
    expect(seen).toBe(4);
    expect(world.factsOf('call-abandoned')).toEqual([]);
  });

  it('keeps the multiple of the free agents that the ratio says, rounded down', async () => {
    world = await World.begin({
      agents: 3,
      debtors: 30,
      behaviour: () => RINGS_FOREVER,
      campaign: { pacing: { mode: 'ratio', ratio: 2.5, linesMax: 200 } },
    });
    for (let n = 1; n <= 3; n += 1) await world.agentComes(n);
    await world.pass(5_000);
    expect(world.network.legs.size).toBe(7);
    expect(world.because()).toBe('enough-on-the-way');
  });

  it('never uses more lines than the campaign has', async () => {
    world = await World.begin({
      agents: 6,
      debtors: 40,
      behaviour: () => RINGS_FOREVER,
      campaign: { pacing: { mode: 'progressive', linesMax: 4 } },
    });
    for (let n = 1; n <= 6; n += 1) await world.agentComes(n);
    await world.pass(8_000);
    expect(world.network.legs.size).toBe(4);
    expect(world.because()).toBe('capped');
  });

  it('never uses more channels than the trunk has', async () => {
    world = await World.begin({
      agents: 6,
      debtors: 40,
      behaviour: () => RINGS_FOREVER,
      trunk: { channelsMax: 3 },
    });
    for (let n = 1; n <= 6; n += 1) await world.agentComes(n);
    await world.pass(8_000);
    expect(world.network.legs.size).toBe(3);
  });

  it('keeps to the calls per second of the trunk', async () => {
    const placedAt: number[] = [];
    world = await World.begin({
      agents: 20,
      debtors: 100,
      behaviour: () => {
        placedAt.push(world.clock.now());
        return RINGS_FOREVER;
      },
      trunk: { callsPerSecondMax: 2 },
    });
    for (let n = 1; n <= 20; n += 1) await world.agentComes(n);
    await world.pass(12_000);
    expect(placedAt.length).toBe(20);
    for (const at of placedAt) {
      expect(placedAt.filter((one) => one >= at && one < at + 1_000).length).toBeLessThanOrEqual(2);
    }
  });

  it('keeps to the calls per second of the trunk as the carrier counts them, while commits are slow', async () => {
    world = await World.begin({
      agents: 24,
      debtors: 160,
      behaviour: () => ({ ringsAfterMs: 100, fails: { afterMs: 1_500, cause: 17 } }),
      trunk: { callsPerSecondMax: 10 },
    });
    for (let n = 1; n <= 24; n += 1) await world.agentComes(n);
    for (let step = 0; step < 40; step += 1) {
      world.commitMs = (step * 37) % 90;
      await world.pass(250);
    }
    expect(world.network.dialed.length).toBeGreaterThan(70);
    expect(world.network.refusedByCarrier).toBe(0);
  });

  it('keeps to a trunk that may have a call every two seconds', async () => {
    const placedAt: number[] = [];
    world = await World.begin({
      agents: 4,
      behaviour: () => {
        placedAt.push(world.clock.now());
        return RINGS_FOREVER;
      },
      trunk: { callsPerSecondMax: 0.5 },
    });
    for (let n = 1; n <= 4; n += 1) await world.agentComes(n);
    await world.pass(9_000);
    expect(placedAt.length).toBe(4);
    expect((placedAt[3] ?? 0) - (placedAt[0] ?? 0)).toBeGreaterThanOrEqual(6_000);
  });

  it('has a call on the way for each of thirty free agents within a second of the start', async () => {
    world = await World.begin({ agents: 30, debtors: 200, behaviour: () => RINGS_FOREVER });
    await world.change({ state: 'paused' });
    for (let n = 1; n <= 30; n += 1) await world.agentComes(n);
    await world.change({ state: 'running' });
    await world.pass(1_000);
    expect(world.network.dialed).toHaveLength(30);
  });
});

describe('campaigns that share agents', () => {
  const aWorld = (agents: number, weight = 1): Promise<World> =>
    World.begin({
      agents,
      debtors: 120,
      moreCampaigns: [{ id: SECOND, name: 'Segunda', weight }],
      leadsOf: (id) => Array.from({ length: 60 }, (_, index) => index + (id === SECOND ? 61 : 1)),
      behaviour: () => personWho(4_000, 10_000),
    });
  const placedFor = (campaignId: CampaignId): number =>
    world.factsOf('call-placed').filter((fact) => fact.campaignId === campaignId).length;

  it('never dial more together than agents are free, and both get calls', async () => {
    world = await aWorld(5);
    for (let n = 1; n <= 5; n += 1) await world.agentComes(n);
    for (let step = 0; step < 500; step += 1) {
      await world.pass(200);
      const boards = [world.board(), world.board(SECOND)];
      const onTheWay = boards.reduce(
        (sum, { live }) => sum + live.placing + live.ringing + live.waiting,
        0,
      );
      const { free, reserved } = world.board().agents;
      expect(onTheWay).toBeLessThanOrEqual(free + reserved);
      for (let n = 1; n <= 5; n += 1) {
        if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'dropped');
      }
    }
    expect(placedFor(world.campaignId)).toBeGreaterThan(10);
    expect(placedFor(SECOND)).toBeGreaterThan(10);
    expect(world.factsOf('call-abandoned')).toEqual([]);
  });

  it('both get calls even of one agent, by their weights', async () => {
    world = await aWorld(1, 3);
    await world.agentComes();
    for (let step = 0; step < 2_000; step += 1) {
      await world.pass(200);
      if (world.activity() === 'wrapping-up') await world.dispose(1, 'dropped');
    }
    const first = placedFor(world.campaignId);
    const second = placedFor(SECOND);
    expect(first + second).toBeGreaterThan(15);
    expect(second / first).toBeGreaterThan(2);
    expect(second / first).toBeLessThan(4);
  });

  it('do not wait for one that is given an agent and has no line to use them', async () => {
    world = await World.begin({
      debtors: 0,
      moreCampaigns: [{ id: SECOND, name: 'Segunda' }],
      campaign: { pacing: { mode: 'progressive', linesMax: 0 } },
      leadsOf: (id) => (id === SECOND ? [1, 2, 3] : [4, 5, 6]),
      behaviour: () => RINGS_FOREVER,
    });
    await world.agentComes();
    await world.pass(70_000);
    expect(placedFor(world.campaignId)).toBe(0);
    expect(placedFor(SECOND)).toBe(3);
  });

  it('one has all the agents while the other has nothing to dial', async () => {
    world = await World.begin({
      agents: 3,
      moreCampaigns: [{ id: SECOND, name: 'Segunda' }],
      leadsOf: (id) => (id === SECOND ? [1, 2, 3, 4] : []),
      behaviour: () => RINGS_FOREVER,
    });
    for (let n = 1; n <= 3; n += 1) await world.agentComes(n);
    await world.pass(3_000);
    expect(placedFor(SECOND)).toBe(3);
  });

  it('never call one debtor for both at once', async () => {
    world = await World.begin({
      agents: 8,
      debtors: 8,
      moreCampaigns: [{ id: SECOND, name: 'Segunda' }],
      behaviour: () => personWho(6_000),
    });
    for (let n = 1; n <= 8; n += 1) await world.agentComes(n);
    await world.pass(20_000);
    const phones = world.dialedPhones();
    expect(phones.length).toBe(8);
    expect(new Set(phones).size).toBe(8);
  });

  it('never call one number for two debtors who share it at once', async () => {
    world = await World.begin({
      agents: 4,
      moreCampaigns: [{ id: SECOND, name: 'Segunda' }],
      leadsOf: (id) => (id === SECOND ? [2] : [1]),
      phonesOf: () => [mobileOf(1)],
      behaviour: () => RINGS_FOREVER,
    });
    for (let n = 1; n <= 4; n += 1) await world.agentComes(n);
    await world.pass(10_000);
    expect(world.dialedPhones()).toEqual([mobileOf(1)]);
  });
});

describe('a supervisor changes a campaign while it runs', () => {
  it.each(['paused', 'stopped'] as const)(
    'places nothing once it is %s, and lets the talk in progress end normally',
    async (state) => {
      world = await World.begin({ behaviour: () => personWho(4_000, 40_000) });
      await world.agentComes();
      await world.pass(10_000);
      expect(world.activity()).toBe('talking');
      expect(await world.change({ state })).toEqual({ ok: true });
      await world.pass(20_000);
      expect(world.activity()).toBe('talking');
      await world.pass(20_000);
      expect(world.activity()).toBe('wrapping-up');
      expect(await world.dispose()).toEqual({ ok: true });
      await world.pass(60_000);
      expect(world.activity()).toBe('available');
      expect(world.network.dialed).toHaveLength(1);
      expect(world.because()).toBe(`campaign-${state}`);
    },
  );

  it('connects a call that was ringing when the campaign was paused', async () => {
    world = await World.begin({ behaviour: () => personWho(8_000, 10_000) });
    await world.agentComes();
    await world.pass(2_000);
    await world.change({ state: 'paused' });
    await world.pass(7_000);
    expect(world.activity()).toBe('talking');
  });

  it('takes a change of mode and ratio into the very next plan', async () => {
    world = await World.begin({ agents: 2, debtors: 30, behaviour: () => RINGS_FOREVER });
    await world.agentComes(1);
    await world.agentComes(2);
    await world.pass(3_000);
    expect(world.network.legs.size).toBe(2);
    await world.change({ mode: 'ratio', ratio: 3 });
    await world.pass(200);
    expect(world.network.legs.size).toBe(6);
    expect(world.board().campaign.pacing).toEqual({ mode: 'ratio', ratio: 3, linesMax: 200 });
    await world.change({ mode: 'progressive' });
    await world.pass(40_000);
    expect(world.network.legs.size).toBe(2);
  });

  it('keeps who changed what from what to what, as facts and in the audit trail', async () => {
    world = await World.begin();
    await world.change({ mode: 'ratio', ratio: 2, linesMax: 12, ringTimeoutMs: 22_000 });
    const changes = [
      ['mode', 'progressive', 'ratio'],
      ['ratio', '', '2'],
      ['linesMax', '200', '12'],
      ['ringTimeoutMs', '25000', '22000'],
    ];
    expect(
      world.factsOf('campaign-changed').map(({ body }) => [body.change, body.from, body.to]),
    ).toEqual(changes);
    expect(world.factsOf('campaign-changed')[0]).toMatchObject({
      byUserId: 'user_boss',
      campaignId: world.campaignId,
    });
    const trail = await world.storage.store.read((view) => view.auditEntries(10));
    expect(
      trail
        .filter((entry) => entry.subject === 'campaign')
        .reverse()
        .map(({ change, from, to, byUserId }) => [change, from, to, byUserId]),
    ).toEqual(changes.map((change) => [...change, 'user_boss']));
  });

  it('survives the process with the mode it was changed to', async () => {
    world = await World.begin();
    await world.change({ mode: 'ratio', ratio: 2 });
    await world.restart();
    expect(world.board().campaign.pacing).toEqual({ mode: 'ratio', ratio: 2, linesMax: 200 });
  });

  it.each([
    ['a ring time below the profile', { ringTimeoutMs: 5_000 }, 'form-invalid'],
    ['a ring time above the profile', { ringTimeoutMs: 31_000 }, 'form-invalid'],
    ['a ratio below one line an agent', { mode: 'ratio', ratio: 0.5 }, 'form-invalid'],
    ['a ratio that is no number', { mode: 'ratio', ratio: Number.NaN }, 'form-invalid'],
    ['a negative number of lines', { linesMax: -1 }, 'form-invalid'],
    ['half a line', { linesMax: 2.5 }, 'form-invalid'],
    ['what is so already', { mode: 'progressive' }, 'nothing-to-change'],
  ] as const)('refuses %s and changes nothing', async (_what, change, code) => {
    world = await World.begin();
    expect(await world.change(change)).toMatchObject({ ok: false, code });
    expect(world.board().campaign.pacing).toEqual({ mode: 'progressive', linesMax: 200 });
    expect(world.factsOf('campaign-changed')).toEqual([]);
  });

  it('moves an agent to another campaign from the next call on', async () => {
    world = await World.begin({
      debtors: 20,
      moreCampaigns: [{ id: SECOND, name: 'Segunda' }],
      isAssigned: (_n, id) => id !== SECOND,
      leadsOf: (id) => (id === SECOND ? [11, 12, 13] : [1, 2, 3]),
    });
    await world.agentComes();
    await world.pass(10_000);
    expect(world.activity()).toBe('talking');
    const assignment = { agentId: world.agentId(), byUserId: 'user_boss', scope: HOUSE } as const;
    await world.run({ kind: 'assign-agent', ...assignment, campaignId: SECOND, assigned: true });
    await world.run({
      kind: 'assign-agent',
      ...assignment,
      campaignId: world.campaignId,
      assigned: false,
    });
    expect(world.activity()).toBe('talking');
    await world.pass(26_000);
    await world.dispose(1, 'dropped');
    await world.pass(10_000);
    expect(world.factsOf('call-placed').map(({ campaignId }) => campaignId)).toEqual([
      world.campaignId,
      SECOND,
    ]);
  });
});

describe('new leads', () => {
  it('are dialed at once after the list changed', async () => {
    world = await World.begin({ debtors: 0, agents: 5, behaviour: () => RINGS_FOREVER });
    for (let n = 1; n <= 5; n += 1) await world.agentComes(n);
    await world.pass(20_000);
    expect(world.because()).toBe('no-leads-due');
    await world.importMore([1, 2, 3, 4, 5, 6, 7, 8]);
    await world.pass(300);
    expect(world.network.dialed).toHaveLength(5);
  });
});

describe('a list whose beginning is held', () => {
  it('is worked through within seconds, not a few leads a tick', async () => {
    // In Manaus it is an hour earlier, and nobody may be called yet.
    world = await World.begin({
      start: Date.parse('2026-11-23T08:30:00-03:00'),
      debtors: 600,
      phonesOf: (n) => [n === 600 ? mobileOf(n) : `+55929${80_000_000 + n}`],
      behaviour: () => RINGS_FOREVER,
    });
    await world.storage.setUp(async (tx) => {
      const found = await tx.dialableLeads({
        campaignId: world.campaignId,
        now: world.clock.now(),
        limit: 1_000,
        exceptDebtors: [],
      });
      const last = found.find(({ phones }) => phones[0]?.number === mobileOf(600));
      if (last) await tx.saveLead({ ...last.lead, priority: 1 });
    });
    await world.agentComes();
    await world.pass(3_000);
    expect(world.dialedPhones()).toEqual([mobileOf(600)]);
  });
});
