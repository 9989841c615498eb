import type { DebtorId } from '../../lib/ids.ts';

/**
 * A person or company that owes, perhaps to several creditors. There is one debtor for each
 * document in the whole operation.
 */
export type Debtor = {
  readonly id: DebtorId;
  readonly name: string;
  /**
   * CPF or CNPJ, digits (a CNPJ may hold letters since 2026); absent when the creditor sent none.
   */
  readonly document?: string;
  readonly birthDate?: string;
  readonly emails: readonly string[];
  readonly addresses: readonly DebtorAddress[];
};

export type DebtorAddress = {
  readonly street?: string;
  readonly city?: string;
  /**
   * Two letters. Decides, together with the area code, at which hours the debtor may be called;
   * absent when unknown.
   */
  readonly state?: string;
  readonly postalCode?: string;
};
