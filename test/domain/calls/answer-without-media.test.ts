import { describe, expect, it } from 'vitest';
import type { CallSignal } from '../../../src/domain/calls/call.ts';
import { ANSWERED_AT, aCall, RANG_AT } from '../../support/builders.ts';
import { GIVEN_TO_ANA, of, tell, WITH_ANA } from './tell-call.ts';

describe('an answer that carried no media', () => {
  const END: CallSignal = { kind: 'leg-ended', cause: 127, techCause: 406 };
  const answered = tell(aCall(), [{ kind: 'leg-answered' }, ANSWERED_AT]).call;

  it.each([
    ['a person who waits', answered],
    ['one who is being put through', tell(answered, [GIVEN_TO_ANA, ANSWERED_AT]).call],
    [
      'one who is in the bridge',
      tell(answered, [GIVEN_TO_ANA, ANSWERED_AT], [WITH_ANA, ANSWERED_AT + 2]).call,
    ],
  ])('is withdrawn from %s: nobody was there, nobody is charged or counted', (_who, call) => {
    const { call: over, facts } = tell(call, [END, ANSWERED_AT + 3]);
    expect(of(facts, 'call-ended')).toMatchObject([
      {
        outcome: 'media-failed',
        hungUpBy: 'network',
        counts: false,
        talkMs: 0,
        answerWithdrawn: 'told',
      },
    ]);
    expect(of(facts, 'call-hung-up-waiting')).toEqual([]);
    expect(over).not.toHaveProperty('answeredAt');
    expect(over).not.toHaveProperty('connectedAt');
    expect(over).not.toHaveProperty('abandonment');
  });

  it('was an answer where a 183 had brought the media before, and a second later', () => {
    const early = tell(
      aCall(),
      [{ kind: 'leg-early-media' }, RANG_AT],
      [{ kind: 'leg-answered' }, ANSWERED_AT],
    );
    expect(tell(early.call, [END, ANSWERED_AT + 3]).call.state).toMatchObject({
      outcome: 'person',
    });
    expect(tell(answered, [END, ANSWERED_AT + 1_500]).call.state).toMatchObject({
      outcome: 'person',
    });
  });

  it.each([
    [1_000, 'media-failed'],
    [1_001, 'person'],
  ])('is withdrawn by an end %i ms after it at the latest: %s', (afterMs, outcome) => {
    expect(tell(answered, [END, ANSWERED_AT + afterMs]).call.state).toMatchObject({ outcome });
  });

  it('was told to nobody where screening still listened, and no screening is over', () => {
    const screening = aCall({ state: 'screening' });
    const { facts } = tell(screening, [END, ANSWERED_AT + 3]);
    expect(facts).toMatchObject([{ kind: 'call-ended', answerWithdrawn: 'untold' }]);
    expect(facts).toHaveLength(1);
  });

  it('leaves no greeting and no abandonment behind', () => {
    const left = aCall({ state: 'announcing', greetingEndedAt: ANSWERED_AT + 1 });
    const { call } = tell(left, [END, ANSWERED_AT + 9]);
    expect(call).not.toHaveProperty('greetingEndedAt');
    expect(call).not.toHaveProperty('abandonment');
  });

  it.each([0, 16])('has nothing in common with a call that ends with cause %i', (cause) => {
    const { call } = tell(answered, [{ kind: 'leg-ended', cause }, ANSWERED_AT + 3]);
    expect(call).toMatchObject({
      answeredAt: ANSWERED_AT,
      state: { outcome: 'person', hungUpBy: 'debtor' },
    });
  });
});
