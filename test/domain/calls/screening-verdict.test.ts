import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/domain/calls/call.ts';
import { provedMachine } from '../../../src/domain/calls/end-call.ts';
import {
  SCREENING_RESERVE_MS,
  type ScreeningOrder,
  VERDICT_AGE_MAX_MS,
} from '../../../src/domain/calls/screening.ts';
import { standingOf } from '../../../src/domain/calls/standing.ts';
import { stepCall } from '../../../src/domain/calls/step-call.ts';
import { ANSWERED_AT, aCall, PLACED_AT } from '../../support/builders.ts';
import {
  ANA_LOST,
  ANSWER,
  GIVEN_TO_ANA,
  GONE,
  heard,
  kindsOf,
  LIMIT_AT,
  of,
  SCREENED_BESIDE,
  SCREENED_FIRST,
  tell,
  timer,
  WITH_ANA,
} from './tell-call.ts';

const VERDICT_BY = LIMIT_AT - SCREENING_RESERVE_MS;

function answeredWith(screening: ScreeningOrder, more: Partial<Call> = {}) {
  return stepCall(aCall({ state: 'ringing', screening, ...more }), ANSWER, ANSWERED_AT);
}

/** Answered, given to Ana and in her bridge, while screening still listens. */
function talkingUnscreened(connectedAt = ANSWERED_AT + 300): Call {
  return tell(
    answeredWith(SCREENED_BESIDE).call,
    [GIVEN_TO_ANA, connectedAt - 50],
    [WITH_ANA, connectedAt],
  ).call;
}

describe('an answer that is screened before an agent is sought', () => {
  it('is listened to, and nobody is sought until half a second before the limit', () => {
    const { call, effects, facts } = answeredWith(SCREENED_FIRST);
    expect(call.state).toEqual({ kind: 'screening', since: ANSWERED_AT });
    expect(effects).toEqual([
      { kind: 'clear-timer', timer: 'ring' },
      { kind: 'set-timer', timer: 'deadline', at: LIMIT_AT - 100 },
      { kind: 'screen', legId: 'leg_1' },
      { kind: 'set-timer', timer: 'screening', at: VERDICT_BY },
    ]);
    expect(facts).toEqual([{ kind: 'call-answered', ringMs: 9_000, isScreenedFirst: true }]);
  });

  it.each([
    [SCREENING_RESERVE_MS + 1, 'screening'],
    [SCREENING_RESERVE_MS, 'waiting'],
    [0, 'waiting'],
  ] as const)(
    'with a limit of %i ms is %s: a verdict must leave time for an agent',
    (waitMaxMs, kind) => {
      const { call, facts, effects } = answeredWith(SCREENED_FIRST, { waitMaxMs });
      expect(call.state.kind).toBe(kind);
      expect('isScreenedFirst' in (facts[0] ?? {})).toBe(kind === 'screening');
      expect(effects).toContainEqual({ kind: 'screen', legId: 'leg_1' });
    },
  );

  it('is not listened to when our own hang-up is under way', () => {
    const { call, effects, facts } = answeredWith(SCREENED_FIRST, { hangUpIntent: 'ring-timeout' });
    expect(call.state.kind).toBe('waiting');
    expect(effects).toEqual([]);
    expect(facts).toEqual([{ kind: 'call-answered', ringMs: 9_000 }]);
  });

  it.each(['person', 'unsure'] as const)('is a person when the verdict is %s', (verdict) => {
    const at = ANSWERED_AT + 1_200;
    const { call, effects, facts } = stepCall(
      answeredWith(SCREENED_FIRST).call,
      heard(verdict),
      at,
    );
    expect(call.state).toEqual({ kind: 'waiting', since: ANSWERED_AT });
    expect(call.screened).toEqual({ verdict, cause: 'HEARD', screenedMs: 1_200 });
    expect(effects).toEqual([{ kind: 'clear-timer', timer: 'screening' }, { kind: 'seek-agent' }]);
    const told = { inTime: true, setupMs: at - PLACED_AT, consequence: 'none' };
    expect(facts).toEqual([
      { kind: 'call-screened', verdict, cause: 'HEARD', screenedMs: 1_200, ...told },
      { kind: 'screening-over', because: 'verdict', setupMs: at - PLACED_AT },
    ]);
  });

  it('is ended when a machine was heard, and counts as nobody', () => {
    const found = stepCall(answeredWith(SCREENED_FIRST).call, heard('machine'), ANSWERED_AT + 900);
    expect(found.effects).toEqual([
      { kind: 'hang-up', legId: 'leg_1', intent: 'machine' },
      { kind: 'set-timer', timer: 'hang-up', at: ANSWERED_AT + 5_900 },
    ]);
    expect(found.facts).toMatchObject([
      { kind: 'call-screened', inTime: true, consequence: 'ended' },
    ]);
    const { call, facts } = tell(found.call, [GONE, ANSWERED_AT + 950]);
    expect(kindsOf(facts)).toEqual(['call-ended']);
    expect(facts).toMatchObject([{ outcome: 'machine', hungUpBy: 'us', counts: true, talkMs: 0 }]);
    expect(standingOf(call)).toBe('machine');
  });

  it('is put through all the same where the call is one of the sample', () => {
    const sampled = answeredWith({ mode: 'before', sampled: true }).call;
    const { call, effects, facts } = stepCall(sampled, heard('machine'), ANSWERED_AT + 900);
    expect(call.state.kind).toBe('waiting');
    expect(call.screened).toMatchObject({ verdict: 'machine' });
    expect(effects).toContainEqual({ kind: 'seek-agent' });
    expect(facts).toMatchObject([
      { kind: 'call-screened', consequence: 'sampled' },
      { kind: 'screening-over', because: 'verdict' },
    ]);
  });

  it('is a person when the time for a verdict is up; a later one still ends it', () => {
    const upAt = VERDICT_BY;
    const over = tell(answeredWith(SCREENED_FIRST).call, [timer('screening'), upAt]);
    expect(over.call.state).toEqual({ kind: 'waiting', since: ANSWERED_AT });
    expect(over.facts).toEqual([
      { kind: 'screening-over', because: 'time-up', setupMs: upAt - PLACED_AT },
    ]);
    const late = stepCall(over.call, heard('machine'), upAt + 100);
    expect(late.call.hangUpIntent).toBe('machine');
    expect(late.facts).toMatchObject([{ inTime: false, consequence: 'ended' }]);
  });

  it('is told the reason at the limit where a clock jumped over the time for the verdict', () => {
    const { call, facts } = tell(answeredWith(SCREENED_FIRST).call, [timer('deadline'), LIMIT_AT]);
    expect(call.state).toMatchObject({ kind: 'announcing', because: 'nobody-free' });
    // Whether this was a person is still open, and so is whether they were abandoned.
    expect(call.abandonment).toBeUndefined();
    expect(kindsOf(facts)).toEqual(['screening-over']);
  });

  it('left by the caller in the middle, was a person who waited', () => {
    const { call, facts } = tell(answeredWith(SCREENED_FIRST).call, [GONE, ANSWERED_AT + 400]);
    expect(facts).toMatchObject([
      { kind: 'screening-over', because: 'left', setupMs: 9_400 },
      { kind: 'call-hung-up-waiting', waitMs: 400 },
      { kind: 'call-ended', outcome: 'person', hungUpBy: 'debtor' },
    ]);
    expect(standingOf(call)).toBe('hung-up-waiting');
  });
});

