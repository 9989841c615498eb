/**
 * The tables as TypeScript sees them when it writes a query. Results are read through {@link
 * file://./row.ts}, because the disk is outside. migrations/ explains the columns.
 */
import type { Generated, Kysely } from 'kysely';
import type { ApprovalTable } from './approval-table.ts';
import type { CampaignTable } from './campaign-table.ts';
import type { JobTable } from './job-table.ts';
import type { DebtorKeyTable, SearchKeyTable } from './key-tables.ts';
import type { NegotiationDraftTable } from './negotiation-draft-table.ts';

export type Database = Kysely<Tables>;

/** 0 or 1. */
type Flag = number;
/** JSON text. */
type Json = string;
type Optional<T> = T | null;

export type Tables = {
  legal_entity: { id: string; name: string; cnpj: string };
  creditor: { id: string; name: string; cnpj: string };
  portfolio: { id: string; creditor_id: string; name: string };
  user_account: UserTable;
  user_creditor: { user_id: string; creditor_id: string };
  session: SessionTable;
  api_token: TokenTable;
  trunk: TrunkTable;
  caller_id: CallerIdTable;
  caller_id_trunk: { caller_id_id: string; trunk_id: string };
  campaign: CampaignTable;
  campaign_creditor: { campaign_id: string; creditor_id: string; position: number };
  assignment: { campaign_id: string; agent_id: string };
  debtor: DebtorTable;
  debtor_key: DebtorKeyTable;
  search_key: SearchKeyTable;
  debtor_reference: DebtorReferenceTable;
  phone: PhoneTable;
  contract: ContractTable;
  instalment: InstalmentTable;
  list: ListTable;
  list_rejection: RejectionTable;
  list_count: ListCountTable;
  lead: LeadTable;
  /** Kept by triggers on `lead`. */
  lead_count: LeadCountTable;
  fact: FactTable;
  call: CallTable;
  undisposed_call: UndisposedCallTable;
  bank_watch: BankWatchTable;
  shift: ShiftTable;
  decision: DecisionTable;
  attempt: AttemptTable;
  block: BlockTable;
  right_party_contact: RightPartyContactTable;
  contact: ContactTable;
  disposition: DispositionTable;
  negotiation_draft: NegotiationDraftTable;
  promise: PromiseTable;
  audit: AuditTable;
  setting_version: SettingVersionTable;
  revision: { subject: 'user_account'; value: number };
  claim: ClaimTable;
  job: JobTable;
  approval: ApprovalTable;
  lease: { engine_group: string; epoch: number; holder: string; taken_at: number };
  pacer_state: PacerStateTable;
  caller_id_health: CallerIdHealthTable;
  migration: { number: number; name: string; breaking: Flag; applied_at: number };
};

export type UserTable = {
  id: string;
  login: string;
  name: string;
  role: string;
  enabled: Flag;
  must_change_password: Flag;
  language: Optional<string>;
  password_hash: string;
  created_at: number;
};

export type SessionTable = {
  id: string;
  user_id: string;
  token_hash: string;
  created_at: number;
  expires_at: number;
  last_seen_at: number;
};

export type TokenTable = {
  id: string;
  name: string;
  scopes: Json;
  limited_to: Optional<Json>;
  token_hash: string;
  created_at: number;
  expires_at: Optional<number>;
  revoked_at: Optional<number>;
};

export type TrunkTable = {
  id: string;
  name: string;
  carrier: string;
  legal_entity_id: string;
  simulated: Flag;
  enabled: Flag;
  host: string;
  port: number;
  match_addresses: Json;
  authentication_username: Optional<string>;
  /** Stored in clear before there was a key ring; null once `authentication_sealed` holds it. */
  authentication_password: Optional<string>;
  /**
   * The password, sealed with the key ring and not hashed, because the carrier must be shown it.
   */
  authentication_sealed: Optional<string>;
  registers: Flag;
  number_format: Json;
  caller_id_header: string;
  from_domain: Optional<string>;
  channels_max: number;
  calls_per_second_max: number;
  cause_overrides: Json;
  reads_reason: Flag;
};

export type CallerIdTable = {
  id: string;
  number: string;
  holder_entity_id: string;
  kind: string;
  area_code: Optional<string>;
  station_bound: Flag;
  valid_from: number;
  valid_to: Optional<number>;
  status: string;
};

