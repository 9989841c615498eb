import { describe, expect, it } from 'vitest';
import {
  beginHeadset,
  channelOf,
  type Headset,
  type HeadsetEffect,
  type HeadsetSignal,
  type HeadsetState,
  stepHeadset,
} from '../../../src/domain/agents/headset.ts';
import { assert } from '../../../src/lib/assert.ts';
import type { Random } from '../../../src/lib/random.ts';
import { aHeadset, BRIDGE_OF_ANA, PLACED_AT } from '../../support/builders.ts';
import { disturbed, everyWalk, oneOf, whole } from '../../support/walks.ts';

type StateKind = HeadsetState['kind'];
/** `channel_1` is the one the headset has, where it has one; `channel_2` is another. */
type SignalName =
  | Exclude<HeadsetSignal['kind'], 'headset-arrived' | 'headset-pinned' | 'headset-ended'>
  | `${Extract<HeadsetSignal, { channelId: string }>['kind']} ${'channel_1' | 'channel_2'}`;
type Expected = 'same' | readonly [to: StateKind, ...effects: HeadsetEffect['kind'][]];

const AT = PLACED_AT + 60_000;

const SIGNALS: Record<SignalName, HeadsetSignal> = {
  'headset-arrived channel_1': { kind: 'headset-arrived', channelId: 'channel_1' },
  'headset-arrived channel_2': { kind: 'headset-arrived', channelId: 'channel_2' },
  'headset-pinned channel_1': { kind: 'headset-pinned', channelId: 'channel_1' },
  'headset-pinned channel_2': { kind: 'headset-pinned', channelId: 'channel_2' },
  'headset-ended channel_1': { kind: 'headset-ended', channelId: 'channel_1' },
  'headset-ended channel_2': { kind: 'headset-ended', channelId: 'channel_2' },
  'headset-given-up': { kind: 'headset-given-up' },
  'headset-closed': { kind: 'headset-closed' },
};

const TABLE: Record<StateKind, Record<SignalName, Expected>> = {
  issued: {
    'headset-arrived channel_1': ['arriving', 'pin-headset'],
    'headset-arrived channel_2': ['arriving', 'pin-headset'],
    'headset-pinned channel_1': 'same',
    'headset-pinned channel_2': 'same',
    'headset-ended channel_1': 'same',
    'headset-ended channel_2': 'same',
    'headset-given-up': 'same',
    'headset-closed': ['closed', 'close-headset'],
  },
  arriving: {
    'headset-arrived channel_1': 'same',
    'headset-arrived channel_2': ['arriving', 'pin-headset'],
    'headset-pinned channel_1': ['pinned'],
    'headset-pinned channel_2': 'same',
    'headset-ended channel_1': ['lost'],
    'headset-ended channel_2': 'same',
    'headset-given-up': ['lost'],
    'headset-closed': ['closed', 'close-headset'],
  },
  pinned: {
    'headset-arrived channel_1': 'same',
    'headset-arrived channel_2': ['arriving', 'pin-headset'],
    'headset-pinned channel_1': 'same',
    'headset-pinned channel_2': 'same',
    'headset-ended channel_1': ['lost'],
    'headset-ended channel_2': 'same',
    'headset-given-up': ['lost'],
    'headset-closed': ['closed', 'close-headset'],
  },
  lost: {
    'headset-arrived channel_1': ['arriving', 'pin-headset'],
    'headset-arrived channel_2': ['arriving', 'pin-headset'],
    'headset-pinned channel_1': 'same',
    'headset-pinned channel_2': 'same',
    'headset-ended channel_1': 'same',
    'headset-ended channel_2': 'same',
    'headset-given-up': 'same',
    'headset-closed': ['closed', 'close-headset'],
  },
  closed: {
    'headset-arrived channel_1': ['closed', 'refuse-headset'],
    'headset-arrived channel_2': ['closed', 'refuse-headset'],
    'headset-pinned channel_1': 'same',
    'headset-pinned channel_2': 'same',
    'headset-ended channel_1': 'same',
    'headset-ended channel_2': 'same',
    'headset-given-up': 'same',
    'headset-closed': 'same',
  },
};

