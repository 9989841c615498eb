import { afterEach, describe, expect, it } from 'vitest';
import type { TypedDraft } from '../../src/domain/negotiations/negotiation.ts';
import type { CommandResult } from '../../src/engine/commands.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import type { CallId } from '../../src/lib/ids.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const FORM = {
  ...{ promiseValue: '150', confirmedValue: '', promiseDate: '5/1' },
  ...{ callbackDate: '', callbackHour: '' },
};

function types(
  revision: number,
  note: string,
  { n = 1, callId = world.onScreen(n).call.id, ...more }: Typing = {},
): Promise<CommandResult> {
  const draft: TypedDraft = { revision, note, form: FORM, ...more };
  return world.ask(n, { kind: 'keep-draft', callId, draft });
}

type Typing = { readonly n?: number; readonly callId?: CallId; readonly code?: string };

const draftOf = (n = 1) => world.engine.desk(world.agentId(n)).call?.draft;
const storedCount = () => world.query('select call_id from negotiation_draft').length;

/** The debtor hangs up, and the agent lets wrap-up and wait run out. */
async function letItWait(): Promise<void> {
  world.network.debtorHangsUp(world.lastLeg());
  await world.pass(30_100 + 120_000);
  expect(world.activity()).toBe('paused');
}

describe('what an agent has typed', () => {
  it('is on the screen of the next process, as it was typed last', async () => {
    world = await World.inATalk();
    await types(1, 'quer parce');
    await types(2, 'quer parcelar', { code: 'promise' });
    await world.kill();
    await world.startProcess();
    await world.screenReturns();
    expect(draftOf()).toMatchObject({
      ...{ revision: 2, code: 'promise', note: 'quer parcelar', form: FORM },
    });
    expect(await types(3, 'quer parcelar em 3')).toEqual({ ok: true });
    expect(draftOf()?.note).toBe('quer parcelar em 3');
  });

  it('is on the screen of a second tab, and a late message of the first changes nothing', async () => {
    world = await World.inATalk();
    await types(4, 'da primeira aba');
    await world.agentSignsIn(1, 'page-two');
    expect(draftOf()?.note).toBe('da primeira aba');
    await types(5, 'da segunda aba');
    expect(await types(5, 'atrasada')).toMatchObject({ ok: false, code: 'draft-stale' });
    expect(draftOf()?.note).toBe('da segunda aba');
  });

  it('is no fact, and stands nowhere in clear', async () => {
    world = await World.inATalk();
    const before = world.facts.length;
    await types(1, 'desempregada');
    expect(world.facts.length).toBe(before);
    const rows = world.query('select * from negotiation_draft');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/desempregada|150|5\/1/);
  });

  it('costs a call without anything typed not one write', async () => {
    const changes = new Set<string>();
    world = await World.inATalk();
    world.beforeCommit = async (commit) => {
      for (const { kind } of commit.changes) changes.add(kind);
    };
    await world.confirmsRightParty();
    await world.dispose(1, 'refusal');
    expect(changes).toContain('insert-disposition');
    expect([...changes].filter((kind) => kind.includes('draft'))).toEqual([]);
  });

  it('goes in the commit of the disposition', async () => {
    world = await World.inATalk();
    await types(1, 'recado com a mãe');
    expect(storedCount()).toBe(1);
    expect(await world.dispose()).toEqual({ ok: true });
    expect(storedCount()).toBe(0);
    expect(draftOf()).toBeUndefined();
    expect(await types(2, 'mais uma coisa')).toMatchObject({ ok: false, code: 'not-now' });
    await world.kill();
    await world.startProcess();
    expect(storedCount()).toBe(0);
  });

  it('is taken of the call on their own screen only', async () => {
    world = await World.inATalk(2);
    const callId = world.onScreen().call.id;
    await world.agentSignsIn(2);
    expect(await types(1, 'alheia', { n: 2, callId })).toMatchObject({
      ok: false,
      code: 'not-your-call',
    });
    expect(await types(1, 'nenhuma', { callId: 'call_9' })).toMatchObject({
      code: 'not-your-call',
    });
    expect(storedCount()).toBe(0);
  });

  it('never reaches the agent who takes the person over', async () => {
    world = await World.inATalk(2);
    await world.agentComes(2);
    await types(7, 'só minha');
    world.network.browserHangsUp(world.headsetOf(1));
    await world.pass(20_100);
    expect(world.activity(2)).toBe('talking');
    expect(draftOf(2)).toBeUndefined();
    expect(storedCount()).toBe(0);
    expect(await types(1, 'da segunda agente', { n: 2 })).toEqual({ ok: true });
    expect(draftOf(2)?.note).toBe('da segunda agente');
  });
});

describe('a draft whose disposition never came', () => {
  const listed = () => world.storage.store.read((view) => view.undisposedCalls(10));

  it('is where a supervisor begins, and goes with the correction', async () => {
    world = await World.inATalk();
    const callId = world.onScreen().call.id;
    await types(1, 'pediu prazo', { code: 'third-party' });
    await letItWait();
    expect(await listed()).toMatchObject([
      { callId, draft: { code: 'third-party', note: 'pediu prazo' } },
    ]);
    expect(await types(2, 'pediu prazo até sexta')).toEqual({ ok: true });
    const corrected = await world.run({
      ...{ kind: 'correct-disposition', scope: HOUSE, byUserId: 'user_boss' },
      ...{ callId, code: 'third-party', note: 'pediu prazo até sexta' },
    });
    expect(corrected).toEqual({ ok: true });
    expect(storedCount()).toBe(0);
  });

  it('goes with a correction that finds the call in the store only', async () => {
    world = await World.inATalk();
    const callId = world.onScreen().call.id;
    await types(1, 'pediu prazo');
    await letItWait();
    await world.ask(1, { kind: 'sign-out' });
    await world.kill();
    await world.startProcess();
    expect(storedCount()).toBe(1);
    const corrected = await world.run({
      ...{ kind: 'correct-disposition', scope: HOUSE, byUserId: 'user_boss' },
      ...{ callId, code: 'dropped' },
    });
    expect(corrected).toEqual({ ok: true });
    expect(storedCount()).toBe(0);
  });

  it('goes when the campaign asks for none', async () => {
    world = await World.inATalk(1, { campaign: { dispositionRequired: false } });
    const { id: callId } = world.onScreen().call;
    await types(1, 'rascunho');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(31_000);
    expect(world.factsOf('disposition-missing')).toHaveLength(1);
    expect(storedCount()).toBe(0);
    expect(await types(2, 'tarde', { callId })).toMatchObject({ code: 'not-your-call' });
  });
});
