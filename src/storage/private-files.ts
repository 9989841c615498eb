/**
 * The database holds debtors' data, so only their owner may read its files and the copies beside
 * them.
 */
import { chmodSync, closeSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const OTHERS = 0o077;

/** Makes the file if it is missing; SQLite gives its log the same rights as the file. */
export function makeFilePrivately(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}

/**
 * Takes other users' rights from the database, its log and its copies (`cadencia.db.before-0009`);
 * returns the names of the files that had been open to others. Another user's files stay as they
 * are.
 */
export function takeOthersRights(file: string): readonly string[] {
  const folder = dirname(file);
  const own = basename(file);
  const ours = readdirSync(folder).filter(
    (name) => name === own || name.startsWith(`${own}-`) || name.startsWith(`${own}.`),
  );
  return ours.filter((name) => {
    const path = join(folder, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile() || (stat.mode & OTHERS) === 0 || stat.uid !== process.getuid?.()) {
      return false;
    }
    chmodSync(path, stat.mode & ~OTHERS & 0o7777);
    return true;
  });
}
