import { describe, expect, it } from 'vitest';
import { readRestTime, restIn } from '../../../src/web/ui/rest-time.ts';

/** On the wall clock of the place where the test runs, as in a browser. */
const at = (day: number, hour: number, minute = 0) =>
  new Date(2026, 10, day, hour, minute).getTime();

describe('the hour of a rest', () => {
  it.each(['12', '12:00', '1200', '12h'])('is read from %s', (typed) => {
    expect(readRestTime(typed, at(24, 10, 30))).toEqual({ at: at(24, 12) });
  });

  it('is of the next day in a shift over midnight, and past by day', () => {
    expect(readRestTime('00:30', at(24, 22))).toEqual({ at: at(25, 0, 30) });
    expect(readRestTime('09:00', at(24, 10, 30))).toEqual({ problem: 'past' });
    expect(readRestTime('10:30', at(24, 10, 30))).toEqual({ problem: 'past' });
  });

  it('is refused further ahead than the server takes it', () => {
    expect(readRestTime('20:00', at(24, 8))).toEqual({ at: at(24, 20) });
    expect(readRestTime('20:01', at(24, 8))).toEqual({ problem: 'too-far' });
  });

  it.each([
    ['', 'missing'],
    ['  ', 'missing'],
    ['25:00', 'not-a-time'],
    ['12:60', 'not-a-time'],
    ['meio-dia', 'not-a-time'],
  ])('is none in "%s"', (typed, problem) => {
    expect(readRestTime(typed, at(24, 10))).toEqual({ problem });
  });
});

it('begins a quick-choice rest at a full minute, never earlier than promised', () => {
  const now = at(24, 10, 30) + 20_000;
  expect(restIn(15, now)).toBe(at(24, 10, 46));
  expect(restIn(15, at(24, 10, 30))).toBe(at(24, 10, 45));
});
