import { describe, expect, it } from 'vitest';
import type { Activity, AgentShift } from '../../../src/domain/agents/agent-shift.ts';
import { BREAKS, CHOSEN_PAUSES, type PauseReason } from '../../../src/domain/agents/pauses.ts';
import { MINUTE_MS } from '../../../src/lib/time.ts';
import { aShift, PLACED_AT } from '../../support/builders.ts';
import {
  AT,
  GIVEN_BACK,
  GO,
  OVER,
  pause,
  pauseBySupervisor,
  RELEASED,
  tell,
  timer,
} from './tell-shift.ts';

type Paused = Extract<Activity, { kind: 'paused' }>;
const LATER = AT + MINUTE_MS;
const REST = 10 * MINUTE_MS;
const MEAL = 20 * MINUTE_MS;

/** A pause since `AT`: whose it is, and for how long a supervisor's keeps the agent. */
function aPause(reason: PauseReason, keptMs?: number | 'released'): Paused {
  const own: Paused = { kind: 'paused', since: AT, reason };
  if (keptMs === undefined) return own;
  const theirs: Paused = { ...own, by: 'supervisor' };
  return keptMs === 'released' ? theirs : { ...theirs, keptUntil: AT + keptMs };
}

describe('a pause that is asked for during another one', () => {
  type Row = readonly [
    now: Paused,
    asked: ReturnType<typeof pause>,
    then: Paused | 'goes on as it was',
    fact?: 'pause-asked' | 'activity-changed',
  ];
  const since = (paused: Paused, at: number): Paused => ({ ...paused, since: at });
  const keptUntil = (paused: Paused, at: number): Paused => ({ ...paused, keptUntil: at });
  const asWas = 'goes on as it was';

  const ROWS: readonly Row[] = [
    // The agent's own pause, and the agent.
    [aPause('rest'), pause('rest'), asWas],
    [aPause('training'), pause('training'), asWas],
    [aPause('rest'), pause('meal'), since(aPause('meal'), LATER), 'activity-changed'],
    [aPause('training'), pause('restroom'), since(aPause('restroom'), LATER), 'activity-changed'],
    // The agent's own pause, and a supervisor: a break goes on, anything else gives way.
    [aPause('rest'), pauseBySupervisor(), aPause('rest', 'released'), 'pause-asked'],
    [aPause('restroom'), pauseBySupervisor(), aPause('restroom', 'released'), 'pause-asked'],
    [
      aPause('training'),
      pauseBySupervisor(),
      since(aPause('by-supervisor', 'released'), LATER),
      'activity-changed',
    ],
    [
      aPause('training'),
      pauseBySupervisor('training'),
      aPause('training', 'released'),
      'pause-asked',
    ],
    [
      aPause('rest'),
      pauseBySupervisor('rest'),
      keptUntil(aPause('rest', 0), LATER + REST),
      'pause-asked',
    ],
    [
      aPause('rest'),
      pauseBySupervisor('meal'),
      { ...since(aPause('meal', 0), LATER), keptUntil: LATER + MEAL },
      'activity-changed',
    ],
    // A supervisor's rest: asked for again it does not begin anew, and the agent shortens nothing.
    [aPause('rest', REST), pause('rest'), asWas],
    [aPause('rest', REST), pauseBySupervisor('rest'), asWas],
    [aPause('rest', REST), pause('meal'), since(aPause('meal', REST), LATER), 'activity-changed'],
    [
      aPause('rest', REST),
      pause('training'),
      since(aPause('training', REST), LATER),
      'activity-changed',
    ],
    [aPause('rest', REST), pauseBySupervisor(), aPause('rest', 'released'), 'pause-asked'],
    [
      aPause('rest', REST),
      pauseBySupervisor('meal'),
      { ...since(aPause('meal', 0), LATER), keptUntil: LATER + MEAL },
      'activity-changed',
    ],
    // A supervisor's pause without an end: nothing but a release gives it one.
    [aPause('by-supervisor', 'released'), pauseBySupervisor(), asWas],
    [
      aPause('by-supervisor', 'released'),
      pause('restroom'),
      since(aPause('restroom', 'released'), LATER),
      'activity-changed',
    ],
    [
      aPause('by-supervisor', 'released'),
      pauseBySupervisor('rest'),
      since(aPause('rest', 'released'), LATER),
      'activity-changed',
    ],
    [aPause('meal', 'released'), pauseBySupervisor(), asWas],
    [aPause('meal', 'released'), pause('meal'), asWas],
  ];

  const whole = ROWS.map(([now, asked, then, fact = 'none']) => [now, asked, then, fact] as const);

  it.each(whole)('%j, %j: %j', (activity, asked, then, fact) => {
    const before = aShift({ activity });
    const step = tell(before, [asked, LATER]);
    if (then === asWas) {
      expect(step).toEqual({ shift: before, effects: [], facts: [] });
      return;
    }
    expect(step.shift.activity).toEqual(then);
    expect(step.facts.map(({ kind }) => kind)).toEqual([fact]);
    expect(step.effects).toEqual([]);
  });

  it('does not lose the call whose disposition is missing', () => {
    const missing = aShift({
      activity: { ...aPause('disposition-missing'), undisposedCallId: 'call_1' },
    });
    for (const asked of [pause('meal'), pauseBySupervisor()]) {
      expect(tell(missing, [asked, LATER]).shift.activity).toMatchObject({
        ...{ kind: 'paused', since: LATER, undisposedCallId: 'call_1' },
      });
    }
  });
});

