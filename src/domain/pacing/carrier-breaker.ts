/**
 * The breaker against a carrier that fails nearly every call within seconds. Nothing is learned from
 * such calls: they would teach that nobody answers, and flood the agents when the carrier recovers. Nor
 * is such a carrier hammered: once the breaker trips, one or two calls at a time find out whether it is
 * back.
 *
 * Each call adds to the evidence the logarithm of how much likelier an outage makes its end than the
 * usual does (CUSUM, Page 1954); evidence never falls below 0, and trips the breaker at ln 1,000,000 =
 * 13.8. Example, at the first guess that half of the calls fail fast: a fast failure adds
 * ln(0.97 / 0.5) = 0.66, so a burst of 20 failures (13.3) does not trip it and one of 21 (13.9) does. A
 * call that rings on takes ln(0.03 / 0.5) = −2.8, so beside one of those it takes 26.
 */
import { given } from '../../lib/given.ts';
import { insertSorted } from '../../lib/sorted.ts';
import type { EpochMs } from '../../lib/time.ts';
import { rounded } from './curve.ts';
import type { PacingCall, PacingObservation } from './pacing-interface.ts';

type SetupEnded = Extract<PacingObservation, { kind: 'setup-ended' }>;

/** A call that fails within this time was failed by the carrier; one that lasts longer was not. */
const FAST_MS = 6_000;
/** Share of fast failures in an outage: a few calls placed before it still go through. */
const OUTAGE_SHARE = 0.97;
/** In logarithms: an outage must be a million times likelier. */
const TRIP_AT = Math.log(1e6);
/** Bounds and memory of the usual share, in calls. */
const USUAL_MIN = 0.1;
const USUAL_MAX = 0.9;
const USUAL_MEMORY = 1_000;
/** The first guess is cautious, and weighs as many calls. */
const USUAL_FIRST = 0.5;
const USUAL_FIRST_WEIGHT = 30;
const PROBES_MAX = 2;
const PROBE_GAP_MS = 2_000;
/** Failures held back while it is undecided whether an outage has begun. */
const HELD_MAX = 2_000;

type Held = readonly [placedAt: EpochMs, at: EpochMs, outcome: SetupEnded['outcome']];

export type CarrierBreakerState = {
  readonly usual: number;
  readonly known: number;
  /** The usual share before the evidence began to grow; absent in a record of before this was kept. */
  readonly usualBefore?: number;
  readonly evidence: number;
  readonly failingSince?: EpochMs;
  readonly trippedAt: EpochMs;
  readonly probedAt: EpochMs;
  readonly firstFailedAt: EpochMs;
  readonly lookedAt: EpochMs;
  readonly failed: number;
  readonly of: number;
  readonly held: readonly Held[];
};

/** What may be learned from now. */
export type Learnable = Pick<SetupEnded, 'placedAt' | 'at' | 'outcome'>;

export class CarrierBreaker {
  private usual: number;
  /** Calls the usual share was learned from. */
  private known: number;
  /** The usual share before the evidence began to grow. */
  private usualBefore: number;
  private evidence: number;
  private since: EpochMs | undefined;
  /** Calls placed after this one were placed into the outage. */
  private trippedAt: EpochMs;
  private probedAt: EpochMs;
  private firstFailedAt: EpochMs;
  private lookedAt: EpochMs;
  private failed: number;
  private of: number;
  /** Fast failures, of which the first `weighed` have been weighed. */
  private held: Held[];
  private weighed = 0;
  /** Ends of other kinds since the last look, of calls that were still young. */
  private others = 0;

  constructor(state?: CarrierBreakerState) {
    this.usual = state?.usual ?? USUAL_FIRST;
    this.known = state?.known ?? 0;
    this.usualBefore = state?.usualBefore ?? this.usual;
    this.evidence = state?.evidence ?? 0;
    this.since = state?.failingSince;
    this.trippedAt = state?.trippedAt ?? 0;
    this.probedAt = state?.probedAt ?? 0;
    this.firstFailedAt = state?.firstFailedAt ?? 0;
    this.lookedAt = state?.lookedAt ?? 0;
    this.failed = state?.failed ?? 0;
    this.of = state?.of ?? 0;
    this.held = [...(state?.held ?? [])];
  }

  /** Since when the carrier fails; undefined while it works. */
  get failingSince(): EpochMs | undefined {
    return this.since;
  }

  /** The calls on which the decision is based. */
  get figures(): { readonly failed: number; readonly of: number } {
    return { failed: this.failed, of: this.of };
  }

