/** The database holds debtors' data: its files and the copies beside it are their owner's only. */
import { chmodSync, closeSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const OTHERS = 0o077;

/** Makes the file where it is missing; SQLite gives its log the rights that the file has. */
export function makeFilePrivately(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}

/**
 * Takes the rights of others from the database, its log and copies of it (`cadencia.db.before-0009`), and
 * gives the names of those that had been open. Files of another user stay as they are.
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
