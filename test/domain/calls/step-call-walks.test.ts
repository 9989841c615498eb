import { expect, it } from 'vitest';
import type {
  Call,
  CallEffect,
  CallFact,
  CallOrder,
  CallSignal,
  CallStep,
  CallTimer,
} from '../../../src/domain/calls/call.ts';
import { beginCall, stepCall } from '../../../src/domain/calls/step-call.ts';
import { assert } from '../../../src/lib/assert.ts';
import type { Random } from '../../../src/lib/random.ts';
import type { EpochMs } from '../../../src/lib/time.ts';
import { anOrder, PLACED_AT } from '../../support/builders.ts';
import { disturbed, everyWalk, oneOf, whole } from '../../support/walks.ts';
import { AGENTS, anyMilderSignal, anySignal, aVerdict, INTENTS, SCREENINGS } from './any-signal.ts';

/** After so many of its own timers a call that is left alone has come to rest. */
const TIMERS_LEFT_MAX = 20;

/** A call as its keeper sees it: what it is, which timers run, and everything that was said of it. */
class Watched {
  call: Call;
  now: EpochMs = PLACED_AT;
  readonly timers = new Map<CallTimer, EpochMs>();
  readonly effects: CallEffect[] = [];
  readonly facts: CallFact[] = [];

  constructor(order: CallOrder) {
    const begun = beginCall(order);
    this.call = begun.call;
    this.keep(begun);
  }

  tell(signal: CallSignal): void {
    const before = this.call;
    const step = stepCall(before, signal, this.now);
    checkStep(before, step);
    this.call = step.call;
    this.keep(step);
    checkStory(this);
  }

  private keep(step: CallStep): void {
    this.effects.push(...step.effects);
    this.facts.push(...step.facts);
    for (const effect of step.effects) {
      if (effect.kind === 'set-timer') this.timers.set(effect.timer, effect.at);
      if (effect.kind === 'clear-timer') this.timers.delete(effect.timer);
    }
  }

  /** Takes out the earliest timer, if it is due by then. */
  timerDueBy(moment: EpochMs): CallTimer | undefined {
    const [first] = [...this.timers].sort(([, left], [, right]) => left - right);
    if (!first || first[1] > moment) return undefined;
    this.timers.delete(first[0]);
    this.now = Math.max(this.now, first[1]);
    return first[0];
  }
}

/** What must be true of any one step. */
function checkStep(before: Call, step: CallStep): void {
  const { call, effects, facts } = step;
  if (call === before) {
    assert(effects.length + facts.length === 0, 'where nothing changes nothing is said or asked');
    return;
  }
  assert(before.state.kind !== 'ended', 'an ended call never changes');
  assert(call.version > before.version, 'the version grows with each change');
  const speaks = effects.some(({ kind }) =>
    ['bridge', 'hold', 'announce', 'seek-agent'].includes(kind),
  );
  assert(!(speaks && before.hangUpIntent), 'nothing is asked of a leg that is being ended');
  for (const effect of effects) {
    if (effect.kind !== 'bridge') continue;
    assert(
      call.state.kind === 'connecting' && call.state.bridgeId === effect.bridgeId,
      'only a connecting call is bridged, and into the bridge it names',
    );
  }
}

/** What must be true of everything that was said and asked so far. */
function checkStory({ call, facts, effects, timers }: Watched): void {
  const of = (kind: CallFact['kind']) => facts.filter((fact) => fact.kind === kind);
  const lost = of('call-abandoned').length + of('call-hung-up-waiting').length;
  assert(lost <= 1, 'a person is abandoned or hung up waiting at most once');
  const isMachine = call.hangUpIntent === 'machine';
  assert(
    isMachine ? call.abandonment === undefined : (lost === 1) === (call.abandonment !== undefined),
    'the call says what the facts say, and a machine is not abandoned',
  );
  checkScreening(call, facts, effects);
  const met = of('call-connected').map((fact) => fact.kind === 'call-connected' && fact.again);
  assert(met.filter((again) => !again).length <= 1, 'they meet for the first time once');
  assert(met[0] !== true, 'they meet for the first time before they meet again');
  assert(of('call-answered').length <= 1, 'a call is answered once');
  const hangUps = effects.filter((effect) => effect.kind === 'hang-up');
  assert(hangUps.length === (call.hangUpIntent ? 1 : 0), 'an intent is one hang-up');
  assert(of('call-ended').length === (call.state.kind === 'ended' ? 1 : 0), 'an end is told once');
  if (call.state.kind === 'ended') checkEnd(call, timers);
  else assert(isMovedByATimer(call, timers), 'nobody is left on a line that no timer looks after');
}

/** A machine is heard by a verdict alone, once, and the pacer is told once who answered. */
function checkScreening(
  call: Call,
  facts: readonly CallFact[],
  effects: readonly CallEffect[],
): void {
  const verdicts = facts.filter((fact) => fact.kind === 'call-screened');
  assert(verdicts.length === (call.screened ? 1 : 0), 'a verdict is told once');
  const [verdict] = verdicts;
  const isEnded = verdict?.consequence === 'ended';
  assert(isEnded === (call.hangUpIntent === 'machine'), 'a verdict that ends is the only one to');
  assert(!isEnded || verdict.verdict === 'machine', 'nobody is hung up on doubt');
  assert(!isEnded || !call.screening?.sampled, 'a sampled call is not hung up');
  const asked = effects.filter(({ kind }) => kind === 'screen').length;
  assert(
    asked <= (call.screening ? 1 : 0),
    'who answered is asked once, and only where it is to be',
  );
  const over = facts.filter(({ kind }) => kind === 'screening-over').length;
  const inTime = isEnded && verdict.inTime ? 1 : 0;
  assert(over + inTime <= 1, 'the screening is over once');
  const left = call.state.kind !== 'screening';
  const wasIn = call.screening?.mode === 'before' && asked === 1;
  assert(!(wasIn && left) || over + inTime === 1, 'anyone who was screened came to be something');
}

