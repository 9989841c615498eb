import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holidayOn } from '../../../src/domain/compliance/holidays.ts';
import { OPTIONAL_DAYS, type OptionalDay } from '../../../src/domain/compliance/profile.ts';
import { AREA_CODES, type StateCode } from '../../../src/lib/br-area-codes.ts';
import { addDays, type IsoDate } from '../../../src/lib/time.ts';
import { COLLECTION } from './builders.ts';

const { holidays } = COLLECTION;
const STATES = [...new Set(AREA_CODES.flatMap((one) => one.states))].toSorted();

function daysOf(year: number): readonly IsoDate[] {
  const first: IsoDate = `${year}-01-01`;
  const days = Array.from({ length: 366 }, (_, index) => addDays(first, index));
  return days.filter((day) => day.startsWith(`${year}`));
}

function closedDays(year: number, states: readonly StateCode[], policy = holidays): string[] {
  return daysOf(year)
    .filter((day) => holidayOn(day, states, policy) !== undefined)
    .map((day) => day.slice(5));
}

/** Closed everywhere in 2026 and in 2027: the laws' ten, carnival Tuesday and Corpus Christi. */
const NATIONAL_2026 =
  '01-01 02-17 04-03 04-21 05-01 06-04 09-07 10-12 11-02 11-15 11-20 12-25'.split(' ');
const NATIONAL_2027 =
  '01-01 02-09 03-26 04-21 05-01 05-27 09-07 10-12 11-02 11-15 11-20 12-25'.split(' ');

/** What each state adds, as written in its own laws; the same dates each year but where noted. */
const OF_STATES: Readonly<Record<StateCode, string>> = {
  AC: '01-20 01-23 03-08 06-15 09-05',
  AL: '06-24 06-29 09-16',
  AM: '09-05',
  AP: '03-19 09-13',
  BA: '07-02',
  CE: '03-25',
  DF: '11-30',
  // Moves with Easter: the 13th in 2026.
  ES: '04-13',
  GO: '07-26 10-24',
  MA: '07-28',
  MG: '',
  MS: '10-11',
  MT: '',
  PA: '08-15',
  PB: '07-26 08-05',
  PE: '',
  PI: '10-19',
  PR: '12-19',
  // Carnival Tuesday is its law as well; the profile closes it everywhere.
  RJ: '04-23',
  RN: '10-03',
  RO: '01-04 06-18',
  RR: '10-05',
  RS: '09-20',
  SC: '',
  SE: '07-08',
  SP: '07-09',
  TO: '03-18 09-08 10-05',
};

describe('the closed days of a year', () => {
  it('are the national ones where no state is known', () => {
    expect(closedDays(2026, [])).toEqual(NATIONAL_2026);
    expect(closedDays(2027, [])).toEqual(NATIONAL_2027);
  });

  it.each(Object.entries(OF_STATES))('of %s have %j besides', (state, own) => {
    const expected = [...NATIONAL_2026, ...own.split(' ').filter(Boolean)].toSorted();
    expect(closedDays(2026, [state as StateCode])).toEqual(expected);
  });

  it('are written down here for all of the 27 states', () => {
    expect(Object.keys(OF_STATES).toSorted()).toEqual(STATES);
  });

  it('of several states are those of each of them together', () => {
    const anyStates = fc.uniqueArray(fc.constantFrom(...STATES), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(anyStates, fc.integer({ min: 2024, max: 2040 }), (states, year) => {
        const together = new Set(states.flatMap((state) => closedDays(year, [state])));
        expect(closedDays(year, states)).toEqual([...together].toSorted());
      }),
      { numRuns: 25, seed: 27 },
    );
  });
});

