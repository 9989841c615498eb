/** What the checkers of one day know and share. */
import type { LegId } from '../../lib/ids.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { Errands } from '../errands.ts';
import type { World } from '../world.ts';
import type { Checks } from './checks.ts';
import type { FactBook } from './fact-book.ts';

export type WatchSettings = {
  readonly leads: number;
  readonly ringTimeoutMs: DurationMs;
  /**
   * Whether no signal is lost or late, so that what is promised in milliseconds must hold in
   * milliseconds.
   */
  readonly isQuiet: boolean;
  /** Whether nothing goes wrong outside of the server. */
  readonly isNetworkSound: boolean;
  /** Whether the pacing promises the cap, nobody changes it, and answers are heard in time. */
  readonly keepsCap: boolean;
};

export type Watched = {
  readonly world: World;
  readonly settings: WatchSettings;
  readonly checks: Checks;
  readonly book: FactBook;
  readonly errands: Errands;
  /** Legs whose permit was spent. */
  readonly dialed: Set<LegId>;
  /** Legs of calls that were in doubt. */
  readonly doubted: Set<LegId>;
  /**
   * For each agent seen doing something beyond its end: since when, on the clock that is never set.
   */
  readonly lateSinceMs: Map<string, number>;
  /** Runs a check from which nothing may be thrown; the day gets its error at its next moment. */
  guard(check: () => void): void;
};
