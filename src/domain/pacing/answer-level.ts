/**
 * How today's answers compare with what the long memory expects: 1.5 means half as many again. Several
 * estimates of unlike memory run side by side, each judged by how well it foretold what then happened
 * (Herbster & Warmuth 1998, fixed share); so the level is steady on a steady list, and follows within a
 * handful of answers when the list is swapped.
 */
import { Curve } from './curve.ts';

/** Memories, in answers. */
const MEMORIES = Curve.of([5, 15, 50, 200]);
const LONGEST = MEMORIES.length - 1;
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
  private readonly seen: Curve;
  private readonly expected: Curve;
  private readonly weights: Curve;

  constructor(state?: AnswerLevelState) {
    this.seen = Curve.of(state?.seen ?? [...MEMORIES]);
    this.expected = Curve.of(state?.expected ?? [...MEMORIES]);
    this.weights = Curve.of(state?.weights ?? Array.from(MEMORIES, () => 1 / MEMORIES.length));
  }

  /** So much of an answer was to be expected (by the long memory), and this many came. */
  pass(expected: number, answers: number): void {
    if (!(expected > 0) && answers === 0) return;
    let sum = 0;
    for (let index = 0; index < MEMORIES.length; index += 1) {
      const level = this.levelOf(index);
      const likelihood = Math.exp(-level * expected) * level ** answers;
      const weight = Math.max(1e-12, this.weights.at(index) * likelihood);
      this.weights.set(index, weight);
      sum += weight;
      const fading = Math.exp(-expected / MEMORIES.at(index));
      this.seen.set(index, this.seen.at(index) * fading + answers);
      this.expected.set(index, this.expected.at(index) * fading + expected);
    }
    const changed = Math.min(0.5, CHANGE_CHANCE * expected);
    for (let index = 0; index < MEMORIES.length; index += 1) {
      const weight = this.weights.at(index) / sum;
      this.weights.set(index, weight * (1 - changed) + changed / MEMORIES.length);
    }
  }

  /** What is expected of calls is so many times what it was: the level is of the new expectation. */
  rescale(ratio: number): void {
    this.expected.scale(ratio);
  }

  /** The level now, and how uncertain it is: the variance of its relative error. */
  now(): { readonly level: number; readonly variance: number } {
    let level = 0;
    let square = 0;
    for (let index = 0; index < MEMORIES.length; index += 1) {
      const one = this.levelOf(index);
      const weight = this.weights.at(index);
      level += weight * one;
      square += weight * (one * one + (one * one) / MEMORIES.at(index));
    }
    const variance = Math.max(0, square / (level * level) - 1);
    // However bad the newest minutes, not all of a long memory is given up at once.
    return {
      level: Math.max(level, STEADY_SHARE_MIN * this.levelOf(LONGEST)),
      variance,
    };
  }

  toJSON(): AnswerLevelState {
    return {
      seen: this.seen.toStored(),
      expected: this.expected.toStored(),
      weights: this.weights.toStored(),
    };
  }

  private levelOf(index: number): number {
    const level = this.seen.at(index) / this.expected.at(index);
    return Math.min(LEVEL_MAX, Math.max(LEVEL_MIN, level));
  }
}