describe('the moving days', () => {
  it.each([
    [2024, '02-13', '03-29', '05-30', '04-08'],
    [2025, '03-04', '04-18', '06-19', '04-28'],
    [2026, '02-17', '04-03', '06-04', '04-13'],
    [2028, '02-29', '04-14', '06-15', '04-24'],
    [2030, '03-05', '04-19', '06-20', '04-29'],
    // The earliest and the latest Easter that anybody working here will see: 22 March would be 2285.
    [2035, '02-06', '03-23', '05-24', '04-02'],
    [2038, '03-09', '04-23', '06-24', '05-03'],
  ])('of %i: carnival %s, Good Friday %s, Corpus Christi %s, Penha in Vitória %s', (...row) => {
    const [year, carnival, goodFriday, corpusChristi, penha] = row;
    const nameOn = (day: string, ...states: StateCode[]) =>
      holidayOn(`${year}-${day}` as IsoDate, states, holidays)?.name;
    expect(nameOn(carnival)).toBe('terça-feira de carnaval');
    expect(nameOn(goodFriday)).toBe('Sexta-feira da Paixão');
    expect(nameOn(corpusChristi)).toBe('Corpus Christi');
    expect(nameOn(penha, 'ES')).toBe('feriado estadual (ES)');
  });
});

describe('an optional day', () => {
  const IN_2026: Readonly<Record<OptionalDay, IsoDate>> = {
    'carnival-monday': '2026-02-16',
    'carnival-tuesday': '2026-02-17',
    'ash-wednesday': '2026-02-18',
    'corpus-christi': '2026-06-04',
    'public-servant-day': '2026-10-28',
    'christmas-eve': '2026-12-24',
    'new-years-eve': '2026-12-31',
  };

  it.each(OPTIONAL_DAYS)('%s is closed by the profile that names it, and by no other', (day) => {
    const only = { ...holidays, optionalDaysClosed: [day] };
    const none = { ...holidays, optionalDaysClosed: [] };
    const without = closedDays(2026, [], none);
    expect(without).not.toContain(IN_2026[day].slice(5));
    expect(closedDays(2026, [], only)).toEqual([...without, IN_2026[day].slice(5)].toSorted());
  });

  it('of carnival Tuesday stays closed in Rio, where it is law, when the profile opens it', () => {
    const open = { ...holidays, optionalDaysClosed: [] };
    expect(holidayOn('2026-02-17', ['RJ'], open)?.basis).toContain('lei estadual');
    expect(holidayOn('2026-02-17', ['SP'], open)).toBeUndefined();
  });
});

describe('the basis of a holiday', () => {
  it.each([
    ['2026-12-25', 'Lei 662/1949'],
    ['2026-10-12', 'Lei 6.802/1980'],
    ['2026-11-20', 'Lei 14.759/2023'],
    ['2026-04-03', 'Lei 9.093/1995'],
    ['2026-06-04', 'ponto facultativo'],
    ['2026-07-09', 'lei estadual'],
  ] as const)('of %s is %s', (date, basis) => {
    expect(holidayOn(date, ['SP'], holidays)?.basis).toContain(basis);
  });

  it('of a day that is both by law and the profile’s own is the law', () => {
    const extraDays = [{ date: '2026-12-25', name: 'recesso' }] as const;
    expect(holidayOn('2026-12-25', [], { ...holidays, extraDays })?.name).toBe('Natal');
  });
});

describe('the calendar', () => {
  it('of the states can be left out, and the national one stays', () => {
    const national = { ...holidays, calendars: ['br-national'] as const };
    expect(closedDays(2026, STATES, national)).toEqual(NATIONAL_2026);
  });

  it('of the nation can be left out, and the states’ stays', () => {
    const ofStates = { calendars: ['br-state'], optionalDaysClosed: [], extraDays: [] } as const;
    expect(closedDays(2026, ['SP'], ofStates)).toEqual(['07-09']);
  });

  it('of a hundred years answers the same when it is asked again', () => {
    const years = Array.from({ length: 100 }, (_, index) => 2000 + index);
    const ask = () => years.map((year) => holidayOn(`${year}-09-07`, [], holidays)?.name ?? 'none');
    const first = ask();
    expect(new Set(first)).toEqual(new Set(['Independência do Brasil']));
    expect(ask()).toEqual(first);
  });
});
