/** What a row of a list is taken into, and what comes out of it. */
import type { CampaignId, CreditorId, LeadId, ListId, PortfolioId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { Contract, Creditor, Instalment, Portfolio } from '../debtors/debt.ts';
import type { Debtor } from '../debtors/debtor.ts';
import type { Phone } from '../debtors/phone.ts';
import type { DebtorReference, KnownDebtor, KnownLead } from './known-people.ts';
import type { Lead } from './lead.ts';

/** Where a list's rows go. */
export type RowTarget = {
  readonly listId: ListId;
  readonly campaignId: CampaignId;
  /** The campaign's own, for the debts of its creditor. */
  readonly portfolioId: PortfolioId;
  /** Those that the campaign collects for. */
  readonly creditors: readonly Creditor[];
  /** Of these creditors. */
  readonly portfolios: readonly Pick<Portfolio, 'id' | 'creditorId'>[];
  /** Of phones whose row names no source. */
  readonly phoneSource: string;
  /** When what the list says was learned: the same list sent again teaches nothing new. */
  readonly collectedAt: EpochMs;
};

export type RowMoment = {
  readonly now: EpochMs;
  /** Numbers in [0, 1), for new ids. */
  readonly random: () => number;
};

type RowRefusalCode =
  /** The key names no creditor of the campaign. */
  | 'creditor-unknown'
  /** The campaign has several creditors and the row names none. */
  | 'creditor-missing'
  | 'portfolio-missing'
  /** The document is the creditor's own. */
  | 'document-of-creditor'
  /** Document and external id are of two people. */
  | 'reference-of-another-debtor';

export type RowRefusal = {
  readonly ok: false;
  readonly code: RowRefusalCode;
  readonly reason: string;
  /** The field of the row that it is about. */
  readonly field: string;
};

/** One thing to be stored, in the order given. */
export type RowChange =
  | { readonly kind: 'insert-debtor' | 'update-debtor'; readonly debtor: Debtor }
  | { readonly kind: 'insert-reference'; readonly reference: DebtorReference }
  | { readonly kind: 'insert-phone' | 'update-phone'; readonly phone: Phone }
  | {
      /** Without its instalments, which follow one by one. */
      readonly kind: 'insert-contract' | 'update-contract';
      readonly debtorId: Debtor['id'];
      readonly contract: Contract;
    }
  | {
      readonly kind: 'insert-instalment' | 'update-instalment';
      readonly contractId: Contract['id'];
      readonly instalment: Instalment;
    }
  | { readonly kind: 'insert-lead'; readonly lead: Lead; readonly creditorId: CreditorId }
  /** Only what the row changes: the engine may be dialing the lead. */
  | { readonly kind: 'set-lead-priority'; readonly leadId: LeadId; readonly priority: number }
  | { readonly kind: 'revive-lead'; readonly leadId: LeadId };

export type TakenRow = {
  readonly ok: true;
  /** `unchanged` also where an amount was only computed again, which is a change to be stored. */
  readonly status: 'created' | 'updated' | 'unchanged';
  /** The person as known with this row. */
  readonly known: KnownDebtor & { readonly lead: KnownLead };
  /** The creditor's id of the person; absent when the row has none. */
  readonly reference?: DebtorReference;
  readonly changes: readonly RowChange[];
};
