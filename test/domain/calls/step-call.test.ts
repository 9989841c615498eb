import { describe, expect, it } from 'vitest';
import type { CallSignal } from '../../../src/domain/calls/call.ts';
import { beginCall, stepCall } from '../../../src/domain/calls/step-call.ts';
import {
  ANA,
  ANSWERED_AT,
  ASSIGNED_AT,
  aCall,
  anOrder,
  BIA,
  BRIDGE_OF_ANA,
  BRIDGE_OF_BIA,
  CONNECTED_AT,
  PLACED_AT,
  RANG_AT,
} from '../../support/builders.ts';
import {
  ANA_BACK,
  ANA_LOST,
  GIVEN_TO_ANA,
  GIVEN_TO_BIA,
  GONE,
  LIMIT_AT,
  of,
  tell,
  timer,
  WITH_ANA,
  WITH_BIA,
} from './tell-call.ts';

describe('a call that is placed', () => {
  it('begins with our own ring time-out running', () => {
    const { call, effects, facts } = beginCall(anOrder());
    expect(call).toMatchObject({ state: { kind: 'placing' }, rang: false, version: 1 });
    expect(effects).toEqual([{ kind: 'set-timer', timer: 'ring', at: PLACED_AT + 30_000 }]);
    expect(facts).toEqual([]);
  });

  it('is answered without ever having been seen ringing, and has rung all the same', () => {
    const { call, facts } = tell(aCall(), [{ kind: 'leg-answered' }, ANSWERED_AT]);
    expect(call).toMatchObject({ rang: true, answeredAt: ANSWERED_AT });
    expect(facts).toEqual([{ kind: 'call-answered', ringMs: 9_000 }]);
  });

  it('does not ring again after the answer', () => {
    const waiting = aCall({ state: 'waiting' });
    expect(tell(waiting, [{ kind: 'leg-ringing' }, ANSWERED_AT + 1]).call).toBe(waiting);
  });

  it('gives its place in the caps back when the PBX refused it', () => {
    const refused = tell(aCall(), [{ kind: 'leg-refused', reason: 'permit-expired' }, RANG_AT]);
    expect(of(refused.facts, 'call-ended')).toEqual([
      {
        kind: 'call-ended',
        outcome: 'cancelled',
        hungUpBy: 'us',
        talkMs: 0,
        lastedMs: RANG_AT - PLACED_AT,
        counts: false,
        because: 'permit-expired',
      },
    ]);
  });

  it('is lost and counts for no cap when it is known that it never left', () => {
    const timedOut = tell(aCall(), [timer('ring'), PLACED_AT + 30_000]).call;
    for (const call of [aCall(), timedOut]) {
      const { facts } = tell(call, [{ kind: 'leg-refused', reason: 'never-left' }, ANSWERED_AT]);
      expect(of(facts, 'call-ended')).toMatchObject([
        { outcome: 'lost', hungUpBy: 'us', counts: false, because: 'never-left' },
      ]);
    }
  });

  it('is not ended by a refusal that comes once the telephone rang', () => {
    const talking = aCall({ state: 'talking' });
    const refusal: CallSignal = { kind: 'leg-refused', reason: 'refused-by-pbx' };
    expect(tell(talking, [refusal, CONNECTED_AT + 9_000]).call).toBe(talking);
  });

  it('counts against the caps when nobody knows what became of it', () => {
    const { facts } = tell(aCall(), [{ kind: 'leg-lost' }, RANG_AT]);
    expect(of(facts, 'call-ended')).toMatchObject([{ outcome: 'lost', counts: true }]);
  });

  it('keeps the codes it ended with', () => {
    const end: CallSignal = { kind: 'leg-ended', cause: 1, techCause: 404 };
    const { call, facts } = tell(aCall(), [end, RANG_AT]);
    expect(call.state).toMatchObject({ kind: 'ended', at: RANG_AT, outcome: 'invalid-number' });
    expect(of(facts, 'call-ended')).toMatchObject([{ cause: 1, techCause: 404, counts: false }]);
  });
});

