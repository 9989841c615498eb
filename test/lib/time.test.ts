import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  DAY_MS,
  dayOf,
  HOUR_MS,
  type IsoDate,
  localTime,
  MINUTE_MS,
  momentOf,
  parseIsoDate,
  startOfLocalDay,
  zoneOffsetMs,
} from '../../src/lib/time.ts';

const SAO_PAULO = 'America/Sao_Paulo';
const ZONES_OF_BRAZIL = [
  'America/Noronha',
  'America/Belem',
  'America/Fortaleza',
  'America/Recife',
  'America/Araguaina',
  'America/Maceio',
  'America/Bahia',
  'America/Sao_Paulo',
  'America/Campo_Grande',
  'America/Cuiaba',
  'America/Santarem',
  'America/Porto_Velho',
  'America/Boa_Vista',
  'America/Manaus',
  'America/Eirunepe',
  'America/Rio_Branco',
] as const;
/** Clocks that go forward and back by an hour, by half an hour, and once by a whole day. */
const ZONES_ELSEWHERE = [
  'UTC',
  'America/New_York',
  'Europe/Lisbon',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
] as const;

function utc(text: string): number {
  return Date.parse(`${text}Z`);
}

/** `2018-11-04 01:00:00` as the clocks of a place show it. */
function onTheWall(moment: number, zone: string): string {
  const { date, secondOfDay } = localTime(moment, zone);
  const two = (count: number): string => String(Math.floor(count)).padStart(2, '0');
  const rest = secondOfDay % 3_600;
  return `${date} ${two(secondOfDay / 3_600)}:${two(rest / 60)}:${two(rest % 60)}`;
}

function secondOf(hour: number, minute = 0): number {
  return (hour * 60 + minute) * 60;
}

describe('the zones of Brazil today', () => {
  const hours: Readonly<Record<(typeof ZONES_OF_BRAZIL)[number], number>> = {
    'America/Noronha': -2,
    'America/Belem': -3,
    'America/Fortaleza': -3,
    'America/Recife': -3,
    'America/Araguaina': -3,
    'America/Maceio': -3,
    'America/Bahia': -3,
    'America/Sao_Paulo': -3,
    'America/Campo_Grande': -4,
    'America/Cuiaba': -4,
    'America/Santarem': -3,
    'America/Porto_Velho': -4,
    'America/Boa_Vista': -4,
    'America/Manaus': -4,
    'America/Eirunepe': -5,
    'America/Rio_Branco': -5,
  };

  it.each(Object.entries(hours))('%s is %i hours from UTC, summer and winter', (zone, offset) => {
    for (const day of ['2026-01-15T12:00:00', '2026-07-15T12:00:00']) {
      expect(zoneOffsetMs(utc(day), zone)).toBe(offset * HOUR_MS);
    }
  });

  it('show four different clocks at the same moment', () => {
    const moment = utc('2026-11-23T02:30:15');
    expect(onTheWall(moment, 'America/Noronha')).toBe('2026-11-23 00:30:15');
    expect(onTheWall(moment, SAO_PAULO)).toBe('2026-11-22 23:30:15');
    expect(onTheWall(moment, 'America/Manaus')).toBe('2026-11-22 22:30:15');
    expect(onTheWall(moment, 'America/Rio_Branco')).toBe('2026-11-22 21:30:15');
  });
});

describe('local time', () => {
  it('knows the day of the week, on both sides of midnight and before 1970', () => {
    expect(localTime(utc('2026-11-22T15:00:00'), SAO_PAULO).weekday).toBe(0);
    expect(localTime(utc('2026-11-23T02:59:59'), SAO_PAULO).weekday).toBe(0);
    expect(localTime(utc('2026-11-23T03:00:00'), SAO_PAULO).weekday).toBe(1);
    expect(localTime(utc('1969-07-20T20:17:00'), 'UTC').weekday).toBe(0);
    expect(localTime(utc('1969-07-21T02:56:00'), 'UTC').weekday).toBe(1);
  });

  it('leaves the milliseconds out', () => {
    const moment = utc('2026-11-23T03:00:00') + 999;
    expect(localTime(moment, SAO_PAULO)).toEqual({
      date: '2026-11-23',
      weekday: 1,
      secondOfDay: 0,
    });
  });

  it('refuses a zone that does not exist', () => {
    expect(() => localTime(0, 'America/Atlantida')).toThrow(RangeError);
  });
});

