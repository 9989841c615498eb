import { describe, expect, it } from 'vitest';
import {
  type AlarmDoing,
  alarmDoing,
  type Blocker,
  blockersOf,
  type CampaignSituation,
  type HouseState,
  trunkBlocker,
} from '../../../src/domain/campaigns/blockers.ts';
import type { CampaignPacing } from '../../../src/domain/campaigns/settings.ts';
import type { AgentCounts } from '../../../src/domain/reports/measures.ts';
import { bank } from '../abandonment/ledgers.ts';

type Floor = { readonly house: Omit<HouseState, 'now'>; readonly situation: CampaignSituation };
type Step = readonly [clock: string, what: string, change: (floor: Floor) => Floor, then: string];

function momentAt(clock: string): number {
  return Date.parse(`2026-11-23T${clock}:00-03:00`);
}

const NOBODY: AgentCounts = {
  ...{ free: 0, reserved: 0, talking: 0, wrappingUp: 0, undisposed: 0, paused: 0, absent: 0 },
};
const NO_LINES = { placing: 0, ringing: 0, waiting: 0, talking: 0, announcing: 0 };
const TRUNK = { trunk: { enabled: true } };

const CLOSED: Floor = {
  house: { telephony: { up: false }, storeHeldUp: false, diskFull: false, trunks: [TRUNK, TRUNK] },
  situation: {
    campaign: { state: 'stopped', pacing: { mode: 'predictive', linesMax: 10 } },
    agents: NOBODY,
    live: NO_LINES,
    leads: { due: 0, held: [{ nextAt: momentAt('08:00') }, { nextAt: momentAt('10:30') }] },
    abandonment: { state: 'ok', abandoned: 0, answers: 0 },
  },
};

const house = (change: Partial<Floor['house']>) => (floor: Floor) => ({
  ...{ ...floor, house: { ...floor.house, ...change } },
});
const situation = (change: Partial<CampaignSituation>) => (floor: Floor) => ({
  ...{ ...floor, situation: { ...floor.situation, ...change } },
});
const agents = (change: Partial<AgentCounts>) => situation({ agents: { ...NOBODY, ...change } });
const state = (to: 'running' | 'paused' | 'stopped') => (floor: Floor) =>
  situation({ campaign: { ...floor.situation.campaign, state: to } })(floor);

/** `no-leads 10:30`: the kind, and the figures or the time that it names. */
function wordOf(blocker: Blocker): string {
  const { kind, ...rest } = blocker;
  const figures = Object.values(rest).map((one) =>
    typeof one === 'number' && one > 1_000_000
      ? new Date(one - 3 * 3_600_000).toISOString().slice(11, 16)
      : String(one),
  );
  return [kind, ...figures].join(' ');
}

function wordsOf(floor: Floor, clock: string): string {
  const blockers = blockersOf({ ...floor.house, now: momentAt(clock) }, floor.situation);
  return blockers.length === 0 ? 'dials' : blockers.map(wordOf).join(', ');
}

