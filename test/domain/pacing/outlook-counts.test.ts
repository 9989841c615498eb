import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerLevel } from '../../../src/domain/pacing/answer-level.ts';
import { CampaignLearning } from '../../../src/domain/pacing/campaign-learning.ts';
import { Curve } from '../../../src/domain/pacing/curve.ts';
import { RISK_MOMENTS } from '../../../src/domain/pacing/moments.ts';
import { type Demand, NewCall, Outlook, usedMoments } from '../../../src/domain/pacing/outlook.ts';
import type {
  PacingAgent,
  PacingCall,
  PacingSnapshot,
} from '../../../src/domain/pacing/pacing-interface.ts';
import { Setups } from '../../../src/domain/pacing/setups.ts';
import { IDLE, NOW, SETTINGS } from './pacer-floors.ts';

const MOMENTS = RISK_MOMENTS.length;
const ALL = new Uint8Array(MOMENTS).fill(1);
const RING_TIMEOUT_MS = SETTINGS.ringTimeoutMs;

/** Of a hundred calls so many are answered, after 4 to 20 s; the others are busy at once. */
function learned(answeredOfHundred: number, talkMs = 600_000): CampaignLearning {
  const past = new Setups(RING_TIMEOUT_MS);
  for (let call = 0; call < 1_000; call += 1) {
    const isAnswered = (call * 37) % 100 < answeredOfHundred;
    const tookMs = isAnswered ? 4_000 + ((call * 7) % 160) * 100 : 900;
    past.observe(NOW - 900_000, NOW - 900_000 + tookMs, isAnswered ? 'person' : 'busy');
  }
  past.follow([], NOW);
  const setups = { ...past.toJSON(), level: new AnswerLevel().toJSON() };
  const learning = new CampaignLearning(RING_TIMEOUT_MS, { setups });
  for (let talk = 0; talk < 2_000; talk += 1) {
    learning.releases.talkEnded(0, talkMs);
    // Half of the wrap-ups last 10 s, half of them minutes.
    learning.releases.wrapUpEnded(0, talk % 2 === 0 ? 10_000 : 300_000);
  }
  learning.setups.prepare();
  learning.releases.prepare(0);
  return learning;
}

const LEARNED = learned(30);
const GOOD = learned(90);

function newCallOf(learning: CampaignLearning): NewCall {
  const newCall = new NewCall();
  newCall.refresh(learning);
  return newCall;
}
const NEW_CALL = newCallOf(LEARNED);

const aCall = (ageS: number, campaignId?: string): PacingCall => ({
  id: `call_${ageS}`,
  state: 'ringing',
  placedAt: NOW - ageS * 1_000,
  since: NOW,
  ...(campaignId === undefined ? {} : { campaignId }),
});
const anAgent = (state: PacingAgent['state'], ageS = 0, more: Partial<PacingAgent> = {}) =>
  ({ state, since: NOW - ageS * 1_000, ...more }) satisfies PacingAgent;
const FREE = anAgent('available');
const WAITING = { answeredAt: NOW - 500, deadlineAt: NOW + 1_500 };
const team = (count: number): PacingAgent[] => Array.from({ length: count }, () => FREE);

const ALONE: readonly Demand[] = [{ campaignId: '', learning: LEARNED, overlap: 1 }];

function outlookOf(
  agents: readonly PacingAgent[],
  snapshot: Partial<PacingSnapshot> = {},
  demands = ALONE,
): Outlook {
  const outlook = new Outlook();
  outlook.look(agents, { ...IDLE, agents, ...snapshot }, demands, ALL);
  return outlook;
}

const supplyOf = (...agents: readonly PacingAgent[]): number[] => [...outlookOf(agents).supplyMean];
const riskOf = (outlook: Outlook): number => outlook.risk(NEW_CALL.shares);

/** P(at least as many of the calls as of the agents), by going through every yes and no. */
function shortageOf(calls: readonly number[], agents: readonly number[]): number {
  const events = [
    ...calls.map((chance) => ({ chance, sign: 1 })),
    ...agents.map((chance) => ({ chance, sign: -1 })),
  ];
  const walk = (index: number, balance: number): number => {
    const event = events[index];
    if (!event) return balance >= 0 ? 1 : 0;
    const { chance, sign } = event;
    return chance * walk(index + 1, balance + sign) + (1 - chance) * walk(index + 1, balance);
  };
  return walk(0, 0);
}

