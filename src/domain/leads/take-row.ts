/**
 * What a row of a list changes in what is known: who its person is, and what in it is news.
 *
 * A debtor is unique by document in the whole operation; without a document, by creditor and that
 * creditor's own id for them. A telephone is unique by debtor and number, a contract by debtor,
 * creditor and number, a lead by campaign and debtor.
 *
 *   row ──▶ its creditor ──▶ its person ──▶ debtor, reference, phones, contracts, lead
 *               │                │
 *               └── refused ─────┴─ refused, and nothing of the row is taken
 *
 * The outcome holds everything known afterwards, and the changes that lead there. The code that
 * stores the changes remembers the outcome ({@link KnownPeople}) before it takes the next row.
 */
import { given } from '../../lib/given.ts';
import { type CreditorId, newId } from '../../lib/ids.ts';
import type { Creditor } from '../debtors/debt.ts';
import type { Debtor } from '../debtors/debtor.ts';
import { creditorOf, portfolioOf } from './creditor-of-row.ts';
import type { LeadRow } from './import-row.ts';
import type { DebtorReference, KnownDebtor, KnownLead, KnownPeople } from './known-people.ts';
import { type Lead, PRIORITY_USUAL } from './lead.ts';
import { withRow } from './row-debtor.ts';
import { takeContracts } from './take-contracts.ts';
import { takePhones } from './take-phones.ts';
import type { RowChange, RowMoment, RowRefusal, RowTarget, TakenRow } from './taken-row.ts';

export function takeRow(
  row: LeadRow,
  people: KnownPeople,
  target: RowTarget,
  moment: RowMoment,
): TakenRow | RowRefusal {
  const creditor = creditorOf(target, row);
  if ('code' in creditor) return creditor;
  if (target.creditors.some((one) => one.cnpj === row.document)) {
    // It would merge all rows into one debtor, and show each person everybody's debts.
    return refused('document-of-creditor', 'document-of-creditor', 'document');
  }
  const found = personOf(row, creditor, people);
  if (found !== undefined && 'code' in found) return found;
  const portfolio = portfolioOf(target, creditor.id);
  if ('code' in portfolio) return portfolio;

  const taken = takeDebtor(row, found, moment);
  const debtorId = taken.debtor.id;
  const reference = referenceOf(row, creditor, debtorId);
  const isNewReference = reference !== undefined && !people.isReferred(reference);
  const ofReference: RowChange[] = isNewReference ? [{ kind: 'insert-reference', reference }] : [];
  const phones = takePhones(found?.phones ?? [], row.phones, { ...target, ...moment, debtorId });
  const contracts = takeContracts(found?.contracts ?? [], row.contracts, {
    ...{ ...moment, debtorId },
    ...{ creditorId: creditor.id, portfolioId: portfolio.id },
  });
  const lead = found?.lead
    ? changedLead(found.lead, row, phones.hasNewToDial)
    : newLead({ row, debtorId, creditorId: creditor.id }, target, moment);
  const isNews =
    [taken, lead, phones].some((one) => one.changes.length > 0) ||
    isNewReference ||
    contracts.hasNews;
  return {
    ok: true,
    status: found?.lead ? (isNews ? 'updated' : 'unchanged') : 'created',
    known: {
      debtor: taken.debtor,
      phones: phones.phones,
      contracts: contracts.contracts,
      lead: lead.lead,
    },
    ...given({ reference }),
    changes: [
      ...taken.changes,
      ...ofReference,
      ...phones.changes,
      ...contracts.changes,
      ...lead.changes,
    ],
  };
}

/**
 * The person of the row; undefined for a new one. Document and reference must not belong to two
 * people: nothing here tells whose debt it is, and a wrong guess would show one person the other's
 * debt.
 */
function personOf(
  row: LeadRow,
  creditor: Creditor,
  people: KnownPeople,
): KnownDebtor | RowRefusal | undefined {
  const { document, externalId } = row;
  const byDocument = document === undefined ? undefined : people.ofDocument(document);
  const referred =
    externalId === undefined
      ? undefined
      : people.ofReference({ creditorId: creditor.id, externalId });
  if (!byDocument) {
    const isOther = document !== undefined && referred?.debtor.document !== undefined;
    if (!isOther) return referred;
  } else if (!referred || referred.debtor.id === byDocument.debtor.id) {
    return byDocument;
  }
  return refused(
    'reference-of-another-debtor',
    'the external id belongs to a debtor with another document',
    'externalId',
  );
}

function takeDebtor(
  row: LeadRow,
  found: KnownDebtor | undefined,
  { now, random }: RowMoment,
): { readonly debtor: Debtor; readonly changes: readonly RowChange[] } {
  const before = found?.debtor ?? {
    id: newId('debtor', now, random),
    name: '',
    emails: [],
    addresses: [],
  };
  const debtor = withRow(before, row);
  if (!found) return { debtor, changes: [{ kind: 'insert-debtor', debtor }] };
  return { debtor, changes: debtor === before ? [] : [{ kind: 'update-debtor', debtor }] };
}

function referenceOf(
  { externalId }: LeadRow,
  { id: creditorId }: Creditor,
  debtorId: Debtor['id'],
): DebtorReference | undefined {
  return externalId === undefined ? undefined : { creditorId, externalId, debtorId };
}

type LeadTaken = { readonly lead: KnownLead; readonly changes: readonly RowChange[] };

function newLead(
  of: { readonly row: LeadRow; readonly debtorId: Debtor['id']; readonly creditorId: CreditorId },
  { campaignId, listId }: RowTarget,
  { now, random }: RowMoment,
): LeadTaken {
  const { row, debtorId, creditorId } = of;
  const lead: Lead = {
    ...{ id: newId('lead', now, random), campaignId, listId, debtorId },
    state: 'ready',
    priority: row.priority ?? PRIORITY_USUAL,
    notBeforeAt: 0,
    agentGuaranteed: false,
    cycle: 1,
    attempts: 0,
  };
  return { lead, changes: [{ kind: 'insert-lead', lead, creditorId }] };
}

/**
 * A lead that ended because no phone was left begins again with a new phone. A lead that ended for
 * another reason, or was taken out by somebody, stays as it is.
 */
function changedLead(known: KnownLead, row: LeadRow, hasNewToDial: boolean): LeadTaken {
  const changes: RowChange[] = [];
  let lead = known;
  // A call that the debtor asked for goes before the list's priority.
  const isAsked = known.callbackAskedAt !== undefined;
  if (row.priority !== undefined && row.priority !== known.priority && !isAsked) {
    lead = { ...lead, priority: row.priority };
    changes.push({ kind: 'set-lead-priority', leadId: lead.id, priority: row.priority });
  }
  if (hasNewToDial && known.state === 'finished' && known.finishedBecause === 'no-phone-left') {
    const { finishedBecause: _, ...rest } = lead;
    lead = { ...rest, state: 'ready' };
    changes.push({ kind: 'revive-lead', leadId: lead.id });
  }
  return { lead, changes };
}

function refused(code: RowRefusal['code'], reason: string, field: string): RowRefusal {
  return { ok: false, code, reason, field };
}
