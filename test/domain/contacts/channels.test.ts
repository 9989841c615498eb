import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHANNELS,
  type ContactPoint,
  isSamePoint,
  numberOf,
  voiceAt,
} from '../../../src/domain/contacts/contact.ts';
import type { E164 } from '../../../src/lib/phone-number.ts';

const numbers = fc.constantFrom<E164>('+5511987654321', '+5511987654322', '+552134561000');
const points: fc.Arbitrary<ContactPoint> = fc.oneof(
  numbers.map(voiceAt),
  fc.record({ channel: fc.constantFrom('sms' as const, 'whatsapp' as const), address: numbers }),
  fc.record({
    channel: fc.constant('email' as const),
    address: fc.constantFrom('ana@example.com', 'Ana@example.com'),
  }),
);

describe('the channels of contacts', () => {
  it('are these, in order of use, each once', () => {
    expect(CHANNELS).toEqual([
      ...['voice', 'sms', 'email', 'whatsapp', 'letter', 'bureau', 'other'],
    ]);
    expect(new Set(CHANNELS).size).toBe(CHANNELS.length);
  });
});

describe('a point of contact', () => {
  it('of a call is its number on the telephone', () => {
    expect(voiceAt('+5511987654321')).toEqual({ channel: 'voice', address: '+5511987654321' });
  });

  it('is the same as itself, and sameness goes both ways and on', () => {
    fc.assert(
      fc.property(points, points, points, (one, other, third) => {
        expect(isSamePoint(one, { ...one })).toBe(true);
        expect(isSamePoint(one, other)).toBe(isSamePoint(other, one));
        if (isSamePoint(one, other) && isSamePoint(other, third)) {
          expect(isSamePoint(one, third)).toBe(true);
        }
      }),
      { numRuns: 300, seed: 91 },
    );
  });

  it('that is the same has the same number, while one number has points on three channels', () => {
    fc.assert(
      fc.property(points, points, (one, other) => {
        if (isSamePoint(one, other)) expect(numberOf(one)).toBe(numberOf(other));
      }),
      { numRuns: 200, seed: 92 },
    );
    const ofOneNumber = (['voice', 'sms', 'whatsapp'] as const).map(
      (channel): ContactPoint => ({ channel, address: '+5511987654321' }),
    );
    expect(new Set(ofOneNumber.map(numberOf)).size).toBe(1);
    const pairs = ofOneNumber.flatMap((one) => ofOneNumber.map((other) => isSamePoint(one, other)));
    expect(pairs.filter(Boolean)).toHaveLength(3);
  });

  it('is compared as the creditor sent it: two spellings of a mailbox are two points', () => {
    const mailbox = (address: string): ContactPoint => ({ channel: 'email', address });
    expect(isSamePoint(mailbox('ana@example.com'), mailbox('Ana@example.com'))).toBe(false);
    expect(isSamePoint(mailbox('ana@example.com'), mailbox('ana@example.com'))).toBe(true);
  });
});
