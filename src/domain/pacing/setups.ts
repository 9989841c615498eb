/**
 * What becomes of a placed call, learned as a survival problem with competing ends: by its age since
 * the placing, the hazard that a person answers, and the hazard that it ends otherwise. So each call on
 * the way has its own chance of a person within the next seconds, and calls that fail fast (busy,
 * invalid) leave the pool without a special case.
 *
 * Example: of a hundred calls 40 are busy within 2.5 s, 15 are answered between 8 and 12 s, and 45 ring
 * out after 30 s. A call placed now is answered with 15 %. One that has rung for 5 s is one of 60 left,
 * of whom 15 will answer: 25 %, and nearly nothing of it within the next 2 s. One that has rung for 15 s
 * is one of the 45: nearly nothing.
 *
 * Calls placed together are learned from together, when the last of them can have ended. If each were
 * learned from at its end, the fast failures of a burst would come first, the list would look bad, and
 * too many calls would be placed.
 */
import { unreachable } from '../../lib/assert.ts';
import { insertSorted } from '../../lib/sorted.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import { AnswerLevel, type AnswerLevelState } from './answer-level.ts';
import { Curve, rounded } from './curve.ts';
import type { PacingCall, PacingOutcome } from './pacing-interface.ts';

/** One bin a second of age. */
const BINS = 120;
/** Calls that the long memory holds, with fading weight. */
const MEMORY_CALLS = 2_500;
/** Ended calls that wait until others placed with them have ended too; far more than a trunk has. */
const PENDING_MAX = 5_000;
/** So long after its ring time-out a call is surely over. */
const SETTLE_MARGIN_MS = 6_000;
/** Answers are still possible so long after our ring time-out: the timer runs from the placing. */
const TIMEOUT_SLACK_S = 6;
/** What is assumed before anything is known; each weighs as many call-seconds in every bin. */
const PRIOR = { answersPerS: 0.01, endsPerS: 0.015, weightS: 4, quietS: 3 } as const;

/** Before so many answers there is nothing to compare today's with: only what was assumed. */
const ANSWERS_TO_COMPARE = 10;
/** From so many answers on, the error of the long memory is nothing beside that of today's level. */
const ANSWERS_REMEMBERED = 1_000;

/** From the answer to the verdict on who answered, in the mean. */
const SCREENING_MEAN_S = 1.2;
/** Answers over which the share of persons among them (and not machines) is known. */
const SCREENED_MEMORY = 200;

type Pending = { readonly placedAt: EpochMs; readonly ageS: number; readonly end: End };
type End = 'answer' | 'end' | 'timeout' | 'unknown';

export type SetupsState = {
  readonly exposure: readonly number[];
  readonly answers: readonly number[];
  readonly ends: readonly number[];
  readonly timeouts: readonly number[];
  readonly ringTimeoutMs: DurationMs;
  readonly pending: readonly (readonly [number, number, End])[];
  readonly level: AnswerLevelState;
  readonly followedUntil: EpochMs;
  readonly personShare: number;
  readonly answersKnown: number;
  readonly setupsKnown: number;
};

export class Setups {
  readonly level: AnswerLevel;
  /** Answers learned from, ever. */
  answersKnown: number;
  /** Ends of set-ups seen, ever. */
  setupsKnown: number;
  private readonly exposure = new Curve(BINS);
  private readonly answers = new Curve(BINS);
  private readonly ends = new Curve(BINS);
  private readonly timeouts = new Curve(BINS);
  private readonly ringTimeoutMs: DurationMs;
  private pending: Pending[] = [];
  /** Of what answers, the share that is a person. */
  private personShare: number;
  /** The level has followed the calls on the way until this moment. */
  private followedUntil: EpochMs;
  private weight = 1;
  /** The long memory's hazards, by age: of an answer, and of any other end. */
  private readonly answerHazard = new Curve(BINS);
  private readonly endHazard = new Curve(BINS);
  /** Of an answer, summed up to each age. */
  private readonly hazards = new Curve(BINS + 1);
  private readonly survival = new Curve(BINS + 1);
  private readonly incidence = new Curve(BINS + 1);
  private isStale = true;
  private curveLevel = Number.NaN;
  private hasTimeouts = false;
  /** The long memory's answers of one call that rings to the end. */
  private expectedOfCall = 0;
  /** Grows whenever the curves change. */
  curveVersion = 0;

  constructor(ringTimeoutMs: DurationMs, state?: SetupsState) {
    this.ringTimeoutMs = ringTimeoutMs;
    this.level = new AnswerLevel(state?.level);
    this.answersKnown = state?.answersKnown ?? 0;
    this.setupsKnown = state?.setupsKnown ?? 0;
    this.followedUntil = state?.followedUntil ?? 0;
    this.personShare = state?.personShare ?? 0.7;
    if (!state) return;
    this.exposure.restore(state.exposure);
    this.answers.restore(state.answers);
    this.ends.restore(state.ends);
    // Where the ring time was changed, a call that rang out says only that nobody answered until then.
    if (state.ringTimeoutMs === ringTimeoutMs) this.timeouts.restore(state.timeouts);
    this.pending = state.pending.map(([placedAt, ageS, end]) => ({ placedAt, ageS, end }));
  }

