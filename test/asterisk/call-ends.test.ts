/** What ends a call, on the real PBX with a SIP far end whose answer is chosen by the number dialed. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FarEndFate, SipFarEnd } from '../../scripts/bench/sip-far-end.ts';
import { classifyEnd, isAnswerWithoutMedia } from '../../src/domain/calls/outcome.ts';
import type { TelephonySignal } from '../../src/engine/ports/telephony.ts';
import type { LegId } from '../../src/lib/ids.ts';
import { adapterOnPair } from '../telephony/adapter-on-pair.ts';
import { aTrunk } from '../telephony/builders.ts';

const on = adapterOnPair('call-ends');

type Case = readonly [says: string, fate: Partial<FarEndFate>, outcome: string, codes?: object];

const ELSEWHERE = 'Contact: <sip:+5511900000000@127.0.0.9>';
const NUMBER_GONE = 'Reason: Q.850;cause=1';

/**
 * Everything a far end may answer, and our signal for it. The number contains the index in the
 * list.
 */
const CASES: readonly Case[] = [
  ['480', { status: 480 }, 'no-answer', { cause: 19, techCause: 480 }],
  ['480, Reason 1', { status: 480, headers: [NUMBER_GONE] }, 'invalid-number', { reasonCause: 1 }],
  ['503', { status: 503 }, 'congestion', { cause: 34, techCause: 503 }],
  [
    '503, Reason 1 with words',
    { status: 503, headers: ['Reason: Q.850;cause=1;text="Unallocated (unassigned) number"'] },
    'invalid-number',
    { cause: 34, techCause: 503, reasonCause: 1 },
  ],
  ['503, Reason 17', { status: 503, headers: ['Reason: Q.850 ;cause=17'] }, 'busy'],
  ['500, Reason 34', { status: 500, headers: ['Reason: Q.850;cause=34'] }, 'congestion'],
  ['404, Reason 20', { status: 404, headers: ['Reason: Q.850;cause=20'] }, 'no-answer'],
  ['480, Reason 21', { status: 480, headers: ['Reason: Q.850;cause=21'] }, 'rejected'],
  [
    '480, two reasons in one',
    { status: 480, headers: ['Reason: SIP;cause=480;text="x", Q.850;text="y";cause=22'] },
    'invalid-number',
  ],
  ['480, Reason 16', { status: 480, headers: ['Reason: Q.850;cause=16'] }, 'no-answer'],
  ['486, Reason unreadable', { status: 486, headers: ['Reason: ;;cause=;'] }, 'busy'],
  ['403', { status: 403 }, 'caller-id-refused'],
  ['404', { status: 404 }, 'invalid-number'],
  ['406', { status: 406 }, 'media-failed'],
  ['410', { status: 410 }, 'invalid-number'],
  ['488', { status: 488 }, 'media-failed'],
  ['600', { status: 600 }, 'busy'],
  ['603', { status: 603 }, 'rejected', { cause: 21, techCause: 603 }],
  ['607, Reason 17', { status: 607, headers: ['Reason: Q.850;cause=17'] }, 'unwanted'],
  ['608', { status: 608 }, 'spam-refused', { cause: 127, techCause: 608 }],
  ...[300, 301, 302, 305, 380].map(
    (status): Case => [
      `${status}, Reason 1`,
      { status, headers: [ELSEWHERE, NUMBER_GONE] },
      'forwarded',
      { cause: 23 },
    ],
  ),
  ['200 without SDP', { status: 200, answersWithoutSdp: true }, 'media-failed'],
  [
    '183 with SDP, then 200 without',
    { status: 200, answersWithoutSdp: true, speaksEarly: true, hangsUpAfterMs: 300 },
    'person',
  ],
  ['200, then BYE', { status: 200, hangsUpAfterMs: 300 }, 'person'],
];

let farEnd: SipFarEnd;

beforeAll(async () => {
  farEnd = await SipFarEnd.start({
    address: '127.0.0.3',
    toneHz: 440,
    fateOf: (_call, number) => ({
      ringsAfterMs: 20,
      endsAfterMs: 150,
      status: 200,
      hangsUpAfterMs: Number.POSITIVE_INFINITY,
      ...CASES[Number(number.slice(-2))]?.[1],
    }),
  });
});
afterAll(() => farEnd.stop());

