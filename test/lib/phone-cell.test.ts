import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AREA_CODES } from '../../src/lib/br-area-codes.ts';
import { given } from '../../src/lib/given.ts';
import { type PhoneOptions, parsePhone, parsePhones } from '../../src/lib/phone-number.ts';

/** What a cell became: numbers with their notes, or reasons. */
function read(cell: string, options: PhoneOptions = {}): readonly string[] {
  return parsePhones(cell, options).map((one) =>
    one.ok ? [one.number, ...one.notes].join(' ') : one.reason,
  );
}

describe('an extension', () => {
  it.each([
    ['3456-7890 ramal 12', '11', '+551134567890 extension-cut'],
    ['3456-7890 Ramal: 12', '11', '+551134567890 extension-cut'],
    ['3456-7890 r 12', '11', '+551134567890 extension-cut'],
    ['3456-7890 R:12', '11', '+551134567890 extension-cut'],
    ['3456-7890 (ramal 12)', '11', '+551134567890 extension-cut'],
    ['3456-7890 ramal 12/13', '11', '+551134567890 second-line-cut extension-cut'],
    ['3456-7890, ramal 12', '11', '+551134567890 extension-cut'],
    ['(11) 9876-5432 r.1', undefined, '+5511998765432 extension-cut ninth-digit-inserted'],
    ['(55) 3222-1234 r.21', undefined, '+555532221234 extension-cut'],
    ['(55) 3222-1234 ext. 21', undefined, '+555532221234 extension-cut'],
    ['(55) 3222-1234x21', undefined, '+555532221234 extension-cut'],
    ['(55) 3222-1234 #21', undefined, '+555532221234 extension-cut'],
    ['11 3456-7890/91', undefined, '+551134567890 second-line-cut'],
    ['11 3456-7890 a 7899', undefined, '+551134567890 second-line-cut'],
  ])('is cut off and never joined: %j', (cell, areaCode, number) => {
    expect(read(cell, areaCode ? { areaCode } : {})).toEqual([number]);
  });

  it.each([
    ['ramal 12 (11) 3456-7890', 'grouping-unclear'],
    ['(11) 3456-7890 12', 'wrong-length'],
    ['55 3222-1234 21', 'grouping-unclear'],
    ['011 3456-7890 12', 'wrong-length'],
    ['011 3456789012', 'wrong-length'],
    ['021 3456-7890 12', 'grouping-unclear'],
    ['11 98765-432x', 'not-a-number'],
    ['1198765432x', 'not-a-number'],
    ['1198765432 *', 'not-a-number'],
    ['1198765432x1', 'not-a-number'],
    ['11 98765-****', 'not-a-number'],
    ['11 98765 recado 4321', 'not-a-number'],
  ])('is not guessed where nothing marks it: %j', (cell, reason) => {
    expect(read(cell)).toEqual([reason]);
  });
});

describe('an extension that was cut off', () => {
  it.each([
    ['(11) 3456-7890 ramal 12', ['12']],
    ['(11) 3456-7890 Ramal: 007', ['007']],
    ['(11) 3456-7890, ramal 12/13', ['12']],
    ['(11) 3456-7890x21', ['21']],
    ['(11) 3456-7890 ramal 12 / (11) 3456-7891 r.3', ['12', '3']],
    ['(11) 3456-7890 1134567891 ramal 5', [undefined, '5']],
    ['(11) 3456-7890 ramal', [undefined]],
    ['(11) 3456-7890', [undefined]],
  ])('is kept beside its number, as it is written: %j', (cell, extensions) => {
    const kept = parsePhones(cell).map((one) => (one.ok ? one.extension : one.reason));
    expect(kept).toEqual(extensions);
  });
});

describe('brackets and separators', () => {
  it.each([
    ['(55) 99912-34567', {}],
    ['(91) 8765-432', { areaCode: '11' }],
    ['(91) 8765-432', { defaultAreaCode: '11' }],
    ['11 91234-567', {}],
    ['1191234-567', {}],
    ['91234-567', { areaCode: '11' }],
    ['1 98765-4321', {}],
    ['1 98765-4321', { areaCode: '11' }],
    ['1 1 98765-4321', {}],
    ['(11) 9876-54321', {}],
    ['(119) 8765-4321', {}],
    ['+551 198765-4321', {}],
    ['55 1 98765-4321', {}],
    ['0 98765-4321', { areaCode: '11' }],
    ['34 912 345 678', {}],
    ['(11 (98765) 4321', {}],
  ])('say that a digit is missing or too many: %j is no number', (cell, options) => {
    expect(parsePhones(cell, options).map((one) => one.ok)).toEqual([false]);
  });

  it.each([
    ['11) 98765-4321', '+5511987654321'],
    ['(11 98765-4321', '+5511987654321'],
    ['(11987654321)', '+5511987654321'],
    ['(0xx11) 3456-7890', '+551134567890 carrier-code-dropped'],
    ['0**11 3456-7890', '+551134567890 carrier-code-dropped'],
    ['(015) 11 98765-4321', '+5511987654321 carrier-code-dropped'],
    ['(0 15 11) 98765-4321', '+5511987654321 carrier-code-dropped'],
    ['+55 (0)11 98765-4321', '+5511987654321'],
    ['Tel.: 11.98765.4321 (Maria)', '+5511987654321'],
    ['11/98765-4321', '+5511987654321'],
    ['11 – 98765 – 4321', '+5511987654321'],
    ['11 9 8765-4321', '+5511987654321'],
    ['11 34 56 78 90', '+551134567890'],
    ['55 (55) 3222-1234', '+555532221234'],
    ['(55) 98765-4321', '+5555987654321'],
    ["'11987654321", '+5511987654321'],
    ['="11987654321"', '+5511987654321'],
  ])('are read as they are meant: %j', (cell, number) => {
    expect(read(cell)).toEqual([number]);
  });
});

