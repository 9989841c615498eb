/** Contracts and instalments of a row against those stored. */
import type { Instalment } from '../domain/debtors/debt.ts';
import type { RowContract, RowInstalment } from '../domain/leads/import-row.ts';
import { instalmentChange } from '../domain/leads/instalment-change.ts';
import {
  type ContractId,
  type CreditorId,
  type DebtorId,
  newId,
  type PortfolioId,
} from '../lib/ids.ts';
import { type EpochMs, HOUR_MS } from '../lib/time.ts';
import { readInstalment } from './debtors.ts';
import { isAmong } from './dialect.ts';
import { grouped, Row } from './row.ts';
import type { Database } from './tables.ts';

/** An amount that comes again unchanged was computed again; the newer time is noted this rarely. */
const COMPUTED_AGAIN_AFTER_MS = HOUR_MS;

type StoredContract = {
  readonly id: ContractId;
  readonly creditorId: CreditorId;
  readonly number: string;
  product: string | null;
  readonly instalments: Map<string, Instalment>;
};

export type DebtBook = Map<DebtorId, StoredContract[]>;

export type DebtInput = {
  readonly db: Database;
  readonly now: EpochMs;
  readonly random: () => number;
  readonly book: DebtBook;
  readonly debtorId: DebtorId;
  readonly creditorId: CreditorId;
  readonly portfolioId: PortfolioId;
  readonly contracts: readonly RowContract[];
};

export async function loadDebts(db: Database, debtorIds: readonly DebtorId[]): Promise<DebtBook> {
  const contracts = await db
    .selectFrom('contract')
    .selectAll()
    .where(isAmong(db, 'debtor_id', debtorIds))
    .execute();
  const rows = await db
    .selectFrom('instalment')
    .selectAll()
    .where(
      isAmong(
        db,
        'contract_id',
        contracts.map((contract) => contract.id),
      ),
    )
    .execute();
  const instalments = grouped(rows, (row) => row.contract_id);
  const book: DebtBook = new Map();
  for (const columns of contracts) {
    const row = new Row('contract', columns);
    const debtorId = row.id('debtor', 'debtor_id');
    const contract: StoredContract = {
      id: row.id('contract', 'id'),
      creditorId: row.id('creditor', 'creditor_id'),
      number: row.text('number'),
      product: columns.product,
      instalments: new Map(
        (instalments.get(columns.id) ?? [])
          .map(readInstalment)
          .map((instalment) => [plain(instalment.number), instalment]),
      ),
    };
    book.set(debtorId, [...(book.get(debtorId) ?? []), contract]);
  }
  return book;
}

/** Stores what is new or different; says whether anything was. */
export async function takeContracts(input: DebtInput): Promise<boolean> {
  let changed = false;
  for (const row of input.contracts) {
    const theirs = input.book.get(input.debtorId) ?? [];
    const known = theirs.find(
      (it) => it.creditorId === input.creditorId && plain(it.number) === plain(row.number),
    );
    const contract = known ?? (await insertContract(input, row));
    if (!known) {
      input.book.set(input.debtorId, [...theirs, contract]);
      changed = true;
    } else if (row.product !== undefined && row.product !== contract.product) {
      await input.db
        .updateTable('contract')
        .set({ product: row.product })
        .where('id', '=', contract.id)
        .execute();
      contract.product = row.product;
      changed = true;
    }
    for (const instalment of row.instalments) {
      if (await takeInstalment(input, contract, instalment)) changed = true;
    }
  }
  return changed;
}

async function insertContract(input: DebtInput, row: RowContract): Promise<StoredContract> {
  const { db, now, random, debtorId, creditorId, portfolioId } = input;
  const contract: StoredContract = {
    id: newId('contract', now, random),
    creditorId,
    number: row.number.trim(),
    product: row.product ?? null,
    instalments: new Map(),
  };
  await db
    .insertInto('contract')
    .values({
      id: contract.id,
      debtor_id: debtorId,
      creditor_id: creditorId,
      portfolio_id: portfolioId,
      number: contract.number,
      product: contract.product,
    })
    .execute();
  return contract;
}

async function takeInstalment(
  { db, now, random }: DebtInput,
  contract: StoredContract,
  row: RowInstalment,
): Promise<boolean> {
  const key = plain(row.number);
  const known = contract.instalments.get(key);
  const change = known ? instalmentChange(known, row) : 'created';
  const isStale =
    known !== undefined &&
    row.updatedValue !== undefined &&
    now - known.computedAt >= COMPUTED_AGAIN_AFTER_MS;
  if (change === 'unchanged' && !isStale) return false;
  const instalment: Instalment = {
    id: known?.id ?? newId('instalment', now, random),
    number: known?.number ?? row.number.trim(),
    dueDate: row.dueDate,
    originalValue: row.originalValue,
    updatedValue: row.updatedValue ?? row.originalValue,
    computedAt: now,
    state: known?.state ?? 'open',
  };
  const amounts = {
    due_date: instalment.dueDate,
    original_centavos: instalment.originalValue.centavos,
    updated_centavos: instalment.updatedValue.centavos,
    computed_at: instalment.computedAt,
  };
  if (known) {
    await db.updateTable('instalment').set(amounts).where('id', '=', known.id).execute();
  } else {
    await db
      .insertInto('instalment')
      .values({
        id: instalment.id,
        contract_id: contract.id,
        number: instalment.number,
        ...amounts,
        state: instalment.state,
      })
      .execute();
  }
  contract.instalments.set(key, instalment);
  return change !== 'unchanged';
}

/** As the domain compares them: `A-77 ` and `a-77` are one. */
function plain(number: string): string {
  return number.trim().toUpperCase();
}
