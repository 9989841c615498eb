import type { Migration } from './migration.ts';

/** Counters that grow with each change, so that a process notices what another one changed. */
export const migration: Migration = {
  number: 15,
  name: 'revisions',
  breaking: false,
  statements: [
    `create table revision (
      subject text primary key,
      value integer not null
    ) strict, without rowid`,
    `insert into revision values ('user_account', 0)`,
  ],
};
