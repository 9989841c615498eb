import { afterEach, describe, expect, it } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { randomStream } from '../../src/lib/random.ts';
import { MINUTE_MS } from '../../src/lib/time.ts';
import { PERSON_STAYS, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import { MONDAY_10H } from '../../src/simulator/world.ts';
import { whole } from '../support/walks.ts';
import { World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const RATIO_3 = { pacing: { mode: 'ratio', ratio: 3, linesMax: 100 } } as const;

/** One agent, ratio 3; the n-th telephone dialed does what is said of it. */
async function aWorldWhere(
  behaviours: readonly Behaviour[],
  options: WorldOptions = {},
): Promise<void> {
  let dialed = 0;
  world = await World.begin({
    debtors: 12,
    campaign: RATIO_3,
    ...options,
    behaviour: () => {
      dialed += 1;
      return behaviours[dialed - 1] ?? RINGS_FOREVER;
    },
  });
}

describe('a person for whom nobody is free', () => {
  it('hears the message within the two seconds after the answer, and is then hung up', async () => {
    await aWorldWhere([personWho(3_000), personWho(4_000)]);
    await world.agentComes();
    await world.until('three are dialed', () => world.network.dialed.length === 3);
    const second = world.network.dialed[1]?.legId;
    await world.until('the second answers', () => world.factsOf('call-answered').length === 2);
    const answeredAt = world.factsOf('call-answered')[1]?.at ?? 0;
    await world.pass(answeredAt + 1_899 - world.clock.now());
    expect(world.askedOf(second)).toEqual([]);
    await world.pass(1);
    expect(world.askedOf(second)).toEqual(['announce abandonment']);
    await world.pass(4_000);
    expect(world.askedOf(second)).toEqual(['announce abandonment', 'hang-up after-announcement']);
    expect(world.activity()).toBe('talking');
  });

  it('is counted once, as abandoned at the limit', async () => {
    await aWorldWhere([personWho(3_000), personWho(4_000)]);
    await world.agentComes();
    await world.pass(20_000);
    expect(world.factsOf('call-abandoned').map(({ body }) => body)).toEqual([
      { kind: 'call-abandoned', because: 'limit', waitMs: 1_900 },
    ]);
    expect(world.factsOf('call-hung-up-waiting')).toEqual([]);
    const bank = { abandoned: 1, answers: 2, rateMax: 0.03 };
    expect(world.board().abandonment).toMatchObject(bank);
    expect(world.engine.health().abandonment).toMatchObject([
      { ...bank, campaignId: world.campaignId, state: 'empty' },
    ]);
    const rows = world.query<{ n: number }>(
      'select count(*) as n from attempt where abandoned = 1',
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('is given to an agent who becomes free within the two seconds', async () => {
    await aWorldWhere([personWho(3_000, 1_500), personWho(4_000)], {
      campaign: { ...RATIO_3, wrapUpMs: 0 },
    });
    await world.agentComes();
    await world.until('the first talk', () => world.activity() === 'talking');
    await world.dispose(1, 'dropped');
    await world.pass(2_600);
    expect(world.factsOf('call-abandoned')).toEqual([]);
  });

  it('who hangs up before the limit is counted apart', async () => {
    await aWorldWhere([personWho(3_000), personWho(4_000, 1_000)]);
    await world.agentComes();
    await world.pass(20_000);
    expect(world.factsOf('call-abandoned')).toEqual([]);
    expect(world.factsOf('call-hung-up-waiting').map(({ body }) => body.waitMs)).toEqual([1_000]);
    expect(world.board().today).toMatchObject({ abandoned: 0, hungUpWaiting: 1, answered: 2 });
    expect(world.askedOf(world.network.dialed[1]?.legId)).toEqual([]);
  });
});

describe('calling an abandoned person again', () => {
  it('happens once, a quarter of an hour later, only with an agent for them alone', async () => {
    await aWorldWhere([personWho(3_000, 10_000), personWho(3_500)], { agents: 2, debtors: 3 });
    await world.agentComes(1);
    await world.until('one is abandoned', () => world.factsOf('call-abandoned').length === 1);
    const abandoned = world.network.dialed[1];
    await world.until('they talked', () => world.activity() === 'wrapping-up');
    await world.dispose(1, 'third-party');
    await world.pass(16 * MINUTE_MS);
    const redials = world.network.dialed.filter(
      ({ debtorId }, index) => index > 2 && debtorId === abandoned?.debtorId,
    );
    expect(redials).toHaveLength(1);
    expect(redials[0]?.purpose).toBe('redial-after-abandonment');
    const [first, second] = world
      .factsOf('call-placed')
      .filter((fact) => fact.leadId === world.factsOf('call-abandoned')[0]?.leadId);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(15 * MINUTE_MS);
    await world.pass(60 * MINUTE_MS);
    expect(
      world.network.dialed.filter(({ debtorId }) => debtorId === abandoned?.debtorId),
    ).toHaveLength(2);
  });

  it('waits while no agent is free for them, though the ratio would dial more', async () => {
    await aWorldWhere([personWho(3_000, 10_000), personWho(3_500)], { debtors: 40 });
    await world.agentComes(1);
    await world.until('one is abandoned', () => world.factsOf('call-abandoned').length === 1);
    const abandoned = world.network.dialed[1]?.debtorId;
    await world.until('they talked', () => world.activity() === 'wrapping-up');
    await world.dispose(1, 'third-party');
    await world.pass(14 * MINUTE_MS);
    await answered(100);
    for (let step = 0; step < 1_500; step += 1) {
      await world.pass(200);
      const redial = world.network.dialed.slice(3).find((one) => one.debtorId === abandoned);
      if (!redial) continue;
      const { live } = world.board();
      expect(live.placing + live.ringing).toBe(1);
      return;
    }
    throw new Error('they were never called again');
  });

  it('keeps the agent for them, however many the ratio would have dialed instead', async () => {
    await aWorldWhere(
      [
        personWho(3_000, 10_000),
        personWho(3_500),
        RINGS_FOREVER,
        // The redial answers late, no matter who is dialed beside them early.
        personWho(10_000, 20_000),
        ...Array<Behaviour>(6).fill(personWho(3_000, 60_000)),
      ],
      { debtors: 30 },
    );
    await world.agentComes(1);
    await world.until('one is abandoned', () => world.factsOf('call-abandoned').length === 1);
    const abandoned = world.network.dialed[1]?.debtorId;
    await world.until('they talked', () => world.activity() === 'wrapping-up');
    await world.dispose(1, 'third-party');
    await world.change({ state: 'paused' });
    await world.pass(16 * MINUTE_MS);
    await answered(1_000);
    await world.change({ state: 'running' });
    await world.until('the redial is connected', () => {
      const last = world.factsOf('call-connected').at(-1);
      return last?.leadId === world.factsOf('call-abandoned')[0]?.leadId;
    });
    expect(world.network.dialed.filter((one) => one.debtorId === abandoned)).toHaveLength(2);
    expect(world.factsOf('call-abandoned')).toHaveLength(1);
  });

  it('that rings out leaves the agent who was kept for it to anyone who waits', async () => {
    world = await World.begin({
      agents: 2,
      debtors: 2,
      prepare: async ({ store, setUp }) => {
        const query = { campaignId: 'campaign_varejo', now: MONDAY_10H, limit: 9 } as const;
        const found = await store.read((view) =>
          view.dialableLeads({ ...query, exceptDebtors: [] }),
        );
        const lead = present(found[0], 'a lead may be dialed').lead;
        const lastAttemptAt = MONDAY_10H - 20 * MINUTE_MS;
        const abandoned = {
          lastOutcome: 'abandoned',
          lastAttemptAt,
          agentGuaranteed: true,
        } as const;
        await setUp((tx) => tx.saveLead({ ...lead, ...abandoned }));
      },
      campaign: { ringTimeoutMs: 25_000 },
      behaviour: ({ purpose }) =>
        purpose === 'redial-after-abandonment' ? RINGS_FOREVER : personWho(24_000),
    });
    await world.agentComes(1);
    await world.pass(300);
    expect(world.network.dialed.map(({ purpose }) => purpose)).toEqual([
      'redial-after-abandonment',
    ]);
    await world.agentComes(2);
    await world.pass(500);
    expect(world.network.dialed).toHaveLength(2);
    await world.ask(2, { kind: 'pause', reason: 'meal' });
    await world.until('they wait', () => world.board().live.waiting === 1);
    expect(world.activity(1)).toBe('available');
    await world.pass(1_700);
    expect(world.factsOf('call-ended').map(({ body }) => body.outcome)).toEqual(['no-answer']);
    expect(world.activity(1)).toBe('talking');
    expect(world.factsOf('call-abandoned')).toEqual([]);
  });

  it('comes first on the next day, as an ordinary call, when that day had no agent for them', async () => {
    await aWorldWhere([personWho(3_000, 10_000), personWho(3_500)], {
      debtors: 60,
      limits: { tickMs: 5_000 },
    });
    await world.agentComes(1);
    await world.until('one is abandoned', () => world.factsOf('call-abandoned').length === 1);
    const abandoned = world.network.dialed[1]?.debtorId;
    await world.until('they talked', () => world.activity() === 'wrapping-up');
    await world.dispose(1, 'third-party');
    await world.ask(1, { kind: 'pause', reason: 'meal' });
    await world.pass(Date.parse('2026-11-24T09:00:00-03:00') - world.clock.now());
    const before = world.network.dialed.length;
    await world.ask(1, { kind: 'go-available' });
    await world.pass(6_000);
    const [first, ...others] = world.network.dialed.slice(before);
    expect(first).toMatchObject({ debtorId: abandoned, purpose: 'campaign' });
    expect(others).toHaveLength(2);
  });

  /** So many answered calls of today in the database, and a process that counts them. */
  async function answered(count: number): Promise<void> {
    const calls = await world.storage.store.read((view) =>
      view.call(world.factsOf('call-connected')[0]?.callId ?? 'call_none'),
    );
    if (!calls) throw new Error('no call to copy');
    await world.storage.setUp(async (tx) => {
      for (let n = 0; n < count; n += 1) await tx.saveCall({ ...calls, id: `call_copy${n}` });
    });
    await world.restart(10);
    await world.screenReturns();
    await world.pass(100);
  }
});

describe('the bank of abandonment', () => {
  it('that is empty makes the ratio one to one', async () => {
    await aWorldWhere([personWho(3_000, 10_000), personWho(3_500)], { debtors: 40 });
    await world.agentComes(1);
    await world.until('they talked', () => world.activity() === 'wrapping-up');
    expect(world.board().abandonment).toMatchObject({ abandoned: 1, answers: 2 });
    await world.dispose(1, 'dropped');
    await world.pass(60_000);
    const { live } = world.board();
    expect(live.placing + live.ringing).toBe(1);
    await world.until('the next is placed', () => world.because() === 'abandonment-over-cap');
  });

  it('belongs to the day: the next one begins with the full ratio', async () => {
    await aWorldWhere([personWho(3_000, 10_000), personWho(3_500)], {
      debtors: 60,
      limits: { tickMs: 5_000 },
    });
    await world.agentComes(1);
    await world.until('they talked', () => world.activity() === 'wrapping-up');
    await world.dispose(1, 'dropped');
    await world.ask(1, { kind: 'pause', reason: 'meal' });
    await world.pass(Date.parse('2026-11-24T09:00:00-03:00') - world.clock.now());
    await world.ask(1, { kind: 'go-available' });
    await world.pass(10_000);
    const { live } = world.board();
    expect(live.placing + live.ringing).toBe(3);
  });
});

describe('a late connection', () => {
  it('counts as abandoned although an agent speaks with them', async () => {
    world = await World.begin({ agents: 1, behaviour: () => PERSON_STAYS });
    world.network.tamper = (signal, deliver) => {
      const lateMs = signal.kind === 'leg-bridged' ? 1_400 : 0;
      world.clock.at(world.clock.now() + lateMs, () => deliver(signal));
    };
    await world.agentComes();
    await world.pass(1_000);
    await world.ask(1, { kind: 'screen-lost' });
    await world.pass(5_500);
    await world.ask(1, { kind: 'screen-connected' });
    await world.pass(3_000);
    expect(world.factsOf('call-connected')).toHaveLength(1);
    expect(world.factsOf('call-abandoned').map(({ body }) => body.because)).toEqual(['late']);
    expect(world.activity()).toBe('talking');
  });
});

describe('the alarm of a bank', () => {
  it('is a fact with numerator and denominator, once, and the board says since when', async () => {
    await aWorldWhere([personWho(3_000), personWho(4_000), personWho(4_200)]);
    await world.agentComes();
    await world.until('two are abandoned', () => world.factsOf('call-abandoned').length === 2);
    const alarms = world.factsOf('abandonment-alarm');
    expect(alarms.map(({ body }) => body)).toMatchObject([{ abandoned: 1, answers: 3 }]);
    expect(alarms[0]?.campaignId).toBe(world.campaignId);
    expect(world.board().abandonment).toMatchObject({
      state: 'empty',
      since: alarms[0]?.at,
      worstHalfHour: { answers: 3, abandoned: 2 },
    });
  });

  it('ends with the day, and is told again on the next', async () => {
    await aWorldWhere([personWho(3_000), personWho(4_000)], { limits: { tickMs: 60_000 } });
    await world.agentComes();
    await world.until('one is abandoned', () => world.factsOf('call-abandoned').length === 1);
    await world.pass(Date.parse('2026-11-24T00:02:00-03:00') - world.clock.now());
    expect(world.board().abandonment).toMatchObject({ state: 'ok', abandoned: 0, answers: 0 });
    expect(world.factsOf('abandonment-recovered')).toHaveLength(1);
    expect(world.factsOf('abandonment-alarm')).toHaveLength(1);
  });
});

describe('after a restart', () => {
  const MIDNIGHT = Date.parse('2026-11-24T00:00:00-03:00');

  it.each([
    [1, 20],
    [2, 47],
    [3, 130],
    [4, 300],
  ])(
    'the bank is what it was, around midnight too (seed %i, killed after %i s)',
    async (seed, killedAfterS) => {
      const random = randomStream(seed, 'who answers');
      world = await World.begin({
        seed,
        start: MIDNIGHT - 2 * MINUTE_MS,
        agents: 2,
        debtors: 120,
        profileId: 'demonstration',
        campaign: RATIO_3,
        behaviour: () => {
          if (random() < 0.4) return RINGS_FOREVER;
          return personWho(whole(random, 8_000), random() < 0.3 ? 800 : whole(random, 20_000));
        },
      });
      await world.agentComes(1);
      await world.agentComes(2);
      for (let second = 0; second < killedAfterS; second += 1) {
        await world.pass(1_000);
        for (const n of [1, 2])
          if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'dropped');
      }
      await world.engine.settled();
      const { abandonment, today } = world.board();
      expect(abandonment.answers).toBeGreaterThan(0);
      await world.restart(1);
      const after = world.board();
      expect(after.abandonment).toEqual(abandonment);
      const { answered, connected, abandoned, hungUpWaiting } = today;
      expect(after.today).toMatchObject({ answered, connected, abandoned, hungUpWaiting });
    },
  );
});

describe("a campaign's message for the abandoned", () => {
  const OWN = { text: 'Olá. Ligaremos mais tarde. Obrigado.', soundFile: 'mensagem-a' };

  it('is played in place of ours from the change on, which the audit trail keeps', async () => {
    await aWorldWhere([personWho(3_000), personWho(4_000)]);
    expect(await world.change({ abandonmentMessage: OWN })).toEqual({ ok: true });
    await world.agentComes();
    await world.until('one is abandoned', () => world.factsOf('call-abandoned').length === 1);
    await world.pass(100);
    expect(world.askedOf(world.network.dialed[1]?.legId)).toEqual([
      'announce abandonment mensagem-a',
    ]);
    expect(world.factsOf('message-asked')).toMatchObject([
      { callId: world.factsOf('call-abandoned')[0]?.callId, body: { soundFile: 'mensagem-a' } },
    ]);
    await world.until('it is over', () => world.factsOf('call-ended').length === 1);
    expect(world.factsOf('message-replaced')).toEqual([]);
    const entries = await world.storage.store.read((view) => view.auditEntries(1));
    expect(entries).toMatchObject([
      { change: 'abandonmentMessage', to: 'Olá. Ligaremos mais tarde. Obrigado. [mensagem-a]' },
    ]);
    await world.restart();
    expect(world.board().campaign.abandonmentMessage).toEqual(OWN);
  });

  it('is replaced by ours where the PBX has no such recording, and the record says so', async () => {
    await aWorldWhere([personWho(3_000), personWho(4_000)]);
    await world.change({ abandonmentMessage: OWN });
    world.network.recordings = ['mensagem-b'];
    await world.agentComes();
    await world.until('one is abandoned', () => world.factsOf('call-abandoned').length === 1);
    await world.pass(100);
    const [abandoned] = world.factsOf('call-abandoned');
    expect(world.factsOf('message-replaced')).toMatchObject([{ callId: abandoned?.callId }]);
  });

  it('is told apart from ours, which is played where it has no recording', async () => {
    await aWorldWhere([personWho(3_000), personWho(4_000)]);
    await world.agentComes();
    await world.until('one is abandoned', () => world.factsOf('call-abandoned').length === 1);
    const [asked] = world.factsOf('message-asked');
    expect(asked?.body).toEqual({ kind: 'message-asked', message: 'abandonment' });
  });

  it('may not tell of a debt', async () => {
    await aWorldWhere([]);
    const refused = await world.change({
      abandonmentMessage: { text: 'Ligamos sobre sua DÍVIDA.' },
    });
    expect(refused).toMatchObject({ ok: false, code: 'form-invalid' });
    expect(refused).toMatchObject({ detail: { values: { word: 'DÍVIDA' } } });
    expect(world.factsOf('campaign-changed')).toEqual([]);
  });
});
