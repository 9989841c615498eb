/** The evidence: every decision of the gate, and the people and numbers that must not be called. */
import { sql } from 'kysely';
import type { Approval } from '../domain/approvals/approval.ts';
import type { Block, BlockReason } from '../domain/compliance/do-not-call.ts';
import type { UnwantedPhone } from '../engine/ports/records.ts';
import type { StoreView } from '../engine/ports/store.ts';
import type { DebtorId } from '../lib/ids.ts';
import type { E164 } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';
import { newestApprovals } from './approvals.ts';
import { isAmong } from './dialect.ts';
import { kept } from './kept.ts';
import { defined, Row, toFlag } from './row.ts';
import type { Database, DecisionTable } from './tables.ts';
import type { StoreWrites } from './writes.ts';

/** The newest are shown; a floor with more than these has another problem. */
const UNWANTED_SHOWN_MAX = 500;

type Concerned = {
  readonly debtorIds: readonly DebtorId[];
  readonly phones: readonly E164[];
  readonly now: EpochMs;
};

const blocksInForce = kept((db, { debtorIds, phones, now }: Concerned) =>
  db
    .selectFrom('block')
    .selectAll()
    .where((where) =>
      where.or([
        where.and([where('debtor_id', 'is not', null), isAmong(db, 'debtor_id', debtorIds)]),
        where.and([where('phone', 'is not', null), isAmong(db, 'phone', phones)]),
      ]),
    )
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .orderBy('id'),
);

const insertDecisionRow = kept((db, columns: DecisionTable) =>
  db.insertInto('decision').values(columns),
);

export function complianceReads(db: Database): Pick<StoreView, 'blocks' | 'unwantedPhones'> {
  return {
    async unwantedPhones(now, ofCampaigns) {
      const all = db
        .selectFrom('block')
        .leftJoin('call', 'call.id', 'block.call_id')
        // Joined by number, because a number has few attempts and an index.
        .leftJoin('attempt', (join) =>
          join
            .onRef('attempt.phone', '=', 'block.phone')
            .onRef('attempt.call_id', '=', 'block.call_id'),
        )
        .leftJoin('debtor', 'debtor.id', 'call.debtor_id')
        .leftJoin('campaign', 'campaign.id', 'call.campaign_id')
        .leftJoin('lead', 'lead.id', 'call.lead_id')
        .leftJoin('creditor', 'creditor.id', 'lead.creditor_id')
        .select([
          'block.id as id',
          'block.phone as phone',
          'block.at as at',
          'block.by_user_id as by_user_id',
          'debtor.name as debtor_name',
          'call.campaign_id as campaign_id',
          'campaign.name as campaign_name',
          'creditor.name as creditor_name',
          'attempt.tech_cause as tech_cause',
        ])
        // The value stands in the statement itself, because SQLite uses no partial index for a
        // bound value.
        .where(sql<boolean>`block.reason = 'unwanted'`)
        .where((where) =>
          where.or([where('block.expires_at', 'is', null), where('block.expires_at', '>', now)]),
        );
      const wanted = ofCampaigns ? all.where(isAmong(db, 'call.campaign_id', ofCampaigns)) : all;
      const rows = await wanted
        .orderBy((order) => order('block.by_user_id', 'is not', null))
        .orderBy('block.at', 'desc')
        .limit(UNWANTED_SHOWN_MAX)
        .execute();
      const asked = await newestApprovals(
        db,
        'release-unwanted',
        rows.map(({ id }) => id),
      );
      return rows.map((row) => readUnwanted(row, asked.get(row.id)));
    },

    async blocks({ debtorIds, phones, now }) {
      const { rows } = await blocksInForce(db, { debtorIds, phones, now });
      return rows.map(readBlock);
    },
  };
}

export function complianceWrites(
  db: Database,
): Pick<StoreWrites, 'insertDecision' | 'insertBlock' | 'liftBlock' | 'keepBlock'> {
  return {
    async keepBlock(id, byUserId) {
      await db.updateTable('block').set({ by_user_id: byUserId }).where('id', '=', id).execute();
    },

    async liftBlock(id, at) {
      await db.updateTable('block').set({ expires_at: at }).where('id', '=', id).execute();
    },

    async insertDecision(decision) {
      await insertDecisionRow(db, {
        id: decision.id,
        at: decision.at,
        campaign_id: decision.campaignId,
        lead_id: decision.leadId,
        debtor_id: decision.debtorId,
        phone_id: decision.phoneId,
        profile_id: decision.profileId,
        profile_version: decision.profileVersion,
        allowed: toFlag(decision.allowed),
        reason: decision.reason ?? null,
        clause: decision.clause ?? null,
        retry_at: decision.retryAt ?? null,
        rules: decision.rules,
      });
    },

    async insertBlock(block) {
      await db
        .insertInto('block')
        .values({
          id: block.id,
          scope: block.scope,
          phone: block.phone ?? null,
          debtor_id: block.debtorId ?? null,
          creditor_id: block.creditorId ?? null,
          reason: block.reason,
          effective_from: block.effectiveFrom,
          expires_at: block.expiresAt ?? null,
          by_user_id: block.byUserId ?? null,
          call_id: block.callId ?? null,
          at: block.at,
        })
        .execute();
    },
  };
}

function readUnwanted(columns: object, newestRequest: Approval | undefined): UnwantedPhone {
  const row = new Row('block', columns);
  return defined({
    blockId: row.id('block', 'id'),
    phone: row.phone('phone'),
    at: row.integer('at'),
    refused: row.maybe('debtor_name', (it) =>
      defined({
        debtorName: it.text('debtor_name'),
        campaignId: it.id('campaign', 'campaign_id'),
        campaignName: it.text('campaign_name'),
        creditorName: it.text('creditor_name'),
        sipStatus: it.maybe('tech_cause', (one) => one.integer('tech_cause')),
      }),
    ),
    keptByUserId: row.maybe('by_user_id', (it) => it.id('user', 'by_user_id')),
    newestRequest,
  });
}

function readBlock(columns: object): Block {
  const row = new Row('block', columns);
  return defined({
    id: row.id('block', 'id'),
    scope: row.oneOf<Block['scope']>('scope', { phone: true, person: true }),
    phone: row.maybe('phone', (it) => it.phone('phone')),
    debtorId: row.maybe('debtor_id', (it) => it.id('debtor', 'debtor_id')),
    creditorId: row.maybe('creditor_id', (it) => it.id('creditor', 'creditor_id')),
    reason: row.code<BlockReason>('reason'),
    effectiveFrom: row.integer('effective_from'),
    expiresAt: row.maybe('expires_at', (it) => it.integer('expires_at')),
  });
}
