import { expect, it } from 'vitest';
import {
  type AgentShift,
  beginShift,
  callOf,
  hasCallInHand,
  isFree,
  type ShiftEffect,
  type ShiftSignal,
  type ShiftStep,
  type ShiftTimer,
  stepShift,
} from '../../../src/domain/agents/agent-shift.ts';
import { assert } from '../../../src/lib/assert.ts';
import type { Random } from '../../../src/lib/random.ts';
import type { EpochMs } from '../../../src/lib/time.ts';
import { ANA, PLACED_AT } from '../../support/builders.ts';
import { disturbed, everyWalk, oneOf, whole } from '../../support/walks.ts';
import { anySignal, CALLS } from './any-signal.ts';

/** After so many of its own timers a shift that is left alone has come to rest. */
const TIMERS_LEFT_MAX = 10;

/** A shift as its keeper sees it, beside what a simple mind remembers of its signals. */
class Watched {
  shift: AgentShift = beginShift('shift_1', ANA, PLACED_AT);
  now: EpochMs = PLACED_AT;
  readonly timers = new Map<ShiftTimer, EpochMs>();
  seen = true;
  heard = false;
  ends = 0;

  tell(signal: ShiftSignal): void {
    const before = this.shift;
    const step = stepShift(before, signal, this.now);
    this.remember(signal);
    checkStep(before, signal, step);
    this.shift = step.shift;
    for (const effect of step.effects) this.keep(effect);
    this.checkNow();
  }

  private remember(signal: ShiftSignal): void {
    if (this.shift.activity.kind === 'ended') return;
    if (signal.kind === 'screen-connected') this.seen = true;
    if (signal.kind === 'screen-lost') this.seen = false;
    if (signal.kind === 'headset-pinned') this.heard = true;
    if (signal.kind === 'headset-lost') this.heard = false;
  }

  private keep(effect: ShiftEffect): void {
    if (effect.kind === 'set-timer') this.timers.set(effect.timer, effect.at);
    if (effect.kind === 'clear-timer') this.timers.delete(effect.timer);
    if (effect.kind === 'shift-over') this.ends += 1;
  }

  private checkNow(): void {
    const { shift, timers } = this;
    const { kind } = shift.activity;
    assert(!isFree(shift) || (this.seen && this.heard), 'nobody is free unseen or unheard');
    assert(!(kind === 'available' && shift.pauseAsked), 'a pause that was asked for has begun');
    assert(this.ends === (kind === 'ended' ? 1 : 0), 'a shift is over once');
    if (kind === 'ended') assert(timers.size === 0, 'an ended shift leaves no timer');
    else assert(this.seen !== timers.has('absence'), 'an absence is timed, and nothing else is');
    assert((kind === 'wrapping-up') === timers.has('wrap-up'), 'wrap-up is timed, and only it');
    const isMissing = kind === 'undisposed';
    assert(isMissing === timers.has('disposition'), 'a missing disposition has its bound');
    assert(!shift.signOutAsked || hasCallInHand(shift), 'an end that was asked for has come');
    const hasCall =
      isMissing || kind === 'reserved' || kind === 'talking' || kind === 'wrapping-up';
    assert(hasCall === (callOf(shift) !== undefined), 'who is in a call knows which');
  }

  timerDueBy(moment: EpochMs): ShiftTimer | undefined {
    const [first] = [...this.timers].sort(([, left], [, right]) => left - right);
    if (!first || first[1] > moment) return undefined;
    this.timers.delete(first[0]);
    this.now = Math.max(this.now, first[1]);
    return first[0];
  }
}

function checkStep(before: AgentShift, signal: ShiftSignal, step: ShiftStep): void {
  const { shift, effects, facts } = step;
  if (shift === before) {
    assert(effects.length + facts.length === 0, 'where nothing changes nothing is said or asked');
    return;
  }
  assert(before.activity.kind !== 'ended', 'an ended shift never changes');
  assert(shift.version > before.version, 'the version grows with each change');
  const freed = effects.filter((effect) => effect.kind === 'agent-free').length;
  const becameFree = !isFree(before) && isFree(shift);
  assert(freed === (becameFree ? 1 : 0), 'that they are free is said once, when they become it');
  checkMove(before, signal, step);
}

function checkMove(before: AgentShift, signal: ShiftSignal, { shift, facts }: ShiftStep): void {
  const [from, to] = [before.activity, shift.activity];
  const moves = facts.filter((fact) => fact.kind === 'activity-changed');
  assert(from.kind === to.kind || moves.length === 1, 'every change of what they do is a fact');
  for (const move of moves) {
    assert(move.from === from.kind && move.to === to.kind, 'the fact says what changed');
  }
  if (from.kind === 'wrapping-up' && !from.disposed && to.kind === 'available') {
    const isAsked = from.dispositionWaitMs !== undefined;
    assert(signal.kind === 'disposed' || !isAsked, 'nobody comes out of wrap-up free and owing');
  }
  if (from.kind === 'undisposed' && to.kind === 'available') {
    assert(signal.kind === 'disposed', 'a missing disposition keeps an agent from calls');
  }
  if (signal.kind === 'given-back' && from.kind === 'paused' && to.kind === 'undisposed') {
    const isOwing = from.reason === 'disposition-missing';
    assert(isOwing || shift.pauseAsked === from.reason, 'a call given back ends no pause');
  }
  if (to.kind === 'ended' && from.kind !== 'ended' && hasCallInHand(before)) checkEnd(signal, to);
  checkTakingBack(before, signal, shift);
  if (from.kind === 'available' && callOf(shift) !== undefined) {
    const isBegun = signal.kind === 'reserved' || signal.kind === 'given-back';
    assert(isBegun, 'a call begins with being reserved, or is given back');
    assert(callOf(shift) === signal.callId, 'and is the one they were reserved for');
  }
  if (callOf(before) !== undefined && callOf(shift) !== undefined) {
    assert(callOf(before) === callOf(shift), 'one call does not turn into another');
  }
}

