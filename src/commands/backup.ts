import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { operatorId } from '../engine/ports/audit.ts';
import { secretRandom } from '../secret-random.ts';
import { copyDatabase, isOfThisVersion } from '../storage/copy-database.ts';
import { isServer, nameOfServer } from '../storage/open-postgres.ts';
import { openStorage } from '../storage/store.ts';
import { DATABASE_DEFAULT, databaseOf } from './database.ts';
import { operatingSystemUser } from './operator.ts';

/** `npm run backup`: copies a database file while the dialer works, and checks the copy. */
const USAGE = `npm run backup -- <file>
  --database <file>      default: ${DATABASE_DEFAULT}`;

async function main(): Promise<void> {
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
  if (!(await audit(from, to))) {
    console.log('The audit trail does not have it: the database is of an earlier version.');
  }
}

/**
 * Whether the copy is in the audit trail. A database of an earlier version is left as it is, since it is
 * copied before the dialer is brought up to date.
 */
async function audit(database: string, copy: string): Promise<boolean> {
  if (!isOfThisVersion(database)) return false;
  const storage = await openStorage({ database, now: Date.now, random: secretRandom });
  const byUserId = operatorId(operatingSystemUser());
  const size = `${(statSync(copy).size / 1_000_000).toFixed(1)} MB`;
  const of = { subject: 'backup', subjectId: basename(copy), change: 'backup-made' } as const;
  try {
    await storage.setUp((tx) => tx.insertAudit({ ...of, at: Date.now(), byUserId, to: size }));
  } finally {
    await storage.close();
  }
  return true;
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
