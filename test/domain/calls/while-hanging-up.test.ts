import { describe, expect, it } from 'vitest';
import type { CallSignal, CallState } from '../../../src/domain/calls/call.ts';
import type { HangUpIntent } from '../../../src/domain/calls/outcome.ts';
import { standingOf } from '../../../src/domain/calls/standing.ts';
import { stepCall } from '../../../src/domain/calls/step-call.ts';
import { ANSWERED_AT, aCall, PLACED_AT } from '../../support/builders.ts';
import {
  ANA_BACK,
  ANA_LOST,
  ANSWER,
  GIVEN_TO_BIA,
  GONE,
  heard,
  kindsOf,
  LIMIT_AT,
  of,
  SCREENED_BESIDE,
  tell,
  timer,
  WITH_ANA,
} from './tell-call.ts';

type Live = Exclude<CallState['kind'], 'ended'>;
const NOW = ANSWERED_AT + 1_700;

/** Everything that a call may hear but its end. */
const SIGNALS: Readonly<Record<string, CallSignal>> = {
  ringing: { kind: 'leg-ringing' },
  'early media': { kind: 'leg-early-media' },
  answer: ANSWER,
  refusal: { kind: 'leg-refused', reason: 'trunk-unavailable' },
  bridged: WITH_ANA,
  'bridge failed': { kind: 'leg-bridge-failed', bridgeId: 'bridge_ana' },
  'greeting ended': { kind: 'greeting-ended', silentMs: 0 },
  'announcement ended': { kind: 'announcement-ended' },
  verdict: heard('machine'),
  'another agent': GIVEN_TO_BIA,
  'agent lost': ANA_LOST,
  'agent back': ANA_BACK,
  'hang-up': { kind: 'hang-up-asked', intent: 'orphaned' },
  unattended: { kind: 'found-unattended' },
  'time to ring': timer('ring'),
  'time for the verdict': timer('screening'),
  'time to wait': timer('deadline'),
  'time for the bridge': timer('bridge'),
  'time to come back': timer('grace'),
  'time for the message': timer('announcement'),
};

/** The signals that a call which is being hung up still heeds, with its state and what is told. */
const HEEDED: Readonly<
  Record<Live, Readonly<Record<string, readonly [Live | 'ended', ...string[]]>>>
> = {
  placing: {
    ringing: ['ringing', 'call-ringing'],
    'early media': ['placing', 'call-early-media'],
    // An answer that crosses the hang-up is one: a person was there, and is counted at the end.
    answer: ['waiting', 'call-answered'],
    refusal: ['ended', 'call-ended'],
    unattended: ['waiting', 'call-answered', 'call-abandoned'],
  },
  ringing: {
    'early media': ['ringing', 'call-early-media'],
    answer: ['waiting', 'call-answered'],
    unattended: ['waiting', 'call-answered', 'call-abandoned'],
  },
  screening: { verdict: ['screening', 'call-screened'] },
  waiting: { verdict: ['waiting', 'call-screened'] },
  connecting: {
    bridged: ['talking', 'call-connected'],
    verdict: ['connecting', 'call-screened'],
  },
  talking: { verdict: ['talking', 'call-screened'] },
  stranded: { verdict: ['stranded', 'call-screened'] },
  announcing: { verdict: ['announcing', 'call-screened'] },
};

