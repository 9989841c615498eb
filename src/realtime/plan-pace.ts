/**
 * Plans are made several times a second; figures that changed as often could not be read. A campaign's
 * plan stays on the screens for a second, unless it stops or begins to be planned at all.
 */
import type { Board, BoardCampaign } from '../protocol/supervisor.ts';

export const PLAN_SHOWN_FOR_MS = 1_000;

type Plan = NonNullable<BoardCampaign['plan']>;

/** Gives each board the plans that are to be shown now; remembers those of the boards before. */
export function createPlanPace(): (board: Board) => Board {
  let shown = new Map<string, Plan>();
  return (board) => {
    const next = new Map<string, Plan>();
    const campaigns = board.campaigns.map((campaign) => {
      if (!campaign.plan) return campaign;
      const plan = stays(shown.get(campaign.id), campaign.plan) ?? campaign.plan;
      next.set(campaign.id, plan);
      return plan === campaign.plan ? campaign : { ...campaign, plan };
    });
    shown = next;
    return { ...board, campaigns };
  };
}

/** The plan that is shown, where the newest one need not replace it yet. */
function stays(before: Plan | undefined, newest: Plan): Plan | undefined {
  if (!before?.forecast || !newest.forecast) return undefined;
  const agesMs = newest.at - before.at;
  // A clock that was set back must not keep an old plan on the screen.
  return agesMs >= 0 && agesMs < PLAN_SHOWN_FOR_MS ? before : undefined;
}
