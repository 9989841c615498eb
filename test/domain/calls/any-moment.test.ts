import { expect, it } from 'vitest';
import type { Call, CallEffect, CallFact, CallSignal } from '../../../src/domain/calls/call.ts';
import { callAfterClockSet } from '../../../src/domain/calls/call-clock.ts';
import { type Standing, standingOf } from '../../../src/domain/calls/standing.ts';
import { beginCall, stepCall } from '../../../src/domain/calls/step-call.ts';
import type { Random } from '../../../src/lib/random.ts';
import { type DurationMs, type EpochMs, HOUR_MS } from '../../../src/lib/time.ts';
import { anOrder, PLACED_AT } from '../../support/builders.ts';
import { everyWalk, oneOf } from '../../support/walks.ts';
import { AGENTS, anyMilderSignal, anySignal, SCREENINGS } from './any-signal.ts';
import { ANSWER, GONE, heard } from './tell-call.ts';

const WALKS = 400;
type Moment = readonly [CallSignal, EpochMs];

/** Mostly an answered call, with anything at all in it, and its end. */
function someMoments(random: Random): readonly Moment[] {
  let now = PLACED_AT;
  const later = (): EpochMs => {
    now += oneOf(random, [0, 5, 90, 300, 1_200, 1_500, 2_000, 8_000]);
    return now;
  };
  const moments: Moment[] = random() < 0.9 ? [[ANSWER, later()]] : [];
  for (let count = 0; count < 25; count += 1) {
    const { agentId, bridgeId } = oneOf(random, AGENTS);
    if (random() < 0.4) {
      moments.push([{ kind: 'agent-assigned', agentId, bridgeId }, later()]);
      moments.push([{ kind: 'leg-bridged', bridgeId }, later()]);
    }
    if (random() < 0.2) moments.push([heard('machine'), later()]);
    moments.push([random() < 0.95 ? anyMilderSignal(random) : anySignal(random), later()]);
  }
  return [...moments, [GONE, later()]];
}

function beginAny(random: Random): Call {
  const clockStart = oneOf(random, ['answered', 'greeting-ended'] as const);
  return beginCall({ ...anOrder({ clockStart }), ...oneOf(random, SCREENINGS) }).call;
}

it('the hour of the day decides nothing about a call: the same happens by a clock that was set', () => {
  everyWalk((random, note) => {
    let call = beginAny(random);
    const byMs = oneOf(random, [HOUR_MS, -HOUR_MS, 1, -3_333]);
    for (const [signal, now] of someMoments(random)) {
      note(`${now - PLACED_AT} ${call.state.kind} <- ${JSON.stringify(signal)}, set by ${byMs}`);
      // After its end no clock moves a call: the moment at which it ended stays.
      if (call.state.kind === 'ended') break;
      const step = stepCall(call, signal, now);
      const set = stepCall(callAfterClockSet(call, byMs), signal, now + byMs);
      expect(set.facts).toEqual(step.facts);
      expect(set.effects).toEqual(step.effects.map((effect) => moved(effect, byMs)));
      expect(set.call).toEqual(ended(callAfterClockSet(step.call, byMs), byMs));
      call = step.call;
    }
  }, WALKS);
});

function moved(effect: CallEffect, byMs: DurationMs): CallEffect {
  return effect.kind === 'set-timer' ? { ...effect, at: effect.at + byMs } : effect;
}

/** A clock set after the end leaves the moment of the end; here it was set before. */
function ended(call: Call, byMs: DurationMs): Call {
  if (call.state.kind !== 'ended') return call;
  return { ...call, state: { ...call.state, at: call.state.at + byMs } };
}

it('the times that a call reports add up to the times at which it was told', () => {
  let counted = 0;
  everyWalk((random, note) => {
    let call = beginAny(random);
    let answeredAt: EpochMs | undefined;
    let connectedAt: EpochMs | undefined;
    for (const [signal, now] of someMoments(random)) {
      const { call: after, facts } = stepCall(call, signal, now);
      note(`${now - PLACED_AT} ${call.state.kind} <- ${JSON.stringify(signal)}`);
      for (const fact of facts) {
        counted += 1;
        const expected = timesOf(fact, { now, answeredAt, connectedAt });
        expect(fact).toMatchObject(expected);
        if (fact.kind === 'call-answered') answeredAt = now;
        if (fact.kind === 'call-connected') connectedAt ??= now;
      }
      call = after;
    }
    expect(call.state.kind).toBe('ended');
  }, WALKS);
  expect(counted).toBeGreaterThan(WALKS * 3);
});

type Times = {
  readonly now: EpochMs;
  readonly answeredAt: EpochMs | undefined;
  readonly connectedAt: EpochMs | undefined;
};

/** What a fact must say of durations, by the times at which earlier facts were told. */
function timesOf(fact: CallFact, { now, answeredAt, connectedAt }: Times): Partial<CallFact> {
  const since = (at: EpochMs | undefined) => (at === undefined ? 0 : now - at);
  switch (fact.kind) {
    case 'call-answered':
      return { ringMs: now - PLACED_AT };
    case 'call-connected':
      return { waitMs: since(answeredAt), again: connectedAt !== undefined };
    case 'call-hung-up-waiting':
      return { waitMs: since(answeredAt) };
    case 'call-screened':
    case 'screening-over':
      return { setupMs: now - PLACED_AT };
    case 'call-ended': {
      const talkMs = fact.outcome === 'media-failed' ? 0 : since(connectedAt);
      return { lastedMs: now - PLACED_AT, talkMs };
    }
    default:
      return {};
  }
}

/** From what a call stood for to what it may stand for next. */
const WAYS: Readonly<Record<Standing | 'nothing', readonly (Standing | 'nothing')[]>> = {
  nothing: ['waiting', 'abandoned'],
  waiting: ['connected', 'abandoned', 'hung-up-waiting', 'machine', 'nothing'],
  connected: ['machine', 'nothing'],
  // The abandonment of a late meeting is taken back by the verdict, before the call ends.
  abandoned: ['machine', 'connected', 'waiting', 'nothing'],
  'hung-up-waiting': [],
  machine: [],
};

it('a call goes from one standing to another only as it may, and everybody who answered has one', () => {
  const seen = new Set<string>();
  everyWalk((random, note) => {
    let call = beginAny(random);
    for (const [signal, now] of someMoments(random)) {
      note(`${now - PLACED_AT} ${call.state.kind} <- ${JSON.stringify(signal)}`);
      const { call: after } = stepCall(call, signal, now);
      const from = standingOf(call) ?? 'nothing';
      const to = standingOf(after) ?? 'nothing';
      if (from !== to) {
        expect(WAYS[from]).toContain(to);
        seen.add(`${from} → ${to}`);
      }
      if (from === 'abandoned' && (to === 'connected' || to === 'waiting')) {
        expect(after.hangUpIntent).toBe('machine');
      }
      call = after;
    }
    const isAnswered = call.answeredAt !== undefined;
    expect(standingOf(call) !== undefined).toBe(isAnswered);
    expect(standingOf(call)).not.toBe('waiting');
  }, WALKS);
  const usual = ['waiting → connected', 'waiting → abandoned', 'waiting → hung-up-waiting'];
  for (const way of [...usual, 'nothing → abandoned', 'waiting → machine', 'connected → machine']) {
    expect([...seen]).toContain(way);
  }
});
