/** What agents recorded of their calls. */
import { toFlag } from './row.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export function recordWrites(db: Database): Pick<StoreWrites, 'insertDisposition'> {
  return {
    /**
     * A correction leaves one record of the call current, and cancels the promises that the earlier
     * record brought. A right-party contact stays: whether they were spoken to is not corrected by
     * saying what about.
     */
    async insertDisposition(record) {
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
          note: record.note ?? null,
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
