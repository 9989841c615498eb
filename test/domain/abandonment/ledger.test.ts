import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AbandonmentLedger, tally } from '../../../src/domain/abandonment/ledger.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { calls, NOON } from './ledgers.ts';

describe('the ledger', () => {
  const from = NOON - DAY_MS;

  it('holds what each call came to stand for in the end, and nothing of its way', () => {
    fc.assert(
      fc.property(calls, fc.infiniteStream(fc.nat()), (some, order) => {
        const moves = some.flatMap(({ afterMs, way }) =>
          way.map((after, step) => ({ at: from + afterMs, before: way[step - 1], after })),
        );
        // Calls mix, but each goes its own way in order: a stable sort by a random key of the call.
        const keys = new Map(moves.map(({ at }) => [at, order.next().value as number]));
        moves.sort((a, b) => (keys.get(a.at) ?? 0) - (keys.get(b.at) ?? 0));
        const moved = moves.reduce<AbandonmentLedger>(
          (ledger, { at, before, after }) => tally(ledger, at, before, after),
          [],
        );
        const ends = some.reduce<AbandonmentLedger>(
          (ledger, { afterMs, way }) => tally(ledger, from + afterMs, undefined, way.at(-1)),
          [],
        );
        expect(moved.filter((one) => Object.keys(one.calls).length > 0)).toEqual(ends);
      }),
    );
  });
});
