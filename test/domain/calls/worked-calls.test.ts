import { describe, expect, it } from 'vitest';
import type { Call, CallOrder, CallSignal } from '../../../src/domain/calls/call.ts';
import { standingOf } from '../../../src/domain/calls/standing.ts';
import { beginCall, stepCall } from '../../../src/domain/calls/step-call.ts';
import { anOrder, PLACED_AT } from '../../support/builders.ts';
import {
  ANA_BACK,
  ANA_LOST,
  ANSWER,
  GIVEN_TO_ANA,
  GIVEN_TO_BIA,
  GONE,
  heard,
  SCREENED_BESIDE,
  SCREENED_FIRST,
  timer,
  WITH_ANA,
  WITH_BIA,
} from './tell-call.ts';

/** Milliseconds after the placing, what is heard, the state it leads to, and what is stored. */
type Line = readonly [afterMs: number, heard: CallSignal, state: string, ...facts: string[]];
type Story = {
  readonly name: string;
  readonly order?: Partial<CallOrder>;
  readonly lines: readonly Line[];
  readonly standing: ReturnType<typeof standingOf>;
};

const RINGING: CallSignal = { kind: 'leg-ringing' };
const BUSY: CallSignal = { kind: 'leg-ended', cause: 17, techCause: 486 };
const HANG_UP: CallSignal = { kind: 'hang-up-asked', intent: 'agent' };
const TOLD: CallSignal = { kind: 'announcement-ended' };
const FOUND: CallSignal = { kind: 'found-unattended' };
const GREETED: CallSignal = { kind: 'greeting-ended', silentMs: 300 };

