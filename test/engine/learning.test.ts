import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { readLearning } from '../../src/engine/keep-learning.ts';
import type { CampaignId } from '../../src/lib/ids.ts';
import { BUSY, personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

/** A quarter of a minute of talk for every third number, the others busy or silent. */
async function aFloor(): Promise<void> {
  world = await World.begin({
    agents: 3,
    debtors: 200,
    profileId: 'demonstration',
    campaign: { pacing: { mode: 'predictive', linesMax: 200 } },
    behaviour: ({ phone }) => {
      const digit = Number(phone.at(-1)) % 3;
      if (digit === 0) return personWho(4_000, 15_000);
      return digit === 1 ? BUSY : RINGS_FOREVER;
    },
  });
  for (let n = 1; n <= 3; n += 1) await world.agentComes(n);
}

async function work(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await world.pass(500);
    for (let n = 1; n <= 3; n += 1) {
      if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'dropped');
    }
  }
}

type Saved = { fact_sequence: number; state: string; schema_version: number };
const saved = () => world.query<Saved>('select * from pacer_state');
/** Without what the pacer read off the calls on the way as it planned, which no fact tells. */
function learned(campaignId = world.campaignId) {
  const all = world.engine.learned(campaignId) as {
    setups: { level: unknown; followedUntil: unknown };
    carrier: object;
    releases: object;
  };
  const { level: _level, followedUntil: _until, ...setups } = all.setups;
  const { carrier: _carrier, ...facts } = all;
  return { ...facts, setups };
}

/** The same but for the digits that are not written down. */
function expectTheSame(after: unknown, before: unknown): void {
  const digits = (key: string, value: unknown) =>
    typeof value === 'number' && key !== '' ? Number(value.toPrecision(3)) : value;
  expect(JSON.parse(JSON.stringify(after, digits))).toEqual(
    JSON.parse(JSON.stringify(before, digits)),
  );
}

describe('what a pacer learned', () => {
  it('is the same after the process died and another one took over', async () => {
    await aFloor();
    await work(63_300);
    await world.change({ linesMax: 0 });
    await world.until('the last call ended, and it is not saved', () => {
      if (world.board().live.ringing > 0) return false;
      const known = JSON.parse(saved()[0]?.state ?? '') as { setups: { setupsKnown: number } };
      return known.setups.setupsKnown < (learned().setups as { setupsKnown: number }).setupsKnown;
    });
    await world.pass(300);
    const before = learned();
    await world.kill();
    await world.startProcess();
    await world.pass(300);
    expectTheSame(learned(), before);
  });

  it('is saved every ten seconds at the most, and not again while nothing is learned', async () => {
    await aFloor();
    await world.pass(10_500);
    const [first] = saved();
    await work(9_000);
    await world.pass(1_500);
    const [second] = saved();
    expect(second?.fact_sequence).toBeGreaterThan(first?.fact_sequence ?? 0);
    await world.change({ state: 'paused' });
    await work(70_000);
    const quiet = saved();
    await world.pass(60_000);
    expect(saved()).toEqual(quiet);
  });

  it('is saved with everything known when the process is drained', async () => {
    await aFloor();
    await work(47_000);
    const drained = world.engine.drain(60_000);
    await world.pass(60_000);
    await drained;
    const [record] = saved();
    expect(record?.fact_sequence).toBe(world.engine.upTo());
    expect(JSON.parse(record?.state ?? '')).toEqual(world.engine.learned(world.campaignId));
  });

  it('by another version is dropped, which is told, and learned again from the facts', async () => {
    await aFloor();
    await work(60_300);
    await world.change({ linesMax: 0 });
    await world.pass(300);
    const before = learned();
    await world.kill();
    const file = world.query<{ file: string }>('pragma database_list')[0]?.file ?? '';
    const database = new Sqlite(file);
    database.exec(`update pacer_state set schema_version = 99, state = '{"other":1}'`);
    database.close();
    await world.startProcess();
    await world.pass(300);
    expectTheSame(learned(), before);
    const told: object[] = [];
    await world.storage.setUp((transaction) =>
      transaction.savePacerState(
        { campaignId: world.campaignId, schemaVersion: 99, factSequence: 1, learned: {} },
        world.clock.now(),
      ),
    );
    const known = await world.storage.store.read((view) =>
      readLearning(view, { warn: (fields) => told.push(fields) }),
    );
    expect(known.size).toBe(0);
    expect(told).toEqual([{ campaignId: world.campaignId, schemaVersion: 99, known: 2 }]);
  });

  it('never comes from a commit that failed', async () => {
    await aFloor();
    await world.until('a talk', () => world.activity() === 'talking');
    const before = learned();
    world.diskFails = true;
    await world.pass(20_000).catch(() => {});
    expect(learned()).toEqual(before);
    expect(world.fatal).toBeDefined();
    world.fatal = undefined;
  });

  it('stays with the campaign over a change of its settings', async () => {
    await aFloor();
    await work(40_300);
    const before = learned();
    await world.change({ mode: 'ratio', ratio: 1 });
    await world.change({ ringTimeoutMs: 20_000, linesMax: 0 });
    await world.pass(150);
    expect(learned()).toMatchObject({ releases: before.releases });
  });
});

describe('what the campaigns of a dialing group learned', () => {
  const SECOND: CampaignId = 'campaign_second';

  it('is the same for each of them after the process died, and they are planned together again', async () => {
    const pacing = { mode: 'predictive', linesMax: 200 } as const;
    world = await World.begin({
      agents: 3,
      debtors: 200,
      profileId: 'demonstration',
      campaign: { pacing },
      moreCampaigns: [{ id: SECOND, name: 'Segunda', pacing }],
      leadsOf: (id) => Array.from({ length: 100 }, (_, n) => n + (id === SECOND ? 101 : 1)),
      behaviour: ({ phone }) => {
        const digit = Number(phone.at(-1)) % 3;
        if (digit === 0) return personWho(4_000, 15_000);
        return digit === 1 ? BUSY : RINGS_FOREVER;
      },
    });
    for (let n = 1; n <= 3; n += 1) await world.agentComes(n);
    await work(63_300);
    for (const id of [world.campaignId, SECOND]) await world.change({ linesMax: 0 }, id);
    await work(40_000);
    await world.pass(300);
    const known = () => [learned(), learned(SECOND)];
    const group = world.board().plan?.groupIds;
    expect(group).toEqual([SECOND, world.campaignId]);
    const before = known();
    expect(JSON.stringify(before[0])).not.toBe(JSON.stringify(before[1]));
    await world.kill();
    await world.startProcess();
    await world.pass(300);
    expectTheSame(known(), before);
    for (let n = 1; n <= 3; n += 1) await world.screenReturns(n);
    await world.pass(500);
    expect(world.board().plan?.groupIds).toEqual(group);
    expect(world.board(SECOND).plan?.groupIds).toEqual(group);
    expectTheSame(known(), before);
  });
});