describe('a given area code', () => {
  it('never changes: another one in the cell is a conflict', () => {
    expect(read('(21) 98765-4321', { areaCode: '11' })).toEqual(['area-codes-differ']);
    expect(read('55 98765-4321', { areaCode: '11' })).toEqual(['area-codes-differ']);
    expect(read('(11) 98765-4321', { areaCode: '11' })).toEqual(['+5511987654321']);
  });

  it('is not needed when the cell has one and the column holds none', () => {
    expect(read('(21) 98765-4321', { areaCode: '0' })).toEqual(['+5521987654321']);
    expect(read('98765-4321', { areaCode: '0' })).toEqual(['unknown-area-code']);
  });

  it.each(['4020-1234', '4004-1234', '3003-1234', '4370-1234'])(
    'is not put before %s, a number without an area',
    (cell) => {
      expect(read(cell, { defaultAreaCode: '11' })).toEqual(['not-dialable-service']);
      expect(read(cell, { areaCode: '11' })).toEqual(['not-dialable-service']);
    },
  );
});

describe('a plus before the digits', () => {
  it.each([
    '(+34) 912 345 678',
    '+ 34 912345678',
    '\u202a+34912345678\u202c',
    '\u200e+\u00a034 912 345 678',
    'tel +34 912345678',
    '(00 34) 912 345 678',
  ])('means another country wherever it stands: %j', (cell) => {
    expect(read(cell, { defaultAreaCode: '11' })).toEqual(['foreign']);
  });

  it('and marks that nobody sees do not hide a Brazilian number', () => {
    expect(read('\u202a+55\u00a011\u00a098765‑4321\u202c')).toEqual(['+5511987654321']);
  });
});

describe('several numbers in a cell', () => {
  const second = 'second-number-taken';
  it.each([
    ['11987650604 / 1134560604', ['+5511987650604', `+551134560604 ${second}`]],
    ['(11) 97310-4826, (11) 3271-4826', ['+5511973104826', `+551132714826 ${second}`]],
    ['(11) 97310-4826 (21) 3271-4826', ['+5511973104826', `+552132714826 ${second}`]],
    ['11987650604 1134560604', ['+5511987650604', `+551134560604 ${second}`]],
    ['11 98765-0604 ou 11 3456-0604', ['+5511987650604', `+551134560604 ${second}`]],
    [
      '11 3456-7890 r 12 / 11 3456-7891 r 13',
      ['+551134567890 extension-cut', `+551134567891 extension-cut ${second}`],
    ],
    ['11987650604;', ['+5511987650604']],
    ['11987650604, Maria', ['+5511987650604']],
    ['11987650604 / 23987650604', ['+5511987650604', 'unknown-area-code']],
  ])('are as many phones: %j', (cell, numbers) => {
    expect(read(cell)).toEqual(numbers);
  });

  it('do not lend each other an area code', () => {
    expect(read('(11) 98765-0604 / 3456-0604')).toEqual(['+5511987650604', 'missing-area-code']);
    expect(read('(11) 98765-0604 / 3456-0604', { defaultAreaCode: '21' })).toEqual([
      '+5511987650604',
      'missing-area-code',
    ]);
    expect(read('98765-0604 / 3456-0604', { areaCode: '21' })).toEqual([
      '+5521987650604',
      `+552134560604 ${second}`,
    ]);
  });

  it('are refused when one of them is only a part of a number', () => {
    expect(read('11, 987650604', { defaultAreaCode: '21' })).toEqual(['grouping-unclear']);
    expect(read('98765, 4321', { defaultAreaCode: '21' })).toEqual(['grouping-unclear']);
  });

  it('are refused when one is asked for', () => {
    expect(parsePhone('11987650604 / 1134560604')).toEqual({
      ok: false,
      reason: 'several-numbers',
    });
  });
});

// ── whatever is written ─────────────────────────────────────────────────────────────────────────

const CODES = AREA_CODES.map((one) => one.code);
const RUNS = 6_000;

