/** What a floor is like, and what happens on it through its day. */

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
  /** Where it is not as the floor says for all of them. */
  readonly own?: Partial<CampaignTerms>;
};

/** In what campaigns of one floor may differ. */
export type CampaignTerms = {
  readonly setup: SetupTimes;
  /** Stays so, whatever the floor's changes say of talk. */
  readonly talk: TalkTimes;
  readonly ringTimeoutMs: DurationMs;
  readonly waitMaxMs: DurationMs;
  readonly clockStart: 'answered' | 'greeting-ended';
  readonly earlyHangUpCounts: boolean;
  readonly screening: Screening;
  /** From the end of an agent's wrap-up until they may have the next call. */
  readonly restBetweenCallsMs: DurationMs;
};

/** One agent of a floor on which they differ. */
export type FloorCrewMember = {
  /** Ids of the campaigns the agent works for; absent: all. */
  readonly campaignIds?: readonly string[];
  /** A rest that is known ahead, once, from so long after counting began; whoever talks finishes first. */
  readonly rest?: { readonly atMs: DurationMs; readonly forMs: DurationMs };
};

/** Something that happens every day at the same time, counted from the day's beginning. */
export type FloorChange = { readonly atMs: DurationMs } & (
  | {
      readonly kind: 'answer-rate';
      /** Of every campaign. */
      readonly answerRate: number;
    }
  | { readonly kind: 'carrier'; readonly carrier: CarrierState }
  /** This share of all agents goes to rest for so long; whoever talks finishes first. */
  | { readonly kind: 'rest'; readonly share: number; readonly forMs: DurationMs }
  /** So many agents are signed in from now on; whoever talks finishes first. */
  | { readonly kind: 'agents'; readonly present: number }
  | { readonly kind: 'talk'; readonly talk: TalkTimes }
);

export type FloorScenario = {
  readonly name: string;
  readonly agents: number;
  /** One for each agent; absent: they are alike. */
  readonly crew?: readonly FloorCrewMember[];
  /** More than one: they share the agents. */
  readonly campaigns: readonly FloorCampaign[];
  readonly setup: SetupTimes;
  readonly talk: TalkTimes;
  readonly ringTimeoutMs: DurationMs;
  /** Within which a person must have an agent, from the clock's start. */
  readonly waitMaxMs: DurationMs;
  readonly rateMax: number;
  /** Whether the bank counts those who hang up before the limit; the tally always does. */
  readonly earlyHangUpCounts: boolean;
  readonly screening?: Screening;
  readonly linesMax: number;
  readonly callsPerSecondMax: number;
  /** Of each campaign and day. */
  readonly leadsPerDay: number;
  /** Agents rest now and then, each on their own: exponential times. */
  readonly rests?: { readonly workMeanMs: DurationMs; readonly restMeanMs: DurationMs };
  readonly changes: readonly FloorChange[];
  /** The window of the law: bank and changes begin anew with each. */
  readonly dayMs: DurationMs;
  /** Before the first day; not counted. */
  readonly warmUpMs: DurationMs;
  readonly countedMs: DurationMs;
};

/** No limit that a floor of this size could meet. */
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
