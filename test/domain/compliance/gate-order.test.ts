import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DialHistory,
  type DialRequest,
  mayDial,
  PERMIT_LIFE_MS,
} from '../../../src/domain/compliance/gate.ts';
import type { ComplianceProfile } from '../../../src/domain/compliance/profile.ts';
import type { RefusalReason, RuleName } from '../../../src/domain/compliance/refusal.ts';
import { type CallPurpose, voiceAt } from '../../../src/domain/contacts/contact.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import {
  aBlock,
  aCallerId,
  aHistory,
  anAttempt,
  aRequest,
  aRequestTo,
  brasilia,
  COLLECTION,
  inFlight,
  phone,
} from './builders.ts';

const NOW = brasilia('2026-11-23 09:30');

type Scene = {
  readonly request: DialRequest;
  readonly history: DialHistory;
  readonly profile: ComplianceProfile;
};

const LAWFUL: Scene = { request: aRequest(), history: aHistory(), profile: COLLECTION };

function withAttempts(scene: Scene, ...more: readonly DialHistory['attempts'][number][]): Scene {
  const attempts = [...scene.history.attempts, ...more];
  return { ...scene, history: { ...scene.history, attempts } };
}

function asking(scene: Scene, request: Partial<DialRequest>): Scene {
  return { ...scene, request: { ...scene.request, ...request } };
}

const elsewhere = { to: voiceAt(phone('11 3456-1000')) } as const;

/** For each rule, in the order in which they are asked, what breaks it and no other one. */
const BREAKS: readonly (readonly [RuleName, RefusalReason, (scene: Scene) => Scene])[] = [
  [
    'simulated-trunks',
    'simulated-trunks-only',
    (scene) => ({ ...scene, profile: { ...scene.profile, simulatedTrunksOnly: true } }),
  ],
  [
    'calling-hours',
    'outside-calling-hours',
    (scene) => asking(scene, { debtor: { id: 'debtor_1', addressStates: ['AC'] } }),
  ],
  [
    'phone-status',
    'phone-wrong',
    (scene) => asking(scene, { phone: { ...scene.request.phone, status: 'wrong' } }),
  ],
  [
    'do-not-call',
    'do-not-call',
    (scene) => ({ ...scene, history: { ...scene.history, blocks: [aBlock()] } }),
  ],
  [
    'one-call-at-a-time',
    'already-in-call',
    (scene) => withAttempts(scene, inFlight(NOW - 3 * HOUR_MS, elsewhere)),
  ],
  [
    'attempt-caps',
    'attempts-phone-day',
    (scene) =>
      withAttempts(
        scene,
        anAttempt(NOW - 9 * HOUR_MS, { debtorId: 'debtor_2' }),
        anAttempt(NOW - 6 * HOUR_MS, { debtorId: 'debtor_2' }),
      ),
  ],
  [
    'attempt-gaps',
    'gap-person',
    (scene) => withAttempts(scene, anAttempt(NOW - 2 * MINUTE_MS, elsewhere)),
  ],
  [
    'right-party-contact',
    'right-party-contact-today',
    (scene) => ({
      ...scene,
      history: { ...scene.history, rightPartyContactAt: NOW - HOUR_MS },
    }),
  ],
  [
    'redial-after-abandonment',
    'redial-after-abandonment',
    (scene) =>
      withAttempts(
        scene,
        anAttempt(NOW - HOUR_MS, { ...elsewhere, outcome: 'person', abandoned: true }),
      ),
  ],
  [
    'caller-id',
    'caller-id-inactive',
    (scene) => asking(scene, { callerId: aCallerId({ status: 'suspended' }) }),
  ],
  ['ring-time', 'ring-time', (scene) => asking(scene, { ringTimeoutMs: 5_000 })],
];

function verdictOn({ request, history, profile }: Scene) {
  return mayDial(request, history, profile, NOW);
}

