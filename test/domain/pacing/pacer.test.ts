import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createPacer,
  type PacingObservation,
  type PacingPlan,
  type PacingReason,
  type PacingSettings,
  type PacingSnapshot,
} from '../../../src/domain/pacing/pacer.ts';
import { PLACED_AT } from '../../support/builders.ts';

const NOW = PLACED_AT;
const SETTINGS: PacingSettings = {
  mode: 'progressive',
  abandonment: {
    rateMax: 0.03,
    waitMaxMs: 2_000,
    clockStart: 'answered',
    earlyHangUpCounts: false,
  },
  ringTimeoutMs: 30_000,
};
const RATIO: PacingSettings = { ...SETTINGS, mode: 'ratio', ratio: 2.5 };

type Agent = PacingSnapshot['agents'][number];

function agents(count: number, state: Agent['state'] = 'available'): Agent[] {
  return Array.from({ length: count }, () => ({ state, since: NOW - 5_000 }));
}

function calls(count: number): PacingSnapshot['calls'] {
  return Array.from({ length: count }, (_, index) => ({
    id: `call_${index}`,
    state: 'ringing' as const,
    placedAt: NOW - 6_000,
    since: NOW - 3_000,
  }));
}

function waiting(count: number): PacingSnapshot['waiting'] {
  return Array.from({ length: count }, () => ({ answeredAt: NOW - 500, deadlineAt: NOW + 1_500 }));
}

/** Four free agents, nothing on the way, and room for everything. */
function aSnapshot(overrides: Partial<PacingSnapshot> = {}): PacingSnapshot {
  return {
    now: NOW,
    agents: agents(4),
    calls: [],
    waiting: [],
    bank: { answers: 0, abandoned: 0 },
    linesFree: 100,
    callsAllowedNow: 100,
    leadsLeft: 1_000,
    ...overrides,
  };
}

function plan(settings: PacingSettings, overrides: Partial<PacingSnapshot> = {}): PacingPlan {
  return createPacer(settings).plan(aSnapshot(overrides));
}

type Case = readonly [
  what: string,
  settings: PacingSettings,
  snapshot: Partial<PacingSnapshot>,
  place: number,
  because: PacingReason,
];

const CASES: readonly Case[] = [
  ['one call for each free agent', SETTINGS, {}, 4, { kind: 'one-to-one', free: 4, onTheWay: 0 }],
  [
    'only what is missing, with calls on the way and a person waiting',
    SETTINGS,
    { calls: calls(2), waiting: waiting(1) },
    1,
    { kind: 'one-to-one', free: 4, onTheWay: 3 },
  ],
  [
    'nothing while what is on the way covers the free agents',
    SETTINGS,
    { calls: calls(3), waiting: waiting(1) },
    0,
    { kind: 'enough-on-the-way', free: 4, onTheWay: 4, lines: 4 },
  ],
  [
    'nothing more where more is on the way than agents became free',
    SETTINGS,
    { agents: agents(1), calls: calls(5) },
    0,
    { kind: 'enough-on-the-way', free: 1, onTheWay: 5, lines: 1 },
  ],
  [
    'nothing while everybody is busy',
    SETTINGS,
    { agents: [...agents(2, 'talking'), ...agents(1, 'reserved'), ...agents(1, 'wrapping-up')] },
    0,
    { kind: 'no-agent-free', agents: 4 },
  ],
  [
    'for the free ones only where some are busy',
    SETTINGS,
    { agents: [...agents(2), ...agents(3, 'talking')] },
    2,
    { kind: 'one-to-one', free: 2, onTheWay: 0 },
  ],
  [
    'two and a half lines for each free agent, rounded down',
    RATIO,
    { agents: agents(3), calls: calls(1) },
    6,
    { kind: 'ratio', free: 3, ratio: 2.5, onTheWay: 1 },
  ],
  [
    'nothing in ratio while everybody is busy',
    RATIO,
    { agents: agents(3, 'talking') },
    0,
    { kind: 'no-agent-free', agents: 3 },
  ],
];

