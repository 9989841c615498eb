import { readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyRing, rotated } from '../../src/keys/key-ring.ts';
import type { DebtorId } from '../../src/lib/ids.ts';
import { createLog } from '../../src/log.ts';
import { sealWhatIsLeft } from '../../src/watches.ts';
import {
  aRowOf,
  BANK,
  importAll,
  insertOperation,
  NOON,
  openTestStorage,
  stored,
  TEST_KEY,
  type TestStorage,
} from '../support/store.ts';
import { aContact, aDisposition } from '../support/store-records.ts';

const LOG = createLog({ level: 'error', showPersonalData: false });
const NOTE = 'Está desempregada; pede que liguem em março.';

let text: string;
let storage: TestStorage;
let raw: InstanceType<typeof Sqlite>;
let debtors: readonly DebtorId[];

beforeEach(async () => {
  text = TEST_KEY;
  storage = await openTestStorage({ keys: new KeyRing(() => text) });
  await insertOperation(storage);
  const { results } = await importAll(
    storage.lists,
    Array.from({ length: 70 }, (_, index) => aRowOf(index)),
  );
  debtors = results.map((result) => stored(result).debtorId);
  await storage.setUp(async (tx) => {
    for (const [index, debtorId] of debtors.entries()) {
      await tx.saveContact(aContact(debtorId, { id: `contact_${index}`, note: NOTE }));
      await tx.insertDisposition(aDisposition(debtorId, { callId: `call_${index}`, note: NOTE }));
    }
  });
  raw = new Sqlite(storage.database);
});

afterEach(async () => {
  raw.close();
  await storage.dispose();
});

const noteOf = async (debtorId: DebtorId) => {
  const file = await storage.store.read((view) => view.debtorFile(debtorId, [BANK.id], NOON));
  return file?.contacts[0]?.note;
};
const count = (where: string) =>
  raw
    .prepare(`select (select count(*) from contact where ${where}) +
      (select count(*) from disposition where ${where})`)
    .pluck()
    .get();
const sealAll = () => sealWhatIsLeft(storage.sealing, LOG, () => false);

describe('a note', () => {
  it('that was sealed later is nowhere in the file in clear, in its free parts either', async () => {
    for (const table of ['contact', 'disposition']) {
      raw.prepare(`update ${table} set note = ?, note_sealed = null`).run(NOTE);
    }
    raw.pragma('wal_checkpoint(TRUNCATE)');
    const occurrences = () => readFileSync(storage.database, 'utf8').split(NOTE).length - 1;
    expect(occurrences()).toBeGreaterThanOrEqual(140);
    await sealAll();
    raw.pragma('wal_checkpoint(TRUNCATE)');
    expect(occurrences()).toBe(0);
  });

  it('is stored in clear in no row', () => {
    expect(count('note is not null')).toBe(0);
    expect(count('note_sealed is not null')).toBe(140);
    expect(count(`note_sealed like '%${NOTE}%'`)).toBe(0);
  });

  it('stored before there were keys is read in clear, and sealed step by step', async () => {
    for (const table of ['contact', 'disposition']) {
      raw.prepare(`update ${table} set note = ?, note_sealed = null`).run(NOTE);
    }
    expect(await noteOf(debtors[0] ?? 'debtor_0')).toBe(NOTE);
    expect(await storage.sealing.step()).toBe(50);
    expect(count('note is not null')).toBe(90);
    await sealAll();
    expect(count('note is not null')).toBe(0);
    expect(await noteOf(debtors[69] ?? 'debtor_0')).toBe(NOTE);
  });

  it('still in clear when its debtor is erased reads as erased too', async () => {
    raw.prepare('update contact set note = ?, note_sealed = null').run(NOTE);
    const [debtorId = 'debtor_0'] = debtors;
    await storage.sealing.eraseDebtor(debtorId, NOON);
    const file = await storage.store.read((view) => view.debtorFile(debtorId, [BANK.id], NOON));
    expect(file?.contacts).toMatchObject([{ noteErased: true }]);
    expect(count('note is not null')).toBe(69);
  });

  it('outlives the ring key that wrapped its own key, once that is wrapped anew', async () => {
    const old = TEST_KEY.slice(0, 12);
    text = rotated(TEST_KEY, '2026-12-22');
    // One key for each debtor, and the key of the document hashes.
    expect((await storage.sealing.needed()).get(old)).toBe(71);
    await sealAll();
    const newest = text.split('\n').find((line) => /^[0-9a-f]{12} 2026-12/.test(line)) ?? '';
    text = newest;
    storage.sealing.refresh();
    expect(await storage.sealing.needed()).toEqual(new Map([[newest.slice(0, 12), 71]]));
    expect(await noteOf(debtors[69] ?? 'debtor_0')).toBe(NOTE);
  });

  it.each([
    ['of another contact', `(select note_sealed from contact where id = 'contact_1')`],
    ['with more bytes', `note_sealed || 'AAAA'`],
    ['that is no sealed value', `'x'`],
  ])('%s is a corrupt row, which is named', async (_, value) => {
    raw.prepare(`update contact set note_sealed = ${value} where id = 'contact_0'`).run();
    await expect(noteOf(debtors[0] ?? 'debtor_0')).rejects.toMatchObject({
      code: 'corrupt-row',
      message: expect.stringContaining('contact contact_0: note_sealed'),
    });
  });

  it('of one debtor does not open with the key of another', async () => {
    raw
      .prepare(
        `update debtor_key set wrapped =
          (select wrapped from debtor_key where debtor_id = ?) where debtor_id = ?`,
      )
      .run(debtors[1], debtors[0]);
    await expect(noteOf(debtors[0] ?? 'debtor_0')).rejects.toMatchObject({ code: 'not-as-sealed' });
  });
});
