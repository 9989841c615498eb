import { describe, expect, it } from 'vitest';
import { type FactUpgrades, factVersion, upgradeFact } from '../../src/domain/fact-versions.ts';

/** A kind that said `waitS`, then `waitMs`, and says since when it was by which clock. */
const UPGRADES: FactUpgrades = {
  'call-connected': [
    ({ waitS, ...body }) => ({ ...body, waitMs: Number(waitS) * 1_000 }),
    (body) => ({ ...body, clock: 'wall' }),
  ],
};

describe('the body of a stored fact', () => {
  it('is brought up from any older version of its kind, step by step', () => {
    const kind = 'call-connected';
    const newest = { kind, waitMs: 2_000, clock: 'wall' };
    expect(upgradeFact({ kind, waitS: 2 }, 1, UPGRADES)).toEqual(newest);
    expect(upgradeFact({ kind, waitMs: 2_000 }, 2, UPGRADES)).toEqual(newest);
    expect(upgradeFact(newest, 3, UPGRADES)).toBe(newest);
  });

  it('is written in the newest version of its kind, and stays as it is where that never changed', () => {
    const body = { kind: 'shift-began' };
    expect([factVersion('call-connected', UPGRADES), factVersion('shift-began', UPGRADES)]).toEqual(
      [3, 1],
    );
    expect(upgradeFact(body, 1, UPGRADES)).toBe(body);
  });

  it('is a mistake where its version is of a newer server', () => {
    expect(() => upgradeFact({ kind: 'shift-began' }, 2, UPGRADES)).toThrow(/shift-began/);
  });
});