const STATES = Object.keys(TABLE) as StateKind[];
const NAMES = Object.keys(SIGNALS) as SignalName[];

describe('every signal in every state of a headset', () => {
  for (const state of STATES) {
    for (const name of NAMES) {
      const expected = TABLE[state][name];
      const what = expected === 'same' ? 'changes nothing' : `leads to ${expected[0]}`;
      it(`${state}: ${name} ${what}`, () => {
        const before = aHeadset({ state });
        const step = stepHeadset(before, SIGNALS[name], AT);
        if (expected === 'same') {
          expect(step).toEqual({ headset: before, effects: [] });
          expect(step.headset).toBe(before);
          return;
        }
        const [to, ...effects] = expected;
        expect(step.headset.state.kind).toBe(to);
        expect(step.effects.map((effect) => effect.kind)).toEqual(effects);
      });
    }
  }
});

describe('a headset', () => {
  it('is pinned into its own bridge, under its own id', () => {
    const issued = beginHeadset('headset_1', BRIDGE_OF_ANA);
    const { headset, effects } = stepHeadset(
      issued,
      { kind: 'headset-arrived', channelId: 'channel_9' },
      AT,
    );
    expect(headset.state).toEqual({ kind: 'arriving', channelId: 'channel_9', since: AT });
    expect(effects).toEqual([
      {
        kind: 'pin-headset',
        headsetId: 'headset_1',
        channelId: 'channel_9',
        bridgeId: BRIDGE_OF_ANA,
      },
    ]);
  });

  it('outlives the old channel of a page that was loaded anew', () => {
    const arrived = stepHeadset(aHeadset(), SIGNALS['headset-arrived channel_2'], AT).headset;
    const pinned = stepHeadset(arrived, SIGNALS['headset-pinned channel_2'], AT + 1).headset;
    const after = stepHeadset(pinned, SIGNALS['headset-ended channel_1'], AT + 2).headset;
    expect(after).toBe(pinned);
    expect(after.state).toMatchObject({ kind: 'pinned', channelId: 'channel_2' });
  });

  it.each<[StateKind, string | undefined]>([
    ['issued', undefined],
    ['arriving', 'channel_1'],
    ['pinned', 'channel_1'],
    ['lost', undefined],
    ['closed', undefined],
  ])('%s has the channel %s', (state, channelId) => {
    expect(channelOf(aHeadset({ state }))).toBe(channelId);
  });

  it('of a shift that is over refuses each call by its own channel, again and again', () => {
    const closed = aHeadset({ state: 'closed' });
    for (const channelId of ['channel_1', 'channel_2', 'channel_1']) {
      const step = stepHeadset(closed, { kind: 'headset-arrived', channelId }, AT);
      expect(step).toEqual({ headset: closed, effects: [{ kind: 'refuse-headset', channelId }] });
    }
  });

  it('is closed with its bridge, once', () => {
    const { headset, effects } = stepHeadset(aHeadset(), { kind: 'headset-closed' }, AT);
    expect(headset).toEqual({ ...aHeadset(), state: { kind: 'closed' } });
    expect(effects).toEqual([
      { kind: 'close-headset', headsetId: 'headset_1', bridgeId: BRIDGE_OF_ANA },
    ]);
  });

  it('over a morning: each state since the moment in which it began', () => {
    const MORNING: readonly (readonly [afterMs: number, name: SignalName, state: HeadsetState])[] =
      [
        [0, 'headset-arrived channel_1', { kind: 'arriving', channelId: 'channel_1', since: AT }],
        [
          40,
          'headset-pinned channel_1',
          { kind: 'pinned', channelId: 'channel_1', since: AT + 40 },
        ],
        [
          50,
          'headset-arrived channel_1',
          { kind: 'pinned', channelId: 'channel_1', since: AT + 40 },
        ],
        [60, 'headset-given-up', { kind: 'lost', since: AT + 60 }],
        [70, 'headset-ended channel_1', { kind: 'lost', since: AT + 60 }],
        [
          80,
          'headset-arrived channel_2',
          { kind: 'arriving', channelId: 'channel_2', since: AT + 80 },
        ],
        [
          90,
          'headset-pinned channel_1',
          { kind: 'arriving', channelId: 'channel_2', since: AT + 80 },
        ],
        [
          95,
          'headset-pinned channel_2',
          { kind: 'pinned', channelId: 'channel_2', since: AT + 95 },
        ],
        [99, 'headset-ended channel_2', { kind: 'lost', since: AT + 99 }],
      ];
    let headset = beginHeadset('headset_1', BRIDGE_OF_ANA);
    for (const [afterMs, name, state] of MORNING) {
      headset = stepHeadset(headset, SIGNALS[name], AT + afterMs).headset;
      expect(headset.state, name).toEqual(state);
    }
  });

  it('that was given up is not pinned by the news of before', () => {
    const lost = stepHeadset(
      aHeadset({ state: 'arriving' }),
      { kind: 'headset-given-up' },
      AT,
    ).headset;
    expect(stepHeadset(lost, SIGNALS['headset-pinned channel_1'], AT + 1).headset).toBe(lost);
  });
});

