import { afterEach, describe, expect, it } from 'vitest';
import type { LegRefusal } from '../../src/domain/calls/call.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import {
  BUSY,
  CALLER_ID_REFUSED,
  CONGESTION,
  NO_SUCH_NUMBER,
  PERSON_TALKS,
  REJECTED,
  RINGS_FOREVER,
  SILENCE,
} from '../../src/simulator/behaviours.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import { mobileOf } from '../../src/simulator/operation.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const FIRST = mobileOf(1);
const OTHER = '+5511980000101';

/** One debtor with two numbers, whose telephones do in turn what is given. */
async function aDebtorWhose(
  behaviours: Readonly<Record<string, readonly Behaviour[]>>,
  tickMs = 250,
): Promise<void> {
  const turns: Record<string, number> = {};
  world = await World.begin({
    debtors: 1,
    phonesOf: () => Object.keys(behaviours),
    limits: { tickMs },
    behaviour: ({ phone }) => {
      const turn = turns[phone] ?? 0;
      turns[phone] = turn + 1;
      const list = behaviours[phone] ?? [];
      return list[Math.min(turn, list.length - 1)] ?? RINGS_FOREVER;
    },
  });
  await world.agentComes();
}

function placedAt(): number[] {
  return world.factsOf('call-placed').map((fact) => fact.at);
}

function ended() {
  return world.factsOf('call-ended').map(({ body }) => body);
}

function phone(number = FIRST): { readonly status: string; readonly suspected_at: number | null } {
  const [row] = world.query<{ status: string; suspected_at: number | null }>(
    'select status, suspected_at from phone where number = ?',
    number,
  );
  if (!row) throw new Error(`no phone ${number}`);
  return row;
}

function lead(): { readonly state: string; readonly finished_because: string | null } {
  const [row] = world.query<{ state: string; finished_because: string | null }>(
    'select state, finished_because from lead',
  );
  if (!row) throw new Error('no lead');
  return row;
}

describe('a telephone that is busy', () => {
  it('is called again on the same number after ten minutes', async () => {
    await aDebtorWhose({ [FIRST]: [BUSY, PERSON_TALKS], [OTHER]: [PERSON_TALKS] });
    await world.pass(9 * MINUTE_MS);
    expect(world.dialedPhones()).toEqual([FIRST]);
    expect(ended()[0]).toMatchObject({ outcome: 'busy', techCause: 486, hungUpBy: 'network' });
    await world.pass(2 * MINUTE_MS);
    expect(world.dialedPhones()).toEqual([FIRST, FIRST]);
    const [first = 0, second = 0] = placedAt();
    expect(second - first).toBeGreaterThanOrEqual(10 * MINUTE_MS);
    expect(world.board().today.busy).toBe(1);
  });
});

describe('a telephone that nobody answers', () => {
  it('rings for twenty-five seconds, and then the next number waits its twenty minutes', async () => {
    await aDebtorWhose({ [FIRST]: [RINGS_FOREVER], [OTHER]: [PERSON_TALKS] });
    const leg = await untilDialed();
    await world.pass(24_900);
    expect(world.askedOf(leg)).toEqual([]);
    await world.pass(200);
    expect(world.askedOf(leg)).toEqual(['hang-up ring-timeout']);
    await world.pass(10);
    expect(ended()[0]).toMatchObject({ outcome: 'no-answer', hungUpBy: 'us', counts: true });
    await world.pass(19 * MINUTE_MS);
    expect(world.dialedPhones()).toEqual([FIRST]);
    await world.pass(2 * MINUTE_MS);
    expect(world.dialedPhones()).toEqual([FIRST, OTHER]);
  });

  it('is given up after the same time where nothing but silence comes back', async () => {
    await aDebtorWhose({ [FIRST]: [SILENCE] });
    const leg = await untilDialed();
    await world.pass(25_100);
    expect(world.askedOf(leg)).toEqual(['hang-up ring-timeout']);
    await world.pass(100);
    expect(ended()[0]).toMatchObject({ outcome: 'no-answer' });
  });

  it('is taken for over when the PBX never says so', async () => {
    await aDebtorWhose({ [FIRST]: [RINGS_FOREVER] });
    world.network.tamper = (signal, deliver) => {
      if (signal.kind !== 'leg-ended') deliver(signal);
    };
    await untilDialed();
    await world.pass(25_100);
    expect(ended()).toEqual([]);
    await world.pass(5_000);
    expect(ended()[0]).toMatchObject({ outcome: 'no-answer' });
    await world.pass(60_000);
    expect(ended()).toHaveLength(1);
  });

  async function untilDialed() {
    await world.until('a call is placed', () => world.network.dialed.length > 0);
    return world.lastLeg();
  }
});

