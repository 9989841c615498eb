/**
 * What is stored of the debtors that some rows speak of, read at once, and the changes each row
 * makes to it. A debtor is one by document in the whole operation; without one they are one by
 * creditor and that creditor's own id of them. Their phones are one each by E.164.
 */
import type { Creditor } from '../domain/debtors/debt.ts';
import type { Debtor, DebtorAddress } from '../domain/debtors/debtor.ts';
import { type Phone, phoneFromSource } from '../domain/debtors/phone.ts';
import type { LeadRow, RowPhone } from '../domain/leads/import-row.ts';
import { PRIORITY_USUAL } from '../domain/leads/lead.ts';
import type { DebtorId, LeadId, ListId } from '../lib/ids.ts';
import { newId } from '../lib/ids.ts';
import type { E164 } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';
import { debtorColumns, phoneColumns, phonesOf, readDebtor } from './debtors.ts';
import { isAmong } from './dialect.ts';
import { type DebtBook, loadDebts, takeContracts } from './import-debts.ts';
import { creditorOf, type ImportTarget, loadTarget } from './import-target.ts';
import { leadColumns } from './leads.ts';
import { Row } from './row.ts';
import { RowRejected } from './row-rejected.ts';
import type { Database } from './tables.ts';

/** Of one debtor; the oldest go when more come. */
const EMAILS_MAX = 20;
const ADDRESSES_MAX = 10;

type Reference = `${string}|${string}`;

type StoredLead = {
  readonly id: LeadId;
  readonly state: string;
  readonly finishedBecause: string | null;
  readonly isCallback: boolean;
  priority: number;
};

export type RowTaken = {
  readonly status: 'created' | 'updated' | 'unchanged';
  readonly leadId: LeadId;
  readonly debtorId: DebtorId;
};

export type BookInput = {
  readonly db: Database;
  readonly listId: ListId;
  readonly rows: readonly LeadRow[];
  readonly now: EpochMs;
  readonly random: () => number;
};

export class ImportBook {
  readonly #input: BookInput;
  readonly #target: ImportTarget;
  readonly #debtors = new Map<DebtorId, Debtor>();
  readonly #byDocument = new Map<string, DebtorId>();
  readonly #byReference = new Map<Reference, DebtorId>();
  readonly #phones = new Map<DebtorId, Map<E164, Phone>>();
  readonly #leads = new Map<DebtorId, StoredLead>();
  #debts: DebtBook = new Map();

  private constructor(input: BookInput, target: ImportTarget) {
    this.#input = input;
    this.#target = target;
  }

  static async load(input: BookInput): Promise<ImportBook> {
    const book = new ImportBook(input, await loadTarget(input.db, input.listId));
    await book.#load();
    return book;
  }

  /** Stores one row. Throws {@link RowRejected}; the caller undoes what was written of it. */
  async take(row: LeadRow): Promise<RowTaken> {
    const creditor = creditorOf(this.#target, row);
    if (this.#target.creditors.some((one) => one.cnpj === row.document)) {
      // One debtor of all rows would be made of it, and everybody's debts shown to each.
      throw new RowRejected('document-of-creditor', 'document-of-creditor', 'document');
    }
    const { debtor, changed: debtorChanged } = await this.#takeDebtor(row, creditor);
    const phones = await this.#takePhones(debtor.id, row.phones);
    const contractsChanged = await takeContracts({
      ...this.#input,
      book: this.#debts,
      debtorId: debtor.id,
      creditorId: creditor.id,
      portfolioId: this.#target.portfolioOf(creditor.id),
      contracts: row.contracts,
    });
    const lead = await this.#takeLead(debtor.id, creditor, row, phones.newToDial);
    const changed = debtorChanged || phones.changed || contractsChanged || lead.changed;
    const status = lead.created ? 'created' : changed ? 'updated' : 'unchanged';
    return { status, leadId: lead.id, debtorId: debtor.id };
  }

  async #load(): Promise<void> {
    const { db, rows } = this.#input;
    const documents = rows.flatMap((row) => row.document ?? []);
    const references = rows.flatMap((row) => row.externalId ?? []);
    const referenced = await db
      .selectFrom('debtor_reference')
      .selectAll()
      .where(
        isAmong(
          db,
          'creditor_id',
          this.#target.creditors.map((creditor) => creditor.id),
        ),
      )
      .where(isAmong(db, 'external_id', references))
      .execute();
    for (const columns of referenced) {
      const row = new Row('debtor_reference', columns, 'external_id');
      this.#byReference.set(
        `${columns.creditor_id}|${columns.external_id}`,
        row.id('debtor', 'debtor_id'),
      );
    }
    const debtors = await db
      .selectFrom('debtor')
      .selectAll()
      .where((where) =>
        where.or([
          isAmong(db, 'document', documents),
          isAmong(db, 'id', [...this.#byReference.values()]),
        ]),
      )
      .execute();
    for (const debtor of debtors.map(readDebtor)) this.#remember(debtor);
    const ids = [...this.#debtors.keys()];
    for (const [id, phones] of await phonesOf(db, ids)) {
      this.#phones.set(id, new Map(phones.map((phone) => [phone.number, phone])));
    }
    this.#debts = await loadDebts(db, ids);
    await this.#loadLeads(ids);
  }

  async #loadLeads(ids: readonly DebtorId[]): Promise<void> {
    const { db } = this.#input;
    const leads = await db
      .selectFrom('lead')
      .select(['id', 'debtor_id', 'state', 'finished_because', 'callback_asked_at', 'priority'])
      .where('campaign_id', '=', this.#target.campaign.id)
      .where(isAmong(db, 'debtor_id', ids))
      .execute();
    for (const columns of leads) {
      const row = new Row('lead', columns);
      this.#leads.set(row.id('debtor', 'debtor_id'), {
        id: row.id('lead', 'id'),
        state: row.text('state'),
        finishedBecause: columns.finished_because,
        isCallback: columns.callback_asked_at !== null,
        priority: row.integer('priority'),
      });
    }
  }

