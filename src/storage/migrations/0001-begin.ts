import type { Migration } from './migration.ts';

/**
 * The first schema. Times are UTC milliseconds and money is centavos; ids, phones and documents are
 * text; flags are 0 or 1. Every table is STRICT, so SQLite refuses a value of another kind.
 * References are checked at the commit: what one turn of the engine writes belongs together, in any
 * order.
 */
export const migration: Migration = {
  number: 1,
  name: 'begin',
  breaking: false,
  statements: [
    // ── Who works, and for whom ────────────────────────────────────────────────────────────────
    `create table legal_entity (
      id text primary key, name text not null, cnpj text not null
    ) strict`,
    `create table creditor (
      id text primary key, name text not null, cnpj text not null
    ) strict`,
    `create table portfolio (
      id text primary key,
      creditor_id text not null references creditor (id) deferrable initially deferred,
      name text not null
    ) strict`,
    `create table user_account (
      id text primary key, login text not null unique, name text not null, role text not null,
      enabled integer not null, must_change_password integer not null, language text,
      password_hash text not null, created_at integer not null
    ) strict`,
    `create table session (
      id text primary key,
      user_id text not null references user_account (id) deferrable initially deferred,
      token_hash text not null unique, created_at integer not null, expires_at integer not null,
      last_seen_at integer not null
    ) strict`,
    'create index session_by_user on session (user_id)',
    'create index session_by_expiry on session (expires_at)',
    `create table api_token (
      id text primary key, name text not null, scopes text not null, token_hash text not null unique,
      created_at integer not null, expires_at integer, revoked_at integer
    ) strict`,

    // ── Ways out ───────────────────────────────────────────────────────────────────────────────
    // authentication_password is the one secret stored in clear, because the carrier must be shown
    // it; migration 0019 seals it.
    `create table trunk (
      id text primary key, name text not null, carrier text not null,
      legal_entity_id text not null references legal_entity (id) deferrable initially deferred,
      simulated integer not null, enabled integer not null, host text not null,
      port integer not null, match_addresses text not null, authentication_username text,
      authentication_password text, registers integer not null, number_format text not null,
      caller_id_header text not null, from_domain text, channels_max integer not null,
      calls_per_second_max real not null, cause_overrides text not null
    ) strict`,
    `create table caller_id (
      id text primary key, number text not null unique,
      holder_entity_id text not null references legal_entity (id) deferrable initially deferred,
      kind text not null, area_code text, station_bound integer not null,
      valid_from integer not null, valid_to integer, status text not null
    ) strict`,
    `create table caller_id_trunk (
      caller_id_id text not null references caller_id (id) deferrable initially deferred,
      trunk_id text not null references trunk (id) deferrable initially deferred,
      primary key (caller_id_id, trunk_id)
    ) strict, without rowid`,

    // ── Campaigns ──────────────────────────────────────────────────────────────────────────────
    `create table campaign (
      id text primary key, name text not null,
      portfolio_id text not null references portfolio (id) deferrable initially deferred,
      legal_entity_id text not null references legal_entity (id) deferrable initially deferred,
      profile_id text not null, state text not null, pacing text not null,
      ring_timeout_ms integer not null, retry_rules text not null, fallback_caller_id_id text,
      script text not null, wrap_up_ms integer not null, disposition_ids text not null,
      weight real not null
    ) strict`,
    `create table campaign_creditor (
      campaign_id text not null references campaign (id) deferrable initially deferred,
      creditor_id text not null references creditor (id) deferrable initially deferred,
      position integer not null,
      primary key (campaign_id, creditor_id)
    ) strict, without rowid`,
    `create table assignment (
      campaign_id text not null references campaign (id) deferrable initially deferred,
      agent_id text not null,
      primary key (campaign_id, agent_id)
    ) strict, without rowid`,

    // ── Debtors and what they owe ──────────────────────────────────────────────────────────────
    // document_key leaves room for a keyed hash, which finds a document where its clear text may
    // not be stored.
    `create table debtor (
      id text primary key, name text not null, document text unique, document_key text unique,
      birth_date text, emails text not null, addresses text not null,
      created_at integer not null, updated_at integer not null
    ) strict`,
    `create table debtor_reference (
      creditor_id text not null references creditor (id) deferrable initially deferred,
      external_id text not null,
      debtor_id text not null references debtor (id) deferrable initially deferred,
      primary key (creditor_id, external_id)
    ) strict, without rowid`,
    'create index debtor_reference_by_debtor on debtor_reference (debtor_id)',
    `create table phone (
      id text primary key,
      debtor_id text not null references debtor (id) deferrable initially deferred,
      number text not null, kind text not null, source text not null,
      collected_at integer not null, score integer not null, status text not null,
      status_at integer not null, suspected_at integer, suspected_trunk_id text,
      status_before_suspicion text, last_attempt_at integer,
      unique (debtor_id, number)
    ) strict`,
    'create index phone_by_number on phone (number)',
    `create table contract (
      id text primary key,
      debtor_id text not null references debtor (id) deferrable initially deferred,
      creditor_id text not null references creditor (id) deferrable initially deferred,
      portfolio_id text not null references portfolio (id) deferrable initially deferred,
      number text not null, product text,
      unique (debtor_id, creditor_id, number)
    ) strict`,
    `create table instalment (
      id text primary key,
      contract_id text not null references contract (id) deferrable initially deferred,
      number text not null, due_date text not null, original_centavos integer not null,
      updated_centavos integer not null, computed_at integer not null, state text not null,
      unique (contract_id, number)
    ) strict`,

    // ── Lists and leads ────────────────────────────────────────────────────────────────────────
    `create table list (
      id text primary key,
      campaign_id text not null references campaign (id) deferrable initially deferred,
      name text not null, origin text not null, by_user_id text, started_at integer not null,
      finished_at integer, rows_read integer not null, rows_created integer not null,
      rows_updated integer not null, rows_unchanged integer not null,
      rows_rejected integer not null
    ) strict`,
    'create index list_by_campaign on list (campaign_id, started_at)',
    `create table list_rejection (
      id integer primary key,
      list_id text not null references list (id) deferrable initially deferred,
      row_index integer not null, code text not null, reason text not null, field text,
      external_id text
    ) strict`,
    'create index list_rejection_by_list on list_rejection (list_id, row_index)',
    `create table lead (
      id text primary key,
      campaign_id text not null references campaign (id) deferrable initially deferred,
      list_id text not null references list (id) deferrable initially deferred,
      debtor_id text not null references debtor (id) deferrable initially deferred,
      creditor_id text not null references creditor (id) deferrable initially deferred,
      state text not null, priority integer not null, not_before_at integer not null,
      hold_reason text, hold_clause text, next_phone_id text, callback_asked_at integer,
      agent_first integer not null, cycle integer not null, attempts integer not null,
      last_outcome text, last_attempt_at integer, finished_because text, suppressed_because text,
      unique (campaign_id, debtor_id)
    ) strict`,
    // One seek for each existing priority, then the due leads in order; see leads.ts.
    `create index lead_due on lead (campaign_id, priority, not_before_at, id, debtor_id)
      where state in ('ready', 'waiting')`,
    // Covers the funnel, which therefore never reads the table.
    'create index lead_funnel on lead (campaign_id, state, hold_reason, not_before_at)',
    'create index lead_by_debtor on lead (debtor_id)',

    // ── What happened ──────────────────────────────────────────────────────────────────────────
    `create table fact (
      sequence integer primary key, at integer not null, kind text not null, campaign_id text,
      call_id text, lead_id text, agent_id text, shift_id text, by_user_id text,
      body text not null
    ) strict`,
    `create table call (
      id text primary key, campaign_id text not null, lead_id text not null,
      debtor_id text not null, agent_id text, state text not null, placed_at integer not null,
      answered_at integer, connected_at integer, ended_at integer, abandonment text,
      version integer not null, body text not null
    ) strict`,
    `create index call_live on call (id) where state <> 'ended'`,
    'create index call_by_debtor on call (debtor_id, campaign_id, connected_at, agent_id)',
    `create index call_counts on call
      (campaign_id, placed_at, answered_at, connected_at, abandonment)`,
    `create index call_by_agent on call (agent_id, connected_at, ended_at)
      where agent_id is not null`,
    `create table shift (
      id text primary key, agent_id text not null, activity text not null,
      started_at integer not null, ended_at integer, version integer not null, body text not null
    ) strict`,
    'create index shift_open on shift (id) where ended_at is null',
    'create index shift_by_agent on shift (agent_id, started_at)',

    // ── Compliance evidence ────────────────────────────────────────────────────────────────────
    `create table decision (
      id text primary key, at integer not null, campaign_id text not null, lead_id text not null,
      debtor_id text not null, phone_id text not null, profile_id text not null,
      profile_version text not null, allowed integer not null, reason text, clause text,
      retry_at integer, rules text not null
    ) strict`,
    'create index decision_by_debtor on decision (debtor_id, at)',
    `create table attempt (
      id text primary key, call_id text not null, leg_id text not null unique,
      decision_id text not null references decision (id) deferrable initially deferred,
      campaign_id text not null,
      lead_id text not null references lead (id) deferrable initially deferred,
      debtor_id text not null, phone_id text not null, phone text not null,
      trunk_id text not null, caller_id text not null, cycle integer not null,
      placed_at integer not null, ended_at integer, outcome text, counts integer not null,
      abandoned integer not null, cause integer, tech_cause integer, answered_at integer,
      connected_at integer, agent_id text
    ) strict`,
    'create index attempt_by_debtor on attempt (debtor_id, placed_at)',
    'create index attempt_by_phone on attempt (phone, placed_at)',
    'create index attempt_by_lead on attempt (lead_id, cycle, phone_id)',
    'create index attempt_by_campaign on attempt (campaign_id, placed_at, outcome)',
    `create table block (
      id text primary key, scope text not null, phone text, debtor_id text, creditor_id text,
      reason text not null, effective_from integer not null, expires_at integer,
      by_user_id text, call_id text, at integer not null
    ) strict`,
    'create index block_by_phone on block (phone) where phone is not null',
    'create index block_by_debtor on block (debtor_id) where debtor_id is not null',
    `create table right_party_contact (
      call_id text primary key,
      debtor_id text not null references debtor (id) deferrable initially deferred,
      campaign_id text, agent_id text not null, at integer not null
    ) strict`,
    'create index right_party_contact_by_debtor on right_party_contact (debtor_id, at)',
    'create index right_party_contact_by_campaign on right_party_contact (campaign_id, at)',
    'create index right_party_contact_by_agent on right_party_contact (agent_id, at)',

    // ── What was said ──────────────────────────────────────────────────────────────────────────
    `create table contact (
      id text primary key,
      debtor_id text not null references debtor (id) deferrable initially deferred,
      creditor_id text not null references creditor (id) deferrable initially deferred,
      at integer not null, channel text not null, direction text not null, source text not null,
      result text not null, address text, note text, agent_name text, call_id text,
      campaign_id text
    ) strict`,
    'create index contact_by_debtor on contact (debtor_id, creditor_id, at)',
    `create table disposition (
      id integer primary key, call_id text not null, campaign_id text not null,
      debtor_id text not null, lead_id text not null, agent_id text not null, code text not null,
      note text, at integer not null, is_correction integer not null, is_current integer not null,
      form text
    ) strict`,
    'create index disposition_by_call on disposition (call_id)',
    'create index disposition_by_campaign on disposition (campaign_id, at)',
    `create table promise (
      id text primary key,
      debtor_id text not null references debtor (id) deferrable initially deferred,
      creditor_id text not null references creditor (id) deferrable initially deferred,
      campaign_id text, call_id text, made_at integer not null, due_date text not null,
      value_centavos integer not null, state text not null, agent_id text
    ) strict`,
    'create index promise_by_debtor on promise (debtor_id, creditor_id, made_at)',
    'create index promise_by_campaign on promise (campaign_id, made_at)',
    `create index promise_by_agent on promise (agent_id, made_at, value_centavos, state)
      where agent_id is not null`,
    'create index promise_by_call on promise (call_id) where call_id is not null',
    `create table audit (
      id integer primary key, at integer not null, by_user_id text, subject text not null,
      subject_id text not null, change text not null, from_value text, to_value text
    ) strict`,

    // ── One engine a group ─────────────────────────────────────────────────────────────────────
    `create table lease (
      engine_group text primary key, epoch integer not null, holder text not null,
      taken_at integer not null
    ) strict`,
  ],
};
