import { afterEach, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import type { CampaignId, DebtorId } from '../../src/lib/ids.ts';
import type { E164 } from '../../src/lib/phone-number.ts';
import { HOUR_MS } from '../../src/lib/time.ts';
import { BUSY, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { mobileOf } from '../../src/simulator/operation.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const SECOND: CampaignId = 'campaign_second';
/** Days on end are passed in bigger steps; what is due is done when it is due all the same. */
const LONG_DAY = { tickMs: 10_000 };

type DecisionRow = {
  readonly id: string;
  readonly allowed: number;
  readonly reason: string | null;
  readonly clause: string | null;
  readonly retry_at: number | null;
  readonly profile_id: string;
  readonly profile_version: string;
  readonly rules: string;
};

function decisions(): DecisionRow[] {
  return world.query<DecisionRow>('select * from decision order by at, id');
}

type LeadRow = {
  readonly id: string;
  readonly state: string;
  readonly not_before_at: number;
  readonly hold_reason: string | null;
  readonly hold_clause: string | null;
  readonly finished_because: string | null;
  readonly suppressed_because: string | null;
};

function leads(): LeadRow[] {
  return world.query<LeadRow>('select * from lead order by id');
}

function at(local: string): number {
  return Date.parse(`${local}-03:00`);
}

/** Keeps the agent working through the calls of a stretch of time. */
async function work(ms: number, agents = 1): Promise<void> {
  const last = world.clock.now() + ms;
  while (world.clock.now() < last) {
    await world.pass(10_000);
    for (let n = 1; n <= agents; n += 1) {
      if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'dropped');
      if (world.activity(n) === 'none') await world.agentComes(n);
    }
  }
}

describe('hours', () => {
  it('dials nobody before the window opens, says by which law, and begins when it does', async () => {
    world = await World.begin({ start: at('2026-11-23T07:50:00'), debtors: 3 });
    await world.agentComes();
    await world.pass(10 * 60_000 - 1_000);
    expect(world.network.dialed).toEqual([]);
    expect(leads()).toHaveLength(3);
    for (const lead of leads()) {
      expect(lead).toMatchObject({
        state: 'waiting',
        not_before_at: at('2026-11-23T08:00:00'),
        hold_reason: 'outside-calling-hours',
        hold_clause: expect.stringMatching(/^BR-01: /),
      });
    }
    expect(world.board().plan?.because).toEqual({
      code: 'no-leads-due',
      values: { nextAt: at('2026-11-23T08:00:00') },
    });
    await world.pass(2_000);
    expect(world.network.dialed).toHaveLength(1);
    expect(world.clock.now() - (world.factsOf('call-placed')[0]?.at ?? 0)).toBeLessThan(2_000);
  });

  it('says on the board how many leads wait for the window, and until when', async () => {
    world = await World.begin({ start: at('2026-11-23T07:50:00'), debtors: 12 });
    await world.agentComes();
    await world.pass(20_000);
    expect(world.board().leads).toMatchObject({
      total: 12,
      due: 0,
      held: [{ reason: 'outside-calling-hours', leads: 12, nextAt: at('2026-11-23T08:00:00') }],
    });
  });

  it('places no call whose ringing would outlast the window', async () => {
    world = await World.begin({
      start: at('2026-11-23T19:59:30'),
      debtors: 20,
      behaviour: () => BUSY,
    });
    await world.agentComes();
    await world.pass(120_000);
    const placed = world.factsOf('call-placed');
    expect(placed.length).toBeGreaterThan(0);
    expect(Math.max(...placed.map((fact) => fact.at))).toBeLessThanOrEqual(
      at('2026-11-23T19:59:35'),
    );
    const held = leads().filter((lead) => lead.hold_reason === 'outside-calling-hours');
    expect(held.length).toBeGreaterThan(0);
    for (const lead of held) expect(lead.not_before_at).toBe(at('2026-11-24T08:00:00'));
  });

  it('lets a talk go on when the window closes', async () => {
    world = await World.begin({
      start: at('2026-11-23T19:59:20'),
      behaviour: () => personWho(5_000, 120_000),
    });
    await world.agentComes();
    await world.pass(90_000);
    expect(world.activity()).toBe('talking');
  });

  it('leaves everybody in peace on a Sunday, until Monday', async () => {
    world = await World.begin({ start: at('2026-11-22T10:00:00'), debtors: 2 });
    await world.agentComes();
    await world.pass(30_000);
    expect(world.network.dialed).toEqual([]);
    expect(leads().map((lead) => lead.not_before_at)).toEqual([
      at('2026-11-23T08:00:00'),
      at('2026-11-23T08:00:00'),
    ]);
  });

  it('keeps to the hours of Rio de Janeiro for a Rio number while it dials São Paulo', async () => {
    world = await World.begin({
      start: at('2026-11-23T08:30:00'),
      debtors: 2,
      agents: 2,
      phonesOf: (n) => (n === 1 ? ['+5521987654321'] : [mobileOf(n)]),
    });
    await world.agentComes(1);
    await world.agentComes(2);
    await world.pass(5_000);
    expect(world.dialedPhones()).toEqual([mobileOf(2)]);
    expect(leads()).toContainEqual(
      expect.objectContaining({
        hold_reason: 'outside-calling-hours',
        hold_clause: expect.stringContaining('Lei RJ 6.854/2014'),
        not_before_at: at('2026-11-23T09:00:00'),
      }),
    );
    await work(30 * 60_000, 2);
    expect(world.dialedPhones()).toContain('+5521987654321');
  });

  it('calls another number of the same person where only the first is outside its hours', async () => {
    world = await World.begin({
      start: at('2026-11-23T08:30:00'),
      debtors: 1,
      phonesOf: () => ['+5521987654321', '+5511987654321'],
    });
    await world.agentComes();
    await world.pass(5_000);
    expect(world.dialedPhones()).toEqual(['+5511987654321']);
  });
});

describe('attempts', () => {
  it('keeps two hours between calls to one number and ends at its two a day', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER, limits: LONG_DAY });
    await world.agentComes();
    await work(9 * HOUR_MS);
    const placed = world.factsOf('call-placed').map((fact) => fact.at);
    expect(placed).toHaveLength(2);
    expect((placed[1] ?? 0) - (placed[0] ?? 0)).toBeGreaterThanOrEqual(2 * HOUR_MS);
    expect(leads()[0]).toMatchObject({
      hold_reason: 'attempts-phone-day',
      hold_clause: expect.stringMatching(/^BR-04: /),
      not_before_at: at('2026-11-24T08:00:00'),
    });
  });

  it('calls a person four times a day over all their numbers and both campaigns', async () => {
    const phones = ['+5511980000001', '+5511980000002', '+5511980000003', '+5511980000004'];
    world = await World.begin({
      debtors: 1,
      agents: 2,
      limits: LONG_DAY,
      moreCampaigns: [{ id: SECOND, name: 'Segunda' }],
      phonesOf: () => phones,
      behaviour: () => RINGS_FOREVER,
    });
    await world.agentComes(1);
    await world.agentComes(2);
    await work(9 * HOUR_MS, 2);
    expect(world.network.dialed).toHaveLength(4);
    expect(new Set(world.factsOf('call-placed').map((fact) => fact.campaignId)).size).toBe(2);
    expect(leads().map((lead) => lead.hold_reason)).toEqual([
      'attempts-person-day',
      'attempts-person-day',
    ]);
    const placed = world.factsOf('call-placed').map((fact) => fact.at);
    for (const [index, moment] of placed.entries()) {
      if (index > 0) expect(moment - (placed[index - 1] ?? 0)).toBeGreaterThanOrEqual(600_000);
    }
  });

  it('calls again the next morning, when the day has its own attempts', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER, limits: LONG_DAY });
    await world.agentComes();
    await work(12 * HOUR_MS);
    expect(world.network.dialed).toHaveLength(2);
    await world.ask(1, { kind: 'pause', reason: 'meal' });
    await world.pass(at('2026-11-24T08:00:00') - world.clock.now() - 1_000);
    expect(world.network.dialed).toHaveLength(2);
    await world.ask(1, { kind: 'go-available' });
    await world.pass(12_000);
    expect(world.network.dialed).toHaveLength(3);
  });
});

