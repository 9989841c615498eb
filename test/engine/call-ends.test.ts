/** What ended a call, as the PBX and the far end told it, and what that means for the house. */

import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import {
  ANSWERS_WITHOUT_MEDIA,
  FORWARDED,
  NO_SUCH_NUMBER_BY_REASON,
  personWho,
  REPUTE_REFUSED,
  RINGS_FOREVER,
  UNWANTED,
} from '../../src/simulator/behaviours.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

/** One debtor with one number, whose telephone does in turn what is given. */
async function aDebtorWhose(...behaviours: readonly Behaviour[]): Promise<void> {
  let turn = 0;
  world = await World.begin({
    debtors: 1,
    limits: { tickMs: 1_000 },
    behaviour: () => {
      const now = behaviours[Math.min(turn, behaviours.length - 1)];
      turn += 1;
      return now ?? RINGS_FOREVER;
    },
  });
  await world.agentComes();
}

function ended() {
  return world.factsOf('call-ended').map(({ body }) => body);
}

function attempts() {
  return world.query<{ outcome: string; counts: number; answered_at: number | null }>(
    'select outcome, counts, answered_at from attempt order by placed_at',
  );
}

describe('an answer without media', () => {
  it('is a failure of the route: in no count of answers, charged to no cap, and the agent is free', async () => {
    await aDebtorWhose(ANSWERS_WITHOUT_MEDIA, personWho(3_000, 20_000));
    await world.until('it ended', () => ended().length === 1);
    expect(ended()[0]).toMatchObject({ outcome: 'media-failed', counts: false, talkMs: 0 });
    expect(attempts()).toEqual([{ outcome: 'media-failed', counts: 0, answered_at: null }]);
    const { today, abandonment } = world.board();
    expect(today).toMatchObject({
      attempts: 1,
      answered: 0,
      connected: 0,
      hungUpWaiting: 0,
      failed: 1,
    });
    expect(abandonment).toMatchObject({ answers: 0, abandoned: 0 });
    expect(world.activity(1)).toBe('available');
    await world.pass(6 * MINUTE_MS);
    expect(world.factsOf('call-connected')).toHaveLength(1);
    expect(world.board().today).toMatchObject({ answered: 1, connected: 1 });
  });
});

describe('a redirection', () => {
  it('of any kind is told as forwarded and charged to no cap', async () => {
    await aDebtorWhose(FORWARDED);
    await world.until('it ended', () => ended().length === 1);
    expect(ended()[0]).toMatchObject({ outcome: 'forwarded', counts: false });
  });
});

describe('a Reason header', () => {
  it('makes a 503 a number that does not exist, and the trunk is not blamed', async () => {
    await aDebtorWhose(NO_SUCH_NUMBER_BY_REASON);
    await world.until('it ended', () => ended().length === 1);
    expect(ended()[0]).toMatchObject({ outcome: 'invalid-number', techCause: 503, reasonCause: 1 });
    expect(world.query('select status from phone')).toEqual([{ status: 'invalid-suspected' }]);
    await world.pass(HOUR_MS);
    expect(world.network.dialed).toHaveLength(1);
  });
});

