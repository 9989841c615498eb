/** Who did what, from where and when. Rows are only added. */
import type {
  Expression,
  ExpressionBuilder,
  Selectable,
  SelectQueryBuilder,
  SqlBool,
} from 'kysely';
import {
  type AuditEntry,
  type AuditSubject,
  type AuditWanted,
  SUBJECTS_OF_CAMPAIGNS,
} from '../engine/ports/audit.ts';
import type { ImportSource, ImportTotals } from '../engine/ports/lists.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { given } from '../lib/given.ts';
import type { CampaignId, ListId } from '../lib/ids.ts';
import { lastFour, readE164 } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';
import { atMost, dialectOf, isAmong } from './dialect.ts';
import { defined, Row } from './row.ts';
import type { AuditTable, Database, Tables } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export function auditReads(db: Database): Pick<StoreView, 'auditEntries'> {
  return {
    async auditEntries(limit, wanted = {}, ofCampaigns) {
      const rows = await chosen(db, wanted, ofCampaigns)
        .orderBy('id', 'desc')
        .limit(atMost(limit))
        .execute();
      const entries = rows.map(readAudit);
      const names = await namesOf(db, entries);
      return entries.map((entry) => {
        const byName = names.get(entry.byUserId ?? entry.byTokenId ?? '');
        const subjectName = names.get(entry.subjectId);
        const toName = names.get(entry.to ?? '');
        return {
          ...entry,
          ...given({ byName, subjectName, toName }),
        };
      });
    },
  };
}

export async function insertAudit(db: Database, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      at: entry.at,
      by_user_id: entry.byUserId ?? null,
      by_token_id: entry.byTokenId ?? null,
      address: entry.address ?? null,
      subject: entry.subject,
      subject_id: entry.subjectId,
      change: entry.change,
      from_value: entry.from ?? null,
      to_value: entry.to ?? null,
      because: entry.because ?? null,
    })
    .execute();
}

export function auditWrites(db: Database): Pick<StoreWrites, 'insertAudit'> {
  return { insertAudit: (entry) => insertAudit(db, entry) };
}

// ── Imports ─────────────────────────────────────────────────────────────────────────────────────

/**
 * Records the beginning of an import. A list that a token sends by the API gets no row: a CRM that
 * pushes a row a second would bury everything else. It is shown among the lists, and the row of the
 * token's use says who sent it.
 */
export async function auditImportBegan(db: Database, source: ImportSource): Promise<void> {
  if (source.origin === 'api' && source.byTokenId) return;
  const { listId, name, startedAt, byUserId, byTokenId, address } = source;
  await insertAudit(db, {
    at: startedAt,
    ...(byUserId ? { byUserId } : {}),
    ...(byTokenId ? { byTokenId } : {}),
    ...(address ? { address } : {}),
    subject: 'list',
    subjectId: listId,
    change: 'import-began',
    to: name,
  });
}

/**
 * Records the end of an import under the name of the person who began it. Does nothing when the
 * beginning has no row.
 */