/** P(free by the moment of this index). */
function chanceFree({ state, since }: PacingAgent, moment: number): number {
  const ageS = (NOW - since) / 1_000;
  if (state === 'available') return 1;
  if (state === 'wrapping-up') return LEARNED.releases.wrappingUpFreeBy(ageS, moment);
  return LEARNED.releases.talkingFreeBy(state === 'reserved' ? 0 : ageS, moment);
}

function riskByHand(agents: readonly PacingAgent[], ages: readonly number[], waiting = 0): number {
  let risk = 0;
  for (let moment = 0; moment < MOMENTS; moment += 1) {
    const within = RISK_MOMENTS.at(moment);
    const calls = ages.map((ageS) => LEARNED.setups.answerWithin(ageS, within));
    const demand = [...calls, ...Array<number>(waiting).fill(1)];
    const supply = agents.map((agent) => chanceFree(agent, moment));
    risk += NEW_CALL.shares.at(moment) * shortageOf(demand, supply);
  }
  return risk / NEW_CALL.shares.sum();
}

describe('the risk of a new call', () => {
  it('is what going through every answer and every release gives, for small teams', () => {
    const someAgents = fc.array(
      fc
        .tuple(
          fc.constantFrom<PacingAgent['state']>('available', 'reserved', 'talking', 'wrapping-up'),
          fc.integer({ min: 0, max: 40 }),
        )
        .map(([state, ageS]) => anAgent(state, ageS)),
      { minLength: 1, maxLength: 4 },
    );
    const ages = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 4 });
    fc.assert(
      fc.property(someAgents, ages, fc.integer({ min: 0, max: 1 }), (agents, some, people) => {
        const calls = some.map((ageS) => aCall(ageS));
        const waiting = Array.from({ length: people }, () => WAITING);
        const found = riskOf(outlookOf(agents, { calls, waiting }));
        // A talk of a call on the way may end within the minute, once in some thousand times.
        expect(Math.abs(found - riskByHand(agents, some, people))).toBeLessThan(0.004);
      }),
      { seed: 91, numRuns: 40 },
    );
  });

  it('is nothing where nobody else can answer, and certain where one who waits takes the only agent', () => {
    expect(riskOf(outlookOf([FREE]))).toBe(0);
    expect(riskOf(outlookOf([FREE], { waiting: [WAITING] }))).toBeCloseTo(1, 9);
    expect(riskOf(outlookOf([FREE, FREE], { waiting: [WAITING] }))).toBe(0);
  });

  it.each([3, 12, 13, 40])(
    'for %d agents does not tell a call just placed from one on the way',
    (agents) => {
      const calls = Array.from({ length: agents * 3 }, () => aCall(0));
      const onTheWay = outlookOf(team(agents), { calls });
      const placed = outlookOf(team(agents));
      placed.place(0, NEW_CALL, 1, calls.length);
      expect(riskOf(placed)).toBeCloseTo(riskOf(onTheWay), 6);
      expect(riskOf(placed)).toBeGreaterThan(0.001);
    },
  );

  it('is the same whether calls were placed at once or one by one', () => {
    for (const agents of [4, 30]) {
      const atOnce = outlookOf(team(agents));
      atOnce.place(0, NEW_CALL, 1, 40);
      const oneByOne = outlookOf(team(agents));
      for (let call = 0; call < 40; call += 1) oneByOne.place(0, NEW_CALL, 1);
      expect(riskOf(oneByOne)).toBeCloseTo(riskOf(atOnce), 9);
    }
  });

  it('never falls by a call, and never rises by an agent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 80 }),
        (agents, calls) => {
          const risk = (people: number, placed: number): number => {
            const outlook = outlookOf(team(people));
            if (placed > 0) outlook.place(0, NEW_CALL, 1, placed);
            return riskOf(outlook);
          };
          const now = risk(agents, calls);
          expect(risk(agents, calls + 1)).toBeGreaterThanOrEqual(now - 1e-9);
          // Beyond twelve agents counts are matched, and the demand’s uncertainty counts as well.
          if (agents !== 12) expect(risk(agents + 1, calls)).toBeLessThanOrEqual(now + 1e-9);
        },
      ),
      { seed: 92, numRuns: 30 },
    );
  });

  it('leaves out the moments that are not looked at', () => {
    const used = new Uint8Array(MOMENTS);
    used[3] = 1;
    const outlook = new Outlook();
    const calls = [aCall(0), aCall(0)];
    outlook.look([FREE], { ...IDLE, agents: [FREE], calls }, ALONE, used);
    const chance = LEARNED.setups.answerWithin(0, RISK_MOMENTS.at(3));
    expect(riskOf(outlook)).toBeCloseTo(1 - (1 - chance) ** 2, 9);
    used[3] = 0;
    outlook.look([FREE], { ...IDLE, agents: [FREE], calls }, ALONE, used);
    expect(riskOf(outlook)).toBe(0);
  });
});

