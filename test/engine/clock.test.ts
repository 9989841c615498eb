import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/time.ts';
import { personWho } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

async function passes(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    await world.pass(1_000);
    if (world.activity() === 'wrapping-up') await world.dispose(1, 'dropped');
  }
}

describe('a clock that goes over midnight and comes back', () => {
  it.each([1, -4, 400])(
    'finds the bank and the counts of the day it had left (%i days)',
    async (days) => {
      world = await World.begin({ debtors: 40, behaviour: () => personWho(3_000, 10_000) });
      await world.agentComes();
      await passes(120_000);
      await world.change({ state: 'paused' });
      await passes(30_000);
      const { abandonment, today } = world.board();
      expect(abandonment.answers).toBeGreaterThan(4);
      world.clock.jump(days * DAY_MS);
      await world.change({ state: 'running' });
      await passes(60_000);
      await world.change({ state: 'paused' });
      await passes(30_000);
      expect(world.factsOf('call-answered').length).toBeGreaterThan(abandonment.answers);
      world.clock.jump(-days * DAY_MS);
      await passes(2_000);
      expect(world.board().abandonment).toEqual(abandonment);
      const { answered, connected } = world.board().today;
      if (days < 0)
        expect({ answered, connected }).toEqual({
          answered: today.answered,
          connected: today.connected,
        });
    },
  );
});
