import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_RETRY_RULES } from '../../src/domain/leads/next-attempt.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import type { LogLine } from '../../src/protocol/supervisor.ts';
import { presentLine } from '../../src/realtime/projections/log.ts';
import { PERSON_STAYS } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const listed = () => world.storage.store.read((view) => view.undisposedCalls(10));

/** A call that its agent let wait until it was a supervisor's. */
async function aCallToCorrect({ confirmed = false } = {}): Promise<`call_${string}`> {
  world = await World.begin({ behaviour: () => PERSON_STAYS });
  await world.agentComes();
  await world.until('they talk', () => world.callState() === 'talking');
  await world.change({ state: 'paused' });
  const callId = world.onScreen().call.id;
  if (confirmed) await world.confirmsRightParty();
  world.network.debtorHangsUp(world.lastLeg());
  await world.pass(30_100 + 120_000);
  expect(world.activity()).toBe('paused');
  return callId;
}

const correct = (
  callId: `call_${string}`,
  code: string,
  more: {
    readonly withdrawsRightParty?: true;
    readonly address?: string;
    readonly byUserId?: `user_${string}`;
  } = {},
) =>
  world.run({
    ...{
      kind: 'correct-disposition',
      scope: HOUSE,
      byUserId: 'user_boss',
      callId,
      code,
      note: 'ouvi',
    },
    ...more,
  });
const giveBack = (callId: `call_${string}`) =>
  world.run({ kind: 'give-back-call', scope: HOUSE, byUserId: 'user_boss', callId });

