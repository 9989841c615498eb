import { performance } from 'node:perf_hooks';
import { setImmediate as nextRound } from 'node:timers/promises';
import type { Clock } from './engine/ports/clock.ts';

/**
 * The furthest a timer may be set (a signed 32-bit number of ms); a later alarm is set again on the
 * way.
 */
const ALARM_MAX_MS = 2_000_000_000;

/** The clock of the machine. */
export function createSystemClock(): Clock {
  let alarm: NodeJS.Timeout | undefined;
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    setAlarm(at, ring) {
      clearTimeout(alarm);
      alarm = undefined;
      if (at === undefined) return;
      const inMs = Math.min(ALARM_MAX_MS, Math.max(0, at - Date.now()));
      alarm = setTimeout(ring, inMs);
    },
    breathe: () => nextRound(),
  };
}
