import { describe, expect, it } from 'vitest';
import {
  type Activity,
  type AgentShift,
  isFree,
  leavesAt,
  mayTakeBack,
  type ShiftSignal,
} from '../../../src/domain/agents/agent-shift.ts';
import { MINUTE_MS } from '../../../src/lib/time.ts';
import { aShift } from '../../support/builders.ts';
import {
  AT,
  CONNECTED,
  disposed,
  GIVEN_BACK,
  GO,
  OVER,
  pause,
  RELEASED,
  RESERVED,
  SIGN_OUT,
  tell,
  timer,
} from './tell-shift.ts';

const RESTS_AT = AT + MINUTE_MS;
const plan = (at: number): Extract<ShiftSignal, { kind: 'plan-rest' }> => ({
  kind: 'plan-rest',
  at,
});
const planBySupervisor = (at: number): ShiftSignal => ({ ...plan(at), by: 'supervisor' });
const REST_TIMER = timer('rest');
const FREE_TIMER = timer('free');

describe('a rest that is planned', () => {
  it('is timed and told, and changes nothing before its time', () => {
    const step = tell(aShift(), [plan(RESTS_AT), AT]);
    expect(step.shift).toMatchObject({ activity: { kind: 'available' }, restsAt: RESTS_AT });
    expect(step.shift).not.toHaveProperty('restAskedBy');
    expect(step.effects).toEqual([{ kind: 'set-timer', timer: 'rest', at: RESTS_AT }]);
    expect(step.facts).toEqual([{ kind: 'rest-planned', restsAt: RESTS_AT }]);
    expect(tell(step.shift, [REST_TIMER, RESTS_AT - 1]).shift).toBe(step.shift);
  });

  it('keeps calls away for the last five seconds before it', () => {
    expect(leavesAt(aShift())).toBeUndefined();
    expect(leavesAt(aShift({ restsAt: RESTS_AT }))).toBe(RESTS_AT - 5_000);
  });

  it('is moved by planning another one; planned for the same time again, it stays', () => {
    const planned = tell(aShift(), [plan(RESTS_AT), AT]).shift;
    expect(tell(planned, [plan(RESTS_AT), AT + 1]).shift).toBe(planned);
    const moved = tell(planned, [plan(RESTS_AT + 5), AT + 1]);
    expect(moved.shift.restsAt).toBe(RESTS_AT + 5);
    expect(moved.effects).toEqual([{ kind: 'set-timer', timer: 'rest', at: RESTS_AT + 5 }]);
  });

  it('becomes a supervisor’s who plans the same one, and stays theirs until they move it', () => {
    const own = tell(aShift(), [plan(RESTS_AT), AT]).shift;
    const theirs = tell(own, [planBySupervisor(RESTS_AT), AT + 1]);
    expect(theirs.shift).toMatchObject({ restsAt: RESTS_AT, restAskedBy: 'supervisor' });
    expect(theirs.facts).toEqual([{ kind: 'rest-planned', restsAt: RESTS_AT, by: 'supervisor' }]);
    const again = [planBySupervisor(RESTS_AT), plan(RESTS_AT), plan(RESTS_AT + 9)];
    for (const signal of again)
      expect(tell(theirs.shift, [signal, AT + 2]).shift).toBe(theirs.shift);
    expect(tell(theirs.shift, [planBySupervisor(RESTS_AT + 9), AT + 2]).shift).toMatchObject({
      ...{ restsAt: RESTS_AT + 9, restAskedBy: 'supervisor' },
    });
  });

  it('is taken back with its timer, and there is none to take back afterwards', () => {
    const planned = tell(aShift(), [plan(RESTS_AT), AT]).shift;
    const back = tell(planned, [{ kind: 'take-rest-back' }, AT + 1]);
    expect(back.shift).not.toHaveProperty('restsAt');
    expect(back.effects).toEqual([{ kind: 'clear-timer', timer: 'rest' }]);
    expect(back.facts).toEqual([{ kind: 'rest-taken-back' }]);
    expect(tell(back.shift, [REST_TIMER, RESTS_AT]).shift).toBe(back.shift);
  });

  it('ends with the shift, and its timer with it', () => {
    const clearsRest = { kind: 'clear-timer', timer: 'rest' };
    const planned = aShift({ restsAt: RESTS_AT });
    expect(tell(planned, [SIGN_OUT, AT]).effects).toContainEqual(clearsRest);
    expect(tell(aShift(), [SIGN_OUT, AT]).effects).not.toContainEqual(clearsRest);
  });

  it.each<[Activity['kind'], Partial<AgentShift>]>([
    ['preparing', { activity: { kind: 'paused', since: RESTS_AT, reason: 'rest' } }],
    ['available', { activity: { kind: 'paused', since: RESTS_AT, reason: 'rest' } }],
    ['reserved', { pauseAsked: 'rest' }],
    ['talking', { pauseAsked: 'rest' }],
    ['wrapping-up', { pauseAsked: 'rest' }],
    ['undisposed', { pauseAsked: 'rest' }],
  ])('whose time has come finds the agent %s', (activity, expected) => {
    const { shift } = tell(aShift({ activity, restsAt: RESTS_AT }), [REST_TIMER, RESTS_AT]);
    expect(shift).toMatchObject(expected);
    expect(shift).not.toHaveProperty('restsAt');
  });

  it('is had already by an agent on a break: nothing begins, and nothing is told', () => {
    for (const reason of ['rest', 'meal', 'restroom'] as const) {
      const activity: Activity = { kind: 'paused', since: AT, reason };
      const step = tell(aShift({ activity, restsAt: RESTS_AT }), [REST_TIMER, RESTS_AT]);
      expect(step.shift.activity).toBe(activity);
      expect(step.shift).not.toHaveProperty('restsAt');
      expect([...step.effects, ...step.facts]).toEqual([]);
    }
  });

  it('begins in the middle of a pause that is no break', () => {
    for (const reason of ['training', 'feedback', 'system-problem', 'by-supervisor'] as const) {
      const activity: Activity = { kind: 'paused', since: AT, reason };
      const { shift } = tell(aShift({ activity, restsAt: RESTS_AT }), [REST_TIMER, RESTS_AT]);
      expect(shift.activity).toEqual({ kind: 'paused', since: RESTS_AT, reason: 'rest' });
    }
  });

  it('that a supervisor planned keeps the agent for ten minutes from its beginning', () => {
    const { shift } = tell(
      aShift({ activity: 'talking' }),
      [planBySupervisor(RESTS_AT), AT],
      [REST_TIMER, RESTS_AT],
      [OVER, RESTS_AT + 20_000],
      [disposed(0), RESTS_AT + 30_000],
    );
    const keptUntil = RESTS_AT + 30_000 + 10 * MINUTE_MS;
    expect(shift.activity).toMatchObject({ reason: 'rest', by: 'supervisor', keptUntil });
    expect(tell(shift, [GO, keptUntil - 1]).shift).toBe(shift);
    expect(tell(shift, [GO, keptUntil]).shift.activity.kind).toBe('available');
  });
});

