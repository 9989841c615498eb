import { describe, expect, it } from 'vitest';
import type { Call, CallSignal, CallState } from '../../../src/domain/calls/call.ts';
import { givenUp, lostOutcome } from '../../../src/domain/calls/end-call.ts';
import type { HangUpIntent } from '../../../src/domain/calls/outcome.ts';
import { standingOf } from '../../../src/domain/calls/standing.ts';
import { stepCall } from '../../../src/domain/calls/step-call.ts';
import type { EpochMs } from '../../../src/lib/time.ts';
import { ANSWERED_AT, aCall, CONNECTED_AT, PLACED_AT } from '../../support/builders.ts';
import { kindsOf, LIMIT_AT, of, SCREENED_BESIDE } from './tell-call.ts';

const LOST_AT = CONNECTED_AT + 60_000;

/** The ended state of a call whose end nobody saw; `livedMs` after the talk began its leg was seen. */
function lost(call: Call, livedMs?: number, now: EpochMs = LOST_AT) {
  const signal: CallSignal =
    livedMs === undefined
      ? { kind: 'leg-lost' }
      : { kind: 'leg-lost', pbxLivedSince: CONNECTED_AT + livedMs };
  return stepCall(call, signal, now);
}

describe('a call whose end nobody saw', () => {
  const talking = aCall({ state: 'talking' });

  it('was ended by the debtor where the PBX lived on, at some moment since the leg was seen', () => {
    expect(lost(talking, 20_000).call.state).toEqual({
      kind: 'ended',
      at: LOST_AT,
      outcome: 'person',
      hungUpBy: 'debtor',
      notBefore: CONNECTED_AT + 20_000,
    });
  });

  it.each([
    ['before the talk: no end is earlier than its beginning', -5_000, CONNECTED_AT],
    ['at its beginning', 0, CONNECTED_AT],
    ['just now', 60_000, LOST_AT],
    ['later than now, by a clock that was set: no end is in the future', 90_000, LOST_AT],
  ])('and whose leg was seen %s', (_when, livedMs, notBefore) => {
    expect(lost(talking, livedMs).call.state).toMatchObject({ hungUpBy: 'debtor', notBefore });
  });

  it.each<[string, Call, number | undefined]>([
    ['the PBX died with it', talking, undefined],
    ['we had asked for its end', { ...talking, hangUpIntent: 'agent' }, 20_000],
    ['nobody had met the person yet', aCall({ state: 'waiting' }), 20_000],
    ['it was only ringing', aCall({ state: 'ringing' }), 20_000],
  ])('was ended by the network, as far as is known, where %s', (_why, call, livedMs) => {
    const { state } = lost(call, livedMs).call;
    expect(state).toMatchObject({ kind: 'ended', hungUpBy: 'network' });
    expect(state).not.toHaveProperty('notBefore');
  });

  it('says nothing of causes: nobody named any', () => {
    const [fact] = of(lost(talking, 20_000).facts, 'call-ended');
    for (const key of ['cause', 'techCause', 'reasonCause', 'because']) {
      expect(fact).not.toHaveProperty(key);
    }
  });

  it('talked until it was missed, and no longer than since the talk began', () => {
    expect(of(lost(talking).facts, 'call-ended')).toMatchObject([{ talkMs: 60_000 }]);
    const clockSetBack = lost(talking, undefined, CONNECTED_AT - 1);
    expect(of(clockSetBack.facts, 'call-ended')).toMatchObject([{ talkMs: 0 }]);
    const beforeItsPlacing = lost(aCall(), undefined, PLACED_AT - 1);
    expect(of(beforeItsPlacing.facts, 'call-ended')).toMatchObject([{ lastedMs: 0 }]);
  });

  it.each<[string, Partial<Call>, string]>([
    ['answered', { answeredAt: ANSWERED_AT }, 'person'],
    ['answered and hung up as a machine', intent('machine', ANSWERED_AT), 'machine'],
    ['answered while we gave it up', intent('ring-timeout', ANSWERED_AT), 'person'],
    ['not answered', {}, 'lost'],
    ['not answered in our ring time', intent('ring-timeout'), 'no-answer'],
    ['not answered when its campaign was stopped', intent('cancelled'), 'lost'],
  ])('that was %s counts as %s', (_how, more, outcome) => {
    expect(lostOutcome(aCall({ state: 'ringing', ...more }))).toBe(outcome);
  });
});

