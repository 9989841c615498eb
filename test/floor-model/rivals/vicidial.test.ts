import { describe, expect, it } from 'vitest';
import type { FloorPolicy, FloorSnapshot } from '../../../src/floor-model/rivals/rival.ts';
import {
  vicidialAdaptive,
  vicidialFixed,
  vicidialPolicy,
} from '../../../src/floor-model/rivals/vicidial.ts';
import { VICIDIAL_DEFAULTS } from '../../../src/floor-model/rivals/vicidial-settings.ts';
import { PLACED_AT } from '../../support/builders.ts';

const START = PLACED_AT;

type Floor = { free?: number; talking?: number; wrapping?: number; onTheWay?: number };

function snapshot(now: number, floor: Floor, over: Partial<FloorSnapshot> = {}): FloorSnapshot {
  const { free = 0, talking = 0, wrapping = 0, onTheWay = 0 } = floor;
  const agents = (count: number, state: 'available' | 'talking' | 'wrapping-up') =>
    Array.from({ length: count }, () => ({ state, since: START - 1_000 }));
  return {
    now,
    agents: [
      ...agents(free, 'available'),
      ...agents(talking, 'talking'),
      ...agents(wrapping, 'wrapping-up'),
    ],
    calls: Array.from({ length: onTheWay }, (_, index) => ({
      id: `call_${index}`,
      state: 'ringing' as const,
      placedAt: START,
      since: START,
    })),
    waiting: [],
    bank: { answers: 0, abandoned: 0 },
    linesFree: 1_000,
    callsAllowedNow: 1_000,
    leadsLeft: 100_000,
    pausedAgents: 0,
    linesInConversation: talking,
    deadLines: wrapping,
    callsToday: 0,
    answersToday: 0,
    dropsToday: 0,
    connectedAnswersDisposedToday: 0,
    callsLastMinute: 0,
    answersLastMinute: 0,
    dropsLastMinute: 0,
    ...over,
  };
}

/** Asks at every tick while nothing changes; the calls placed at each of them. */
function run(
  policy: FloorPolicy,
  ms: number,
  floor: Floor,
  over: Partial<FloorSnapshot> = {},
): number[] {
  const placed: number[] = [];
  for (let at = 0; at < ms; at += policy.planEveryMs) {
    placed.push(policy.plan(snapshot(START + at, floor, over)).place);
  }
  return placed;
}

describe('vicidial as a policy', () => {
  it('launches every two and a half seconds, and the time that launching takes', () => {
    const placed = run(vicidialFixed(1), 6_000, { free: 10 });
    expect(placed[0]).toBe(10);
    // Ten calls take 50 ms; the next pass, due at 2.55 s, is done at the tick before it.
    expect(placed.indexOf(10, 1)).toBe(10);
    expect(placed.reduce((sum, count) => sum + count, 0)).toBe(30);
  });

  it('places one after another at the rate of its server', () => {
    const policy = vicidialPolicy({ settings: { ...VICIDIAL_DEFAULTS, method: 'ratio' } });
    const placed = run(policy, 4_400, { free: 10 });
    // Five a second: ten calls take two seconds, then it sleeps.
    expect(placed.slice(0, 8).reduce((sum, count) => sum + count, 0)).toBe(10);
    expect(Math.max(...placed)).toBeLessThanOrEqual(2);
    expect(placed.slice(8).every((count) => count === 0)).toBe(true);
  });

  it('counts talking agents and not those who wrap up', () => {
    expect(run(vicidialFixed(2), 250, { free: 1, talking: 3, wrapping: 6, onTheWay: 2 })).toEqual([
      3,
    ]);
  });

  it('raises its level while agents are idle', () => {
    const placed = run(vicidialAdaptive('adapt-hard-limit'), 120_000, { free: 10 });
    expect(placed[0]).toBe(10);
    expect(placed.findLast((count) => count > 0)).toBe(30);
  });

  it('takes fifteen seconds to raise it the first time', () => {
    const placed = run(vicidialAdaptive('adapt-hard-limit'), 20_000, { free: 1, talking: 9 });
    const first = placed.findIndex((count) => count > 1);
    expect(first * 250).toBeGreaterThanOrEqual(15_000);
    expect(first * 250).toBeLessThanOrEqual(18_000);
  });

  it('stays at one line for each agent while the day is over its limit', () => {
    const over = { callsToday: 1_000, dropsToday: 4, connectedAnswersDisposedToday: 96 };
    const placed = run(vicidialAdaptive('adapt-hard-limit'), 120_000, { free: 10 }, over);
    expect(Math.max(...placed)).toBe(10);
  });

  it('reaches its limit too early while most answers still wait for their disposition', () => {
    // 3 drops among 103 answers are 2.9 %; among the 50 with a disposition they are 5.7 %.
    const settled = { callsToday: 1_000, dropsToday: 3, connectedAnswersDisposedToday: 100 };
    const unsettled = { ...settled, connectedAnswersDisposedToday: 50 };
    const policy = () => vicidialAdaptive('adapt-average');
    expect(Math.max(...run(policy(), 120_000, { free: 10 }, settled))).toBe(30);
    expect(Math.max(...run(policy(), 120_000, { free: 10 }, unsettled))).toBe(10);
  });

  it('tapers by its server’s local time', () => {
    const over = { callsToday: 1_000, dropsToday: 10, connectedAnswersDisposedToday: 90 };
    const morning = Date.UTC(2026, 10, 24, 10, 0);
    const evening = Date.UTC(2026, 10, 24, 20, 0);
    const placedFrom = (start: number) => {
      const policy = vicidialAdaptive('adapt-tapered', { zone: 'UTC' });
      const placed: number[] = [];
      for (let at = 0; at < 180_000; at += 250) {
        placed.push(policy.plan(snapshot(start + at, { free: 10 }, over)).place);
      }
      return Math.max(...placed);
    };
    expect(placedFrom(morning)).toBe(30);
    expect(placedFrom(evening)).toBe(10);
  });

  it('places nothing without agents and survives a clock that goes back', () => {
    const policy = vicidialAdaptive('adapt-hard-limit');
    expect(policy.plan(snapshot(START, {})).place).toBe(0);
    expect(policy.plan(snapshot(START - 60_000, { free: 2 })).place).toBe(2);
  });
});
