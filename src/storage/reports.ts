/** Counts for screens. Each is answered from a covering index, without reading the rows. */
import { sql } from 'kysely';
import { unansweredCount } from '../domain/calls/outcome.ts';
import { countsOfStanding } from '../domain/reports/measures.ts';
import type { CampaignCounts } from '../engine/ports/records.ts';
import type { StoreView } from '../engine/ports/store.ts';
import type { CampaignId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { STANDING_NAMES } from './abandonment.ts';
import { leadFunnel } from './lead-funnel.ts';
import { CALL_OUTCOMES } from './parts.ts';
import { Row } from './row.ts';
import { screeningCounts, screeningTimes } from './screening-counts.ts';
import type { Database } from './tables.ts';

export function reportReads(
  db: Database,
): Pick<
  StoreView,
  'campaignCounts' | 'screeningCounts' | 'screeningTimes' | 'leadFunnel' | 'agentTotals'
> {
  return {
    async campaignCounts(campaignId, since) {
      return {
        ...(await attemptCounts(db, campaignId, since)),
        ...(await callCounts(db, campaignId, since)),
        rightParty: await rightPartyCount(db, campaignId, since),
        promises: await promiseCount(db, campaignId, since),
      };
    },

    screeningCounts: (campaignId, since) => screeningCounts(db, campaignId, since),

    screeningTimes: (campaignId, since) => screeningTimes(db, campaignId, since),

    leadFunnel: (campaignId, now) => leadFunnel(db, campaignId, now),

    async agentTotals(agentId, since) {
      const calls = await db
        .selectFrom('call')
        .select([
          (select) => select.fn.countAll<number>().as('calls'),
          sql<number>`coalesce(sum(ended_at - connected_at), 0)`.as('talk_ms'),
        ])
        .where('agent_id', '=', agentId)
        .where('connected_at', '>=', since)
        .executeTakeFirstOrThrow();
      const rightParty = await db
        .selectFrom('right_party_contact')
        .select((select) => select.fn.countAll<number>().as('contacts'))
        .where('agent_id', '=', agentId)
        .where('at', '>=', since)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirstOrThrow();
      const promises = await db
        .selectFrom('promise')
        .select([
          (select) => select.fn.countAll<number>().as('promises'),
          sql<number>`coalesce(sum(value_centavos), 0)`.as('centavos'),
        ])
        .where('agent_id', '=', agentId)
        .where('made_at', '>=', since)
        .where('state', '<>', 'cancelled')
        .executeTakeFirstOrThrow();
      return {
        calls: calls.calls,
        rightParty: rightParty.contacts,
        promises: promises.promises,
        promisedCentavos: promises.centavos,
        talkMs: calls.talk_ms,
      };
    },
  };
}

type AttemptCounts = Pick<
  CampaignCounts,
  'attempts' | 'busy' | 'noAnswer' | 'invalid' | 'rejected' | 'failed'
>;

async function attemptCounts(
  db: Database,
  campaignId: CampaignId,
  since: EpochMs,
): Promise<AttemptCounts> {
  const rows = await db
    .selectFrom('attempt')
    .select(['outcome', (select) => select.fn.countAll<number>().as('attempts')])
    .where('campaign_id', '=', campaignId)
    .where('placed_at', '>=', since)
    .groupBy('outcome')
    .execute();
  const counts = { attempts: 0, busy: 0, noAnswer: 0, invalid: 0, rejected: 0, failed: 0 };
  for (const columns of rows) {
    const row = new Row('attempt', columns, 'outcome');
    const attempts = row.integer('attempts');
    counts.attempts += attempts;
    const outcome = row.maybe('outcome', (it) => it.oneOf('outcome', CALL_OUTCOMES));
    // Answered attempts are counted by their calls, which know what became of them.
    const line = outcome && unansweredCount(outcome);
    if (line) counts[line] += attempts;
  }
  return counts;
}

async function callCounts(
  db: Database,
  campaignId: CampaignId,
  since: EpochMs,
): Promise<Pick<CampaignCounts, 'answered' | 'connected' | 'abandoned' | 'hungUpWaiting'>> {
  const rows = await db
    .selectFrom('call')
    .select([
      'standing',
      (select) => select.fn.countAll<number>().as('calls'),
      (select) => select.fn.count<number>('connected_at').as('connected'),
    ])
    .where('campaign_id', '=', campaignId)
    .where('answered_at', '>=', since)
    .groupBy('standing')
    .execute();
  const counts = { answered: 0, connected: 0, abandoned: 0, hungUpWaiting: 0 };
  for (const columns of rows) {
    const row = new Row('call', columns, 'standing');
    const calls = row.integer('calls');
    const standing = row.oneOf('standing', STANDING_NAMES);
    counts.connected += row.integer('connected');
    for (const what of countsOfStanding(standing)) counts[what] += calls;
  }
  return counts;
}

async function rightPartyCount(
  db: Database,
  campaignId: CampaignId,
  since: EpochMs,
): Promise<number> {
  const row = await db
    .selectFrom('right_party_contact')
    .select((select) => select.fn.countAll<number>().as('contacts'))
    .where('campaign_id', '=', campaignId)
    .where('at', '>=', since)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.contacts;
}

async function promiseCount(db: Database, campaignId: CampaignId, since: EpochMs): Promise<number> {
  const row = await db
    .selectFrom('promise')
    .select((select) => select.fn.countAll<number>().as('promises'))
    .where('campaign_id', '=', campaignId)
    .where('made_at', '>=', since)
    .where('state', '<>', 'cancelled')
    .executeTakeFirstOrThrow();
  return row.promises;
}
