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
  /** No signal is lost or late, so what is promised in milliseconds must hold in milliseconds. */
  readonly isQuiet: boolean;
  /** Nothing goes wrong outside of the server. */
  readonly isNetworkSound: boolean;
  /** The pacing promises the cap, and nobody takes the promise back by hand. */
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
  /** Since when, on the clock that nobody sets, an agent is seen beyond the end of what they do. */
  readonly lateSinceMs: Map<string, number>;
  /** Runs a check where nobody can be thrown at; the day hears of it at its next moment. */
  guard(check: () => void): void;
};
