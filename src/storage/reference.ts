/** Creditors and portfolios, the legal entity that collects, and the users. */
import type { Creditor, Portfolio } from '../domain/debtors/debt.ts';
import type { LegalEntity, Person } from '../engine/ports/records.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { type Members, Row } from './row.ts';
import type { Database, UserTable } from './tables.ts';

export const ROLES: Members<Person['role']> = { agent: true, supervisor: true, admin: true };

export function referenceReads(
  db: Database,
): Pick<StoreView, 'legalEntities' | 'creditors' | 'portfolios' | 'people'> {
  return {
    async legalEntities() {
      const rows = await db.selectFrom('legal_entity').selectAll().orderBy('id').execute();
      return rows.map(readLegalEntity);
    },
    async creditors() {
      const rows = await db.selectFrom('creditor').selectAll().orderBy('id').execute();
      return rows.map(readCreditor);
    },
    async portfolios() {
      const rows = await db.selectFrom('portfolio').selectAll().orderBy('id').execute();
      return rows.map(readPortfolio);
    },
    async people() {
      const rows = await db
        .selectFrom('user_account')
        .leftJoin('user_creditor', 'user_creditor.user_id', 'user_account.id')
        .select(['id', 'name', 'role', 'enabled', 'user_creditor.creditor_id'])
        .orderBy('id')
        .orderBy('user_creditor.creditor_id')
        .execute();
      return readPeople(rows);
    },
  };
}

/** Writes that the engine's port does not have, for setting up an operation. */
export type ReferenceWrites = {
  saveLegalEntity(entity: LegalEntity): Promise<void>;
  saveCreditor(creditor: Creditor): Promise<void>;
  savePortfolio(portfolio: Portfolio): Promise<void>;
};

export function referenceWrites(db: Database): ReferenceWrites {
  return {
    async saveLegalEntity({ id, name, cnpj }) {
      await db
        .insertInto('legal_entity')
        .values({ id, name, cnpj })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ name, cnpj }))
        .execute();
    },
    async saveCreditor({ id, name, cnpj }) {
      await db
        .insertInto('creditor')
        .values({ id, name, cnpj })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ name, cnpj }))
        .execute();
    },
    async savePortfolio({ id, creditorId, name }) {
      await db
        .insertInto('portfolio')
        .values({ id, creditor_id: creditorId, name })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ name }))
        .execute();
    },
  };
}

export function readCreditor(columns: object): Creditor {
  const row = new Row('creditor', columns);
  return { id: row.id('creditor', 'id'), name: row.text('name'), cnpj: row.text('cnpj') };
}

function readLegalEntity(columns: object): LegalEntity {
  const row = new Row('legal_entity', columns);
  return { id: row.id('entity', 'id'), name: row.text('name'), cnpj: row.text('cnpj') };
}

export function readPortfolio(columns: object): Portfolio {
  const row = new Row('portfolio', columns);
  return {
    id: row.id('portfolio', 'id'),
    creditorId: row.id('creditor', 'creditor_id'),
    name: row.text('name'),
  };
}

/** One row for each creditor that a person is limited to. */
function readPeople(rows: readonly PersonRow[]): Person[] {
  const people = new Map<string, Person>();
  for (const row of rows) {
    const person = people.get(row.id) ?? readPerson(row);
    const { limitedTo = [] } = person;
    const creditorId =
      row.creditor_id === null
        ? undefined
        : new Row('user_creditor', row).id('creditor', 'creditor_id');
    people.set(row.id, creditorId ? { ...person, limitedTo: [...limitedTo, creditorId] } : person);
  }
  return [...people.values()];
}

type PersonRow = Pick<UserTable, 'id' | 'name' | 'role' | 'enabled'> & {
  readonly creditor_id: string | null;
};

function readPerson(columns: PersonRow): Person {
  const row = new Row('user_account', columns);
  return {
    id: row.id('user', 'id'),
    name: row.text('name'),
    role: row.oneOf('role', ROLES),
    enabled: row.flag('enabled'),
  };
}
