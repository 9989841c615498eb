import type {
  CallId,
  CampaignId,
  ContactId,
  CreditorId,
  PromiseId,
  UserId,
} from '../../lib/ids.ts';
import type { Money } from '../../lib/money.ts';
import type { EpochMs, IsoDate } from '../../lib/time.ts';
import type { Channel } from '../contacts/contact.ts';
import type { Contract, Creditor } from './debt.ts';
import type { Debtor } from './debtor.ts';
import type { Phone } from './phone.ts';

/** What a debtor's history shows of one contact (acionamento) on any channel, ours or the CRM's. */
export type HistoryEntry = {
  readonly id: ContactId;
  readonly at: EpochMs;
  readonly channel: Channel;
  readonly direction: 'outbound' | 'inbound';
  readonly creditorId: CreditorId;
  readonly source: 'dialer' | 'crm';
  /** Outcome or disposition code, or a short text from the CRM. */
  readonly result: string;
  /** Address on its channel; as text, since the CRM may report any. */
  readonly address?: string;
  readonly note?: string;
  /** There was a note, and it can be read no more. */
  readonly noteErased?: boolean;
  readonly agentName?: string;
  readonly callId?: CallId;
  readonly campaignId?: CampaignId;
};

/** An informal word: a value on a date. */
export type PromiseToPay = {
  readonly id: PromiseId;
  readonly creditorId: CreditorId;
  readonly madeAt: EpochMs;
  readonly dueDate: IsoDate;
  readonly value: Money;
  readonly state: 'open' | 'kept' | 'broken' | 'cancelled';
  readonly agentId?: UserId;
};

/** All that one campaign may show of a debtor: of its own creditors and no others. */
export type DebtorFile = {
  readonly debtor: Debtor;
  readonly creditors: readonly Creditor[];
  readonly contracts: readonly Contract[];
  readonly phones: readonly Phone[];
  readonly promises: readonly PromiseToPay[];
  /** All channels, newest first, at most {@link CONTACTS_SHOWN_MAX}. */
  readonly contacts: readonly HistoryEntry[];
  readonly readAt: EpochMs;
};

export const CONTACTS_SHOWN_MAX = 100;
