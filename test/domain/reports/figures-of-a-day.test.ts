import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STANDINGS, type Standing } from '../../../src/domain/calls/standing.ts';
import {
  type AgentCounts,
  agentsAtWork,
  countsOfStanding,
  type Lines,
  MEASURES,
  measured,
} from '../../../src/domain/reports/measures.ts';

const NOBODY: AgentCounts = {
  ...{ free: 0, reserved: 0, talking: 0, wrappingUp: 0, undisposed: 0, paused: 0, absent: 0 },
};

/** `talking 2/5 · free 1/5 · at work 4`, as a board shows them. */
function boardOf(counts: Partial<AgentCounts>): string {
  const agents = { ...NOBODY, ...counts };
  const talking = `${MEASURES.talking.numerator(agents)}/${MEASURES.talking.denominator(agents)}`;
  const free = `${MEASURES.free.numerator(agents)}/${MEASURES.free.denominator(agents)}`;
  return `talking ${talking} · free ${free} · at work ${agentsAtWork(agents)}`;
}

describe('the agents of a board', () => {
  it.each<[string, Partial<AgentCounts>, string]>([
    ['nobody is signed in', {}, 'talking 0/0 · free 0/0 · at work 0'],
    ['headsets are missing', { absent: 3 }, 'talking 0/3 · free 0/3 · at work 0'],
    ['all wait for a call', { free: 3 }, 'talking 0/3 · free 3/3 · at work 3'],
    ['one is kept for a call', { free: 2, reserved: 1 }, 'talking 1/3 · free 2/3 · at work 3'],
    ['and talks', { free: 2, talking: 1 }, 'talking 1/3 · free 2/3 · at work 3'],
    ['and wraps up', { free: 2, wrappingUp: 1 }, 'talking 0/3 · free 2/3 · at work 3'],
    ['and owes a disposition', { free: 2, undisposed: 1 }, 'talking 0/3 · free 2/3 · at work 3'],
    ['and pauses', { free: 2, paused: 1 }, 'talking 0/3 · free 2/3 · at work 2'],
  ])('when %s', (_name, agents, board) => {
    expect(boardOf(agents)).toBe(board);
  });

  const counts: fc.Arbitrary<AgentCounts> = fc.record({
    ...{ free: fc.nat(50), reserved: fc.nat(50), talking: fc.nat(50), wrappingUp: fc.nat(50) },
    ...{ undisposed: fc.nat(50), paused: fc.nat(50), absent: fc.nat(50) },
  });

  it('are each in one place only: those at work, in a pause and away make everybody', () => {
    fc.assert(
      fc.property(counts, (agents) => {
        const everybody = MEASURES.talking.denominator(agents);
        expect(everybody).toBe(agentsAtWork(agents) + agents.paused + agents.absent);
        expect(everybody).toBe(Object.values(agents).reduce((sum, one) => sum + one, 0));
        expect(MEASURES.free.denominator(agents)).toBe(everybody);
      }),
      { numRuns: 60, seed: 81 },
    );
  });

  it('do not change in sum when somebody goes from one state to another', () => {
    const states = Object.keys(NOBODY) as readonly (keyof AgentCounts)[];
    const moves = fc.record({ from: fc.constantFrom(...states), to: fc.constantFrom(...states) });
    fc.assert(
      fc.property(counts, moves, (agents, { from, to }) => {
        if (agents[from] === 0) return;
        const left = { ...agents, [from]: agents[from] - 1 };
        const moved = { ...left, [to]: left[to] + 1 };
        expect(MEASURES.talking.denominator(moved)).toBe(MEASURES.talking.denominator(agents));
      }),
      { numRuns: 60, seed: 82 },
    );
  });
});

describe('the lines of a board', () => {
  it.each<[keyof Lines]>([['placing'], ['ringing'], ['waiting'], ['talking'], ['announcing']])(
    'are taken by a call that is %s',
    (state) => {
      const none = { placing: 0, ringing: 0, waiting: 0, talking: 0, announcing: 0 };
      const counts = { live: { ...none, [state]: 3 }, linesMax: 4 };
      expect(MEASURES.dialing.numerator(counts)).toBe(3);
      expect(measured(MEASURES.dialing, counts)).toBe(0.75);
      expect(measured(MEASURES.dialing, { ...counts, linesMax: 0 })).toBeUndefined();
    },
  );
});