function intent(hangUpIntent: HangUpIntent, answeredAt?: EpochMs): Partial<Call> {
  return answeredAt === undefined ? { hangUpIntent } : { hangUpIntent, answeredAt };
}

describe('a call that is given up, because nobody can steer it any more', () => {
  type Left = readonly [state: CallState['kind'], at: EpochMs, outcome: string, standing: unknown];
  const LEFT: readonly Left[] = [
    ['placing', PLACED_AT + 40_000, 'lost', undefined],
    ['ringing', PLACED_AT + 40_000, 'lost', undefined],
    ['screening', LIMIT_AT - 1, 'lost', 'abandoned'],
    ['waiting', LIMIT_AT - 1, 'lost', 'abandoned'],
    ['waiting', LIMIT_AT, 'lost', 'abandoned'],
    ['connecting', LIMIT_AT - 1, 'lost', 'abandoned'],
    ['talking', LOST_AT, 'lost', 'connected'],
    ['stranded', LOST_AT, 'lost', 'connected'],
    ['announcing', LIMIT_AT + 5_000, 'lost', 'abandoned'],
  ];

  it.each(LEFT)('%s at %i: ended by us as %s, standing %s', (state, at, outcome, standing) => {
    const { call, facts } = givenUp(aCall({ state }), at);
    expect(call.state).toEqual({ kind: 'ended', at, outcome, hungUpBy: 'us' });
    expect(standingOf(call)).toBe(standing);
    expect(of(facts, 'call-ended')).toMatchObject([{ outcome, counts: true, because: 'given-up' }]);
  });

  it('cut a waiting person off before the limit, and abandoned them at it from then on', () => {
    const told = (at: EpochMs) =>
      of(givenUp(aCall({ state: 'waiting' }), at).facts, 'call-abandoned');
    expect(told(LIMIT_AT - 1)).toMatchObject([{ because: 'cut-off', waitMs: 1_999 }]);
    expect(told(LIMIT_AT)).toMatchObject([{ because: 'limit', waitMs: 2_000 }]);
  });

  it('counts nobody twice who was abandoned before', () => {
    for (const abandonment of ['limit', 'late', 'unattended'] as const) {
      const { call, facts } = givenUp(aCall({ state: 'waiting', abandonment }), LIMIT_AT + 1);
      expect(kindsOf(facts)).toEqual(['call-ended']);
      expect(call.abandonment).toBe(abandonment);
    }
  });

  it('left no person where screening had found a machine', () => {
    const machine = aCall({
      ...{ state: 'waiting', screening: SCREENED_BESIDE, hangUpIntent: 'machine' },
    });
    const { call, facts } = givenUp(machine, LIMIT_AT + 5_000);
    expect(call.state).toMatchObject({ outcome: 'machine' });
    expect(call).not.toHaveProperty('abandonment');
    expect(kindsOf(facts)).toEqual(['call-ended']);
    expect(standingOf(call)).toBe('machine');
  });

  it('leaves no timer, and nothing brings it back', () => {
    const { call, effects } = givenUp(aCall({ state: 'talking' }), LOST_AT);
    expect(new Set(effects.map((effect) => effect.kind))).toEqual(new Set(['clear-timer']));
    expect(effects).toHaveLength(7);
    expect(stepCall(call, { kind: 'leg-answered' }, LOST_AT + 1).call).toBe(call);
  });
});
