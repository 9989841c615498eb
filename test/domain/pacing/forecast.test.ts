import { describe, expect, it } from 'vitest';
import { CampaignLearning } from '../../../src/domain/pacing/campaign-learning.ts';
import { forecastOf } from '../../../src/domain/pacing/forecast.ts';
import type {
  PacingAgent,
  PacingForecast,
  PacingSnapshot,
} from '../../../src/domain/pacing/pacing-interface.ts';
import { IDLE, NOW, past, SETTINGS } from './pacer-floors.ts';

const { abandonment } = SETTINGS;

function learned(calls: number): CampaignLearning {
  const learning = new CampaignLearning(SETTINGS.ringTimeoutMs);
  for (const observation of past(4, 0.2, calls)) learning.observe(observation, abandonment);
  learning.setups.prepare();
  learning.releases.prepare(0);
  return learning;
}

const KNOWING = learned(1_500);

function forecast(
  overrides: Partial<PacingSnapshot> = {},
  campaignId?: string,
  learning = KNOWING,
): PacingForecast {
  const snapshot = { ...IDLE, ...overrides };
  return forecastOf(
    snapshot,
    campaignId,
    learning,
    () => learning,
    'predictive',
    snapshot.bank,
    abandonment,
  );
}

const freeOf = (...agents: readonly PacingAgent[]): number[] =>
  forecast({ agents }).moments.map(({ freeAgents }) => freeAgents);

describe('the forecast', () => {
  it('looks at six moments of the next thirty seconds, and ends with what it expects in all', () => {
    const { moments, withinMs, answersExpected, freeAgentsExpected } = forecast();
    expect(moments.map(({ inMs }) => inMs)).toEqual([
      5_000, 10_000, 15_000, 20_000, 25_000, 30_000,
    ]);
    expect(withinMs).toBe(30_000);
    expect(answersExpected).toBe(moments.at(-1)?.answers);
    expect(freeAgentsExpected).toBe(10);
    expect(answersExpected).toBe(0);
  });

  it('counts who waits already for certain, and each call by its age', () => {
    const waiting = [{ answeredAt: NOW - 500, deadlineAt: NOW + 1_500 }];
    const call = { id: 'call_1', state: 'ringing', since: NOW } as const;
    const found = forecast({
      waiting,
      calls: [
        { ...call, placedAt: NOW },
        { ...call, placedAt: NOW - 5_000 },
      ],
    });
    const byFive = KNOWING.setups.answerWithin(0, 5) + KNOWING.setups.answerWithin(5, 5);
    expect(found.moments[0]?.answers).toBeCloseTo(1 + byFive, 9);
    expect(found.answersExpected).toBeGreaterThan(1.2);
    expect(found.answersExpected).toBeLessThan(1.7);
  });

  it('takes a call that is being screened for nearly answered', () => {
    const call = { id: 'call_1', since: NOW, placedAt: NOW - 9_000 } as const;
    const screening = forecast({ calls: [{ ...call, state: 'screening' }] });
    expect(screening.moments[0]?.answers).toBeCloseTo(KNOWING.setups.screenedWithin(5), 9);
    const ringing = forecast({ calls: [{ ...call, state: 'ringing' }] });
    expect(screening.answersExpected).toBeGreaterThan(ringing.answersExpected);
  });

  it('counts agents by when they are free: at once, after a rest, until a pause, or never', () => {
    const agent: PacingAgent = { state: 'available', since: NOW };
    expect(freeOf(agent)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(freeOf({ ...agent, freeAt: NOW + 12_000 })).toEqual([0, 0, 1, 1, 1, 1]);
    expect(freeOf({ ...agent, leavesAt: NOW + 20_000 })).toEqual([1, 1, 1, 0, 0, 0]);
    expect(freeOf({ ...agent, pauseRequested: true })).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('counts an agent kept for a call like one who begins to talk, and wrap-up as nearly free', () => {
    const fresh: PacingAgent = { state: 'talking', since: NOW };
    expect(freeOf({ ...fresh, state: 'reserved', since: NOW - 60_000 })).toEqual(freeOf(fresh));
    const wrapped = freeOf({ ...fresh, state: 'wrapping-up', since: NOW - 20_000 });
    expect(wrapped.at(-1)).toBeGreaterThan(0.8);
    expect(freeOf(fresh).at(-1)).toBeLessThan(0.3);
  });

  it('of a campaign has its own calls, and the agents who work for it', () => {
    const call = { id: 'call_1', state: 'ringing', since: NOW, placedAt: NOW } as const;
    const agent: PacingAgent = { state: 'available', since: NOW };
    const shared = {
      agents: [agent, { ...agent, campaignIds: ['a'] }, { ...agent, campaignIds: ['b'] }],
      calls: [
        { ...call, campaignId: 'a' },
        { ...call, campaignId: 'b' },
        { ...call, campaignId: 'b' },
      ],
    };
    const [a, b] = [forecast(shared, 'a'), forecast(shared, 'b')];
    expect(a.freeAgentsExpected).toBe(2);
    expect(b.freeAgentsExpected).toBe(2);
    expect(b.answersExpected).toBeCloseTo(2 * a.answersExpected, 9);
  });

  it.each([
    [1_000, 0, 0],
    [1_000, 15, 0.5],
    [1_000, 45, 1.5],
    [0, 0, 0],
    [0, 2, 2],
  ])(
    'of %d answers and %d abandoned has used %d of what the cap allows',
    (answers, abandoned, used) => {
      expect(forecast({ bank: { answers, abandoned } }).abandonmentBudgetUsed).toBeCloseTo(used);
    },
  );

  it('says what is learned so far while little is, and no answer rate before anything is', () => {
    const young = learned(60);
    expect(forecast({}, undefined, young).learning).toEqual({
      answersKnown: young.setups.answersKnown,
      answersNeeded: 50,
    });
    expect('learning' in forecast()).toBe(false);
    expect('answerRateNow' in forecast({}, undefined, learned(0))).toBe(false);
    expect(forecast().answerRateNow).toBeCloseTo(0.2, 1);
  });
});
