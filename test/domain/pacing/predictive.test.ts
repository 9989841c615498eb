import { describe, expect, it } from 'vitest';
import {
  createPacer,
  type Pacer,
  type PacingAgent,
  type PacingCampaign,
  type PacingObservation,
  type PacingSettings,
  type PacingSnapshot,
} from '../../../src/domain/pacing/pacer.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { PLACED_AT } from '../../support/builders.ts';
import { SETTINGS } from './pacer-floors.ts';

const CALLS = 600;
const NOW = PLACED_AT + CALLS * 1_000 + 60_000;
const BANK = { answers: 2_000, abandoned: 45 };

/** A call a second, of which this share is answered after 4 to 20 s; talks of about two minutes. */
function history(answerRate: number, campaignId?: string): PacingObservation[] {
  const random = seededRandom(9);
  const named = campaignId === undefined ? {} : { campaignId };
  const found: PacingObservation[] = [];
  for (let call = 0; call < CALLS; call += 1) {
    const placedAt = PLACED_AT + call * 1_000;
    const callId = `call_${call}`;
    if (random() >= answerRate) {
      const at = placedAt + (random() < 0.3 ? 1_500 : 30_000);
      const outcome = at - placedAt < 30_000 ? 'busy' : 'no-answer';
      found.push({ kind: 'setup-ended', callId, placedAt, at, outcome, ...named });
      continue;
    }
    const at = placedAt + 4_000 + random() * 16_000;
    found.push({ kind: 'setup-ended', callId, placedAt, at, outcome: 'person', ...named });
    found.push({ kind: 'connected', callId, answeredAt: at, at, ...named });
    const over = at + -Math.log(1 - random()) * 120_000;
    found.push({ kind: 'talk-ended', startedAt: at, at: over, ...named });
    found.push({ kind: 'wrap-up-ended', startedAt: over, at: over + 20_000, ...named });
  }
  return found.sort((left, right) => left.at - right.at);
}

function taught(settings: Partial<PacingSettings> = {}, answerRate = 0.15): Pacer {
  const pacer = createPacer({ ...SETTINGS, ...settings });
  for (const observation of history(answerRate)) pacer.observe(observation);
  return pacer;
}

function agents(count: number, state: PacingAgent['state'] = 'available'): PacingAgent[] {
  return Array.from({ length: count }, (_, index) => ({
    state,
    since: NOW - 5_000 - 7_000 * index,
  }));
}

function aSnapshot(overrides: Partial<PacingSnapshot> = {}): PacingSnapshot {
  return {
    now: NOW,
    agents: [...agents(2), ...agents(8, 'talking')],
    calls: [],
    waiting: [],
    bank: BANK,
    linesFree: 500,
    callsAllowedNow: 500,
    leadsLeft: 10_000,
    ...overrides,
  };
}