describe('calls that are tried and taken back', () => {
  it('leave no trace, where counts are matched', () => {
    const outlook = outlookOf(team(20), { calls: Array.from({ length: 30 }, () => aCall(3)) });
    outlook.place(0, NEW_CALL, 1, 25);
    const before = riskOf(outlook);
    outlook.place(0, NEW_CALL, 1, 40);
    expect(riskOf(outlook)).toBeGreaterThan(before + 0.05);
    outlook.unplace(0, NEW_CALL, 1, 40);
    expect(riskOf(outlook)).toBeCloseTo(before, 9);
  });

  it('are tried for teams of thirteen and more; up to twelve are counted exactly', () => {
    expect(outlookOf(team(12)).canUnplace).toBe(false);
    expect(outlookOf(team(13)).canUnplace).toBe(true);
  });

  it('are of one look: the next begins anew, whatever the size of the team before', () => {
    const outlook = new Outlook();
    const look = (agents: number, calls: number): number => {
      const snapshot = {
        ...IDLE,
        agents: team(agents),
        calls: Array.from({ length: calls }, () => aCall(2)),
      };
      outlook.look(snapshot.agents, snapshot, ALONE, ALL);
      return riskOf(outlook);
    };
    const first = look(3, 6);
    for (const [agents, calls] of [
      [3, 20],
      [20, 90],
      [5, 1],
      [2, 0],
    ] as const) {
      look(agents, calls);
      outlook.place(0, NEW_CALL, 1, 7);
      expect(look(3, 6)).toBe(first);
    }
  });
});

describe('agents, as supply', () => {
  const all = (value: number): number[] => Array<number>(MOMENTS).fill(value);
  const where = (isFree: (moment: number) => boolean): number[] =>
    Array.from(RISK_MOMENTS, (moment) => (isFree(moment) ? 1 : 0));

  it('are free now: counted apart from those who will be', () => {
    const outlook = outlookOf([FREE, FREE, anAgent('talking')]);
    expect(outlook.free).toBe(2);
    expect(Math.max(...outlook.supplyMean)).toBeLessThan(0.01);
  });

  it('are none while a pause is asked for, in any state', () => {
    for (const state of ['available', 'reserved', 'talking', 'wrapping-up'] as const) {
      const outlook = outlookOf([anAgent(state, 30, { pauseRequested: true })]);
      expect(outlook.free).toBe(0);
      expect([...outlook.supplyMean]).toEqual(all(0));
    }
  });

  it('who rest are free from the end of the rest on, and at once when it is over', () => {
    expect(supplyOf(anAgent('available', 0, { freeAt: NOW + 10_000 }))).toEqual(
      where((moment) => moment >= 10),
    );
    const rested = outlookOf([anAgent('available', 0, { freeAt: NOW })]);
    expect(rested.free).toBe(1);
    expect([...rested.supplyMean]).toEqual(all(0));
  });

  it('who leave are free until then, and count as staying when it is beyond all that is looked at', () => {
    expect(supplyOf(anAgent('available', 0, { leavesAt: NOW + 10_000 }))).toEqual(
      where((moment) => moment < 10),
    );
    expect(outlookOf([anAgent('available', 0, { leavesAt: NOW + 52_000 })]).free).toBe(0);
    expect(outlookOf([anAgent('available', 0, { leavesAt: NOW + 52_001 })]).free).toBe(1);
    expect(supplyOf(anAgent('available', 0, { leavesAt: NOW - 1 }))).toEqual(all(0));
  });

  it('who rest and then leave are free in between', () => {
    const agent = anAgent('available', 0, { freeAt: NOW + 6_000, leavesAt: NOW + 19_000 });
    expect(supplyOf(agent)).toEqual(where((moment) => moment >= 6 && moment < 19));
  });

  it('who wrap up are free by what is learned of it, unless they rest or leave then', () => {
    const wrappingUp = supplyOf(anAgent('wrapping-up', 4));
    expect(wrappingUp).toEqual(
      Array.from(RISK_MOMENTS, (_, moment) => LEARNED.releases.wrappingUpFreeBy(4, moment)),
    );
    const between = { freeAt: NOW + 8_000, leavesAt: NOW + 23_500 };
    expect(supplyOf(anAgent('wrapping-up', 4, between))).toEqual(
      wrappingUp.map((chance, index) => {
        const moment = RISK_MOMENTS.at(index);
        return moment >= 8 && moment < 23.5 ? chance : 0;
      }),
    );
  });

  it('who are kept for a call are like those who begin to talk, however long they are kept', () => {
    expect(supplyOf(anAgent('reserved', 45))).toEqual(supplyOf(anAgent('talking', 0)));
    expect(supplyOf(anAgent('talking', -45))).toEqual(supplyOf(anAgent('talking', 0)));
  });

  it('are free as the campaign of their call is wrapped up, not as the one that is looked at', () => {
    const other = learned(30, 20_000);
    const demands = [...ALONE, { campaignId: 'b', learning: other, overlap: 1 }];
    const agent = anAgent('talking', 15, { campaignId: 'b' });
    const found = [...outlookOf([agent], {}, demands).supplyMean];
    const chances = new Curve(MOMENTS);
    other.releases.talkingFree(15, chances);
    expect(found).toEqual([...chances]);
    expect(Math.max(...found)).toBeGreaterThan(0.3);
    // Of a campaign that is not dialed now nothing is known but what the first one knows.
    const stranger = outlookOf([{ ...agent, campaignId: 'gone' }], {}, demands);
    expect([...stranger.supplyMean]).toEqual(supplyOf(anAgent('talking', 15)));
  });

  it('come free again after a short talk with one who answers soon', () => {
    const short = learned(30, 3_000);
    const demands = [{ campaignId: '', learning: short, overlap: 1 }];
    const calls = Array.from({ length: 10 }, () => aCall(0));
    const again = [...outlookOf([FREE, FREE], { calls }, demands).supplyMean];
    expect(again[0]).toBe(0);
    expect(again.at(-1)).toBeGreaterThan(0.5);
    // No more than have answered by then.
    expect(again.at(-1)).toBeLessThan(10 * short.setups.answerRate());
    expect(again).toEqual(again.toSorted((one, other) => one - other));
    expect([...outlookOf([FREE, FREE], {}, demands).supplyMean]).toEqual(all(0));
  });
});

