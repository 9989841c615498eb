import { afterEach, describe, expect, it } from 'vitest';
import { given } from '../../src/lib/given.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import {
  personWho,
  RINGS_FOREVER,
  SCREENING_AS_MEASURED,
  screenedAs,
} from '../../src/simulator/behaviours.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import { World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const VOICEMAIL = personWho(3_000, 12_000);
const machineIn = (afterMs: number): Behaviour => ({
  ...VOICEMAIL,
  screened: { verdict: 'machine', afterMs },
});
const personIn = (afterMs: number): Behaviour => ({
  ...personWho(3_000, 30_000),
  screened: { verdict: 'person', afterMs },
});

/** The n-th telephone dialed does what is said of it; one agent, who is at work. */
async function aWorldWhere(
  amd: 'before' | 'parallel',
  behaviours: readonly Behaviour[],
  { campaign, ...options }: WorldOptions = {},
): Promise<void> {
  let dialed = 0;
  world = await World.begin({
    debtors: 12,
    ...options,
    campaign: { amd, amdSampleShare: 0, ...campaign },
    behaviour: () => {
      dialed += 1;
      return behaviours[dialed - 1] ?? RINGS_FOREVER;
    },
  });
  await world.agentComes();
}

const attempts = () =>
  world.query<Record<string, unknown>>(
    `select outcome, abandoned, screen_verdict, screen_cause, screened_ms, screen_sampled
       from attempt where ended_at is not null order by placed_at`,
  );
const askedOfFirst = () => world.askedOf(world.network.dialed[0]?.legId);

describe('a machine, in mode parallel', () => {
  it('is connected at once and taken back, and the agent is free in the same moment', async () => {
    await aWorldWhere('parallel', [machineIn(2_300)]);
    await world.until('they talk', () => world.activity() === 'talking');
    const answeredAt = world.factsOf('call-answered')[0]?.at ?? 0;
    expect(world.clock.now() - answeredAt).toBeLessThan(100);
    await world.until('they are free', () => world.activity() === 'available');
    expect(world.clock.now() - answeredAt).toBeLessThan(2_400);
    expect(askedOfFirst()).toEqual(['screen', 'bridge', 'hang-up machine']);
    expect(world.factsOf('call-ended')[0]?.body).toMatchObject({
      outcome: 'machine',
      hungUpBy: 'us',
    });
    expect(world.factsOf('disposition-missing')).toEqual([]);
  });

  it('leaves nothing of what the agent had typed by then', async () => {
    await aWorldWhere('parallel', [machineIn(2_300)]);
    await world.until('they talk', () => world.activity() === 'talking');
    const form = {
      ...{ promiseValue: '', confirmedValue: '', promiseDate: '' },
      ...{ callbackDate: '', callbackHour: '' },
    };
    const callId = world.onScreen().call.id;
    const draft = { revision: 1, note: 'al', form };
    expect(await world.ask(1, { kind: 'keep-draft', callId, draft })).toEqual({ ok: true });
    await world.until('the agent is free', () => world.activity() === 'available');
    expect(world.query('select * from negotiation_draft')).toEqual([]);
  });

  it('is recorded with verdict, cause and milliseconds', async () => {
    await aWorldWhere('parallel', [machineIn(2_300)]);
    await world.until('it is over', () => world.factsOf('call-ended').length > 0);
    expect(attempts()[0]).toEqual({
      outcome: 'machine',
      abandoned: 0,
      screen_verdict: 'machine',
      screen_cause: 'SIMULATED-MACHINE',
      screened_ms: 2_300,
      screen_sampled: 0,
    });
    expect(world.factsOf('call-screened')[0]?.body).toMatchObject({
      verdict: 'machine',
      consequence: 'ended',
      inTime: false,
    });
  });

  it('is called again by the rule for machines', async () => {
    await aWorldWhere('parallel', [machineIn(2_300)]);
    await world.until('it is over', () => world.factsOf('call-ended').length > 0);
    const planned = world.factsOf('lead-planned')[0];
    expect(planned?.body).toMatchObject({ because: 'machine' });
    const waitsMs = (planned?.body.notBeforeAt ?? 0) - (planned?.at ?? 0);
    expect(waitsMs).toBe(4 * HOUR_MS);
  });

  it('for whom no agent was free is not abandoned, though it heard the message', async () => {
    await aWorldWhere('parallel', [personIn(1_400), machineIn(2_300)], {
      campaign: { pacing: { mode: 'ratio', ratio: 2, linesMax: 10 } },
    });
    await world.until('two answered', () => world.factsOf('call-answered').length === 2);
    const second = world.network.dialed[1]?.legId;
    await world.pass(2_250);
    expect(world.askedOf(second)).toEqual(['screen', 'announce abandonment']);
    expect(world.board().abandonment.abandoned).toBe(0);
    await world.pass(200);
    expect(world.askedOf(second)).toContain('hang-up machine');
    expect(world.factsOf('call-abandoned')).toEqual([]);
    expect(world.board().abandonment).toMatchObject({ abandoned: 0, answers: 1 });
  });

  it('that the agent took for the right person is not taken from them', async () => {
    await aWorldWhere('parallel', [machineIn(2_300)]);
    await world.until('they talk', () => world.activity() === 'talking');
    expect(await world.confirmsRightParty()).toEqual({ ok: true });
    await world.pass(4_000);
    expect(world.activity()).toBe('talking');
    expect(world.factsOf('call-screened')[0]?.body).toMatchObject({ consequence: 'none' });
  });

  it('whose verdict comes after six seconds of talk is not taken back', async () => {
    await aWorldWhere('parallel', [machineIn(6_100)]);
    await world.until('they talk', () => world.activity() === 'talking');
    await world.pass(7_000);
    expect(world.activity()).toBe('talking');
    expect(world.factsOf('call-screened')[0]?.body).toMatchObject({ consequence: 'none' });
  });
});

