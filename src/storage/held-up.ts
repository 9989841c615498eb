/** Repeats work while the store is held up. */
import { StoreHeldUpError } from '../engine/ports/store.ts';
import type { DurationMs } from '../lib/time.ts';

/** Time for which the same work is tried again, counted from the first time it was held up. */
export const HELD_UP_PATIENCE_MS: DurationMs = 60_000;
/** Pause before the next try; doubled each time, up to the maximum. */
const PAUSE_FIRST_MS: DurationMs = 50;
const PAUSE_MAX_MS: DurationMs = 1_000;

/**
 * Does the work, which stores all or nothing, and repeats it while another process holds the store
 * or the disk is full. Holds nothing between two tries, so the engine's commits go first. Throws
 * StoreHeldUpError when the work was held up for `patienceMs`.
 */
export async function whenStorable<T>(
  work: () => Promise<T>,
  patienceMs: DurationMs = HELD_UP_PATIENCE_MS,
): Promise<T> {
  let giveUpAt: number | undefined;
  for (let pauseMs = PAUSE_FIRST_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreHeldUpError)) throw error;
      giveUpAt ??= performance.now() + patienceMs;
      if (performance.now() >= giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
