import { describe, expect, it } from 'vitest';
import type { CarrierBreakerState } from '../../../src/domain/pacing/carrier-breaker.ts';
import {
  createPacer,
  type PacerState,
  type PacingAgent,
  type PacingCall,
  type PacingPlan,
  type PacingRisk,
  type PacingSettings,
  type PacingSnapshot,
} from '../../../src/domain/pacing/pacer.ts';
import { laterSeconds } from '../../../src/domain/pacing/predictive.ts';
import type { SetupsState } from '../../../src/domain/pacing/setups.ts';
import { copyOf, IDLE, NOW, past, planned, SETTINGS, taught } from './pacer-floors.ts';

const KNOWN = taught(past(5, 0.15, 1_500)).toJSON();
const EMPTY = { answers: 1_000, abandoned: 30 };

const team = (count: number, more: Partial<PacingAgent> = {}): PacingAgent[] =>
  Array.from({ length: count }, () => ({ state: 'available', since: NOW - 5_000, ...more }));

const calls = (count: number, ageMs = 0, more: Partial<PacingCall> = {}): PacingCall[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `call_${index}`,
    state: 'ringing',
    placedAt: NOW - ageMs,
    since: NOW - ageMs,
    ...more,
  }));

function plan(
  snapshot: Partial<PacingSnapshot> = {},
  settings: Partial<PacingSettings> = {},
  state = KNOWN,
): PacingPlan {
  return planned(state, { ...IDLE, ...snapshot }, { ...SETTINGS, ...settings });
}

/** The same knowledge, but for this of its set-ups and its carrier. */
function knowing(
  setups: Partial<SetupsState>,
  carrier: Partial<CarrierBreakerState> = {},
): PacerState {
  const { campaigns, schemaVersion } = copyOf(KNOWN);
  const { '': one = {} } = campaigns;
  return {
    schemaVersion,
    campaigns: {
      '': {
        ...one,
        setups: { ...(one.setups as SetupsState), ...setups },
        carrier: { ...(one.carrier as CarrierBreakerState), ...carrier },
      },
    },
  };
}

function riskOf({ because }: PacingPlan): PacingRisk {
  if (because.kind !== 'risk-accepted' && because.kind !== 'risk-too-high') {
    throw new Error(because.kind);
  }
  return because;
}

describe('how much later than an answer an agent may come', () => {
  it.each([
    ['answered', 2_000, 1.4],
    ['answered', 0, 0],
    ['answered', 5_000, 3.5],
    ['greeting-ended', 2_000, 2.24],
    ['greeting-ended', 0, 0.84],
  ] as const)(
    'where the clock begins when %s and the limit is %d ms: %d s',
    (clockStart, waitMaxMs, seconds) => {
      expect(laterSeconds({ ...SETTINGS.abandonment, clockStart, waitMaxMs })).toBeCloseTo(
        seconds,
        12,
      );
    },
  );
});

describe('as many calls as are within the risk', () => {
  /** Asks for one call at a time, each beside those before it. */
  function oneByOne(agents: readonly PacingAgent[]): number {
    for (let placed = 0; placed < 500; placed += 1) {
      const { place } = plan({ agents, calls: calls(placed), callsAllowedNow: 1 });
      if (place === 0) return placed;
    }
    throw new Error('no end of calls');
  }

  it.each([1, 4, 12, 13])(
    'are for %d agents the same, asked for at once or one by one',
    (agents) => {
      expect(plan({ agents: team(agents) }).place).toBe(oneByOne(team(agents)));
    },
  );

  it.each([20, 45])(
    'are for %d agents nearly the same: whom their own short talks free is seen by the next plan',
    (agents) => {
      const [atOnce, apart] = [plan({ agents: team(agents) }).place, oneByOne(team(agents))];
      expect(atOnce).toBeLessThanOrEqual(apart);
      expect(atOnce).toBeGreaterThan(0.98 * apart);
    },
  );

  it('are placed with the risk of the last of them, which is accepted; the next one’s is not', () => {
    const first = plan();
    expect(first.because.kind).toBe('risk-accepted');
    const accepted = riskOf(first);
    expect(accepted.risk).toBeLessThanOrEqual(accepted.riskMax);
    expect(accepted).toMatchObject({ free: 10, freeSoon: 0, onTheWay: first.place });
    const next = plan({ calls: calls(first.place) });
    expect(next.place).toBe(0);
    expect(next.because.kind).toBe('risk-too-high');
    expect(riskOf(next).risk).toBeGreaterThan(accepted.riskMax);
    // It is the same risk, looked at from the next call.
    const last = plan({ calls: calls(first.place - 1), callsAllowedNow: 1 });
    expect(last.place).toBe(1);
  });

  it('are said with the agents who will be free by the time of the answer', () => {
    const wrappingUp = team(6, { state: 'wrapping-up', since: NOW - 20_000 });
    const { free, freeSoon } = riskOf(plan({ agents: [...team(2), ...wrappingUp] }));
    expect(free).toBe(2);
    expect(freeSoon).toBeGreaterThan(2);
    expect(freeSoon).toBeLessThan(6);
  });
});

