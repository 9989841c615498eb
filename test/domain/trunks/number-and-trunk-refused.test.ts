import { describe, expect, it } from 'vitest';
import {
  type CallerId,
  chooseRoute,
  type RouteRefusal,
  type RouteRequest,
  type TrunkState,
} from '../../../src/domain/trunks/caller-id.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');

const LOCAL: CallerId = {
  ...{ id: 'callerid_local', number: '+551134567890', holderEntityId: 'entity_us', kind: 'fixed' },
  ...{ areaCode: '11', trunkIds: ['trunk_1'], stationBound: false, validFrom: 0, status: 'active' },
};
const OWN: CallerId = {
  ...{ ...LOCAL, id: 'callerid_own', number: '+552134567890', areaCode: '21' },
  trunkIds: ['trunk_2'],
};
const TRUNK: TrunkState = {
  ...{ id: 'trunk_1', enabled: true, callsNow: 0, channelsMax: 30, callsAllowedNow: 5 },
};
const OTHER: TrunkState = { ...TRUNK, id: 'trunk_2' };
const FULL = { callsNow: 30 };
const OFF = { enabled: false };

function route(overrides: Partial<RouteRequest> = {}) {
  return chooseRoute({
    phone: '+5511987654321',
    trunks: [TRUNK, OTHER],
    callerIds: [LOCAL, OWN],
    campaign: { legalEntityId: 'entity_us', fallbackCallerIdId: 'callerid_own' },
    now: NOW,
    ...overrides,
  });
}

function resting(...numbers: readonly CallerId[]): Pick<RouteRequest, 'resting'> {
  return { resting: new Map(numbers.map(({ number }) => [number, NOW + 1])) };
}

describe('why no number and trunk are chosen', () => {
  const REFUSED: readonly (readonly [string, Partial<RouteRequest>, RouteRefusal])[] = [
    ['we have no number at all', { callerIds: [] }, 'no-caller-id'],
    ['the campaign’s number is not among ours', { callerIds: [], trunks: [] }, 'no-caller-id'],
    [
      'the number of the area rests, and the campaign’s too',
      resting(LOCAL, OWN),
      'caller-id-resting',
    ],
    ['the only number rests', { callerIds: [LOCAL], ...resting(LOCAL) }, 'caller-id-resting'],
    [
      'the number of the area rests, and the campaign’s trunk is full',
      { ...resting(LOCAL), trunks: [TRUNK, { ...OTHER, ...FULL }] },
      'no-trunk-free',
    ],
    [
      'the number of the area rests, and the campaign’s trunk is off',
      { ...resting(LOCAL), trunks: [TRUNK, { ...OTHER, ...OFF }] },
      'no-trunk',
    ],
    ['there is no trunk', { trunks: [] }, 'no-trunk'],
    [
      'one trunk is off and the other is full: a moment later it may have room',
      {
        trunks: [
          { ...TRUNK, ...OFF },
          { ...OTHER, ...FULL },
        ],
      },
      'no-trunk-free',
    ],
    [
      'both are full',
      {
        trunks: [
          { ...TRUNK, ...FULL },
          { ...OTHER, ...FULL },
        ],
      },
      'no-trunk-free',
    ],
  ];

  it.each(REFUSED)('%s', (_name, request, refused) => {
    expect(route(request)).toEqual({ refused });
  });
});

describe('a number of ours', () => {
  it.each<[string, Partial<CallerId>, boolean]>([
    ['that becomes valid now', { validFrom: NOW }, true],
    ['that becomes valid a moment later', { validFrom: NOW + 1 }, false],
    ['whose last moment this is', { validTo: NOW + 1 }, true],
    ['whose contract ends now', { validTo: NOW }, false],
    ['that is retired', { status: 'retired' }, false],
    ['that is national', { kind: 'national' }, false],
    ['that is mobile, with its station', { kind: 'mobile', stationBound: true }, true],
    ['that is mobile, without it', { kind: 'mobile', stationBound: false }, false],
    ['that is fixed: no station is needed', { kind: 'fixed', stationBound: false }, true],
  ])('%s: shown in its area %j: %s', (_name, more, isShown) => {
    const because = isShown ? 'same-area-code' : 'campaign-fallback';
    expect(route({ callerIds: [{ ...LOCAL, ...more }, OWN] })).toMatchObject({ because });
  });

  it('that is national may be the campaign’s own', () => {
    const national: CallerId = { ...OWN, kind: 'national', number: '+5508001234567' };
    expect(route({ callerIds: [national] })).toMatchObject({ because: 'campaign-fallback' });
  });

  it('of the area is named as that also where it is the campaign’s own', () => {
    const campaign = { legalEntityId: 'entity_us', fallbackCallerIdId: 'callerid_local' } as const;
    expect(route({ callerIds: [LOCAL], campaign })).toMatchObject({ because: 'same-area-code' });
  });

  it('wakes at the end of its rest, and the campaign’s serves meanwhile', () => {
    const request = resting(LOCAL);
    expect(route(request)).toMatchObject({ because: 'campaign-fallback' });
    expect(route({ ...request, now: NOW + 1 })).toMatchObject({ because: 'same-area-code' });
  });

  it('of two in the area serves alone while the other’s trunk is full', () => {
    const second: CallerId = { ...LOCAL, id: 'callerid_second', trunkIds: ['trunk_2'] };
    const chosen = (trunks: readonly TrunkState[]) => {
      const found = route({ callerIds: [LOCAL, second], trunks });
      return 'refused' in found ? found.refused : found.callerId.id;
    };
    expect(chosen([{ ...TRUNK, ...FULL }, OTHER])).toBe('callerid_second');
    expect(chosen([TRUNK, { ...OTHER, ...FULL }])).toBe('callerid_local');
  });
});

describe('a trunk', () => {
  const both: CallerId = { ...LOCAL, trunkIds: ['trunk_1', 'trunk_2'] };
  const chosen = (...trunks: readonly TrunkState[]) => {
    const found = route({ callerIds: [both], trunks });
    return 'refused' in found ? found.refused : found.trunkId;
  };

  it('is the first of the inventory among those that are used alike', () => {
    expect(chosen(TRUNK, OTHER)).toBe('trunk_1');
    expect(chosen(OTHER, TRUNK)).toBe('trunk_2');
    expect(chosen({ ...TRUNK, callsNow: 10 }, { ...OTHER, callsNow: 20, channelsMax: 60 })).toBe(
      'trunk_1',
    );
  });

  it.each<[string, Partial<TrunkState>, string]>([
    ['has one channel left', { callsNow: 29 }, 'trunk_1'],
    ['has none left', { callsNow: 30 }, 'no-trunk-free'],
    ['has more calls than channels, since it was made smaller', { callsNow: 31 }, 'no-trunk-free'],
    ['may place exactly one call now', { callsAllowedNow: 1 }, 'trunk_1'],
    ['may place nearly one', { callsAllowedNow: 0.999 }, 'no-trunk-free'],
    ['is suspended for one more millisecond', { suspendedUntil: NOW + 1 }, 'no-trunk-free'],
    ['was suspended until now', { suspendedUntil: NOW }, 'trunk_1'],
  ])('that %s: %j', (_name, more, expected) => {
    expect(chosen({ ...TRUNK, ...more })).toBe(expected);
  });
});
