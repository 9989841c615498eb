/** A source of numbers in [0, 1). The engine takes one as an argument and never makes its own. */
export type Random = () => number;

/**
 * A seeded stream (mulberry32): the same seed gives the same numbers on every machine. For the
 * simulator and tests; not for secrets.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A named stream of a seed: adding a stream does not shift the numbers of the others. */
export function randomStream(seed: number, name: string): Random {
  let hash = 2_166_136_261 ^ seed;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 16_777_619);
  }
  return seededRandom(hash);
}

/**
 * The stream of one numbered thing of a seed (the 5th call, the 17th conversation). Draws for other
 * things do not change it.
 */
export function numberedRandom(seed: number, number: number): Random {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return seededRandom(mixed ^ (mixed >>> 16));
}

/** A standard normal number (Box and Muller); draws two numbers. */
export function normalOf(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/** An exponential number with this mean. */
export function exponentialOf(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}

/** A lognormal number with this mean; `spread` is the standard deviation of its logarithm. */
export function lognormalOf(random: Random, mean: number, spread: number): number {
  return mean * Math.exp(spread * normalOf(random) - (spread * spread) / 2);
}
