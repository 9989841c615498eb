import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { MINUTE_MS } from '../../src/lib/time.ts';
import { PERSON_STAYS, personWho } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

function activities(n = 1): string[] {
  return world
    .factsOf('activity-changed')
    .filter((fact) => fact.agentId === world.agentId(n))
    .map(({ body }) => body.to);
}

describe('who takes an answered call', () => {
  it('is the agent who has been free for longest', async () => {
    world = await World.begin({ agents: 3, behaviour: () => personWho(4_000) });
    await world.change({ state: 'paused' });
    for (const n of [2, 3, 1]) {
      await world.agentComes(n);
      await world.pass(1_000);
    }
    await world.change({ state: 'running' });
    await world.until('three talk', () => world.factsOf('call-connected').length === 3);
    expect(world.factsOf('call-connected').map(({ body }) => body.agentId)).toEqual([
      world.agentId(2),
      world.agentId(3),
      world.agentId(1),
    ]);
  });

  it('is the one who spoke with this debtor before, however long others have been free', async () => {
    world = await World.begin({
      agents: 2,
      debtors: 1,
      profileId: 'demonstration',
      limits: { tickMs: 5_000 },
      behaviour: () => personWho(4_000, 10_000),
    });
    await world.agentComes(1);
    await world.until('agent 1 talked', () => world.activity(1) === 'wrapping-up');
    await world.agentComes(2);
    await world.dispose(1, 'dropped');
    await world.pass(4 * MINUTE_MS);
    await world.ask(1, { kind: 'pause', reason: 'restroom' });
    await world.ask(1, { kind: 'go-available' });
    await world.until(
      'they are called again',
      () => world.network.dialed.length === 2,
      6 * MINUTE_MS,
    );
    await world.pass(5_000);
    expect(world.activity(1)).toBe('talking');
    expect(world.activity(2)).toBe('available');
  });

  it('is never one who is paused, away or without audio', async () => {
    world = await World.begin({ agents: 4, behaviour: () => personWho(4_000) });
    for (let n = 1; n <= 4; n += 1) await world.agentComes(n);
    await world.ask(1, { kind: 'pause', reason: 'rest' });
    await world.ask(2, { kind: 'screen-lost' });
    await world.ask(3, { kind: 'headset-lost' });
    await world.pass(30_000);
    expect(new Set(world.factsOf('call-connected').map(({ body }) => body.agentId))).toEqual(
      new Set([world.agentId(4)]),
    );
  });
});

