import { describe, expect, it } from 'vitest';
import { createPacer } from '../../src/domain/pacing/pacer.ts';
import type {
  WhatIfCampaign,
  WhatIfEstimate,
  WhatIfQuestion,
  WhatIfScreened,
} from '../../src/engine/ports/what-if.ts';
import { USUAL_SETUP } from '../../src/floor-model/fates.ts';
import { runFloor } from '../../src/floor-model/floor.ts';
import { type FloorScenario, plainScenario } from '../../src/floor-model/scenario.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import { movesNotably } from '../../src/what-if/figures.ts';
import { estimateWhatIf } from '../../src/what-if/what-if.ts';
import { SETTINGS } from '../domain/pacing/pacer-floors.ts';

const AGENTS = 12;
const BANK = { answers: 400, abandoned: 8 };
const PACING = { settings: SETTINGS, linesMax: 200 };
const estimate = (question: WhatIfQuestion, spans = 3): WhatIfEstimate =>
  estimateWhatIf(question, { spansMin: spans, spansMax: spans, isOver: () => true });

/** Several tests compare with the same estimate, which takes a second or more to make. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** What a pacer learned on a floor that was played for some hours, and how the floor was. */
function playedOn(scenario: FloorScenario) {
  const pacer = createPacer(SETTINGS);
  let answerRate = 0;
  const tally = runFloor({
    scenario,
    seed: 7,
    clockStart: 'answered',
    policy: {
      ...{ name: 'learner', planEveryMs: 250, planOnEvents: true },
      observe: (observation) => pacer.observe(observation),
      plan(snapshot) {
        const plan = pacer.plan(snapshot);
        answerRate = plan.forecast.answerRateNow ?? 0;
        return plan;
      },
    },
  });
  const { conversations, busyMs, presentMs } = tally;
  return {
    answerRate,
    learned: pacer.toJSON().campaigns,
    utilisation: busyMs / presentMs,
    conversationsPerHour: conversations / (presentMs / HOUR_MS),
  };
}

const HOURS = { warmUpMs: HOUR_MS, countedMs: 4 * HOUR_MS };

