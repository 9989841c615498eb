import { describe, expect, it } from 'vitest';
import {
  type AgentShift,
  beginShift,
  callOf,
  isFree,
} from '../../../src/domain/agents/agent-shift.ts';
import { ANA, aShift } from '../../support/builders.ts';
import { AT, disposed, GO, OVER, SIGN_OUT, tell, timer } from './tell-shift.ts';

const DISPOSITION_TIMER = timer('disposition');
const WRAP_UP_TIMER = timer('wrap-up');

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
  it('keeps the place while the headset is lost, takes no call, and is free when it is back', () => {
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

  it('is not moved by news of a call of another agent', () => {
    const shift = aShift({ activity: 'reserved' });
    for (const kind of ['released', 'connected'] as const) {
      expect(tell(shift, [{ kind, callId: 'call_2' }, AT]).shift).toBe(shift);
    }
    expect(tell(shift, [{ ...OVER, callId: 'call_2' }, AT]).shift).toBe(shift);
  });
});

describe('wrap-up', () => {
  it('ends in a missing disposition that is waited for, and no call is offered meanwhile', () => {
    const over = tell(aShift({ activity: 'talking' }), [OVER, AT]);
    expect(over.effects).toEqual([{ kind: 'set-timer', timer: 'wrap-up', at: AT + 60_000 }]);
    const late = tell(over.shift, [WRAP_UP_TIMER, AT + 60_000]);
    expect(late.shift.activity).toMatchObject({ kind: 'undisposed', until: AT + 180_000 });
    expect(late.effects).not.toContainEqual({ kind: 'disposition-missing', callId: 'call_1' });
    expect(isFree(late.shift)).toBe(false);
    for (const asked of [GO, { kind: 'reserved', callId: 'call_2' } as const]) {
      expect(tell(late.shift, [asked, AT + 70_000]).shift).toBe(late.shift);
    }
    expect(tell(late.shift, [disposed(20_000), AT + 70_000]).shift.activity.kind).toBe('available');
  });

  it('gives the call to the supervisor after the bound, and the agent rests until they are ready', () => {
    const late = tell(
      aShift({ activity: 'talking' }),
      [OVER, AT],
      [WRAP_UP_TIMER, AT + 60_000],
      [DISPOSITION_TIMER, AT + 180_000],
    );
    expect(late.effects).toContainEqual({ kind: 'disposition-missing', callId: 'call_1' });
    expect(late.shift.activity).toMatchObject({ kind: 'paused', reason: 'disposition-missing' });
    expect(tell(late.shift, [GO, AT + 200_000]).shift.activity.kind).toBe('available');
  });

  it('leaves the agent free at once where the campaign asks for no disposition', () => {
    const { dispositionWaitMs: _none, ...over } = OVER;
    const step = tell(aShift({ activity: 'talking' }), [over, AT], [WRAP_UP_TIMER, AT + 60_000]);
    expect(step.shift.activity.kind).toBe('available');
    expect(step.effects).toContainEqual({ kind: 'disposition-missing', callId: 'call_1' });
  });

  it('a disposition that comes after the bound ends the pause that it was missed for, no other', () => {
    const late = tell(
      aShift({ activity: 'talking' }),
      [OVER, AT],
      [WRAP_UP_TIMER, AT + 60_000],
      [DISPOSITION_TIMER, AT + 180_000],
    ).shift;
    expect(tell(late, [disposed(0), AT + 190_000]).shift.activity.kind).toBe('available');
    const meal = tell(late, [{ kind: 'pause', reason: 'meal' }, AT + 190_000]).shift;
    expect(tell(meal, [disposed(0), AT + 200_000]).shift.activity).toEqual({
      kind: 'paused',
      since: AT + 190_000,
      reason: 'meal',
    });
    const corrected = tell(late, [{ kind: 'corrected', callId: 'call_1' }, AT + 190_000]).shift;
    expect(corrected.activity).toMatchObject({ kind: 'paused', reason: 'by-supervisor' });
  });

  it('comes back from the supervisor to an agent who has nothing else to do', () => {
    const back = { kind: 'given-back', callId: 'call_9', dispositionWaitMs: 120_000 } as const;
    const free = tell(aShift(), [back, AT]);
    expect(free.shift.activity).toMatchObject({ kind: 'undisposed', callId: 'call_9' });
    for (const activity of ['talking', 'reserved', 'wrapping-up', 'paused'] as const) {
      const shift = aShift({ activity });
      expect(tell(shift, [back, AT]).shift).toBe(shift);
    }
  });

  it('comes back and leaves the agent in the pause that they chose', () => {
    const back = { kind: 'given-back', callId: 'call_9', dispositionWaitMs: 120_000 } as const;
    const done = { kind: 'disposed', callId: 'call_9', wrapUpMs: 0 } as const;
    const training = tell(aShift(), [{ kind: 'pause', reason: 'training' }, AT]).shift;
    const after = tell(training, [back, AT + 1], [done, AT + 2]);
    expect(after.shift.activity).toEqual({ kind: 'paused', since: AT + 2, reason: 'training' });
    expect(tell(after.shift, [GO, AT + 3]).shift.activity.kind).toBe('available');
    const missing = tell(
      aShift({ activity: 'talking' }),
      [OVER, AT],
      [WRAP_UP_TIMER, AT + 60_000],
      [DISPOSITION_TIMER, AT + 180_000],
      [back, AT + 190_000],
      [done, AT + 200_000],
    ).shift;
    expect(missing.activity.kind).toBe('available');
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
    expect(tell(shift, [WRAP_UP_TIMER, AT + 90_000]).shift.activity.kind).toBe('undisposed');
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

  it('still comes when a disposition never does, and the call stays to be recorded', () => {
    const step = tell(
      aShift({ activity: 'talking' }),
      [{ kind: 'pause', reason: 'meal' }, AT],
      [OVER, AT + 1],
      [WRAP_UP_TIMER, AT + 60_001],
      [DISPOSITION_TIMER, AT + 180_001],
    );
    expect(step.shift.activity).toMatchObject({ reason: 'meal', undisposedCallId: 'call_1' });
    expect(step.effects).toContainEqual({ kind: 'disposition-missing', callId: 'call_1' });
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

describe('what a supervisor asked for', () => {
  const PAUSE = { kind: 'pause', reason: 'by-supervisor', by: 'supervisor' } as const;
  const talking = aShift({ activity: 'talking' });

  it('is taken back by a supervisor and not by the agent', () => {
    const asked = tell(
      talking,
      [PAUSE, AT],
      [{ kind: 'plan-rest', at: AT + 600_000, by: 'supervisor' }, AT],
      [{ kind: 'sign-out', because: 'signed-out-by-supervisor' }, AT],
    ).shift;
    for (const kind of ['take-pause-back', 'take-rest-back', 'take-sign-out-back'] as const) {
      expect(tell(asked, [{ kind }, AT + 1]).shift).toBe(asked);
      expect(tell(asked, [{ kind, by: 'supervisor' }, AT + 1]).facts).toHaveLength(1);
    }
  });

  it('is not slipped out of by asking for another pause, rest or end in its place', () => {
    const asked = tell(talking, [PAUSE, AT], [{ kind: 'pause', reason: 'meal' }, AT + 1]).shift;
    expect(asked).toMatchObject({ pauseAsked: 'meal', pauseAskedBy: 'supervisor' });
    expect(tell(asked, [{ kind: 'take-pause-back' }, AT + 2]).shift).toBe(asked);
    const before = tell(talking, [{ kind: 'pause', reason: 'meal' }, AT], [PAUSE, AT + 1]).shift;
    expect(before).toMatchObject({ pauseAsked: 'meal', pauseAskedBy: 'supervisor' });
    const rest = { kind: 'plan-rest', at: AT + 600_000, by: 'supervisor' } as const;
    const planned = tell(aShift(), [rest, AT]).shift;
    expect(tell(planned, [{ kind: 'plan-rest', at: AT + 900_000 }, AT + 1]).shift).toBe(planned);
    const due = tell(talking, [rest, AT], [{ kind: 'timer', timer: 'rest' }, AT + 600_000]).shift;
    expect(due).toMatchObject({ pauseAsked: 'rest', pauseAskedBy: 'supervisor' });
    const out = tell(talking, [{ ...SIGN_OUT, because: 'signed-out-by-supervisor' }, AT]).shift;
    expect(tell(out, [SIGN_OUT, AT + 1]).shift).toBe(out);
  });
});

describe("a supervisor's pause that has begun", () => {
  const PAUSE = { kind: 'pause', reason: 'by-supervisor', by: 'supervisor' } as const;
  const RELEASE = { kind: 'take-pause-back', by: 'supervisor' } as const;
  const kindAfter = (shift: AgentShift, ...more: Parameters<typeof tell>[1][]) =>
    tell(shift, ...more).shift.activity.kind;
  const paused = tell(aShift(), [PAUSE, AT]).shift;

  it('says who asked for it, and is not ended by the agent', () => {
    const step = tell(aShift(), [PAUSE, AT]);
    expect(step.facts).toMatchObject([{ kind: 'activity-changed', by: 'supervisor' }]);
    expect(tell(paused, [GO, AT + 3_600_000]).shift).toBe(paused);
    const after = tell(aShift({ activity: 'talking' }), [PAUSE, AT]);
    expect(after.facts).toEqual([
      { kind: 'pause-asked', reason: 'by-supervisor', by: 'supervisor' },
    ]);
    expect(kindAfter(after.shift, [OVER, AT + 1], [disposed(0), AT + 2], [GO, AT + 3])).toBe(
      'paused',
    );
  });

  it('ends when a supervisor releases the agent, who then says that they are ready', () => {
    const released = tell(paused, [RELEASE, AT + 1]);
    expect(released.facts).toEqual([{ kind: 'pause-taken-back', by: 'supervisor' }]);
    expect(released.shift.activity.kind).toBe('paused');
    expect(kindAfter(released.shift, [GO, AT + 2])).toBe('available');
  });

  it('is not slipped out of by a break, to which the agent may go at any time', () => {
    const broken = tell(paused, [{ kind: 'pause', reason: 'restroom' }, AT + 1]).shift;
    expect(broken.activity).toMatchObject({ reason: 'restroom', by: 'supervisor' });
    expect(tell(broken, [GO, AT + 3_600_000]).shift).toBe(broken);
    const own = tell(aShift(), [{ kind: 'pause', reason: 'meal' }, AT], [PAUSE, AT + 1]).shift;
    expect(own.activity).toMatchObject({ reason: 'meal', since: AT, by: 'supervisor' });
    expect(kindAfter(own, [GO, AT + 3_600_000])).toBe('paused');
  });

  it.each(['rest', 'meal', 'restroom'] as const)(
    'that waits for the call is not shortened by an own %s, no matter who asks first',
    (reason) => {
      const own = { kind: 'pause', reason } as const;
      for (const asks of [
        [PAUSE, own],
        [own, PAUSE],
      ] as const) {
        const talk = tell(aShift({ activity: 'talking' }), [asks[0], AT], [asks[1], AT + 1]).shift;
        const after = tell(talk, [OVER, AT + 2], [disposed(0), AT + 3]).shift;
        expect(after.activity).toMatchObject({ kind: 'paused', by: 'supervisor' });
        expect(tell(after, [GO, AT + 7_200_000]).shift).toBe(after);
        const released = tell(after, [RELEASE, AT + 7_200_001], [GO, AT + 7_200_002]);
        expect(released.shift.activity.kind).toBe('available');
        expect(released.shift.pauseUntilReleased).toBeUndefined();
      }
    },
  );

  it('that is a rest is over when it has lasted as long as one does', () => {
    const rest = { kind: 'plan-rest', at: AT, by: 'supervisor' } as const;
    const resting = tell(aShift(), [rest, AT - 1], [{ kind: 'timer', timer: 'rest' }, AT]).shift;
    expect(tell(resting, [GO, AT + 599_999]).shift).toBe(resting);
    expect(kindAfter(resting, [GO, AT + 600_000])).toBe('available');
  });

  it('goes on after a call that a supervisor gave back', () => {
    const back = { kind: 'given-back', callId: 'call_1', dispositionWaitMs: 120_000 } as const;
    const after = tell(paused, [back, AT + 1], [disposed(0), AT + 2], [GO, AT + 3]).shift;
    expect(after.activity).toMatchObject({ kind: 'paused', by: 'supervisor' });
  });
});

describe('the end of a shift', () => {
  it('that is asked for in a call waits for its end and its disposition', () => {
    const asked = tell(aShift({ activity: 'talking' }), [SIGN_OUT, AT]);
    expect(asked.shift).toMatchObject({
      activity: { kind: 'talking' },
      signOutAsked: 'signed-out',
    });
    expect(asked.effects).toEqual([]);
    const over = tell(asked.shift, [OVER, AT + 1]);
    expect(over.shift.activity.kind).toBe('wrapping-up');
    const ended = tell(over.shift, [disposed(60_000), AT + 9_000]);
    expect(ended.shift.activity).toEqual({ kind: 'ended', at: AT + 9_000, because: 'signed-out' });
    expect(ended.effects).toContainEqual({ kind: 'clear-timer', timer: 'wrap-up' });
    expect(ended.effects).toContainEqual({ kind: 'shift-over' });
    expect(ended.effects).not.toContainEqual({ kind: 'agent-free' });
  });

  it('that is asked for comes when a call goes to somebody else, and when a disposition never does', () => {
    const released = { kind: 'released', callId: 'call_1' } as const;
    const gone = tell(aShift({ activity: 'reserved' }), [SIGN_OUT, AT], [released, AT + 1]);
    expect(gone.shift.activity.kind).toBe('ended');
    const never = tell(
      aShift({ activity: 'talking' }),
      [SIGN_OUT, AT],
      [OVER, AT + 1],
      [WRAP_UP_TIMER, AT + 60_001],
      [DISPOSITION_TIMER, AT + 180_001],
    );
    expect(never.shift.activity.kind).toBe('ended');
    expect(never.effects[0]).toEqual({ kind: 'disposition-missing', callId: 'call_1' });
  });

  it('that was asked for is taken back, and the day goes on', () => {
    const back = tell(
      aShift({ activity: 'talking' }),
      [SIGN_OUT, AT],
      [{ kind: 'take-sign-out-back' }, AT + 1],
      [OVER, AT + 2],
      [disposed(0), AT + 3],
    );
    expect(back.shift.activity.kind).toBe('available');
  });

  it('comes at once for anyone who may not work here any more, and says which call lacks a disposition', () => {
    const { shift, effects } = tell(aShift({ activity: 'wrapping-up' }), [
      { kind: 'sign-out', because: 'disabled' },
      AT,
    ]);
    expect(shift.activity.kind).toBe('ended');
    expect(effects[0]).toEqual({ kind: 'disposition-missing', callId: 'call_1' });
    expect(effects).toContainEqual({ kind: 'shift-over' });
  });

  it('is at once when the disposition is recorded', () => {
    const { shift, effects } = tell(
      aShift({ activity: 'wrapping-up' }),
      [disposed(60_000), AT],
      [SIGN_OUT, AT + 1],
    );
    expect(shift.activity.kind).toBe('ended');
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
