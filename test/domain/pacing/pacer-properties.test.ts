import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacer, type Pacer, type PacingSnapshot } from '../../../src/domain/pacing/pacer.ts';
import {
  type Agent,
  type Call,
  call,
  copyOf,
  floor,
  floors,
  isFree,
  knowing,
  NOW,
  numbersIn,
  past,
  placed,
  planned,
  SETTINGS,
  taught,
  waiting,
} from './pacer-floors.ts';

describe('a plan', () => {
  it('places no fewer calls when one more agent is free', () => {
    fc.assert(
      fc.property(knowing, floor, (state, snapshot) => {
        const free: Agent = { state: 'available', since: NOW - 1_000 };
        const more = { ...snapshot, agents: [...snapshot.agents, free] };
        expect(placed(state, more)).toBeGreaterThanOrEqual(placed(state, snapshot));
      }),
    );
  });

  it('places no fewer calls when a busy agent becomes free', () => {
    fc.assert(
      fc.property(knowing, floor, (state, snapshot) => {
        const at = snapshot.agents.findIndex((one) => !isFree(one));
        fc.pre(at >= 0);
        const agents = snapshot.agents.with(at, { state: 'available', since: NOW });
        expect(placed(state, { ...snapshot, agents })).toBeGreaterThanOrEqual(
          placed(state, snapshot),
        );
      }),
    );
  });

  it('places no more calls when one more is on the way', () => {
    fc.assert(
      fc.property(knowing, floor, call, (state, snapshot, another) => {
        const more = { ...snapshot, calls: [...snapshot.calls, { ...another, id: 'another' }] };
        // A call that rings in vain also tells of the answer rate: both plans know of it.
        const pacer = createPacer(SETTINGS, copyOf(state));
        pacer.plan(more);
        const known = pacer.toJSON();
        expect(placed(known, more)).toBeLessThanOrEqual(placed(known, snapshot));
      }),
    );
  });

  it('places no more calls when one more person waits', () => {
    fc.assert(
      fc.property(knowing, floor, waiting, (state, snapshot, another) => {
        const more = { ...snapshot, waiting: [...snapshot.waiting, another] };
        expect(placed(state, more)).toBeLessThanOrEqual(placed(state, snapshot));
      }),
    );
  });

  it('is nearly all there is to place at this moment: asked again, it soon places nothing', () => {
    fc.assert(
      fc.property(knowing, floor, (state, snapshot) => {
        const pacer = createPacer(SETTINGS, copyOf(state));
        let calls = snapshot.calls;
        const places = [1, 2, 3, 4, 5, 6].map(() => {
          const { place } = pacer.plan({ ...snapshot, calls });
          const fresh = Array.from({ length: place }, (_, index): Call => {
            const id = `new_${calls.length + index}`;
            return { id, state: 'placing', placedAt: NOW, since: NOW };
          });
          calls = [...calls, ...fresh];
          return place;
        });
        // Agents who talk shortly with those just called are free once more: a few calls are added.
        const [first = 0, ...later] = places;
        const added = later.reduce((sum, place) => sum + place, 0);
        expect(added).toBeLessThanOrEqual(Math.max(3, 0.1 * first));
        expect(places.at(-1)).toBe(0);
      }),
    );
  });

  it('does not hang on the order in which agents and calls are named', () => {
    fc.assert(
      fc.property(knowing, floor, (state, snapshot) => {
        const turned = {
          ...snapshot,
          agents: snapshot.agents.toReversed(),
          calls: snapshot.calls.toReversed(),
        };
        expect(placed(state, turned)).toBe(placed(state, snapshot));
      }),
    );
  });

  it('counts an agent who will rest, leaves now or is not rested yet as less than free', () => {
    fc.assert(
      fc.property(knowing, floor, (state, snapshot) => {
        const free: Agent = { state: 'available', since: NOW - 1_000 };
        const withAgent = (one: Agent) =>
          placed(state, { ...snapshot, agents: [...snapshot.agents, one] });
        const most = withAgent(free);
        expect(withAgent({ ...free, pauseRequested: true })).toBeLessThanOrEqual(most);
        expect(withAgent({ ...free, leavesAt: NOW })).toBeLessThanOrEqual(most);
        expect(withAgent({ ...free, leavesAt: NOW + 10_000 })).toBeLessThanOrEqual(most);
        expect(withAgent({ ...free, freeAt: NOW + 10_000 })).toBeLessThanOrEqual(most);
        const unpaused = withAgent({ ...free, leavesAt: NOW + 3_600_000, freeAt: NOW - 1 });
        expect(unpaused).toBe(most);
      }),
    );
  });

  it('places nothing for nobody', () => {
    fc.assert(
      fc.property(knowing, floor, (state, snapshot) => {
        const plan = planned(state, { ...snapshot, agents: [] });
        expect(plan.place).toBe(0);
        expect(plan.because).toEqual({ kind: 'no-agents' });
      }),
    );
  });

  it('places no more than lines, leads, calls a second and the clamp on lines allow', () => {
    const limit = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(knowing, floor, limit, limit, limit, (state, snapshot, lines, leads, calls) => {
        const limited = {
          ...snapshot,
          linesFree: lines,
          leadsLeft: leads,
          callsAllowedNow: calls + 0.7,
        };
        const { place } = planned(state, limited);
        expect(Number.isInteger(place)).toBe(true);
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(Math.min(lines, leads, calls));
        const clamped = planned(state, snapshot, { ...SETTINGS, linesPerAgentMax: 1.5 });
        const onTheWay = snapshot.calls.length + snapshot.waiting.length;
        expect(clamped.place).toBeLessThanOrEqual(
          Math.max(0, Math.floor(1.5 * snapshot.agents.length) - onTheWay),
        );
      }),
    );
  });

  it('is one call for one free agent while the bank is empty', () => {
    fc.assert(
      fc.property(knowing, floor, fc.nat(500), (state, snapshot, answers) => {
        const empty = { answers, abandoned: Math.ceil(0.03 * answers) + 1 };
        const free = snapshot.agents.filter(isFree).length;
        const onTheWay = snapshot.calls.length + snapshot.waiting.length;
        expect(placed(state, { ...snapshot, bank: empty })).toBeLessThanOrEqual(
          Math.max(0, free - onTheWay),
        );
      }),
    );
  });

  it('cancels only calls that have rung for as long as is allowed, each once', () => {
    const settings = { ...SETTINGS, cancelAfterRingingMs: 15_000 };
    fc.assert(
      fc.property(knowing, floor, (state, snapshot) => {
        expect(planned(state, snapshot).cancel).toEqual([]);
        const { cancel, place } = planned(state, snapshot, settings);
        expect(new Set(cancel).size).toBe(cancel.length);
        if (cancel.length > 0) expect(place).toBe(0);
        for (const id of cancel) {
          const one = snapshot.calls.find((known) => known.id === id);
          expect(one?.state).toBe('ringing');
          expect(NOW - (one?.since ?? NOW)).toBeGreaterThanOrEqual(15_000);
        }
      }),
    );
  });
});

