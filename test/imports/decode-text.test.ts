import { expect, test } from 'vitest';
import { decodeText } from '../../src/imports/decode-text.ts';
import { UnreadableFileError } from '../../src/imports/unreadable-file.ts';

const NAME = 'Zenão Assunção – “Zé” €';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function decode(bytes: Uint8Array, size = 1_000, bytesMax = 10_000_000): Promise<string> {
  let text = '';
  for await (const piece of decodeText(inPieces(bytes, size), bytesMax)) text += piece;
  return text;
}

async function refusal(bytes: Uint8Array, bytesMax?: number): Promise<string | undefined> {
  try {
    await decode(bytes, 1_000, bytesMax);
  } catch (error) {
    if (error instanceof UnreadableFileError) return error.code;
    throw error;
  }
  return undefined;
}

/** 0x80 to 0x9F of Windows-1252 that the name needs; the rest of it is Latin-1. */
function windows1252(text: string): Buffer {
  const high: Record<string, number> = { '€': 0x80, '“': 0x93, '”': 0x94, '–': 0x96 };
  return Buffer.from([...text].map((letter) => high[letter] ?? letter.charCodeAt(0)));
}

test.each([
  ['UTF-8', Buffer.from(NAME)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${NAME}`)],
  ['UTF-16 of Excel', Buffer.from(`\uFEFF${NAME}`, 'utf16le')],
  ['UTF-16, the other way round', Buffer.from(`\uFEFF${NAME}`, 'utf16le').swap16()],
  ['Windows-1252', windows1252(NAME)],
])('reads %s, also one byte at a time', async (_name, bytes) => {
  expect(await decode(bytes)).toBe(NAME);
  expect(await decode(bytes, 1)).toBe(NAME);
});

test('decides only at the first letter beyond ASCII, even if it comes late', async () => {
  const start = 'nome;cpf\n'.repeat(30_000);
  expect(await decode(Buffer.concat([Buffer.from(start), windows1252(NAME)]))).toBe(start + NAME);
  expect(await decode(Buffer.from(start + NAME))).toBe(start + NAME);
});

test('reads a letter whose bytes fall into two blocks', async () => {
  for (const before of [65_534, 65_535, 65_536]) {
    const text = `${'a'.repeat(before)}ç${'b'.repeat(70_000)}ã`;
    expect(await decode(Buffer.from(text), 65_536)).toBe(text);
  }
});

test('marks letters of another encoding in the midst of a file', async () => {
  const bytes = Buffer.concat([
    Buffer.from(`ção\n${'x'.repeat(70_000)}`),
    Buffer.from([0x4a, 0xe3, 0x6f]),
  ]);
  expect(await decode(bytes)).toMatch(/J\uFFFDo$/);
});

test.each([
  ['nothing', Buffer.alloc(0), 'file-empty'],
  ['a spreadsheet', Buffer.from('PK\x03\x04 xl/workbook.xml', 'latin1'), 'file-spreadsheet'],
  [
    'an old spreadsheet',
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    'file-spreadsheet',
  ],
  ['a PDF', Buffer.from('%PDF-1.7'), 'file-binary'],
  ['a gzip archive', Buffer.from([0x1f, 0x8b, 8, 0]), 'file-binary'],
  ['a program', Buffer.from('MZ\0\0\x01'), 'file-binary'],
])('refuses %s', async (_name, bytes, code) => {
  expect(await refusal(bytes)).toBe(code);
});

test('refuses more than the limit, and no byte less', async () => {
  expect(await refusal(Buffer.alloc(1_000, 'a'), 1_000)).toBeUndefined();
  expect(await refusal(Buffer.alloc(1_001, 'a'), 1_000)).toBe('file-too-large');
});