describe('a pause that is asked for with a call in hand', () => {
  type Asked = Pick<AgentShift, 'pauseAsked' | 'pauseAskedBy' | 'pauseUntilReleased'>;
  const own = (pauseAsked: PauseReason): Asked => ({ pauseAsked });
  const timed = (pauseAsked: PauseReason): Asked => ({ pauseAsked, pauseAskedBy: 'supervisor' });
  const endless = (reason: PauseReason): Asked => ({ ...timed(reason), pauseUntilReleased: true });
  type Row = readonly [before: Asked, asked: ReturnType<typeof pause>, after: Asked | 'as before'];
  const asBefore = 'as before';

  const ROWS: readonly Row[] = [
    [{}, pause('rest'), own('rest')],
    [{}, pauseBySupervisor(), endless('by-supervisor')],
    [{}, pauseBySupervisor('rest'), timed('rest')],
    [own('rest'), pause('rest'), asBefore],
    [own('rest'), pause('training'), own('training')],
    [own('rest'), pauseBySupervisor('rest'), timed('rest')],
    [own('rest'), pauseBySupervisor(), endless('rest')],
    [own('training'), pauseBySupervisor(), endless('by-supervisor')],
    [timed('rest'), pauseBySupervisor('rest'), asBefore],
    [timed('rest'), pause('rest'), asBefore],
    [timed('rest'), pause('meal'), timed('meal')],
    [timed('rest'), pauseBySupervisor(), endless('rest')],
    [endless('by-supervisor'), pauseBySupervisor(), asBefore],
    [endless('by-supervisor'), pause('meal'), endless('meal')],
    [endless('rest'), pauseBySupervisor(), asBefore],
  ];

  for (const kind of ['reserved', 'talking', 'wrapping-up', 'undisposed'] as const) {
    it.each(ROWS)(`${kind}, %j, %j: %j`, (before, asked, after) => {
      const shift = aShift({ activity: kind, ...before });
      const step = tell(shift, [asked, AT]);
      if (after === asBefore) {
        expect(step).toEqual({ shift, effects: [], facts: [] });
        return;
      }
      const { pauseAsked, pauseAskedBy, pauseUntilReleased, activity } = step.shift;
      expect({ pauseAsked, pauseAskedBy, pauseUntilReleased }).toEqual(after);
      expect(activity).toBe(shift.activity);
      const by = 'by' in asked ? { by: 'supervisor' } : {};
      const reason = 'reason' in asked ? asked.reason : '';
      expect(step.facts).toEqual([{ kind: 'pause-asked', reason, ...by }]);
    });
  }

  it.each<[string, Asked, Partial<Paused>]>([
    ['the agent’s own rest', own('rest'), { reason: 'rest' }],
    ['the agent’s own training', own('training'), { reason: 'training' }],
    ['a supervisor’s rest', timed('rest'), { by: 'supervisor', keptUntil: LATER + REST }],
    ['a supervisor’s meal', timed('meal'), { by: 'supervisor', keptUntil: LATER + MEAL }],
    ['a supervisor’s pause', endless('by-supervisor'), { by: 'supervisor' }],
    ['a supervisor’s pause, in which the agent eats', endless('meal'), { by: 'supervisor' }],
    [
      'a supervisor’s rest, in place of which the agent has a training, for as long as a rest',
      timed('training'),
      { by: 'supervisor', keptUntil: LATER + REST },
    ],
    [
      'a supervisor’s rest, in place of which the agent goes to the restroom, for as long as a rest',
      timed('restroom'),
      { by: 'supervisor', keptUntil: LATER + REST },
    ],
  ])('begins when the call goes to nobody: %s', (_name, asked, expected) => {
    const { shift } = tell(aShift({ activity: 'reserved', ...asked }), [RELEASED, LATER]);
    const reason = asked.pauseAsked;
    expect(shift.activity).toEqual({ kind: 'paused', since: LATER, reason, ...expected });
    for (const field of ['pauseAsked', 'pauseAskedBy', 'pauseUntilReleased']) {
      expect(shift).not.toHaveProperty(field);
    }
  });

  it('begins at once in a wrap-up that is only notes, and remains a supervisor’s who asked before', () => {
    const notes = { disposed: true, extended: false, until: AT + 30_000 } as const;
    const activity: Activity = { kind: 'wrapping-up', since: AT, callId: 'call_1', ...notes };
    const begins = (before: Asked) =>
      tell(aShift({ activity, ...before }), [pause('restroom'), LATER]).shift.activity;
    const restroom = { kind: 'paused', since: LATER, reason: 'restroom' };
    expect(begins({})).toEqual(restroom);
    expect(begins(own('meal'))).toEqual(restroom);
    expect(begins(timed('rest'))).toEqual({
      ...{ ...restroom, by: 'supervisor', keptUntil: LATER + REST },
    });
    expect(begins(endless('by-supervisor'))).toEqual({ ...restroom, by: 'supervisor' });
  });

  it('still begins when the disposition never comes, and keeps the agent for as long', () => {
    const due = PLACED_AT + 30_000;
    const late = (asked: Asked) =>
      tell(aShift({ activity: 'undisposed', ...asked }), [timer('disposition'), due]).shift
        .activity;
    const paused = { kind: 'paused', since: due, undisposedCallId: 'call_1' };
    expect(late({})).toEqual({ ...paused, reason: 'disposition-missing' });
    expect(late(own('rest'))).toEqual({ ...paused, reason: 'rest' });
    expect(late(timed('rest'))).toMatchObject({ by: 'supervisor', keptUntil: due + REST });
    expect(late(endless('by-supervisor'))).toEqual({
      ...{ ...paused, reason: 'by-supervisor', by: 'supervisor' },
    });
  });
});

