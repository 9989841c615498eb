import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandResult } from '../../src/engine/commands.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { presentPop } from '../../src/realtime/projections/pop.ts';
import { BUSY, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
/** Every connection that was opened, so that a test can fill one of them up. */
let connections: Sqlite.Database[] = [];

beforeEach(() => {
  connections = [];
  const pragma = Sqlite.prototype.pragma as Sqlite.Database['pragma'];
  vi.spyOn(Sqlite.prototype, 'pragma').mockImplementation(function (
    this: Sqlite.Database,
    ...asked: Parameters<Sqlite.Database['pragma']>
  ) {
    if (!connections.includes(this)) connections.push(this);
    return pragma.apply(this, asked);
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.end();
});

/** Another process takes the write lock; gives it back when the returned function is called. */
function lock(): () => void {
  const other = new Sqlite(world.file());
  other.exec('begin immediate');
  return () => other.close();
}

/** Something to be stored: what was decided waits from here on. */
function changeLines(linesMax: number): Promise<CommandResult> {
  const { campaignId } = world;
  const change = { linesMax };
  return world.engine.run({
    kind: 'change-campaign',
    scope: HOUSE,
    byUserId: 'user_boss',
    campaignId,
    change,
  });
}

function storedFacts(): {
  readonly sequence: number;
  readonly at: number;
  readonly kind: string;
}[] {
  return world.query('select sequence, at, kind from fact order by sequence');
}

/** Everything published is stored, in one sequence without a hole. */
function expectNothingLost(): void {
  const stored = storedFacts();
  const published = world.facts.map(({ sequence, at, body }) => ({
    sequence,
    at,
    kind: body.kind,
  }));
  expect(stored).toEqual(published);
  expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1));
}

describe.each([400, 3_000, 12_000])('another process that holds the store for %i ms', (holdMs) => {
  it('costs nothing but time: nothing is placed, talks go on, all is stored in order', async () => {
    world = await World.begin({
      agents: 2,
      debtors: 20,
      behaviour: () => personWho(1_000, 120_000),
    });
    await world.agentComes(1);
    await world.until('they talk', () => world.activity() === 'talking');
    await world.agentSignsIn(2);
    await world.ask(2, { kind: 'go-available' });
    const release = lock();
    const changed = changeLines(7);
    const dialed = world.network.dialed.length;
    await world.pass(holdMs);
    expect(world.fatal).toBeUndefined();
    expect(world.network.dialed).toHaveLength(dialed);
    expect(world.engine.health().storage.heldUp).toMatchObject({ cause: 'busy' });
    expect(world.because()).toBe('store-held-up');
    expect(world.activity()).toBe('talking');
    release();
    await world.pass(3_000);
    expect(await changed).toEqual({ ok: true });
    expect(world.engine.health().storage.heldUp).toBeUndefined();
    expectNothingLost();
    await world.pass(5_000);
    expect(world.network.dialed.length).toBeGreaterThan(dialed);
    expectNothingLost();
  });
});

describe('while the store is held up', () => {
  it('is said within a second', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    const release = lock();
    const changed = changeLines(7);
    await world.pass(1_000);
    expect(world.engine.health().storage.heldUp).toMatchObject({ cause: 'busy' });
    expect(world.engine.board(HOUSE).storage.heldUp).toMatchObject({ cause: 'busy' });
    release();
    await world.pass(2_000);
    expect(await changed).toEqual({ ok: true });
  });

  it('the debts are shown only when the confirmation of the right party is stored', async () => {
    world = await World.begin({ debtors: 2, behaviour: () => personWho(1_000, 120_000) });
    await world.agentComes(1);
    await world.until('they talk', () => world.activity() === 'talking');
    const { engine } = world;
    const stage = () => presentPop(engine.desk(world.agentId(1)), engine)?.stage;
    expect(stage()).toBe('masked');
    const release = lock();
    const confirmed = world.confirmsRightParty();
    await world.pass(3_000);
    expect(engine.health().storage.heldUp).toBeDefined();
    expect(stage()).toBe('masked');
    release();
    await world.pass(3_000);
    expect(await confirmed).toEqual({ ok: true });
    expect(stage()).toBe('full');
  });

  it('a person who answers is told in time that nobody is free, and that is stored afterwards', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(5_000, 60_000) });
    await world.agentComes();
    await world.until('it rings', () => world.board().live.ringing === 1);
    await world.pass(2_000);
    const release = lock();
    await world.ask(1, { kind: 'screen-connected' });
    await world.pass(10_000);
    const asked = world.network.asked.filter(({ legId }) => legId === world.lastLeg());
    const message = asked.find(({ what }) => what === 'announce abandonment');
    expect(asked.map(({ what }) => what)).not.toContain('bridge');
    release();
    await world.pass(3_000);
    const [answered] = world.factsOf('call-answered');
    expect(message && answered && message.at - answered.at).toBeLessThanOrEqual(2_000);
    const [abandoned] = world.factsOf('call-abandoned');
    expect(abandoned?.body).toMatchObject({ because: 'limit', waitMs: 1_900 });
    expect(world.factsOf('call-ended')).toHaveLength(1);
    expectNothingLost();
    const [attempt] = world.query<{ abandoned: number }>('select abandoned from attempt');
    expect(attempt?.abandoned).toBe(1);
  });

  it.each([
    [300, 'talking', ['bridge']],
    [4_000, 'announcing', ['announce abandonment']],
  ] as const)(
    'a person to be put through just then, held up for %i ms, is %s by the end of it',
    async (holdMs, state, expected) => {
      world = await World.begin({ debtors: 1, behaviour: () => personWho(5_000, 60_000) });
      await world.agentComes();
      await world.until('it rings', () => world.board().live.ringing === 1);
      await world.until('somebody is about to answer', () => {
        const leg = [...world.network.legs.values()][0];
        return world.clock.now() >= (leg?.permit.expiresAt ?? 0) + 2_900;
      });
      const release = lock();
      await world.until(
        'the store is held up',
        () => world.engine.health().storage.heldUp !== undefined,
      );
      await world.pass(holdMs);
      release();
      await world.pass(1_000);
      const live = await world.liveCalls();
      expect(live.map((call) => call.state.kind)).toEqual([state]);
      expect(world.askedOf()).toEqual(expect.arrayContaining([...expected]));
      expectNothingLost();
    },
  );

  it('the PBX is asked about a call in doubt all the same, within five seconds', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(1_000, 120_000) });
    await world.agentComes(1);
    await world.until('they talk', () => world.activity() === 'talking');
    const release = lock();
    const changed = changeLines(7);
    await world.pass(1_000);
    world.mistakes.arm('signal');
    world.network.tell({ kind: 'leg-ringing', legId: world.lastLeg() });
    await world.pass(5_000);
    expect(world.askedOf()).toContain('look');
    release();
    await world.pass(2_000);
    expect(await changed).toEqual({ ok: true });
    expect(world.callState()).toBe('talking');
    expectNothingLost();
  });

  it('an agent may hang up, other commands are refused, and what the house says waits', async () => {
    world = await World.begin({ debtors: 3, behaviour: () => personWho(1_000, 120_000) });
    await world.agentComes(1);
    await world.until('they talk', () => world.activity() === 'talking');
    const release = lock();
    const { callId } = { callId: world.onScreen().call.id };
    const lost = world.ask(1, { kind: 'screen-lost' });
    await world.pass(1_000);
    const refused = await world.ask(1, { kind: 'plan-rest', at: world.clock.now() + 60_000 });
    expect(refused).toMatchObject({ ok: false, code: 'store-held-up' });
    const leads = world.engine.run({ kind: 'leads-changed', campaignId: world.campaignId });
    const hungUp = world.engine.run({ kind: 'hang-up', agentId: world.agentId(1), callId });
    await world.pass(100);
    expect(world.askedOf()).toContain('hang-up agent');
    expect(world.network.legs.size).toBe(0);
    release();
    await world.pass(2_000);
    for (const answer of [lost, leads, hungUp]) expect(await answer).toEqual({ ok: true });
    expect(world.factsOf('call-ended')).toHaveLength(1);
    expectNothingLost();
  });
});