describe('a call whose disposition never came', () => {
  it('is listed with its agent and without an invented outcome', async () => {
    const callId = await aCallToCorrect();
    expect(world.board().agents).toMatchObject({ undisposed: 1, wrappingUp: 0, paused: 0 });
    expect(await listed()).toEqual([
      expect.objectContaining({ callId, agentId: world.agentId(), rightPartyConfirmed: false }),
    ]);
    expect(world.query('select * from disposition')).toEqual([]);
  });

  it('is recorded by a supervisor, with their name, and the agent owes nothing any more', async () => {
    const callId = await aCallToCorrect();
    expect(await correct(callId, 'promise')).toMatchObject({ code: 'right-party-needed' });
    expect(await correct(callId, 'wrong-number')).toEqual({ ok: true });
    expect(await listed()).toEqual([]);
    const rows = world.query('select agent_id, by_user_id, code, is_correction from disposition');
    expect(rows).toEqual([
      {
        agent_id: world.agentId(),
        by_user_id: 'user_boss',
        code: 'wrong-number',
        is_correction: 1,
      },
    ]);
    expect(world.engine.desk(world.agentId()).shift?.activity).toMatchObject({
      kind: 'paused',
      reason: 'by-supervisor',
    });
    const [entry] = await world.storage.store.read((view) => view.auditEntries(1));
    expect(entry).toMatchObject({ change: 'correct-disposition', to: 'wrong-number' });
    expect(await correct(callId, 'dropped')).toMatchObject({ code: 'nothing-to-change' });
  });

  it('that says it was somebody else takes the confirmation back, as from its agent', async () => {
    const callId = await aCallToCorrect({ confirmed: true });
    expect(world.board().today.rightParty).toBe(1);
    expect(await correct(callId, 'third-party')).toMatchObject({ code: 'right-party-confirmed' });
    const withdraws = { withdrawsRightParty: true, address: '10.0.0.5' } as const;
    expect(await correct(callId, 'third-party', withdraws)).toEqual({ ok: true });
    expect(world.query('select withdrawn_because from right_party_contact')).toEqual([
      { withdrawn_because: 'third-party' },
    ]);
    expect(world.factsOf('right-party-withdrawn')).toMatchObject([{ byUserId: 'user_boss' }]);
    expect(world.board().today.rightParty).toBe(0);
    expect(world.engine.desk(world.agentId()).today.rightParty).toBe(0);
    const rows = await world.storage.store.read((view) => view.auditEntries(2));
    const by = { byUserId: 'user_boss', address: '10.0.0.5', subjectId: callId, to: 'third-party' };
    expect(rows[0]?.subjectName).toMatch(/^\(\d\d\) \*{4}-\d{4}$/);
    expect(rows).toMatchObject([
      { ...by, change: 'correct-disposition' },
      { ...by, change: 'right-party-withdrawn' },
    ]);
  });

  it('takes a confirmation of another day out of no count of today', async () => {
    const callId = await aCallToCorrect({ confirmed: true });
    await world.ask(1, { kind: 'sign-out' });
    await world.pass(24 * HOUR_MS);
    await world.agentComes();
    await world.change({ state: 'running' });
    await world.until('they talk', () => world.callState() === 'talking');
    await world.confirmsRightParty();
    expect(world.board().today.rightParty).toBe(1);
    expect(await correct(callId, 'third-party', { withdrawsRightParty: true })).toEqual({
      ok: true,
    });
    expect(world.board().today.rightParty).toBe(1);
    expect(world.engine.desk(world.agentId()).today.rightParty).toBe(1);
  });

  it('is recorded by nobody while the person is being called again', async () => {
    const person = { afterMs: MINUTE_MS, samePhoneMax: 3, next: 'same-phone' } as const;
    const byOutcome = { ...DEFAULT_RETRY_RULES.byOutcome, person };
    world = await World.begin({
      ...{ debtors: 1, agents: 2, profileId: 'demonstration' },
      campaign: { retryRules: { ...DEFAULT_RETRY_RULES, byOutcome } },
      behaviour: () => PERSON_STAYS,
    });
    await world.agentComes(1);
    await world.until('they talk', () => world.callState() === 'talking');
    const callId = world.onScreen().call.id;
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(30_100 + 120_000);
    await world.agentComes(2);
    await world.until('the next call', () => world.network.dialed.length === 2, 9 * MINUTE_MS);
    expect(await correct(callId, 'dropped')).toMatchObject({ ok: false, code: 'not-now' });
    const late = { kind: 'dispose', callId, code: 'dropped' } as const;
    expect(await world.ask(1, late)).toMatchObject({ ok: false, code: 'not-now' });
    expect(world.query('select * from disposition')).toEqual([]);
  });

  it('stands in the history of the debtor without the name of the agent who did not record it', async () => {
    const callId = await aCallToCorrect();
    // Nobody is known by this id, and it is not said to have been the agent.
    expect(await correct(callId, 'dropped')).toEqual({ ok: true });
    expect(world.query('select result, agent_name from contact')).toEqual([
      { result: 'dropped', agent_name: null },
    ]);
  });

  it('is recorded from the store when no process remembers it, and counts its call once', async () => {
    const callId = await aCallToCorrect();
    await world.ask(1, { kind: 'sign-out' });
    await world.restart(100);
    expect(world.engine.call(callId)).toBeUndefined();
    const told: (LogLine | undefined)[] = [];
    world.onPublished.push(({ facts }) => {
      told.push(...facts.map((fact) => presentLine(fact, world.engine)));
    });
    expect(await correct(callId, 'third-party', { byUserId: world.agentId() })).toEqual({
      ok: true,
    });
    // The log names its telephone, and the call is forgotten again.
    const line = told.find((one) => one?.kind === 'disposition-recorded');
    expect(line?.phone).toMatch(/\d{4}$/);
    // And who recorded it.
    const byName = world.engine.person(world.agentId())?.name;
    expect(line).toMatchObject({ byName });
    expect(byName).toBeDefined();
    expect(world.engine.call(callId)).toBeUndefined();
    expect(world.query('select state, attempts from lead where attempts > 0')).toEqual([
      { state: 'waiting', attempts: 1 },
    ]);
  });

  it('is given back to an agent who has nothing else to do, and only once it is there', async () => {
    const callId = await aCallToCorrect();
    await world.ask(1, { kind: 'pause', reason: 'meal' });
    expect(await giveBack(callId)).toMatchObject({ ok: false, code: 'not-now' });
    await world.ask(1, { kind: 'go-available' });
    expect(await giveBack(callId)).toEqual({ ok: true });
    expect(world.activity()).toBe('undisposed');
    expect(world.board().agents).toMatchObject({ undisposed: 1, wrappingUp: 0, paused: 0 });
    expect(world.onScreen().call.id).toBe(callId);
    expect(await correct(callId, 'dropped')).toMatchObject({ ok: false, code: 'not-now' });
    expect(await world.dispose(1, 'dropped')).toEqual({ ok: true });
    expect(world.activity()).toBe('available');
    expect(await listed()).toEqual([]);
  });
});
