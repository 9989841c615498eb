import { type ZodType, z } from 'zod';
import { CALLER_ID_ENDS_MAX, type CallerIdHealth } from '../domain/trunks/caller-id-health.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { kept } from './kept.ts';
import { moment } from './parts.ts';
import { Row } from './row.ts';
import type { CallerIdHealthTable, Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

const HEALTH: ZodType<CallerIdHealth> = z.object({
  recent: z.array(z.enum(['refused', 'unwanted', 'fine'])).max(CALLER_ID_ENDS_MAX),
  rest: z
    .object({ from: moment, until: moment, refused: z.number(), of: z.number() })
    .exactOptional(),
});

const upsert = kept((db, row: CallerIdHealthTable) =>
  db
    .insertInto('caller_id_health')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('number')
        .doUpdateSet((values) => ({ health: values.ref('excluded.health') })),
    ),
);

export function callerIdHealthReads(db: Database): Pick<StoreView, 'callerIdHealth'> {
  return {
    async callerIdHealth() {
      const rows = await db.selectFrom('caller_id_health').selectAll().orderBy('number').execute();
      return new Map(
        rows.map((columns) => {
          const row = new Row('caller_id_health', columns, 'number');
          return [row.phone('number'), row.json('health', HEALTH)];
        }),
      );
    },
  };
}

export function callerIdHealthWrites(db: Database): Pick<StoreWrites, 'saveCallerIdHealth'> {
  return {
    async saveCallerIdHealth(number, health) {
      await upsert(db, { number, health: JSON.stringify(health) });
    },
  };
}