describe('an answer that is screened while an agent is sought', () => {
  it('is listened to and an agent is sought in the same moment', () => {
    const { call, effects, facts } = answeredWith(SCREENED_BESIDE);
    expect(call.state.kind).toBe('waiting');
    expect(effects.map((effect) => effect.kind)).toEqual([
      'clear-timer',
      'set-timer',
      'screen',
      'seek-agent',
    ]);
    expect(facts).toEqual([{ kind: 'call-answered', ringMs: 9_000 }]);
  });

  it('says on connecting, and at its end, that nobody knows yet who is there', () => {
    const talking = tell(
      answeredWith(SCREENED_BESIDE).call,
      [GIVEN_TO_ANA, ANSWERED_AT + 50],
      [WITH_ANA, ANSWERED_AT + 90],
    );
    expect(of(talking.facts, 'call-connected')).toMatchObject([{ isUnscreened: true }]);
    const ended = tell(talking.call, [GONE, ANSWERED_AT + 700]);
    expect(of(ended.facts, 'call-ended')).toMatchObject([{ isUnscreened: true, talkMs: 610 }]);
  });

  it('says nothing of the kind once the verdict is in', () => {
    const { facts } = tell(
      answeredWith(SCREENED_BESIDE).call,
      [heard('person'), ANSWERED_AT + 40],
      [GIVEN_TO_ANA, ANSWERED_AT + 50],
      [WITH_ANA, ANSWERED_AT + 90],
      [GONE, ANSWERED_AT + 700],
    );
    for (const fact of facts) expect(fact).not.toHaveProperty('isUnscreened');
  });

  it('that nobody met ends without that mark: there is nothing to take back', () => {
    const { facts } = tell(answeredWith(SCREENED_BESIDE).call, [GONE, ANSWERED_AT + 700]);
    expect(of(facts, 'call-ended')[0]).not.toHaveProperty('isUnscreened');
  });

  it('that was met too late ends without it too: it counts as abandoned either way', () => {
    const late = talkingUnscreened(LIMIT_AT + 1);
    const { facts } = tell(late, [GONE, LIMIT_AT + 9_000]);
    expect(of(facts, 'call-ended')[0]).not.toHaveProperty('isUnscreened');
  });

  it('that was never screened carries no mark anywhere', () => {
    const { facts } = tell(
      aCall({ state: 'connecting' }),
      [WITH_ANA, ANSWERED_AT + 200],
      [GONE, ANSWERED_AT + 900],
    );
    for (const fact of facts) expect(fact).not.toHaveProperty('isUnscreened');
  });

  it.each<[string, (call: Call) => Call]>([
    ['waits', (call) => call],
    ['is being connected', (call) => tell(call, [GIVEN_TO_ANA, ANSWERED_AT + 100]).call],
    ['talks', () => talkingUnscreened()],
    ['lost its agent', () => tell(talkingUnscreened(), [ANA_LOST, ANSWERED_AT + 800]).call],
    ['hears the message', (call) => tell(call, [timer('deadline'), LIMIT_AT]).call],
  ])('is taken back as a machine while it %s', (_where, bring) => {
    const call = bring(answeredWith(SCREENED_BESIDE).call);
    const found = stepCall(call, heard('machine'), LIMIT_AT + 500);
    expect(found.effects[0]).toEqual({ kind: 'hang-up', legId: 'leg_1', intent: 'machine' });
    expect(found.facts).toMatchObject([{ consequence: 'ended', inTime: false }]);
    const ended = tell(found.call, [GONE, LIMIT_AT + 600]);
    expect(kindsOf(ended.facts)).toEqual(['call-ended']);
    expect(standingOf(ended.call)).toBe('machine');
  });

  it('says of a machine whether an agent had it in time', () => {
    const marked = (call: Call) =>
      of(tell(call, [heard('machine'), LIMIT_AT + 500]).facts, 'call-screened').map(
        ({ wasConnected }) => wasConnected,
      );
    expect(marked(talkingUnscreened())).toEqual([true]);
    expect(marked(talkingUnscreened(LIMIT_AT))).toEqual([true]);
    expect(marked(talkingUnscreened(LIMIT_AT + 1))).toEqual([undefined]);
    expect(marked(answeredWith(SCREENED_BESIDE).call)).toEqual([undefined]);
  });

  it('takes the abandonment of a late meeting back with the machine', () => {
    const late = talkingUnscreened(LIMIT_AT + 10);
    expect(late.abandonment).toBe('late');
    const found = stepCall(late, heard('machine'), LIMIT_AT + 500).call;
    expect(found).not.toHaveProperty('abandonment');
  });
});