function anySignal(random: Random): HeadsetSignal {
  const channelId = `channel_${whole(random, 3)}`;
  return oneOf<HeadsetSignal>(random, [
    { kind: 'headset-arrived', channelId },
    { kind: 'headset-pinned', channelId },
    { kind: 'headset-ended', channelId },
    { kind: 'headset-given-up' },
  ]);
}

/** Pages come and go; each calls in by a channel of its own. */
function aStory(random: Random): HeadsetSignal[] {
  const story: HeadsetSignal[] = [];
  for (let page = 0; page < 4; page += 1) {
    const channelId = `channel_${page}`;
    story.push({ kind: 'headset-arrived', channelId }, { kind: 'headset-pinned', channelId });
    if (random() < 0.3) story.push({ kind: 'headset-given-up' });
    if (random() < 0.7) story.push({ kind: 'headset-ended', channelId });
  }
  return random() < 0.5 ? [...story, { kind: 'headset-closed' }] : story;
}

/** What must be true of any one step, and of the effects so far. */
function check(
  before: Headset,
  signal: HeadsetSignal,
  after: Headset,
  effects: readonly HeadsetEffect[],
): void {
  if (before.state.kind === 'closed') assert(after === before, 'a closed headset stays closed');
  if (after.state.kind === 'pinned' && before.state.kind !== 'pinned') {
    assert(before.state.kind === 'arriving', 'only what arrives is pinned');
    assert(before.state.channelId === after.state.channelId, 'and by its own channel');
    assert(signal.kind === 'headset-pinned', 'and because the PBX said so');
  }
  const pins = effects.filter((effect) => effect.kind === 'pin-headset');
  const arrives = after !== before && after.state.kind === 'arriving';
  assert(pins.length === (arrives ? 1 : 0), 'an arrival is pinned once');
}

it('keeps its promises when the signals of a headset come doubled, dropped and out of order', () => {
  let pinned = 0;
  everyWalk((random, note) => {
    let headset = beginHeadset('headset_1', BRIDGE_OF_ANA);
    let closes = 0;
    for (const signal of disturbed(aStory(random), random, () => anySignal(random))) {
      note(`${JSON.stringify(headset.state)} <- ${JSON.stringify(signal)}`);
      const step = stepHeadset(headset, signal, AT);
      check(headset, signal, step.headset, step.effects);
      closes += step.effects.filter((effect) => effect.kind === 'close-headset').length;
      headset = step.headset;
      if (headset.state.kind === 'pinned') pinned += 1;
      assert(closes === (headset.state.kind === 'closed' ? 1 : 0), 'a headset is closed once');
    }
  });
  expect(pinned).toBeGreaterThan(1_000);
});
