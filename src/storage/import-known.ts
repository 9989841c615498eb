/**
 * What is stored about the people some rows may name, read in six statements for any number of
 * rows.
 */
import type { LeadRow } from '../domain/leads/import-row.ts';
import type { KnownLead } from '../domain/leads/known-people.ts';
import { type DebtorReference, KnownPeople } from '../domain/leads/known-people.ts';
import type { FinishedBecause } from '../domain/leads/lead.ts';
import type { RowTarget } from '../domain/leads/taken-row.ts';
import type { KeyedHash } from '../keys/keyed-hash.ts';
import type { CampaignId, CreditorId, DebtorId } from '../lib/ids.ts';
import { contractsOfAll, phonesOf, readDebtor } from './debtors.ts';
import { isAmong } from './dialect.ts';
import { kept } from './kept.ts';
import { LEAD_STATES } from './leads.ts';
import { defined, Row } from './row.ts';
import type { Database } from './tables.ts';

const referencesAmong = kept(
  (db, among: { creditorIds: readonly CreditorId[]; externalIds: readonly string[] }) =>
    db
      .selectFrom('debtor_reference')
      .selectAll()
      .where(isAmong(db, 'creditor_id', among.creditorIds))
      .where(isAmong(db, 'external_id', among.externalIds)),
);

type PeopleAmong = {
  readonly documentKeys: readonly string[];
  /** Documents in clear, to find people whose documents are not hashed yet. */
  readonly documents: readonly string[];
  readonly ids: readonly DebtorId[];
};

const debtorsAmong = kept((db, among: PeopleAmong) =>
  db
    .selectFrom('debtor')
    .selectAll()
    .where((where) =>
      where.or([
        isAmong(db, 'document_key', among.documentKeys),
        isAmong(db, 'document', among.documents),
        isAmong(db, 'id', among.ids),
      ]),
    ),
);

const leadsAmong = kept((db, among: { campaignId: CampaignId; debtorIds: readonly DebtorId[] }) =>
  db
    .selectFrom('lead')
    .select(['id', 'debtor_id', 'state', 'finished_because', 'callback_asked_at', 'priority'])
    .where('campaign_id', '=', among.campaignId)
    .where(isAmong(db, 'debtor_id', among.debtorIds)),
);

export async function loadKnown(
  db: Database,
  hash: KeyedHash | undefined,
  target: RowTarget,
  rows: readonly LeadRow[],
): Promise<KnownPeople> {
  const references = await referencesOf(db, target, rows);
  const documents = rows.flatMap((row) => row.document ?? []);
  const referredIds = references.map((reference) => reference.debtorId);
  const documentKeys = hash ? documents.map((document) => hash.ofDocument(document)) : [];
  const found = await debtorsAmong(db, { documentKeys, documents, ids: referredIds });
  const debtors = found.rows.map(readDebtor);
  const ids = debtors.map((debtor) => debtor.id);
  const phones = await phonesOf(db, ids);
  const contracts = await contractsOfAll(db, ids);
  const leads = await leadsOf(db, target.campaignId, ids);
  const people = new KnownPeople();
  for (const debtor of debtors) {
    const lead = leads.get(debtor.id);
    people.remember({
      debtor,
      phones: phones.get(debtor.id) ?? [],
      contracts: contracts.get(debtor.id) ?? [],
      ...(lead ? { lead } : {}),
    });
  }
  for (const reference of references) people.refer(reference);
  return people;
}

async function referencesOf(
  db: Database,
  { creditors }: RowTarget,
  rows: readonly LeadRow[],
): Promise<readonly DebtorReference[]> {
  const externalIds = rows.flatMap((row) => row.externalId ?? []);
  const creditorIds = creditors.map((creditor) => creditor.id);
  const found = await referencesAmong(db, { creditorIds, externalIds });
  return found.rows.map((columns) => {
    const row = new Row('debtor_reference', columns, 'external_id');
    return {
      creditorId: row.id('creditor', 'creditor_id'),
      externalId: row.text('external_id'),
      debtorId: row.id('debtor', 'debtor_id'),
    };
  });
}

async function leadsOf(
  db: Database,
  campaignId: CampaignId,
  debtorIds: readonly DebtorId[],
): Promise<ReadonlyMap<DebtorId, KnownLead>> {
  const found = await leadsAmong(db, { campaignId, debtorIds });
  return new Map(
    found.rows.map((columns) => {
      const row = new Row('lead', columns);
      const lead: KnownLead = defined({
        id: row.id('lead', 'id'),
        state: row.oneOf('state', LEAD_STATES),
        priority: row.integer('priority'),
        finishedBecause: row.maybe('finished_because', (it) =>
          it.code<FinishedBecause>('finished_because'),
        ),
        callbackAskedAt: row.maybe('callback_asked_at', (it) => it.integer('callback_asked_at')),
      });
      return [row.id('debtor', 'debtor_id'), lead];
    }),
  );
}
