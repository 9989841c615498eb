/** Imports while another process holds the database, or while its disk is full. */
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ImportSource } from '../../src/engine/ports/lists.ts';
import { StoreHeldUpError } from '../../src/engine/ports/store.ts';
import { importList } from '../../src/imports/import-list.ts';
import { readRow } from '../../src/imports/read-row.ts';
import { HELD_UP_PATIENCE_MS } from '../../src/storage/held-up.ts';
import { insertOperation, NOON, openTestStorage, type TestStorage } from '../support/store.ts';

const ROWS = 500;
const SOURCE: ImportSource = {
  ...{ listId: 'list_1', campaignId: 'campaign_1', name: 'remessa.csv', startedAt: NOON },
  origin: 'csv-upload',
};

let storage: TestStorage;
let isDiskFull = false;
let release: (() => void) | undefined;

beforeEach(async () => {
  isDiskFull = false;
  storage = await openTestStorage({ isDiskFull: () => isDiskFull });
  await insertOperation(storage);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(async () => {
  release?.();
  release = undefined;
  vi.useRealTimers();
  await storage.dispose();
});

/** Makes another process take the write lock until `release` is called. */
function lock(): void {
  const other = new Sqlite(storage.database);
  other.exec('begin immediate');
  release = () => other.close();
}

/** Reads the rows one after another, and reports the index of each before it is read. */
function* rows(reading: (index: number) => void) {
  for (let index = 0; index < ROWS; index += 1) {
    reading(index);
    const raw = { nome: `Nome ${index}`, id: `F-${index}`, fone: `119${97_000_000 + index}` };
    yield { parsed: readRow(raw, index, {}), fields: [] };
  }
}

/**
 * Begins an import that is held up when it reads the row with this index. `ended` is its result,
 * undefined before the end.
 */
function importHeldUpAt(index: number, holdUp: () => void) {
  const told: number[] = [];
  const reading = (at: number) => {
    if (at === index) holdUp();
  };
  const import_ = { told, ended: undefined as 'ok' | Error | undefined };
  const chunkDone = (some: readonly unknown[]) => void told.push(some.length);
  importList({ lists: storage.lists, now: () => NOON }, SOURCE, rows(reading), chunkDone).then(
    () => {
      import_.ended = 'ok';
    },
    (error: Error) => {
      import_.ended = error;
    },
  );
  return import_;
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

const listNow = () => storage.lists.list('list_1');

function stored(): { leads: number; phones: number } {
  const other = new Sqlite(storage.database, { readonly: true });
  const count = (table: string) => other.prepare(`select count(*) from ${table}`).pluck().get();
  const counted = { leads: count('lead') as number, phones: count('phone') as number };
  other.close();
  return counted;
}

it.each([
  ['another process that holds the store', lock],
  [
    'a disk that is full',
    () => {
      isDiskFull = true;
      release = () => {
        isDiskFull = false;
      };
    },
  ],
])('%s for 50 s costs an import nothing but time', async (_what, holdUp) => {
  const import_ = importHeldUpAt(240, holdUp);
  await pass(50_000);
  expect(import_.ended).toBeUndefined();
  // The rows stored so far are counted, and the rest is still to come.
  expect(await listNow()).toMatchObject({ totals: { read: 200, created: 200 } });
  expect((await listNow())?.finishedAt).toBeUndefined();
  release?.();
  await pass(5_000);
  expect(import_).toEqual({ told: [200, 200, 100], ended: 'ok' });
  expect(stored()).toEqual({ leads: ROWS, phones: ROWS });
  const totals = { read: ROWS, created: ROWS, updated: 0, unchanged: 0, rejected: 0 };
  expect(await listNow()).toMatchObject({ totals, finishedAt: NOON });
  expect((await listNow())?.brokenOffBecause).toBeUndefined();
});

it('an import held up in the middle of a chunk stores no row twice', async () => {
  const import_ = importHeldUpAt(-1, () => {});
  // The first forty rows are stored; then the rest of the chunk must wait.
  for (let looks = 0; looks < 1_000 && stored().leads === 0; looks += 1) await pass(1);
  const before = stored().leads;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(200);
  lock();
  await pass(20_000);
  expect(stored().leads).toBeLessThan(200);
  release?.();
  await pass(5_000);
  expect(import_.ended).toBe('ok');
  expect(await listNow()).toMatchObject({ totals: { read: ROWS, created: ROWS, unchanged: 0 } });
});

it('an import that waited too long is closed as interrupted and keeps what was stored', async () => {
  const import_ = importHeldUpAt(240, lock);
  await pass(HELD_UP_PATIENCE_MS + 10_000);
  expect(import_.ended).toBeUndefined();
  release?.();
  await pass(5_000);
  expect(import_.ended).toBeInstanceOf(StoreHeldUpError);
  const brokenOffBecause = 'interrupted';
  expect(await listNow()).toMatchObject({
    ...{ totals: { read: 200, created: 200 }, finishedAt: NOON, brokenOffBecause },
  });
});

it('the end of an import waits too', async () => {
  const import_ = importHeldUpAt(ROWS - 1, () => {});
  const { finish } = storage.lists;
  vi.spyOn(storage.lists, 'finish').mockImplementation((...asked) => {
    lock();
    return finish(...asked);
  });
  await pass(30_000);
  expect(import_.ended).toBeUndefined();
  release?.();
  await pass(5_000);
  expect(import_.ended).toBe('ok');
  expect(await listNow()).toMatchObject({ totals: { read: ROWS }, finishedAt: NOON });
});
