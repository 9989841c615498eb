import { unreachable } from '../../lib/assert.ts';
import type { Board, BoardCampaign } from '../../protocol/supervisor.ts';

/** What the dialer does about a campaign whose cap is nearly, or wholly, used. */
export type AlarmDoing =
  /** Nothing new is dialed: somebody paused it. */
  | { readonly kind: 'paused' }
  /** One call for each free agent is all it ever dials. */
  | { readonly kind: 'one-to-one-anyway' }
  /** Predictive: the closer to the cap, the less risk a call may have. */
  | { readonly kind: 'braking'; readonly left: number }
  /** A fixed ratio looks at nothing before the cap. */
  | { readonly kind: 'ratio-goes-on'; readonly ratio: number; readonly left: number }
  /** At the cap; back when so many people more had an agent in time. */
  | { readonly kind: 'one-to-one'; readonly answersMissing: number };

export type AbandonmentAlarm = {
  readonly campaign: BoardCampaign;
  readonly state: 'alarm' | 'empty';
  readonly doing: AlarmDoing;
};

/** The campaigns whose abandonment a supervisor must know of, worst first; stopped ones have no next call. */
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

/** Fractions of the cap are no whole numbers to a computer: 18 ÷ 0.03 may be a hair below 600. */
const HAIR = 1e-6;

/** How many must answer and have an agent in time until the bank is positive; 0: no number of them helps. */
function missing({ abandoned, answers, rateMax }: BoardCampaign['abandonment']): number {
  if (rateMax <= 0) return 0;
  return Math.max(1, Math.ceil(Math.floor(abandoned / rateMax + HAIR) + 1 - answers));
}
