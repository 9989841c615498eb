import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Debtor } from '../../../src/domain/debtors/debtor.ts';
import type { LeadRow } from '../../../src/domain/leads/import-row.ts';
import { withRow } from '../../../src/domain/leads/row-debtor.ts';
import { given } from '../../../src/lib/given.ts';

const NOBODY: Debtor = { id: 'debtor_1', name: '', emails: [], addresses: [] };

const rows: fc.Arbitrary<LeadRow> = fc
  .record({
    name: fc.constantFrom('Ana', 'Ana Souza'),
    document: fc.constantFrom(undefined, '52998224725'),
    birthDate: fc.constantFrom(undefined, '1980-05-01', '1980-05-02'),
    emails: fc.uniqueArray(
      fc.nat(30).map((place) => `e${place}@x.com.br`),
      { maxLength: 8 },
    ),
    addressState: fc.constantFrom(undefined, 'SP', 'RJ', 'BA'),
    postalCode: fc.option(
      fc.integer({ min: 1_000_000, max: 1_000_015 }).map((one) => `0${one}`),
      {
        nil: undefined,
      },
    ),
  })
  .map(
    ({ name, emails, ...others }) =>
      ({
        name,
        emails,
        phones: [],
        contracts: [],
        extras: [],
        warnings: [],
        ...given(others),
      }) as LeadRow,
  );

describe('a debtor with rows, one after the other', () => {
  const debtorAfter = (all: readonly LeadRow[]) => all.reduce(withRow, NOBODY);

  it('is the very same when a row comes again at once', () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 8 }), rows, (before, row) => {
        const debtor = withRow(debtorAfter(before), row);
        expect(withRow(debtor, row)).toBe(debtor);
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it('has the last name, document and birth date that a row gave', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 8 }), (all) => {
        const debtor = debtorAfter(all);
        expect(debtor.name).toBe(all.at(-1)?.name);
        for (const field of ['document', 'birthDate'] as const) {
          expect(debtor[field]).toBe(all.findLast((row) => row[field] !== undefined)?.[field]);
        }
      }),
      { numRuns: 200, seed: 12 },
    );
  });

  it('has each e-mail and address once, no more than twenty and ten, the row’s among them', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 12 }), (all) => {
        const { emails, addresses } = debtorAfter(all);
        expect(new Set(emails).size).toBe(emails.length);
        expect(emails.length).toBeLessThanOrEqual(20);
        expect(addresses.length).toBeLessThanOrEqual(10);
        // A row without state and CEP has no address.
        expect(addresses).not.toContainEqual({});
        const written = addresses.map(({ state, postalCode }) => `${state} ${postalCode}`);
        expect(new Set(written).size).toBe(written.length);
        const last = all.at(-1);
        expect(emails).toEqual(expect.arrayContaining([...(last?.emails ?? [])]));
        if (last?.postalCode !== undefined) {
          expect(addresses.map((one) => one.postalCode)).toContain(last.postalCode);
        }
      }),
      { numRuns: 200, seed: 13 },
    );
  });

  it('keeps the first twenty e-mails of a row that has more, and is the same when it comes again', () => {
    const emails = Array.from({ length: 25 }, (_, place) => `e${place}@x.com.br`);
    const row = { name: 'Ana', emails, phones: [], contracts: [], extras: [], warnings: [] };
    const debtor = withRow({ ...NOBODY, emails: ['old@x.com.br'] }, row);
    expect(debtor.emails).toEqual(emails.slice(0, 20));
    expect(withRow(debtor, row)).toBe(debtor);
  });

  it.each<[string, Partial<LeadRow>, Debtor['addresses']]>([
    ['neither state nor CEP', {}, [{ state: 'RJ' }]],
    ['the CEP only', { postalCode: '20040002' }, [{ postalCode: '20040002' }, { state: 'RJ' }]],
    ['another state', { addressState: 'SP' }, [{ state: 'SP' }, { state: 'RJ' }]],
    [
      'a CEP in another state',
      { addressState: 'SP', postalCode: '01310100' },
      [{ state: 'SP', postalCode: '01310100' }, { state: 'RJ' }],
    ],
  ])('whose address is a state keeps it beside %s', (_name, row, addresses) => {
    const debtor = { ...NOBODY, addresses: [{ state: 'RJ' }] };
    const all = {
      name: '',
      emails: [],
      phones: [],
      contracts: [],
      extras: [],
      warnings: [],
      ...row,
    };
    expect(withRow(debtor, all).addresses).toEqual(addresses);
  });
});
