import { z } from 'zod';
import type { StoreView } from '../engine/ports/store.ts';
import { Row } from './row.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

/** The content belongs to the pacer, which reads only its own schema version. */
const LEARNED = z.record(z.string(), z.unknown());

export function pacerStateReads(db: Database): Pick<StoreView, 'pacerStates'> {
  return {
    async pacerStates() {
      const rows = await db.selectFrom('pacer_state').selectAll().orderBy('campaign_id').execute();
      return rows.map((columns) => {
        const row = new Row('pacer_state', columns, 'campaign_id');
        return {
          campaignId: row.id('campaign', 'campaign_id'),
          schemaVersion: row.integer('schema_version'),
          factSequence: row.integer('fact_sequence'),
          learned: row.json('state', LEARNED),
        };
      });
    },
  };
}

export function pacerStateWrites(db: Database): Pick<StoreWrites, 'savePacerState'> {
  return {
    async savePacerState({ campaignId, schemaVersion, factSequence, learned }, now) {
      const changing = {
        schema_version: schemaVersion,
        fact_sequence: factSequence,
        saved_at: now,
        state: JSON.stringify(learned),
      };
      await db
        .insertInto('pacer_state')
        .values({ campaign_id: campaignId, ...changing })
        .onConflict((conflict) => conflict.column('campaign_id').doUpdateSet(changing))
        .execute();
    },
  };
}
