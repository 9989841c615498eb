import { describe, expect, it } from 'vitest';
import type { Call, CallFact, CallSignal } from '../../../src/domain/calls/call.ts';
import { stepCall } from '../../../src/domain/calls/step-call.ts';
import type { EpochMs } from '../../../src/lib/time.ts';
import { ANA, ANSWERED_AT, aCall, BRIDGE_OF_ANA, RANG_AT } from '../../support/builders.ts';

const GIVEN_TO_ANA: CallSignal = {
  kind: 'agent-assigned',
  agentId: ANA,
  bridgeId: BRIDGE_OF_ANA,
};
const WITH_ANA: CallSignal = { kind: 'leg-bridged', bridgeId: BRIDGE_OF_ANA };

function tell(before: Call, ...signals: readonly (readonly [CallSignal, EpochMs])[]) {
  let call = before;
  const facts: CallFact[] = [];
  for (const [signal, now] of signals) {
    const step = stepCall(call, signal, now);
    facts.push(...step.facts);
    call = step.call;
  }
  return { call, facts };
}

function of<Kind extends CallFact['kind']>(facts: readonly CallFact[], kind: Kind) {
  return facts.filter((fact): fact is Extract<CallFact, { kind: Kind }> => fact.kind === kind);
}

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

  it.each([0, 16])('has nothing in common with a call that ends with cause %i', (cause) => {
    const { call } = tell(answered, [{ kind: 'leg-ended', cause }, ANSWERED_AT + 3]);
    expect(call).toMatchObject({
      answeredAt: ANSWERED_AT,
      state: { outcome: 'person', hungUpBy: 'debtor' },
    });
  });
});