describe('whatever it is shown', () => {
  /** Moments that no clock should give: before calls were placed, long after, before 1970. */
  const wildMoment = fc.constantFrom(NOW - 86_400_000, NOW - 5_000, NOW + 5_000, NOW + 1e9, 0, -1);

  it('every number of a plan is finite, and moments may lie anywhere', () => {
    fc.assert(
      fc.property(knowing, floor, wildMoment, (state, snapshot, now) => {
        const pacer = createPacer({ ...SETTINGS, cancelAfterRingingMs: 15_000 }, copyOf(state));
        const plans = [
          pacer.plan(snapshot),
          pacer.plan({ ...snapshot, now }),
          pacer.plan(snapshot),
        ];
        for (const plan of plans) {
          expect(plan.place).toBeGreaterThanOrEqual(0);
          expect(numbersIn(plan).filter((number) => !Number.isFinite(number))).toEqual([]);
        }
        const kept = JSON.stringify(pacer.toJSON());
        expect(kept).not.toMatch(/null|NaN|Infinity/);
      }),
    );
  });

  it('a clock that went back an hour leaves what was learned as it was', () => {
    const answerRate = (pacer: Pacer, snapshot: PacingSnapshot) =>
      pacer.plan(snapshot).forecast.answerRateNow ?? Number.NaN;
    fc.assert(
      fc.property(floors(10), (snapshot) => {
        const pacer = taught(past(5, 0.15, 1_500));
        const before = answerRate(pacer, snapshot);
        pacer.plan({ ...snapshot, now: NOW - 3_600_000 });
        const after = answerRate(pacer, snapshot);
        expect(after).toBeGreaterThan(0.5 * before);
        expect(after).toBeLessThan(2 * before);
      }),
      { numRuns: 30 },
    );
  });

  it('observations in any order, doubled and with clocks gone wrong, do no harm', () => {
    const wild = fc
      .tuple(
        fc.constantFrom(...past(9, 0.3, 200)),
        fc.constantFrom(0, 0, -100_000, 100_000, 1e12),
        fc.boolean(),
      )
      .map(([observation, shiftMs, doubled]) => {
        const shifted = { ...observation, at: observation.at + shiftMs };
        return doubled ? [shifted, shifted] : [shifted];
      });
    fc.assert(
      fc.property(fc.array(wild, { minLength: 1, maxLength: 120 }), floor, (batches, snapshot) => {
        const pacer = taught(batches.flat());
        const plan = pacer.plan(snapshot);
        expect(numbersIn(plan).filter((number) => !Number.isFinite(number))).toEqual([]);
        expect(JSON.stringify(pacer.toJSON())).not.toMatch(/null|NaN|Infinity/);
      }),
    );
  });

  it('a bank, an agent or a person waiting that cannot be, does no harm', () => {
    const impossible: Partial<PacingSnapshot>[] = [
      { bank: { answers: 0, abandoned: 5 } },
      { bank: { answers: 3, abandoned: 30 } },
      { waiting: [{ answeredAt: NOW + 9_000, deadlineAt: NOW - 9_000 }] },
      { agents: [{ state: 'talking', since: NOW + 60_000 }] },
      { agents: [{ state: 'talking', since: 0 }] },
      { linesFree: -3 },
      { leadsLeft: -1, callsAllowedNow: -1 },
    ];
    fc.assert(
      fc.property(knowing, floor, fc.constantFrom(...impossible), (state, snapshot, odd) => {
        const plan = planned(state, { ...snapshot, ...odd });
        expect(plan.place).toBeGreaterThanOrEqual(0);
        expect(numbersIn(plan).filter((number) => !Number.isFinite(number))).toEqual([]);
      }),
    );
  });
});
