import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AREA_CODES } from '../../src/lib/br-area-codes.ts';
import {
  areaCodeOf,
  type E164,
  formatPhone,
  parseOwnNumber,
  parsePhone,
  readE164,
} from '../../src/lib/phone-number.ts';

const aNumber = fc
  .record({
    area: fc.constantFrom(...AREA_CODES.map((one) => one.code)),
    mobile: fc.boolean(),
    first: fc.integer({ min: 2, max: 5 }),
    rest: fc.stringMatching(/^\d{7}$/),
    ninth: fc.stringMatching(/^[1-9]$/),
  })
  .map(({ area, mobile, first, rest, ninth }): E164 => {
    return `+55${area}${mobile ? `9${ninth}` : first}${rest}`;
  })
  .filter((number) => parsePhone(number).ok);

describe('reading a telephone number', () => {
  it.each([
    ['11987654321', '+5511987654321', []],
    ['(11) 98765-4321', '+5511987654321', []],
    ['+55 11 98765-4321', '+5511987654321', []],
    ['+55 (011) 98765-4321', '+5511987654321', []],
    ['0055 11 3456-7890', '+551134567890', []],
    ['5511987654321', '+5511987654321', []],
    ['011 3456 7890', '+551134567890', []],
    ['0 15 11 98765-4321', '+5511987654321', ['carrier-code-dropped']],
    ['0 21 11 3456-7890', '+551134567890', ['carrier-code-dropped']],
    ['27 99706961', '+5527999706961', ['ninth-digit-inserted']],
    ['0 41 27 99706961', '+5527999706961', ['carrier-code-dropped', 'ninth-digit-inserted']],
    ['11987654321.0', '+5511987654321', []],
  ])('reads %j', (text, number, notes) => {
    expect(parsePhone(text)).toMatchObject({ ok: true, number, notes });
  });

  it('takes ten digits beginning with 55 as Santa Maria and not as the country', () => {
    expect(parsePhone('55 3222-1234')).toMatchObject({ number: '+555532221234', areaCode: '55' });
    expect(parsePhone('55 98765-4321')).toMatchObject({ number: '+5555987654321' });
    expect(parsePhone('55 55 98765-4321')).toMatchObject({ number: '+5555987654321' });
  });

  it('tells mobile from fixed', () => {
    expect(parsePhone('11 98765-4321')).toMatchObject({ kind: 'mobile' });
    expect(parsePhone('11 3456-7890')).toMatchObject({ kind: 'fixed' });
  });

  it('uses the default area code when there is none, and notes it', () => {
    expect(parsePhone('98765-4321', { defaultAreaCode: '84' })).toEqual({
      ok: true,
      number: '+5584987654321',
      kind: 'mobile',
      areaCode: '84',
      notes: ['area-code-assumed'],
    });
  });

  it('ignores the default area code when there is one', () => {
    expect(parsePhone('11 98765-4321', { defaultAreaCode: '84' })).toMatchObject({
      areaCode: '11',
      notes: [],
    });
  });
});

describe('refusing a telephone number', () => {
  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['não tem', 'not-a-number'],
    ['5,51199E+12', 'rounded-by-spreadsheet'],
    ['5.51199e12', 'rounded-by-spreadsheet'],
    ['5511990000000', 'rounded-by-spreadsheet'],
    ['23 98765-4321', 'unknown-area-code'],
    ['30 98765-4321', 'unknown-area-code'],
    ['0800 123 4567', 'not-dialable-service'],
    ['8001234567', 'not-dialable-service'],
    ['0303 123 4567', 'not-dialable-service'],
    ['0900 123456', 'not-dialable-service'],
    ['4004-1234', 'not-dialable-service'],
    ['3003 1234', 'not-dialable-service'],
    ['11 4004-1234', 'not-dialable-service'],
    ['190', 'not-dialable-service'],
    ['(11) 99999-9999', 'repeated-digits'],
    ['99999-9999', 'repeated-digits'],
    ['00000000000', 'repeated-digits'],
    ['11 8888-8888', 'repeated-digits'],
    ['98765-4321', 'missing-area-code'],
    ['3456-7890', 'missing-area-code'],
    ['11 3456-78901', 'wrong-length'],
    ['11 98765-43210', 'wrong-length'],
    ['12345', 'not-dialable-service'],
    ['654321', 'wrong-length'],
    ['11 1234-5678', 'not-a-number'],
    ['+1 212 555 1212', 'foreign'],
    ['00351 21 123 4567', 'foreign'],
  ])('refuses %j: %s', (text, reason) => {
    expect(parsePhone(text)).toEqual({ ok: false, reason });
  });

  it('refuses a default area code that does not exist', () => {
    const parsed = parsePhone('98765-4321', { defaultAreaCode: '23' });
    expect(parsed).toEqual({ ok: false, reason: 'unknown-area-code' });
  });
});

describe('the reading of telephone numbers', () => {
  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[+\d()\-. eE,]{0,24}$/)),
        fc.option(fc.string({ maxLength: 4 }), { nil: undefined }),
        (text, areaCode) => {
          const parsed = parsePhone(text, areaCode ? { defaultAreaCode: areaCode } : {});
          if (parsed.ok) expect(readE164(parsed.number)).toBe(parsed.number);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('reads back what it writes, in every form', () => {
    fc.assert(
      fc.property(aNumber, (number) => {
        const forms = [number, formatPhone(number), number.slice(1), `0${number.slice(3)}`];
        for (const form of forms) expect(parsePhone(form)).toMatchObject({ ok: true, number });
        expect(formatPhone(number)).toMatch(/^\(\d\d\) \d{4,5}-\d{4}$/);
        expect(areaCodeOf(number)).toBe(number.slice(3, 5));
      }),
    );
  });
});

describe('a telephone number', () => {
  it('is written for people', () => {
    expect(formatPhone('+5511987654321')).toBe('(11) 98765-4321');
    expect(formatPhone('+551134567890')).toBe('(11) 3456-7890');
    expect(formatPhone('+558001234567')).toBe('8001234567');
  });

  it('is read back from storage only in its own form', () => {
    expect(readE164('+5511987654321')).toBe('+5511987654321');
    expect(readE164('11987654321')).toBeUndefined();
    expect(readE164('+5523987654321')).toBeUndefined();
    expect(readE164('+551187654321')).toBeUndefined();
  });
});

describe('a number of our own', () => {
  it('may be one without an area code, which no debtor has', () => {
    const national = { ok: true, kind: 'national' };
    expect(parseOwnNumber('0800 123 4567')).toEqual({ ...national, number: '+558001234567' });
    expect(parseOwnNumber('4004-1234')).toEqual({ ...national, number: '+5540041234' });
    expect(parseOwnNumber('+55 800 123 4567')).toEqual({ ...national, number: '+558001234567' });
  });

  it('is otherwise read like any other', () => {
    expect(parseOwnNumber('(11) 3456-7890')).toMatchObject({ number: '+551134567890' });
    expect(parseOwnNumber('190')).toEqual({ ok: false, reason: 'not-dialable-service' });
  });
});