describe('a person, in mode parallel', () => {
  it.each(['person', 'unsure'] as const)('by the verdict %s stays connected', async (verdict) => {
    await aWorldWhere('parallel', [
      { ...personWho(3_000, 30_000), screened: { verdict, afterMs: 1_400 } },
    ]);
    await world.until('they talk', () => world.activity() === 'talking');
    await world.pass(5_000);
    expect(world.activity()).toBe('talking');
    expect(askedOfFirst()).toEqual(['screen', 'bridge']);
  });

  it('for whom nobody was free is abandoned once the verdict is in, and once', async () => {
    await aWorldWhere('parallel', [personIn(1_400), personIn(2_400)], {
      campaign: { pacing: { mode: 'ratio', ratio: 2, linesMax: 10 } },
    });
    await world.until('two answered', () => world.factsOf('call-answered').length === 2);
    await world.pass(2_350);
    expect(world.factsOf('call-abandoned')).toEqual([]);
    await world.pass(20_000);
    expect(world.factsOf('call-abandoned').map(({ body }) => body)).toEqual([
      { kind: 'call-abandoned', because: 'limit', waitMs: 1_900 },
    ]);
    expect(world.board().abandonment).toMatchObject({ abandoned: 1, answers: 2 });
  });
});

describe('mode before', () => {
  it('seeks an agent for a person when the verdict is there', async () => {
    await aWorldWhere('before', [personIn(1_200)]);
    await world.until('somebody answered', () => world.factsOf('call-answered').length > 0);
    const answeredAt = world.factsOf('call-answered')[0]?.at ?? 0;
    await world.pass(1_150);
    expect(world.activity()).toBe('available');
    await world.until('they talk', () => world.activity() === 'talking');
    expect(world.clock.now() - answeredAt).toBeLessThan(1_300);
  });

  it('takes anyone who is in doubt half a second before the limit for a person', async () => {
    await aWorldWhere('before', [personWho(3_000, 30_000)]);
    await world.until('they talk', () => world.activity() === 'talking');
    const answeredAt = world.factsOf('call-answered')[0]?.at ?? 0;
    const connectedAt = world.factsOf('call-connected')[0]?.at ?? 0;
    expect(connectedAt - answeredAt).toBeGreaterThanOrEqual(1_500);
    expect(connectedAt - answeredAt).toBeLessThan(1_600);
    expect(world.factsOf('call-abandoned')).toEqual([]);
  });

  it('keeps a machine from every agent', async () => {
    await aWorldWhere('before', [machineIn(1_200)]);
    await world.until('it is over', () => world.factsOf('call-ended').length > 0);
    expect(world.factsOf('call-connected')).toEqual([]);
    expect(world.factsOf('call-abandoned')).toEqual([]);
    expect(attempts()[0]).toMatchObject({ outcome: 'machine', abandoned: 0 });
    expect(world.board().abandonment).toMatchObject({ abandoned: 0, answers: 0 });
  });

  it('takes a machine that is found too late back, as the other mode does', async () => {
    await aWorldWhere('before', [machineIn(2_300)]);
    await world.until('they talk', () => world.activity() === 'talking');
    await world.until('they are free', () => world.activity() === 'available');
    expect(attempts()[0]).toMatchObject({ outcome: 'machine' });
  });

  it('goes on with a person whose verdict a restart swallowed', async () => {
    await aWorldWhere('before', [personIn(1_400)]);
    await world.until('somebody answered', () => world.factsOf('call-answered').length > 0);
    await world.restart(200);
    await world.pass(3_000);
    expect(world.factsOf('screening-over').map(({ body }) => body.because)).toEqual(['time-up']);
    // The agent's page has not come back so soon.
    expect(world.askedOf(world.network.dialed[0]?.legId)).toContain('announce abandonment');
  });
});

