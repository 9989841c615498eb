import { describe, expect, it } from 'vitest';
import {
  type AgentShift,
  beginShift,
  callOf,
  isFree,
  type ShiftSignal,
  type ShiftStep,
  stepShift,
} from '../../../src/domain/agents/agent-shift.ts';
import type { EpochMs } from '../../../src/lib/time.ts';
import { ANA, aShift, PLACED_AT } from '../../support/builders.ts';

const AT = PLACED_AT + 10_000;
const OVER: ShiftSignal = { kind: 'call-over', callId: 'call_1', wrapUpMaxMs: 60_000 };
const WRAP_UP_TIMER: ShiftSignal = { kind: 'timer', timer: 'wrap-up' };
const GO: ShiftSignal = { kind: 'go-available' };

function disposed(wrapUpMs: number): ShiftSignal {
  return { kind: 'disposed', callId: 'call_1', wrapUpMs };
}

/** Tells a shift its signals one after the other; gives the last step. */
function tell(
  shift: AgentShift,
  ...signals: readonly (readonly [ShiftSignal, EpochMs])[]
): ShiftStep {
  let step: ShiftStep = { shift, effects: [], facts: [] };
  for (const [signal, now] of signals) step = stepShift(step.shift, signal, now);
  return step;
}

describe('a shift that begins', () => {
  it('is seen, not heard, and takes no calls', () => {
    const shift = beginShift('shift_1', ANA, AT);
    expect(shift).toMatchObject({
      activity: { kind: 'preparing' },
      screen: { connected: true },
      headset: { pinned: false },
      version: 1,
    });
    expect(isFree(shift)).toBe(false);
  });

  it('cannot become available without audio', () => {
    const shift = beginShift('shift_1', ANA, AT);
    expect(tell(shift, [GO, AT + 1]).shift).toBe(shift);
  });

  it('becomes available with audio, when the agent says so', () => {
    const step = tell(
      beginShift('shift_1', ANA, AT),
      [{ kind: 'headset-pinned' }, AT + 1],
      [GO, AT + 2],
    );
    expect(step.shift.activity).toEqual({ kind: 'available', since: AT + 2 });
    expect(step.effects).toEqual([{ kind: 'agent-free' }]);
  });
});

describe('an available agent', () => {
  it('keeps his place while his headset is lost, takes no call, and is free when it is back', () => {
    const lost = tell(aShift(), [{ kind: 'headset-lost' }, AT]);
    expect(lost.shift.activity.kind).toBe('available');
    expect(isFree(lost.shift)).toBe(false);
    const back = tell(lost.shift, [{ kind: 'headset-pinned' }, AT + 5]);
    expect(back.shift.activity).toEqual(aShift().activity);
    expect(back.effects).toEqual([{ kind: 'agent-free' }]);
  });

  it('is not free until both screen and headset are back', () => {
    const gone = tell(aShift(), [{ kind: 'screen-lost' }, AT], [{ kind: 'headset-lost' }, AT + 1]);
    const seen = tell(gone.shift, [{ kind: 'screen-connected' }, AT + 2]);
    expect(isFree(seen.shift)).toBe(false);
    expect(seen.effects).toEqual([{ kind: 'clear-timer', timer: 'absence' }]);
    const heard = tell(seen.shift, [{ kind: 'headset-pinned' }, AT + 3]);
    expect(isFree(heard.shift)).toBe(true);
  });

  it('is reserved for one call at a time', () => {
    const reserved = tell(aShift(), [{ kind: 'reserved', callId: 'call_1' }, AT]);
    expect(callOf(reserved.shift)).toBe('call_1');
    expect(isFree(reserved.shift)).toBe(false);
    const second = tell(reserved.shift, [{ kind: 'reserved', callId: 'call_2' }, AT + 1]);
    expect(second.shift).toBe(reserved.shift);
  });

  it('is not moved by news of a call that is not his', () => {
    const shift = aShift({ activity: 'reserved' });
    for (const kind of ['released', 'connected'] as const) {
      expect(tell(shift, [{ kind, callId: 'call_2' }, AT]).shift).toBe(shift);
    }
    expect(tell(shift, [{ ...OVER, callId: 'call_2' }, AT]).shift).toBe(shift);
  });
});