describe('a plan', () => {
  it.each(CASES)('places %s', (_what, settings, snapshot, place, because) => {
    expect(plan(settings, snapshot)).toMatchObject({ place, because, cancel: [] });
  });

  it('places nothing for zero agents, in any mode and whatever else there is', () => {
    for (const settings of [SETTINGS, RATIO, { ...RATIO, ratio: 50 }]) {
      for (const bank of [
        { answers: 0, abandoned: 0 },
        { answers: 100, abandoned: 50 },
      ]) {
        const { place, because } = plan(settings, { agents: [], waiting: waiting(3), bank });
        expect({ place, because }).toEqual({ place: 0, because: { kind: 'no-agents' } });
      }
    }
  });

  it('is not made for a ratio below one', () => {
    expect(() => createPacer({ ...RATIO, ratio: 0.9 })).toThrow('at least 1');
    expect(() => createPacer({ ...SETTINGS, mode: 'ratio' })).toThrow('at least 1');
  });

  it('places nothing in preview, and says that the mode does not dial', () => {
    const { place, because } = plan({ ...SETTINGS, mode: 'preview' });
    expect(place).toBe(0);
    expect(because).toEqual({ kind: 'mode-does-not-dial' });
  });
});

describe('the abandonment brake', () => {
  it('falls back to one to one when the bank is empty, and says with which figures', () => {
    const bank = { answers: 100, abandoned: 3 };
    expect(plan(RATIO, { bank })).toMatchObject({
      place: 4,
      because: { kind: 'abandonment-over-cap', ...bank, rateMax: 0.03, free: 4 },
    });
  });

  it('lets go again as soon as one more answer has paid for them', () => {
    expect(plan(RATIO, { bank: { answers: 101, abandoned: 3 } })).toMatchObject({
      place: 10,
      because: { kind: 'ratio' },
    });
  });

  it('holds from the first abandonment on, before there are answers to pay for it', () => {
    expect(plan(RATIO, { bank: { answers: 1, abandoned: 1 } }).place).toBe(4);
    expect(plan(RATIO, { bank: { answers: 0, abandoned: 0 } }).place).toBe(10);
  });

  it('shows how much of the budget is used', () => {
    const used = (bank: PacingSnapshot['bank']) => plan(RATIO, { bank }).forecast;
    expect(used({ answers: 200, abandoned: 3 }).abandonmentBudgetUsed).toBeCloseTo(0.5);
    expect(used({ answers: 100, abandoned: 6 }).abandonmentBudgetUsed).toBeCloseTo(2);
    expect(used({ answers: 0, abandoned: 0 }).abandonmentBudgetUsed).toBe(0);
  });
});

type Cap = Extract<PacingReason, { kind: 'capped' }>;

describe('a cap', () => {
  const cases: readonly (readonly [
    by: Cap['by'],
    settings: PacingSettings,
    snapshot: Partial<PacingSnapshot>,
    allowed: number,
  ])[] = [
    ['lines', RATIO, { linesFree: 3 }, 3],
    ['calls-per-second', RATIO, { callsAllowedNow: 2 }, 2],
    ['leads', RATIO, { leadsLeft: 1 }, 1],
    ['lines-per-agent', { ...RATIO, linesPerAgentMax: 1.5 }, {}, 6],
    ['lines', RATIO, { linesFree: 0 }, 0],
    ['lines', RATIO, { linesFree: -2 }, 0],
    ['calls-per-second', RATIO, { callsAllowedNow: 2.9 }, 2],
  ];

  it.each(cases)('of %s holds back and says so', (by, settings, snapshot, allowed) => {
    expect(plan(settings, snapshot)).toMatchObject({
      place: allowed,
      because: { kind: 'capped', by, wanted: 10, allowed },
    });
  });

  it('that binds hardest is the one that is named', () => {
    const tight = { linesFree: 5, leadsLeft: 3, callsAllowedNow: 4 };
    expect(plan(RATIO, tight)).toMatchObject({
      place: 3,
      because: { kind: 'capped', by: 'leads', wanted: 10, allowed: 3 },
    });
  });

  it('that allows all that is wanted is not named', () => {
    expect(plan(RATIO, { linesFree: 10 }).because).toMatchObject({ kind: 'ratio' });
  });

  it('of lines for each agent counts busy agents and the calls on the way', () => {
    const settings = { ...RATIO, linesPerAgentMax: 1 };
    const team = [...agents(4), ...agents(2, 'talking')];
    expect(plan(settings, { agents: team, calls: calls(4) })).toMatchObject({
      place: 2,
      because: { kind: 'capped', by: 'lines-per-agent', wanted: 6, allowed: 2 },
    });
  });
});