describe('our ring time-out', () => {
  const rungOut = PLACED_AT + 30_000;

  it('hangs up once, and the attempt is nobody at home whatever code comes back', () => {
    const { call, facts, last } = tell(
      aCall({ state: 'ringing' }),
      [timer('ring'), rungOut],
      [timer('ring'), rungOut + 1],
      [{ kind: 'leg-ended', cause: 127 }, rungOut + 40],
    );
    expect(of(facts, 'call-ended')).toMatchObject([{ outcome: 'no-answer', hungUpBy: 'us' }]);
    expect(call.hangUpIntent).toBe('ring-timeout');
    expect(last.effects.filter((effect) => effect.kind === 'hang-up')).toEqual([]);
  });

  it('is crossed by an answer: a person was there, nobody is put through, and it is counted once', () => {
    const story = tell(
      aCall({ state: 'ringing' }),
      [timer('ring'), rungOut],
      [{ kind: 'leg-answered' }, rungOut + 20],
      [GIVEN_TO_ANA, rungOut + 21],
      [timer('deadline'), rungOut + 25],
      [GONE, rungOut + 60],
    );
    expect(story.facts).toEqual([
      { kind: 'call-answered', ringMs: 30_020 },
      { kind: 'call-abandoned', because: 'cut-off', waitMs: 40 },
      expect.objectContaining({ kind: 'call-ended', outcome: 'person', hungUpBy: 'us' }),
    ]);
  });

  it('is crossed by an answer and not obeyed: at the limit the person was abandoned', () => {
    const { call, facts } = tell(
      aCall({ state: 'ringing' }),
      [timer('ring'), rungOut],
      [{ kind: 'leg-answered' }, rungOut + 20],
      [timer('hang-up'), rungOut + 5_000],
    );
    expect(call.abandonment).toBe('limit');
    expect(of(facts, 'call-abandoned')).toEqual([
      { kind: 'call-abandoned', because: 'limit', waitMs: 4_980 },
    ]);
    expect(of(facts, 'call-ended')).toMatchObject([{ outcome: 'person' }]);
  });

  it('is nobody at home also when the PBX never says that the leg is gone', () => {
    const { facts } = tell(
      aCall({ state: 'ringing' }),
      [timer('ring'), rungOut],
      [timer('hang-up'), rungOut + 5_000],
    );
    expect(of(facts, 'call-ended')).toMatchObject([{ outcome: 'no-answer', counts: true }]);
  });
});

describe('who ended a call', () => {
  const end = (intent: 'cancelled' | 'orphaned'): CallSignal => ({
    kind: 'leg-ended',
    cause: 16,
    intent,
  });

  it('is what the call itself asked for, before what the line says', () => {
    const leaving = aCall({ state: 'ringing', hangUpIntent: 'ring-timeout' });
    const { facts } = tell(leaving, [end('cancelled'), ANSWERED_AT]);
    expect(of(facts, 'call-ended')).toMatchObject([{ outcome: 'no-answer', hungUpBy: 'us' }]);
  });

  it('is what the line says, where the call asked for nothing', () => {
    const { facts } = tell(aCall({ state: 'ringing' }), [end('orphaned'), ANSWERED_AT]);
    expect(of(facts, 'call-ended')).toMatchObject([{ outcome: 'lost', hungUpBy: 'us' }]);
  });
});

