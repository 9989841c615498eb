import type { Migration } from './migration.ts';

/** Work to be done, written in the commit of its cause; `engine/ports/jobs.ts` explains it. */
export const migration: Migration = {
  number: 23,
  name: 'jobs',
  breaking: false,
  statements: [
    `create table job (
      id text primary key, kind text not null, body text not null, caused_by text not null,
      created_at integer not null, due_at integer not null, job_key text unique,
      tries integer not null, tries_max integer not null, holder text, lease_until integer,
      last_failure text, dead_at integer, dead_because text
    ) strict`,
    'create index job_due on job (due_at, id) where dead_at is null',
    'create index job_dead on job (dead_at) where dead_at is not null',
  ],
};
