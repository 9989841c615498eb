import { describe, expect, it } from 'vitest';
import type { Board, BoardCampaign } from '../../src/protocol/supervisor.ts';
import { createPlanPace } from '../../src/realtime/plan-pace.ts';
import { fakeBoard, fakeForecast } from '../web/fake-floor.ts';

const NOW = 1_800_000_000_000;

type Plan = BoardCampaign['plan'];

function boardWith(plan: Plan): Board {
  const board = fakeBoard(NOW);
  return { ...board, campaigns: board.campaigns.slice(0, 1).map((one) => ({ ...one, plan })) };
}

function planAt(at: number, change: Partial<NonNullable<Plan>> = {}): Plan {
  return {
    at,
    placed: 1,
    because: { code: 'one-to-one', values: { free: 1, onTheWay: 0 } },
    forecast: fakeForecast({}),
    togetherWithIds: [],
    ...change,
  };
}

const shownBy = (pace: (board: Board) => Board, plan: Plan) =>
  pace(boardWith(plan)).campaigns[0]?.plan;

describe('plans on the screens', () => {
  it('stay for a second, and are then replaced by the newest', () => {
    const pace = createPlanPace();
    const shown = [0, 250, 500, 999, 1_000, 1_400].map(
      (after) => shownBy(pace, planAt(NOW + after))?.at,
    );
    expect(shown.map((at) => (at ?? 0) - NOW)).toEqual([0, 0, 0, 0, 1_000, 1_000]);
  });

  it('give way at once when nothing is planned any more, and when planning begins', () => {
    const pace = createPlanPace();
    shownBy(pace, planAt(NOW));
    const paused = planAt(NOW + 100, { forecast: null });
    expect(shownBy(pace, paused)).toEqual(paused);
    expect(shownBy(pace, planAt(NOW + 200))?.at).toBe(NOW + 200);
    expect(shownBy(pace, null)).toBeNull();
  });

  it('do not stay when the clock was set back', () => {
    const pace = createPlanPace();
    shownBy(pace, planAt(NOW));
    expect(shownBy(pace, planAt(NOW - 3_600_000))?.at).toBe(NOW - 3_600_000);
  });
});