const STATES = ['available', 'reserved', 'talking', 'wrapping-up'] as const;
const ANY_SETTINGS = fc.oneof(
  fc.constant(SETTINGS),
  fc.double({ min: 1, max: 6, noNaN: true }).map((ratio) => ({ ...RATIO, ratio })),
  fc.double({ min: 1, max: 3, noNaN: true }).map((most) => ({ ...RATIO, linesPerAgentMax: most })),
);
const ANY_SNAPSHOT = fc
  .record({
    team: fc.array(fc.constantFrom(...STATES), { maxLength: 30 }),
    onTheWay: fc.nat(40),
    waiting: fc.nat(5),
    answers: fc.nat(300),
    abandoned: fc.nat(12),
    linesFree: fc.integer({ min: -3, max: 60 }),
    callsAllowedNow: fc.double({ min: 0, max: 40, noNaN: true }),
    leadsLeft: fc.nat(60),
  })
  .map(({ team, onTheWay, waiting: people, answers, abandoned, ...limits }) =>
    aSnapshot({
      agents: team.flatMap((state) => agents(1, state)),
      calls: calls(onTheWay),
      waiting: waiting(people),
      bank: { answers, abandoned },
      ...limits,
    }),
  );

describe('any plan', () => {
  const placed = (settings: PacingSettings, snapshot: PacingSnapshot): number =>
    createPacer(settings).plan(snapshot).place;

  it('is never for fewer calls because one more agent is free', () => {
    fc.assert(
      fc.property(ANY_SETTINGS, ANY_SNAPSHOT, (settings, snapshot) => {
        const more = { ...snapshot, agents: [...snapshot.agents, ...agents(1)] };
        expect(placed(settings, more)).toBeGreaterThanOrEqual(placed(settings, snapshot));
      }),
    );
  });

  it('is never for fewer calls because a busy agent became free', () => {
    fc.assert(
      fc.property(ANY_SETTINGS, ANY_SNAPSHOT, (settings, snapshot) => {
        const [first, ...rest] = snapshot.agents;
        fc.pre(first !== undefined);
        const more = { ...snapshot, agents: [...agents(1), ...rest] };
        expect(placed(settings, more)).toBeGreaterThanOrEqual(placed(settings, snapshot));
      }),
    );
  });

  it('is never for more calls because one more is on the way, or one more person waits', () => {
    fc.assert(
      fc.property(ANY_SETTINGS, ANY_SNAPSHOT, (settings, snapshot) => {
        const before = placed(settings, snapshot);
        const ringing = { ...snapshot, calls: calls(snapshot.calls.length + 1) };
        const answered = { ...snapshot, waiting: waiting(snapshot.waiting.length + 1) };
        expect(placed(settings, ringing)).toBeLessThanOrEqual(before);
        expect(placed(settings, answered)).toBeLessThanOrEqual(before);
      }),
    );
  });

  it('is a whole number that no cap and no empty room forbids', () => {
    fc.assert(
      fc.property(ANY_SETTINGS, ANY_SNAPSHOT, (settings, snapshot) => {
        const place = placed(settings, snapshot);
        expect(Number.isInteger(place) && place >= 0).toBe(true);
        expect(place).toBeLessThanOrEqual(Math.max(0, snapshot.linesFree));
        expect(place).toBeLessThanOrEqual(snapshot.callsAllowedNow);
        expect(place).toBeLessThanOrEqual(snapshot.leadsLeft);
        const isFree = snapshot.agents.some(({ state }) => state === 'available');
        if (!isFree) expect(place).toBe(0);
      }),
    );
  });

  it('is the same for the same snapshot, however often it is asked for', () => {
    fc.assert(
      fc.property(ANY_SETTINGS, ANY_SNAPSHOT, (settings, snapshot) => {
        const pacer = createPacer(settings);
        const { place, because } = pacer.plan(snapshot);
        expect(pacer.plan(snapshot)).toMatchObject({ place, because });
      }),
    );
  });
});

