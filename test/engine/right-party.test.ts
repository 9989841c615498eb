import { afterEach, describe, expect, it } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import type { CampaignId } from '../../src/lib/ids.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import { personWho } from '../../src/simulator/behaviours.ts';
import { mobileOf } from '../../src/simulator/operation.ts';
import { saidBy } from '../../src/simulator/said-by.ts';
import { World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const SECOND: CampaignId = 'campaign_second';
const AT = (local: string): number => Date.parse(`${local}-03:00`);

/** One debtor, in a talk with agent 1; both campaigns have them. */
async function aTalkWithTheOnly(options: WorldOptions = {}): Promise<void> {
  world = await World.begin({
    debtors: 1,
    limits: { tickMs: 60_000 },
    moreCampaigns: [{ id: SECOND, name: 'Segunda' }],
    behaviour: () => personWho(4_000),
    ...options,
  });
  await world.agentComes();
  await world.until('a talk', () => world.activity() === 'talking');
}

async function overAndDisposed(...disposed: Parameters<World['dispose']>): Promise<void> {
  world.network.debtorHangsUp(world.lastLeg());
  await world.pass(10);
  expect(await world.dispose(...disposed)).toEqual({ ok: true });
}

type LeadRow = {
  readonly campaign_id: string;
  readonly state: string;
  readonly not_before_at: number;
  readonly hold_reason: string | null;
  readonly suppressed_because: string | null;
};

/** The campaign that called them first, and the other one that has them. */
function theirs(): CampaignId {
  return world.factsOf('call-placed')[0]?.campaignId ?? world.campaignId;
}

function other(): CampaignId {
  return theirs() === SECOND ? world.campaignId : SECOND;
}

function lead(campaignId = theirs()): LeadRow {
  const [row] = world.query<LeadRow>('select * from lead where campaign_id = ?', campaignId);
  if (!row) throw new Error('no lead');
  return row;
}

/** To a moment; the agent is on a break meanwhile, and free again at the end of it. */
async function sleepUntil(moment: number): Promise<void> {
  await world.ask(1, { kind: 'pause', reason: 'meal' });
  await world.pass(moment - world.clock.now());
  await world.ask(1, { kind: 'go-available' });
}

describe('the right party', () => {
  it('is left in peace for the rest of the day, by the other campaign too', async () => {
    await aTalkWithTheOnly();
    expect(await world.confirmsRightParty()).toEqual({ ok: true });
    await overAndDisposed(1, 'refusal');
    await world.pass(8 * HOUR_MS);
    expect(world.network.dialed).toHaveLength(1);
    expect(lead(other()).not_before_at).toBe(AT('2026-11-24T08:00:00'));
    const [refusal] = world.query<{ rules: string }>(
      'select rules from decision where allowed = 0',
    );
    expect(JSON.parse(refusal?.rules ?? '[]')).toContainEqual(
      expect.objectContaining({ rule: 'right-party-contact', passed: false }),
    );
    await sleepUntil(AT('2026-11-24T07:59:59'));
    expect(world.network.dialed).toHaveLength(1);
    await world.pass(70_000);
    expect(world.network.dialed).toHaveLength(2);
  });

  it('confirmed twice is one contact', async () => {
    await aTalkWithTheOnly();
    await world.confirmsRightParty();
    await world.confirmsRightParty();
    expect(world.query('select * from right_party_contact')).toHaveLength(1);
    expect(world.factsOf('right-party-confirmed')).toHaveLength(1);
    expect(world.board(theirs()).today.rightParty).toBe(1);
  });

  it('must be confirmed before a disposition that says so', async () => {
    await aTalkWithTheOnly();
    expect(await world.dispose(1, 'refusal')).toMatchObject({
      ok: false,
      code: 'right-party-needed',
    });
    expect(world.query('select * from disposition')).toEqual([]);
    await world.confirmsRightParty();
    expect(await world.dispose(1, 'refusal')).toEqual({ ok: true });
  });

  it('is confirmed by the agent on whose screen the call is, and by nobody else', async () => {
    await aTalkWithTheOnly({ agents: 2 });
    await world.agentComes(2);
    const { call, file } = world.onScreen(1);
    const { debtor } = present(file, 'the file is read at the answer');
    const asked = {
      kind: 'confirm-right-party',
      callId: call.id,
      evidence: saidBy(debtor),
    } as const;
    expect(await world.ask(2, asked)).toMatchObject({
      ok: false,
      code: 'not-your-call',
    });
  });
});

describe('a promise', () => {
  const PROMISE = { promise: { valueCentavos: 15_000, dueDate: '2026-11-25' as const } };

  it('keeps the dialer away until the day after it is due', async () => {
    await aTalkWithTheOnly();
    await world.confirmsRightParty();
    await overAndDisposed(1, 'promise', PROMISE);
    expect(lead()).toMatchObject({
      state: 'waiting',
      hold_reason: 'promise',
      not_before_at: AT('2026-11-26T00:00:00'),
    });
    await sleepUntil(AT('2026-11-25T19:00:00'));
    await world.pass(MINUTE_MS);
    expect(world.network.dialed).toHaveLength(1);
    expect(lead(other()).hold_reason).toBe('debt-held');
    await sleepUntil(AT('2026-11-26T07:59:00'));
    await world.pass(2 * MINUTE_MS);
    expect(world.network.dialed).toHaveLength(2);
  });

  it('is stored with what follows from it in one commit', async () => {
    await aTalkWithTheOnly();
    await world.confirmsRightParty();
    world.network.debtorHangsUp(world.lastLeg());
    await world.pass(10);
    const commits = world.storage.stats().commits;
    const before = world.facts.at(-1)?.sequence ?? 0;
    await world.dispose(1, 'promise', PROMISE);
    expect(world.storage.stats().commits).toBe(commits + 1);
    expect(world.query('select due_date, value_centavos, state from promise')).toEqual([
      { due_date: '2026-11-25', value_centavos: 15_000, state: 'open' },
    ]);
    expect(world.query('select reason, expires_at from block')).toEqual([
      { reason: 'promise', expires_at: AT('2026-11-26T00:00:00') },
    ]);
    expect(world.query('select code, is_current from disposition')).toEqual([
      { code: 'promise', is_current: 1 },
    ]);
    expect(world.query('select status from phone')).toEqual([{ status: 'confirmed' }]);
    expect(world.query('select result from contact')).toEqual([{ result: 'promise' }]);
    const kinds = world.facts.filter((fact) => fact.sequence > before).map((one) => one.body.kind);
    expect(kinds).toEqual(['disposition-recorded', 'phone-status-changed', 'lead-planned']);
  });

  it('is counted for the agent and the campaign', async () => {
    await aTalkWithTheOnly();
    await world.confirmsRightParty();
    await overAndDisposed(1, 'promise', PROMISE);
    expect(world.board(theirs()).today).toMatchObject({ promises: 1, rightParty: 1 });
    expect(world.engine.desk(world.agentId()).today).toMatchObject({
      calls: 1,
      promises: 1,
      promisedCentavos: 15_000,
    });
  });

  it.each([
    ['without its form', undefined, 'form-needed'],
    ['of nothing', { promise: { valueCentavos: 0, dueDate: '2026-11-25' } }, 'form-invalid'],
    ['for yesterday', { promise: { valueCentavos: 1, dueDate: '2026-11-22' } }, 'form-invalid'],
    ['for next year', { promise: { valueCentavos: 1, dueDate: '2027-12-01' } }, 'form-invalid'],
  ] as const)('%s is refused and nothing is recorded', async (_what, form, code) => {
    await aTalkWithTheOnly();
    await world.confirmsRightParty();
    expect(await world.dispose(1, 'promise', form)).toMatchObject({ ok: false, code });
    expect(world.query('select * from disposition')).toEqual([]);
    expect(world.query('select * from promise')).toEqual([]);
    expect(world.onScreen().disposition).toBeUndefined();
  });
});

describe('a callback', () => {
  it('comes at the time that was asked for, before the rest of the list', async () => {
    world = await World.begin({
      debtors: 40,
      limits: { tickMs: 1_000 },
      behaviour: () => personWho(4_000),
    });
    await world.agentComes();
    await world.until('a talk', () => world.activity() === 'talking');
    const debtor = world.network.dialed[0]?.debtorId;
    await world.confirmsRightParty();
    const callbackAt = AT('2026-11-23T10:30:00');
    await overAndDisposed(1, 'callback', { callbackAt });
    await sleepUntil(callbackAt + 500);
    await world.pass(1_500);
    expect(world.network.dialed).toHaveLength(2);
    expect(world.network.dialed[1]).toMatchObject({ debtorId: debtor, purpose: 'callback' });
  });

  it('passes the gap and the day’s peace once, because they asked, and not outside the law’s hours', async () => {
    await aTalkWithTheOnly({ moreCampaigns: [] });
    await world.confirmsRightParty();
    await overAndDisposed(1, 'callback', { callbackAt: AT('2026-11-23T10:05:00') });
    await world.pass(6 * MINUTE_MS);
    expect(world.network.dialed).toHaveLength(2);
    expect(world.activity()).toBe('talking');
    await world.confirmsRightParty();
    await overAndDisposed(1, 'callback', { callbackAt: AT('2026-11-23T20:30:00') });
    await sleepUntil(AT('2026-11-23T20:29:00'));
    await world.pass(5 * MINUTE_MS);
    expect(world.network.dialed).toHaveLength(2);
    expect(lead()).toMatchObject({
      hold_reason: 'outside-calling-hours',
      not_before_at: AT('2026-11-24T08:00:00'),
    });
  });

  it.each([
    ['without a time', undefined, 'form-needed'],
    ['in the past', { callbackAt: AT('2026-11-23T09:00:00') }, 'form-invalid'],
    ['in a quarter of a year', { callbackAt: AT('2027-02-23T09:00:00') }, 'form-invalid'],
  ] as const)('%s is refused', async (_what, form, code) => {
    await aTalkWithTheOnly();
    await world.confirmsRightParty();
    expect(await world.dispose(1, 'callback', form)).toMatchObject({ ok: false, code });
  });
});

describe('a number that is somebody else’s', () => {
  it('is never called for this debtor again, and the other one is', async () => {
    await aTalkWithTheOnly({ phonesOf: () => [mobileOf(1), mobileOf(2)] });
    expect(world.dialedPhones()).toEqual([mobileOf(1)]);
    await overAndDisposed(1, 'wrong-number');
    expect(world.query('select number, status from phone order by number')).toEqual([
      { number: mobileOf(1), status: 'wrong' },
      { number: mobileOf(2), status: 'unknown' },
    ]);
    await world.pass(30 * MINUTE_MS);
    expect(world.dialedPhones()).toEqual([mobileOf(1), mobileOf(2)]);
    expect(world.query('select scope, phone, reason from block')).toEqual([
      { scope: 'phone', phone: mobileOf(1), reason: 'wrong-number' },
    ]);
  });
});

describe('a person who wants no calls', () => {
  it.each([
    ['do-not-call', 'do-not-call'],
    ['deceased', 'deceased'],
    ['lawyer', 'lawyer'],
  ] as const)('is called by no campaign any more (%s)', async (code, because) => {
    await aTalkWithTheOnly();
    await overAndDisposed(1, code);
    expect(lead()).toMatchObject({ state: 'suppressed', suppressed_because: because });
    await sleepUntil(AT('2026-11-24T09:00:00'));
    await world.pass(5 * MINUTE_MS);
    expect(world.network.dialed).toHaveLength(1);
    expect(lead(other())).toMatchObject({ state: 'suppressed', suppressed_because: because });
  });
});

describe('what an agent may record', () => {
  it.each([
    ['busy', 'a disposition of the system'],
    ['nonsense', 'one that does not exist'],
  ])('is not %s: %s', async (code) => {
    await aTalkWithTheOnly();
    expect(await world.dispose(1, code)).toMatchObject({ ok: false, code: 'unknown-disposition' });
  });

  it('is recorded once', async () => {
    await aTalkWithTheOnly();
    expect(await world.dispose(1, 'third-party')).toEqual({ ok: true });
    expect(await world.dispose(1, 'wrong-number')).toMatchObject({ ok: false, code: 'not-now' });
    expect(world.query('select code from disposition')).toEqual([{ code: 'third-party' }]);
  });

  it('is nothing about a call that is not on the screen', async () => {
    await aTalkWithTheOnly({ agents: 2 });
    await world.agentComes(2);
    const { id: callId } = world.onScreen(1).call;
    expect(await world.ask(2, { kind: 'dispose', callId, code: 'third-party' })).toMatchObject({
      ok: false,
      code: 'not-your-call',
    });
  });
});

describe('a restart', () => {
  it('knows who was confirmed, though the clock was set back in the call', async () => {
    await aTalkWithTheOnly();
    world.clock.jump(-5 * MINUTE_MS);
    expect(await world.confirmsRightParty()).toEqual({ ok: true });
    await world.restart();
    await world.agentSignsIn(1, 'page-one');
    expect(world.onScreen().rightPartyConfirmed).toBe(true);
    expect(await world.confirmsRightParty()).toEqual({ ok: true });
    expect(world.board(theirs()).today.rightParty).toBe(1);
  });
});