describe('a campaign that shares its agents', () => {
  const RATES = [
    { id: 'campaign_a', weight: 1, answerRate: 0.1 },
    { id: 'campaign_b', weight: 1, answerRate: 0.15 },
    { id: 'campaign_c', weight: 1, answerRate: 0.2 },
  ];
  const floor = playedOn(plainScenario(AGENTS, 0.15, { ...HOURS, campaigns: RATES }));
  const [asked, ...others] = RATES.map(
    (one): WhatIfCampaign => ({
      ...{ ...one, bank: BANK, now: PACING },
      learned: floor.learned[one.id] ?? {},
    }),
  ) as [WhatIfCampaign, WhatIfCampaign, WhatIfCampaign];
  const question = (change: Partial<WhatIfQuestion> = {}): WhatIfQuestion => ({
    ...{ ...asked, learned: asked.learned ?? {}, agents: AGENTS, changed: PACING },
    ...change,
  });
  const progressive = { ...PACING, settings: { ...SETTINGS, mode: 'progressive' as const } };
  const asItIs = once(() => estimate(question({ others })));
  const alone = once(() => estimate(question({ changed: progressive })));

  it('is simulated beside the others: the agents are as busy as on the floor they are on', () => {
    const { now, others: told } = estimate(question({ others }), 6);
    expect(Math.abs(now.utilisation.middle - floor.utilisation)).toBeLessThan(0.03);
    expect(Math.abs(now.conversationsPerHour.middle / floor.conversationsPerHour - 1)).toBeLessThan(
      0.06,
    );
    expect(told.map(({ campaignId }) => campaignId)).toEqual(['campaign_b', 'campaign_c']);
    for (const { abandonment, isNotable } of told) {
      expect(abandonment.now).toEqual(abandonment.changed);
      expect(abandonment.now.middle).toBeLessThan(0.06);
      expect(isNotable).toBe(false);
    }
    // With its share of the agents to itself it would leave them waiting for much longer.
    const alone = estimate(question({ agents: AGENTS / 3 })).now;
    expect(alone.utilisation.high).toBeLessThan(now.utilisation.low);
  });

  it('abandons hardly anyone at one to one, while the others keep the agents busy', () => {
    const { now, changed } = estimate(question({ others, changed: progressive }));
    expect(changed.abandonment.middle).toBeLessThan(0.01);
    expect(changed.utilisation.middle).toBeLessThan(now.utilisation.middle + 0.02);
    expect(changed.utilisation.middle).toBeGreaterThan(alone().changed.utilisation.high + 0.1);
  });

  it('behaves as if alone beside a campaign without lines', () => {
    const silent = others.map((one) => ({ ...one, now: { ...PACING, linesMax: 0 } }));
    const beside = estimate(question({ others: silent })).now;
    expect(Math.abs(beside.utilisation.middle - alone().now.utilisation.middle)).toBeLessThan(0.04);
  });

  it('leaves campaigns that predict their cap beside one that does not keep it', () => {
    const abandonment = { ...SETTINGS.abandonment, rateMax: 1 };
    const reckless = { ...SETTINGS, mode: 'ratio', ratio: 8, abandonment } as const;
    const changed = { settings: reckless, linesMax: 200 };
    const { others: told, changed: after } = estimate(question({ others, changed }), 4);
    expect(after.abandonment.middle).toBeGreaterThan(0.05);
    for (const { abandonment: lost } of told) expect(lost.changed.middle).toBeLessThan(0.035);
    // One still moves, within its cap, and is highlighted.
    expect(told.map(({ isNotable }) => isNotable)).toEqual([false, true]);
  });

  it('counts agents only for the campaigns they work for', () => {
    const only = ['campaign_a'];
    const crew = Array.from({ length: AGENTS }, (_, index) =>
      index < 8
        ? { campaignIds: ['campaign_b', 'campaign_c'] }
        : index < 10
          ? { campaignIds: only }
          : {},
    );
    const few = estimate(question({ others, crew })).now;
    expect(few.utilisation.middle).toBeLessThan(asItIs().now.utilisation.middle);
    expect(few.utilisation.middle).toBeGreaterThan(0.6);
  });

  it('respects the trunks’ limit for all of them', () => {
    const trunks = { lines: AGENTS, callsPerSecond: 10 };
    const narrow = estimate(question({ others, trunks })).now;
    expect(narrow.utilisation.high).toBeLessThan(asItIs().now.utilisation.low);
  });
});

describe('another campaign’s abandonment', () => {
  const of = (...lost: number[]) => lost.map((count) => ({ answers: 100, lost: count }));

  it('is highlighted when it moves by half a point or more, in more than a few spans', () => {
    expect(movesNotably(of(1, 2, 1, 2, 1), of(3, 5, 3, 4, 4))).toBe(true);
    expect(movesNotably(of(3, 5, 3, 4, 4), of(1, 2, 1, 2, 1))).toBe(true);
  });

  it('is not highlighted when it moves by less, or in a single span', () => {
    expect(movesNotably(of(2, 2, 2, 2, 2), of(2, 3, 2, 3, 2))).toBe(false);
    expect(movesNotably(of(2, 2, 2, 2, 2), of(1, 9, 1, 4, 2))).toBe(false);
    expect(movesNotably(of(2), of(9))).toBe(false);
    expect(movesNotably([], [])).toBe(false);
  });
});

