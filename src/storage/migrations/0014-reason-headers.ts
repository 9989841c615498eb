import type { Migration } from './migration.ts';

/** Whether the causes in a trunk's Reason headers are believed. */
export const migration: Migration = {
  number: 14,
  name: 'reason-headers',
  breaking: false,
  statements: ['alter table trunk add column reads_reason integer not null default 1'],
};