describe('a telephone that says our calls are unwanted', () => {
  it('is not called again by anybody until a supervisor has reviewed it, with their name', async () => {
    await aDebtorWhose(UNWANTED, personWho(3_000, 20_000));
    await world.until('it ended', () => ended().length === 1);
    expect(ended()[0]).toMatchObject({ outcome: 'unwanted', counts: true });
    const [block] = world.query<{ id: `block_${string}`; phone: string; expires_at: null }>(
      'select id, phone, expires_at from block',
    );
    expect(block).toMatchObject({ phone: world.dialedPhones()[0], expires_at: null });
    expect(world.factsOf('phone-unwanted')).toHaveLength(1);
    expect(world.query('select state, finished_because from lead')).toEqual([
      { state: 'finished', finished_because: 'attempts-used-up' },
    ]);

    const byUserId = 'user_supervisor';
    const blockId = block?.id ?? 'block_none';
    const review = (callAgain: boolean, because: string) =>
      world.run({
        ...{ kind: 'review-unwanted', scope: HOUSE, byUserId, address: '10.0.0.9' },
        ...{ blockId, callAgain, because },
      });
    const listed = () => world.storage.store.read((view) => view.unwantedPhones(world.clock.now()));
    expect(await listed()).toMatchObject([{ blockId, refused: { sipStatus: 607 } }]);
    expect(await review(false, 'pediu para não ligar')).toEqual({ ok: true });
    expect(await listed()).toMatchObject([{ blockId, keptByUserId: byUserId }]);
    expect(await review(false, 'outra vez')).toMatchObject({ code: 'nothing-to-change' });
    expect(await review(true, 'ligou de volta e pediu contato')).toEqual({ ok: true });
    expect(await listed()).toEqual([]);
    const rows = await world.storage.store.read((view) => view.auditEntries(2));
    const by = { byUserId, address: '10.0.0.9', subject: 'block', subjectId: blockId };
    expect(rows).toMatchObject([
      { ...by, change: 'lifted', because: 'ligou de volta e pediu contato' },
      { ...by, change: 'kept-blocked', because: 'pediu para não ligar' },
    ]);
    expect(rows[0]?.subjectName).toMatch(/^\(\d\d\) \*{4}-\d{4}$/);
    expect(await review(true, 'de novo')).toMatchObject({ ok: false, code: 'unknown-block' });
  });

  it('is refused by the gate with its clause wherever else the number stands', async () => {
    world = await World.begin({
      debtors: 2,
      limits: { tickMs: 10_000 },
      phonesOf: () => ['+5511980000001'],
      behaviour: () => UNWANTED,
    });
    await world.agentComes();
    await world.pass(3 * HOUR_MS);
    expect(world.network.dialed).toHaveLength(1);
    const refused = world.query<{ reason: string; clause: string }>(
      "select distinct reason, clause from decision where reason = 'phone-unwanted'",
    );
    expect(refused).toEqual([
      { reason: 'phone-unwanted', clause: expect.stringContaining('recusou as nossas ligações') },
    ]);
  });
});

describe('a number of ours that the network distrusts', () => {
  it('is judged by what became of its calls before a restart too', async () => {
    world = await World.begin({ debtors: 12, behaviour: () => REPUTE_REFUSED });
    await world.agentComes();
    await world.until('it was refused', () => world.factsOf('call-ended').length >= 1);
    await world.restart();
    await world.screenReturns();
    await world.until('it rests', () => world.factsOf('caller-id-rests').length === 1);
    expect(world.factsOf('caller-id-rests')[0]?.body).toMatchObject({ refused: 3, of: 3 });
    expect(world.factsOf('call-ended')).toHaveLength(3);
  });

  it('rests after three refusals and over a restart, the supervisor is told, and no debtor is charged', async () => {
    world = await World.begin({ debtors: 12, behaviour: () => REPUTE_REFUSED });
    await world.agentComes();
    await world.until('it rests', () => world.factsOf('caller-id-rests').length === 1);
    const [rests] = world.factsOf('caller-id-rests');
    expect(rests?.body).toMatchObject({ refused: 3, of: 3 });
    const [resting] = world.engine.board(HOUSE).callerIdsResting;
    expect(resting).toMatchObject({ number: rests?.body.number, refused: 3 });
    await world.pass(5_000);
    const dialed = world.network.dialed.length;
    await world.pass(20 * MINUTE_MS);
    expect(world.network.dialed).toHaveLength(dialed);
    expect(attempts().every(({ counts }) => counts === 0)).toBe(true);
    expect(world.board().today).toMatchObject({ rejected: 0, failed: dialed });
    await world.restart();
    await world.screenReturns();
    expect(world.engine.board(HOUSE).callerIdsResting).toEqual([resting]);
    await world.pass(60_000);
    expect(world.network.dialed).toHaveLength(dialed);
    const holds = world.query<{ hold_reason: string }>('select distinct hold_reason from lead');
    expect(holds.map((one) => one.hold_reason)).toContain('caller-id-resting');
    await world.pass(15 * MINUTE_MS);
    expect(world.network.dialed.length).toBeGreaterThan(dialed);
  });
});

describe('a PBX that freezes', () => {
  it('loses what never left: charged to no cap, and called again after a minute', async () => {
    await aDebtorWhose(personWho(3_000, 20_000));
    world.network.freeze();
    await world.until('a call was placed', () => world.factsOf('call-placed').length === 1);
    await world.until('it was given up', () => ended().length === 1);
    expect(world.network.dialed).toEqual([]);
    expect(ended()[0]).toMatchObject({ outcome: 'lost', counts: false, because: 'never-left' });
    expect(attempts()).toEqual([{ outcome: 'lost', counts: 0, answered_at: null }]);
    expect(world.query('select attempts from lead')).toEqual([{ attempts: 0 }]);
    const [planned] = world.factsOf('lead-planned');
    expect(planned?.body).toMatchObject({ because: 'lost' });
    world.network.thaw();
    await world.pass(MINUTE_MS + 5_000);
    expect(world.network.dialed).toHaveLength(1);
  });
});
