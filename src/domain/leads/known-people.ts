/** What is known about the people that some rows may name, found by document and by reference. */
import type { CreditorId, DebtorId } from '../../lib/ids.ts';
import type { Contract } from '../debtors/debt.ts';
import type { Debtor } from '../debtors/debtor.ts';
import type { Phone } from '../debtors/phone.ts';
import type { Lead } from './lead.ts';

/** A creditor's own id for a debtor. */
export type DebtorReference = {
  readonly creditorId: CreditorId;
  readonly externalId: string;
  readonly debtorId: DebtorId;
};

/** The fields of a lead that a row may change or depends on. */
export type KnownLead = Pick<
  Lead,
  'id' | 'state' | 'priority' | 'finishedBecause' | 'callbackAskedAt'
>;

export type KnownDebtor = {
  readonly debtor: Debtor;
  /** All of their phones, including those that cannot be dialed. */
  readonly phones: readonly Phone[];
  /** Their contracts with every creditor. */
  readonly contracts: readonly Contract[];
  /** Their lead in the list's campaign; absent before the first row of the person. */
  readonly lead?: KnownLead;
};

export class KnownPeople {
  readonly #people = new Map<DebtorId, KnownDebtor>();
  readonly #byDocument = new Map<string, DebtorId>();
  readonly #byReference = new Map<string, DebtorId>();

  /** Replaces what was known about the same debtor. */
  remember(known: KnownDebtor): void {
    const { id, document } = known.debtor;
    this.#people.set(id, known);
    if (document !== undefined) this.#byDocument.set(document, id);
  }

  refer(reference: DebtorReference): void {
    this.#byReference.set(keyOf(reference), reference.debtorId);
  }

  ofDocument(document: string): KnownDebtor | undefined {
    return this.#of(this.#byDocument.get(document));
  }

  ofReference(reference: Omit<DebtorReference, 'debtorId'>): KnownDebtor | undefined {
    return this.#of(this.#byReference.get(keyOf(reference)));
  }

  isReferred(reference: Omit<DebtorReference, 'debtorId'>): boolean {
    return this.#byReference.has(keyOf(reference));
  }

  #of(id: DebtorId | undefined): KnownDebtor | undefined {
    return id === undefined ? undefined : this.#people.get(id);
  }
}

function keyOf({ creditorId, externalId }: Omit<DebtorReference, 'debtorId'>): string {
  return `${creditorId}|${externalId}`;
}
