import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AbandonmentTerms,
  type BankState,
  bankOf,
  worstHalfHourOf,
} from '../../../src/domain/abandonment/bank.ts';
import {
  type AbandonmentLedger,
  forget,
  keptFrom,
  tally,
} from '../../../src/domain/abandonment/ledger.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { answered, bank, calls, NOON, TERMS, ZONE } from './ledgers.ts';

describe('the bank', () => {
  const mixed = { waiting: 2, connected: 90, abandoned: 4, 'hung-up-waiting': 4, machine: 10 };

  it('takes the abandoned of everybody who answered, and machines out of both', () => {
    expect(bank(mixed)).toMatchObject({ answers: 100, abandoned: 4, hungUpWaiting: 4, rate: 0.04 });
  });

  it('counts who hung up among the abandoned where the terms say so', () => {
    expect(bank(mixed, { earlyHangUpCounts: true })).toMatchObject({
      answers: 100,
      abandoned: 8,
      hungUpWaiting: 4,
    });
  });

  it('takes them of the abandoned and connected only, under those terms', () => {
    expect(bank(mixed, { denominator: 'abandoned-and-connected' })).toMatchObject({
      answers: 94,
      abandoned: 4,
    });
    const early = { denominator: 'abandoned-and-connected', earlyHangUpCounts: true } as const;
    expect(bank(mixed, early)).toMatchObject({ answers: 98, abandoned: 8 });
  });

  it('has estimated false machines in both parts of the fraction', () => {
    const terms = { denominator: 'abandoned-and-connected', falseMachineShare: 0.2 } as const;
    expect(bank(mixed, terms)).toMatchObject({ answers: 96, abandoned: 6, rate: 0.0625 });
    expect(bank(mixed, { falseMachineShare: 0.2 })).toMatchObject({ answers: 102, abandoned: 6 });
  });

  it.each<[string, number, number, BankState, number]>([
    ['nothing happened', 0, 0, 'ok', 0],
    ['nobody was abandoned', 0, 400, 'ok', 0],
    ['the first who answers is', 1, 1, 'empty', 1 / 0.03],
    ['less than nine tenths are used', 10, 380, 'ok', 10 / 11.4],
    ['nine tenths are', 27, 1_000, 'alarm', 0.9],
    ['one less than the cap allows', 29, 1_000, 'alarm', 29 / 30],
    ['as many as the cap allows', 3, 100, 'empty', 1],
    ['more', 4, 100, 'empty', 4 / 3],
  ])('says what is left where %s', (_name, abandoned, answers, state, used) => {
    const found = bank({ abandoned, connected: answers - abandoned });
    expect(found).toMatchObject({ abandoned, answers, state, allowed: 0.03 * answers });
    expect(found.budgetUsed).toBeCloseTo(used);
    expect(found.left).toBeCloseTo(0.03 * answers - abandoned);
  });

  it('is empty from the first abandoned on where none is allowed', () => {
    expect(bank({ abandoned: 1, connected: 999 }, { rateMax: 0 })).toMatchObject({
      state: 'empty',
      budgetUsed: 1,
    });
    expect(bank({ connected: 999 }, { rateMax: 0 }).state).toBe('ok');
  });
});

describe('the window', () => {
  const at = (moment: string): EpochMs => Date.parse(moment);

  it('is the calendar day of the profile, by the moment of the answer', () => {
    const lastSecond = at('2026-11-23T23:59:59-03:00');
    const ledger = answered({ abandoned: 1 }, lastSecond);
    expect(bankOf(ledger, TERMS, lastSecond + 500, ZONE)).toMatchObject({
      abandoned: 1,
      windowFrom: at('2026-11-23T00:00:00-03:00'),
    });
    expect(bankOf(ledger, TERMS, lastSecond + 1_000, ZONE)).toMatchObject({
      abandoned: 0,
      windowFrom: at('2026-11-24T00:00:00-03:00'),
    });
    expect(bankOf(ledger, TERMS, lastSecond + 1_000, 'America/Manaus').abandoned).toBe(1);
  });

  it('finds the day again that a clock set back returns to', () => {
    const midnight = at('2026-11-24T00:00:00-03:00');
    const ledger = answered(
      { connected: 1 },
      midnight,
      answered({ connected: 5 }, midnight - MINUTE_MS),
    );
    const kept = forget(ledger, keptFrom('calendar-day', midnight, ZONE));
    expect(bankOf(kept, TERMS, midnight, ZONE).answers).toBe(1);
    expect(bankOf(kept, TERMS, midnight - 1, ZONE).answers).toBe(5);
  });

  it('has 23 hours where clocks go forward at midnight, and 25 where they go back', () => {
    // São Paulo, 2018-11-04 and 2018-02-18: midnight did not exist, and 23:00 came twice.
    const short = answered({ connected: 1 }, at('2018-11-04T01:00:00-02:00'));
    expect(bankOf(short, TERMS, at('2018-11-04T23:59:00-02:00'), ZONE).answers).toBe(1);
    expect(bankOf(short, TERMS, at('2018-11-03T23:59:59-03:00'), ZONE).answers).toBe(0);
    const first = at('2018-02-17T23:30:00-02:00');
    const long = answered({ connected: 1 }, first);
    expect(bankOf(long, TERMS, first + HOUR_MS, ZONE).answers).toBe(1);
    expect(bankOf(long, TERMS, first + HOUR_MS + 30 * MINUTE_MS, ZONE).answers).toBe(0);
  });

  it.each([
    ['rolling-24-hours', DAY_MS],
    ['rolling-30-days', 30 * DAY_MS],
  ] as const)('%s holds its length and less than a quarter of an hour more', (window, length) => {
    const terms = { ...TERMS, window };
    const ledger = answered({ abandoned: 1 }, NOON);
    expect(bankOf(ledger, terms, NOON + length, ZONE).abandoned).toBe(1);
    expect(bankOf(ledger, terms, NOON + length + 15 * MINUTE_MS, ZONE).abandoned).toBe(0);
  });
});

