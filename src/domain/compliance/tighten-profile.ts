/**
 * An operation's own changes to a profile, in a separate file. They may only make it stricter:
 * fewer hours, lower caps, longer gaps. A change that would loosen it is refused with the field; it
 * needs a new version of the profile itself, signed by the person responsible for it.
 */
import type { StateCode } from '../../lib/br-area-codes.ts';
import { given } from '../../lib/given.ts';
import type {
  ComplianceProfile,
  DailyWindow,
  DayClass,
  ExtraHoliday,
  OptionalDay,
  RegionOverride,
  WeekWindows,
} from './profile.ts';

export type ProfileChange = {
  readonly title?: string;
  readonly simulatedTrunksOnly?: boolean;
  readonly windows?: Partial<WeekWindows>;
  /**
   * Added to the profile's own; where a state already has some, the stricter of each value holds.
   */
  readonly regionOverrides?: Readonly<Partial<Record<StateCode, RegionOverride>>>;
  readonly holidays?: {
    readonly optionalDaysClosed?: readonly OptionalDay[];
    readonly extraDays?: readonly ExtraHoliday[];
  };
  readonly frequency?: Partial<Omit<ComplianceProfile['frequency'], 'clause'>>;
  readonly callerId?: Partial<Omit<ComplianceProfile['callerId'], 'clause'>>;
  readonly ring?: Partial<Omit<ComplianceProfile['ring'], 'clause'>>;
  readonly abandonment?: Partial<
    Omit<ComplianceProfile['abandonment'], 'clause' | 'window' | 'denominator'>
  >;
};

export type ProfileRefusal = {
  /** `frequency.gapPhoneMs` */
  readonly field: string;
  readonly because: 'would-loosen' | 'would-contradict';
};

export type TightenResult =
  | { readonly ok: true; readonly profile: ComplianceProfile }
  | { readonly ok: false; readonly refusals: readonly ProfileRefusal[] };

/** Which value is stricter: a lower or a higher one, `true` or `false`. */
type Strictness = 'lower' | 'higher' | 'true' | 'false';

const FREQUENCY: Readonly<
  Record<keyof Omit<ComplianceProfile['frequency'], 'clause'>, Strictness>
> = {
  attemptsPerPersonDayMax: 'lower',
  attemptsPerPhoneDayMax: 'lower',
  attemptsPerPerson7DaysMax: 'lower',
  attemptsPerPersonMonthMax: 'lower',
  gapPhoneMs: 'higher',
  gapPersonMs: 'higher',
  gapAfterBusyMs: 'higher',
  stopAfterRightPartyContact: 'true',
};

const CALLER_ID: Readonly<Record<keyof Omit<ComplianceProfile['callerId'], 'clause'>, Strictness>> =
  { holderMustMatch: 'true', mobileOnlyWhenStationBound: 'true' };

const RING: Readonly<Record<keyof Omit<ComplianceProfile['ring'], 'clause'>, Strictness>> = {
  minMs: 'higher',
  maxMs: 'lower',
  mayBeCancelled: 'false',
};

const ABANDONMENT = {
  rateMax: 'lower',
  waitMaxMs: 'lower',
  alarmShare: 'lower',
  earlyHangUpCounts: 'true',
  falseMachineShare: 'higher',
  redialAfterMs: 'higher',
} as const satisfies Partial<Record<keyof ComplianceProfile['abandonment'], Strictness>>;

/** The profile with the change in it, or every field that would become looser. */
export function tightenProfile(base: ComplianceProfile, change: ProfileChange): TightenResult {
  const refusals = [
    ...looser('frequency', base.frequency, change.frequency, FREQUENCY),
    ...looser('callerId', base.callerId, change.callerId, CALLER_ID),
    ...looser('ring', base.ring, change.ring, RING),
    ...looser('abandonment', base.abandonment, change.abandonment, ABANDONMENT),
    ...looserClock(base, change),
    ...looserWindows('windows', base.windows, change.windows),
    ...(base.simulatedTrunksOnly && change.simulatedTrunksOnly === false
      ? [refusal('simulatedTrunksOnly')]
      : []),
  ];
  const profile = merged(base, change);
  if (profile.ring.minMs > profile.ring.maxMs) {
    refusals.push({ field: 'ring.minMs', because: 'would-contradict' });
  }
  return refusals.length === 0 ? { ok: true, profile } : { ok: false, refusals };
}

function refusal(field: string): ProfileRefusal {
  return { field, because: 'would-loosen' };
}

function looser<Part extends object>(
  name: string,
  base: Part,
  change: Partial<Part> | undefined,
  strictness: Partial<Record<keyof Part, Strictness>>,
): ProfileRefusal[] {
  return (Object.keys(strictness) as (keyof Part & string)[])
    .filter((key) => {
      const to = change?.[key];
      return to !== undefined && !isAsStrict(base[key], to, strictness[key]);
    })
    .map((key) => refusal(`${name}.${key}`));
}

