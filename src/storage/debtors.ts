import { type ZodType, z } from 'zod';
import type { Contract, Creditor, Instalment, InstalmentState } from '../domain/debtors/debt.ts';
import type { Debtor, DebtorAddress } from '../domain/debtors/debtor.ts';
import type { PromiseToPay } from '../domain/debtors/history.ts';
import type { Phone, PhoneStatus } from '../domain/debtors/phone.ts';
import type { StoreView } from '../engine/ports/store.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { KeyedHash } from '../keys/keyed-hash.ts';
import type { CreditorId, DebtorId } from '../lib/ids.ts';
import { contactsOf } from './contacts.ts';
import { atMost, isAmong } from './dialect.ts';
import { kept } from './kept.ts';
import { TEXTS } from './parts.ts';
import { readCreditor } from './reference.ts';
import { defined, grouped, type Members, Row } from './row.ts';
import type {
  ContractTable,
  Database,
  DebtorTable,
  InstalmentTable,
  PhoneTable,
} from './tables.ts';
import type { StoreWrites } from './writes.ts';

/** Contracts of one debtor on a screen. Beyond these the oldest are left out. */
const CONTRACTS_SHOWN_MAX = 500;
const PROMISES_SHOWN_MAX = 100;

type OfDebtor = {
  readonly debtorId: DebtorId;
  readonly creditorIds: readonly CreditorId[];
};

const debtorsAmong = kept((db, { ids }: { ids: readonly DebtorId[] }) =>
  db
    .selectFrom('debtor')
    .selectAll()
    .where(isAmong(db, 'id', ids)),
);

const phonesAmong = kept((db, { debtorIds }: { debtorIds: readonly DebtorId[] }) =>
  db
    .selectFrom('phone')
    .selectAll()
    .where(isAmong(db, 'debtor_id', debtorIds))
    .orderBy('debtor_id')
    .orderBy('id'),
);

const contractsAmong = kept((db, { debtorId, creditorIds }: OfDebtor) =>
  db
    .selectFrom('contract')
    .selectAll()
    .where('debtor_id', '=', debtorId)
    .where(isAmong(db, 'creditor_id', creditorIds))
    .orderBy('id')
    .limit(atMost(CONTRACTS_SHOWN_MAX)),
);

const contractsOfDebtors = kept((db, { debtorIds }: { debtorIds: readonly DebtorId[] }) =>
  db
    .selectFrom('contract')
    .selectAll()
    .where(isAmong(db, 'debtor_id', debtorIds))
    .orderBy('id'),
);

const instalmentsAmong = kept((db, { contractIds }: { contractIds: readonly string[] }) =>
  db
    .selectFrom('instalment')
    .selectAll()
    .where(isAmong(db, 'contract_id', contractIds))
    .orderBy('due_date')
    .orderBy('number'),
);

const promisesAmong = kept((db, { debtorId, creditorIds }: OfDebtor) =>
  db
    .selectFrom('promise')
    .selectAll()
    .where('debtor_id', '=', debtorId)
    .where(isAmong(db, 'creditor_id', creditorIds))
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .limit(atMost(PROMISES_SHOWN_MAX)),
);

const creditorsAmong = kept((db, { ids }: { ids: readonly CreditorId[] }) =>
  db
    .selectFrom('creditor')
    .selectAll()
    .where(isAmong(db, 'id', ids))
    .orderBy('name'),
);

const upsertPhone = kept((db, columns: PhoneTable) =>
  db
    .insertInto('phone')
    .values(columns)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        status: excluded.ref('excluded.status'),
        status_at: excluded.ref('excluded.status_at'),
        suspected_at: excluded.ref('excluded.suspected_at'),
        suspected_trunk_id: excluded.ref('excluded.suspected_trunk_id'),
        status_before_suspicion: excluded.ref('excluded.status_before_suspicion'),
        last_attempt_at: excluded.ref('excluded.last_attempt_at'),
      })),
    ),
);

export function debtorReads(
  db: Database,
  keys: KeyRing | undefined,
): Pick<StoreView, 'debtorFile'> {
  return {
    async debtorFile(debtorId, creditorIds, now) {
      const debtor = (await debtorsById(db, [debtorId])).get(debtorId);
      if (!debtor) return undefined;
      const [contracts, promises, contacts, phones] = [
        await contractsOf(db, debtorId, creditorIds),
        await promisesOf(db, debtorId, creditorIds),
        await contactsOf(db, keys, debtorId, creditorIds),
        await phonesOf(db, [debtorId]),
      ];
      const creditors = await creditorsOf(db, creditorIds);
      const concerned = new Set(
        [...contracts, ...promises, ...contacts].map((it) => it.creditorId),
      );
      const shown = creditors.filter((creditor) => concerned.has(creditor.id));
      return {
        debtor,
        creditors: shown.length > 0 ? shown : creditors,
        contracts,
        phones: phones.get(debtorId) ?? [],
        promises,
        contacts,
        readAt: now,
      };
    },
  };
}