describe('a sampled machine', () => {
  it('is connected all the same, and what the agent says of it is kept beside the verdict', async () => {
    await aWorldWhere('parallel', [{ ...machineIn(2_300), hangsUpAfterMs: 20_000 }], {
      campaign: { amdSampleShare: 1 },
    });
    await world.until('they talk', () => world.activity() === 'talking');
    await world.pass(5_000);
    expect(world.activity()).toBe('talking');
    expect(world.factsOf('call-screened')[0]?.body).toMatchObject({ consequence: 'sampled' });
    await world.dispose(1, 'third-party');
    await world.pass(20_000);
    expect(attempts()[0]).toMatchObject({
      outcome: 'person',
      screen_verdict: 'machine',
      screen_sampled: 1,
    });
  });
});

describe("the agent's own word for a machine", () => {
  it('hangs up, counts as a machine, and gives the agent a few seconds', async () => {
    await aWorldWhere('parallel', [VOICEMAIL]);
    await world.until('they talk', () => world.activity() === 'talking');
    await world.dispose(1, 'machine');
    await world.pass(100);
    expect(askedOfFirst()).toContain('hang-up machine');
    expect(world.activity()).toBe('wrapping-up');
    await world.pass(5_100);
    expect(world.activity()).toBe('available');
    expect(attempts()[0]).toMatchObject({ outcome: 'machine' });
    expect(world.factsOf('lead-planned').at(-1)?.body).toMatchObject({ because: 'machine' });
  });

  it.each([
    ['in the wrap-up', false],
    ['in the wrap-up, after a restart', true],
  ])('said %s, when the line is gone, counts as much', async (_when, isRestarted) => {
    await aWorldWhere('parallel', [VOICEMAIL], { debtors: 1 });
    await world.until('it is over', () => world.activity() === 'wrapping-up');
    expect(world.board().abandonment.answers).toBe(1);
    if (isRestarted) {
      await world.restart(10);
      await world.screenReturns();
    }
    expect(await world.dispose(1, 'machine')).toEqual({ ok: true });
    await world.pass(1_000);
    const board = () => {
      const { abandonment, today } = world.board();
      return { answers: abandonment.answers, answered: today.answered };
    };
    expect(board()).toEqual({ answers: 0, answered: 0 });
    expect(attempts()[0]).toMatchObject({ outcome: 'machine', abandoned: 0 });
    expect(world.query('select standing from call')).toEqual([{ standing: 'machine' }]);
    expect(world.factsOf('call-proved-machine').map(({ body }) => body.was)).toEqual(['connected']);
    expect(world.factsOf('lead-planned').at(-1)?.body).toMatchObject({ because: 'machine' });
    await world.restart(10);
    expect(board()).toEqual({ answers: 0, answered: 0 });
  });

  it('leaves an hour of machines with no agent asked for a disposition', async () => {
    await aWorldWhere(
      'parallel',
      Array.from({ length: 12 }, () => machineIn(2_300)),
      {
        campaign: { amdSampleShare: 0 },
      },
    );
    await world.pass(20 * MINUTE_MS);
    expect(world.factsOf('call-ended').length).toBeGreaterThan(5);
    expect(world.factsOf('disposition-missing')).toEqual([]);
    expect(world.factsOf('call-abandoned')).toEqual([]);
    expect(attempts().every(({ outcome }) => outcome === 'machine')).toBe(true);
  });
});