export type PacerStateTable = {
  campaign_id: string;
  schema_version: number;
  fact_sequence: number;
  saved_at: number;
  state: Json;
};

/** One row for each number that is shown. */
export type CallerIdHealthTable = {
  number: string;
  health: Json;
};

export type DebtorTable = {
  id: string;
  name: string;
  document: Optional<string>;
  /** Keyed hash of the document; null without a document, or when not hashed yet. */
  document_key: Optional<string>;
  birth_date: Optional<string>;
  emails: Json;
  addresses: Json;
  created_at: number;
  updated_at: number;
};

export type PhoneTable = {
  id: string;
  debtor_id: string;
  number: string;
  kind: string;
  extension: Optional<string>;
  source: string;
  collected_at: number;
  score: number;
  status: string;
  status_at: number;
  suspected_at: Optional<number>;
  suspected_trunk_id: Optional<string>;
  status_before_suspicion: Optional<string>;
  last_attempt_at: Optional<number>;
};

export type DebtorReferenceTable = {
  creditor_id: string;
  external_id: string;
  debtor_id: string;
};

export type ContractTable = {
  id: string;
  debtor_id: string;
  creditor_id: string;
  portfolio_id: string;
  number: string;
  product: Optional<string>;
};

export type InstalmentTable = {
  id: string;
  contract_id: string;
  number: string;
  due_date: string;
  original_centavos: number;
  updated_centavos: number;
  computed_at: number;
  state: string;
};

export type ListTable = {
  id: string;
  campaign_id: string;
  name: string;
  origin: string;
  by_user_id: Optional<string>;
  started_at: number;
  finished_at: Optional<number>;
  broken_off_because: Optional<string>;
  rows_read: number;
  rows_created: number;
  rows_updated: number;
  rows_unchanged: number;
  rows_rejected: number;
  /** The last sign of life of the import; null for lists older than this column. */
  touched_at: Optional<number>;
};

export type ListCountTable = {
  list_id: string;
  kind: string;
  code: string;
  /** Empty when the code says everything. */
  reason: string;
  rows: number;
};

export type RejectionTable = {
  id: Generated<number>;
  list_id: string;
  row_index: number;
  code: string;
  reason: string;
  field: Optional<string>;
  external_id: Optional<string>;
};

export type LeadTable = {
  id: string;
  campaign_id: string;
  list_id: string;
  debtor_id: string;
  creditor_id: string;
  state: string;
  priority: number;
  not_before_at: number;
  hold_reason: Optional<string>;
  hold_clause: Optional<string>;
  next_phone_id: Optional<string>;
  callback_asked_at: Optional<number>;
  agent_first: Flag;
  cycle: number;
  attempts: number;
  last_outcome: Optional<string>;
  last_attempt_at: Optional<number>;
  finished_because: Optional<string>;
  suppressed_because: Optional<string>;
};

export type LeadCountTable = {
  campaign_id: string;
  state: string;
  /** Empty when there is no reason. */
  hold_reason: string;
  /** Quarter of an hour of the next moment, for leads that may be dialed; 0 for others. */
  bucket: number;
  leads: number;
};

/** Claims of a person by id, or of a telephone by its number. */
export type ClaimTable = {
  kind: 'person' | 'number';
  value: string;
  stream: string;
  leg_id: string;
};

export type FactTable = {
  stream: string;
  sequence: number;
  version: number;
  at: number;
  kind: string;
  campaign_id: Optional<string>;
  call_id: Optional<string>;
  lead_id: Optional<string>;
  agent_id: Optional<string>;
  shift_id: Optional<string>;
  by_user_id: Optional<string>;
  body: Json;
};

export type CallTable = {
  id: string;
  campaign_id: string;
  lead_id: string;
  debtor_id: string;
  agent_id: Optional<string>;
  /** Kind of the state; the body holds the whole state. */
  state: string;
  placed_at: number;
  answered_at: Optional<number>;
  connected_at: Optional<number>;
  ended_at: Optional<number>;
  abandonment: Optional<string>;
  /** What an answered call counts as (`domain/calls/standing.ts`). */
  standing: Optional<string>;
  version: number;
  body: Json;
};

