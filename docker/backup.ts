import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import SQLite from 'better-sqlite3';
import { readConfig } from '../src/config.ts';

/**
 * `backup.ts <file>`: copies the database while the dialer works, and checks the copy.
 *
 * SQLite's online backup begins again whenever another process commits, which a dialer does many times
 * a second. `VACUUM INTO` reads one state of the database and holds nobody up.
 */
function backup([to]: readonly string[]): void {
  // The copy holds what the database holds: it is its owner's only.
  process.umask(0o077);
  if (!to) throw new Error('Say where: backup /data/backup.db');
  if (existsSync(to)) throw new Error(`${to} exists already`);
  const { databaseFile } = readConfig(process.env);
  const database = new SQLite(databaseFile, { readonly: true, fileMustExist: true });
  database.prepare('vacuum into ?').run(to);
  database.close();
  const copy = new SQLite(to, { readonly: true, fileMustExist: true });
  const verdict = copy.pragma('integrity_check', { simple: true });
  copy.close();
  if (verdict !== 'ok') throw new Error(`${to} is damaged: ${verdict}`);
  console.log(`${basename(databaseFile)} is copied to ${to}, and the copy is sound.`);
}

try {
  backup(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
