import { expect, it } from 'vitest';
import {
  type AgentShift,
  beginShift,
  isFree,
  type ShiftEffect,
  type ShiftFact,
  type ShiftSignal,
  stepShift,
} from '../../../src/domain/agents/agent-shift.ts';
import { shiftAfterClockSet } from '../../../src/domain/agents/shift-clock.ts';
import type { Random } from '../../../src/lib/random.ts';
import { type DurationMs, type EpochMs, HOUR_MS } from '../../../src/lib/time.ts';
import { ANA, PLACED_AT } from '../../support/builders.ts';
import { everyWalk, oneOf } from '../../support/walks.ts';
import { anySignal, CALLS } from './any-signal.ts';

const WALKS = 300;
type Moment = readonly [ShiftSignal, EpochMs];

/** Mostly work, with anything at all in it. */
function someMoments(random: Random): readonly Moment[] {
  let now = PLACED_AT;
  const later = (): EpochMs => {
    now += oneOf(random, [0, 1, 700, 5_000, 20_000, 61_000, 130_000]);
    return now;
  };
  const moments: Moment[] = [
    [{ kind: 'headset-pinned' }, later()],
    [{ kind: 'go-available' }, later()],
  ];
  const callId = oneOf(random, CALLS);
  for (let count = 0; count < 25; count += 1) {
    if (random() < 0.4) {
      moments.push([{ kind: 'reserved', callId }, later()]);
      moments.push([{ kind: 'connected', callId }, later()]);
      const over = { kind: 'call-over', callId, wrapUpMaxMs: 60_000, restMs: 5_000 } as const;
      moments.push([over, later()], [{ kind: 'disposed', callId, wrapUpMs: 0 }, later()]);
      moments.push([{ kind: 'timer', timer: 'free' }, later()]);
    }
    const signal = anySignal(random);
    if (signal.kind !== 'sign-out' || random() < 0.1) moments.push([signal, later()]);
  }
  return [...moments, [{ kind: 'sign-out', because: 'disabled' }, later()]];
}

it('the hour of the day decides nothing about a shift: the same happens by a clock that was set', () => {
  everyWalk((random, note) => {
    let shift = beginShift('shift_1', ANA, PLACED_AT);
    const byMs = oneOf(random, [HOUR_MS, -HOUR_MS, 1, -3_333]);
    for (const [signal, now] of someMoments(random)) {
      note(
        `${now - PLACED_AT} ${shift.activity.kind} <- ${JSON.stringify(signal)}, set by ${byMs}`,
      );
      // After its end no clock moves a shift: the moment at which it ended stays.
      if (shift.activity.kind === 'ended') break;
      const step = stepShift(shift, signal, now);
      const after = shiftAfterClockSet(shift, byMs);
      const set = stepShift(after, signalMoved(signal, byMs), now + byMs);
      expect(set.facts).toEqual(step.facts.map((fact) => factMoved(fact, byMs)));
      expect(set.effects).toEqual(step.effects.map((effect) => effectMoved(effect, byMs)));
      expect(set.shift).toEqual(endMoved(shiftAfterClockSet(step.shift, byMs), byMs));
      shift = step.shift;
    }
  }, WALKS);
});

function signalMoved(signal: ShiftSignal, byMs: DurationMs): ShiftSignal {
  return signal.kind === 'plan-rest' ? { ...signal, at: signal.at + byMs } : signal;
}

function factMoved(fact: ShiftFact, byMs: DurationMs): ShiftFact {
  return fact.kind === 'rest-planned' ? { ...fact, restsAt: fact.restsAt + byMs } : fact;
}

function effectMoved(effect: ShiftEffect, byMs: DurationMs): ShiftEffect {
  return effect.kind === 'set-timer' ? { ...effect, at: effect.at + byMs } : effect;
}

function endMoved(shift: AgentShift, byMs: DurationMs): AgentShift {
  const { activity } = shift;
  if (activity.kind !== 'ended') return shift;
  return { ...shift, activity: { ...activity, at: activity.at + byMs } };
}

it('the activities of a shift, and the rests between its calls, fill it from beginning to end', () => {
  let rests = 0;
  everyWalk((random, note) => {
    let shift = beginShift('shift_1', ANA, PLACED_AT);
    let accountedMs = 0;
    for (const [signal, now] of someMoments(random)) {
      note(`${now - PLACED_AT} ${shift.activity.kind} <- ${JSON.stringify(signal)}`);
      const { shift: after, facts } = stepShift(shift, signal, now);
      const [before, then] = [shift.activity, after.activity];
      for (const fact of facts) {
        if (fact.kind === 'activity-changed') accountedMs += fact.lastedMs;
      }
      // The end of a rest between calls is no change of activity: from it on the agent is free.
      if (before.kind === 'available' && before.freeAt !== undefined && then.kind === 'available') {
        if (then.freeAt === undefined) {
          accountedMs += now - before.since;
          rests += 1;
        }
      }
      shift = after;
    }
    const { activity } = shift;
    if (activity.kind !== 'ended') throw new Error('a user who may not work has no open shift');
    expect(accountedMs).toBe(activity.at - PLACED_AT);
  }, WALKS);
  expect(rests).toBeGreaterThan(50);
});

it('an agent is called free exactly when they become it, and free agents and calls never mix', () => {
  let freed = 0;
  everyWalk((random, note) => {
    let shift = beginShift('shift_1', ANA, PLACED_AT);
    for (const [signal, now] of someMoments(random)) {
      note(`${now - PLACED_AT} ${shift.activity.kind} <- ${JSON.stringify(signal)}`);
      const { shift: after, effects } = stepShift(shift, signal, now);
      const isTold = effects.some((effect) => effect.kind === 'agent-free');
      expect(isTold).toBe(!isFree(shift) && isFree(after));
      if (after.activity.kind === 'reserved' && shift.activity.kind !== 'reserved') {
        expect(isFree(shift) || !shift.headset.pinned || !shift.screen.connected).toBe(true);
      }
      freed += Number(isTold);
      shift = after;
    }
  }, WALKS);
  expect(freed).toBeGreaterThan(WALKS);
});
