import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Programs unpacked into the folder, which hold nothing of ours and keep their packages' rights. */
const PROGRAMS: ReadonlySet<string> = new Set(['asterisk', 'postgres', 'runtime']);
/** Rights of users other than the owner. */
const OTHERS = 0o077;

/**
 * Files and folders, including the folder itself, that other users may read or write. Programs that were
 * unpacked into it are left out.
 */
export function openToOthers(folder: string): readonly string[] {
  const found: string[] = [];
  const programs = new Set([...PROGRAMS].map((name) => join(folder, name)));
  const look = (path: string): void => {
    if (programs.has(path)) return;
    const stat = lstatSync(path, { throwIfNoEntry: false });
    // A link has no rights of its own, and its target may not be ours.
    if (!stat || stat.isSymbolicLink()) return;
    if ((stat.mode & OTHERS) !== 0) found.push(path);
    if (stat.isDirectory()) for (const name of readdirSync(path)) look(join(path, name));
  };
  look(folder);
  return found;
}

/**
 * Makes the folder private: it holds debtors' data, passwords and recordings. Returns how many
 * files and folders were open to others; the owner's rights do not change.
 */
export function makePrivate(folder: string): number {
  const open = openToOthers(folder);
  for (const path of open) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat) chmodSync(path, stat.mode & ~OTHERS & 0o7777);
  }
  return open.length;
}
