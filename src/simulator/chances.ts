/** Draws from a stream of chance, in the shapes that calls and people have. */
import type { Random } from '../lib/random.ts';

/** Whole numbers from `from` to `to`, each as likely. */
export function between(random: Random, from: number, to: number): number {
  return Math.round(from + random() * (to - from));
}

/** Waiting for something that may happen at any moment, whatever happened before. */
export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random()) * mean;
}

/** The sum of two exponential times: seldom very short, sometimes long. Rounded to whole units. */
export function twoSteps(random: Random, mean: number): number {
  return Math.round(exponential(random, mean / 2) + exponential(random, mean / 2));
}
