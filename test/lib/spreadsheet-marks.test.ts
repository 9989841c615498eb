import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeCell } from '../../src/imports/csv-writer.ts';
import { withoutSpreadsheetMarks } from '../../src/lib/spreadsheet-marks.ts';

describe('the marks of a spreadsheet', () => {
  it.each([
    ["'0012", '0012'],
    ['="0012"', '0012'],
    [' ="0012" ', '0012'],
    [" '0012", '0012'],
    ['="diz ""Ana"""', 'diz "Ana"'],
    ["'+5511987654321", '+5511987654321'],
    // A refused row with a formula, made harmless in our own file and sent again.
    [`'="0012"`, '0012'],
    ["'Maria", 'Maria'],
  ])('are taken off: %j', (cell, text) => {
    expect(withoutSpreadsheetMarks(cell)).toBe(text);
  });

  it.each(["'t Hooft", "D'Ávila", "A'3", '=A1', '=1+"1"', '"0012"', ''])(
    'are no part of a name or of other text: %j',
    (cell) => {
      expect(withoutSpreadsheetMarks(cell)).toBe(cell);
    },
  );

  it('end, however many stand inside each other', () => {
    const deep = `${'="'.repeat(5_000)}0${'"'.repeat(5_000)}`;
    expect(withoutSpreadsheetMarks(deep).length).toBeLessThan(deep.length);
  });

  it('leave a cell its meaning when its row is refused, corrected and sent again', () => {
    const letters = fc.constantFrom("'", '=', '"', '+', '-', '@', '\t', ' ', '0', 'a', 'A');
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 8 }), (cell) => {
        // Four nested marks never occur.
        fc.pre(!/^[\s'="]{4}/.test(cell));
        expect(withoutSpreadsheetMarks(safeCell(cell))).toBe(withoutSpreadsheetMarks(cell));
      }),
      { numRuns: 2_000 },
    );
  });
});
