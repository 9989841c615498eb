import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../../../src/domain/compliance/profile.ts';
import {
  type ProfileChange,
  tightenProfile,
} from '../../../src/domain/compliance/tighten-profile.ts';
import { COLLECTION, DEMONSTRATION } from './builders.ts';

type Json = Record<string, Record<string, unknown>>;

function file(): Json {
  const path = new URL('../../../config/compliance/br-cobranca.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Json;
}

function problemsOf(change: (json: Json) => void): readonly string[] {
  const json = file();
  change(json);
  const parsed = parseProfile(json);
  return parsed.ok ? [] : parsed.problems;
}

describe('reading a profile', () => {
  it('turns hours into seconds of the local day', () => {
    expect(COLLECTION.windows.saturday).toEqual([{ startSecond: 28_800, endSecond: 50_400 }]);
    expect(COLLECTION.windows.sunday).toEqual([]);
    expect(DEMONSTRATION.windows.sunday).toEqual([{ startSecond: 0, endSecond: 86_400 }]);
  });

  it('names a field that no rule knows, wherever it is', () => {
    const problems = problemsOf((json) => {
      json.frequency = { ...json.frequency, attemptsPerYearMax: 3 };
      json.windows = { ...json.windows, mondays: [] };
    });
    expect(problems).toEqual([
      'windows.mondays: is a field that no rule knows',
      'frequency.attemptsPerYearMax: is a field that no rule knows',
    ]);
  });
});

describe('a mistake in a profile', () => {
  it.each<[string, (json: Json) => void, string]>([
    ['a missing cap', (json) => delete json.frequency?.gapPhoneMs, 'frequency.gapPhoneMs'],
    [
      'a cap below zero',
      (json) => Object.assign(json.frequency ?? {}, { gapPhoneMs: -1 }),
      'gapPhoneMs',
    ],
    [
      'an hour that is none',
      (json) => Object.assign(json.windows ?? {}, { weekday: ['8-20'] }),
      'windows.weekday',
    ],
    [
      'a window that ends before it begins',
      (json) => Object.assign(json.windows ?? {}, { weekday: ['20:00-08:00'] }),
      'windows.weekday',
    ],
    [
      'a window beyond midnight',
      (json) => Object.assign(json.windows ?? {}, { weekday: ['08:00-24:30'] }),
      'windows.weekday',
    ],
    [
      'windows that overlap',
      (json) => Object.assign(json.windows ?? {}, { weekday: ['08:00-12:00', '11:00-20:00'] }),
      'windows.weekday',
    ],
    [
      'a state that is none',
      (json) => Object.assign(json.regionOverrides ?? {}, { XX: { law: 'x' } }),
      'regionOverrides.XX',
    ],
    ['a zone that is none', (json) => Object.assign(json, { zone: 'America/Nowhere' }), 'zone'],
    [
      'a rate above one',
      (json) => Object.assign(json.abandonment ?? {}, { rateMax: 3 }),
      'abandonment.rateMax',
    ],
    ['a purpose that is none', (json) => Object.assign(json, { purpose: 'sales' }), 'purpose'],
    [
      'a demonstration on real trunks',
      (json) => Object.assign(json, { purpose: 'demonstration' }),
      'simulatedTrunksOnly',
    ],
    ['rings that cannot be', (json) => Object.assign(json.ring ?? {}, { minMs: 40_000 }), 'ring'],
    [
      'an optional day that is none',
      (json) => Object.assign(json.holidays ?? {}, { optionalDaysClosed: ['friday'] }),
      'holidays.optionalDaysClosed',
    ],
    [
      'a day that is none',
      (json) =>
        Object.assign(json.holidays ?? {}, { extraDays: [{ date: '25/01/2026', name: 'x' }] }),
      'holidays.extraDays.0.date',
    ],
  ])('is named: %s', (_name, change, path) => {
    const problems = problemsOf(change);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(path);
  });
});

describe('what is no profile at all', () => {
  it('is listed problem by problem, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const parsed = parseProfile(value);
        expect(parsed.ok).toBe(false);
        if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(5);
      }),
      { numRuns: 200 },
    );
  });
});

