/** A pacer is asked four times a second and more: what it looks at again, and what it need not. */
import { describe, expect, it } from 'vitest';
import {
  createPacer,
  type Pacer,
  type PacingAgent,
  type PacingCall,
  type PacingSnapshot,
} from '../../../src/domain/pacing/pacer.ts';
import { copyOf, IDLE, NOW, past, SETTINGS, taught } from './pacer-floors.ts';

const KNOWN = taught(past(5, 0.15, 1_500)).toJSON();
const known = (): Pacer => createPacer(SETTINGS, copyOf(KNOWN));

const RINGING: readonly PacingCall[] = Array.from({ length: 6 }, (_, index) => ({
  id: `call_${index}`,
  state: 'ringing',
  placedAt: NOW - 1_000,
  since: NOW - 500,
}));
const team = (state: PacingAgent['state'], sinceMs: number): PacingAgent[] =>
  Array.from({ length: 10 }, () => ({ state, since: NOW - sinceMs }));

/** Ten agents have just begun to talk, and six calls ring. */
const OVERLOADED: PacingSnapshot = { ...IDLE, agents: team('talking', 500), calls: RINGING };
/** Of the same number of agents and calls, but all will be free in a moment. */
const RELIEVED: PacingSnapshot = { ...OVERLOADED, agents: team('wrapping-up', 25_000) };

/** Overloaded at first; then shown the relief, so long after. */
function relievedAfter(
  ms: number,
  more: Partial<PacingSnapshot> = {},
  between: (pacer: Pacer) => void = () => undefined,
): number {
  const pacer = known();
  pacer.plan(OVERLOADED);
  between(pacer);
  return pacer.plan({ ...RELIEVED, now: NOW + ms, ...more }).place;
}

describe('a risk that is far too high', () => {
  it('is three times what is accepted, and would be accepted after the relief', () => {
    const { because } = known().plan(OVERLOADED);
    if (because.kind !== 'risk-too-high') throw new Error(because.kind);
    expect(because.risk / because.riskMax).toBeGreaterThan(3);
    expect(known().plan(RELIEVED).place).toBeGreaterThan(0);
  });

  it('is looked at again after eight tenths of a second, while nothing happens', () => {
    expect(relievedAfter(1)).toBe(0);
    expect(relievedAfter(799)).toBe(0);
    expect(relievedAfter(800)).toBeGreaterThan(0);
  });

  it('is looked at again at once when something was observed', () => {
    const observe = (pacer: Pacer): void =>
      pacer.observe({ kind: 'talk-ended', startedAt: NOW - 60_000, at: NOW });
    expect(relievedAfter(1, {}, observe)).toBeGreaterThan(0);
  });

  it.each([
    ['a call is over', { calls: RINGING.slice(1) }],
    ['an agent signs in', { agents: [...team('wrapping-up', 25_000), ...team('talking', 5)] }],
    [
      'an agent is free',
      { agents: [...team('wrapping-up', 25_000).slice(1), ...team('available', 0).slice(9)] },
    ],
  ] as const)('is looked at again at once when %s', (_what, more) => {
    expect(relievedAfter(1, more)).toBeGreaterThan(0);
  });

  it('is looked at again when the clock was set back, and not waited for', () => {
    expect(relievedAfter(-1)).toBeGreaterThan(0);
    expect(relievedAfter(-3_000)).toBeGreaterThan(0);
  });

  it('is not remembered over a restart', () => {
    const pacer = known();
    pacer.plan(OVERLOADED);
    const again = createPacer(SETTINGS, copyOf(pacer.toJSON()));
    expect(again.plan({ ...RELIEVED, now: NOW + 1 }).place).toBeGreaterThan(0);
  });
});

describe('a forecast', () => {
  const full: PacingSnapshot = { ...IDLE, linesFree: 0 };
  const fuller: PacingSnapshot = { ...full, calls: RINGING };

  /** What is expected at first, and so long after, when there is more on the way. */
  function expected(ms: number, then = fuller): readonly [number, number] {
    const pacer = known();
    const first = pacer.plan(full).forecast.answersExpected;
    return [first, pacer.plan({ ...then, now: NOW + ms }).forecast.answersExpected];
  }

  it('is made anew once a second, while nothing is placed', () => {
    expect(expected(999)).toEqual([0, 0]);
    const [first, second] = expected(1_000);
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(0.5);
  });

  it('is made anew at once when calls are placed, and when the clock was set back', () => {
    expect(expected(1, { ...fuller, linesFree: 5, callsAllowedNow: 5 })[1]).toBeGreaterThan(0.5);
    expect(expected(-1)[1]).toBeGreaterThan(0.5);
  });
});
