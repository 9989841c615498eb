import type { Migration } from './migration.ts';

/**
 * What a campaign's pacer has learned, so that it goes on after a restart. The record reaches up to
 * the fact `fact_sequence`; later facts are taught again. Also an agent's rest between calls.
 */
export const migration: Migration = {
  number: 5,
  name: 'predictive',
  breaking: false,
  statements: [
    `create table pacer_state (
      campaign_id text primary key references campaign (id),
      schema_version integer not null,
      fact_sequence integer not null,
      saved_at integer not null,
      state text not null
    ) strict`,
    'alter table campaign add column rest_between_calls_ms integer not null default 0',
  ],
};
