/** Contacts on all channels, and the notes about them, sealed with the key of their debtor. */
import { CHANNELS, type Channel } from '../domain/contacts/contact.ts';
import { CONTACTS_SHOWN_MAX, type HistoryEntry } from '../domain/debtors/history.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Place } from '../keys/seal.ts';
import type { CreditorId, DebtorId } from '../lib/ids.ts';
import { type Opener, openerOf, sealOf } from './debtor-keys.ts';
import { atMost, isAmong } from './dialect.ts';
import { kept } from './kept.ts';
import { ringOf } from './ring-of.ts';
import { defined, type Members, Row } from './row.ts';
import type { ContactTable, Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

const contactsAmong = kept(
  (db, { debtorId, creditorIds }: { debtorId: DebtorId; creditorIds: readonly CreditorId[] }) =>
    db
      .selectFrom('contact')
      .selectAll()
      .where('debtor_id', '=', debtorId)
      .where(isAmong(db, 'creditor_id', creditorIds))
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(atMost(CONTACTS_SHOWN_MAX)),
);

const upsertContact = kept((db, columns: ContactTable) =>
  db
    .insertInto('contact')
    .values(columns)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        at: excluded.ref('excluded.at'),
        result: excluded.ref('excluded.result'),
        address: excluded.ref('excluded.address'),
        note: excluded.ref('excluded.note'),
        note_sealed: excluded.ref('excluded.note_sealed'),
        agent_name: excluded.ref('excluded.agent_name'),
        call_id: excluded.ref('excluded.call_id'),
        campaign_id: excluded.ref('excluded.campaign_id'),
      })),
    ),
);

export async function contactsOf(
  db: Database,
  keys: KeyRing | undefined,
  debtorId: DebtorId,
  creditorIds: readonly CreditorId[],
): Promise<HistoryEntry[]> {
  const { rows } = await contactsAmong(db, { debtorId, creditorIds });
  const hasSealed = rows.some((row) => row.note_sealed !== null);
  const opener = hasSealed ? await openerOf(db, ringOf(keys), debtorId) : undefined;
  return rows.map((columns) => readContact(columns, opener));
}

export function contactWrites(
  db: Database,
  keys: KeyRing | undefined,
): Pick<StoreWrites, 'saveContact'> {
  return {
    async saveContact(contact) {
      const { id, debtorId, at, note } = contact;
      const sealed =
        note === undefined
          ? null
          : await sealOf(db, ringOf(keys), { debtorId, text: note, place: notePlace(id), at });
      await upsertContact(db, {
        id,
        debtor_id: debtorId,
        creditor_id: contact.creditorId,
        at,
        channel: contact.channel,
        direction: contact.direction,
        source: contact.source,
        result: contact.result,
        address: contact.address ?? null,
        note: null,
        note_sealed: sealed,
        agent_name: contact.agentName ?? null,
        call_id: contact.callId ?? null,
        campaign_id: contact.campaignId ?? null,
      });
    },
  };
}

/** Seals some notes that were stored in clear, of one debtor or of all; returns how many. */
export async function sealContactNotes(
  db: Database,
  ring: KeyRing,
  limit: number,
  ofDebtorId?: DebtorId,
): Promise<number> {
  let clear = db
    .selectFrom('contact')
    .select(['id', 'debtor_id', 'note', 'at'])
    .where('note', 'is not', null);
  if (ofDebtorId !== undefined) clear = clear.where('debtor_id', '=', ofDebtorId);
  const rows = await clear.orderBy('id').limit(atMost(limit)).execute();
  for (const columns of rows) {
    const row = new Row('contact', columns);
    const debtorId = row.id('debtor', 'debtor_id');
    const place = notePlace(columns.id);
    const sealed = await sealOf(db, ring, {
      debtorId,
      text: row.text('note'),
      place,
      at: row.integer('at'),
    });
    await db
      .updateTable('contact')
      .set({ note: null, note_sealed: sealed })
      .where('id', '=', columns.id)
      .execute();
  }
  return rows.length;
}

function notePlace(rowId: string): Place {
  return { table: 'contact', column: 'note_sealed', rowId };
}

const STORED_CHANNELS = Object.fromEntries(
  CHANNELS.map((channel) => [channel, true]),
) as Members<Channel>;

function readContact(columns: object, opener: Opener | undefined): HistoryEntry {
  const row = new Row('contact', columns);
  const id = row.id('contact', 'id');
  const opened = row.maybe('note_sealed', (it) =>
    it.sealed('note_sealed', (sealed) => opener?.(sealed, notePlace(id))),
  );
  return defined({
    id,
    at: row.integer('at'),
    channel: row.oneOf('channel', STORED_CHANNELS),
    direction: row.oneOf<HistoryEntry['direction']>('direction', { outbound: true, inbound: true }),
    creditorId: row.id('creditor', 'creditor_id'),
    source: row.oneOf<HistoryEntry['source']>('source', { dialer: true, crm: true }),
    result: row.text('result'),
    address: row.maybe('address', (it) => it.text('address')),
    note: opened?.text ?? row.maybe('note', (it) => it.text('note')),
    noteErased: opened?.text === undefined && opened !== undefined ? true : undefined,
    agentName: row.maybe('agent_name', (it) => it.text('agent_name')),
    callId: row.maybe('call_id', (it) => it.id('call', 'call_id')),
    campaignId: row.maybe('campaign_id', (it) => it.id('campaign', 'campaign_id')),
  });
}