/** With a call in hand a shift ends by its end, by absence or because the user may not work any more. */
function checkEnd(signal: ShiftSignal, { because }: { because: string }): void {
  const isOver = ['released', 'call-over', 'disposed', 'timer'].includes(signal.kind);
  const isForced = because === 'absent' || because === 'disabled';
  assert(isOver || isForced, 'nobody leaves a call by asking to');
}

/** What a supervisor asked for stands until it begins or a supervisor takes it back. */
function checkTakingBack(before: AgentShift, signal: ShiftSignal, after: AgentShift): void {
  if (after.activity.kind === 'ended' || ('by' in signal && signal.by === 'supervisor')) return;
  const isTaken = signal.kind.startsWith('take-');
  const lost =
    (before.pauseAskedBy && !after.pauseAskedBy) ||
    (before.restAskedBy && !after.restAskedBy) ||
    (before.signOutAsked === 'signed-out-by-supervisor' && !after.signOutAsked);
  assert(!(isTaken && lost), 'an agent takes back nothing that a supervisor asked for');
}

/** A morning's work: call after call, disposed in time or not, with a break and a bad network. */
function aStory(random: Random): ShiftSignal[] {
  const story: ShiftSignal[] = [{ kind: 'headset-pinned' }, { kind: 'go-available' }];
  for (let calls = whole(random, 5); calls > 0; calls -= 1) {
    const callId = oneOf(random, CALLS);
    story.push({ kind: 'reserved', callId });
    if (random() < 0.2) {
      story.push({ kind: 'released', callId });
      continue;
    }
    story.push({ kind: 'connected', callId });
    if (random() < 0.2) story.push({ kind: 'headset-lost' }, { kind: 'headset-pinned' });
    if (random() < 0.3) story.push({ kind: 'pause', reason: 'rest' });
    if (random() < 0.1) story.push({ kind: 'sign-out', because: 'signed-out' });
    if (random() < 0.05) story.push({ kind: 'take-sign-out-back' });
    story.push({ kind: 'call-over', callId, wrapUpMaxMs: 60_000, dispositionWaitMs: 120_000 });
    if (random() < 0.8) story.push({ kind: 'disposed', callId, wrapUpMs: 10_000 });
    if (random() < 0.5) story.push({ kind: 'go-available' });
  }
  if (random() < 0.3) story.push({ kind: 'screen-lost' });
  if (random() < 0.3) story.push({ kind: 'sign-out', because: 'signed-out' });
  return story;
}

function walkThrough(
  signals: readonly ShiftSignal[],
  random: Random,
  note: (line: string) => void,
): Set<string> {
  const watched = new Watched();
  const been = new Set<string>();
  const tell = (signal: ShiftSignal): void => {
    const { activity } = watched.shift;
    note(`${watched.now - PLACED_AT} ${activity.kind} <- ${JSON.stringify(signal)}`);
    watched.tell(signal);
    const { activity: after } = watched.shift;
    if (watched.shift.signOutAsked) been.add('sign-out asked');
    been.add(after.kind === 'paused' ? `paused ${after.reason}` : after.kind);
    if (after.kind === 'ended') been.add(`ended ${after.because}`);
  };
  for (const signal of signals) {
    const until = watched.now + oneOf(random, [0, 0, 50, 4_000, 40_000, 400_000]);
    for (let due = watched.timerDueBy(until); due; due = watched.timerDueBy(until)) {
      tell({ kind: 'timer', timer: due });
    }
    watched.now = until;
    tell(signal);
  }
  for (let left = TIMERS_LEFT_MAX; left > 0; left -= 1) {
    const due = watched.timerDueBy(Number.POSITIVE_INFINITY);
    if (due) tell({ kind: 'timer', timer: due });
  }
  const { kind } = watched.shift.activity;
  note(`left alone: ${kind}`);
  assert(kind !== 'wrapping-up' && kind !== 'undisposed', 'left alone, a wrap-up ends');
  assert(watched.seen || kind === 'ended', 'left alone, a shift that nobody sees ends');
  return been;
}

it('keeps its promises when the signals of a shift come doubled, dropped and out of order', () => {
  const times = new Map<string, number>();
  everyWalk((random, note) => {
    const story = disturbed(aStory(random), random, () => anySignal(random));
    for (const place of walkThrough(story, random, note)) {
      times.set(place, (times.get(place) ?? 0) + 1);
    }
  });
  // The walks go everywhere: a promise about a place nobody visits would be an empty one.
  for (const place of [
    'talking',
    'wrapping-up',
    'undisposed',
    'paused disposition-missing',
    'sign-out asked',
    'ended signed-out',
    'ended absent',
  ]) {
    expect(times.get(place) ?? 0, place).toBeGreaterThan(100);
  }
});

it('keeps its promises when anything at all is heard in any order', () => {
  everyWalk((random, note) => {
    walkThrough(
      Array.from({ length: 60 }, () => anySignal(random)),
      random,
      note,
    );
  });
});
