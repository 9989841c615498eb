import { describe, expect, it } from 'vitest';
import { mayCallAt, nextAllowedAt } from '../../../src/domain/compliance/calling-hours.ts';
import type {
  ComplianceProfile,
  DailyWindow,
  WeekWindows,
} from '../../../src/domain/compliance/profile.ts';
import { addDays, HOUR_MS, type IsoDate, SECOND_MS } from '../../../src/lib/time.ts';
import { aProfile, brasilia, COLLECTION } from './builders.ts';

const RING_MS = 30 * SECOND_MS;
/** Minas Gerais has no law of its own here: only the profile's windows bind. */
const MINAS = { areaCode: '31', addressStates: [] } as const;

function hours(...spans: readonly (readonly [from: number, to: number])[]): DailyWindow[] {
  return spans.map(([from, to]) => ({ startSecond: from * 3600, endSecond: to * 3600 }));
}

function profileWith(windows: Partial<WeekWindows>): ComplianceProfile {
  return aProfile({ windows });
}

function isOpen(profile: ComplianceProfile, at: string, ringMs = RING_MS): boolean {
  return mayCallAt(MINAS, ringMs, brasilia(at), profile).allowed;
}

function nextAt(profile: ComplianceProfile, from: string, ringMs = RING_MS): number | undefined {
  return nextAllowedAt(MINAS, ringMs, brasilia(from), profile);
}

describe('a day with a break', () => {
  const profile = profileWith({ weekday: hours([8, 12], [14, 20]) });

  it('lets no call ring into the break, and opens again at its end', () => {
    expect(isOpen(profile, '2026-11-23 11:59:30')).toBe(true);
    expect(isOpen(profile, '2026-11-23 11:59:31')).toBe(false);
    expect(isOpen(profile, '2026-11-23 13:00')).toBe(false);
    expect(isOpen(profile, '2026-11-23 14:00')).toBe(true);
  });

  it('gives the end of the break as the next moment', () => {
    expect(nextAt(profile, '2026-11-23 11:59:31')).toBe(brasilia('2026-11-23 14:00'));
  });
});

describe('windows that touch', () => {
  it('are one: a call may ring over the seam', () => {
    const profile = profileWith({ weekday: hours([8, 12], [12, 20]) });
    expect(isOpen(profile, '2026-11-23 11:59:45')).toBe(true);
  });

  it('are one over midnight too', () => {
    const profile = profileWith({ weekday: hours([0, 2], [20, 24]) });
    expect(isOpen(profile, '2026-11-23 23:59:45')).toBe(true);
    expect(isOpen(profile, '2026-11-24 01:59:45')).toBe(false);
  });

  it('are not one where the next day is a holiday and closed', () => {
    const profile = profileWith({ weekday: hours([0, 24]) });
    expect(isOpen(profile, '2026-11-19 23:59:30')).toBe(true);
    expect(isOpen(profile, '2026-11-19 23:59:31')).toBe(false);
    expect(nextAt(profile, '2026-11-19 23:59:31')).toBe(brasilia('2026-11-21 08:00'));
  });

  it('are not one where Saturday follows with hours of its own', () => {
    const profile = profileWith({ weekday: hours([0, 24]) });
    expect(isOpen(profile, '2026-11-27 23:59:31')).toBe(false);
    expect(nextAt(profile, '2026-11-27 23:59:31')).toBe(brasilia('2026-11-28 08:00'));
  });
});

describe('the ringing', () => {
  const anHour = profileWith({ weekday: hours([10, 11]) });

  it('has to fit a window: one as long as it is may begin at its opening only', () => {
    expect(isOpen(anHour, '2026-11-23 10:00:00', HOUR_MS)).toBe(true);
    expect(isOpen(anHour, '2026-11-23 10:00:01', HOUR_MS)).toBe(false);
  });

  it('that is longer than every window is never lawful', () => {
    const never = aProfile({ windows: { weekday: hours([10, 11]), saturday: [] } });
    expect(isOpen(never, '2026-11-23 10:00', HOUR_MS + 1)).toBe(false);
    expect(nextAt(never, '2026-11-23 10:00', HOUR_MS + 1)).toBeUndefined();
  });

  it('of no time at all may begin until the last millisecond of the window', () => {
    const end = brasilia('2026-11-23 11:00');
    expect(mayCallAt(MINAS, 1, end - 1, anHour).allowed).toBe(true);
    expect(mayCallAt(MINAS, 1, end, anHour).allowed).toBe(false);
  });
});

describe('hours of a holiday', () => {
  it('are those of its own class, on whichever weekday it falls', () => {
    const profile = profileWith({ holiday: hours([10, 12]) });
    const friday = '2026-11-20';
    const sunday = '2026-11-15';
    for (const day of [friday, sunday]) {
      expect(isOpen(profile, `${day} 09:59:59`)).toBe(false);
      expect(isOpen(profile, `${day} 10:00`)).toBe(true);
      expect(isOpen(profile, `${day} 12:00`)).toBe(false);
    }
  });

  it('of Sunday do not open a Sunday that is a holiday', () => {
    const profile = profileWith({ sunday: hours([10, 12]) });
    expect(isOpen(profile, '2026-11-22 10:30')).toBe(true);
    expect(isOpen(profile, '2026-11-15 10:30')).toBe(false);
  });
});

