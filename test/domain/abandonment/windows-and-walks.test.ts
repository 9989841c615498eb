import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BankFact,
  FIRST_WATCH,
  steadyState,
  watchBank,
} from '../../../src/domain/abandonment/alarm.ts';
import { type BankState, bankOf } from '../../../src/domain/abandonment/bank.ts';
import {
  type AbandonmentLedger,
  type AbandonmentWindow,
  forget,
  keptFrom,
  TALLY_MS,
  tally,
  tallyFrom,
  windowOf,
} from '../../../src/domain/abandonment/ledger.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { answered, bank, NOON, TERMS, ZONE } from './ledgers.ts';

describe('a quarter of an hour of the ledger', () => {
  it.each([
    [0, 0],
    [1, 0],
    [TALLY_MS - 1, 0],
    [TALLY_MS, TALLY_MS],
  ])('%i ms after noon begins %i ms after it', (after, from) => {
    expect(tallyFrom(NOON + after)).toBe(NOON + from);
  });

  it('holds its calls together, and each quarter comes once, oldest first', () => {
    let ledger = answered({ connected: 1 }, NOON + 20 * MINUTE_MS);
    ledger = answered({ abandoned: 1 }, NOON + 1, ledger);
    ledger = answered({ connected: 1 }, NOON + 29 * MINUTE_MS, ledger);
    expect(ledger).toEqual([
      { from: NOON, calls: { abandoned: 1 } },
      { from: NOON + TALLY_MS, calls: { connected: 2 } },
    ]);
  });

  it('moves a call from what it stood for to what it stands for', () => {
    const waiting = tally([], NOON, undefined, 'waiting');
    const connected = tally(waiting, NOON, 'waiting', 'connected');
    expect(connected).toEqual([{ from: NOON, calls: { connected: 1 } }]);
    expect(tally(connected, NOON, 'connected', undefined)).toEqual([{ from: NOON, calls: {} }]);
  });

  it('is the very same ledger where nothing changed', () => {
    const ledger = answered({ connected: 3 });
    expect(tally(ledger, NOON, 'connected', 'connected')).toBe(ledger);
  });

  it('changes no ledger that somebody holds', () => {
    const before = answered({ connected: 3, abandoned: 1 });
    const copy = structuredClone(before);
    tally(before, NOON, 'connected', 'machine');
    tally(before, NOON - HOUR_MS, undefined, 'waiting');
    expect(before).toEqual(copy);
  });
});

describe('a window', () => {
  const at = (text: string) => Date.parse(text);

  it.each<[AbandonmentWindow, string, string]>([
    ['calendar-day', '2026-11-23T00:00:00-03:00', '2026-11-23T00:00:00-03:00'],
    ['calendar-day', '2026-11-23T23:59:59-03:00', '2026-11-23T00:00:00-03:00'],
    ['rolling-24-hours', '2026-11-23T12:00:00-03:00', '2026-11-22T12:00:00-03:00'],
    ['rolling-24-hours', '2026-11-23T12:14:59-03:00', '2026-11-22T12:00:00-03:00'],
    ['rolling-30-days', '2026-11-23T12:15:00-03:00', '2026-10-24T12:15:00-03:00'],
  ])('%s at %s begins at %s', (window, now, from) => {
    expect(windowOf(window, at(now), ZONE).from).toBe(at(from));
  });

  it('of a calendar day ends at midnight, and no answer of tomorrow is in it', () => {
    const { to } = windowOf('calendar-day', NOON, ZONE);
    expect(to).toBe(at('2026-11-24T00:00:00-03:00'));
    const tomorrow = answered({ abandoned: 1 }, to);
    expect(bankOf(tomorrow, TERMS, NOON, ZONE).abandoned).toBe(0);
  });

  it.each<AbandonmentWindow>(['calendar-day', 'rolling-24-hours', 'rolling-30-days'])(
    '%s is kept for two hours more, for a clock that is set back',
    (window) => {
      const { from } = windowOf(window, NOON, ZONE);
      expect(keptFrom(window, NOON, ZONE)).toBe(from - 2 * HOUR_MS);
    },
  );
});

describe('forgetting', () => {
  const three = [NOON - HOUR_MS, NOON, NOON + HOUR_MS].reduce<AbandonmentLedger>(
    (ledger, when) => answered({ connected: 1 }, when, ledger),
    [],
  );

  it.each([
    ['nothing that is all still needed', NOON - HOUR_MS, 3],
    ['no quarter that has not ended', NOON - HOUR_MS + TALLY_MS - 1, 3],
    ['a quarter that has', NOON - HOUR_MS + TALLY_MS, 2],
    ['all of the past', NOON + 2 * HOUR_MS, 0],
  ])('takes %s', (_name, before, left) => {
    expect(forget(three, before)).toHaveLength(left);
  });

  it('is the very same ledger where there is nothing to forget', () => {
    expect(forget(three, NOON - DAY_MS)).toBe(three);
    expect(forget([], NOON)).toEqual([]);
  });
});

