/**
 * A compliance profile: what the law and the operation's own policy say about calls in one
 * jurisdiction, as data. The files are in `config/compliance`. An operation may tighten one in a
 * separate file (`tighten-profile.ts`) and never loosen it. It is engineering data and not legal
 * advice.
 */
import { type StateCode, stateCode } from '../../lib/br-area-codes.ts';
import { given } from '../../lib/given.ts';
import { type DurationMs, type IsoDate, parseIsoDate, type ZoneName } from '../../lib/time.ts';
import type { AbandonmentTerms } from '../abandonment/bank.ts';

export type DayClass = 'weekday' | 'saturday' | 'sunday' | 'holiday';

/** A part of a local day, without its end; `24:00` is 86400. */
export type DailyWindow = { readonly startSecond: number; readonly endSecond: number };

/** Sorted, without overlaps; an empty list means closed all day. */
export type WeekWindows = Readonly<Record<DayClass, readonly DailyWindow[]>>;

export type HolidayCalendar = 'br-national' | 'br-state';

/** Days that the State calls optional (ponto facultativo), so a profile must decide about them. */
export type OptionalDay =
  | 'carnival-monday'
  | 'carnival-tuesday'
  | 'ash-wednesday'
  | 'corpus-christi'
  | 'public-servant-day'
  | 'christmas-eve'
  | 'new-years-eve';

export type ExtraHoliday = {
  readonly date: IsoDate;
  readonly name: string;
  /** Absent when it holds everywhere. */
  readonly state?: StateCode;
};

export type RegionOverride = {
  /** The law it comes from; the clause of its refusals. */
  readonly law: string;
  /**
   * In addition to the profile's own windows: a call must fit both. Absent when the law has none.
   */
  readonly windows?: WeekWindows;
  /**
   * Contacts with one person in a day, for any purpose, on the channels that the law counts; absent
   * for no such cap.
   */
  readonly contactsPerPersonDayMax?: number;
};

export type ComplianceProfile = {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly purpose: 'collection' | 'demonstration';
  /** Whether only trunks marked as simulated may be dialed, which reach no real telephone. */
  readonly simulatedTrunksOnly: boolean;
  /** The zone in which the caps' days and months are counted. */
  readonly zone: ZoneName;
  /** In the debtor's local time. */
  readonly windows: WeekWindows & { readonly clause: string };
  readonly regionOverrides: Readonly<Partial<Record<StateCode, RegionOverride>>>;
  readonly holidays: {
    readonly calendars: readonly HolidayCalendar[];
    readonly optionalDaysClosed: readonly OptionalDay[];
    readonly extraDays: readonly ExtraHoliday[];
  };
  readonly frequency: {
    readonly clause: string;
    readonly attemptsPerPersonDayMax: number;
    readonly attemptsPerPhoneDayMax: number;
    /** Over today and the six days before. */
    readonly attemptsPerPerson7DaysMax: number;
    /** Over the calendar month. */
    readonly attemptsPerPersonMonthMax: number;
    readonly gapPhoneMs: DurationMs;
    readonly gapPersonMs: DurationMs;
    /** Replaces both gaps after a busy, which disturbed nobody. */
    readonly gapAfterBusyMs: DurationMs;
    /** Whether the debtor is not called again on a day on which they were spoken to in person. */
    readonly stopAfterRightPartyContact: boolean;
  };
  readonly callerId: {
    readonly clause: string;
    /** Whether number and trunk must belong to the company that calls. */
    readonly holderMustMatch: boolean;
    readonly mobileOnlyWhenStationBound: boolean;
  };
  readonly ring: {
    readonly clause: string;
    readonly minMs: DurationMs;
    readonly maxMs: DurationMs;
    /**
     * Whether a ringing call may be given up before `maxMs` because too many others are about to be
     * answered. False where a call cut short counts against the caller.
     */
    readonly mayBeCancelled: boolean;
  };
  /** What abandonment is, and how much of it is allowed (`domain/abandonment/bank.ts`). */
  readonly abandonment: AbandonmentTerms & {
    readonly clause: string;
    /**
     * Time after an abandonment until one redial with an agent reserved; without an agent it waits
     * for the next day.
     */
    readonly redialAfterMs: DurationMs;
  };
};

export type ProfileParse =
  | { readonly ok: true; readonly profile: ComplianceProfile }
  | { readonly ok: false; readonly problems: readonly string[] };

export const OPTIONAL_DAYS: readonly OptionalDay[] = [
  'carnival-monday',
  'carnival-tuesday',
  'ash-wednesday',
  'corpus-christi',
  'public-servant-day',
  'christmas-eve',
  'new-years-eve',
];

const DAY_SECONDS = 86_400;
const ENTRIES_MAX = 1_000;

/**
 * Reads a profile file. Every problem is listed with its path, including unknown keys, because a
 * misspelt rule is a missing rule.
 */
