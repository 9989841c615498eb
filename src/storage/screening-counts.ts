import { sql } from 'kysely';
import { DISPOSITIONS } from '../domain/dispositions/catalog.ts';
import type { ScreeningCounts, ScreeningTimes } from '../engine/ports/records.ts';
import type { CampaignId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Database } from './tables.ts';

/** Codes by which an agent says that a person was there, or that nobody was. */
const codesSaying = (person: boolean): string[] =>
  DISPOSITIONS.filter((one) => one.setBy === 'agent' && one.person === person).map(
    ({ code }) => code,
  );
const OF_PEOPLE = codesSaying(true);
const OF_MACHINES = codesSaying(false);

/**
 * Read from the screened attempts, by an index of only those, and from what agents said about them.
 */
export async function screeningCounts(
  db: Database,
  campaignId: CampaignId,
  since: EpochMs,
): Promise<ScreeningCounts> {
  const isPerson = sql<boolean>`disposition.code in (${sql.join(OF_PEOPLE)})`;
  const isMachine = sql<boolean>`disposition.code in (${sql.join(OF_MACHINES)})`;
  const count = (condition: ReturnType<typeof sql<boolean>>) =>
    sql<number>`count(case when ${condition} then 1 end)`;
  return db
    .selectFrom('attempt')
    .leftJoin('disposition', (join) =>
      join.onRef('disposition.call_id', '=', 'attempt.call_id').on('is_current', '=', 1),
    )
    .select([
      count(sql`screen_verdict = 'person'`).as('person'),
      count(sql`screen_verdict = 'unsure'`).as('unsure'),
      count(sql`screen_verdict = 'machine'`).as('machine'),
      count(sql`screen_sampled = 1`).as('sampled'),
      count(sql`screen_sampled = 1 and (${isPerson} or ${isMachine})`).as('judged'),
      count(sql`screen_sampled = 1 and ${isPerson}`).as('people'),
      count(sql`screen_verdict <> 'machine' and ${isMachine}`).as('missed'),
    ])
    .where('attempt.campaign_id', '=', campaignId)
    .where('attempt.placed_at', '>=', since)
    .where('screen_verdict', 'is not', null)
    .executeTakeFirstOrThrow();
}

export async function screeningTimes(
  db: Database,
  campaignId: CampaignId,
  since: EpochMs,
): Promise<ScreeningTimes> {
  const isMachine = sql<boolean>`screen_verdict = 'machine'`;
  const isPerson = sql<boolean>`screen_verdict <> 'machine'`;
  const count = (which: typeof isMachine) => sql<number>`count(case when ${which} then 1 end)`;
  const mean = (which: typeof isMachine) =>
    sql<number>`coalesce(avg(case when ${which} then screened_ms end), 0)`;
  return db
    .selectFrom('attempt')
    .select([
      count(isPerson).as('people'),
      count(isMachine).as('machines'),
      mean(isPerson).as('peopleMeanMs'),
      mean(isMachine).as('machinesMeanMs'),
    ])
    .where('campaign_id', '=', campaignId)
    .where('placed_at', '>=', since)
    .where('screen_verdict', 'is not', null)
    .executeTakeFirstOrThrow();
}
