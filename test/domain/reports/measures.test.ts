import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bankOf } from '../../../src/domain/abandonment/bank.ts';
import { STANDINGS, type Standing } from '../../../src/domain/calls/standing.ts';
import {
  agentsAtWork,
  countsOfStanding,
  MEASURES,
  type Measure,
  measured,
} from '../../../src/domain/reports/measures.ts';
import { answered, NOON, TERMS, ZONE } from '../abandonment/ledgers.ts';

describe('what an answered call adds to its day', () => {
  const ADDS: Readonly<Record<Standing, readonly string[]>> = {
    waiting: ['answered'],
    connected: ['answered'],
    abandoned: ['answered', 'abandoned'],
    'hung-up-waiting': ['answered', 'hungUpWaiting'],
    machine: [],
  };

  it.each(Object.entries(ADDS))('%s: %j', (standing, counts) => {
    expect(countsOfStanding(standing as Standing)).toEqual(counts);
  });

  it('is nothing for a call that was not answered', () => {
    expect(countsOfStanding(undefined)).toEqual([]);
  });

  it('adds up to what the bank of that day says of the same calls', () => {
    const calls = fc.dictionary(fc.constantFrom(...STANDINGS), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(calls, (some) => {
        const standings = STANDINGS.flatMap((one) => Array<Standing>(some[one] ?? 0).fill(one));
        const counts = standings.flatMap(countsOfStanding);
        const sum = (kind: string) => counts.filter((one) => one === kind).length;
        const bank = bankOf(answered(some), TERMS, NOON, ZONE);
        expect([sum('answered'), sum('abandoned'), sum('hungUpWaiting')]).toEqual([
          ...[bank.answers, bank.abandoned, bank.hungUpWaiting],
        ]);
        expect(measured(MEASURES.abandonment, bank) ?? 0).toBe(bank.rate);
      }),
      { numRuns: 60, seed: 91 },
    );
  });
});

const AGENTS = {
  ...{ free: 1, reserved: 2, talking: 4, wrappingUp: 8, undisposed: 16, paused: 32, absent: 64 },
};
const LIVE = { placing: 1, ringing: 2, waiting: 4, talking: 8, announcing: 16 };
const VERDICTS = {
  ...{ person: 50, unsure: 10, machine: 40, sampled: 8, judged: 5, people: 1, missed: 3 },
};

describe('a number on a screen', () => {
  /** Powers of two tell which counts are in a sum. */
  const parts = <Counts>(of: Measure<Counts>, counts: Counts) => [
    of.numerator(counts),
    of.denominator(counts),
  ];

  it('counts as talking who talks and who is kept for a call, of all on shift', () => {
    expect(parts(MEASURES.talking, AGENTS)).toEqual([2 + 4, 127]);
    expect(parts(MEASURES.free, AGENTS)).toEqual([1, 127]);
  });

  it('counts as at work who is free, in a call or after one, and not who pauses or is away', () => {
    expect(agentsAtWork(AGENTS)).toBe(1 + 2 + 4 + 8 + 16);
  });

  it('counts every call of a campaign as a line in use', () => {
    expect(parts(MEASURES.dialing, { live: LIVE, linesMax: 30 })).toEqual([31, 30]);
  });

  it('divides answers by attempts, and right parties by conversations', () => {
    expect(measured(MEASURES.answered, { answered: 12, attempts: 80 })).toBe(0.15);
    expect(measured(MEASURES.rightParty, { rightParty: 3, connected: 12 })).toBe(0.25);
    expect(measured(MEASURES.occupancy, { busyMs: 45_000, presentMs: 60_000 })).toBe(0.75);
  });

  it('divides each verdict of screening by what it is a part of', () => {
    expect(parts(MEASURES.machines, VERDICTS)).toEqual([40, 100]);
    expect(parts(MEASURES.unsure, VERDICTS)).toEqual([10, 100]);
    expect(parts(MEASURES.sampled, VERDICTS)).toEqual([8, 40]);
    expect(parts(MEASURES.falseMachines, VERDICTS)).toEqual([1, 5]);
    expect(parts(MEASURES.missedMachines, VERDICTS)).toEqual([3, 60]);
  });

  it('is none where there is nothing to divide by, and nought where there is', () => {
    expect(measured(MEASURES.answered, { answered: 0, attempts: 0 })).toBeUndefined();
    expect(measured(MEASURES.answered, { answered: 0, attempts: 1 })).toBe(0);
    expect(measured(MEASURES.abandonment, { abandoned: 0, answers: 0 })).toBeUndefined();
  });

  it('says over which time it is taken', () => {
    const windows = Object.entries(MEASURES).map(([name, { window }]) => `${name} ${window}`);
    expect(windows).toEqual([
      ...['talking now', 'free now', 'dialing now', 'answered local-day', 'rightParty local-day'],
      ...['abandonment profile-window', 'occupancy span', 'machines 30-days', 'unsure 30-days'],
      ...['sampled 30-days', 'falseMachines 30-days', 'missedMachines 30-days'],
    ]);
  });
});
