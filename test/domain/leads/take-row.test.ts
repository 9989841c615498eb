import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phone } from '../../../src/domain/debtors/phone.ts';
import type { LeadRow } from '../../../src/domain/leads/import-row.ts';
import { KnownPeople } from '../../../src/domain/leads/known-people.ts';
import { takeRow } from '../../../src/domain/leads/take-row.ts';
import type { RowRefusal, RowTarget, TakenRow } from '../../../src/domain/leads/taken-row.ts';
import { given } from '../../../src/lib/given.ts';
import { randomStream } from '../../../src/lib/random.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';

const NOON = Date.parse('2026-11-23T12:00:00-03:00');
const ANA = '52998224725';
const RUI = '11144477735';
const BANK = { id: 'creditor_1', name: 'Banco Aroeira', cnpj: '11444777000161' } as const;
const SHOP = { id: 'creditor_2', name: 'Lojas Guaçu', cnpj: '11555666000100' } as const;

function aTarget(given: Partial<RowTarget> = {}): RowTarget {
  return {
    ...{ listId: 'list_1', campaignId: 'campaign_1', portfolioId: 'portfolio_1' },
    creditors: [BANK],
    portfolios: [
      { id: 'portfolio_1', creditorId: BANK.id },
      { id: 'portfolio_2', creditorId: SHOP.id },
    ],
    phoneSource: 'list',
    collectedAt: NOON,
    ...given,
  };
}

function aRow(given: Partial<LeadRow> = {}): LeadRow {
  return {
    ...{ externalId: 'CRM-1', name: 'Ana Souza', document: ANA, documentKind: 'cpf' },
    emails: [],
    phones: [{ number: '+5511987654321', kind: 'mobile', score: 50 }],
    contracts: [aContract('A-77', { '1': 18_990 })],
    extras: [],
    warnings: [],
    ...given,
  };
}

function aContract(number: string, centavos: Readonly<Record<string, number>>, product?: string) {
  const instalments = Object.entries(centavos).map(([place, value]) => ({
    number: place,
    dueDate: '2026-08-10' as const,
    originalValue: { centavos: value },
  }));
  return { number, instalments, ...given({ product }) };
}

/** Takes rows one after the other and remembers each, as the storage does. */
function aBook(target = aTarget()) {
  const people = new KnownPeople();
  const random = randomStream(1, 'ids');
  const take = (row: LeadRow, now = NOON, to: RowTarget = target): TakenRow | RowRefusal => {
    const taken = takeRow(row, people, to, { now, random });
    if (!taken.ok) return taken;
    people.remember(taken.known);
    if (taken.reference) people.refer(taken.reference);
    return taken;
  };
  const stored = (...all: Parameters<typeof take>): TakenRow => {
    const taken = take(...all);
    if (!taken.ok) throw new Error(`refused: ${taken.code}`);
    return taken;
  };
  return { people, take, stored };
}

const kindsOf = (taken: TakenRow) => taken.changes.map((change) => change.kind);

describe('a row of somebody new', () => {
  it('becomes a debtor, a reference, phones, contracts and a lead, in an order that can be stored', () => {
    const { stored } = aBook();
    const taken = stored(aRow({ priority: 70 }));
    expect(taken.status).toBe('created');
    expect(kindsOf(taken)).toEqual([
      'insert-debtor',
      'insert-reference',
      'insert-phone',
      'insert-contract',
      'insert-instalment',
      'insert-lead',
    ]);
    const { debtor, phones, contracts, lead } = taken.known;
    expect(debtor).toMatchObject({ name: 'Ana Souza', document: ANA });
    expect(phones).toMatchObject([{ debtorId: debtor.id, source: 'list', status: 'unknown' }]);
    expect(contracts).toMatchObject([{ number: 'A-77', portfolioId: 'portfolio_1' }]);
    expect(lead).toMatchObject({ state: 'ready', priority: 70, debtorId: debtor.id });
  });

  it('is one lead a campaign: another campaign of the same person makes another', () => {
    const { people, stored } = aBook();
    const first = stored(aRow());
    const { lead: _, ...withoutLead } = first.known;
    people.remember(withoutLead);
    const second = stored(aRow(), NOON, aTarget({ campaignId: 'campaign_2' }));
    expect(second.status).toBe('created');
    expect(kindsOf(second)).toEqual(['insert-lead']);
    expect(second.known.debtor).toBe(first.known.debtor);
  });
});

