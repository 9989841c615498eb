/** Another engine works on the same database file, and is quicker. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptRow, DecisionRow } from '../../src/engine/ports/records.ts';
import { present } from '../../src/lib/assert.ts';
import type { LeadId } from '../../src/lib/ids.ts';
import { MINUTE_MS } from '../../src/lib/time.ts';
import { personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import { openStorage, type Storage } from '../../src/storage/store.ts';
import { aCommit } from '../support/store-records.ts';
import { World } from '../support/world.ts';

let world: World;
let other: Storage;

let behaviour: Behaviour;

beforeEach(async () => {
  behaviour = RINGS_FOREVER;
  world = await World.begin({ agents: 1, debtors: 1, behaviour: () => behaviour });
  other = await openStorage({
    database: world.file(),
    now: () => world.clock.now(),
    random: () => 0.5,
    durability: 'none',
  });
});
afterEach(async () => {
  await other.close();
  await world.end();
});

/** The other engine acts between the first decision to dial and its commit. */
async function theOtherIsQuicker(act: () => Promise<unknown>): Promise<void> {
  world.beforeCommit = async ({ claims }) => {
    if (claims.length === 0) return;
    world.beforeCommit = undefined;
    await act();
  };
  await world.agentComes();
  await world.until('a call was refused', () => world.factsOf('call-ended').length > 0);
}

function claimed(kind: 'person' | 'number'): Promise<unknown> {
  const { debtorId, phone } = theOnly();
  const legId = 'leg_other';
  const claim =
    kind === 'person'
      ? ({ kind, legId, debtorId } as const)
      : ({ kind, legId, phone: phone as `+${string}` } as const);
  return other.store.commit(aCommit({ stream: 'other', claims: [claim] }));
}

type Only = { debtorId: `debtor_${string}`; phone: string; phoneId: `phone_${string}`; id: LeadId };

function theOnly(): Only {
  const [row] = world.query<Only>(
    `select lead.id, lead.debtor_id as "debtorId", phone.number as phone, phone.id as "phoneId"
     from lead join phone on phone.debtor_id = lead.debtor_id`,
  );
  return present(row, 'there is one debtor');
}

/** So many attempts that are over, made by the other engine just now. */
async function attempted(times: number): Promise<void> {
  const { id: leadId, debtorId, phoneId, phone } = theOnly();
  await other.setUp(async (tx) => {
    for (let n = 0; n < times; n += 1) {
      const at = world.clock.now() - 90 * MINUTE_MS;
      const about = { campaignId: world.campaignId, leadId, debtorId, phoneId };
      const decision: DecisionRow = {
        ...about,
        id: `decision_other${n}`,
        at,
        profileId: 'br-cobranca',
        profileVersion: '1',
        allowed: true,
        rules: '[]',
      };
      const attempt: AttemptRow = {
        ...about,
        id: `attempt_other${n}`,
        callId: `call_other${n}`,
        legId: `leg_other${n}`,
        decisionId: decision.id,
        phone: phone as `+${string}`,
        trunkId: 'trunk_one',
        callerId: '+551133334444',
        placedAt: at,
      };
      await tx.insertDecision(decision);
      await tx.insertAttempt(attempt);
      const over = { endedAt: at + 1_000, counts: true, abandoned: false } as const;
      await tx.settleAttempt({ id: attempt.id, outcome: 'no-answer', ...over });
    }
  });
}

function storedLead(): { readonly state: string; readonly hold_reason: string | null } {
  const [row] = world.query<{ state: string; hold_reason: string | null }>(
    'select state, hold_reason from lead',
  );
  return present(row, 'there is one lead');
}

/** Nothing left us, nothing counts, and the process lives. */
function expectRefused(): void {
  expect(world.network.dialed).toEqual([]);
  expect(world.factsOf('call-ended')[0]?.body).toMatchObject({
    outcome: 'cancelled',
    because: 'claim-lost',
    counts: false,
  });
  const [mine] = world.query<{ counts: number; ended_at: number | null }>(
    `select counts, ended_at from attempt where id not like '%other%'`,
  );
  expect(mine).toMatchObject({ counts: 0, ended_at: expect.any(Number) });
  expect(world.engine.health().mistakes).toEqual({});
  expect(world.fatal).toBeUndefined();
  expect(world.query(`select * from claim where stream = 'engine'`)).toEqual([]);
}

describe('a call is refused, and its lead waits, where another engine', () => {
  it.each(['person', 'number'] as const)('claimed the %s first', async (kind) => {
    await theOtherIsQuicker(() => claimed(kind));
    expectRefused();
    expect(storedLead()).toMatchObject({ state: 'waiting', hold_reason: 'retry-delay' });
    // Once the other is done with them they are called.
    await other.store.commit(aCommit({ stream: 'other', releases: ['leg_other'] }));
    await world.until('the telephone rings', () => world.network.dialed.length === 1);
    expect(world.query(`select kind from claim where stream = 'engine'`)).toHaveLength(2);
  });

  it('made the attempt that fills a cap', async () => {
    await theOtherIsQuicker(() => attempted(4));
    expectRefused();
    expect(storedLead()).toMatchObject({ state: 'waiting', hold_reason: 'retry-delay' });
    await world.pass(MINUTE_MS);
    expect(world.network.dialed).toEqual([]);
    expect(storedLead()).toMatchObject({ hold_reason: 'attempts-person-day' });
  });
});

describe('a lead that another engine took off the list', () => {
  it('is not dialed, and stays as the other one left it', async () => {
    await theOtherIsQuicker(async () => {
      const found = await other.store.read((view) => view.lead(theOnly().id));
      const { lead } = present(found, 'stored');
      await other.setUp((tx) =>
        tx.saveLead({ ...lead, state: 'suppressed', suppressedBecause: 'do-not-call' }),
      );
    });
    expectRefused();
    expect(storedLead()).toMatchObject({ state: 'suppressed', hold_reason: null });
    await world.pass(MINUTE_MS);
    expect(world.network.dialed).toEqual([]);
  });
});

describe('a call whose store was held up meanwhile', () => {
  it('is refused all the same when the store is free and another engine has the person', async () => {
    world.beforeCommit = async ({ claims }) => {
      if (claims.length > 0 && world.processes === 1) {
        world.beforeCommit = undefined;
        world.holdStoreUp('busy', 300);
        await claimed('person');
      }
    };
    await world.agentComes();
    await world.until('a call was refused', () => world.factsOf('call-ended').length > 0);
    expectRefused();
  });
});

describe('what a live call holds', () => {
  it('is held again after a restart, and free when its leg is gone', async () => {
    behaviour = personWho(60_000);
    await world.agentComes();
    await world.until('a call', () => world.network.legs.size === 1);
    const held = world.query('select kind, value from claim order by kind');
    expect(held).toHaveLength(2);
    await other.store.commit(aCommit({ releases: [...world.network.legs.keys()] }));
    await world.restart();
    expect(world.query('select kind, value from claim order by kind')).toEqual(held);
    await world.screenReturns();
    const leg = present([...world.network.legs.keys()][0], 'it rings');
    world.network.debtorHangsUp(leg);
    await world.until('it is over', () => world.factsOf('call-ended').length > 0);
    expect(world.query('select * from claim')).toEqual([]);
  });
});
