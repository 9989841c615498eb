import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contract, Instalment } from '../../../src/domain/debtors/debt.ts';
import type { RowContract, RowInstalment } from '../../../src/domain/leads/import-row.ts';
import { plainNumber } from '../../../src/domain/leads/import-values.ts';
import { type ContractsOf, takeContracts } from '../../../src/domain/leads/take-contracts.ts';
import { given } from '../../../src/lib/given.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';

const NOON = Date.parse('2026-11-23T12:00:00-03:00');

function of(now = NOON, overrides: Partial<ContractsOf> = {}): ContractsOf {
  return {
    ...{ debtorId: 'debtor_1', creditorId: 'creditor_1', portfolioId: 'portfolio_1', now },
    random: seededRandom(now),
    ...overrides,
  };
}

function row(number: string, ...instalments: readonly RowInstalment[]): RowContract {
  return { number, instalments };
}

function due(number: string, centavos: number, updated?: number): RowInstalment {
  const updatedValue = updated === undefined ? undefined : { centavos: updated };
  return {
    ...{ number, dueDate: '2026-08-10', originalValue: { centavos } },
    ...given({ updatedValue }),
  };
}

function known(...instalments: readonly Partial<Instalment>[]): Contract {
  return {
    ...{ id: 'contract_1', creditorId: 'creditor_1', portfolioId: 'portfolio_1', number: 'A' },
    instalments: instalments.map((one, place) => ({
      ...{ id: `instalment_${place + 1}`, number: `${place + 1}`, dueDate: '2026-08-10' },
      ...{ originalValue: { centavos: 100 }, updatedValue: { centavos: 100 } },
      ...{ computedAt: NOON, state: 'open' },
      ...one,
    })),
  };
}

const kindsOf = ({ changes }: ReturnType<typeof takeContracts>) => changes.map((one) => one.kind);

describe('a contract of a row', () => {
  it('that is new is stored with its instalments after it', () => {
    const taken = takeContracts([], [row(' A-1 ', due(' 1', 100), due('2', 200, 250))], of());
    expect(taken.hasNews).toBe(true);
    expect(taken.changes).toMatchObject([
      {
        ...{ kind: 'insert-contract', debtorId: 'debtor_1' },
        contract: {
          ...{ number: 'A-1', creditorId: 'creditor_1', portfolioId: 'portfolio_1' },
          instalments: [],
        },
      },
      {
        kind: 'insert-instalment',
        instalment: { number: '1', updatedValue: { centavos: 100 }, state: 'open' },
      },
      {
        kind: 'insert-instalment',
        instalment: { number: '2', updatedValue: { centavos: 250 }, computedAt: NOON },
      },
    ]);
    expect(taken.contracts).toHaveLength(1);
    expect(taken.contracts[0]?.instalments.map((one) => one.number)).toEqual(['1', '2']);
  });

  it('has its instalments stored under its own id', () => {
    const rows = [row('A', due('1', 1)), row('B', due('1', 2))];
    const { contracts, changes } = takeContracts([], rows, of());
    const [a, b] = contracts;
    const owners = changes.flatMap((one) =>
      one.kind === 'insert-instalment'
        ? [[one.contractId, one.instalment.originalValue.centavos]]
        : [],
    );
    expect(owners).toEqual([
      [a?.id, 1],
      [b?.id, 2],
    ]);
    expect(new Set([a?.id, b?.id]).size).toBe(2);
  });

  it('of another creditor is another contract, though it has the same number', () => {
    const taken = takeContracts([known()], [row('A')], of(NOON, { creditorId: 'creditor_2' }));
    expect(kindsOf(taken)).toEqual(['insert-contract']);
    expect(taken.contracts.map((one) => one.creditorId)).toEqual(['creditor_1', 'creditor_2']);
  });

  it('that is known and says nothing is no news', () => {
    const before = [known({})];
    expect(takeContracts(before, [row(' a ')], of())).toEqual({
      ...{ contracts: before, hasNews: false, changes: [] },
    });
    expect(takeContracts(before, [], of()).contracts).toEqual(before);
  });

  it.each<[string | undefined, string | undefined, readonly string[], string | undefined]>([
    [undefined, 'Cartão', ['update-contract'], 'Cartão'],
    ['Cartão', 'Crediário', ['update-contract'], 'Crediário'],
    ['Cartão', 'Cartão', [], 'Cartão'],
    ['Cartão', undefined, [], 'Cartão'],
  ])('with the product %s, told as %s: %j', (product, told, kinds, after) => {
    const before = { ...known(), ...given({ product }) };
    const taken = takeContracts([before], [{ ...row('A'), ...given({ product: told }) }], of());
    expect(kindsOf(taken)).toEqual(kinds);
    expect(taken.contracts[0]?.product).toBe(after);
    expect(taken.hasNews).toBe(kinds.length > 0);
  });

  it('in two parts of a row keeps the product of either', () => {
    const product = 'Cartão';
    for (const rows of [
      [{ ...row('A'), product }, row('a')],
      [row('A'), { ...row('a'), product }],
    ]) {
      expect(takeContracts([], rows, of()).contracts).toMatchObject([{ product }]);
    }
  });

  it('leaves the debtor’s other contracts in their places', () => {
    const others = ['B', 'C'].map((number) => ({ ...known(), id: `contract_${number}`, number }));
    const before = [others[0], known({}), others[1]] as readonly Contract[];
    const { contracts } = takeContracts(before, [row('A', due('2', 5)), row('D')], of());
    expect(contracts.map((one) => one.number)).toEqual(['B', 'A', 'C', 'D']);
    expect(contracts[0]).toBe(before[0]);
    expect(contracts[2]).toBe(before[2]);
  });
});

