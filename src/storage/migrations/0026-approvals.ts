import type { Migration } from './migration.ts';

/**
 * Requests for a second person's approval (`domain/approvals/approval.ts`). `asks` is what is done
 * at the approval; at most one request about each thing is open.
 */
export const migration: Migration = {
  number: 26,
  name: 'approvals',
  breaking: false,
  statements: [
    `create table approval (
      id text primary key, kind text not null, subject_id text not null, asks text not null,
      ground text not null, asked_by text not null, asked_from text, because text not null,
      asked_at integer not null, expires_at integer not null, state text not null,
      decided_by text, decided_because text, ended_at integer
    ) strict`,
    `create unique index approval_open on approval (kind, subject_id) where state = 'asked'`,
    'create index approval_subject on approval (kind, subject_id, id)',
  ],
};
