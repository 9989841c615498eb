/**
 * Copies the database into the folder of backups, checks the copy, and removes the oldest ones.
 *
 * Doing it twice does no harm: a copy gets its final name only when it is whole and on the disk,
 * and an existing copy with that name is the answer. Leftovers of an earlier try are removed first.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { copyDatabase } from '../../storage/copy-database.ts';
import { OURS, UNFINISHED } from '../back-up-files.ts';
import { answerWith } from '../in-worker.ts';

const input = z.object({
  from: z.string(),
  folder: z.string(),
  name: z.string(),
  kept: z.number().int().min(1),
});

answerWith((given) => {
  const { from, folder, name, kept } = input.parse(given);
  const file = join(folder, name);
  if (!existsSync(file)) {
    const unfinished = join(folder, UNFINISHED);
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    const copy = join(unfinished, name);
    copyDatabase(from, copy);
    chmodSync(copy, 0o600);
    onDisk(copy);
    renameSync(copy, file);
    rmSync(unfinished, { recursive: true });
    onDisk(folder);
  }
  const ours = readdirSync(folder).filter((one) => OURS.test(one));
  for (const old of ours.sort().reverse().slice(kept)) rmSync(join(folder, old));
  return { file: name, bytes: statSync(file).size };
});

function onDisk(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
