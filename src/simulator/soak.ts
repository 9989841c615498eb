/** Fresh seeds by the hundred: which of them did not hold, and how fast they were played. */

import { DayFailed, playDay } from './day.ts';
import { drawnDay } from './drawn-day.ts';

export type SoakAnswer =
  | { readonly seed: number; readonly ok: true; readonly checks: number; readonly facts: number }
  | { readonly seed: number; readonly ok: false; readonly because: string };

/** Plays one seed's day to its end, or to what did not hold. */
export async function soakSeed(
  seed: number,
  minutes: number,
  template: string,
): Promise<SoakAnswer> {
  try {
    const { checksMade, facts } = await playDay(drawnDay(seed, minutes), { template });
    return { seed, ok: true, checks: checksMade, facts };
  } catch (error) {
    if (!(error instanceof DayFailed)) throw error;
    return { seed, ok: false, because: error.message };
  }
}

/** Seeds of the date, so that each day's soak is another one and can be said again. */
export function seedOfDate(date: Date): number {
  return Number(date.toISOString().slice(0, 10).replaceAll('-', '')) * 100;
}