  /** One call's set-up ended. */
  observe(placedAt: EpochMs, at: EpochMs, outcome: PacingOutcome): void {
    const ageS = Math.min(BINS - 0.001, Math.max(0, (at - placedAt) / 1_000));
    const end = this.endOf(outcome, ageS);
    if (outcome !== 'cancelled') this.setupsKnown += 1;
    if (outcome === 'person' || outcome === 'machine') {
      this.personShare += ((outcome === 'person' ? 1 : 0) - this.personShare) / SCREENED_MEMORY;
    }
    const followedS = Math.max(0, (this.followedUntil - placedAt) / 1_000);
    const expected = Math.max(0, this.hazardUntil(ageS) - this.hazardUntil(followedS));
    if (this.isComparable) this.level.pass(expected, end === 'answer' ? 1 : 0);
    // In order of placing: a fast failure must not be learned from before a slow answer beside it.
    insertSorted(this.pending, { placedAt, ageS, end }, (ended) => ended.placedAt);
    this.settle(at);
  }

  /** Time has passed over the calls on the way. */
  follow(calls: readonly { readonly placedAt: EpochMs }[], now: EpochMs): void {
    if (now <= this.followedUntil) {
      // The clock was set back: begin anew from here.
      if (now < this.followedUntil - 1_000) this.followedUntil = now;
      return;
    }
    let expected = 0;
    for (const { placedAt } of calls) {
      const fromS = Math.max(0, (this.followedUntil - placedAt) / 1_000);
      const toS = (now - placedAt) / 1_000;
      if (toS > fromS) expected += this.hazardUntil(toS) - this.hazardUntil(fromS);
    }
    if (this.isComparable) this.level.pass(expected, 0);
    this.followedUntil = now;
    this.settle(now);
  }

  /** Prepares {@link answerWithin} for this moment. */
  prepare(): void {
    const { level } = this.level.now();
    if (!this.isStale && level === this.curveLevel) return;
    if (this.isStale) this.refreshHazards();
    this.curveLevel = level;
    this.curveVersion += 1;
    let survival = 1;
    let incidence = 0;
    const until = Math.min(BINS, Math.ceil(this.horizonS()));
    for (let bin = 0; bin < until; bin += 1) {
      this.survival.set(bin, survival);
      this.incidence.set(bin, incidence);
      const person = level * this.answerHazard.at(bin);
      const all = person + this.endHazard.at(bin);
      const leaves = 1 - Math.exp(-all);
      incidence += all > 0 ? (survival * leaves * person) / all : 0;
      survival *= 1 - leaves;
    }
    this.survival.fill(0, until);
    this.incidence.fill(incidence, until);
  }

  /** P(a person answers within so many seconds | so old, nothing yet). After {@link prepare}. */
  answerWithin(ageS: number, withinS: number): number {
    const alive = this.survival.between(ageS);
    if (alive <= 1e-9) return 0;
    const chance = (this.incidence.between(ageS + withinS) - this.incidence.between(ageS)) / alive;
    return Math.min(1, Math.max(0, chance));
  }

  /** The same for the first `until` moments of a row, into `chances`. After {@link prepare}. */
  lookUpAnswers(ageS: number, withinS: Curve, chances: Curve, until = withinS.length): void {
    const { incidence } = this;
    const alive = this.survival.between(ageS);
    if (alive <= 1e-9) {
      chances.fill(0);
      return;
    }
    const already = incidence.between(ageS);
    for (let index = 0; index < until; index += 1) {
      const chance = (incidence.between(ageS + withinS.at(index)) - already) / alive;
      chances.set(index, Math.min(1, Math.max(0, chance)));
    }
  }

  /** P(the call that is being screened proves a person within so many seconds). */
  screenedWithin(withinS: number): number {
    return this.personShare * (1 - Math.exp(-withinS / SCREENING_MEAN_S));
  }

  /** The same for a call on the way, screened ones included. */
  lookUpCall(
    { state, placedAt }: PacingCall,
    now: EpochMs,
    withinS: Curve,
    chances: Curve,
    until = withinS.length,
  ): void {
    if (state !== 'screening') {
      this.lookUpAnswers(Math.max(0, (now - placedAt) / 1_000), withinS, chances, until);
      return;
    }
    for (let index = 0; index < until; index += 1) {
      chances.set(index, this.screenedWithin(withinS.at(index)));
    }
  }

  /** P(a person answers a call that is placed now). After {@link prepare}. */
  answerRate(): number {
    return this.incidence.last;
  }

  /** How uncertain it is: the variance of its relative error, of the long memory and of today's level. */
  uncertainty(): number {
    return this.level.now().variance + 1 / (1 + Math.min(this.answersKnown, ANSWERS_REMEMBERED));
  }