describe('rests', () => {
  const floor = playedOn(plainScenario(AGENTS, 0.15, HOURS));
  const asked = (change: Partial<WhatIfQuestion>): WhatIfQuestion => ({
    ...{ agents: AGENTS, answerRate: 0.15, learned: floor.learned[''] ?? {}, bank: BANK },
    ...{ now: PACING, changed: PACING, ...change },
  });

  const withRests = once(() =>
    estimate(asked({ changed: { ...PACING, restBetweenCallsMs: 20_000 } })),
  );

  it('between calls cost as much of the agents’ time as they last', () => {
    const { now, changed: rested } = withRests();
    const cycleMs = HOUR_MS / now.conversationsPerHour.middle;
    const expected = HOUR_MS / (cycleMs + 20_000);
    expect(rested.conversationsPerHour.middle).toBeLessThan(now.conversationsPerHour.low);
    expect(Math.abs(rested.conversationsPerHour.middle / expected - 1)).toBeLessThan(0.06);
  });

  it('that are announced leave fewer agents, who wait for longer', () => {
    const rest = { inMs: 5 * MINUTE_MS, forMs: 50 * MINUTE_MS };
    const crew = Array.from({ length: AGENTS }, (_, index) => (index < 8 ? { rest } : {}));
    const few = estimate(asked({ crew })).now;
    const all = withRests().now;
    expect(few.utilisation.high).toBeLessThan(all.utilisation.low);
    expect(few.waitMs.middle).toBeGreaterThan(1.2 * all.waitMs.middle);
  });
});

describe('answering machines', () => {
  const SCREENING = {
    ...{ minMs: 1_300, maxMs: 1_800, ofMachines: { minMs: 2_300, maxMs: 2_500 } },
    ...{ falsePositives: 0.01, machinesMissed: 0.05 },
  };
  /** Two machines answer for three people, nearly. */
  const parallel = playedOn(
    plainScenario(AGENTS, 0.15, {
      ...HOURS,
      setup: { ...USUAL_SETUP, machineShare: 0.18 },
      screening: { ...SCREENING, seekAfterMs: 0 },
    }),
  );
  const screened: WhatIfScreened = {
    lately: { people: 623, machines: 377, peopleMeanMs: 1_550, machinesMeanMs: 2_400 },
    judged: {
      ...{ person: 3_000, unsure: 0, machine: 2_000, sampled: 40 },
      ...{ judged: 40, people: 1, missed: 100 },
    },
  };
  const now = { ...PACING, amd: 'parallel', amdSampleShare: 0 } as const;
  const asked = (change: Partial<WhatIfQuestion>): WhatIfQuestion => ({
    ...{
      agents: AGENTS,
      answerRate: parallel.answerRate,
      learned: parallel.learned[''] ?? {},
      bank: BANK,
    },
    ...{ now, changed: now, screened, ...change },
  });

  it('are removed from what was learned with them: the present floor comes out as it is', () => {
    const { now: played, machines } = estimate(asked({}), 6);
    expect(machines).toBe('measured');
    expect(Math.abs(played.utilisation.middle - parallel.utilisation)).toBeLessThan(0.04);
    const conversations = played.conversationsPerHour.middle / parallel.conversationsPerHour;
    expect(Math.abs(conversations - 1)).toBeLessThan(0.1);
  });

  it('cost agents conversations when they are not screened', () => {
    const { now: played, changed: off } = estimate(asked({ changed: { ...now, amd: 'off' } }));
    expect(off.conversationsPerHour.high).toBeLessThan(played.conversationsPerHour.low);
  });

  it('reach no agent when every verdict is awaited and comes in time', () => {
    const quick = { ...screened, lately: { ...screened.lately, machinesMeanMs: 1_000 } };
    const change = { screened: quick, changed: { ...now, amd: 'before' } } as const;
    const { now: played, changed: before } = estimate(asked(change), 6);
    expect(before.conversationsPerHour.middle).toBeGreaterThan(
      0.97 * played.conversationsPerHour.middle,
    );
    // The person waits one and a half of two seconds longer; the pacer then dials more carefully.
    expect(before.abandonment.middle).toBeLessThan(0.05);
  });

  it('are assumed when too few were screened, and the answer says so', () => {
    const few = { ...screened, lately: { ...screened.lately, people: 20, machines: 10 } };
    expect(estimate(asked({ screened: few }), 1).machines).toBe('assumed');
    const { screened: _none, ...without } = asked({});
    expect(estimate(without, 1).machines).toBe('assumed');
    const { amd: _amd, ...pacing } = now;
    expect(estimate(asked({ now: pacing, changed: pacing }), 1).machines).toBe('left-out');
  });
});
