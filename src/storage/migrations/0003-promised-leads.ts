import type { Migration } from './migration.ts';

/** The few leads that were promised a call go before all others; the index holds only those. */
export const migration: Migration = {
  number: 3,
  name: 'promised-leads',
  breaking: false,
  statements: [
    `create index lead_promised on lead (campaign_id, not_before_at, id)
      where state in ('ready', 'waiting')
        and (callback_asked_at is not null or agent_first = 1)`,
  ],
};
