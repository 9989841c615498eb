/** Answering-machine detection, as far as the rules of a call need to know of it. */
import type { DurationMs } from '../../lib/time.ts';

/**
 * What the campaign does with an answered call.
 *
 * - off: everybody who answers is a person.
 * - before: an agent is sought once the verdict is there, or when the time for it is up.
 * - parallel: an agent is sought at once; a call that proves a machine is taken back from them.
 */
export type AmdMode = 'off' | 'before' | 'parallel';

export const AMD_MODES: readonly AmdMode[] = ['off', 'before', 'parallel'];

/** Only `machine` ever ends a call: where a person is possible, a person is assumed. */
export type ScreeningVerdict = 'person' | 'machine' | 'unsure';

/** How a call is screened; fixed when it is placed. */
export type ScreeningOrder = {
  readonly mode: Exclude<AmdMode, 'off'>;
  /**
   * Drawn before anybody answers: if this call's verdict is `machine` it is connected all the same,
   * and what the agent says of it tells how often the verdict is wrong.
   */
  readonly sampled: boolean;
};

/** The verdict on a call, whatever was done with it. */
export type Screened = {
  readonly verdict: ScreeningVerdict;
  /** The detector's own word, such as `LONGGREETING-1500-1500`. */
  readonly cause: string;
  /** From the request to the verdict. */
  readonly screenedMs: DurationMs;
};

/** The verdict must leave this much of the limit to bring the person to an agent. */
export const SCREENING_RESERVE_MS: DurationMs = 500;

/**
 * A verdict later than this after the answer says nothing: by then the line carries a conversation, and
 * the detector heard that.
 */
export const VERDICT_AGE_MAX_MS: DurationMs = 6_000;

/** Share of the machine verdicts that are connected to an agent to see whether they are right. */
export const AMD_SAMPLE_SHARE_DEFAULT = 0.02;