describe('a headset that is lost in a talk', () => {
  it('puts the person on hold within the turn and the agent keeps the call', async () => {
    world = await World.inATalk();
    await world.ask(1, { kind: 'headset-lost' });
    expect(world.askedOf().at(-1)).toBe('hold');
    expect(world.callState()).toBe('stranded');
    expect(world.activity()).toBe('talking');
  });

  it('is noticed by the PBX just as well', async () => {
    world = await World.inATalk();
    world.network.browserHangsUp(world.headsetOf());
    await world.pass(0);
    expect(world.askedOf().at(-1)).toBe('hold');
    expect(world.factsOf('headset-changed').at(-1)?.body.pinned).toBe(false);
  });

  it('brings both together again when it comes back', async () => {
    world = await World.inATalk();
    const headsetId = world.headsetOf();
    world.network.browserHangsUp(headsetId);
    await world.pass(4_000);
    world.network.browserCallsIn(headsetId);
    await world.pass(20);
    expect(world.callState()).toBe('talking');
    expect(world.askedOf()).toEqual(['bridge', 'hold', 'bridge']);
    expect(world.factsOf('call-connected').map(({ body }) => body.again)).toEqual([false, true]);
    expect(world.board().today.connected).toBe(1);
  });

  it('gives the person to another agent after twenty seconds, and frees the first of the call', async () => {
    world = await World.inATalk(2);
    await world.agentComes(2);
    const callId = world.onScreen(1).call.id;
    world.network.browserHangsUp(world.headsetOf(1));
    await world.pass(19_900);
    expect(world.activity(2)).toBe('available');
    await world.pass(200);
    expect(world.activity(2)).toBe('talking');
    expect(world.onScreen(2).call.id).toBe(callId);
    expect(world.activity(1)).not.toBe('talking');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    expect(world.activity(2)).toBe('wrapping-up');
    expect(await world.dispose(2, 'third-party')).toEqual({ ok: true });
    await world.pass(60_000);
    expect(world.activity(2)).toBe('available');
    expect(world.factsOf('disposition-missing')).toEqual([]);
  });

  it('leaves the disposition to the one who took the call over', async () => {
    world = await World.inATalk(2);
    await world.agentComes(2);
    const callId = world.onScreen(1).call.id;
    world.network.browserHangsUp(world.headsetOf(1));
    await world.pass(20_100);
    expect(await world.ask(1, { kind: 'dispose', callId, code: 'third-party' })).toMatchObject({
      ok: false,
      code: 'not-your-call',
    });
    expect(await world.dispose(2, 'third-party')).toEqual({ ok: true });
  });

  it('tells the person after ten seconds more that nobody can speak with them', async () => {
    world = await World.inATalk();
    world.network.browserHangsUp(world.headsetOf());
    await world.pass(29_900);
    expect(world.askedOf().at(-1)).toBe('hold');
    await world.pass(200);
    expect(world.askedOf().at(-1)).toBe('announce agent-lost');
    await world.pass(5_000);
    expect(world.askedOf().at(-1)).toBe('hang-up after-announcement');
    expect(world.factsOf('call-abandoned')).toEqual([]);
    expect(world.activity()).toBe('wrapping-up');
  });

  it('means nothing for the talk when it is a channel that was replaced', async () => {
    world = await World.inATalk();
    const headsetId = world.headsetOf();
    const old = world.network.headsets.get(headsetId)?.channelId ?? '';
    world.network.browserCallsIn(headsetId);
    await world.pass(20);
    const before = world.facts.length;
    world.network.tell({ kind: 'headset-ended', headsetId, channelId: old });
    await world.pass(10);
    expect(world.facts.length).toBe(before);
    expect(world.callState()).toBe('talking');
  });
});

describe('a screen that is lost in a talk', () => {
  it('changes nothing when it is back within two seconds', async () => {
    world = await World.inATalk();
    await world.ask(1, { kind: 'screen-lost' });
    await world.pass(1_900);
    await world.ask(1, { kind: 'screen-connected' });
    await world.pass(5_000);
    expect(world.askedOf()).toEqual(['bridge']);
    expect(world.callState()).toBe('talking');
  });

  it('strands the call after two seconds, and its return ends that', async () => {
    world = await World.inATalk();
    await world.ask(1, { kind: 'screen-lost' });
    await world.pass(1_990);
    expect(world.callState()).toBe('talking');
    await world.pass(20);
    expect(world.callState()).toBe('stranded');
    expect(world.askedOf().at(-1)).toBe('hold');
    await world.ask(1, { kind: 'screen-connected' });
    await world.pass(10);
    expect(world.callState()).toBe('talking');
  });

  it('ends the shift of an agent who stays away for a quarter of an hour', async () => {
    world = await World.begin({ debtors: 0 });
    await world.agentComes();
    await world.ask(1, { kind: 'screen-lost' });
    await world.pass(15 * MINUTE_MS - 100);
    expect(world.activity()).toBe('available');
    await world.pass(200);
    expect(world.activity()).toBe('none');
    expect(world.factsOf('shift-ended').map(({ body }) => body.because)).toEqual(['absent']);
  });

  it('keeps an agent out of the plan while away', async () => {
    world = await World.begin();
    await world.agentSignsIn();
    await world.ask(1, { kind: 'screen-lost' });
    await world.pass(1_000);
    expect(world.because()).toBe('no-agents');
    expect(world.board().agents).toMatchObject({ absent: 1, free: 0 });
  });
});

