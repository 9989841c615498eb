import { describe, expect, it } from 'vitest';
import {
  type CallerId,
  chooseRoute,
  type Route,
  type RouteRequest,
  type TrunkState,
} from '../../../src/domain/trunks/caller-id.ts';
import { type E164, parsePhone } from '../../../src/lib/phone-number.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');

function aCallerId(overrides: Partial<CallerId> & Pick<CallerId, 'id'>): CallerId {
  return {
    number: '+551134567890',
    holderEntityId: 'entity_us',
    kind: 'fixed',
    areaCode: '11',
    trunkIds: ['trunk_1'],
    stationBound: false,
    validFrom: 0,
    status: 'active',
    ...overrides,
  };
}

function aTrunk(overrides: Partial<TrunkState> = {}): TrunkState {
  return {
    id: 'trunk_1',
    enabled: true,
    callsNow: 0,
    channelsMax: 30,
    callsAllowedNow: 5,
    ...overrides,
  };
}

const LOCAL = aCallerId({ id: 'callerid_local' });
const FALLBACK = aCallerId({ id: 'callerid_fallback', number: '+552134567890', areaCode: '21' });

function route(overrides: Partial<RouteRequest> = {}): Route {
  return chooseRoute({
    phone: '+5511987654321',
    trunks: [aTrunk()],
    callerIds: [LOCAL, FALLBACK],
    campaign: { legalEntityId: 'entity_us', fallbackCallerIdId: 'callerid_fallback' },
    now: NOW,
    ...overrides,
  });
}

describe('the number shown', () => {
  it('is one of ours in the debtor’s area', () => {
    expect(route()).toEqual({ callerId: LOCAL, trunkId: 'trunk_1', because: 'same-area-code' });
  });

  it('is the campaign’s where we have none in the area', () => {
    expect(route({ phone: '+5584987654321' })).toEqual({
      callerId: FALLBACK,
      trunkId: 'trunk_1',
      because: 'campaign-fallback',
    });
  });

  it('rests where it is one that may be shown, and is none where it may not be', () => {
    const resting = new Map([[LOCAL.number, NOW + 1]]);
    const campaign = { legalEntityId: 'entity_us' } as const;
    const only = { callerIds: [LOCAL], campaign, resting };
    expect(route(only)).toEqual({ refused: 'caller-id-resting' });
    const callerIds = [{ ...LOCAL, kind: 'national' as const }];
    expect(route({ ...only, callerIds })).toEqual({ refused: 'no-caller-id' });
  });

  it('is never one of another area that is not the campaign’s', () => {
    const campaign = { legalEntityId: 'entity_us' } as const;
    expect(route({ phone: '+5584987654321', campaign })).toEqual({ refused: 'no-caller-id' });
  });

  it.each<[string, Partial<CallerId>]>([
    ['of another legal entity', { holderEntityId: 'entity_other' }],
    ['suspended', { status: 'suspended' }],
    ['expired', { validTo: NOW }],
    ['not valid yet', { validFrom: NOW + 1 }],
    ['mobile without its station', { kind: 'mobile' }],
  ])('is not one that is %s', (_name, overrides) => {
    expect(route({ callerIds: [{ ...LOCAL, ...overrides }, FALLBACK] })).toMatchObject({
      because: 'campaign-fallback',
    });
  });

  it('may be a mobile number whose station is the trunk', () => {
    const bound = { ...LOCAL, kind: 'mobile', stationBound: true } as const;
    expect(route({ callerIds: [bound] })).toMatchObject({ because: 'same-area-code' });
  });

  it('is the same for one debtor each time, and evenly spread over debtors', () => {
    const callerIds = [1, 2, 3, 4].map((n) => aCallerId({ id: `callerid_${n}` }));
    const shares = new Map<string, number>();
    for (let index = 0; index < 4_000; index += 1) {
      const phone = numberOf(index);
      const first = route({ phone, callerIds });
      const second = route({ phone, callerIds: callerIds.toReversed() });
      if ('refused' in first || 'refused' in second) throw new Error('expected a route');
      expect(second.callerId.id).toBe(first.callerId.id);
      shares.set(first.callerId.id, (shares.get(first.callerId.id) ?? 0) + 1);
    }
    expect(shares.size).toBe(4);
    for (const share of shares.values()) {
      expect(share).toBeGreaterThan(850);
      expect(share).toBeLessThan(1_150);
    }
  });
});

describe('the trunk', () => {
  const both = { ...LOCAL, trunkIds: ['trunk_1', 'trunk_2'] } as const;

  it('is the emptier one of those that carry the number', () => {
    const trunks = [
      aTrunk({ callsNow: 10 }),
      aTrunk({ id: 'trunk_2', callsNow: 20, channelsMax: 100 }),
    ];
    expect(route({ callerIds: [both], trunks })).toMatchObject({ trunkId: 'trunk_2' });
  });

  it('with a free channel and the campaign’s number serves when the local number’s is full', () => {
    const trunks = [aTrunk({ callsNow: 30 }), aTrunk({ id: 'trunk_2' })];
    const fallback = { ...FALLBACK, trunkIds: ['trunk_2'] } as const;
    expect(route({ callerIds: [LOCAL, fallback], trunks })).toMatchObject({
      trunkId: 'trunk_2',
      because: 'campaign-fallback',
    });
  });

  it.each<[string, readonly TrunkState[], string]>([
    ['there is none', [], 'no-trunk'],
    ['it is disabled', [aTrunk({ enabled: false })], 'no-trunk'],
    ['it carries other numbers', [aTrunk({ id: 'trunk_9' })], 'no-trunk'],
    ['it is full', [aTrunk({ callsNow: 30 })], 'no-trunk-free'],
    ['its bucket is empty', [aTrunk({ callsAllowedNow: 0.9 })], 'no-trunk-free'],
    ['it is suspended', [aTrunk({ suspendedUntil: NOW + 1 })], 'no-trunk-free'],
  ])('is refused when %s', (_name, trunks, refused) => {
    expect(route({ trunks })).toEqual({ refused });
  });

  it('serves again when its suspension is over', () => {
    expect(route({ trunks: [aTrunk({ suspendedUntil: NOW })] })).toMatchObject({
      trunkId: 'trunk_1',
    });
  });
});

function numberOf(index: number): E164 {
  const parsed = parsePhone(`119${String(61_000_000 + index * 7)}`);
  if (!parsed.ok) throw new Error('expected a number');
  return parsed.number;
}
