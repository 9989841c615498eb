/** A debtor with what a row adds: the newer name, and e-mails and addresses that were unknown. */
import { given } from '../../lib/given.ts';
import type { Debtor, DebtorAddress } from '../debtors/debtor.ts';
import type { LeadRow } from './import-row.ts';

/** E-mails of one debtor, the row's first; when there are more, the last are dropped. */
const EMAILS_MAX = 20;
const ADDRESSES_MAX = 10;

/** Returns the same object when the row adds nothing. What the row does not mention is kept. */
export function withRow(debtor: Debtor, row: LeadRow): Debtor {
  const emails = row.emails.slice(0, EMAILS_MAX);
  const addresses = withAddress(debtor.addresses, row);
  const isSame =
    debtor.name === row.name &&
    (row.document === undefined || debtor.document === row.document) &&
    (row.birthDate === undefined || debtor.birthDate === row.birthDate) &&
    emails.every((email) => debtor.emails.includes(email)) &&
    addresses === debtor.addresses;
  if (isSame) return debtor;
  return {
    ...debtor,
    name: row.name,
    ...given({ document: row.document, birthDate: row.birthDate }),
    emails: [...new Set([...emails, ...debtor.emails])].slice(0, EMAILS_MAX),
    addresses,
  };
}

/**
 * The addresses with the row's, newest first. A CEP identifies an address; it completes one that
 * had only its state.
 */
function withAddress(
  known: readonly DebtorAddress[],
  { addressState: state, postalCode }: LeadRow,
): readonly DebtorAddress[] {
  if (state === undefined && postalCode === undefined) return known;
  const isIt = (address: DebtorAddress): boolean =>
    (state === undefined || address.state === state) &&
    (postalCode === undefined || address.postalCode === postalCode);
  if (known.some(isIt)) return known;
  const address = given({ state, postalCode });
  const isUnfinished = (one: DebtorAddress): boolean =>
    one.postalCode === undefined && one.street === undefined && one.state === state;
  return [address, ...known.filter((one) => !isUnfinished(one))].slice(0, ADDRESSES_MAX);
}
