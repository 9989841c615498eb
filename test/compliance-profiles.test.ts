import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProfiles } from '../src/compliance-profiles.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cadencia-profiles-'));
  cpSync(new URL('../config/compliance', import.meta.url).pathname, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const OWN = { id: 'own', version: 3, tightens: 'br-cobranca' };

function write(content: object, name = 'own.json'): void {
  writeFileSync(join(folder, name), JSON.stringify(content));
}

describe('a profile that tightens another', () => {
  it('is that profile made stricter, under its own id and version', () => {
    write({
      ...OWN,
      windows: { saturday: [] },
      frequency: { attemptsPerPersonDayMax: 2 },
      holidays: { extraDays: [{ date: '2027-01-25', name: 'aniversário', state: 'SP' }] },
      regionOverrides: { BA: { law: 'contrato', contactsPerPersonDayMax: 1 } },
    });
    const profiles = readProfiles(folder);
    const base = profiles.get('br-cobranca');
    const own = profiles.get('own');
    expect(own).toEqual({
      ...base,
      id: 'own',
      version: 3,
      windows: { ...base?.windows, saturday: [] },
      frequency: { ...base?.frequency, attemptsPerPersonDayMax: 2 },
      holidays: {
        ...base?.holidays,
        extraDays: [
          ...(base?.holidays.extraDays ?? []),
          { date: '2027-01-25', name: 'aniversário', state: 'SP' },
        ],
      },
      regionOverrides: {
        ...base?.regionOverrides,
        BA: { law: 'contrato', contactsPerPersonDayMax: 1 },
      },
    });
    expect(base?.windows.saturday).not.toEqual([]);
  });

  it.each([
    ['frequency.attemptsPerPersonDayMax', { frequency: { attemptsPerPersonDayMax: 50 } }],
    ['windows.sunday', { windows: { sunday: ['10:00-11:00'] } }],
    ['ring.mayBeCancelled', { ring: { mayBeCancelled: true } }],
    ['zone', { zone: 'America/Manaus' }],
    ['abandonment.window', { abandonment: { window: 'rolling-30-days' } }],
    ['frequency.attempsPerPersonDayMax', { frequency: { attempsPerPersonDayMax: 1 } }],
  ])('stops the start with a reason when it loosens or misspells %s', (field, change) => {
    write({ ...OWN, ...change });
    expect(() => readProfiles(folder)).toThrow(field);
    expect(() => readProfiles(folder)).toThrow('own.json');
  });

  it('must tighten an existing whole profile, under an id of its own', () => {
    write({ ...OWN, tightens: 'br-outra' });
    expect(() => readProfiles(folder)).toThrow('br-outra');
    write({ ...OWN, id: 'demonstration' });
    expect(() => readProfiles(folder)).toThrow('demonstration is used by another file');
    write(OWN);
    write({ ...OWN, id: 'further', tightens: 'own' }, 'further.json');
    expect(() => readProfiles(folder)).toThrow('"own", which is no whole profile');
  });
});
