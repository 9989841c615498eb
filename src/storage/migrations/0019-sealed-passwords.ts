import type { Migration } from './migration.ts';

/**
 * Seals the carriers' passwords. Breaking: an older server would find none. The copy made before
 * still has them in clear.
 */
export const migration: Migration = {
  number: 19,
  name: 'sealed-passwords',
  breaking: true,
  statements: ['alter table trunk add column authentication_sealed text'],
};