describe('an instalment of a row', () => {
  it.each<[string, RowInstalment]>([
    ['another due date', { ...due('1', 100), dueDate: '2026-08-11' }],
    ['another original value', due('1', 101)],
    ['another updated value', due('1', 100, 120)],
  ])('with %s is an update that keeps its id, number and state', (_name, told) => {
    const before = known({ id: 'instalment_9', number: '1', state: 'paid' });
    const taken = takeContracts([before], [row('A', { ...told, number: ' 1 ' })], of(NOON + 5));
    expect(taken.hasNews).toBe(true);
    expect(taken.changes).toEqual([
      {
        ...{ kind: 'update-instalment', contractId: 'contract_1' },
        instalment: {
          ...{ ...told, id: 'instalment_9', number: '1', state: 'paid', computedAt: NOON + 5 },
          updatedValue: told.updatedValue ?? told.originalValue,
        },
      },
    ]);
  });

  it('that a row does not mention stays, with everything it has', () => {
    const before = known({}, { state: 'disputed' });
    const { contracts } = takeContracts([before], [row('A', due('1', 90))], of());
    expect(contracts[0]?.instalments[1]).toBe(before.instalments[1]);
  });

  it.each([
    ['an hour less a moment', HOUR_MS - 1, false],
    ['an hour', HOUR_MS, true],
    ['days', 50 * HOUR_MS, true],
  ])(
    'computed again after %s with the same value has a newer time: %s',
    (_name, laterMs, isKept) => {
      const taken = takeContracts([known({})], [row('A', due('1', 100, 100))], of(NOON + laterMs));
      expect(taken.hasNews).toBe(false);
      expect(kindsOf(taken)).toEqual(isKept ? ['update-instalment'] : []);
      expect(taken.contracts[0]?.instalments[0]?.computedAt).toBe(NOON + (isKept ? laterMs : 0));
    },
  );

  it('without an updated value was not computed again, however late it comes', () => {
    const taken = takeContracts([known({})], [row('A', due('1', 100))], of(NOON + 90 * HOUR_MS));
    expect(taken).toMatchObject({ hasNews: false, changes: [] });
  });

  it('computed again beside a new one is stored with it, and that is news', () => {
    const told = row('A', due('1', 100, 100), due('2', 5));
    const taken = takeContracts([known({})], [told], of(NOON + HOUR_MS));
    expect(taken.hasNews).toBe(true);
    expect(kindsOf(taken)).toEqual(['update-instalment', 'insert-instalment']);
  });
});

const anyRows = fc.array(
  fc
    .record({
      number: fc.constantFrom('A', 'a ', ' B', 'b', 'C'),
      product: fc.constantFrom(undefined, 'Cartão', 'Crediário'),
      instalments: fc.array(
        fc.record({
          number: fc.constantFrom('1', ' 1', '2', '3'),
          value: fc.integer({ min: 1, max: 3 }),
          updated: fc.constantFrom(undefined, 2, 3),
        }),
        { maxLength: 4 },
      ),
    })
    .map(
      ({ number, product, instalments }): RowContract => ({
        ...{ number, ...given({ product }) },
        instalments: instalments.map((one) => due(one.number, one.value, one.updated)),
      }),
    ),
  { maxLength: 4 },
);

describe('rows about contracts, one after the other', () => {
  it('end in what the last word about each instalment says', () => {
    fc.assert(
      fc.property(fc.array(anyRows, { maxLength: 4 }), (all) => {
        let contracts: readonly Contract[] = [];
        const model = new Map<string, number>();
        all.forEach((rows, place) => {
          contracts = takeContracts(contracts, rows, of(NOON + place)).contracts;
          for (const { number, instalments } of rows) {
            for (const one of instalments) {
              const { centavos } = one.updatedValue ?? one.originalValue;
              model.set(`${plainNumber(number)} ${plainNumber(one.number)}`, centavos);
            }
          }
        });
        const stored = contracts.flatMap(({ number, instalments }) =>
          instalments.map(
            (one) => [`${plainNumber(number)} ${one.number}`, one.updatedValue.centavos] as const,
          ),
        );
        expect(stored.length).toBe(model.size);
        expect(new Map(stored)).toEqual(model);
      }),
      { numRuns: 100, seed: 41 },
    );
  });

  it('are the same when their changes are applied to what was stored', () => {
    fc.assert(
      fc.property(anyRows, anyRows, (first, second) => {
        const before = takeContracts([], first, of()).contracts;
        const taken = takeContracts(before, second, of(NOON + 2 * HOUR_MS));
        const stored = new Map(
          before.map((one) => [one.id, { ...one, instalments: [...one.instalments] }]),
        );
        for (const change of taken.changes) {
          if (change.kind === 'insert-contract') {
            stored.set(change.contract.id, { ...change.contract, instalments: [] });
          } else if (change.kind === 'update-contract') {
            const { instalments } = stored.get(change.contract.id)!;
            stored.set(change.contract.id, { ...change.contract, instalments });
          } else if (change.kind === 'insert-instalment') {
            stored.get(change.contractId)!.instalments.push(change.instalment);
          } else if (change.kind === 'update-instalment') {
            const { instalments } = stored.get(change.contractId)!;
            const at = instalments.findIndex((one) => one.id === change.instalment.id);
            expect(at).toBeGreaterThanOrEqual(0);
            instalments[at] = change.instalment;
          }
        }
        expect([...stored.values()]).toEqual(taken.contracts);
      }),
      { numRuns: 100, seed: 42 },
    );
  });
});
