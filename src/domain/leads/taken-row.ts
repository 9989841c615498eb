/** What a row of a list is taken into, and what results from it. */
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
  /** The campaign's own portfolio, for the debts of its creditor. */
  readonly portfolioId: PortfolioId;
  /** The creditors for which the campaign collects. */
  readonly creditors: readonly Creditor[];
  /** The portfolios of these creditors. */
  readonly portfolios: readonly Pick<Portfolio, 'id' | 'creditorId'>[];
  /** The source for phones whose row names none. */
  readonly phoneSource: string;
  /** When the list's content was learned: sent again, the same list teaches nothing new. */
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
  /** The campaign has several creditors, and the row names none. */
  | 'creditor-missing'
  | 'portfolio-missing'
  /** The document is the creditor's own. */
  | 'document-of-creditor'
  /** Document and external id belong to two people. */
  | 'reference-of-another-debtor';

export type RowRefusal = {
  readonly ok: false;
  readonly code: RowRefusalCode;
  readonly reason: string;
  /** The row's field that the refusal is about. */
  readonly field: string;
};

/** One change to store; changes are applied in the given order. */
export type RowChange =
  | { readonly kind: 'insert-debtor' | 'update-debtor'; readonly debtor: Debtor }
  | { readonly kind: 'insert-reference'; readonly reference: DebtorReference }
  | { readonly kind: 'insert-phone' | 'update-phone'; readonly phone: Phone }
  | {
      /** Without the instalments, which follow one by one. */
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
  /** Only what the row changes, because the engine may be dialing the lead. */
  | { readonly kind: 'set-lead-priority'; readonly leadId: LeadId; readonly priority: number }
  | { readonly kind: 'revive-lead'; readonly leadId: LeadId };

export type TakenRow = {
  readonly ok: true;
  /**
   * `unchanged` also when an amount was only computed again, although that is a change to store.
   */
  readonly status: 'created' | 'updated' | 'unchanged';
  /** The person after this row. */
  readonly known: KnownDebtor & { readonly lead: KnownLead };
  /** The creditor's id for the person; absent when the row has none. */
  readonly reference?: DebtorReference;
  readonly changes: readonly RowChange[];
};
