/** Stores the changes that a row of a list brings. */
import type { Instalment } from '../domain/debtors/debt.ts';
import type { RowChange } from '../domain/leads/taken-row.ts';
import type { KeyedHash } from '../keys/keyed-hash.ts';
import { unreachable } from '../lib/assert.ts';
import type { LeadId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { debtorColumns, phoneColumns } from './debtors.ts';
import { kept } from './kept.ts';
import { leadColumns } from './leads.ts';
import type {
  ContractTable,
  Database,
  DebtorReferenceTable,
  DebtorTable,
  InstalmentTable,
  LeadTable,
  PhoneTable,
} from './tables.ts';

const insertDebtor = kept((db, columns: DebtorTable) => db.insertInto('debtor').values(columns));

const updateDebtor = kept((db, { id, ...columns }: Omit<DebtorTable, 'created_at'>) =>
  db.updateTable('debtor').set(columns).where('id', '=', id),
);

const insertReference = kept((db, columns: DebtorReferenceTable) =>
  db.insertInto('debtor_reference').values(columns),
);

const insertPhone = kept((db, columns: PhoneTable) => db.insertInto('phone').values(columns));

const updatePhone = kept((db, { id, ...columns }: PhoneTable) =>
  db.updateTable('phone').set(columns).where('id', '=', id),
);

const insertContract = kept((db, columns: ContractTable) =>
  db.insertInto('contract').values(columns),
);

const updateContract = kept((db, { id, product }: Pick<ContractTable, 'id' | 'product'>) =>
  db.updateTable('contract').set({ product }).where('id', '=', id),
);

const insertInstalment = kept((db, columns: InstalmentTable) =>
  db.insertInto('instalment').values(columns),
);

const updateInstalment = kept(
  (db, { id, ...amounts }: Omit<InstalmentTable, 'contract_id' | 'number' | 'state'>) =>
    db.updateTable('instalment').set(amounts).where('id', '=', id),
);

const insertLead = kept((db, columns: LeadTable) => db.insertInto('lead').values(columns));

const setPriority = kept((db, { id, priority }: { id: LeadId; priority: number }) =>
  db.updateTable('lead').set({ priority }).where('id', '=', id),
);

const reviveLead = kept((db, { id }: { id: LeadId }) =>
  db
    .updateTable('lead')
    .set({ state: 'ready', finished_because: null, not_before_at: 0, next_phone_id: null })
    .where('id', '=', id),
);

export type ChangeMeans = {
  readonly db: Database;
  /** Absent in a process without keys; the documents are hashed later. */
  readonly hash: KeyedHash | undefined;
  readonly now: EpochMs;
};

/**
 * Stores the changes in the order given. Throws what the database refuses; the caller then undoes
 * the rest.
 */
export async function storeChanges(
  means: ChangeMeans,
  changes: readonly RowChange[],
): Promise<void> {
  for (const change of changes) await storeChange(means, change);
}

function storeChange({ db, hash, now }: ChangeMeans, change: RowChange): Promise<unknown> {
  switch (change.kind) {
    case 'insert-debtor':
      return insertDebtor(db, {
        ...debtorColumns(change.debtor, hash),
        created_at: now,
        updated_at: now,
      });
    case 'update-debtor':
      return updateDebtor(db, { ...debtorColumns(change.debtor, hash), updated_at: now });
    case 'insert-reference': {
      const { creditorId, externalId, debtorId } = change.reference;
      return insertReference(db, {
        creditor_id: creditorId,
        external_id: externalId,
        debtor_id: debtorId,
      });
    }
    case 'insert-phone':
      return insertPhone(db, phoneColumns(change.phone));
    case 'update-phone':
      return updatePhone(db, phoneColumns(change.phone));
    case 'insert-contract': {
      const { id, creditorId, portfolioId, number, product = null } = change.contract;
      return insertContract(db, {
        id,
        debtor_id: change.debtorId,
        creditor_id: creditorId,
        portfolio_id: portfolioId,
        number,
        product,
      });
    }
    case 'update-contract': {
      const { id, product = null } = change.contract;
      return updateContract(db, { id, product });
    }
    case 'insert-instalment': {
      const { number, state } = change.instalment;
      const columns = { contract_id: change.contractId, number, state };
      return insertInstalment(db, { ...columns, ...amountColumns(change.instalment) });
    }
    case 'update-instalment':
      return updateInstalment(db, amountColumns(change.instalment));
    case 'insert-lead':
      return insertLead(db, { ...leadColumns(change.lead), creditor_id: change.creditorId });
    case 'set-lead-priority':
      return setPriority(db, { id: change.leadId, priority: change.priority });
    case 'revive-lead':
      return reviveLead(db, { id: change.leadId });
    default:
      return unreachable(change);
  }
}

type Amounts = Omit<InstalmentTable, 'contract_id' | 'number' | 'state'>;

function amountColumns({
  id,
  dueDate,
  originalValue,
  updatedValue,
  computedAt,
}: Instalment): Amounts {
  return {
    id,
    due_date: dueDate,
    original_centavos: originalValue.centavos,
    updated_centavos: updatedValue.centavos,
    computed_at: computedAt,
  };
}