const STORIES: readonly Story[] = [
  {
    name: 'a talk, ended by the agent',
    lines: [
      [1_800, RINGING, 'ringing', 'call-ringing'],
      [7_000, ANSWER, 'waiting', 'call-answered'],
      [7_020, GIVEN_TO_ANA, 'connecting', 'call-assigned'],
      [7_060, WITH_ANA, 'talking', 'call-connected'],
      [95_000, HANG_UP, 'talking'],
      [95_030, GONE, 'ended person by agent', 'call-ended'],
    ],
    standing: 'connected',
  },
  {
    name: 'a busy line, after the network had played its tone',
    lines: [
      [900, { kind: 'leg-early-media' }, 'placing', 'call-early-media'],
      [2_400, BUSY, 'ended busy by network', 'call-ended'],
    ],
    standing: undefined,
  },
  {
    name: 'nobody at home in our ring time',
    lines: [
      [1_800, RINGING, 'ringing', 'call-ringing'],
      [30_000, timer('ring'), 'ringing'],
      [
        30_040,
        { kind: 'leg-ended', cause: 19, techCause: 487 },
        'ended no-answer by us',
        'call-ended',
      ],
    ],
    standing: undefined,
  },
  {
    name: 'nobody free: the message, and the end after it',
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [7_900, timer('deadline'), 'announcing', 'call-abandoned'],
      [14_000, TOLD, 'announcing'],
      [14_050, GONE, 'ended person by us', 'call-ended'],
    ],
    standing: 'abandoned',
  },
  {
    name: 'nobody free, and the person hangs up in the message',
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [7_900, timer('deadline'), 'announcing', 'call-abandoned'],
      [9_000, GONE, 'ended person by debtor', 'call-ended'],
    ],
    standing: 'abandoned',
  },
  {
    name: 'a person who does not wait',
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [7_899, GONE, 'ended person by debtor', 'call-hung-up-waiting', 'call-ended'],
    ],
    standing: 'hung-up-waiting',
  },
  {
    name: 'a first agent whose bridge fails, and a second one within the limit',
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [6_050, GIVEN_TO_ANA, 'connecting', 'call-assigned'],
      [6_300, { kind: 'leg-bridge-failed', bridgeId: 'bridge_ana' }, 'waiting', 'call-unassigned'],
      [6_310, GIVEN_TO_BIA, 'connecting', 'call-assigned'],
      [6_380, WITH_BIA, 'talking', 'call-connected'],
      [60_000, GONE, 'ended person by debtor', 'call-ended'],
    ],
    standing: 'connected',
  },
  {
    name: 'an agent whose network fails in the talk and who comes back',
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [6_050, GIVEN_TO_ANA, 'connecting', 'call-assigned'],
      [6_100, WITH_ANA, 'talking', 'call-connected'],
      [20_000, ANA_LOST, 'stranded', 'call-stranded'],
      [24_000, ANA_BACK, 'connecting', 'call-assigned'],
      [24_060, WITH_ANA, 'talking', 'call-connected'],
      [70_000, GONE, 'ended person by debtor', 'call-ended'],
    ],
    standing: 'connected',
  },
  {
    name: 'an agent who does not come back, and another who takes over',
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [6_050, GIVEN_TO_ANA, 'connecting', 'call-assigned'],
      [6_100, WITH_ANA, 'talking', 'call-connected'],
      [20_000, ANA_LOST, 'stranded', 'call-stranded'],
      [25_000, GIVEN_TO_BIA, 'stranded'],
      [28_000, timer('grace'), 'stranded'],
      [31_000, GIVEN_TO_BIA, 'connecting', 'call-assigned'],
      [31_050, WITH_BIA, 'talking', 'call-connected'],
      [70_000, GONE, 'ended person by debtor', 'call-ended'],
    ],
    standing: 'connected',
  },
  {
    name: 'an agent who does not come back, and nobody else: the message, no abandonment',
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [6_050, GIVEN_TO_ANA, 'connecting', 'call-assigned'],
      [6_100, WITH_ANA, 'talking', 'call-connected'],
      [20_000, ANA_LOST, 'stranded', 'call-stranded'],
      [28_000, timer('grace'), 'stranded'],
      [38_000, timer('grace'), 'announcing'],
      [45_000, TOLD, 'announcing'],
      [45_050, GONE, 'ended person by us', 'call-ended'],
    ],
    standing: 'connected',
  },
  {
    name: 'a voice mailbox, found before an agent was sought',
    order: { screening: SCREENED_FIRST },
    lines: [
      [6_000, ANSWER, 'screening', 'call-answered'],
      [7_100, heard('machine'), 'screening', 'call-screened'],
      [7_130, GONE, 'ended machine by us', 'call-ended'],
    ],
    standing: 'machine',
  },
  {
    name: 'a voice mailbox, taken back from the agent who had it',
    order: { screening: SCREENED_BESIDE },
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [6_050, GIVEN_TO_ANA, 'connecting', 'call-assigned'],
      [6_100, WITH_ANA, 'talking', 'call-connected'],
      [7_400, heard('machine'), 'talking', 'call-screened'],
      [7_430, GONE, 'ended machine by us', 'call-ended'],
    ],
    standing: 'machine',
  },
  {
    name: 'a slow verdict: a person is assumed, and the verdict agrees',
    order: { screening: SCREENED_FIRST },
    lines: [
      [6_000, ANSWER, 'screening', 'call-answered'],
      [7_500, timer('screening'), 'waiting', 'screening-over'],
      [7_520, GIVEN_TO_ANA, 'connecting', 'call-assigned'],
      [7_560, WITH_ANA, 'talking', 'call-connected'],
      [7_900, heard('person'), 'talking', 'call-screened'],
      [40_000, GONE, 'ended person by debtor', 'call-ended'],
    ],
    standing: 'connected',
  },
  {
    name: 'a long greeting, from whose end the profile counts',
    order: { clockStart: 'greeting-ended', screening: SCREENED_BESIDE },
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [7_800, GREETED, 'waiting', 'call-greeting-ended'],
      [8_100, heard('person'), 'waiting', 'call-screened'],
      [9_300, GIVEN_TO_ANA, 'connecting', 'call-assigned'],
      [9_500, WITH_ANA, 'talking', 'call-connected'],
      [40_000, GONE, 'ended person by debtor', 'call-ended'],
    ],
    standing: 'connected',
  },
  {
    name: 'an answer in a minute without a process',
    lines: [
      [1_800, RINGING, 'ringing', 'call-ringing'],
      [60_000, FOUND, 'announcing', 'call-answered', 'call-abandoned'],
      [67_000, TOLD, 'announcing'],
      [67_020, GONE, 'ended person by us', 'call-ended'],
    ],
    standing: 'abandoned',
  },
  {
    name: 'a hang-up that the PBX never answers',
    lines: [
      [6_000, ANSWER, 'waiting', 'call-answered'],
      [6_050, GIVEN_TO_ANA, 'connecting', 'call-assigned'],
      [6_100, WITH_ANA, 'talking', 'call-connected'],
      [30_000, HANG_UP, 'talking'],
      [35_000, timer('hang-up'), 'ended person by network', 'call-ended'],
      [36_000, GONE, 'ended person by network'],
    ],
    standing: 'connected',
  },
];

function inWords({ state }: Call): string {
  return state.kind === 'ended' ? `ended ${state.outcome} by ${state.hungUpBy}` : state.kind;
}

describe('a call from its placing to its end', () => {
  it.each(STORIES)('$name', ({ order = {}, lines, standing }) => {
    let { call } = beginCall(anOrder(order));
    for (const [afterMs, signal, state, ...expected] of lines) {
      const step = stepCall(call, signal, PLACED_AT + afterMs);
      call = step.call;
      const at = `${afterMs} ms: ${JSON.stringify(signal)}`;
      expect(inWords(call), at).toBe(state);
      expect(
        step.facts.map((fact) => fact.kind),
        at,
      ).toEqual(expected);
    }
    expect(standingOf(call)).toBe(standing);
  });

  it('is told here in every state that a call can be in', () => {
    const told = new Set(
      STORIES.flatMap(({ lines }) => lines.map(([, , state]) => state.split(' ')[0])),
    );
    expect([...told].toSorted()).toEqual([
      ...['announcing', 'connecting', 'ended', 'placing', 'ringing', 'screening'],
      ...['stranded', 'talking', 'waiting'],
    ]);
  });
});