describe('the calls of a morning', () => {
  /** Each answered call as it stands, in the order of the answers, and what the day shows then. */
  const MORNING: readonly (readonly [
    standing: Standing | undefined,
    answered: number,
    abandoned: number,
    hungUpWaiting: number,
  ])[] = [
    ['connected', 1, 0, 0],
    // Nobody answered.
    [undefined, 1, 0, 0],
    ['machine', 1, 0, 0],
    ['hung-up-waiting', 2, 0, 1],
    ['abandoned', 3, 1, 1],
    ['waiting', 4, 1, 1],
    ['abandoned', 5, 2, 1],
    ['connected', 6, 2, 1],
  ];

  it('add up call by call to the figures of the day', () => {
    const sums = { answered: 0, abandoned: 0, hungUpWaiting: 0 };
    for (const [standing, ...figures] of MORNING) {
      for (const count of countsOfStanding(standing)) sums[count] += 1;
      expect([sums.answered, sums.abandoned, sums.hungUpWaiting]).toEqual(figures);
    }
    expect(measured(MEASURES.answered, { answered: sums.answered, attempts: 24 })).toBe(0.25);
    expect(
      measured(MEASURES.abandonment, { abandoned: sums.abandoned, answers: sums.answered }),
    ).toBe(2 / 6);
  });

  it('count nobody twice, and nobody as lost who did not answer', () => {
    for (const standing of STANDINGS) {
      const counts = countsOfStanding(standing);
      expect(new Set(counts).size).toBe(counts.length);
      expect(counts.length === 0 || counts.includes('answered')).toBe(true);
      expect(counts.includes('abandoned') && counts.includes('hungUpWaiting')).toBe(false);
    }
  });
});

describe('a verdict of screening', () => {
  type Verdict = 'person' | 'unsure' | 'machine';
  const calls = fc.array(
    fc.record({
      verdict: fc.constantFrom<Verdict>('person', 'unsure', 'machine'),
      isMachine: fc.boolean(),
      isSampled: fc.boolean(),
      isJudged: fc.boolean(),
    }),
    { maxLength: 80 },
  );

  it('is counted as shares that are between nought and one, and together make all', () => {
    fc.assert(
      fc.property(calls, (all) => {
        const count = (is: (call: (typeof all)[number]) => boolean) => all.filter(is).length;
        const isSampled = (call: (typeof all)[number]) =>
          call.verdict === 'machine' && call.isSampled;
        const verdicts = {
          person: count(({ verdict }) => verdict === 'person'),
          unsure: count(({ verdict }) => verdict === 'unsure'),
          machine: count(({ verdict }) => verdict === 'machine'),
          sampled: count(isSampled),
          judged: count((call) => isSampled(call) && call.isJudged),
          people: count((call) => isSampled(call) && call.isJudged && !call.isMachine),
          missed: count(({ verdict, isMachine }) => verdict !== 'machine' && isMachine),
        };
        for (const name of [
          'machines',
          'unsure',
          'sampled',
          'falseMachines',
          'missedMachines',
        ] as const) {
          const share = measured(MEASURES[name], verdicts) ?? 0;
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        const heard = MEASURES.machines.denominator(verdicts);
        expect(heard).toBe(all.length);
        expect(
          MEASURES.machines.numerator(verdicts) + MEASURES.missedMachines.denominator(verdicts),
        ).toBe(heard);
      }),
      { numRuns: 100, seed: 83 },
    );
  });

  it.each(['machines', 'unsure', 'sampled', 'falseMachines', 'missedMachines'] as const)(
    'has no share of %s before a call was heard',
    (name) => {
      const none = {
        person: 0,
        unsure: 0,
        machine: 0,
        sampled: 0,
        judged: 0,
        people: 0,
        missed: 0,
      };
      expect(measured(MEASURES[name], none)).toBeUndefined();
    },
  );
});
