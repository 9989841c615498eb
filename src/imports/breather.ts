/**
 * Rests by time. Reading a file is work for seconds on the thread that also hears the PBX: whoever does
 * it asks after each small piece, and gives the event loop back when the time is up.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a reader may hold the event loop: no longer than one transaction of the import does. */
export const SLICE_MS_MAX = 8;

export type Breather = {
  /** To be awaited after each piece of work; returns at once while there is time left. */
  breathe(): Promise<void> | undefined;
};

export type BreatherClock = {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Lets everything else that waits have its turn. */
  readonly rest: () => Promise<unknown>;
};

const REAL: BreatherClock = { now: () => performance.now(), rest: () => nextTurn() };

export function createBreather(clock: BreatherClock = REAL): Breather {
  let until = clock.now() + SLICE_MS_MAX;
  return {
    breathe() {
      if (clock.now() < until) return undefined;
      return clock.rest().then(() => {
        until = clock.now() + SLICE_MS_MAX;
      });
    },
  };
}