describe('what was asked for is taken back', () => {
  it.each([
    [undefined, undefined, true],
    [undefined, 'supervisor', true],
    ['supervisor', 'supervisor', true],
    ['supervisor', undefined, false],
  ] as const)('asked by %s, taken back by %s: %s', (asked, by, may) => {
    expect(mayTakeBack(asked, by)).toBe(may);
    const shift = aShift({
      ...{ activity: 'talking', pauseAsked: 'rest', restsAt: RESTS_AT },
      signOutAsked: asked === 'supervisor' ? 'signed-out-by-supervisor' : 'signed-out',
      ...(asked === undefined ? {} : { pauseAskedBy: asked, restAskedBy: asked }),
    });
    for (const kind of ['take-pause-back', 'take-rest-back', 'take-sign-out-back'] as const) {
      const signal = by === undefined ? { kind } : { kind, by };
      const step = tell(shift, [signal, AT]);
      expect(step.shift !== shift).toBe(may);
      expect(step.facts).toHaveLength(may ? 1 : 0);
      if (may) expect('by' in (step.facts[0] ?? {})).toBe(by !== undefined);
    }
  });

  it('takes nothing else with it', () => {
    const asked = { pauseAsked: 'rest', restsAt: RESTS_AT, signOutAsked: 'signed-out' } as const;
    const left = (kind: 'take-pause-back' | 'take-rest-back' | 'take-sign-out-back') => {
      const { shift } = tell(aShift({ activity: 'talking', ...asked }), [{ kind }, AT]);
      return Object.keys(asked).filter((field) => field in shift);
    };
    expect(left('take-pause-back')).toEqual(['restsAt', 'signOutAsked']);
    expect(left('take-rest-back')).toEqual(['pauseAsked', 'signOutAsked']);
    expect(left('take-sign-out-back')).toEqual(['pauseAsked', 'restsAt']);
  });
});

