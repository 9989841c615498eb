import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeyRing, rotated } from '../../src/keys/key-ring.ts';
import { createLog } from '../../src/log.ts';
import { openStorage } from '../../src/storage/store.ts';
import { sealWhatIsLeft } from '../../src/watches.ts';
import {
  aRow,
  importAll,
  insertOperation,
  NOON,
  openTestStorage,
  TEST_KEY,
  type TestStorage,
} from '../support/store.ts';

const LOG = createLog({ level: 'error', showPersonalData: false });
const ANA = aRow({ externalId: 'CRM-1', document: '52998224725' });
const RUI = aRow({ externalId: 'CRM-2', name: 'Rui Sá', document: '11144477735' });

let text: string;
let storage: TestStorage;
let raw: InstanceType<typeof Sqlite>;

beforeEach(async () => {
  text = TEST_KEY;
  storage = await openTestStorage({ keys: new KeyRing(() => text) });
  await insertOperation(storage);
  raw = new Sqlite(storage.database);
});

afterEach(async () => {
  raw.close();
  await storage.dispose();
});

const hashes = () =>
  raw
    .prepare(
      'select document_key from debtor join debtor_reference on debtor_id = id order by external_id',
    )
    .pluck()
    .all() as (string | null)[];
const sealAll = () => sealWhatIsLeft(storage.sealing, LOG, () => false);

it('each imported document gets its own hash, also one that a later list brings', async () => {
  const { document: _, ...unknown } = aRow({ externalId: 'CRM-3' });
  await importAll(storage.lists, [ANA, RUI, unknown]);
  expect(hashes()).toEqual([expect.any(String), expect.any(String), null]);
  expect(new Set(hashes()).size).toBe(3);
  await importAll(storage.lists, [{ ...unknown, document: '39053344705' }]);
  expect(hashes()).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
});

it('hashes stay the same when the key ring is rotated and the old key is gone', async () => {
  await importAll(storage.lists, [ANA]);
  const before = hashes();
  text = rotated(TEST_KEY, '2026-12-22');
  await sealAll();
  text = text.split('\n').find((line) => / 2026-12-22 /.test(line)) ?? '';
  const { results } = await importAll(storage.lists, [{ ...ANA, name: 'Ana Sá' }]);
  expect(results).toMatchObject([{ status: 'updated' }]);
  expect(hashes()).toEqual(before);
});

it('documents stored without keys are hashed later, with the same hashes', async () => {
  await importAll(storage.lists, [ANA]);
  const keyless = { database: storage.database, now: () => NOON, durability: 'none' } as const;
  const other = await openStorage({ ...keyless, random: Math.random });
  await importAll(other.lists, [RUI]);
  await other.close();
  const [anas, ruis] = hashes();
  expect(ruis).toBeNull();
  raw.prepare('update debtor set document_key = null').run();
  await sealAll();
  expect(hashes()).toEqual([anas, expect.any(String)]);
  expect(await storage.sealing.step()).toBe(0);
});
