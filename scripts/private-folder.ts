import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Rights of whoever is not the owner. */
const OTHERS = 0o077;

/** Files and folders, the folder itself among them, of which others may read or write anything. */
export function openToOthers(folder: string): readonly string[] {
  const found: string[] = [];
  const look = (path: string): void => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    // A link has no rights of its own, and what it leads to may be none of ours.
    if (!stat || stat.isSymbolicLink()) return;
    if ((stat.mode & OTHERS) !== 0) found.push(path);
    if (stat.isDirectory()) for (const name of readdirSync(path)) look(join(path, name));
  };
  look(folder);
  return found;
}

/**
 * Everything made at run time is its owner's only: it holds debtors' data, passwords and recordings.
 * Gives how many files and folders were open to others until now; the owner's rights stay as they are.
 */
export function makePrivate(folder: string): number {
  const open = openToOthers(folder);
  for (const path of open) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat) chmodSync(path, stat.mode & ~OTHERS & 0o7777);
  }
  return open.length;
}
