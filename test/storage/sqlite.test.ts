/** What only SQLite has: one file, several processes, and the ways in which both fail. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { startCheckpointer } from '../../src/storage/checkpointer.ts';
import { schemaVersion } from '../../src/storage/migrate.ts';
import { migrateFile } from '../../src/storage/migrate-sqlite.ts';
import { MIGRATIONS } from '../../src/storage/migrations/all.ts';
import type { Migration } from '../../src/storage/migrations/migration.ts';
import { openingProblem } from '../../src/storage/opening-problem.ts';
import { openStorage } from '../../src/storage/store.ts';
import { startWriter } from '../support/start-writer.ts';
import {
  aRow,
  importAll,
  insertOperation,
  NOON,
  openTestStorage,
  stored,
  type TestStorage,
} from '../support/store.ts';
import { aCall, aCommit, aFact } from '../support/store-records.ts';
import { FACTS_EACH } from './writer-process.ts';

const open: TestStorage[] = [];

async function opened(...options: Parameters<typeof openTestStorage>): Promise<TestStorage> {
  const storage = await openTestStorage(...options);
  open.push(storage);
  return storage;
}

afterEach(async () => {
  for (const storage of open.splice(0)) await storage.dispose();
});

describe('a process that is killed', () => {
  it('leaves every acknowledged commit, and each transaction whole', async () => {
    const storage = await opened();
    await storage.close();
    for (let round = 0; round < 3; round += 1) {
      const before = await sequenceIn(storage.database);
      if (before > 0) removeFacts(storage.database);
      const { child, lines } = startWriter(storage.database, 'forever');
      let acknowledged = 0;
      for await (const line of lines) {
        acknowledged = Number(line);
        if (acknowledged >= 200 + round * 35) child.kill('SIGKILL');
      }
      const found = inspect(storage.database);
      expect(found.integrity).toBe('ok');
      expect(found.last).toBeGreaterThanOrEqual(acknowledged);
      expect(found.facts).toBe(found.last);
      expect(found.last % FACTS_EACH).toBe(0);
      expect(found.callVersion).toBe(found.last);
    }
  });

  it('leaves nothing of a transaction that it was in the middle of', async () => {
    const storage = await opened();
    await storage.close();
    const { child, lines } = startWriter(storage.database, 'stay-open');
    for await (const line of lines) if (line === 'open') child.kill('SIGKILL');
    expect(inspect(storage.database)).toEqual({
      integrity: 'ok',
      last: FACTS_EACH,
      facts: FACTS_EACH,
      callVersion: FACTS_EACH,
    });
    const next = await storage.reopen();
    open.push(next);
    expect(await next.store.read((view) => view.liveCalls())).toMatchObject([
      { version: FACTS_EACH },
    ]);
  });
});

describe('the schema', () => {
  it('of a newer version is refused with what to do, and stays unchanged', async () => {
    const storage = await opened();
    await storage.close();
    raise(storage.database, 99);
    const attempt = openStorage({ database: storage.database, now: () => NOON, random: () => 0.5 });
    await expect(attempt).rejects.toMatchObject({
      name: 'StoreError',
      code: 'newer-schema',
      message: expect.stringMatching(
        new RegExp(`has schema 99.*knows schema ${schemaVersion()}.*newer version.*backup`),
      ),
    });
    const reading = openStorage({
      database: storage.database,
      now: () => NOON,
      random: () => 0.5,
      readOnly: true,
    });
    await expect(reading).rejects.toMatchObject({ code: 'newer-schema' });
  });

  it('is copied before a breaking migration, and the refusal names the copy', async () => {
    const storage = await opened();
    await storage.setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
    await storage.close();
    const breaking: Migration = {
      number: schemaVersion() + 1,
      name: 'facts-have-colours',
      breaking: true,
      statements: [`alter table fact add column colour text not null default 'red'`],
    };
    const connection = new Sqlite(storage.database);
    const result = migrateFile(connection, NOON, [...MIGRATIONS, breaking]);
    connection.close();
    const copy = `${storage.database}.before-${String(breaking.number).padStart(4, '0')}`;
    expect(result).toEqual({ from: schemaVersion(), to: breaking.number, copy });
    expect(existsSync(copy)).toBe(true);
    const older = openStorage({ database: storage.database, now: () => NOON, random: () => 0.5 });
    await expect(older).rejects.toThrow(copy);
    const restored = await openStorage({ database: copy, now: () => NOON, random: () => 0.5 });
    expect(await restored.store.read((view) => view.lastFactSequence('engine'))).toBe(1);
    await restored.close();
  });

  it('is left as it was when a migration fails half-way', async () => {
    const storage = await opened();
    await storage.close();
    const broken: Migration = {
      number: schemaVersion() + 1,
      name: 'broken',
      breaking: false,
      statements: ['create table half (id text) strict', 'create table nonsense ('],
    };
    const connection = new Sqlite(storage.database);
    expect(() => migrateFile(connection, NOON, [...MIGRATIONS, broken])).toThrow();
    expect(migrateFile(connection, NOON)).toEqual({ from: schemaVersion(), to: schemaVersion() });
    const half = connection.prepare(`select 1 from sqlite_schema where name = 'half'`).get();
    expect(half).toBeUndefined();
    connection.close();
  });
});

describe('a file that cannot be opened', () => {
  const opening = (file: string) =>
    openStorage({ database: file, now: () => NOON, random: () => 0.5 });

  it('is named, with what is in the way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cadencia-opening-'));
    const folderInPlace = join(folder, 'a.db');
    mkdirSync(folderInPlace);
    const noDatabase = join(folder, 'b.db');
    writeFileSync(noDatabase, 'name;cpf;phone\n'.repeat(500));
    await expect(opening(folderInPlace)).rejects.toMatchObject({
      code: 'cannot-open',
      message: `the database ${folderInPlace} cannot be opened: it is a folder`,
    });
    await expect(opening(noDatabase)).rejects.toMatchObject({
      code: 'cannot-open',
      message: `the database ${noDatabase} cannot be opened: the file is no database`,
    });
    await expect(opening(join(noDatabase, 'below', 'c.db'))).rejects.toMatchObject({
      code: 'cannot-open',
      message: expect.stringMatching(/below .*cannot be made|below is no folder/),
    });
    rmSync(folder, { recursive: true });
  });
});

describe('an error at the opening', () => {
  it.each([
    ['SQLITE_BUSY_RECOVERY', { name: 'StoreHeldUpError', cause: 'busy' }],
    ['SQLITE_IOERR_SHMSIZE', { name: 'StoreHeldUpError', cause: 'full' }],
    ['ENOSPC', { name: 'StoreHeldUpError', cause: 'full' }],
    ['SQLITE_IOERR_READ', { name: 'StoreError', code: 'disk-broken' }],
  ])('is reported by its cause: %s', (code, told) => {
    const found = openingProblem('a.db', Object.assign(new Error('no'), { code }));
    expect(found).toMatchObject({ ...told, message: expect.stringContaining('a.db') });
  });
});

describe('another process that holds the file', () => {
  it('is waited for, and other work goes on', async () => {
    const storage = await opened();
    const other = new Sqlite(storage.database);
    other.exec('begin immediate');
    setTimeout(() => other.exec('commit'), 80);
    await storage.setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
    expect(storage.stats().busyWaits).toBeGreaterThan(0);
    other.close();
  });

  it('for too long holds the commit up, and the commit may be tried again', async () => {
    const storage = await opened();
    const other = new Sqlite(storage.database);
    other.exec('begin immediate');
    const startedAt = performance.now();
    await expect(storage.setUp((tx) => tx.appendFacts('engine', [aFact(1)]))).rejects.toMatchObject(
      {
        name: 'StoreHeldUpError',
        cause: 'busy',
      },
    );
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    const again = performance.now();
    const atOnce = storage.store.commit(aCommit({ facts: [aFact(1)] }), 'at-once');
    await expect(atOnce).rejects.toMatchObject({ cause: 'busy' });
    expect(performance.now() - again).toBeLessThan(100);
    other.close();
    await storage.setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
  });

  it('commits in turn with this one', async () => {
    const engine = await opened();
    await insertOperation(engine);
    const importer = await openStorage({
      database: engine.database,
      now: () => NOON,
      random: () => Math.random(),
    });
    const rows = Array.from({ length: 60 }, (_, index) => aRow({ externalId: `R-${index}` }));
    const importing = importAll(importer.lists, rows);
    for (let sequence = 1; sequence <= 50; sequence += 1) {
      await engine.setUp((tx) => tx.appendFacts('engine', [aFact(sequence)]));
    }
    const { results } = await importing;
    expect(results).toHaveLength(60);
    expect(await importer.store.read((view) => view.lastFactSequence('engine'))).toBe(50);
    await importer.close();
  });
});

describe('a storage', () => {
  it('opened for reading refuses every write', async () => {
    const storage = await opened();
    await storage.setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
    const reading = await openStorage({
      database: storage.database,
      now: () => NOON,
      random: () => 0.5,
      readOnly: true,
    });
    expect(await reading.store.read((view) => view.lastFactSequence('engine'))).toBe(1);
    await expect(reading.store.commit(aCommit({ facts: [aFact(2)] }))).rejects.toMatchObject({
      code: 'commit-failed',
    });
    await reading.close();
  });

  it('whose engine was replaced can no longer commit, but its imports can', async () => {
    const first = await opened();
    await insertOperation(first);
    const second = await openStorage({
      database: first.database,
      now: () => NOON,
      random: () => 0.5,
    });
    const [stream, facts] = ['a-stream', (sequence: number) => [aFact(sequence)]];
    expect(await first.takeLease(stream, 'one')).toBe(1);
    await first.store.commit(aCommit({ stream, epoch: 1, facts: facts(1) }));
    expect(await second.takeLease(stream, 'two')).toBe(2);
    const late = first.store.commit(aCommit({ stream, epoch: 1, facts: facts(2) }));
    await expect(late).rejects.toMatchObject({
      code: 'commit-failed',
      message: expect.stringMatching(/epoch/),
    });
    await second.store.commit(aCommit({ stream, epoch: 2, facts: facts(2) }));
    const { results } = await importAll(first.lists, [aRow()]);
    expect(results[0]?.status).toBe('created');
    await second.close();
  });

  it('says which row of which table is corrupt', async () => {
    const storage = await opened();
    await insertOperation(storage);
    const { results } = await importAll(storage.lists, [aRow()]);
    const { leadId } = stored(results[0]);
    await storage.setUp((tx) => tx.saveCall(aCall()));
    const other = new Sqlite(storage.database);
    other.exec(`update call set body = json_set(body, '$.state.kind', 'dreaming')`);
    other.exec(`update phone set number = '+5511'`);
    other.close();
    await expect(storage.store.read((view) => view.liveCalls())).rejects.toMatchObject({
      code: 'corrupt-row',
      message: expect.stringMatching(/^call call_1: body .*state/),
    });
    await expect(storage.store.read((view) => view.lead(leadId))).rejects.toMatchObject({
      code: 'corrupt-row',
      message: expect.stringMatching(/^phone phone_\w+: number is not a telephone number/),
    });
  });

  it('copies its log into the file beside the commits', async () => {
    const storage = await opened({ durability: 'full' });
    await storage.setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
    await expect.poll(() => storage.stats().checkpoints, { timeout: 10_000 }).toBeGreaterThan(0);
  });

  it('reports that it cannot copy its log, and copies it as soon as it can', async () => {
    const storage = await opened();
    const elsewhere = `${storage.database}-away`;
    await storage.setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
    const checkpointer = startCheckpointer(elsewhere, 'OFF', undefined, {
      everyMs: 5,
      failingEveryMaxMs: 20,
    });
    await expect.poll(() => checkpointer.failing()?.times, { timeout: 5_000 }).toBeGreaterThan(8);
    expect(checkpointer.failing()).toMatchObject({ code: 'SQLITE_CANTOPEN' });
    symlinkSync(storage.database, elsewhere);
    await expect.poll(() => checkpointer.completed(), { timeout: 5_000 }).toBeGreaterThan(0);
    expect(checkpointer.failing()).toBeUndefined();
    await checkpointer.stop();
  });

  it('leaves one file and no log behind when it is closed', async () => {
    const storage = await opened();
    await storage.setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
    expect(storage.stats().logBytes).toBeGreaterThan(0);
    await storage.close();
    expect(existsSync(`${storage.database}-wal`)).toBe(false);
  });
});

function inspect(file: string) {
  const connection = new Sqlite(file);
  const one = (query: string) => connection.prepare(query).pluck().get();
  const found = {
    integrity: connection.pragma('integrity_check', { simple: true }),
    last: Number(one('select coalesce(max(sequence), 0) from fact')),
    facts: Number(one('select count(*) from fact')),
    callVersion: Number(one('select version from call')),
  };
  connection.close();
  return found;
}

async function sequenceIn(file: string): Promise<number> {
  return inspect(file).last;
}

function removeFacts(file: string): void {
  const connection = new Sqlite(file);
  connection.exec('delete from fact; delete from call');
  connection.close();
}

function raise(file: string, number: number): void {
  const connection = new Sqlite(file);
  connection.prepare('insert into migration values (?, ?, 0, ?)').run(number, 'later', NOON);
  connection.close();
}