describe('the rest between two calls', () => {
  const OVER_AT = AT + 30_000;
  const afterCall = (restMs?: number) =>
    tell(
      aShift({ activity: 'talking' }),
      [disposed(0), AT],
      [restMs === undefined ? OVER : { ...OVER, restMs }, OVER_AT],
    );

  it.each([undefined, 0, -1])('of %s ms is none: the agent is free at once', (restMs) => {
    const { shift, effects } = afterCall(restMs);
    expect(shift.activity).toEqual({ kind: 'available', since: OVER_AT });
    expect(effects).toEqual([{ kind: 'agent-free' }]);
  });

  it.each([1, 8_000])('of %i ms keeps the agent from calls, and ends by itself', (restMs) => {
    const { shift, effects } = afterCall(restMs);
    const freeAt = OVER_AT + restMs;
    expect(shift.activity).toEqual({ kind: 'available', since: OVER_AT, freeAt });
    expect(effects).toEqual([{ kind: 'set-timer', timer: 'free', at: freeAt }]);
    expect(isFree(shift)).toBe(false);
    expect(tell(shift, [RESERVED, freeAt - 1]).shift).toBe(shift);
    expect(tell(shift, [FREE_TIMER, freeAt - 1]).shift).toBe(shift);
    const free = tell(shift, [FREE_TIMER, freeAt]);
    expect(free.shift.activity).toEqual({ kind: 'available', since: freeAt });
    expect(free.effects).toEqual([{ kind: 'agent-free' }]);
    expect(free.facts).toEqual([]);
  });

  it('that is over calls nobody free who is not heard', () => {
    const deaf = tell(afterCall(8_000).shift, [{ kind: 'headset-lost' }, OVER_AT + 1]).shift;
    const over = tell(deaf, [FREE_TIMER, OVER_AT + 8_000]);
    expect(over.shift.activity).toEqual({ kind: 'available', since: OVER_AT + 8_000 });
    expect(over.effects).toEqual([]);
  });

  it.each<[string, ShiftSignal, Activity['kind']]>([
    ['a pause', pause('rest'), 'paused'],
    ['a call that is given back', GIVEN_BACK, 'undisposed'],
    ['the end of the shift', SIGN_OUT, 'ended'],
  ])('is over with %s, and its timer with it', (_name, signal, kind) => {
    const step = tell(afterCall(8_000).shift, [signal, OVER_AT + 1]);
    expect(step.shift.activity.kind).toBe(kind);
    expect(step.effects).toContainEqual({ kind: 'clear-timer', timer: 'free' });
  });

  it('is not shortened by the agent, who is available already', () => {
    const { shift } = afterCall(8_000);
    expect(tell(shift, [GO, OVER_AT + 1]).shift).toBe(shift);
  });

  it('comes after the wrap-up, however that ends', () => {
    const rested = { ...OVER, restMs: 8_000 };
    const talked = tell(aShift({ activity: 'talking' }), [rested, OVER_AT]).shift;
    const freeAfter = (...told: Parameters<typeof tell>[1][]) => {
      const { activity } = tell(talked, ...told).shift;
      return activity.kind === 'available' ? activity.freeAt : activity.kind;
    };
    const later = OVER_AT + 5_000;
    expect(freeAfter([disposed(0), later])).toBe(later + 8_000);
    expect(freeAfter([disposed(60_000), later], [GO, later + 1])).toBe(later + 8_001);
    const upAt = OVER_AT + 60_000;
    expect(freeAfter([disposed(60_000), later], [timer('wrap-up'), upAt])).toBe(upAt + 8_000);
    const late = upAt + 20_000;
    expect(freeAfter([timer('wrap-up'), upAt], [disposed(60_000), late])).toBe(late + 8_000);
  });

  it('is none after a call that went to nobody, and none before a pause that was asked for', () => {
    const released = tell(aShift(), [RESERVED, AT], [RELEASED, AT + 1]).shift;
    expect(released.activity).toEqual({ kind: 'available', since: AT + 1 });
    const paused = tell(
      aShift({ activity: 'talking' }),
      [pause('rest'), AT],
      [disposed(0), AT],
      [{ ...OVER, restMs: 8_000 }, OVER_AT],
    );
    expect(paused.shift.activity).toEqual({ kind: 'paused', since: OVER_AT, reason: 'rest' });
    expect(paused.effects).toEqual([]);
  });
});

it('a call that is over before it was connected leaves the agent free, without a wrap-up', () => {
  const over = tell(aShift(), [RESERVED, AT], [{ ...OVER, restMs: 8_000 }, AT + 1]);
  expect(over.shift.activity).toEqual({ kind: 'available', since: AT + 1 });
  const connected = tell(aShift(), [RESERVED, AT], [CONNECTED, AT + 1], [OVER, AT + 2]).shift;
  expect(connected.activity).toMatchObject({ kind: 'wrapping-up', talkedSince: AT + 1 });
});
