/**
 * A contact: what goes out to a person by a channel, at an address, for a purpose. The gate is asked
 * about one, caps and gaps count past ones, blocks forbid some, and the debtor's history shows all.
 *
 * Its name is that of the trade, where every *contato* or *acionamento* counts, whatever its channel.
 * A call of ours is a contact too; whether anybody was reached by it is said by its outcome. What the
 * history shows of one, with its time and result, is a `HistoryEntry` (`debtors/history.ts`).
 *
 * A channel joins with its address in {@link ContactPoint}, its purposes in {@link Contact}, and its
 * place in the two tables of `compliance` which say what caps count and where blocks hold.
 */
import { unreachable } from '../../lib/assert.ts';
import type { E164 } from '../../lib/phone-number.ts';

/**
 * Every way that a person is or was contacted, in order of use. `voice` is a telephone call, `bureau` a
 * notice to a credit bureau; `other` is whatever else the CRM reports.
 */
export const CHANNELS = ['voice', 'sms', 'email', 'whatsapp', 'letter', 'bureau', 'other'] as const;
export type Channel = (typeof CHANNELS)[number];

/** An address of a channel. One number has three: to be called, sent an SMS, or written to by WhatsApp. */
export type ContactPoint =
  | VoicePoint
  | { readonly channel: 'sms' | 'whatsapp'; readonly address: E164 }
  /** The mailbox as the creditor sent it. */
  | { readonly channel: 'email'; readonly address: string };

/** Why somebody is called. `campaign`: their turn in the list. `callback`: they asked for it. */
export type CallPurpose = 'campaign' | 'callback' | 'redial-after-abandonment';

/** What is to go out: so far a telephone call. */
export type Contact = VoicePoint & { readonly purpose: CallPurpose };

type VoicePoint = { readonly channel: 'voice'; readonly address: E164 };

/** The number at which somebody is called. */
export function voiceAt(number: E164): VoicePoint {
  return { channel: 'voice', address: number };
}

/** Whether both are the same address of the same channel. */
export function isSamePoint(one: ContactPoint, other: ContactPoint): boolean {
  return one.channel === other.channel && one.address === other.address;
}

/** The telephone number behind an address; absent where there is none. */
export function numberOf(point: ContactPoint): E164 | undefined {
  switch (point.channel) {
    case 'voice':
    case 'sms':
    case 'whatsapp':
      return point.address;
    case 'email':
      return undefined;
    default:
      return unreachable(point);
  }
}
