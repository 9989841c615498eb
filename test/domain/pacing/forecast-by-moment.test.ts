import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CampaignLearning } from '../../../src/domain/pacing/campaign-learning.ts';
import { forecastOf } from '../../../src/domain/pacing/forecast.ts';
import { SHOWN_MOMENTS } from '../../../src/domain/pacing/moments.ts';
import type {
  PacingAgent,
  PacingCall,
  PacingForecast,
  PacingMode,
  PacingSnapshot,
} from '../../../src/domain/pacing/pacing-interface.ts';
import { floor, IDLE, NOW, past, SETTINGS } from './pacer-floors.ts';

const { abandonment } = SETTINGS;

function learned(seed: number, answerRate: number, talkMs?: number): CampaignLearning {
  const learning = new CampaignLearning(SETTINGS.ringTimeoutMs);
  for (const one of past(seed, answerRate, 800)) learning.observe(one, abandonment);
  for (let talk = 0; talkMs !== undefined && talk < 3_000; talk += 1) {
    learning.releases.talkEnded(0, talkMs);
    learning.releases.wrapUpEnded(0, 1_000);
  }
  learning.setups.prepare();
  learning.releases.prepare(1.4);
  return learning;
}

const KNOWING = learned(4, 0.2);
const SHORT = learned(4, 0.2, 10_000);

function forecast(
  overrides: Partial<PacingSnapshot>,
  {
    campaignId,
    mode = 'predictive',
    learning = KNOWING,
    learningOf = () => learning,
  }: {
    readonly campaignId?: string;
    readonly mode?: PacingMode;
    readonly learning?: CampaignLearning;
    readonly learningOf?: (id: string | undefined) => CampaignLearning;
  } = {},
): PacingForecast {
  const snapshot = { ...IDLE, ...overrides };
  return forecastOf(snapshot, campaignId, learning, learningOf, mode, snapshot.bank, abandonment);
}

const agent = (more: Partial<PacingAgent> = {}): PacingAgent => ({
  state: 'available',
  since: NOW,
  ...more,
});
const freeOf = (one: PacingAgent): number[] =>
  forecast({ agents: [one] }).moments.map(({ freeAgents }) => freeAgents);
const seconds = (count: number): number => NOW + count * 1_000;

