/** What agents recorded of their calls, and who changed what. */
import type { AuditEntry, StoreTransaction, StoreView } from '../engine/ports/store.ts';
import { atMost } from './dialect.ts';
import { defined, Row, toFlag } from './row.ts';
import type { Database } from './tables.ts';

export function recordReads(db: Database): Pick<StoreView, 'auditEntries'> {
  return {
    async auditEntries(limit) {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(atMost(limit))
        .execute();
      return rows.map(readAudit);
    },
  };
}

export function recordWrites(
  db: Database,
): Pick<StoreTransaction, 'insertDisposition' | 'insertAudit'> {
  return {
    /**
     * A correction leaves one record of the call current, and cancels the promises that the earlier
     * record brought. A right-party contact stays: whether he was spoken to is not corrected by
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
        })
        .execute();
    },

    insertAudit: (entry) => insertAudit(db, entry),
  };
}

export async function insertAudit(db: Database, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      at: entry.at,
      by_user_id: entry.byUserId ?? null,
      subject: entry.subject,
      subject_id: entry.subjectId,
      change: entry.change,
      from_value: entry.from ?? null,
      to_value: entry.to ?? null,
    })
    .execute();
}

function readAudit(columns: object): AuditEntry {
  const row = new Row('audit', columns);
  return defined({
    at: row.integer('at'),
    byUserId: row.maybe('by_user_id', (it) => it.id('user', 'by_user_id')),
    subject: row.text('subject'),
    subjectId: row.text('subject_id'),
    change: row.text('change'),
    from: row.maybe('from_value', (it) => it.text('from_value')),
    to: row.maybe('to_value', (it) => it.text('to_value')),
  });
}
