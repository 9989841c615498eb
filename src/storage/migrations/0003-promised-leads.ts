import type { Migration } from './migration.ts';

/** Few leads were promised a call, and they go before all others; looked for among those only. */
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