describe('predictive pacing', () => {
  it('dials ahead of the free agents, and says at which risk', () => {
    const { place, because } = taught().plan(aSnapshot());
    expect(place).toBeGreaterThan(2);
    if (because.kind !== 'risk-accepted') throw new Error(because.kind);
    expect(because.risk).toBeLessThanOrEqual(because.riskMax);
    expect(because.answerRate).toBeGreaterThan(0.1);
    expect(because.answerRate).toBeLessThan(0.2);
    expect(because).toMatchObject({ free: 2, onTheWay: place });
  });

  it('dials for agents who are about to be free, and hardly for those who just began', () => {
    const soon = agents(10, 'wrapping-up').map((agent) => ({ ...agent, since: NOW - 18_000 }));
    const fresh = agents(10, 'talking').map((agent) => ({ ...agent, since: NOW - 1_000 }));
    const place = (team: PacingAgent[]) => taught().plan(aSnapshot({ agents: team })).place;
    expect(place(soon)).toBeGreaterThan(10);
    expect(place(fresh)).toBeLessThan(6);
  });

  it('is one to one while it learns, whatever the ratio of answers seems to be', () => {
    const pacer = createPacer(SETTINGS);
    const seen = history(0.15).filter(({ kind }) => kind === 'setup-ended');
    for (const observation of seen.slice(0, 60)) pacer.observe(observation);
    const { place, because } = pacer.plan(aSnapshot({ agents: agents(7) }));
    expect(place).toBe(7);
    expect(because).toMatchObject({ kind: 'learning', answersNeeded: 50, free: 7 });
  });

  it('dials ahead from twenty answers on, but less than once it is sure', () => {
    const all = history(0.15);
    const known = (answers: number): Pacer => {
      const pacer = createPacer(SETTINGS);
      let seen = 0;
      for (const one of all) {
        pacer.observe(one);
        if (one.kind === 'setup-ended' && one.outcome === 'person') seen += 1;
        if (seen === answers) break;
      }
      return pacer;
    };
    const team = agents(20);
    const placed = (answers: number): number =>
      known(answers).plan(aSnapshot({ agents: team })).place;
    expect(placed(10)).toBe(20);
    expect(placed(35)).toBeGreaterThan(25);
    expect(placed(80)).toBeGreaterThan(placed(35));
    expect(known(35).plan(aSnapshot()).forecast.learning?.answersKnown).toBeGreaterThan(20);
  });

  it('fills a large team that waits with a margin for what it cannot know of the answer rate', () => {
    const { place, because } = taught().plan(
      aSnapshot({ agents: agents(200), linesFree: 2_000, callsAllowedNow: 2_000 }),
    );
    if (because.kind !== 'risk-accepted' && because.kind !== 'capped')
      throw new Error(because.kind);
    const answers = place * 0.15;
    expect(answers).toBeGreaterThan(100);
    // Were 15 % certain, 1,150 calls would be within the risk: 173 answers, give or take 12.
    expect(answers).toBeLessThan(165);
  });

  it('is one to one while the bank is empty', () => {
    const bank = { answers: 100, abandoned: 4 };
    const { place, because } = taught().plan(aSnapshot({ bank }));
    expect(place).toBe(2);
    expect(because).toMatchObject({ kind: 'abandonment-over-cap', ...bank });
  });

  it('dials more where fewer people answer', () => {
    const at = (answerRate: number) => taught({}, answerRate).plan(aSnapshot()).place;
    expect(at(0.11)).toBeGreaterThan(1.3 * at(0.4));
  });

  it('probes with one call when the carrier fails everything, and says since when', () => {
    const pacer = taught();
    for (let call = 0; call < 100; call += 1) {
      const at = NOW - 40_000 + call * 300;
      const placedAt = at - 800;
      pacer.observe({
        kind: 'setup-ended',
        callId: `call_f${call}`,
        placedAt,
        at,
        outcome: 'failed',
      });
      pacer.plan(aSnapshot({ now: at, linesFree: 0 }));
    }
    const first = pacer.plan(aSnapshot());
    expect(first.place).toBe(1);
    expect(first.because.kind).toBe('carrier-failing');
    expect(first.forecast.carrierFailingSince).toBeGreaterThanOrEqual(NOW - 40_000);
    expect(pacer.plan(aSnapshot({ now: NOW + 250 })).place).toBe(0);
  });

  it('has learned nothing of the outage when it is over', () => {
    const pacer = taught();
    const before = pacer.plan(aSnapshot()).forecast.answerRateNow ?? 0;
    for (let call = 0; call < 400; call += 1) {
      const at = NOW + call * 300;
      pacer.observe({
        kind: 'setup-ended',
        callId: `call_f${call}`,
        placedAt: at - 800,
        at,
        outcome: 'failed',
      });
      pacer.plan(aSnapshot({ now: at, linesFree: 0 }));
    }
    const back = NOW + 130_000;
    pacer.observe({
      kind: 'setup-ended',
      callId: 'call_back',
      placedAt: back - 9_000,
      at: back,
      outcome: 'person',
    });
    const after = pacer.plan(aSnapshot({ now: back })).forecast.answerRateNow ?? 0;
    expect(after).toBeGreaterThan(0.9 * before);
    expect(after).toBeLessThan(1.3 * before);
  });

  it('keeps the supervisor’s limits: never more lines for each agent, and at least so many', () => {
    const most = taught({ linesPerAgentMax: 0.3 }).plan(aSnapshot());
    expect(most.place).toBe(3);
    expect(most.because).toMatchObject({ kind: 'capped', by: 'lines-per-agent' });
    const least = taught({ linesPerAgentMin: 4 }).plan(aSnapshot());
    expect(least.place).toBe(40);
    expect(least.because).toMatchObject({ kind: 'lines-per-agent-min', lines: 40 });
    const empty = { answers: 100, abandoned: 4 };
    expect(taught({ linesPerAgentMin: 4 }).plan(aSnapshot({ bank: empty })).place).toBe(2);
  });

  it('cancels what has rung long enough when the agents it was dialed for have left', () => {
    const ringing = Array.from({ length: 40 }, (_, index) => ({
      id: `call_${index}`,
      state: 'ringing' as const,
      placedAt: NOW - (index < 20 ? 19_000 : 6_000),
      since: NOW - (index < 20 ? 17_000 : 4_000),
    }));
    const team = agents(4, 'talking').map((agent) => ({ ...agent, since: NOW - 2_000 }));
    const shown = aSnapshot({ agents: team, calls: ringing });
    const { cancel, place } = taught({ cancelAfterRingingMs: 15_000 }).plan(shown);
    expect(place).toBe(0);
    expect(cancel.length).toBeGreaterThan(0);
    for (const id of cancel) expect(Number(id.slice('call_'.length))).toBeLessThan(20);
    expect(taught().plan(shown).cancel).toEqual([]);
  });

  it('forecasts the answers and the free agents of the next thirty seconds', () => {
    const { forecast } = taught().plan(aSnapshot({ linesFree: 0 }));
    expect(forecast.withinMs).toBe(30_000);
    expect(forecast.moments.map(({ inMs }) => inMs)).toEqual([
      5_000, 10_000, 15_000, 20_000, 25_000, 30_000,
    ]);
    expect(forecast.freeAgentsExpected).toBeGreaterThan(2);
    expect(forecast.freeAgentsExpected).toBeLessThan(6);
    expect(forecast.answersExpected).toBe(0);
  });
});

