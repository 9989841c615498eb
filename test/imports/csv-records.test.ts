import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CsvRecord,
  createCsvReader,
  type Delimiter,
  detectDelimiter,
  LINE_LETTERS_MAX,
} from '../../src/imports/csv-records.ts';
import { csvLine, safeCell } from '../../src/imports/csv-writer.ts';

function read(text: string, delimiter: Delimiter = ';', pieces = text.length): CsvRecord[] {
  const reader = createCsvReader(delimiter);
  const records: CsvRecord[] = [];
  for (let from = 0; from < text.length; from += pieces) {
    records.push(...reader.push(text.slice(from, from + pieces)));
  }
  return [...records, ...reader.end()];
}

const fieldsOf = (text: string, delimiter?: Delimiter) =>
  read(text, delimiter).map((one) => one.fields);

test('reads plain, quoted and doubled quotes', () => {
  expect(fieldsOf('a;"b;c";"d ""e"""\n1;2;3')).toEqual([
    ['a', 'b;c', 'd "e"'],
    ['1', '2', '3'],
  ]);
});

test('reads every kind of line break, and no record out of blank lines', () => {
  expect(fieldsOf('a;b\r\nc;d\re;f\n\n  \n\r\ng;h')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
    ['e', 'f'],
    ['g', 'h'],
  ]);
});

test('keeps line breaks inside of quotes', () => {
  expect(fieldsOf('1;"Rua A\nCasa 2";x\n2;y;z')).toEqual([
    ['1', 'Rua A\nCasa 2', 'x'],
    ['2', 'y', 'z'],
  ]);
});

test('takes a quote inside of an unquoted field as it is', () => {
  expect(fieldsOf('1;Bar do "Zé";x')).toEqual([['1', 'Bar do "Zé"', 'x']]);
});

test('keeps empty fields, also the last', () => {
  expect(fieldsOf(';;\na;;')).toEqual([
    ['', '', ''],
    ['a', '', ''],
  ]);
});

describe('an unclosed quote', () => {
  test('costs its own line only, when another quote comes later', () => {
    const records = read('1;"Maria;11\n2;"Ana";12\n3;José;13\n');
    expect(records.map((one) => one.problem)).toEqual(['quote-not-closed', undefined, undefined]);
    expect(records[0]?.raw).toBe('1;"Maria;11');
    expect(records[1]?.fields).toEqual(['2', 'Ana', '12']);
  });

  test('costs its own line only, when none comes for the rest of the file', () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => `${index};Nome ${index};11`);
    rows[3] = '3;"Nome 3;11';
    const records = read(rows.join('\n'), ';', 1_000);
    expect(records).toHaveLength(2_000);
    expect(records.filter((one) => one.problem).map((one) => one.raw)).toEqual(['3;"Nome 3;11']);
  });

  test('in the last line is a record too', () => {
    expect(read('1;a\n2;"b').map((one) => one.problem)).toEqual([undefined, 'quote-not-closed']);
  });
});

test('cuts a line without an end, so that it cannot fill the memory', () => {
  const reader = createCsvReader(';');
  const records: CsvRecord[] = [];
  for (let piece = 0; piece < 30; piece += 1) records.push(...reader.push('x'.repeat(10_000)));
  records.push(...reader.end());
  expect(records.every((one) => one.raw.length <= LINE_LETTERS_MAX)).toBe(true);
  expect(records[0]?.problem).toBe('record-too-long');
});

test('gives back the written fields, for any fields and any cuts of the text', () => {
  const delimiter = fc.constantFrom<Delimiter>(';', ',', '\t', '|');
  const field = fc.string({ maxLength: 12, unit: fc.constantFrom(...'ab;,|\t"\r\n ç') });
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
  fc.assert(
    fc.property(delimiter, rows, fc.integer({ min: 1, max: 9 }), (mark, given, pieces) => {
      // A field that is quoted for nothing else keeps its spaces; blank rows are no records.
      const kept = given.filter((row) => csvLine(row, mark).trim() !== '');
      const text = kept.map((row) => csvLine(row, mark)).join('\r\n');
      const safe = kept.map((row) => row.map(safeCell));
      expect(read(text, mark, pieces).map((one) => one.fields)).toEqual(safe);
    }),
    { numRuns: 500 },
  );
});

test('never loses a letter of rows without quotes', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom(...'a;"\n ') }), (text) => {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      const raw = read(text).flatMap((one) => one.raw.split('\n'));
      expect(raw.filter((line) => line.trim() !== '')).toEqual(lines);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['nome;cpf;telefone', ';'],
  ['nome,cpf,telefone', ','],
  ['nome\tcpf\ttelefone', '\t'],
  ['nome|cpf|telefone', '|'],
  ['"nome, completo";"cpf, cnpj"', ';'],
])('takes the delimiter of %j', (header, delimiter) => {
  expect(detectDelimiter(header)).toBe(delimiter);
});
