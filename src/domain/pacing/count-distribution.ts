/**
 * How likely it is that more people answer than agents are free: distributions of counts, exact for
 * small teams, and matched by mean and variance for large ones.
 */

/** Above this many outcomes a matched distribution is cut off; nothing that matters is beyond. */
const COUNTS_MAX = 2_000;
/** A mean below this is nothing at all. */
const NOTHING = 1e-9;

/**
 * The sum of independent yes-or-no events, exactly: index `k` holds P(sum = k), the last index
 * P(sum ≥ last).
 */
export class ExactCount {
  readonly chances: Float64Array;
  /** Highest index in use so far. */
  private top = 0;

  constructor(max: number) {
    this.chances = new Float64Array(max + 1);
    this.chances[0] = 1;
  }

  /** Back to no events at all. */
  clear(): void {
    this.chances.fill(0);
    this.chances[0] = 1;
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
      chances[last] = (chances[last] as number) + (chances[last - 1] as number) * chance;
      from = last - 1;
    }
    for (let count = from; count > 0; count -= 1) {
      chances[count] = (chances[count] as number) * stays + (chances[count - 1] as number) * chance;
    }
    chances[0] = (chances[0] as number) * stays;
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
      before = Math.max(0, ((chances[count] as number) - chance * before) / stays);
      chances[count] = before;
      sum += before;
    }
    chances[last] = Math.max(0, 1 - sum);
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
    atLeast += demands[count] as number;
    if (count < supplies.length) shortage += (supplies[count] as number) * atLeast;
  }
  return Math.min(1, shortage);
}

/** Mean and variance of a count. */
export type CountMoments = { mean: number; variance: number };

/**
 * P(demand ≥ certain + supply), from the first two moments of each. A variance below the mean is
 * matched by a binomial, above by a negative binomial, equal by a Poisson distribution: all three obey
 * P(k) = (a + b/k)·P(k−1) (Panjer 1981), so one loop serves them. For a sum of many unlike yes-or-no
 * events this is far closer in the tail than a normal distribution.
 */
export function chanceOfShortageMatched(
  demand: CountMoments,
  certain: number,
  supply: CountMoments,
): number {
  const demands = matched(demand, demandScratch);
  const supplies = matched(supply, supplyScratch);
  let atLeast = 0;
  for (let count = demands - 1; count >= certain + supplies; count -= 1) {
    atLeast += demandScratch[count] as number;
  }
  let shortage = 0;
  for (let more = supplies - 1; more >= 0; more -= 1) {
    const count = certain + more;
    if (count < demands) atLeast += demandScratch[count] as number;
    shortage += (supplyScratch[more] as number) * (count < 0 ? 1 : atLeast);
  }
  return Math.min(1, shortage);
}

const demandScratch = new Float64Array(COUNTS_MAX);
const supplyScratch = new Float64Array(COUNTS_MAX);

/** Fills in the chances; how many there are. */
function matched({ mean, variance }: CountMoments, into: Float64Array): number {
  if (mean < NOTHING) {
    into[0] = 1;
    return 1;
  }
  const ratio = Math.max(1e-3, variance / mean);
  const reach = Math.min(COUNTS_MAX, Math.ceil(mean + 8 * Math.sqrt(variance) + 4));
  const { first, a, b } = panjer(mean, ratio);
  // Far from zero the first chance is too small to hold: begin at the mean with one and norm after.
  const start = first > 1e-200 ? 0 : Math.min(reach - 1, Math.max(0, Math.floor(mean)));
  into.fill(0, 0, reach);
  into[start] = start === 0 ? first : 1;
  let sum = into[start] as number;
  for (let count = start + 1; count < reach; count += 1) {
    const next = Math.max(0, a + b / count) * (into[count - 1] as number);
    into[count] = next;
    sum += next;
    if (next === 0) break;
  }
  for (let count = start - 1; count >= 0; count -= 1) {
    const factor = a + b / (count + 1);
    const below = factor > 0 ? (into[count + 1] as number) / factor : 0;
    into[count] = below;
    sum += below;
    if (below < 1e-18 * sum) break;
  }
  for (let count = 0; count < reach; count += 1) into[count] = (into[count] as number) / sum;
  return reach;
}

function panjer(mean: number, ratio: number): { first: number; a: number; b: number } {
  if (Math.abs(ratio - 1) < 1e-4) return { first: Math.exp(-mean), a: 0, b: mean };
  const a = (ratio - 1) / ratio;
  const size = mean / (ratio - 1);
  return { first: ratio ** -size, a, b: (size - 1) * a };
}
