/**
 * What a pacer is told and what it answers. Synchronous, deterministic, without a clock of its own:
 * other programs (benchmarks, what-if pages, tests) drive a pacer through exactly this.
 */
import type { DurationMs, EpochMs } from '../../lib/time.ts';

export type PacingMode = 'predictive' | 'ratio' | 'progressive' | 'preview';

export type PacingAbandonment = {
  /** Share of answered people who may meet no agent in time, 0.03 for 3 %. */
  readonly rateMax: number;
  readonly waitMaxMs: DurationMs;
  readonly clockStart: 'answered' | 'greeting-ended';
  /** Whether a person who hangs up before the limit is in the rate or counted apart. */
  readonly earlyHangUpCounts: boolean;
};

export type PacingSettings = {
  readonly mode: PacingMode;
  readonly abandonment: PacingAbandonment;
  readonly ringTimeoutMs: DurationMs;
  /** Calls that rang this long may be cancelled; absent: never. */
  readonly cancelAfterRingingMs?: DurationMs;
  /** Lines for each free agent, mode `ratio`. */
  readonly ratio?: number;
  /** The supervisor's clamps, over agents who are signed in and not paused. */
  readonly linesPerAgentMax?: number;
  readonly linesPerAgentMin?: number;
};

export type PacingSnapshot = {
  readonly now: EpochMs;
  readonly agents: readonly PacingAgent[];
  readonly calls: readonly PacingCall[];
  /** People on the line without an agent. */
  readonly waiting: readonly PacingWaiting[];
  /** The profile's window so far. */
  readonly bank: PacingBank;
  readonly linesFree: number;
  /** What the trunks' token buckets allow at this moment. */
  readonly callsAllowedNow: number;
  readonly leadsLeft: number;
  /**
   * Set where several campaigns share the agents and are planned together, as one dialing group: the
   * figures of each. Then `bank` and `leadsLeft` above are their sums, and calls, people waiting and
   * observations name their campaign.
   */
  readonly campaigns?: readonly PacingCampaign[];
};

export type PacingAgent = {
  readonly state: 'available' | 'reserved' | 'talking' | 'wrapping-up';
  readonly since: EpochMs;
  /** The agent will not come back when this call is over. */
  readonly pauseRequested?: boolean;
  /** Not free before this moment: a minimum rest between calls. */
  readonly freeAt?: EpochMs;
  /** The agent goes to a planned rest at this moment, and takes no call from then on. */
  readonly leavesAt?: EpochMs;
  /** Of the call the agent is busy with; in a dialing group. */
  readonly campaignId?: string;
  /** The campaigns of the dialing group the agent works for; absent: all of them. */
  readonly campaignIds?: readonly string[];
};

export type PacingCall = {
  readonly id: string;
  readonly state: 'placing' | 'ringing' | 'screening';
  readonly placedAt: EpochMs;
  readonly since: EpochMs;
  readonly campaignId?: string;
};

export type PacingWaiting = {
  readonly answeredAt: EpochMs;
  readonly deadlineAt: EpochMs;
  readonly campaignId?: string;
};

export type PacingBank = { readonly answers: number; readonly abandoned: number };

/** One campaign of a dialing group. */
export type PacingCampaign = {
  readonly id: string;
  /** Its share of the calls that are placed, beside the others' weights. */
  readonly weight: number;
  /** Its own window; abandonment is never averaged across campaigns. */
  readonly bank: PacingBank;
  readonly leadsLeft: number;
  /** Its own limit on lines, beside what the trunks have free. */
  readonly linesFree?: number;
  /** The supervisor's minimum, for its share by weight of each agent who works for it. */
  readonly linesPerAgentMin?: number;
  /** The terms of its own compliance profile; absent where they are those of the settings. */
  readonly abandonment?: PacingAbandonment;
};

export type PacingOutcome =
  | 'person'
  | 'machine'
  | 'busy'
  | 'no-answer'
  | 'invalid'
  | 'rejected'
  | 'failed'
  | 'cancelled';

export type PacingObservation = { readonly campaignId?: string } & (
  | {
      readonly kind: 'setup-ended';
      readonly callId: string;
      readonly placedAt: EpochMs;
      readonly at: EpochMs;
      readonly outcome: PacingOutcome;
    }
  | {
      readonly kind: 'connected' | 'abandoned' | 'hung-up-waiting';
      readonly callId: string;
      readonly answeredAt: EpochMs;
      readonly at: EpochMs;
    }
  | {
      readonly kind: 'talk-ended' | 'wrap-up-ended';
      readonly startedAt: EpochMs;
      readonly at: EpochMs;
    }
);

