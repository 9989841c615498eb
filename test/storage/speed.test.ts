/**
 * A campaign of 200,000 leads. The query plans are asserted, because an unused index is a mistake.
 * The times are only printed, because they depend on the machine.
 */
import Sqlite from 'better-sqlite3';
import type { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptReads } from '../../src/storage/attempts.ts';
import { complianceReads } from '../../src/storage/compliance.ts';
import { SQLITE } from '../../src/storage/dialect.ts';
import { leadReads } from '../../src/storage/leads.ts';
import { queryBuilderOn } from '../../src/storage/query-builder.ts';
import { reportReads } from '../../src/storage/reports.ts';
import { SqliteConnection } from '../../src/storage/sqlite-driver.ts';
import type { Database } from '../../src/storage/tables.ts';
import { insertOperation, NOON, openTestStorage, type TestStorage } from '../support/store.ts';

const LEADS = 200_000;
const ROUNDS = 50;

describe(`with ${LEADS.toLocaleString('en')} leads in a campaign`, () => {
  let storage: TestStorage;
  let connection: InstanceType<typeof Sqlite>;
  let asked: CompiledQuery[];
  let db: Database;

  beforeAll(async () => {
    storage = await openTestStorage();
    await insertOperation(storage);
    fill(storage.database);
    connection = new Sqlite(storage.database);
    asked = [];
    db = queryBuilderOn(new SqliteConnection(connection), SQLITE, ({ query }) => {
      asked.push(query);
    });
  });

  afterAll(async () => {
    await db.destroy();
    connection.close();
    await storage.dispose();
  });

  function planOf(table: string): string[] {
    const steps = asked
      .filter((query) => query.sql.includes(`from "${table}"`))
      .flatMap(
        (query) =>
          connection.prepare(`explain query plan ${query.sql}`).all(...query.parameters) as {
            detail: string;
          }[],
      );
    asked = [];
    return [...new Set(steps.map((step) => step.detail))];
  }

  it('seeks due leads priority by priority, past any number of held ones', async () => {
    const query = { campaignId: 'campaign_1', now: NOON, limit: 20, exceptDebtors: [] } as const;
    const found = await leadReads(db).dialableLeads(query);
    expect(found).toHaveLength(20);
    // All leads of priority 90 are held; the due ones have lower priorities.
    expect(found[0]?.lead.priority).toBe(50);
    const plan = planOf('lead').join('\n');
    expect(plan).toMatch(/INDEX lead_due \(campaign_id=\? AND priority=\? AND not_before_at<\?\)/);
    expect(plan).not.toMatch(/SCAN lead|TEMP B-TREE/);
    await printTime('20 due leads with debtors and phones', (view) => view.dialableLeads(query));
    const busy = found.map((candidate) => candidate.debtor.id);
    await printTime('the same, without 20 debtors', (view) =>
      view.dialableLeads({ ...query, exceptDebtors: busy }),
    );
    await printTime('when the next lead is due', (view) => view.nextLeadDueAt('campaign_1', NOON));
  });

  it('finds telephones that marked us unwanted without reading every block and attempt', async () => {
    await complianceReads(db).unwantedPhones(NOON);
    const plan = planOf('block').join('\n');
    expect(plan).toMatch(/block USING INDEX block_unwanted/);
    expect(plan).toMatch(/SEARCH attempt USING INDEX attempt_by_phone \(phone=\?/);
    expect(plan).not.toMatch(/AUTOMATIC|SCAN (attempt|call|lead|debtor)/);
  });

  it('adds the funnel up from counts, and seeks only what the running quarter holds', async () => {
    const funnel = await reportReads(db).leadFunnel('campaign_1', NOON);
    expect(funnel.total).toBe(LEADS);
    const plan = planOf('lead').join('\n');
    expect(plan).toMatch(
      /COVERING INDEX lead_funnel \(campaign_id=\? AND state=\? AND hold_reason=\? AND not_before_at>\?/,
    );
    expect(plan).not.toMatch(/SCAN lead|TEMP B-TREE/);
    await printTime('the funnel', (view) => view.leadFunnel('campaign_1', NOON));
  });

  it('finds past attempts by person and by number, and counts the day from indexes', async () => {
    const since = NOON - 1;
    await attemptReads(db).pastAttempts({
      debtorIds: ['debtor_1'],
      phones: ['+5511980000001'],
      since,
    });
    const plan = planOf('attempt').join('\n');
    expect(plan).toMatch(/INDEX attempt_by_debtor \(debtor_id=\? AND placed_at>\?\)/);
    expect(plan).toMatch(/INDEX attempt_by_phone \(phone=\? AND placed_at>\?\)/);
    await reportReads(db).campaignCounts('campaign_1', since);
    expect(planOf('attempt').join('\n')).toMatch(/COVERING INDEX attempt_by_campaign/);
  });

  async function printTime(
    what: string,
    query: Parameters<typeof storage.store.read>[0],
  ): Promise<void> {
    const startedAt = performance.now();
    for (let round = 0; round < ROUNDS; round += 1) await storage.store.read(query);
    const ms = (performance.now() - startedAt) / ROUNDS;
    process.stdout.write(`  ${LEADS.toLocaleString('en')} leads: ${what}: ${ms.toFixed(2)} ms\n`);
  }
});

/**
 * A third of the leads is held at a high priority, a tenth is finished, and the rest is due or
 * held.
 */
function fill(file: string): void {
  const connection = new Sqlite(file);
  connection.pragma('synchronous = OFF');
  connection.exec(`
    begin;
    create temp table number as
      with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${LEADS})
      select i from n;
    insert into list values ('list_1', 'campaign_1', 'Big', 'csv-upload', null, 0, 0, 0, 0, 0, 0, 0, null, null);
    insert into debtor
      select 'debtor_' || i, 'Devedor ' || i, null, null, null, '[]', '[]', 0, 0 from number;
    insert into phone
      select 'phone_' || i, 'debtor_' || i, '+55119' || (80000000 + i), 'mobile', 'crm', 0, 50,
        'unknown', 0, null, null, null, null, null from number;
    insert into lead
      select 'lead_' || i, 'campaign_1', 'list_1', 'debtor_' || i, 'creditor_1',
        case when i % 10 = 0 then 'finished' when i % 2 = 0 then 'waiting' else 'ready' end,
        case when i % 3 = 0 then 90 else 50 end,
        case when i % 3 = 0 or i % 2 = 0 then ${NOON} + i * 100 else 0 end,
        case when i % 7 = 0 then 'gap-phone' else 'retry-delay' end,
        null, null, null, 0, 1, 0, null, null,
        case when i % 10 = 0 then 'no-phone-left' end, null from number;
    commit;
  `);
  connection.close();
}