describe('who a row is of', () => {
  it('is the debtor with its document, whatever the creditor calls them', () => {
    const { stored } = aBook();
    const first = stored(aRow());
    const again = stored(aRow({ externalId: 'OTHER-9' }));
    expect(again.known.debtor.id).toBe(first.known.debtor.id);
    expect(kindsOf(again)).toEqual(['insert-reference']);
  });

  it('is the debtor that the creditor calls so, where the row has no document', () => {
    const { stored } = aBook();
    const { document: _, documentKind: __, ...unnamed } = aRow();
    const first = stored(unnamed);
    expect(stored(unnamed).known.debtor.id).toBe(first.known.debtor.id);
    expect(stored({ ...unnamed, externalId: 'CRM-2' }).known.debtor.id).not.toBe(
      first.known.debtor.id,
    );
  });

  it('is somebody else where another creditor uses the same id', () => {
    const { stored } = aBook(aTarget({ creditors: [BANK, SHOP] }));
    const { document: _, documentKind: __, ...unnamed } = aRow();
    const ofBank = stored({ ...unnamed, creditorKey: BANK.id });
    const ofShop = stored({ ...unnamed, creditorKey: SHOP.id });
    expect(ofShop.known.debtor.id).not.toBe(ofBank.known.debtor.id);
  });

  it('is told by a document that is learned later', () => {
    const { stored } = aBook();
    const { document: _, documentKind: __, ...unnamed } = aRow();
    const first = stored(unnamed);
    const learned = stored(aRow());
    expect(learned.known.debtor).toEqual({ ...first.known.debtor, document: ANA });
    const { externalId: ___, ...byDocument } = aRow();
    expect(stored(byDocument).known.debtor.id).toBe(first.known.debtor.id);
  });

  it('is refused where document and external id are of two people', () => {
    const { take } = aBook();
    take(aRow());
    take(aRow({ externalId: 'CRM-2', document: RUI }));
    const refusal = { ok: false, code: 'reference-of-another-debtor', field: 'externalId' };
    expect(take(aRow({ document: RUI }))).toMatchObject(refusal);
    expect(take(aRow({ externalId: 'CRM-2' }))).toMatchObject(refusal);
    // Of somebody new, under the name of a person whose document is known.
    expect(take(aRow({ document: '93541134780' }))).toMatchObject(refusal);
  });
});

describe('a row that is refused', () => {
  const refusalOf = (row: LeadRow, target: RowTarget) => {
    const taken = aBook(target).take(row);
    return taken.ok ? undefined : taken.code;
  };

  it.each([
    [
      'names no creditor of the campaign',
      aRow({ creditorKey: 'Outro' }),
      aTarget(),
      'creditor-unknown',
    ],
    [
      'names none of several creditors',
      aRow(),
      aTarget({ creditors: [BANK, SHOP] }),
      'creditor-missing',
    ],
    [
      'has a creditor without a portfolio',
      aRow(),
      aTarget({ portfolios: [] }),
      'portfolio-missing',
    ],
    [
      'has the document of its creditor',
      aRow({ document: BANK.cnpj, documentKind: 'cnpj' }),
      aTarget(),
      'document-of-creditor',
    ],
  ] as const)('%s', (_why, row, target, code) => {
    expect(refusalOf(row, target)).toBe(code);
  });

  it.each(['creditor_2', 'lojas guacu ', '11.555.666/0001-00'])(
    'is none where the creditor is called %s',
    (creditorKey) => {
      const { stored } = aBook(aTarget({ creditors: [BANK, SHOP] }));
      expect(stored(aRow({ creditorKey })).known.contracts).toMatchObject([
        { creditorId: SHOP.id, portfolioId: 'portfolio_2' },
      ]);
    },
  );
});