it('what comes and goes while the store is held up takes no more memory than its bound', async () => {
  world = await World.begin({
    agents: 2,
    debtors: 1,
    behaviour: () => personWho(1_000, 120_000),
    limits: { factsHeldMax: 40 },
  });
  await world.agentComes(1);
  await world.until('they talk', () => world.activity() === 'talking');
  const headsetId = await world.agentSignsIn(2);
  world.holdStoreUp('full', 600_000);
  const changed = changeLines(7);
  await world.pass(1_000);
  const answers: Promise<CommandResult>[] = [];
  for (let times = 0; times < 200; times += 1) {
    for (const kind of ['screen-lost', 'screen-connected'] as const) {
      answers.push(world.engine.run({ kind, agentId: world.agentId(2) }));
    }
    world.network.browserHangsUp(headsetId);
    world.network.browserCallsIn(headsetId);
    await world.pass(100);
  }
  const callId = world.onScreen().call.id;
  const hungUp = world.engine.run({ kind: 'hang-up', agentId: world.agentId(1), callId });
  await world.pass(1_000);
  expect(world.network.legs.size).toBe(0);
  expect(world.engine.health().inboxDepth).toBeLessThan(10);
  const before = world.facts.length;
  world.releaseStore();
  await world.pass(3_000);
  expect(await Promise.all([changed, hungUp, answers.at(-1)])).toEqual(Array(3).fill({ ok: true }));
  const codes = await Promise.all(answers.map(async (answer) => (await answer).ok));
  expect(codes).toContain(false);
  const { shift } = world.engine.desk(world.agentId(2));
  expect([shift?.screen.connected, shift?.headset.pinned]).toEqual([true, true]);
  expect(world.factsOf('call-ended')).toHaveLength(1);
  expect(world.facts.length - before).toBeLessThan(80);
  expectNothingLost();
});

