import { type Random, seededRandom } from '../../src/lib/random.ts';

/** Number of walks of one machine in one test. */
export const WALKS = 2_000;

/**
 * Runs a walk for every seed from 1 on. When a walk breaks a rule, its notes are printed with its
 * seed, so that it can be repeated alone.
 */
export function everyWalk(
  walk: (random: Random, note: (line: string) => void) => void,
  count = WALKS,
): void {
  for (let seed = 1; seed <= count; seed += 1) {
    const trail: string[] = [];
    try {
      walk(seededRandom(seed), (line) => trail.push(line));
    } catch (problem) {
      const what = problem instanceof Error ? problem.message : String(problem);
      throw new Error(`the walk of seed ${seed} broke a rule: ${what}\n${trail.join('\n')}`, {
        cause: problem,
      });
    }
  }
}

export function whole(random: Random, below: number): number {
  return Math.floor(random() * below);
}

export function oneOf<T>(random: Random, choices: readonly T[]): T {
  const chosen = choices[whole(random, choices.length)];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
}

const DOUBLED = 0.15;
const DROPPED = 0.1;
const SWAPPED = 0.15;
const STRANGE = 0.15;

/**
 * A story as a bad connection delivers it: lines doubled, dropped, swapped, with strange ones in
 * between.
 */
export function disturbed<T>(story: readonly T[], random: Random, strange: () => T): T[] {
  const heard: T[] = [];
  for (const line of story) {
    if (random() < DROPPED) continue;
    heard.push(line);
    if (random() < DOUBLED) heard.push(line);
    if (random() < STRANGE) heard.push(strange());
  }
  for (let at = 1; at < heard.length; at += 1) {
    if (random() >= SWAPPED) continue;
    const other = whole(random, at);
    [heard[at], heard[other]] = [heard[other] as T, heard[at] as T];
  }
  return heard;
}
