/**
 * A checker that was never seen to fail proves nothing. Here each checker is shown a history that
 * breaks its property.
 */
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { DialPermit } from '../../src/domain/compliance/gate.ts';
import type { Fact, FactBody } from '../../src/domain/facts.ts';
import type { CallId, LegId } from '../../src/lib/ids.ts';
import { DAY_MS, HOUR_MS } from '../../src/lib/time.ts';
import { BUSY, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { abandonedMax, checkEnd } from '../../src/simulator/checkers/at-end.ts';
import { PROPERTIES, type Property, Violation } from '../../src/simulator/checkers/checks.ts';
import { Watch, watchSettingsOf } from '../../src/simulator/checkers/watch.ts';
import { isAskedAbout, leadIsHeld } from '../../src/simulator/checkers/within.ts';
import { FAULTS, type FaultLevel, usualDay } from '../../src/simulator/day-settings.ts';
import { World, type WorldOptions } from '../support/world.ts';

const DEBTORS = 20;
let world: World;
let watch: Watch;
afterEach(() => world.end());

async function aFloor(options: WorldOptions = {}): Promise<void> {
  world = await World.begin({ agents: 2, debtors: DEBTORS, ...options });
  watch = aWatch();
}

function aWatch(isQuiet = true): Watch {
  const settings = { leads: DEBTORS, ringTimeoutMs: 25_000, keepsCap: true };
  return new Watch(world, { ...settings, isQuiet, isNetworkSound: true });
}

/** The first calls are busy; the newest one rings. */
async function aCallThatRings(): Promise<DialPermit> {
  let calls = 0;
  await aFloor({
    behaviour: () => {
      calls += 1;
      return calls <= 8 ? BUSY : RINGS_FOREVER;
    },
  });
  await world.agentComes();
  await world.until('a telephone rings', () => world.network.dialed.length > 8);
  await world.pass(2_000);
  const permit = world.network.dialed.at(-1);
  if (!permit) throw new Error('nothing was dialed');
  return { ...permit, expiresAt: Number.POSITIVE_INFINITY };
}

async function aTalk(): Promise<void> {
  await aFloor({ behaviour: () => personWho(1_000) });
  await world.agentComes();
  await world.until('a talk', () => world.activity() === 'talking');
}

/** A conversation is over, everybody has gone, and nothing else happened. */
async function aDayThatEnded(): Promise<void> {
  await aTalk();
  await world.ask(1, { kind: 'hang-up', callId: world.onScreen().call.id });
  await world.pass(50);
  await world.dispose();
  await world.ask(1, { kind: 'pause', reason: 'rest' });
  await world.ask(1, { kind: 'go-available' });
  await world.ask(1, { kind: 'sign-out' });
  await world.pass(40_000);
}

/** Somebody answered, and no agent is free for them. */
async function somebodyWhoWaits(): Promise<void> {
  await aFloor({ behaviour: () => personWho(3_000) });
  await world.agentComes();
  await world.until('a call', () => world.network.dialed.length === 1);
  await world.ask(1, { kind: 'pause', reason: 'restroom' });
  await world.until('an answer', () => world.factsOf('call-answered').length === 1, 5_000);
}

async function types(revision: number): Promise<void> {
  const agentId = world.agentId();
  const callId = world.onScreen().call.id;
  const form = {
    ...{ promiseValue: '', confirmedValue: '', promiseDate: '' },
    ...{ callbackDate: '', callbackHour: '' },
  };
  const draft = { revision, note: 'nota', form };
  expect(await world.ask(1, { kind: 'keep-draft', callId, draft })).toEqual({ ok: true });
  world.keptDrafts.set(callId, { agentId, revision });
}

/** Changes the database directly, unknown to the engine. */
function write(sql: string): void {
  const database = new Sqlite(world.file());
  database.pragma('foreign_keys = OFF');
  const { changes } = database.prepare(sql).run();
  database.close();
  if (changes === 0) throw new Error(`nothing was changed by ${sql}`);
}

function tell(body: FactBody, more: Partial<Fact> = {}): void {
  const { campaignId } = world;
  watch.book.tell({ sequence: watch.book.last + 1, at: 0, campaignId, body, ...more });
}

/** Dials the permit once more, before a checker that has not seen it yet. */
function dialAnew(permit: DialPermit): Promise<void> {
  watch = aWatch();
  watch.dial(permit);
  return Promise.resolve(watch.moment()).catch((error: unknown) => {
    // A new book knows nothing of the time before it; only violations at the dial matter here.
    if (!(error instanceof Violation) || error.property !== 'facts-and-state-agree') throw error;
  });
}

const BROKEN: Record<Property, () => Promise<void>> = {
  'one-call-to-a-person': async () => {
    const permit = await aCallThatRings();
    await dialAnew(permit);
    await dialAnew({ ...permit, legId: 'leg_other' });
  },
  'permit-before-dial': async () => {
    const permit = await aCallThatRings();
    await dialAnew(permit);
    write(`update attempt set outcome = 'busy' where leg_id = '${permit.legId}'`);
    await dialAnew(permit);
  },
  'running-campaigns-only': async () => {
    const permit = await aCallThatRings();
    await dialAnew(permit);
    write(`update campaign set state = 'paused'`);
    await dialAnew(permit);
  },
  'within-lines': async () => {
    await aFloor();
    await watch.moment();
    world.network.refusedByCarrier = 1;
    await watch.moment();
  },
  'within-hours': async () => {
    const permit = await aCallThatRings();
    await dialAnew(permit);
    world.clock.jump(12 * HOUR_MS);
    await dialAnew(permit);
  },
  'below-caps': async () => {
    const permit = await aCallThatRings();
    await dialAnew(permit);
    write(`update attempt set debtor_id = '${permit.debtorId}', counts = 1`);
    await dialAnew(permit);
  },
  'numbers-rest': async () => {
    const permit = await aCallThatRings();
    await dialAnew(permit);
    write(
      `update attempt set phone = '${permit.phone}', outcome = 'invalid-number', counts = 0
       where id = (select min(id) from attempt)`,
    );
    await dialAnew(permit);
  },
  'somebody-at-work': async () => {
    const permit = await aCallThatRings();
    await dialAnew(permit);
    write(`update shift set activity = 'paused'`);
    await dialAnew(permit);
  },
  'held-up-places-nothing': async () => {
    const permit = await aCallThatRings();
    await dialAnew(permit);
    world.holdStoreUp('busy', 1_000);
    await dialAnew(permit);
  },
  'held-up-hears-no-silence': async () => {
    await somebodyWhoWaits();
    watch = aWatch(false);
    watch.book.tell = () => {};
    world.holdStoreUp('busy', 60_000);
    await world.pass(1_000);
    await watch.moment();
    // Every request for waiting people is lost on its way.
    world.network.listens = false;
    await world.pass(3_000);
    await watch.moment();
  },
  'held-up-is-stored-once': async () => {
    await aFloor();
    world.holdStoreUp('full', 1_000);
    void world.engine.run({ kind: 'open-shift', agentId: world.agentId(), pageId: 'page-one' });
    await world.pass(2_600);
    await watch.moment();
    write('delete from fact where sequence = (select max(sequence) from fact)');
    world.holdStoreUp('full', 1_000);
    await world.pass(2_600);
    await watch.moment();
  },
  'claims-are-live-calls': async () => {
    await aTalk();
    await watch.moment();
    write("delete from claim where kind = 'number'");
    await watch.moment();
  },
  'throws-cost-one-decision': async () => {
    await aTalk();
    world.mistakes.arm('signal');
    world.network.debtorHangsUp([...world.network.legs.keys()][0] ?? 'leg_none');
    await world.pass(6_000);
    await watch.moment();
    world.mistakes.made -= 1;
    await watch.moment();
  },
  'agents-are-not-stuck': async () => {
    await aTalk();
    await watch.moment();
    const call = world.engine.call(world.onScreen().call.id);
    if (call) Object.assign(call, { state: { kind: 'ended' } });
    await watch.moment();
  },
  'one-person-to-an-agent': async () => {
    await aTalk();
    await watch.moment();
    const [leg] = world.network.legs.values();
    if (leg) world.network.legs.set('leg_other', { ...leg });
    await watch.moment();
  },
  'agent-talks-one-by-one': async () => {
    await aTalk();
    const body = {
      kind: 'call-connected',
      agentId: 'user_agent1',
      waitMs: 1,
      again: false,
    } as const;
    tell(body, { callId: 'call_other' });
  },
  'no-call-while-undisposed': async () => {
    await aTalk();
    const agentId = world.agentId();
    const changed = { kind: 'activity-changed', from: 'wrapping-up', to: 'undisposed' } as const;
    tell({ ...changed, lastedMs: 1 }, { agentId });
    tell({ kind: 'call-assigned', agentId }, { callId: 'call_other' });
  },
  'leaving-strands-nobody': async () => {
    await aTalk();
    const agentId = world.agentId();
    tell({ kind: 'shift-ended', because: 'absent' }, { agentId: 'user_other' });
    tell({ kind: 'shift-ended', because: 'signed-out' }, { agentId });
  },
  'call-ends-once': async () => {
    await aDayThatEnded();
    const ended = world.factsOf('call-ended')[0];
    if (ended) tell(ended.body, { callId: ended.callId ?? 'call_none' });
  },
  'facts-are-one-sequence': async () => {
    await aFloor();
    tell({ kind: 'shift-began' }, { sequence: watch.book.last + 2 });
  },
  'facts-and-state-agree': async () => {
    await aTalk();
    await watch.moment();
    write(`update shift set activity = 'paused'`);
    await watch.moment();
  },
  'store-and-memory-agree': async () => {
    await aTalk();
    await watch.moment();
    write(`update call set body = json_set(body, '$.version', 99)`);
    await watch.moment();
  },
  'bank-and-store-agree': async () => {
    await aTalk();
    await watch.moment();
    // No other checker reads the day of the answer.
    write(`update call set answered_at = answered_at - ${DAY_MS} where answered_at is not null`);
    await watch.moment();
  },
  'funnels-add-up': async () => {
    await aFloor();
    await world.pass(6_000);
    await watch.moment();
    write(`delete from lead where id = (select max(id) from lead)`);
    await world.pass(6_000);
    await watch.moment();
  },
  'nobody-waits-for-nothing': async () => {
    await somebodyWhoWaits();
    write(`update shift set activity = 'available'`);
    await world.pass(1_500);
    await watch.moment();
  },
  'waits-are-bounded': async () => {
    await somebodyWhoWaits();
    const answeredAt = world.factsOf('call-answered')[0]?.at ?? 0;
    await world.pass(answeredAt + 2_000 - world.clock.now());
    expect(world.askedOf()).toContain('announce abandonment');
    world.network.asked.length = 0;
    await world.pass(5);
    await watch.moment();
  },
  'reservations-are-settled': async () => {
    await aDayThatEnded();
    await watch.end();
    write(`update attempt set outcome = null where id = (select max(id) from attempt)`);
    watch.book.outcomes.clear();
    const rows = world.query<{ outcome: string; n: number }>(
      'select outcome, count(*) as n from attempt where outcome is not null group by outcome',
    );
    for (const { outcome, n } of rows) watch.book.outcomes.set(outcome, n);
    checkEnd(watch);
  },
  'answers-are-accounted-for': async () => {
    await aDayThatEnded();
    await watch.end();
    write('update call set connected_at = null where connected_at is not null');
    checkEnd(watch);
  },
  'abandonment-under-cap': async () => {
    await aDayThatEnded();
    await watch.end();
    Object.assign(watch.book.tally(world.campaignId), { answered: 1_000, abandoned: 46 });
    checkEnd(watch);
    watch.book.tally(world.campaignId).abandoned = 47;
    checkEnd(watch);
  },
  'nothing-is-left': async () => {
    await aDayThatEnded();
    await watch.end();
    write(`update lead set state = 'in-call' where id = (select max(id) from lead)`);
    checkEnd(watch);
  },
  'drafts-end-with-disposition': async () => {
    await aTalk();
    const callId = world.onScreen().call.id;
    await types(1);
    await watch.moment();
    await world.ask(1, { kind: 'hang-up', callId });
    await world.pass(50);
    await world.dispose();
    await watch.moment();
    write(`insert into negotiation_draft (call_id, debtor_id, agent_id, revision, typed_sealed, at)
      select id, debtor_id, 'user_1', 1, '', 0 from call where id = '${callId}'`);
    await watch.moment();
  },
  'jobs-end-once': async () => {
    await aDayThatEnded();
    for (let moment = 0; moment < 5; moment += 1) await watch.moment();
    checkEnd(watch);
    write('update job set dead_at = 1 where dead_at is null');
    checkEnd(watch);
  },
  'memory-is-bounded': async () => {
    await aTalk();
    await world.change({ state: 'stopped' });
    await world.ask(1, { kind: 'hang-up', callId: world.onScreen().call.id });
    await world.pass(50);
    await world.dispose();
    // The call is over, but on the agent's screen until the next one.
    checkEnd(watch);
  },
};

describe('a checker notices', () => {
  it.each(Object.keys(PROPERTIES) as Property[])('%s', async (property) => {
    const broken = await BROKEN[property]().catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(Violation);
    expect((broken as Violation).property).toBe(property);
  });

  it.each([
    ['what was typed is gone', 'delete from negotiation_draft'],
    ['an older revision replaced it', 'update negotiation_draft set revision = 1'],
    ['another agent has it', `update negotiation_draft set agent_id = 'user_9'`],
  ])('that %s', async (_what, sql) => {
    await aTalk();
    await types(1);
    await types(2);
    await watch.moment();
    write(sql);
    await expect(watch.moment()).rejects.toMatchObject({ property: 'drafts-end-with-disposition' });
  });

  it('nothing on a day without faults', async () => {
    await aDayThatEnded();
    await watch.end();
    expect(watch.checks.total).toBeGreaterThan(20);
  });
});

describe('the tolerance of the cap', () => {
  it('is three standard deviations of a count', () => {
    expect(abandonedMax(1_000)).toBe(46);
    expect(abandonedMax(10_000)).toBe(351);
  });
});

describe('a decision that throws is noticed where', () => {
  it('the call in doubt is not asked about', async () => {
    await aTalk();
    const { id, legId } = world.onScreen().call;
    isAskedAboutNothing(id, legId);
  });

  it('an agent goes on for long beyond the end of the wrap-up', async () => {
    await aTalk();
    world.network.debtorHangsUp([...world.network.legs.keys()][0] ?? 'leg_none');
    await world.pass(50);
    const { shift } = world.engine.desk(world.agentId());
    Object.assign(shift?.activity ?? {}, { until: 0 });
    await watch.moment();
    const [[what = '', sinceMs = 0] = []] = watch.lateSinceMs;
    watch.lateSinceMs.set(what, sinceMs - 60_000);
    await expect(watch.moment()).rejects.toThrow('agents-are-not-stuck');
  });

  it('the lead that threw is not held for it', async () => {
    await aTalk();
    const [lead] = world.query<{ id: string }>('select id from lead limit 1');
    expect(() => leadIsHeld(watch, lead?.id ?? '')).toThrow('throws-cost-one-decision');
  });
});

function isAskedAboutNothing(id: CallId, legId: LegId): void {
  const asked = world.network.asked.length;
  expect(() => isAskedAbout(watch, id, legId, asked)).toThrow('throws-cost-one-decision');
  world.network.lookAtLeg(legId);
  isAskedAbout(watch, id, legId, asked);
}

it('holds days to the cap on abandonment where the network tells of answers in time', () => {
  const keepsCap = (faults: FaultLevel) =>
    watchSettingsOf(usualDay({ seed: 1, faults: FAULTS[faults] })).keepsCap;
  expect(keepsCap('none')).toBe(true);
  expect(keepsCap('inside')).toBe(true);
  expect(keepsCap('some')).toBe(true);
  expect(keepsCap('many')).toBe(false);
});
