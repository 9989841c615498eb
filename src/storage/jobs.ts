/**
 * Each job is a row from the commit of its cause to its end; `engine/ports/jobs.ts` has the
 * machine.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Change } from '../engine/ports/commit.ts';
import type { DeadJob, Jobs, TakenJob } from '../engine/ports/jobs.ts';
import type { JobCause, NewJob } from '../engine/ports/new-job.ts';
import { unreachable } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import { atMost, dialectOf, isAmong } from './dialect.ts';
import type { JobTable } from './job-table.ts';
import { kept } from './kept.ts';
import { defined, Row } from './row.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export type JobsAccess = {
  readonly read: <T>(query: (db: Database) => Promise<T>) => Promise<T>;
  readonly write: <T>(change: (db: Database) => Promise<T>) => Promise<T>;
  /** Applies the changes within the given database's transaction. */
  readonly apply: (db: Database, changes: readonly Change[]) => Promise<void>;
};

/** Written exactly as in the index, so that the index is used. */
const IS_ALIVE = sql<boolean>`dead_at is null`;
const LEASE_RAN_OUT = 'lease-ran-out';

export function jobWrites(db: Database): Pick<StoreWrites, 'addJob'> {
  return {
    async addJob(job) {
      await insertJob(db, jobColumns(job));
    },
  };
}

export function createJobs({ read, write, apply }: JobsAccess): Jobs {
  return {
    nextDueAt: (kinds) =>
      read(async (db) => {
        const { rows } = await firstToTake(db, { kinds });
        return rows[0] && availableAt(rows[0]);
      }),

    take: ({ kinds, holder, now, leaseUntil }) =>
      write(async (db) => {
        const { rows } = await takeFirst(db, { kinds, holder, now, leaseUntil });
        return rows[0] && readTaken(rows[0]);
      }),

    end: (taken, end, changes, now) =>
      write(async (db) => {
        if (!(await endTry(db, taken, end, now))) return false;
        await apply(db, changes);
        return true;
      }),

    bury: (now) =>
      write(async (db) => {
        const rows = await db
          .updateTable('job')
          .set({
            ...{ dead_at: now, holder: null, lease_until: null, job_key: null },
            ...{ dead_because: LEASE_RAN_OUT, last_failure: LEASE_RAN_OUT },
          })
          .where(IS_ALIVE)
          .where('lease_until', '<=', now)
          .whereRef('tries', '>=', 'tries_max')
          .returningAll()
          .execute();
        return rows.map(readDead);
      }),

    forgetDead: (before) =>
      write(async (db) => {
        const [gone] = await db.deleteFrom('job').where('dead_at', '<', before).execute();
        return Number(gone?.numDeletedRows ?? 0);
      }),

    counts: () =>
      read(async (db) => {
        const rows = await db
          .selectFrom('job')
          .select(({ fn }) => [
            fn.countAll<number>().as('jobs'),
            fn.count<number>('dead_at').as('dead'),
            fn.count<number>('lease_until').as('taken'),
          ])
          .execute();
        const row = new Row('job', rows[0] ?? { jobs: 0, dead: 0, taken: 0 }, 'jobs');
        const [dead, taken] = [row.integer('dead'), row.integer('taken')];
        return { waiting: row.integer('jobs') - dead - taken, taken, dead };
      }),

    dead: (limit) =>
      read(async (db) => {
        const rows = await db
          .selectFrom('job')
          .selectAll()
          .where('dead_at', 'is not', null)
          .orderBy('dead_at', 'desc')
          .orderBy('id', 'desc')
          .limit(atMost(limit))
          .execute();
        return rows.map(readDead);
      }),
  };
}

const insertJob = kept((db, columns: JobTable) =>
  db
    .insertInto('job')
    .values(columns)
    .onConflict((conflict) => conflict.column('job_key').doNothing()),
);

/** Order of jobs: by the time at which they are due, or at which their lease ends. */
const AVAILABLE_AT = sql<number>`coalesce(lease_until, due_at)`;

const firstToTake = kept((db, { kinds }: { kinds: readonly string[] }) =>
  db
    .selectFrom('job')
    .select(['due_at', 'lease_until'])
    .where(IS_ALIVE)
    .where(isAmong(db, 'kind', kinds))
    .orderBy(AVAILABLE_AT)
    .limit(sql.lit(1)),
);

function availableAt({ due_at, lease_until }: Pick<JobTable, 'due_at' | 'lease_until'>): EpochMs {
  return lease_until ?? due_at;
}

