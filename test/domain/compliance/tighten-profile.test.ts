import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayDial } from '../../../src/domain/compliance/gate.ts';
import {
  type ComplianceProfile,
  type DailyWindow,
  OPTIONAL_DAYS,
  type WeekWindows,
} from '../../../src/domain/compliance/profile.ts';
import {
  type ProfileChange,
  tightenProfile,
  wholeProfilesOwn,
} from '../../../src/domain/compliance/tighten-profile.ts';
import { voiceAt } from '../../../src/domain/contacts/contact.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';
import {
  aHistory,
  anAttempt,
  aProfile,
  aRequestTo,
  brasilia,
  COLLECTION,
  DEMONSTRATION,
  MONDAY,
  phone,
} from './builders.ts';

type Part = 'frequency' | 'callerId' | 'ring' | 'abandonment';

function change(part: Part, field: string, value: unknown): ProfileChange {
  return { [part]: { [field]: value } };
}

function fieldOf(profile: ComplianceProfile, part: Part, field: string): unknown {
  return (profile[part] as Readonly<Record<string, unknown>>)[field];
}

/** A middle to move away from in both directions. */
const BASE = aProfile({
  frequency: { stopAfterRightPartyContact: false },
  callerId: { holderMustMatch: false, mobileOnlyWhenStationBound: false },
  ring: { mayBeCancelled: true },
  abandonment: { falseMachineShare: 0.1 },
});

describe('a field of a number', () => {
  it.each<[Part, string, stricter: number, looser: number]>([
    ['frequency', 'attemptsPerPersonDayMax', 3, 5],
    ['frequency', 'attemptsPerPhoneDayMax', 0, 3],
    ['frequency', 'attemptsPerPerson7DaysMax', 11, 13],
    ['frequency', 'attemptsPerPersonMonthMax', 19, 21],
    ['frequency', 'gapPhoneMs', 7_200_001, 7_199_999],
    ['frequency', 'gapPersonMs', 600_001, 599_999],
    ['frequency', 'gapAfterBusyMs', 300_001, 0],
    ['ring', 'minMs', 21_000, 19_999],
    ['ring', 'maxMs', 29_000, 30_001],
    ['abandonment', 'rateMax', 0.0299, 0.0301],
    ['abandonment', 'waitMaxMs', 1_500, 2_001],
    ['abandonment', 'alarmShare', 0.5, 0.91],
    ['abandonment', 'falseMachineShare', 0.2, 0.05],
    ['abandonment', 'redialAfterMs', 900_001, 899_999],
  ])('%s.%s may become %d and stay, and may not become %d', (part, field, stricter, looser) => {
    const tightened = tightenProfile(BASE, change(part, field, stricter));
    expect(tightened.ok && fieldOf(tightened.profile, part, field)).toBe(stricter);
    expect(tightenProfile(BASE, change(part, field, fieldOf(BASE, part, field))).ok).toBe(true);
    const refused = { field: `${part}.${field}`, because: 'would-loosen' };
    for (const value of [looser, Number.NaN, String(stricter)]) {
      const result = tightenProfile(BASE, change(part, field, value));
      expect(result).toEqual({ ok: false, refusals: [refused] });
    }
  });

  it.each(['attemptsPerPersonDayMax', 'attemptsPerPersonMonthMax'])(
    '%s has no end below nought',
    (field) => {
      expect(tightenProfile(BASE, change('frequency', field, -1)).ok).toBe(false);
    },
  );
});