  /** Takes one set-up's end, and gives back what may be learned from at once. */
  pass(observation: SetupEnded): readonly Learnable[] {
    const { placedAt, at, outcome } = observation;
    const isFast = isFastFailure(observation);
    if (this.since !== undefined) {
      if (isFast) {
        this.failed += 1;
        this.of += 1;
        return [];
      }
      if (placedAt > this.trippedAt && outcome !== 'cancelled') this.close();
      return [observation];
    }
    if (isFast) {
      // In order of placing, so that they are weighed beside those placed with them.
      insertSorted(this.held, [placedAt, at, outcome], ([placed]) => placed);
      return this.held.length > HELD_MAX ? this.release() : [];
    }
    if (at - placedAt <= FAST_MS) this.others += 1;
    return [observation];
  }

  /**
   * Weighs all calls that have come of age since the last look, fast failures and all
   * others together: after a burst the failures are told first, and are not the whole. Closes
   * again when a call placed after the trip comes of age. Gives back what may be learned from.
   */
  look(calls: readonly PacingCall[], now: EpochMs): readonly Learnable[] {
    const from = Math.min(this.lookedAt, now);
    this.lookedAt = now;
    if (this.since !== undefined) {
      const isBack = calls.some(
        ({ placedAt }) => placedAt > this.trippedAt && now - placedAt > FAST_MS,
      );
      if (isBack) this.close();
      return [];
    }
    let others = this.others;
    for (const { placedAt } of calls) {
      const comesOfAgeAt = placedAt + FAST_MS;
      if (comesOfAgeAt > from && comesOfAgeAt <= now) others += 1;
    }
    this.others = 0;
    let failed = 0;
    for (const [placedAt, at] of this.held.slice(this.weighed)) {
      if (placedAt + FAST_MS > now) break;
      if (failed === 0 && this.evidence === 0) this.firstFailedAt = at;
      this.weighed += 1;
      failed += 1;
    }
    if (failed + others > 0) this.weigh(failed, others);
    if (this.evidence > TRIP_AT) return this.trip(now);
    return this.evidence === 0 ? this.release() : [];
  }

  /** How many calls may be placed now to find out whether it works again: none or one. */
  probes(calls: readonly PacingCall[], now: EpochMs): number {
    const sinceProbeMs = now - this.probedAt;
    if (sinceProbeMs >= 0 && sinceProbeMs < PROBE_GAP_MS) return 0;
    const probing = calls.filter(({ placedAt }) => placedAt > this.trippedAt).length;
    return probing < PROBES_MAX ? 1 : 0;
  }

  /** A probe was placed. */
  probed(now: EpochMs): void {
    this.probedAt = now;
  }

  toJSON(): CarrierBreakerState {
    return {
      usual: rounded(this.usual),
      known: this.known,
      usualBefore: rounded(this.usualBefore),
      evidence: rounded(this.evidence),
      ...given({ failingSince: this.since }),
      trippedAt: this.trippedAt,
      probedAt: this.probedAt,
      firstFailedAt: this.firstFailedAt,
      lookedAt: this.lookedAt,
      failed: this.failed,
      of: this.of,
      held: this.held.slice(this.weighed),
    };
  }

  private weigh(failed: number, others: number): void {
    if (this.evidence === 0) {
      this.usualBefore = this.usual;
      this.failed = 0;
      this.of = 0;
    }
    const usual = Math.min(USUAL_MAX, Math.max(USUAL_MIN, this.usual));
    const up = Math.log(OUTAGE_SHARE / usual);
    const down = Math.log((1 - OUTAGE_SHARE) / (1 - usual));
    this.failed += failed;
    this.of += failed + others;
    this.evidence = Math.max(0, this.evidence + failed * up + others * down);
    this.known += failed + others;
    const memory = Math.min(USUAL_MEMORY, USUAL_FIRST_WEIGHT + this.known);
    const share = failed / (failed + others);
    this.usual += (share - this.usual) * Math.min(1, (failed + others) / memory);
  }

  private trip(now: EpochMs): readonly Learnable[] {
    this.usual = this.usualBefore;
    this.since = this.firstFailedAt;
    this.trippedAt = now;
    this.held = [];
    this.weighed = 0;
    return [];
  }

  /** It was no outage: what has been weighed may be learned from. */
  private release(): readonly Learnable[] {
    if (this.held.length > HELD_MAX) this.weighed = this.held.length;
    if (this.weighed === 0) return [];
    const released = this.held.splice(0, this.weighed);
    this.weighed = 0;
    return released.map(([placedAt, at, outcome]) => ({ placedAt, at, outcome }));
  }

  private close(): void {
    this.since = undefined;
    this.evidence = 0;
    this.failed = 0;
    this.of = 0;
  }
}

function isFastFailure({ outcome, placedAt, at }: SetupEnded): boolean {
  return (outcome === 'failed' || outcome === 'rejected') && at - placedAt <= FAST_MS;
}