function checkEnd(call: Call, timers: ReadonlyMap<CallTimer, EpochMs>): void {
  assert(call.state.kind === 'ended', 'it has ended');
  assert(timers.size === 0, 'an ended call leaves no timer');
  if (call.answeredAt === undefined) return;
  if (call.hangUpIntent === 'machine') {
    assert(call.state.outcome === 'machine', 'what was hung up as a machine was one');
    return;
  }
  assert(call.state.outcome === 'person', 'everyone else who answered was a person');
  const until = call.connectedAt ?? call.state.at;
  const clockFrom = call.greetingEndedAt ?? call.answeredAt;
  assert(clockFrom - call.answeredAt < call.waitMaxMs, 'no greeting buys more than one more limit');
  if (call.connectedAt === undefined) assert(call.abandonment, 'who met nobody is counted');
  if (until - clockFrom > call.waitMaxMs) {
    assert(call.abandonment, 'who waited beyond the limit is counted');
    assert(call.abandonment !== 'hung-up-waiting', 'beyond the limit they are abandoned');
  }
}

function isMovedByATimer(call: Call, timers: ReadonlyMap<CallTimer, EpochMs>): boolean {
  if (call.hangUpIntent) return timers.has('hang-up');
  switch (call.state.kind) {
    case 'placing':
    case 'ringing':
      return timers.has('ring');
    case 'screening':
      return timers.has('screening') || timers.has('deadline');
    case 'waiting':
      return timers.has('deadline');
    case 'connecting':
      return timers.has('bridge');
    case 'stranded':
      return timers.has('grace');
    case 'announcing':
      return timers.has('announcement');
    default:
      return true;
  }
}

/** A call as calls go: answered or not, put through or not, cut off and joined again now and then. */
function aStory(random: Random): CallSignal[] {
  const story: CallSignal[] = [{ kind: 'leg-ringing' }];
  if (random() < 0.2) story.push({ kind: 'leg-early-media' });
  if (random() < 0.15) return [...story, { kind: 'leg-ended', cause: 17, techCause: 486 }];
  story.push({ kind: 'leg-answered' });
  if (random() < 0.3) story.push({ kind: 'greeting-ended', silentMs: 0 });
  const verdict = aVerdict(random);
  if (random() < 0.3) story.push(verdict);
  for (let turns = whole(random, 4); turns > 0; turns -= 1) {
    const { agentId, bridgeId } = oneOf(random, AGENTS);
    story.push({ kind: 'agent-assigned', agentId, bridgeId }, { kind: 'leg-bridged', bridgeId });
    if (random() < 0.3) story.push(verdict);
    if (random() < 0.6) story.push({ kind: 'agent-lost', agentId });
    if (random() < 0.5) {
      story.push({ kind: 'agent-back', agentId, bridgeId }, { kind: 'leg-bridged', bridgeId });
    }
  }
  if (random() < 0.4) story.push({ kind: 'hang-up-asked', intent: oneOf(random, INTENTS) });
  if (random() < 0.7) story.push({ kind: 'leg-ended', cause: 16 });
  return story;
}

function walkThrough(
  signals: readonly CallSignal[],
  random: Random,
  note: (line: string) => void,
): Watched {
  const clockStart = oneOf(random, ['answered', 'greeting-ended'] as const);
  const watched = new Watched({ ...anOrder({ clockStart }), ...oneOf(random, SCREENINGS) });
  const tell = (signal: CallSignal): void => {
    note(`${watched.now - PLACED_AT} ${watched.call.state.kind} <- ${JSON.stringify(signal)}`);
    watched.tell(signal);
  };
  for (const signal of signals) {
    const until = watched.now + oneOf(random, [0, 0, 10, 150, 700, 1_200, 1_850, 9_000]);
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
  note(`left alone: ${watched.call.state.kind}`);
  const { kind } = watched.call.state;
  assert(kind === 'ended' || kind === 'talking', 'left alone, a call ends unless two people talk');
  return watched;
}

it('keeps its promises when the signals of a call come doubled, dropped and out of order', () => {
  const seen = new Map<string, number>();
  everyWalk((random, note) => {
    const story = disturbed(aStory(random), random, () => anyMilderSignal(random));
    const { facts, call } = walkThrough(story, random, note);
    const ending = call.state.kind === 'ended' ? call.state.outcome : 'not ended';
    const told = facts.map(({ kind }) => kind);
    for (const fact of [...told, ending, call.abandonment ?? 'served']) {
      seen.set(fact, (seen.get(fact) ?? 0) + 1);
    }
  });
  // The walks go everywhere: a promise about something that never happens would be an empty one.
  const everywhere = ['call-stranded', 'call-unassigned', 'call-greeting-ended'];
  const screened = ['machine', 'call-screened', 'screening-over'];
  for (const what of [...everywhere, ...screened, 'limit', 'late', 'hung-up-waiting']) {
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(20);
  }
});

it('keeps its promises when anything at all is heard in any order', () => {
  everyWalk((random, note) => {
    const signals = Array.from({ length: 30 }, () =>
      random() < 0.9 ? anyMilderSignal(random) : anySignal(random),
    );
    walkThrough(signals, random, note);
  });
});
