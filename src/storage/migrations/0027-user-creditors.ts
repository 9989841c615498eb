import type { Migration } from './migration.ts';

/**
 * The creditors that an account is limited to; an account without a row sees everything. A server
 * that does not know the table would show limited accounts everything too.
 */
export const migration: Migration = {
  number: 27,
  name: 'user-creditors',
  breaking: true,
  statements: [
    `create table user_creditor (
      user_id text not null references user_account (id) deferrable initially deferred,
      creditor_id text not null references creditor (id) deferrable initially deferred,
      primary key (user_id, creditor_id)
    ) strict, without rowid`,
  ],
};
