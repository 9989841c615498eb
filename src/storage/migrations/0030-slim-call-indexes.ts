import type { Migration } from './migration.ts';

/**
 * What changes at every step of a call that nobody has answered is in no index any more: of the people
 * called only those are looked up who spoke with an agent, and a live call is one without an end.
 */
export const migration: Migration = {
  number: 30,
  name: 'slim-call-indexes',
  breaking: false,
  statements: [
    'drop index call_live',
    'create index call_live on call (id) where ended_at is null',
    'drop index call_by_debtor',
    `create index call_by_debtor on call (debtor_id, campaign_id, connected_at, agent_id)
      where connected_at is not null`,
  ],
};
