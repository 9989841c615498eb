/**
 * Port: what a change of pacing would do. Estimated apart from the engine, so that no call waits for it.
 */
import type { AmdMode } from '../../domain/calls/screening.ts';
import type { CampaignLearned, PacingBank, PacingSettings } from '../../domain/pacing/pacer.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { ScreeningCounts, ScreeningTimes } from './records.ts';

/** A campaign as it is paced, or as it would be. */
export type WhatIfPacing = {
  readonly settings: PacingSettings;
  readonly linesMax: number;
  /** From the end of an agent's wrap-up until the next call; absent: none. */
  readonly restBetweenCallsMs?: DurationMs;
  /** What is done about answering machines; absent: they are left out of the estimate. */
  readonly amd?: AmdMode;
  /** Share of the machine verdicts that are connected all the same. */
  readonly amdSampleShare?: number;
};

/** A campaign as it dials now: what is known of it, and where its window stands. */
export type WhatIfCampaign = {
  readonly id: string;
  readonly weight: number;
  /** Share of placed calls that are answered by whom its screening takes for a person, as learned. */
  readonly answerRate: number;
  /** Absent: nothing yet. */
  readonly learned?: CampaignLearned;
  /** How much may still be abandoned steers every mode. */
  readonly bank: PacingBank;
  readonly now: WhatIfPacing;
  /** Absent: not read, or nothing was screened; what is usual is assumed. */
  readonly screened?: WhatIfScreened;
};

/** What is known of a campaign's screening: how it went lately, and how often agents disagreed. */
export type WhatIfScreened = { readonly lately: ScreeningTimes; readonly judged: ScreeningCounts };

/** One agent who is signed in and not paused. */
export type WhatIfAgent = {
  /** The simulated campaigns the agent works for; absent: all. */
  readonly campaignIds?: readonly string[];
  /** A rest that is planned, or a pause that was asked for: from when, and how long it may last. */
  readonly rest?: { readonly inMs: DurationMs; readonly forMs: DurationMs };
};

export type WhatIfQuestion = Omit<WhatIfCampaign, 'id' | 'weight' | 'learned'> & {
  /** Those who are simulated. */
  readonly agents: number;
  readonly learned: CampaignLearned;
  readonly changed: WhatIfPacing;
  /** Needed where there are others. */
  readonly id?: string;
  readonly weight?: number;
  /** Campaigns that dial now and share agents with it, directly or through one another. */
  readonly others?: readonly WhatIfCampaign[];
  /** One for each agent; absent: they work for all campaigns, and no rest of theirs is known. */
  readonly crew?: readonly WhatIfAgent[];
  /** What the trunks carry for the simulated campaigns together; absent: enough. */
  readonly trunks?: { readonly lines: number; readonly callsPerSecond: number };
};

/** The middle of the simulated stretches; eight in ten of them lie between low and high. */
export type Estimate = { readonly middle: number; readonly low: number; readonly high: number };

export type WhatIfFigures = {
  /** Of all simulated agents: talking and wrapping up ÷ signed in and not paused. */
  readonly utilisation: Estimate;
  /** Of the campaign asked about: abandoned ÷ people who answered; the middle is of all stretches. */
  readonly abandonment: Estimate;
  /** An agent's wait between two conversations with people, milliseconds. */
  readonly waitMs: Estimate;
  /** Conversations with people, of one agent in an hour. */
  readonly conversationsPerHour: Estimate;
};

/** What becomes of a campaign that is not changed. */
export type WhatIfOther = {
  readonly campaignId: string;
  readonly abandonment: { readonly now: Estimate; readonly changed: Estimate };
  /** Its abandonment moves by {@link NOTABLE_CHANGE} or more, and not by chance: that is told of. */
  readonly isNotable: boolean;
};

/** A share of abandonment that is moved by so much. */
export const NOTABLE_CHANGE = 0.005;

export type WhatIfEstimate = {
  /** How often it was simulated, each both ways with the same luck, and how long a stretch. */
  readonly spans: number;
  readonly spanMs: DurationMs;
  readonly now: WhatIfFigures;
  readonly changed: WhatIfFigures;
  readonly others: readonly WhatIfOther[];
  /** Where the figures of answering machines are from. `left-out`: there are none in the estimate. */
  readonly machines: 'left-out' | 'measured' | 'assumed';
};

export type WhatIfAnswer =
  | { readonly ok: true; readonly estimate: WhatIfEstimate }
  /** Another question is being answered; or this one took too long or failed. */
  | { readonly ok: false; readonly because: 'busy' | 'failed' };

export interface WhatIf {
  estimate(question: WhatIfQuestion): Promise<WhatIfAnswer>;
  stop(): void;
}
