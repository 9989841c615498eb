/**
 * How long something lasts, learned from past ones as a survival problem: the hazard of its end by its
 * age. Talk is a mixture (a wrong party in seconds, a negotiation in minutes), so what a talk of this
 * age will do is read from talks that reached it, not from a mean.
 */
import { Curve } from './curve.ts';

/** Seconds: two apart in the first minute, coarser after it. */
const EDGES = Curve.of(edges());
const BINS = EDGES.length;

export type DurationsState = {
  readonly exposure: readonly number[];
  readonly ends: readonly number[];
};

export type DurationsPrior = {
  /** Assumed before anything is known: an exponential time of this mean. */
  readonly meanS: number;
  /** How many observed ends it weighs. */
  readonly weight: number;
};

export class Durations {
  private readonly exposure = new Curve(BINS);
  private readonly ends = new Curve(BINS);
  /** Of what has not ended yet. */
  private readonly lasting = new Curve(BINS);
  private readonly survival = new Curve(BINS + 1);
  private readonly hazard = new Curve(BINS);
  private readonly prior: DurationsPrior;
  private readonly keep: number;
  private isStale = true;
  private remembered = 0;

  /** `memory`: how many past ends it remembers, with geometrically fading weight. */
  constructor(prior: DurationsPrior, memory: number, state?: DurationsState) {
    this.prior = prior;
    this.keep = 1 - 1 / memory;
    if (state) {
      this.exposure.restore(state.exposure);
      this.ends.restore(state.ends);
      this.remembered = this.ends.sum();
    }
  }

  learn(durationS: number): void {
    if (!(durationS >= 0)) return;
    this.exposure.scale(this.keep);
    this.ends.scale(this.keep);
    addExposure(this.exposure, durationS);
    this.ends.add(binOf(durationS), 1);
    this.remembered = this.ends.sum();
    this.isStale = true;
  }

  /**
   * Ages of what still lasts, for as long as little is known: what has ended so far are the short ones,
   * and what lasts on says so.
   */
  watch(agesS: readonly number[]): void {
    this.lasting.fill(0);
    for (const ageS of agesS) addExposure(this.lasting, ageS);
    this.isStale = true;
  }

  /** How many ends are remembered. */
  get known(): number {
    return this.remembered;
  }

  /** P(it lasts longer than this). */
  survivalAt(ageS: number): number {
    if (this.isStale) this.refresh();
    if (ageS <= 0) return 1;
    const bin = binOf(ageS);
    const since = ageS - EDGES.at(bin);
    return this.survival.at(bin) * Math.exp(-this.hazard.at(bin) * since);
  }

  toJSON(): DurationsState {
    return { exposure: this.exposure.toStored(), ends: this.ends.toStored() };
  }

  private refresh(): void {
    const { meanS, weight } = this.prior;
    let survival = 1;
    for (let bin = 0; bin < BINS; bin += 1) {
      const from = EDGES.at(bin);
      const widthS = (bin + 1 < BINS ? EDGES.at(bin + 1) : from * 2) - from;
      // The prior weighs as if so many had been seen through this bin.
      const priorS = (weight * widthS) / Math.max(1, BINS / 8);
      const hazard =
        (this.ends.at(bin) + priorS / meanS) /
        (this.exposure.at(bin) + this.lasting.at(bin) + priorS);
      this.hazard.set(bin, hazard);
      this.survival.set(bin, survival);
      survival *= Math.exp(-hazard * widthS);
    }
    this.survival.set(BINS, survival);
    this.isStale = false;
  }
}

/** So long it has lasted, spread over the bins. */
function addExposure(exposure: Curve, durationS: number): void {
  const last = binOf(durationS);
  for (let bin = 0; bin <= last; bin += 1) {
    const from = EDGES.at(bin);
    const to = bin === last ? durationS : EDGES.at(bin + 1);
    exposure.set(bin, exposure.at(bin) + to - from);
  }
}

function edges(): number[] {
  const found: number[] = [];
  for (let edge = 0; edge < 60; edge += 2) found.push(edge);
  for (let edge = 60; edge < 300; edge += 10) found.push(edge);
  for (let edge = 300; edge <= 1_800; edge += 60) found.push(edge);
  return found;
}

function binOf(ageS: number): number {
  if (ageS < 60) return Math.floor(ageS / 2);
  if (ageS < 300) return 30 + Math.floor((ageS - 60) / 10);
  return Math.min(BINS - 1, 54 + Math.floor((ageS - 300) / 60));
}
