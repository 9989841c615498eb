import { expect, test } from 'vitest';
import { csvLine, safeCell } from '../../src/imports/csv-writer.ts';

test.each([
  '=HYPERLINK("http://example.com";"ver")',
  '+5511987654321',
  '-2+3+cmd|/c calc!A0',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '＝1+1',
])('keeps a cell text that a spreadsheet would run: %j', (cell) => {
  expect(safeCell(cell)).toBe(`'${cell}`);
});

test.each(['-5', '-1.234,56', '1.234,56', '0', 'Maria', 'a=b', "'0001", ''])(
  'leaves %j as it is',
  (cell) => {
    expect(safeCell(cell)).toBe(cell);
  },
);

test('quotes what holds the delimiter, a quote or a break, after it was made harmless', () => {
  expect(csvLine(['=1;2', 'a"b', '-5', 'x\ny'], ';')).toBe(`"'=1;2";"a""b";-5;"x\ny"`);
});
