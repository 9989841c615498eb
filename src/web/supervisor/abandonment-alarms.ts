import type { AlarmDoing, Board, BoardCampaign } from '../../protocol/supervisor.ts';

export type AbandonmentAlarm = {
  readonly campaign: BoardCampaign;
  readonly state: 'alarm' | 'empty';
  readonly doing: AlarmDoing;
};

/** Campaigns with an abandonment alarm, worst first. */
export function abandonmentAlarms(board: Board): readonly AbandonmentAlarm[] {
  return board.campaigns
    .flatMap((campaign) => {
      const { state, doing } = campaign.abandonment;
      return state === 'ok' || doing === null ? [] : [{ campaign, state, doing }];
    })
    .sort((a, b) => b.campaign.abandonment.budgetUsed - a.campaign.abandonment.budgetUsed);
}