describe('who must not be called', () => {
  const block = async (given: {
    readonly scope: 'phone' | 'person';
    readonly phone?: E164;
    readonly debtorId?: DebtorId;
    readonly reason: 'opt-out' | 'public-list' | 'wrong-number';
  }): Promise<void> => {
    await world.storage.setUp((tx) =>
      tx.insertBlock({
        id: 'block_1',
        effectiveFrom: world.clock.now(),
        at: world.clock.now(),
        ...given,
      }),
    );
  };
  const debtorIdOf = (n: number): DebtorId => {
    const [row] = world.query<{ debtor_id: DebtorId }>(
      'select debtor_id from phone where number = ?',
      mobileOf(n),
    );
    if (!row) throw new Error(`no debtor ${n}`);
    return row.debtor_id;
  };

  it('never calls a person who asked not to be called, on any number', async () => {
    world = await World.begin({
      debtors: 2,
      agents: 2,
      phonesOf: (n) => [mobileOf(n), mobileOf(n + 100)],
    });
    await block({ scope: 'person', debtorId: debtorIdOf(1), reason: 'opt-out' });
    await world.agentComes(1);
    await world.agentComes(2);
    await world.pass(5_000);
    expect(world.dialedPhones()).toEqual([mobileOf(2)]);
    expect(leads()).toContainEqual(
      expect.objectContaining({ state: 'suppressed', suppressed_because: 'do-not-call' }),
    );
  });

  it('calls the other number of a person whose first one is on a public list', async () => {
    world = await World.begin({ debtors: 1, phonesOf: (n) => [mobileOf(n), mobileOf(n + 100)] });
    await block({ scope: 'phone', phone: mobileOf(1) as E164, reason: 'public-list' });
    await world.agentComes();
    await world.pass(5_000);
    expect(world.dialedPhones()).toEqual([mobileOf(101)]);
  });

  it('is done with a lead whose only number is somebody else’s', async () => {
    world = await World.begin({ debtors: 1 });
    await block({
      scope: 'phone',
      phone: mobileOf(1) as E164,
      debtorId: debtorIdOf(1),
      reason: 'wrong-number',
    });
    await world.agentComes();
    await world.pass(5_000);
    expect(world.network.dialed).toEqual([]);
    expect(leads()[0]).toMatchObject({ state: 'finished', finished_because: 'no-phone-left' });
  });

  it('obeys a block in the very turn in which it is recorded', async () => {
    world = await World.begin({
      profileId: 'demonstration',
      debtors: 1,
      agents: 2,
      moreCampaigns: [{ id: SECOND, name: 'Segunda', state: 'paused' }],
      behaviour: () => personWho(2_000, 5_000),
    });
    await world.agentComes(1);
    await world.pass(10_000);
    expect(world.activity(1)).toBe('wrapping-up');
    await world.agentComes(2);
    // Both are decided in one turn: the campaign runs from now on, and the debtor wants no calls.
    const callId = world.onScreen(1).call.id;
    const agentId = world.agentId(1);
    void world.engine.run({
      kind: 'change-campaign',
      scope: HOUSE,
      byUserId: 'user_boss',
      campaignId: SECOND,
      change: { state: 'running' },
    });
    void world.engine.run({ kind: 'dispose', agentId, callId, code: 'do-not-call' });
    await world.pass(30_000);
    expect(world.network.dialed).toHaveLength(1);
  });
});

