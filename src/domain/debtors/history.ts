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

/** One contact (acionamento) in a debtor's history, on any channel, ours or the CRM's. */
export type HistoryEntry = {
  readonly id: ContactId;
  readonly at: EpochMs;
  readonly channel: Channel;
  readonly direction: 'outbound' | 'inbound';
  readonly creditorId: CreditorId;
  readonly source: 'dialer' | 'crm';
  /** Outcome or disposition code, or a short text from the CRM. */
  readonly result: string;
  /** Address on its channel, as text because the CRM may report any; absent when unknown. */
  readonly address?: string;
  readonly note?: string;
  /** Present when there was a note that can no longer be read. */
  readonly noteErased?: boolean;
  readonly agentName?: string;
  readonly callId?: CallId;
  readonly campaignId?: CampaignId;
};

/** An informal promise: a value on a date. */
export type PromiseToPay = {
  readonly id: PromiseId;
  readonly creditorId: CreditorId;
  readonly madeAt: EpochMs;
  readonly dueDate: IsoDate;
  readonly value: Money;
  readonly state: 'open' | 'kept' | 'broken' | 'cancelled';
  readonly agentId?: UserId;
};

/** Everything that one campaign may show of a debtor: only what belongs to its own creditors. */
export type DebtorFile = {
  readonly debtor: Debtor;
  readonly creditors: readonly Creditor[];
  readonly contracts: readonly Contract[];
  readonly phones: readonly Phone[];
  readonly promises: readonly PromiseToPay[];
  /** Contacts on all channels, newest first, at most {@link CONTACTS_SHOWN_MAX}. */
  readonly contacts: readonly HistoryEntry[];
  readonly readAt: EpochMs;
};

export const CONTACTS_SHOWN_MAX = 100;
