import type { Migration } from './migration.ts';

/**
 * What the live calls hold: one row for the person and one for the number of each. A starting
 * server writes the rows of the calls it takes up, so the table begins empty.
 */
export const migration: Migration = {
  number: 22,
  name: 'claims',
  breaking: false,
  statements: [
    `create table claim (
      kind text not null, value text not null, stream text not null, leg_id text not null,
      primary key (kind, value)
    ) strict, without rowid`,
    'create index claim_by_leg on claim (leg_id)',
  ],
};