  #remember(debtor: Debtor): void {
    this.#debtors.set(debtor.id, debtor);
    if (debtor.document !== undefined) this.#byDocument.set(debtor.document, debtor.id);
  }

  async #takeDebtor(
    row: LeadRow,
    creditor: Creditor,
  ): Promise<{ readonly debtor: Debtor; readonly changed: boolean }> {
    const { db, now, random } = this.#input;
    const reference: Reference | undefined =
      row.externalId === undefined ? undefined : `${creditor.id}|${row.externalId}`;
    const known = this.#find(row, reference);
    const before = known ?? {
      id: newId('debtor', now, random),
      name: '',
      emails: [],
      addresses: [],
    };
    const debtor = merged(before, row);
    if (!known) {
      const columns = debtorColumns(debtor);
      await db
        .insertInto('debtor')
        .values({ ...columns, created_at: now, updated_at: now })
        .execute();
    } else if (debtor !== known) {
      const { id, document_key: _, ...columns } = debtorColumns(debtor);
      await db
        .updateTable('debtor')
        .set({ ...columns, updated_at: now })
        .where('id', '=', id)
        .execute();
    }
    this.#remember(debtor);
    const isNewReference = reference !== undefined && !this.#byReference.has(reference);
    if (isNewReference && row.externalId !== undefined) {
      await db
        .insertInto('debtor_reference')
        .values({
          creditor_id: creditor.id,
          external_id: row.externalId,
          debtor_id: debtor.id,
        })
        .execute();
      this.#byReference.set(reference, debtor.id);
    }
    return { debtor, changed: debtor !== known || isNewReference };
  }

  /**
   * Document and reference must not name two people: which of them the debt is of cannot be told
   * here, and a guess would show one the other's debt.
   */
  #find(row: LeadRow, reference: Reference | undefined): Debtor | undefined {
    const byDocument = row.document === undefined ? undefined : this.#byDocument.get(row.document);
    const byReference = reference === undefined ? undefined : this.#byReference.get(reference);
    const referred = byReference === undefined ? undefined : this.#debtors.get(byReference);
    if (byDocument === undefined) {
      const isOther = row.document !== undefined && referred?.document !== undefined;
      if (!isOther) return referred;
    } else if (byReference === undefined || byReference === byDocument) {
      return this.#debtors.get(byDocument);
    }
    throw new RowRejected(
      'reference-of-another-debtor',
      'the external id belongs to a debtor with another document',
      'externalId',
    );
  }

  async #takePhones(
    debtorId: DebtorId,
    rowPhones: readonly RowPhone[],
  ): Promise<{ readonly changed: boolean; readonly newToDial: boolean }> {
    const { db, now, random } = this.#input;
    const stored = this.#phones.get(debtorId) ?? new Map<E164, Phone>();
    this.#phones.set(debtorId, stored);
    let changed = false;
    let newToDial = false;
    for (const rowPhone of rowPhones) {
      const { number, kind, score, source = this.#target.phoneSource, extension } = rowPhone;
      const aside = extension === undefined ? {} : { extension };
      const known = stored.get(number);
      if (!known) {
        const phone: Phone = {
          id: newId('phone', now, random),
          debtorId,
          number,
          kind,
          ...aside,
          source,
          collectedAt: this.#target.collectedAt,
          score,
          status: 'unknown',
          statusAt: now,
        };
        await db.insertInto('phone').values(phoneColumns(phone)).execute();
        stored.set(number, phone);
        changed = newToDial = true;
        continue;
      }
      const seen = { source, score, ...aside, collectedAt: this.#target.collectedAt };
      const phone = phoneFromSource(known, seen);
      if (!isNews(known, phone)) continue;
      const { id, ...columns } = phoneColumns(phone);
      await db.updateTable('phone').set(columns).where('id', '=', id).execute();
      stored.set(number, phone);
      changed = true;
      if (known.status === 'invalid') newToDial = true;
    }
    return { changed, newToDial };
  }

  async #takeLead(
    debtorId: DebtorId,
    creditor: Creditor,
    row: LeadRow,
    hasNewPhone: boolean,
  ): Promise<{ readonly id: LeadId; readonly created: boolean; readonly changed: boolean }> {
    const { db, now, random, listId } = this.#input;
    const known = this.#leads.get(debtorId);
    if (!known) {
      const id = newId('lead', now, random);
      const priority = row.priority ?? PRIORITY_USUAL;
      const columns = leadColumns({
        id,
        campaignId: this.#target.campaign.id,
        listId,
        debtorId,
        state: 'ready',
        priority,
        notBeforeAt: 0,
        agentFirst: false,
        cycle: 1,
        attempts: 0,
      });
      await db
        .insertInto('lead')
        .values({ ...columns, creditor_id: creditor.id })
        .execute();
      this.#leads.set(debtorId, {
        id,
        state: 'ready',
        finishedBecause: null,
        isCallback: false,
        priority,
      });
      return { id, created: true, changed: true };
    }
    const { id, state, finishedBecause, isCallback } = known;
    let changed = false;
    // The debtor's own wish for a call outranks the list.
    if (row.priority !== undefined && row.priority !== known.priority && !isCallback) {
      await db.updateTable('lead').set({ priority: row.priority }).where('id', '=', id).execute();
      known.priority = row.priority;
      changed = true;
    }
    if (hasNewPhone && state === 'finished' && finishedBecause === 'no-phone-left') {
      await db
        .updateTable('lead')
        .set({ state: 'ready', finished_because: null, not_before_at: 0, next_phone_id: null })
        .where('id', '=', id)
        .execute();
      this.#leads.set(debtorId, { ...known, state: 'ready', finishedBecause: null });
      changed = true;
    }
    return { id, created: false, changed };
  }
}