describe('a day of a campaign', () => {
  const DAY: readonly Step[] = [
    [
      '07:50',
      'nothing runs yet',
      (floor) => floor,
      'telephony null, stopped, no-agents, no-leads 08:00',
    ],
    [
      '07:55',
      'the PBX answers',
      house({ telephony: { up: true } }),
      'stopped, no-agents, no-leads 08:00',
    ],
    [
      '07:56',
      'two agents sign in, their headsets are missing',
      agents({ absent: 2 }),
      'stopped, agents-absent 2, no-leads 08:00',
    ],
    ['07:58', 'their headsets ring', agents({ free: 2 }), 'stopped, no-leads 08:00'],
    ['07:59', 'a supervisor starts it', state('running'), 'no-leads 08:00'],
    ['08:00', 'the hour opens, the list is not looked at yet', (floor) => floor, 'no-leads 10:30'],
    ['08:01', 'leads are due', situation({ leads: { due: 40, held: [] } }), 'dials'],
    ['08:05', 'both talk', agents({ talking: 1, reserved: 1 }), 'no-agent-free 2 0 0'],
    [
      '08:06',
      'one wraps up, one owes a disposition',
      agents({ wrappingUp: 1, undisposed: 1 }),
      'no-agent-free 0 1 1',
    ],
    ['08:07', 'one of them is free', agents({ free: 1, undisposed: 1 }), 'dials'],
    [
      '08:10',
      'all lines are in use',
      situation({ live: { placing: 2, ringing: 5, waiting: 1, talking: 1, announcing: 1 } }),
      'lines-full 10',
    ],
    ['08:11', 'one line is left', situation({ live: { ...NO_LINES, ringing: 9 } }), 'dials'],
    [
      '08:20',
      'one trunk fails',
      house({ trunks: [TRUNK, { ...TRUNK, suspendedUntil: momentAt('08:25') }] }),
      'dials',
    ],
    [
      '08:21',
      'the other fails too',
      house({
        trunks: [
          { ...TRUNK, suspendedUntil: momentAt('08:31') },
          { ...TRUNK, suspendedUntil: momentAt('08:25') },
        ],
      }),
      'trunks-suspended 08:25',
    ],
    ['08:25', 'the first may be tried again', (floor) => floor, 'dials'],
    [
      '09:00',
      'too many were abandoned',
      situation({ abandonment: { state: 'empty', abandoned: 4, answers: 100 } }),
      'abandonment 4 100',
    ],
    [
      '09:30',
      'answers filled the bank a little',
      situation({ abandonment: { state: 'alarm', abandoned: 4, answers: 140 } }),
      'dials',
    ],
    ['12:00', 'agents go for lunch', agents({ paused: 2 }), 'no-agents'],
    [
      '12:01',
      'the disk is full, and the store waits for it',
      house({ diskFull: true, storeHeldUp: true }),
      'store-held-up, disk-full, no-agents',
    ],
    [
      '13:00',
      'room is made and they are back',
      (floor) => agents({ free: 2 })(house({ diskFull: false, storeHeldUp: false })(floor)),
      'dials',
    ],
    [
      '14:00',
      'an operator turns the trunks off',
      house({ trunks: [{ trunk: { enabled: false } }] }),
      'no-trunk',
    ],
    ['14:10', 'and on', house({ trunks: [TRUNK] }), 'dials'],
    [
      '15:00',
      'nobody else is to be called today',
      situation({ leads: { due: 0, held: [{ nextAt: momentAt('14:59') }] } }),
      'no-leads null',
    ],
    ['18:00', 'a supervisor pauses it', state('paused'), 'paused, no-leads null'],
    [
      '18:01',
      'the PBX goes away',
      house({ telephony: { up: false, because: 'refused' } }),
      'telephony refused, paused, no-leads null',
    ],
  ];

  it('says at every hour why nothing is dialed, and nothing while it is', () => {
    let floor = CLOSED;
    const told = DAY.map(([clock, what, change]) => {
      floor = change(floor);
      return `${clock} ${what}: ${wordsOf(floor, clock)}`;
    });
    expect(told).toEqual(DAY.map(([clock, what, , then]) => `${clock} ${what}: ${then}`));
  });
});

describe('when the next lead is due', () => {
  const now = momentAt('09:00');
  const nextAt = (...held: readonly number[]) => {
    const leads = { due: 0, held: held.map((at) => ({ nextAt: at })) };
    const { situation: closed } = CLOSED;
    const blockers = blockersOf({ ...CLOSED.house, now }, { ...closed, leads });
    return blockers.find((one) => one.kind === 'no-leads')?.nextAt;
  };

  it('is the first moment to come, and none that is past or just here', () => {
    expect(nextAt(now + 60_000, now + 30_000, now + 90_000)).toBe(now + 30_000);
    expect(nextAt(now - 1, now, now + 1)).toBe(now + 1);
    expect(nextAt(now - 1, now)).toBeNull();
    expect(nextAt()).toBeNull();
  });
});

describe('trunks that rest', () => {
  const now = momentAt('09:00');
  const resting = (ms: number) => ({ ...TRUNK, suspendedUntil: now + ms });

  it('block only together, until the first may be used again', () => {
    expect(trunkBlocker([resting(2), resting(1)], now)).toEqual({
      ...{ kind: 'trunks-suspended', until: now + 1 },
    });
    expect(trunkBlocker([resting(2), resting(0)], now)).toBeUndefined();
    expect(trunkBlocker([resting(2), TRUNK], now)).toBeUndefined();
  });

  it('and one that is off do not block each other out: the one that is off does not count', () => {
    const off = { trunk: { enabled: false } };
    expect(trunkBlocker([off, resting(1)], now)).toMatchObject({ until: now + 1 });
    expect(trunkBlocker([off, TRUNK], now)).toBeUndefined();
    expect(trunkBlocker([off, { ...off, suspendedUntil: now + 1 }], now)).toEqual({
      kind: 'no-trunk',
    });
  });
});

