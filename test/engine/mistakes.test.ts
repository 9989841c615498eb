import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import type { TelephonySignal } from '../../src/engine/ports/telephony.ts';
import { PERSON_TALKS, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

/** A signal that this version has no case for. */
function unheardOf(legId: string): Parameters<typeof world.network.tell>[0] {
  const signal = { kind: 'leg-exploded', legId } as unknown as TelephonySignal;
  return signal;
}

/** Whatever needs the campaign's profile is a mistake from now on. */
function loseProfile(): () => void {
  const before = [...world.loadedProfiles];
  world.loadedProfiles.clear();
  return () => {
    for (const [id, profile] of before) world.loadedProfiles.set(id, profile);
  };
}

/** An attempt of long ago whose outcome nobody can read. */
function spoilAttempts(lead: { id: string; debtor_id: string; cycle: number } | undefined): void {
  const other = new Sqlite(world.file());
  other.pragma('foreign_keys = off');
  other
    .prepare(
      `insert into attempt (id, call_id, leg_id, decision_id, campaign_id, lead_id, debtor_id,
        phone_id, phone, trunk_id, caller_id, cycle, placed_at, outcome, counts, abandoned)
      values ('attempt_1', 'call_1', 'leg_1', 'decision_1', 'campaign_varejo', ?, ?,
        'phone_1', '+5511900000000', 'trunk_1', '+551130000000', ?, 1, 'who knows', 1, 0)`,
    )
    .run(lead?.id, lead?.debtor_id, lead?.cycle);
  other.close();
}

describe('a command that throws', () => {
  it('is answered as a mistake, costs nothing else, and nothing of it is stored', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => PERSON_TALKS });
    await world.agentComes();
    await world.until('they talk', () => world.activity() === 'talking');
    const giveBack = loseProfile();
    const facts = world.facts.length;
    for (let times = 0; times < 9; times += 1) {
      const result = await world.ask(1, {
        kind: 'dispose',
        callId: world.onScreen().call.id,
        code: 'machine',
      });
      expect(result).toMatchObject({ ok: false, code: 'mistake' });
    }
    giveBack();
    await world.pass(1_000);
    expect(world.engine.health().mistakes).toMatchObject({ 'command dispose': 9 });
    expect(world.facts.slice(facts).map(({ body }) => body.kind)).not.toContain(
      'disposition-recorded',
    );
    expect(world.query('select * from disposition')).toEqual([]);
    expect(world.activity()).toBe('talking');
    expect(await world.dispose(1, 'third-party')).toEqual({ ok: true });
  });
});

describe('a signal that throws', () => {
  it('puts its call in doubt: the PBX is asked within five seconds, and the call goes on', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(1_000, 60_000) });
    await world.agentComes();
    await world.until('they talk', () => world.activity() === 'talking');
    world.network.tell(unheardOf(world.lastLeg()));
    await world.pass(5_000);
    expect(world.engine.health().mistakes).toEqual({ 'signal leg-exploded': 1 });
    expect(world.askedOf().filter((what) => what === 'look')).toHaveLength(1);
    expect(world.activity()).toBe('talking');
    await world.pass(30_000);
    expect(world.askedOf().filter((what) => what === 'look')).toHaveLength(1);
    expect(world.callState()).toBe('talking');
  });

  it('is made good by what the PBX says: who answered is told why nobody speaks', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(5_000, 60_000) });
    await world.agentComes();
    await world.until('it rings', () => world.board().live.ringing === 1);
    const giveBack = loseProfile();
    await world.pass(5_500);
    giveBack();
    expect(world.board().live.ringing).toBe(1);
    await world.pass(5_000);
    expect(world.askedOf()).toContain('announce abandonment');
    expect(world.factsOf('call-abandoned')).toHaveLength(1);
  });

  it('costs a call that cannot be decided at all: it is hung up after a few looks', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(5_000, 600_000) });
    await world.agentComes();
    await world.until('it rings', () => world.board().live.ringing === 1);
    const giveBack = loseProfile();
    await world.pass(30_000);
    giveBack();
    expect(world.askedOf().filter((what) => what === 'look')).toHaveLength(3);
    expect(world.askedOf()).toContain('hang-up orphaned');
    expect(world.network.legs.size).toBe(0);
    const [attempt] = world.query<{ outcome: string }>('select outcome from attempt');
    expect(attempt?.outcome).toBe('lost');
    await world.pass(1_000);
    expect(world.board().leads.held.map(({ reason }) => reason)).toEqual(['mistake']);
    expect(world.activity()).toBe('available');
    await world.restart();
    expect(await world.liveCalls()).toEqual([]);
  });
});

