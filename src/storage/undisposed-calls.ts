import type { UndisposedCall } from '../engine/ports/records.ts';
import type { StoreView } from '../engine/ports/store.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { given } from '../lib/given.ts';
import { readCall } from './calls.ts';
import { atMost, isAmong } from './dialect.ts';
import { draftsOf } from './negotiation-drafts.ts';
import { defined, Row } from './row.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export function undisposedReads(
  db: Database,
  keys: KeyRing | undefined,
): Pick<StoreView, 'undisposedCalls' | 'undisposedSince'> {
  return {
    async undisposedCalls(limit, ofCampaigns) {
      const all = db
        .selectFrom('undisposed_call as missing')
        .innerJoin('call', 'call.id', 'missing.call_id')
        .innerJoin('debtor', 'debtor.id', 'call.debtor_id')
        .leftJoin('right_party_contact as contact', (join) =>
          join.onRef('contact.call_id', '=', 'call.id').on('contact.withdrawn_at', 'is', null),
        )
        .select([
          'call.id as id',
          'call.body as body',
          'call.ended_at as ended_at',
          'missing.campaign_id as campaign_id',
          'missing.agent_id as agent_id',
          'missing.at as at',
          'debtor.name as debtor_name',
          'debtor.document as document',
          'contact.call_id as confirmed_call_id',
        ]);
      const wanted = ofCampaigns ? all.where(isAmong(db, 'missing.campaign_id', ofCampaigns)) : all;
      const rows = await wanted
        .orderBy('missing.at', 'desc')
        .orderBy('missing.call_id', 'desc')
        .limit(atMost(limit))
        .execute();
      const calls = rows.map(readUndisposed);
      const drafts = await draftsOf(
        db,
        keys,
        calls.map(({ callId }) => callId),
      );
      return calls.map((call) => ({ ...call, ...given({ draft: drafts.get(call.callId) }) }));
    },

    async undisposedSince(callId) {
      const row = await db
        .selectFrom('undisposed_call')
        .select('at')
        .where('call_id', '=', callId)
        .executeTakeFirst();
      return row?.at;
    },
  };
}

export function undisposedWrites(db: Database): Pick<StoreWrites, 'listUndisposedCall'> {
  return {
    async listUndisposedCall({ callId, campaignId, agentId, at }) {
      await db
        .insertInto('undisposed_call')
        .values({ call_id: callId, campaign_id: campaignId, agent_id: agentId ?? null, at })
        .onConflict((conflict) => conflict.column('call_id').doNothing())
        .execute();
    },
  };
}

function readUndisposed(columns: { readonly confirmed_call_id: string | null }): UndisposedCall {
  const row = new Row('undisposed_call', columns);
  const { id, phone, connectedAt } = readCall(columns);
  return defined({
    callId: id,
    campaignId: row.id('campaign', 'campaign_id'),
    agentId: row.maybe('agent_id', (it) => it.id('user', 'agent_id')),
    at: row.integer('at'),
    debtorName: row.text('debtor_name'),
    document: row.maybe('document', (it) => it.text('document')),
    phone,
    connectedAt,
    endedAt: row.maybe('ended_at', (it) => it.integer('ended_at')),
    rightPartyConfirmed: columns.confirmed_call_id !== null,
  });
}
