import { afterEach, describe, expect, it } from 'vitest';
import type { Call, CallState } from '../../src/domain/calls/call.ts';
import { DEFAULT_RETRY_RULES } from '../../src/domain/leads/next-attempt.ts';
import type { CallId } from '../../src/lib/ids.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import { PERSON_STAYS, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import { World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

/** A world with one call, which is in the given state; agent 1 is its agent where it has one. */
async function aCallThatIs(state: CallState['kind'], options: WorldOptions = {}): Promise<CallId> {
  const behaviour: Behaviour =
    state === 'placing' || state === 'ringing'
      ? { ringsAfterMs: 500, answersAfterMs: 9_000 }
      : PERSON_STAYS;
  world = await World.begin({ debtors: 1, behaviour: () => behaviour, ...options });
  await world.agentComes();
  await world.until('the call is placed', () => world.factsOf('call-placed').length === 1);
  await world.change({ state: 'paused' });
  const [placed] = world.factsOf('call-placed');
  const callId = placed?.callId ?? 'call_none';
  if (state === 'waiting' || state === 'announcing') await world.ask(1, { kind: 'screen-lost' });
  if (state === 'stranded') {
    await untilCallIs(callId, 'talking');
    await world.ask(1, { kind: 'headset-lost' });
  }
  await untilCallIs(callId, state);
  return callId;
}

async function untilCallIs(callId: CallId, state: CallState['kind']): Promise<void> {
  for (let step = 0; step < 20_000; step += 1) {
    if (world.engine.call(callId)?.state.kind === state) return;
    await world.pass(1);
  }
  throw new Error(`the call is never ${state}`);
}

type AttemptRow = {
  readonly outcome: string | null;
  readonly ended_at: number | null;
  readonly counts: number;
  readonly abandoned: number;
};

function attempts(): AttemptRow[] {
  return world.query<AttemptRow>('select outcome, ended_at, counts, abandoned from attempt');
}

async function stored(callId: CallId): Promise<Call | undefined> {
  return world.storage.store.read((view) => view.call(callId));
}

function endings(callId: CallId): number {
  return world.factsOf('call-ended').filter((fact) => fact.callId === callId).length;
}

/** What must be so whatever happened: dialed once, ended once, settled, and the lead has a next step. */
async function expectAllSettled(callId: CallId): Promise<void> {
  expect(world.network.dialed).toHaveLength(1);
  expect(endings(callId)).toBe(1);
  expect(await world.liveCalls()).toEqual([]);
  expect(attempts()).toHaveLength(1);
  expect(attempts()[0]?.ended_at).not.toBeNull();
  const [lead] = world.query<{ state: string }>('select state from lead');
  expect(['waiting', 'finished', 'suppressed']).toContain(lead?.state);
}

/** The agent's browser comes back; its audio never left the PBX. */
async function backToWork(): Promise<void> {
  await world.screenReturns();
  await world.pass(100);
}

const LIVING = [
  'placing',
  'ringing',
  'waiting',
  'connecting',
  'talking',
  'stranded',
  'announcing',
] as const;

describe('a process that dies while a call is', () => {
  it.each(LIVING)('%s finds it alive again and follows it to its one end', async (state) => {
    const callId = await aCallThatIs(state);
    await world.restart(200);
    await backToWork();
    await world.pass(12_000);
    const leg = world.lastLeg();
    if (world.network.legs.has(leg)) world.network.debtorHangsUp(leg);
    await world.pass(100);
    if (world.activity() === 'wrapping-up') await world.dispose(1, 'third-party');
    await world.pass(2 * MINUTE_MS);
    await expectAllSettled(callId);
  });

  it.each(LIVING)('%s settles it when the person has gone meanwhile', async (state) => {
    const callId = await aCallThatIs(state);
    await world.kill();
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(3_000);
    await world.startProcess();
    await backToWork();
    await world.pass(100);
    if (world.activity() === 'wrapping-up') await world.dispose(1, 'third-party');
    await world.pass(2 * MINUTE_MS);
    await expectAllSettled(callId);
    expect(attempts()[0]?.counts).toBe(1);
  });

  it.each(LIVING)('%s settles it when the PBX died with it', async (state) => {
    const callId = await aCallThatIs(state);
    await world.kill();
    world.network.restart();
    await world.pass(3_000);
    await world.startProcess();
    await backToWork();
    await world.pass(100);
    if (world.activity() === 'wrapping-up') await world.dispose(1, 'third-party');
    await world.pass(2 * MINUTE_MS);
    await expectAllSettled(callId);
  });

  it.each(LIVING)('%s and is never back has lost nothing that was committed', async (state) => {
    const callId = await aCallThatIs(state);
    const before = world.engine.call(callId);
    await world.kill();
    await world.startProcess();
    const after = await stored(callId);
    expect(after).toMatchObject({ id: callId, legId: before?.legId, placedAt: before?.placedAt });
    expect(after?.version).toBeGreaterThanOrEqual(before?.version ?? 0);
  });
});

