import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { databaseUrl } from '../setting-kinds.ts';
import { isServer } from '../storage/open-postgres.ts';

/** For the usage of commands. */
export const DATABASE_DEFAULT =
  'that of CADENCIA_DATABASE_URL or CADENCIA_DATABASE_FILE, else .cadencia/cadencia.db';

/**
 * The database that the dialer of this folder uses, unless another is named: the path of a file, or the
 * address of a server. Throws where CADENCIA_DATABASE_URL is no such address, as the dialer does: taken
 * for a file's name it would make an empty database.
 */
export function databaseOf(named: string | undefined): string {
  const { CADENCIA_DATABASE_URL: url, CADENCIA_DATABASE_FILE: file } = process.env;
  if (named !== undefined) return isServer(named) ? named : resolve(named);
  return url ? serverOf(url) : resolve(file || '.cadencia/cadencia.db');
}

/**
 * CADENCIA_DATABASE_URL as given. Throws where it is no address of a server; the message does not repeat
 * it, because it may hold a password.
 */
export function serverOf(url: string): string {
  try {
    return databaseUrl(url);
  } catch (error) {
    throw new Error(`CADENCIA_DATABASE_URL ${(error as Error).message}`);
  }
}

/** Whether there is something to open: a server says so itself. */
export function isThere(database: string): boolean {
  return isServer(database) || existsSync(database);
}
