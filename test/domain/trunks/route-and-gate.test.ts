import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerIdRule } from '../../../src/domain/compliance/caller-id-rules.ts';
import {
  type CallerId,
  chooseRoute,
  type RouteRequest,
  type TrunkState,
} from '../../../src/domain/trunks/caller-id.ts';
import {
  CALLER_ID_ENDS_MAX,
  type CallerIdHealth,
  healthAfter,
  UNJUDGED,
} from '../../../src/domain/trunks/caller-id-health.ts';
import { dialedNumber, type NumberFormat } from '../../../src/domain/trunks/trunk.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { COLLECTION } from '../compliance/builders.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');

const anyCallerId: fc.Arbitrary<CallerId> = fc
  .record({
    n: fc.nat(5),
    holderEntityId: fc.constantFrom(
      'entity_us' as const,
      'entity_us' as const,
      'entity_other' as const,
    ),
    kind: fc.constantFrom('fixed' as const, 'mobile' as const, 'national' as const),
    areaCode: fc.constantFrom('11', '21'),
    trunkIds: fc.subarray(['trunk_1', 'trunk_2', 'trunk_3'] as const),
    stationBound: fc.boolean(),
    validFrom: fc.constantFrom(0, NOW, NOW + 1),
    validTo: fc.constantFrom(undefined, NOW, NOW + 1),
    status: fc.constantFrom('active' as const, 'active' as const, 'suspended' as const),
  })
  .map(({ n, validTo, ...fields }) => ({
    ...fields,
    id: `callerid_${n}` as const,
    number: `+55${fields.areaCode}3456000${n}` as const,
    ...(validTo === undefined ? {} : { validTo }),
  }));

const anyTrunk = (id: TrunkState['id']): fc.Arbitrary<TrunkState> =>
  fc
    .record({
      enabled: fc.boolean(),
      callsNow: fc.integer({ min: 0, max: 3 }),
      channelsMax: fc.integer({ min: 1, max: 3 }),
      callsAllowedNow: fc.constantFrom(0, 0.5, 1, 7),
      suspendedUntil: fc.constantFrom(undefined, NOW, NOW + 1),
    })
    .map(({ suspendedUntil, ...fields }) => ({
      ...fields,
      id,
      ...(suspendedUntil === undefined ? {} : { suspendedUntil }),
    }));

const anyRequest: fc.Arbitrary<RouteRequest> = fc
  .record({
    callerIds: fc.uniqueArray(anyCallerId, { maxLength: 5, selector: (one) => one.id }),
    trunks: fc.tuple(anyTrunk('trunk_1'), anyTrunk('trunk_2')),
    fallback: fc.constantFrom(undefined, 'callerid_0' as const, 'callerid_3' as const),
    resting: fc.subarray([0, 1, 2, 3]),
    phone: fc.constantFrom('+5511987654321' as const, '+5584987654321' as const),
  })
  .map(({ fallback, resting, ...fields }) => ({
    ...fields,
    resting: new Map(
      resting.map((n) => [fields.callerIds[n]?.number ?? '+5511', n % 2 ? NOW : NOW + 1] as const),
    ),
    campaign: {
      legalEntityId: 'entity_us',
      ...(fallback === undefined ? {} : { fallbackCallerIdId: fallback }),
    },
    now: NOW,
  }));

/** Whether the gate would let this number be shown on this trunk of ours. */
function isLawful(callerId: CallerId, trunkId: TrunkState['id']): boolean {
  const input = {
    callerId,
    trunk: { id: trunkId, legalEntityId: 'entity_us' },
    legalEntityId: 'entity_us',
    profile: COLLECTION,
    now: NOW,
  } as const;
  return callerIdRule(input).refusal === undefined;
}

function isFree({ enabled, callsNow, channelsMax, callsAllowedNow, suspendedUntil }: TrunkState) {
  const isSuspended = suspendedUntil !== undefined && suspendedUntil > NOW;
  return enabled && callsNow < channelsMax && callsAllowedNow >= 1 && !isSuspended;
}

function mayShow(callerId: CallerId, request: RouteRequest): boolean {
  const isLocal = callerId.kind !== 'national' && request.phone.slice(3, 5) === callerId.areaCode;
  return isLocal || callerId.id === request.campaign.fallbackCallerIdId;
}

