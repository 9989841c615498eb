/**
 * When two rows speak of the same thing. A debtor is one by CPF or CNPJ in the whole operation, or,
 * where a creditor sends none, by that creditor's own id of him; an instalment is one by debtor,
 * contract and number. Repeated phones would slip past every cap, so they are one by E.164.
 */
import type { Money } from '../../lib/money.ts';
import type { IsoDate } from '../../lib/time.ts';
import type { LeadRow, RowContract, RowInstalment } from './import-row.ts';

export type DebtorKey = `document:${string}` | `reference:${string}:${string}`;
export type InstalmentKey = `${string}|${string}|${string}|${string}`;

/** `creditor` is the creditor the row belongs to, once its key was looked up. */
export function debtorKey(
  row: Pick<LeadRow, 'document' | 'externalId'>,
  creditor: string,
): DebtorKey | undefined {
  if (row.document !== undefined) return `document:${row.document}`;
  return row.externalId === undefined ? undefined : `reference:${creditor}:${row.externalId}`;
}

export function instalmentKey(
  debtor: DebtorKey,
  creditor: string,
  contract: Pick<RowContract, 'number'>,
  instalment: Pick<RowInstalment, 'number'>,
): InstalmentKey {
  return `${debtor}|${creditor}|${plain(contract.number)}|${plain(instalment.number)}`;
}

/** What a row does to an instalment that is stored already. */
export function instalmentChange(
  stored: {
    readonly dueDate: IsoDate;
    readonly originalValue: Money;
    readonly updatedValue: Money;
  },
  row: RowInstalment,
): 'unchanged' | 'updated' {
  const updated = row.updatedValue ?? row.originalValue;
  const isSame =
    stored.dueDate === row.dueDate &&
    stored.originalValue.centavos === row.originalValue.centavos &&
    stored.updatedValue.centavos === updated.centavos;
  return isSame ? 'unchanged' : 'updated';
}

/** One debt over several rows, as flat files have it: their contracts and phones together. */
export function mergeRows(first: LeadRow, second: LeadRow): LeadRow {
  const phones = new Map([...second.phones, ...first.phones].map((one) => [one.number, one]));
  const order = [...first.phones, ...second.phones].map((one) => one.number);
  return {
    ...second,
    ...first,
    phones: [...new Set(order)].flatMap((number) => phones.get(number) ?? []),
    emails: [...new Set([...first.emails, ...second.emails])],
    contracts: mergeContracts(first.contracts, second.contracts),
    extras: [...new Set([...first.extras, ...second.extras])],
    warnings: [...first.warnings, ...second.warnings],
  };
}

/** An instalment that comes twice is the later one. */
function mergeContracts(
  first: readonly RowContract[],
  second: readonly RowContract[],
): readonly RowContract[] {
  const contracts = new Map<string, RowContract>();
  for (const contract of [...first, ...second]) {
    const key = plain(contract.number);
    const known = contracts.get(key);
    const instalments = new Map(
      [...(known?.instalments ?? []), ...contract.instalments].map((one) => [
        plain(one.number),
        one,
      ]),
    );
    contracts.set(key, { ...contract, ...known, instalments: [...instalments.values()] });
  }
  return [...contracts.values()];
}

/** `A-77 ` and `a-77` are one contract; leading zeros are kept, because some systems count on them. */
function plain(number: string): string {
  return number.trim().toUpperCase();
}