describe('a person who waits', () => {
  it('hears the message at the limit and is abandoned once', () => {
    const { facts, last } = tell(
      aCall({ state: 'waiting' }),
      [timer('deadline'), LIMIT_AT],
      [timer('deadline'), LIMIT_AT],
      [GONE, LIMIT_AT + 3_000],
    );
    expect(of(facts, 'call-abandoned')).toEqual([
      { kind: 'call-abandoned', because: 'limit', waitMs: 2_000 },
    ]);
    expect(of(facts, 'call-hung-up-waiting')).toEqual([]);
    expect(last.call.state.kind).toBe('ended');
  });

  it('hangs up before the limit and is counted apart', () => {
    const { call, facts } = tell(aCall({ state: 'waiting' }), [GONE, LIMIT_AT - 1]);
    expect(call.abandonment).toBe('hung-up-waiting');
    expect(of(facts, 'call-hung-up-waiting')).toEqual([
      { kind: 'call-hung-up-waiting', waitMs: 1_999 },
    ]);
    expect(of(facts, 'call-ended')).toMatchObject([{ hungUpBy: 'debtor', talkMs: 0 }]);
  });

  it('passed the limit while being connected and hangs up: was abandoned', () => {
    const { call, facts } = tell(
      aCall({ state: 'waiting' }),
      [GIVEN_TO_ANA, LIMIT_AT - 100],
      [timer('deadline'), LIMIT_AT],
      [GONE, LIMIT_AT + 300],
    );
    expect(call.abandonment).toBe('limit');
    expect(of(facts, 'call-abandoned')).toEqual([
      { kind: 'call-abandoned', because: 'limit', waitMs: 2_300 },
    ]);
    expect(of(facts, 'call-hung-up-waiting')).toEqual([]);
  });

  it('is told and let go when the message has ended', () => {
    const announcing = aCall({ state: 'announcing' });
    const { last } = tell(announcing, [{ kind: 'announcement-ended' }, LIMIT_AT + 4_000]);
    expect(last.effects[0]).toEqual({
      kind: 'hang-up',
      legId: 'leg_1',
      intent: 'after-announcement',
    });
  });

  it('is let go also when the end of the message is never told', () => {
    const { last } = tell(aCall({ state: 'waiting' }), [timer('deadline'), LIMIT_AT]);
    expect(last.effects).toContainEqual({
      kind: 'set-timer',
      timer: 'announcement',
      at: LIMIT_AT + 20_000,
    });
    const cut = stepCall(last.call, timer('announcement'), LIMIT_AT + 20_000);
    expect(cut.call.hangUpIntent).toBe('after-announcement');
  });
});

describe('a call that is being connected', () => {
  it('goes on waiting within the same limit when its agent is lost before the first word', () => {
    const { call, facts, last } = tell(aCall({ state: 'connecting' }), [ANA_LOST, ASSIGNED_AT + 9]);
    expect(call.state).toEqual({ kind: 'waiting', since: ANSWERED_AT });
    expect(facts).toEqual([{ kind: 'call-unassigned', agentId: ANA, because: 'agent-lost' }]);
    expect(last.effects).toContainEqual({ kind: 'seek-agent' });
    expect(last.effects).not.toContainEqual(expect.objectContaining({ timer: 'deadline' }));
  });

  it('is stranded when its agent is lost again after they had spoken', () => {
    const { call, facts } = tell(
      aCall({ state: 'stranded' }),
      [ANA_BACK, CONNECTED_AT + 4_000],
      [ANA_LOST, CONNECTED_AT + 4_050],
    );
    expect(call.state).toMatchObject({ kind: 'stranded', seeking: false });
    expect(facts.map((fact) => fact.kind)).toEqual([
      'call-assigned',
      'call-unassigned',
      'call-stranded',
    ]);
  });

  it('is not touched by what is heard of another agent or another bridge', () => {
    const connecting = aCall({ state: 'connecting' });
    const story = tell(
      connecting,
      [WITH_BIA, ASSIGNED_AT + 1],
      [{ kind: 'leg-bridge-failed', bridgeId: BRIDGE_OF_BIA }, ASSIGNED_AT + 2],
      [{ kind: 'agent-lost', agentId: BIA }, ASSIGNED_AT + 3],
    );
    expect(story.call).toBe(connecting);
  });

  it('is announced to at once when the bridge fails after the limit', () => {
    const { call, facts } = tell(
      aCall({ state: 'connecting' }),
      [timer('deadline'), LIMIT_AT],
      [{ kind: 'leg-bridge-failed', bridgeId: BRIDGE_OF_ANA }, LIMIT_AT + 10],
    );
    expect(call.state).toMatchObject({ kind: 'announcing', because: 'nobody-free' });
    expect(facts).toEqual([
      { kind: 'call-unassigned', agentId: ANA, because: 'bridge-failed' },
      { kind: 'call-abandoned', because: 'limit', waitMs: 2_010 },
    ]);
  });

  it('gives the agent back when the bridge takes too long', () => {
    const { call, facts } = tell(
      aCall({ state: 'connecting' }),
      [timer('bridge'), ASSIGNED_AT + 1_499],
      [timer('bridge'), ASSIGNED_AT + 1_500],
    );
    expect(call.state.kind).toBe('waiting');
    expect(facts).toEqual([{ kind: 'call-unassigned', agentId: ANA, because: 'bridge-slow' }]);
  });

  it('does not take the second agent away by the first one’s time', () => {
    const { call } = tell(
      aCall({ state: 'connecting' }),
      [ANA_LOST, ASSIGNED_AT + 1_400],
      [GIVEN_TO_BIA, ASSIGNED_AT + 1_450],
      [timer('bridge'), ASSIGNED_AT + 1_500],
    );
    expect(call.state).toMatchObject({ kind: 'connecting', agentId: BIA });
  });

  it('connects late and is abandoned once, also when they are cut off and joined again', () => {
    const { call, facts } = tell(
      aCall({ state: 'connecting' }),
      [WITH_ANA, LIMIT_AT + 1],
      [ANA_LOST, LIMIT_AT + 5_000],
      [ANA_BACK, LIMIT_AT + 6_000],
      [WITH_ANA, LIMIT_AT + 6_050],
      [GONE, LIMIT_AT + 60_000],
    );
    expect(call.abandonment).toBe('late');
    expect(of(facts, 'call-abandoned')).toEqual([
      { kind: 'call-abandoned', because: 'late', waitMs: 2_001 },
    ]);
    expect(of(facts, 'call-connected').map((fact) => fact.again)).toEqual([false, true]);
  });

  it('is in time at the limit itself', () => {
    const { call, facts } = tell(aCall({ state: 'connecting' }), [WITH_ANA, LIMIT_AT]);
    expect(call.abandonment).toBeUndefined();
    expect(facts).toEqual([{ kind: 'call-connected', agentId: ANA, waitMs: 2_000, again: false }]);
  });

  it('may be bridged after its agent asked for the end: they met, and then it ends', () => {
    const { facts } = tell(
      aCall({ state: 'connecting' }),
      [{ kind: 'hang-up-asked', intent: 'agent' }, ASSIGNED_AT + 20],
      [WITH_ANA, ASSIGNED_AT + 30],
      [GONE, ASSIGNED_AT + 90],
    );
    expect(facts.map((fact) => fact.kind)).toEqual(['call-connected', 'call-ended']);
    expect(of(facts, 'call-ended')).toMatchObject([{ hungUpBy: 'agent', talkMs: 60 }]);
  });
});

