/**
 * Blocks: who must not be contacted, on which number and channels, on whose behalf, and since when.
 */
import { unreachable } from '../../lib/assert.ts';
import { given } from '../../lib/given.ts';
import type { BlockId, CreditorId, DebtorId } from '../../lib/ids.ts';
import type { E164 } from '../../lib/phone-number.ts';
import type { EpochMs } from '../../lib/time.ts';
import { CHANNELS, type Channel, type ContactPoint, numberOf } from '../contacts/contact.ts';
import type { PhoneStatus } from '../debtors/phone.ts';
import type { RefusalReason, RuleAnswer } from './refusal.ts';

export type BlockReason =
  /** The debtor asked not to be called. */
  | 'opt-out'
  /** The number is somebody else's. */
  | 'wrong-number'
  /** The called telephone refuses our calls (SIP 607); holds until somebody has looked into it. */
  | 'unwanted'
  /** A public list that covers collection (Procon-SP, Lei 13.226/2008 with Lei 17.334/2021). */
  | 'public-list'
  | 'deceased'
  | 'lawyer'
  | 'court-order'
  | 'dispute'
  | 'paid'
  /** The debtor says that it is paid; holds until the proof was checked. */
  | 'claims-paid'
  /** The debtor promised to pay; holds until the day after. */
  | 'promise'
  | 'agreement'
  | 'creditor-stop'
  | 'other';

export type Block = {
  readonly id: BlockId;
  /**
   * `phone`: this number, for one debtor if `debtorId` is present, otherwise for all. `person`: the
   * debtor.
   */
  readonly scope: 'phone' | 'person';
  readonly phone?: E164;
  readonly debtorId?: DebtorId;
  /** The creditor it holds for; absent when it holds for all. */
  readonly creditorId?: CreditorId;
  readonly reason: BlockReason;
  readonly effectiveFrom: EpochMs;
  /** Its end; absent when it holds for good. */
  readonly expiresAt?: EpochMs;
};

/** Whom a contact would reach, and on whose behalf. */
export type BlockSubject = {
  readonly contact: ContactPoint;
  readonly debtorId: DebtorId;
  readonly creditorId: CreditorId;
};

/**
 * The channels on which a block holds, for reasons that say nothing about other channels. A block
 * with any other reason holds on all channels.
 *
 * - `unwanted`: a telephone has refused our call.
 * - `public-list`: calls and messages to a number (Lei SP 17.334/2021).
 */
const HELD: Readonly<Partial<Record<BlockReason, readonly Channel[]>>> = {
  unwanted: ['voice'],
  'public-list': ['voice', 'sms', 'whatsapp'],
};

/** Whether a block forbids this contact at this moment. */
export function blockApplies(block: Block, subject: BlockSubject, now: EpochMs): boolean {
  if (now < block.effectiveFrom) return false;
  if (block.expiresAt !== undefined && block.expiresAt <= now) return false;
  if (block.creditorId !== undefined && block.creditorId !== subject.creditorId) return false;
  if (!(HELD[block.reason] ?? CHANNELS).includes(subject.contact.channel)) return false;
  const samePhone = block.phone !== undefined && block.phone === numberOf(subject.contact);
  const samePerson = block.debtorId === subject.debtorId;
  if (block.scope === 'phone') return samePhone && (block.debtorId === undefined || samePerson);
  return samePerson && (block.phone === undefined || samePhone);
}

/** A rule of the gate: no block forbids the call. The longest block gives `retryAt`. */
export function doNotCallRule(
  blocks: readonly Block[],
  subject: BlockSubject,
  now: EpochMs,
): RuleAnswer {
  const standing = blocks.filter((block) => blockApplies(block, subject, now));
  const [first] = standing.toSorted((a, b) => endOf(b) - endOf(a));
  if (!first) return { detail: 'no block' };
  return {
    detail: `${first.scope} ${first.reason} ${first.id}`,
    refusal: {
      reason: refusalFor(first.reason),
      clause: CLAUSES[first.reason],
      ...given({ retryAt: first.expiresAt }),
    },
  };
}

/** A rule of the gate: the number is not known to be somebody else's or dead. */
export function phoneStatusRule(status: PhoneStatus): RuleAnswer {
  if (status === 'wrong') {
    return { detail: status, refusal: { reason: 'phone-wrong', clause: CLAUSES['wrong-number'] } };
  }
  if (status === 'invalid') {
    return {
      detail: status,
      refusal: { reason: 'phone-invalid', clause: 'BR-21: número inexistente confirmado' },
    };
  }
  return { detail: status };
}

const CLAUSES: Readonly<Record<BlockReason, string>> = {
  'opt-out': 'BR-11: pedido de não ser chamado; CDC arts. 42 e 71',
  'wrong-number': 'BR-11: número de terceiro; CDC art. 42 e LGPD art. 6º',
  unwanted: 'BR-11: quem atende este número recusou as nossas ligações; CDC arts. 42 e 71',
  'public-list': 'BR-10: Lei SP 13.226/2008, alterada pela Lei SP 17.334/2021',
  deceased: 'BR-11: devedor falecido; CDC art. 42',
  lawyer: 'BR-11: devedor representado por advogado',
  'court-order': 'BR-11: ordem judicial',
  dispute: 'BR-12: dívida contestada; CDC arts. 42 e 54-G',
  paid: 'BR-12: dívida paga; CDC art. 42',
  'claims-paid': 'BR-12: pagamento alegado, em verificação; CDC art. 42',
  promise: 'BR-12: promessa de pagamento em aberto',
  agreement: 'BR-12: acordo vigente',
  'creditor-stop': 'BR-11: suspensa pelo credor',
  other: 'BR-11: bloqueio interno',
};

function refusalFor(reason: BlockReason): RefusalReason {
  switch (reason) {
    case 'wrong-number':
      return 'phone-wrong';
    case 'unwanted':
      return 'phone-unwanted';
    case 'dispute':
    case 'paid':
    case 'claims-paid':
    case 'promise':
    case 'agreement':
      return 'debt-held';
    case 'opt-out':
    case 'public-list':
    case 'deceased':
    case 'lawyer':
    case 'court-order':
    case 'creditor-stop':
    case 'other':
      return 'do-not-call';
    default:
      return unreachable(reason);
  }
}

function endOf(block: Block): number {
  return block.expiresAt ?? Number.POSITIVE_INFINITY;
}
