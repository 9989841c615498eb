import type { Migration } from './migration.ts';

/** Every supervisor's page asks for them again and again, among all blocks there are. */
export const migration: Migration = {
  number: 18,
  name: 'unwanted-phones',
  breaking: false,
  statements: [`create index block_unwanted on block (at) where reason = 'unwanted'`],
};