describe('a call that is given up', () => {
  /** Nothing that the PBX says can be decided, and not what it answers either. */
  async function giveUpATalk(givingUpThrows: number): Promise<void> {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(1_000, 600_000) });
    await world.agentComes();
    await world.until('they talk', () => world.activity() === 'talking');
    await world.pass(1_000);
    for (let times = 0; times < 4; times += 1) world.mistakes.arm('signal');
    for (let times = 0; times < givingUpThrows; times += 1) world.mistakes.arm('giving-up');
    world.network.tell({ kind: 'leg-ringing', legId: world.lastLeg() });
    await world.until('it is given up', () => world.network.legs.size === 0);
    await world.pass(100);
    world.mistakes.disarm();
  }

  function expectSettled(): void {
    const [attempt] = world.query<{ outcome: string; ended_at: number }>('select * from attempt');
    expect(attempt).toMatchObject({ outcome: 'lost' });
    expect(world.query('select result from contact')).toEqual([{ result: 'lost' }]);
    const [listed] = world.query<{ agent_id: string }>('select agent_id from undisposed_call');
    expect(listed?.agent_id).toBe(world.agentId());
    expect(world.factsOf('call-ended')).toHaveLength(1);
    expect(world.factsOf('disposition-missing')).toHaveLength(1);
    expect(world.activity()).toBe('available');
    expect(world.engine.desk(world.agentId()).call).toBeUndefined();
    expect(world.engine.board(HOUSE).trunks.map(({ callsNow }) => callsNow)).toEqual([0]);
    expect(world.engine.health().callsInDoubt).toBe(0);
  }

  it('counts as any other: contact, counts, talk, and the list of those without a disposition', async () => {
    await giveUpATalk(0);
    expectSettled();
    expect(world.engine.desk(world.agentId()).today.talkMs).toBeGreaterThan(1_000);
    const dayFrom = Date.parse('2026-11-23T00:00:00-03:00');
    const { campaignId } = world;
    const counted = await world.storage.store.read((view) =>
      view.campaignCounts(campaignId, dayFrom),
    );
    expect(world.board().today).toEqual(counted);
  });

  it('frees its agent and its line, and is told, where that can be decided in parts only', async () => {
    await giveUpATalk(2);
    expectSettled();
    await world.restart();
    expect(await world.liveCalls()).toEqual([]);
  });

  it('is in doubt no longer when it ends by itself', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(1_000, 10_000) });
    await world.agentComes();
    await world.until('they talk', () => world.activity() === 'talking');
    world.network.tell(unheardOf(world.lastLeg()));
    await world.pass(3_000);
    expect(world.engine.health().callsInDoubt).toBe(1);
    await world.until('it is over', () => world.factsOf('call-ended').length === 1);
    await world.pass(10_000);
    expect(world.engine.health().callsInDoubt).toBe(0);
  });
});

it('the return of the PBX, where it throws, is decided a moment later', async () => {
  world = await World.begin({ debtors: 3, behaviour: () => RINGS_FOREVER });
  await world.agentComes();
  await world.pass(1_000);
  world.network.disconnect('no echo');
  await world.pass(1_000);
  world.mistakes.arm('signal');
  world.network.reconnect();
  await world.pass(100);
  expect(world.engine.board(HOUSE).telephony.up).toBe(false);
  await world.pass(5_000);
  expect(world.engine.board(HOUSE).telephony.up).toBe(true);
  expect(world.factsOf('telephony-back')).toHaveLength(2);
});

it('the return of the PBX, where it throws, leaves no leg of nobody behind', async () => {
  world = await World.begin({ debtors: 3, behaviour: () => RINGS_FOREVER });
  await world.agentComes();
  await world.pass(1_000);
  const stranger = 'leg_stranger';
  const [permit] = world.network.dialed;
  world.network.disconnect('no echo');
  await world.pass(100);
  world.network.legs.set(stranger, {
    ...{ permit: { ...permit!, legId: stranger }, behaviour: RINGS_FOREVER },
    ...{ state: 'ringing', wasBridged: false },
  });
  world.mistakes.arm('signal');
  world.network.reconnect();
  await world.pass(5_000);
  expect(world.engine.board(HOUSE).telephony.up).toBe(true);
  expect(world.network.legs.has(stranger)).toBe(false);
});

