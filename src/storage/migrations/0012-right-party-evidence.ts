import type { Migration } from './migration.ts';

/**
 * The evidence by which the right party was confirmed, and the withdrawal when an agent corrected
 * it. Caps and counts use the contacts that stand. Attempts to confirm are facts, found by their
 * call.
 */
export const migration: Migration = {
  number: 12,
  name: 'right-party-evidence',
  breaking: false,
  statements: [
    'alter table campaign add column known_voice_allowed integer not null default 0',
    'alter table right_party_contact add column evidence text',
    'alter table right_party_contact add column withdrawn_at integer',
    'alter table right_party_contact add column withdrawn_because text',
    'drop index right_party_contact_by_debtor',
    'drop index right_party_contact_by_campaign',
    'drop index right_party_contact_by_agent',
    `create index right_party_contact_by_debtor on right_party_contact (debtor_id, at)
      where withdrawn_at is null`,
    `create index right_party_contact_by_campaign on right_party_contact (campaign_id, at)
      where withdrawn_at is null`,
    `create index right_party_contact_by_agent on right_party_contact (agent_id, at)
      where withdrawn_at is null`,
    `create index fact_of_evidence on fact (call_id) where kind = 'right-party-asked'`,
  ],
};
