import { describe, expect, it } from 'vitest';
import {
  ABSENCE_MAX_MS,
  type Activity,
  callOf,
  cardOf,
  hasCallInHand,
  mayBeGivenBack,
  type ShiftEnd,
  type ShiftSignal,
  signOutAskedBy,
} from '../../../src/domain/agents/agent-shift.ts';
import { BREAKS, PAUSE_MAX_MS, type PauseReason } from '../../../src/domain/agents/pauses.ts';
import { aShift, PLACED_AT } from '../../support/builders.ts';
import { AT, disposed, OVER, RELEASED, SIGN_OUT, tell, timer } from './tell-shift.ts';

const MISSING = { kind: 'disposition-missing', callId: 'call_1' } as const;
const NOTES: Activity = {
  ...{ kind: 'wrapping-up', since: AT, callId: 'call_1', until: AT + 60_000 },
  ...{ disposed: true, extended: false },
};
const signOut = (because: ShiftEnd): ShiftSignal => ({ kind: 'sign-out', because });

/** What the end of a shift does in each activity, asked for and at once. */
type Ending = 'ends' | 'waits' | 'ends, disposition missing' | 'same';
const ENDINGS: readonly (readonly [Activity | Activity['kind'], asked: Ending, atOnce: Ending])[] =
  [
    ['preparing', 'ends', 'ends'],
    ['available', 'ends', 'ends'],
    ['paused', 'ends', 'ends'],
    ['reserved', 'waits', 'ends'],
    ['talking', 'waits', 'ends'],
    ['wrapping-up', 'waits', 'ends, disposition missing'],
    [NOTES, 'ends', 'ends'],
    ['undisposed', 'waits', 'ends, disposition missing'],
    ['ended', 'same', 'same'],
  ];

function endingOf(activity: Activity | Activity['kind'], because: ShiftEnd): Ending {
  const before = aShift({ activity });
  const { shift, effects, facts } = tell(before, [signOut(because), AT + 1]);
  if (shift === before) return 'same';
  if (shift.activity.kind !== 'ended') {
    expect(effects).toEqual([]);
    expect(facts).toEqual([{ kind: 'sign-out-asked', because }]);
    return 'waits';
  }
  expect(shift.activity).toEqual({ kind: 'ended', at: AT + 1, because });
  expect(effects.at(-1)).toEqual({ kind: 'shift-over' });
  expect(facts).toMatchObject([{ kind: 'activity-changed', to: 'ended', reason: because }]);
  return effects.some((effect) => effect.kind === MISSING.kind)
    ? 'ends, disposition missing'
    : 'ends';
}

