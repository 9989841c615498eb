/** Everything a pacer learns of one campaign, from its observations. */
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import { AgentReleases, type AgentReleasesState } from './agent-releases.ts';
import { CarrierBreaker, type CarrierBreakerState, type Learnable } from './carrier-breaker.ts';
import type {
  CampaignLearned,
  PacingAbandonment,
  PacingCall,
  PacingObservation,
} from './pacing-interface.ts';
import { RiskTarget, type RiskTargetState } from './risk-target.ts';
import { Setups, type SetupsState } from './setups.ts';

/** Answers that must be known before a campaign is dialed by prediction without special caution. */
export const ANSWERS_NEEDED = 50;
/** Until so many are known, one to one; from here on by prediction, at a smaller risk. */
export const ANSWERS_TO_TRY = 20;

type Learned = {
  readonly setups?: SetupsState;
  readonly releases?: AgentReleasesState;
  readonly risk?: RiskTargetState;
  readonly carrier?: CarrierBreakerState;
};

export class CampaignLearning {
  readonly setups: Setups;
  readonly releases: AgentReleases;
  readonly risk: RiskTarget;
  readonly carrier: CarrierBreaker;
  /** Calls placed for it by weight, for taking turns in a dialing group. */
  served = 0;

  constructor(ringTimeoutMs: DurationMs, state?: CampaignLearned) {
    const learned = state as Learned | undefined;
    this.setups = new Setups(ringTimeoutMs, learned?.setups);
    this.releases = new AgentReleases(learned?.releases);
    this.risk = new RiskTarget(learned?.risk);
    this.carrier = new CarrierBreaker(learned?.carrier);
  }

  get isLearning(): boolean {
    return this.setups.answersKnown < ANSWERS_NEEDED;
  }

  observe(observation: PacingObservation, abandonment: PacingAbandonment): void {
    switch (observation.kind) {
      case 'setup-ended':
        this.learn(this.carrier.pass(observation));
        return;
      case 'connected':
        this.risk.answered(false, abandonment.rateMax);
        return;
      case 'abandoned':
        this.risk.answered(true, abandonment.rateMax);
        return;
      case 'hung-up-waiting':
        this.risk.answered(abandonment.earlyHangUpCounts, abandonment.rateMax);
        return;
      case 'talk-ended':
        this.releases.talkEnded(observation.startedAt, observation.at);
        return;
      case 'wrap-up-ended':
        this.releases.wrapUpEnded(observation.startedAt, observation.at);
        return;
      default:
        // A kind that a newer program sends teaches nothing here.
        observation satisfies never;
    }
  }

  /** Looks at the calls on the way, whether the carrier works. */
  look(calls: readonly PacingCall[], now: EpochMs): void {
    this.learn(this.carrier.look(calls, now));
  }

  private learn(learnable: readonly Learnable[]): void {
    for (const { placedAt, at, outcome } of learnable) this.setups.observe(placedAt, at, outcome);
  }

  toJSON(): CampaignLearned {
    return {
      setups: this.setups.toJSON(),
      releases: this.releases.toJSON(),
      risk: this.risk.toJSON(),
      carrier: this.carrier.toJSON(),
    };
  }
}
