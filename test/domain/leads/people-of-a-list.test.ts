import { describe, expect, it } from 'vitest';
import type { Debtor } from '../../../src/domain/debtors/debtor.ts';
import type { LeadRow } from '../../../src/domain/leads/import-row.ts';
import { KnownPeople } from '../../../src/domain/leads/known-people.ts';
import { takeRow } from '../../../src/domain/leads/take-row.ts';
import type { RowTarget } from '../../../src/domain/leads/taken-row.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { ANA, BIA, CAIO } from './builders.ts';

const NOON = Date.parse('2026-11-23T12:00:00-03:00');
const BANK = { id: 'creditor_1', name: 'Banco Aroeira', cnpj: '11444777000161' } as const;
const SHOP = { id: 'creditor_2', name: 'Lojas Guaçu', cnpj: '11555666000100' } as const;

const TARGET: RowTarget = {
  ...{ listId: 'list_1', campaignId: 'campaign_1', portfolioId: 'portfolio_1' },
  creditors: [BANK, SHOP],
  portfolios: [
    { id: 'portfolio_1', creditorId: BANK.id },
    { id: 'portfolio_2', creditorId: SHOP.id },
  ],
  ...{ phoneSource: 'list', collectedAt: NOON },
};

type Who = { readonly of?: 'bank' | 'shop'; readonly id?: string; readonly cpf?: string };

function aRow({ of = 'bank', id, cpf }: Who, overrides: Partial<LeadRow> = {}): LeadRow {
  return {
    ...{ name: 'Ana Exemplo', emails: [], contracts: [], extras: [], warnings: [] },
    creditorKey: of === 'bank' ? BANK.name : SHOP.name,
    phones: [{ number: '+5511987654321', kind: 'mobile', score: 50 }],
    ...(id === undefined ? {} : { externalId: id }),
    ...(cpf === undefined ? {} : { document: cpf, documentKind: 'cpf' }),
    ...overrides,
  };
}

/** A list that is read row by row, with what is stored of it. */
function aList() {
  const people = new KnownPeople();
  const random = seededRandom(5);
  const names = new Map<string, string>();
  const take = (row: LeadRow, target: RowTarget = TARGET) => {
    const taken = takeRow(row, people, target, { now: NOON, random });
    if (!taken.ok) return taken;
    people.remember(taken.known);
    if (taken.reference) people.refer(taken.reference);
    return taken;
  };
  /** A letter for each person, in the order in which they came; or why the row was refused. */
  const who = (row: Who): string => {
    const taken = take(aRow(row));
    if (!taken.ok) return taken.code;
    const { id } = taken.known.debtor;
    const letter = names.get(id) ?? String.fromCharCode(65 + names.size);
    names.set(id, letter);
    return letter;
  };
  return { people, take, who };
}