type Wanted = {
  readonly kinds: readonly string[];
  readonly holder: string;
  readonly now: EpochMs;
  readonly leaseUntil: EpochMs;
};

const takeFirst = kept((db, { kinds, holder, now, leaseUntil }: Wanted) =>
  db
    .updateTable('job')
    .set((column) => ({ holder, lease_until: leaseUntil, tries: column('tries', '+', 1) }))
    .where(
      'id',
      '=',
      dialectOf(db).skippingTaken(
        db
          .selectFrom('job')
          .select('id')
          .where(IS_ALIVE)
          .where('due_at', '<=', now)
          .where(isAmong(db, 'kind', kinds))
          .where((where) =>
            where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]),
          )
          // Jobs with no tries left are buried instead.
          .whereRef('tries', '<', 'tries_max')
          .orderBy('due_at')
          .orderBy('id')
          .limit(sql.lit(1)),
      ),
    )
    .returningAll(),
);

/** Ends the try if it still holds the job; returns whether it did. */
async function endTry(
  db: Database,
  { id, holder, tries }: TakenJob,
  end: Parameters<Jobs['end']>[1],
  now: EpochMs,
): Promise<boolean> {
  const ofTry = { id, holder, tries };
  switch (end.kind) {
    case 'done': {
      const { rows } = await deleteTry(db, ofTry);
      return rows.length > 0;
    }
    case 'again': {
      const { rows } = await giveBack(db, {
        ...ofTry,
        triesAfter: end.counts ? tries : tries - 1,
        dueAt: end.dueAt,
        because: end.because,
      });
      return rows.length > 0;
    }
    case 'dead': {
      const { rows } = await buryTry(db, { ...ofTry, because: end.because, now });
      return rows.length > 0;
    }
    default:
      return unreachable(end);
  }
}

type Try = { readonly id: string; readonly holder: string; readonly tries: number };

const deleteTry = kept((db, { id, holder, tries }: Try) =>
  db
    .deleteFrom('job')
    .where('id', '=', id)
    .where('holder', '=', holder)
    .where('tries', '=', tries)
    .where(IS_ALIVE)
    .returning('id'),
);

const giveBack = kept((db, again: Try & { triesAfter: number; dueAt: EpochMs; because: string }) =>
  db
    .updateTable('job')
    .set({
      ...{ holder: null, lease_until: null },
      ...{ tries: again.triesAfter, due_at: again.dueAt, last_failure: again.because },
    })
    .where('id', '=', again.id)
    .where('holder', '=', again.holder)
    .where('tries', '=', again.tries)
    .where(IS_ALIVE)
    .returning('id'),
);

/** Frees the key for the next job. */
const buryTry = kept((db, dead: Try & { because: string; now: EpochMs }) =>
  db
    .updateTable('job')
    .set({
      ...{ holder: null, lease_until: null, job_key: null },
      ...{ dead_at: dead.now, dead_because: dead.because, last_failure: dead.because },
    })
    .where('id', '=', dead.id)
    .where('holder', '=', dead.holder)
    .where('tries', '=', dead.tries)
    .where(IS_ALIVE)
    .returning('id'),
);

function jobColumns(job: NewJob): JobTable {
  return {
    id: job.id,
    kind: job.kind,
    body: JSON.stringify(job.body),
    caused_by: job.causedBy,
    created_at: job.createdAt,
    due_at: job.dueAt,
    job_key: job.key ?? null,
    tries: 0,
    tries_max: job.triesMax,
    holder: null,
    lease_until: null,
    last_failure: null,
    dead_at: null,
    dead_because: null,
  };
}

function readJob(row: Row): NewJob {
  return defined({
    id: row.id('job', 'id'),
    kind: row.text('kind'),
    body: row.json('body', z.json()),
    causedBy: row.text('caused_by') as JobCause,
    createdAt: row.integer('created_at'),
    dueAt: row.integer('due_at'),
    triesMax: row.integer('tries_max'),
    key: row.maybe('job_key', (it) => it.text('job_key')),
  });
}

function readTaken(columns: object): TakenJob {
  const row = new Row('job', columns);
  return {
    ...readJob(row),
    holder: row.text('holder'),
    tries: row.integer('tries'),
    leaseUntil: row.integer('lease_until'),
  };
}

function readDead(columns: object): DeadJob {
  const row = new Row('job', columns);
  return {
    ...readJob(row),
    tries: row.integer('tries'),
    deadAt: row.integer('dead_at'),
    deadBecause: row.text('dead_because'),
  };
}
