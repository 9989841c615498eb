import { describe, expect, it } from 'vitest';
import {
  type DebtorPlace,
  mayCallAt,
  nextAllowedAt,
  statesOf,
  zonesOf,
} from '../../../src/domain/compliance/calling-hours.ts';
import { AREA_CODES, type StateCode } from '../../../src/lib/br-area-codes.ts';
import { SECOND_MS } from '../../../src/lib/time.ts';
import { brasilia, COLLECTION } from './builders.ts';

const RING_MS = 30 * SECOND_MS;
const MONDAY = '2026-11-23';
const SATURDAY = '2026-11-28';

/** From when and until when the law lets a telephone ring, by the clock of Brasília. */
type Hours = readonly [opens: string, closes: string];

/**
 * Read from the laws and the area codes' zones by hand: SP, AL 8 to 20 and Saturday 8 to 14; RJ 9 to
 * 19; ES 8 to 19; AM and MT 8 to 18, none of these four on a Saturday; elsewhere the national window.
 */
const BY_AREA_CODE: readonly (readonly [codes: string, weekday: Hours, saturday?: Hours])[] = [
  ['11 12 13 14 15 16 17 18 19', ['08:00', '20:00'], ['08:00', '14:00']],
  ['21 22 24', ['09:00', '19:00']],
  ['27 28', ['08:00', '19:00']],
  ['31 32 33 34 35 37 38', ['08:00', '20:00'], ['08:00', '14:00']],
  ['41 42 43 44 45 46 47 48 49', ['08:00', '20:00'], ['08:00', '14:00']],
  ['51 53 54 55', ['08:00', '20:00'], ['08:00', '14:00']],
  ['61 62 63 64', ['08:00', '20:00'], ['08:00', '14:00']],
  ['65 66', ['09:00', '19:00']],
  ['67', ['09:00', '21:00'], ['09:00', '15:00']],
  ['68', ['10:00', '22:00'], ['10:00', '16:00']],
  ['69', ['09:00', '21:00'], ['09:00', '15:00']],
  ['71 73 74 75 77 79', ['08:00', '20:00'], ['08:00', '14:00']],
  ['81 82 83 84 85 86 87 88 89', ['08:00', '20:00'], ['08:00', '14:00']],
  ['91 93 94 96 98 99', ['08:00', '20:00'], ['08:00', '14:00']],
  ['92', ['09:00', '19:00']],
  ['95', ['09:00', '21:00'], ['09:00', '15:00']],
  ['97', ['10:00', '19:00']],
];

const EACH_AREA_CODE = BY_AREA_CODE.flatMap(([codes, weekday, saturday]) =>
  codes.split(' ').map((code) => ({ code, weekday, saturday })),
);

function isOpen(place: DebtorPlace, at: number): boolean {
  return mayCallAt(place, RING_MS, at, COLLECTION).allowed;
}

/** The hours of a place on a day, to the second: what rings last must have rung out at the close. */
function expectHours(place: DebtorPlace, day: string, hours: Hours | undefined): void {
  if (!hours) {
    for (let hour = 0; hour < 24; hour += 1) {
      expect(isOpen(place, brasilia(`${day} ${String(hour).padStart(2, '0')}:30`))).toBe(false);
    }
    return;
  }
  const opens = brasilia(`${day} ${hours[0]}`);
  const closes = brasilia(`${day} ${hours[1]}`);
  const seen = [opens - SECOND_MS, opens, closes - RING_MS, closes - RING_MS + SECOND_MS, closes];
  expect(seen.map((at) => isOpen(place, at))).toEqual([false, true, true, false, false]);
}

describe('the hours of every area code, by the clock of Brasília', () => {
  it('are written down here for all of the 67', () => {
    expect(EACH_AREA_CODE.map((one) => one.code).toSorted()).toEqual(
      AREA_CODES.map((one) => one.code).toSorted(),
    );
  });

  it.each(EACH_AREA_CODE)('$code: weekdays $weekday, Saturday $saturday', (row) => {
    const place = { areaCode: row.code, addressStates: [] };
    expectHours(place, MONDAY, row.weekday);
    expectHours(place, SATURDAY, row.saturday);
    expectHours(place, '2026-11-22', undefined);
  });
});