describe('a page that is loaded anew', () => {
  it('in a talk puts the person on hold until the new page has its audio', async () => {
    world = await World.inATalk();
    const opened = await world.ask(1, { kind: 'open-shift', pageId: 'page-two' });
    expect(opened).toMatchObject({ ok: true, headset: { headsetId: world.headsetOf() } });
    expect(world.callState()).toBe('stranded');
    expect(world.askedOf().at(-1)).toBe('hold');
    world.network.browserCallsIn(world.headsetOf());
    await world.pass(20);
    expect(world.callState()).toBe('talking');
  });

  it('shows the same call with what was confirmed of it', async () => {
    world = await World.inATalk();
    await world.confirmsRightParty();
    const callId = world.onScreen().call.id;
    await world.agentSignsIn(1, 'page-two');
    expect(world.onScreen()).toMatchObject({ rightPartyConfirmed: true, call: { id: callId } });
    expect(world.onScreen().file?.debtor.name).toMatch(/^Devedor /);
  });

  it('begins no second shift, and the same page changes nothing', async () => {
    world = await World.inATalk();
    const before = world.facts.length;
    await world.ask(1, { kind: 'open-shift', pageId: 'page-one' });
    expect(world.facts.length).toBe(before);
    expect(world.callState()).toBe('talking');
    expect(world.factsOf('shift-began')).toHaveLength(1);
  });
});

describe('pauses', () => {
  it('asked for in a call begins after its disposition', async () => {
    world = await World.inATalk();
    expect(await world.ask(1, { kind: 'pause', reason: 'rest' })).toEqual({ ok: true });
    expect(world.activity()).toBe('talking');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await world.dispose(1, 'third-party');
    await world.pass(15_100);
    expect(world.activity()).toBe('paused');
    expect(world.factsOf('pause-asked').map(({ body }) => body.reason)).toEqual(['rest']);
  });

  it('asked for and taken back does not begin', async () => {
    world = await World.inATalk();
    await world.ask(1, { kind: 'pause', reason: 'rest' });
    await world.ask(1, { kind: 'take-pause-back' });
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await world.dispose(1, 'third-party');
    await world.pass(15_100);
    expect(world.activity()).toBe('available');
  });

  it('begin at once for a free agent, and a call that was meant for them goes to another', async () => {
    world = await World.begin({ agents: 2, debtors: 2, behaviour: () => personWho(4_000) });
    await world.agentComes(1);
    await world.pass(1_000);
    await world.change({ state: 'paused' });
    await world.agentComes(2);
    await world.ask(1, { kind: 'pause', reason: 'meal' });
    expect(world.activity(1)).toBe('paused');
    await world.pass(5_000);
    expect(world.activity(2)).toBe('talking');
  });
});

