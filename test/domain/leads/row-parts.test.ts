import { describe, expect, it } from 'vitest';
import type { Debtor } from '../../../src/domain/debtors/debtor.ts';
import type { Phone } from '../../../src/domain/debtors/phone.ts';
import { creditorOf, portfolioOf } from '../../../src/domain/leads/creditor-of-row.ts';
import type { LeadRow, RowPhone } from '../../../src/domain/leads/import-row.ts';
import { withRow } from '../../../src/domain/leads/row-debtor.ts';
import { takePhones } from '../../../src/domain/leads/take-phones.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { DAY_MS } from '../../../src/lib/time.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');

function aRow(overrides: Partial<LeadRow> = {}): LeadRow {
  return {
    ...{ name: 'Jonas Prado', emails: [], phones: [], contracts: [], extras: [], warnings: [] },
    ...overrides,
  };
}

describe('the creditor of a row', () => {
  const aroeira = { id: 'creditor_1', name: 'Banco Aroeira', cnpj: '11222333000181' } as const;
  const ipe = { id: 'creditor_2', name: 'Crédito Ipê', cnpj: '12ABC34501DE35' } as const;
  const both = { creditors: [aroeira, ipe] };

  it.each([
    ['creditor_2', 'creditor_2'],
    ['Banco Aroeira', 'creditor_1'],
    ['  banco AROEIRA ', 'creditor_1'],
    ['credito ipe', 'creditor_2'],
    ['11222333000181', 'creditor_1'],
    ['11.222.333/0001-81', 'creditor_1'],
    ['12.abc.345/01de-35', 'creditor_2'],
  ])('%j is %s', (creditorKey, id) => {
    expect(creditorOf(both, { creditorKey })).toMatchObject({ id });
  });

  it.each(['Aroeira', 'creditor_3', '11222333000182', ''])('%j is none of the campaign', (key) => {
    expect(creditorOf(both, { creditorKey: key })).toMatchObject({
      ...{ ok: false, code: 'creditor-unknown', field: 'creditorKey' },
    });
  });

  it('is the campaign’s only one where the row names none, and never a guess between two', () => {
    expect(creditorOf({ creditors: [ipe] }, {})).toBe(ipe);
    expect(creditorOf(both, {})).toMatchObject({ ok: false, code: 'creditor-missing' });
    expect(creditorOf({ creditors: [] }, {})).toMatchObject({ code: 'creditor-missing' });
  });

  it('is not the only one where the row names another', () => {
    expect(creditorOf({ creditors: [ipe] }, { creditorKey: 'Banco Aroeira' })).toMatchObject({
      code: 'creditor-unknown',
    });
  });
});

describe('the portfolio of a row', () => {
  const portfolios = [
    { id: 'portfolio_1', creditorId: 'creditor_1' },
    { id: 'portfolio_2', creditorId: 'creditor_2' },
    { id: 'portfolio_3', creditorId: 'creditor_2' },
  ] as const;

  it.each([
    ['portfolio_3', 'creditor_2', 'portfolio_3'],
    ['portfolio_1', 'creditor_2', 'portfolio_2'],
    ['portfolio_9', 'creditor_1', 'portfolio_1'],
  ] as const)('of a campaign with %s, for %s, is %s', (portfolioId, creditorId, id) => {
    expect(portfolioOf({ portfolioId, portfolios }, creditorId)).toMatchObject({ id });
  });

  it('is missing where the creditor has none, though the campaign has one', () => {
    expect(portfolioOf({ portfolioId: 'portfolio_1', portfolios }, 'creditor_9')).toMatchObject({
      ...{ ok: false, code: 'portfolio-missing' },
    });
  });
});

