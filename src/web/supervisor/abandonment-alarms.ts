import { unreachable } from '../../lib/assert.ts';
import type { Board, BoardCampaign } from '../../protocol/supervisor.ts';

/** What the dialer does about a campaign whose cap is nearly or completely used. */
export type AlarmDoing =
  /** The campaign is paused, so nothing new is dialed. */
  | { readonly kind: 'paused' }
  /** Its mode never dials more than one call for each free agent. */
  | { readonly kind: 'one-to-one-anyway' }
  /** Predictive mode lowers the accepted risk near the cap. */
  | { readonly kind: 'braking'; readonly left: number }
  /** A fixed ratio changes nothing before the cap. */
  | { readonly kind: 'ratio-goes-on'; readonly ratio: number; readonly left: number }
  /** At the cap; ends after `answersMissing` more people got an agent in time. */
  | { readonly kind: 'one-to-one'; readonly answersMissing: number };

export type AbandonmentAlarm = {
  readonly campaign: BoardCampaign;
  readonly state: 'alarm' | 'empty';
  readonly doing: AlarmDoing;
};

/**
 * Campaigns with an abandonment alarm, worst first. Stopped ones are left out, because they dial
 * nothing.
 */
export function abandonmentAlarms(board: Board): readonly AbandonmentAlarm[] {
  return board.campaigns
    .flatMap((campaign) => {
      const { state } = campaign.abandonment;
      if (state === 'ok' || campaign.state === 'stopped') return [];
      return [{ campaign, state, doing: doingOf(campaign, state) }];
    })
    .sort((a, b) => b.campaign.abandonment.budgetUsed - a.campaign.abandonment.budgetUsed);
}

function doingOf(campaign: BoardCampaign, state: AbandonmentAlarm['state']): AlarmDoing {
  const { mode, ratio, abandonment } = campaign;
  if (campaign.state === 'paused') return { kind: 'paused' };
  const left = Math.max(0, Math.floor(abandonment.left));
  switch (mode) {
    case 'progressive':
    case 'preview':
      return { kind: 'one-to-one-anyway' };
    case 'predictive':
    case 'ratio':
      if (state === 'empty') return { kind: 'one-to-one', answersMissing: missing(abandonment) };
      return mode === 'ratio' ? { kind: 'ratio-goes-on', ratio, left } : { kind: 'braking', left };
    default:
      return unreachable(mode);
  }
}

/** Tolerance for floating-point results: 18 ÷ 0.03 may be slightly below 600. */
const HAIR = 1e-6;

/**
 * How many more people must get an agent in time until the bank is positive; 0 when no number of
 * them helps.
 */
function missing({ abandoned, answers, rateMax }: BoardCampaign['abandonment']): number {
  if (rateMax <= 0) return 0;
  return Math.max(1, Math.ceil(Math.floor(abandoned / rateMax + HAIR) + 1 - answers));
}