describe('a talk', () => {
  it('belongs to the agent who spoke first, no matter who ends it', () => {
    const { call } = tell(
      aCall({ state: 'talking' }),
      [ANA_LOST, CONNECTED_AT + 5_000],
      [timer('grace'), CONNECTED_AT + 13_000],
      [GIVEN_TO_BIA, CONNECTED_AT + 14_000],
      [WITH_BIA, CONNECTED_AT + 14_050],
    );
    expect(call).toMatchObject({
      agentId: ANA,
      connectedAt: CONNECTED_AT,
      state: { kind: 'talking', agentId: BIA, bridgeId: BRIDGE_OF_BIA },
    });
  });

  it('waits for its own agent first: no other one may take it in the grace time', () => {
    const stranded = aCall({ state: 'stranded' });
    expect(tell(stranded, [GIVEN_TO_BIA, CONNECTED_AT + 2_000]).call).toBe(stranded);
  });

  it('then looks for any agent, and then says why nobody speaks', () => {
    const seeking = tell(aCall({ state: 'stranded' }), [timer('grace'), CONNECTED_AT + 8_500]);
    expect(seeking.call.state).toMatchObject({ kind: 'stranded', seeking: true });
    expect(seeking.last.effects).toEqual([
      { kind: 'set-timer', timer: 'grace', at: CONNECTED_AT + 18_500 },
      { kind: 'seek-agent' },
    ]);
    const told = stepCall(seeking.call, timer('grace'), CONNECTED_AT + 18_500);
    expect(told.call.state).toMatchObject({ kind: 'announcing', because: 'agent-lost' });
    expect(told.effects[0]).toMatchObject({ kind: 'announce', announcement: 'agent-lost' });
    expect(told.call.abandonment).toBeUndefined();
  });

  it('may be taken up by its own agent also while another one is sought', () => {
    const { call } = tell(
      aCall({ state: 'stranded' }),
      [timer('grace'), CONNECTED_AT + 8_500],
      [ANA_BACK, CONNECTED_AT + 9_000],
    );
    expect(call.state).toMatchObject({ kind: 'connecting', agentId: ANA });
  });

  it('is not taken up by the return of an agent who was not in it', () => {
    const back: CallSignal = { kind: 'agent-back', agentId: BIA, bridgeId: BRIDGE_OF_BIA };
    const stranded = aCall({ state: 'stranded' });
    expect(tell(stranded, [back, CONNECTED_AT + 2_000]).call).toBe(stranded);
  });

  it('is not stranded by the loss of an agent who is not in it', () => {
    const talking = aCall({ state: 'talking' });
    expect(tell(talking, [{ kind: 'agent-lost', agentId: BIA }, CONNECTED_AT + 1]).call).toBe(
      talking,
    );
  });

  it('with a person ends as that, also when the PBX died in it', () => {
    const { facts } = tell(aCall({ state: 'talking' }), [
      { kind: 'leg-lost' },
      CONNECTED_AT + 60_000,
    ]);
    expect(of(facts, 'call-ended')).toMatchObject([
      { outcome: 'person', hungUpBy: 'network', talkMs: 60_000, counts: true },
    ]);
  });

  it('is ended once by a hang-up that is asked for twice, no matter who asked first', () => {
    const first = stepCall(
      aCall({ state: 'talking' }),
      { kind: 'hang-up-asked', intent: 'agent' },
      CONNECTED_AT + 1_000,
    );
    const second = stepCall(
      first.call,
      { kind: 'hang-up-asked', intent: 'agent' },
      CONNECTED_AT + 1_010,
    );
    expect(first.effects).toEqual([
      { kind: 'hang-up', legId: 'leg_1', intent: 'agent' },
      { kind: 'set-timer', timer: 'hang-up', at: CONNECTED_AT + 6_000 },
    ]);
    expect(second.call).toBe(first.call);
    expect(second.effects).toEqual([]);
  });

  it('is not ended by a hang-up timer that nobody set', () => {
    const talking = aCall({ state: 'talking' });
    expect(tell(talking, [timer('hang-up'), CONNECTED_AT + 60_000]).call).toBe(talking);
  });
});