describe('the evidence', () => {
  it('keeps a row for each permit, which its attempt names', async () => {
    world = await World.begin({ debtors: 3, agents: 2, behaviour: () => RINGS_FOREVER });
    await world.agentComes(1);
    await world.agentComes(2);
    await world.pass(5_000);
    const rows = decisions();
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({
        allowed: 1,
        reason: null,
        profile_id: 'br-cobranca',
        profile_version: '2',
      });
      const rules = JSON.parse(row.rules) as { rule: string; passed: boolean }[];
      expect(rules.map(({ rule }) => rule)).toContain('calling-hours');
      expect(rules.every(({ passed }) => passed)).toBe(true);
    }
    expect(world.network.dialed.map(({ decisionId }) => decisionId).sort()).toEqual(
      rows.map(({ id }) => id).sort(),
    );
    const named = world.query<{ decision_id: string }>('select decision_id from attempt');
    expect(named.map((one) => one.decision_id).sort()).toEqual(rows.map(({ id }) => id).sort());
  });

  it('keeps a row for each refusal, with the rule, the clause and when to ask again', async () => {
    world = await World.begin({ start: at('2026-11-23T07:50:00'), debtors: 1 });
    await world.agentComes();
    await world.pass(60_000);
    const [row] = decisions();
    expect(decisions()).toHaveLength(1);
    expect(row).toMatchObject({
      allowed: 0,
      reason: 'outside-calling-hours',
      clause: expect.stringMatching(/^BR-01: /),
      retry_at: at('2026-11-23T08:00:00'),
    });
    const rules = JSON.parse(row?.rules ?? '[]') as { rule: string; passed: boolean }[];
    expect(rules.filter(({ passed }) => !passed).map(({ rule }) => rule)).toEqual([
      'calling-hours',
    ]);
  });
});
