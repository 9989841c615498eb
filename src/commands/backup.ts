import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { copyDatabase } from '../storage/copy-database.ts';
import { databaseFile } from './database-file.ts';

/** `npm run backup`: copies the database while the dialer works, and checks the copy. */
const USAGE = `npm run backup -- <file>
  --database <file>      default: the file of CADENCIA_DATABASE_FILE, else .cadencia/cadencia.db`;

function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { database: { type: 'string' } },
  });
  const [to] = positionals;
  if (!to) throw new Error(USAGE);
  // The copy holds personal data, so only its owner may read it.
  process.umask(0o077);
  const from = databaseFile(values.database);
  copyDatabase(from, to);
  console.log(`${basename(from)} is copied to ${to}, and the copy is sound.`);
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