describe('a call that is declined', () => {
  it('is not repeated that day', async () => {
    await aDebtorWhose({ [FIRST]: [REJECTED] }, 10_000);
    await world.pass(5 * HOUR_MS);
    expect(world.network.dialed).toHaveLength(1);
    expect(ended()[0]).toMatchObject({ outcome: 'rejected', counts: true });
    expect(world.factsOf('lead-planned')[0]?.body).toMatchObject({
      because: 'rejected',
      notBeforeAt: Date.parse('2026-11-24T00:00:00-03:00'),
    });
  });
});

describe('a number that does not exist', () => {
  it('is only suspected at first, and the other number is called at once', async () => {
    await aDebtorWhose({ [FIRST]: [NO_SUCH_NUMBER], [OTHER]: [PERSON_TALKS] });
    await world.pass(3_500);
    expect(world.dialedPhones()).toEqual([FIRST, OTHER]);
    expect(phone().status).toBe('invalid-suspected');
    expect(world.factsOf('phone-status-changed')[0]?.body).toMatchObject({
      from: 'unknown',
      to: 'invalid-suspected',
    });
    expect(ended()[0]).toMatchObject({ outcome: 'invalid-number', counts: false });
  });

  it('is confirmed on another day and never called again; with it the lead is finished', async () => {
    await aDebtorWhose({ [FIRST]: [NO_SUCH_NUMBER] }, 10_000);
    await world.pass(1 * HOUR_MS);
    expect(world.network.dialed).toHaveLength(1);
    expect(lead().state).toBe('waiting');
    await dayLater();
    await world.pass(10_000);
    expect(world.network.dialed).toHaveLength(2);
    expect(phone().status).toBe('invalid');
    expect(lead()).toEqual({ state: 'finished', finished_because: 'no-phone-left' });
    await dayLater();
    await world.pass(MINUTE_MS);
    expect(world.network.dialed).toHaveLength(2);
    expect(world.board().leads).toMatchObject({ total: 1, finished: 1 });
  });

  it('is cleared of the suspicion when it rings another day', async () => {
    await aDebtorWhose({ [FIRST]: [NO_SUCH_NUMBER, RINGS_FOREVER] }, 10_000);
    await world.pass(10_000);
    expect(phone().status).toBe('invalid-suspected');
    await dayLater();
    await world.pass(MINUTE_MS);
    expect(world.network.dialed).toHaveLength(2);
    expect(phone()).toEqual({ status: 'unknown', suspected_at: null });
  });

  it('is not believed while the trunk says it of everybody', async () => {
    world = await World.begin({
      agents: 10,
      debtors: 120,
      behaviour: () => NO_SUCH_NUMBER,
    });
    for (let n = 1; n <= 10; n += 1) await world.agentComes(n);
    await world.pass(60_000);
    expect(world.network.dialed.length).toBe(120);
    const suspected = world.query<{ n: number }>(
      "select count(*) as n from phone where status = 'invalid-suspected'",
    )[0]?.n;
    expect(suspected).toBeGreaterThan(0);
    expect(suspected).toBeLessThan(40);
  });

  it('rests, believed or not, while the person’s other number has to wait', async () => {
    const first = mobileOf(1);
    const dead = mobileOf(2);
    world = await World.begin({
      debtors: 1,
      phonesOf: () => [first, dead],
      behaviour: ({ phone }) => (phone === dead ? NO_SUCH_NUMBER : RINGS_FOREVER),
    });
    await world.agentComes();
    await world.pass(40 * MINUTE_MS);
    expect(world.dialedPhones()).toEqual([first, dead]);
  });

  /** To the same time of the next day; nobody works at night. */
  async function dayLater(): Promise<void> {
    await world.ask(1, { kind: 'pause', reason: 'meal' });
    await world.pass(DAY_MS);
    await world.ask(1, { kind: 'go-available' });
  }
});

