import type { Migration } from './migration.ts';

/** Whether a campaign listens for machines, and what was heard of each answered call. */
export const migration: Migration = {
  number: 7,
  name: 'screening',
  breaking: false,
  statements: [
    "alter table campaign add column amd text not null default 'parallel'",
    'alter table campaign add column amd_sample_share real not null default 0.02',
    'alter table attempt add column screen_verdict text',
    'alter table attempt add column screen_cause text',
    'alter table attempt add column screened_ms integer',
    'alter table attempt add column screen_sampled integer not null default 0',
    // A month of sampled answers is asked for, and few answers are sampled.
    `create index attempt_screened on attempt (campaign_id, placed_at, screen_verdict, screen_sampled)
      where screen_verdict is not null`,
  ],
};
