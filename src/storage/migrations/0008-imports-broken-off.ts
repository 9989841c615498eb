import type { Migration } from './migration.ts';

/** Why an import ended before its source did; the rows read by then are stored. */
export const migration: Migration = {
  number: 8,
  name: 'imports-broken-off',
  breaking: false,
  statements: ['alter table list add column broken_off_because text'],
};
