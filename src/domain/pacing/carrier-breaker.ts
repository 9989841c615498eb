/**
 * A carrier that fails nearly every call within seconds must not be learned from (it would teach that
 * nobody answers, and flood the agents at its recovery) nor be hammered. The breaker weighs, call by
 * call, how much likelier an outage makes what is seen than the usual does (CUSUM, Page 1954); once it
 * trips, one or two calls at a time find out when the carrier is back.
 */
import type { EpochMs } from '../../lib/time.ts';
import { rounded } from './durations.ts';
import type { PacingCall, PacingObservation } from './pacing-interface.ts';

type SetupEnded = Extract<PacingObservation, { kind: 'setup-ended' }>;

/** What ends sooner with a failure of the network counts as one of the carrier. */
const FAST_MS = 6_000;
/** Share of fast failures in an outage: a few calls of before it still go through. */
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
/** Held back while it is undecided whether an outage has begun. */
const HELD_MAX = 500;

export type CarrierBreakerState = {
  readonly usual: number;
  readonly known: number;
  readonly evidence: number;
  readonly failingSince?: EpochMs;
  readonly trippedAt: EpochMs;
  readonly probedAt: EpochMs;
  readonly firstFailedAt: EpochMs;
  readonly failed: number;
  readonly of: number;
};

export class CarrierBreaker {
  private usual: number;
  /** Calls the usual share was learned from. */
  private known: number;
  /** As it was before the evidence began to grow. */
  private usualBefore: number;
  private evidence: number;
  private since: EpochMs | undefined;
  /** Calls placed after this one were placed into the outage. */
  private trippedAt: EpochMs;
  private probedAt: EpochMs;
  private firstFailedAt: EpochMs;
  private failed: number;
  private of: number;
  /** Fast failures that are learned from only if they were no outage. */
  private held: SetupEnded[] = [];

  constructor(state?: CarrierBreakerState) {
    this.usual = state?.usual ?? USUAL_FIRST;
    this.known = state?.known ?? 0;
    this.usualBefore = this.usual;
    this.evidence = state?.evidence ?? 0;
    this.since = state?.failingSince;
    this.trippedAt = state?.trippedAt ?? 0;
    this.probedAt = state?.probedAt ?? 0;
    this.firstFailedAt = state?.firstFailedAt ?? 0;
    this.failed = state?.failed ?? 0;
    this.of = state?.of ?? 0;
  }

  /** Since when the carrier fails; undefined while it works. */
  get failingSince(): EpochMs | undefined {
    return this.since;
  }

  /** What the decision stands on. */
  get figures(): { readonly failed: number; readonly of: number } {
    return { failed: this.failed, of: this.of };
  }

  /** Takes one set-up's end, and gives back those that may be learned from now. */
  pass(observation: SetupEnded): readonly SetupEnded[] {
    const isFast = isFastFailure(observation);
    if (this.since !== undefined) return this.passWhileFailing(observation, isFast);
    this.weigh(isFast, observation.at);
    if (this.evidence > TRIP_AT) {
      this.usual = this.usualBefore;
      this.since = this.firstFailedAt;
      this.trippedAt = observation.at;
      this.held = [];
      return [];
    }
    if (isFast && this.evidence > 0 && this.held.length < HELD_MAX) {
      this.held.push(observation);
      return [];
    }
    if (this.evidence > 0) return [observation];
    const learned = [...this.held, observation];
    this.held = [];
    return learned;
  }

  /** Closes it again when a call placed after the trip is still alive beyond a fast failure's age. */
  look(calls: readonly PacingCall[], now: EpochMs): void {
    if (this.since === undefined) return;
    const isBack = calls.some(
      ({ placedAt }) => placedAt > this.trippedAt && now - placedAt > FAST_MS,
    );
    if (isBack) this.close();
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
      evidence: rounded(this.evidence),
      ...(this.since === undefined ? {} : { failingSince: this.since }),
      trippedAt: this.trippedAt,
      probedAt: this.probedAt,
      firstFailedAt: this.firstFailedAt,
      failed: this.failed,
      of: this.of,
    };
  }

  private passWhileFailing(observation: SetupEnded, isFast: boolean): readonly SetupEnded[] {
    if (isFast) {
      this.failed += 1;
      this.of += 1;
      return [];
    }
    const isNew = observation.placedAt > this.trippedAt;
    if (isNew && observation.outcome !== 'cancelled') this.close();
    return [observation];
  }

  private weigh(isFast: boolean, at: EpochMs): void {
    const usual = Math.min(USUAL_MAX, Math.max(USUAL_MIN, this.usual));
    const step = isFast
      ? Math.log(OUTAGE_SHARE / usual)
      : Math.log((1 - OUTAGE_SHARE) / (1 - usual));
    if (this.evidence === 0) {
      this.usualBefore = this.usual;
      this.firstFailedAt = at;
      this.failed = 0;
      this.of = 0;
    }
    this.of += 1;
    if (isFast) this.failed += 1;
    this.evidence = Math.max(0, this.evidence + step);
    this.known += 1;
    const memory = Math.min(USUAL_MEMORY, USUAL_FIRST_WEIGHT + this.known);
    this.usual += ((isFast ? 1 : 0) - this.usual) / memory;
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