describe('calls, as demand', () => {
  const both = (overlap: number): readonly Demand[] => [
    { campaignId: 'a', learning: LEARNED, overlap: 1 },
    { campaignId: 'b', learning: GOOD, overlap },
  ];
  const risk = (calls: readonly PacingCall[], overlap = 1): number =>
    riskOf(outlookOf([FREE, FREE], { calls }, both(overlap)));

  it('are answered as those of their own campaign are', () => {
    const poor = risk([aCall(0, 'a'), aCall(0, 'a')]);
    const mixed = risk([aCall(0, 'a'), aCall(0, 'b')]);
    const good = risk([aCall(0, 'b'), aCall(0, 'b')]);
    expect(mixed).toBeGreaterThan(1.5 * poor);
    expect(good).toBeGreaterThan(1.5 * mixed);
  });

  it('fall on these agents by the share of agents that the campaigns have in common', () => {
    const calls = [aCall(0, 'b'), aCall(0, 'b'), aCall(0, 'b')];
    const risks = [0, 0.25, 0.5, 1].map((overlap) => risk(calls, overlap));
    expect(risks[0]).toBe(0);
    expect(risks).toEqual(risks.toSorted((one, other) => one - other));
    expect(new Set(risks).size).toBe(4);
  });

  it('that nobody of the plan placed fall on no one, where several campaigns are planned', () => {
    const calls = [aCall(0, 'gone'), aCall(0), aCall(0, 'gone')];
    expect(risk(calls)).toBe(0);
    // Alone, every call on the way is the campaign’s own.
    expect(riskOf(outlookOf([FREE], { calls }))).toBeGreaterThan(0.3);
  });

  it('of people who wait count by the same share', () => {
    const waiting = [{ ...WAITING, campaignId: 'b' }];
    const found = (overlap: number) => riskOf(outlookOf([FREE], { waiting }, both(overlap)));
    expect(found(0)).toBe(0);
    expect(found(0.5)).toBeCloseTo(0.5, 9);
    expect(found(1)).toBeCloseTo(1, 9);
  });

  it('are more of a risk to a large team the less is known of the answer rate', () => {
    const { setups } = LEARNED.toJSON();
    const unsure = new CampaignLearning(RING_TIMEOUT_MS, {
      setups: { ...(setups as object), answersKnown: 20 },
    });
    unsure.setups.prepare();
    unsure.releases.prepare(0);
    const found = (learning: CampaignLearning): number => {
      const outlook = outlookOf(team(40), {}, [{ campaignId: '', learning, overlap: 1 }]);
      outlook.place(0, newCallOf(learning), 1, 70);
      return outlook.risk(newCallOf(learning).shares);
    };
    expect(unsure.setups.answerRate()).toBeCloseTo(LEARNED.setups.answerRate(), 4);
    expect(found(unsure)).toBeGreaterThan(1.05 * found(LEARNED));
  });
});

