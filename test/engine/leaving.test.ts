import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import type { LogLine } from '../../src/protocol/supervisor.ts';
import { presentLine } from '../../src/realtime/projections/log.ts';
import { PERSON_STAYS } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

/** The user may not work here any more: the shift is over in the middle of whatever it is. */
async function isDisabled(n = 1): Promise<void> {
  const user = await world.storage.accounts.user(world.agentId(n));
  if (!user) throw new Error('no user');
  await world.storage.accounts.saveUser(
    { ...user, enabled: false },
    { at: world.clock.now(), subject: 'user', subjectId: user.id, change: 'disabled' },
  );
  await world.run({ kind: 'people-changed' });
}

describe('asking to leave', () => {
  it('in a talk strands nobody: it is kept until the call is over and disposed', async () => {
    world = await World.inATalk(3);
    expect(await world.ask(1, { kind: 'sign-out' })).toEqual({ ok: true });
    await world.pass(20_000);
    expect(world.callState()).toBe('talking');
    expect(world.factsOf('call-stranded')).toEqual([]);
    const dialed = world.network.dialed.length;
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    expect(world.activity()).toBe('wrapping-up');
    const told: (LogLine | undefined)[] = [];
    world.onPublished.push(({ facts }) => {
      told.push(...facts.map((fact) => presentLine(fact, world.engine)));
    });
    expect(await world.dispose(1, 'third-party')).toEqual({ ok: true });
    expect(world.activity()).toBe('none');
    expect(told.find((line) => line?.kind === 'disposition-recorded')?.phone).toMatch(/\d{4}$/);
    expect(world.factsOf('shift-ended')[0]?.body.because).toBe('signed-out');
    expect(world.network.dialed).toHaveLength(dialed);
    expect(world.factsOf('disposition-missing')).toEqual([]);
  });

  it('can be taken back, and the day goes on', async () => {
    world = await World.inATalk();
    await world.ask(1, { kind: 'sign-out' });
    await world.ask(1, { kind: 'take-sign-out-back' });
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await world.dispose(1, 'dropped');
    await world.pass(5_100);
    expect(world.activity()).toBe('available');
  });

  it('is kept when a supervisor asks, who alone takes it back', async () => {
    world = await World.inATalk();
    const agentId = world.agentId();
    await world.run({ kind: 'sign-out-agent', scope: HOUSE, byUserId: 'user_boss', agentId });
    expect(world.callState()).toBe('talking');
    const refused = { ok: false, code: 'asked-by-supervisor' };
    expect(await world.ask(1, { kind: 'take-sign-out-back' })).toMatchObject(refused);
    const takeBack = {
      kind: 'take-back-from-agent',
      scope: HOUSE,
      byUserId: 'user_boss',
      agentId,
    } as const;
    expect(await world.run({ ...takeBack, what: 'sign-out' })).toEqual({ ok: true });
    expect(await world.run({ ...takeBack, what: 'sign-out' })).toMatchObject({
      code: 'nothing-to-change',
    });
  });
});

describe('an agent', () => {
  it('does not take back the pause or the rest that a supervisor asked for', async () => {
    world = await World.inATalk();
    const agentId = world.agentId();
    const refused = { ok: false, code: 'asked-by-supervisor' };
    await world.run({ kind: 'pause-agent', scope: HOUSE, byUserId: 'user_boss', agentId });
    expect(await world.ask(1, { kind: 'take-pause-back' })).toMatchObject(refused);
    const at = world.clock.now() + 600_000;
    await world.run({ kind: 'plan-agent-rest', scope: HOUSE, byUserId: 'user_boss', agentId, at });
    for (const mine of [null, at + 60_000]) {
      expect(await world.ask(1, { kind: 'plan-rest', at: mine })).toMatchObject(refused);
    }
    expect(world.engine.desk(agentId).shift).toMatchObject({
      pauseAsked: 'by-supervisor',
      restsAt: at,
    });
    const what = 'pause' as const;
    await world.run({
      kind: 'take-back-from-agent',
      scope: HOUSE,
      byUserId: 'user_boss',
      agentId,
      what,
    });
    expect(world.engine.desk(agentId).shift?.pauseAsked).toBeUndefined();
  });
});