describe('a trunk that fails', () => {
  it('rests after five failures in a row and is tried again when the rest is over', async () => {
    let works = false;
    world = await World.begin({
      debtors: 40,
      behaviour: () => (works ? RINGS_FOREVER : CONGESTION),
    });
    await world.agentComes();
    await world.until('the trunk is suspended', () => world.factsOf('trunk-suspended').length > 0);
    expect(world.network.dialed).toHaveLength(5);
    expect(ended().map((one) => one.outcome)).toEqual(Array(5).fill('congestion'));
    const [suspended] = world.factsOf('trunk-suspended');
    expect(suspended?.body).toMatchObject({
      because: 'congestion',
      until: (suspended?.at ?? 0) + 15_000,
    });
    await world.pass(14_000);
    expect(world.network.dialed).toHaveLength(5);
    expect(world.board().plan?.because).toEqual({
      code: 'no-trunk-free',
      values: { because: 'congestion', until: suspended?.body.until },
    });
    expect(world.engine.board(HOUSE).trunks[0]).toMatchObject({ because: 'congestion' });
    works = true;
    await world.pass(2_000);
    expect(world.network.dialed).toHaveLength(6);
    expect(world.because()).toBe('enough-on-the-way');
  });

  it('is tried with one call after each rest, and every rest is as short as the first', async () => {
    // A rest that grew to minutes left the floor idle for minutes after the carrier was back.
    world = await World.begin({
      agents: 6,
      debtors: 80,
      trunk: { callsPerSecondMax: 50 },
      campaign: { pacing: { mode: 'ratio', ratio: 4, linesMax: 60 } },
      behaviour: () => CONGESTION,
    });
    for (let n = 1; n <= 6; n += 1) await world.agentComes(n);
    await world.until('the trunk is suspended', () => world.factsOf('trunk-suspended').length > 0);
    const before = world.network.dialed.length;
    await world.pass(5 * MINUTE_MS);
    const rests = world.factsOf('trunk-suspended').map((fact) => fact.body.until - fact.at);
    expect(new Set(rests)).toEqual(new Set([15_000]));
    expect(rests.length).toBeGreaterThan(15);
    expect(world.network.dialed.length - before).toBe(rests.length - 1);
  });

  it('is used as before from the moment that a telephone rings again', async () => {
    let works = false;
    world = await World.begin({
      agents: 6,
      debtors: 80,
      campaign: { pacing: { mode: 'ratio', ratio: 2, linesMax: 60 } },
      behaviour: () => (works ? RINGS_FOREVER : CONGESTION),
    });
    for (let n = 1; n <= 6; n += 1) await world.agentComes(n);
    await world.pass(5 * MINUTE_MS);
    works = true;
    const before = world.network.dialed.length;
    await world.until('a call is tried', () => world.network.dialed.length > before);
    await world.until('twelve lines ring', () => world.board().live.ringing === 12, 5_000);
  });

  it('is not believed to be back because a call of before its failure ends', async () => {
    let works = true;
    world = await World.begin({
      agents: 6,
      debtors: 80,
      campaign: { ringTimeoutMs: 30_000, pacing: { mode: 'ratio', ratio: 2, linesMax: 60 } },
      behaviour: () => (works ? RINGS_FOREVER : CONGESTION),
    });
    await world.agentComes(1);
    await world.pass(5_000);
    works = false;
    for (let n = 2; n <= 6; n += 1) await world.agentComes(n);
    await world.until('the trunk is suspended', () => world.factsOf('trunk-suspended').length > 0);
    const failed = world.network.dialed.length;
    await world.pass(60_000);
    const tries = world.factsOf('trunk-suspended').length - 1;
    expect(world.network.dialed.length - failed).toBe(tries);
  });

  it('says nothing about the numbers it failed to reach', async () => {
    world = await World.begin({ debtors: 10, behaviour: () => CONGESTION });
    await world.agentComes();
    await world.pass(10_000);
    const statuses = world.query<{ status: string }>('select distinct status from phone');
    expect(statuses).toEqual([{ status: 'unknown' }]);
    expect(ended().every((one) => !one.counts)).toBe(true);
  });

  it('that refuses the number we show is told apart from one that is full', async () => {
    world = await World.begin({ debtors: 10, behaviour: () => CALLER_ID_REFUSED });
    await world.agentComes();
    await world.until('the trunk is suspended', () => world.factsOf('trunk-suspended').length > 0);
    expect(ended()[0]).toMatchObject({ outcome: 'caller-id-refused', techCause: 403 });
    expect(world.factsOf('trunk-suspended')[0]?.body.because).toBe('caller-id-refused');
  });

  it('leaves the calls to the other trunk', async () => {
    world = await World.begin({
      debtors: 40,
      moreTrunks: [{ id: 'trunk_two', name: 'Operadora Dois' }],
      behaviour: ({ trunkId }) => (trunkId === 'trunk_one' ? CONGESTION : RINGS_FOREVER),
    });
    await world.agentComes();
    await world.pass(30_000);
    expect(world.network.dialed.at(-1)?.trunkId).toBe('trunk_two');
    expect(
      world.network.dialed.filter(({ trunkId }) => trunkId === 'trunk_one').length,
    ).toBeLessThanOrEqual(6);
  });
});

