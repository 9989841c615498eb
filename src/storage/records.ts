/** What agents recorded about their calls. */
import type { KeyRing } from '../keys/key-ring.ts';
import type { Place } from '../keys/seal.ts';
import type { DebtorId } from '../lib/ids.ts';
import { sealOf } from './debtor-keys.ts';
import { atMost } from './dialect.ts';
import { ringOf } from './ring-of.ts';
import { Row, toFlag } from './row.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export function recordWrites(
  db: Database,
  keys: KeyRing | undefined,
): Pick<StoreWrites, 'insertDisposition'> {
  return {
    /**
     * Inserts a disposition. A correction leaves one current record for the call, and cancels the
     * promises that the earlier record brought. A right-party contact stays: the correction changes
     * what was said, not whether the person was spoken to.
     */
    async insertDisposition(record) {
      const { debtorId, note, at } = record;
      const sealed =
        note === undefined
          ? null
          : await sealOf(db, ringOf(keys), { debtorId, text: note, place: notePlace(record), at });
      if (record.correction) {
        await db
          .updateTable('disposition')
          .set({ is_current: 0 })
          .where('call_id', '=', record.callId)
          .execute();
        await db
          .updateTable('promise')
          .set({ state: 'cancelled' })
          .where('call_id', '=', record.callId)
          .where('state', '=', 'open')
          .where('made_at', '<', record.at)
          .execute();
      }
      await db
        .insertInto('disposition')
        .values({
          call_id: record.callId,
          campaign_id: record.campaignId,
          debtor_id: record.debtorId,
          lead_id: record.leadId,
          agent_id: record.agentId,
          code: record.code,
          note: null,
          note_sealed: sealed,
          at: record.at,
          is_correction: toFlag(record.correction),
          is_current: 1,
          form: record.form ?? null,
          by_user_id: record.byUserId ?? null,
        })
        .execute();
      await db.deleteFrom('undisposed_call').where('call_id', '=', record.callId).execute();
    },
  };
}

/** Seals some notes that were stored in clear, of one debtor or of all; returns how many. */
export async function sealDispositionNotes(
  db: Database,
  ring: KeyRing,
  limit: number,
  ofDebtorId?: DebtorId,
): Promise<number> {
  let clear = db
    .selectFrom('disposition')
    .select(['id', 'call_id', 'debtor_id', 'note', 'at'])
    .where('note', 'is not', null);
  if (ofDebtorId !== undefined) clear = clear.where('debtor_id', '=', ofDebtorId);
  const rows = await clear.orderBy('id').limit(atMost(limit)).execute();
  for (const columns of rows) {
    const row = new Row('disposition', columns);
    const at = row.integer('at');
    const place = notePlace({ callId: columns.call_id, at });
    const debtorId = row.id('debtor', 'debtor_id');
    const sealed = await sealOf(db, ring, { debtorId, text: row.text('note'), place, at });
    await db
      .updateTable('disposition')
      .set({ note: null, note_sealed: sealed })
      .where('id', '=', columns.id)
      .execute();
  }
  return rows.length;
}

/**
 * The database gives the row's number only when it is stored, so the place names the call and the
 * time.
 */
function notePlace({ callId, at }: { readonly callId: string; readonly at: number }): Place {
  return { table: 'disposition', column: 'note_sealed', rowId: `${callId}/${at}` };
}