type Outcome = Extract<PacingObservation, { kind: 'setup-ended' }>['outcome'];

/** Set-ups one second apart, beginning at NOW; a person answers after 9 s, the rest rings out. */
function setups(outcomes: readonly Outcome[]): PacingObservation[] {
  return outcomes.map((outcome, index) => {
    const placedAt = NOW + index * 1_000;
    const tookMs = outcome === 'no-answer' ? 30_000 : outcome === 'busy' ? 2_000 : 9_000;
    return {
      kind: 'setup-ended',
      callId: `call_${index}`,
      placedAt,
      at: placedAt + tookMs,
      outcome,
    };
  });
}

function inOrder(observations: readonly PacingObservation[]): PacingObservation[] {
  return [...observations].sort((left, right) => left.at - right.at);
}

/** A quarter of the calls reaches a person. */
const QUARTER: readonly Outcome[] = Array.from({ length: 800 }, (_, index) =>
  index % 4 === 0 ? 'person' : index % 4 === 1 ? 'busy' : 'no-answer',
);

describe('what a pacer learns', () => {
  const taught = (outcomes: readonly Outcome[]) => {
    const pacer = createPacer(SETTINGS);
    for (const observation of inOrder(setups(outcomes))) pacer.observe(observation);
    return pacer;
  };
  const forecast = (outcomes: readonly Outcome[]) => taught(outcomes).plan(aSnapshot()).forecast;

  it('is the share of set-ups that a person answered; nothing before the first', () => {
    expect(forecast([])).not.toHaveProperty('answerRateNow');
    const { answerRateNow, setupsObserved } = forecast(QUARTER);
    expect(answerRateNow).toBeGreaterThan(0.23);
    expect(answerRateNow).toBeLessThan(0.28);
    expect(setupsObserved).toBe(800);
  });

  it('leaves out the calls that we cancelled ourselves', () => {
    const cancelled = QUARTER.flatMap((outcome) => [outcome, 'cancelled' as const]);
    const { answerRateNow, setupsObserved } = forecast(cancelled);
    expect(answerRateNow).toBeGreaterThan(0.22);
    expect(setupsObserved).toBe(800);
  });

  it('is said in fifty answers to be known, whatever the mode', () => {
    // Of the last half minute it is not known yet who would have answered.
    const few = QUARTER.slice(0, 56);
    expect(forecast(few).learning).toEqual({ answersKnown: 13, answersNeeded: 50 });
    expect(forecast(QUARTER)).not.toHaveProperty('learning');
  });

  it('outlives the process as JSON, and new settings', () => {
    const before = taught(QUARTER);
    const kept = JSON.parse(JSON.stringify(before.toJSON()));
    const after = createPacer(RATIO, kept);
    expect(after.toJSON()).toEqual(before.toJSON());
    const rate = (pacer: typeof before) => pacer.plan(aSnapshot()).forecast.answerRateNow ?? 0;
    expect(rate(after)).toBeCloseTo(rate(before), 4);
  });

  it('is kept apart from what was handed out: neither changes the other', () => {
    const first = taught(QUARTER);
    const kept = first.toJSON();
    const asText = JSON.stringify(kept);
    const second = createPacer(SETTINGS, kept);
    for (const observation of setups(QUARTER)) second.observe(observation);
    expect(JSON.stringify(kept)).toBe(asText);
    expect(JSON.stringify(first.toJSON())).toBe(asText);
    expect(JSON.stringify(second.toJSON())).not.toBe(asText);
  });
});