/** The debtor with what the row adds; the same object where it adds nothing. */
function merged(debtor: Debtor, row: LeadRow): Debtor {
  const emails = row.emails.filter((email) => !debtor.emails.includes(email));
  const addresses = withAddress(debtor.addresses, row);
  const isSame =
    debtor.name === row.name &&
    (row.document === undefined || debtor.document === row.document) &&
    (row.birthDate === undefined || debtor.birthDate === row.birthDate) &&
    emails.length === 0 &&
    addresses === debtor.addresses;
  if (isSame) return debtor;
  return {
    ...debtor,
    name: row.name,
    ...(row.document === undefined ? {} : { document: row.document }),
    ...(row.birthDate === undefined ? {} : { birthDate: row.birthDate }),
    emails: [...emails, ...debtor.emails].slice(0, EMAILS_MAX),
    addresses,
  };
}

/**
 * The addresses with what the row says of one, the newest first. A CEP is the whole of an address: one
 * that had only its state becomes it.
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
  const address = {
    ...(state === undefined ? {} : { state }),
    ...(postalCode === undefined ? {} : { postalCode }),
  };
  const isUnfinished = (one: DebtorAddress): boolean =>
    one.postalCode === undefined && one.street === undefined && one.state === state;
  return [address, ...known.filter((one) => !isUnfinished(one))].slice(0, ADDRESSES_MAX);
}

/** That the same source names the same number again is no news, unless it revives it. */
function isNews(known: Phone, phone: Phone): boolean {
  return (
    phone.status !== known.status ||
    phone.source !== known.source ||
    phone.score !== known.score ||
    phone.extension !== known.extension
  );
}
