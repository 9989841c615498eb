import { describe, expect, it } from 'vitest';
import {
  type DialRequest,
  mayDial,
  type PastAttempt,
  type Verdict,
} from '../../../src/domain/compliance/gate.ts';
import type { ComplianceProfile } from '../../../src/domain/compliance/profile.ts';
import { voiceAt } from '../../../src/domain/contacts/contact.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import {
  aHistory,
  anAttempt,
  aRequest,
  aRequestTo,
  brasilia,
  COLLECTION,
  phone,
} from './builders.ts';

function verdict(
  now: string,
  attempts: readonly PastAttempt[],
  request: DialRequest = aRequest(),
  profile: ComplianceProfile = COLLECTION,
): Verdict {
  return mayDial(request, aHistory({ attempts }), profile, brasilia(now));
}

/** Attempts on other numbers of the same person, at these moments. */
function onOtherNumbers(...moments: readonly string[]): readonly PastAttempt[] {
  return moments.map((at, index) =>
    anAttempt(brasilia(at), { to: voiceAt(phone(`11 3456-${1000 + index}`)) }),
  );
}

describe('attempts in a day', () => {
  const four = onOtherNumbers(
    '2026-11-23 08:10',
    '2026-11-23 10:30',
    '2026-11-23 13:00',
    '2026-11-23 15:30',
  );

  it('T21: refuses the fifth to one person, whatever the number and campaign', () => {
    expect(verdict('2026-11-23 18:00', four)).toMatchObject({
      allowed: false,
      reason: 'attempts-person-day',
      clause: `BR-04: ${COLLECTION.frequency.clause}`,
      retryAt: brasilia('2026-11-24 08:00'),
    });
    expect(verdict('2026-11-23 18:00', four.slice(1)).allowed).toBe(true);
  });

  it('T21: dials the fourth number the same hour when three were dead', () => {
    const dead = four.map((one, index) => ({
      ...one,
      at: brasilia(`2026-11-23 09:0${index}`),
      endedAt: brasilia(`2026-11-23 09:0${index}`),
      outcome: 'invalid-number' as const,
      counts: false,
    }));
    expect(verdict('2026-11-23 09:10', dead).allowed).toBe(true);
  });

  it('T24: gives the place back when the call never left', () => {
    const given = four.map((one, index) => (index === 3 ? { ...one, counts: false } : one));
    expect(verdict('2026-11-23 18:00', given).allowed).toBe(true);
  });

  it('counts a call in flight from the moment it was placed', () => {
    const {
      endedAt: _end,
      outcome: _outcome,
      ...inFlight
    } = anAttempt(brasilia('2026-11-23 17:59'), {
      debtorId: 'debtor_1',
      to: voiceAt(phone('11 3456-1009')),
    });
    const answer = verdict('2026-11-23 18:00', [...four.slice(1), inFlight]);
    expect(answer).toMatchObject({ reason: 'already-in-call' });
    const failed = answer.rules.filter((rule) => !rule.passed).map((rule) => rule.rule);
    expect(failed).toContain('attempt-caps');
  });

  it('refuses the third to one number, for whichever debtor it was', () => {
    const attempts = [
      anAttempt(brasilia('2026-11-23 08:10'), { debtorId: 'debtor_2' }),
      anAttempt(brasilia('2026-11-23 11:00'), { debtorId: 'debtor_3' }),
    ];
    expect(verdict('2026-11-23 15:00', attempts)).toMatchObject({
      reason: 'attempts-phone-day',
      retryAt: brasilia('2026-11-24 08:00'),
    });
  });

  it('counts one that a clock a day ahead wrote: it is past, whatever its date says', () => {
    const ahead = [
      ...four.slice(0, 3),
      anAttempt(brasilia('2026-11-24 10:00'), {
        to: voiceAt(phone('11 3456-1009')),
        endedAt: brasilia('2026-11-23 15:31'),
      }),
    ];
    expect(verdict('2026-11-23 18:00', ahead)).toMatchObject({
      allowed: false,
      reason: 'attempts-person-day',
    });
  });

  it('begins again at midnight', () => {
    expect(verdict('2026-11-24 08:00', four).allowed).toBe(true);
  });
});