describe('a campaign of which this many answers are known', () => {
  const at = (answersKnown: number) => plan({}, {}, knowing({ answersKnown, pending: [] }));

  it('is one to one up to nineteen, and dialed ahead from twenty on', () => {
    expect(at(19)).toMatchObject({
      place: 10,
      because: { kind: 'learning', answersKnown: 19, answersNeeded: 50, free: 10 },
    });
    expect(at(20).because.kind).toBe('risk-accepted');
    expect(at(20).place).toBeGreaterThan(10);
  });

  it('may take half the risk up to forty-nine, and all of it from fifty on', () => {
    expect(riskOf(at(49)).riskMax).toBeCloseTo(riskOf(at(50)).riskMax / 2, 12);
    expect(riskOf(at(20)).riskMax).toBe(riskOf(at(49)).riskMax);
    expect(at(49).place).toBeLessThan(at(50).place);
  });

  it('waits, while one to one, for what is on the way', () => {
    const state = knowing({ answersKnown: 5, pending: [] });
    expect(plan({ calls: calls(7) }, {}, state).place).toBe(3);
    const full = plan({ calls: calls(10) }, {}, state);
    expect(full.place).toBe(0);
    expect(full.because).toMatchObject({ kind: 'learning', free: 10 });
  });
});

describe('a bank that is empty', () => {
  it.each([
    [0, 0, 10],
    [6, 0, 4],
    [6, 3, 1],
    [9, 1, 0],
    [25, 2, 0],
  ])(
    'with %d calls and %d people on the way of ten free agents: %d more',
    (ringing, waiting, place) => {
      const people = Array.from({ length: waiting }, () => ({
        answeredAt: NOW - 100,
        deadlineAt: NOW + 1_900,
      }));
      const found = plan({ bank: EMPTY, calls: calls(ringing), waiting: people });
      expect(found.place).toBe(place);
      expect(found.because).toEqual({
        kind: 'abandonment-over-cap',
        abandoned: 30,
        answers: 1_000,
        rateMax: 0.03,
        free: 10,
      });
    },
  );

  it('counts agents who are free, and not those who soon will be', () => {
    const agents = [...team(3), ...team(20, { state: 'wrapping-up', since: NOW - 60_000 })];
    expect(plan({ agents, bank: EMPTY }).place).toBe(3);
    expect(plan({ agents }).place).toBeGreaterThan(20);
  });
});

describe('a cap', () => {
  it.each([
    ['lines', { linesFree: 3 }, 3],
    ['lines', { linesFree: 3.9 }, 3],
    ['lines', { linesFree: -4 }, 0],
    ['leads', { leadsLeft: 2 }, 2],
    ['leads', { leadsLeft: 0 }, 0],
    ['calls-per-second', { callsAllowedNow: 4 }, 4],
    ['calls-per-second', { callsAllowedNow: 0.99 }, 0],
  ] as const)(
    'of %s at %o lets %d calls through, where one more was wanted',
    (by, room, allowed) => {
      const found = plan(room);
      expect(found.place).toBe(allowed);
      expect(found.because).toEqual({ kind: 'capped', by, wanted: allowed + 1, allowed });
    },
  );

  it('of lines for each agent counts what is on the way', () => {
    const found = plan({ calls: calls(3) }, { linesPerAgentMax: 0.55 });
    expect(found.place).toBe(2);
    expect(found.because).toMatchObject({ kind: 'capped', by: 'lines-per-agent', allowed: 2 });
    expect(plan({ calls: calls(6) }, { linesPerAgentMax: 0.55 }).place).toBe(0);
  });

  it('is named in the order in which people can do something about it', () => {
    const none = { linesFree: 0, leadsLeft: 0, callsAllowedNow: 0 };
    const by = (room: Partial<PacingSnapshot>, most?: number): unknown => {
      const { because } = plan(room, most === undefined ? {} : { linesPerAgentMax: most });
      return because.kind === 'capped' ? because.by : because.kind;
    };
    expect(by(none, 0)).toBe('lines-per-agent');
    expect(by(none)).toBe('lines');
    expect(by({ ...none, linesFree: 5 })).toBe('leads');
    expect(by({ ...none, linesFree: 5, leadsLeft: 5 })).toBe('calls-per-second');
  });

  it('is not named where the risk ends the plan before it', () => {
    const { place } = plan();
    expect(plan({ linesFree: place + 1 }).because.kind).toBe('risk-accepted');
    expect(plan({ linesFree: place - 1 }).because.kind).toBe('capped');
  });
});

