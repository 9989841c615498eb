/** The key ring as a file that its owner alone may read, or as a text among the settings. */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { IsoDate } from '../lib/time.ts';
import { KeyRing, rotated } from './key-ring.ts';
import { KeyRingError } from './key-ring-error.ts';

/** The ring's place. The text, used in containers, wins over the file; it is absent elsewhere. */
export type KeyRingPlace = { readonly file: string; readonly text?: string };

/** Default file, beside the database. */
export const KEY_RING_FILE = '.cadencia/key-ring';
const OTHERS = 0o077;

/** Throws KeyRingError('missing' | 'open-to-others' | 'damaged'). */
export function openKeyRing({ file, text }: KeyRingPlace): KeyRing {
  return new KeyRing(() => text ?? readPrivately(file));
}

/** The same, or undefined when there is no ring yet. */
export function openKeyRingIfAny(place: KeyRingPlace): KeyRing | undefined {
  try {
    return openKeyRing(place);
  } catch (error) {
    if (error instanceof KeyRingError && error.code === 'missing') return undefined;
    throw error;
  }
}

/**
 * Makes the ring of a new installation. `needed` are the keys with which stored values were sealed:
 * when there are any, the ring was lost, and a new one would only hide that.
 *
 * @throws KeyRingError('missing')
 */
export function makeKeyRing(file: string, needed: readonly string[], today: IsoDate): KeyRing {
  if (needed.length > 0) throw lost(file, needed);
  writePrivately(file, rotated('', today), linkSync);
  return openKeyRing({ file });
}

/** Puts a new key in front; the old ones stay, to open what they sealed. */
export function rotateKeyRing(file: string, today: IsoDate): KeyRing {
  writePrivately(file, rotated(readPrivately(file), today), renameSync);
  return openKeyRing({ file });
}

/** Throws KeyRingError('key-gone') when the ring lacks a key that stored values need. */
export function requireKeys(ring: KeyRing, needed: readonly string[]): void {
  const gone = needed.filter((id) => !ring.has(id));
  if (gone.length === 0) return;
  throw new KeyRingError(
    'key-gone',
    `the key ring has no key ${gone.join(', ')}, which data in the database was sealed with: put back the ring, or the line of that key, from a copy`,
  );
}

function lost(file: string, needed: readonly string[]): KeyRingError {
  return new KeyRingError(
    'missing',
    `the key ring ${file} is missing, and data in the database was sealed with its key ${needed.join(', ')}: put it back from a copy. No new one is made, because it could not open that data`,
  );
}

function readPrivately(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) {
    throw new KeyRingError(
      'missing',
      `there is no key ring ${file}: put it back from a copy, or make the first one of a new installation with npm run keys -- rotate`,
    );
  }
  if ((stat.mode & OTHERS) !== 0) {
    throw new KeyRingError(
      'open-to-others',
      `the key ring ${file} may be read or written by others on this machine: chmod 600 ${file}, and rotate it if somebody may have read it`,
    );
  }
  return readFileSync(file, 'utf8');
}

/**
 * Writes the file under another name first, so that neither a power cut nor a full disk leaves half
 * a ring.
 */
function writePrivately(
  file: string,
  text: string,
  putInPlace: (made: string, file: string) => void,
): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const made = `${file}.${process.pid}`;
  const descriptor = openSync(made, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
    putInPlace(made, file);
  } finally {
    closeSync(descriptor);
    rmSync(made, { force: true });
  }
}
