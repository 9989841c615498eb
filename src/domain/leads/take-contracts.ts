/** The contracts and instalments of a debtor together with the row's. */
import { given } from '../../lib/given.ts';
import { type CreditorId, type DebtorId, newId, type PortfolioId } from '../../lib/ids.ts';
import { HOUR_MS } from '../../lib/time.ts';
import type { Contract, Instalment } from '../debtors/debt.ts';
import type { RowContract, RowInstalment } from './import-row.ts';
import { plainNumber } from './import-values.ts';
import { instalmentChange } from './instalment-change.ts';
import type { RowChange, RowMoment } from './taken-row.ts';

/**
 * An amount that comes again unchanged was computed again; the newer time is stored at most this
 * often.
 */
const COMPUTED_AGAIN_AFTER_MS = HOUR_MS;

export type ContractsOf = RowMoment & {
  readonly debtorId: DebtorId;
  /** The row's creditor. The same number with another creditor is another contract. */
  readonly creditorId: CreditorId;
  readonly portfolioId: PortfolioId;
};

export type ContractsTaken = {
  /** The known contracts together with the row's. */
  readonly contracts: readonly Contract[];
  /** False when amounts were only computed again. */
  readonly hasNews: boolean;
  readonly changes: readonly RowChange[];
};

export function takeContracts(
  known: readonly Contract[],
  rows: readonly RowContract[],
  of: ContractsOf,
): ContractsTaken {
  const contracts = [...known];
  const changes: RowChange[] = [];
  let hasNews = false;
  for (const row of joined(rows)) {
    const at = contracts.findIndex(
      (one) =>
        one.creditorId === of.creditorId && plainNumber(one.number) === plainNumber(row.number),
    );
    const before = contracts[at];
    const contract = before ? withProduct(before, row) : newContract(row, of);
    if (contract !== before) {
      const kind = before ? 'update-contract' : 'insert-contract';
      changes.push({ kind, debtorId: of.debtorId, contract });
      hasNews = true;
    }
    const taken = takeInstalments(contract, row.instalments, of);
    changes.push(...taken.changes);
    hasNews ||= taken.hasNews;
    contracts[before ? at : contracts.length] = { ...contract, instalments: taken.instalments };
  }
  return { contracts, hasNews, changes };
}

/**
 * Each contract once, with each of its instalments once. When a row repeats one, the last mention
 * counts.
 */
function joined(rows: readonly RowContract[]): readonly RowContract[] {
  const contracts = new Map<string, RowContract>();
  for (const row of rows) {
    const before = contracts.get(plainNumber(row.number));
    const all = [...(before?.instalments ?? []), ...row.instalments];
    const instalments = new Map(all.map((one) => [plainNumber(one.number), one]));
    contracts.set(plainNumber(row.number), {
      ...before,
      ...row,
      instalments: [...instalments.values()],
    });
  }
  return [...contracts.values()];
}

function newContract(
  { number, product }: RowContract,
  { now, random, creditorId, portfolioId }: ContractsOf,
): Contract {
  return {
    id: newId('contract', now, random),
    creditorId,
    portfolioId,
    number: number.trim(),
    ...given({ product }),
    instalments: [],
  };
}

function withProduct(contract: Contract, { product }: RowContract): Contract {
  if (product === undefined || product === contract.product) return contract;
  return { ...contract, product };
}

function takeInstalments(
  contract: Contract,
  rows: readonly RowInstalment[],
  { now, random }: RowMoment,
): {
  readonly instalments: readonly Instalment[];
  readonly hasNews: boolean;
  readonly changes: readonly RowChange[];
} {
  const instalments = [...contract.instalments];
  const changes: RowChange[] = [];
  let hasNews = false;
  for (const row of rows) {
    const at = instalments.findIndex((one) => plainNumber(one.number) === plainNumber(row.number));
    const before = instalments[at];
    const isChanged = before === undefined || instalmentChange(before, row) === 'updated';
    const isStale =
      before !== undefined &&
      row.updatedValue !== undefined &&
      now - before.computedAt >= COMPUTED_AGAIN_AFTER_MS;
    if (!isChanged && !isStale) continue;
    const instalment: Instalment = {
      id: before?.id ?? newId('instalment', now, random),
      number: before?.number ?? row.number.trim(),
      dueDate: row.dueDate,
      originalValue: row.originalValue,
      updatedValue: row.updatedValue ?? row.originalValue,
      computedAt: now,
      state: before?.state ?? 'open',
    };
    const kind = before ? 'update-instalment' : 'insert-instalment';
    changes.push({ kind, contractId: contract.id, instalment });
    instalments[before ? at : instalments.length] = instalment;
    hasNews ||= isChanged;
  }
  return { instalments, hasNews, changes };
}
