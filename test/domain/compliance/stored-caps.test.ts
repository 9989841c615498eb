import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attemptCapsRule,
  capsOf,
  type LimitInput,
} from '../../../src/domain/compliance/attempt-limits.ts';
import { voiceAt } from '../../../src/domain/contacts/contact.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';
import { aLimitInput, anAttempt, aProfile, brasilia, COLLECTION, phone } from './builders.ts';

const NOW = brasilia('2026-11-23 15:00');
const HOME = voiceAt(phone('11 3456-1000'));
const ASKED = { purpose: 'callback', callbackAskedAt: NOW - HOUR_MS } as const;

describe('the caps that must still hold when a call is stored', () => {
  it('are the four of the profile, each since the moment its days begin', () => {
    const { frequency } = COLLECTION;
    expect(capsOf(aLimitInput())).toEqual([
      {
        of: 'person',
        since: brasilia('2026-11-23 00:00'),
        max: frequency.attemptsPerPersonDayMax,
      },
      {
        of: 'person',
        since: brasilia('2026-11-17 00:00'),
        max: frequency.attemptsPerPerson7DaysMax,
      },
      {
        of: 'person',
        since: brasilia('2026-11-01 00:00'),
        max: frequency.attemptsPerPersonMonthMax,
      },
      { of: 'phone', since: brasilia('2026-11-23 00:00'), max: frequency.attemptsPerPhoneDayMax },
    ]);
  });

  it('have those of every state’s law besides, and only those for a callback asked for', () => {
    const ofMatoGrosso = { of: 'person', since: brasilia('2026-11-23 00:00'), max: 2 };
    const call = { states: ['SP', 'MT'] as const };
    const caps = capsOf(aLimitInput({ call }));
    expect(caps).toHaveLength(5);
    expect(caps).toContainEqual(ofMatoGrosso);
    expect(capsOf(aLimitInput({ call: { ...call, ...ASKED } }))).toEqual([ofMatoGrosso]);
    expect(capsOf(aLimitInput({ call: ASKED }))).toEqual([]);
  });

  it('are full exactly where the gate’s rule refuses', () => {
    const attempts = fc.array(
      fc.record({
        agoMs: fc.integer({ min: 1, max: 31 * DAY_MS }),
        debtorId: fc.constantFrom('debtor_1' as const, 'debtor_2' as const),
        isHere: fc.boolean(),
        counts: fc.boolean(),
      }),
      { maxLength: 20 },
    );
    const caps = fc.record({
      attemptsPerPersonDayMax: fc.integer({ min: 1, max: 4 }),
      attemptsPerPhoneDayMax: fc.integer({ min: 1, max: 4 }),
      attemptsPerPerson7DaysMax: fc.integer({ min: 1, max: 8 }),
      attemptsPerPersonMonthMax: fc.integer({ min: 1, max: 12 }),
    });
    const states = fc.constantFrom(['SP'] as const, ['MT'] as const);
    fc.assert(
      fc.property(attempts, caps, states, fc.boolean(), (some, frequency, where, isAsked) => {
        const input: LimitInput = aLimitInput({
          attempts: some.map(({ agoMs, debtorId, isHere, counts }) =>
            anAttempt(NOW - agoMs, { debtorId, counts, ...(isHere ? {} : { to: HOME }) }),
          ),
          profile: aProfile({ frequency }),
          call: { states: where, ...(isAsked ? ASKED : {}) },
        });
        const isFull = capsOf(input).some(({ of, since, max }) => {
          const counted = input.attempts.filter(
            (one) =>
              one.counts &&
              one.at >= since &&
              (of === 'person'
                ? one.debtorId === 'debtor_1'
                : one.to.address === input.call.contact.address),
          );
          return counted.length >= max;
        });
        expect(attemptCapsRule(input).refusal !== undefined).toBe(isFull);
      }),
      { numRuns: 400, seed: 71 },
    );
  });
});
