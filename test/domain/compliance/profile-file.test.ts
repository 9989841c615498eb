import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../../../src/domain/compliance/profile.ts';
import { assert } from '../../../src/lib/assert.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { COLLECTION, DEMONSTRATION } from './builders.ts';

type Json = { [key: string]: unknown };
type Path = readonly string[];

function file(): Json {
  const path = new URL('../../../config/compliance/br-cobranca.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Json;
}

function isPart(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every field of the file, parts and values alike, by its path. */
function pathsOf(part: Json, before: Path = []): readonly Path[] {
  return Object.entries(part).flatMap(([key, value]) => {
    const path = [...before, key];
    return isPart(value) ? [path, ...pathsOf(value, path)] : [path];
  });
}

function partAt(json: Json, path: Path): Json {
  return path.reduce((part, key) => {
    const next = part[key];
    assert(isPart(next), `${path.join('.')} is a part of the file`);
    return next;
  }, json);
}

/** A bound that cannot be read contradicts the other one besides. */
const notContradicted = (problem: string) => problem !== 'ring: minMs is above maxMs';

/** The problems of the file with one field set to something else, or taken out (undefined). */
function problemsWith(path: Path, value: unknown): readonly string[] {
  const json = file();
  const part = partAt(json, path.slice(0, -1));
  const key = path.at(-1) ?? '';
  if (value === undefined) delete part[key];
  else part[key] = value;
  const parsed = parseProfile(json);
  return parsed.ok ? [] : parsed.problems;
}

const PATHS = pathsOf(file());
const VALUES = PATHS.filter(
  (path) => !isPart(partAt(file(), path.slice(0, -1))[path.at(-1) ?? '']),
);
const PARTS = PATHS.filter((path) => !VALUES.includes(path));
/** What a state's law may leave out. */
const isOptional = ([part, , field]: Path) =>
  part === 'regionOverrides' && (field === undefined || field !== 'law');
const named = (paths: readonly Path[]) => paths.map((path) => [path.join('.'), path] as const);

describe('every field of a profile', () => {
  it.each(named(VALUES.filter((path) => !isOptional(path))))('%s has to be there', (name, path) => {
    const problems = problemsWith(path, undefined).filter(notContradicted);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name}: `);
  });

  it.each(named(VALUES))('%s may not be an object', (name, path) => {
    expect(problemsWith(path, {}).join('\n')).toContain(`${name}: `);
  });

  it.each(named(PARTS))('%s may not be a list, a text or nothing', (name, path) => {
    for (const value of [[], 'x', null, 7]) {
      const problems = problemsWith(path, value);
      expect(problems.some((one) => one.startsWith(`${name}.: is no object`))).toBe(true);
    }
  });

  it.each(named(PARTS))('%s may hold no field that no rule knows', (name, path) => {
    const problems = problemsWith([...path, 'surprise'], 1);
    const sentence =
      name === 'regionOverrides'
        ? 'is no state of Brazil in two capital letters'
        : 'is a field that no rule knows';
    expect(problems).toContain(`${name}.surprise: ${sentence}`);
  });

  it('is told of in one reading, however many are wrong', () => {
    const parsed = parseProfile({});
    if (parsed.ok) throw new Error('expected problems');
    for (const key of Object.keys(file())) {
      expect(parsed.problems.some((one) => one.startsWith(key))).toBe(true);
    }
  });
});

describe('a number of a profile', () => {
  const WHOLE = VALUES.filter(
    (path) => typeof partAt(file(), path.slice(0, -1))[path.at(-1) ?? ''] === 'number',
  ).filter(([, field]) => !['rateMax', 'alarmShare', 'falseMachineShare'].includes(field ?? ''));

  it.each(named(WHOLE))('%s is whole and not below nought', (_name, path) => {
    for (const value of [-1, 0.5, '3', Number.NaN, Number.POSITIVE_INFINITY, null, 2 ** 53]) {
      expect(problemsWith(path, value).filter(notContradicted)).toHaveLength(1);
    }
  });

  it.each(['rateMax', 'alarmShare', 'falseMachineShare'])('%s is a share', (field) => {
    const path = ['abandonment', field];
    for (const value of [-0.01, 1.01, '0.5', Number.NaN]) {
      expect(problemsWith(path, value)).toEqual([
        `abandonment.${field}: is no share between 0 and 1`,
      ]);
    }
    for (const value of [0, 0.5, 1]) expect(problemsWith(path, value)).toEqual([]);
  });

  it('of the version begins with one', () => {
    expect(problemsWith(['version'], 0)).toEqual(['version: is no whole number from 1 up']);
    expect(problemsWith(['version'], 1)).toEqual([]);
  });

  it('of the caps may be nought: nobody is called then', () => {
    expect(problemsWith(['frequency', 'attemptsPerPersonDayMax'], 0)).toEqual([]);
    expect(problemsWith(['regionOverrides', 'MT', 'contactsPerPersonDayMax'], 0)).toEqual([]);
  });
});

describe('a window of a profile', () => {
  const problemsOfWindows = (...windows: unknown[]) =>
    problemsWith(['windows', 'weekday'], windows);

  it.each([
    ['00:00-24:00'],
    ['00:00-00:01'],
    ['08:00-12:00', '12:00-20:00'],
    ['08:00-12:00', '14:00-18:00', '19:00-20:00'],
  ])('may be %s', (...windows) => {
    expect(problemsOfWindows(...windows)).toEqual([]);
  });

  it.each([
    ['8:00-20:00'],
    ['08:00 - 20:00'],
    ['08:00-20:60'],
    ['08:00-24:01'],
    ['08:00-25:00'],
    ['20:00-08:00'],
    ['08:00-08:00'],
    ['08:00'],
    [''],
    ['08:00-20:00 '],
    ['14:00-18:00', '08:00-12:00'],
    ['08:00-12:00', '11:59-20:00'],
    [480],
  ])('may not be %j', (...windows) => {
    expect(problemsOfWindows(...windows)).toHaveLength(1);
  });

  it('is checked in a state’s law as well', () => {
    const path = ['regionOverrides', 'RJ', 'windows', 'saturday'];
    expect(problemsWith(path, ['09-19'])).toEqual([
      'regionOverrides.RJ.windows.saturday: "09-19" is no window like 08:00-20:00',
    ]);
  });
});

describe('a state’s law', () => {
  it.each(['sp', ' SP', 'SP ', 'XX', 'Bahia', ''])('has no state %j', (state) => {
    expect(problemsWith(['regionOverrides', state], { law: 'x' })).toHaveLength(1);
  });

  it('may say nothing but its name, and then changes nothing', () => {
    expect(problemsWith(['regionOverrides', 'BA'], { law: 'Lei BA' })).toEqual([]);
  });

  it('has to have a name: a refusal quotes it', () => {
    expect(problemsWith(['regionOverrides', 'BA'], {})).toEqual([
      'regionOverrides.BA.law: is no text',
    ]);
    expect(problemsWith(['regionOverrides', 'BA'], { law: '  ' })).toHaveLength(1);
  });
});

describe('an extra day of a profile', () => {
  const problemsOfDay = (day: unknown) => problemsWith(['holidays', 'extraDays'], [day]);

  it.each([
    { date: '2027-01-25', name: 'aniversário', state: 'SP' },
    { date: '2028-02-29', name: 'dia de ano bissexto' },
  ])('may be %j', (day) => {
    expect(problemsOfDay(day)).toEqual([]);
  });

  it.each<[unknown, string]>([
    [{ date: '2027-13-01', name: 'x' }, 'holidays.extraDays.0.date: '],
    [{ date: '2027-1-5', name: 'x' }, 'holidays.extraDays.0.date: '],
    // A day that never comes would close nothing, and nobody would see it.
    [{ date: '2027-02-29', name: 'x' }, 'holidays.extraDays.0.date: '],
    [{ date: '2027-04-31', name: 'x' }, 'holidays.extraDays.0.date: '],
    [{ date: '2027-01-25' }, 'holidays.extraDays.0.name: '],
    [{ date: '2027-01-25', name: 'x', state: 'XX' }, 'holidays.extraDays.0.state: '],
    [{ date: '2027-01-25', name: 'x', city: 'y' }, 'holidays.extraDays.0.city: '],
    ['2027-01-25', 'holidays.extraDays.0.: is no object'],
  ])('may not be %j', (day, problem) => {
    expect(problemsOfDay(day).join('\n')).toContain(problem);
  });

  it('comes at most a thousand times', () => {
    const days = (count: number) =>
      Array.from({ length: count }, () => ({ date: '2027-01-25', name: 'x' }));
    expect(problemsWith(['holidays', 'extraDays'], days(1_000))).toEqual([]);
    expect(problemsWith(['holidays', 'extraDays'], days(1_001))).toEqual([
      'holidays.extraDays: is no list of at most 1000',
    ]);
  });
});

describe('a choice of a profile', () => {
  it.each<[Path, unknown]>([
    [['purpose'], 'telemarketing'],
    [['abandonment', 'clockStart'], 'ringing'],
    [['abandonment', 'denominator'], 'calls'],
    [['abandonment', 'window'], 'rolling-7-days'],
    [['holidays', 'calendars'], ['br-municipal']],
    [['holidays', 'optionalDaysClosed'], ['carnival']],
    [['zone'], 'UTC-3'],
    [['zone'], ' '],
    [['simulatedTrunksOnly'], 'yes'],
    [['id'], ''],
  ])('%j may not be %j', (path, value) => {
    const problems = problemsWith(path, value);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${path.join('.')}: `);
  });
});

