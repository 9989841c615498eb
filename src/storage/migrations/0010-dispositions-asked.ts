import type { Migration } from './migration.ts';

/** What a campaign asks of an agent after a call, and the calls that lack a disposition. */
export const migration: Migration = {
  number: 10,
  name: 'dispositions-asked',
  breaking: false,
  statements: [
    'alter table campaign add column disposition_required integer not null default 1',
    'alter table campaign add column disposition_wait_ms integer not null default 120000',
    'alter table campaign add column promise_days_max integer not null default 30',
    // The user who corrected it; null when it was the agent of the call.
    'alter table disposition add column by_user_id text',
    `create table undisposed_call (
      call_id text primary key references call (id),
      campaign_id text not null references campaign (id),
      agent_id text,
      at integer not null
    )`,
    'create index undisposed_call_at on undisposed_call (at)',
  ],
};
