import { afterEach, describe, expect, it } from 'vitest';
import type { TypedEvidence } from '../../src/domain/negotiations/right-party.ts';
import { present } from '../../src/lib/assert.ts';
import type { CallId } from '../../src/lib/ids.ts';
import { HOUR_MS, SECOND_MS } from '../../src/lib/time.ts';
import { PERSON_STAYS, personWho, VOICEMAIL } from '../../src/simulator/behaviours.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import { saidBy } from '../../src/simulator/said-by.ts';
import { World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const WRONG: TypedEvidence = {
  by: 'answers',
  answers: { 'birth-day': '31/12', 'postal-code': '99999-999' },
};

const MACHINE: Behaviour = { ...VOICEMAIL, screened: { verdict: 'machine', afterMs: 2_300 } };

/** One debtor, in a talk with agent 1; their CPF is not known, their birthday and CEP are. */
async function aTalk(options: WorldOptions = {}): Promise<CallId> {
  world = await World.begin({
    debtors: 1,
    limits: { tickMs: 60_000 },
    behaviour: () => PERSON_STAYS,
    ...options,
  });
  await world.agentComes();
  await world.until('a talk', () => world.activity() === 'talking');
  return world.onScreen().call.id;
}

/** What the person of the call on the screen really says. */
function said(): TypedEvidence {
  return saidBy(present(world.onScreen().file, 'the call has its file').debtor);
}

function asked(): unknown[] {
  return world.factsOf('right-party-asked').map(({ body: { kind: _kind, ...rest } }) => rest);
}

function contacts(): unknown[] {
  return world.query('select evidence, withdrawn_because from right_party_contact');
}

describe('the right party', () => {
  it('is confirmed by what the person says, and what was said is stored nowhere', async () => {
    await aTalk();
    expect(world.onScreen().rightParty).toMatchObject({
      may: true,
      party: 'person',
      items: ['birth-day', 'postal-code'],
      missing: ['document'],
      needed: 2,
      misses: 0,
    });
    const { birthDate = '', addresses } = world.onScreen().file?.debtor ?? { addresses: [] };
    expect(await world.confirmsRightParty(1, WRONG)).toMatchObject({
      ok: false,
      code: 'evidence-wrong',
    });
    expect(await world.confirmsRightParty()).toEqual({ ok: true });
    const items = ['birth-day', 'postal-code'];
    expect(asked()).toEqual([
      { items, result: 'wrong', attempt: 1 },
      { items, result: 'right', attempt: 2 },
    ]);
    expect(world.factsOf('right-party-confirmed')[0]?.body.by).toBe('answers');
    expect(contacts()).toEqual([
      { evidence: JSON.stringify({ by: 'answers', items }), withdrawn_because: null },
    ]);
    const facts = JSON.stringify(world.query('select body from fact'));
    for (const said of ['31/12', '99999', birthDate.slice(5), addresses[0]?.postalCode]) {
      expect(facts).not.toContain(said);
    }
  });

  it('answered wrongly three times is a third party: no fourth try, no debt, no right-party disposition', async () => {
    const callId = await aTalk();
    for (const code of ['evidence-wrong', 'evidence-wrong', 'third-party-call']) {
      expect(await world.confirmsRightParty(1, WRONG)).toMatchObject({ ok: false, code });
    }
    expect(await world.confirmsRightParty()).toMatchObject({ code: 'third-party-call' });
    expect(world.onScreen().rightParty).toMatchObject({ may: false, reason: 'third-party-call' });
    expect(asked()).toHaveLength(3);
    expect(world.factsOf('third-party-presumed')).toHaveLength(1);
    expect(world.factsOf('third-party-presumed')[0]).toMatchObject({ callId });
    expect(contacts()).toEqual([]);
    expect(await world.dispose(1, 'refusal')).toMatchObject({ code: 'right-party-needed' });
    expect(await world.dispose(1, 'third-party')).toEqual({ ok: true });
  });

  it('is confirmed by a known voice where the campaign allows it, which a supervisor may change', async () => {
    await aTalk();
    const typed = {
      by: 'known-voice',
      reason: ' É ela: falei com ela ontem e anteontem. ',
    } as const;
    expect(await world.confirmsRightParty(1, typed)).toMatchObject({
      code: 'known-voice-not-allowed',
    });
    expect(await world.change({ knownVoiceAllowed: true })).toEqual({ ok: true });
    expect(world.onScreen().rightParty?.knownVoiceAllowed).toBe(true);
    expect(await world.confirmsRightParty(1, { ...typed, reason: 'conheço' })).toMatchObject({
      code: 'reason-too-short',
    });
    expect(await world.confirmsRightParty(1, typed)).toEqual({ ok: true });
    const evidence = { by: 'known-voice', items: [], reason: typed.reason.trim() };
    expect(contacts()).toEqual([{ evidence: JSON.stringify(evidence), withdrawn_because: null }]);
    expect(world.query('select change, from_value, to_value from audit')).toContainEqual({
      change: 'knownVoiceAllowed',
      from_value: 'no',
      to_value: 'yes',
    });
  });
});

describe('the right party is not confirmed', () => {
  it('when the dialer ended the call as a voicemail', async () => {
    const callId = await aTalk({
      behaviour: () => MACHINE,
      campaign: { amd: 'parallel', amdSampleShare: 0 },
    });
    const evidence = said();
    await world.until('it is taken back', () => world.callState() !== 'talking');
    expect(await world.ask(1, { kind: 'confirm-right-party', callId, evidence })).toMatchObject({
      ok: false,
      code: 'answered-by-machine',
    });
    expect(contacts()).toEqual([]);
  });

  it.each([
    ['third-party', 'already-disposed'],
    ['machine', 'answered-by-machine'],
  ])('after %s was recorded', async (code, refusal) => {
    const callId = await aTalk();
    const evidence = said();
    expect(await world.dispose(1, code)).toEqual({ ok: true });
    expect(await world.ask(1, { kind: 'confirm-right-party', callId, evidence })).toMatchObject({
      ok: false,
      code: refusal,
    });
    expect(contacts()).toEqual([]);
    expect(asked()).toEqual([]);
  });

  it('more than thirty seconds after the debtor hung up, though the wrap-up goes on', async () => {
    await aTalk({ campaign: { wrapUpMs: 60 * SECOND_MS } });
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(29_900);
    expect(world.onScreen().rightParty).toMatchObject({ may: true });
    expect(await world.confirmsRightParty(1, WRONG)).toMatchObject({ code: 'evidence-wrong' });
    await world.pass(200);
    expect(await world.confirmsRightParty()).toMatchObject({ code: 'call-over' });
    expect(contacts()).toEqual([]);
  });

  it('in the wrap-up of a call that the agent ended', async () => {
    const callId = await aTalk();
    await world.ask(1, { kind: 'hang-up', callId });
    await world.until('it is over', () => world.activity() === 'wrapping-up');
    expect(await world.confirmsRightParty()).toMatchObject({ code: 'call-over' });
  });

  it('in a pause and while free, when no card is open any more', async () => {
    const callId = await aTalk();
    const evidence = said();
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(100);
    await world.ask(1, { kind: 'pause', reason: 'restroom' });
    await world.dispose(1, 'third-party');
    await world.until('the pause', () => world.activity() === 'paused');
    for (const activity of ['paused', 'available']) {
      expect(world.activity()).toBe(activity);
      expect(world.engine.desk(world.agentId()).call).toBeUndefined();
      expect(await world.ask(1, { kind: 'confirm-right-party', callId, evidence })).toMatchObject({
        code: 'not-your-call',
      });
      await world.ask(1, { kind: 'go-available' });
    }
  });
});

describe('the card', () => {
  it('closes when the time of the wrap-up is over, whatever is still to be recorded', async () => {
    await aTalk();
    await world.confirmsRightParty();
    world.network.debtorHangsUp(world.lastLeg());
    await world.until('the wrap-up is over', () => world.activity() === 'undisposed');
    const { file, isCardOpen, rightParty } = world.onScreen();
    expect({ file, isCardOpen, rightParty }).toEqual({
      file: undefined,
      isCardOpen: false,
      rightParty: undefined,
    });
  });

  it('of a call that was taken back as a machine’s holds no debtor, only that something may be said', async () => {
    await aTalk({ behaviour: () => MACHINE, campaign: { amd: 'parallel', amdSampleShare: 0 } });
    await world.until('free again', () => world.activity() === 'available');
    expect(world.onScreen()).toMatchObject({ isCardOpen: false });
    expect(world.onScreen().file).toBeUndefined();
  });
});

describe('a disposition that says it was somebody else', () => {
  it.each(['third-party', 'wrong-number', 'deceased', 'machine'])(
    'asks whether the confirmation was wrong, and withdraws it with all that followed (%s)',
    async (code) => {
      await aTalk();
      await world.confirmsRightParty();
      expect(world.board().today.rightParty).toBe(1);
      expect(await world.dispose(1, code)).toMatchObject({
        ok: false,
        code: 'right-party-confirmed',
      });
      expect(world.onScreen()).toMatchObject({ rightPartyConfirmed: true });
      const answer = await world.dispose(1, code, undefined, { withdrawsRightParty: true });
      expect(answer).toEqual({ ok: true });
      expect(world.factsOf('right-party-withdrawn')[0]?.body.because).toBe(code);
      expect(contacts()).toMatchObject([{ withdrawn_because: code }]);
      const [row] = await world.storage.store.read((view) => view.auditEntries(1));
      expect(row).toMatchObject({ byUserId: world.agentId(), subject: 'call', to: code });
      expect(row?.change).toBe('right-party-withdrawn');
      expect(world.board().today.rightParty).toBe(0);
      expect(world.engine.desk(world.agentId()).today.rightParty).toBe(0);
      if (code !== 'machine') expect(world.onScreen().rightPartyConfirmed).toBe(false);
      await world.restart();
      expect(world.board().today.rightParty).toBe(0);
    },
  );

  it('leaves the debtor no day of peace that a mistake brought', async () => {
    await aTalk({ behaviour: () => personWho(4_000, 20_000) });
    await world.confirmsRightParty();
    await world.dispose(1, 'third-party', undefined, { withdrawsRightParty: true });
    await world.until('the talk is over', () => world.activity() !== 'talking', 60_000);
    await world.pass(5 * HOUR_MS);
    // A message with a third party rests for four hours, and a right-party contact until tomorrow.
    expect(world.network.dialed.length).toBeGreaterThan(1);
  });

  it('is no contradiction when the line dropped after the confirmation', async () => {
    await aTalk();
    await world.confirmsRightParty();
    expect(await world.dispose(1, 'dropped')).toEqual({ ok: true });
    expect(contacts()).toMatchObject([{ withdrawn_because: null }]);
  });
});
