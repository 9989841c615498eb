import type { Migration } from './migration.ts';

/** From where somebody acted, and with which token; and the ways an admin looks through the rows. */
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
