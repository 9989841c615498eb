import type { Migration } from './migration.ts';

/**
 * What became of the calls that showed one of our numbers, so that its rest outlives the process.
 */
export const migration: Migration = {
  number: 17,
  name: 'caller-id-health',
  breaking: false,
  statements: [
    `create table caller_id_health (
      number text primary key,
      health text not null
    ) strict, without rowid`,
  ],
};
