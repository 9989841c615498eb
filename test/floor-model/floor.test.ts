import { describe, expect, it } from 'vitest';
import type { PacingObservation } from '../../src/domain/pacing/pacing-interface.ts';
import { USUAL_SETUP } from '../../src/floor-model/fates.ts';
import { runFloor } from '../../src/floor-model/floor.ts';
import type { FloorPolicy, FloorSnapshot } from '../../src/floor-model/rivals/rival.ts';
import { type FloorScenario, plainScenario } from '../../src/floor-model/scenario.ts';
import { type FloorTally, figuresOf } from '../../src/floor-model/tally.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';

/** A fixed number of lines for each free agent; it keeps everything it observed. */
function ratioPolicy(ratio: number): FloorPolicy & { readonly heard: PacingObservation[] } {
  const heard: PacingObservation[] = [];
  return {
    name: `ratio ${ratio}`,
    planEveryMs: 250,
    planOnEvents: true,
    heard,
    observe: (observation) => {
      heard.push(observation);
    },
    plan(snapshot) {
      const free = snapshot.agents.filter(({ state }) => state === 'available').length;
      const onTheWay = snapshot.calls.length + snapshot.waiting.length;
      return { place: Math.max(0, Math.round(ratio * free) - onTheWay), cancel: [] };
    },
  };
}

function play(scenario: FloorScenario, ratio: number, seed = 1): FloorTally {
  return runFloor({ scenario, policy: ratioPolicy(ratio), seed, clockStart: 'answered' });
}

/** Receives every snapshot before the policy answers. */
function watched(policy: FloorPolicy, see: (snapshot: FloorSnapshot) => void): FloorPolicy {
  return {
    ...policy,
    plan(snapshot) {
      see(snapshot);
      return policy.plan(snapshot);
    },
  };
}

const DAY: FloorScenario = plainScenario(20, 0.15, { countedMs: 4 * HOUR_MS });
const FROM_THE_START = { warmUpMs: 0, countedMs: 2 * HOUR_MS };

const EVENTFUL: FloorScenario = plainScenario(12, 0.25, {
  ...FROM_THE_START,
  rests: { workMeanMs: 20 * MINUTE_MS, restMeanMs: 5 * MINUTE_MS },
  screening: { minMs: 500, maxMs: 1_500, falsePositives: 0.15, machinesMissed: 0.1 },
  changes: [
    { atMs: 20 * MINUTE_MS, kind: 'rest', share: 0.5, forMs: 10 * MINUTE_MS },
    { atMs: 40 * MINUTE_MS, kind: 'carrier', carrier: 'failing' },
    { atMs: 42 * MINUTE_MS, kind: 'carrier', carrier: 'working' },
    { atMs: 50 * MINUTE_MS, kind: 'answer-rate', answerRate: 0.4 },
    { atMs: 60 * MINUTE_MS, kind: 'agents', present: 5 },
    { atMs: 80 * MINUTE_MS, kind: 'agents', present: 12 },
  ],
});