describe('attempts in seven days and in a month', () => {
  const twelve = Array.from({ length: 12 }, (_, index) =>
    anAttempt(brasilia(`2026-11-${17 + Math.floor(index / 2)} ${10 + (index % 2) * 5}:00`), {
      to: voiceAt(phone(`11 3456-${1000 + index}`)),
    }),
  );

  it('refuses the thirteenth in seven days until the oldest day has passed', () => {
    expect(verdict('2026-11-23 10:00', twelve)).toMatchObject({
      reason: 'attempts-person-7-days',
      retryAt: brasilia('2026-11-24 08:00'),
    });
    expect(verdict('2026-11-24 08:00', twelve).allowed).toBe(true);
  });

  it('refuses the twenty-first in a calendar month until the next one begins', () => {
    const twenty = Array.from({ length: 20 }, (_, index) =>
      anAttempt(brasilia('2026-11-03 09:00') + Math.floor(index / 2) * DAY_MS, {
        to: voiceAt(phone(`11 3456-${1000 + index}`)),
      }),
    );
    expect(verdict('2026-11-23 10:00', twenty)).toMatchObject({
      reason: 'attempts-person-month',
      retryAt: brasilia('2026-12-01 08:00'),
    });
    expect(verdict('2026-12-01 08:00', twenty).allowed).toBe(true);
  });
});

describe('a state’s own cap', () => {
  const inMatoGrosso = aRequestTo('65 98765-4321');
  const two = onOtherNumbers('2026-11-23 09:10', '2026-11-23 11:30');

  it('T20: refuses the third contact of a day in Mato Grosso by its law', () => {
    expect(verdict('2026-11-23 15:00', two, inMatoGrosso)).toMatchObject({
      reason: 'contacts-person-day',
      clause: 'BR-03: Lei MT 11.792/2022',
      retryAt: brasilia('2026-11-24 09:00'),
    });
    expect(verdict('2026-11-23 15:00', two).allowed).toBe(true);
  });

  it('holds by address too, and for a callback that was asked for', () => {
    const request = aRequest({
      debtor: { id: 'debtor_1', addressStates: ['MT'] },
      purpose: 'callback',
      callbackAskedAt: brasilia('2026-11-23 12:00'),
    });
    expect(verdict('2026-11-23 15:00', two, request)).toMatchObject({
      reason: 'contacts-person-day',
    });
  });
});

describe('the gap between attempts', () => {
  it('is two hours for one number', () => {
    const attempts = [anAttempt(brasilia('2026-11-23 10:00'))];
    expect(verdict('2026-11-23 11:00', attempts)).toMatchObject({
      reason: 'gap-phone',
      retryAt: brasilia('2026-11-23 12:00:30'),
    });
    expect(verdict('2026-11-23 12:00:30', attempts).allowed).toBe(true);
  });

  it('is ten minutes for another number of the person', () => {
    const attempts = onOtherNumbers('2026-11-23 10:00');
    expect(verdict('2026-11-23 10:09', attempts)).toMatchObject({
      reason: 'gap-person',
      retryAt: brasilia('2026-11-23 10:10:30'),
    });
    expect(verdict('2026-11-23 10:10:30', attempts).allowed).toBe(true);
  });

  it('is five minutes after a busy', () => {
    const attempts = [anAttempt(brasilia('2026-11-23 10:00'), { outcome: 'busy' })];
    expect(verdict('2026-11-23 10:05', attempts)).toMatchObject({
      reason: 'gap-after-busy',
      retryAt: brasilia('2026-11-23 10:05:30'),
    });
    expect(verdict('2026-11-23 10:05:30', attempts).allowed).toBe(true);
  });

  it('is two hours for a number that does not exist, and none for the others', () => {
    const dead = { outcome: 'invalid-number', counts: false } as const;
    const attempts = [anAttempt(brasilia('2026-11-23 10:00'), dead)];
    expect(verdict('2026-11-23 11:00', attempts)).toMatchObject({
      reason: 'gap-phone',
      retryAt: brasilia('2026-11-23 12:00:30'),
    });
    const other = { ...dead, to: voiceAt('+5511900000099') } as const;
    const onOther = [anAttempt(brasilia('2026-11-23 10:00'), other)];
    expect(verdict('2026-11-23 10:01', onOther).allowed).toBe(true);
  });

  it('that ends at night leads to the morning', () => {
    const attempts = [anAttempt(brasilia('2026-11-23 19:00'))];
    expect(verdict('2026-11-23 19:30', attempts)).toMatchObject({
      reason: 'gap-phone',
      retryAt: brasilia('2026-11-24 08:00'),
    });
  });
});

