/**
 * Leads and the order in which they are dialed. `lead_due` holds the leads that may be dialed, by
 * campaign, priority and moment. A single range over it would walk past every held lead of a high
 * priority to reach a due lead of a lower one. So each existing priority is read with a seek of its
 * own, and the work grows with the leads asked for, not with those stored.
 */
import {
  type Compilable,
  type CompiledQuery,
  type RawBuilder,
  type SelectQueryBuilder,
  sql,
} from 'kysely';
import type {
  AttemptOutcome,
  FinishedBecause,
  Lead,
  LeadState,
  SuppressedBecause,
} from '../domain/leads/lead.ts';
import type { LeadCandidate } from '../engine/ports/records.ts';
import { StoreError, type StoreView } from '../engine/ports/store.ts';
import type { UnreadLead } from '../engine/ports/unread-lead.ts';
import type { CampaignId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { debtorsById, phonesOf } from './debtors.ts';
import { atMost } from './dialect.ts';
import { kept } from './kept.ts';
import { CALL_OUTCOMES } from './parts.ts';
import { defined, type Members, Row, toFlag } from './row.ts';
import type { Database, LeadTable, Tables } from './tables.ts';
import type { StoreWrites } from './writes.ts';

/** Written exactly as in the index; otherwise SQLite does not see that the index serves. */
const IS_DIALABLE = sql<boolean>`state in ('ready', 'waiting')`;
const IS_PROMISED = sql<boolean>`(callback_asked_at is not null or agent_first = 1)`;
/**
 * Has no parameter: SQLite would plan anew for each value, to see whether the index above serves.
 */
const IS_NOT_PROMISED = sql<boolean>`callback_asked_at is null and agent_first = 0`;

type Due = { readonly campaignId: CampaignId; readonly now: EpochMs; readonly limit: number };

const dueLeads = kept((db, due: Due & { readonly priority: number }) =>
  inOrder(
    dialable(db, due.campaignId).where('priority', '=', due.priority).where(IS_NOT_PROMISED),
    due,
  ),
);

/**
 * Leads whose debtor asked for a call at this time, and leads that were called when no agent was
 * free.
 */
const promisedLeads = kept((db, due: Due) =>
  inOrder(dialable(db, due.campaignId).where(IS_PROMISED), due),
);

/**
 * The priorities that dialable leads of a campaign have, each found with one seek. PostgreSQL needs a
 * round trip for a statement, so one walks through all. The highest and the earliest are read as the first
 * row in the order of the index: PostgreSQL looks at every row for a `max` where it has not counted the
 * rows yet, as after an import.
 */
const levelsOf = (db: Database, campaignId: CampaignId): RawBuilder<unknown> => {
  const highest = (lead: SelectQueryBuilder<Tables, 'lead', unknown>) =>
    lead.select('priority').orderBy('priority', 'desc').limit(atMost(1));
  const all = dialable(db, campaignId);
  const below = all.where('priority', '<', sql<number>`level.priority`);
  return sql`with recursive level (priority) as (
    select priority from ${highest(all)} as top
    union all select ${highest(below)} from level where level.priority is not null)`;
};

/**
 * The priorities that have due leads, in no order. Not by `exists`, for which PostgreSQL may read every
 * due lead.
 */
const duePriorities = kept((db, { campaignId, now }: Pick<Due, 'campaignId' | 'now'>) => {
  const due = dialable(db, campaignId)
    .select(sql`1`.as('one'))
    .where('priority', '=', sql<number>`level.priority`)
    .where(IS_NOT_PROMISED)
    .where('not_before_at', '<=', now)
    .orderBy('not_before_at')
    .limit(atMost(1));
  return compilable<{ priority: number }>(
    db,
    sql`${levelsOf(db, campaignId)} select priority from level where ${due} is not null`,
  );
});

const nextDue = kept((db, { campaignId, now }: Pick<Due, 'campaignId' | 'now'>) => {
  const next = dialable(db, campaignId)
    .select('not_before_at as at')
    .where('priority', '=', sql<number>`level.priority`)
    .where('not_before_at', '>', now)
    .orderBy('not_before_at')
    .limit(atMost(1));
  return compilable<{ at: EpochMs | null }>(
    db,
    sql`${levelsOf(db, campaignId)} select min(at) as at
      from (select ${next} as at from level) as each`,
  );
});

function compilable<Output>(db: Database, statement: RawBuilder<unknown>): Compilable<Output> {
  return { compile: () => statement.compile(db) as CompiledQuery<Output> };
}

const updateLead = kept((db, columns: ReturnType<typeof leadColumns>) => {
  const { id, campaign_id: _campaign, list_id: _list, debtor_id: _debtor, ...changing } = columns;
  return db.updateTable('lead').set(changing).where('id', '=', id);
});

export function leadReads(
  db: Database,
): Pick<StoreView, 'dialableLeads' | 'nextLeadDueAt' | 'lead'> {
  return {
    async dialableLeads({ campaignId, now, limit, exceptDebtors, onCorrupt }) {
      const due = { campaignId, now };
      const except = new Set<string>(exceptDebtors);
      const found = await readFree(except, limit, (most) =>
        promisedLeads(db, { ...due, limit: most }),
      );
      if (found.length < limit) {
        const { rows: levels } = await duePriorities(db, due);
        for (const { priority } of levels.toSorted((a, b) => b.priority - a.priority)) {
          const ofPriority = { ...due, priority };
          const more = await readFree(except, limit - found.length, (most) =>
            dueLeads(db, { ...ofPriority, limit: most }),
          );
          found.push(...more);
          if (found.length >= limit) break;
        }
      }
      return readable(db, found, onCorrupt);
    },

    async nextLeadDueAt(campaignId, now) {
      const { rows } = await nextDue(db, { campaignId, now });
      return rows[0]?.at ?? undefined;
    },

    async lead(id) {
      const rows = await db.selectFrom('lead').selectAll().where('id', '=', id).execute();
      return (await candidates(db, rows))[0];
    },
  };
}

export function leadWrites(db: Database): Pick<StoreWrites, 'saveLead' | 'holdUnreadLead'> {
  return {
    async holdUnreadLead(leadId, until) {
      await db
        .updateTable('lead')
        .set({
          state: 'waiting',
          not_before_at: until,
          hold_reason: 'mistake',
          hold_clause: null,
          callback_asked_at: null,
          agent_first: 0,
        })
        .where('id', '=', leadId)
        .execute();
    },

    async saveLead(lead) {
      const columns = leadColumns(lead);
      const updated = await updateLead(db, columns);
      if ((updated.numAffectedRows ?? 0n) > 0n) return;
      const { id, campaign_id, list_id, debtor_id, ...changing } = columns;
      const creditor = await creditorOfCampaign(db, lead.campaignId);
      await db
        .insertInto('lead')
        .values({ id, campaign_id, list_id, debtor_id, creditor_id: creditor, ...changing })
        .execute();
    },
  };
}

/**
 * The first rows whose debtor is not excepted. Hardly any excepted debtor is due, and handing all
 * of them to the statement took longer than the search itself.
 */
async function readFree(
  except: ReadonlySet<string>,
  limit: number,
  read: (most: number) => Promise<{ readonly rows: readonly LeadTable[] }>,
): Promise<LeadTable[]> {
  for (let asked = limit; ; ) {
    const { rows } = await read(asked);
    const free = rows.filter(({ debtor_id }) => !except.has(debtor_id));
    if (free.length >= limit || rows.length < asked) return free.slice(0, limit);
    asked += except.size;
  }
}

function inOrder(
  query: SelectQueryBuilder<Tables, 'lead', unknown>,
  { now, limit }: Due,
): SelectQueryBuilder<Tables, 'lead', LeadTable> {
  return query
    .selectAll()
    .where('not_before_at', '<=', now)
    .orderBy('not_before_at')
    .orderBy('id')
    .limit(atMost(limit));
}

function dialable(
  db: Database,
  campaignId: CampaignId,
): SelectQueryBuilder<Tables, 'lead', unknown> {
  return db.selectFrom('lead').where('campaign_id', '=', campaignId).where(IS_DIALABLE);
}

/**
 * When one of the leads cannot be read, each is read by itself and the unreadable ones are left
 * out.
 */
async function readable(
  db: Database,
  rows: readonly LeadTable[],
  onCorrupt: ((lead: UnreadLead) => void) | undefined,
): Promise<LeadCandidate[]> {
  try {
    return await candidates(db, rows);
  } catch (error) {
    const isCorrupt = error instanceof StoreError && error.code === 'corrupt-row';
    if (!onCorrupt || !isCorrupt) throw error;
    const [only, ...others] = rows;
    if (only && others.length === 0) {
      onCorrupt({ leadId: only.id, debtorId: only.debtor_id, error });
      return [];
    }
    const read: LeadCandidate[] = [];
    for (const row of rows) read.push(...(await readable(db, [row], onCorrupt)));
    return read;
  }
}

async function candidates(db: Database, rows: readonly LeadTable[]): Promise<LeadCandidate[]> {
  if (rows.length === 0) return [];
  const read = rows.map((columns) => {
    const row = new Row('lead', columns);
    return { row, lead: readLead(row), creditorId: row.id('creditor', 'creditor_id') };
  });
  const debtorIds = read.map(({ lead }) => lead.debtorId);
  const debtors = await debtorsById(db, debtorIds);
  const phones = await phonesOf(db, debtorIds);
  return read.map(({ row, lead, creditorId }) => {
    const debtor = debtors.get(lead.debtorId);
    if (!debtor) throw row.corrupt('debtor_id', 'names no debtor');
    return { lead, creditorId, debtor, phones: phones.get(lead.debtorId) ?? [] };
  });
}

async function creditorOfCampaign(db: Database, campaignId: CampaignId): Promise<string> {
  const row = await db
    .selectFrom('campaign')
    .innerJoin('portfolio', 'portfolio.id', 'campaign.portfolio_id')
    .select('portfolio.creditor_id')
    .where('campaign.id', '=', campaignId)
    .executeTakeFirst();
  if (!row) throw new StoreError('not-found', `campaign ${campaignId} of a new lead is not stored`);
  return row.creditor_id;
}

export function leadColumns(lead: Lead): Omit<LeadTable, 'creditor_id'> {
  return {
    id: lead.id,
    campaign_id: lead.campaignId,
    list_id: lead.listId,
    debtor_id: lead.debtorId,
    state: lead.state,
    priority: lead.priority,
    not_before_at: lead.notBeforeAt,
    hold_reason: lead.holdReason ?? null,
    hold_clause: lead.holdClause ?? null,
    next_phone_id: lead.nextPhoneId ?? null,
    callback_asked_at: lead.callbackAskedAt ?? null,
    agent_first: toFlag(lead.agentGuaranteed),
    cycle: lead.cycle,
    attempts: lead.attempts,
    last_outcome: lead.lastOutcome ?? null,
    last_attempt_at: lead.lastAttemptAt ?? null,
    finished_because: lead.finishedBecause ?? null,
    suppressed_because: lead.suppressedBecause ?? null,
  };
}

export const LEAD_STATES: Members<LeadState> = {
  ready: true,
  dialing: true,
  waiting: true,
  'in-call': true,
  finished: true,
  suppressed: true,
};

const ATTEMPT_OUTCOMES: Members<AttemptOutcome> = { ...CALL_OUTCOMES, abandoned: true };

function readLead(row: Row): Lead {
  return defined({
    id: row.id('lead', 'id'),
    campaignId: row.id('campaign', 'campaign_id'),
    listId: row.id('list', 'list_id'),
    debtorId: row.id('debtor', 'debtor_id'),
    state: row.oneOf('state', LEAD_STATES),
    priority: row.integer('priority'),
    notBeforeAt: row.integer('not_before_at'),
    holdReason: row.maybe('hold_reason', (it) =>
      it.code<NonNullable<Lead['holdReason']>>('hold_reason'),
    ),
    holdClause: row.maybe('hold_clause', (it) => it.text('hold_clause')),
    nextPhoneId: row.maybe('next_phone_id', (it) => it.id('phone', 'next_phone_id')),
    callbackAskedAt: row.maybe('callback_asked_at', (it) => it.integer('callback_asked_at')),
    agentGuaranteed: row.flag('agent_first'),
    cycle: row.integer('cycle'),
    attempts: row.integer('attempts'),
    lastOutcome: row.maybe('last_outcome', (it) => it.oneOf('last_outcome', ATTEMPT_OUTCOMES)),
    lastAttemptAt: row.maybe('last_attempt_at', (it) => it.integer('last_attempt_at')),
    finishedBecause: row.maybe('finished_because', (it) =>
      it.code<FinishedBecause>('finished_because'),
    ),
    suppressedBecause: row.maybe('suppressed_because', (it) =>
      it.code<SuppressedBecause>('suppressed_because'),
    ),
  });
}
