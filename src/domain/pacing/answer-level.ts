/**
 * How today's answers compare with what the long memory expects: 1.5 means half as many again. Several
 * estimates of unlike memory run side by side, each judged by how well it foretold what then happened
 * (Herbster & Warmuth 1998, fixed share); so the level is steady on a steady list, and follows within a
 * handful of answers when the list is swapped.
 */
import { rounded } from './durations.ts';

/** Memories, in answers. */
const MEMORIES = [5, 15, 50, 200] as const;
/** Chance, for each expected answer, that the world has changed and another memory is right now. */
const CHANGE_CHANCE = 0.004;
const LEVEL_MIN = 0.02;
const LEVEL_MAX = 20;
/** Of the longest memory's level, the least that is believed. */
const STEADY_SHARE_MIN = 0.3;

export type AnswerLevelState = {
  readonly seen: readonly number[];
  readonly expected: readonly number[];
  readonly weights: readonly number[];
};

export class AnswerLevel {
  private readonly seen: Float64Array;
  private readonly expected: Float64Array;
  private readonly weights: Float64Array;

  constructor(state?: AnswerLevelState) {
    this.seen = Float64Array.from(state?.seen ?? MEMORIES);
    this.expected = Float64Array.from(state?.expected ?? MEMORIES);
    this.weights = Float64Array.from(state?.weights ?? MEMORIES.map(() => 1 / MEMORIES.length));
  }

  /** So much of an answer was to be expected (by the long memory), and this many came. */
  pass(expected: number, answers: number): void {
    if (!(expected > 0) && answers === 0) return;
    let sum = 0;
    for (let index = 0; index < MEMORIES.length; index += 1) {
      const level = this.levelOf(index);
      const likelihood = Math.exp(-level * expected) * level ** answers;
      const weight = Math.max(1e-12, (this.weights[index] as number) * likelihood);
      this.weights[index] = weight;
      sum += weight;
      const fading = Math.exp(-expected / (MEMORIES[index] as number));
      this.seen[index] = (this.seen[index] as number) * fading + answers;
      this.expected[index] = (this.expected[index] as number) * fading + expected;
    }
    const changed = Math.min(0.5, CHANGE_CHANCE * expected);
    for (let index = 0; index < MEMORIES.length; index += 1) {
      const weight = (this.weights[index] as number) / sum;
      this.weights[index] = weight * (1 - changed) + changed / MEMORIES.length;
    }
  }

  /** What is expected of calls is so many times what it was: the level is of the new expectation. */
  rescale(ratio: number): void {
    for (let index = 0; index < MEMORIES.length; index += 1) {
      this.expected[index] = (this.expected[index] as number) * ratio;
    }
  }

  /** The level now, and how uncertain it is: the variance of its relative error. */
  now(): { readonly level: number; readonly variance: number } {
    let level = 0;
    let square = 0;
    for (let index = 0; index < MEMORIES.length; index += 1) {
      const one = this.levelOf(index);
      const weight = this.weights[index] as number;
      level += weight * one;
      square += weight * (one * one + (one * one) / (MEMORIES[index] as number));
    }
    const variance = Math.max(0, square / (level * level) - 1);
    // However bad the newest minutes, not all of a long memory is given up at once.
    return {
      level: Math.max(level, STEADY_SHARE_MIN * this.levelOf(MEMORIES.length - 1)),
      variance,
    };
  }

  toJSON(): AnswerLevelState {
    return {
      seen: [...this.seen].map(rounded),
      expected: [...this.expected].map(rounded),
      weights: [...this.weights].map(rounded),
    };
  }

  private levelOf(index: number): number {
    const level = (this.seen[index] as number) / (this.expected[index] as number);
    return Math.min(LEVEL_MAX, Math.max(LEVEL_MIN, level));
  }
}
