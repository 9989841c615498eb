import type { Migration } from './migration.ts';

/**
 * Seals agents' notes about a debtor with a key of that debtor, which the key ring wraps. An erased
 * key leaves its row, so that what it sealed reads as erased. Breaking: an older server would show
 * no notes.
 */
export const migration: Migration = {
  number: 21,
  name: 'sealed-notes',
  breaking: true,
  statements: [
    `create table debtor_key (
      debtor_id text not null references debtor (id) deferrable initially deferred,
      generation integer not null, wrapped text, ring_key_id text,
      made_at integer not null, erased_at integer,
      primary key (debtor_id, generation)
    ) strict, without rowid`,
    'create index debtor_key_by_ring_key on debtor_key (ring_key_id) where ring_key_id is not null',
    'alter table contact add column note_sealed text',
    'alter table disposition add column note_sealed text',
    // Empty once all earlier notes are sealed.
    'create index contact_note_in_clear on contact (id) where note is not null',
    'create index disposition_note_in_clear on disposition (id) where note is not null',
  ],
};
