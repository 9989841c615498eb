import { describe, expect, it } from 'vitest';
import {
  type AgentShift,
  beginShift,
  isFree,
  type ShiftSignal,
  stepShift,
} from '../../../src/domain/agents/agent-shift.ts';
import type { CallId } from '../../../src/lib/ids.ts';
import { ANA } from '../../support/builders.ts';
import { GO, pause, pauseBySupervisor, SIGN_OUT, timer } from './tell-shift.ts';

/** The time in Brasília on the day of the story. */
const at = (time: string): number => Date.parse(`2026-11-23T${time}-03:00`);

/** What is heard at a time; what the agent does then; whether a call may be given to them. */
type Line = readonly [time: string, signal: ShiftSignal, does: string, isFree?: 'free'];

const reserved = (callId: CallId): ShiftSignal => ({ kind: 'reserved', callId });
const released = (callId: CallId): ShiftSignal => ({ kind: 'released', callId });
const connected = (callId: CallId): ShiftSignal => ({ kind: 'connected', callId });
const over = (callId: CallId): ShiftSignal => ({
  ...{ kind: 'call-over', callId, wrapUpMaxMs: 60_000 },
  ...{ restMs: 5_000, dispositionWaitMs: 120_000 },
});
const disposed = (callId: CallId, wrapUpMs: number): ShiftSignal => ({
  ...{ kind: 'disposed', callId, wrapUpMs },
});

function inWords({ activity }: AgentShift): string {
  switch (activity.kind) {
    case 'paused':
      return `paused ${activity.reason}${activity.by ? ' by supervisor' : ''}`;
    case 'ended':
      return `ended ${activity.because}`;
    case 'wrapping-up':
      return activity.disposed ? 'wrapping-up notes' : 'wrapping-up';
    case 'available':
      return activity.freeAt === undefined ? 'available' : 'available resting';
    default:
      return activity.kind;
  }
}

function playDay(lines: readonly Line[], begun: string): AgentShift {
  let shift = beginShift('shift_1', ANA, at(begun));
  for (const [time, signal, does, free] of lines) {
    shift = stepShift(shift, signal, at(time)).shift;
    const what = `${time} ${JSON.stringify(signal)}`;
    expect(inWords(shift), what).toBe(does);
    expect(isFree(shift), what).toBe(free === 'free');
  }
  return shift;
}

