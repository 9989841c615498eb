import { describe, expect, it } from 'vitest';
import type {
  Call,
  CallEffect,
  CallFact,
  CallSignal,
  CallState,
  CallTimer,
} from '../../../src/domain/calls/call.ts';
import { stepCall } from '../../../src/domain/calls/step-call.ts';
import {
  ANA,
  ANSWERED_AT,
  aCall,
  BIA,
  BRIDGE_OF_ANA,
  BRIDGE_OF_BIA,
} from '../../support/builders.ts';

type StateKind = CallState['kind'];
/** Each timer is a signal of its own: what one means depends on the state. */
type SignalName = Exclude<CallSignal['kind'], 'timer'> | `timer ${CallTimer}`;

/** `same`: the very call, no effect, no fact. */
type Expected =
  | 'same'
  | {
      readonly to: StateKind;
      readonly effects: readonly string[];
      readonly facts: readonly string[];
    };

/** Late enough for every timer that a state waits for, and within the limit of waiting. */
const NOW = ANSWERED_AT + 1_700;

const SIGNALS: Record<SignalName, CallSignal> = {
  'leg-ringing': { kind: 'leg-ringing' },
  'leg-early-media': { kind: 'leg-early-media' },
  'leg-answered': { kind: 'leg-answered' },
  'leg-ended': { kind: 'leg-ended', cause: 17, techCause: 486 },
  'leg-refused': { kind: 'leg-refused', reason: 'trunk-unavailable' },
  'leg-lost': { kind: 'leg-lost' },
  'leg-bridged': { kind: 'leg-bridged', bridgeId: BRIDGE_OF_ANA },
  'leg-bridge-failed': { kind: 'leg-bridge-failed', bridgeId: BRIDGE_OF_ANA },
  'greeting-ended': { kind: 'greeting-ended', silentMs: 0 },
  'announcement-ended': { kind: 'announcement-ended' },
  'leg-screened': {
    kind: 'leg-screened',
    verdict: 'machine',
    cause: 'LONGGREETING-1200-1200',
    screenedMs: 1_600,
  },
  'agent-assigned': { kind: 'agent-assigned', agentId: BIA, bridgeId: BRIDGE_OF_BIA },
  'agent-lost': { kind: 'agent-lost', agentId: ANA },
  'agent-back': { kind: 'agent-back', agentId: ANA, bridgeId: BRIDGE_OF_ANA },
  'hang-up-asked': { kind: 'hang-up-asked', intent: 'agent' },
  'found-unattended': { kind: 'found-unattended' },
  'timer ring': { kind: 'timer', timer: 'ring' },
  'timer screening': { kind: 'timer', timer: 'screening' },
  'timer deadline': { kind: 'timer', timer: 'deadline' },
  'timer bridge': { kind: 'timer', timer: 'bridge' },
  'timer grace': { kind: 'timer', timer: 'grace' },
  'timer announcement': { kind: 'timer', timer: 'announcement' },
  'timer hang-up': { kind: 'timer', timer: 'hang-up' },
};

const TIMERS_CLEARED = [
  'ring',
  'screening',
  'deadline',
  'bridge',
  'grace',
  'announcement',
  'hang-up',
].map((timer) => `clear-timer ${timer}`);

function ends(ending: string, ...before: string[]): Expected {
  return { to: 'ended', effects: TIMERS_CLEARED, facts: [...before, `call-ended ${ending}`] };
}

function hangsUp(to: StateKind, intent: string): Expected {
  return { to, effects: [`hang-up ${intent}`, 'set-timer hang-up'], facts: [] };
}

const ANSWERED: Expected = {
  to: 'waiting',
  effects: ['clear-timer ring', 'set-timer deadline', 'seek-agent'],
  facts: ['call-answered'],
};
const FOUND_UNATTENDED: Expected = {
  to: 'announcing',
  effects: ['clear-timer ring', 'announce abandonment', 'set-timer announcement'],
  facts: ['call-answered', 'call-abandoned unattended'],
};
const BACK_TO_WAITING = (because: string): Expected => ({
  to: 'waiting',
  effects: ['clear-timer bridge', 'seek-agent'],
  facts: [`call-unassigned ${because}`],
});