const numberOf = (index: number) => `+55119888800${`${index}`.padStart(2, '0')}` as const;

async function trunkTo(readsReason: boolean): Promise<`trunk_${string}`> {
  const trunk = aTrunk({ host: farEnd.address, port: farEnd.port, readsReason });
  on.telephony.setTrunks([trunk]);
  await vi.waitFor(async () => {
    expect(await on.hasEndpoint(trunk.id)).toBe(true);
  });
  return trunk.id;
}

async function endOf(legId: LegId) {
  const end = await on.signals.waitFor('leg-ended', { legId });
  const of = on.signals.all.filter((one) => 'legId' in one && one.legId === legId);
  const answer = of.find(({ kind }) => kind === 'leg-answered');
  const has = (kind: TelephonySignal['kind']) => of.some((one) => one.kind === kind);
  const answeredForMs = answer ? end.at - answer.at : 0;
  const isNone = isAnswerWithoutMedia({
    ...end,
    earlyMedia: has('leg-early-media'),
    answeredForMs,
  });
  const rang = has('leg-ringing');
  return {
    end,
    isAnswered: answer !== undefined,
    outcome: classifyEnd({ ...end, rang, answered: answer !== undefined && !isNone }),
  };
}

describe.each(['create-and-dial', 'originate'] as const)('a far end, called by %s,', (placing) => {
  beforeEach(() => on.begin(placing));

  test('is understood with every kind of answer', async () => {
    const trunkId = await trunkTo(true);
    const legs = CASES.map((_case, index) => on.call('', { trunkId, phone: numberOf(index) }));
    for (const [index, [says, _fate, expected, codes]] of CASES.entries()) {
      const { end, outcome, isAnswered } = await endOf(legs[index] as LegId);
      expect.soft(outcome, says).toBe(expected);
      // An answer without media gives no signal, so no agent is disturbed.
      expect.soft(isAnswered, says).toBe(expected === 'person');
      expect.soft(end, says).toMatchObject(codes ?? {});
    }
  });

  test('has its Reason header ignored when the trunk says so', async () => {
    const trunkId = await trunkTo(false);
    const silent = CASES.findIndex(([says]) => says === '200 without SDP');
    const asked = [1, 3, silent];
    const legs = asked.map((index) => on.call('', { trunkId, phone: numberOf(index) }));
    const [unavailable, congested, without] = await Promise.all(legs.map(endOf));
    expect(without).toMatchObject({ outcome: 'media-failed' });
    expect(unavailable).toMatchObject({ outcome: 'no-answer' });
    expect(congested).toMatchObject({ outcome: 'congestion' });
    expect(unavailable?.end).not.toHaveProperty('reasonCause');
  });
});

describe('a PBX that stands still', () => {
  beforeEach(() => on.begin('create-and-dial'));
  afterEach(() => process.kill(on.pair.dialer.pid, 'SIGCONT'));

  test('never dials calls requested meanwhile, and all their permits are given back', async () => {
    const trunkId = await trunkTo(true);
    const before = farEnd.invites;
    process.kill(on.pair.dialer.pid, 'SIGSTOP');
    const legs = [50, 51, 52].map((index) => on.call('', { trunkId, phone: numberOf(index) }));
    await pause(500);
    // Our ring time ends while the PBX stands still.
    on.telephony.hangUpLeg(legs[0] as LegId, 'ring-timeout');
    await on.signals.waitFor('leg-refused', { legId: legs[0] as LegId, reason: 'never-left' });
    await pause(2_000);
    process.kill(on.pair.dialer.pid, 'SIGCONT');
    for (const legId of legs.slice(1)) {
      await on.signals.waitFor('leg-refused', { legId, reason: 'permit-expired' });
    }
    await vi.waitFor(async () => {
      expect(await on.pair.dialer.command('core show channels count')).toContain('0 active');
    }, 8_000);
    expect(farEnd.invites).toBe(before);
    for (const legId of legs) expect(on.signals.kindsOf(legId)).toEqual(['leg-refused']);
    // Afterwards it dials normally again.
    const later = on.call('', { trunkId, phone: numberOf(0) });
    expect((await endOf(later)).outcome).toBe('no-answer');
    expect(farEnd.invites).toBe(before + 1);
  }, 30_000);
});
