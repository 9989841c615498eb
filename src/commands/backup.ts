import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { copyDatabase } from '../storage/copy-database.ts';
import { isServer, nameOfServer } from '../storage/open-postgres.ts';
import { DATABASE_DEFAULT, databaseOf } from './database.ts';

/** `npm run backup`: copies a database file while the dialer works, and checks the copy. */
const USAGE = `npm run backup -- <file>
  --database <file>      default: ${DATABASE_DEFAULT}`;

function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { database: { type: 'string' } },
  });
  const [to] = positionals;
  if (!to) throw new Error(USAGE);
  // The copy holds personal data, so only its owner may read it.
  process.umask(0o077);
  const from = databaseOf(values.database);
  if (isServer(from)) {
    throw new Error(
      `${nameOfServer(from)} is copied by PostgreSQL's own pg_dump or pg_basebackup.`,
    );
  }
  copyDatabase(from, to);
  console.log(`${basename(from)} is copied to ${to}, and the copy is sound.`);
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
