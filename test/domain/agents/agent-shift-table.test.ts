import { describe, expect, it } from 'vitest';
import {
  ABSENCE_MAX_MS,
  type ActivityKind,
  type ShiftEffect,
  type ShiftFact,
  type ShiftSignal,
  type ShiftTimer,
  stepShift,
} from '../../../src/domain/agents/agent-shift.ts';
import { aShift, PLACED_AT } from '../../support/builders.ts';

type SignalName = Exclude<ShiftSignal['kind'], 'timer'> | `timer ${ShiftTimer}`;

/** `same`: the very shift, no effect, no fact. */
type Expected =
  | 'same'
  | {
      readonly to: ActivityKind;
      readonly effects: readonly string[];
      readonly facts: readonly string[];
    };

const NOW = PLACED_AT + 30_000;

const SIGNALS: Record<SignalName, ShiftSignal> = {
  'screen-connected': { kind: 'screen-connected' },
  'screen-lost': { kind: 'screen-lost' },
  'headset-pinned': { kind: 'headset-pinned' },
  'headset-lost': { kind: 'headset-lost' },
  'go-available': { kind: 'go-available' },
  pause: { kind: 'pause', reason: 'meal' },
  'take-pause-back': { kind: 'take-pause-back' },
  reserved: { kind: 'reserved', callId: 'call_1' },
  released: { kind: 'released', callId: 'call_1' },
  connected: { kind: 'connected', callId: 'call_1' },
  'call-over': { kind: 'call-over', callId: 'call_1', wrapUpMaxMs: 60_000 },
  disposed: { kind: 'disposed', callId: 'call_1', wrapUpMs: 45_000 },
  'extend-wrap-up': { kind: 'extend-wrap-up', byMs: 30_000 },
  'sign-out': { kind: 'sign-out', because: 'signed-out' },
  'plan-rest': { kind: 'plan-rest', at: NOW + 60_000 },
  'take-rest-back': { kind: 'take-rest-back' },
  'take-sign-out-back': { kind: 'take-sign-out-back' },
  'given-back': { kind: 'given-back', callId: 'call_1', dispositionWaitMs: 120_000 },
  corrected: { kind: 'corrected', callId: 'call_1' },
  'timer disposition': { kind: 'timer', timer: 'disposition' },
  'timer free': { kind: 'timer', timer: 'free' },
  'timer rest': { kind: 'timer', timer: 'rest' },
  'timer wrap-up': { kind: 'timer', timer: 'wrap-up' },
  'timer absence': { kind: 'timer', timer: 'absence' },
};

function stays(to: ActivityKind, effects: string[], ...facts: string[]): Expected {
  return { to, effects, facts };
}

function becomes(from: ActivityKind, to: ActivityKind, ...effects: string[]): Expected {
  return { to, effects, facts: [`activity-changed ${from} → ${to}`] };
}

/** A shift that is seen and heard: the same in every activity but the free one. */
function presence(to: ActivityKind) {
  return {
    'screen-connected': 'same',
    'screen-lost': stays(to, ['set-timer absence'], 'screen-changed'),
    'headset-pinned': 'same',
    'headset-lost': stays(to, [], 'headset-changed'),
    'timer absence': 'same',
    'plan-rest': stays(to, ['set-timer rest'], 'rest-planned'),
    'take-rest-back': 'same',
    'take-sign-out-back': 'same',
    'given-back': 'same',
    corrected: 'same',
    'timer disposition': 'same',
    'timer free': 'same',
    'timer rest': 'same',
  } as const;
}