describe('what of a row is news', () => {
  it('is a newer name, and what was not known; what the row does not mention is kept', () => {
    const { stored } = aBook();
    stored(aRow({ emails: ['a@x.com.br'], addressState: 'SP', birthDate: '1980-02-29' }));
    const taken = stored(
      aRow({ name: 'Ana B. Souza', emails: ['b@x.com.br'], addressState: 'AC' }),
    );
    expect(taken.status).toBe('updated');
    expect(kindsOf(taken)).toEqual(['update-debtor']);
    expect(taken.known.debtor).toMatchObject({
      name: 'Ana B. Souza',
      birthDate: '1980-02-29',
      emails: ['b@x.com.br', 'a@x.com.br'],
      addresses: [{ state: 'AC' }, { state: 'SP' }],
    });
  });

  it('is an extension that was not known, and a score or source of a newer list', () => {
    const { stored } = aBook();
    stored(aRow());
    const [phone] = aRow().phones;
    const row = aRow({ phones: [{ ...phone!, extension: '204', score: 90, source: 'bureau' }] });
    const later = aTarget({ collectedAt: NOON + DAY_MS });
    const taken = stored(row, NOON + DAY_MS, later);
    expect(kindsOf(taken)).toEqual(['update-phone']);
    expect(taken.known.phones).toMatchObject([{ extension: '204', score: 90, source: 'bureau' }]);
    const older = stored(aRow(), NOON + 2 * DAY_MS, aTarget());
    expect(older.changes).toEqual([]);
  });

  it('is another amount, and not the same amount computed again, though its time is kept', () => {
    const { stored } = aBook();
    const updated = (centavos: number) => {
      const [contract] = aRow().contracts;
      const [instalment] = contract!.instalments;
      return aRow({
        contracts: [
          { ...contract!, instalments: [{ ...instalment!, updatedValue: { centavos } }] },
        ],
      });
    };
    stored(updated(20_000));
    expect(stored(updated(20_000), NOON + HOUR_MS - 1).changes).toEqual([]);
    const again = stored(updated(20_000), NOON + HOUR_MS);
    expect(again.status).toBe('unchanged');
    expect(again.changes).toMatchObject([
      { kind: 'update-instalment', instalment: { computedAt: NOON + HOUR_MS } },
    ]);
    const other = stored(updated(21_000), NOON + HOUR_MS);
    expect(other.status).toBe('updated');
    expect(other.known.contracts[0]?.instalments).toMatchObject([
      { updatedValue: { centavos: 21_000 }, state: 'open' },
    ]);
  });

  it('is no contract that differs by spaces and capitals only', () => {
    const { stored } = aBook();
    stored(aRow());
    const taken = stored(aRow({ contracts: [aContract(' a-77', { '1': 18_990, ' 2': 100 })] }));
    expect(kindsOf(taken)).toEqual(['insert-instalment']);
    expect(taken.known.contracts).toMatchObject([
      { number: 'A-77', instalments: [{ number: '1' }, { number: '2' }] },
    ]);
  });

  it('is the last word of a row that says two things of one contract', () => {
    const { stored } = aBook();
    const twice = aRow({
      contracts: [aContract('A', { '1': 100 }, 'Cartão'), aContract('a ', { '1': 200, '2': 300 })],
    });
    const taken = stored(twice);
    expect(taken.known.contracts).toMatchObject([
      {
        product: 'Cartão',
        instalments: [{ originalValue: { centavos: 200 } }, { originalValue: { centavos: 300 } }],
      },
    ]);
    expect(stored(twice).changes).toEqual([]);
  });
});

