import { describe, expect, it } from 'vitest';
import {
  CALL_TIMEOUT_MS,
  carriesAudio,
  RESUME_TIMEOUT_MS,
  type Softphone,
  type SoftphoneEffect,
  type SoftphoneSignal,
  STEADY_AFTER_MS,
  stepSoftphone,
  waitBefore,
} from '../../../src/web/softphone/softphone.ts';
import { disturbed, everyWalk, oneOf } from '../../support/walks.ts';

type State = Softphone['kind'];
type SignalKind = SoftphoneSignal['kind'];
/** The state after the signal; `-` where it means nothing. */
type Expected = State | '-';

const NOW = 1_000_000;

const PHONES: Readonly<Record<State, Softphone>> = {
  off: { kind: 'off' },
  opening: { kind: 'opening', tries: 1 },
  calling: { kind: 'calling', tries: 1 },
  up: { kind: 'up', since: NOW - STEADY_AFTER_MS, tries: 1 },
  adrift: { kind: 'adrift', since: NOW - STEADY_AFTER_MS, tries: 1 },
  resuming: { kind: 'resuming', since: NOW - STEADY_AFTER_MS, tries: 1 },
  waiting: { kind: 'waiting', at: NOW, tries: 2, because: 'ended' },
  'no-microphone': { kind: 'no-microphone' },
};

const SIGNALS: Readonly<Record<SignalKind, SoftphoneSignal>> = {
  wanted: { kind: 'wanted' },
  unwanted: { kind: 'unwanted' },
  'socket-open': { kind: 'socket-open' },
  'socket-lost': { kind: 'socket-lost' },
  'call-up': { kind: 'call-up' },
  'call-refused': { kind: 'call-refused', status: 503 },
  'call-ended': { kind: 'call-ended' },
  resumed: { kind: 'resumed' },
  'resume-refused': { kind: 'resume-refused' },
  'media-lost': { kind: 'media-lost' },
  'microphone-lost': { kind: 'microphone-lost' },
  timer: { kind: 'timer' },
};

const ORDER: readonly SignalKind[] = [
  'wanted',
  'unwanted',
  'socket-open',
  'socket-lost',
  'call-up',
  'call-refused',
  'call-ended',
  'resumed',
  'resume-refused',
  'media-lost',
  'microphone-lost',
  'timer',
];

const row = (...expected: readonly Expected[]): Readonly<Record<SignalKind, Expected>> => {
  if (expected.length !== ORDER.length) throw new Error('a row has a cell for each signal');
  return Object.fromEntries(ORDER.map((kind, place) => [kind, expected[place]])) as Record<
    SignalKind,
    Expected
  >;
};

