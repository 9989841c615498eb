import { sql } from 'kysely';
import type { PastAttempt } from '../domain/compliance/attempt-limits.ts';
import { voiceAt } from '../domain/contacts/contact.ts';
import type { AttemptOutcome } from '../domain/leads/lead.ts';
import type { AttemptRow } from '../engine/ports/records.ts';
import { StoreError, type StoreView } from '../engine/ports/store.ts';
import type { AttemptId, DebtorId, LeadId, PhoneId } from '../lib/ids.ts';
import type { E164 } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';
import { isAmong } from './dialect.ts';
import { kept } from './kept.ts';
import { CALL_OUTCOMES } from './parts.ts';
import { defined, Row, toFlag } from './row.ts';
import type { AttemptTable, Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

type Concerned = {
  readonly debtorIds: readonly DebtorId[];
  readonly phones: readonly E164[];
  readonly since: EpochMs;
};

/** Two seeks, one by person and one by number. An attempt found by both is one row of the union. */
const attemptsSince = kept((db, { debtorIds, phones, since }: Concerned) => {
  const recent = db
    .selectFrom('attempt')
    .select(['id', 'debtor_id', 'phone', 'placed_at', 'ended_at', 'outcome', 'counts', 'abandoned'])
    .where('placed_at', '>=', since);
  const byPerson = recent.where(isAmong(db, 'debtor_id', debtorIds));
  const byNumber = recent.where(isAmong(db, 'phone', phones));
  return byPerson.union(byNumber);
});

const outcomesByPhone = kept((db, { leadId }: { leadId: LeadId }) =>
  db
    .selectFrom('attempt')
    .innerJoin('lead', (join) =>
      join.onRef('lead.id', '=', 'attempt.lead_id').onRef('lead.cycle', '=', 'attempt.cycle'),
    )
    .select([
      'attempt.phone_id',
      sql<string>`case when attempt.abandoned = 1 then 'abandoned' else attempt.outcome end`.as(
        'outcome',
      ),
      (select) => select.fn.countAll<number>().as('attempts'),
    ])
    .where('attempt.lead_id', '=', leadId)
    .where('attempt.outcome', 'is not', null)
    .groupBy(['attempt.phone_id', sql`2`]),
);

const outcomesByLead = kept((db, { leadIds }: { leadIds: readonly LeadId[] }) =>
  db
    .selectFrom('attempt')
    .innerJoin('lead', (join) =>
      join.onRef('lead.id', '=', 'attempt.lead_id').onRef('lead.cycle', '=', 'attempt.cycle'),
    )
    .select([
      'attempt.lead_id',
      'attempt.phone_id',
      sql<string>`case when attempt.abandoned = 1 then 'abandoned' else attempt.outcome end`.as(
        'outcome',
      ),
      (select) => select.fn.countAll<number>().as('attempts'),
    ])
    .where(isAmong(db, 'attempt.lead_id', leadIds))
    .where('attempt.outcome', 'is not', null)
    .groupBy(['attempt.lead_id', 'attempt.phone_id', sql`3`]),
);

const newestContacts = kept((db, { debtorIds, since }: Omit<Concerned, 'phones'>) =>
  db
    .selectFrom('right_party_contact')
    .select(['debtor_id', (select) => select.fn.max('at').as('newest_at')])
    .where(isAmong(db, 'debtor_id', debtorIds))
    .where('at', '>=', since)
    .where('withdrawn_at', 'is', null)
    .groupBy('debtor_id'),
);

const insertAttemptRow = kept((db, attempt: AttemptRow) =>
  db.insertInto('attempt').values({
    id: attempt.id,
    call_id: attempt.callId,
    leg_id: attempt.legId,
    decision_id: attempt.decisionId,
    campaign_id: attempt.campaignId,
    lead_id: attempt.leadId,
    debtor_id: attempt.debtorId,
    phone_id: attempt.phoneId,
    phone: attempt.phone,
    trunk_id: attempt.trunkId,
    caller_id: attempt.callerId,
    cycle: sql<number>`(select cycle from lead where id = ${attempt.leadId})`,
    placed_at: attempt.placedAt,
    // It counts in the caps until it is known not to have rung.
    counts: 1,
    abandoned: 0,
    screen_sampled: 0,
  }),
);

const settleAttemptRow = kept(
  (db, { id, ...columns }: Pick<AttemptTable, 'id'> & Partial<AttemptTable>) =>
    db.updateTable('attempt').set(columns).where('id', '=', id),
);

export function attemptReads(
  db: Database,
): Pick<StoreView, 'pastAttempts' | 'attemptsByPhone' | 'attemptsByPhones' | 'rightPartyContacts'> {
  return {
    async pastAttempts({ debtorIds, phones, since }) {
      const { rows } = await attemptsSince(db, { debtorIds, phones, since });
      return rows.map(readPastAttempt);
    },

    async attemptsByPhone(leadId) {
      const { rows } = await outcomesByPhone(db, { leadId });
      const byPhone: Record<PhoneId, Partial<Record<AttemptOutcome, number>>> = {};
      for (const columns of rows) {
        const row = new Row('attempt', columns, 'phone_id');
        const phoneId = row.id('phone', 'phone_id');
        const outcome = row.oneOf('outcome', { ...CALL_OUTCOMES, abandoned: true });
        byPhone[phoneId] = { ...byPhone[phoneId], [outcome]: row.integer('attempts') };
      }
      return byPhone;
    },

    async attemptsByPhones(leadIds) {
      const { rows } = await outcomesByLead(db, { leadIds });
      const byLead = new Map<LeadId, Record<PhoneId, Partial<Record<AttemptOutcome, number>>>>();
      for (const columns of rows) {
        const row = new Row('attempt', columns, 'lead_id');
        const leadId = row.id('lead', 'lead_id');
        const phoneId = row.id('phone', 'phone_id');
        const outcome = row.oneOf('outcome', { ...CALL_OUTCOMES, abandoned: true });
        const byPhone = byLead.get(leadId) ?? {};
        byPhone[phoneId] = { ...byPhone[phoneId], [outcome]: row.integer('attempts') };
        byLead.set(leadId, byPhone);
      }
      return byLead;
    },

    async rightPartyContacts(debtorIds, since) {
      const { rows } = await newestContacts(db, { debtorIds, since });
      return new Map(
        rows.map((columns) => {
          const row = new Row('right_party_contact', columns, 'debtor_id');
          return [row.id('debtor', 'debtor_id'), row.integer('newest_at')];
        }),
      );
    },
  };
}

export function attemptWrites(
  db: Database,
): Pick<StoreWrites, 'insertAttempt' | 'settleAttempt' | 'attemptWasMachine'> {
  const wasMachine = (id: AttemptId) =>
    db
      .updateTable('attempt')
      .set({ outcome: 'machine', abandoned: 0 })
      .where('id', '=', id)
      .execute();
  return {
    async insertAttempt(attempt) {
      await insertAttemptRow(db, attempt);
    },

    async attemptWasMachine(attemptId) {
      await wasMachine(attemptId);
    },

    async settleAttempt(settled) {
      const updated = await settleAttemptRow(db, {
        id: settled.id,
        ended_at: settled.endedAt,
        outcome: settled.outcome,
        counts: toFlag(settled.counts),
        abandoned: toFlag(settled.abandoned),
        cause: settled.cause ?? null,
        tech_cause: settled.techCause ?? null,
        answered_at: settled.answeredAt ?? null,
        connected_at: settled.connectedAt ?? null,
        agent_id: settled.agentId ?? null,
        screen_verdict: settled.screened?.verdict ?? null,
        screen_cause: settled.screened?.cause ?? null,
        screened_ms: settled.screened?.screenedMs ?? null,
        screen_sampled: toFlag(settled.sampled === true),
      });
      if ((updated.numAffectedRows ?? 0n) > 0n) return;
      throw new StoreError('not-found', `attempt ${settled.id} was settled and is not stored`);
    },
  };
}

function readPastAttempt(columns: object): PastAttempt {
  const row = new Row('attempt', columns);
  return defined({
    debtorId: row.id('debtor', 'debtor_id'),
    to: voiceAt(row.phone('phone')),
    at: row.integer('placed_at'),
    endedAt: row.maybe('ended_at', (it) => it.integer('ended_at')),
    outcome: row.maybe('outcome', (it) => it.oneOf('outcome', CALL_OUTCOMES)),
    counts: row.flag('counts'),
    abandoned: row.flag('abandoned'),
  });
}