describe('a debtor with a row', () => {
  const debtor: Debtor = {
    id: 'debtor_1',
    name: 'Jonas Prado',
    document: '52998224725',
    birthDate: '1980-05-01',
    emails: ['jonas@example.com'],
    addresses: [{ state: 'SP', postalCode: '01310100' }],
  };

  it.each<[string, Partial<LeadRow>]>([
    ['nothing but the name', {}],
    ['what is known', { document: '52998224725', birthDate: '1980-05-01' }],
    ['an e-mail that is known', { emails: ['jonas@example.com'] }],
    ['the state of a known address', { addressState: 'SP' }],
    ['the CEP of a known address', { postalCode: '01310100' }],
  ])('that says %s is the very same one', (_name, row) => {
    expect(withRow(debtor, aRow(row))).toBe(debtor);
  });

  it.each<[Partial<LeadRow>, Partial<Debtor>]>([
    [{ name: 'Jonas A. Prado' }, { name: 'Jonas A. Prado' }],
    [{ birthDate: '1980-05-02' }, { birthDate: '1980-05-02' }],
    [{ emails: ['novo@example.com'] }, { emails: ['novo@example.com', 'jonas@example.com'] }],
    [
      { addressState: 'RJ', postalCode: '20040002' },
      { addresses: [{ state: 'RJ', postalCode: '20040002' }, ...debtor.addresses] },
    ],
  ])('that says %j has it, and keeps the rest', (row, expected) => {
    expect(withRow(debtor, aRow(row))).toEqual({ ...debtor, ...expected });
  });

  it('has an address of a state become the one with its CEP, and does not keep both', () => {
    const vague = { ...debtor, addresses: [{ state: 'RJ' }] };
    const row = aRow({ addressState: 'RJ', postalCode: '20040002' });
    expect(withRow(vague, row).addresses).toEqual([{ state: 'RJ', postalCode: '20040002' }]);
  });

  it('keeps an address with a street though another in its state comes', () => {
    const home = { street: 'Rua A, 1', state: 'RJ' };
    const row = aRow({ addressState: 'RJ', postalCode: '20040002' });
    expect(withRow({ ...debtor, addresses: [home] }, row).addresses).toContainEqual(home);
  });

  it('keeps the newest twenty e-mails and ten addresses', () => {
    const full: Debtor = {
      ...debtor,
      emails: Array.from({ length: 20 }, (_, n) => `e${n}@example.com`),
      addresses: Array.from({ length: 10 }, (_, n) => ({ state: 'SP', postalCode: `0131010${n}` })),
    };
    const row = aRow({ emails: ['novo@example.com'], addressState: 'BA', postalCode: '40020000' });
    const after = withRow(full, row);
    expect([after.emails.length, after.emails[0], after.emails.at(-1)]).toEqual([
      ...[20, 'novo@example.com', 'e18@example.com'],
    ]);
    expect(after.addresses).toHaveLength(10);
    expect(after.addresses[0]).toEqual({ state: 'BA', postalCode: '40020000' });
    expect(after.addresses.at(-1)).toEqual({ state: 'SP', postalCode: '01310108' });
  });
});

describe('the telephones of a row', () => {
  const known: Phone = {
    ...{ id: 'phone_1', debtorId: 'debtor_1', number: '+5511987654321', kind: 'mobile' },
    ...{ source: 'crm', collectedAt: NOW - DAY_MS, score: 50 },
    ...{ status: 'unknown', statusAt: NOW - DAY_MS },
  };
  const again: RowPhone = { number: known.number, kind: 'mobile', score: 50 };
  const other: RowPhone = { number: '+551134567890', kind: 'fixed', score: 40, extension: '12' };

  function take(phones: readonly Phone[], rowPhones: readonly RowPhone[], collectedAt = NOW) {
    return takePhones(phones, rowPhones, {
      ...{ debtorId: 'debtor_1', phoneSource: 'crm', collectedAt, now: NOW },
      random: seededRandom(1),
    });
  }

  it('that is new is inserted, unknown as yet, with the list’s source', () => {
    const taken = take([known], [other]);
    expect(taken.hasNewToDial).toBe(true);
    expect(taken.phones).toHaveLength(2);
    expect(taken.changes).toMatchObject([
      {
        kind: 'insert-phone',
        phone: { ...other, debtorId: 'debtor_1', source: 'crm', status: 'unknown', statusAt: NOW },
      },
    ]);
  });

  it('that is known and says the same is no change', () => {
    expect(take([known], [again])).toEqual({ phones: [known], hasNewToDial: false, changes: [] });
  });

  it.each<[string, Partial<RowPhone>]>([
    ['another score', { score: 90 }],
    ['another source', { source: 'bureau' }],
    ['an extension', { extension: '7' }],
  ])('that is known with %s is updated, and nothing new to dial', (_name, change) => {
    const taken = take([known], [{ ...again, ...change }]);
    expect(taken.hasNewToDial).toBe(false);
    expect(taken.changes).toMatchObject([
      { kind: 'update-phone', phone: { id: 'phone_1', ...change, collectedAt: NOW } },
    ]);
  });

  it.each([
    ['invalid', true, 'unknown'],
    ['invalid-suspected', false, 'unknown'],
    ['confirmed', false, 'confirmed'],
    // Somebody else's number stays so, however often a list names it.
    ['wrong', false, 'wrong'],
  ] as const)('that was %s: new to dial %s, then %s', (status, hasNewToDial, then) => {
    const taken = take([{ ...known, status }], [again]);
    expect(taken).toMatchObject({ hasNewToDial, phones: [{ status: then }] });
  });

  it('of an older list change nothing that is known since', () => {
    const taken = take(
      [{ ...known, status: 'invalid' }],
      [{ ...again, score: 90 }],
      NOW - 2 * DAY_MS,
    );
    expect(taken).toMatchObject({ hasNewToDial: false, changes: [] });
  });

  it('named twice in one row are inserted once', () => {
    const taken = take([], [other, other]);
    expect(taken.phones).toHaveLength(1);
    expect(taken.changes.map((one) => one.kind)).toEqual(['insert-phone']);
  });
});
