/**
 * How many leads of a campaign are in which state. The database keeps counts by state, reason and
 * quarter of an hour (migration 0002). Only the current quarter must be looked into, so the answer
 * takes as long for a million leads as for a thousand.
 */
import { sql } from 'kysely';
import type { LeadState } from '../domain/leads/lead.ts';
import type { LeadFunnel } from '../engine/ports/records.ts';
import type { CampaignId } from '../lib/ids.ts';
import { type EpochMs, MINUTE_MS } from '../lib/time.ts';
import { atMost } from './dialect.ts';
import { kept } from './kept.ts';
import { Row } from './row.ts';
import type { Database } from './tables.ts';

/** The same as in migration 0002. */
const BUCKET_MS = 15 * MINUTE_MS;

type Asked = {
  readonly campaignId: CampaignId;
  readonly now: EpochMs;
  /** The number of the current quarter of an hour. */
  readonly running: number;
  readonly endOfRunning: EpochMs;
};

type Group = {
  readonly state: string;
  /** Empty when there is no reason. */
  readonly hold_reason: string;
  readonly leads: number;
  /** Leads whose quarter of an hour has not begun. */
  readonly later: number;
  /** Leads of the current quarter that are not due yet; of dialable leads only. */
  readonly soon: number | null;
  /** The earliest moment of those that are not due yet; of dialable leads only. */
  readonly next_at: EpochMs | null;
};

/** A lead whose moment has come counts as due, whether it waited before or not. */
export async function leadFunnel(
  db: Database,
  campaignId: CampaignId,
  now: EpochMs,
): Promise<LeadFunnel> {
  const counts = { total: 0, finished: 0, suppressed: 0, dialing: 0, due: 0 };
  const held = new Map<string, LeadFunnel['held'][number]>();
  const running = Math.floor(now / BUCKET_MS);
  const endOfRunning = (running + 1) * BUCKET_MS;
  const groups = await groupsOf(db, { campaignId, now, running, endOfRunning });
  for (const group of groups.rows) {
    counts.total += group.leads;
    switch (group.state as LeadState) {
      case 'finished':
        counts.finished += group.leads;
        break;
      case 'suppressed':
        counts.suppressed += group.leads;
        break;
      case 'dialing':
      case 'in-call':
        counts.dialing += group.leads;
        break;
      case 'ready':
      case 'waiting': {
        const line = heldOf(group);
        counts.due += group.leads - (line?.leads ?? 0);
        if (line) held.set(line.reason, together(held.get(line.reason), line));
        break;
      }
      default:
        throw new Row('lead_count', group, 'state').corrupt('state', 'is not a state of a lead');
    }
  }
  const lines = [...held.values()].sort(
    (a, b) => b.leads - a.leads || (a.reason < b.reason ? -1 : 1),
  );
  return { ...counts, held: lines };
}

/** All groups in one statement, because each statement is a round trip on PostgreSQL. */
const groupsOf = kept((db, asked: Asked) => {
  const { campaignId, now, running, endOfRunning } = asked;
  const counted = db
    .selectFrom('lead_count')
    .select([
      'state',
      'hold_reason',
      sql<number>`cast(sum(leads) as bigint)`.as('leads'),
      sql<number>`cast(sum(case when bucket > ${running} then leads else 0 end) as bigint)`.as(
        'later',
      ),
    ])
    .where('campaign_id', '=', campaignId)
    .groupBy(['state', 'hold_reason'])
    .as('counted');
  const notDue = db
    .selectFrom('lead')
    .where('campaign_id', '=', campaignId)
    .where('state', '=', sql<string>`counted.state`)
    .where('not_before_at', '>', now);
  const soon = notDue
    .where('not_before_at', '<', endOfRunning)
    .select((select) => select.fn.countAll<number>().as('leads'));
  // The first in the whole order of the index: for a `min`, and for an order without the reason, which
  // is the same in all of them, PostgreSQL looks at every row.
  const next = notDue
    .select('not_before_at as at')
    .orderBy('hold_reason')
    .orderBy('not_before_at')
    .limit(atMost(1));
  const ofNoReason = sql<boolean>`hold_reason is null`;
  const ofReason = sql<boolean>`hold_reason = counted.hold_reason`;
  return db.selectFrom(counted).select([
    ...(['state', 'hold_reason', 'leads', 'later'] as const),
    sql<number | null>`case when counted.state not in ('ready', 'waiting') then null
        when counted.hold_reason = '' then ${soon.where(ofNoReason)}
        else ${soon.where(ofReason)} end`.as('soon'),
    sql<EpochMs | null>`case when counted.state not in ('ready', 'waiting') then null
        when counted.hold_reason = '' then ${next.where(ofNoReason)}
        else ${next.where(ofReason)} end`.as('next_at'),
  ]);
});

/** The leads of a group that are not due yet; undefined when all are due. */
function heldOf(group: Group): LeadFunnel['held'][number] | undefined {
  const { hold_reason: reason, later, soon, next_at: nextAt } = group;
  const leads = later + (soon ?? 0);
  if (leads === 0 || nextAt === null) return undefined;
  return { reason: reason === '' ? 'retry-delay' : reason, leads, nextAt };
}

function together(
  one: LeadFunnel['held'][number] | undefined,
  other: LeadFunnel['held'][number],
): LeadFunnel['held'][number] {
  if (!one) return other;
  return {
    reason: one.reason,
    leads: one.leads + other.leads,
    nextAt: Math.min(one.nextAt, other.nextAt),
  };
}