describe('a call that is being hung up', () => {
  it.each(Object.keys(HEEDED) as Live[])('%s: heeds these signals and no others', (state) => {
    const screening =
      state === 'placing' || state === 'ringing' ? {} : { screening: SCREENED_BESIDE };
    const before = aCall({ state, hangUpIntent: 'agent', ...screening });
    const heeded = Object.entries(SIGNALS).flatMap(([name, signal]) => {
      const step = stepCall(before, signal, NOW);
      expect(step.call.hangUpIntent, name).toBe('agent');
      if (step.call === before) return [];
      return [[name, [step.call.state.kind, ...kindsOf(step.facts)]] as const];
    });
    expect(Object.fromEntries(heeded)).toEqual(HEEDED[state]);
  });

  it('has five seconds, from the moment in which the end was asked for', () => {
    const { call, effects } = stepCall(
      aCall({ state: 'talking' }),
      { kind: 'hang-up-asked', intent: 'cancelled' },
      NOW,
    );
    expect(effects).toEqual([
      { kind: 'hang-up', legId: 'leg_1', intent: 'cancelled' },
      { kind: 'set-timer', timer: 'hang-up', at: NOW + 5_000 },
    ]);
    const lost = stepCall(call, timer('hang-up'), NOW + 5_000);
    expect(of(lost.facts, 'call-ended')).toMatchObject([
      { outcome: 'person', hungUpBy: 'network', because: 'hang-up-unanswered' },
    ]);
  });

  it.each<[HangUpIntent, Live, string, string, unknown]>([
    ['agent', 'talking', 'person', 'agent', 'connected'],
    ['cancelled', 'talking', 'person', 'us', 'connected'],
    ['after-announcement', 'announcing', 'person', 'us', 'abandoned'],
    ['orphaned', 'waiting', 'person', 'us', 'abandoned'],
    ['machine', 'waiting', 'machine', 'us', 'machine'],
    ['machine', 'talking', 'machine', 'us', 'machine'],
    ['ring-timeout', 'ringing', 'no-answer', 'us', undefined],
    ['cancelled', 'ringing', 'cancelled', 'us', undefined],
    ['orphaned', 'placing', 'lost', 'us', undefined],
    ['agent', 'placing', 'cancelled', 'agent', undefined],
  ])(
    'for %s while %s ended as %s, by %s, and stands for %s',
    (intent, state, outcome, by, standing) => {
      const { call, facts } = tell(aCall({ state, hangUpIntent: intent }), [GONE, NOW]);
      expect(call.state).toEqual({ kind: 'ended', at: NOW, outcome, hungUpBy: by });
      expect(standingOf(call)).toBe(standing);
      expect(of(facts, 'call-ended')).toMatchObject([{ outcome, hungUpBy: by, cause: 16 }]);
    },
  );

  it('uses up an attempt of the caps only where a telephone may have rung', () => {
    const counts = (state: 'placing' | 'ringing', intent: HangUpIntent) =>
      of(tell(aCall({ state, hangUpIntent: intent }), [GONE, NOW]).facts, 'call-ended').map(
        (fact) => fact.counts,
      );
    expect(counts('placing', 'cancelled')).toEqual([false]);
    expect(counts('ringing', 'cancelled')).toEqual([true]);
    expect(counts('placing', 'ring-timeout')).toEqual([true]);
    expect(counts('placing', 'orphaned')).toEqual([true]);
  });

  it('cuts a person off who is being connected, before the limit and only then', () => {
    const connecting = aCall({ state: 'connecting', hangUpIntent: 'agent' });
    const because = (at: number) =>
      of(tell(connecting, [GONE, at]).facts, 'call-abandoned').map((fact) => fact.because);
    expect(because(LIMIT_AT - 1)).toEqual(['cut-off']);
    expect(because(LIMIT_AT)).toEqual(['limit']);
  });

  it('is not late in meeting a machine: its agent is told the end at once', () => {
    const machine = aCall({ state: 'connecting', hangUpIntent: 'machine' });
    const { call, facts } = tell(machine, [WITH_ANA, LIMIT_AT + 500]);
    expect(call).not.toHaveProperty('abandonment');
    expect(facts).toMatchObject([{ kind: 'call-connected', waitMs: 2_500 }]);
    expect(facts[0]).not.toHaveProperty('isLate');
  });
});

describe('the codes of an end', () => {
  const end = { kind: 'leg-ended', cause: 34, techCause: 503, reasonCause: 17 } as const;

  it('are kept as they came, and the header of the far end decides among them', () => {
    const { facts } = tell(aCall({ state: 'ringing' }), [end, NOW]);
    expect(of(facts, 'call-ended')).toMatchObject([
      { outcome: 'busy', cause: 34, techCause: 503, reasonCause: 17, lastedMs: NOW - PLACED_AT },
    ]);
  });

  it('are read as the trunk reads them', () => {
    const ringing = aCall({ state: 'ringing', causeOverrides: { 503: 'rejected' } });
    expect(tell(ringing, [end, NOW]).call.state).toMatchObject({ outcome: 'rejected' });
  });

  it('that are missing are not made up', () => {
    const [fact] = of(tell(aCall({ state: 'ringing' }), [GONE, NOW]).facts, 'call-ended');
    for (const key of ['techCause', 'reasonCause', 'because', 'isUnscreened', 'answerWithdrawn']) {
      expect(fact).not.toHaveProperty(key);
    }
  });
});

describe('a stranded person', () => {
  it('is held, and their own agent has the campaign’s time to come back', () => {
    const { effects } = stepCall(aCall({ state: 'talking', graceMs: 4_321 }), ANA_LOST, NOW);
    expect(effects).toContainEqual({ kind: 'hold', legId: 'leg_1' });
    expect(effects).toContainEqual({ kind: 'set-timer', timer: 'grace', at: NOW + 4_321 });
  });
});

describe('a busy telephone', () => {
  it('uses up an attempt of the caps where it rang first, and was then declined', () => {
    const rang = stepCall(aCall(), { kind: 'leg-ringing' }, PLACED_AT + 10).call;
    expect(rang).toMatchObject({ rang: true, state: { kind: 'ringing', since: PLACED_AT + 10 } });
    const busy = tell(rang, [{ kind: 'leg-ended', cause: 17, techCause: 486 }, PLACED_AT + 20]);
    expect(of(busy.facts, 'call-ended')).toMatchObject([{ outcome: 'busy', counts: true }]);
    const atOnce = tell(aCall(), [
      { kind: 'leg-ended', cause: 17, techCause: 486 },
      PLACED_AT + 20,
    ]);
    expect(of(atOnce.facts, 'call-ended')).toMatchObject([{ outcome: 'busy', counts: false }]);
  });
});
