/** A source of chance: numbers in [0, 1). The engine takes one as an argument and never makes its own. */
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