describe('a person found answered after a gap', () => {
  it('counts as abandoned once and hears the message', () => {
    const { call, facts } = tell(
      aCall({ state: 'ringing' }),
      [{ kind: 'found-unattended' }, ANSWERED_AT],
      [{ kind: 'found-unattended' }, ANSWERED_AT + 5],
      [GONE, ANSWERED_AT + 6_000],
    );
    expect(call.abandonment).toBe('unattended');
    expect(facts.map((fact) => fact.kind)).toEqual([
      'call-answered',
      'call-abandoned',
      'call-ended',
    ]);
  });

  it('is counted and not spoken to when the leg is being ended already', () => {
    const leaving = aCall({ state: 'ringing', hangUpIntent: 'agent' });
    const { call, facts, last } = tell(leaving, [{ kind: 'found-unattended' }, ANSWERED_AT]);
    expect(call).toMatchObject({ state: { kind: 'waiting' }, abandonment: 'unattended' });
    expect(facts.map((fact) => fact.kind)).toEqual(['call-answered', 'call-abandoned']);
    expect(last.effects).toEqual([]);
  });
});

describe('an ended call', () => {
  it('takes every timer of its with it', () => {
    const { last } = tell(aCall({ state: 'talking' }), [GONE, CONNECTED_AT + 10]);
    expect(last.effects.map((effect) => effect.kind === 'clear-timer' && effect.timer)).toEqual([
      'ring',
      'screening',
      'deadline',
      'bridge',
      'grace',
      'announcement',
      'hang-up',
    ]);
  });

  it('is not revived by an answer that comes after its end', () => {
    const ended = aCall({ state: 'ended' });
    expect(tell(ended, [{ kind: 'leg-answered' }, PLACED_AT + 6_000]).call).toBe(ended);
  });
});
