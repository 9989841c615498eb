import type { EpochMs } from '../../lib/time.ts';

/** The wall clock, a clock that only goes forward, and one alarm. The simulator's is virtual. */
export interface Clock {
  now(): EpochMs;
  /** Milliseconds since some moment; never jumps. */
  monotonicMs(): number;
  /** Calls back once at or after the moment; a later call replaces the alarm, undefined clears it. */
  setAlarm(at: EpochMs | undefined, ring: () => void): void;
  /** Lets what waits outside (sockets, files) have its turn. */
  breathe(): Promise<void>;
}
