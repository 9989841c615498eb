import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BankFact, FIRST_WATCH, watchBank } from '../../../src/domain/abandonment/alarm.ts';
import {
  type AbandonmentTerms,
  bankOf,
  type HalfHour,
  worstHalfHourOf,
} from '../../../src/domain/abandonment/bank.ts';
import {
  type AbandonmentLedger,
  forget,
  TALLY_MS,
  tally,
} from '../../../src/domain/abandonment/ledger.ts';
import { STANDINGS, type Standing } from '../../../src/domain/calls/standing.ts';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../../../src/lib/time.ts';
import { answered, bank, NOON, TERMS, ZONE } from './ledgers.ts';

/** A moment in Brasília on the day of the story. */
const at = (time: string, date = '2026-11-23'): EpochMs => Date.parse(`${date}T${time}-03:00`);

describe('a campaign’s morning', () => {
  type Line = readonly [
    time: string,
    calls: Partial<Record<Standing, number>>,
    left: number,
    state: string,
    ...facts: BankFact['kind'][],
  ];
  /** Who answered since the last look, what the cap of 3 % leaves then, and what is told. */
  const MORNING: readonly Line[] = [
    ['08:00:00', {}, 0, 'ok'],
    ['08:05:00', { connected: 20 }, 0.6, 'ok'],
    ['08:06:00', { abandoned: 1 }, -0.37, 'empty', 'abandonment-alarm', 'abandonment-cap-reached'],
    ['08:20:00', { connected: 9 }, -0.1, 'empty'],
    ['08:25:00', { connected: 5 }, 0.05, 'alarm', 'abandonment-cap-left'],
    ['08:30:00', { connected: 5, machine: 40 }, 0.2, 'alarm'],
    ['08:40:00', { connected: 2 }, 0.26, 'ok', 'abandonment-recovered'],
    ['08:50:00', { 'hung-up-waiting': 3 }, 0.35, 'ok'],
    ['09:30:00', { connected: 255 }, 8, 'ok'],
    ['09:45:00', { abandoned: 7 }, 1.21, 'ok'],
    ['09:50:00', { abandoned: 1 }, 0.24, 'alarm', 'abandonment-alarm'],
    ['10:00:00', { waiting: 2 }, 0.3, 'alarm'],
    ['10:01:00', { abandoned: 1 }, -0.67, 'empty', 'abandonment-cap-reached'],
  ];

  it('uses its cap, fills it by answers, and tells each turn once', () => {
    let ledger: AbandonmentLedger = [];
    let watch = FIRST_WATCH;
    for (const [time, calls, left, state, ...facts] of MORNING) {
      ledger = answered(calls, at(time), ledger);
      const now = at(time) + 1;
      const found = bankOf(ledger, TERMS, now, ZONE);
      const looked = watchBank(watch, found, TERMS, now);
      watch = looked.watch;
      expect(found.left, time).toBeCloseTo(left);
      expect(watch.state, time).toBe(state);
      expect(
        looked.facts.map(({ kind }) => kind),
        time,
      ).toEqual(facts);
      if (facts.length > 0) expect(watch.since, time).toBe(now);
    }
    const worst = worstHalfHourOf(ledger, TERMS, at('10:01:00'), ZONE);
    expect(worst).toEqual({ from: at('09:45:00'), answers: 11, abandoned: 9 });
  });

  it('begins the next day with nothing used and nothing saved', () => {
    let ledger: AbandonmentLedger = [];
    for (const [time, calls] of MORNING) ledger = answered(calls, at(time), ledger);
    const evening = bankOf(ledger, TERMS, at('23:59:59'), ZONE);
    const midnight = bankOf(ledger, TERMS, at('00:00:00', '2026-11-24'), ZONE);
    expect(evening.state).toBe('empty');
    expect(midnight).toMatchObject({ answers: 0, abandoned: 0, left: 0, rate: 0, state: 'ok' });
    const { watch, facts } = watchBank({ state: 'empty', since: 1 }, midnight, TERMS, 2);
    expect(watch).toEqual({ state: 'ok', since: 2 });
    expect(facts.map(({ kind }) => kind)).toEqual([
      'abandonment-cap-left',
      'abandonment-recovered',
    ]);
  });
});

describe('an alarm that is on', () => {
  it.each([
    [41, 'alarm'],
    [42, 'ok'],
  ])('with one person abandoned of %i ends as any other: %s', (answers, state) => {
    // Of 41 the cap allows 1.23, of 42 1.26; one is 81 % and 79 % of it.
    const looked = bank({ abandoned: 1, connected: answers - 1 });
    expect(looked.state).toBe('ok');
    expect(watchBank({ state: 'alarm', since: 1 }, looked, TERMS, 2).watch.state).toBe(state);
  });

  it('of a profile that warns at half of the cap ends below four ninths of it', () => {
    const half = { alarmShare: 0.5 };
    const state = (abandoned: number) =>
      watchBank(
        { state: 'alarm', since: 1 },
        bank({ abandoned, connected: 3_000 - abandoned }, half),
        half,
        2,
      ).watch.state;
    expect([state(41), state(40), state(39)]).toEqual(['alarm', 'alarm', 'ok']);
  });
});

