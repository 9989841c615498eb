import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PacingSnapshot } from '../../src/domain/pacing/pacer.ts';
import { regroup } from '../../src/engine/dialing-groups.ts';
import { snapshotFor } from '../../src/engine/place-calls.ts';
import { sharesOf } from '../../src/engine/share-agents.ts';
import { tallyFloor, trunkRoom } from '../../src/engine/tally-floor.ts';
import { present } from '../../src/lib/assert.ts';
import * as whatIf from '../../src/what-if/pacers.ts';
import {
  crewOf,
  type DrawnAgent,
  type DrawnCampaign,
  type DrawnFloor,
  drawnFloor,
  memoryOf,
  NOW,
  playedCampaigns,
  servedOf,
  snapshotOf,
} from './drawn-floor.ts';

/** Floors that are compared here; `FLOORS=3000` compares more. */
const FLOORS = Number(process.env.FLOORS ?? 200);

/** What one group is told, what its pacer makes of it, and how far it has been served. */
type Seen = { readonly told: PacingSnapshot; readonly place: number; readonly served: number };

function seenByEngine(floor: DrawnFloor): readonly Seen[] {
  const house = memoryOf(floor);
  const tally = tallyFloor(house);
  const groups = regroup(house, tally);
  const shares = sharesOf(house, groups, tally, NOW);
  return groups.map((group) => {
    const { agents, served } = present(shares.get(group), 'a group has a share');
    const told = snapshotFor(house, group, tally, agents, NOW);
    return { told, place: group.pacer.plan(told).place, served };
  });
}

function seenByWhatIf(floor: DrawnFloor): readonly Seen[] {
  const snapshot = snapshotOf(floor);
  const tally = whatIf.tallyOf(snapshot);
  const groups = whatIf.playedGroups(playedCampaigns(floor), crewOf(floor));
  for (const group of groups) group.served = servedSoFar(floor, group.campaigns);
  const shares = whatIf.sharesOf(groups, snapshot, tally);
  const room = trunkRoom(memoryOf(floor), NOW);
  return groups.map((group) => {
    const { agents, served } = present(shares.get(group), 'a group has a share');
    const told = whatIf.snapshotFor(group, snapshot, tally, agents, room);
    return { told, place: group.pacer.plan(told).place, served };
  });
}

/** Campaigns that come together go on where the one was that had been given most. */
function servedSoFar(floor: DrawnFloor, campaigns: readonly { readonly id: string }[]): number {
  return Math.max(...campaigns.map(({ id }) => servedOf(floor, id)));
}

const FREE: DrawnAgent = { doing: 'available', works: [], busyWith: 0 };

function aCampaign(given: Partial<DrawnCampaign>): DrawnCampaign {
  const pacing = { mode: 'progressive', linesMax: 30 } as const;
  return { pacing, weight: 1, ringing: 0, waiting: 0, leads: 7, served: 0, ...given };
}

describe('the floor of a what-if', () => {
  it('is planned exactly as the engine plans, for any floor', () => {
    let several = 0;
    fc.assert(
      fc.property(drawnFloor, (floor) => {
        const seen = seenByEngine(floor);
        if (seen.length > 1) several += 1;
        expect(seenByWhatIf(floor)).toEqual(seen);
      }),
      { numRuns: FLOORS },
    );
    expect(several).toBeGreaterThan(FLOORS / 2);
  });

  it('counts agents for the calls that were dialed for them, not for each that is on the way', () => {
    const floor: DrawnFloor = {
      campaigns: [
        aCampaign({ pacing: { mode: 'ratio', ratio: 2, linesMax: 30 }, ringing: 4 }),
        aCampaign({ ringing: 1 }),
      ],
      agents: [FREE, FREE, FREE],
    };
    for (const seen of [seenByEngine(floor), seenByWhatIf(floor)]) {
      expect(seen.map(({ told }) => told.agents.length)).toEqual([2, 1]);
    }
  });

  it('leaves agents to a campaign that dials for each, beside one that dials by forecast', () => {
    const floor: DrawnFloor = {
      campaigns: [
        aCampaign({ pacing: { mode: 'predictive', linesMax: 30 }, ringing: 6 }),
        aCampaign({ ringing: 2 }),
      ],
      agents: [FREE, FREE, FREE],
    };
    for (const seen of [seenByEngine(floor), seenByWhatIf(floor)]) {
      expect(seen.map(({ told }) => told.agents.length)).toEqual([1, 2]);
    }
  });

  it('gives no agents to a campaign whose list is over, and keeps each to its own lines', () => {
    const floor: DrawnFloor = {
      campaigns: [
        aCampaign({ leads: 0 }),
        aCampaign({ pacing: { mode: 'progressive', linesMax: 2 } }),
      ],
      agents: [FREE, FREE, FREE],
    };
    for (const seen of [seenByEngine(floor), seenByWhatIf(floor)]) {
      expect(seen.map(({ told }) => told.agents.length)).toEqual([0, 3]);
      expect(seen.map(({ place }) => place)).toEqual([0, 2]);
    }
  });
});