const NONE = 'no-microphone';
const TABLE: Readonly<Record<State, Readonly<Record<SignalKind, Expected>>>> = {
  //          wanted     unwanted  open        lost       up    refused    ended      resumed  not res.   media      mic    timer
  off: row('opening', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
  opening: row('-', 'off', 'calling', 'waiting', '-', '-', '-', '-', '-', '-', NONE, 'waiting'),
  calling: row(
    '-',
    'off',
    '-',
    'waiting',
    'up',
    'waiting',
    'waiting',
    '-',
    '-',
    '-',
    NONE,
    'waiting',
  ),
  up: row('-', 'off', '-', 'adrift', '-', '-', 'calling', '-', '-', 'calling', NONE, '-'),
  adrift: row(
    '-',
    'off',
    'resuming',
    'adrift',
    '-',
    '-',
    'opening',
    '-',
    '-',
    'opening',
    NONE,
    '-',
  ),
  resuming: row(
    '-',
    'off',
    '-',
    'adrift',
    '-',
    '-',
    'calling',
    'up',
    'calling',
    'calling',
    NONE,
    'calling',
  ),
  waiting: row('opening', 'off', '-', '-', '-', '-', '-', '-', '-', '-', NONE, 'opening'),
  'no-microphone': row('opening', 'off', '-', '-', '-', '-', '-', '-', '-', '-', '-', '-'),
};

const kinds = (effects: readonly SoftphoneEffect[]) => effects.map((effect) => effect.kind);

describe('every state and every signal', () => {
  for (const [state, cells] of Object.entries(TABLE)) {
    for (const [kind, expected] of Object.entries(cells)) {
      it(`${state}, ${kind}: ${expected === '-' ? 'nothing' : expected}`, () => {
        const before = PHONES[state as State];
        const step = stepSoftphone(before, SIGNALS[kind as SignalKind], NOW);
        if (expected === '-') expect(step.phone).toBe(before);
        else expect(step.phone.kind).toBe(expected);
      });
    }
  }
});

describe('what the turns do', () => {
  const effectsOf = (state: State, kind: SignalKind) =>
    stepSoftphone(PHONES[state], SIGNALS[kind], NOW).effects;

  it('loses its socket in a call without touching the call', () => {
    const effects = kinds(effectsOf('up', 'socket-lost'));
    expect(effects).toEqual(['set-timer']);
  });

  it('opens a new socket for the living call and confirms it with a re-INVITE', () => {
    expect(kinds(effectsOf('adrift', 'timer'))).toEqual(['open-socket']);
    expect(effectsOf('adrift', 'socket-open')).toEqual([
      { kind: 'resume' },
      { kind: 'set-timer', at: NOW + RESUME_TIMEOUT_MS },
    ]);
    expect(kinds(effectsOf('resuming', 'resumed'))).toEqual(['clear-timer']);
  });

  it('calls again at once when the far end ended a steady call, and tells the server first', () => {
    expect(effectsOf('up', 'call-ended')).toEqual([
      { kind: 'tell-lost' },
      { kind: 'end-call' },
      { kind: 'invite' },
      { kind: 'set-timer', at: NOW + CALL_TIMEOUT_MS },
    ]);
  });

  it('waits before it calls again when the call was up only briefly', () => {
    const young: Softphone = { kind: 'up', since: NOW - 100, tries: 3 };
    const { phone } = stepSoftphone(young, { kind: 'call-ended' }, NOW);
    expect(phone).toEqual({
      kind: 'waiting',
      at: NOW + waitBefore(4),
      tries: 4,
      because: 'ended',
    });
  });

  it('asks for fresh credentials when it is refused as a stranger, not when the far end is busy', () => {
    const refused = (status: number) =>
      kinds(stepSoftphone(PHONES.calling, { kind: 'call-refused', status }, NOW).effects);
    expect(refused(401)).toContain('renew-credentials');
    expect(refused(503)).not.toContain('renew-credentials');
  });

  it('hangs up, closes and says so when the microphone goes away', () => {
    expect(kinds(effectsOf('up', 'microphone-lost'))).toEqual([
      'clear-timer',
      'tell-lost',
      'end-call',
      'close-socket',
    ]);
  });

  it('waits longer after each failure, five seconds at most', () => {
    const waits = [1, 2, 3, 4, 5, 6, 50].map(waitBefore);
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });
});

describe('seeded walks on a bad line', () => {
  const day: readonly SignalKind[] = [
    'wanted',
    'socket-open',
    'call-up',
    'socket-lost',
    'timer',
    'socket-open',
    'resumed',
    'call-ended',
    'call-up',
    'media-lost',
    'call-refused',
    'timer',
    'socket-open',
    'call-up',
  ];

  it('never sends an INVITE or a re-INVITE twice without an end between, and never waits without a timer', () => {
    everyWalk((random, note) => {
      const story = disturbed([...day, ...day], random, () => oneOf(random, ORDER));
      let phone: Softphone = { kind: 'off' };
      let calls = 0;
      let timer = false;
      let now = NOW;
      for (const kind of story) {
        now += Math.floor(random() * 8_000);
        const step = stepSoftphone(phone, SIGNALS[kind], now);
        note(`${phone.kind} ${kind} → ${step.phone.kind}: ${kinds(step.effects).join(' ')}`);
        for (const effect of step.effects) {
          if (effect.kind === 'invite') calls += 1;
          if (effect.kind === 'end-call') calls = 0;
          if (effect.kind === 'set-timer') timer = true;
          if (effect.kind === 'clear-timer') timer = false;
          if (effect.kind === 'set-timer' && effect.at < now)
            throw new Error('a timer in the past');
        }
        if (calls > 1) throw new Error('two calls at once');
        if (step.phone.kind === 'waiting' && !timer) throw new Error('it waits for nothing');
        if (step.phone.kind === 'calling' && !timer) throw new Error('a call without a time limit');
        if (carriesAudio(step.phone) && calls !== 1) throw new Error('audio without a call');
        phone = step.phone;
      }
    });
  });

  it('is up again after any history, once the line is good and it is wanted', () => {
    everyWalk((random, note) => {
      const story = disturbed(day, random, () => oneOf(random, ORDER));
      let phone: Softphone = { kind: 'off' };
      for (const kind of story) {
        phone = stepSoftphone(phone, SIGNALS[kind], NOW).phone;
        note(`${kind} → ${phone.kind}`);
      }
      // A good line answers everything that the phone asks of it.
      for (let turn = 0; turn < 12 && phone.kind !== 'up'; turn += 1) {
        phone = stepSoftphone(phone, goodAnswer(phone), NOW).phone;
        note(`good line → ${phone.kind}`);
      }
      if (phone.kind !== 'up') throw new Error(`it stays ${phone.kind}`);
    });
  });
});

function goodAnswer(phone: Softphone): SoftphoneSignal {
  switch (phone.kind) {
    case 'off':
    case 'no-microphone':
      return { kind: 'wanted' };
    case 'waiting':
      return { kind: 'timer' };
    case 'opening':
    case 'adrift':
      return { kind: 'socket-open' };
    case 'calling':
      return { kind: 'call-up' };
    default:
      return { kind: 'resumed' };
  }
}