describe('the steady state of an alarm', () => {
  /** Abandoned of a thousand answers; the cap allows thirty, the alarm is at 27, it ends below 24. */
  it.each<[BankState, number, BankState]>([
    ['ok', 0, 'ok'],
    ['ok', 26, 'ok'],
    ['ok', 27, 'alarm'],
    ['ok', 30, 'empty'],
    ['alarm', 23, 'ok'],
    ['alarm', 24, 'alarm'],
    ['alarm', 29, 'alarm'],
    ['alarm', 30, 'empty'],
    ['empty', 30, 'empty'],
    ['empty', 29, 'alarm'],
    ['empty', 24, 'alarm'],
    ['empty', 23, 'ok'],
    ['alarm', 0, 'ok'],
    ['empty', 0, 'ok'],
  ])('after %s with %i abandoned is %s', (before, abandoned, after) => {
    const looked = bank({ abandoned, connected: 1_000 - abandoned });
    expect(steadyState(before, looked, TERMS)).toBe(after);
  });
});

describe('a day of looks at a bank', () => {
  const looks = fc.array(
    fc.record({
      abandoned: fc.integer({ min: 0, max: 6 }),
      connected: fc.integer({ min: 0, max: 200 }),
    }),
    { minLength: 1, maxLength: 40 },
  );

  /** The facts of a campaign that is looked at again and again; each is looked at `times` times. */
  function factsOf(day: typeof looks extends fc.Arbitrary<infer Day> ? Day : never, times = 1) {
    let watch = FIRST_WATCH;
    const facts: BankFact['kind'][] = [];
    day.forEach((counts, index) => {
      for (let again = 0; again < times; again += 1) {
        const looked = watchBank(watch, bank(counts), TERMS, index + 1);
        watch = looked.watch;
        facts.push(...looked.facts.map((one) => one.kind));
      }
    });
    return { facts, watch };
  }

  it('tells of an alarm and of its end in turn, beginning with the alarm', () => {
    fc.assert(
      fc.property(looks, (day) => {
        const told = factsOf(day).facts.filter(
          (kind) => kind === 'abandonment-alarm' || kind === 'abandonment-recovered',
        );
        told.forEach((kind, index) => {
          expect(kind).toBe(index % 2 === 0 ? 'abandonment-alarm' : 'abandonment-recovered');
        });
      }),
      { numRuns: 150, seed: 51 },
    );
  });

  it('tells that the cap is reached and left in turn, and never left before it was reached', () => {
    fc.assert(
      fc.property(looks, (day) => {
        const { facts, watch } = factsOf(day);
        const told = facts.filter((kind) => kind.startsWith('abandonment-cap'));
        told.forEach((kind, index) => {
          expect(kind).toBe(index % 2 === 0 ? 'abandonment-cap-reached' : 'abandonment-cap-left');
        });
        expect(watch.state === 'empty').toBe(told.length % 2 === 1);
      }),
      { numRuns: 150, seed: 52 },
    );
  });

  it('tells nothing twice when it is looked at more often', () => {
    fc.assert(
      fc.property(looks, fc.integer({ min: 2, max: 4 }), (day, times) => {
        expect(factsOf(day, times)).toEqual(factsOf(day));
      }),
      { numRuns: 80, seed: 53 },
    );
  });
});

describe('the bank, as more happens', () => {
  const counts = fc.record({
    connected: fc.integer({ min: 0, max: 60 }),
    abandoned: fc.integer({ min: 0, max: 5 }),
    'hung-up-waiting': fc.integer({ min: 0, max: 5 }),
    machine: fc.integer({ min: 0, max: 20 }),
  });
  const terms = fc.record({
    denominator: fc.constantFrom('people-answered' as const, 'abandoned-and-connected' as const),
    earlyHangUpCounts: fc.boolean(),
    falseMachineShare: fc.constantFrom(0, 0.1, 0.5),
  });

  it('has less left with one more person abandoned, and more with one more connected', () => {
    fc.assert(
      fc.property(counts, terms, (some, given) => {
        const before = bank(some, given);
        const worse = bank({ ...some, abandoned: some.abandoned + 1 }, given);
        const better = bank({ ...some, connected: some.connected + 1 }, given);
        expect(worse.left).toBeLessThan(before.left);
        expect(better.left).toBeGreaterThan(before.left);
      }),
      { numRuns: 100, seed: 54 },
    );
  });

  it('is the stricter one where early hang-ups count, and where more machines are doubted', () => {
    fc.assert(
      fc.property(counts, terms, (some, given) => {
        const lenient = bank(some, { ...given, earlyHangUpCounts: false, falseMachineShare: 0 });
        expect(bank(some, given).left).toBeLessThanOrEqual(lenient.left);
      }),
      { numRuns: 100, seed: 55 },
    );
  });

  it('of one campaign knows nothing of another: no rate is averaged', () => {
    const bad = bank({ abandoned: 5, connected: 95 });
    const good = bank({ connected: 900 });
    const together = bank({ abandoned: 5, connected: 995 });
    expect([bad.state, good.state, together.state]).toEqual(['empty', 'ok', 'ok']);
  });
});

describe('rates that regulators publish', () => {
  it('T83: with measured false machines, 40 of 1010 is 3.96 %', () => {
    const found = bank(
      { connected: 970, abandoned: 20, machine: 1_000 },
      { denominator: 'abandoned-and-connected', falseMachineShare: 0.02 },
    );
    expect(found).toMatchObject({ abandoned: 40, answers: 1_010, state: 'empty' });
    expect(found.rate).toBeCloseTo(0.0396, 4);
  });

  it('T84: 20 dropped of 990 is 2.02 %, above an alarm at half of the cap', () => {
    const found = bank({ connected: 970, abandoned: 20 }, { alarmShare: 0.5 });
    expect(found.rate).toBeCloseTo(0.0202, 4);
    expect(found.state).toBe('alarm');
  });
});