const TABLE: Record<StateKind, Record<SignalName, Expected>> = {
  placing: {
    'leg-ringing': { to: 'ringing', effects: [], facts: ['call-ringing'] },
    'leg-early-media': { to: 'placing', effects: [], facts: ['call-early-media'] },
    'leg-answered': ANSWERED,
    'leg-ended': ends('busy network'),
    'leg-refused': ends('cancelled us'),
    'leg-lost': ends('lost network'),
    'leg-bridged': 'same',
    'leg-bridge-failed': 'same',
    'greeting-ended': 'same',
    'announcement-ended': 'same',
    'leg-screened': 'same',
    'agent-assigned': 'same',
    'agent-lost': 'same',
    'agent-back': 'same',
    'hang-up-asked': hangsUp('placing', 'agent'),
    'found-unattended': FOUND_UNATTENDED,
    'timer ring': hangsUp('placing', 'ring-timeout'),
    'timer screening': 'same',
    'timer deadline': 'same',
    'timer bridge': 'same',
    'timer grace': 'same',
    'timer announcement': 'same',
    'timer hang-up': 'same',
  },
  ringing: {
    'leg-ringing': 'same',
    'leg-early-media': { to: 'ringing', effects: [], facts: ['call-early-media'] },
    'leg-answered': ANSWERED,
    'leg-ended': ends('busy network'),
    'leg-refused': 'same',
    'leg-lost': ends('lost network'),
    'leg-bridged': 'same',
    'leg-bridge-failed': 'same',
    'greeting-ended': 'same',
    'announcement-ended': 'same',
    'leg-screened': 'same',
    'agent-assigned': 'same',
    'agent-lost': 'same',
    'agent-back': 'same',
    'hang-up-asked': hangsUp('ringing', 'agent'),
    'found-unattended': FOUND_UNATTENDED,
    'timer ring': hangsUp('ringing', 'ring-timeout'),
    'timer screening': 'same',
    'timer deadline': 'same',
    'timer bridge': 'same',
    'timer grace': 'same',
    'timer announcement': 'same',
    'timer hang-up': 'same',
  },
  screening: {
    'leg-ringing': 'same',
    'leg-early-media': 'same',
    'leg-answered': 'same',
    'leg-ended': ends('person debtor', 'screening-over left', 'call-hung-up-waiting'),
    'leg-refused': 'same',
    'leg-lost': ends('person network', 'screening-over left', 'call-hung-up-waiting'),
    'leg-bridged': 'same',
    'leg-bridge-failed': 'same',
    'greeting-ended': 'same',
    'announcement-ended': 'same',
    'leg-screened': {
      to: 'screening',
      effects: ['hang-up machine', 'set-timer hang-up'],
      facts: ['call-screened ended'],
    },
    'agent-assigned': 'same',
    'agent-lost': 'same',
    'agent-back': 'same',
    'hang-up-asked': hangsUp('screening', 'agent'),
    'found-unattended': {
      to: 'announcing',
      effects: ['announce abandonment', 'set-timer announcement'],
      facts: ['screening-over time-up', 'call-abandoned unattended'],
    },
    'timer ring': 'same',
    'timer screening': {
      to: 'waiting',
      effects: ['clear-timer screening', 'seek-agent'],
      facts: ['screening-over time-up'],
    },
    'timer deadline': {
      to: 'announcing',
      effects: ['announce abandonment', 'set-timer announcement'],
      facts: ['screening-over time-up'],
    },
    'timer bridge': 'same',
    'timer grace': 'same',
    'timer announcement': 'same',
    'timer hang-up': 'same',
  },
  waiting: {
    'leg-ringing': 'same',
    'leg-early-media': 'same',
    'leg-answered': 'same',
    'leg-ended': ends('person debtor', 'call-hung-up-waiting'),
    'leg-refused': 'same',
    'leg-lost': ends('person network', 'call-hung-up-waiting'),
    'leg-bridged': 'same',
    'leg-bridge-failed': 'same',
    'greeting-ended': 'same',
    'announcement-ended': 'same',
    'leg-screened': 'same',
    'agent-assigned': {
      to: 'connecting',
      effects: ['bridge bridge_bia', 'set-timer bridge'],
      facts: ['call-assigned'],
    },
    'agent-lost': 'same',
    'agent-back': 'same',
    'hang-up-asked': hangsUp('waiting', 'agent'),
    'found-unattended': {
      to: 'announcing',
      effects: ['announce abandonment', 'set-timer announcement'],
      facts: ['call-abandoned unattended'],
    },
    'timer ring': 'same',
    'timer screening': 'same',
    'timer deadline': {
      to: 'announcing',
      effects: ['announce abandonment', 'set-timer announcement'],
      facts: ['call-abandoned limit'],
    },
    'timer bridge': 'same',
    'timer grace': 'same',
    'timer announcement': 'same',
    'timer hang-up': 'same',
  },
  connecting: {
    'leg-ringing': 'same',
    'leg-early-media': 'same',
    'leg-answered': 'same',
    'leg-ended': ends('person debtor', 'call-hung-up-waiting'),
    'leg-refused': 'same',
    'leg-lost': ends('person network', 'call-hung-up-waiting'),
    'leg-bridged': {
      to: 'talking',
      effects: ['clear-timer bridge', 'clear-timer deadline'],
      facts: ['call-connected'],
    },
    'leg-bridge-failed': BACK_TO_WAITING('bridge-failed'),
    'greeting-ended': 'same',
    'announcement-ended': 'same',
    'leg-screened': 'same',
    'agent-assigned': 'same',
    'agent-lost': BACK_TO_WAITING('agent-lost'),
    'agent-back': 'same',
    'hang-up-asked': hangsUp('connecting', 'agent'),
    'found-unattended': 'same',
    'timer ring': 'same',
    'timer screening': 'same',
    'timer deadline': 'same',
    'timer bridge': BACK_TO_WAITING('bridge-slow'),
    'timer grace': 'same',
    'timer announcement': 'same',
    'timer hang-up': 'same',
  },
  talking: {
    'leg-ringing': 'same',
    'leg-early-media': 'same',
    'leg-answered': 'same',
    'leg-ended': ends('person debtor'),
    'leg-refused': 'same',
    'leg-lost': ends('person network'),
    'leg-bridged': 'same',
    'leg-bridge-failed': 'same',
    'greeting-ended': 'same',
    'announcement-ended': 'same',
    'leg-screened': 'same',
    'agent-assigned': 'same',
    'agent-lost': {
      to: 'stranded',
      effects: ['clear-timer bridge', 'hold', 'set-timer grace'],
      facts: ['call-stranded'],
    },
    'agent-back': 'same',
    'hang-up-asked': hangsUp('talking', 'agent'),
    'found-unattended': 'same',
    'timer ring': 'same',
    'timer screening': 'same',
    'timer deadline': 'same',
    'timer bridge': 'same',
    'timer grace': 'same',
    'timer announcement': 'same',
    'timer hang-up': 'same',
  },
  stranded: {
    'leg-ringing': 'same',
    'leg-early-media': 'same',
    'leg-answered': 'same',
    'leg-ended': ends('person debtor'),
    'leg-refused': 'same',
    'leg-lost': ends('person network'),
    'leg-bridged': 'same',
    'leg-bridge-failed': 'same',
    'greeting-ended': 'same',
    'announcement-ended': 'same',
    'leg-screened': 'same',
    'agent-assigned': 'same',
    'agent-lost': 'same',
    'agent-back': {
      to: 'connecting',
      effects: ['clear-timer grace', 'bridge bridge_ana', 'set-timer bridge'],
      facts: ['call-assigned'],
    },
    'hang-up-asked': hangsUp('stranded', 'agent'),
    'found-unattended': 'same',
    'timer ring': 'same',
    'timer screening': 'same',
    'timer deadline': 'same',
    'timer bridge': 'same',
    'timer grace': { to: 'stranded', effects: ['set-timer grace', 'seek-agent'], facts: [] },
    'timer announcement': 'same',
    'timer hang-up': 'same',
  },
  announcing: {
    'leg-ringing': 'same',
    'leg-early-media': 'same',
    'leg-answered': 'same',
    'leg-ended': ends('person debtor'),
    'leg-refused': 'same',
    'leg-lost': ends('person network'),
    'leg-bridged': 'same',
    'leg-bridge-failed': 'same',
    'greeting-ended': 'same',
    'announcement-ended': hangsUp('announcing', 'after-announcement'),
    'leg-screened': 'same',
    'agent-assigned': 'same',
    'agent-lost': 'same',
    'agent-back': 'same',
    'hang-up-asked': hangsUp('announcing', 'agent'),
    'found-unattended': 'same',
    'timer ring': 'same',
    'timer screening': 'same',
    'timer deadline': 'same',
    'timer bridge': 'same',
    'timer grace': 'same',
    'timer announcement': hangsUp('announcing', 'after-announcement'),
    'timer hang-up': 'same',
  },
  ended: {
    'leg-ringing': 'same',
    'leg-early-media': 'same',
    'leg-answered': 'same',
    'leg-ended': 'same',
    'leg-refused': 'same',
    'leg-lost': 'same',
    'leg-bridged': 'same',
    'leg-bridge-failed': 'same',
    'greeting-ended': 'same',
    'announcement-ended': 'same',
    'leg-screened': 'same',
    'agent-assigned': 'same',
    'agent-lost': 'same',
    'agent-back': 'same',
    'hang-up-asked': 'same',
    'found-unattended': 'same',
    'timer ring': 'same',
    'timer screening': 'same',
    'timer deadline': 'same',
    'timer bridge': 'same',
    'timer grace': 'same',
    'timer announcement': 'same',
    'timer hang-up': 'same',
  },
};

