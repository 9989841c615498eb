import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DebtorPlace,
  mayCallAt,
  nextAllowedAt,
} from '../../../src/domain/compliance/calling-hours.ts';
import { holidayOn } from '../../../src/domain/compliance/holidays.ts';
import type { ComplianceProfile } from '../../../src/domain/compliance/profile.ts';
import {
  AREA_CODES,
  areaCode,
  type StateCode,
  zonesOfState,
} from '../../../src/lib/br-area-codes.ts';
import { type EpochMs, localTime, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts';
import { brasilia, COLLECTION, DEMONSTRATION } from './builders.ts';

const RING_MS = 30 * SECOND_MS;

function hours(code: string, at: string, ...addressStates: StateCode[]) {
  return mayCallAt({ areaCode: code, addressStates }, RING_MS, brasilia(at), COLLECTION);
}

function isAllowed(code: string, at: string, ...addressStates: StateCode[]): boolean {
  return hours(code, at, ...addressStates).allowed;
}

describe('calling hours at the debtor’s place', () => {
  it('T01: is half past six in Acre at half past eight in Brasília, and says when to try', () => {
    expect(hours('68', '2026-11-23 08:30')).toEqual({
      allowed: false,
      reason: 'outside-calling-hours',
      clause: `BR-01: ${COLLECTION.windows.clause}`,
      retryAt: brasilia('2026-11-23 10:00'),
    });
  });

  it('T02: opens Acre at ten in Brasília to the second', () => {
    expect(isAllowed('68', '2026-11-23 09:59:59')).toBe(false);
    expect(isAllowed('68', '2026-11-23 10:00:00')).toBe(true);
  });

  it('T04: closes the interior of Amazonas at 18:00 of Manaus, by the law of Amazonas', () => {
    expect(isAllowed('97', '2026-11-23 18:59:00')).toBe(true);
    const closed = hours('97', '2026-11-23 19:00:00');
    expect(closed).toMatchObject({ allowed: false, clause: expect.stringContaining('Lei AM') });
  });

  it('opens the interior of Amazonas only when its western zone opens too', () => {
    expect(isAllowed('97', '2026-11-23 09:59:59')).toBe(false);
    expect(isAllowed('97', '2026-11-23 10:00:00')).toBe(true);
    expect(isAllowed('92', '2026-11-23 09:00:00')).toBe(true);
  });

  it('T05: does not call Recife at half past seven, as if it were on Noronha’s time', () => {
    expect(isAllowed('81', '2026-11-23 07:30')).toBe(false);
    expect(isAllowed('81', '2026-11-23 08:00')).toBe(true);
  });

  it('T07: closes Rondônia at 20:00 of its own', () => {
    expect(isAllowed('69', '2026-11-23 20:30')).toBe(true);
    expect(isAllowed('69', '2026-11-23 21:00')).toBe(false);
  });

  it('T08: a number of São Paulo with an address in Acre needs both places to be open', () => {
    expect(isAllowed('11', '2026-11-23 08:30', 'AC')).toBe(false);
    expect(isAllowed('11', '2026-11-23 10:00', 'AC')).toBe(true);
    expect(isAllowed('11', '2026-11-23 20:30', 'AC')).toBe(false);
  });

  it('T09: keeps the working days and hours of Rio de Janeiro', () => {
    expect(hours('21', '2026-11-23 08:30')).toMatchObject({
      clause: expect.stringContaining('Lei RJ 6.854/2014'),
      retryAt: brasilia('2026-11-23 09:00'),
    });
    expect(isAllowed('21', '2026-11-23 09:00')).toBe(true);
    expect(isAllowed('21', '2026-11-28 10:00')).toBe(false);
  });

  it('T10: lets no call begin that could still ring when the window ends', () => {
    expect(isAllowed('11', '2026-11-28 13:59:00')).toBe(true);
    expect(isAllowed('11', '2026-11-28 13:59:30')).toBe(true);
    expect(isAllowed('11', '2026-11-28 13:59:31')).toBe(false);
    expect(isAllowed('11', '2026-11-28 14:00:00')).toBe(false);
  });

  it('T12: closes everywhere on Consciência Negra', () => {
    expect(hours('11', '2026-11-20 10:00')).toMatchObject({
      allowed: false,
      reason: 'holiday',
      clause: expect.stringContaining('Lei 14.759/2023'),
      retryAt: brasilia('2026-11-21 08:00'),
    });
  });

  it('T14: closes everywhere on a Sunday', () => {
    for (const { code } of AREA_CODES) {
      expect(isAllowed(code, '2026-11-22 11:00')).toBe(false);
    }
  });

  it('T17: opens Mato Grosso at eight of its own', () => {
    expect(isAllowed('65', '2026-11-23 08:30')).toBe(false);
    expect(isAllowed('65', '2026-11-23 09:00')).toBe(true);
  });

  it('closes on a state holiday by area code and by address', () => {
    expect(isAllowed('11', '2026-07-09 10:00')).toBe(false);
    expect(isAllowed('31', '2026-07-09 10:00')).toBe(true);
    expect(isAllowed('31', '2026-07-09 10:00', 'SP')).toBe(false);
  });
});

describe('a place that is not known', () => {
  it('T15: is refused and never guessed', () => {
    const unknown = hours('23', '2026-11-23 11:00');
    expect(unknown).toEqual({ allowed: false, reason: 'unknown-place', clause: 'BR-01: DDD 23' });
    const place = { areaCode: '23', addressStates: [] };
    expect(nextAllowedAt(place, RING_MS, brasilia('2026-11-23 11:00'), COLLECTION)).toBeUndefined();
  });
});

describe('the demonstration profile', () => {
  it('is open at any moment, over midnight too', () => {
    fc.assert(
      fc.property(aPlace, aMoment, (place, now) => {
        expect(mayCallAt(place, RING_MS, now, DEMONSTRATION)).toEqual({ allowed: true });
      }),
      { numRuns: 200 },
    );
    const beforeMidnight = brasilia('2026-11-23 23:59:59');
    const place = { areaCode: '11', addressStates: [] };
    expect(mayCallAt(place, RING_MS, beforeMidnight, DEMONSTRATION).allowed).toBe(true);
  });
});

describe('a profile without any window', () => {
  it('refuses without a moment to try again', () => {
    const closed: ComplianceProfile = {
      ...COLLECTION,
      windows: { ...COLLECTION.windows, weekday: [], saturday: [] },
    };
    const place = { areaCode: '11', addressStates: [] };
    const refused = mayCallAt(place, RING_MS, brasilia('2026-11-23 11:00'), closed);
    expect(refused.allowed).toBe(false);
    expect(refused).not.toHaveProperty('retryAt');
  });
});

const aPlace: fc.Arbitrary<DebtorPlace> = fc.record({
  areaCode: fc.constantFrom(...AREA_CODES.map((one) => one.code)),
  addressStates: fc.array(fc.constantFrom(...AREA_CODES.flatMap((one) => one.states)), {
    maxLength: 2,
  }),
});

/** Three years, to the second. */
const aMoment: fc.Arbitrary<EpochMs> = fc
  .integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2029, 0, 1) / 1000 })
  .map((second) => second * 1000);

