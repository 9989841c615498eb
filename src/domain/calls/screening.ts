/** Answering-machine detection, as far as the rules of a call need it. */
import type { DurationMs } from '../../lib/time.ts';

/**
 * What the campaign does with an answered call.
 *
 * - off: everybody who answers is a person.
 * - before: an agent is sought after the verdict, or when the time for it is up.
 * - parallel: an agent is sought at once; a call that proves to be a machine is taken back from them.
 */
export type AmdMode = 'off' | 'before' | 'parallel';

export const AMD_MODES: readonly AmdMode[] = ['off', 'before', 'parallel'];

/** Only `machine` ever ends a call: where a person is possible, a person is assumed. */
export type ScreeningVerdict = 'person' | 'machine' | 'unsure';

/** How a call is screened; fixed when it is placed. */
export type ScreeningOrder = {
  readonly mode: Exclude<AmdMode, 'off'>;
  /**
   * Drawn before the answer. When this call's verdict is `machine`, it is connected nevertheless,
   * and the agent's disposition tells how often the verdict is wrong.
   */
  readonly sampled: boolean;
};

/** The verdict on a call, whatever was done about it. */
export type Screened = {
  readonly verdict: ScreeningVerdict;
  /** The detector's own word, such as `LONGGREETING-1500-1500`. */
  readonly cause: string;
  /** Time from the request to the verdict. */
  readonly screenedMs: DurationMs;
};

/** The part of the limit that must remain after the verdict, to bring the person to an agent. */
export const SCREENING_RESERVE_MS: DurationMs = 500;

/**
 * A later verdict after the answer says nothing: by then the line carries a conversation, and the
 * detector heard that.
 */
export const VERDICT_AGE_MAX_MS: DurationMs = 6_000;

/** Share of machine verdicts that are connected to an agent, to see whether they are right. */
export const AMD_SAMPLE_SHARE_DEFAULT = 0.02;