function effectInWords(effect: CallEffect): string {
  switch (effect.kind) {
    case 'hang-up':
      return `hang-up ${effect.intent}`;
    case 'bridge':
      return `bridge ${effect.bridgeId}`;
    case 'announce':
      return `announce ${effect.announcement}`;
    case 'set-timer':
    case 'clear-timer':
      return `${effect.kind} ${effect.timer}`;
    default:
      return effect.kind;
  }
}

function factInWords(fact: CallFact): string {
  switch (fact.kind) {
    case 'call-screened':
      return `${fact.kind} ${fact.consequence}`;
    case 'screening-over':
    case 'call-abandoned':
    case 'call-unassigned':
      return `${fact.kind} ${fact.because}`;
    case 'call-ended':
      return `${fact.kind} ${fact.outcome} ${fact.hungUpBy}`;
    default:
      return fact.kind;
  }
}

const STATES = Object.keys(TABLE) as StateKind[];
const NAMES = Object.keys(SIGNALS) as SignalName[];

describe('every signal in every state', () => {
  for (const state of STATES) {
    for (const name of NAMES) {
      const expected = TABLE[state][name];
      const what = expected === 'same' ? 'changes nothing' : `leads to ${expected.to}`;
      it(`${state}: ${name} ${what}`, () => {
        const before = aCall({ state });
        const step = stepCall(before, SIGNALS[name], NOW);
        if (expected === 'same') {
          expect(step.call).toBe(before);
          expect(step.effects).toEqual([]);
          expect(step.facts).toEqual([]);
          return;
        }
        expect(step.call.state.kind).toBe(expected.to);
        expect(step.effects.map(effectInWords)).toEqual(expected.effects);
        expect(step.facts.map(factInWords)).toEqual(expected.facts);
        expect(step.call.version).toBeGreaterThan(before.version);
      });
    }
  }
});

