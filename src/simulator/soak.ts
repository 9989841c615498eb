/** Plays fresh seeds by the hundred: which of them failed, and how fast they were played. */

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

/** Plays one seed's day to its end, or to the first violation. */
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

/** The seeds of a date: each day's soak is new and can be repeated. */
export function seedOfDate(date: Date): number {
  return Number(date.toISOString().slice(0, 10).replaceAll('-', '')) * 100;
}
