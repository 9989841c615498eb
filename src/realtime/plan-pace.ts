/**
 * Slows the plans on the screens: plans are made several times a second, too often to read. A
 * campaign's plan stays for a second, unless planning begins or stops.
 */
import type { Board, BoardCampaign } from '../protocol/supervisor.ts';

export const PLAN_SHOWN_FOR_MS = 1_000;

type Plan = NonNullable<BoardCampaign['plan']>;

/**
 * Returns a function that puts the plans to show now into each board. It remembers the plans of
 * earlier boards.
 */
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

/** The plan shown so far while it should stay; otherwise undefined. */
function stays(before: Plan | undefined, newest: Plan): Plan | undefined {
  if (!before?.forecast || !newest.forecast) return undefined;
  const agesMs = newest.at - before.at;
  // A clock set back must not keep an old plan on the screen.
  return agesMs >= 0 && agesMs < PLAN_SHOWN_FOR_MS ? before : undefined;
}
