/** Fresh seeds by the hundred: which of them did not hold, and how fast they were played. */

import { DayFailed, playDay } from './day.ts';
import { type ScenarioName, scenarioDay } from './scenarios.ts';

export type SoakAnswer =
  | { readonly seed: number; readonly ok: true; readonly checks: number; readonly facts: number }
  | { readonly seed: number; readonly ok: false; readonly because: string };

export type SoakTask = {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly minutes: number;
  /** A database of the scenario's operation; the same for all seeds. */
  readonly template: string;
};

/** Plays one seed's day to its end, or to what did not hold. */
export async function soakSeed(task: SoakTask): Promise<SoakAnswer> {
  const { scenario, seed, minutes, template } = task;
  try {
    const settings = scenarioDay(scenario, { seed, minutes });
    const { checksMade, facts } = await playDay(settings, { template });
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