describe('a field that is true or false', () => {
  it.each<[Part, string, boolean]>([
    ['frequency', 'stopAfterRightPartyContact', true],
    ['callerId', 'holderMustMatch', true],
    ['callerId', 'mobileOnlyWhenStationBound', true],
    ['ring', 'mayBeCancelled', false],
    ['abandonment', 'earlyHangUpCounts', true],
  ])('%s.%s may become %s, and never go back', (part, field, strict) => {
    const first = tightenProfile(BASE, change(part, field, strict));
    if (!first.ok) throw new Error('expected a tighter profile');
    expect(fieldOf(first.profile, part, field)).toBe(strict);
    expect(tightenProfile(first.profile, change(part, field, strict)).ok).toBe(true);
    expect(tightenProfile(first.profile, change(part, field, !strict))).toEqual({
      ok: false,
      refusals: [{ field: `${part}.${field}`, because: 'would-loosen' }],
    });
  });

  it('the clock may move from the greeting’s end to the answer, and not back', () => {
    const late = aProfile({ abandonment: { clockStart: 'greeting-ended' } });
    const answered = change('abandonment', 'clockStart', 'answered');
    expect(tightenProfile(late, answered)).toMatchObject({
      profile: { abandonment: { clockStart: 'answered' } },
    });
    expect(tightenProfile(COLLECTION, answered).ok).toBe(true);
    expect(
      tightenProfile(COLLECTION, change('abandonment', 'clockStart', 'greeting-ended')).ok,
    ).toBe(false);
  });

  it('a profile for every trunk may keep to simulated ones', () => {
    expect(tightenProfile(COLLECTION, { simulatedTrunksOnly: true })).toMatchObject({
      profile: { simulatedTrunksOnly: true },
    });
    expect(tightenProfile(DEMONSTRATION, { simulatedTrunksOnly: false }).ok).toBe(false);
  });
});

type Span = readonly [from: number, to: number];

const hours = (...spans: Span[]): DailyWindow[] =>
  spans.map(([from, to]) => ({ startSecond: from * 3600, endSecond: to * 3600 }));

describe('the windows of a tightened profile', () => {
  it.each<[string, DailyWindow[], boolean]>([
    ['the same', hours([8, 20]), true],
    ['closed', [], true],
    ['shorter at both ends', hours([9, 19]), true],
    ['with a break', hours([8, 12], [14, 20]), true],
    ['a second earlier', [{ startSecond: 8 * 3600 - 1, endSecond: 20 * 3600 }], false],
    ['a second longer', [{ startSecond: 8 * 3600, endSecond: 20 * 3600 + 1 }], false],
    ['with an hour at night', hours([9, 12], [20, 21]), false],
    ['all day', hours([0, 24]), false],
  ])('%s on weekdays: %#', (_name, weekday, isTaken) => {
    const result = tightenProfile(COLLECTION, { windows: { weekday } });
    if (isTaken) expect(result).toMatchObject({ profile: { windows: { weekday } } });
    else {
      const refusals = [{ field: 'windows.weekday', because: 'would-loosen' }];
      expect(result).toEqual({ ok: false, refusals });
    }
  });

  it('may not bridge a break of the profile', () => {
    const base = aProfile({ windows: { weekday: hours([8, 12], [14, 20]) } });
    expect(tightenProfile(base, { windows: { weekday: hours([11, 15]) } }).ok).toBe(false);
    expect(tightenProfile(base, { windows: { weekday: hours([9, 11], [15, 16]) } }).ok).toBe(true);
  });

  it('keep the days that a change does not name', () => {
    const result = tightenProfile(COLLECTION, { windows: { weekday: hours([9, 18]) } });
    expect(result).toMatchObject({
      profile: { windows: { saturday: COLLECTION.windows.saturday, sunday: [], holiday: [] } },
    });
  });
});