describe('a person who answers while no process runs', () => {
  it.each([2_000, 20_000, 60_000])(
    'is told that nobody can speak with them and counts as abandoned, unattended (away %i ms)',
    async (extraMs) => {
      const callId = await aCallThatIs('ringing');
      const toAnswerMs = 9_000;
      await world.restart(toAnswerMs + extraMs);
      await world.pass(100);
      expect(world.askedOf().at(-1)).toBe('announce abandonment');
      expect(world.factsOf('call-abandoned').map(({ body }) => body.because)).toEqual([
        'unattended',
      ]);
      await world.pass(10_000);
      await expectAllSettled(callId);
      expect(attempts()[0]).toMatchObject({ outcome: 'person', counts: 1, abandoned: 1 });
      expect(world.board().abandonment).toMatchObject({ abandoned: 1, answers: 1 });
    },
  );

  it('and hangs up again leaves an attempt that is lost, counts and waits its two hours', async () => {
    const callId = await aCallThatIs('ringing');
    await world.kill();
    await world.pass(10_000);
    world.network.debtorHangsUp(world.lastLeg());
    await world.startProcess();
    await world.pass(1_000);
    await expectAllSettled(callId);
    expect(attempts()[0]).toMatchObject({ outcome: 'lost', counts: 1 });
    const planned = world.factsOf('lead-planned').at(-1);
    expect(planned?.body.because).toBe('lost');
    expect((planned?.body.notBeforeAt ?? 0) - (planned?.at ?? 0)).toBe(2 * HOUR_MS);
  });
});