describe('the model of a floor', () => {
  it.each([
    [0.06, 1, 34.3],
    [0.15, 1, 53.6],
    [0.35, 1, 72.2],
    [0.06, 2, 50.2],
    [0.15, 2, 70.2],
    [0.35, 2, 84.6],
  ])(
    'keeps 20 agents at an answer rate of %d busy as published with %d lines each',
    (rate, ratio, utilisation) => {
      const scenario = plainScenario(20, rate, { countedMs: 40 * HOUR_MS });
      const measured = 100 * figuresOf([play(scenario, ratio)], 0.03).utilisation;
      expect(Math.abs(measured - utilisation)).toBeLessThan(1.5);
    },
  );

  it.each([
    ['on a plain day', plainScenario(12, 0.25, FROM_THE_START)],
    ['whatever happens', EVENTFUL],
  ])('ends every call once and every answer once %s', (_, scenario) => {
    const policy = ratioPolicy(3);
    const tally = runFloor({ scenario, policy, seed: 3, clockStart: 'answered' });
    const ended = policy.heard.filter(({ kind }) => kind === 'setup-ended');
    const ids = ended.map((one) => (one.kind === 'setup-ended' ? one.callId : ''));
    expect(new Set(ids).size).toBe(ids.length);
    // What is still on the way, or on the line, when the model stops has not ended.
    expect(tally.callsPlaced - ids.length).toBeGreaterThanOrEqual(0);
    expect(tally.callsPlaced - ids.length).toBeLessThan(40);
    const answered = ended.filter((one) => one.kind === 'setup-ended' && one.outcome === 'person');
    const fates = policy.heard.filter(
      ({ kind }) => kind === 'connected' || kind === 'abandoned' || kind === 'hung-up-waiting',
    );
    const fateIds = fates.map((one) => ('callId' in one ? one.callId : ''));
    expect(new Set(fateIds).size).toBe(fateIds.length);
    expect(answered.length - fates.length).toBeGreaterThanOrEqual(0);
    expect(answered.length - fates.length).toBeLessThan(10);
    expect(tally.answers).toBe(answered.length);
    expect(tally.lostAtLimit + tally.lostPatience).toBeGreaterThan(0);
    expect(tally.conversations + tally.machinesConnected).toBe(
      policy.heard.filter(({ kind }) => kind === 'connected').length,
    );
  });

  it.each([
    ['on a plain day', plainScenario(12, 0.25, FROM_THE_START)],
    ['whatever happens', EVENTFUL],
  ])(
    'never has an agent in two talks, nor a free agent beside a person who waits, %s',
    (_, scenario) => {
      const policy = ratioPolicy(3);
      const seen = { talking: 0, most: 0, wrong: 0 };
      runFloor({
        scenario,
        policy: watched(policy, (snapshot) => {
          const count = (kind: PacingObservation['kind']) =>
            policy.heard.filter((one) => one.kind === kind).length;
          if (policy.heard.length > 600) policy.heard.length = 0;
          const states = snapshot.agents.map(({ state }) => state);
          const talking = states.filter((state) => state === 'talking').length;
          expect(talking).toBe(snapshot.linesInConversation);
          if (policy.heard.length === 0) seen.talking = talking;
          else expect(seen.talking + count('connected') - count('talk-ended')).toBe(talking);
          if (snapshot.waiting.length > 0) expect(states).not.toContain('available');
          expect(snapshot.agents.length + snapshot.pausedAgents).toBeLessThanOrEqual(12);
          seen.most = Math.max(seen.most, talking);
        }),
        seed: 4,
        clockStart: 'answered',
      });
      expect(seen.wrong).toBe(0);
      expect(seen.most).toBeGreaterThan(6);
    },
  );

  it('gives the same fate to the same call under different policies', () => {
    const fates = (ratio: number) => {
      const policy = ratioPolicy(ratio);
      runFloor({ scenario: DAY, policy, seed: 5, clockStart: 'answered' });
      const setups = policy.heard.flatMap((one) => (one.kind === 'setup-ended' ? [one] : []));
      return new Map(
        setups.map(({ callId, outcome, at, placedAt }) => [callId, `${outcome} ${at - placedAt}`]),
      );
    };
    const [careful, bold] = [fates(1), fates(2)];
    expect(careful.size).toBeGreaterThan(1_500);
    for (const [id, fate] of careful) expect(bold.get(id)).toBe(fate);
  });

  it('loses more people where a share of them does not wait a second', () => {
    const lost = (impatientShare?: number) => {
      const setup = impatientShare === undefined ? USUAL_SETUP : { ...USUAL_SETUP, impatientShare };
      return play({ ...DAY, setup }, 6, 5);
    };
    expect(lost(0.5).lostPatience).toBeGreaterThan(1.2 * lost().lostPatience);
    // Nobody's other fate is moved by it.
    expect(lost(0)).toEqual(lost());
  });

  it('lets people answer after fourteen seconds, and at the rate of the scenario', () => {
    const policy = ratioPolicy(2);
    const scenario = plainScenario(20, 0.15, { countedMs: 24 * HOUR_MS });
    runFloor({ scenario, policy, seed: 6, clockStart: 'answered' });
    const setups = policy.heard.flatMap((one) => (one.kind === 'setup-ended' ? [one] : []));
    const people = setups.filter(({ outcome }) => outcome === 'person');
    const setupMs = people.reduce((sum, one) => sum + one.at - one.placedAt, 0) / people.length;
    expect(setupMs / 1_000).toBeCloseTo(14, 0);
    expect(people.length / setups.length).toBeCloseTo(0.15, 1.9);
    expect(USUAL_SETUP.postDialMinMs).toBeGreaterThan(0);
  });

  it('loses more people when the clock starts at the answer than at the end of the greeting', () => {
    const lost = (clockStart: 'answered' | 'greeting-ended') => {
      const scenario = plainScenario(3, 0.35, { countedMs: 24 * HOUR_MS });
      const tally = runFloor({ scenario, policy: ratioPolicy(3), seed: 8, clockStart });
      const { abandonment, abandonmentFromAnswer } = figuresOf([tally], 0.03);
      return { abandonment, abandonmentFromAnswer };
    };
    expect(lost('answered').abandonment).toBeGreaterThan(lost('greeting-ended').abandonment);
    expect(lost('answered').abandonment).toBe(lost('answered').abandonmentFromAnswer);
    const late = lost('greeting-ended');
    expect(late.abandonmentFromAnswer).toBeGreaterThan(late.abandonment);
  });

  it('restarts the bank with each day', () => {
    const tally = play(plainScenario(3, 0.35, { countedMs: 24 * HOUR_MS, dayMs: 8 * HOUR_MS }), 3);
    expect(tally.windows).toHaveLength(3);
    expect(tally.windows.reduce((sum, { answers }) => sum + answers, 0)).toBe(tally.answers);
    expect(tally.windows.reduce((sum, { lost }) => sum + lost, 0)).toBe(
      tally.lostAtLimit + tally.lostPatience,
    );
  });

  it('places no more than lines, seconds and leads allow', () => {
    const scenario = plainScenario(20, 0.15, {
      ...FROM_THE_START,
      linesMax: 12,
      callsPerSecondMax: 2,
      leadsPerDay: 500,
    });
    let most = 0;
    const policy = watched(ratioPolicy(5), ({ calls, waiting, linesInConversation }) => {
      most = Math.max(most, calls.length + waiting.length + linesInConversation);
    });
    const tally = runFloor({ scenario, policy, seed: 9, clockStart: 'answered' });
    expect(most).toBe(12);
    expect(tally.callsPlaced).toBe(500);
    // Agents whose list is over are not paid for waiting.
    expect(tally.presentMs).toBeLessThan(20 * 2 * HOUR_MS);
  });

  it('shares calls by weight among campaigns, each with its own bank', () => {
    const scenario = plainScenario(20, 0.15, {
      ...FROM_THE_START,
      campaigns: [
        { id: 'a', weight: 3, answerRate: 0.1 },
        { id: 'b', weight: 1, answerRate: 0.3 },
      ],
    });
    const tally = play(scenario, 2);
    const [first, second] = tally.campaigns;
    expect((first?.placed ?? 0) / (second?.placed ?? 1)).toBeCloseTo(3, 1);
    expect((first?.answers ?? 0) / (first?.placed ?? 1)).toBeCloseTo(0.1, 1);
    expect((second?.answers ?? 0) / (second?.placed ?? 1)).toBeCloseTo(0.3, 1);
    expect(tally.windows).toHaveLength(2);
  });

  it('cancels a named call without further effect on its number', () => {
    const patient = ratioPolicy(2);
    const policy: FloorPolicy = {
      ...patient,
      plan(snapshot) {
        const old = snapshot.calls.filter(
          ({ state, since }) => state === 'ringing' && snapshot.now - since >= 15_000,
        );
        return { ...patient.plan(snapshot), cancel: old.map(({ id }) => id) };
      },
    };
    const tally = runFloor({ scenario: DAY, policy, seed: 10, clockStart: 'answered' });
    expect(tally.callsCancelled).toBeGreaterThan(100);
    const rangOut = patient.heard.filter(
      (one) => one.kind === 'setup-ended' && one.outcome === 'no-answer',
    );
    expect(rangOut).toHaveLength(0);
  });

  it('tells only a clairvoyant policy the future of calls and agents', () => {
    let asked = 0;
    const expected = new Map<string, number>();
    const heard = ratioPolicy(1);
    const policy: FloorPolicy = {
      ...heard,
      clairvoyant: true,
      plan(snapshot) {
        const { oracle } = snapshot;
        for (const { id } of snapshot.calls) {
          const at = oracle?.callAnswersAt(id);
          if (typeof at === 'number') expected.set(id, at);
        }
        const next = oracle?.fateOfNextCall(0);
        if (next !== undefined) asked += 1;
        return heard.plan(snapshot);
      },
    };
    runFloor({
      scenario: plainScenario(5, 0.3, FROM_THE_START),
      policy,
      seed: 11,
      clockStart: 'answered',
    });
    const answers = heard.heard.flatMap((one) =>
      one.kind === 'setup-ended' && one.outcome === 'person' ? [one] : [],
    );
    expect(asked).toBeGreaterThan(1_000);
    expect(answers.length).toBeGreaterThan(100);
    for (const { callId, at } of answers) expect(expected.get(callId)).toBe(at);
    let told = 0;
    const blind = watched(ratioPolicy(1), ({ oracle }) => {
      if (oracle) told += 1;
    });
    const scenario = plainScenario(5, 0.3, FROM_THE_START);
    runFloor({ scenario, policy: blind, seed: 11, clockStart: 'answered' });
    expect(told).toBe(0);
  });
});