describe('a state’s law in a tightened profile', () => {
  const week = (...spans: Span[]): WeekWindows => {
    const day = hours(...spans);
    return { weekday: day, saturday: day, sunday: day, holiday: day };
  };
  function overrideOf(state: 'MT' | 'RJ' | 'BA', override: object) {
    const result = tightenProfile(COLLECTION, { regionOverrides: { [state]: override } as never });
    if (!result.ok) throw new Error('expected a tighter profile');
    return result.profile.regionOverrides[state];
  }

  it('is added where there was none', () => {
    const law = { law: 'contrato', contactsPerPersonDayMax: 1 };
    expect(overrideOf('BA', law)).toEqual(law);
  });

  it('keeps the lower of two caps, whichever is new', () => {
    expect(
      overrideOf('MT', { law: 'x', contactsPerPersonDayMax: 1 })?.contactsPerPersonDayMax,
    ).toBe(1);
    expect(
      overrideOf('MT', { law: 'x', contactsPerPersonDayMax: 9 })?.contactsPerPersonDayMax,
    ).toBe(2);
    expect(overrideOf('MT', { law: 'x' })?.contactsPerPersonDayMax).toBe(2);
    expect(
      overrideOf('RJ', { law: 'x', contactsPerPersonDayMax: 3 })?.contactsPerPersonDayMax,
    ).toBe(3);
  });

  it('keeps the hours that both allow', () => {
    const inRio = overrideOf('RJ', { law: 'x', windows: week([8, 12], [14, 22]) });
    expect(inRio?.windows).toEqual({
      weekday: hours([9, 12], [14, 19]),
      saturday: [],
      sunday: [],
      holiday: [],
    });
  });

  it('keeps its own hours where the new one has none, and takes new ones where it had none', () => {
    expect(overrideOf('RJ', { law: 'x' })?.windows).toEqual(COLLECTION.regionOverrides.RJ?.windows);
    expect(overrideOf('BA', { law: 'x', windows: week([9, 10]) })?.windows).toEqual(week([9, 10]));
  });

  it('names both laws, and one that stays the same once', () => {
    expect(overrideOf('RJ', { law: 'contrato' })?.law).toBe(
      `${COLLECTION.regionOverrides.RJ?.law}; contrato`,
    );
    const same = COLLECTION.regionOverrides.MT;
    expect(overrideOf('MT', same ?? {})).toEqual(same);
  });
});

describe('several changes at once', () => {
  it('are refused together, each by its field', () => {
    const result = tightenProfile(COLLECTION, {
      ...{ frequency: { gapPhoneMs: 1, attemptsPerPersonDayMax: 1 }, ring: { maxMs: 40_000 } },
      windows: { sunday: hours([10, 11]) },
    });
    expect(result).toEqual({
      ok: false,
      refusals: ['frequency.gapPhoneMs', 'ring.maxMs', 'windows.sunday'].map((field) => ({
        field,
        because: 'would-loosen',
      })),
    });
  });

  it('that say nothing leave the profile as it was', () => {
    expect(tightenProfile(COLLECTION, {})).toEqual({ ok: true, profile: COLLECTION });
  });

  it('close a day once, however often it is named', () => {
    const holidays = { optionalDaysClosed: ['corpus-christi', 'christmas-eve'] } as const;
    const result = tightenProfile(COLLECTION, { holidays });
    expect(result.ok && result.profile.holidays.optionalDaysClosed).toEqual([
      'carnival-tuesday',
      'corpus-christi',
      'christmas-eve',
    ]);
  });
});

describe('what only a whole profile may say', () => {
  const wanted = { ...COLLECTION };

  it.each<[string, Partial<ComplianceProfile>]>([
    ['purpose', { purpose: 'demonstration' }],
    ['zone', { zone: 'America/Manaus' }],
    ['holidays.calendars', { holidays: { ...COLLECTION.holidays, calendars: ['br-national'] } }],
    [
      'abandonment.window',
      { abandonment: { ...COLLECTION.abandonment, window: 'rolling-30-days' } },
    ],
    [
      'abandonment.denominator',
      { abandonment: { ...COLLECTION.abandonment, denominator: 'abandoned-and-connected' } },
    ],
  ])('%s is found where it differs', (field, change) => {
    expect(wholeProfilesOwn(COLLECTION, { ...wanted, ...change })).toEqual([field]);
  });

  it('is nothing where only values differ that have a stricter side', () => {
    const stricter = aProfile({ frequency: { gapPhoneMs: 1 }, ring: { minMs: 1 } });
    expect(wholeProfilesOwn(COLLECTION, stricter)).toEqual([]);
  });
});