describe('an agent’s screen after a restart', () => {
  it('comes back to the talk, with the debtor’s file and what was confirmed', async () => {
    const callId = await aCallThatIs('talking');
    await world.confirmsRightParty();
    await world.restart(300);
    await backToWork();
    expect(world.activity()).toBe('talking');
    expect(world.onScreen()).toMatchObject({
      rightPartyConfirmed: true,
      call: { id: callId, state: { kind: 'talking' } },
    });
    expect(world.onScreen().file?.debtor.name).toBe('Devedor 1');
    expect(world.askedOf()).toEqual(['bridge']);
    expect(await world.dispose(1, 'refusal')).toEqual({ ok: true });
  });

  it('comes back to the wrap-up, whose time has gone on', async () => {
    const callId = await aCallThatIs('talking');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    expect(world.activity()).toBe('wrapping-up');
    await world.pass(10_000);
    await world.restart(5_000);
    await backToWork();
    expect(world.activity()).toBe('wrapping-up');
    expect(world.onScreen().call.id).toBe(callId);
    expect(await world.dispose(1, 'third-party')).toEqual({ ok: true });
    await world.pass(200);
    expect(world.activity()).toBe('available');
  });

  it('waits for the missing disposition as long as before when the wrap-up ran out meanwhile', async () => {
    await aCallThatIs('talking');
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await world.restart(40_000);
    await backToWork();
    expect(world.activity()).toBe('undisposed');
    await world.restart(100_000);
    await backToWork();
    expect(world.activity()).toBe('undisposed');
    await world.pass(21_000);
    expect(world.activity()).toBe('paused');
    expect(world.factsOf('disposition-missing')).toHaveLength(1);
    const [lead] = world.query<{ state: string }>('select state from lead');
    expect(lead?.state).toBe('waiting');
  });

  it('counts the talk once for the lead’s next step', async () => {
    const byOutcome = {
      ...DEFAULT_RETRY_RULES.byOutcome,
      person: { afterMs: HOUR_MS, samePhoneMax: 2, next: 'same-phone' as const },
    };
    await aCallThatIs('talking', {
      campaign: { retryRules: { ...DEFAULT_RETRY_RULES, byOutcome } },
    });
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await world.restart(40_000);
    await world.pass(121_000);
    expect(world.query('select state, attempts from lead')).toEqual([
      { state: 'waiting', attempts: 1 },
    ]);
  });

  it('does not let a call be disposed twice that was disposed while talking', async () => {
    await aCallThatIs('talking');
    await world.dispose(1, 'third-party');
    await world.restart(300);
    await backToWork();
    expect(await world.dispose(1, 'wrong-number')).toMatchObject({ ok: false, code: 'not-now' });
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(15_100);
    expect(world.activity()).toBe('available');
    expect(world.query('select code from disposition')).toEqual([{ code: 'third-party' }]);
  });

  it('that does not come back within ten seconds strands the talk', async () => {
    await aCallThatIs('talking');
    await world.restart(300);
    await world.pass(9_500);
    expect(world.askedOf()).toEqual(['bridge']);
    await world.pass(600);
    expect(world.askedOf()).toEqual(['bridge', 'hold']);
    await backToWork();
    expect(world.callState()).toBe('talking');
  });

  it('keeps a pause, and what was asked for', async () => {
    await aCallThatIs('talking');
    await world.ask(1, { kind: 'pause', reason: 'rest' });
    await world.restart(300);
    await backToWork();
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    await world.dispose(1, 'third-party');
    await world.pass(15_100);
    expect(world.activity()).toBe('paused');
  });

  it('gets no calls before it is back, and then does', async () => {
    world = await World.begin({ behaviour: () => RINGS_FOREVER });
    await world.agentComes();
    await world.change({ state: 'paused' });
    await world.restart(300);
    await world.change({ state: 'running' });
    await world.pass(5_000);
    const before = world.network.dialed.length;
    expect(world.because()).toBe('no-agents');
    await backToWork();
    await world.pass(1_000);
    expect(world.network.dialed.length).toBe(before + 1);
  });

  it('of an agent whose audio went away meanwhile shows them as not ready', async () => {
    world = await World.begin({ debtors: 0 });
    const headsetId = await world.agentComes();
    await world.kill();
    world.network.browserHangsUp(headsetId);
    await world.pass(100);
    await world.startProcess();
    await backToWork();
    expect(world.engine.desk(world.agentId()).shift?.headset.pinned).toBe(false);
    world.network.browserCallsIn(headsetId);
    await world.pass(20);
    expect(world.engine.desk(world.agentId()).shift?.headset.pinned).toBe(true);
    expect(world.board().agents.free).toBe(1);
  });
});

describe('counts after a restart', () => {
  it('are what they were', async () => {
    world = await World.begin({
      agents: 3,
      debtors: 60,
      campaign: { pacing: { mode: 'ratio', ratio: 3, linesMax: 50 } },
      behaviour: ({ phone }) =>
        Number(phone.at(-1)) % 2 === 0 ? personWho(3_000, 4_000) : { fails: BUSY_SOON },
    });
    for (let n = 1; n <= 3; n += 1) await world.agentComes(n);
    for (let step = 0; step < 60; step += 1) {
      await world.pass(1_000);
      for (let n = 1; n <= 3; n += 1) {
        if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'dropped');
      }
    }
    await world.change({ state: 'paused' });
    await world.pass(2 * MINUTE_MS);
    const before = world.board();
    const totals = world.engine.desk(world.agentId()).today;
    await world.restart(100);
    expect(before.today.answered).toBeGreaterThan(5);
    expect(world.board().today).toEqual(before.today);
    expect(world.board().leads).toEqual(before.leads);
    expect(world.engine.desk(world.agentId()).today).toEqual(totals);
  });

  const BUSY_SOON = { afterMs: 900, cause: 17, techCause: 486 };
});

describe('a disposition that was missing before the process died', () => {
  it('is still on the screen of the next process, and can be recorded there', async () => {
    world = await World.begin();
    await world.agentComes();
    await world.pass(36_000);
    expect(world.activity()).toBe('wrapping-up');
    await world.pass(31_000 + 121_000);
    expect(world.activity()).toBe('paused');
    await world.kill();
    await world.startProcess();
    expect(world.engine.desk(world.agentId()).call?.dispositionMissing).toBe(true);
    expect(await world.dispose()).toEqual({ ok: true });
  });
});
