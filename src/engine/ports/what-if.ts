/**
 * Port: what a change of pacing would do. Estimated apart from the engine, so that no call waits for it.
 */
import type { CampaignLearned, PacingBank, PacingSettings } from '../../domain/pacing/pacer.ts';
import type { DurationMs } from '../../lib/time.ts';

/** A campaign as it is paced, or as it would be. */
export type WhatIfPacing = { readonly settings: PacingSettings; readonly linesMax: number };

export type WhatIfQuestion = {
  /** Signed in for it and not paused. */
  readonly agents: number;
  /** Share of placed calls that a person answers, as the pacer learned it. */
  readonly answerRate: number;
  readonly learned: CampaignLearned;
  /** The window so far: how much may still be abandoned steers every mode. */
  readonly bank: PacingBank;
  readonly now: WhatIfPacing;
  readonly changed: WhatIfPacing;
};

/** The middle of the simulated stretches; eight in ten of them lie between low and high. */
export type Estimate = { readonly middle: number; readonly low: number; readonly high: number };

export type WhatIfFigures = {
  /** Talking and wrapping up ÷ signed in and not paused. */
  readonly utilisation: Estimate;
  /** Abandoned ÷ people who answered, within the stretch. */
  readonly abandonment: Estimate;
  /** An agent's wait between two conversations, milliseconds. */
  readonly waitMs: Estimate;
};

export type WhatIfEstimate = {
  /** How often it was simulated, each both ways with the same luck, and how long a stretch. */
  readonly spans: number;
  readonly spanMs: DurationMs;
  readonly now: WhatIfFigures;
  readonly changed: WhatIfFigures;
};

export type WhatIfAnswer =
  | { readonly ok: true; readonly estimate: WhatIfEstimate }
  /** Another question is being answered; or this one took too long or failed. */
  | { readonly ok: false; readonly because: 'busy' | 'failed' };

export interface WhatIf {
  estimate(question: WhatIfQuestion): Promise<WhatIfAnswer>;
  stop(): void;
}
