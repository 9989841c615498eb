/**
 * One engine works for a dialing group. Whoever takes the lease raises its epoch; a commit under an
 * older one is refused. On one machine that only catches a second server started by mistake; with
 * PostgreSQL it is how several share the work.
 */
import { StoreError } from '../engine/ports/store.ts';
import type { EpochMs } from '../lib/time.ts';
import { dialectOf } from './dialect.ts';
import { kept } from './kept.ts';
import type { Database } from './tables.ts';

export type Lease = { readonly group: string; readonly epoch: number };

export async function takeLease(
  db: Database,
  group: string,
  holder: string,
  now: EpochMs,
): Promise<Lease> {
  const { epoch } = await db
    .insertInto('lease')
    .values({ engine_group: group, epoch: 1, holder, taken_at: now })
    .onConflict((conflict) =>
      conflict.column('engine_group').doUpdateSet((column) => ({
        epoch: column('lease.epoch', '+', 1),
        holder,
        taken_at: now,
      })),
    )
    .returning('epoch')
    .executeTakeFirstOrThrow();
  return { group, epoch };
}

export async function requireLease(db: Database, { group, epoch }: Lease): Promise<void> {
  const { rows } = await epochOf(db, { group });
  const current = rows[0]?.epoch;
  if (current === epoch) return;
  throw new StoreError(
    'commit-failed',
    `another engine took over the group ${group}: its epoch is ${current}, this one's is ${epoch}`,
  );
}

/** Locked until the commit: nobody takes the lease over while its holder commits. */
const epochOf = kept((db, { group }: { group: string }) =>
  dialectOf(db).untilCommit(
    db.selectFrom('lease').select('epoch').where('engine_group', '=', group),
  ),
);
