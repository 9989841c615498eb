import { describe, expect, expectTypeOf, it } from 'vitest';
import { given } from '../../src/lib/given.ts';

describe('given', () => {
  it('leaves out what is undefined, so that the field is absent', () => {
    const found = given({ retryAt: undefined, reason: 'ring-time' });
    expect(Object.keys(found)).toEqual(['reason']);
    expect('retryAt' in found).toBe(false);
  });

  it('keeps every other value, null and the empty ones too, in their order', () => {
    const fields = { b: 0, a: '', d: false, c: null };
    expect(Object.entries(given(fields))).toEqual(Object.entries(fields));
  });

  it('makes optional what may be undefined, keeps the rest, and keeps literals', () => {
    const because = undefined as string | undefined;
    const found = given({ kind: 'late', because });
    expectTypeOf(found).toExtend<{ readonly kind: 'late'; readonly because?: string }>();
    const fits: { readonly kind: 'late'; readonly because?: string } = { ...found };
    expect(fits).toEqual({ kind: 'late' });
  });

  it('overwrites nothing when spread over a value without having one itself', () => {
    const known = { because: 'it was known' };
    expect({ ...known, ...given({ because: undefined as string | undefined }) }).toEqual(known);
  });
});
