import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isServer } from '../storage/open-postgres.ts';

/** For the usage of commands. */
export const DATABASE_DEFAULT =
  'that of CADENCIA_DATABASE_URL or CADENCIA_DATABASE_FILE, else .cadencia/cadencia.db';

/**
 * The database that the dialer of this folder uses, unless another is named: the path of a file, or the
 * address of a server.
 */
export function databaseOf(named: string | undefined): string {
  const { CADENCIA_DATABASE_URL: url, CADENCIA_DATABASE_FILE: file } = process.env;
  const database = named ?? (url || file || '.cadencia/cadencia.db');
  return isServer(database) ? database : resolve(database);
}

/** Whether there is something to open: a server says so itself. */
export function isThere(database: string): boolean {
  return isServer(database) || existsSync(database);
}
