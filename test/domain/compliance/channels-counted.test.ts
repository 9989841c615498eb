import { describe, expect, it } from 'vitest';
import {
  attemptCapsRule,
  attemptGapsRule,
  oneCallRule,
  type PastAttempt,
  redialRule,
} from '../../../src/domain/compliance/attempt-limits.ts';
import type { ContactPoint } from '../../../src/domain/contacts/contact.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { aLimitInput, anAttempt, aProfile, brasilia, inFlight, MOBILE } from './builders.ts';

const NOW = brasilia('2026-11-23 15:00');
const SMS: ContactPoint = { channel: 'sms', address: MOBILE.address };
const WHATSAPP: ContactPoint = { channel: 'whatsapp', address: MOBILE.address };
const EMAIL: ContactPoint = { channel: 'email', address: 'ana@example.com' };

describe('the channels that a limit counts', () => {
  it.each([SMS, WHATSAPP, EMAIL])(
    'a message by $channel takes no place in a cap of calls',
    (to) => {
      const profile = aProfile({
        frequency: {
          attemptsPerPersonDayMax: 1,
          attemptsPerPhoneDayMax: 1,
          attemptsPerPerson7DaysMax: 1,
          attemptsPerPersonMonthMax: 1,
        },
      });
      const capped = (attempt: PastAttempt) =>
        attemptCapsRule(aLimitInput({ attempts: [attempt], profile })).refusal?.reason;
      expect(capped(anAttempt(NOW - HOUR_MS, { to }))).toBeUndefined();
      expect(capped(anAttempt(NOW - HOUR_MS))).toBeDefined();
    },
  );

  it.each([SMS, WHATSAPP, EMAIL])('a message by $channel keeps no call waiting', (to) => {
    const now = NOW;
    const message = anAttempt(now - MINUTE_MS, { to });
    const sending = inFlight(now - MINUTE_MS, { to });
    expect(attemptGapsRule(aLimitInput({ attempts: [message], now })).refusal).toBeUndefined();
    expect(oneCallRule(aLimitInput({ attempts: [sending], now })).refusal).toBeUndefined();
  });

  it('a message after an abandoned call is not the call that makes it good', () => {
    const left = anAttempt(NOW - 2 * HOUR_MS, { outcome: 'person', abandoned: true });
    const call = { purpose: 'redial-after-abandonment' } as const;
    const redialed = (to: ContactPoint) =>
      redialRule(aLimitInput({ attempts: [left, anAttempt(NOW - HOUR_MS, { to })], call })).refusal;
    expect(redialed(SMS)).toBeUndefined();
    expect(redialed(MOBILE)).toMatchObject({ reason: 'redial-after-abandonment' });
  });

  it('a callback asked for is used up by a call and not by a message', () => {
    const asked = { purpose: 'callback', callbackAskedAt: NOW - HOUR_MS } as const;
    const profile = aProfile({ frequency: { attemptsPerPersonDayMax: 1 } });
    const since = (to: ContactPoint) =>
      attemptCapsRule(
        aLimitInput({
          attempts: [anAttempt(NOW - 3 * HOUR_MS), anAttempt(NOW - MINUTE_MS, { to })],
          call: asked,
          profile,
        }),
      ).refusal;
    expect(since(SMS)).toBeUndefined();
    expect(since(MOBILE)).toMatchObject({ reason: 'attempts-person-day' });
  });

  it('the law of Mato Grosso counts telephone, SMS, e-mail and WhatsApp together (T20)', () => {
    const call = { states: ['MT'] as const };
    const refusal = (...to: readonly ContactPoint[]) =>
      attemptCapsRule(
        aLimitInput({ attempts: to.map((one) => anAttempt(NOW - HOUR_MS, { to: one })), call }),
      ).refusal;
    expect(refusal(SMS)).toBeUndefined();
    for (const other of [MOBILE, WHATSAPP, EMAIL]) {
      expect(refusal(SMS, other)).toMatchObject({
        reason: 'contacts-person-day',
        clause: 'BR-03: Lei MT 11.792/2022',
      });
    }
  });
});
