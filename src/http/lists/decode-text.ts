/**
 * Bytes of a customer's file into text. Files come as UTF-8 with or without a mark, as UTF-16 with
 * one (Excel's "Unicode text"), and as Windows-1252 (Excel's "CSV" in Brazil). Which of the two
 * without a mark is decided at the first byte that differs between them, so that a file is never
 * held in memory.
 */
export type FileEncoding = 'ascii' | 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly code:
    | 'file-empty'
    | 'file-binary'
    | 'file-spreadsheet'
    | 'file-too-large'
    | 'header-missing';

  constructor(code: UnreadableFileError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Stands where bytes were no letter of the file's encoding; a row with one is refused. */
export const UNREADABLE_LETTER = '\uFFFD';

/** Large enough to tell the encodings apart, small enough not to hold up the event loop. */
const BLOCK_BYTES = 64 * 1024;

/** Text of the file, block by block. Throws {@link UnreadableFileError} for what is no text. */
export async function* decodeText(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<string> {
  let decoder: BlockDecoder | undefined;
  for await (const block of blocksOf(source, bytesMax)) {
    decoder ??= decoderFor(block);
    const text = decoder.decode(block);
    if (text.includes('\0')) throw binary();
    yield text;
  }
  if (!decoder) throw new UnreadableFileError('file-empty', 'The file is empty.');
  yield decoder.end();
}

async function* blocksOf(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Buffer> {
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  let allBytes = 0;
  for await (const chunk of source) {
    allBytes += chunk.length;
    if (allBytes > bytesMax) throw tooLarge(bytesMax);
    kept.push(chunk);
    keptBytes += chunk.length;
    if (keptBytes < BLOCK_BYTES) continue;
    yield Buffer.concat(kept);
    kept = [];
    keptBytes = 0;
  }
  if (keptBytes > 0) yield Buffer.concat(kept);
}

type BlockDecoder = { decode(block: Buffer): string; end(): string };

function decoderFor(first: Buffer): BlockDecoder {
  refuseKnownBinary(first);
  if (first[0] === 0xff && first[1] === 0xfe) return marked('utf-16le');
  if (first[0] === 0xfe && first[1] === 0xff) return marked('utf-16be');
  if (first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf) return marked('utf-8');
  return guessing();
}

/** TextDecoder drops the mark itself. */
function marked(encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): BlockDecoder {
  const decoder = new TextDecoder(encoding);
  return {
    decode: (block) => decoder.decode(block, { stream: true }),
    end: () => decoder.decode(),
  };
}

/** Plain ASCII so far reads the same either way; the first block with more decides. */
function guessing(): BlockDecoder {
  let decided: BlockDecoder | undefined;
  return {
    decode(block) {
      if (!decided) {
        const isAscii = block.every((byte) => byte < 0x80);
        if (isAscii) return block.toString('latin1');
        decided = isUtf8(block) ? marked('utf-8') : windows1252();
      }
      return decided.decode(block);
    },
    end: () => decided?.end() ?? '',
  };
}

/** The block may end inside a letter: up to three of its last bytes are left out of the question. */
function isUtf8(block: Buffer): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    decoder.decode(block, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Written out: Node's own decoder of this name has read 0x80 to 0x9F as control characters at times. */
function windows1252(): BlockDecoder {
  return {
    decode: (block) =>
      block
        .toString('latin1')
        .replace(HIGH_CONTROLS, (letter) => HIGH.charAt(letter.charCodeAt(0) - 0x80)),
    end: () => '',
  };
}

const HIGH = '€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ';
const HIGH_CONTROLS = /[\u0080-\u009f]/g;

function refuseKnownBinary(first: Buffer): void {
  const start = first.subarray(0, 4).toString('latin1');
  if (start === 'PK\x03\x04' || start === '\xd0\xcf\x11\xe0') {
    throw new UnreadableFileError(
      'file-spreadsheet',
      'This is a spreadsheet. Save it as "CSV UTF-8" and send that file.',
    );
  }
  if (start.startsWith('\x1f\x8b') || start === '%PDF') throw binary();
}

function binary(): UnreadableFileError {
  return new UnreadableFileError('file-binary', 'This is no text file. Send a CSV file.');
}

function tooLarge(bytesMax: number): UnreadableFileError {
  const megabytes = Math.floor(bytesMax / 1024 / 1024);
  return new UnreadableFileError(
    'file-too-large',
    `The file has more than ${megabytes} MB. Rows up to there were taken; split the file and send the rest.`,
  );
}