describe('whatever numbers and trunks there are', () => {
  it('a chosen pair is one that the gate allows, awake, and on a trunk with room', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const route = chooseRoute(request);
        if ('refused' in route) return;
        const trunk = request.trunks.find((one) => one.id === route.trunkId);
        expect(trunk && isFree(trunk)).toBe(true);
        expect(isLawful(route.callerId, route.trunkId)).toBe(true);
        expect(mayShow(route.callerId, request)).toBe(true);
        expect(request.resting?.get(route.callerId.number) ?? 0).toBeLessThanOrEqual(NOW);
      }),
      { numRuns: 800, seed: 61 },
    );
  });

  it('none is refused where one such pair exists', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const pairs = request.callerIds.flatMap((callerId) =>
          request.trunks.filter(
            (trunk) =>
              mayShow(callerId, request) &&
              isLawful(callerId, trunk.id) &&
              isFree(trunk) &&
              (request.resting?.get(callerId.number) ?? 0) <= NOW,
          ),
        );
        expect('refused' in chooseRoute(request)).toBe(pairs.length === 0);
      }),
      { numRuns: 800, seed: 62 },
    );
  });

  it('a number of the area is shown before the campaign’s own', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const route = chooseRoute(request);
        if ('refused' in route || route.because === 'same-area-code') return;
        const { fallbackCallerIdId: _own, ...campaign } = request.campaign;
        expect(chooseRoute({ ...request, campaign })).toHaveProperty('refused');
      }),
      { numRuns: 400, seed: 63 },
    );
  });

  it('the order of the inventory decides nothing', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const reversed = { ...request, callerIds: request.callerIds.toReversed() };
        expect(chooseRoute(reversed)).toEqual(chooseRoute(request));
      }),
      { numRuns: 200, seed: 64 },
    );
  });
});

describe('trunks of different sizes', () => {
  it('fill alike: after any number of calls their shares differ by one call at most', () => {
    const callerId: CallerId = {
      ...{ id: 'callerid_1', number: '+551134567890', holderEntityId: 'entity_us', kind: 'fixed' },
      ...{ areaCode: '11', trunkIds: ['trunk_1', 'trunk_2'], stationBound: false, validFrom: 0 },
      status: 'active',
    };
    const trunk = (id: TrunkState['id'], channelsMax: number, callsNow: number): TrunkState => ({
      ...{ id, enabled: true, callsAllowedNow: 5, channelsMax, callsNow },
    });
    let [small, large] = [0, 0];
    for (let call = 0; call < 120; call += 1) {
      const route = chooseRoute({
        phone: '+5511987654321',
        callerIds: [callerId],
        trunks: [trunk('trunk_1', 30, small), trunk('trunk_2', 90, large)],
        campaign: { legalEntityId: 'entity_us' },
        now: NOW,
      });
      if ('refused' in route) throw new Error('both trunks have room');
      if (route.trunkId === 'trunk_1') small += 1;
      else large += 1;
      expect(Math.abs(small / 30 - large / 90)).toBeLessThanOrEqual(1 / 30 + 1e-9);
    }
    expect([small, large]).toEqual([30, 90]);
  });
});

describe('the number as a carrier wants it', () => {
  const MOBILE = '+5511987654321';
  const FIXED = '+558434567890';

  it.each<[NumberFormat, string, string]>([
    [{ kind: 'e164' }, '+5511987654321', '+558434567890'],
    [{ kind: 'international-digits' }, '5511987654321', '558434567890'],
    [{ kind: 'national' }, '11987654321', '8434567890'],
    [{ kind: 'zero-carrier', carrierCode: '15' }, '01511987654321', '0158434567890'],
    [{ kind: 'zero-carrier', carrierCode: '' }, '011987654321', '08434567890'],
  ])('%j: %s and %s', (format, mobile, fixed) => {
    expect(dialedNumber(MOBILE, format)).toBe(mobile);
    expect(dialedNumber(FIXED, format)).toBe(fixed);
  });
});

describe('the repute of a number over many calls', () => {
  const ends = fc.array(
    fc.record({
      outcome: fc.constantFrom('person', 'no-answer', 'busy', 'spam-refused', 'unwanted'),
      afterMs: fc.integer({ min: 0, max: 10 * MINUTE_MS }),
    }),
    { maxLength: 120 },
  );

  it('is judged by the newest fifty at most, and rests only with three refusals and a tenth', () => {
    fc.assert(
      fc.property(ends, (calls) => {
        let health: CallerIdHealth = UNJUDGED;
        let now = NOW;
        for (const { outcome, afterMs } of calls) {
          now += afterMs;
          const before = health;
          health = healthAfter(before, outcome as 'person', now);
          expect(health.recent.length).toBeLessThanOrEqual(CALLER_ID_ENDS_MAX);
          if (health.rest === before.rest || !health.rest) continue;
          const { from, until, refused, of } = health.rest;
          expect([from, until]).toEqual([now, now + 30 * MINUTE_MS]);
          expect(before.rest?.until ?? 0).toBeLessThanOrEqual(now);
          expect(refused).toBeGreaterThanOrEqual(3);
          expect(refused / of).toBeGreaterThanOrEqual(0.1);
          expect(['spam-refused', 'unwanted']).toContain(outcome);
        }
      }),
      { numRuns: 150, seed: 65 },
    );
  });

  it('recovers: after a rest, fifty calls that went well are all that is remembered', () => {
    const fallen = [1, 2, 3].reduce<CallerIdHealth>(
      (health) => healthAfter(health, 'spam-refused', NOW),
      UNJUDGED,
    );
    let health = fallen;
    for (let call = 0; call < 50; call += 1) health = healthAfter(health, 'person', NOW + DAY_MS);
    expect(health.rest).toEqual(fallen.rest);
    expect(new Set(health.recent)).toEqual(new Set(['fine']));
    expect(healthAfter(health, 'unwanted', NOW + DAY_MS).rest).toEqual(fallen.rest);
  });
});