/** Why this many and no more. A sentence in either language can be made of each. */
export type PacingReason =
  /** Nobody is signed in and unpaused: nothing is dialed, in any mode. */
  | { readonly kind: 'no-agents' }
  | { readonly kind: 'no-agent-free'; readonly agents: number }
  /** Mode `preview`: the agent reads first and then dials, for which there is no screen yet. */
  | { readonly kind: 'mode-does-not-dial' }
  /** Calls on the way and people waiting already cover the free agents. */
  | {
      readonly kind: 'enough-on-the-way';
      readonly free: number;
      readonly onTheWay: number;
      readonly lines: number;
    }
  | { readonly kind: 'one-to-one'; readonly free: number; readonly onTheWay: number }
  | {
      readonly kind: 'ratio';
      readonly free: number;
      readonly ratio: number;
      readonly onTheWay: number;
    }
  /**
   * The window's bank is empty: one free agent for each call until it is positive again. In a dialing
   * group for each call of this campaign, and only where the risk is a third of the cap at most.
   */
  | {
      readonly kind: 'abandonment-over-cap';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
      readonly free: number;
    }
  /** Too few answers are known to predict with: one to one. */
  | {
      readonly kind: 'learning';
      readonly answersKnown: number;
      readonly answersNeeded: number;
      readonly free: number;
    }
  /** The risk of the last call placed is accepted, or that of the next one is too high. */
  | ({ readonly kind: 'risk-accepted' | 'risk-too-high' } & PacingRisk)
  /** Nearly every call fails within seconds: a call or two at a time finds out when that is over. */
  | {
      readonly kind: 'carrier-failing';
      readonly failed: number;
      readonly of: number;
      readonly since: EpochMs;
    }
  /** The supervisor wants at least so many lines for each agent. */
  | { readonly kind: 'lines-per-agent-min'; readonly lines: number; readonly onTheWay: number }
  /** In a dialing group: by weight, the calls of this moment go to other campaigns. */
  | { readonly kind: 'turn-of-others'; readonly weight: number }
  | {
      readonly kind: 'capped';
      readonly by: 'lines' | 'calls-per-second' | 'leads' | 'lines-per-agent';
      readonly wanted: number;
      readonly allowed: number;
    };

export type PacingRisk = {
  /** P(the last call placed, or the next one if none was, finds no agent when it is answered). */
  readonly risk: number;
  /** The risk that is accepted now (θ). */
  readonly riskMax: number;
  /** Share of placed calls that a person answers, as of now. */
  readonly answerRate: number;
  /** The median time from placing to a person's answer. */
  readonly setupMs: DurationMs;
  readonly free: number;
  /** Agents who will have become free by the time that such a call is answered. */
  readonly freeSoon: number;
  readonly onTheWay: number;
};

/** What is expected of the next moments, for a supervisor's chart. */
export type PacingForecast = {
  /** Share of placed calls that a person answers, as of now; undefined before anything is known. */
  readonly answerRateNow?: number;
  /** Set-ups that were learned from. */
  readonly setupsObserved: number;
  /** Abandonments ÷ what the cap allows on the answers so far; above 1 the bank is empty. */
  readonly abandonmentBudgetUsed: number;
  /** How far it looks: the next thirty seconds. */
  readonly withinMs: DurationMs;
  /** People who will answer of the calls on the way and those placed now. */
  readonly answersExpected: number;
  /** Agents who are free now or will become free. */
  readonly freeAgentsExpected: number;
  /** The same, moment by moment from now, cumulative. */
  readonly moments: readonly {
    readonly inMs: DurationMs;
    readonly answers: number;
    readonly freeAgents: number;
  }[];
  /** The marginal risk accepted now (θ); mode `predictive` only. */
  readonly riskMax?: number;
  /** Set while too few answers are known. */
  readonly learning?: { readonly answersKnown: number; readonly answersNeeded: number };
  /** Set while the breaker for the carrier is open. */
  readonly carrierFailingSince?: EpochMs;
};

export type PacingPlan = {
  readonly place: number;
  readonly cancel: readonly string[];
  readonly because: PacingReason;
  readonly forecast: PacingForecast;
  /** In a dialing group: the same for each of its campaigns, in the order of the snapshot. */
  readonly byCampaign?: readonly CampaignPlan[];
};

export type CampaignPlan = {
  readonly campaignId: string;
  readonly place: number;
  readonly because: PacingReason;
  readonly forecast: PacingForecast;
};

/** What a pacer learned, as JSON, for each campaign it dialed for. */
export type PacerState = {
  readonly schemaVersion: 2;
  /** By campaign id; outside a dialing group there is one, under the empty name. */
  readonly campaigns: Readonly<Record<string, CampaignLearned>>;
};

/** Everything learned of one campaign: opaque but for its size, which stays under 200 kB. */
export type CampaignLearned = Readonly<Record<string, unknown>>;

export interface Pacer {
  /** Learns from one committed fact. */
  observe(observation: PacingObservation): void;
  /** How many calls to place now, which to cancel, and why. */
  plan(snapshot: PacingSnapshot): PacingPlan;
  toJSON(): PacerState;
}
