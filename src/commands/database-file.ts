import { resolve } from 'node:path';

/** The database that the dialer of this folder uses, unless another is named. */
export function databaseFile(named: string | undefined): string {
  const fromEnvironment = process.env.CADENCIA_DATABASE_FILE;
  return resolve(named ?? (fromEnvironment || '.cadencia/cadencia.db'));
}
