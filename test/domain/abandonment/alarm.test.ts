import { describe, expect, it } from 'vitest';
import { FIRST_WATCH, watchBank } from '../../../src/domain/abandonment/alarm.ts';
import type { BankState } from '../../../src/domain/abandonment/bank.ts';
import { bank } from './ledgers.ts';

describe('the alarm', () => {
  const NINE_TENTHS = { alarmShare: 0.9 };
  const look = (abandoned: number, answers: number, state: BankState) =>
    watchBank(
      { state, since: 1 },
      bank({ abandoned, connected: answers - abandoned }),
      NINE_TENTHS,
      2,
    );

  it('is told once when nine tenths of the cap are used, with numerator and denominator', () => {
    expect(look(27, 1_000, 'ok')).toEqual({
      watch: { state: 'alarm', since: 2 },
      facts: [
        {
          kind: 'abandonment-alarm',
          abandoned: 27,
          answers: 1_000,
          rateMax: 0.03,
          budgetUsed: 0.9,
          windowFrom: Date.parse('2026-11-23T00:00:00-03:00'),
        },
      ],
    });
    expect(look(28, 1_000, 'alarm').facts).toEqual([]);
  });

  it('is not told again at the cap, which is reached and left by facts of its own each time', () => {
    const counts = { abandoned: 30, rateMax: 0.03 };
    expect(look(30, 1_000, 'alarm')).toMatchObject({
      watch: { state: 'empty', since: 2 },
      facts: [{ kind: 'abandonment-cap-reached', ...counts, answers: 1_000 }],
    });
    expect(look(30, 1_000, 'empty').facts).toEqual([]);
    expect(look(30, 1_030, 'empty')).toEqual({
      watch: { state: 'alarm', since: 2 },
      facts: [{ kind: 'abandonment-cap-left', ...counts, answers: 1_030 }],
    });
    const kinds = (...looked: Parameters<typeof look>) =>
      look(...looked).facts.map((one) => one.kind);
    expect(kinds(1, 2, 'ok')).toEqual(['abandonment-alarm', 'abandonment-cap-reached']);
    expect(kinds(0, 0, 'empty')).toEqual(['abandonment-cap-left', 'abandonment-recovered']);
  });

  it('that is on stays on while eight tenths of the cap are used', () => {
    expect(look(24, 1_000, 'alarm').facts).toEqual([]);
    expect(look(24, 1_000, 'ok').facts).toEqual([]);
    expect(look(24, 1_000, 'empty').watch.state).toBe('alarm');
    expect(look(23, 1_000, 'alarm').watch.state).toBe('ok');
  });

  it('is told again after it had recovered', () => {
    const recovered = look(27, 1_130, 'alarm');
    expect(recovered.watch).toEqual({ state: 'ok', since: 2 });
    expect(recovered.facts).toEqual([
      { kind: 'abandonment-recovered', abandoned: 27, answers: 1_130, rateMax: 0.03 },
    ]);
    const again = watchBank(recovered.watch, bank({ abandoned: 3 }), NINE_TENTHS, 3);
    expect(again.facts[0]).toMatchObject({ kind: 'abandonment-alarm' });
    expect(watchBank(FIRST_WATCH, bank({}), NINE_TENTHS, 3)).toEqual({
      watch: FIRST_WATCH,
      facts: [],
    });
  });
});