/** Reads the rule in the plainest way there is: every zone, every law, one moment. */
function isOpen(place: DebtorPlace, at: EpochMs): boolean {
  const area = areaCode(place.areaCode);
  if (!area) return false;
  const states = [...area.states, ...place.addressStates];
  const addressZones = place.addressStates
    .filter((state) => !area.states.includes(state))
    .flatMap(zonesOfState);
  const laws = [
    COLLECTION.windows,
    ...states.flatMap((state) => COLLECTION.regionOverrides[state]?.windows ?? []),
  ];
  return [...area.zones, ...addressZones].every((zone) => {
    const { date, weekday, secondOfDay } = localTime(at, zone);
    const week = ['sunday', ...Array(5).fill('weekday'), 'saturday'] as const;
    const isHoliday = holidayOn(date, states, COLLECTION.holidays) !== undefined;
    const day = isHoliday ? 'holiday' : (week[weekday] as 'sunday' | 'weekday' | 'saturday');
    return laws.every((law) =>
      law[day].some((one) => one.startSecond <= secondOfDay && secondOfDay < one.endSecond),
    );
  });
}

describe('an allowed moment', () => {
  it('is inside every window of every zone, from its first ring to its last', () => {
    fc.assert(
      fc.property(aPlace, aMoment, (place, now) => {
        const isRingingInside = isOpen(place, now) && isOpen(place, now + RING_MS - 1);
        expect(mayCallAt(place, RING_MS, now, COLLECTION).allowed).toBe(isRingingInside);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the next one when nothing before it is allowed', () => {
    fc.assert(
      fc.property(
        aPlace,
        aMoment,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (place, from, share) => {
          const next = nextAllowedAt(place, RING_MS, from, COLLECTION);
          if (next === undefined) throw new Error('every place opens within some days');
          expect(next).toBeGreaterThanOrEqual(from);
          expect(mayCallAt(place, RING_MS, next, COLLECTION)).toEqual({ allowed: true });
          if (next === from) return;
          const between = from + Math.floor((next - from - 1) * share);
          for (const early of [from, between, next - SECOND_MS, next - MINUTE_MS, next - 1]) {
            if (early < from) continue;
            expect(mayCallAt(place, RING_MS, early, COLLECTION)).toMatchObject({
              allowed: false,
              retryAt: next,
            });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
