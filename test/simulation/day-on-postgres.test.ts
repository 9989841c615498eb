/** The same day on both databases: the store does not influence decisions. */
import { expect, it } from 'vitest';
import { playDay } from '../../src/simulator/day.ts';
import { FAULTS } from '../../src/simulator/day-settings.ts';
import { scenarioDay } from '../../src/simulator/scenarios.ts';
import { POSTGRES_WORLDS } from '../support/postgres-worlds.ts';

it('has the same facts on PostgreSQL as on SQLite, including deaths of the server', async () => {
  const settings = scenarioDay('usual-day', {
    ...{ seed: 15, agents: 6, minutes: 15, faults: FAULTS.some },
  });
  const onFile = await playDay(settings);
  const onServer = await playDay(settings, { databases: POSTGRES_WORLDS });
  expect(onServer.facts).toBeGreaterThan(500);
  expect(onServer).toEqual(onFile);
});
