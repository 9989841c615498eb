/**
 * Pauses by time. Reading a file takes seconds on the thread that also hears the PBX: the reader
 * asks after each small piece of work and yields the event loop when its time is up.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a reader may hold the event loop: as long as one transaction of the import. */
export const SLICE_MS_MAX = 8;

export type Breather = {
  /** Await it after each piece of work; returns undefined while there is time left. */
  breathe(): Promise<void> | undefined;
};

export type BreatherClock = {
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Yields to other waiting work. */
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
