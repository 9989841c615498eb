/**
 * One engine works for a dialing group. Whoever takes the lease raises its epoch; a commit under an
 * older one is refused. On one machine that only catches a second server started by mistake; with
 * PostgreSQL it is how several share the work.
 */
import { StoreError } from '../engine/ports/store.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Database } from './tables.ts';

export type Lease = { readonly group: string; readonly epoch: number };

export async function takeLease(
  db: Database,
  group: string,
  holder: string,
  now: EpochMs,
): Promise<Lease> {
  const epoch = ((await epochOf(db, group)) ?? 0) + 1;
  await db
    .insertInto('lease')
    .values({ engine_group: group, epoch, holder, taken_at: now })
    .onConflict((conflict) =>
      conflict.column('engine_group').doUpdateSet({ epoch, holder, taken_at: now }),
    )
    .execute();
  return { group, epoch };
}

export async function requireLease(db: Database, { group, epoch }: Lease): Promise<void> {
  const current = await epochOf(db, group);
  if (current === epoch) return;
  throw new StoreError(
    'commit-failed',
    `another engine took over the group ${group}: its epoch is ${current}, this one's is ${epoch}`,
  );
}

async function epochOf(db: Database, group: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('lease')
    .select('epoch')
    .where('engine_group', '=', group)
    .executeTakeFirst();
  return row?.epoch;
}