describe('an agent in the forecast', () => {
  it('is free from the moment on at which the rest ends, and no more from that of leaving', () => {
    expect(freeOf(agent({ freeAt: seconds(10) }))).toEqual([0, 1, 1, 1, 1, 1]);
    expect(freeOf(agent({ freeAt: seconds(10) + 1 }))).toEqual([0, 0, 1, 1, 1, 1]);
    expect(freeOf(agent({ leavesAt: seconds(10) }))).toEqual([1, 0, 0, 0, 0, 0]);
    expect(freeOf(agent({ leavesAt: seconds(10) + 1 }))).toEqual([1, 1, 0, 0, 0, 0]);
    expect(freeOf(agent({ freeAt: seconds(8), leavesAt: seconds(22) }))).toEqual([
      0, 1, 1, 1, 0, 0,
    ]);
  });

  it('who is busy is held to rest and leave as well', () => {
    const talking = agent({ state: 'talking', since: seconds(-60) });
    const chances = freeOf(talking);
    expect(freeOf({ ...talking, leavesAt: seconds(15) })).toEqual([
      ...chances.slice(0, 2),
      0,
      0,
      0,
      0,
    ]);
    expect(freeOf({ ...talking, freeAt: seconds(15) })).toEqual([0, 0, ...chances.slice(2)]);
    expect(freeOf({ ...talking, pauseRequested: true })).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('is counted as the campaign of their call ends talks', () => {
    const talking = [agent({ state: 'talking', since: seconds(-5), campaignId: 'short' })];
    const asked: (string | undefined)[] = [];
    const found = forecast(
      { agents: [...talking, agent({ state: 'talking', since: seconds(-5) })] },
      {
        learningOf: (id) => {
          asked.push(id);
          return SHORT;
        },
      },
    );
    expect(asked).toEqual(['short']);
    expect(found.moments[1]?.freeAgents).toBeGreaterThan(0.8);
    expect(found.moments[1]?.freeAgents).toBeLessThan(1.3);
  });

  it('is read without the wait that an answered person may have', () => {
    const one = agent({ state: 'wrapping-up', since: seconds(-3) });
    const later = learned(4, 0.2);
    later.releases.prepare(9);
    expect(forecast({ agents: [one] }, { learning: later }).moments).toEqual(
      forecast({ agents: [one] }).moments,
    );
  });

  it('counts for every campaign while it is said for none, and for none of which they are not', () => {
    const agents = [agent(), agent({ campaignIds: ['a'] }), agent({ campaignIds: [] })];
    expect(forecast({ agents }).freeAgentsExpected).toBe(3);
    expect(forecast({ agents }, { campaignId: 'a' }).freeAgentsExpected).toBe(2);
    expect(forecast({ agents }, { campaignId: 'b' }).freeAgentsExpected).toBe(1);
  });
});

describe('people in the forecast', () => {
  it('who wait are those of the campaign, and there at every moment', () => {
    const person = { answeredAt: NOW, deadlineAt: NOW + 2_000 };
    const waiting = [{ ...person, campaignId: 'a' }, { ...person, campaignId: 'a' }, person];
    const found = (campaignId?: string) =>
      forecast({ waiting }, campaignId === undefined ? {} : { campaignId }).moments.map(
        ({ answers }) => answers,
      );
    expect(found('a')).toEqual([2, 2, 2, 2, 2, 2]);
    expect(found()).toEqual([1, 1, 1, 1, 1, 1]);
    expect(found('b')).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('are the sum of what each call promises, and no more than there are calls', () => {
    const one = (ageS: number): PacingCall => ({
      id: `call_${ageS}`,
      state: 'ringing',
      placedAt: seconds(-ageS),
      since: NOW,
    });
    const ages = [0, 3, 9, 21, 29];
    const { moments } = forecast({ calls: ages.map(one) });
    for (const [index, { answers }] of moments.entries()) {
      const within = SHOWN_MOMENTS.at(index);
      const sum = ages.reduce((all, ageS) => all + KNOWING.setups.answerWithin(ageS, within), 0);
      expect(answers).toBeCloseTo(sum, 9);
    }
  });

  it('never become fewer with time, as agents who do not leave never do, on any floor', () => {
    fc.assert(
      fc.property(floor, (snapshot) => {
        const { moments, answersExpected, freeAgentsExpected } = forecast(snapshot);
        let before = { answers: 0, freeAgents: 0 };
        for (const moment of moments) {
          expect(moment.answers).toBeGreaterThanOrEqual(before.answers - 1e-9);
          expect(moment.freeAgents).toBeGreaterThanOrEqual(before.freeAgents - 1e-9);
          before = moment;
        }
        expect(answersExpected).toBeLessThanOrEqual(
          snapshot.calls.length + snapshot.waiting.length + 1e-9,
        );
        expect(freeAgentsExpected).toBeLessThanOrEqual(snapshot.agents.length + 1e-9);
      }),
      { seed: 101, numRuns: 60 },
    );
  });
});

describe('what else a forecast says', () => {
  it('is the accepted risk where it is predicted, and none in the other modes', () => {
    const { riskMax } = forecast({});
    expect(riskMax).toBe(KNOWING.risk.riskMax(IDLE.bank, abandonment, 10));
    for (const mode of ['ratio', 'progressive', 'preview'] as const) {
      expect(forecast({}, { mode })).not.toHaveProperty('riskMax');
    }
  });

  it('is since when the carrier fails, only while it does', () => {
    expect(forecast({})).not.toHaveProperty('carrierFailingSince');
    const failing = learned(4, 0.2);
    failing.carrier.look([], seconds(0));
    for (let call = 0; call < 60; call += 1) {
      failing.carrier.pass({
        kind: 'setup-ended',
        callId: `call_${call}`,
        placedAt: seconds(0),
        at: seconds(1),
        outcome: 'failed',
      });
    }
    failing.carrier.look([], seconds(6));
    expect(forecast({}, { learning: failing }).carrierFailingSince).toBe(seconds(1));
  });

  it('is how many set-ups it is based on, and that nothing is known before the first', () => {
    expect(forecast({}).setupsObserved).toBe(800);
    const young = new CampaignLearning(SETTINGS.ringTimeoutMs);
    young.setups.prepare();
    young.releases.prepare(0);
    const found = forecast({}, { learning: young });
    expect(found).not.toHaveProperty('answerRateNow');
    expect(found).toMatchObject({
      setupsObserved: 0,
      learning: { answersKnown: 0, answersNeeded: 50 },
    });
  });
});
