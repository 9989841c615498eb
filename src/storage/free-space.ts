/**
 * Measures the room on the disks of the database and the log every few seconds. Otherwise a full
 * disk stays invisible, because the write-ahead log goes on within the space it already has. A file
 * of ballast lies beside the database. When the disk is nearly full the ballast is removed, so that
 * conversations and dispositions in progress can still be stored; it is made again when there is
 * room.
 */
import { randomBytes } from 'node:crypto';
import { open, rm, stat, statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { StorageRoom } from '../engine/ports/store.ts';
import { MEGABYTE_BYTES } from '../lib/bytes.ts';
import { isBallastNeeded, type RoomLimits, roomOf } from './room.ts';

export type FreeSpaceOptions = {
  /** Files or folders on the disks to watch; missing ones are not watched. */
  readonly paths: readonly string[];
  /** `path`: a path on the disk that holds the ballast. */
  readonly ballast: { readonly file: string; readonly path: string; readonly bytes: number };
  readonly limits: RoomLimits;
  readonly log?: Logger;
  /** Bytes that this user may still store on a path's disk; absent to ask the file system. */
  readonly freeBytesOf?: (path: string) => Promise<number>;
};

export type FreeSpace = {
  /**
   * Measures, and removes or makes the ballast as needed. A second caller joins the look under way.
   */
  look(): Promise<Measured>;
  /** The result of the latest look. */
  measured(): Measured;
};

/**
 * `freeBytes`: free bytes of the fullest disk, without the ballast; absent before the first look.
 */
export type Measured = { readonly room: StorageRoom; readonly freeBytes?: number };

/** The most looks between two tries to make ballast that could not be made. */
const LOOKS_TO_WAIT_MAX = 256;
const CHUNK_BYTES = MEGABYTE_BYTES;

export function watchFreeSpace(options: FreeSpaceOptions): FreeSpace {
  const { paths, ballast, limits, log, freeBytesOf = freeBytesAt } = options;
  let last: Measured = { room: 'ok' };
  /** Room on the ballast's own disk, which need not be the fullest. */
  let ownRoom: StorageRoom = 'ok';
  let looking: Promise<Measured> | undefined;
  /** How often in a row the ballast could not be made, and the looks until the next try. */
  let failures = 0;
  let looksToWait = 0;

  async function measure(): Promise<Measured> {
    try {
      const free = await Promise.all(paths.map(freeBytesOf));
      const ownFree = await freeBytesOf(ballast.path);
      const heldBytes = await sizeOf(ballast.file);
      const missingBytes = Math.max(0, ballast.bytes - heldBytes);
      // Counted as if the ballast were whole: removing it must not make room that starts dialing
      // again.
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

  /** Ballast helps only the disk it lies on; when another disk is full it stays. */
  async function keepBallast(free: number, heldBytes: number): Promise<void> {
    const { file, bytes } = ballast;
    if (heldBytes > 0 && isBallastNeeded(free, limits)) {
      await rm(file, { force: true });
      log?.warn({ bytes: heldBytes }, 'ballast on the disk was given up to keep room for calls');
    } else if (heldBytes < bytes && ownRoom !== 'full') {
      await tryToMakeBallast();
    }
  }

  /**
   * A quota or a foreign file may prevent it for ever; the room on the disk is measured all the
   * same.
   */
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

/** Random bytes, which no file system can compress: a sparse file would reserve no room. */
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
