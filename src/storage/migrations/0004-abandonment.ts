import type { Migration } from './migration.ts';

/**
 * Stores what an answered call counts as, by the rule that pacing uses, so that reports and a
 * restarted process count the same. Calls are counted at the moment of the answer.
 */
export const migration: Migration = {
  number: 4,
  name: 'abandonment',
  breaking: false,
  statements: [
    'alter table call add column standing text',
    `update call set standing = case
      when abandonment = 'hung-up-waiting' then 'hung-up-waiting'
      when abandonment is not null then 'abandoned'
      when connected_at is not null then 'connected'
      else 'waiting' end
      where answered_at is not null`,
    'drop index call_counts',
    `create index call_standing on call (campaign_id, answered_at, standing, connected_at)
      where answered_at is not null`,
    `create table bank_watch (
      campaign_id text primary key references campaign (id) deferrable initially deferred,
      state text not null, since integer not null
    ) strict, without rowid`,
  ],
};
