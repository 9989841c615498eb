/**
 * Decodes a customer's file into text. Files come as UTF-8 with or without a byte order mark,
 * UTF-16 with one (Excel's "Unicode text"), Windows-1252 (Excel's "CSV" in Brazil) and DOS code
 * page 850 (old systems). Without a mark, the first letter that differs between the encodings
 * decides, so a file is never held in memory.
 */

import { say } from '../words/say.ts';
import { UnreadableFileError } from './unreadable-file.ts';

/** Replaces bytes that are no letter in the file's encoding; a row with one is refused. */
export const UNREADABLE_LETTER = '\uFFFD';

/** Large enough to tell encodings apart, small enough not to block the event loop. */
const BLOCK_BYTES = 64 * 1024;

/**
 * The file's text, block by block. Throws {@link UnreadableFileError} for a file that is not text.
 */
export async function* decodeText(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<string> {
  let decoder: BlockDecoder | undefined;
  for await (const block of blocksOf(source, bytesMax)) {
    decoder ??= decoderFor(block);
    const text = decoder.decode(block);
    // A single NUL is a broken row in an old system's export: the row is refused, not the file.
    const nuls = countOf('\0', text);
    if (nuls > 1 && nuls > text.length * NUL_SHARE_MAX) throw binary();
    yield text;
  }
  if (!decoder) throw new UnreadableFileError('file-empty', say('file-is-empty'));
  yield decoder.end();
}

const NUL_SHARE_MAX = 0.01;

function countOf(letter: string, text: string): number {
  return text.includes(letter) ? text.split(letter).length - 1 : 0;
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
    for (let from = 0; from < chunk.length; from += BLOCK_BYTES) {
      const slice = chunk.subarray(from, from + BLOCK_BYTES);
      kept.push(slice);
      keptBytes += slice.length;
      if (keptBytes < BLOCK_BYTES) continue;
      yield Buffer.concat(kept);
      kept = [];
      keptBytes = 0;
    }
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

/** A decoder for files with a mark, which TextDecoder itself drops. */
function marked(encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): BlockDecoder {
  const decoder = new TextDecoder(encoding);
  return {
    decode: (block) => decoder.decode(block, { stream: true }),
    end: () => decoder.decode(),
  };
}

/** ASCII reads the same in all these encodings; the first block with other bytes decides. */
function guessing(): BlockDecoder {
  let decided: BlockDecoder | undefined;
  return {
    decode(block) {
      if (!decided) {
        const isAscii = block.every((byte) => byte < 0x80);
        if (isAscii) return block.toString('latin1');
        decided = isUtf8(block) ? marked('utf-8') : oneByte(codePageOf(block));
      }
      return decided.decode(block);
    },
    end: () => decided?.end() ?? '',
  };
}

/**
 * Whether a block is UTF-8. Up to three bytes at its end are ignored, because it may end inside a
 * letter.
 */
function isUtf8(block: Buffer): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    decoder.decode(block, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Decodes with our own table: Node's Windows-1252 decoder has sometimes read 0x80 to 0x9F as
 * control characters.
 */
function oneByte(high: string): BlockDecoder {
  return {
    decode: (block) =>
      block
        .toString('latin1')
        .replace(/[\u0080-\u00ff]/g, (letter) => high.charAt(letter.charCodeAt(0) - 0x80)),
    end: () => '',
  };
}

/** The letters of 0x80 to 0xFF. */
const WINDOWS_1252 = `€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ${Array.from(
  { length: 96 },
  (_, place) => String.fromCharCode(0xa0 + place),
).join('')}`;
const DOS_850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';

/**
 * Repairs text that was encoded as UTF-8 twice: `JoÃ£o` is João. Undefined for other text: no
 * Portuguese word contains such a pair of letters by accident.
 */
export function mendedTwiceEncoded(text: string): string | undefined {
  if (!/[\u00c2\u00c3]/.test(text)) return undefined;
  const bytes: number[] = [];
  for (const letter of text) {
    const high = WINDOWS_1252.indexOf(letter);
    const code = letter.charCodeAt(0);
    if (code >= 0x100 && high === -1) return undefined;
    bytes.push(code < 0x100 ? code : 0x80 + high);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** The code page in which more bytes are Portuguese letters; Windows-1252 in a tie. */
function codePageOf(block: Buffer): string {
  const portuguese = (page: string) => {
    let count = 0;
    for (const byte of block)
      if (byte >= 0x80 && PORTUGUESE.has(page.charAt(byte - 0x80))) count += 1;
    return count;
  };
  return portuguese(DOS_850) > portuguese(WINDOWS_1252) ? DOS_850 : WINDOWS_1252;
}

const PORTUGUESE: ReadonlySet<string> = new Set('áàâãéêíóôõúüçÁÀÂÃÉÊÍÓÔÕÚÜÇºª');

function refuseKnownBinary(first: Buffer): void {
  const start = first.subarray(0, 4).toString('latin1');
  if (start === 'PK\x03\x04' || start === '\xd0\xcf\x11\xe0') {
    throw new UnreadableFileError('file-spreadsheet', say('save-as-csv'));
  }
  if (start.startsWith('\x1f\x8b') || start === '%PDF') throw binary();
}

function binary(): UnreadableFileError {
  return new UnreadableFileError('file-binary', say('send-csv'));
}

function tooLarge(bytesMax: number): UnreadableFileError {
  const megabytes = Math.floor(bytesMax / 1024 / 1024);
  return new UnreadableFileError('file-too-large', say('file-cut', { megabytes }));
}