describe('the profile of collection in Brazil, as it is shipped', () => {
  it('has the caps and gaps that compliance was agreed on', () => {
    expect(COLLECTION.frequency).toMatchObject({
      attemptsPerPersonDayMax: 4,
      attemptsPerPhoneDayMax: 2,
      attemptsPerPerson7DaysMax: 12,
      attemptsPerPersonMonthMax: 20,
      gapPhoneMs: 2 * HOUR_MS,
      gapPersonMs: 10 * MINUTE_MS,
      gapAfterBusyMs: 5 * MINUTE_MS,
      stopAfterRightPartyContact: true,
    });
  });

  it('closes Sundays and holidays, in the nation and in every state with a law', () => {
    const laws = Object.values(COLLECTION.regionOverrides).flatMap((one) => one?.windows ?? []);
    expect(laws).toHaveLength(6);
    for (const windows of [COLLECTION.windows, ...laws]) {
      expect(windows.sunday).toEqual([]);
      expect(windows.holiday).toEqual([]);
    }
  });

  it('lets two seconds pass before a person is abandoned, and three of a hundred be', () => {
    expect(COLLECTION.abandonment).toMatchObject({
      rateMax: 0.03,
      waitMaxMs: 2_000,
      clockStart: 'answered',
      window: 'calendar-day',
    });
    expect(COLLECTION.ring.mayBeCancelled).toBe(false);
  });

  it('demands own numbers, and mobile ones from their own station', () => {
    for (const { callerId } of [COLLECTION, DEMONSTRATION]) {
      expect(callerId).toMatchObject({ holderMustMatch: true, mobileOnlyWhenStationBound: true });
    }
  });

  it('names a law or a line of its own wherever it refuses', () => {
    for (const part of ['windows', 'frequency', 'callerId', 'ring', 'abandonment'] as const) {
      expect(COLLECTION[part].clause.length).toBeGreaterThan(10);
    }
    for (const override of Object.values(COLLECTION.regionOverrides)) {
      expect(override?.law).toMatch(/^Lei [A-Z]{2} \d/);
    }
  });
});
