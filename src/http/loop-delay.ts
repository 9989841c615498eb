import { monitorEventLoopDelay } from 'node:perf_hooks';
import { MINUTE_MS } from '../lib/time.ts';

/** Delays of the event loop in ms, over the last one to two minutes. */
export type LoopDelay = { readonly p50: number; readonly p99: number; readonly max: number };

export type LoopMonitor = { read(): LoopDelay; stop(): void };

/** Period of the monitor's own timer; a delay is the time beyond it. */
const RESOLUTION_MS = 10;

/** Measures how late the event loop's turns are. */
export function createLoopMonitor(): LoopMonitor {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let before: LoopDelay = { p50: 0, p99: 0, max: 0 };
  const now = (): LoopDelay => ({
    p50: milliseconds(histogram.percentile(50)),
    p99: milliseconds(histogram.percentile(99)),
    max: milliseconds(histogram.max),
  });
  const renew = setInterval(() => {
    before = now();
    histogram.reset();
  }, MINUTE_MS).unref();
  return {
    read() {
      const newest = now();
      return {
        p50: newest.p50,
        p99: Math.max(newest.p99, before.p99),
        max: Math.max(newest.max, before.max),
      };
    },
    stop() {
      clearInterval(renew);
      histogram.disable();
    },
  };
}

function milliseconds(nanoseconds: number): number {
  // An empty histogram gives the largest number or NaN.
  if (!Number.isFinite(nanoseconds) || nanoseconds > Number.MAX_SAFE_INTEGER) return 0;
  return Math.max(0, Math.round(nanoseconds / 1e5) / 10 - RESOLUTION_MS);
}