describe('the people of a list, row by row', () => {
  const LISTS: readonly (readonly [string, readonly (readonly [Who, string])[]])[] = [
    [
      'are told apart by their documents',
      [
        [{ cpf: ANA }, 'A'],
        [{ cpf: BIA }, 'B'],
        [{ cpf: ANA }, 'A'],
      ],
    ],
    [
      'without documents are told apart by each creditor’s own ids',
      [
        [{ id: '1' }, 'A'],
        [{ id: '2' }, 'B'],
        [{ of: 'shop', id: '1' }, 'C'],
        [{ id: '1' }, 'A'],
        [{ of: 'shop', id: '1' }, 'C'],
      ],
    ],
    [
      'are one person over all creditors, by the document',
      [
        [{ id: '1', cpf: ANA }, 'A'],
        [{ of: 'shop', id: '1', cpf: ANA }, 'A'],
        [{ of: 'shop', id: '1' }, 'A'],
      ],
    ],
    [
      'may have two ids with one creditor',
      [
        [{ id: '1', cpf: ANA }, 'A'],
        [{ id: '2', cpf: ANA }, 'A'],
        [{ id: '2' }, 'A'],
        [{ id: '1' }, 'A'],
      ],
    ],
    [
      'are the same when their document is learned later',
      [
        [{ id: '1' }, 'A'],
        [{ id: '1', cpf: ANA }, 'A'],
        [{ cpf: ANA }, 'A'],
        [{ of: 'shop', id: '9', cpf: ANA }, 'A'],
      ],
    ],
    [
      'stay two where one was known by id and one by document before both met',
      [
        [{ id: '1' }, 'A'],
        [{ cpf: ANA }, 'B'],
        [{ id: '1', cpf: ANA }, 'reference-of-another-debtor'],
        [{ id: '1' }, 'A'],
        [{ cpf: ANA }, 'B'],
      ],
    ],
    [
      'keep their id, though another document comes with it',
      [
        [{ id: '1', cpf: ANA }, 'A'],
        [{ id: '1', cpf: BIA }, 'reference-of-another-debtor'],
        [{ cpf: BIA }, 'B'],
        [{ id: '1', cpf: BIA }, 'reference-of-another-debtor'],
        [{ id: '1' }, 'A'],
      ],
    ],
    [
      'are refused without harm to the rows that follow',
      [
        [{ id: '1', cpf: ANA }, 'A'],
        [{ id: '2', cpf: BIA }, 'B'],
        [{ id: '1', cpf: BIA }, 'reference-of-another-debtor'],
        [{ id: '3', cpf: CAIO }, 'C'],
        [{ id: '3' }, 'C'],
      ],
    ],
  ];

  it.each(LISTS)('%s', (_name, rows) => {
    const { who } = aList();
    expect(rows.map(([row]) => who(row))).toEqual(rows.map(([, letter]) => letter));
  });
});

describe('a row that is refused', () => {
  it.each<[string, LeadRow, object]>([
    [
      'with the creditor’s own CNPJ as document',
      aRow({ cpf: BANK.cnpj }),
      { code: 'document-of-creditor', field: 'document' },
    ],
    [
      'with the CNPJ of another creditor of the campaign',
      aRow({ cpf: SHOP.cnpj }),
      { code: 'document-of-creditor', field: 'document' },
    ],
    [
      'with an unknown creditor, before its document is looked at',
      { ...aRow({ cpf: BANK.cnpj }), creditorKey: 'Outro' },
      { code: 'creditor-unknown', field: 'creditorKey' },
    ],
  ])('%s changes nothing', (_name, row, refusal) => {
    const { people, take } = aList();
    expect(take(row)).toMatchObject({ ok: false, ...refusal });
    expect(
      row.document === undefined ? undefined : people.ofDocument(row.document),
    ).toBeUndefined();
  });

  it('because its creditor has no portfolio is told so only if its person is clear', () => {
    const { take } = aList();
    take(aRow({ id: '1', cpf: ANA }));
    const target = { ...TARGET, portfolios: [] };
    expect(take(aRow({ id: '1', cpf: BIA }), target)).toMatchObject({
      code: 'reference-of-another-debtor',
    });
    expect(take(aRow({ id: '1', cpf: ANA }), target)).toMatchObject({ code: 'portfolio-missing' });
  });
});