describe('wrap-up', () => {
  it('ends in a pause when no disposition was recorded, and says which call lacks it', () => {
    const over = tell(aShift({ activity: 'talking' }), [OVER, AT]);
    expect(over.effects).toEqual([{ kind: 'set-timer', timer: 'wrap-up', at: AT + 60_000 }]);
    const late = tell(over.shift, [WRAP_UP_TIMER, AT + 60_000]);
    expect(late.shift.activity).toMatchObject({ kind: 'paused', reason: 'disposition-missing' });
    expect(late.effects).toContainEqual({ kind: 'disposition-missing', callId: 'call_1' });
  });

  it('is not ended early by a timer of before it was extended, and is extended once', () => {
    const extended = tell(
      aShift({ activity: 'talking' }),
      [OVER, AT],
      [{ kind: 'extend-wrap-up', byMs: 30_000 }, AT + 50_000],
    );
    expect(extended.effects).toEqual([{ kind: 'set-timer', timer: 'wrap-up', at: AT + 90_000 }]);
    const { shift } = extended;
    expect(tell(shift, [WRAP_UP_TIMER, AT + 60_000]).shift).toBe(shift);
    expect(tell(shift, [{ kind: 'extend-wrap-up', byMs: 30_000 }, AT + 60_000]).shift).toBe(shift);
    expect(tell(shift, [WRAP_UP_TIMER, AT + 90_000]).shift.activity.kind).toBe('paused');
  });

  it('goes on for the disposition’s time, counted from the end of the call', () => {
    const done = tell(aShift({ activity: 'talking' }), [OVER, AT], [disposed(20_000), AT + 5_000]);
    expect(done.shift.activity).toMatchObject({ kind: 'wrapping-up', until: AT + 20_000 });
    const free = tell(done.shift, [WRAP_UP_TIMER, AT + 20_000]);
    expect(free.shift.activity.kind).toBe('available');
    expect(free.effects).toContainEqual({ kind: 'agent-free' });
  });

  it('is over at once when the disposition’s time is used up already, or is none', () => {
    const used = tell(aShift({ activity: 'talking' }), [OVER, AT], [disposed(20_000), AT + 30_000]);
    expect(used.effects).toEqual([{ kind: 'set-timer', timer: 'wrap-up', at: AT + 30_000 }]);
    expect(tell(used.shift, [WRAP_UP_TIMER, AT + 30_000]).shift.activity.kind).toBe('available');
    const none = tell(aShift({ activity: 'talking' }), [OVER, AT], [disposed(0), AT + 5_000]);
    expect(none.shift.activity.kind).toBe('available');
  });

  it('may be waived once the disposition is recorded, and not before', () => {
    const open = tell(aShift({ activity: 'talking' }), [OVER, AT]);
    expect(tell(open.shift, [GO, AT + 1]).shift).toBe(open.shift);
    const done = tell(open.shift, [disposed(30_000), AT + 2], [GO, AT + 3]);
    expect(done.shift.activity.kind).toBe('available');
    expect(done.effects[0]).toEqual({ kind: 'clear-timer', timer: 'wrap-up' });
  });

  it('uses the disposition that was recorded while still talking, the first one', () => {
    const talking = aShift({ activity: 'talking' });
    const over = tell(talking, [disposed(10_000), AT], [disposed(50_000), AT + 1], [OVER, AT + 5]);
    expect(over.shift.activity).toMatchObject({ disposed: true, until: AT + 10_005 });
    const direct = tell(talking, [disposed(0), AT], [OVER, AT + 5]);
    expect(direct.shift.activity.kind).toBe('available');
  });
});