export function parseProfile(value: unknown): ProfileParse {
  const problems: string[] = [];
  const read = new Reader(value, '', problems);
  const profile: ComplianceProfile = {
    id: read.text('id'),
    version: read.whole('version', 1),
    title: read.text('title'),
    purpose: read.choice('purpose', ['collection', 'demonstration']),
    simulatedTrunksOnly: read.flag('simulatedTrunksOnly'),
    zone: readZone(read),
    windows: readWindowsWithClause(read.part('windows')),
    regionOverrides: readOverrides(read.part('regionOverrides')),
    holidays: readHolidays(read.part('holidays')),
    frequency: readFrequency(read.part('frequency')),
    callerId: readCallerId(read.part('callerId')),
    ring: readRing(read.part('ring')),
    abandonment: readAbandonment(read.part('abandonment')),
  };
  read.end();
  if (profile.purpose === 'demonstration' && !profile.simulatedTrunksOnly) {
    problems.push('simulatedTrunksOnly: a demonstration dials simulated trunks only');
  }
  if (profile.ring.minMs > profile.ring.maxMs) problems.push('ring: minMs is above maxMs');
  return problems.length === 0 ? { ok: true, profile } : { ok: false, problems };
}

function readZone(read: Reader): ZoneName {
  const zone = read.text('zone');
  if (zone !== '' && !isZone(zone)) read.problem('zone', `${zone} is no IANA zone`);
  return zone;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function readWindowsWithClause(read: Reader): ComplianceProfile['windows'] {
  const windows = { clause: read.text('clause'), ...readWindows(read) };
  read.end();
  return windows;
}

function readWindows(read: Reader): WeekWindows {
  return {
    weekday: readDay(read, 'weekday'),
    saturday: readDay(read, 'saturday'),
    sunday: readDay(read, 'sunday'),
    holiday: readDay(read, 'holiday'),
  };
}

function readDay(read: Reader, key: DayClass): readonly DailyWindow[] {
  const windows: DailyWindow[] = [];
  for (const text of read.texts(key)) {
    const window = parseWindow(text);
    const last = windows.at(-1);
    if (!window || window.startSecond >= window.endSecond) {
      read.problem(key, `"${text}" is no window like 08:00-20:00`);
    } else if (last && window.startSecond < last.endSecond) {
      read.problem(key, `"${text}" begins before the window before it ends`);
    } else {
      windows.push(window);
    }
  }
  return windows;
}

function parseWindow(text: string): DailyWindow | undefined {
  const match = /^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/.exec(text);
  if (!match) return undefined;
  const [startHour, startMinute, endHour, endMinute] = match.slice(1).map(Number);
  const startSecond = (startHour ?? 0) * 3600 + (startMinute ?? 0) * 60;
  const endSecond = (endHour ?? 0) * 3600 + (endMinute ?? 0) * 60;
  return endSecond <= DAY_SECONDS ? { startSecond, endSecond } : undefined;
}

function readOverrides(read: Reader): ComplianceProfile['regionOverrides'] {
  const overrides: Partial<Record<StateCode, RegionOverride>> = {};
  for (const key of read.keys()) {
    const state = stateCode(key);
    const part = read.part(key);
    if (state !== key) {
      read.problem(key, 'is no state of Brazil in two capital letters');
      continue;
    }
    const contactsPerPersonDayMax = part.has('contactsPerPersonDayMax')
      ? part.whole('contactsPerPersonDayMax', 0)
      : undefined;
    const windows = part.has('windows') ? part.part('windows') : undefined;
    overrides[state] = {
      law: part.text('law'),
      ...given({ windows: windows ? readWindows(windows) : undefined, contactsPerPersonDayMax }),
    };
    windows?.end();
    part.end();
  }
  return overrides;
}

function readHolidays(read: Reader): ComplianceProfile['holidays'] {
  const holidays = {
    calendars: read.choices('calendars', ['br-national', 'br-state'] as const),
    optionalDaysClosed: read.choices('optionalDaysClosed', OPTIONAL_DAYS),
    extraDays: read.parts('extraDays').map(readExtraDay),
  };
  read.end();
  return holidays;
}

function readExtraDay(read: Reader): ExtraHoliday {
  const date = read.text('date');
  if (!parseIsoDate(date)) read.problem('date', 'is no day like 2026-11-20');
  const state = read.has('state') ? stateCode(read.text('state')) : undefined;
  if (read.has('state') && !state) read.problem('state', 'is no state of Brazil');
  const day = {
    date: date as IsoDate,
    name: read.text('name'),
    ...given({ state }),
  };
  read.end();
  return day;
}

function readFrequency(read: Reader): ComplianceProfile['frequency'] {
  const frequency = {
    clause: read.text('clause'),
    attemptsPerPersonDayMax: read.whole('attemptsPerPersonDayMax', 0),
    attemptsPerPhoneDayMax: read.whole('attemptsPerPhoneDayMax', 0),
    attemptsPerPerson7DaysMax: read.whole('attemptsPerPerson7DaysMax', 0),
    attemptsPerPersonMonthMax: read.whole('attemptsPerPersonMonthMax', 0),
    gapPhoneMs: read.whole('gapPhoneMs', 0),
    gapPersonMs: read.whole('gapPersonMs', 0),
    gapAfterBusyMs: read.whole('gapAfterBusyMs', 0),
    stopAfterRightPartyContact: read.flag('stopAfterRightPartyContact'),
  };
  read.end();
  return frequency;
}

function readCallerId(read: Reader): ComplianceProfile['callerId'] {
  const callerId = {
    clause: read.text('clause'),
    holderMustMatch: read.flag('holderMustMatch'),
    mobileOnlyWhenStationBound: read.flag('mobileOnlyWhenStationBound'),
  };
  read.end();
  return callerId;
}

function readRing(read: Reader): ComplianceProfile['ring'] {
  const ring = {
    clause: read.text('clause'),
    minMs: read.whole('minMs', 0),
    maxMs: read.whole('maxMs', 1),
    mayBeCancelled: read.flag('mayBeCancelled'),
  };
  read.end();
  return ring;
}

function readAbandonment(read: Reader): ComplianceProfile['abandonment'] {
  const abandonment = {
    clause: read.text('clause'),
    rateMax: read.share('rateMax'),
    waitMaxMs: read.whole('waitMaxMs', 0),
    clockStart: read.choice('clockStart', ['answered', 'greeting-ended'] as const),
    denominator: read.choice('denominator', [
      'people-answered',
      'abandoned-and-connected',
    ] as const),
    window: read.choice('window', ['calendar-day', 'rolling-24-hours', 'rolling-30-days'] as const),
    alarmShare: read.share('alarmShare'),
    earlyHangUpCounts: read.flag('earlyHangUpCounts'),
    falseMachineShare: read.share('falseMachineShare'),
    redialAfterMs: read.whole('redialAfterMs', 0),
  };
  read.end();
  return abandonment;
}

/**
 * Reads the fields of one object and notes what is wrong; at the end also the fields that nothing
 * asked for.
 */
class Reader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #problems: string[];
  readonly #asked = new Set<string>();

  constructor(value: unknown, path: string, problems: string[]) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) problems.push(`${path || 'the profile'}: is no object`);
    this.#fields = isObject ? (value as Record<string, unknown>) : {};
    this.#path = path;
    this.#problems = problems;
  }

  problem(key: string, sentence: string): void {
    this.#problems.push(`${this.#path}${key}: ${sentence}`);
  }

  has(key: string): boolean {
    return this.#fields[key] !== undefined;
  }

  keys(): readonly string[] {
    return Object.keys(this.#fields).slice(0, ENTRIES_MAX);
  }

  part(key: string): Reader {
    return new Reader(this.#take(key), `${this.#path}${key}.`, this.#problems);
  }

  parts(key: string): readonly Reader[] {
    return this.#list(key).map(
      (value, index) => new Reader(value, `${this.#path}${key}.${index}.`, this.#problems),
    );
  }

  text(key: string): string {
    const value = this.#take(key);
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.problem(key, 'is no text');
    return '';
  }

  texts(key: string): readonly string[] {
    return this.#list(key).flatMap((value) => {
      if (typeof value === 'string') return [value];
      this.problem(key, 'holds something that is no text');
      return [];
    });
  }

  flag(key: string): boolean {
    const value = this.#take(key);
    if (typeof value === 'boolean') return value;
    this.problem(key, 'is neither true nor false');
    return true;
  }

  whole(key: string, min: number): number {
    const value = this.#take(key);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
    this.problem(key, `is no whole number from ${min} up`);
    return min;
  }

  share(key: string): number {
    const value = this.#take(key);
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    this.problem(key, 'is no share between 0 and 1');
    return 0;
  }

  choice<Choice extends string>(key: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.#take(key);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.problem(key, `is none of ${choices.join(', ')}`);
    return found ?? choices[0];
  }

  choices<Choice extends string>(key: string, choices: readonly Choice[]): readonly Choice[] {
    return this.#list(key).flatMap((value) => {
      const found = choices.find((choice) => choice === value);
      if (found === undefined) this.problem(key, `holds what is none of ${choices.join(', ')}`);
      return found === undefined ? [] : [found];
    });
  }

  end(): void {
    for (const key of this.keys()) {
      if (!this.#asked.has(key)) this.problem(key, 'is a field that no rule knows');
    }
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return this.#fields[key];
  }

  #list(key: string): readonly unknown[] {
    const value = this.#take(key);
    if (Array.isArray(value) && value.length <= ENTRIES_MAX) return value;
    this.problem(key, `is no list of at most ${ENTRIES_MAX}`);
    return [];
  }
}