describe('the lead of a row', () => {
  it('of a new person is ready, with the usual priority or the row’s', () => {
    const lead = (priority?: number) => {
      const row = aRow({ cpf: ANA }, priority === undefined ? {} : { priority });
      const taken = aList().take(row);
      const change = taken.ok && taken.changes.find((one) => one.kind === 'insert-lead');
      return change ? [change.creditorId, change.lead] : [];
    };
    expect(lead()).toMatchObject([
      BANK.id,
      {
        ...{ campaignId: 'campaign_1', listId: 'list_1', state: 'ready', priority: 50 },
        ...{ notBeforeAt: 0, agentGuaranteed: false, cycle: 1, attempts: 0 },
      },
    ]);
    expect(lead(0)).toMatchObject([BANK.id, { priority: 0 }]);
  });

  it('is one for a person with debts of two creditors', () => {
    const { take } = aList();
    const first = take(aRow({ cpf: ANA }));
    const second = take(aRow({ of: 'shop', cpf: ANA }));
    if (!first.ok || !second.ok) throw new Error('refused');
    expect(second.known.lead).toEqual(first.known.lead);
    expect(second.status).toBe('unchanged');
  });

  it('that has the row’s priority already is no change', () => {
    const { take } = aList();
    take(aRow({ cpf: ANA }, { priority: 70 }));
    expect(take(aRow({ cpf: ANA }, { priority: 70 }))).toMatchObject({ changes: [] });
    expect(take(aRow({ cpf: ANA }))).toMatchObject({
      changes: [],
      known: { lead: { priority: 70 } },
    });
  });

  it('that begins again may take a priority in the same row', () => {
    const { people, take } = aList();
    const first = take(aRow({ cpf: ANA }));
    if (!first.ok) throw new Error('refused');
    const lead = {
      ...first.known.lead,
      state: 'finished',
      finishedBecause: 'no-phone-left',
    } as const;
    people.remember({ ...first.known, lead });
    const phones = [{ number: '+5511987654322', kind: 'mobile', score: 50 } as const];
    const again = take(aRow({ cpf: ANA }, { phones, priority: 90 }));
    expect(again).toMatchObject({ known: { lead: { state: 'ready', priority: 90 } } });
    expect(again.ok && again.changes.map((one) => one.kind)).toEqual([
      ...['insert-phone', 'set-lead-priority', 'revive-lead'],
    ]);
  });
});

describe('what is known of people', () => {
  const debtor = (id: Debtor['id'], document?: string): Debtor => ({
    ...{ id, name: id, emails: [], addresses: [] },
    ...(document === undefined ? {} : { document }),
  });
  const known = (one: Debtor) => ({ debtor: one, phones: [], contracts: [] });

  it('is found by document and by reference, as it was remembered last', () => {
    const people = new KnownPeople();
    people.remember(known(debtor('debtor_1')));
    people.refer({ creditorId: BANK.id, externalId: '1', debtorId: 'debtor_1' });
    expect(people.ofDocument(ANA)).toBeUndefined();
    people.remember(known(debtor('debtor_1', ANA)));
    expect(people.ofDocument(ANA)?.debtor).toEqual(debtor('debtor_1', ANA));
    const reference = { creditorId: BANK.id, externalId: '1' };
    expect(people.ofReference(reference)?.debtor).toEqual(debtor('debtor_1', ANA));
  });

  it('is not found by another creditor’s id, nor mixed up where ids look alike', () => {
    const people = new KnownPeople();
    people.remember(known(debtor('debtor_1')));
    people.refer({ creditorId: 'creditor_1', externalId: '2|3', debtorId: 'debtor_1' });
    for (const [creditorId, externalId] of [
      ['creditor_2', '2|3'],
      ['creditor_1', '2'],
      ['creditor_1', '3'],
      ['creditor_1', '2|3 '],
    ] as const) {
      expect(people.isReferred({ creditorId, externalId })).toBe(false);
      expect(people.ofReference({ creditorId, externalId })).toBeUndefined();
    }
    expect(people.isReferred({ creditorId: 'creditor_1', externalId: '2|3' })).toBe(true);
  });

  it('may name a person who is not loaded: the reference is known, the person is not', () => {
    const people = new KnownPeople();
    people.refer({ creditorId: BANK.id, externalId: '1', debtorId: 'debtor_7' });
    expect(people.isReferred({ creditorId: BANK.id, externalId: '1' })).toBe(true);
    expect(people.ofReference({ creditorId: BANK.id, externalId: '1' })).toBeUndefined();
  });
});