/** The state of a campaign's bank of abandonment when it was last seen. */
export type BankWatchTable = {
  campaign_id: string;
  state: string;
  since: number;
};

export type ShiftTable = {
  id: string;
  agent_id: string;
  activity: string;
  started_at: number;
  ended_at: Optional<number>;
  version: number;
  /** Shift and headset. */
  body: Json;
};

export type DecisionTable = {
  id: string;
  at: number;
  campaign_id: string;
  lead_id: string;
  debtor_id: string;
  phone_id: string;
  profile_id: string;
  profile_version: string;
  allowed: Flag;
  reason: Optional<string>;
  clause: Optional<string>;
  retry_at: Optional<number>;
  rules: Json;
};

export type AttemptTable = {
  id: string;
  call_id: string;
  leg_id: string;
  decision_id: string;
  campaign_id: string;
  lead_id: string;
  debtor_id: string;
  phone_id: string;
  phone: string;
  trunk_id: string;
  caller_id: string;
  /** The lead's cycle when the attempt was placed. */
  cycle: number;
  placed_at: number;
  ended_at: Optional<number>;
  outcome: Optional<string>;
  counts: Flag;
  abandoned: Flag;
  cause: Optional<number>;
  tech_cause: Optional<number>;
  answered_at: Optional<number>;
  connected_at: Optional<number>;
  agent_id: Optional<string>;
  screen_verdict: Optional<string>;
  screen_cause: Optional<string>;
  screened_ms: Optional<number>;
  screen_sampled: Flag;
};

export type BlockTable = {
  id: string;
  scope: string;
  phone: Optional<string>;
  debtor_id: Optional<string>;
  creditor_id: Optional<string>;
  reason: string;
  effective_from: number;
  expires_at: Optional<number>;
  by_user_id: Optional<string>;
  call_id: Optional<string>;
  at: number;
};

export type RightPartyContactTable = {
  call_id: string;
  debtor_id: string;
  campaign_id: Optional<string>;
  agent_id: string;
  at: number;
  /**
   * The evidence that confirmed it, without what was said; null for calls before evidence was asked
   * for.
   */
  evidence: Optional<Json>;
  withdrawn_at: Optional<number>;
  withdrawn_because: Optional<string>;
};

export type ContactTable = {
  id: string;
  debtor_id: string;
  creditor_id: string;
  at: number;
  channel: string;
  direction: string;
  source: string;
  result: string;
  address: Optional<string>;
  /** Stored in clear before there was a key ring; null once `note_sealed` holds it. */
  note: Optional<string>;
  /** Sealed with the key of the debtor. */
  note_sealed: Optional<string>;
  agent_name: Optional<string>;
  call_id: Optional<string>;
  campaign_id: Optional<string>;
};

export type DispositionTable = {
  id: Generated<number>;
  call_id: string;
  campaign_id: string;
  debtor_id: string;
  lead_id: string;
  agent_id: string;
  code: string;
  /** Stored in clear before there was a key ring; null once `note_sealed` holds it. */
  note: Optional<string>;
  /** Sealed with the key of the debtor. */
  note_sealed: Optional<string>;
  at: number;
  is_correction: Flag;
  /** 0 once a correction replaced it. */
  is_current: Flag;
  form: Optional<Json>;
  by_user_id: Optional<string>;
};

/** A call whose wait for a disposition ran out; the row goes when it gets one. */
export type UndisposedCallTable = {
  call_id: string;
  campaign_id: string;
  agent_id: Optional<string>;
  at: number;
};

export type PromiseTable = {
  id: string;
  debtor_id: string;
  creditor_id: string;
  campaign_id: Optional<string>;
  call_id: Optional<string>;
  made_at: number;
  due_date: string;
  value_centavos: number;
  state: string;
  agent_id: Optional<string>;
};

export type SettingVersionTable = {
  subject: string;
  subject_id: string;
  version: number;
  at: number;
  by_user_id: Optional<string>;
  because: Optional<string>;
  settings: Json;
};

export type AuditTable = {
  id: Generated<number>;
  at: number;
  by_user_id: Optional<string>;
  by_token_id: Optional<string>;
  address: Optional<string>;
  subject: string;
  subject_id: string;
  change: string;
  from_value: Optional<string>;
  to_value: Optional<string>;
  because: Optional<string>;
};