export function debtorWrites(db: Database): Pick<StoreWrites, 'savePhone' | 'insertPromise'> {
  return {
    /**
     * Of a stored phone, only what calls teach about it is written: a list imported during the call
     * may have brought a newer source and score.
     */
    async savePhone(phone) {
      await upsertPhone(db, phoneColumns(phone));
    },

    async insertPromise(promise) {
      await db
        .insertInto('promise')
        .values((select) => ({
          id: promise.id,
          debtor_id: promise.debtorId,
          creditor_id: promise.creditorId,
          campaign_id: select
            .selectFrom('call')
            .select('campaign_id')
            .where('id', '=', promise.callId),
          call_id: promise.callId,
          made_at: promise.madeAt,
          due_date: promise.dueDate,
          value_centavos: promise.value.centavos,
          state: promise.state,
          agent_id: promise.agentId ?? null,
        }))
        .execute();
    },
  };
}

/** What the CRM reports about a debtor's past. */
export type HistoryWrites = {
  /** A promise made elsewhere; replaces the one with the same id. */
  saveReportedPromise(promise: PromiseToPay & { readonly debtorId: DebtorId }): Promise<void>;
};

export function historyWrites(db: Database): HistoryWrites {
  return {
    async saveReportedPromise(promise) {
      const changing = {
        due_date: promise.dueDate,
        value_centavos: promise.value.centavos,
        state: promise.state,
      };
      await db
        .insertInto('promise')
        .values({
          id: promise.id,
          debtor_id: promise.debtorId,
          creditor_id: promise.creditorId,
          made_at: promise.madeAt,
          agent_id: promise.agentId ?? null,
          ...changing,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
        .execute();
    },
  };
}

export async function debtorsById(
  db: Database,
  ids: readonly DebtorId[],
): Promise<ReadonlyMap<DebtorId, Debtor>> {
  const { rows } = await debtorsAmong(db, { ids });
  return new Map(rows.map(readDebtor).map((debtor) => [debtor.id, debtor]));
}

/** All numbers of these debtors, including those that cannot be dialed, in the order they came. */
export async function phonesOf(
  db: Database,
  debtorIds: readonly DebtorId[],
): Promise<ReadonlyMap<DebtorId, Phone[]>> {
  const { rows } = await phonesAmong(db, { debtorIds });
  return grouped(rows.map(readPhone), (phone) => phone.debtorId);
}

export async function contractsOf(
  db: Database,
  debtorId: DebtorId,
  creditorIds: readonly CreditorId[],
): Promise<Contract[]> {
  const { rows } = await contractsAmong(db, { debtorId, creditorIds });
  const instalments = await instalmentsOf(db, rows);
  return rows.map((row) => readContract(row, instalments.get(row.id)));
}

/** All contracts of these debtors, with every creditor. */
export async function contractsOfAll(
  db: Database,
  debtorIds: readonly DebtorId[],
): Promise<ReadonlyMap<string, readonly Contract[]>> {
  const { rows } = await contractsOfDebtors(db, { debtorIds });
  const instalments = await instalmentsOf(db, rows);
  const ofDebtors = grouped(rows, (row) => row.debtor_id);
  return new Map(
    [...ofDebtors].map(([debtorId, theirs]) => [
      debtorId,
      theirs.map((row) => readContract(row, instalments.get(row.id))),
    ]),
  );
}

async function instalmentsOf(
  db: Database,
  contracts: readonly ContractTable[],
): Promise<ReadonlyMap<string, InstalmentTable[]>> {
  const contractIds = contracts.map((contract) => contract.id);
  const { rows } = await instalmentsAmong(db, { contractIds });
  return grouped(rows, (row) => row.contract_id);
}

function readContract(
  columns: ContractTable,
  instalments: readonly InstalmentTable[] = [],
): Contract {
  const row = new Row('contract', columns);
  return defined({
    id: row.id('contract', 'id'),
    creditorId: row.id('creditor', 'creditor_id'),
    portfolioId: row.id('portfolio', 'portfolio_id'),
    number: row.text('number'),
    product: row.maybe('product', (it) => it.text('product')),
    instalments: instalments.map(readInstalment),
  });
}

async function promisesOf(
  db: Database,
  debtorId: DebtorId,
  creditorIds: readonly CreditorId[],
): Promise<PromiseToPay[]> {
  const { rows } = await promisesAmong(db, { debtorId, creditorIds });
  return rows.map(readPromise);
}

async function creditorsOf(db: Database, ids: readonly CreditorId[]): Promise<Creditor[]> {
  const { rows } = await creditorsAmong(db, { ids });
  return rows.map(readCreditor);
}

const PHONE_STATUSES: Members<PhoneStatus> = {
  unknown: true,
  confirmed: true,
  'third-party': true,
  wrong: true,
  'invalid-suspected': true,
  invalid: true,
};

const INSTALMENT_STATES: Members<InstalmentState> = {
  open: true,
  paid: true,
  withdrawn: true,
  disputed: true,
};

const PROMISE_STATES: Members<PromiseToPay['state']> = {
  open: true,
  kept: true,
  broken: true,
  cancelled: true,
};

const ADDRESSES: ZodType<DebtorAddress[]> = z.array(
  z.object({
    street: z.string().exactOptional(),
    city: z.string().exactOptional(),
    state: z.string().exactOptional(),
    postalCode: z.string().exactOptional(),
  }),
);

export function readDebtor(columns: object): Debtor {
  const row = new Row('debtor', columns);
  return defined({
    id: row.id('debtor', 'id'),
    name: row.text('name'),
    document: row.maybe('document', (it) => it.text('document')),
    birthDate: row.maybe('birth_date', (it) => it.date('birth_date')),
    emails: row.json('emails', TEXTS),
    addresses: row.json('addresses', ADDRESSES),
  });
}

export function debtorColumns(
  debtor: Debtor,
  hash: KeyedHash | undefined,
): Omit<DebtorTable, 'created_at' | 'updated_at'> {
  return {
    id: debtor.id,
    name: debtor.name,
    document: debtor.document ?? null,
    document_key:
      debtor.document === undefined ? null : (hash?.ofDocument(debtor.document) ?? null),
    birth_date: debtor.birthDate ?? null,
    emails: JSON.stringify(debtor.emails),
    addresses: JSON.stringify(debtor.addresses),
  };
}

function readPhone(columns: object): Phone {
  const row = new Row('phone', columns);
  return defined({
    id: row.id('phone', 'id'),
    debtorId: row.id('debtor', 'debtor_id'),
    number: row.phone('number'),
    kind: row.oneOf<Phone['kind']>('kind', { mobile: true, fixed: true }),
    extension: row.maybe('extension', (it) => it.text('extension')),
    source: row.text('source'),
    collectedAt: row.integer('collected_at'),
    score: row.integer('score'),
    status: row.oneOf('status', PHONE_STATUSES),
    statusAt: row.integer('status_at'),
    suspectedAt: row.maybe('suspected_at', (it) => it.integer('suspected_at')),
    suspectedTrunkId: row.maybe('suspected_trunk_id', (it) => it.id('trunk', 'suspected_trunk_id')),
    statusBeforeSuspicion: row.maybe('status_before_suspicion', (it) =>
      it.oneOf<'confirmed' | 'third-party'>('status_before_suspicion', {
        confirmed: true,
        'third-party': true,
      }),
    ),
    lastAttemptAt: row.maybe('last_attempt_at', (it) => it.integer('last_attempt_at')),
  });
}

export function phoneColumns(phone: Phone): PhoneTable {
  return {
    id: phone.id,
    debtor_id: phone.debtorId,
    number: phone.number,
    kind: phone.kind,
    extension: phone.extension ?? null,
    source: phone.source,
    collected_at: phone.collectedAt,
    score: phone.score,
    status: phone.status,
    status_at: phone.statusAt,
    suspected_at: phone.suspectedAt ?? null,
    suspected_trunk_id: phone.suspectedTrunkId ?? null,
    status_before_suspicion: phone.statusBeforeSuspicion ?? null,
    last_attempt_at: phone.lastAttemptAt ?? null,
  };
}

function readInstalment(columns: object): Instalment {
  const row = new Row('instalment', columns);
  return {
    id: row.id('instalment', 'id'),
    number: row.text('number'),
    dueDate: row.date('due_date'),
    originalValue: row.money('original_centavos'),
    updatedValue: row.money('updated_centavos'),
    computedAt: row.integer('computed_at'),
    state: row.oneOf('state', INSTALMENT_STATES),
  };
}

function readPromise(columns: object): PromiseToPay {
  const row = new Row('promise', columns);
  return defined({
    id: row.id('promise', 'id'),
    creditorId: row.id('creditor', 'creditor_id'),
    madeAt: row.integer('made_at'),
    dueDate: row.date('due_date'),
    value: row.money('value_centavos'),
    state: row.oneOf('state', PROMISE_STATES),
    agentId: row.maybe('agent_id', (it) => it.id('user', 'agent_id')),
  });
}