describe('the hours of a number of São Paulo whose owner may live in another state', () => {
  const NATIONAL: readonly [Hours, Hours] = [
    ['08:00', '20:00'],
    ['08:00', '14:00'],
  ];
  const AN_HOUR_LATER: readonly [Hours, Hours] = [
    ['09:00', '20:00'],
    ['09:00', '14:00'],
  ];
  const BY_ADDRESS: Readonly<Record<StateCode, readonly [Hours, Hours?]>> = {
    AC: [
      ['10:00', '20:00'],
      ['10:00', '14:00'],
    ],
    AL: NATIONAL,
    // Both zones of the state have to be open; its law closes at 18:00 where the number is, too.
    AM: [['10:00', '18:00']],
    AP: NATIONAL,
    BA: NATIONAL,
    CE: NATIONAL,
    DF: NATIONAL,
    ES: [['08:00', '19:00']],
    GO: NATIONAL,
    MA: NATIONAL,
    MG: NATIONAL,
    MS: AN_HOUR_LATER,
    MT: [['09:00', '18:00']],
    PA: NATIONAL,
    PB: NATIONAL,
    PE: NATIONAL,
    PI: NATIONAL,
    PR: NATIONAL,
    RJ: [['09:00', '19:00']],
    RN: NATIONAL,
    RO: AN_HOUR_LATER,
    RR: AN_HOUR_LATER,
    RS: NATIONAL,
    SC: NATIONAL,
    SE: NATIONAL,
    SP: NATIONAL,
    TO: NATIONAL,
  };

  it.each(Object.entries(BY_ADDRESS))('%s: %j', (state, [weekday, saturday]) => {
    const place = { areaCode: '11', addressStates: [state as StateCode] };
    expectHours(place, MONDAY, weekday);
    expectHours(place, SATURDAY, saturday);
  });

  it('are those that every law allows in every zone: Rio’s from nine of Acre to 19:00 of its own', () => {
    const place: DebtorPlace = { areaCode: '11', addressStates: ['AC', 'RJ'] };
    expectHours(place, MONDAY, ['11:00', '19:00']);
    expectHours(place, SATURDAY, undefined);
  });

  it('are the same whichever address is named first, or twice', () => {
    const orders: readonly StateCode[][] = [
      ['AC', 'ES'],
      ['ES', 'AC'],
      ['AC', 'ES', 'AC'],
    ];
    for (const addressStates of orders) {
      expectHours({ areaCode: '11', addressStates }, MONDAY, ['10:00', '19:00']);
    }
  });
});

describe('an address in a state of the area code itself', () => {
  it('adds no zone: the code is the finer of the two', () => {
    const manaus: DebtorPlace = { areaCode: '92', addressStates: ['AM'] };
    expect(zonesOf(manaus)).toEqual(['America/Manaus']);
    expectHours(manaus, MONDAY, ['09:00', '19:00']);
    expect(zonesOf({ areaCode: '93', addressStates: ['PA'] })).toEqual(['America/Santarem']);
  });

  it('does not narrow a code with two zones to one of them', () => {
    const interior: DebtorPlace = { areaCode: '97', addressStates: ['AM'] };
    expect(zonesOf(interior)).toEqual(['America/Manaus', 'America/Eirunepe']);
    expectHours(interior, MONDAY, ['10:00', '19:00']);
  });

  it('is counted once among the states whose law binds', () => {
    expect(statesOf({ areaCode: '61', addressStates: ['GO', 'BA'] })).toEqual(['DF', 'GO', 'BA']);
  });
});

describe('an area code that crosses a border', () => {
  const at10 = (day: string, code: string, ...addressStates: StateCode[]): boolean =>
    isOpen({ areaCode: code, addressStates }, brasilia(`${day} 10:00`));

  it('keeps the holidays of both its states: Brasília with Goiás', () => {
    const dayOfTheEvangelical = '2026-11-30';
    expect(at10(dayOfTheEvangelical, '61')).toBe(false);
    expect(at10(dayOfTheEvangelical, '62')).toBe(true);
    const foundingOfGoiania = '2026-10-24';
    expect(at10(foundingOfGoiania, '61')).toBe(false);
    expect(at10(foundingOfGoiania, '62')).toBe(false);
    expect(at10(foundingOfGoiania, '31')).toBe(true);
  });

  it('keeps the holidays of both its states: Joinville with Rio Negro', () => {
    const emancipationOfParana = '2026-12-19';
    expect(at10(emancipationOfParana, '47')).toBe(false);
    expect(at10(emancipationOfParana, '41')).toBe(false);
    expect(at10(emancipationOfParana, '48')).toBe(true);
  });
});

