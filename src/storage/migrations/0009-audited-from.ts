import type { Migration } from './migration.ts';

/**
 * The address and the token from which somebody acted, and indexes for the filters of the audit
 * page.
 */
export const migration: Migration = {
  number: 9,
  name: 'audited-from',
  breaking: false,
  statements: [
    'alter table audit add column address text',
    'alter table audit add column by_token_id text',
    'create index audit_by_moment on audit (at)',
    'create index audit_by_user on audit (by_user_id, id) where by_user_id is not null',
    'create index audit_by_subject on audit (subject_id, id)',
  ],
};