describe('a lead that is stored', () => {
  const finished = { state: 'finished', finishedBecause: 'no-phone-left' } as const;
  const another = aRow({ phones: [{ number: '+5511900000001', kind: 'mobile', score: 1 }] });

  const afterFinished = (
    given: Partial<TakenRow['known']['lead']>,
    row: LeadRow,
    phone: Partial<Phone> = {},
    target = aTarget(),
  ) => {
    const { people, stored } = aBook();
    const { known } = stored(aRow());
    const phones = known.phones.map((one) => ({ ...one, ...phone }));
    people.remember({ ...known, phones, lead: { ...known.lead, ...given } });
    return stored(row, NOON + DAY_MS, target);
  };

  it('begins again with a new phone, where it ended because none was left', () => {
    const { changes, known, status } = afterFinished(finished, another);
    expect(changes).toContainEqual({ kind: 'revive-lead', leadId: known.lead.id });
    expect(known.lead.state).toBe('ready');
    expect(known.lead.finishedBecause).toBeUndefined();
    expect(status).toBe('updated');
  });

  it('begins again where a newer list names a number that was taken not to exist', () => {
    const invalid = { status: 'invalid', statusAt: NOON + 1 } as const;
    const newer = aTarget({ collectedAt: NOON + HOUR_MS });
    expect(afterFinished(finished, aRow(), invalid, newer).known.lead.state).toBe('ready');
  });

  it('stays ended where the number was found not to exist after the list was made', () => {
    const invalid = { status: 'invalid', statusAt: NOON + DAY_MS } as const;
    const between = aTarget({ collectedAt: NOON + HOUR_MS });
    const [phone] = aRow().phones;
    const row = aRow({ phones: [{ ...phone!, score: 90 }] });
    const { known } = afterFinished(finished, row, invalid, between);
    expect(known.phones).toMatchObject([{ status: 'invalid', score: 90 }]);
    expect(known.lead.state).toBe('finished');
  });

  it.each([
    { state: 'finished', finishedBecause: 'attempts-used-up' },
    { state: 'suppressed' },
    { state: 'in-call' },
    { state: 'dialing' },
  ] as const)('stays as it is with a new phone when it is %o', (lead) => {
    expect(afterFinished(lead, another).known.lead).toMatchObject(lead);
  });

  it('takes the priority of the row, but not over the debtor’s own wish for a call', () => {
    const row = aRow({ priority: 90 });
    expect(afterFinished({}, row).changes).toMatchObject([
      { kind: 'set-lead-priority', priority: 90 },
    ]);
    expect(afterFinished({ callbackAskedAt: NOON }, row).changes).toEqual([]);
  });
});

const DOCUMENTS = [ANA, RUI, '93541134780'] as const;

