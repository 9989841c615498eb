/** What comes soon after a commit is gathered for the next one; what comes after a pause is not kept waiting. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

/** How long the engine waits before it takes what comes when a commit is so old. */
async function waitsAfter(commitAgeMs: number): Promise<readonly number[]> {
  await world.pass(commitAgeMs);
  const breathe = vi.spyOn(world.clock, 'breathe');
  await world.change({ state: 'paused' });
  const waits = breathe.mock.calls.map(([forMs]) => forMs ?? 0);
  breathe.mockRestore();
  return waits;
}

describe('a command', () => {
  it('waits for the rest of three milliseconds after a commit, and never longer', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    await world.change({ state: 'paused' });
    await world.change({ state: 'running' });
    const [first, ...others] = await waitsAfter(1);
    expect(first).toBe(2);
    expect(others.every((waitMs) => waitMs <= 3)).toBe(true);
  });

  it('is decided at once after a pause of three milliseconds', async () => {
    world = await World.begin({ debtors: 1, behaviour: () => RINGS_FOREVER });
    await world.change({ state: 'paused' });
    await world.change({ state: 'running' });
    const [first] = await waitsAfter(3);
    expect(first).toBe(0);
  });
});