describe('the risk of a call on the way', () => {
  const BOUND = 0.05;
  const three = [aCall(0), aCall(0), aCall(0)];

  it('is that of its person, should they answer, beside the other calls alone', () => {
    const outlook = outlookOf([FREE], { calls: three });
    const found = outlook.riskOfCall(LEARNED.setups, 0, BOUND) ?? 0;
    let byHand = 0;
    let all = 0;
    let before = 0;
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const chance = LEARNED.setups.answerWithin(0, RISK_MOMENTS.at(moment));
      byHand += (chance - before) * shortageOf([chance, chance], [1]);
      all += chance - before;
      before = chance;
    }
    expect(found).toBeCloseTo(byHand / all, 2);
  });

  it('is asked for without taking the call out', () => {
    for (const agents of [1, 14]) {
      const calls = Array.from({ length: 3 * agents }, () => aCall(0));
      const outlook = outlookOf(team(agents), { calls });
      const before = riskOf(outlook);
      expect(outlook.riskOfCall(LEARNED.setups, 0, 0)).toBeGreaterThan(0);
      expect(riskOf(outlook)).toBeCloseTo(before, 9);
    }
  });

  it('is none where no moment is as risky as the bound', () => {
    expect(
      outlookOf([FREE, FREE], { calls: [aCall(0)] }).riskOfCall(LEARNED.setups, 0, BOUND),
    ).toBe(0);
    expect(outlookOf([FREE], { calls: three }).riskOfCall(LEARNED.setups, 0, 1)).toBe(0);
  });

  it('is not told of a call that is likelier answered than not', () => {
    const demands = [{ campaignId: '', learning: GOOD, overlap: 1 }];
    const outlook = outlookOf([FREE], { calls: three }, demands);
    expect(GOOD.setups.answerWithin(5, 1_000)).toBeGreaterThan(0.5);
    expect(outlook.riskOfCall(GOOD.setups, 5, BOUND)).toBeUndefined();
  });

  it('is gone when the call is dropped: the others are as if it had never been placed', () => {
    for (const agents of [1, 14]) {
      const others = Array.from({ length: 3 * agents }, () => aCall(0));
      const outlook = outlookOf(team(agents), { calls: [...others, aCall(0)] });
      outlook.drop(LEARNED.setups, 0);
      const without = riskOf(outlookOf(team(agents), { calls: others }));
      expect(Math.abs(riskOf(outlook) - without)).toBeLessThan(0.01 * without + 1e-9);
    }
  });
});

describe('a new call', () => {
  it('has shares by moment that add up to one, and chances that end near the answer rate', () => {
    expect(NEW_CALL.shares.sum()).toBeCloseTo(1, 9);
    expect(NEW_CALL.by.last).toBeCloseTo(LEARNED.setups.answerRate(), 9);
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      expect(NEW_CALL.by.at(moment)).toBe(LEARNED.setups.answerWithin(0, RISK_MOMENTS.at(moment)));
    }
  });

  it('is looked at where two in five hundred of the answers come, and nowhere else', () => {
    const used = usedMoments([NEW_CALL], new Uint8Array(MOMENTS).fill(1));
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      expect(used[moment]).toBe(NEW_CALL.shares.at(moment) >= 0.004 ? 1 : 0);
    }
    expect([...used]).toContain(0);
    expect([...used]).toContain(1);
  });

  it('of several campaigns is looked at wherever one of them has answers', () => {
    const early = new NewCall();
    early.shares.set(0, 1);
    const late = new NewCall();
    late.shares.set(MOMENTS - 1, 0.004);
    late.shares.set(MOMENTS - 2, 0.0039);
    const used = [...usedMoments([early, late], new Uint8Array(MOMENTS))];
    expect(used).toEqual([1, ...Array<number>(MOMENTS - 2).fill(0), 1]);
    expect([...usedMoments([], new Uint8Array(MOMENTS).fill(1))]).not.toContain(1);
  });
});
