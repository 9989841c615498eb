/** Who was spoken to in a call, and how that was established. */
import { sql } from 'kysely';
import type { StoreView } from '../engine/ports/store.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { given } from '../lib/given.ts';
import type { CallId } from '../lib/ids.ts';
import { isMiss } from './facts.ts';
import { draftsOf } from './negotiation-drafts.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export function rightPartyReads(
  db: Database,
  keys: KeyRing | undefined,
): Pick<StoreView, 'talkRecord'> {
  return {
    async talkRecord(callId) {
      const disposition = await currentDisposition(db, callId);
      const draft = (await draftsOf(db, keys, [callId])).get(callId);
      return {
        rightPartyConfirmed: await isConfirmed(db, callId),
        evidenceMisses: await missesOf(db, callId),
        ...given({ disposition, draft }),
      };
    },
  };
}

async function isConfirmed(db: Database, callId: CallId): Promise<boolean> {
  const row = await db
    .selectFrom('right_party_contact')
    .select('call_id')
    .where('call_id', '=', callId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** The wrong answers are facts, and have an index of their own. */
async function missesOf(db: Database, callId: CallId): Promise<number> {
  const rows = await db
    .selectFrom('fact')
    .select(['sequence', 'version', 'body'])
    .where('call_id', '=', callId)
    .where(sql<boolean>`kind = 'right-party-asked'`)
    .execute();
  return rows.filter(isMiss).length;
}

async function currentDisposition(db: Database, callId: CallId): Promise<string | undefined> {
  const row = await db
    .selectFrom('disposition')
    .select('code')
    .where('call_id', '=', callId)
    .where('is_current', '=', 1)
    .executeTakeFirst();
  return row?.code;
}

export function rightPartyWrites(
  db: Database,
): Pick<StoreWrites, 'insertRightPartyContact' | 'withdrawRightPartyContact'> {
  return {
    /** Only the first confirmation of a call is kept: it is the moment of the evidence. */
    async insertRightPartyContact({ debtorId, callId, agentId, at, evidence }) {
      await db
        .insertInto('right_party_contact')
        .values((select) => ({
          call_id: callId,
          debtor_id: debtorId,
          campaign_id: select.selectFrom('call').select('campaign_id').where('id', '=', callId),
          agent_id: agentId,
          at,
          evidence: JSON.stringify(evidence),
        }))
        .onConflict((conflict) => conflict.column('call_id').doNothing())
        .execute();
    },

    async withdrawRightPartyContact(callId, because, at) {
      await db
        .updateTable('right_party_contact')
        .set({ withdrawn_at: at, withdrawn_because: because })
        .where('call_id', '=', callId)
        .where('withdrawn_at', 'is', null)
        .execute();
    },
  };
}
