import { expect, it } from 'vitest';
import type { Board, BoardCampaign } from '../../../src/protocol/supervisor.ts';
import { abandonmentAlarms } from '../../../src/web/supervisor/abandonment-alarms.ts';
import { decided, fakeBank, fakeBoard } from '../fake-floor.ts';

const NOW = Date.parse('2026-11-24T15:00:00Z');

/** The fake floor with these campaigns only, each like its first one but for what is given. */
function floorOf(...changes: readonly Partial<BoardCampaign>[]): Board {
  const floor = fakeBoard(NOW);
  const [first] = floor.campaigns;
  if (!first) throw new Error('the fake floor has a campaign');
  return decided({ ...floor, campaigns: changes.map((change) => ({ ...first, ...change })) });
}

it('is silent within the cap, and for a stopped campaign', () => {
  expect(abandonmentAlarms(floorOf({ abandonment: fakeBank(NOW, 9, 612) }))).toEqual([]);
  expect(
    abandonmentAlarms(floorOf({ state: 'stopped', abandonment: fakeBank(NOW, 19, 612) })),
  ).toEqual([]);
});

it('puts the worst on top', () => {
  const board = floorOf(
    { id: 'campaign_a', abandonment: fakeBank(NOW, 17, 612) },
    { id: 'campaign_b', abandonment: fakeBank(NOW, 30, 612) },
    { id: 'campaign_c', abandonment: fakeBank(NOW, 19, 612) },
  );
  expect(abandonmentAlarms(board).map(({ campaign }) => campaign.id)).toEqual([
    ...['campaign_b', 'campaign_c', 'campaign_a'],
  ]);
});