describe('a dialing group', () => {
  const campaign = (id: string, weight: number) => ({ id, weight, bank: BANK, leadsLeft: 1_000 });
  const group = (ids: readonly string[]): Pacer => {
    const pacer = createPacer(SETTINGS);
    for (const id of ids) for (const one of history(0.15, id)) pacer.observe(one);
    return pacer;
  };

  it('gives calls by weight, and together no more than one campaign would place alone', () => {
    const campaigns = [campaign('a', 3), campaign('b', 1)];
    const team = [...agents(30), ...agents(30, 'talking')];
    const plan = group(['a', 'b']).plan(aSnapshot({ agents: team, campaigns }));
    const [a, b] = (plan.byCampaign ?? []).map(({ place }) => place);
    expect((a ?? 0) + (b ?? 0)).toBe(plan.place);
    expect((a ?? 0) / (b ?? 1)).toBeGreaterThan(2.6);
    expect((a ?? 0) / (b ?? 1)).toBeLessThan(3.4);
    const alone = taught().plan(aSnapshot({ agents: team })).place;
    expect(plan.place).toBeGreaterThan(0.75 * alone);
    expect(plan.place).toBeLessThan(1.25 * alone);
  });

  it('uses for a campaign only the agents who work for it', () => {
    const campaigns = [campaign('a', 1), campaign('b', 1)];
    const team = agents(6).map((agent) => ({ ...agent, campaignIds: ['a'] }));
    const plan = group(['a', 'b']).plan(aSnapshot({ agents: team, campaigns }));
    const [a, b] = plan.byCampaign ?? [];
    expect(a?.place).toBeGreaterThan(6);
    expect(b?.place).toBe(0);
  });

  it('goes on with a campaign whose bank is empty: one to one, and only where it is safe', () => {
    const empty = { answers: 25, abandoned: 1 };
    const campaigns = [{ ...campaign('a', 1), bank: empty }, campaign('b', 1)];
    const calls = Array.from({ length: 10 }, (_, index) => ({
      id: `call_${index}`,
      campaignId: 'b',
      state: 'ringing' as const,
      placedAt: NOW - 3_000 - 1_000 * index,
      since: NOW - 2_000,
    }));
    const placedOf = (free: number): number => {
      const team = [...agents(free), ...agents(20, 'talking')];
      const plan = group(['a', 'b']).plan(aSnapshot({ agents: team, campaigns, calls }));
      return plan.byCampaign?.[0]?.place ?? 0;
    };
    expect(placedOf(8)).toBeGreaterThan(0);
    expect(placedOf(8)).toBeLessThanOrEqual(8);
    expect(placedOf(0)).toBe(0);
  });

  it('lets a campaign that still learns have its turn beside one that predicts', () => {
    const campaigns = [campaign('a', 1), campaign('b', 1)];
    const team = [...agents(10), ...agents(20, 'talking')];
    const plan = group(['a']).plan(aSnapshot({ agents: team, campaigns }));
    const [a, b] = plan.byCampaign ?? [];
    expect(a?.place).toBeGreaterThan(2);
    expect(b?.place).toBeGreaterThan(2);
  });

  it('leaves the turn to the one who has it: nobody takes the agents it waits for', () => {
    const campaigns = [
      { ...campaign('a', 1), bank: { answers: 2_000, abandoned: 59 } },
      campaign('b', 1),
    ];
    const pacer = group(['a', 'b']);
    let [placedA, placedB] = [0, 0];
    const calls: PacingSnapshot['calls'][number][] = [];
    for (let second = 0; second < 20; second += 1) {
      const now = NOW + second * 1_000;
      const shown = aSnapshot({
        now,
        agents: [...agents(4), ...agents(20, 'talking')],
        campaigns,
        calls,
      });
      for (const { campaignId, place } of pacer.plan(shown).byCampaign ?? []) {
        for (let call = 0; call < place; call += 1) {
          const id = `call_${second}_${campaignId}_${call}`;
          calls.push({ id, state: 'placing', placedAt: now, since: now, campaignId });
        }
        if (campaignId === 'a') placedA += place;
        else placedB += place;
      }
    }
    expect(placedB).toBeGreaterThan(2);
    expect(placedB - placedA).toBeLessThanOrEqual(11);
  });

  describe('with a minimum of lines for each agent', () => {
    const team = agents(20, 'talking').map((agent) => ({ ...agent, since: NOW - 1_000 }));
    const least = (id: string, weight: number, more: Partial<PacingCampaign> = {}) => ({
      ...campaign(id, weight),
      linesPerAgentMin: 2,
      ...more,
    });
    const placedBy = (
      campaigns: readonly PacingCampaign[],
      more: Partial<PacingSnapshot> = {},
      pacer = group(['a', 'b']),
    ) => {
      const plan = pacer.plan(aSnapshot({ agents: team, campaigns, ...more }));
      return (plan.byCampaign ?? []).map(({ place }) => place);
    };

    it('has it for its share of the agents, by weight, with its own calls counted', () => {
      expect(placedBy([least('a', 3), least('b', 1)])).toEqual([30, 10]);
      const ringing = Array.from({ length: 6 }, (_, index) => ({
        id: `call_${index}`,
        campaignId: 'b',
        state: 'ringing' as const,
        placedAt: NOW - 9_000,
        since: NOW - 8_000,
      }));
      expect(placedBy([least('a', 3), least('b', 1)], { calls: ringing })).toEqual([30, 4]);
    });

    it('leaves a campaign without one to its risk, and shares no agent with one the agent does not work for', () => {
      const [a, b] = placedBy([least('a', 1), campaign('b', 1)]);
      expect(a).toBe(20);
      expect(b).toBeLessThan(8);
      const only = team.map((agent, index) =>
        index < 10 ? { ...agent, campaignIds: ['a'] } : agent,
      );
      expect(placedBy([least('a', 1), least('b', 1)], { agents: only })).toEqual([30, 10]);
    });

    it('never has it while its bank is empty, it learns, or its carrier fails', () => {
      const empty = { bank: { answers: 100, abandoned: 4 } };
      expect(placedBy([least('a', 1, empty), least('b', 1)])).toEqual([0, 20]);
      const [a, learning] = placedBy([least('a', 1), least('b', 1)], {}, group(['a']));
      expect(a).toBe(20);
      expect(learning).toBeLessThan(8);
      const failing = group(['a', 'b']);
      const both = [least('a', 1), least('b', 1)];
      expect(placedBy(both, {}, failing)).toEqual([20, 20]);
      for (let call = 0; call < 100; call += 1) {
        const placedAt = NOW + call * 20;
        failing.observe({
          kind: 'setup-ended',
          callId: `failed_${call}`,
          placedAt,
          at: placedAt + 300,
          outcome: 'failed',
          campaignId: 'b',
        });
      }
      expect(placedBy(both, { now: NOW + 10_000 }, failing)).toEqual([20, 0]);
    });

    it('keeps to lines, calls a second and leads all the same', () => {
      const both = [least('a', 1), least('b', 1)];
      expect(placedBy(both, { callsAllowedNow: 25 }).reduce((sum, one) => sum + one)).toBe(25);
      expect(placedBy([least('a', 1, { leadsLeft: 7 }), least('b', 1, { linesFree: 5 })])).toEqual([
        7, 5,
      ]);
    });
  });
});
