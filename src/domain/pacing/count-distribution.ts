/**
 * How likely it is that more people answer than agents are free: distributions of counts, exact for
 * small teams, and matched by mean and variance for large ones.
 */

import { Curve } from './curve.ts';

/** Above this many outcomes a matched distribution is cut off; nothing that matters is beyond. */
const COUNTS_MAX = 2_000;
/** Room for so many outcomes at first. */
const COUNTS_FIRST = 64;
/** A mean below this is nothing at all. */
const NOTHING = 1e-9;

/**
 * The sum of independent yes-or-no events, exactly: index `k` holds P(sum = k), the last index
 * P(sum ≥ last).
 */
export class ExactCount {
  readonly chances: Curve;
  /** Highest index in use so far. */
  private top = 0;

  constructor(max: number) {
    this.chances = new Curve(max + 1);
    this.chances.set(0, 1);
  }

  /** Back to no events at all. */
  clear(): void {
    this.chances.fill(0);
    this.chances.set(0, 1);
    this.top = 0;
  }

  /** One more event of this chance. */
  add(chance: number): void {
    if (chance <= 0) return;
    const { chances } = this;
    const last = chances.length - 1;
    if (this.top < last) this.top += 1;
    const stays = 1 - chance;
    let from = this.top;
    if (from === last) {
      chances.add(last, chances.at(last - 1) * chance);
      from = last - 1;
    }
    let here = chances.at(from);
    for (let count = from; count > 0; count -= 1) {
      const below = chances.at(count - 1);
      chances.set(count, here * stays + below * chance);
      here = below;
    }
    chances.set(0, here * stays);
  }

  /** Takes back an event of this chance, which is at most one half. */
  remove(chance: number): void {
    if (chance <= 0) return;
    const { chances } = this;
    const last = chances.length - 1;
    const stays = 1 - chance;
    let before = 0;
    let sum = 0;
    for (let count = 0; count < last; count += 1) {
      before = Math.max(0, (chances.at(count) - chance * before) / stays);
      chances.set(count, before);
      sum += before;
    }
    chances.set(last, Math.max(0, 1 - sum));
  }

  /** This many for certain. */
  shift(count: number): void {
    for (let times = 0; times < Math.min(count, this.chances.length); times += 1) this.add(1);
  }
}

/** P(demand ≥ supply), both exact. Demand must reach as far as the highest supply. */
export function chanceOfShortage(demand: ExactCount, supply: ExactCount): number {
  const supplies = supply.chances;
  const demands = demand.chances;
  let atLeast = 0;
  let shortage = 0;
  for (let count = demands.length - 1; count >= 0; count -= 1) {
    atLeast += demands.at(count);
    if (count < supplies.length) shortage += supplies.at(count) * atLeast;
  }
  return Math.min(1, shortage);
}

/** Mean and variance of a count. */
export type CountMoments = { mean: number; variance: number };

/**
 * A count of which only mean and variance are known. A variance below the mean is matched by a binomial,
 * above by a negative binomial, equal by a Poisson distribution: all three obey P(k) = (a + b/k)·P(k−1)
 * (Panjer 1981), so one loop serves them. For a sum of many unlike yes-or-no events this is far closer in
 * the tail than a normal distribution.
 */
export class MatchedCount {
  private chances = new Curve(COUNTS_FIRST);
  /** Counts from this one on are not looked at; none is as likely as to matter. */
  private reach = 1;

  constructor(moments: CountMoments = { mean: 0, variance: 0 }) {
    this.match(moments);
  }

  /** Takes this mean and variance instead. */
  match({ mean, variance }: CountMoments): void {
    if (mean < NOTHING) {
      this.chances.set(0, 1);
      this.reach = 1;
      return;
    }
    const ratio = Math.max(1e-3, variance / mean);
    const reach = Math.min(COUNTS_MAX, Math.ceil(mean + 8 * Math.sqrt(variance) + 4));
    if (reach > this.chances.length) this.chances = new Curve(Math.min(COUNTS_MAX, 2 * reach));
    const { chances } = this;
    const { first, a, b } = panjer(mean, ratio);
    // Far from zero the first chance is too small to hold: begin at the mean with one and norm after.
    const start = first > 1e-200 ? 0 : Math.min(reach - 1, Math.max(0, Math.floor(mean)));
    chances.fill(0, 0, reach);
    const begin = start === 0 ? first : 1;
    chances.set(start, begin);
    let sum = begin;
    let chance = begin;
    for (let count = start + 1; count < reach && chance > 0; count += 1) {
      chance *= Math.max(0, a + b / count);
      chances.set(count, chance);
      sum += chance;
    }
    chance = begin;
    for (let count = start - 1; count >= 0; count -= 1) {
      const factor = a + b / (count + 1);
      chance = factor > 0 ? chance / factor : 0;
      chances.set(count, chance);
      sum += chance;
      if (chance < 1e-18 * sum) break;
    }
    chances.divide(sum, reach);
    this.reach = reach;
  }

  /** P(this count ≥ certain + the other). */
  reaches(certain: number, other: MatchedCount): number {
    const { chances, reach } = this;
    let atLeast = 0;
    for (let count = reach - 1; count >= certain + other.reach; count -= 1) {
      atLeast += chances.at(count);
    }
    let reached = 0;
    for (let more = other.reach - 1; more >= 0; more -= 1) {
      const count = certain + more;
      if (count < reach) atLeast += chances.at(count);
      reached += other.chances.at(more) * (count < 0 ? 1 : atLeast);
    }
    return Math.min(1, reached);
  }
}

function panjer(mean: number, ratio: number): { first: number; a: number; b: number } {
  if (Math.abs(ratio - 1) < 1e-4) return { first: Math.exp(-mean), a: 0, b: mean };
  const a = (ratio - 1) / ratio;
  const size = mean / (ratio - 1);
  return { first: ratio ** -size, a, b: (size - 1) * a };
}