describe('the end of a supervisor’s pause', () => {
  const isKeptAt = (activity: Paused, at: number) =>
    tell(aShift({ activity }), [GO, at]).shift.activity.kind === 'paused';

  it.each<[string, Paused, number, boolean]>([
    ['a rest, a moment before its end', aPause('rest', REST), AT + REST - 1, true],
    ['a rest, at its end', aPause('rest', REST), AT + REST, false],
    ['a pause without an end, a day later', aPause('rest', 'released'), AT + 86_400_000, true],
    ['the agent’s own rest, at once', aPause('rest'), AT + 1, false],
  ])('keeps the agent or not: %s', (_name, activity, at, isKept) => {
    expect(isKeptAt(activity, at)).toBe(isKept);
  });

  it('by a release leaves the agent paused, no longer kept, and what is missing still missing', () => {
    for (const kept of ['released', REST] as const) {
      const activity: Paused = { ...aPause('rest', kept), undisposedCallId: 'call_1' };
      const step = tell(aShift({ activity }), [
        { kind: 'take-pause-back', by: 'supervisor' },
        LATER,
      ]);
      expect(step.shift.activity).toEqual({ ...aPause('rest'), undisposedCallId: 'call_1' });
      expect(step.facts).toEqual([{ kind: 'pause-taken-back', by: 'supervisor' }]);
    }
  });

  it('is not brought about by the agent, and there is none of a pause of their own', () => {
    const kept = aShift({ activity: aPause('rest', 'released') });
    expect(tell(kept, [{ kind: 'take-pause-back' }, LATER]).shift).toBe(kept);
    const own = aShift({ activity: aPause('rest') });
    expect(tell(own, [{ kind: 'take-pause-back', by: 'supervisor' }, LATER]).shift).toBe(own);
  });
});