describe('a verdict that comes out of turn', () => {
  const heeded = (call: Call, at: number, more: { readonly agentKnows?: boolean } = {}) => {
    const { call: after, facts } = stepCall(call, heard('machine', more), at);
    expect(after.screened).toMatchObject({ verdict: 'machine' });
    return [after.hangUpIntent, ...of(facts, 'call-screened').map((fact) => fact.consequence)];
  };

  it.each([
    [VERDICT_AGE_MAX_MS, ['machine', 'ended']],
    [VERDICT_AGE_MAX_MS + 1, [undefined, 'none']],
  ])('comes more than six seconds after the answer (%i ms): %j', (afterMs, expected) => {
    expect(heeded(talkingUnscreened(), ANSWERED_AT + afterMs)).toEqual(expected);
  });

  it('comes when the agent has already said that a person is there', () => {
    const at = ANSWERED_AT + 1_500;
    expect(heeded(talkingUnscreened(), at, { agentKnows: true })).toEqual([undefined, 'none']);
    expect(heeded(talkingUnscreened(), at, { agentKnows: false })).toEqual(['machine', 'ended']);
  });

  it('comes when the call is being hung up for another reason, which it leaves as it is', () => {
    const leaving = { ...talkingUnscreened(), hangUpIntent: 'agent' } as const;
    expect(heeded(leaving, ANSWERED_AT + 1_500)).toEqual(['agent', 'none']);
  });

  it('is one of the sample, however it comes', () => {
    const sampled: Call = {
      ...talkingUnscreened(),
      screening: { mode: 'parallel', sampled: true },
    };
    expect(heeded(sampled, ANSWERED_AT + 1_500)).toEqual([undefined, 'sampled']);
    expect(heeded(sampled, ANSWERED_AT + 60_000)).toEqual([undefined, 'sampled']);
  });

  it('is the second one: the first counts', () => {
    const first = stepCall(answeredWith(SCREENED_BESIDE).call, heard('person'), ANSWERED_AT + 900);
    const second = stepCall(first.call, heard('machine'), ANSWERED_AT + 901);
    expect(second).toEqual({ call: first.call, effects: [], facts: [] });
  });

  it('comes before the answer, which cannot have been heard', () => {
    const ringing = aCall({ state: 'ringing', screening: SCREENED_BESIDE });
    expect(stepCall(ringing, heard('machine'), ANSWERED_AT).call).toBe(ringing);
  });
});

