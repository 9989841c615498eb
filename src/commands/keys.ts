import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { operatorId } from '../engine/ports/audit.ts';
import { KeyRingError } from '../keys/key-ring-error.ts';
import {
  type KeyRingPlace,
  makeKeyRing,
  openKeyRing,
  openKeyRingIfAny,
  rotateKeyRing,
} from '../keys/key-ring-file.ts';
import type { EpochMs, IsoDate } from '../lib/time.ts';
import { secretRandom } from '../secret-random.ts';
import { type CopiedKeys, keysOfCopies } from '../storage/copied-keys.ts';
import { COPIES_FOLDER } from '../storage/copies-folder.ts';
import { openStorage } from '../storage/store.ts';
import { DATABASE_DEFAULT, databaseOf, isThere } from './database.ts';
import { keyRingPlace, settingOf } from './key-ring.ts';
import { operatingSystemUser } from './operator.ts';

/** `npm run keys`: the keys that personal data and passwords of carriers are sealed with. */
const USAGE = `npm run keys -- <command>
  list       the keys, how much in the database each of them sealed, and which backups need it; never
             the keys themselves
  rotate     puts a new key in front, or makes the first one. A running dialer takes it within a minute
             and seals with it what older keys sealed, a little at a time
  --database <file>     default: ${DATABASE_DEFAULT}
The ring is the file of CADENCIA_KEY_RING_FILE, else .cadencia/key-ring.`;

/** How many values in the database need each key, by its id. */
export type Needed = ReadonlyMap<string, number>;

/** What the backups need; `because` when their folder cannot be read. */
export type NeededByBackups = { readonly folder: string } & (
  | CopiedKeys
  | { readonly because: string }
);

/** Says what was done, or throws with what to do instead. */
export function runKeysCommand(
  command: string | undefined,
  place: KeyRingPlace,
  { needed, backups }: { readonly needed: Needed; readonly backups: NeededByBackups },
  today: IsoDate,
): string {
  switch (command) {
    case 'list':
      return listOf(place, needed, backups);
    case 'rotate':
      return rotate(place, needed, today);
    default:
      throw new Error(USAGE);
  }
}

function listOf(place: KeyRingPlace, needed: Needed, backups: NeededByBackups): string {
  const ring = openKeyRing(place);
  const copies = 'copies' in backups ? backups.copies : NOTHING;
  const lines = ring.keys.map(({ id, madeOn }) => {
    const count = needed.get(id) ?? 0;
    const use = id === ring.currentId ? 'current' : stateOf(count, copies.get(id) ?? 0, backups);
    return `${id}  made ${madeOn}  ${use.padEnd(24)}  ${count} values, ${copies.get(id) ?? 0} backups`;
  });
  const gone = [...needed].filter(([id]) => !ring.has(id));
  return [
    place.text === undefined ? place.file : 'the key ring of the settings',
    ...lines,
    ...gone.map(([id, count]) => `${id}  GONE: ${count} values cannot be read without it`),
    ...warningsOf(backups),
  ].join('\n');
}

const NOTHING: Needed = new Map();

function stateOf(values: number, copies: number, backups: NeededByBackups): string {
  if (values > 0) return 'still needed';
  if (copies > 0) return 'needed by backups';
  const areAllRead = 'copies' in backups && backups.unread.length === 0;
  return areAllRead ? 'may be removed' : 'perhaps needed by backups';
}

/** What was not looked into, for anyone who is about to remove a key. */
function warningsOf(backups: NeededByBackups): readonly string[] {
  const { folder } = backups;
  const elsewhere = `Backups outside of ${folder} were not looked into: a key that one of them needs must be kept.`;
  if ('because' in backups) {
    return [`The backups in ${folder} cannot be read (${backups.because}).`, elsewhere];
  }
  const unread = backups.unread.map((name) => `${name} in ${folder} cannot be read.`);
  return [...unread, elsewhere];
}

function rotate({ file, text }: KeyRingPlace, needed: Needed, today: IsoDate): string {
  if (text !== undefined) {
    throw new KeyRingError(
      'missing',
      'the key ring is in the settings, which this command does not change: docker/create-secrets.sh --new-key puts a new key in front of it',
    );
  }
  if (openKeyRingIfAny({ file })) {
    const { currentId } = rotateKeyRing(file, today);
    return `${currentId} is the current key of ${file}. Keep a new copy of that file.`;
  }
  const { currentId } = makeKeyRing(file, [...needed.keys()], today);
  return `${file} is made, with the key ${currentId}. Keep a copy of that file, and never beside one of the database.`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { database: { type: 'string' } },
  });
  const now = Date.now();
  const today = new Date(now).toISOString().slice(0, 10) as IsoDate;
  const [command] = positionals;
  const database = databaseOf(values.database);
  const place = keyRingPlace();
  const needed = await neededIn(database);
  const backups = await neededByBackups();
  console.log(runKeysCommand(command, place, { needed, backups }, today));
  if (command === 'rotate') await audit(database, openKeyRing(place).currentId, now);
}

/** Nothing where there is no database yet: the first key is often made before it. */
async function audit(database: string, keyId: string, at: EpochMs): Promise<void> {
  if (!isThere(database)) return;
  const storage = await openStorage({ database, now: Date.now, random: secretRandom });
  const byUserId = operatorId(operatingSystemUser());
  const entry = {
    at,
    byUserId,
    subject: 'key-ring',
    subjectId: keyId,
    change: 'key-made',
  } as const;
  try {
    await storage.setUp((tx) => tx.insertAudit(entry));
  } finally {
    await storage.close();
  }
}

async function neededByBackups(): Promise<NeededByBackups> {
  const folder = resolve(settingOf('backUpFolder') ?? COPIES_FOLDER);
  try {
    return { folder, ...(await keysOfCopies(folder)) };
  } catch (error) {
    return { folder, because: (error as NodeJS.ErrnoException).code ?? (error as Error).message };
  }
}

async function neededIn(database: string): Promise<Needed> {
  if (!isThere(database)) return new Map();
  const storage = await openStorage({ database, now: Date.now, random: secretRandom });
  try {
    return await storage.sealing.needed();
  } finally {
    await storage.close();
  }
}

if (process.argv[1] === import.meta.filename) {
  main().catch((error: unknown) => {
    console.error((error as Error).message);
    process.exitCode = 1;
  });
}
