/** What agents have typed of a call and not recorded, sealed with the key of the debtor. */
import { type ZodType, z } from 'zod';
import type { NegotiationDraft, TypedDraft } from '../domain/negotiations/negotiation.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Place } from '../keys/seal.ts';
import { given } from '../lib/given.ts';
import type { CallId, DebtorId } from '../lib/ids.ts';
import { type Opener, openerOf, sealOf } from './debtor-keys.ts';
import { atMost, isAmong } from './dialect.ts';
import type { NegotiationDraftTable } from './negotiation-draft-table.ts';
import { ringOf } from './ring-of.ts';
import { Row } from './row.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

/** Rows that one purge removes; a day leaves far fewer behind. */
const PURGED_MAX = 1_000;

const typed: ZodType<Pick<TypedDraft, 'note' | 'form'>> = z.object({
  note: z.string(),
  form: z.object({
    promiseValue: z.string(),
    confirmedValue: z.string(),
    promiseDate: z.string(),
    callbackDate: z.string(),
    callbackHour: z.string(),
  }),
});

/** The drafts of these calls; one whose key was erased is missing. */
export async function draftsOf(
  db: Database,
  keys: KeyRing | undefined,
  callIds: readonly CallId[],
): Promise<ReadonlyMap<CallId, NegotiationDraft>> {
  const rows = await db
    .selectFrom('negotiation_draft')
    .selectAll()
    .where(isAmong(db, 'call_id', callIds))
    .execute();
  const openers = new Map<DebtorId, Opener>();
  const drafts = new Map<CallId, NegotiationDraft>();
  for (const columns of rows) {
    const row = new Row('negotiation_draft', columns, 'call_id');
    const debtorId = row.id('debtor', 'debtor_id');
    const opener = openers.get(debtorId) ?? (await openerOf(db, ringOf(keys), debtorId));
    openers.set(debtorId, opener);
    const draft = readDraft(row, opener);
    if (draft) drafts.set(row.id('call', 'call_id'), draft);
  }
  return drafts;
}

export function negotiationDraftWrites(
  db: Database,
  keys: KeyRing | undefined,
): Pick<StoreWrites, 'saveNegotiationDraft' | 'removeNegotiationDraft' | 'purgeNegotiationDrafts'> {
  return {
    async saveNegotiationDraft({ callId, debtorId, draft }) {
      const { agentId, revision, code, note, form, at } = draft;
      const text = JSON.stringify({ note, form });
      const columns: NegotiationDraftTable = {
        call_id: callId,
        debtor_id: debtorId,
        agent_id: agentId,
        revision,
        code: code ?? null,
        typed_sealed: await sealOf(db, ringOf(keys), {
          debtorId,
          text,
          place: placeOf(callId),
          at,
        }),
        at,
      };
      const { call_id: _key, ...changed } = columns;
      await db
        .insertInto('negotiation_draft')
        .values(columns)
        .onConflict((conflict) => conflict.column('call_id').doUpdateSet(changed))
        .execute();
    },

    async removeNegotiationDraft(callId) {
      await db.deleteFrom('negotiation_draft').where('call_id', '=', callId).execute();
    },

    async purgeNegotiationDrafts(before) {
      await db
        .deleteFrom('negotiation_draft')
        .where('call_id', 'in', (select) =>
          select
            .selectFrom('negotiation_draft')
            .select('call_id')
            .where('at', '<', before)
            .orderBy('at')
            .limit(atMost(PURGED_MAX)),
        )
        .execute();
    },
  };
}

function readDraft(row: Row, opener: Opener): NegotiationDraft | undefined {
  const { text } = row.sealed('typed_sealed', (sealed) =>
    opener(sealed, placeOf(row.id('call', 'call_id'))),
  );
  if (text === undefined) return undefined;
  const { note, form } = new Row('negotiation_draft', { typed: text }).json('typed', typed);
  const code = row.maybe('code', (it) => it.text('code'));
  return {
    agentId: row.id('user', 'agent_id'),
    revision: row.integer('revision'),
    at: row.integer('at'),
    ...given({ code }),
    ...{ note, form },
  };
}

function placeOf(callId: CallId): Place {
  return { table: 'negotiation_draft', column: 'typed_sealed', rowId: callId };
}
