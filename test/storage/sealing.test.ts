import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyRing, rotated } from '../../src/keys/key-ring.ts';
import { createLog } from '../../src/log.ts';
import { openStorage } from '../../src/storage/store.ts';
import { sealWhatIsLeft } from '../../src/watches.ts';
import {
  aTrunk,
  insertOperation,
  openTestStorage,
  TEST_KEY,
  type TestStorage,
  testKeys,
} from '../support/store.ts';

const PASSWORD = 'a carrier’s password';
const TRUNK = aTrunk({ id: 'trunk_2', authentication: { username: 'casa', password: PASSWORD } });
const LOG = createLog({ level: 'error', showPersonalData: false });

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

const trunk = async () =>
  (await storage.store.read((view) => view.trunks())).find(({ id }) => id === TRUNK.id);
const row = () =>
  raw
    .prepare('select authentication_password, authentication_sealed from trunk where id = ?')
    .get(TRUNK.id) as { authentication_password: string | null; authentication_sealed: string };
const sealAll = () => sealWhatIsLeft(storage.sealing, LOG, () => false);

describe('the password of a trunk', () => {
  it('stands nowhere in the row in clear, and comes back unchanged', async () => {
    await storage.setUp((tx) => tx.saveTrunk(TRUNK));
    expect(row().authentication_password).toBeNull();
    expect(row().authentication_sealed).not.toContain(PASSWORD);
    expect(await trunk()).toEqual(TRUNK);
  });

  it('is read in clear if stored before there were keys, until it is sealed', async () => {
    await storage.setUp((tx) => tx.saveTrunk(TRUNK));
    raw
      .prepare('update trunk set authentication_password = ?, authentication_sealed = null')
      .run(PASSWORD);
    expect(await trunk()).toEqual(TRUNK);
    await sealAll();
    expect(row().authentication_password).toBeNull();
    expect(await trunk()).toEqual(TRUNK);
    expect(await storage.sealing.step()).toBe(0);
  });

  it('is sealed with the current key after a rotation, so that the old one may go', async () => {
    await storage.setUp((tx) => tx.saveTrunk(TRUNK));
    const { currentId } = testKeys();
    expect(await storage.sealing.needed()).toEqual(new Map([[currentId, 1]]));
    text = rotated(TEST_KEY, '2026-12-22');
    await sealAll();
    const [newest = ''] = text.split('\n').slice(-3);
    text = newest;
    expect([...(await storage.sealing.needed()).keys()]).toEqual([newest.split(' ')[0]]);
    expect(await trunk()).toEqual(TRUNK);
  });

  it('does not open in the row of another trunk', async () => {
    await storage.setUp((tx) => tx.saveTrunk(TRUNK));
    raw
      .prepare(`update trunk set authentication_username = 'x', authentication_sealed = ?`)
      .run(row().authentication_sealed);
    await expect(trunk()).rejects.toMatchObject({ code: 'not-as-sealed' });
  });

  it('is neither read nor stored without keys, while everything else is', async () => {
    await storage.setUp((tx) => tx.saveTrunk(TRUNK));
    const { database } = storage;
    const other = await openStorage({
      database,
      now: () => 0,
      random: () => 0.5,
      durability: 'none',
    });
    const refused = { name: 'StoreError', code: 'no-key-ring' };
    await expect(other.store.read((view) => view.trunks())).rejects.toMatchObject(refused);
    await expect(other.setUp((tx) => tx.saveTrunk(TRUNK))).rejects.toMatchObject(refused);
    expect(await other.store.read((view) => view.creditors())).toHaveLength(2);
    await other.close();
  });
});
