/**
 * A stream has one writing process. Taking the lease raises its epoch, and a commit under an older
 * epoch is refused. On SQLite this catches a second server that was started by mistake; on
 * PostgreSQL several processes can share the work by it.
 */
import { StoreError } from '../engine/ports/store.ts';
import type { EpochMs } from '../lib/time.ts';
import { dialectOf } from './dialect.ts';
import { kept } from './kept.ts';
import type { Database } from './tables.ts';

type Lease = { readonly stream: string; readonly epoch: number };

export async function takeLease(
  db: Database,
  stream: string,
  holder: string,
  now: EpochMs,
): Promise<number> {
  const { epoch } = await db
    .insertInto('lease')
    .values({ engine_group: stream, epoch: 1, holder, taken_at: now })
    .onConflict((conflict) =>
      conflict.column('engine_group').doUpdateSet((column) => ({
        epoch: column('lease.epoch', '+', 1),
        holder,
        taken_at: now,
      })),
    )
    .returning('epoch')
    .executeTakeFirstOrThrow();
  return epoch;
}

export async function requireLease(db: Database, { stream, epoch }: Lease): Promise<void> {
  const { rows } = await epochOf(db, { stream });
  const current = rows[0]?.epoch;
  if (current === epoch) return;
  throw new StoreError(
    'commit-failed',
    `another engine took over the stream ${stream}: its epoch is ${current}, this one's is ${epoch}`,
  );
}

/** Locked until the commit, so that nobody takes the lease over while its holder commits. */
const epochOf = kept((db, { stream }: { stream: string }) =>
  dialectOf(db).untilCommit(
    db.selectFrom('lease').select('epoch').where('engine_group', '=', stream),
  ),
);
