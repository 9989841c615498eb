/** Work that outlasts a store which takes nothing at the moment. */
import { StoreHeldUpError } from '../engine/ports/store.ts';
import type { DurationMs } from '../lib/time.ts';

/** So long the same is tried again, from the first time that it was held up. */
export const HELD_UP_PATIENCE_MS: DurationMs = 60_000;
/** The pause before the next try: doubled each time, up to the most. */
const PAUSE_FIRST_MS: DurationMs = 50;
const PAUSE_MAX_MS: DurationMs = 1_000;

/**
 * Does the work, all of which is stored or nothing, and does it again while another process holds the
 * store or the disk is full. Nothing is held between two tries: the engine's commits go first. Throws
 * StoreHeldUpError where it was held up for `patienceMs`.
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