/** Rows of three people at most, whose phones and contracts repeat often. */
const anyRow: fc.Arbitrary<LeadRow> = fc
  .record({
    person: fc.nat(2),
    hasDocument: fc.boolean(),
    hasReference: fc.boolean(),
    name: fc.constantFrom('Ana', 'Ana Souza'),
    emails: fc.uniqueArray(fc.constantFrom('a@x.com.br', 'b@x.com.br', 'c@x.com.br')),
    state: fc.constantFrom(undefined, 'SP', 'AC'),
    postalCode: fc.constantFrom(undefined, '01234567', '04567000'),
    phones: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
    score: fc.nat(100),
    extension: fc.constantFrom(undefined, '204'),
    priority: fc.constantFrom(undefined, 10, 90),
    contracts: fc.array(
      fc.record({
        number: fc.constantFrom('A', 'a ', 'B'),
        product: fc.constantFrom(undefined, 'Cartão', 'Crediário'),
        instalments: fc.array(
          fc.record({ number: fc.constantFrom('1', '2', '2 '), value: fc.nat(3) }),
        ),
      }),
      { maxLength: 3 },
    ),
  })
  .map((drawn): LeadRow => {
    const document = DOCUMENTS[drawn.person] ?? ANA;
    const hasReference = drawn.hasReference || !drawn.hasDocument;
    return {
      ...(hasReference ? { externalId: `CRM-${drawn.person}` } : {}),
      ...(drawn.hasDocument ? { document, documentKind: 'cpf' } : {}),
      name: drawn.name,
      emails: drawn.emails,
      ...(drawn.state === undefined ? {} : { addressState: drawn.state as 'SP' | 'AC' }),
      ...given({ postalCode: drawn.postalCode }),
      phones: drawn.phones.map((place) => ({
        number: `+551198000${drawn.person}00${place}` as const,
        kind: 'mobile' as const,
        score: drawn.score,
        ...given({ extension: drawn.extension }),
      })),
      contracts: drawn.contracts.map(({ number, product, instalments }) => ({
        number,
        ...given({ product }),
        instalments: instalments.map((one) => ({
          number: one.number,
          dueDate: '2026-08-10' as const,
          originalValue: { centavos: 100 + one.value },
        })),
      })),
      ...given({ priority: drawn.priority }),
      extras: [],
      warnings: [],
    };
  });

const personOf = ({ phones }: LeadRow) => phones[0]?.number.slice(0, -3);

/** What is known, without the ids that were drawn. */
function withoutIds(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, one: unknown) =>
      key === 'id' || key === 'debtorId' ? undefined : one,
    ),
  );
}

describe('rows in any order and number', () => {
  it('change nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 8 }), anyRow, (before, row) => {
        const { take } = aBook();
        for (const one of before) take(one);
        const first = take(row);
        const second = take(row);
        expect(second.ok).toBe(first.ok);
        if (!first.ok || !second.ok) return;
        expect(second.changes).toEqual([]);
        expect(second.status).toBe('unchanged');
        expect(second.known).toEqual(first.known);
      }),
    );
  });

  it('come to the same whichever of two people’s rows is first', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 10 }), (rows) => {
        const knownAfter = (order: readonly LeadRow[]) => {
          const { people, take } = aBook();
          const results = order.map((row) => [row, take(row)] as const);
          const statuses = rows.map((row) => {
            const taken = results.find(([one]) => one === row)?.[1];
            return taken?.ok ? taken.status : taken?.code;
          });
          const known = DOCUMENTS.map((document, person) => [
            people.ofDocument(document),
            people.ofReference({ creditorId: BANK.id, externalId: `CRM-${person}` }),
          ]);
          return { statuses, known: withoutIds(known) };
        };
        // Each person's rows stay in their order; the people change places.
        const regrouped = rows.toSorted((left, right) =>
          (personOf(right) ?? '').localeCompare(personOf(left) ?? ''),
        );
        expect(knownAfter(regrouped)).toEqual(knownAfter(rows));
      }),
    );
  });

  it('lose no phone and no contract of a row that was taken', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 8 }), (rows) => {
        const { take } = aBook();
        for (const row of rows) {
          const taken = take(row);
          if (!taken.ok) continue;
          const { phones, contracts } = taken.known;
          expect(phones.map((one) => one.number)).toEqual(
            expect.arrayContaining(row.phones.map((one) => one.number)),
          );
          expect(new Set(phones.map((one) => one.number)).size).toBe(phones.length);
          for (const contract of row.contracts) {
            const name = contract.number.trim().toUpperCase();
            const same = contracts.filter((one) => one.number.toUpperCase() === name);
            const numbers = contract.instalments.map((one) => one.number.trim());
            expect(same.flatMap((one) => one.instalments.map((it) => it.number))).toEqual(
              expect.arrayContaining(numbers),
            );
            expect(contracts.length).toBeLessThanOrEqual(2);
          }
        }
      }),
    );
  });
});
