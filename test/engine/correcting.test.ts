import { afterEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../src/protocol/supervisor.ts';
import { presentLine } from '../../src/realtime/projections/log.ts';
import { PERSON_STAYS } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const listed = () => world.storage.store.read((view) => view.undisposedCalls(10));

/** A call that its agent let wait until it was a supervisor's. */
async function aCallToCorrect(): Promise<`call_${string}`> {
  world = await World.begin({ behaviour: () => PERSON_STAYS });
  await world.agentComes();
  await world.until('they talk', () => world.callState() === 'talking');
  await world.change({ state: 'paused' });
  const callId = world.onScreen().call.id;
  world.network.debtorHangsUp(world.lastLeg());
  await world.pass(30_100 + 120_000);
  expect(world.activity()).toBe('paused');
  return callId;
}

const correct = (callId: `call_${string}`, code: string) =>
  world.run({ kind: 'correct-disposition', byUserId: 'user_boss', callId, code, note: 'ouvi' });
const giveBack = (callId: `call_${string}`) =>
  world.run({ kind: 'give-back-call', byUserId: 'user_boss', callId });

describe('a call whose disposition never came', () => {
  it('is listed with its agent and without an invented outcome', async () => {
    const callId = await aCallToCorrect();
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

  it('is recorded from the store when no process remembers it, and counts its call once', async () => {
    const callId = await aCallToCorrect();
    await world.ask(1, { kind: 'sign-out' });
    await world.restart(100);
    expect(world.engine.call(callId)).toBeUndefined();
    const told: (LogLine | undefined)[] = [];
    world.onPublished.push(({ facts }) => {
      told.push(...facts.map((fact) => presentLine(fact, world.engine)));
    });
    expect(await correct(callId, 'third-party')).toEqual({ ok: true });
    // The log names its telephone, and the call is forgotten again.
    expect(told.find((line) => line?.kind === 'disposition-recorded')?.phone).toMatch(/\d{4}$/);
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
    expect(world.onScreen().call.id).toBe(callId);
    expect(await correct(callId, 'dropped')).toMatchObject({ ok: false, code: 'not-now' });
    expect(await world.dispose(1, 'dropped')).toEqual({ ok: true });
    expect(world.activity()).toBe('available');
    expect(await listed()).toEqual([]);
  });
});