describe('the night the clocks went forward in Brazil (2018-11-04)', () => {
  const change = utc('2018-11-04T03:00:00');

  it('had no midnight: the clocks went from 23:59:59 to 01:00:00', () => {
    expect(onTheWall(change - 1_000, SAO_PAULO)).toBe('2018-11-03 23:59:59');
    expect(onTheWall(change, SAO_PAULO)).toBe('2018-11-04 01:00:00');
  });

  it('every time of the hour that was left out is the first moment after it', () => {
    for (const second of [0, 1, secondOf(0, 30), secondOf(1) - 1]) {
      expect(momentOf('2018-11-04', second, SAO_PAULO)).toBe(change);
    }
    expect(momentOf('2018-11-04', secondOf(1), SAO_PAULO)).toBe(change);
    expect(momentOf('2018-11-04', secondOf(1, 1), SAO_PAULO)).toBe(change + MINUTE_MS);
    expect(momentOf('2018-11-03', secondOf(23, 59), SAO_PAULO)).toBe(change - MINUTE_MS);
  });

  it('began the day at one o’clock, so that the day had 23 hours', () => {
    const noon = momentOf('2018-11-04', secondOf(12), SAO_PAULO);
    expect(startOfLocalDay(noon, SAO_PAULO)).toBe(change);
    expect(startOfLocalDay(change, SAO_PAULO)).toBe(change);
    expect(momentOf('2018-11-05', 0, SAO_PAULO) - change).toBe(23 * HOUR_MS);
  });
});

describe('the night the clocks went back in Brazil (2019-02-17)', () => {
  const change = utc('2019-02-17T02:00:00');

  it('came to 23 o’clock twice; the first of the two is meant', () => {
    expect(onTheWall(change - 1_000, SAO_PAULO)).toBe('2019-02-16 23:59:59');
    expect(onTheWall(change, SAO_PAULO)).toBe('2019-02-16 23:00:00');
    expect(momentOf('2019-02-16', secondOf(23), SAO_PAULO)).toBe(change - HOUR_MS);
    expect(momentOf('2019-02-16', secondOf(23, 59), SAO_PAULO)).toBe(change - MINUTE_MS);
  });

  it('gave Saturday 25 hours, all of one day', () => {
    const midnight = momentOf('2019-02-17', 0, SAO_PAULO);
    expect(midnight).toBe(change + HOUR_MS);
    expect(startOfLocalDay(midnight - 1, SAO_PAULO)).toBe(midnight - 25 * HOUR_MS);
    expect(startOfLocalDay(midnight, SAO_PAULO)).toBe(midnight);
  });
});

describe('changes elsewhere', () => {
  it('since 2019 Brazil has none', () => {
    for (const zone of ZONES_OF_BRAZIL) {
      for (
        let day = utc('2019-04-01T12:00:00');
        day < utc('2026-12-31T12:00:00');
        day += 7 * DAY_MS
      ) {
        expect(zoneOffsetMs(day, zone)).toBe(zoneOffsetMs(utc('2026-11-23T12:00:00'), zone));
      }
    }
  });

  it('Acre moved its clocks for good, and back again (2008-06-24, 2013-11-10)', () => {
    const zone = 'America/Rio_Branco';
    expect(momentOf('2008-06-24', secondOf(0, 30), zone)).toBe(utc('2008-06-24T05:00:00'));
    expect(momentOf('2013-11-09', secondOf(23, 30), zone)).toBe(utc('2013-11-10T03:30:00'));
    expect(momentOf('2013-11-10', 0, zone)).toBe(utc('2013-11-10T05:00:00'));
  });

  it('half an hour is left out on Lord Howe, and a whole day was in Samoa', () => {
    expect(momentOf('2025-10-05', secondOf(2, 10), 'Australia/Lord_Howe')).toBe(
      utc('2025-10-04T15:30:00'),
    );
    expect(momentOf('2011-12-30', secondOf(12), 'Pacific/Apia')).toBe(utc('2011-12-30T10:00:00'));
  });
});

/** Whole seconds between 2000 and 2040. */
const MOMENT = fc
  .integer({ min: utc('2000-01-01T00:00:00') / 1_000, max: utc('2040-01-01T00:00:00') / 1_000 })
  .map((seconds) => seconds * 1_000);
