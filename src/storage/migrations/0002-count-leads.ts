import type { Migration } from './migration.ts';

/** A quarter of an hour. It is part of the stored data: another length needs another migration. */
const BUCKET_MS = 900_000;

/**
 * Leads that may be dialed are counted by the quarter of an hour of their next moment; all others
 * share one bucket.
 */
const bucketOf = (row: string) =>
  `case when ${row}.state in ('ready', 'waiting') then ${row}.not_before_at / ${BUCKET_MS} else 0 end`;

const keyOf = (row: string) =>
  `${row}.campaign_id, ${row}.state, coalesce(${row}.hold_reason, ''), ${bucketOf(row)}`;

const count = (row: string, by: 1 | -1) => `
  insert into lead_count values (${keyOf(row)}, ${by})
    on conflict do update set leads = leads + ${by};`;

const forgetEmpty = (row: string) => `
  delete from lead_count where (campaign_id, state, hold_reason, bucket) = (${keyOf(row)})
    and leads = 0;`;

/** PostgreSQL needs the conflict named, and the table of `leads`. */
const countThere = (row: string, by: 1 | -1) => `
  insert into lead_count values (${keyOf(row)}, ${by})
    on conflict (campaign_id, state, hold_reason, bucket)
      do update set leads = lead_count.leads + ${by};`;

/**
 * While a campaign dials, its funnel is asked for every few seconds, and counting a million leads
 * takes a fifth of a second of the engine's time. So the database counts as it writes.
 */
export const migration: Migration = {
  number: 2,
  name: 'count-leads',
  breaking: false,
  statements: [
    `create table lead_count (
      campaign_id text not null, state text not null, hold_reason text not null,
      bucket integer not null, leads integer not null,
      primary key (campaign_id, state, hold_reason, bucket)
    ) strict, without rowid`,
    `insert into lead_count select ${keyOf('lead')}, count(*) from lead group by 1, 2, 3, 4`,
    {
      sqlite: [
        `create trigger lead_counted after insert on lead begin ${count('new', 1)} end`,
        `create trigger lead_uncounted after delete on lead begin
      ${count('old', -1)} ${forgetEmpty('old')} end`,
        `create trigger lead_recounted
      after update of campaign_id, state, hold_reason, not_before_at on lead
      when (${keyOf('old')}) is not (${keyOf('new')}) begin
      ${count('old', -1)} ${forgetEmpty('old')} ${count('new', 1)} end`,
      ],
      postgres: [
        `create function count_lead() returns trigger language plpgsql as $body$ begin
          if tg_op <> 'INSERT' then ${countThere('old', -1)} ${forgetEmpty('old')} end if;
          if tg_op <> 'DELETE' then ${countThere('new', 1)} end if;
          return null;
        end $body$`,
        `create trigger lead_counted after insert or delete on lead
          for each row execute function count_lead()`,
        `create trigger lead_recounted
          after update of campaign_id, state, hold_reason, not_before_at on lead for each row
          when ((${keyOf('old')}) is distinct from (${keyOf('new')})) execute function count_lead()`,
      ],
    },
  ],
};
