import type { Migration } from './migration.ts';

/** The extension behind a switchboard, separate from the number that is dialed. */
export const migration: Migration = {
  number: 16,
  name: 'phone-extensions',
  breaking: false,
  statements: ['alter table phone add column extension text'],
};
