import type { Phone } from '../../../src/domain/debtors/phone.ts';
import type { ColumnMeaning } from '../../../src/domain/leads/column-evidence.ts';
import { planColumns } from '../../../src/domain/leads/column-plan.ts';
import {
  type ImportOptions,
  importRow,
  type LeadRow,
  type RowImport,
} from '../../../src/domain/leads/import-row.ts';
import type { Lead } from '../../../src/domain/leads/lead.ts';

export const [ANA, BIA, CAIO] = ['52998224725', '12345678909', '11144477735'] as const;

/** The document of a creditor. */
export const LENDER = '11444777000161';

type Cells = Readonly<Record<string, string>>;
type Meanings = Readonly<Record<string, ColumnMeaning>>;

/** A file as its header and rows, each written with `;`. */
export function fileOf(header: string, ...lines: readonly string[]): readonly Cells[] {
  const names = header.split(';');
  return lines.map((line) => {
    const cells = line.split(';');
    return Object.fromEntries(names.map((name, place) => [name, cells[place] ?? '']));
  });
}

export function planOf(rows: readonly Cells[], given: Meanings = {}) {
  const planned = planColumns(Object.keys(rows[0] ?? {}), rows, new Map(Object.entries(given)));
  if (!planned.ok) throw new Error(`asks ${planned.question.code}`);
  return planned.plan;
}

/** What is asked about the columns of a file; undefined when they are clear. */
export function questionOf(rows: readonly Cells[], given: Meanings = {}) {
  const planned = planColumns(Object.keys(rows[0] ?? {}), rows, new Map(Object.entries(given)));
  return planned.ok ? undefined : [planned.question.code, ...planned.question.columns];
}

/** Every row as the importer reads it. */
export function rowsOf(
  rows: readonly Cells[],
  given: Meanings = {},
  options: ImportOptions = {},
): readonly LeadRow[] {
  const plan = planOf(rows, given);
  return rows.map((row) => rowOf(importRow(row, { ...options, plan })));
}

export function phonesOf(rows: readonly Cells[], given: Meanings = {}) {
  return rowsOf(rows, given).map((row) => row.phones.map((phone) => phone.number));
}

export function rowOf(result: RowImport): LeadRow {
  if (!result.ok) throw new Error(`refused: ${result.code} ${result.reason} ${result.field ?? ''}`);
  return result.row;
}

/** `fone2: ninth-digit-inserted`. */
export function warningsOf({ warnings }: LeadRow): readonly string[] {
  return warnings.map(({ column, code }) => `${column}: ${code}`);
}

/** A lead whose first number is being dialed. */
export function aLead(overrides: Partial<Lead> = {}): Lead {
  return {
    ...{ id: 'lead_1', campaignId: 'campaign_1', listId: 'list_1', debtorId: 'debtor_1' },
    ...{ state: 'dialing', priority: 50, notBeforeAt: 0, nextPhoneId: 'phone_1' },
    ...{ agentGuaranteed: false, cycle: 1, attempts: 0 },
    ...overrides,
  };
}

/** The debtor's number of this place; earlier ones score higher. */
export function aPhone(place: number, overrides: Partial<Phone> = {}): Phone {
  return {
    ...{ id: `phone_${place}`, debtorId: 'debtor_1', number: `+551198765432${place}` },
    ...{ kind: 'mobile', source: 'crm', collectedAt: 0, score: 50 - place },
    ...{ status: 'unknown', statusAt: 0 },
    ...overrides,
  };
}
