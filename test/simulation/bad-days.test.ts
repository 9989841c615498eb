import { describe, expect, it } from 'vitest';
import { type DayResult, playDay } from '../../src/simulator/day.ts';
import { rateOf } from '../../src/simulator/day-measures.ts';
import { SCENARIOS, type ScenarioName, scenarioDay } from '../../src/simulator/scenarios.ts';
import { DAY_TIMEOUT_MS } from './day-suite.ts';

const MINUTES = 30;
const SEED = 1;
const ORDINARY: readonly ScenarioName[] = ['usual-day', 'drawn'];
const bad = (Object.keys(SCENARIOS) as ScenarioName[]).filter((name) => !ORDINARY.includes(name));

/** Prints the figures, because this is where a worst half hour over the cap can be seen. */
async function play(name: ScenarioName): Promise<DayResult> {
  console.log(`npm run simulate -- --scenario ${name} --seed ${SEED} --minutes ${MINUTES}`);
  const settings = scenarioDay(name, { seed: SEED, minutes: MINUTES });
  const result = await playDay(settings, { print: (line) => console.log(line) });
  const { abandoned, answered, worstHalfHour } = result.measures;
  const worst = worstHalfHour ? `${(100 * rateOf(worstHalfHour)).toFixed(1)} %` : 'too few';
  console.log(`${name}: ${abandoned} of ${answered} abandoned, worst half hour ${worst}`);
  return result;
}

describe('a bad day holds every property', { timeout: DAY_TIMEOUT_MS }, () => {
  it.each(bad)('%s', async (name) => {
    const { measures, checks } = await play(name);
    expect(measures.connected).toBeGreaterThan(20);
    expect(checks['store-and-memory-agree']).toBeGreaterThan(100);
  });
});