describe('a drain while the store is held up', () => {
  /** A commit that is not a turn's is not waited for by virtual time. */
  async function passTogether(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      await world.pass(100);
      await new Promise(setImmediate);
    }
  }

  async function heldUpWithAnEndedCall(): Promise<{
    readonly answers: Promise<CommandResult>[];
  }> {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(1_000, 120_000) });
    await world.agentComes(1);
    await world.until('they talk', () => world.activity() === 'talking');
    const callId = world.onScreen().call.id;
    world.holdStoreUp('busy', 60_000);
    const lines = changeLines(7);
    await world.pass(1_000);
    const hangUp = world.engine.run({ kind: 'hang-up', agentId: world.agentId(1), callId });
    await world.pass(100);
    expect(world.network.legs.size).toBe(0);
    return { answers: [lines, hangUp] };
  }

  it('goes on trying within its bound, and stores all of the talk', async () => {
    const { answers } = await heldUpWithAnEndedCall();
    const drained = world.engine.drain(60_000);
    await passTogether(3_000);
    const leads = world.engine.run({ kind: 'leads-changed', campaignId: world.campaignId });
    world.releaseStore();
    await passTogether(2_000);
    expect(await drained).toBe(0);
    expect(await Promise.all(answers)).toEqual([{ ok: true }, { ok: true }]);
    expect(await leads).toBeDefined();
    expect(world.factsOf('call-ended')).toHaveLength(1);
    expectNothingLost();
  });

  it('waits for its very last commit too', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => BUSY });
    await world.agentComes();
    await world.until('a call is over', () => world.factsOf('call-ended').length === 1);
    await world.pass(500);
    world.holdStoreUp('busy', 60_000);
    const drained = world.engine.drain(60_000);
    await passTogether(3_000);
    world.releaseStore();
    await passTogether(1_000);
    expect(await drained).toBe(0);
    expect(world.fatal).toBeUndefined();
  });

  it('answers everybody who waits when its bound is over', async () => {
    const { answers } = await heldUpWithAnEndedCall();
    const leads = world.engine.run({ kind: 'leads-changed', campaignId: world.campaignId });
    const drained = world.engine.drain(5_000);
    await passTogether(6_000).catch(() => {});
    await drained;
    expect(await Promise.all([...answers, leads])).toMatchObject([
      { ok: false, code: 'store-held-up' },
      { ok: false, code: 'store-held-up' },
      { ok: false, code: 'server-draining' },
    ]);
    expect(world.fatal).toMatchObject({ name: 'StoreHeldUpError' });
    world.fatal = undefined;
  });
});

it('a disk that is full is waited for, and all goes on when there is room', async () => {
  world = await World.begin({ debtors: 40, behaviour: () => personWho(1_000, 4_000) });
  const writers = connections.filter((one) => one.open && !one.readonly);
  const pages = (one: Sqlite.Database): number =>
    one.pragma('page_count', { simple: true }) as number;
  for (const one of writers) one.pragma(`max_page_count = ${pages(one)}`);
  await world.agentSignsIn(1).catch(() => {});
  const keepOn = async (): Promise<void> => {
    await world.ask(1, { kind: 'go-available' });
    if (/wrapping-up|undisposed/.test(world.activity())) await world.dispose(1);
  };
  for (let times = 0; times < 200 && !world.engine.health().storage.heldUp; times += 1) {
    await keepOn();
    await world.pass(1_000);
  }
  expect(world.engine.health().storage.heldUp).toMatchObject({ cause: 'full' });
  const dialed = world.network.dialed.length;
  await world.pass(60_000);
  expect(world.network.dialed).toHaveLength(dialed);
  for (const one of writers) one.pragma('max_page_count = 1000000');
  await world.pass(3_000);
  expect(world.engine.health().storage.heldUp).toBeUndefined();
  for (let times = 0; times < 60 && world.network.dialed.length === dialed; times += 1) {
    await keepOn();
    await world.pass(1_000);
  }
  expect(world.network.dialed.length).toBeGreaterThan(dialed);
  expectNothingLost();
});
