import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createBreather, SLICE_MS_MAX } from '../../src/imports/breather.ts';
import type { FileRow } from '../../src/imports/read-row.ts';
import { readRows } from '../../src/imports/read-rows.ts';
import { UnreadableFileError } from '../../src/imports/unreadable-file.ts';

const HEADER = 'nome;cpf;telefone\n';
const MEGABYTE = 1024 * 1024;
const CONTENT_BYTES = MEGABYTE / 4;

/**
 * Each look at this clock adds a millisecond, so that a pause is due after a fixed number of pieces
 * of work.
 */
function countingClock() {
  let looks = 0;
  let looksAtRest = 0;
  const clock = {
    rests: 0,
    slicesMax: 0,
    looks: () => looks,
    now: () => {
      looks += 1;
      clock.slicesMax = Math.max(clock.slicesMax, looks - looksAtRest);
      return looks;
    },
    rest: async () => {
      clock.rests += 1;
      looksAtRest = looks;
    },
  };
  return clock;
}

async function read(content: string, breather = createBreather()) {
  const rows: FileRow[] = [];
  try {
    const file = await readRows(Readable.from([Buffer.from(HEADER + content)]), { breather });
    for await (const row of file.rows) rows.push(row);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { rows, because: error.code };
  }
  return { rows, because: undefined };
}

test.each([
  ['quotes', '"', 100_000],
  ['lines with a quote that nobody closes', '"a\nAna;;1\n', 200],
  ['pairs of quotes', '""\n', 200],
  ['delimiters', ';', 100_000],
  ['blank lines', '\n', 66_000],
  ['rows', 'Ana;52998224725;11987654321\n', 200],
])('rests in time while it reads nothing but %s', async (_name, piece, lettersPerLook) => {
  const clock = countingClock();
  // Enough for a rest, however much is read between two looks.
  const bytes = Math.max(CONTENT_BYTES, 2 * SLICE_MS_MAX * lettersPerLook);
  const content = piece.repeat(Math.ceil(bytes / piece.length));
  await read(content, createBreather(clock));
  // The work between two looks at the clock is bounded, and no slice exceeds its time.
  expect(clock.looks()).toBeGreaterThan(bytes / lettersPerLook);
  expect(clock.slicesMax).toBeLessThanOrEqual(SLICE_MS_MAX + 1);
  expect(clock.rests).toBeGreaterThan(0);
});

test.each([
  ['a line without an end', '"'.repeat(6 * MEGABYTE), 60],
  ['lines with a quote that nobody closes', '"a\n'.repeat(100_000), 1_000],
])('breaks off a file of %s, which is no list', async (_name, content, recordsMax) => {
  const { rows, because } = await read(content);
  expect(because).toBe('file-garbled');
  expect(rows.length).toBeLessThanOrEqual(recordsMax);
  expect(rows.every((row) => row.fields.join('').length <= 1_000)).toBe(true);
});

test('goes on after broken rows among good ones', async () => {
  const rows = Array.from({ length: 3_000 }, (_, index) =>
    index % 3 === 0 ? `Ana;;${11_987_000_000 + index}` : '"a',
  );
  const { rows: got, because } = await read(rows.join('\n'));
  expect(because).toBeUndefined();
  expect(got).toHaveLength(3_000);
});

test('gives each row its spreadsheet number, minus one', async () => {
  const content = 'Ana;;1\n\n"Rua A\nCasa 2";;2\r\n \nBia;;3\n';
  const source = Readable.from([Buffer.from(`\n\n${HEADER}${content}`)]);
  const { rows } = await readRows(source, {});
  const numbers: [string | undefined, number][] = [];
  for await (const row of rows) numbers.push([row.fields[0], row.parsed.index + 1]);
  expect(numbers).toEqual([
    ['Ana', 4],
    ['Rua A\nCasa 2', 6],
    ['Bia', 8],
  ]);
});

test('numbers rows the same, however the file is cut into blocks', async () => {
  const content = Buffer.from(`${HEADER}Ana;;1\r\n\r\n"a;;2\r\nBia;;3\r\n`);
  const numbers: string[] = [];
  for (let size = 1; size < content.length; size += 3) {
    const pieces: Buffer[] = [];
    for (let from = 0; from < content.length; from += size) {
      pieces.push(Buffer.from(content.subarray(from, from + size)));
    }
    const { rows } = await readRows(Readable.from(pieces), {});
    const got: number[] = [];
    for await (const row of rows) got.push(row.parsed.index + 1);
    numbers.push(got.join(' '));
  }
  expect(new Set(numbers)).toEqual(new Set(['2 4 5']));
});

test.each([
  ['ZenÃ£o AssunÃ§Ã£o', 'Zenão Assunção', 1],
  ['Ã‚ngela', 'Ângela', 1],
  ['SÃO JOÃO', 'SÃO JOÃO', 0],
  ['João Ângelo', 'João Ângelo', 0],
])('repairs a name that was encoded twice, and notes it: %s', async (written, name, notes) => {
  const file = `nome;codigo;telefone\n${written};C-1;11987650101\n`;
  const { rows } = await readRows(Readable.from([Buffer.from(file)]), {});
  const warnings = Array.from({ length: notes }, () => ({
    code: 'double-encoding-repaired',
    column: 'nome',
  }));
  const parsed: unknown[] = [];
  for await (const row of rows) parsed.push(row.parsed);
  expect(parsed).toMatchObject([{ row: { name, warnings } }]);
});