describe('a state’s law', () => {
  it('with only a cap closes no hour of its own', () => {
    const profile = aProfile({
      regionOverrides: { MG: { law: 'contrato', contactsPerPersonDayMax: 1 } },
    });
    expect(isOpen(profile, '2026-11-23 08:00')).toBe(true);
    expect(isOpen(profile, '2026-11-23 19:59:30')).toBe(true);
  });

  it('cannot open what the profile closes', () => {
    const wide = { weekday: hours([0, 24]), saturday: hours([0, 24]), sunday: hours([0, 24]) };
    const profile = aProfile({
      regionOverrides: { MG: { law: 'lei larga', windows: { ...wide, holiday: hours([0, 24]) } } },
    });
    for (const at of ['2026-11-23 07:59:59', '2026-11-22 11:00', '2026-11-20 11:00']) {
      expect(isOpen(profile, at)).toBe(false);
    }
  });

  it('that shares no hour with the profile leaves no moment at all', () => {
    const night = { weekday: hours([21, 23]), saturday: [], sunday: [], holiday: [] };
    const profile = aProfile({ regionOverrides: { MG: { law: 'lei noturna', windows: night } } });
    expect(nextAt(profile, '2026-11-23 11:00')).toBeUndefined();
  });
});

describe('how far ahead a moment is sought', () => {
  function closedFor(days: number): ComplianceProfile {
    const extraDays = Array.from({ length: days }, (_, index) => ({
      date: addDays('2026-11-23', index),
      name: 'recesso',
    }));
    return aProfile({ holidays: { extraDays } });
  }

  it('is beyond a closed month', () => {
    // 2 January 2027 is a Saturday, and the first day after the recess.
    expect(nextAt(closedFor(40), '2026-11-23 11:00')).toBe(brasilia('2027-01-02 08:00'));
  });

  it('ends after 45 days: no moment is promised then', () => {
    expect(nextAt(closedFor(60), '2026-11-23 11:00')).toBeUndefined();
    const answer = mayCallAt(MINAS, RING_MS, brasilia('2026-11-23 11:00'), closedFor(60));
    expect(answer).toMatchObject({ allowed: false, reason: 'holiday' });
    expect(answer).not.toHaveProperty('retryAt');
  });
});

describe('summer time, which ended in 2019 and may return', () => {
  const inUtc = (text: string): number => Date.parse(`${text}:00Z`);
  const placeOf = (areaCode: string) => ({ areaCode, addressStates: [] });
  const isOpenIn = (areaCode: string, utc: string): boolean =>
    mayCallAt(placeOf(areaCode), RING_MS, inUtc(utc), COLLECTION).allowed;

  it('is kept where it was law: Minas opened at ten of Greenwich, Bahia at eleven', () => {
    expect(isOpenIn('31', '2018-12-03T10:00')).toBe(true);
    expect(isOpenIn('71', '2018-12-03T10:00')).toBe(false);
    expect(isOpenIn('71', '2018-12-03T11:00')).toBe(true);
  });

  it('moved the opening by an hour from the Saturday to the Monday around its first night', () => {
    const next = (utc: string) => nextAllowedAt(placeOf('31'), RING_MS, inUtc(utc), COLLECTION);
    // The night of 3 to 4 November 2018.
    expect(next('2018-11-03T08:00')).toBe(inUtc('2018-11-03T11:00'));
    expect(next('2018-11-03T17:00')).toBe(inUtc('2018-11-05T10:00'));
    // And back in the night of 16 to 17 February 2019.
    expect(next('2019-02-16T16:00')).toBe(inUtc('2019-02-18T11:00'));
  });
});

describe('a profile’s own days', () => {
  const aDay = (date: IsoDate) =>
    aProfile({ holidays: { extraDays: [{ date, name: 'recesso' }] } });

  it('close the whole day and no minute of the days beside it', () => {
    const profile = aDay('2026-11-24');
    expect(isOpen(profile, '2026-11-23 19:59:30')).toBe(true);
    expect(isOpen(profile, '2026-11-24 08:00')).toBe(false);
    expect(isOpen(profile, '2026-11-25 08:00')).toBe(true);
  });

  it('are days of the debtor’s place, not of Brasília', () => {
    const acre = { areaCode: '68', addressStates: [] } as const;
    const profile = profileWith({ weekday: hours([0, 24]) });
    const closed = { ...profile, holidays: aDay('2026-11-24').holidays };
    // Half past eleven at night of the 23rd in Acre is half past one of the 24th in Brasília.
    const at = brasilia('2026-11-24 01:30');
    expect(mayCallAt(acre, RING_MS, at, closed).allowed).toBe(true);
    expect(mayCallAt(acre, RING_MS, brasilia('2026-11-24 05:00'), closed).allowed).toBe(false);
  });
});