describe('a pause', () => {
  it('asked for in a talk begins when the wrap-up is over', () => {
    const asked = tell(
      aShift({ activity: 'talking' }),
      [{ kind: 'pause', reason: 'rest' }, AT],
      [OVER, AT + 1],
    );
    expect(asked.shift).toMatchObject({ activity: { kind: 'wrapping-up' }, pauseAsked: 'rest' });
    const rest = tell(asked.shift, [disposed(0), AT + 2]);
    expect(rest.shift.activity).toEqual({ kind: 'paused', since: AT + 2, reason: 'rest' });
    expect(rest.shift.pauseAsked).toBeUndefined();
    expect(rest.effects).not.toContainEqual({ kind: 'agent-free' });
  });

  it('asked for while reserved begins when the call goes to nobody', () => {
    const rest = tell(
      aShift({ activity: 'reserved' }),
      [{ kind: 'pause', reason: 'rest' }, AT],
      [{ kind: 'released', callId: 'call_1' }, AT + 1],
    );
    expect(rest.shift.activity).toMatchObject({ kind: 'paused', reason: 'rest' });
  });

  it('that was asked for can be taken back', () => {
    const back = tell(
      aShift({ activity: 'reserved' }),
      [{ kind: 'pause', reason: 'rest' }, AT],
      [{ kind: 'take-pause-back' }, AT + 1],
      [{ kind: 'released', callId: 'call_1' }, AT + 2],
    );
    expect(back.shift.activity.kind).toBe('available');
  });

  it('may be asked for with another reason; the last one counts', () => {
    const step = tell(
      aShift({ activity: 'talking' }),
      [{ kind: 'pause', reason: 'rest' }, AT],
      [{ kind: 'pause', reason: 'meal' }, AT + 1],
    );
    expect(step.facts).toEqual([{ kind: 'pause-asked', reason: 'meal' }]);
    expect(step.shift.pauseAsked).toBe('meal');
  });

  it('still comes after a missed disposition, when he says that he is ready', () => {
    const step = tell(
      aShift({ activity: 'talking' }),
      [{ kind: 'pause', reason: 'meal' }, AT],
      [OVER, AT + 1],
      [WRAP_UP_TIMER, AT + 60_001],
      [GO, AT + 70_000],
    );
    expect(step.shift.activity).toMatchObject({ kind: 'paused', reason: 'meal' });
    expect(tell(step.shift, [GO, AT + 80_000]).shift.activity.kind).toBe('available');
  });

  it('begun at once stands for one that was asked for before', () => {
    const paused = tell(
      aShift({ activity: 'talking' }),
      [{ kind: 'pause', reason: 'rest' }, AT],
      [OVER, AT + 1],
      [disposed(30_000), AT + 2],
      [{ kind: 'pause', reason: 'meal' }, AT + 3],
    );
    expect(paused.shift.activity).toMatchObject({ kind: 'paused', reason: 'meal' });
    expect(tell(paused.shift, [GO, AT + 9]).shift.activity.kind).toBe('available');
  });

  it('does not begin anew when it is asked for twice', () => {
    const paused = tell(aShift(), [{ kind: 'pause', reason: 'rest' }, AT]);
    const twice = tell(paused.shift, [{ kind: 'pause', reason: 'rest' }, AT + 60_000]);
    expect(twice.shift).toBe(paused.shift);
    expect(twice.facts).toEqual([]);
  });

  it('ends only with audio and a screen', () => {
    const deaf = aShift({ activity: 'paused', headset: { pinned: false, since: AT } });
    expect(tell(deaf, [GO, AT]).shift).toBe(deaf);
    const blind = aShift({ activity: 'paused', screen: { connected: false, since: AT } });
    expect(tell(blind, [GO, AT]).shift).toBe(blind);
  });
});

describe('the end of a shift', () => {
  it('says which call lacks its disposition', () => {
    const { effects } = tell(aShift({ activity: 'wrapping-up' }), [
      { kind: 'sign-out', because: 'signed-out' },
      AT,
    ]);
    expect(effects).toContainEqual({ kind: 'disposition-missing', callId: 'call_1' });
    expect(effects).toContainEqual({ kind: 'shift-over' });
  });

  it('does not ask again for a disposition that is recorded', () => {
    const { effects } = tell(
      aShift({ activity: 'wrapping-up' }),
      [disposed(60_000), AT],
      [{ kind: 'sign-out', because: 'signed-out' }, AT + 1],
    );
    expect(effects).not.toContainEqual(expect.objectContaining({ kind: 'disposition-missing' }));
  });

  it('by absence comes fifteen minutes after the screen was lost', () => {
    const lost = tell(aShift(), [{ kind: 'screen-lost' }, AT]);
    expect(lost.effects).toEqual([{ kind: 'set-timer', timer: 'absence', at: AT + 900_000 }]);
    const absent = tell(lost.shift, [{ kind: 'timer', timer: 'absence' }, AT + 900_000]);
    expect(absent.shift.activity).toMatchObject({ kind: 'ended', because: 'absent' });
  });

  it('by absence is not brought on by the timer of an absence that is over', () => {
    const again = tell(
      aShift(),
      [{ kind: 'screen-lost' }, AT],
      [{ kind: 'screen-connected' }, AT + 899_998],
      [{ kind: 'screen-lost' }, AT + 899_999],
    );
    const stale = tell(again.shift, [{ kind: 'timer', timer: 'absence' }, AT + 900_000]);
    expect(stale.shift).toBe(again.shift);
  });
});