describe('the end of a shift', () => {
  it.each(ENDINGS)(
    'asked for, or at once, finds the agent at %j: %s, %s',
    (activity, asked, atOnce) => {
      expect(endingOf(activity, 'signed-out')).toBe(asked);
      expect(endingOf(activity, 'signed-out-by-supervisor')).toBe(asked);
      expect(endingOf(activity, 'absent')).toBe(atOnce);
      expect(endingOf(activity, 'disabled')).toBe(atOnce);
    },
  );

  it.each<[ShiftEnd, ShiftEnd, string]>([
    ['signed-out', 'signed-out', 'same'],
    ['signed-out', 'signed-out-by-supervisor', 'signed-out-by-supervisor'],
    ['signed-out-by-supervisor', 'signed-out-by-supervisor', 'same'],
    ['signed-out-by-supervisor', 'signed-out', 'same'],
  ])('asked for as %s and then as %s: %s', (first, second, then) => {
    const asked = tell(aShift({ activity: 'talking' }), [signOut(first), AT]).shift;
    const after = tell(asked, [signOut(second), AT + 1]).shift;
    expect(after === asked ? 'same' : after.signOutAsked).toBe(then);
  });

  it('says who asked for it: the agent is nobody else', () => {
    expect(signOutAskedBy(aShift())).toBeUndefined();
    expect(signOutAskedBy(aShift({ signOutAsked: 'signed-out' }))).toBeUndefined();
    const theirs = aShift({ signOutAsked: 'signed-out-by-supervisor' });
    expect(signOutAskedBy(theirs)).toBe('supervisor');
  });

  it('that waits is brought by whatever ends the call in hand, and no time for notes is given', () => {
    const asked = { signOutAsked: 'signed-out' } as const;
    const reserved = aShift({ activity: 'reserved', ...asked });
    const talking = aShift({ activity: 'talking', ...asked });
    const undisposed = aShift({ activity: 'undisposed', ...asked });
    const { dispositionWaitMs: _none, ...notRequired } = OVER;
    const ends = [
      tell(reserved, [RELEASED, AT]),
      tell(reserved, [OVER, AT]),
      tell(talking, [disposed(45_000), AT], [OVER, AT + 1]),
      tell(talking, [OVER, AT], [disposed(45_000), AT + 1]),
      tell(talking, [notRequired, AT], [timer('wrap-up'), AT + 60_000]),
      tell(undisposed, [disposed(45_000), AT]),
      tell(undisposed, [timer('disposition'), PLACED_AT + 30_000]),
    ];
    for (const { shift, effects } of ends) {
      expect(shift.activity).toMatchObject({ kind: 'ended', because: 'signed-out' });
      expect(shift).not.toHaveProperty('signOutAsked');
      expect(effects).toContainEqual({ kind: 'shift-over' });
    }
    const lacking = ends.map(({ effects }) => effects[0]?.kind === MISSING.kind);
    expect(lacking).toEqual([false, false, false, false, true, false, true]);
  });

  it('goes before a pause that was asked for too', () => {
    const both = aShift({ activity: 'reserved', signOutAsked: 'signed-out', pauseAsked: 'rest' });
    expect(tell(both, [RELEASED, AT]).shift.activity.kind).toBe('ended');
  });

  it('clears the timer of what the agent did last', () => {
    const cleared = (activity: Activity | Activity['kind']) =>
      tell(aShift({ activity }), [signOut('disabled'), AT]).effects.flatMap((effect) =>
        effect.kind === 'clear-timer' ? effect.timer : [],
      );
    expect(cleared('available')).toEqual(['absence']);
    expect(cleared('wrapping-up')).toEqual(['wrap-up', 'absence']);
    expect(cleared('undisposed')).toEqual(['disposition', 'absence']);
    const resting: Activity = { kind: 'available', since: AT, freeAt: AT + 9 };
    expect(cleared(resting)).toEqual(['free', 'absence']);
  });

  it('by absence is a quarter of an hour without a screen, not a millisecond less', () => {
    const gone = aShift({ screen: { connected: false, since: AT } });
    const absence = timer('absence');
    expect(tell(gone, [absence, AT + ABSENCE_MAX_MS - 1]).shift).toBe(gone);
    expect(tell(gone, [absence, AT + ABSENCE_MAX_MS]).shift.activity.kind).toBe('ended');
    const seen = aShift();
    expect(tell(seen, [absence, AT + ABSENCE_MAX_MS * 9]).shift).toBe(seen);
  });

  it('lasts for what the last activity lasted, and never less than nothing', () => {
    const lasted = (at: number) => tell(aShift(), [SIGN_OUT, at]).facts;
    expect(lasted(PLACED_AT + 1_234)).toMatchObject([{ from: 'available', lastedMs: 1_234 }]);
    expect(lasted(PLACED_AT - 1_234)).toMatchObject([{ lastedMs: 0 }]);
  });
});

describe('the call of an agent', () => {
  type InHand = readonly [
    Activity | Activity['kind'],
    call: boolean,
    card: boolean,
    inHand: boolean,
  ];
  const EACH: readonly InHand[] = [
    ['preparing', false, false, false],
    ['available', false, false, false],
    ['reserved', true, true, true],
    ['talking', true, true, true],
    ['wrapping-up', true, true, true],
    [NOTES, true, true, false],
    // The debtor has left the screen: all that is asked for is what came of the call.
    ['undisposed', true, false, true],
    ['paused', false, false, false],
    ['ended', false, false, false],
  ];

  it.each(EACH)('at %j: known %s, on the screen %s, in hand %s', (activity, call, card, inHand) => {
    const shift = aShift({ activity });
    expect(callOf(shift)).toBe(call ? 'call_1' : undefined);
    expect(cardOf(shift)).toBe(card ? 'call_1' : undefined);
    expect(hasCallInHand(shift)).toBe(inHand);
  });
});

describe('whether a call may be given back to an agent', () => {
  it.each(Object.keys(PAUSE_MAX_MS) as PauseReason[])('who is paused for %s', (reason) => {
    const shift = aShift({ activity: { kind: 'paused', since: AT, reason } });
    expect(mayBeGivenBack(shift)).toBe(!BREAKS.includes(reason));
  });

  it.each([
    ['available', true],
    ['preparing', false],
    ['reserved', false],
    ['talking', false],
    ['wrapping-up', false],
    ['undisposed', false],
    ['ended', false],
  ] as const)('who is %s: %s', (activity, may) => {
    expect(mayBeGivenBack(aShift({ activity }))).toBe(may);
  });
});
