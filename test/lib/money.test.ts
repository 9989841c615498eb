import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MistakeError } from '../../src/lib/assert.ts';
import { money, sumMoney } from '../../src/lib/money.ts';

describe('an amount', () => {
  it('is a whole number of centavos, owed or owing', () => {
    for (const centavos of [0, 1, -1, 123_456, Number.MAX_SAFE_INTEGER]) {
      expect(money(centavos)).toEqual({ centavos });
    }
  });

  it.each([0.5, 1e16, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1])(
    'is never %d',
    (centavos) => {
      expect(() => money(centavos)).toThrow(MistakeError);
    },
  );

  it('survives JSON unchanged', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (centavos) => {
        const kept = JSON.parse(JSON.stringify(money(centavos)));
        expect(kept).toStrictEqual({ centavos });
      }),
    );
  });
});

describe('a sum of amounts', () => {
  it('of none is nothing', () => {
    expect(sumMoney([])).toEqual({ centavos: 0 });
  });

  it('is exact to the centavo, where binary fractions of reais would not be', () => {
    expect(sumMoney([money(10), money(20)])).toEqual({ centavos: 30 });
    fc.assert(
      fc.property(fc.array(fc.integer()), (amounts) => {
        const exact = amounts.reduce((total, one) => total + BigInt(one), 0n);
        expect(sumMoney(amounts.map(money)).centavos).toBe(Number(exact));
      }),
    );
  });

  it('that no longer fits is a mistake and not a wrong number', () => {
    const most = money(Number.MAX_SAFE_INTEGER);
    expect(() => sumMoney([most, money(1)])).toThrow(MistakeError);
  });
});
