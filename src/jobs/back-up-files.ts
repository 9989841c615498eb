/** The folder of the nightly copies. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DurationMs, type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/time.ts';

/** Our nightly copies; other files in the folder are not ours to remove. */
export const OURS = /^cadencia-\d{4}-\d{2}-\d{2}T\d{4}\.db$/;
/** A folder that only its owner may enter, for unfinished copies: they hold personal data. */
export const UNFINISHED = '.unfinished';

export type Copy = { readonly name: string; readonly bytes: number; readonly madeAt: EpochMs };

/** Our nightly copies in a folder, the newest first; other files there are not ours. */
export function copiesIn(folder: string): readonly Copy[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const names = readdirSync(folder).filter((name) => OURS.test(name));
  return names
    .sort()
    .reverse()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return { name, bytes: size, madeAt: Math.round(mtimeMs) };
    });
}

/** A copy is late two hours after the night in which it should have been made. */
const LATE_AFTER_MS: DurationMs = 26 * HOUR_MS;

/** The folder is looked at this often. */
const LOOK_EVERY_MS: DurationMs = MINUTE_MS;

/** The same, for anyone who asks several times a second. */
export function watchBackUps(
  files: Parameters<typeof noBackUpSince>[0],
  now: () => EpochMs,
): () => EpochMs | undefined {
  let seen: { readonly at: EpochMs; readonly since: EpochMs | undefined } | undefined;
  return () => {
    const at = now();
    if (!seen || at - seen.at >= LOOK_EVERY_MS || at < seen.at) {
      seen = { at, since: noBackUpSince(files, at) };
    }
    return seen.since;
  };
}

/**
 * Since when there is no copy of the newest day; undefined while there is one, or while the database is
 * younger than a day.
 */
export function noBackUpSince(
  { database, folder }: { readonly database: string; readonly folder: string },
  now: EpochMs,
): EpochMs | undefined {
  const [newest] = copiesIn(folder);
  const since = newest?.madeAt ?? Math.round(statSync(database).birthtimeMs);
  return now - since > LATE_AFTER_MS ? since : undefined;
}