describe('a floor whose agents and campaigns differ', () => {
  const TWO = [
    { id: 'a', weight: 1, answerRate: 0.2 },
    { id: 'b', weight: 1, answerRate: 0.3 },
  ];

  it('gives agents only calls of campaigns they work for', () => {
    const crew = [...Array(8)].map((_, index) => ({
      campaignIds: index < 3 ? ['a'] : index < 6 ? ['b'] : ['a', 'b'],
    }));
    const scenario = plainScenario(8, 0.2, { ...FROM_THE_START, campaigns: TWO, crew });
    const served = new Set<string>();
    const policy = watched(ratioPolicy(3), ({ agents }) => {
      for (const { campaignId, campaignIds = [] } of agents) {
        if (campaignId === undefined) continue;
        served.add(`${campaignIds} ${campaignId}`);
      }
    });
    const tally = runFloor({ scenario, policy, seed: 2, clockStart: 'answered' });
    expect(served).toEqual(new Set(['a a', 'b b', 'a,b a', 'a,b b']));
    expect(tally.conversations).toBeGreaterThan(100);
  });

  it('sends agents to planned rests, and back', () => {
    const rest = { atMs: 60 * MINUTE_MS, forMs: 20 * MINUTE_MS };
    const crew = [...Array(10)].map((_, index) => (index < 4 ? { rest } : {}));
    const scenario = plainScenario(10, 0.25, { ...FROM_THE_START, crew });
    let before = 0;
    const present = new Map<number, number>();
    const policy = watched(ratioPolicy(2), ({ agents, now }) => {
      before ||= now;
      present.set(Math.floor((now - before) / MINUTE_MS), agents.length);
      const leaving = agents.filter(({ leavesAt }) => leavesAt !== undefined);
      expect(leaving.length).toBe(now - before < rest.atMs ? 4 : 0);
    });
    const tally = runFloor({ scenario, policy, seed: 3, clockStart: 'answered' });
    expect([present.get(30), present.get(79), present.get(110)]).toEqual([10, 6, 10]);
    expect(tally.presentMs).toBeLessThan(10 * 2 * HOUR_MS - 4 * 15 * MINUTE_MS);
  });

  it('keeps agents from the next call for the rest between calls', () => {
    const restBetweenCallsMs = 45_000;
    const campaigns = [{ id: '', weight: 1, answerRate: 0.35, own: { restBetweenCallsMs } }];
    const scenario = plainScenario(6, 0.35, { ...FROM_THE_START, campaigns });
    let held = 0;
    const policy = watched(ratioPolicy(2), ({ agents, now }) => {
      for (const { state, freeAt } of agents) {
        if (freeAt === undefined) continue;
        held += 1;
        expect({ state, isAhead: freeAt > now }).toEqual({ state: 'available', isAhead: true });
      }
    });
    const tally = runFloor({ scenario, policy, seed: 4, clockStart: 'answered' });
    const without = play(plainScenario(6, 0.35, FROM_THE_START), 2, 4);
    expect(held).toBeGreaterThan(1_000);
    expect(tally.conversations).toBeLessThan(0.9 * without.conversations);
  });

  it('takes calls later judged machines back from agents, and counts none of them as a person', () => {
    const screening = {
      ...{ minMs: 1_300, maxMs: 1_800, ofMachines: { minMs: 2_300, maxMs: 2_500 } },
      ...{ falsePositives: 0, machinesMissed: 0 },
    };
    const of = (seekAfterMs: number, machinesMissed = 0) =>
      play(
        plainScenario(10, 0.15, {
          ...FROM_THE_START,
          screening: { ...screening, seekAfterMs, machinesMissed },
        }),
        2,
      );
    const parallel = of(0);
    const before = of(3_000);
    const never = of(0, 1);
    expect(parallel.machinesConnected).toBeGreaterThan(100);
    expect(before.machinesConnected).toBe(0);
    for (const { answers, callsPlaced } of [parallel, before]) {
      expect(answers / callsPlaced).toBeGreaterThan(0.12);
      expect(answers / callsPlaced).toBeLessThan(0.17);
    }
    // A call that is not recognized counts, and costs an agent far more time.
    expect(never.answers / never.callsPlaced).toBeGreaterThan(0.25);
    expect(never.conversations).toBeLessThan(0.95 * parallel.conversations);
  });
});
