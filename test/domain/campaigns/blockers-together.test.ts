import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alarmDoing,
  type Blocker,
  blockersOf,
  type CampaignSituation,
  type HouseState,
  type TrunkRest,
} from '../../../src/domain/campaigns/blockers.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { bank } from '../abandonment/ledgers.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');

type Scene = { readonly house: HouseState; readonly situation: CampaignSituation };

const FREE: TrunkRest = { trunk: { enabled: true } };
const OFF: TrunkRest = { trunk: { enabled: false } };

/** A campaign that nothing keeps from dialing. */
const DIALING: Scene = {
  house: {
    ...{ now: NOW, telephony: { up: true }, storeHeldUp: false, diskFull: false, trunks: [FREE] },
  },
  situation: {
    campaign: { state: 'running', pacing: { mode: 'predictive', linesMax: 30 } },
    agents: {
      ...{ free: 1, reserved: 0, talking: 0, wrappingUp: 0, undisposed: 0, paused: 0, absent: 0 },
    },
    live: { placing: 0, ringing: 0, waiting: 0, talking: 0, announcing: 0 },
    leads: { due: 5, held: [] },
    abandonment: { state: 'ok', abandoned: 0, answers: 100 },
  },
};

const inHouse = (house: Partial<HouseState>) => (scene: Scene) => ({
  ...{ ...scene, house: { ...scene.house, ...house } },
});
const inSituation = (situation: Partial<CampaignSituation>) => (scene: Scene) => ({
  ...{ ...scene, situation: { ...scene.situation, ...situation } },
});

/** Each cause by itself, in the order in which they are told. */
const CAUSES: readonly (readonly [Blocker['kind'], (scene: Scene) => Scene])[] = [
  ['telephony', inHouse({ telephony: { up: false } })],
  ['store-held-up', inHouse({ storeHeldUp: true })],
  ['disk-full', inHouse({ diskFull: true })],
  [
    'paused',
    (scene) => inSituation({ campaign: { ...scene.situation.campaign, state: 'paused' } })(scene),
  ],
  ['no-agents', inSituation({ agents: { ...DIALING.situation.agents, free: 0 } })],
  ['lines-full', inSituation({ live: { ...DIALING.situation.live, ringing: 30 } })],
  ['trunks-suspended', inHouse({ trunks: [OFF, { ...FREE, suspendedUntil: NOW + 1 }] })],
  ['no-leads', inSituation({ leads: { due: 0, held: [] } })],
  ['abandonment', inSituation({ abandonment: { state: 'empty', abandoned: 9, answers: 100 } })],
];

function kindsOf({ house, situation }: Scene): readonly string[] {
  return blockersOf(house, situation).map((one) => one.kind);
}

describe('what keeps a campaign from dialing', () => {
  it('is every cause there is and no other, the most basic one first', () => {
    expect(kindsOf(DIALING)).toEqual([]);
    fc.assert(
      fc.property(fc.subarray(CAUSES.slice()), (causes) => {
        const scene = causes.reduce((before, [, cause]) => cause(before), DIALING);
        expect(kindsOf(scene)).toEqual(causes.map(([kind]) => kind));
      }),
      { numRuns: 150, seed: 95 },
    );
  });

  it('is no suspended trunk while one of several is free, and the first to be free is named', () => {
    const trunks = [
      { ...FREE, suspendedUntil: NOW + 2 * HOUR_MS },
      { ...FREE, suspendedUntil: NOW + HOUR_MS },
      OFF,
    ];
    const suspended = inHouse({ trunks })(DIALING);
    expect(blockersOf(suspended.house, suspended.situation)).toEqual([
      { kind: 'trunks-suspended', until: NOW + HOUR_MS },
    ]);
    const oneIsFree = [...trunks, { ...FREE, suspendedUntil: NOW }];
    expect(kindsOf(inHouse({ trunks: oneIsFree })(DIALING))).toEqual([]);
  });

  it('is that no trunk is enabled, or that there is none', () => {
    expect(kindsOf(inHouse({ trunks: [OFF, OFF] })(DIALING))).toEqual(['no-trunk']);
    expect(kindsOf(inHouse({ trunks: [] })(DIALING))).toEqual(['no-trunk']);
  });
});

describe('the way out of an empty bank', () => {
  it('is as many answered in time as are told, and no fewer', () => {
    const counts = fc.record({
      abandoned: fc.integer({ min: 1, max: 40 }),
      connected: fc.integer({ min: 0, max: 500 }),
      rateMax: fc.constantFrom(0.01, 0.03, 0.05),
    });
    const campaign = { state: 'running', pacing: { mode: 'predictive', linesMax: 30 } } as const;
    fc.assert(
      fc.property(counts, ({ abandoned, connected, rateMax }) => {
        const empty = bank({ abandoned, connected }, { rateMax });
        if (empty.state !== 'empty') return;
        const doing = alarmDoing(campaign, empty);
        if (doing?.kind !== 'one-to-one') throw new Error('an empty bank is dialed one to one');
        const bankWith = (more: number) =>
          bank({ abandoned, connected: connected + more }, { rateMax });
        expect(bankWith(doing.answersMissing).left).toBeGreaterThan(0);
        // The one before it is the cap itself, where nothing is left but a rounding.
        expect(bankWith(doing.answersMissing - 1).left).toBeLessThan(1e-6);
      }),
      { numRuns: 150, seed: 96 },
    );
  });

  it('is not told where no number of answers helps: a cap of nought', () => {
    const campaign = { state: 'running', pacing: { mode: 'predictive', linesMax: 30 } } as const;
    expect(alarmDoing(campaign, bank({ abandoned: 1 }, { rateMax: 0 }))).toEqual({
      kind: 'one-to-one',
      answersMissing: 0,
    });
  });
});
