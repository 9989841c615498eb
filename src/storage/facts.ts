import { z } from 'zod';
import { factVersion, upgradeFact } from '../domain/fact-versions.ts';
import type { Fact, FactBody } from '../domain/facts.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { atMost } from './dialect.ts';
import { kept } from './kept.ts';
import { defined, Row } from './row.ts';
import type { Database, FactTable } from './tables.ts';
import type { StoreWrites } from './writes.ts';

/** Only checks that a body is a fact's; its shape follows from its kind and version. */
const BODY = z.looseObject({ kind: z.string() });

const insertFact = kept((db, columns: FactTable) => db.insertInto('fact').values(columns));

export function factReads(db: Database): Pick<StoreView, 'lastFactSequence' | 'facts'> {
  return {
    async lastFactSequence(stream) {
      const row = await db
        .selectFrom('fact')
        .select((select) => select.fn.max('sequence').as('sequence'))
        .where('stream', '=', stream)
        .executeTakeFirst();
      return row?.sequence ?? 0;
    },

    async facts({ stream, after, limit }) {
      const rows = await db
        .selectFrom('fact')
        .selectAll()
        .where('stream', '=', stream)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(atMost(limit))
        .execute();
      return rows.map(readFact);
    },
  };
}

/** Whether a fact is a wrong answer to a question that confirms the right party. */
export function isMiss(
  columns: Pick<FactTable, 'sequence' | 'version'> & { readonly body: string },
): boolean {
  const body = readBody(new Row('fact', columns, 'sequence'));
  return body.kind === 'right-party-asked' && body.result === 'wrong';
}

export function factWrites(db: Database): Pick<StoreWrites, 'appendFacts'> {
  return {
    async appendFacts(stream, facts) {
      for (const fact of facts) {
        await insertFact(db, {
          stream,
          sequence: fact.sequence,
          version: factVersion(fact.body.kind),
          at: fact.at,
          kind: fact.body.kind,
          campaign_id: fact.campaignId ?? null,
          call_id: fact.callId ?? null,
          lead_id: fact.leadId ?? null,
          agent_id: fact.agentId ?? null,
          shift_id: fact.shiftId ?? null,
          by_user_id: fact.byUserId ?? null,
          body: JSON.stringify(fact.body),
        });
      }
    },
  };
}

function readFact(columns: object): Fact {
  const row = new Row('fact', columns, 'sequence');
  return defined({
    sequence: row.integer('sequence'),
    at: row.integer('at'),
    campaignId: row.maybe('campaign_id', (it) => it.id('campaign', 'campaign_id')),
    callId: row.maybe('call_id', (it) => it.id('call', 'call_id')),
    leadId: row.maybe('lead_id', (it) => it.id('lead', 'lead_id')),
    agentId: row.maybe('agent_id', (it) => it.id('user', 'agent_id')),
    shiftId: row.maybe('shift_id', (it) => it.id('shift', 'shift_id')),
    byUserId: row.maybe('by_user_id', (it) => it.id('user', 'by_user_id')),
    body: readBody(row),
  });
}

function readBody(row: Row): FactBody {
  return upgradeFact(row.json('body', BODY), row.integer('version'));
}