describe('the number that the debtor sees', () => {
  const callerIds = [
    { id: 'callerid_rio', number: '+552133334444', areaCode: '21' },
    { id: 'callerid_salvador', number: '+557133334444', areaCode: '71', status: 'suspended' },
  ] as const;

  it('is one of ours in the debtor’s area, and the campaign’s own where we have none there', async () => {
    world = await World.begin({
      agents: 4,
      debtors: 4,
      callerIds,
      behaviour: () => RINGS_FOREVER,
      phonesOf: (n) => [
        ['+5511987654321', '+5521987654321', '+5571987654321', '+5531987654321'][n - 1] ?? '',
      ],
    });
    for (let n = 1; n <= 4; n += 1) await world.agentComes(n);
    await world.pass(3_000);
    const shown = Object.fromEntries(
      world.network.dialed.map(({ phone: dialed, callerId }) => [dialed, callerId]),
    );
    expect(shown).toEqual({
      '+5511987654321': '+551133334444',
      '+5521987654321': '+552133334444',
      '+5571987654321': '+551133334444',
      '+5531987654321': '+551133334444',
    });
    const routes = world.factsOf('call-placed').map(({ body }) => body.route);
    expect(routes.filter((route) => route === 'same-area-code')).toHaveLength(2);
    expect(routes.filter((route) => route === 'campaign-fallback')).toHaveLength(2);
  });
});

describe('a call that the PBX refuses to dial', () => {
  it('leaves the lead as it was, to be called a moment later, and counts for nothing', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    refuseAll('permit-expired');
    await world.agentComes();
    await world.pass(1_000);
    expect(ended()[0]).toMatchObject({ outcome: 'cancelled', counts: false });
    expect(world.query('select state, attempts, last_outcome from lead')).toEqual([
      { state: 'waiting', attempts: 0, last_outcome: null },
    ]);
    expect(world.query('select outcome, counts from attempt')).toEqual([
      { outcome: 'cancelled', counts: 0 },
    ]);
    dialAgain();
    await world.pass(12_000);
    expect(world.network.dialed).toHaveLength(1);
    expect(world.factsOf('trunk-suspended')).toEqual([]);
  });

  it('for its trunk’s sake five times in a row rests the trunk instead of burning the list', async () => {
    world = await World.begin({ debtors: 60, behaviour: () => RINGS_FOREVER });
    refuseAll('trunk-unavailable');
    await world.agentComes();
    await world.pass(10_000);
    expect(world.factsOf('call-placed')).toHaveLength(5);
    expect(world.factsOf('trunk-suspended')[0]?.body.because).toBe('trunk-failed');
  });

  it('keeps the agent who was promised to an abandoned person', async () => {
    let dialed = 0;
    world = await World.begin({
      debtors: 2,
      campaign: { pacing: { mode: 'ratio', ratio: 2, linesMax: 10 } },
      limits: { tickMs: 1_000 },
      behaviour: () => {
        dialed += 1;
        return dialed <= 2 ? { ringsAfterMs: 500, answersAfterMs: 3_000 + dialed } : RINGS_FOREVER;
      },
    });
    await world.agentComes();
    await world.until('one is abandoned', () => world.factsOf('call-abandoned').length === 1);
    await world.ask(1, { kind: 'hang-up', callId: world.onScreen().call.id });
    await world.pass(100);
    await world.dispose(1, 'third-party');
    refuseAll('permit-expired');
    await world.pass(15 * MINUTE_MS + 5_000);
    expect(world.factsOf('call-placed').length).toBeGreaterThan(2);
    dialAgain();
    await world.pass(20_000);
    expect(world.network.dialed[2]?.purpose).toBe('redial-after-abandonment');
  });

  let dial: typeof world.network.originate;

  function refuseAll(reason: LegRefusal): void {
    const { network } = world;
    dial = network.originate.bind(network);
    network.originate = ({ legId }) => {
      network.tell({ kind: 'leg-refused', legId, reason });
    };
  }

  function dialAgain(): void {
    world.network.originate = dial;
  }
});
