/** One day of one small campaign, as its pacer decides it: moment by moment, with the reason. */
import { describe, expect, it } from 'vitest';
import {
  createPacer,
  type Pacer,
  type PacingAgent,
  type PacingCall,
  type PacingObservation,
  type PacingReason,
  type PacingSnapshot,
} from '../../../src/domain/pacing/pacer.ts';
import { IDLE, NOW, past, SETTINGS } from './pacer-floors.ts';

/** Minutes after {@link NOW}; the morning before it is negative. */
const minutes = (count: number): number => NOW + count * 60_000;

type Floor = Omit<PacingSnapshot, 'now' | 'agents' | 'calls' | 'waiting'> & {
  readonly agents: number;
  readonly ringing: number;
};

type Step = {
  readonly at: number;
  readonly what: string;
  /** Facts since the last step. */
  readonly facts?: readonly PacingObservation[];
  readonly floor: Partial<Floor>;
  readonly place: number | readonly [min: number, max: number];
  readonly because: PacingReason['kind'];
};

const MORNING = past(5, 0.15, 1_500);
/** So many calls of one second, failed by the carrier at once. */
const failures = (count: number, at: number): PacingObservation[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'setup-ended',
    callId: `failed_${index}`,
    placedAt: at,
    at: at + 400,
    outcome: 'failed',
  }));

const GOOD_BANK = { answers: 400, abandoned: 4 };

const DAY: readonly Step[] = [
  {
    at: minutes(-30),
    what: 'nobody has signed in',
    floor: { agents: 0 },
    place: 0,
    because: 'no-agents',
  },
  {
    at: minutes(-29),
    what: 'four agents are here, and nothing is known',
    floor: { agents: 4, bank: { answers: 0, abandoned: 0 } },
    place: 4,
    because: 'learning',
  },
  {
    at: minutes(-29) + 1_000,
    what: 'their four calls ring',
    floor: { agents: 4, ringing: 4, bank: { answers: 0, abandoned: 0 } },
    place: 0,
    because: 'learning',
  },
  {
    at: minutes(1),
    what: 'a morning is known: calls are placed ahead',
    facts: MORNING,
    floor: { agents: 4 },
    place: [5, 30],
    because: 'risk-accepted',
  },
  {
    at: minutes(1) + 250,
    what: 'they ring, which is enough',
    floor: { agents: 4, ringing: 30 },
    place: 0,
    because: 'risk-too-high',
  },
  {
    at: minutes(20),
    what: 'too many were lost: one to one',
    floor: { agents: 4, ringing: 1, bank: { answers: 400, abandoned: 12 } },
    place: 3,
    because: 'abandonment-over-cap',
  },
  {
    at: minutes(25),
    what: 'one answer more has paid for them',
    floor: { agents: 4, ringing: 1, bank: { answers: 401, abandoned: 12 } },
    place: [1, 30],
    because: 'risk-accepted',
  },
  {
    at: minutes(40),
    what: 'the trunk has two lines left',
    floor: { agents: 4, linesFree: 2 },
    place: 2,
    because: 'capped',
  },
  {
    at: minutes(60),
    what: 'the carrier failed sixty calls: a probe',
    facts: failures(60, minutes(60) - 8_000),
    floor: { agents: 4 },
    place: 1,
    because: 'carrier-failing',
  },
  {
    at: minutes(60) + 1_000,
    what: 'the next probe must wait',
    floor: { agents: 4 },
    place: 0,
    because: 'carrier-failing',
  },
  {
    at: minutes(61),
    what: 'a probe was busy after three seconds: it is back',
    facts: [
      {
        kind: 'setup-ended',
        callId: 'probe',
        placedAt: minutes(60) + 2_000,
        at: minutes(60) + 5_000,
        outcome: 'busy',
      },
    ],
    floor: { agents: 4 },
    place: [5, 30],
    because: 'risk-accepted',
  },
  {
    at: minutes(120),
    what: 'all are at lunch',
    floor: { agents: 0, ringing: 3 },
    place: 0,
    because: 'no-agents',
  },
  {
    at: minutes(180),
    what: 'one is back',
    floor: { agents: 1 },
    place: [1, 8],
    because: 'risk-accepted',
  },
  {
    at: minutes(300),
    what: 'three people are left on the list',
    floor: { agents: 4, leadsLeft: 3 },
    place: 3,
    because: 'capped',
  },
  {
    at: minutes(301),
    what: 'the list is at its end',
    floor: { agents: 4, leadsLeft: 0 },
    place: 0,
    because: 'capped',
  },
];

function snapshotOf({ at, floor }: Step): PacingSnapshot {
  const { agents = 4, ringing = 0, ...room } = floor;
  return {
    ...IDLE,
    bank: GOOD_BANK,
    ...room,
    now: at,
    agents: Array.from({ length: agents }, (): PacingAgent => ({ state: 'available', since: at })),
    calls: Array.from({ length: ringing }, (_, index): PacingCall => {
      return { id: `call_${index}`, state: 'ringing', placedAt: at - 1_000, since: at - 500 };
    }),
  };
}

function play(pacerAt: (step: number, pacer: Pacer) => Pacer): void {
  let pacer = createPacer(SETTINGS);
  for (const [index, step] of DAY.entries()) {
    pacer = pacerAt(index, pacer);
    for (const fact of step.facts ?? []) pacer.observe(fact);
    const { place, because } = pacer.plan(snapshotOf(step));
    const [min, max] = typeof step.place === 'number' ? [step.place, step.place] : step.place;
    const found = {
      what: step.what,
      because: because.kind,
      isAsExpected: place >= min && place <= max,
      place,
    };
    expect(found).toEqual({ what: step.what, because: step.because, isAsExpected: true, place });
  }
}

describe('a day of four agents', () => {
  it('is dialed as each moment asks, and each decision has its reason', () => {
    play((_step, pacer) => pacer);
  });

  it('is dialed the same when the process is restarted before every decision', () => {
    play((_step, pacer) => createPacer(SETTINGS, JSON.parse(JSON.stringify(pacer.toJSON()))));
  });

  it('never dials for nobody, and never more than lines, leads and trunks have room for', () => {
    const pacer = createPacer(SETTINGS);
    for (const step of DAY) {
      for (const fact of step.facts ?? []) pacer.observe(fact);
      const shown = { ...snapshotOf(step), linesFree: 5, callsAllowedNow: 3 };
      const { place } = pacer.plan(shown);
      expect(place).toBeLessThanOrEqual(Math.min(3, shown.leadsLeft));
      if (shown.agents.length === 0) expect(place).toBe(0);
    }
  });
});