describe('a signal that is heard twice', () => {
  for (const state of STATES) {
    it(`${state}: changes nothing the second time`, () => {
      for (const name of NAMES) {
        // The grace time ends in two steps, their own agent and then any other; each timer is set once.
        if (state === 'stranded' && name === 'timer grace') continue;
        const first = stepCall(aCall({ state }), SIGNALS[name], NOW);
        const second = stepCall(first.call, SIGNALS[name], NOW);
        expect(second.call, name).toBe(first.call);
        expect([...second.effects, ...second.facts], name).toEqual([]);
      }
    });
  }
});

/** What would put a person through, or speak to them, on a leg that is being ended. */
const BUSY_WITH_THE_LEG = ['hang-up', 'bridge', 'hold', 'announce', 'seek-agent'];
const LIVE_STATES = STATES.filter((state) => state !== 'ended');

function leaving(state: StateKind): Call {
  return aCall({ state, hangUpIntent: 'agent' });
}

describe('a call that is being hung up', () => {
  for (const state of LIVE_STATES) {
    it(`${state}: nothing more is asked of its leg, whatever is heard`, () => {
      for (const name of NAMES) {
        const step = stepCall(leaving(state), SIGNALS[name], NOW + 60_000);
        const asked = step.effects.filter((effect) => BUSY_WITH_THE_LEG.includes(effect.kind));
        expect(asked, name).toEqual([]);
      }
    });

    it(`${state}: is taken for lost when the end is never told`, () => {
      const { call, facts } = stepCall(leaving(state), SIGNALS['timer hang-up'], NOW);
      expect(call.state.kind).toBe('ended');
      expect(facts.at(-1)).toMatchObject({ kind: 'call-ended', because: 'hang-up-unanswered' });
    });
  }
});
