import type { Migration } from './migration.ts';

/**
 * A keyed hash of the document finds a debtor. The key ring wraps the key of the hash, so that the
 * key stays the same when the ring is rotated.
 */
export const migration: Migration = {
  number: 24,
  name: 'search-key',
  breaking: false,
  statements: [
    `create table search_key (
      id text primary key, wrapped text not null, ring_key_id text not null,
      made_at integer not null
    ) strict, without rowid`,
    `create index debtor_without_document_key on debtor (id)
      where document is not null and document_key is null`,
  ],
};
