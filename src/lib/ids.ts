import type { EpochMs } from './time.ts';

/**
 * Every id begins with its kind. A reader recognizes it in a log line, an Asterisk channel name or
 * a database row, and passing an id of the wrong kind does not compile.
 */
export type CallId = `call_${string}`;
/** The leg of a call, and at the same time the id of its channel in Asterisk. */
export type LegId = `leg_${string}`;
/** The one bridge an agent's headset sits in for a whole shift. */
export type BridgeId = `bridge_${string}`;
/** A headset's own channel in Asterisk; it belongs to a person, not to a call. */
export type HeadsetId = `headset_${string}`;
export type DebtorId = `debtor_${string}`;
export type ContractId = `contract_${string}`;
export type InstalmentId = `instalment_${string}`;
export type PhoneId = `phone_${string}`;
export type ContactId = `contact_${string}`;
export type PromiseId = `promise_${string}`;
export type CreditorId = `creditor_${string}`;
export type PortfolioId = `portfolio_${string}`;
export type CampaignId = `campaign_${string}`;
export type ListId = `list_${string}`;
export type LeadId = `lead_${string}`;
export type AttemptId = `attempt_${string}`;
export type DecisionId = `decision_${string}`;
/** A person who works with the product: agent, supervisor or admin. */
export type UserId = `user_${string}`;
/** An agent is a user at work; the id is the user's. */
export type AgentId = UserId;
export type ShiftId = `shift_${string}`;
export type SessionId = `session_${string}`;
export type TokenId = `token_${string}`;
export type TrunkId = `trunk_${string}`;
export type CallerIdId = `callerid_${string}`;
export type LegalEntityId = `entity_${string}`;
export type DispositionId = `disposition_${string}`;
export type BlockId = `block_${string}`;
export type JobId = `job_${string}`;
export type ApprovalId = `approval_${string}`;

type AnyId =
  | CallId
  | LegId
  | BridgeId
  | HeadsetId
  | DebtorId
  | ContractId
  | InstalmentId
  | PhoneId
  | ContactId
  | PromiseId
  | CreditorId
  | PortfolioId
  | CampaignId
  | ListId
  | LeadId
  | AttemptId
  | DecisionId
  | UserId
  | ShiftId
  | SessionId
  | TokenId
  | TrunkId
  | CallerIdId
  | LegalEntityId
  | DispositionId
  | BlockId
  | JobId
  | ApprovalId;

/** `call`, `debtor`, …: what stands before the underscore. */
export type IdKind = AnyId extends `${infer Kind}_${string}` ? Kind : never;
export type IdOf<Kind extends IdKind> = Extract<AnyId, `${Kind}_${string}`>;

/** Crockford's alphabet: no letter that reads like a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LENGTH = 9;
const RANDOM_LENGTH = 10;

/**
 * A new id: the time, then 50 random bits. Ids therefore sort by creation, and rows land at the end
 * of their index. `random` gives numbers in [0, 1); in the simulator it is a seeded stream, so the
 * same seed gives the same ids.
 */
export function newId<Kind extends IdKind>(
  kind: Kind,
  now: EpochMs,
  random: () => number,
): IdOf<Kind> {
  let time = '';
  for (let rest = now, place = 0; place < TIME_LENGTH; place += 1) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let chance = '';
  for (let place = 0; place < RANDOM_LENGTH; place += 1) {
    chance += ALPHABET.charAt(Math.floor(random() * 32));
  }
  return `${kind}_${time}${chance}` as IdOf<Kind>;
}

/** Whether a text from outside has the form of an id of this kind. */
export function isId<Kind extends IdKind>(kind: Kind, text: string): text is IdOf<Kind> {
  return text.startsWith(`${kind}_`) && /^[a-z]+_[0-9a-z-]{1,64}$/.test(text);
}
