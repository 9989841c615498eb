import { given } from '../../lib/given.ts';
import type { ContractId, CreditorId, InstalmentId, PortfolioId } from '../../lib/ids.ts';
import { type Money, sumMoney } from '../../lib/money.ts';
import type { EpochMs, IsoDate } from '../../lib/time.ts';

export type Creditor = {
  readonly id: CreditorId;
  readonly name: string;
  readonly cnpj: string;
};

/** A creditor's debts under one set of rules: script, discounts, hours. */
export type Portfolio = {
  readonly id: PortfolioId;
  readonly creditorId: CreditorId;
  readonly name: string;
};

export type InstalmentState = 'open' | 'paid' | 'withdrawn' | 'disputed';

export type Instalment = {
  readonly id: InstalmentId;
  /** The creditor's own number for the contract. */
  readonly number: string;
  readonly dueDate: IsoDate;
  readonly originalValue: Money;
  /**
   * The value with interest, fine and fees, as the creditor computed it at `computedAt`; never our
   * arithmetic.
   */
  readonly updatedValue: Money;
  readonly computedAt: EpochMs;
  readonly state: InstalmentState;
};

export type Contract = {
  readonly id: ContractId;
  readonly creditorId: CreditorId;
  readonly portfolioId: PortfolioId;
  readonly number: string;
  readonly product?: string;
  readonly instalments: readonly Instalment[];
};

export type DebtTotals = {
  readonly originalValue: Money;
  readonly updatedValue: Money;
  readonly openInstalments: number;
  readonly oldestDueDate?: IsoDate;
};

/** What is open in these contracts. Paid, withdrawn and disputed instalments are not owed here. */
export function totalsOf(contracts: readonly Contract[]): DebtTotals {
  const open = contracts.flatMap((contract) =>
    contract.instalments.filter((instalment) => instalment.state === 'open'),
  );
  const dueDates = open.map((instalment) => instalment.dueDate).sort();
  return {
    originalValue: sumMoney(open.map(({ originalValue }) => originalValue)),
    updatedValue: sumMoney(open.map(({ updatedValue }) => updatedValue)),
    openInstalments: open.length,
    ...given({ oldestDueDate: dueDates[0] }),
  };
}
