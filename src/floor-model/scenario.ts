/** A floor and the events of its day. */

import type { DurationMs } from '../lib/time.ts';
import { HOUR_MS, SECOND_MS } from '../lib/time.ts';
import {
  type CarrierState,
  type Screening,
  type SetupTimes,
  type TalkTimes,
  USUAL_SETUP,
  USUAL_TALK,
} from './fates.ts';

export type FloorCampaign = {
  readonly id: string;
  readonly weight: number;
  readonly answerRate: number;
  /** Terms that differ from the floor's; absent when none do. */
  readonly own?: Partial<CampaignTerms>;
};

/** Terms in which campaigns of one floor may differ. */
export type CampaignTerms = {
  readonly setup: SetupTimes;
  /** Talk times, which the floor's changes do not affect. */
  readonly talk: TalkTimes;
  readonly ringTimeoutMs: DurationMs;
  readonly waitMaxMs: DurationMs;
  readonly clockStart: 'answered' | 'greeting-ended';
  readonly earlyHangUpCounts: boolean;
  readonly screening: Screening;
  /** Time from the end of an agent's wrap-up until their next call. */
  readonly restBetweenCallsMs: DurationMs;
};

/** One agent of a floor whose agents differ. */
export type FloorCrewMember = {
  /** Ids of the campaigns the agent works for; absent for all. */
  readonly campaignIds?: readonly string[];
  /**
   * One planned rest, which begins `atMs` after counting began or after a call in hand then; absent
   * without one.
   */
  readonly rest?: { readonly atMs: DurationMs; readonly forMs: DurationMs };
};

/** An event of every day, at a time counted from the day's beginning. */
export type FloorChange = { readonly atMs: DurationMs } & (
  | {
      readonly kind: 'answer-rate';
      /** Of every campaign. */
      readonly answerRate: number;
    }
  | { readonly kind: 'carrier'; readonly carrier: CarrierState }
  /** This share of all agents rests for `forMs`, after any call in hand. */
  | { readonly kind: 'rest'; readonly share: number; readonly forMs: DurationMs }
  /** From now on `present` agents are signed in; those who leave finish their call first. */
  | { readonly kind: 'agents'; readonly present: number }
  | { readonly kind: 'talk'; readonly talk: TalkTimes }
);

export type FloorScenario = {
  readonly name: string;
  readonly agents: number;
  /** One entry for each agent; absent when all are alike. */
  readonly crew?: readonly FloorCrewMember[];
  /** The campaigns; several share the agents. */
  readonly campaigns: readonly FloorCampaign[];
  readonly setup: SetupTimes;
  readonly talk: TalkTimes;
  readonly ringTimeoutMs: DurationMs;
  /** Time from the clock's start within which a person must get an agent. */
  readonly waitMaxMs: DurationMs;
  readonly rateMax: number;
  /** Whether the bank counts people who hang up before the limit; the tally always does. */
  readonly earlyHangUpCounts: boolean;
  readonly screening?: Screening;
  readonly linesMax: number;
  readonly callsPerSecondMax: number;
  /** Leads of each campaign and day. */
  readonly leadsPerDay: number;
  /** Independent rests of the agents, with exponential times; absent without rests. */
  readonly rests?: { readonly workMeanMs: DurationMs; readonly restMeanMs: DurationMs };
  readonly changes: readonly FloorChange[];
  /** Length of a day, the legal window: bank and changes restart with each. */
  readonly dayMs: DurationMs;
  /** Time before the first day, which is not counted. */
  readonly warmUpMs: DurationMs;
  readonly countedMs: DurationMs;
};

/** A limit no floor of this size can reach. */
const PLENTY = 1_000_000;

/** A floor on which nothing happens but calls. */
export function plainScenario(
  agents: number,
  answerRate: number,
  changes: Partial<FloorScenario> = {},
): FloorScenario {
  return {
    name: `${agents} agents, ${Math.round(answerRate * 100)} %`,
    agents,
    campaigns: [{ id: '', weight: 1, answerRate }],
    setup: USUAL_SETUP,
    talk: USUAL_TALK,
    ringTimeoutMs: 30 * SECOND_MS,
    waitMaxMs: 2 * SECOND_MS,
    rateMax: 0.03,
    earlyHangUpCounts: true,
    linesMax: PLENTY,
    callsPerSecondMax: PLENTY,
    leadsPerDay: PLENTY * 1_000,
    changes: [],
    dayMs: 8 * HOUR_MS,
    warmUpMs: HOUR_MS,
    countedMs: 8 * HOUR_MS,
    ...changes,
  };
}
