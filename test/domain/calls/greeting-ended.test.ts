import { describe, expect, it } from 'vitest';
import type { Call, CallSignal } from '../../../src/domain/calls/call.ts';
import { MESSAGE_LEAD_MS } from '../../../src/domain/calls/standing.ts';
import { stepCall } from '../../../src/domain/calls/step-call.ts';
import type { EpochMs } from '../../../src/lib/time.ts';
import { ANSWERED_AT, aCall, BRIDGE_OF_ANA } from '../../support/builders.ts';
import { GIVEN_TO_ANA, GONE, LIMIT_AT, tell, WITH_ANA } from './tell-call.ts';

describe('a person who waits', () => {
  it('has the limit from the end of the greeting where the profile counts from there', () => {
    const greeted = tell(
      aCall({ state: 'waiting', clockStart: 'greeting-ended' }),
      [{ kind: 'greeting-ended', silentMs: 0 }, LIMIT_AT - 500],
      [{ kind: 'greeting-ended', silentMs: 0 }, LIMIT_AT - 100],
    );
    expect(greeted.facts).toEqual([{ kind: 'call-greeting-ended', greetingMs: 1_500 }]);
    const limitAt = LIMIT_AT + 1_500;
    const given = [GIVEN_TO_ANA, limitAt - 10] as const;
    expect(tell(greeted.call, given, [WITH_ANA, limitAt]).call.abandonment).toBeUndefined();
    expect(tell(greeted.call, given, [WITH_ANA, limitAt + 1]).call.abandonment).toBe('late');
    expect(tell(greeted.call, [GONE, limitAt - 1]).call.abandonment).toBe('hung-up-waiting');
    expect(tell(greeted.call, [GONE, limitAt]).call.abandonment).toBe('limit');
  });

  it('sets the timer of the limit anew when the greeting ends, and no other time', () => {
    const ended: CallSignal = { kind: 'greeting-ended', silentMs: 0 };
    const counted = aCall({ state: 'waiting', clockStart: 'greeting-ended' });
    expect(stepCall(counted, ended, ANSWERED_AT + 700).effects).toEqual([
      { kind: 'set-timer', timer: 'deadline', at: LIMIT_AT + 700 - MESSAGE_LEAD_MS },
    ]);
    expect(stepCall(counted, ended, LIMIT_AT).call).toBe(counted);
    for (const clockStart of ['answered', undefined] as const) {
      const other = aCall({ state: 'waiting', ...(clockStart ? { clockStart } : {}) });
      expect(stepCall(other, ended, ANSWERED_AT + 700).call).toBe(other);
    }
  });

  it('has the limit from before the silence that told that the greeting was over', () => {
    const call = aCall({ state: 'waiting', clockStart: 'greeting-ended' });
    const heard = (silentMs: number, at: EpochMs) =>
      stepCall(call, { kind: 'greeting-ended', silentMs }, at).call.greetingEndedAt;
    expect(heard(500, ANSWERED_AT + 1_400)).toBe(ANSWERED_AT + 900);
    expect(heard(500, ANSWERED_AT + 300)).toBe(ANSWERED_AT);
  });

  it('is told, where the profile counts from there and nothing listens, to be counted from the answer', () => {
    const answer = (given: Partial<Call>) =>
      stepCall(aCall({ state: 'ringing', ...given }), { kind: 'leg-answered' }, ANSWERED_AT).facts;
    const listens = { screening: { mode: 'parallel', sampled: false } } as const;
    const unheard = { kind: 'call-answered', isGreetingUnheard: true };
    expect(answer({ clockStart: 'greeting-ended' })).toMatchObject([unheard]);
    expect(answer({ clockStart: 'greeting-ended', ...listens })[0]).not.toMatchObject(unheard);
    expect(answer({ clockStart: 'answered' })[0]).not.toMatchObject(unheard);
  });

  it('is counted from the answer where the end of the greeting is never heard', () => {
    const call = aCall({ state: 'waiting', clockStart: 'greeting-ended' });
    expect(tell(call, [GONE, LIMIT_AT]).call.abandonment).toBe('limit');
  });

  it('is sought an agent for no longer once the message is about to begin', () => {
    const failed: CallSignal = { kind: 'leg-bridge-failed', bridgeId: BRIDGE_OF_ANA };
    const given = [GIVEN_TO_ANA, ANSWERED_AT + 1_000] as const;
    const before = LIMIT_AT - MESSAGE_LEAD_MS;
    const call = aCall({ state: 'waiting' });
    expect(tell(call, given, [failed, before - 1]).call.state.kind).toBe('waiting');
    expect(tell(call, given, [failed, before]).call).toMatchObject({
      state: { kind: 'announcing' },
      abandonment: 'limit',
    });
  });
});