describe('the worst half hour', () => {
  const nine = at('09:00:00');
  const quarters = fc.array(
    fc.record({
      quarter: fc.nat(12),
      abandoned: fc.nat(4),
      connected: fc.nat(60),
    }),
    { maxLength: 8 },
  );

  function ledgerOf(some: readonly { quarter: number; abandoned: number; connected: number }[]) {
    return some.reduce<AbandonmentLedger>(
      (ledger, { quarter, ...calls }) => answered(calls, nine + quarter * TALLY_MS, ledger),
      [],
    );
  }

  /** Every beginning of a quarter is tried, and every call within half an hour of it is counted. */
  function beyondCapAtMost(ledger: AbandonmentLedger): number {
    const beyond = ledger.map(({ from }) => {
      const inside = ledger.filter((one) => one.from >= from && one.from < from + 30 * MINUTE_MS);
      const sum = (standing: Standing) =>
        inside.reduce((total, { calls }) => total + (calls[standing] ?? 0), 0);
      const abandoned = sum('abandoned');
      return abandoned === 0
        ? Number.NEGATIVE_INFINITY
        : abandoned - 0.03 * (abandoned + sum('connected'));
    });
    return Math.max(...beyond);
  }

  it('is as far beyond the cap as any half hour of the day', () => {
    fc.assert(
      fc.property(quarters, (some) => {
        const ledger = ledgerOf(some);
        const worst: HalfHour | undefined = worstHalfHourOf(ledger, TERMS, NOON, ZONE);
        const isAny = some.some(({ abandoned }) => abandoned > 0);
        expect(worst !== undefined).toBe(isAny);
        if (!worst) return;
        expect(worst.abandoned - 0.03 * worst.answers).toBeCloseTo(beyondCapAtMost(ledger));
      }),
      { numRuns: 200, seed: 56 },
    );
  });

  it('does not join quarters between which nobody answered', () => {
    let ledger = answered({ abandoned: 1, connected: 1 }, nine);
    ledger = answered({ abandoned: 1, connected: 2 }, nine + 30 * MINUTE_MS, ledger);
    expect(worstHalfHourOf(ledger, TERMS, NOON, ZONE)).toEqual({
      ...{ from: nine, answers: 2, abandoned: 1 },
    });
  });

  it('is the first of two that are equally bad', () => {
    let ledger = answered({ abandoned: 1, connected: 3 }, nine + 60 * MINUTE_MS);
    ledger = answered({ abandoned: 1, connected: 3 }, nine, ledger);
    expect(worstHalfHourOf(ledger, TERMS, NOON, ZONE)).toMatchObject({ from: nine });
  });

  it('is one of the window only', () => {
    const yesterday = answered({ abandoned: 9 }, nine - DAY_MS);
    expect(worstHalfHourOf(yesterday, TERMS, NOON, ZONE)).toBeUndefined();
    const rolling = { ...TERMS, window: 'rolling-30-days' } as const;
    expect(worstHalfHourOf(yesterday, rolling, NOON, ZONE)).toMatchObject({ abandoned: 9 });
  });

  it('counts those who hung up where the terms do', () => {
    const ledger = answered({ 'hung-up-waiting': 2, connected: 3 }, nine);
    const strict: AbandonmentTerms = { ...TERMS, earlyHangUpCounts: true };
    expect(worstHalfHourOf(ledger, TERMS, NOON, ZONE)).toBeUndefined();
    expect(worstHalfHourOf(ledger, strict, NOON, ZONE)).toMatchObject({ abandoned: 2, answers: 5 });
  });
});

describe('forgetting', () => {
  it('takes exactly the quarters that have ended by then', () => {
    const quarters = fc.uniqueArray(fc.nat(20), { maxLength: 10 });
    const moment = fc.integer({ min: -2, max: 22 });
    const off = fc.constantFrom(-1, 0, 1, 400_000);
    fc.assert(
      fc.property(quarters, moment, off, (some, quarter, offMs) => {
        const ledger = some.reduce<AbandonmentLedger>(
          (before, one) => answered({ connected: 1 }, NOON + one * TALLY_MS, before),
          [],
        );
        const before = NOON + quarter * TALLY_MS + offMs;
        const kept = ledger.filter((one) => one.from + TALLY_MS > before);
        expect(forget(ledger, before)).toEqual(kept);
      }),
      { numRuns: 200, seed: 57 },
    );
  });
});

describe('a tally', () => {
  const moves = fc.array(
    fc.record({
      quarter: fc.nat(3),
      to: fc.constantFrom(...STANDINGS),
    }),
    { minLength: 1, maxLength: 30 },
  );

  it('agrees with a count of the calls one by one, in any order of quarters', () => {
    fc.assert(
      fc.property(moves, (some) => {
        const counts = new Map<string, number>();
        let ledger: AbandonmentLedger = [];
        for (const { quarter, to } of some) {
          ledger = tally(ledger, NOON + quarter * TALLY_MS + 7, undefined, to);
          counts.set(`${quarter} ${to}`, (counts.get(`${quarter} ${to}`) ?? 0) + 1);
        }
        for (const { from, calls } of ledger) {
          const quarter = (from - NOON) / TALLY_MS;
          for (const standing of STANDINGS) {
            expect(calls[standing]).toBe(counts.get(`${quarter} ${standing}`));
          }
        }
        const order = ledger.map(({ from }) => from);
        expect(order).toEqual([...new Set(order)].toSorted((a, b) => a - b));
      }),
      { numRuns: 150, seed: 58 },
    );
  });

  it('that is taken back leaves the other calls of its quarter', () => {
    const two = answered({ connected: 1, machine: 1 });
    expect(tally(two, NOON, 'machine', undefined)).toEqual([
      { from: NOON, calls: { connected: 1 } },
    ]);
  });
});