describe('the rules of the gate', () => {
  it('all pass for the lawful call that every one of these tests breaks', () => {
    expect(verdictOn(LAWFUL).allowed).toBe(true);
  });

  it.each(BREAKS)('%s alone refuses with %s', (rule, reason, broken) => {
    const answer = verdictOn(broken(LAWFUL));
    expect(answer).toMatchObject({ allowed: false, reason });
    expect(answer.rules.filter((one) => !one.passed).map((one) => one.rule)).toEqual([rule]);
  });

  it('are all asked and shown, in their order, whichever of them refuse', () => {
    fc.assert(
      fc.property(fc.subarray(BREAKS.slice()), (broken) => {
        const scene = broken.reduce((before, [, , breaks]) => breaks(before), LAWFUL);
        const answer = verdictOn(scene);
        expect(answer.rules.map((one) => one.rule)).toEqual(BREAKS.map(([rule]) => rule));
        expect(answer.rules.filter((one) => !one.passed).map((one) => one.rule)).toEqual(
          broken.map(([rule]) => rule),
        );
        expect(answer.allowed).toBe(broken.length === 0);
        if (!answer.allowed) expect(answer.reason).toBe(broken[0]?.[1]);
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  it('give no permit with a refusal, and no reason with a permit', () => {
    const allowed = verdictOn(LAWFUL);
    expect(allowed).not.toHaveProperty('reason');
    for (const [, , breaks] of BREAKS) {
      expect(verdictOn(breaks(LAWFUL))).not.toHaveProperty('permit');
    }
  });
});

describe('a permit', () => {
  it('is for this call and nothing else: what was asked is what is permitted', () => {
    const purposes = fc.constantFrom('campaign', 'callback', 'redial-after-abandonment');
    const ringing = fc.integer({ min: 20_000, max: 30_000 });
    fc.assert(
      fc.property(purposes, ringing, fc.nat(9_999), (purpose, ringTimeoutMs, last) => {
        const number = `31 3456-${String(last).padStart(4, '0')}`;
        const request = aRequestTo(number, {
          purpose: purpose as CallPurpose,
          ringTimeoutMs,
          legId: `leg_${last}`,
        });
        const answer = mayDial(request, aHistory(), COLLECTION, NOW);
        if (!answer.allowed) throw new Error(`refused: ${answer.reason}`);
        expect(answer.permit).toMatchObject({
          ...{ legId: request.legId, phone: request.contact.address, purpose, ringTimeoutMs },
          ...{ callerId: request.callerId.number, trunkId: request.trunk.id },
          expiresAt: NOW + PERMIT_LIFE_MS,
        });
      }),
      { numRuns: 50, seed: 12 },
    );
  });

  it('does not depend on how often it was asked for', () => {
    expect(verdictOn(LAWFUL)).toEqual(verdictOn(LAWFUL));
  });
});

describe('the first moment at which every rule agrees', () => {
  type When = readonly [string, Partial<DialRequest>, Partial<DialHistory>, string, string];
  const promiseUntil = (at: string) => ({
    blocks: [aBlock({ reason: 'promise' as const, expiresAt: brasilia(at) })],
  });
  const inMatoGrosso = aRequestTo('65 98765-4321');
  const inRio = aRequestTo('21 98765-4321');
  const twentyThisMonth = Array.from({ length: 20 }, (_, index) =>
    anAttempt(brasilia(`2026-11-${String(1 + index).padStart(2, '0')} 10:00`), elsewhere),
  );

  it.each<When>([
    [
      'a call in flight',
      {},
      { attempts: [inFlight(brasilia('2026-11-23 14:50'))] },
      '2026-11-23 15:00',
      '2026-11-23 16:50',
    ],
    [
      'a call in flight that outlasts the gap after a busy',
      {},
      {
        attempts: [
          inFlight(brasilia('2026-11-23 12:00'), elsewhere),
          anAttempt(brasilia('2026-11-23 14:56'), { ...elsewhere, outcome: 'busy' }),
        ],
      },
      '2026-11-23 15:00',
      '2026-11-23 15:10',
    ],
    [
      'a block until Sunday',
      {},
      promiseUntil('2026-11-29 00:00'),
      '2026-11-23 15:00',
      '2026-11-30 08:00',
    ],
    [
      'a block until a holiday',
      {},
      promiseUntil('2026-12-25 00:00'),
      '2026-12-23 15:00',
      '2026-12-26 08:00',
    ],
    [
      'a contact on Saturday',
      {},
      { rightPartyContactAt: brasilia('2026-11-28 10:00') },
      '2026-11-28 11:00',
      '2026-11-30 08:00',
    ],
    [
      'a gap that ends at night in Rio',
      inRio,
      { attempts: [anAttempt(brasilia('2026-11-27 18:00'), { to: inRio.contact })] },
      '2026-11-27 18:30',
      '2026-11-30 09:00',
    ],
    [
      'the month’s cap in Mato Grosso',
      inMatoGrosso,
      { attempts: twentyThisMonth },
      '2026-11-23 15:00',
      '2026-12-01 09:00',
    ],
    [
      'a contract that begins on a Sunday',
      { callerId: aCallerId({ validFrom: brasilia('2026-11-29 00:00') }) },
      {},
      '2026-11-23 15:00',
      '2026-11-30 08:00',
    ],
    [
      'a block that outlasts a cap',
      {},
      { ...promiseUntil('2026-12-10 12:00'), attempts: twentyThisMonth },
      '2026-11-23 15:00',
      '2026-12-10 12:00',
    ],
    [
      'an abandoned call on a Saturday',
      {},
      { attempts: [anAttempt(brasilia('2026-11-28 09:00'), { abandoned: true })] },
      '2026-11-28 13:00',
      '2026-11-30 08:00',
    ],
  ])('%s', (_name, request, history, now, at) => {
    const asked = [aRequest(request), aHistory(history), COLLECTION] as const;
    const answer = mayDial(...asked, brasilia(now));
    expect(answer).toMatchObject({ allowed: false, retryAt: brasilia(at) });
    const settled = (history.attempts ?? []).filter((one) => one.outcome !== undefined);
    const then = mayDial(
      asked[0],
      aHistory({ ...history, attempts: settled }),
      asked[2],
      brasilia(at),
    );
    expect(then.allowed).toBe(true);
  });

  it.each<[string, Partial<DialRequest>, Partial<DialHistory>]>([
    ['a block for good', {}, { blocks: [aBlock()] }],
    ['a wrong number', { phone: { ...aRequest().phone, status: 'wrong' } }, {}],
    ['a retired caller ID', { callerId: aCallerId({ status: 'retired' }) }, {}],
    ['an unlawful ring time', { ringTimeoutMs: 31_000 }, {}],
    ['a real trunk for a demonstration', {}, {}],
  ])('is not promised where %s stands, whatever else would pass', (name, request, history) => {
    const profile = { ...COLLECTION, simulatedTrunksOnly: name.startsWith('a real trunk') };
    const night = brasilia('2026-11-23 23:00');
    const contact = { rightPartyContactAt: night - HOUR_MS };
    const answer = mayDial(aRequest(request), aHistory({ ...history, ...contact }), profile, night);
    expect(answer.allowed).toBe(false);
    expect(answer).not.toHaveProperty('retryAt');
  });
});
