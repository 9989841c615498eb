import { expect, it } from 'vitest';
import type { Board, BoardCampaign } from '../../../src/protocol/supervisor.ts';
import { abandonmentAlarms } from '../../../src/web/supervisor/abandonment-alarms.ts';
import { fakeBank, fakeBoard } from '../fake-floor.ts';

const NOW = Date.parse('2026-11-24T15:00:00Z');

/** The fake floor with these campaigns only, each like its first one but for what is given. */
function floorOf(...changes: readonly Partial<BoardCampaign>[]): Board {
  const floor = fakeBoard(NOW);
  const [first] = floor.campaigns;
  if (!first) throw new Error('the fake floor has a campaign');
  return { ...floor, campaigns: changes.map((change) => ({ ...first, ...change })) };
}

const doingOf = (change: Partial<BoardCampaign>) =>
  abandonmentAlarms(floorOf(change)).map(({ state, doing }) => ({ state, ...doing }));

it('is silent within the cap, and for a stopped campaign', () => {
  expect(doingOf({ abandonment: fakeBank(NOW, 9, 612) })).toEqual([]);
  expect(doingOf({ state: 'stopped', abandonment: fakeBank(NOW, 19, 612) })).toEqual([]);
});

it('says what each mode does close to the cap', () => {
  const abandonment = fakeBank(NOW, 17, 612);
  expect(doingOf({ abandonment })).toEqual([{ state: 'alarm', kind: 'braking', left: 1 }]);
  expect(doingOf({ abandonment, mode: 'ratio', ratio: 2.4 })).toEqual([
    { state: 'alarm', kind: 'ratio-goes-on', ratio: 2.4, left: 1 },
  ]);
  expect(doingOf({ abandonment, mode: 'progressive' })).toEqual([
    { state: 'alarm', kind: 'one-to-one-anyway' },
  ]);
  expect(doingOf({ abandonment, state: 'paused' })).toEqual([{ state: 'alarm', kind: 'paused' }]);
});

it('counts the people who must be answered in time before more than one to one is dialed again', () => {
  const missing = (abandoned: number, answers: number) =>
    doingOf({ abandonment: fakeBank(NOW, abandoned, answers) });
  // 3 % of 633 is 18.99, of 634 it is 19.02.
  expect(missing(19, 612)).toEqual([{ state: 'empty', kind: 'one-to-one', answersMissing: 22 }]);
  // 18 of 600 are exactly the cap: one more brings it below.
  expect(missing(18, 600)).toEqual([{ state: 'empty', kind: 'one-to-one', answersMissing: 1 }]);
  expect(missing(1, 1)).toEqual([{ state: 'empty', kind: 'one-to-one', answersMissing: 33 }]);
});

it('promises no way back when no one may be abandoned at all', () => {
  const abandonment = { ...fakeBank(NOW, 2, 50), rateMax: 0 };
  expect(doingOf({ abandonment })).toEqual([
    { state: 'empty', kind: 'one-to-one', answersMissing: 0 },
  ]);
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
