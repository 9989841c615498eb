import type { Migration } from './migration.ts';

/**
 * What agents have typed of a call and not recorded. `typed_sealed` is note and form as JSON, sealed
 * with the key of the debtor. An older server keeps no drafts and removes none.
 */
export const migration: Migration = {
  number: 28,
  name: 'negotiation-drafts',
  breaking: false,
  statements: [
    `create table negotiation_draft (
      call_id text primary key references call (id) deferrable initially deferred,
      debtor_id text not null references debtor (id) deferrable initially deferred,
      agent_id text not null,
      revision integer not null,
      code text,
      typed_sealed text not null,
      at integer not null
    ) strict`,
    'create index negotiation_draft_at on negotiation_draft (at)',
  ],
};