/** Around the clock changes in Brazil, where mistakes are likely. */
const CHANGES = [
  '2008-06-24T05:00:00',
  '2013-11-10T05:00:00',
  '2017-10-15T03:00:00',
  '2018-02-18T02:00:00',
  '2018-11-04T03:00:00',
  '2018-11-04T04:00:00',
  '2019-02-17T02:00:00',
  '2019-02-17T03:00:00',
].map(utc);
const NEAR_A_CHANGE = fc
  .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -10_800, max: 10_800 }))
  .map(([change, seconds]) => change + seconds * 1_000);
const ANY_MOMENT = fc.oneof(MOMENT, NEAR_A_CHANGE);
const ANY_ZONE = fc.constantFrom(...ZONES_OF_BRAZIL, ...ZONES_ELSEWHERE);

describe('any moment in any zone', () => {
  it('comes back from its local time, or the earlier one that showed the same', () => {
    fc.assert(
      fc.property(ANY_MOMENT, ANY_ZONE, (moment, zone) => {
        const { date, secondOfDay } = localTime(moment, zone);
        const back = momentOf(date, secondOfDay, zone);
        expect(back).toBeLessThanOrEqual(moment);
        expect(localTime(back, zone)).toEqual(localTime(moment, zone));
      }),
      { numRuns: 2_000 },
    );
  });

  it('every wall-clock time is what that moment shows, or was left out just before it', () => {
    fc.assert(
      fc.property(
        ANY_MOMENT,
        fc.integer({ min: 0, max: 86_399 }),
        ANY_ZONE,
        (day, second, zone) => {
          const { date } = localTime(day, zone);
          const moment = momentOf(date, second, zone);
          const shown = localTime(moment, zone);
          if (shown.date === date && shown.secondOfDay === second) return;
          const asked = Date.parse(date) + second * 1_000;
          const before = localTime(moment - 1_000, zone);
          expect(Date.parse(before.date) + before.secondOfDay * 1_000).toBeLessThan(asked);
          expect(Date.parse(shown.date) + shown.secondOfDay * 1_000).toBeGreaterThan(asked);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('lies in the day that begins at the start of its day', () => {
    fc.assert(
      fc.property(ANY_MOMENT, ANY_ZONE, (moment, zone) => {
        const start = startOfLocalDay(moment, zone);
        expect(start).toBeLessThanOrEqual(moment);
        expect(localTime(start, zone).date).toBe(localTime(moment, zone).date);
        expect(localTime(start - 1, zone).date).not.toBe(localTime(moment, zone).date);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a day of the calendar', () => {
  it.each(['2026-11-30', '2024-02-29', '2000-02-29', '1900-01-01', '2200-12-31'])(
    'is %s',
    (text) => {
      expect(parseIsoDate(text)).toBe(text);
    },
  );

  it.each([
    ...['2026-12-32', '2026-13-01', '2026-12-00', '2026-00-10', '2026-11-31', '2027-02-30'],
    ...['2023-02-29', '2100-02-29', '1899-12-31', '2201-01-01', '0000-01-01', '9999-12-31'],
    ...['26-11-30', '2026-1-1', '2026-11-30T00:00', ' 2026-11-30', '2026-11-30\n', '', 'amanhã'],
    ...['２０２６-11-30', '2026‐11‐30', '+02026-11-30', '-000001-01-01'],
  ])('is not %j', (text) => {
    expect(parseIsoDate(text)).toBeUndefined();
  });

  it('is every day that adding days to one gives, and its parts give it back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 109_000 }), (days) => {
        const date = addDays('1900-01-01', days);
        const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
        expect(parseIsoDate(date)).toBe(date);
        expect(dayOf(year, month, day)).toBe(date);
      }),
    );
  });

  it('is made of whole numbers only', () => {
    for (const part of [Number.NaN, Number.POSITIVE_INFINITY, 1.5, -1, 0]) {
      expect(dayOf(part, 1, 1)).toBeUndefined();
      expect(dayOf(2026, part, 1)).toBeUndefined();
      expect(dayOf(2026, 1, part)).toBeUndefined();
    }
  });
});

describe('days of the calendar', () => {
  it.each<[IsoDate, number, IsoDate]>([
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2018-11-03', 1, '2018-11-04'],
    ['2026-11-22', 0, '2026-11-22'],
  ])('%s and %i days is %s', (date, days, after) => {
    expect(addDays(date, days)).toBe(after);
  });
});
