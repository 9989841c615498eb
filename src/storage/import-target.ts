/** Where a list's rows go: its campaign, the creditors they may be of, and their portfolios. */
import type { Campaign } from '../domain/campaigns/campaign.ts';
import type { Creditor } from '../domain/debtors/debt.ts';
import type { LeadRow } from '../domain/leads/import-row.ts';
import { StoreError } from '../engine/ports/store.ts';
import { present } from '../lib/assert.ts';
import type { CreditorId, ListId, PortfolioId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { campaignById } from './campaigns.ts';
import { isAmong } from './dialect.ts';
import { readCreditor } from './reference.ts';
import { Row } from './row.ts';
import { RowRejected } from './row-rejected.ts';
import type { Database } from './tables.ts';

export type ImportTarget = {
  readonly campaign: Campaign;
  readonly creditors: readonly Creditor[];
  /** Of phones whose row names no source. */
  readonly phoneSource: string;
  /** When what the list says was learned: the same list sent again teaches nothing new. */
  readonly collectedAt: EpochMs;
  /** Throws {@link RowRejected}. */
  portfolioOf(creditorId: CreditorId): PortfolioId;
};

export async function loadTarget(db: Database, listId: ListId): Promise<ImportTarget> {
  const list = await db
    .selectFrom('list')
    .select(['id', 'campaign_id', 'origin', 'started_at'])
    .where('id', '=', listId)
    .executeTakeFirst();
  if (!list) throw new StoreError('not-found', `there is no list ${listId}`);
  const row = new Row('list', list);
  const campaign = present(
    await campaignById(db, row.id('campaign', 'campaign_id')),
    'a list belongs to a stored campaign',
  );
  const creditors = await db
    .selectFrom('creditor')
    .selectAll()
    .where(isAmong(db, 'id', campaign.creditorIds))
    .execute();
  const portfolios = await db
    .selectFrom('portfolio')
    .select(['id', 'creditor_id'])
    .where(isAmong(db, 'creditor_id', campaign.creditorIds))
    .orderBy('id')
    .execute();
  return {
    campaign,
    creditors: creditors.map(readCreditor),
    phoneSource: list.origin === 'api' || list.origin === 'demo' ? 'crm' : 'list',
    collectedAt: row.integer('started_at'),
    portfolioOf(creditorId) {
      const theirs = portfolios.filter((portfolio) => portfolio.creditor_id === creditorId);
      const own = theirs.find((portfolio) => portfolio.id === campaign.portfolioId) ?? theirs[0];
      if (own) return new Row('portfolio', own).id('portfolio', 'id');
      throw new RowRejected('portfolio-missing', 'the creditor has no portfolio', 'creditorKey');
    },
  };
}

/** The creditor a row is of, by the id, name or CNPJ it gives. Throws {@link RowRejected}. */
export function creditorOf({ creditors }: ImportTarget, row: LeadRow): Creditor {
  const [only, ...others] = creditors;
  if (row.creditorKey === undefined) {
    if (only && others.length === 0) return only;
    throw new RowRejected(
      'creditor-missing',
      'the campaign has several creditors and the row names none',
      'creditorKey',
    );
  }
  const key = plain(row.creditorKey);
  const digits = row.creditorKey.replace(/[.\-/\s]/g, '').toUpperCase();
  const found = creditors.find(
    (creditor) =>
      creditor.id === row.creditorKey || creditor.cnpj === digits || plain(creditor.name) === key,
  );
  if (found) return found;
  throw new RowRejected(
    'creditor-unknown',
    'the key names no creditor of the campaign',
    'creditorKey',
  );
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();
}
