import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inTurn,
  leastServed,
  servedInTurn,
  servedPassing,
  servedWith,
  withoutOldClaims,
} from '../../../src/domain/pacing/fair-turns.ts';

type Claimant = { served: number; readonly weight: number; got: number };

const claimants = fc.array(fc.constantFrom(1, 2, 3, 5), { minLength: 2, maxLength: 5 });

describe('fair turns', () => {
  it('give each what its weight is of the whole, within a turn', () => {
    fc.assert(
      fc.property(claimants, (weights) => {
        const all = weights.map((weight): Claimant => ({ served: 0, weight, got: 0 }));
        for (let turn = 0; turn < 300; turn += 1) {
          const next = leastServed(all, ({ served }) => served);
          if (!next) throw new Error('somebody is next');
          next.served = servedWith(next.served, 1, next.weight);
          next.got += 1;
        }
        const whole = weights.reduce((sum, weight) => sum + weight, 0);
        for (const { weight, got } of all) {
          expect(Math.abs(got - (300 * weight) / whole)).toBeLessThanOrEqual(weight);
        }
      }),
    );
  });

  it('let anyone who joins late be ahead for ten turns at most', () => {
    const old: Claimant = { served: 500, weight: 1, got: 0 };
    const late: Claimant = { served: 0, weight: 1, got: 0 };
    const turnOf = ({ served, weight }: Claimant) => ({ served, weight });
    for (let turn = 0; turn < 40; turn += 1) {
      const [first] = inTurn([old, late], turnOf);
      if (!first) throw new Error('somebody is first');
      first.served = servedInTurn(turnOf(first), 1, [old, late].map(turnOf));
      first.got += 1;
    }
    expect([old.got, late.got]).toEqual([15, 25]);
  });

  it('pass over anyone who could not use a turn, until everybody else had one', () => {
    const passed = servedPassing([3, 4.5, 2], 1);
    expect(passed).toBe(5.5);
    expect(leastServed([passed, 4.5, 2], (served) => served)).toBe(2);
  });

  it('let nobody catch up with what was given while they wanted nothing', () => {
    const turns = [
      { served: 1, claims: false },
      { served: 7, claims: true },
      { served: 9, claims: true },
    ];
    expect(withoutOldClaims(turns)).toEqual([7, 7, 9]);
    expect(withoutOldClaims(turns.map((one) => ({ ...one, claims: false })))).toEqual([1, 7, 9]);
  });
});