/** Cells made of what people write into them, mostly wrong. */
const aCell = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.stringMatching(/^\d{1,5}$/) },
      { weight: 2, arbitrary: fc.constantFrom(...CODES, '55', '0', '015', '9') },
      { weight: 2, arbitrary: fc.stringMatching(/^9\d{4}-\d{4}$/) },
      { weight: 1, arbitrary: fc.stringMatching(/^\d{8,11}$/) },
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          ...[
            '-',
            ' ',
            ' ',
            '.',
            '(',
            ')',
            '/',
            ', ',
            '+',
            'x',
            ' r.',
            ' ramal ',
            ' ou ',
            '\u200e',
          ],
        ),
      },
    ),
    { minLength: 1, maxLength: 9 },
  )
  .map((parts) => parts.join(''));

describe('the reading of cells', () => {
  it('has no digits in an order that the cell did not have, but for a marked ninth digit', () => {
    let read = 0;
    fc.assert(
      fc.property(
        aCell,
        fc.option(fc.constantFrom(...CODES), { nil: undefined }),
        fc.option(fc.constantFrom(...CODES), { nil: undefined }),
        (cell, areaCode, defaultAreaCode) => {
          const options = {
            ...given({ areaCode, defaultAreaCode }),
          };
          for (const one of parsePhones(cell, options)) {
            if (!one.ok) continue;
            read += 1;
            if (areaCode !== undefined) expect(one.areaCode).toBe(areaCode);
            const subscriber = one.number.slice(5);
            const isRepaired = one.notes.includes('ninth-digit-inserted');
            // Nobody sees a mark of the writing direction.
            const seen = cell.replaceAll('\u200e', '');
            const written = isRepaired ? subscriber.slice(1) : subscriber;
            if (isRepaired) expect(subscriber[0]).toBe('9');
            // Only what separates the digits of one number may stand between them.
            const digits = [...written].join(String.raw`[\s().+-]*`);
            const own = new RegExp(`${[...one.areaCode].join('')}[\\s()./-]*${digits}`);
            const alone = new RegExp(digits);
            const isGiven = one.areaCode === areaCode || one.areaCode === defaultAreaCode;
            expect(own.test(seen) || (isGiven && alone.test(seen))).toBe(true);
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(read).toBeGreaterThan(RUNS / 50);
  });

  it('gives the number of any area code as it is written, whatever is written beside it', () => {
    const aNumber = fc.record({
      area: fc.constantFrom(...CODES),
      subscriber: fc.oneof(
        fc.stringMatching(/^9[1-9]\d{3}$/).map((first) => ({ first, isMobile: true })),
        fc.stringMatching(/^[2-5]\d{3}$/).map((first) => ({ first, isMobile: false })),
      ),
      last: fc.stringMatching(/^\d{4}$/),
    });
    const aForm = fc.constantFrom(
      ...['(A) F-L', 'A F-L', 'A F L', 'AFL', '(A)F-L', '0A F-L', '0 15 A F-L', '+55 A F-L'],
      ...['+55AFL', '55AFL', '(0xxA) F-L', 'A-F-L', 'A.F.L', 'Tel: (A) F-L'],
    );
    const beside = fc.constantFrom(
      ...[
        '',
        ' ',
        ' ramal E',
        ' r.E',
        ' R:E',
        'xE',
        '/E',
        ' (ramal E)',
        ' ext E',
        ' E',
        ' - Maria',
      ],
    );
    let read = 0;
    fc.assert(
      fc.property(
        aNumber,
        aForm,
        beside,
        fc.stringMatching(/^\d{1,4}$/),
        fc.option(fc.constantFrom(...CODES), { nil: undefined }),
        ({ area, subscriber, last }, form, after, extension, defaultAreaCode) => {
          const number = form.replace(/[AFL]/g, (part) => {
            if (part === 'A') return area;
            return part === 'F' ? subscriber.first : last;
          });
          const cell = number + after.replace('E', extension);
          const options = defaultAreaCode === undefined ? {} : { defaultAreaCode };
          for (const one of parsePhones(cell, options)) {
            if (!one.ok) continue;
            read += 1;
            expect(one.number).toBe(`+55${area}${subscriber.first}${last}`);
            const isMarked = /ramal|r\.|R:|x|ext/.test(after);
            expect(one.extension).toBe(isMarked ? extension : undefined);
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(read).toBeGreaterThan(RUNS / 2);
  });

  it('never makes a number of one that lost its last digits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CODES),
        fc.stringMatching(/^[2-9]\d{3,4}$/),
        fc.stringMatching(/^\d{1,3}$/),
        fc.constantFrom('(A) F-L', 'A F-L', 'AF-L', '+55 A F-L', '0A F-L', 'F-L'),
        fc.constantFrom(...CODES),
        (area, first, last, form, areaCode) => {
          const parts: Readonly<Record<string, string>> = { A: area, F: first, L: last };
          const cell = form.replace(/[AFL]/g, (part) => parts[part] ?? '');
          expect(parsePhones(cell, { areaCode }).filter((one) => one.ok)).toEqual([]);
          expect(parsePhones(cell, {}).filter((one) => one.ok)).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