function isAsStrict(from: unknown, to: unknown, strictness: Strictness | undefined): boolean {
  if (strictness === 'true') return to === true || from === to;
  if (strictness === 'false') return to === false || from === to;
  if (typeof from !== 'number' || typeof to !== 'number') return false;
  return strictness === 'lower' ? to <= from && to >= 0 : to >= from;
}

/** The clock that starts at the answer is the stricter one. */
function looserClock(base: ComplianceProfile, change: ProfileChange): ProfileRefusal[] {
  const isLooser =
    base.abandonment.clockStart === 'answered' &&
    change.abandonment?.clockStart === 'greeting-ended';
  return isLooser ? [refusal('abandonment.clockStart')] : [];
}

const DAY_CLASSES: readonly DayClass[] = ['weekday', 'saturday', 'sunday', 'holiday'];

function looserWindows(
  name: string,
  base: WeekWindows,
  change: Partial<WeekWindows> | undefined,
): ProfileRefusal[] {
  return DAY_CLASSES.filter((day) =>
    change?.[day]?.some((window) => !base[day].some((outer) => contains(outer, window))),
  ).map((day) => refusal(`${name}.${day}`));
}

function contains(outer: DailyWindow, inner: DailyWindow): boolean {
  return outer.startSecond <= inner.startSecond && inner.endSecond <= outer.endSecond;
}

function merged(base: ComplianceProfile, change: ProfileChange): ComplianceProfile {
  return {
    ...base,
    title: change.title ?? base.title,
    simulatedTrunksOnly: change.simulatedTrunksOnly ?? base.simulatedTrunksOnly,
    windows: { ...base.windows, ...change.windows },
    regionOverrides: mergedOverrides(base.regionOverrides, change.regionOverrides ?? {}),
    holidays: {
      ...base.holidays,
      optionalDaysClosed: [
        ...new Set([
          ...base.holidays.optionalDaysClosed,
          ...(change.holidays?.optionalDaysClosed ?? []),
        ]),
      ],
      extraDays: [...base.holidays.extraDays, ...(change.holidays?.extraDays ?? [])],
    },
    frequency: { ...base.frequency, ...change.frequency },
    callerId: { ...base.callerId, ...change.callerId },
    ring: { ...base.ring, ...change.ring },
    abandonment: { ...base.abandonment, ...change.abandonment },
  };
}

function mergedOverrides(
  base: ComplianceProfile['regionOverrides'],
  added: ComplianceProfile['regionOverrides'],
): ComplianceProfile['regionOverrides'] {
  const overrides = { ...base };
  for (const [key, override] of Object.entries(added)) {
    const state = key as StateCode;
    const known = overrides[state];
    overrides[state] = known ? stricterOverride(known, override) : override;
  }
  return overrides;
}

function stricterOverride(known: RegionOverride, added: RegionOverride): RegionOverride {
  const windows =
    known.windows && added.windows
      ? intersection(known.windows, added.windows)
      : (known.windows ?? added.windows);
  const caps = [known.contactsPerPersonDayMax, added.contactsPerPersonDayMax].filter(
    (max) => max !== undefined,
  );
  return {
    law: known.law === added.law ? known.law : `${known.law}; ${added.law}`,
    ...given({
      windows,
      contactsPerPersonDayMax: caps.length > 0 ? Math.min(...caps) : undefined,
    }),
  };
}

function intersection(a: WeekWindows, b: WeekWindows): WeekWindows {
  const of = (day: DayClass): readonly DailyWindow[] =>
    a[day].flatMap((one) =>
      b[day].flatMap((two) => {
        const startSecond = Math.max(one.startSecond, two.startSecond);
        const endSecond = Math.min(one.endSecond, two.endSecond);
        return startSecond < endSecond ? [{ startSecond, endSecond }] : [];
      }),
    );
  return {
    weekday: of('weekday'),
    saturday: of('saturday'),
    sunday: of('sunday'),
    holiday: of('holiday'),
  };
}

/**
 * Changed fields that only the whole profile may set, because neither value is the stricter one.
 */
export function wholeProfilesOwn(
  base: ComplianceProfile,
  wanted: Omit<ComplianceProfile, 'id' | 'version'>,
): readonly string[] {
  const fixed = {
    purpose: [base.purpose, wanted.purpose],
    zone: [base.zone, wanted.zone],
    'holidays.calendars': [`${base.holidays.calendars}`, `${wanted.holidays.calendars}`],
    'abandonment.window': [base.abandonment.window, wanted.abandonment.window],
    'abandonment.denominator': [base.abandonment.denominator, wanted.abandonment.denominator],
  };
  return Object.entries(fixed).flatMap(([field, [from, to]]) => (from === to ? [] : [field]));
}
