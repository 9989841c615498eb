import { describe, expect, it } from 'vitest';
import { Curve, rounded } from '../../../src/domain/pacing/curve.ts';
import { MistakeError } from '../../../src/lib/assert.ts';

describe('a curve', () => {
  const steps = (): Curve => Curve.of([1, 3, 7]);

  it('is read and written within its length, and anything else is a mistake', () => {
    const curve = steps();
    curve.set(2, 8);
    curve.add(0, 0.5);
    expect([...curve]).toEqual([1.5, 3, 8]);
    expect(curve.last).toBe(8);
    expect(() => curve.at(3)).toThrow(MistakeError);
    expect(() => curve.at(-1)).toThrow(MistakeError);
    expect(() => curve.at(0.5)).toThrow(MistakeError);
    expect(() => curve.set(3, 1)).toThrow(MistakeError);
    expect(() => curve.set(-1, 1)).toThrow(MistakeError);
    expect(() => curve.set(Number.NaN, 1)).toThrow(MistakeError);
    expect(() => curve.add(3, 1)).toThrow(MistakeError);
  });

  it('is read between two indices in proportion, and flat outside', () => {
    expect([-1, 0, 0.5, 1, 1.25, 2, 9].map((place) => steps().between(place))).toEqual([
      1, 1, 2, 3, 4, 7, 7,
    ]);
  });

  it('sums, finds its highest value, and is scaled as a whole', () => {
    const curve = steps();
    expect(curve.sum()).toBe(11);
    expect(curve.most()).toBe(7);
    curve.scale(2);
    curve.divide(4, 2);
    expect([...curve]).toEqual([0.5, 1.5, 14]);
    curve.addAll(Curve.of([1, 1, 1]));
    expect([...curve]).toEqual([1.5, 2.5, 15]);
  });

  it('is stored with six digits, and takes over what fits of what was stored', () => {
    expect(Curve.of([1 / 3, 0, 2e-9]).toStored()).toEqual([0.333333, 0, 2e-9]);
    expect(Curve.of([1, 2]).toStored(3)).toEqual([0.333333, 0.666667]);
    const curve = steps();
    curve.restore([9, 8, 7, 6]);
    expect([...curve]).toEqual([9, 8, 7]);
    const longer = steps();
    longer.restore([5]);
    expect([...longer]).toEqual([5, 3, 7]);
    expect(rounded(-1234567.89)).toBe(-1234570);
  });
});