describe('a carrier that fails', () => {
  const failing = (carrier: Partial<CarrierBreakerState> = {}): PacerState =>
    knowing(
      {},
      { failingSince: NOW - 60_000, trippedAt: NOW - 50_000, failed: 40, of: 41, ...carrier },
    );
  const because = { kind: 'carrier-failing', failed: 40, of: 41, since: NOW - 60_000 };

  it('gets one call, whatever the team; the reason has its figures', () => {
    expect(plan({}, {}, failing())).toMatchObject({ place: 1, because });
    expect(plan({ agents: team(90) }, {}, failing())).toMatchObject({ place: 1, because });
  });

  it('gets none while no agent is free for it', () => {
    expect(plan({ agents: team(3), calls: calls(3, 55_000) }, {}, failing())).toMatchObject({
      place: 0,
      because,
    });
    expect(plan({ agents: team(3, { state: 'talking' }) }, {}, failing()).place).toBe(0);
  });

  it('gets the next one two seconds after the last', () => {
    expect(plan({}, {}, failing({ probedAt: NOW - 1_999 }))).toMatchObject({ place: 0, because });
    expect(plan({}, {}, failing({ probedAt: NOW - 2_000 }))).toMatchObject({ place: 1, because });
    const pacer = createPacer(SETTINGS, failing());
    const at = (ms: number) => pacer.plan({ ...IDLE, now: NOW + ms }).place;
    expect([0, 250, 1_999, 2_000, 2_250].map(at)).toEqual([1, 0, 0, 1, 0]);
  });
});

describe('a call that has rung for long', () => {
  const settings = { cancelAfterRingingMs: 15_000 } as const;
  const busy = team(3, { state: 'talking', since: NOW - 2_000 });
  const overloaded = { agents: busy, calls: calls(30, 17_000) };

  it('is cancelled from the allowed time on, counted since it rings, to the millisecond', () => {
    const rung = (ms: number) =>
      plan({ agents: busy, calls: calls(30, 17_000, { since: NOW - ms }) }, settings).cancel.length;
    expect(rung(14_999)).toBe(0);
    expect(rung(15_000)).toBeGreaterThan(0);
  });

  it('is cancelled as one of twenty at once at most, those named first, each once', () => {
    const { cancel } = plan({ agents: busy, calls: calls(200, 17_000) }, settings);
    expect(cancel).toEqual(Array.from({ length: 20 }, (_, index) => `call_${index}`));
  });

  it('is not while nothing allows it, and not while it is only placed or is being screened', () => {
    expect(plan(overloaded).cancel).toEqual([]);
    for (const state of ['placing', 'screening'] as const) {
      expect(plan({ agents: busy, calls: calls(30, 17_000, { state }) }, settings).cancel).toEqual(
        [],
      );
    }
  });

  it('is not while little is known of the campaign', () => {
    const at = (answersKnown: number) =>
      plan(overloaded, settings, knowing({ answersKnown, pending: [] })).cancel.length;
    expect(at(49)).toBe(0);
    expect(at(50)).toBeGreaterThan(0);
  });

  it('is not where agents are free for all who may answer', () => {
    expect(plan({ agents: team(30), calls: calls(30, 17_000) }, settings).cancel).toEqual([]);
  });

  it('is not of a campaign that is not in the plan', () => {
    const others = calls(30, 17_000, { campaignId: 'gone' });
    expect(plan({ agents: busy, calls: others }, settings).cancel).toEqual([]);
  });

  it('is cancelled only until those that are left are no longer too many', () => {
    const some = plan({ agents: [...busy, ...team(1)], calls: calls(19, 17_000) }, settings);
    expect(some.cancel.length).toBeGreaterThan(0);
    expect(some.cancel.length).toBeLessThan(19);
    const left = calls(19, 17_000).filter(({ id }) => !some.cancel.includes(id));
    expect(plan({ agents: [...busy, ...team(1)], calls: left }, settings).cancel).toEqual([]);
  });

  it('makes room: nothing is placed by a plan that cancels', () => {
    const { cancel, place } = plan(overloaded, settings);
    expect(cancel.length).toBeGreaterThan(0);
    expect(place).toBe(0);
  });
});
