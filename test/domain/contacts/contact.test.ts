import { describe, expect, it } from 'vitest';
import {
  type ContactPoint,
  isSamePoint,
  numberOf,
  voiceAt,
} from '../../../src/domain/contacts/contact.ts';

const MOBILE = '+5511987654321';
/** One point of every channel that has an address; a channel that joins does not compile without one. */
const POINTS: { readonly [C in ContactPoint['channel']]: ContactPoint & { readonly channel: C } } =
  {
    voice: voiceAt(MOBILE),
    sms: { channel: 'sms', address: MOBILE },
    whatsapp: { channel: 'whatsapp', address: MOBILE },
    email: { channel: 'email', address: 'ana@example.com' },
  };

describe('the address of a contact', () => {
  it('is a telephone number on every channel that reaches one', () => {
    const numbers = Object.values(POINTS).map((point) => [point.channel, numberOf(point)]);
    expect(Object.fromEntries(numbers)).toEqual({
      voice: MOBILE,
      sms: MOBILE,
      whatsapp: MOBILE,
      email: undefined,
    });
  });

  it('is the same only on the same channel', () => {
    expect(isSamePoint(POINTS.voice, voiceAt(MOBILE))).toBe(true);
    expect(isSamePoint(POINTS.voice, voiceAt('+551134561000'))).toBe(false);
    expect(isSamePoint(POINTS.voice, POINTS.sms)).toBe(false);
    expect(isSamePoint(POINTS.sms, POINTS.whatsapp)).toBe(false);
  });

  it('makes a mistake of a channel that nobody thought of', () => {
    expect(() => numberOf({ channel: 'fax', address: MOBILE } as never)).toThrow();
  });
});