describe('a day of an agent', () => {
  it('of calls, a meal and a rest that a supervisor planned', () => {
    const shift = playDay(
      [
        ['08:00:20', GO, 'preparing'],
        ['08:00:30', { kind: 'headset-pinned' }, 'preparing'],
        ['08:00:40', GO, 'available', 'free'],
        ['08:02:00', reserved('call_1'), 'reserved'],
        ['08:02:01', connected('call_1'), 'talking'],
        ['08:04:00', over('call_1'), 'wrapping-up'],
        ['08:04:10', disposed('call_1', 30_000), 'wrapping-up notes'],
        ['08:04:30', timer('wrap-up'), 'available resting'],
        ['08:04:35', timer('free'), 'available', 'free'],
        ['08:10:00', reserved('call_2'), 'reserved'],
        ['08:10:01', released('call_2'), 'available', 'free'],
        [
          '09:00:00',
          { kind: 'plan-rest', at: at('09:30:00'), by: 'supervisor' },
          'available',
          'free',
        ],
        ['09:29:58', reserved('call_3'), 'reserved'],
        ['09:29:59', connected('call_3'), 'talking'],
        ['09:30:00', timer('rest'), 'talking'],
        ['09:33:00', disposed('call_3', 0), 'talking'],
        ['09:34:00', over('call_3'), 'paused rest by supervisor'],
        ['09:40:00', GO, 'paused rest by supervisor'],
        ['09:44:00', GO, 'available', 'free'],
        ['12:00:00', pause('meal'), 'paused meal'],
        ['12:20:00', GO, 'available', 'free'],
        ['14:20:00', SIGN_OUT, 'ended signed-out'],
        ['14:20:01', GO, 'ended signed-out'],
      ],
      '08:00:00',
    );
    for (const field of ['restsAt', 'restAskedBy', 'pauseAsked', 'signOutAsked']) {
      expect(shift).not.toHaveProperty(field);
    }
  });

  it('with a bad network: the place is kept, and calls come only to who is seen and heard', () => {
    playDay(
      [
        ['08:00:30', { kind: 'headset-pinned' }, 'preparing'],
        ['08:00:40', GO, 'available', 'free'],
        ['08:01:00', { kind: 'headset-lost' }, 'available'],
        ['08:01:10', { kind: 'screen-lost' }, 'available'],
        ['08:01:20', { kind: 'headset-pinned' }, 'available'],
        ['08:01:30', { kind: 'screen-connected' }, 'available', 'free'],
        ['08:02:00', reserved('call_1'), 'reserved'],
        ['08:02:01', connected('call_1'), 'talking'],
        ['08:03:00', { kind: 'screen-lost' }, 'talking'],
        ['08:03:30', { kind: 'screen-connected' }, 'talking'],
        ['08:04:00', over('call_1'), 'wrapping-up'],
        ['08:04:10', { kind: 'headset-lost' }, 'wrapping-up'],
        ['08:04:20', disposed('call_1', 0), 'available resting'],
        ['08:04:25', timer('free'), 'available'],
        ['08:05:00', { kind: 'headset-pinned' }, 'available', 'free'],
        ['08:06:00', { kind: 'screen-lost' }, 'available'],
        ['08:20:59', timer('absence'), 'available'],
        ['08:21:00', timer('absence'), 'ended absent'],
      ],
      '08:00:00',
    );
  });

  it('on which a disposition is missed, given to the supervisor, and given back', () => {
    playDay(
      [
        ['08:00:30', { kind: 'headset-pinned' }, 'preparing'],
        ['08:00:40', GO, 'available', 'free'],
        ['08:02:00', reserved('call_1'), 'reserved'],
        ['08:02:01', connected('call_1'), 'talking'],
        ['08:04:00', over('call_1'), 'wrapping-up'],
        ['08:04:50', { kind: 'extend-wrap-up', byMs: 30_000 }, 'wrapping-up'],
        ['08:05:00', timer('wrap-up'), 'wrapping-up'],
        ['08:05:30', timer('wrap-up'), 'undisposed'],
        ['08:06:00', GO, 'undisposed'],
        ['08:07:29', timer('disposition'), 'undisposed'],
        ['08:07:30', timer('disposition'), 'paused disposition-missing'],
        ['08:09:00', GO, 'available', 'free'],
        [
          '08:30:00',
          { kind: 'given-back', callId: 'call_1', dispositionWaitMs: 120_000 },
          'undisposed',
        ],
        ['08:31:00', reserved('call_2'), 'undisposed'],
        ['08:31:30', disposed('call_1', 30_000), 'available', 'free'],
      ],
      '08:00:00',
    );
  });

  it('on which a supervisor corrects what the agent left: nobody knows whether they are there', () => {
    playDay(
      [
        ['08:00:30', { kind: 'headset-pinned' }, 'preparing'],
        ['08:00:40', GO, 'available', 'free'],
        ['08:02:00', reserved('call_1'), 'reserved'],
        ['08:02:01', connected('call_1'), 'talking'],
        ['08:04:00', over('call_1'), 'wrapping-up'],
        ['08:05:00', timer('wrap-up'), 'undisposed'],
        ['08:07:00', timer('disposition'), 'paused disposition-missing'],
        ['08:08:00', { kind: 'corrected', callId: 'call_2' }, 'paused disposition-missing'],
        ['08:08:01', { kind: 'corrected', callId: 'call_1' }, 'paused by-supervisor'],
        ['08:15:00', GO, 'available', 'free'],
      ],
      '08:00:00',
    );
  });

  it('that a supervisor interrupts in a call and ends', () => {
    playDay(
      [
        ['08:00:30', { kind: 'headset-pinned' }, 'preparing'],
        ['08:00:40', GO, 'available', 'free'],
        ['08:02:00', reserved('call_1'), 'reserved'],
        ['08:02:01', connected('call_1'), 'talking'],
        ['08:02:30', pauseBySupervisor(), 'talking'],
        ['08:02:40', { kind: 'take-pause-back' }, 'talking'],
        ['08:04:00', over('call_1'), 'wrapping-up'],
        ['08:04:10', disposed('call_1', 30_000), 'wrapping-up notes'],
        ['08:04:12', GO, 'paused by-supervisor by supervisor'],
        ['08:04:20', GO, 'paused by-supervisor by supervisor'],
        ['08:05:00', { kind: 'take-pause-back', by: 'supervisor' }, 'paused by-supervisor'],
        ['08:05:10', GO, 'available', 'free'],
        ['08:06:00', reserved('call_2'), 'reserved'],
        ['08:06:01', connected('call_2'), 'talking'],
        ['08:06:30', { kind: 'sign-out', because: 'signed-out-by-supervisor' }, 'talking'],
        ['08:06:40', { kind: 'take-sign-out-back' }, 'talking'],
        ['08:08:00', over('call_2'), 'wrapping-up'],
        ['08:08:10', disposed('call_2', 30_000), 'ended signed-out-by-supervisor'],
      ],
      '08:00:00',
    );
  });
});