describe('wrap-up', () => {
  it('lasts as long as the disposition says', async () => {
    world = await World.inATalk();
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await world.dispose(1, 'third-party');
    await world.pass(14_900);
    expect(world.activity()).toBe('wrapping-up');
    await world.pass(200);
    expect(world.activity()).toBe('available');
  });

  it('is over at once when the agent is ready again', async () => {
    world = await World.inATalk();
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    expect(await world.ask(1, { kind: 'go-available' })).toMatchObject({ code: 'not-now' });
    await world.dispose(1, 'third-party');
    expect(await world.ask(1, { kind: 'go-available' })).toEqual({ ok: true });
    expect(world.activity()).toBe('available');
  });

  it('is counted from the end of a call that was disposed while talking', async () => {
    world = await World.inATalk();
    await world.dispose(1, 'third-party');
    expect(world.activity()).toBe('talking');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    expect(world.activity()).toBe('wrapping-up');
    await world.pass(15_100);
    expect(world.activity()).toBe('available');
  });

  it('can be made longer once', async () => {
    world = await World.inATalk();
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await world.ask(1, { kind: 'extend-wrap-up' });
    await world.ask(1, { kind: 'extend-wrap-up' });
    await world.pass(59_000);
    expect(world.activity()).toBe('wrapping-up');
    await world.pass(1_500);
    expect(world.activity()).toBe('undisposed');
  });

  it('that ends without a disposition waits for it, and the agent is offered no call', async () => {
    world = await World.inATalk(3);
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(30_100);
    expect(world.activity()).toBe('undisposed');
    const dialed = world.network.dialed.length;
    expect(await world.ask(1, { kind: 'go-available' })).toMatchObject({ ok: false });
    await world.pass(60_000);
    expect(world.network.dialed).toHaveLength(dialed);
    expect(world.factsOf('disposition-missing')).toEqual([]);
    expect(await world.dispose(1, 'third-party')).toEqual({ ok: true });
    expect(world.activity()).toBe('available');
    expect(world.factsOf('disposition-recorded')[0]?.body).toMatchObject({ correction: false });
  });

  it('that is not disposed within the bound pauses the agent and invents no outcome', async () => {
    world = await World.inATalk();
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(30_100 + 120_000);
    expect(world.activity()).toBe('paused');
    expect(world.factsOf('activity-changed').at(-1)?.body.reason).toBe('disposition-missing');
    expect(world.factsOf('disposition-missing')).toHaveLength(1);
    expect(world.query('select * from disposition')).toEqual([]);
    expect(world.onScreen().dispositionMissing).toBe(true);
  });

  it('may have its disposition recorded later, as a correction', async () => {
    world = await World.inATalk();
    const { id: callId } = world.onScreen().call;
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(160_000);
    expect(world.onScreen()).toMatchObject({ isCardOpen: false, dispositionMissing: true });
    expect(await world.dispose(1, 'wrong-number')).toEqual({ ok: true });
    expect(world.factsOf('disposition-recorded')[0]?.body).toMatchObject({
      code: 'wrong-number',
      correction: true,
    });
    expect(world.engine.desk(world.agentId()).call).toBeUndefined();
    expect(await world.ask(1, { kind: 'dispose', callId, code: 'third-party' })).toMatchObject({
      ok: false,
      code: 'not-your-call',
    });
    expect(world.query('select status from phone where status = ?', 'wrong')).toHaveLength(1);
    expect(world.activity()).toBe('available');
    expect(world.board().agents).toMatchObject({ paused: 0, wrappingUp: 0, free: 1 });
  });

  it('that nobody disposes leaves the agent free where the campaign asks for no disposition', async () => {
    world = await World.begin({
      behaviour: () => PERSON_STAYS,
      campaign: { dispositionRequired: false },
    });
    await world.agentComes();
    await world.until('they talk', () => world.callState() === 'talking');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(30_100);
    expect(world.activity()).toBe('available');
    expect(world.factsOf('disposition-missing')).toHaveLength(1);
  });
});

describe('a supervisor', () => {
  it('pauses an agent from the next free moment on', async () => {
    world = await World.inATalk();
    await world.run({
      kind: 'pause-agent',
      scope: HOUSE,
      byUserId: 'user_boss',
      agentId: world.agentId(),
    });
    expect(world.activity()).toBe('talking');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await world.dispose(1, 'third-party');
    await world.pass(15_100);
    expect(world.activity()).toBe('paused');
    const [last] = await world.storage.store.read((view) => view.auditEntries(1));
    expect(last).toMatchObject({
      byUserId: 'user_boss',
      subject: 'agent',
      subjectId: world.agentId(),
      change: 'pause-agent',
    });
  });

  it('signs an agent out', async () => {
    world = await World.begin({ debtors: 0 });
    await world.agentComes();
    await world.run({
      kind: 'sign-out-agent',
      scope: HOUSE,
      byUserId: 'user_boss',
      agentId: world.agentId(),
    });
    expect(world.activity()).toBe('none');
    expect(activities()).toEqual(['available', 'ended']);
  });

  it('is told when the agent is not there', async () => {
    world = await World.begin({ debtors: 0 });
    expect(
      await world.run({
        kind: 'pause-agent',
        scope: HOUSE,
        byUserId: 'user_boss',
        agentId: world.agentId(),
      }),
    ).toMatchObject({ ok: false, code: 'no-shift' });
  });
});

describe('the agent’s own hang-up', () => {
  it('ends the call in hand and no other', async () => {
    world = await World.inATalk(2);
    const callId = world.onScreen().call.id;
    await world.agentComes(2);
    expect(await world.ask(2, { kind: 'hang-up', callId })).toMatchObject({
      ok: false,
      code: 'not-your-call',
    });
    await world.ask(1, { kind: 'hang-up', callId });
    await world.pass(10);
    expect(world.factsOf('call-ended')[0]?.body).toMatchObject({
      outcome: 'person',
      hungUpBy: 'agent',
    });
    expect(world.activity()).toBe('wrapping-up');
  });
});
