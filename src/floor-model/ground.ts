/** What calls and agents of a floor share: the time, the due events and the tally. */
import type { PacingObservation } from '../domain/pacing/pacing-interface.ts';
import type { Mutable } from '../lib/mutable.ts';
import { type EpochMs, SECOND_MS } from '../lib/time.ts';
import { EventHeap } from './event-heap.ts';
import type { FateConditions, TalkTimes } from './fates.ts';
import {
  blankSnapshot,
  type FloorCall,
  type FloorCampaignState,
  LastMinute,
  newCampaign,
} from './parts.ts';
import type { FloorPolicy } from './rivals/rival.ts';
import type { FloorScenario } from './scenario.ts';
import { emptyTally, type FloorTally, HALF_HOUR_MS } from './tally.ts';

export type FloorOptions = {
  readonly scenario: FloorScenario;
  readonly policy: FloorPolicy;
  readonly seed: number;
  /** Start of the clock of abandonment on this floor. */
  readonly clockStart: 'answered' | 'greeting-ended';
  /** Measures each plan; the model itself has no clock. Absent when nothing is measured. */
  readonly stopwatch?: { start(): void; stop(): void };
};

/** Kinds of events, as numbers in the heap. */
export const RINGS = 1;
export const SETUP_ENDS = 2;
export const SCREENED = 3;
export const LOST_AT_LIMIT = 4;
export const LOSES_PATIENCE = 5;
export const TALK_ENDS = 6;
export const WRAP_UP_ENDS = 7;
export const TICK = 8;
export const PLAN = 9;
export const CHANGE = 10;
export const DAY = 11;
export const WANTS_REST = 12;
export const RETURNS = 13;
export const PROVES_MACHINE = 14;
export const HELD_ENOUGH = 15;
export const LEAVES = 16;

/** A Monday at eight in São Paulo. */
export const START: EpochMs = Date.UTC(2026, 0, 5, 11);

export class FloorGround {
  now = START;
  /** Whether the warm-up is over. */
  counting = false;
  /** Whether supply or demand changed since the policy was last asked. */
  stirred = false;
  readonly scenario: FloorScenario;
  readonly seed: number;
  /** Whether several campaigns share the agents. */
  readonly grouped: boolean;
  readonly events = new EventHeap();
  readonly tally: FloorTally;
  readonly countFrom: EpochMs;
  readonly campaigns: FloorCampaignState[];
  readonly conditions: Mutable<FateConditions>;
  talk: TalkTimes;
  readonly snapshot = blankSnapshot(START);
  readonly callsLastMinute = new LastMinute();
  readonly answersLastMinute = new LastMinute();
  readonly dropsLastMinute = new LastMinute();
  private tokens: number;
  private tokensAt = START;
  private readonly policy: FloorPolicy;

  constructor({ scenario, policy, seed, clockStart }: FloorOptions) {
    this.scenario = scenario;
    this.policy = policy;
    this.seed = seed;
    this.grouped = scenario.campaigns.length > 1;
    this.tally = emptyTally(scenario.campaigns.length);
    this.countFrom = START + scenario.warmUpMs;
    this.tokens = scenario.callsPerSecondMax;
    this.talk = scenario.talk;
    this.campaigns = scenario.campaigns.map((campaign) =>
      newCampaign(campaign, scenario, clockStart),
    );
    if (this.grouped) this.snapshot.campaigns = this.campaigns.map(({ view }) => view);
    const { setup, ringTimeoutMs, screening } = scenario;
    this.conditions = { answerRate: 0, carrier: 'working', setup, ringTimeoutMs, screening };
  }

  /**
   * The conditions for a call of this campaign now. The object is reused: read it before asking for
   * the next.
   */
  conditionsOf({ answerRate, terms }: FloorCampaignState): FateConditions {
    this.conditions.answerRate = answerRate;
    this.conditions.setup = terms.setup;
    this.conditions.ringTimeoutMs = terms.ringTimeoutMs;
    this.conditions.screening = terms.screening;
    return this.conditions;
  }

  /** Calls that may be placed now under the limit of calls per second. */
  callsAllowed(): number {
    const { callsPerSecondMax } = this.scenario;
    const earned = ((this.now - this.tokensAt) / SECOND_MS) * callsPerSecondMax;
    this.tokens = Math.min(callsPerSecondMax, this.tokens + earned);
    this.tokensAt = this.now;
    return Math.floor(this.tokens);
  }

  spendCall(): void {
    this.tokens -= 1;
  }

  campaignOf(call: FloorCall): FloorCampaignState {
    return this.campaigns[call.campaign] as FloorCampaignState;
  }

  halfHour(): { answers: number; lost: number } {
    const index = Math.floor((this.now - this.countFrom) / HALF_HOUR_MS);
    const { halfHours } = this.tally;
    while (halfHours.length <= index) halfHours.push({ answers: 0, lost: 0 });
    return halfHours[index] as { answers: number; lost: number };
  }

  observe(campaign: number, observation: PacingObservation): void {
    const { id } = this.campaigns[campaign] as FloorCampaignState;
    this.policy.observe(this.grouped ? { ...observation, campaignId: id } : observation);
  }
}
