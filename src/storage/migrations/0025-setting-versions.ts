import type { Migration } from './migration.ts';

/**
 * Settings version by version, with who set them and why. The audit trail's rows of a change get
 * its reason too.
 */
export const migration: Migration = {
  number: 25,
  name: 'setting-versions',
  breaking: false,
  statements: [
    `create table setting_version (
      subject text not null, subject_id text not null, version integer not null, at integer not null,
      by_user_id text, because text, settings text not null,
      primary key (subject, subject_id, version)
    ) strict, without rowid`,
    'alter table audit add column because text',
  ],
};
