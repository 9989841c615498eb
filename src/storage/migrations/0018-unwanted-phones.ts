import type { Migration } from './migration.ts';

/**
 * Every supervisor's page asks for these blocks again and again; the index finds them among all
 * others.
 */
export const migration: Migration = {
  number: 18,
  name: 'unwanted-phones',
  breaking: false,
  statements: [`create index block_unwanted on block (at) where reason = 'unwanted'`],
};
