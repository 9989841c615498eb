import { afterEach, describe, expect, it } from 'vitest';
import type { TypedEvidence } from '../../src/domain/negotiations/right-party.ts';
import type { DeskCallState, DeskState } from '../../src/engine/queries.ts';
import { PERSON_STAYS } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const WRONG: TypedEvidence = {
  by: 'answers',
  answers: { 'birth-day': '31/12', 'postal-code': '99999-999' },
};

async function talk(): Promise<void> {
  world = await World.begin({ debtors: 1, agents: 2, behaviour: () => PERSON_STAYS });
  await world.agentComes();
  await world.until('a talk', () => world.activity() === 'talking');
  await world.change({ state: 'paused' });
  await world.pass(2_500);
}

async function hangUp(): Promise<void> {
  world.network.debtorHangsUp(world.lastLeg());
  await world.until('the wrap-up', () => world.activity() === 'wrapping-up');
}

/** All that the screen is made of, but for what a lost and returned screen changes. */
function shown(n = 1): Pick<DeskState, 'today'> & { call: unknown; activity: unknown } {
  const { call, shift, today } = world.engine.desk(world.agentId(n));
  return { call: call && withoutHistory(call), activity: shift?.activity, today };
}

/** The file is read anew: of its history this call itself is part by then. */
function withoutHistory({ file, ...call }: DeskCallState): unknown {
  return { ...call, file: file && { debtor: file.debtor, contracts: file.contracts } };
}

const SITUATIONS: readonly (readonly [string, () => Promise<void>])[] = [
  ['in a talk', talk],
  [
    'in a talk after a wrong answer',
    async () => {
      await talk();
      await world.confirmsRightParty(1, WRONG);
    },
  ],
  [
    'in a talk that three wrong answers made a third party’s',
    async () => {
      await talk();
      for (const _try of [1, 2, 3]) await world.confirmsRightParty(1, WRONG);
    },
  ],
  [
    'in a talk with the right party',
    async () => {
      await talk();
      await world.confirmsRightParty();
    },
  ],
  [
    'in a talk with something typed',
    async () => {
      await talk();
      const form = {
        ...{ promiseValue: '150', confirmedValue: '', promiseDate: '5/1' },
        ...{ callbackDate: '', callbackHour: '' },
      };
      const draft = { revision: 3, code: 'promise', note: 'paga dia 5', form };
      const callId = world.onScreen().call.id;
      await world.ask(1, { kind: 'keep-draft', callId, draft });
    },
  ],
  [
    'in a talk that has its disposition',
    async () => {
      await talk();
      await world.confirmsRightParty();
      await world.dispose(1, 'refusal');
    },
  ],
  [
    'in a talk whose confirmation was withdrawn',
    async () => {
      await talk();
      await world.confirmsRightParty();
      await world.dispose(1, 'third-party', undefined, { withdrawsRightParty: true });
    },
  ],
  [
    'in the wrap-up',
    async () => {
      await talk();
      await hangUp();
    },
  ],
  [
    'in the wrap-up after the right party',
    async () => {
      await talk();
      await world.confirmsRightParty();
      await hangUp();
    },
  ],
  [
    'in the wrap-up of what was disposed',
    async () => {
      await talk();
      await world.confirmsRightParty();
      await hangUp();
      await world.dispose(1, 'refusal');
    },
  ],
];

describe('a debtor who hangs up while the server is away', () => {
  /** The newest thing stored is what the process is known to have lived until. */
  async function leavesWhileAway(awayMs: number, more?: () => void): Promise<void> {
    await talk();
    await world.kill();
    world.network.debtorHangsUp(world.lastLeg());
    more?.();
    await world.pass(awayMs);
    await world.startProcess();
    await world.screenReturns();
    await world.pass(100);
    expect(world.activity()).toBe('wrapping-up');
  }

  it('is told as a hang-up of theirs, and what they said may still be written down', async () => {
    await leavesWhileAway(4_000);
    const { call } = world.onScreen();
    expect(call.state).toMatchObject({ kind: 'ended', outcome: 'person', hungUpBy: 'debtor' });
    expect(await world.confirmsRightParty()).toEqual({ ok: true });
  });

  it('may be confirmed for half a minute from the earliest moment at which they can have left', async () => {
    await leavesWhileAway(10_000);
    const until = world.onScreen().rightParty;
    const stored = world.query<{ at: number }>('select at from fact order by sequence');
    const began = world.factsOf('server-started').at(-1)?.at ?? 0;
    const last = Math.max(...stored.filter(({ at }) => at < began).map(({ at }) => at));
    expect(until).toMatchObject({ may: true, until: last + 30_000 });
    await world.pass(last + 30_001 - world.clock.now());
    expect(await world.confirmsRightParty()).toMatchObject({ code: 'call-over' });
  });

  it('is a drop of the network where the PBX did not live on', async () => {
    await leavesWhileAway(4_000, () => world.network.restart());
    const { call } = world.onScreen();
    expect(call.state).toMatchObject({ kind: 'ended', hungUpBy: 'network' });
    expect(await world.confirmsRightParty()).toMatchObject({ code: 'call-over' });
  });
});

describe('a process that dies', () => {
  it.each(SITUATIONS)('%s finds the same screen again', async (_situation, lead) => {
    await lead();
    const before = shown();
    expect(before.call).toBeDefined();
    await world.kill();
    await world.startProcess();
    await world.screenReturns();
    await world.pass(100);
    const after = shown();
    expect(after).toEqual(before);
    expect(world.onScreen().connectedAt).toBeDefined();
    expect(world.onScreen().file?.debtor.name).toBe('Devedor 1');
  });

  it('gives the agent who took the call over the clock of the own talk', async () => {
    await talk();
    await world.agentComes(2);
    await world.ask(1, { kind: 'headset-lost' });
    await world.until(
      'another agent has the person',
      () => world.activity(2) === 'talking',
      60_000,
    );
    await world.pass(3_000);
    const { connectedAt, call } = world.onScreen(2);
    expect(connectedAt).toBeGreaterThan(call.connectedAt ?? 0);
    await world.kill();
    await world.startProcess();
    expect(world.onScreen(2).connectedAt).toBe(connectedAt);
    world.network.debtorHangsUp(world.lastLeg());
    await world.until('the wrap-up', () => world.activity(2) === 'wrapping-up');
    await world.kill();
    await world.startProcess();
    expect(world.onScreen(2).connectedAt).toBe(connectedAt);
  });

  it('counts a talk that it did not see the beginning of', async () => {
    await talk();
    await world.kill();
    await world.startProcess();
    await world.screenReturns();
    await world.pass(1_000);
    await hangUp();
    expect(world.engine.desk(world.agentId()).today.talkMs).toBeGreaterThan(3_400);
  });

  it('leaves no fourth try to anyone who had three', async () => {
    await talk();
    for (const _try of [1, 2]) await world.confirmsRightParty(1, WRONG);
    await world.restart();
    await world.screenReturns();
    expect(await world.confirmsRightParty(1, WRONG)).toMatchObject({ code: 'third-party-call' });
    await world.restart();
    await world.screenReturns();
    expect(await world.confirmsRightParty()).toMatchObject({ code: 'third-party-call' });
    expect(world.factsOf('right-party-asked')).toHaveLength(3);
  });
});
