import type { Migration } from './migration.ts';

/**
 * Carriers' passwords are sealed. Breaking: an older server would find none. The copy that is made
 * before has them in clear.
 */
export const migration: Migration = {
  number: 19,
  name: 'sealed-passwords',
  breaking: true,
  statements: ['alter table trunk add column authentication_sealed text'],
};
