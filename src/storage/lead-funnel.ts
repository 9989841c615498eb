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
import { Row } from './row.ts';
import type { Database } from './tables.ts';

/** The same as in migration 0002. */
const BUCKET_MS = 15 * MINUTE_MS;

type Group = {
  readonly state: string;
  /** Empty when there is no reason. */
  readonly hold_reason: string;
  readonly leads: number;
  /** Leads whose quarter of an hour has not begun. */
  readonly later: number;
};

/** A lead whose moment has come counts as due, whether it waited before or not. */
export async function leadFunnel(
  db: Database,
  campaignId: CampaignId,
  now: EpochMs,
): Promise<LeadFunnel> {
  const counts = { total: 0, finished: 0, suppressed: 0, dialing: 0, due: 0 };
  const held = new Map<string, LeadFunnel['held'][number]>();
  for (const group of await groupsOf(db, campaignId, now)) {
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
        const line = await heldOf(db, campaignId, group, now);
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

async function groupsOf(
  db: Database,
  campaignId: CampaignId,
  now: EpochMs,
): Promise<readonly Group[]> {
  const running = Math.floor(now / BUCKET_MS);
  return db
    .selectFrom('lead_count')
    .select([
      'state',
      'hold_reason',
      sql<number>`sum(leads)`.as('leads'),
      sql<number>`sum(case when bucket > ${running} then leads else 0 end)`.as('later'),
    ])
    .where('campaign_id', '=', campaignId)
    .groupBy(['state', 'hold_reason'])
    .execute();
}

/** The leads of a group that are not due yet; undefined when all are due. */
async function heldOf(
  db: Database,
  campaignId: CampaignId,
  { state, hold_reason: reason, later }: Group,
  now: EpochMs,
): Promise<LeadFunnel['held'][number] | undefined> {
  const ofTheGroup = db
    .selectFrom('lead')
    .where('campaign_id', '=', campaignId)
    .where('state', '=', state)
    .where((where) =>
      reason === '' ? where('hold_reason', 'is', null) : where('hold_reason', '=', reason),
    )
    .where('not_before_at', '>', now);
  const endOfRunning = (Math.floor(now / BUCKET_MS) + 1) * BUCKET_MS;
  const soon = await ofTheGroup
    .select((select) => select.fn.countAll<number>().as('leads'))
    .where('not_before_at', '<', endOfRunning)
    .executeTakeFirstOrThrow();
  const leads = later + soon.leads;
  if (leads === 0) return undefined;
  // The first in the whole order of the index: for a `min`, and for an order without the reason, which
  // is the same in all of them, PostgreSQL looks at every row.
  const next = await ofTheGroup
    .select('not_before_at as at')
    .orderBy('hold_reason')
    .orderBy('not_before_at')
    .limit(atMost(1))
    .executeTakeFirstOrThrow();
  return { reason: reason === '' ? 'retry-delay' : reason, leads, nextAt: next.at };
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
