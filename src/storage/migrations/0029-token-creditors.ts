import type { Migration } from './migration.ts';

/**
 * The creditors that a token of the CRM is limited to, as a list in JSON; null for a token without a
 * limit. A server that does not know the column would show limited tokens everything.
 */
export const migration: Migration = {
  number: 29,
  name: 'token-creditors',
  breaking: true,
  statements: ['alter table api_token add column limited_to text'],
};
