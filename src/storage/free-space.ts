/**
 * The room on the disks of the database and the log, measured every few seconds: a full disk is invisible
 * otherwise, because the write-ahead log goes on inside of what it has. Beside the database lies a file
 * of ballast: when the disk is nearly empty of room it is removed, so that talks and dispositions in
 * progress can still be stored, and made again when there is room for it.
 */
import { randomBytes } from 'node:crypto';
import { open, rm, stat, statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { StorageRoom } from '../engine/ports/store.ts';
import { MEGABYTE_BYTES } from '../lib/bytes.ts';
import { isBallastNeeded, type RoomLimits, roomOf } from './room.ts';

export type FreeSpaceOptions = {
  /** Files or folders on the disks to watch; what is not there is not watched. */
  readonly paths: readonly string[];
  /** `path`: the one of them on whose disk the ballast lies. */
  readonly ballast: { readonly file: string; readonly path: string; readonly bytes: number };
  readonly limits: RoomLimits;
  readonly log?: Logger;
  /** What a path's disk has left for this user, in bytes. */
  readonly freeBytesOf?: (path: string) => Promise<number>;
};

export type FreeSpace = {
  /** Measures, and keeps the ballast as it is to be. Whoever asks meanwhile joins the look under way. */
  look(): Promise<Measured>;
  /** As last measured. */
  measured(): Measured;
};

/** `freeBytes`: what the fullest of the disks has left; the ballast does not count as free. */
export type Measured = { readonly room: StorageRoom; readonly freeBytes?: number };

/** Between two tries to make ballast that could not be made. */
const LOOKS_TO_WAIT_MAX = 256;
const CHUNK_BYTES = MEGABYTE_BYTES;

export function watchFreeSpace(options: FreeSpaceOptions): FreeSpace {
  const { paths, ballast, limits, log, freeBytesOf = freeBytesAt } = options;
  let last: Measured = { room: 'ok' };
  /** Of the disk that the ballast lies on, which may be another one than the fullest. */
  let ownRoom: StorageRoom = 'ok';
  let looking: Promise<Measured> | undefined;
  /** Times in a row that the ballast could not be made, and looks until the next try. */
  let failures = 0;
  let looksToWait = 0;

  async function measure(): Promise<Measured> {
    try {
      const free = await Promise.all(paths.map(freeBytesOf));
      const ownFree = await freeBytesOf(ballast.path);
      const heldBytes = await sizeOf(ballast.file);
      const missingBytes = Math.max(0, ballast.bytes - heldBytes);
      // As if the ballast were whole: removing it makes no room that would start the dialing again.
      const ownBytes = Math.max(0, ownFree - missingBytes);
      const freeBytes = Math.min(...free, ownBytes);
      const room = roomOf(last.room, freeBytes, limits);
      ownRoom = roomOf(ownRoom, ownBytes, limits);
      await keepBallast(ownFree, heldBytes);
      if (room !== last.room) log?.warn({ room, freeBytes }, 'room on the disk changed');
      last = { room, freeBytes };
    } catch (error) {
      log?.warn({ err: error }, 'room on the disk could not be measured');
    }
    return last;
  }

  /** Ballast helps the disk that it lies on: where another one is full it stays. */
  async function keepBallast(free: number, heldBytes: number): Promise<void> {
    const { file, bytes } = ballast;
    if (heldBytes > 0 && isBallastNeeded(free, limits)) {
      await rm(file, { force: true });
      log?.warn({ bytes: heldBytes }, 'ballast on the disk was given up to keep room for calls');
    } else if (heldBytes < bytes && ownRoom !== 'full') {
      await tryToMakeBallast();
    }
  }

  /** A quota or a foreign file may forbid it for ever: the room on the disk is known all the same. */
  async function tryToMakeBallast(): Promise<void> {
    if (looksToWait > 0) {
      looksToWait -= 1;
      return;
    }
    try {
      await makeBallast(ballast.file, ballast.bytes);
      if (failures > 0) log?.warn({ bytes: ballast.bytes }, 'ballast on the disk was made at last');
      failures = 0;
    } catch (error) {
      if (failures === 0) log?.warn({ err: error }, 'ballast on the disk could not be made');
      failures += 1;
      looksToWait = Math.min(2 ** failures, LOOKS_TO_WAIT_MAX);
    }
  }

  function look(): Promise<Measured> {
    looking ??= measure().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  return { look, measured: () => last };
}

/** Real bytes that no file system can store as less: a file of holes would keep no room. */
async function makeBallast(file: string, bytes: number): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    const chunk = randomBytes(Math.min(CHUNK_BYTES, bytes));
    for (let left = bytes; left > 0; left -= chunk.length) {
      await handle.write(chunk, 0, Math.min(left, chunk.length));
    }
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function freeBytesAt(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Number.POSITIVE_INFINITY;
    throw error;
  }
}