describe('a morning of people and machines, with a detector that errs', () => {
  it.each(['before', 'parallel'] as const)(
    'in mode %s: nobody is hung up on doubt, and no machine is abandoned',
    async (mode) => {
      const random = seededRandom(7);
      const answers: ('person' | 'machine')[] = [];
      world = await World.begin({
        agents: 3,
        debtors: 120,
        campaign: {
          amd: mode,
          amdSampleShare: 0.2,
          pacing: { mode: 'ratio', ratio: 2, linesMax: 40 },
        },
        behaviour: () => {
          const who = random() < 0.4 ? 'machine' : 'person';
          answers.push(who);
          const telephone = personWho(2_000 + Math.floor(random() * 8_000), 20_000);
          return screenedAs(
            telephone,
            who,
            { ...SCREENING_AS_MEASURED, falseMachines: 0.15 },
            random,
          );
        },
      });
      for (const n of [1, 2, 3]) await world.agentComes(n);
      for (let step = 0; step < 120; step += 1) {
        await world.pass(5_000);
        for (const n of [1, 2, 3]) {
          if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'third-party');
          if (world.activity(n) === 'paused') await world.ask(n, { kind: 'go-available' });
        }
      }
      const verdicts = world.factsOf('call-screened').map(({ body }) => body);
      expect(verdicts.filter(({ consequence }) => consequence === 'ended').length).toBeGreaterThan(
        5,
      );
      expect(
        verdicts.filter(({ consequence }) => consequence === 'sampled').length,
      ).toBeGreaterThan(0);
      const hungUp = world.network.asked.filter(({ what }) => what === 'hang-up machine');
      const ended = verdicts.filter(({ consequence }) => consequence === 'ended');
      expect(hungUp).toHaveLength(ended.length);
      expect(ended.every(({ verdict }) => verdict === 'machine')).toBe(true);
      const both = "select 1 from attempt where outcome = 'machine' and abandoned = 1";
      expect(world.query(both)).toEqual([]);
      const { answered } = world.board().today;
      const machines = world.factsOf('call-ended').filter(({ body }) => body.outcome === 'machine');
      expect(answered).toBe(world.factsOf('call-answered').length - machines.length);
    },
  );
});

describe('the setting', () => {
  it('is changed while running, with effect on the next call, and audited', async () => {
    await aWorldWhere('parallel', [machineIn(2_300), machineIn(2_300)]);
    await world.until('one is over', () => world.factsOf('call-ended').length === 1);
    expect(await world.change({ amd: 'off', amdSampleShare: 0.1 })).toEqual({ ok: true });
    expect(await world.change({ amdSampleShare: 2 })).toMatchObject({ ok: false });
    const audited = world.query<{ change: string; from_value: string; to_value: string }>(
      "select change, from_value, to_value from audit where subject = 'campaign' order by id",
    );
    expect(audited).toEqual([
      { change: 'amd', from_value: 'parallel', to_value: 'off' },
      { change: 'amdSampleShare', from_value: '0', to_value: '0.1' },
    ]);
  });
});

describe('where the limit runs from the end of the greeting', () => {
  /** How long after their answer the person whom nobody takes is told that nobody is free. */
  async function toldAfterMs(
    amd: 'off' | 'parallel',
    person: Behaviour,
    clockStart: 'answered' | 'greeting-ended' = 'greeting-ended',
  ): Promise<number> {
    let dialed = 0;
    world = await World.begin({
      debtors: 4,
      abandonment: { clockStart },
      campaign: { amd, amdSampleShare: 0, pacing: { mode: 'ratio', ratio: 2, linesMax: 10 } },
      behaviour: () => {
        dialed += 1;
        return dialed === 1 ? personWho(3_000, 60_000) : { ...person, answersAfterMs: 6_000 };
      },
    });
    await world.agentComes();
    const told = () => world.network.asked.find(({ what }) => what.startsWith('announce'));
    await world.until('they are told', () => told() !== undefined);
    const legId = told()?.legId;
    const answered = world
      .factsOf('call-answered')
      .find(({ callId }) => world.factsOf('call-abandoned').some((fact) => fact.callId === callId));
    if (!legId || !answered) throw new Error('somebody was told');
    return (told()?.at ?? 0) - answered.at;
  }
  const heard = (silentMs?: number): Behaviour => ({
    ...personWho(6_000, 30_000),
    screened: {
      verdict: 'person',
      afterMs: 1_500,
      ...given({ silentMs }),
    },
  });

  it('a person whose greeting was heard has the limit from its end', async () => {
    expect(await toldAfterMs('parallel', heard(500))).toBe(1_000 + 1_900);
    expect(world.factsOf('call-greeting-ended')[0]?.body.greetingMs).toBe(1_000);
  });

  it('a person whose greeting was not heard has it from the answer', async () => {
    expect(await toldAfterMs('parallel', heard())).toBe(1_900);
  });

  it('everybody has it from the answer while nothing listens, and the call says so', async () => {
    expect(await toldAfterMs('off', heard(500))).toBe(1_900);
    expect(world.factsOf('call-answered')[0]?.body.isGreetingUnheard).toBe(true);
  });

  it('and elsewhere nobody has it from there, whatever is heard', async () => {
    expect(await toldAfterMs('parallel', heard(500), 'answered')).toBe(1_900);
  });
});