describe('a call in flight', () => {
  it('keeps the person and the number from a second call', () => {
    const {
      endedAt: _end,
      outcome: _outcome,
      ...inFlight
    } = anAttempt(brasilia('2026-11-23 10:00'));
    for (const other of [
      { debtorId: 'debtor_1', to: voiceAt(phone('11 3456-1009')) } as const,
      { debtorId: 'debtor_2', to: voiceAt(phone('11 98765-4321')) } as const,
    ]) {
      const answer = verdict('2026-11-23 14:00', [{ ...inFlight, ...other }]);
      expect(answer).toMatchObject({
        allowed: false,
        reason: 'already-in-call',
        retryAt: brasilia('2026-11-23 14:10'),
      });
    }
  });
});

describe('a callback the debtor asked for', () => {
  const talk = anAttempt(brasilia('2026-11-23 10:00'), { outcome: 'person' });
  const askedAt = brasilia('2026-11-23 10:05');
  const callback = aRequest({ purpose: 'callback', callbackAskedAt: askedAt });

  function callBack(attempts: readonly PastAttempt[], request = callback): Verdict {
    const history = aHistory({ attempts, rightPartyContactAt: askedAt });
    return mayDial(request, history, COLLECTION, brasilia('2026-11-23 11:00'));
  }

  it('passes the gap and the day’s right-party contact', () => {
    expect(callBack([talk]).allowed).toBe(true);
  });

  it('passes once: an attempt made since has used it up', () => {
    const tried = anAttempt(brasilia('2026-11-23 10:40'), { to: voiceAt(phone('11 3456-1009')) });
    expect(callBack([talk, tried])).toMatchObject({ allowed: false, reason: 'gap-phone' });
  });

  it('passes nothing without the moment of asking', () => {
    const { callbackAskedAt: _asked, ...unproven } = callback;
    expect(callBack([talk], unproven)).toMatchObject({ allowed: false, reason: 'gap-phone' });
  });
});

describe('after an abandoned call', () => {
  const abandoned = anAttempt(brasilia('2026-11-23 10:00'), { outcome: 'person', abandoned: true });
  const again = aRequest({ purpose: 'redial-after-abandonment' });

  it('the person is not dialed again that day without an agent reserved', () => {
    expect(verdict('2026-11-23 16:00', [abandoned])).toMatchObject({
      reason: 'redial-after-abandonment',
      clause: `BR-20: ${COLLECTION.abandonment.clause}`,
      retryAt: brasilia('2026-11-24 08:00'),
    });
    expect(verdict('2026-11-24 08:00', [abandoned]).allowed).toBe(true);
  });

  it('the person is dialed once after a quarter of an hour with an agent reserved', () => {
    expect(verdict('2026-11-23 10:10', [abandoned], again)).toMatchObject({
      reason: 'redial-after-abandonment',
      retryAt: brasilia('2026-11-23 10:15:30'),
    });
    expect(verdict('2026-11-23 10:15:30', [abandoned], again).allowed).toBe(true);
  });

  it('there is no second redial that day', () => {
    const redial = anAttempt(brasilia('2026-11-23 10:20'), { to: voiceAt(phone('11 3456-1009')) });
    expect(verdict('2026-11-23 14:00', [abandoned, redial], again)).toMatchObject({
      reason: 'redial-after-abandonment',
      retryAt: brasilia('2026-11-24 08:00'),
    });
  });

  it('the redial still keeps the gap to every other attempt', () => {
    const other = onOtherNumbers('2026-11-23 10:12').map((one) => ({
      ...one,
      at: abandoned.at - MINUTE_MS,
      endedAt: brasilia('2026-11-23 10:12'),
    }));
    expect(verdict('2026-11-23 10:16', [...other, abandoned], again)).toMatchObject({
      reason: 'gap-person',
    });
  });
});