describe('a tightened profile, whatever was changed', () => {
  const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 2 });
  const window = fc
    .tuple(fc.integer({ min: 6, max: 21 }), fc.integer({ min: 1, max: 6 }))
    .map(([from, length]) => hours([from, from + length]));
  const anyChange = fc.record(
    {
      frequency: fc.record(
        {
          attemptsPerPersonDayMax: fc.integer({ min: 1, max: 5 }),
          attemptsPerPerson7DaysMax: fc.integer({ min: 1, max: 14 }),
          gapPhoneMs: fc.integer({ min: 0, max: 6 * HOUR_MS }),
          gapPersonMs: fc.integer({ min: 0, max: 3 * HOUR_MS }),
        },
        { requiredKeys: [] },
      ),
      windows: fc.record({ weekday: window, saturday: window }, { requiredKeys: [] }),
      holidays: fc.record(
        {
          optionalDaysClosed: fc.subarray(OPTIONAL_DAYS.slice()),
          extraDays: fc.constant([{ date: '2026-11-24' as const, name: 'recesso' }]),
        },
        { requiredKeys: [] },
      ),
      regionOverrides: fc.constant({
        SP: { law: 'Lei SP 15.426/2014', contactsPerPersonDayMax: 1 },
      }),
    },
    { requiredKeys: [] },
  ) satisfies fc.Arbitrary<ProfileChange>;
  const aScene = fc.record({
    now: fc.integer({ min: MONDAY - 3 * DAY_MS, max: MONDAY + 40 * DAY_MS }),
    area: fc.constantFrom('11', '31', '65', '97'),
    agoMs: fc.array(fc.integer({ min: 60_000, max: 9 * DAY_MS }), { maxLength: 6 }),
    contactAgoMs: maybe(fc.integer({ min: 0, max: 2 * DAY_MS })),
  });

  it('allows no call that the other refuses, and none earlier', () => {
    let tightened = 0;
    fc.assert(
      fc.property(anyChange, aScene, (change, { now, area, agoMs, contactAgoMs }) => {
        const result = tightenProfile(COLLECTION, change as ProfileChange);
        if (!result.ok) return;
        tightened += 1;
        const request = aRequestTo(`${area} 98765-4321`);
        const history = aHistory({
          attempts: agoMs.map((ago, index) =>
            anAttempt(now - ago, { to: voiceAt(phone(`${area} 3456-100${index % 2}`)) }),
          ),
          ...(contactAgoMs === undefined ? {} : { rightPartyContactAt: now - contactAgoMs }),
        });
        const before = mayDial(request, history, COLLECTION, now);
        const after = mayDial(request, history, result.profile, now);
        const firstOf = (one: typeof before) =>
          one.allowed ? now : (one.retryAt ?? Number.POSITIVE_INFINITY);
        expect(after.allowed && !before.allowed).toBe(false);
        expect(firstOf(after)).toBeGreaterThanOrEqual(firstOf(before));
      }),
      { numRuns: 600, seed: 21 },
    );
    expect(tightened).toBeGreaterThan(100);
  });

  it('is the same when it is tightened by the same change again, but for days named twice', () => {
    fc.assert(
      fc.property(anyChange, (change) => {
        const once = tightenProfile(COLLECTION, change as ProfileChange);
        if (!once.ok) return;
        const twice = tightenProfile(once.profile, change as ProfileChange);
        const withoutDays = ({ holidays, ...others }: ComplianceProfile) => ({
          ...others,
          closed: holidays.optionalDaysClosed,
        });
        expect(twice.ok && withoutDays(twice.profile)).toEqual(withoutDays(once.profile));
      }),
      { numRuns: 100, seed: 22 },
    );
  });

  it('leaves the profile it was made from untouched', () => {
    const before = JSON.stringify(COLLECTION);
    fc.assert(
      fc.property(anyChange, (change) => {
        tightenProfile(COLLECTION, change as ProfileChange);
        expect(JSON.stringify(COLLECTION)).toBe(before);
      }),
      { numRuns: 50, seed: 23 },
    );
  });

  it('closes in Mato Grosso no later than the profile it was made from', () => {
    const result = tightenProfile(COLLECTION, { windows: { weekday: hours([8, 12]) } });
    if (!result.ok) throw new Error('expected a tighter profile');
    const at = (time: string) =>
      mayDial(
        aRequestTo('65 98765-4321'),
        aHistory(),
        result.profile,
        brasilia(`2026-11-23 ${time}`),
      );
    expect(at('12:59').allowed).toBe(true);
    expect(at('13:00').allowed).toBe(false);
  });
});