export async function auditImportEnded(
  db: Database,
  listId: ListId,
  ended: {
    readonly at: EpochMs;
    readonly totals: ImportTotals;
    readonly brokenOffBecause?: string;
  },
): Promise<void> {
  const began = await db
    .selectFrom('audit')
    .selectAll()
    .where('subject_id', '=', listId)
    .where('change', '=', 'import-began')
    .executeTakeFirst();
  if (!began) return;
  const { at, totals, brokenOffBecause } = ended;
  const to = JSON.stringify({ ...totals, ...(brokenOffBecause ? { brokenOffBecause } : {}) });
  const { from: _from, ...by } = readAudit(began);
  await insertAudit(db, { ...by, at, change: 'import-ended', to });
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────

function chosen(
  db: Database,
  wanted: AuditWanted,
  ofCampaigns?: readonly CampaignId[],
): SelectQueryBuilder<Tables, 'audit', Selectable<AuditTable>> {
  const { subjects, userId, from, before, olderThanId } = wanted;
  let rows = db.selectFrom('audit').selectAll();
  if (subjects) rows = rows.where(isAmong(db, 'subject', subjects));
  if (userId !== undefined) {
    rows = rows.where((where) =>
      where.or([where('by_user_id', '=', userId), where('subject_id', '=', userId)]),
    );
  }
  if (from !== undefined) rows = rows.where('at', '>=', from);
  if (before !== undefined) rows = rows.where('at', '<', before);
  if (olderThanId !== undefined) rows = rows.where('id', '<', olderThanId);
  return ofCampaigns ? rows.where((where) => isOfCampaigns(db, where, ofCampaigns)) : rows;
}

/** By the subjects that may belong to a campaign ({@link SUBJECTS_OF_CAMPAIGNS}). */
function isOfCampaigns(
  db: Database,
  where: ExpressionBuilder<Tables, 'audit'>,
  campaignIds: readonly CampaignId[],
): Expression<SqlBool> {
  const call = where
    .selectFrom('call')
    .select('call.id')
    .where(isAmong(db, 'call.campaign_id', campaignIds));
  const block = call.innerJoin('block', 'block.call_id', 'call.id');
  const ofBlock = where.exists(block.whereRef('block.id', '=', 'audit.subject_id'));
  const isOf = {
    campaign: isAmong(db, 'audit.subject_id', campaignIds),
    list: where.exists(
      where
        .selectFrom('list')
        .select('list.id')
        .whereRef('list.id', '=', 'audit.subject_id')
        .where(isAmong(db, 'list.campaign_id', campaignIds)),
    ),
    call: where.exists(call.whereRef('call.id', '=', 'audit.subject_id')),
    block: ofBlock,
    // The row of a request names what it is about.
    approval: ofBlock,
  } as const satisfies Record<(typeof SUBJECTS_OF_CAMPAIGNS)[number], unknown>;
  return where.or(
    SUBJECTS_OF_CAMPAIGNS.map((subject) =>
      where.and([where('audit.subject', '=', subject), isOf[subject]]),
    ),
  );
}

/**
 * The tables whose names are shown, by the kind of an id. An id names its kind, so the row's
 * subject is not needed.
 */
const NAMED = {
  user: 'user_account',
  token: 'api_token',
  campaign: 'campaign',
  list: 'list',
  debtor: 'debtor',
  trunk: 'trunk',
  creditor: 'creditor',
  portfolio: 'portfolio',
  entity: 'legal_entity',
} as const;

async function namesOf(
  db: Database,
  entries: readonly AuditEntry[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(
    entries.flatMap(({ byUserId, byTokenId, subjectId, to }) => [
      byUserId,
      byTokenId,
      subjectId,
      to,
    ]),
  );
  const names = new Map<string, string>();
  for (const [kind, table] of Object.entries(NAMED)) {
    const ofKind = [...ids].filter((id) => id?.startsWith(`${kind}_`)) as string[];
    if (ofKind.length === 0) continue;
    const rows = await db
      .selectFrom(table)
      .select(['id', 'name'])
      .where(isAmong(db, 'id', ofKind))
      .execute();
    for (const { id, name } of rows) names.set(id, name);
  }
  // A caller ID is shown by its number.
  const numbers = [...ids].filter((id) => id?.startsWith('callerid_')) as string[];
  const callerIds = db.selectFrom('caller_id').select(['id', 'number']);
  const found = numbers.length ? await callerIds.where(isAmong(db, 'id', numbers)).execute() : [];
  for (const { id, number } of found) names.set(id, number);
  for (const { id, phone } of await phonesOf(db, [...ids])) {
    const number = readE164(phone ?? '');
    if (number !== undefined) names.set(id, lastFour(number));
  }
  return names;
}

/**
 * The telephone of a call or a block, by which a screen names it; the screen shows the last digits.
 */
async function phonesOf(
  db: Database,
  ids: readonly (string | undefined)[],
): Promise<readonly { readonly id: string; readonly phone: string | null }[]> {
  const ofKind = (kind: string) => ids.filter((id) => id?.startsWith(`${kind}_`)) as string[];
  const blockIds = ofKind('block');
  const callIds = ofKind('call');
  const blocks = db.selectFrom('block').select(['id', 'phone']);
  const phone = dialectOf(db).fieldOf('body', 'phone');
  const calls = db.selectFrom('call').select(['id', phone.as('phone')]);
  return [
    ...(blockIds.length ? await blocks.where(isAmong(db, 'id', blockIds)).execute() : []),
    ...(callIds.length ? await calls.where(isAmong(db, 'id', callIds)).execute() : []),
  ];
}

function readAudit(columns: object): AuditEntry & { readonly id: number } {
  const row = new Row('audit', columns);
  return defined({
    id: row.integer('id'),
    at: row.integer('at'),
    byUserId: row.maybe('by_user_id', (it) => it.id('user', 'by_user_id')),
    byTokenId: row.maybe('by_token_id', (it) => it.id('token', 'by_token_id')),
    address: row.maybe('address', (it) => it.text('address')),
    subject: row.code<AuditSubject>('subject'),
    subjectId: row.text('subject_id'),
    change: row.text('change'),
    from: row.maybe('from_value', (it) => it.text('from_value')),
    to: row.maybe('to_value', (it) => it.text('to_value')),
    because: row.maybe('because', (it) => it.text('because')),
  });
}
