import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TelephonySignal } from '../../src/engine/ports/telephony.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { type AriEvent, readAriEvent } from '../../src/telephony/ari-events.ts';
import { toSignals } from '../../src/telephony/ari-signals.ts';
import { Legs } from '../../src/telephony/legs.ts';

const FOLDER = new URL('../fixtures/ari/', import.meta.url);
const FIXTURES = readdirSync(FOLDER)
  .filter((name) => name !== 'api-docs.jsonl')
  .map((name) => name.replace(/\.jsonl$/, ''));

/** What each recording of a real 22.10.1 says to us, in the order in which it was first said. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'busy-486': ['leg-ended 17/486'],
  'invalid-404': ['leg-ended 1/404'],
  'rejected-603': ['leg-ended 21/603'],
  'congestion-503': ['leg-ended 34/503'],
  'caller-id-403': ['leg-ended 21/403'],
  'unavailable-480': ['leg-ringing', 'leg-ended 19/480'],
  'rings-out': ['leg-ringing', 'leg-ended 19/480'],
  'no-response': ['leg-ended 19/480'],
  'early-media-then-404': ['leg-early-media', 'leg-ended 1/404'],
  'we-hang-up-while-ringing': ['leg-ringing', 'leg-ended 19/480'],
  'answered-bridged-announced-hung-up': [
    'leg-answered',
    'leg-bridged bridge_fixture',
    'announcement-ended',
    'leg-ended 16/-',
  ],
};

/** The two ways of placing differ in one thing only. */
const BY_FILE: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['originate', 'create-and-dial'].flatMap((placing) =>
      Object.entries(EXPECTED).map(([name, said]) => [`${placing}.${name}`, said]),
    ),
  ),
  'originate.answered-then-far-end-bye': ['leg-answered', 'leg-ended 0/-'],
  'create-and-dial.answered-then-far-end-bye': ['leg-answered', 'leg-ended 16/-'],
  'headset-in-and-out': [
    'headset-arrived headset_fixture',
    'headset-pinned headset_fixture bridge_headset',
    'headset-ended headset_fixture',
  ],
  inbound: ['inbound-arrived trunk_fixture +5511988887777 → +551133330000'],
};

function eventsOf(fixture: string): readonly AriEvent[] {
  const recorded = readFileSync(new URL(`${fixture}.jsonl`, FOLDER), 'utf8')
    .trim()
    .split('\n');
  return recorded.flatMap((event) => readAriEvent(event) ?? []);
}

function inWords(signal: TelephonySignal): string {
  switch (signal.kind) {
    case 'leg-ended':
      return `leg-ended ${signal.cause}/${signal.techCause ?? '-'}`;
    case 'leg-bridged':
      return `leg-bridged ${signal.bridgeId}`;
    case 'headset-pinned':
      return `headset-pinned ${signal.headsetId} ${signal.bridgeId}`;
    case 'headset-arrived':
    case 'headset-ended':
      return `${signal.kind} ${signal.headsetId}`;
    case 'inbound-arrived':
      return `inbound-arrived ${signal.trunkId} ${signal.from} → ${signal.to}`;
    default:
      return signal.kind;
  }
}

describe('what the PBX says becomes a signal', () => {
  test('every recording has its row in the table', () => {
    expect(FIXTURES.toSorted()).toEqual(Object.keys(BY_FILE).toSorted());
  });

  test.each(Object.keys(BY_FILE))('%s', (fixture) => {
    const signals = eventsOf(fixture).flatMap((event) => toSignals(event, 1_000));
    expect([...new Set(signals.map(inWords))]).toEqual(BY_FILE[fixture]);
    expect(signals.every(({ at }) => at === 1_000)).toBe(true);
  });

  test('a leg that is up but not in our application yet is not answered', () => {
    const [up] = eventsOf('originate.answered-then-far-end-bye').filter(
      (event) => event.type === 'ChannelStateChange',
    );
    expect(up && toSignals(up, 0)).toEqual([]);
  });

  test('channels and bridges that are not ours give no signals', () => {
    const text = JSON.stringify(eventsOf('originate.answered-bridged-announced-hung-up'));
    const foreign: AriEvent[] = JSON.parse(text.replaceAll('leg_', 'other-'));
    expect(foreign.flatMap((event) => toSignals(event, 0))).toEqual([]);
  });
});

describe('unreadable events are dropped', () => {
  test.each([
    ['an unknown type', '{"type":"ChannelTeleported","channel":{"id":"leg_1"}}'],
    ['no type', '{"channel":{"id":"leg_1"}}'],
    ['not JSON', 'oops'],
    ['not an object', '42'],
    ['null', 'null'],
    ['a channel that is missing', '{"type":"StasisStart","args":[]}'],
    ['a channel without a name', '{"type":"StasisEnd","channel":{"id":"leg_1"}}'],
    ['a type that every object has', '{"type":"toString"}'],
  ])('%s', (_, text) => {
    expect(readAriEvent(text)).toBeUndefined();
  });
});

describe('a leg only goes forward', () => {
  const RANK: Readonly<Record<string, number>> = {
    'leg-ringing': 1,
    'leg-early-media': 1,
    'leg-answered': 2,
    'leg-ended': 9,
  };

  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'with events doubled, dropped and out of order (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const legFixtures = FIXTURES.filter((name) => /^(originate|create)/.test(name));
      const fixture = legFixtures[Math.floor(random() * legFixtures.length)] ?? '';
      const events = eventsOf(fixture)
        .flatMap((event) => (random() < 0.3 ? [event, event] : random() < 0.2 ? [] : [event]))
        .map((event, index) => ({ event, place: index + random() * 4 }))
        .toSorted((one, other) => one.place - other.place)
        .map(({ event }) => event);
      const legs = new Legs();
      const accepted = events
        .flatMap((event) => toSignals(event, 0))
        .flatMap((signal) => ('legId' in signal ? (legs.accept(signal) ?? []) : []));
      const ranks = accepted.flatMap(({ kind }) => RANK[kind] ?? []);
      expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
      for (const kind of Object.keys(RANK)) {
        expect(accepted.filter((signal) => signal.kind === kind).length).toBeLessThanOrEqual(1);
      }
      const end = accepted.findIndex(({ kind }) => kind === 'leg-ended');
      if (end >= 0) expect(end).toBe(accepted.length - 1);
    },
  );
});
