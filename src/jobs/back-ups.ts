/** The nightly copy of the database. */
import { existsSync, statSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { AuditEntry } from '../engine/ports/audit.ts';
import type { Change } from '../engine/ports/commit.ts';
import type { StorageRoom } from '../engine/ports/store.ts';
import { newId } from '../lib/ids.ts';
import {
  addDays,
  DAY_MS,
  type DurationMs,
  type EpochMs,
  HOUR_MS,
  localTime,
  MINUTE_MS,
  momentOf,
  type ZoneName,
} from '../lib/time.ts';
import { copiesIn, UNFINISHED } from './back-up-files.ts';
import type { JobKind } from './job-kind.ts';

const KIND = 'back-up';
const TRIES_MAX = 5;
const TIMEOUT_MS: DurationMs = HOUR_MS;
const NO_ROOM_PAUSE_MS: DurationMs = 15 * MINUTE_MS;

export type BackUpSettings = {
  /** The SQLite file. */
  readonly database: string;
  readonly folder: string;
  /** Copies to keep, at least one; a new copy replaces the oldest. */
  readonly kept: number;
  /** Time of day in `zone`, in minutes after midnight. */
  readonly atMinute: number;
  readonly zone: ZoneName;
};

export type BackUpParts = BackUpSettings & {
  /** Room on the watched disks. */
  readonly room: () => StorageRoom;
  /** Free bytes that must remain after the copy. */
  readonly leaveBytes: number;
  /** Free bytes on a path's disk; absent to ask the file system. */
  readonly freeBytesAt?: (path: string) => Promise<number>;
  readonly random: () => number;
  readonly now: () => EpochMs;
};

const body = z.object({ name: z.string() });

/** The worker's answer. */
export const backUpAnswer = z.object({ file: z.string(), bytes: z.number().int() });

const IS_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(
  IS_SOURCE ? './workers/back-up.ts' : './workers/back-up.js',
  import.meta.url,
);

export function backUps(parts: BackUpParts): JobKind {
  const { database, folder, kept, random, now } = parts;
  /** When the audit trail was last told that the copy waits; absent before that. */
  let toldAt: EpochMs | undefined;
  return {
    name: KIND,
    worker: { module: WORKER, timeoutMs: TIMEOUT_MS },
    async prepare({ body: given }) {
      const { name } = body.parse(given);
      const because = await noRoomBecause(parts);
      if (because === undefined) {
        return { kind: 'begin', input: { from: database, folder, name, kept } };
      }
      const wait = { kind: 'wait', because, afterMs: NO_ROOM_PAUSE_MS } as const;
      if (toldAt !== undefined && now() < toldAt + DAY_MS) return wait;
      toldAt = now();
      const failed = { at: now(), subjectId: name, change: 'backup-failed', to: because };
      return { ...wait, changes: [audited(failed)] };
    },
    done(answer, _job, now) {
      const made = backUpAnswer.safeParse(answer);
      if (!made.success) return undefined;
      const { file, bytes } = made.data;
      return [audited({ at: now, subjectId: file, change: 'backup-made', to: megabytes(bytes) })];
    },
    died(because, { body: given }, now) {
      const { name } = body.parse(given);
      return [audited({ at: now, subjectId: name, change: 'backup-failed', to: because })];
    },
    next(now, causedBy) {
      const dueAt = nextBackUpAt(now, parts);
      return {
        id: newId('job', now, random),
        kind: KIND,
        body: { name: nameOf(dueAt, parts.zone) },
        ...{ causedBy, createdAt: now, dueAt, triesMax: TRIES_MAX, key: KIND },
      };
    },
  };
}

/** The next moment at which the wall clock shows the configured time. */
export function nextBackUpAt(
  now: EpochMs,
  { atMinute, zone }: Pick<BackUpSettings, 'atMinute' | 'zone'>,
): EpochMs {
  const { date } = localTime(now, zone);
  const today = momentOf(date, atMinute * 60, zone);
  return today > now ? today : momentOf(addDays(date, 1), atMinute * 60, zone);
}

/** The copy's file name, from its night; every try uses the same one. */
function nameOf(dueAt: EpochMs, zone: ZoneName): string {
  const { date, secondOfDay } = localTime(dueAt, zone);
  const minute = Math.floor(secondOfDay / 60);
  const clock = [Math.floor(minute / 60), minute % 60].map((one) => String(one).padStart(2, '0'));
  return `cadencia-${date}T${clock.join('')}.db`;
}

/**
 * A copy that fills the disk would stop the dialing. What an earlier try left is removed first, and then
 * the oldest copies where the new one needs their room; the newest is kept until there is another.
 */
async function noRoomBecause(parts: BackUpParts): Promise<string | undefined> {
  const { room, database, folder, leaveBytes, freeBytesAt = freeBytes } = parts;
  // A folder that is none is the worker's to complain about.
  await rm(join(folder, UNFINISHED), { recursive: true, force: true }).catch(() => {});
  if (room() !== 'ok') return `disk-${room()}`;
  const log = `${database}-wal`;
  const bytes = statSync(database).size + (existsSync(log) ? statSync(log).size : 0);
  const missing = bytes + leaveBytes - (await freeBytesAt(existing(folder)));
  if (missing <= 0) return undefined;
  const old = copiesIn(folder).slice(1).reverse();
  if (old.reduce((sum, copy) => sum + copy.bytes, 0) < missing) return 'no-room-for-copy';
  let gained = 0;
  for (const copy of old) {
    if (gained >= missing) break;
    await rm(join(folder, copy.name));
    gained += copy.bytes;
  }
  return undefined;
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** The folder, or the nearest existing one above it. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}

function audited(entry: Omit<AuditEntry, 'subject'>): Change {
  return { kind: 'insert-audit', entry: { ...entry, subject: 'backup' } };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