describe('a call that is given back to an agent who is paused', () => {
  const back = (activity: Activity, at = LATER) => tell(aShift({ activity }), [GIVEN_BACK, at]);

  it('is not given during a break', () => {
    for (const reason of BREAKS) {
      const before = aShift({ activity: aPause(reason) });
      expect(tell(before, [GIVEN_BACK, LATER]).shift).toBe(before);
    }
  });

  it('ends a pause only where the missing disposition was its reason', () => {
    expect(back(aPause('disposition-missing')).shift).not.toHaveProperty('pauseAsked');
    for (const reason of CHOSEN_PAUSES.filter((one) => !BREAKS.includes(one))) {
      const { shift } = back(aPause(reason));
      expect(shift.activity).toMatchObject({ kind: 'undisposed', until: LATER + 120_000 });
      expect(shift.pauseAsked).toBe(reason);
      expect(shift).not.toHaveProperty('pauseAskedBy');
    }
  });

  it('leaves a supervisor’s pause theirs, with an end or without one', () => {
    const theirs = { pauseAsked: 'by-supervisor', pauseAskedBy: 'supervisor' } as const;
    const endless = back(aPause('by-supervisor', 'released')).shift;
    expect(endless).toMatchObject({ ...theirs, pauseUntilReleased: true });
    const timed = back(aPause('training', REST)).shift;
    expect(timed).toMatchObject({ ...theirs, pauseAsked: 'training' });
    expect(timed).not.toHaveProperty('pauseUntilReleased');
    const kept = back(aPause('disposition-missing', 'released')).shift;
    expect(kept).toMatchObject({ pauseAsked: 'disposition-missing', pauseUntilReleased: true });
  });

  it('does not renew a supervisor’s pause whose time was over', () => {
    const { shift } = back(aPause('training', REST), AT + REST);
    expect(shift.pauseAsked).toBe('training');
    expect(shift).not.toHaveProperty('pauseAskedBy');
    expect(back(aPause('disposition-missing', REST), AT + REST).shift).not.toHaveProperty(
      'pauseAsked',
    );
  });

  it('is nothing to an agent who prepares, works or has gone', () => {
    for (const activity of ['preparing', 'reserved', 'talking', 'wrapping-up', 'ended'] as const) {
      const before = aShift({ activity });
      expect(tell(before, [GIVEN_BACK, LATER]).shift).toBe(before);
    }
  });
});

it('a call that ends while a pause is asked for is disposed first', () => {
  const asked = tell(aShift({ activity: 'talking' }), [pause('rest'), AT], [OVER, LATER]).shift;
  expect(asked).toMatchObject({ activity: { kind: 'wrapping-up' }, pauseAsked: 'rest' });
});
