import type { Migration } from './migration.ts';

const COLUMNS =
  'sequence, at, kind, campaign_id, call_id, lead_id, agent_id, shift_id, by_user_id, body';

/**
 * Each writer has its own stream of facts with its own order, so that several never collide. A body
 * says with which version of its kind it was written. All facts so far are the engine's, whose
 * lease is now named after its stream.
 */
export const migration: Migration = {
  number: 20,
  name: 'fact-streams',
  breaking: true,
  statements: [
    `create table fact_in_stream (
      stream text not null, sequence integer not null, version integer not null,
      at integer not null, kind text not null, campaign_id text, call_id text, lead_id text,
      agent_id text, shift_id text, by_user_id text, body text not null,
      primary key (stream, sequence)
    ) strict, without rowid`,
    `insert into fact_in_stream
      (stream, version, ${COLUMNS}) select 'engine', 1, ${COLUMNS} from fact`,
    {
      sqlite: ['drop table fact', 'alter table fact_in_stream rename to fact'],
      postgres: ['drop table fact', 'alter table fact_in_stream rename to fact'],
    },
    `create index fact_of_evidence on fact (call_id) where kind = 'right-party-asked'`,
    `update lease set engine_group = 'engine' where engine_group = 'all'`,
  ],
};
