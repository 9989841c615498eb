import { describe, expect, it } from 'vitest';
import {
  debtorKey,
  instalmentChange,
  instalmentKey,
  mergeRows,
} from '../../../src/domain/leads/duplicate.ts';
import type { LeadRow } from '../../../src/domain/leads/import-row.ts';

function aRow(overrides: Partial<LeadRow> = {}): LeadRow {
  return {
    name: 'Maria da Silva',
    document: '12345678909',
    emails: [],
    phones: [{ number: '+5511987654321', kind: 'mobile', score: 50 }],
    contracts: [],
    extras: [],
    warnings: [],
    ...overrides,
  };
}

const INSTALMENT = {
  number: '1',
  dueDate: '2026-08-10',
  originalValue: { centavos: 100 },
} as const;

describe('the key of a debtor', () => {
  it('is his document, whoever the creditor is', () => {
    expect(debtorKey({ document: '12345678909', externalId: 'a' }, 'creditor_1')).toBe(
      debtorKey({ document: '12345678909', externalId: 'b' }, 'creditor_2'),
    );
  });

  it('is the creditor’s own id of him where there is no document', () => {
    const one = debtorKey({ externalId: '7' }, 'creditor_1');
    expect(one).not.toBe(debtorKey({ externalId: '7' }, 'creditor_2'));
    expect(debtorKey({}, 'creditor_1')).toBeUndefined();
  });
});

describe('the key of an instalment', () => {
  const debtor = 'document:12345678909';

  it('is debtor, creditor, contract and number, in whatever case', () => {
    const one = instalmentKey(debtor, 'creditor_1', { number: 'a-77' }, { number: '3' });
    expect(one).toBe(instalmentKey(debtor, 'creditor_1', { number: 'A-77 ' }, { number: '3' }));
    expect(one).not.toBe(instalmentKey(debtor, 'creditor_1', { number: 'a-77' }, { number: '03' }));
  });
});

describe('an instalment that is stored already', () => {
  const stored = { ...INSTALMENT, updatedValue: { centavos: 100 } };

  it('is unchanged by the same row', () => {
    expect(instalmentChange(stored, INSTALMENT)).toBe('unchanged');
  });

  it.each([
    { dueDate: '2026-08-11' },
    { originalValue: { centavos: 101 } },
    { updatedValue: { centavos: 120 } },
  ] as const)('is updated by %o', (change) => {
    expect(instalmentChange(stored, { ...INSTALMENT, ...change })).toBe('updated');
  });
});

describe('rows of one debtor', () => {
  it('become one, with all phones and instalments and none twice', () => {
    const first = aRow({
      contracts: [{ number: 'A', product: 'Crediário', instalments: [INSTALMENT] }],
      extras: ['loja'],
    });
    const second = aRow({
      name: 'MARIA SILVA',
      phones: [
        { number: '+551134567890', kind: 'fixed', score: 50 },
        { number: '+5511987654321', kind: 'mobile', score: 10 },
      ],
      contracts: [
        {
          number: 'a',
          instalments: [
            { ...INSTALMENT, originalValue: { centavos: 150 } },
            { ...INSTALMENT, number: '2' },
          ],
        },
        { number: 'B', instalments: [] },
      ],
      emails: ['maria@exemplo.com.br'],
      extras: ['cor'],
    });
    expect(mergeRows(first, second)).toEqual({
      ...first,
      phones: [first.phones[0], second.phones[0]],
      emails: ['maria@exemplo.com.br'],
      contracts: [
        {
          number: 'A',
          product: 'Crediário',
          instalments: [
            { ...INSTALMENT, originalValue: { centavos: 150 } },
            { ...INSTALMENT, number: '2' },
          ],
        },
        { number: 'B', instalments: [] },
      ],
      extras: ['loja', 'cor'],
    });
  });
});