describe('a timer that throws', () => {
  it('puts its call in doubt, and what it was to do is done as soon as it can be', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => personWho(1_000, 60_000) });
    await world.agentComes();
    await world.until('it rings', () => world.board().live.ringing === 1);
    await world.ask(1, { kind: 'pause', reason: 'rest' });
    await world.until('they wait', () => world.board().live.waiting === 1);
    const giveBack = loseProfile();
    await world.pass(1_950);
    giveBack();
    expect(world.engine.health().mistakes).toHaveProperty(['timer call deadline']);
    await world.pass(3_000);
    expect(world.askedOf()).toContain('announce abandonment');
  });
});

describe('a lead that throws', () => {
  it('is held with that reason, which the funnel shows, and the others are dialed', async () => {
    world = await World.begin({ debtors: 2, behaviour: () => RINGS_FOREVER });
    const [lead] = world.query<{ id: string; debtor_id: string; cycle: number }>(
      'select id, debtor_id, cycle from lead order by priority desc, not_before_at, id',
    );
    spoilAttempts(lead);
    await world.agentComes();
    await world.pass(2_000);
    expect(world.network.dialed).toHaveLength(1);
    expect(world.engine.health().mistakes).toEqual({ lead: 1 });
    await world.pass(6_000);
    expect(world.board().leads.held).toMatchObject([{ reason: 'mistake', leads: 1 }]);
  });
});

describe('what cannot be read of a lead', () => {
  const firstLead = `(select id from lead order by priority desc, not_before_at, id limit 1)`;
  const ofFirst = (column: string): string =>
    `(select ${column} from lead where id = ${firstLead})`;

  it.each([
    ['the lead itself', `update lead set last_outcome = 'who knows' where id = ${firstLead}`],
    ['its debtor', `update debtor set addresses = 'no list' where id = ${ofFirst('debtor_id')}`],
    ['a phone', `update phone set status = 'unheard of' where debtor_id = ${ofFirst('debtor_id')}`],
    ['an earlier attempt', undefined],
  ])('costs that lead alone, which is held for it: %s', async (_what, sql) => {
    world = await World.begin({ debtors: 3, behaviour: () => RINGS_FOREVER });
    if (sql === undefined) spoilPhoneOfAttempt();
    else change(sql);
    await world.agentComes();
    await world.pass(3_000);
    expect(world.engine.health().mistakes).toEqual({ lead: 1 });
    expect(world.network.dialed).toHaveLength(1);
    await world.pass(6_000);
    expect(world.board().leads.held).toMatchObject([{ reason: 'mistake', leads: 1 }]);
  });

  function change(sql: string): void {
    const other = new Sqlite(world.file());
    other.pragma('foreign_keys = off');
    other.pragma('ignore_check_constraints = on');
    const { changes } = other.prepare(sql).run();
    other.close();
    expect(changes).toBe(1);
  }

  function spoilPhoneOfAttempt(): void {
    const [lead] = world.query<{ id: string; debtor_id: string; cycle: number }>(
      `select * from lead where id = ${firstLead}`,
    );
    spoilAttempts(lead);
    change(`update attempt set placed_at = ${world.clock.now() - 60_000}, phone = 'no number'`);
  }
});

it('what a lead that throws was refused for is not told of it', async () => {
  world = await World.begin({
    debtors: 2,
    phonesOf: (n) => [`2198765432${n}`],
    start: Date.parse('2026-11-23T08:30:00-03:00'),
  });
  world.mistakes.arm('lead');
  await world.agentComes();
  await world.until('the list was looked at', () => world.because() === 'held-back');
  const { values } = world.board().plan?.because ?? {};
  expect(values).toEqual({ mistake: 1, 'outside-calling-hours': 1 });
});

describe('planning that throws', () => {
  it('places nothing and says so, and goes on by itself', async () => {
    world = await World.begin({ debtors: 3, behaviour: () => RINGS_FOREVER });
    await world.pass(500);
    const giveBack = loseProfile();
    await world.agentComes();
    await world.pass(1_000);
    expect(world.network.dialed).toEqual([]);
    giveBack();
    expect(world.because()).toBe('mistake');
    await world.pass(1_000);
    expect(world.network.dialed.length).toBeGreaterThan(0);
    expect(world.fatal).toBeUndefined();
  });
});