describe('the next lawful moment', () => {
  const next = (code: string, from: string, ...addressStates: StateCode[]) =>
    nextAllowedAt({ areaCode: code, addressStates }, RING_MS, brasilia(from), COLLECTION);

  it.each([
    ['11', '2026-11-23 07:00', '2026-11-23 08:00', 'before the window: at its opening'],
    ['11', '2026-11-23 12:34:56', '2026-11-23 12:34:56', 'inside: at once'],
    ['11', '2026-11-23 19:59:31', '2026-11-24 08:00', 'too late to ring out: the next morning'],
    ['11', '2026-11-27 20:00', '2026-11-28 08:00', 'Friday night: Saturday morning'],
    ['11', '2026-11-28 14:00', '2026-11-30 08:00', 'Saturday afternoon: Monday'],
    ['21', '2026-11-27 19:00', '2026-11-30 09:00', 'Friday night in Rio: Monday at nine'],
    ['97', '2026-11-27 19:00', '2026-11-30 10:00', 'Friday night in Tefé: Monday at ten'],
    ['68', '2026-11-28 16:00', '2026-11-30 10:00', 'Saturday afternoon in Acre: Monday at ten'],
    ['11', '2026-12-24 20:00', '2026-12-26 08:00', 'Christmas Eve: the Saturday after Christmas'],
    ['21', '2026-12-24 19:00', '2026-12-28 09:00', 'Christmas Eve in Rio: four days later'],
    ['11', '2026-12-31 20:00', '2027-01-02 08:00', 'New Year’s Eve: the second of January'],
    ['31', '2026-02-16 20:00', '2026-02-18 08:00', 'carnival Monday: Ash Wednesday'],
    ['31', '2026-04-02 20:00', '2026-04-04 08:00', 'Maundy Thursday: Holy Saturday'],
    ['11', '2026-07-08 20:00', '2026-07-10 08:00', 'the eve of the ninth of July in São Paulo'],
  ])('from %s at %s is %s: %s', (code, from, at) => {
    expect(next(code, from)).toBe(brasilia(at));
  });

  it('waits for the last of several places to open on the same day', () => {
    expect(next('11', '2026-11-23 06:00', 'AC', 'MT')).toBe(brasilia('2026-11-23 10:00'));
  });

  it('goes round a holiday that only one of the places keeps', () => {
    expect(next('31', '2026-07-08 20:00', 'SP')).toBe(brasilia('2026-07-10 08:00'));
    expect(next('31', '2026-07-08 20:00')).toBe(brasilia('2026-07-09 08:00'));
  });
});

describe('the clause of a refusal', () => {
  const clauseAt = (code: string, at: string, ...addressStates: StateCode[]): string => {
    const answer = mayCallAt({ areaCode: code, addressStates }, RING_MS, brasilia(at), COLLECTION);
    return answer.allowed ? 'allowed' : `${answer.reason} · ${answer.clause}`;
  };

  it.each([
    ['11', '2026-11-23 07:00', 'outside-calling-hours', COLLECTION.windows.clause],
    ['21', '2026-11-23 08:30', 'outside-calling-hours', 'Lei RJ 6.854/2014'],
    ['27', '2026-11-23 19:30', 'outside-calling-hours', 'Lei ES 10.626/2017'],
    ['92', '2026-11-23 19:30', 'outside-calling-hours', 'Lei AM 4.644/2018'],
    ['65', '2026-11-28 10:00', 'outside-calling-hours', 'Lei MT 11.792/2022'],
    ['11', '2026-12-25 10:00', 'holiday', 'Natal'],
    ['11', '2026-07-09 10:00', 'holiday', 'feriado estadual (SP)'],
    ['21', '2026-02-17 10:00', 'holiday', 'carnaval'],
  ])('of %s at %s: %s, %s', (code, at, reason, clause) => {
    expect(clauseAt(code, at)).toContain(reason);
    expect(clauseAt(code, at)).toContain(clause);
  });

  it('names the law of the address where only the address forbids', () => {
    expect(clauseAt('31', '2026-11-23 08:30', 'RJ')).toContain('Lei RJ 6.854/2014');
  });
});

describe('an area code that does not exist', () => {
  it('is refused whatever the address says, and has neither states nor zones', () => {
    const place: DebtorPlace = { areaCode: '30', addressStates: ['SP'] };
    expect(mayCallAt(place, RING_MS, brasilia('2026-11-23 11:00'), COLLECTION)).toMatchObject({
      allowed: false,
      reason: 'unknown-place',
    });
    expect(statesOf(place)).toBeUndefined();
    expect(zonesOf(place)).toBeUndefined();
  });

  it.each(['', '0', '1', '011', '20', '23', '25', '26', '29', '36', '39', '52', '72', '78', '90'])(
    'is %j',
    (code) => {
      const answer = mayCallAt(
        { areaCode: code, addressStates: [] },
        RING_MS,
        brasilia('2026-11-23 11:00'),
        COLLECTION,
      );
      expect(answer).toMatchObject({ allowed: false, reason: 'unknown-place' });
    },
  );
});
