import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Contract,
  type Instalment,
  type InstalmentState,
  totalsOf,
} from '../../../src/domain/debtors/debt.ts';
import type { IsoDate } from '../../../src/lib/time.ts';

function anInstalment(overrides: Partial<Instalment> = {}): Instalment {
  return {
    id: 'instalment_1',
    number: '1',
    dueDate: '2026-10-10',
    originalValue: { centavos: 10_000 },
    updatedValue: { centavos: 12_345 },
    computedAt: 0,
    state: 'open',
    ...overrides,
  };
}

function aContract(...instalments: readonly Instalment[]): Contract {
  return {
    id: 'contract_1',
    creditorId: 'creditor_1',
    portfolioId: 'portfolio_1',
    number: '42',
    instalments,
  };
}

describe('what is owed', () => {
  it('is nothing without contracts, and has no date then', () => {
    expect(totalsOf([])).toEqual({
      originalValue: { centavos: 0 },
      updatedValue: { centavos: 0 },
      openInstalments: 0,
    });
  });

  it.each<[InstalmentState, number]>([
    ['open', 12_345],
    ['paid', 0],
    ['withdrawn', 0],
    ['disputed', 0],
  ])('of an instalment that is %s is %i centavos', (state, centavos) => {
    const totals = totalsOf([aContract(anInstalment({ state }))]);
    expect(totals.updatedValue).toEqual({ centavos });
    expect(totals.openInstalments).toBe(state === 'open' ? 1 : 0);
  });

  it('is over since the oldest day that is open, not the oldest there is', () => {
    const totals = totalsOf([
      aContract(anInstalment({ dueDate: '2026-09-10' })),
      aContract(
        anInstalment({ dueDate: '2026-02-10', state: 'paid' }),
        anInstalment({ dueDate: '2025-12-10' }),
        anInstalment({ dueDate: '2026-01-10' }),
      ),
    ]);
    expect(totals.oldestDueDate).toBe('2025-12-10');
  });

  it('is the creditor’s figure, never interest of ours', () => {
    const less = anInstalment({ updatedValue: { centavos: 9_000 } });
    expect(totalsOf([aContract(less)])).toMatchObject({
      originalValue: { centavos: 10_000 },
      updatedValue: { centavos: 9_000 },
    });
  });

  it('is the same however instalments are spread over contracts', () => {
    const instalment = fc
      .record({
        centavos: fc.integer({ min: 0, max: 10_000_000 }),
        day: fc.integer({ min: 10, max: 28 }),
        state: fc.constantFrom('open' as const, 'paid' as const, 'disputed' as const),
      })
      .map(({ centavos, day, state }) =>
        anInstalment({
          ...{ updatedValue: { centavos }, dueDate: `2026-10-${day}` as IsoDate, state },
        }),
      );
    fc.assert(
      fc.property(fc.array(instalment, { maxLength: 12 }), (instalments) => {
        const together = totalsOf([aContract(...instalments)]);
        const apart = totalsOf(instalments.toReversed().map((one) => aContract(one)));
        expect(apart).toEqual(together);
      }),
      { numRuns: 60, seed: 81 },
    );
  });
});
