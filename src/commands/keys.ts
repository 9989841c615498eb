import { parseArgs } from 'node:util';
import { KeyRingError } from '../keys/key-ring-error.ts';
import {
  type KeyRingPlace,
  makeKeyRing,
  openKeyRing,
  openKeyRingIfAny,
  rotateKeyRing,
} from '../keys/key-ring-file.ts';
import type { IsoDate } from '../lib/time.ts';
import { secretRandom } from '../secret-random.ts';
import { openStorage } from '../storage/store.ts';
import { DATABASE_DEFAULT, databaseOf, isThere } from './database.ts';
import { keyRingPlace } from './key-ring.ts';

/** `npm run keys`: the keys that personal data and passwords of carriers are sealed with. */
const USAGE = `npm run keys -- <command>
  list       the keys, and how much in the database each of them sealed; never the keys themselves
  rotate     puts a new key in front, or makes the first one. A running dialer takes it within a minute
             and seals with it what older keys sealed, a little at a time
  --database <file>     default: ${DATABASE_DEFAULT}
The ring is the file of CADENCIA_KEY_RING_FILE, else .cadencia/key-ring.`;

/** How many values in the database need each key, by its id. */
export type Needed = ReadonlyMap<string, number>;

/** Says what was done, or throws with what to do instead. */
export function runKeysCommand(
  command: string | undefined,
  place: KeyRingPlace,
  needed: Needed,
  today: IsoDate,
): string {
  switch (command) {
    case 'list':
      return listOf(place, needed);
    case 'rotate':
      return rotate(place, needed, today);
    default:
      throw new Error(USAGE);
  }
}

function listOf(place: KeyRingPlace, needed: Needed): string {
  const ring = openKeyRing(place);
  const lines = ring.keys.map(({ id, madeOn }) => {
    const count = needed.get(id) ?? 0;
    const use = id === ring.currentId ? 'current' : count === 0 ? 'may be removed' : 'still needed';
    return `${id}  made ${madeOn}  ${use.padEnd(14)}  ${count} values`;
  });
  const gone = [...needed].filter(([id]) => !ring.has(id));
  return [
    place.text === undefined ? place.file : 'the key ring of the settings',
    ...lines,
    ...gone.map(([id, count]) => `${id}  GONE: ${count} values cannot be read without it`),
  ].join('\n');
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
  const today = new Date().toISOString().slice(0, 10) as IsoDate;
  const needed = await neededIn(databaseOf(values.database));
  console.log(runKeysCommand(positionals[0], keyRingPlace(), needed, today));
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
