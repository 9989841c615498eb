/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** A length of time in milliseconds. */
export type DurationMs = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** A calendar day written `2026-11-22`, with no time zone of its own. */
export type IsoDate = `${number}-${string}-${string}`;

/** Days outside of these years are slips of the hand or columns read wrongly. */
const YEARS = { first: 1900, last: 2200 } as const;

/** The last moment that a person or a program may name. */
export const MOMENT_MAX: EpochMs = Date.UTC(YEARS.last, 11, 31, 23, 59, 59, 999);

/** A calendar day that exists, written `2026-11-22`; undefined for `2026-11-31` and whatever is no day. */
export function parseIsoDate(text: string): IsoDate | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return parts ? dayOf(Number(parts[1]), Number(parts[2]), Number(parts[3])) : undefined;
}

/** The calendar day of a year, month (from 1) and day; undefined where there is none. */
export function dayOf(year: number, month: number, day: number): IsoDate | undefined {
  if (![year, month, day].every(Number.isInteger)) return undefined;
  if (year < YEARS.first || year > YEARS.last) return undefined;
  const at = new Date(Date.UTC(year, month - 1, day));
  const exists = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return exists ? (at.toISOString().slice(0, 10) as IsoDate) : undefined;
}

/** An IANA zone name such as `America/Sao_Paulo`. */
export type ZoneName = string;

/** What a clock on the wall of a place shows. */
export type LocalTime = {
  readonly date: IsoDate;
  /** 0 is Sunday. */
  readonly weekday: 0 | 1 | 2 | 3 | 4 | 5 | 6;
  /** Seconds since local midnight, 0 to 86399. */
  readonly secondOfDay: number;
};

const formats = new Map<ZoneName, Intl.DateTimeFormat>();

function formatOf(zone: ZoneName): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

/**
 * Offsets are cached for each quarter of an hour of absolute time: in our zones every change of
 * offset in the tz database falls on a quarter. Without the cache Intl would cost microseconds in
 * the gate, which is asked thousands of times a second.
 */
const OFFSET_STEP_MS = 15 * MINUTE_MS;
const OFFSETS_MAX = 50_000;
const offsets = new Map<ZoneName, Map<number, DurationMs>>();

/** How many milliseconds the zone is ahead of UTC at this moment (Brazil: negative). */
export function zoneOffsetMs(now: EpochMs, zone: ZoneName): DurationMs {
  const step = Math.floor(now / OFFSET_STEP_MS);
  let ofZone = offsets.get(zone);
  const known = ofZone?.get(step);
  if (known !== undefined) return known;
  const at = step * OFFSET_STEP_MS;
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) part[type] = Number(value);
  const local = Date.UTC(
    part.year ?? 0,
    (part.month ?? 1) - 1,
    part.day ?? 1,
    part.hour ?? 0,
    part.minute ?? 0,
    part.second ?? 0,
  );
  if (!ofZone || ofZone.size >= OFFSETS_MAX) {
    ofZone = new Map();
    offsets.set(zone, ofZone);
  }
  ofZone.set(step, local - at);
  return local - at;
}

/** What the wall clock shows in a zone. Throws RangeError for a zone that Intl does not know. */
export function localTime(now: EpochMs, zone: ZoneName): LocalTime {
  const local = now + zoneOffsetMs(now, zone);
  const day = Math.floor(local / DAY_MS);
  return {
    date: dateOfDay(day),
    weekday: ((((day + 4) % 7) + 7) % 7) as LocalTime['weekday'],
    secondOfDay: Math.floor((local - day * DAY_MS) / SECOND_MS),
  };
}

/** Dates as they were written for the newest days asked about: writing one costs more than all the rest. */
const DATES_MAX = 1_000;
const dates = new Map<number, IsoDate>();

function dateOfDay(day: number): IsoDate {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10) as IsoDate;
  if (dates.size >= DATES_MAX) dates.clear();
  dates.set(day, date);
  return date;
}

/**
 * The moment of a local wall-clock time. When it occurs twice (clocks back), the first of the two;
 * when it never occurs (clocks forward), the first moment after the gap.
 */
export function momentOf(date: IsoDate, secondOfDay: number, zone: ZoneName): EpochMs {
  const naive = Date.parse(`${date}T00:00:00Z`) + secondOfDay * SECOND_MS;
  // No zone is a whole day away from UTC, so these are the offsets on either side of the moment.
  const before = zoneOffsetMs(naive - DAY_MS, zone);
  const after = zoneOffsetMs(naive + DAY_MS, zone);
  const earlier = naive - Math.max(before, after);
  if (earlier + zoneOffsetMs(earlier, zone) === naive) return earlier;
  const later = naive - Math.min(before, after);
  if (later + zoneOffsetMs(later, zone) === naive) return later;
  return changeOfOffset(earlier, later, zone);
}

/** The moment the offset changes within the span, which has exactly one change. */
function changeOfOffset(from: EpochMs, to: EpochMs, zone: ZoneName): EpochMs {
  const offset = zoneOffsetMs(to, zone);
  let at = Math.floor(to / OFFSET_STEP_MS) * OFFSET_STEP_MS;
  while (at > from && zoneOffsetMs(at - 1, zone) === offset) at -= OFFSET_STEP_MS;
  return at;
}

/** Cache of the newest answer and how long it holds: the same day is asked many times a second. */
let newestDay:
  | { readonly zone: ZoneName; readonly from: EpochMs; readonly to: EpochMs }
  | undefined;

/** The first moment of the local day that `now` falls in. */
export function startOfLocalDay(now: EpochMs, zone: ZoneName): EpochMs {
  return localDayOf(now, zone).from;
}

/** The local day that `now` falls in: its first moment, and the first moment of the next one. */
export function localDayOf(
  now: EpochMs,
  zone: ZoneName,
): { readonly from: EpochMs; readonly to: EpochMs } {
  if (newestDay?.zone !== zone || now < newestDay.from || now >= newestDay.to) {
    const { date } = localTime(now, zone);
    const from = momentOf(date, 0, zone);
    newestDay = { zone, from, to: momentOf(addDays(date, 1), 0, zone) };
  }
  return newestDay;
}

/** The calendar day `days` after this one (before it when negative). */
export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS)
    .toISOString()
    .slice(0, 10) as IsoDate;
}
