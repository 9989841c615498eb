import type { EpochMs } from '../../lib/time.ts';

/** The wall clock and one alarm. The simulator's is virtual. */
export interface Clock {
  now(): EpochMs;
  /** Calls back once at or after the moment; a later call replaces the alarm. */
  setAlarm(at: EpochMs | undefined, ring: () => void): void;
}