describe('tightening a profile', () => {
  it('takes fewer hours, lower caps, longer gaps and more closed days', () => {
    const change: ProfileChange = {
      windows: { saturday: [] },
      frequency: { attemptsPerPersonDayMax: 3, gapPhoneMs: 10_800_000 },
      abandonment: { rateMax: 0.01, earlyHangUpCounts: true },
      holidays: {
        optionalDaysClosed: ['christmas-eve'],
        extraDays: [{ date: '2027-01-25', name: 'aniversário de São Paulo', state: 'SP' }],
      },
      regionOverrides: { BA: { law: 'contrato com o credor', contactsPerPersonDayMax: 1 } },
    };
    const result = tightenProfile(COLLECTION, change);
    expect(result).toMatchObject({
      ok: true,
      profile: {
        windows: { saturday: [], weekday: COLLECTION.windows.weekday },
        frequency: { attemptsPerPersonDayMax: 3, gapPhoneMs: 10_800_000, gapPersonMs: 600_000 },
        abandonment: { rateMax: 0.01, earlyHangUpCounts: true, waitMaxMs: 2_000 },
        holidays: {
          optionalDaysClosed: ['carnival-tuesday', 'corpus-christi', 'christmas-eve'],
          extraDays: [{ date: '2027-01-25' }],
        },
        regionOverrides: { BA: { contactsPerPersonDayMax: 1 }, RJ: COLLECTION.regionOverrides.RJ },
      },
    });
  });

  it.each<[string, ProfileChange]>([
    ['windows.sunday', { windows: { sunday: [{ startSecond: 36_000, endSecond: 39_600 }] } }],
    ['windows.weekday', { windows: { weekday: [{ startSecond: 25_200, endSecond: 72_000 }] } }],
    ['frequency.attemptsPerPersonDayMax', { frequency: { attemptsPerPersonDayMax: 5 } }],
    ['frequency.gapPersonMs', { frequency: { gapPersonMs: 0 } }],
    ['frequency.stopAfterRightPartyContact', { frequency: { stopAfterRightPartyContact: false } }],
    ['callerId.holderMustMatch', { callerId: { holderMustMatch: false } }],
    ['ring.minMs', { ring: { minMs: 10_000 } }],
    ['ring.maxMs', { ring: { maxMs: 60_000 } }],
    ['ring.mayBeCancelled', { ring: { mayBeCancelled: true } }],
    ['abandonment.rateMax', { abandonment: { rateMax: 0.05 } }],
    ['abandonment.clockStart', { abandonment: { clockStart: 'greeting-ended' } }],
    ['abandonment.redialAfterMs', { abandonment: { redialAfterMs: 0 } }],
  ])('T105: refuses what would loosen %s', (field, change) => {
    expect(tightenProfile(COLLECTION, change)).toEqual({
      ok: false,
      refusals: [{ field, because: 'would-loosen' }],
    });
  });

  it('does not free a demonstration from its simulated trunks', () => {
    expect(tightenProfile(DEMONSTRATION, { simulatedTrunksOnly: false })).toMatchObject({
      refusals: [{ field: 'simulatedTrunksOnly' }],
    });
  });

  it('keeps the stricter of two rules for one state', () => {
    const weekday = [{ startSecond: 10 * 3600, endSecond: 21 * 3600 }];
    const windows = { weekday, saturday: weekday, sunday: [], holiday: [] };
    const result = tightenProfile(COLLECTION, {
      regionOverrides: { MT: { law: 'contrato', windows, contactsPerPersonDayMax: 5 } },
    });
    expect(result).toMatchObject({
      profile: {
        regionOverrides: {
          MT: {
            contactsPerPersonDayMax: 2,
            windows: { weekday: [{ startSecond: 36_000, endSecond: 64_800 }], saturday: [] },
          },
        },
      },
    });
  });

  it('refuses rings that contradict each other', () => {
    expect(tightenProfile(COLLECTION, { ring: { minMs: 31_000 } })).toEqual({
      ok: false,
      refusals: [{ field: 'ring.minMs', because: 'would-contradict' }],
    });
  });
});