  /** Age by which this share of those who will answer have answered, seconds. After {@link prepare}. */
  answerAgeS(share: number): number {
    const wanted = share * this.answerRate();
    let bin = 0;
    while (bin < BINS - 1 && this.incidence.at(bin + 1) < wanted) bin += 1;
    const from = this.incidence.at(bin);
    const gain = this.incidence.at(bin + 1) - from;
    return gain > 0 ? bin + (wanted - from) / gain : bin;
  }

  toJSON(): SetupsState {
    // The level multiplies these hazards and no others, so both are stored as of the same moment.
    if (this.isStale) this.refreshHazards();
    return {
      exposure: this.exposure.toStored(this.weight),
      answers: this.answers.toStored(this.weight),
      ends: this.ends.toStored(this.weight),
      timeouts: this.timeouts.toStored(this.weight),
      ringTimeoutMs: this.ringTimeoutMs,
      pending: this.pending.map(({ placedAt, ageS, end }) => [placedAt, rounded(ageS), end]),
      level: this.level.toJSON(),
      followedUntil: this.followedUntil,
      personShare: rounded(this.personShare),
      answersKnown: this.answersKnown,
      setupsKnown: this.setupsKnown,
    };
  }

  /** Enough is known of an average call for today to be compared with it. */
  private get isComparable(): boolean {
    return this.answersKnown >= ANSWERS_TO_COMPARE;
  }

  private endOf(outcome: PacingOutcome, ageS: number): End {
    if (outcome === 'person') return 'answer';
    if (outcome === 'cancelled') return 'unknown';
    const rangOut = outcome === 'no-answer' && ageS * 1_000 >= this.ringTimeoutMs - 1_000;
    return rangOut ? 'timeout' : 'end';
  }

  /** Learns from calls placed so long ago that none placed with them can still be on the way. */
  private settle(now: EpochMs): void {
    const before = now - this.ringTimeoutMs - SETTLE_MARGIN_MS;
    let settled = 0;
    for (const { placedAt, ageS, end } of this.pending) {
      if (placedAt > before && this.pending.length - settled <= PENDING_MAX) break;
      this.learn(ageS, end);
      settled += 1;
    }
    if (settled > 0) this.pending.splice(0, settled);
  }

  private learn(ageS: number, end: End): void {
    // A growing weight for each newer call fades all older ones without touching them.
    this.weight /= 1 - 1 / MEMORY_CALLS;
    if (this.weight > 1e9) this.rescale();
    if (end === 'answer') this.answersKnown += 1;
    const { weight } = this;
    const last = Math.floor(ageS);
    for (let bin = 0; bin < last; bin += 1) this.exposure.add(bin, weight);
    this.exposure.add(last, weight * (ageS - last));
    this.endsLike(end)?.add(last, weight);
    this.isStale = true;
  }

  private endsLike(end: End): Curve | undefined {
    switch (end) {
      case 'answer':
        return this.answers;
      case 'end':
        return this.ends;
      case 'timeout':
        return this.timeouts;
      case 'unknown':
        return undefined;
      default:
        return unreachable(end);
    }
  }

  private rescale(): void {
    for (const curve of [this.exposure, this.answers, this.ends, this.timeouts]) {
      curve.divide(this.weight);
    }
    this.weight = 1;
  }

  private refreshHazards(): void {
    let cumulative = 0;
    let timeouts = 0;
    for (let bin = 0; bin < BINS; bin += 1) {
      this.answerHazard.set(bin, this.learnedAnswerHazard(bin));
      this.endHazard.set(bin, this.learnedEndHazard(bin));
      this.hazards.set(bin, cumulative);
      cumulative += this.answerHazard.at(bin);
      timeouts += this.timeouts.at(bin);
    }
    this.hazards.set(BINS, cumulative);
    // The level multiplies these hazards: where they change, it changes too, so that their product stays.
    const expected = this.hazards.between(this.ringTimeoutMs / 1_000);
    if (this.expectedOfCall > 0 && expected > 0) {
      this.level.rescale(expected / this.expectedOfCall);
    }
    this.expectedOfCall = expected;
    this.hasTimeouts = timeouts > 10 * this.weight;
    this.isStale = false;
    this.curveLevel = Number.NaN;
  }

  private learnedAnswerHazard(bin: number): number {
    const prior = bin < PRIOR.quietS ? PRIOR.answersPerS / 10 : PRIOR.answersPerS;
    const weightS = PRIOR.weightS * this.weight;
    return (this.answers.at(bin) + prior * weightS) / (this.exposure.at(bin) + weightS);
  }

  private learnedEndHazard(bin: number): number {
    const weightS = PRIOR.weightS * this.weight;
    const ends = this.ends.at(bin) + this.timeouts.at(bin);
    return (ends + PRIOR.endsPerS * weightS) / (this.exposure.at(bin) + weightS);
  }

  /** The long memory's expected answers of one call until this age. */
  private hazardUntil(ageS: number): number {
    if (this.isStale) this.refreshHazards();
    return this.hazards.between(Math.min(ageS, this.horizonS()));
  }

  /** Nobody answers later than this. */
  private horizonS(): number {
    return this.ringTimeoutMs / 1_000 + (this.hasTimeouts ? TIMEOUT_SLACK_S : 1);
  }
}
