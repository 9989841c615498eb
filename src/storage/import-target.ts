/** Where a list's rows go: its campaign, the creditors a row may name, and their portfolios. */
import type { RowTarget } from '../domain/leads/taken-row.ts';
import { StoreError } from '../engine/ports/store.ts';
import { present } from '../lib/assert.ts';
import type { CreditorId, ListId } from '../lib/ids.ts';
import { campaignById } from './campaigns.ts';
import { isAmong } from './dialect.ts';
import { kept } from './kept.ts';
import { readCreditor, readPortfolio } from './reference.ts';
import { Row } from './row.ts';
import type { Database } from './tables.ts';

const listOf = kept((db, { id }: { id: ListId }) =>
  db.selectFrom('list').select(['id', 'campaign_id', 'origin', 'started_at']).where('id', '=', id),
);

const creditorsAmong = kept((db, { ids }: { ids: readonly CreditorId[] }) =>
  db
    .selectFrom('creditor')
    .selectAll()
    .where(isAmong(db, 'id', ids)),
);

const portfoliosOf = kept((db, { ids }: { ids: readonly CreditorId[] }) =>
  db
    .selectFrom('portfolio')
    .selectAll()
    .where(isAmong(db, 'creditor_id', ids))
    .orderBy('id'),
);

export async function loadTarget(db: Database, listId: ListId): Promise<RowTarget> {
  const list = (await listOf(db, { id: listId })).rows[0];
  if (!list) throw new StoreError('not-found', `there is no list ${listId}`);
  const row = new Row('list', list);
  const campaign = present(
    await campaignById(db, row.id('campaign', 'campaign_id')),
    'a list belongs to a stored campaign',
  );
  const ids = campaign.creditorIds;
  const [creditors, portfolios] = [
    await creditorsAmong(db, { ids }),
    await portfoliosOf(db, { ids }),
  ];
  return {
    listId,
    campaignId: campaign.id,
    portfolioId: campaign.portfolioId,
    creditors: creditors.rows.map(readCreditor),
    portfolios: portfolios.rows.map(readPortfolio),
    phoneSource: list.origin === 'api' || list.origin === 'demo' ? 'crm' : 'list',
    collectedAt: row.integer('started_at'),
  };
}
