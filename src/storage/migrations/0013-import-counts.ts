import type { Migration } from './migration.ts';

/**
 * What an import repaired, left out and refused, by code, so that a list has exact sums although it
 * keeps only the first refused rows. Also the last sign of life of an import: an unfinished import
 * that is silent was interrupted.
 */
export const migration: Migration = {
  number: 13,
  name: 'import-counts',
  breaking: false,
  statements: [
    `create table list_count (
      list_id text not null references list (id) deferrable initially deferred,
      kind text not null,
      code text not null,
      reason text not null,
      rows integer not null,
      primary key (list_id, kind, code, reason)
    ) strict`,
    'alter table list add column touched_at integer',
  ],
};