describe("a supervisor's pause that has begun", () => {
  it('is ended by a supervisor, over a restart too, and the log carries who asked', async () => {
    world = await World.begin({ debtors: 0 });
    await world.agentComes();
    const agentId = world.agentId();
    await world.run({ kind: 'pause-agent', scope: HOUSE, byUserId: 'user_boss', agentId });
    const refused = { ok: false, code: 'asked-by-supervisor' };
    expect(await world.ask(1, { kind: 'go-available' })).toMatchObject(refused);
    await world.restart();
    await world.screenReturns();
    await world.pass(100);
    expect(await world.ask(1, { kind: 'go-available' })).toMatchObject(refused);
    const changed = world.factsOf('activity-changed').at(-1);
    expect(changed?.body).toMatchObject({ to: 'paused', by: 'supervisor' });
    const release = {
      kind: 'take-back-from-agent',
      scope: HOUSE,
      byUserId: 'user_boss',
      agentId,
    } as const;
    expect(await world.run({ ...release, what: 'pause' })).toEqual({ ok: true });
    expect(world.activity()).toBe('paused');
    expect(await world.ask(1, { kind: 'go-available' })).toEqual({ ok: true });
    expect(world.activity()).toBe('available');
    const audited = world.query<{ change: string }>(
      `select change from audit where subject = 'agent' order by at, id`,
    );
    expect(audited.map(({ change }) => change)).toEqual(['pause-agent', 'take-back-from-agent']);
  });
});

it("a supervisor's rest lasts as long when the clock is set forward in it", async () => {
  world = await World.begin({ debtors: 0 });
  await world.agentComes();
  const rest = {
    kind: 'plan-agent-rest',
    scope: HOUSE,
    byUserId: 'user_boss',
    agentId: world.agentId(),
  } as const;
  await world.run({ ...rest, at: world.clock.now() + 1_000 });
  await world.until('they rest', () => world.activity() === 'paused');
  world.clock.jump(3_600_000);
  await world.pass(60_000);
  const refused = { ok: false, code: 'asked-by-supervisor' };
  expect(await world.ask(1, { kind: 'go-available' })).toMatchObject(refused);
  await world.pass(9 * 60_000);
  expect(await world.ask(1, { kind: 'go-available' })).toEqual({ ok: true });
});

describe('leaving', () => {
  it('in a talk leaves the person to another agent at once', async () => {
    world = await World.inATalk(2);
    await world.agentComes(2);
    await isDisabled();
    await world.pass(100);
    expect(world.activity(1)).toBe('none');
    expect(world.activity(2)).toBe('talking');
    expect(world.factsOf('shift-ended')[0]?.body.because).toBe('disabled');
  });

  it('in a talk with nobody else there lets the person hear why after ten seconds', async () => {
    world = await World.inATalk();
    await isDisabled();
    await world.pass(10_100);
    expect(world.askedOf().at(-1)).toBe('announce agent-lost');
    await world.pass(5_000);
    expect(await world.liveCalls()).toEqual([]);
    expect(world.factsOf('disposition-missing')).toHaveLength(1);
  });

  it('in a talk makes of the person one who will want an agent, as pacing counts them', async () => {
    world = await World.begin({ agents: 2, behaviour: () => PERSON_STAYS });
    for (const n of [1, 2]) await world.agentComes(n);
    await world.until('both talk', () => world.board().live.talking === 2);
    const expected = () => world.board().plan?.forecast?.moments[0]?.answers;
    await world.pass(2_000);
    expect(expected()).toBe(0);
    await isDisabled();
    await world.pass(2_000);
    expect(expected()).toBe(1);
    await world.pass(10_000);
    expect(expected()).toBe(0);
  });

  it('takes the headset’s credentials away', async () => {
    world = await World.inATalk();
    const headsetId = world.headsetOf();
    await isDisabled();
    expect(world.network.openHeadsets.has(headsetId)).toBe(false);
    expect(world.network.browserCallsIn(headsetId)).toBeUndefined();
  });

  it('in wrap-up lists the call as lacking its disposition', async () => {
    world = await World.inATalk();
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await isDisabled();
    expect(world.factsOf('disposition-missing')).toHaveLength(1);
    const [lead] = world.query<{ state: string }>("select state from lead where state <> 'ready'");
    expect(lead?.state).toBe('waiting');
  });

  it('after a call that was disposed while talking leaves nothing behind', async () => {
    world = await World.inATalk();
    const callId = world.onScreen().call.id;
    await world.dispose(1, 'third-party');
    await isDisabled();
    await world.pass(20_000);
    expect(world.factsOf('disposition-missing')).toEqual([]);
    expect(world.engine.call(callId)).toBeUndefined();
  });

  it('is what being disabled means', async () => {
    world = await World.inATalk();
    await isDisabled();
    expect(world.activity()).toBe('none');
    expect(world.factsOf('shift-ended')[0]?.body.because).toBe('disabled');
    expect(await world.ask(1, { kind: 'open-shift', pageId: 'page-two' })).toMatchObject({
      ok: false,
      code: 'unknown-agent',
    });
  });
});
