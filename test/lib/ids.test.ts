import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isId, newId } from '../../src/lib/ids.ts';
import { seededRandom } from '../../src/lib/random.ts';

const NOW = Date.parse('2026-11-23T13:00:00Z');
/** A thousand years of milliseconds fit into the nine signs of time. */
const MOMENT = fc.integer({ min: 0, max: 32 ** 9 - 1 });

describe('an id', () => {
  it('begins with its kind, and has the same length from 1970 on', () => {
    expect(newId('call', 0, () => 0)).toBe('call_0000000000000000000');
    expect(newId('debtor', NOW, () => 0.999_999)).toMatch(/^debtor_[0-9a-hjkmnp-tv-z]{9}z{10}$/);
  });

  it('sorts by birth', () => {
    fc.assert(
      fc.property(MOMENT, MOMENT, fc.integer(), (one, other, seed) => {
        fc.pre(one !== other);
        const random = seededRandom(seed);
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        expect(newId('lead', early, random) < newId('lead', late, random)).toBe(true);
      }),
    );
  });

  it('is the same for the same moment and the same stream of chance, in the simulator', () => {
    expect(newId('call', NOW, seededRandom(7))).toBe(newId('call', NOW, seededRandom(7)));
    expect(newId('call', NOW, seededRandom(7))).not.toBe(newId('call', NOW, seededRandom(8)));
  });

  it('is unique among a hundred thousand of the same millisecond', () => {
    const random = seededRandom(1);
    const ids = new Set(Array.from({ length: 100_000 }, () => newId('call', NOW, random)));
    expect(ids.size).toBe(100_000);
  });

  it('has no letter that reads like a digit', () => {
    const random = seededRandom(2);
    for (let count = 0; count < 1_000; count += 1) {
      expect(newId('leg', NOW, random).slice('leg_'.length)).not.toMatch(/[ilou]/);
    }
  });
});

describe('a text from outside', () => {
  it('is taken for an id that we made', () => {
    fc.assert(
      fc.property(MOMENT, fc.integer(), (moment, seed) => {
        expect(isId('campaign', newId('campaign', moment, seededRandom(seed)))).toBe(true);
      }),
    );
  });

  it.each([
    'call_',
    'call',
    'lead_1',
    'callerid_1',
    'call_A1',
    'call_1/2',
    'call_1 ',
    'call_1\n',
    'call_é',
    `call_${'x'.repeat(65)}`,
    ' call_1',
    'call_1_2',
  ])('%j is not the id of a call', (text) => {
    expect(isId('call', text)).toBe(false);
  });
});
