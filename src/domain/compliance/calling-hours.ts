/**
 * Decides whether a debtor's telephone may ring now, in the local time of every place they may be
 * in: the zones and states of the number's area code and of the known addresses. All of them must
 * allow it, and the window must still be open when the call ends its ringing.
 */
import { areaCode, type StateCode, zonesOfState } from '../../lib/br-area-codes.ts';
import { given } from '../../lib/given.ts';
import {
  addDays,
  type DurationMs,
  type EpochMs,
  type IsoDate,
  type LocalTime,
  localTime,
  momentOf,
  type ZoneName,
} from '../../lib/time.ts';
import { type Holiday, holidayOn } from './holidays.ts';
import type { ComplianceProfile, DayClass, WeekWindows } from './profile.ts';

/** Where a debtor may be, as far as is known. */
export type DebtorPlace = {
  readonly areaCode: string;
  readonly addressStates: readonly StateCode[];
};

export type CallingHours =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly reason: 'outside-calling-hours' | 'holiday' | 'unknown-place';
      readonly clause: string;
      /** The first lawful moment; absent when there is none within {@link HORIZON_DAYS}. */
      readonly retryAt?: EpochMs;
    };

/** How far ahead a lawful moment is sought; the longest closed time in a year is a few days. */
export const HORIZON_DAYS = 45;
const ROUNDS_MAX = 200;

/** Decides for one moment. A refusal has the law that refuses and the first lawful moment. */
export function mayCallAt(
  place: DebtorPlace,
  ringTimeoutMs: DurationMs,
  now: EpochMs,
  profile: ComplianceProfile,
): CallingHours {
  const limits = limitsAt(place, profile);
  if (!limits) {
    return { allowed: false, reason: 'unknown-place', clause: `BR-01: DDD ${place.areaCode}` };
  }
  const closed = limits.find((limit) => firstStart(limit, ringTimeoutMs, now) !== now);
  if (!closed) return { allowed: true };
  const retryAt = firstCommonStart(limits, ringTimeoutMs, now);
  const holiday = closed.holidayOn(localTime(now, closed.zone).date);
  return {
    allowed: false,
    reason: holiday ? 'holiday' : 'outside-calling-hours',
    clause: holiday ? `BR-02: ${holiday.name}, ${holiday.basis}` : `BR-01: ${closed.clause}`,
    ...given({ retryAt }),
  };
}

/**
 * The first moment at or after `from` at which the place may be called; undefined when there is
 * none or it is unknown.
 */
export function nextAllowedAt(
  place: DebtorPlace,
  ringTimeoutMs: DurationMs,
  from: EpochMs,
  profile: ComplianceProfile,
): EpochMs | undefined {
  const limits = limitsAt(place, profile);
  return limits && firstCommonStart(limits, ringTimeoutMs, from);
}

/** The states whose law may bind a call to this place; undefined for an unknown area code. */
export function statesOf(place: DebtorPlace): readonly StateCode[] | undefined {
  const area = areaCode(place.areaCode);
  return area && [...new Set([...area.states, ...place.addressStates])];
}

/** One law or policy, applied in one zone. */
type Limit = {
  readonly zone: ZoneName;
  readonly windows: WeekWindows;
  readonly clause: string;
  readonly holidayOn: (date: IsoDate) => Holiday | undefined;
};

function limitsAt(place: DebtorPlace, profile: ComplianceProfile): readonly Limit[] | undefined {
  const states = statesOf(place);
  const zones = zonesOf(place);
  if (!states || !zones) return undefined;
  const holiday = (date: IsoDate): Holiday | undefined => holidayOn(date, states, profile.holidays);
  const overrides = states.flatMap((state) => {
    const override = profile.regionOverrides[state];
    return override?.windows ? [{ windows: override.windows, clause: override.law }] : [];
  });
  const rules = [{ windows: profile.windows, clause: profile.windows.clause }, ...overrides];
  return zones.flatMap((zone) => rules.map((rule) => ({ zone, ...rule, holidayOn: holiday })));
}

/**
 * Every zone the debtor may be in; undefined for an unknown area code. An address in a state that
 * the area code serves adds no zone, because the area code is more precise there (92 is Manaus,
 * though Amazonas has two zones). An address in another state adds all of that state's zones.
 */
export function zonesOf(place: DebtorPlace): readonly ZoneName[] | undefined {
  const area = areaCode(place.areaCode);
  if (!area) return undefined;
  const elsewhere = place.addressStates.filter((state) => !area.states.includes(state));
  return [...new Set([...area.zones, ...elsewhere.flatMap(zonesOfState)])];
}

/** Each round moves to the latest start of all limits, until one moment suits all of them. */
function firstCommonStart(
  limits: readonly Limit[],
  ringTimeoutMs: DurationMs,
  from: EpochMs,
): EpochMs | undefined {
  let at = from;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    let latest = at;
    for (const limit of limits) {
      const start = firstStart(limit, ringTimeoutMs, at);
      if (start === undefined) return undefined;
      latest = Math.max(latest, start);
    }
    if (latest === at) return at;
    at = latest;
  }
  return undefined;
}

/**
 * The first moment at or after `from` from which a call can ring out within this limit's windows.
 * Windows that touch, also across midnight, count as one.
 */
function firstStart(limit: Limit, ringTimeoutMs: DurationMs, from: EpochMs): EpochMs | undefined {
  const today = localTime(from, limit.zone);
  let date = today.date;
  let spanStart = Number.NEGATIVE_INFINITY;
  let spanEnd = Number.NEGATIVE_INFINITY;
  for (let day = 0; day <= HORIZON_DAYS; day += 1) {
    const weekday = ((today.weekday + day) % 7) as LocalTime['weekday'];
    const dayClass = limit.holidayOn(date) ? 'holiday' : DAY_CLASSES[weekday];
    for (const window of limit.windows[dayClass]) {
      const opensAt = momentOf(date, window.startSecond, limit.zone);
      if (opensAt > spanEnd) spanStart = opensAt;
      spanEnd = momentOf(date, window.endSecond, limit.zone);
      const start = Math.max(from, spanStart);
      if (start + ringTimeoutMs <= spanEnd) return start;
    }
    date = addDays(date, 1);
  }
  return undefined;
}

const DAY_CLASSES: readonly [DayClass, DayClass, DayClass, DayClass, DayClass, DayClass, DayClass] =
  ['sunday', 'weekday', 'weekday', 'weekday', 'weekday', 'weekday', 'saturday'];
