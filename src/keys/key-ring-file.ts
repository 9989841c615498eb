/** The key ring as a file that its owner alone may read, or as a text among the settings. */
import { randomUUID } from 'node:crypto';
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
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type DurationMs, type IsoDate, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { KeyRing, rotated } from './key-ring.ts';
import { KeyRingError } from './key-ring-error.ts';

/** The ring's place. The text, used in containers, wins over the file; it is absent elsewhere. */
export type KeyRingPlace = { readonly file: string; readonly text?: string };

/** Default file, beside the database. */
export const KEY_RING_FILE = '.cadencia/key-ring';
const OTHERS = 0o077;
/** Changing a ring takes milliseconds. */
const LOCK_WAIT_MAX_MS: DurationMs = 10 * SECOND_MS;
const LOCK_STALE_AFTER_MS: DurationMs = MINUTE_MS;
const LOCK_LOOK_EVERY_MS: DurationMs = 20;

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
 * @throws KeyRingError('missing' | 'in-use')
 */
export function makeKeyRing(file: string, needed: readonly string[], today: IsoDate): KeyRing {
  if (needed.length > 0) throw lost(file, needed);
  alone(file, () => writePrivately(file, rotated('', today), linkSync));
  return openKeyRing({ file });
}

/**
 * Puts a new key in front; the old ones stay, to open what they sealed.
 *
 * @throws KeyRingError, also 'in-use'
 */
export function rotateKeyRing(file: string, today: IsoDate): KeyRing {
  alone(file, () => writePrivately(file, rotated(readPrivately(file), today), renameSync));
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
  // A process of the same number may have been killed here.
  rmSync(made, { force: true });
  const descriptor = openSync(made, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
    putInPlace(made, file);
  } finally {
    closeSync(descriptor);
    rmSync(made, { force: true });
  }
  // A new name is on the disk only with its folder.
  syncFolder(dirname(file));
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

// ── One change after the other ──────────────────────────────────────────────────────────────────

/**
 * Changes the ring while no other process does, so that no key is lost that another one announced. The
 * lock is a file beside the ring that names its process.
 */
function alone(file: string, change: () => void): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = `${file}.lock`;
  const mine = `${process.pid} ${randomUUID()}`;
  const giveUpAt = performance.now() + LOCK_WAIT_MAX_MS;
  while (!takeLock(lock, mine)) {
    if (takeAwayStale(lock)) continue;
    if (performance.now() >= giveUpAt) throw inUse(file, lock);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_LOOK_EVERY_MS);
  }
  try {
    change();
    // Held for longer than a lock lasts, it was taken away: what was changed may be gone.
    if (textOf(lock) !== mine) throw inUse(file, lock);
  } finally {
    if (textOf(lock) === mine) rmSync(lock, { force: true });
  }
}

/** The file appears whole, so that anyone who looks sees whose it is. */
function takeLock(lock: string, text: string): boolean {
  const made = `${lock}.${text.split(' ')[1]}`;
  writeFileSync(made, text, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(made, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(made, { force: true });
  }
}

/** Takes a lock away whose process is gone. Whether there is room for another one now. */
function takeAwayStale(lock: string): boolean {
  const text = textOf(lock);
  if (text === undefined) return true;
  if (!isStale(lock, text)) return false;
  const aside = `${lock}.stale-${randomUUID()}`;
  try {
    renameSync(lock, aside);
  } catch {
    return true;
  }
  // Another process was sooner, and this is the lock that it took since.
  if (textOf(aside) !== text) putBack(aside, lock);
  rmSync(aside, { force: true });
  return true;
}

/** Its process notices where yet another one has taken the place. */
function putBack(aside: string, lock: string): void {
  try {
    linkSync(aside, lock);
  } catch {}
}

function isStale(lock: string, text: string): boolean {
  const pid = Number(text.split(' ')[0]);
  const madeAt = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // This process holds none while it waits, so one with its number is of a process before it.
  if (pid === process.pid || Date.now() - madeAt > LOCK_STALE_AFTER_MS) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function textOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return undefined;
  }
}

function inUse(file: string, lock: string): KeyRingError {
  return new KeyRingError(
    'in-use',
    `another process changes the key ring ${file}: try again, or remove ${lock} if none does`,
  );
}
