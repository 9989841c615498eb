import { describe, expect, it } from 'vitest';
import { playDay } from './day.ts';
import { seedsFrom, simulatedDays, withTemplate } from './day-suite.ts';
import { REGRESSIONS } from './regressions/seeds.ts';
import { settingsOf } from './settings.ts';

const template = withTemplate();
const isOneSeed = process.env.SIMULATION_SEED !== undefined;

simulatedDays(seedsFrom(11, 10), template);

describe.skipIf(isOneSeed)('a seed', () => {
  it('gives the same day again', async () => {
    const settings = { ...settingsOf(7), minutes: 10 };
    const first = await playDay(settings, template);
    const second = await playDay(settings, template);
    expect(second).toEqual(first);
    const other = await playDay({ ...settings, seed: 8 }, template);
    expect(other.hash).not.toBe(first.hash);
  });

  it.each(REGRESSIONS)('$seed holds what it once broke: $what', async ({ seed }) => {
    await playDay(settingsOf(seed), template);
  });
});