const TABLE: Record<ActivityKind, Record<SignalName, Expected>> = {
  preparing: {
    ...presence('preparing'),
    'go-available': becomes('preparing', 'available', 'agent-free'),
    pause: becomes('preparing', 'paused'),
    'take-pause-back': 'same',
    reserved: 'same',
    released: 'same',
    connected: 'same',
    'call-over': 'same',
    disposed: 'same',
    'extend-wrap-up': 'same',
    'sign-out': becomes('preparing', 'ended', 'clear-timer absence', 'shift-over'),
    'timer wrap-up': 'same',
  },
  available: {
    ...presence('available'),
    'given-back': becomes('available', 'undisposed', 'set-timer disposition'),
    'go-available': 'same',
    pause: becomes('available', 'paused'),
    'take-pause-back': 'same',
    reserved: becomes('available', 'reserved'),
    released: 'same',
    connected: 'same',
    'call-over': 'same',
    disposed: 'same',
    'extend-wrap-up': 'same',
    'sign-out': becomes('available', 'ended', 'clear-timer absence', 'shift-over'),
    'timer wrap-up': 'same',
  },
  reserved: {
    ...presence('reserved'),
    'go-available': 'same',
    pause: stays('reserved', [], 'pause-asked'),
    'take-pause-back': 'same',
    reserved: 'same',
    released: becomes('reserved', 'available', 'agent-free'),
    connected: becomes('reserved', 'talking'),
    'call-over': becomes('reserved', 'available', 'agent-free'),
    disposed: 'same',
    'extend-wrap-up': 'same',
    'sign-out': stays('reserved', [], 'sign-out-asked'),
    'timer wrap-up': 'same',
  },
  talking: {
    ...presence('talking'),
    'go-available': 'same',
    pause: stays('talking', [], 'pause-asked'),
    'take-pause-back': 'same',
    reserved: 'same',
    released: 'same',
    connected: 'same',
    'call-over': becomes('talking', 'wrapping-up', 'set-timer wrap-up'),
    disposed: stays('talking', []),
    'extend-wrap-up': 'same',
    'sign-out': stays('talking', [], 'sign-out-asked'),
    'timer wrap-up': 'same',
  },
  'wrapping-up': {
    ...presence('wrapping-up'),
    'go-available': 'same',
    pause: stays('wrapping-up', [], 'pause-asked'),
    'take-pause-back': 'same',
    reserved: 'same',
    released: 'same',
    connected: 'same',
    'call-over': 'same',
    disposed: stays('wrapping-up', ['set-timer wrap-up']),
    'extend-wrap-up': stays('wrapping-up', ['set-timer wrap-up']),
    'sign-out': stays('wrapping-up', [], 'sign-out-asked'),
    'timer wrap-up': becomes(
      'wrapping-up',
      'undisposed',
      'clear-timer wrap-up',
      'set-timer disposition',
    ),
  },
  undisposed: {
    ...presence('undisposed'),
    'go-available': 'same',
    pause: stays('undisposed', [], 'pause-asked'),
    'take-pause-back': 'same',
    reserved: 'same',
    released: 'same',
    connected: 'same',
    'call-over': 'same',
    disposed: becomes('undisposed', 'available', 'clear-timer disposition', 'agent-free'),
    'extend-wrap-up': 'same',
    'sign-out': stays('undisposed', [], 'sign-out-asked'),
    'timer wrap-up': 'same',
    'timer disposition': becomes(
      'undisposed',
      'paused',
      'disposition-missing',
      'clear-timer disposition',
    ),
  },
  paused: {
    ...presence('paused'),
    'go-available': becomes('paused', 'available', 'agent-free'),
    pause: becomes('paused', 'paused'),
    'take-pause-back': 'same',
    reserved: 'same',
    released: 'same',
    connected: 'same',
    'call-over': 'same',
    disposed: 'same',
    'extend-wrap-up': 'same',
    'sign-out': becomes('paused', 'ended', 'clear-timer absence', 'shift-over'),
    'timer wrap-up': 'same',
  },
  ended: {
    'screen-connected': 'same',
    'screen-lost': 'same',
    'headset-pinned': 'same',
    'headset-lost': 'same',
    'go-available': 'same',
    pause: 'same',
    'take-pause-back': 'same',
    reserved: 'same',
    released: 'same',
    connected: 'same',
    'call-over': 'same',
    disposed: 'same',
    'extend-wrap-up': 'same',
    'sign-out': 'same',
    'timer wrap-up': 'same',
    'timer absence': 'same',
    'plan-rest': 'same',
    'take-rest-back': 'same',
    'take-sign-out-back': 'same',
    'given-back': 'same',
    corrected: 'same',
    'timer disposition': 'same',
    'timer free': 'same',
    'timer rest': 'same',
  },
};

function effectInWords(effect: ShiftEffect): string {
  return 'timer' in effect ? `${effect.kind} ${effect.timer}` : effect.kind;
}

function factInWords(fact: ShiftFact): string {
  return fact.kind === 'activity-changed' ? `${fact.kind} ${fact.from} → ${fact.to}` : fact.kind;
}

const ACTIVITIES = Object.keys(TABLE) as ActivityKind[];
const NAMES = Object.keys(SIGNALS) as SignalName[];

describe('every signal in every activity', () => {
  for (const activity of ACTIVITIES) {
    for (const name of NAMES) {
      const expected = TABLE[activity][name];
      const what = expected === 'same' ? 'changes nothing' : `leads to ${expected.to}`;
      it(`${activity}: ${name} ${what}`, () => {
        const before = aShift({ activity });
        const step = stepShift(before, SIGNALS[name], NOW);
        if (expected === 'same') {
          expect(step.shift).toBe(before);
          expect(step.effects).toEqual([]);
          expect(step.facts).toEqual([]);
          return;
        }
        expect(step.shift.activity.kind).toBe(expected.to);
        expect(step.effects.map(effectInWords)).toEqual(expected.effects);
        expect(step.facts.map(factInWords)).toEqual(expected.facts);
        expect(step.shift.version).toBeGreaterThan(before.version);
      });
    }
  }
});

describe('a signal that is heard twice', () => {
  for (const activity of ACTIVITIES) {
    it(`${activity}: changes nothing the second time`, () => {
      for (const name of NAMES) {
        const first = stepShift(aShift({ activity }), SIGNALS[name], NOW);
        const second = stepShift(first.shift, SIGNALS[name], NOW);
        expect(second.shift, name).toBe(first.shift);
        expect([...second.effects, ...second.facts], name).toEqual([]);
      }
    });
  }
});

/** An agent nobody sees or hears: what the same signals do then. */
describe('an agent whose screen and headset are gone', () => {
  const gone = {
    screen: { connected: false, since: PLACED_AT },
    headset: { pinned: false, since: PLACED_AT },
  };

  for (const activity of ACTIVITIES) {
    it(`${activity}: is not called free by any signal`, () => {
      for (const name of NAMES) {
        const step = stepShift(aShift({ activity, ...gone }), SIGNALS[name], NOW);
        expect(step.effects, name).not.toContainEqual({ kind: 'agent-free' });
      }
    });

    it(`${activity}: is signed out after staying away, and not before`, () => {
      const shift = aShift({ activity, ...gone });
      const early = stepShift(shift, SIGNALS['timer absence'], PLACED_AT + ABSENCE_MAX_MS - 1);
      expect(early.shift).toBe(shift);
      const late = stepShift(shift, SIGNALS['timer absence'], PLACED_AT + ABSENCE_MAX_MS);
      expect(late.shift.activity).toMatchObject({ kind: 'ended' });
      if (activity !== 'ended') expect(late.shift.activity).toMatchObject({ because: 'absent' });
    });
  }
});
