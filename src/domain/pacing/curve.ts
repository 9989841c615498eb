/**
 * A row of numbers whose length stays: hazards by age, chances by moment, chances by count. Reading or
 * writing outside of it is a mistake of ours, never `undefined` and never a silent nothing.
 */
import { MistakeError } from '../../lib/assert.ts';

export class Curve {
  private readonly values: Float64Array;

  /** So many zeros. */
  constructor(length: number) {
    this.values = new Float64Array(length);
  }

  static of(values: readonly number[]): Curve {
    return Curve.from(values.length, (index) => values[index] ?? 0);
  }

  static from(length: number, valueAt: (index: number) => number): Curve {
    const curve = new Curve(length);
    for (let index = 0; index < length; index += 1) curve.set(index, valueAt(index));
    return curve;
  }

  get length(): number {
    return this.values.length;
  }

  at(index: number): number {
    const value = this.values[index];
    if (value === undefined) throw new MistakeError('a curve is read within its length');
    return value;
  }

  get last(): number {
    return this.at(this.values.length - 1);
  }

  set(index: number, value: number): void {
    const isWithin = index >= 0 && index < this.values.length;
    if (!isWithin) throw new MistakeError('a curve is written within its length');
    this.values[index] = value;
  }

  add(index: number, more: number): void {
    this.values[index] = this.at(index) + more;
  }

  /** Adds value by value; the other is as long. */
  addAll(more: Curve): void {
    for (let index = 0; index < more.length; index += 1) this.add(index, more.at(index));
  }

  /** Every value times this factor. */
  scale(factor: number): void {
    for (let index = 0; index < this.values.length; index += 1) {
      this.set(index, this.at(index) * factor);
    }
  }

  /** Every value divided by this, or the first `until` of them. */
  divide(divisor: number, until = this.values.length): void {
    for (let index = 0; index < until; index += 1) this.set(index, this.at(index) / divisor);
  }

  /** From one index, the first unless told, to before another, the end unless told. */
  fill(value: number, from = 0, until = this.values.length): void {
    this.values.fill(value, from, until);
  }

  /** The value at a place between two indices, in proportion; the first or the last value outside. */
  between(place: number): number {
    if (place <= 0) return this.at(0);
    const last = this.values.length - 1;
    if (place >= last) return this.at(last);
    const index = Math.floor(place);
    const from = this.at(index);
    return from + (this.at(index + 1) - from) * (place - index);
  }

  most(): number {
    let most = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < this.values.length; index += 1) {
      most = Math.max(most, this.at(index));
    }
    return most;
  }

  sum(): number {
    let sum = 0;
    for (let index = 0; index < this.values.length; index += 1) sum += this.at(index);
    return sum;
  }

  /** Takes the first values over from what was stored; the others stay. */
  restore(stored: readonly number[]): void {
    this.values.set(stored.slice(0, this.values.length));
  }

  [Symbol.iterator](): Iterator<number> {
    return this.values[Symbol.iterator]();
  }

  /** For storing, each value divided by `unit`. */
  toStored(unit = 1): number[] {
    return Array.from(this.values, (value) => rounded(value / unit));
  }
}

/** Six digits are more than was learned. */
export function rounded(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(6));
}