describe('the message at the limit while screening still listens', () => {
  const announcing = tell(answeredWith(SCREENED_BESIDE).call, [timer('deadline'), LIMIT_AT - 100]);

  it('is played, and nobody is counted before the verdict', () => {
    expect(announcing.call.state).toMatchObject({ kind: 'announcing', because: 'nobody-free' });
    expect(announcing.facts).toEqual([]);
    expect(standingOf(announcing.call)).toBe('waiting');
  });

  it.each(['person', 'unsure'] as const)(
    'was played to somebody where the verdict is %s',
    (verdict) => {
      const { call, facts, last } = tell(announcing.call, [heard(verdict), LIMIT_AT + 700]);
      expect(call.abandonment).toBe('limit');
      expect(of(facts, 'call-abandoned')).toEqual([
        { kind: 'call-abandoned', because: 'limit', waitMs: 1_900 },
      ]);
      expect(last.effects).toEqual([]);
    },
  );

  it('was played to somebody when a sampled call is taken for a machine: it may be wrong', () => {
    const sampled: Call = { ...announcing.call, screening: { mode: 'parallel', sampled: true } };
    const { call, facts } = tell(sampled, [heard('machine'), LIMIT_AT + 700]);
    expect(kindsOf(facts)).toEqual(['call-screened', 'call-abandoned']);
    expect(standingOf(call)).toBe('abandoned');
  });

  it('was played to a machine where the verdict is that', () => {
    const { call, facts } = tell(
      announcing.call,
      [heard('machine'), LIMIT_AT + 700],
      [GONE, LIMIT_AT + 800],
    );
    expect(kindsOf(facts)).toEqual(['call-screened', 'call-ended']);
    expect(standingOf(call)).toBe('machine');
  });

  it('was played to somebody where the line ends before any verdict', () => {
    const { call, facts } = tell(announcing.call, [GONE, LIMIT_AT + 3_000]);
    expect(of(facts, 'call-abandoned')).toEqual([
      { kind: 'call-abandoned', because: 'limit', waitMs: 1_900 },
    ]);
    expect(standingOf(call)).toBe('abandoned');
  });

  it('is counted at once where the verdict came before it', () => {
    const known = tell(answeredWith(SCREENED_BESIDE).call, [heard('unsure'), ANSWERED_AT + 1_000]);
    const { facts } = tell(known.call, [timer('deadline'), LIMIT_AT - 100]);
    expect(kindsOf(facts)).toEqual(['call-abandoned']);
  });

  it('that says that the agent was lost abandons nobody, whatever the verdict', () => {
    const stranded = tell(
      talkingUnscreened(),
      [ANA_LOST, ANSWERED_AT + 800],
      [timer('grace'), ANSWERED_AT + 8_800],
      [timer('grace'), ANSWERED_AT + 18_800],
    ).call;
    expect(stranded.state).toMatchObject({ kind: 'announcing', because: 'agent-lost' });
    const { facts } = tell(stranded, [heard('person'), ANSWERED_AT + 19_000]);
    expect(kindsOf(facts)).toEqual(['call-screened']);
  });
});

describe('a call that proved to be a machine after its end', () => {
  const endedAs = (outcome: 'person' | 'busy' | 'machine', more: Partial<Call> = {}) =>
    aCall({
      state: { kind: 'ended', at: LIMIT_AT, outcome, hungUpBy: 'debtor' },
      answeredAt: ANSWERED_AT,
      ...more,
    });

  it('is one from then on, and is not abandoned', () => {
    const before = endedAs('person', { abandonment: 'late' });
    const after = provedMachine(before);
    expect(after.state).toEqual({ ...before.state, outcome: 'machine' });
    expect(after).not.toHaveProperty('abandonment');
    expect(after.version).toBe(before.version + 1);
    expect(standingOf(after)).toBe('machine');
  });

  it('was one already, was never answered or still goes on: nothing changes', () => {
    for (const call of [endedAs('machine'), endedAs('busy'), aCall({ state: 'talking' })]) {
      expect(provedMachine(call)).toBe(call);
    }
  });
});