describe('a cap that is empty', () => {
  const kinds = (pacing: CampaignPacing) => {
    const { campaign, ...others } = CLOSED.situation;
    const blockers = blockersOf(
      { ...CLOSED.house, now: momentAt('09:00') },
      {
        ...{ ...others, campaign: { ...campaign, pacing } },
        abandonment: { state: 'empty', abandoned: 4, answers: 100 },
      },
    );
    return blockers.map((one) => one.kind);
  };

  it.each<[CampaignPacing, boolean]>([
    [{ mode: 'predictive', linesMax: 10 }, true],
    [{ mode: 'ratio', linesMax: 10, ratio: 1.5 }, true],
    [{ mode: 'progressive', linesMax: 10 }, false],
    [{ mode: 'preview', linesMax: 10 }, false],
  ])('keeps %j from more than one call for each free agent: %s', (pacing, isBlocker) => {
    expect(kinds(pacing).includes('abandonment')).toBe(isBlocker);
  });
});

describe('what is done about the cap', () => {
  const RATIO: CampaignPacing = { mode: 'ratio', linesMax: 10, ratio: 1.5 };
  const PREDICTIVE: CampaignPacing = { mode: 'predictive', linesMax: 10 };
  const PROGRESSIVE: CampaignPacing = { mode: 'progressive', linesMax: 10 };
  const PREVIEW: CampaignPacing = { mode: 'preview', linesMax: 10 };
  const [ok, alarm, empty] = [
    bank({ abandoned: 1, connected: 399 }),
    bank({ abandoned: 9, connected: 312 }),
    bank({ abandoned: 9, connected: 91 }),
  ];

  it('is judged on banks that are what they should be', () => {
    expect([ok.state, alarm.state, empty.state]).toEqual(['ok', 'alarm', 'empty']);
  });

  it.each<[string, typeof ok, CampaignPacing, AlarmDoing | undefined]>([
    ['nothing without an alarm', ok, PREDICTIVE, undefined],
    ['nothing without an alarm', ok, RATIO, undefined],
    ['a brake, with none left', alarm, PREDICTIVE, { kind: 'braking', left: 0 }],
    ['no change of a ratio', alarm, RATIO, { kind: 'ratio-goes-on', ratio: 1.5, left: 0 }],
    ['one to one as ever', alarm, PROGRESSIVE, { kind: 'one-to-one-anyway' }],
    ['one to one as ever', empty, PREVIEW, { kind: 'one-to-one-anyway' }],
    // 9 of 301 are below three in a hundred for the first time.
    [
      'one to one until it is filled',
      empty,
      PREDICTIVE,
      { kind: 'one-to-one', answersMissing: 201 },
    ],
    ['one to one until it is filled', empty, RATIO, { kind: 'one-to-one', answersMissing: 201 }],
  ])('is %s (case %#)', (_name, of, pacing, doing) => {
    expect(alarmDoing({ state: 'running', pacing }, of)).toEqual(doing);
  });

  it.each([PREDICTIVE, RATIO, PROGRESSIVE, PREVIEW])(
    'is nothing for a campaign that is stopped, and that it is paused for one that is: %j',
    (pacing) => {
      for (const of of [alarm, empty]) {
        expect(alarmDoing({ state: 'stopped', pacing }, of)).toBeUndefined();
        expect(alarmDoing({ state: 'paused', pacing }, of)).toEqual({ kind: 'paused' });
      }
      expect(alarmDoing({ state: 'paused', pacing }, ok)).toBeUndefined();
    },
  );

  it('tells whole calls that are left, and never fewer than none', () => {
    const running = { state: 'running', pacing: PREDICTIVE } as const;
    const withLeft = (left: number) => alarmDoing(running, { ...alarm, left });
    expect(withLeft(2.99)).toEqual({ kind: 'braking', left: 2 });
    expect(withLeft(0.99)).toEqual({ kind: 'braking', left: 0 });
    expect(withLeft(-0.5)).toEqual({ kind: 'braking', left: 0 });
  });
});