describe('the worst half hour', () => {
  const worst = (ledger: AbandonmentLedger) => worstHalfHourOf(ledger, TERMS, NOON, ZONE);

  it('is none where nobody was abandoned', () => {
    expect(worst(answered({ connected: 50 }))).toBeUndefined();
  });

  it('is the one furthest beyond the cap, not the one with the highest rate', () => {
    const eight = Date.parse('2026-11-23T08:00:00-03:00');
    const early = answered({ abandoned: 1 }, eight);
    const ledger = answered({ abandoned: 6, connected: 54 }, eight + 2 * HOUR_MS, early);
    expect(worst(ledger)).toEqual({ from: eight + 2 * HOUR_MS, answers: 60, abandoned: 6 });
  });

  it('is two quarters of an hour that follow each other', () => {
    const nine = Date.parse('2026-11-23T09:00:00-03:00');
    let ledger = answered({ abandoned: 2, connected: 8 }, nine + 15 * MINUTE_MS);
    ledger = answered({ abandoned: 2, connected: 8 }, nine + 40 * MINUTE_MS, ledger);
    ledger = answered({ abandoned: 3, connected: 7 }, nine + 90 * MINUTE_MS, ledger);
    expect(worst(ledger)).toEqual({ from: nine + 15 * MINUTE_MS, answers: 20, abandoned: 4 });
  });
});

describe('whatever happened in whatever order', () => {
  const from = NOON - DAY_MS;
  const terms = fc.record({
    rateMax: fc.constantFrom(0, 0.01, 0.03, 0.5),
    waitMaxMs: fc.constant(2_000),
    clockStart: fc.constantFrom('answered', 'greeting-ended'),
    denominator: fc.constantFrom('people-answered', 'abandoned-and-connected'),
    window: fc.constantFrom('calendar-day', 'rolling-24-hours', 'rolling-30-days'),
    alarmShare: fc.constantFrom(0.5, 0.9, 1),
    earlyHangUpCounts: fc.boolean(),
    falseMachineShare: fc.constantFrom(0, 0.1),
  }) satisfies fc.Arbitrary<AbandonmentTerms>;

  it('a bank never has more abandoned than answers, and its parts agree', () => {
    fc.assert(
      fc.property(calls, terms, (some, given) => {
        const ledger = some.reduce<AbandonmentLedger>(
          (before, { afterMs, way }) => tally(before, from + afterMs, undefined, way.at(-1)),
          [],
        );
        const found = bankOf(ledger, given, NOON, ZONE);
        expect(found.abandoned).toBeLessThanOrEqual(found.answers);
        expect(found.rate * found.answers).toBeCloseTo(found.abandoned);
        expect(found.left).toBeCloseTo(found.rateMax * found.answers - found.abandoned);
        expect(found.state === 'empty').toBe(
          found.abandoned > 0 && found.abandoned >= found.allowed,
        );
        const worst = worstHalfHourOf(ledger, given, NOON, ZONE);
        expect(worst !== undefined).toBe(found.abandoned > 0);
        if (worst) expect(worst.abandoned).toBeLessThanOrEqual(found.abandoned);
      }),
    );
  });

  it('forgetting what is out of every window changes no bank, now or later', () => {
    fc.assert(
      fc.property(calls, terms, fc.nat(3 * DAY_MS), (some, given, laterMs) => {
        const ledger = some.reduce<AbandonmentLedger>(
          (before, { afterMs, way }) => tally(before, from + afterMs, undefined, way.at(-1)),
          [],
        );
        const kept = forget(ledger, keptFrom(given.window, NOON, ZONE));
        for (const now of [NOON, NOON + laterMs]) {
          expect(bankOf(kept, given, now, ZONE)).toEqual(bankOf(ledger, given, now, ZONE));
        }
      }),
    );
  });
});
