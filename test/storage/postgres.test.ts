/** What only PostgreSQL has: a server that comes and goes, and writers of several processes. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresServer } from '../../scripts/postgres/run.ts';
import type { StoreHeldUpError } from '../../src/engine/ports/store.ts';
import { schemaVersion } from '../../src/storage/migrate.ts';
import { openStorage, type StorageOptions } from '../../src/storage/store.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { startOwnPostgres } from '../support/shared-postgres.ts';
import { startWriter } from '../support/start-writer.ts';
import { stopServer } from '../support/stopped-server.ts';
import {
  aRow,
  importAll,
  insertOperation,
  NOON,
  openPostgresStorage,
  type TestStorage,
} from '../support/store.ts';
import { aCall, aCommit, aFact } from '../support/store-records.ts';
import { FACTS_EACH } from './writer-process.ts';

const open: TestStorage[] = [];

async function opened(...options: Parameters<typeof openPostgresStorage>): Promise<TestStorage> {
  const storage = await openPostgresStorage(...options);
  open.push(storage);
  return storage;
}

afterEach(async () => {
  for (const storage of open.splice(0)) await storage.dispose();
});

const beside = (database: string, options: Partial<StorageOptions> = {}) =>
  openStorage({ database, now: () => NOON, random: () => Math.random(), ...options });

async function ask<Answer = unknown>(database: string, ...statements: string[]): Promise<Answer[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  let rows: Answer[] = [];
  for (const statement of statements) rows = (await client.query(statement)).rows;
  await client.end();
  return rows;
}

const appended = (storage: Pick<TestStorage, 'store'>, sequence: number, patience?: 'at-once') =>
  storage.store.commit(aCommit({ facts: [aFact(sequence)] }), patience);

const lastOf = ({ store }: Pick<TestStorage, 'store'>) =>
  store.read((view) => view.lastFactSequence('engine'));

describe('a database that cannot be opened', () => {
  const sentence = (words: RegExp, code = 'cannot-open') => ({
    code,
    message: expect.stringMatching(words),
  });

  it('is named without its password, with what prevents it', async () => {
    const { database } = await opened();
    const address = new URL(database);
    address.password = 'top-secret';
    const elsewhere = (change: (url: URL) => void) => {
      const url = new URL(address);
      change(url);
      return beside(url.href).then(
        () => undefined,
        (error: Error) => error,
      );
    };
    const noDatabase = await elsewhere((url) => {
      url.pathname = '/no-such';
    });
    expect(noDatabase).toMatchObject(
      sentence(
        /^the database postgres:\/\/cadencia@127.*\/no-such cannot be.* no database of this/,
      ),
    );
    const noRole = await elsewhere((url) => {
      url.username = 'nobody-here';
    });
    expect(noRole).toMatchObject(sentence(/the server refuses the user \(28000\)/));
    const noServer = await elsewhere((url) => {
      url.port = '1';
    });
    expect(noServer).toMatchObject({
      name: 'StoreHeldUpError',
      message: expect.stringMatching(/127.0.0.1:1\/.* the server does not answer \(ECONNREFUSED\)/),
    });
    for (const error of [noDatabase, noRole, noServer]) {
      expect(`${error?.message} ${error?.stack}`).not.toContain('top-secret');
    }
  });

  it('stores its texts in UTF-8, or is refused', async () => {
    const { database } = await opened();
    const ascii = 'cadencia_sql_ascii';
    await ask(
      database,
      `drop database if exists ${ascii}`,
      `create database ${ascii} encoding 'SQL_ASCII' template template0 lc_collate 'C' lc_ctype 'C'`,
    );
    const url = Object.assign(new URL(database), { pathname: `/${ascii}` }).href;
    await expect(beside(url)).rejects.toMatchObject(sentence(/SQL_ASCII.*UTF8/));
    expect(await ask(url, `select 1 from pg_tables where tablename = 'fact'`)).toEqual([]);
    await ask(database, `drop database ${ascii}`);
  });

  it('must let its role make tables, or the refusal says what to do', async () => {
    const { database } = await opened();
    const name = `cadencia_locked_${process.pid}`;
    await ask(
      database,
      `create database ${name} encoding 'UTF8' template template0`,
      `create role ${name} login`,
    );
    const url = Object.assign(new URL(database), { pathname: `/${name}` });
    await ask(url.href, 'revoke create on schema public from public');
    url.username = name;
    await expect(beside(url.href)).rejects.toMatchObject(sentence(/may not create tables/));
    await ask(database, `drop database ${name} with (force)`, `drop role ${name}`);
  });

  it('of a newer version is refused with what to do, also for reading', async () => {
    const { database } = await opened();
    await ask(database, `insert into migration values (99, 'later', 0, 0)`);
    for (const readOnly of [false, true]) {
      await expect(beside(database, { readOnly })).rejects.toMatchObject(
        sentence(
          new RegExp(`has schema 99.*knows schema ${schemaVersion()}.*newer version.*backup`),
          'newer-schema',
        ),
      );
    }
  });
});

describe('a server that goes away', () => {
  let server: PostgresServer;
  let database: string;
  beforeAll(async () => {
    server = await startOwnPostgres();
    database = server.urlOf('postgres');
  });
  afterAll(() => server.stop());

  it('holds commits and reads up until it is back, and loses no commit', async () => {
    const storage = await beside(database);
    await appended(storage, 1);
    await server.kill();
    const heldUp = { name: 'StoreHeldUpError', cause: 'silent' };
    await expect(appended(storage, 2)).rejects.toMatchObject(heldUp);
    await expect(appended(storage, 2, 'at-once')).rejects.toMatchObject(heldUp);
    await expect(lastOf(storage)).rejects.toMatchObject(heldUp);
    await server.start();
    await appended(storage, 2);
    expect(await lastOf(storage)).toBe(2);
    await storage.close();
  });

  it('in the middle of a transaction leaves nothing of it, and the transaction may be tried again', async () => {
    const storage = await beside(database);
    const transaction = storage.setUp(async (tx) => {
      await tx.appendFacts('engine', [aFact(3)]);
      await server.kill();
      await server.start();
      await tx.saveCall(aCall());
    });
    await expect(transaction).rejects.toMatchObject({ name: 'StoreHeldUpError' });
    expect(await lastOf(storage)).toBe(2);
    await appended(storage, 3);
    await storage.close();
  });

  it('is asked what became of a commit whose answer was lost', async () => {
    const proxy = await startCuttingProxy(server.port);
    const way = new URL(database);
    way.port = `${proxy.port}`;
    const storage = await beside(way.href);
    const setUp = (sequence: number) =>
      storage.setUp((tx) => tx.appendFacts('engine', [aFact(sequence)]));
    proxy.cutAtCommit('before-its-answer');
    await setUp(4);
    expect(await lastOf(storage)).toBe(4);
    proxy.cutAtCommit('before-it');
    await expect(setUp(5)).rejects.toMatchObject({ name: 'StoreHeldUpError' });
    expect(await lastOf(storage)).toBe(4);
    await appended(storage, 5);
    expect(await lastOf(storage)).toBe(5);
    await storage.close();
    await proxy.stop();
  });

  it('lets the engine ask later what became of its commit', async () => {
    const proxy = await startCuttingProxy(server.port);
    const way = new URL(database);
    way.port = `${proxy.port}`;
    const storage = await beside(way.href);
    for (const [where, isStored] of [
      ['before-it', false],
      ['before-its-answer', true],
    ] as const) {
      proxy.cutAtCommit(where);
      const error: unknown = await appended(storage, 6).catch((one: unknown) => one);
      expect(error).toMatchObject({ name: 'StoreHeldUpError', cause: 'silent' });
      expect(await (error as StoreHeldUpError).isStored?.()).toBe(isStored);
      expect(await lastOf(storage)).toBe(isStored ? 6 : 5);
    }
    await storage.close();
    await proxy.stop();
  });

  it('for good during a commit leaves its result unknown, which ends the process', async () => {
    const proxy = await startCuttingProxy(server.port);
    const way = new URL(database);
    way.port = `${proxy.port}`;
    const storage = await beside(way.href);
    proxy.cutAtCommit('before-its-answer');
    const transaction = storage.setUp(async (tx) => {
      await tx.appendFacts('engine', [aFact(7)]);
      setTimeout(() => void proxy.stop(), 0);
    });
    await expect(transaction).rejects.toMatchObject({
      code: expect.stringMatching(/commit-failed/),
    });
    await storage.close();
  });
});

describe('a server that gives no answer', () => {
  let server: PostgresServer;
  let database: string;
  beforeAll(async () => {
    server = await startOwnPostgres();
    database = server.urlOf('postgres');
  });
  afterAll(() => server.stop());

  /** How long it took to be held up. */
  async function heldUpAfter(asked: Promise<unknown>, cause: string): Promise<number> {
    const startedAt = performance.now();
    await expect(asked).rejects.toMatchObject({ name: 'StoreHeldUpError', cause });
    return performance.now() - startedAt;
  }
  const people = ({ store }: Pick<TestStorage, 'store'>) => store.prepare([{ kind: 'people' }]);

  it('holds the engine up within a second or so, and takes the same commit when it goes on', async () => {
    const storage = await beside(database);
    await appended(storage, 1);
    await people(storage);
    const goOn = stopServer(server);
    try {
      expect(await heldUpAfter(people(storage), 'silent')).toBeLessThan(1_500);
      expect(await heldUpAfter(appended(storage, 2), 'silent')).toBeLessThan(1_500);
      // Between two tries the engine ends calls.
      expect(await heldUpAfter(appended(storage, 2, 'at-once'), 'silent')).toBeLessThan(600);
    } finally {
      goOn();
    }
    await expect.poll(() => appended(storage, 2).then(() => lastOf(storage))).toBe(2);
    expect(await people(storage)).toEqual([{ ok: true, answer: [] }]);
    await storage.close();
  });

  it('is waited for no longer while somebody locks a table', async () => {
    const storage = await beside(database);
    const other = new pg.Client({ connectionString: database });
    await other.connect();
    await other.query('begin; lock table fact, user_account in access exclusive mode');
    expect(await heldUpAfter(people(storage), 'busy')).toBeLessThan(1_500);
    expect(await heldUpAfter(appended(storage, 3), 'busy')).toBeLessThan(1_500);
    expect(await heldUpAfter(appended(storage, 3, 'at-once'), 'busy')).toBeLessThan(800);
    expect(await heldUpAfter(lastOf(storage), 'busy')).toBeLessThan(3_000);
    await other.query('rollback');
    await other.end();
    await appended(storage, 3);
    expect(await lastOf(storage)).toBe(3);
    await storage.close();
  });

  it('keeps the engine no longer behind an import than behind the server', async () => {
    const storage = await beside(database);
    let goOn = () => {};
    const importing = storage
      .setUp(async (tx) => {
        goOn = stopServer(server);
        await tx.appendFacts('engine', [aFact(4)]);
      })
      .catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    try {
      expect(await heldUpAfter(appended(storage, 4), 'silent')).toBeLessThan(1_500);
    } finally {
      goOn();
    }
    await importing;
    await storage.close();
  });
});

describe('a process that is killed', () => {
  const found = async (database: string) => {
    const [row] = await ask<{ last: string; facts: string; version: string }>(
      database,
      `select coalesce(max(sequence), 0) as last, count(*) as facts,
        (select version from call) as version from fact`,
    );
    return { last: Number(row?.last), facts: Number(row?.facts), version: Number(row?.version) };
  };

  it('leaves every acknowledged commit, and each transaction whole', async () => {
    const { database } = await opened();
    const { child, lines } = startWriter(database, 'forever');
    let acknowledged = 0;
    for await (const line of lines) {
      acknowledged = Number(line);
      if (acknowledged >= 200) child.kill('SIGKILL');
    }
    const { last, facts, version } = await found(database);
    expect(last).toBeGreaterThanOrEqual(acknowledged);
    expect([facts, version, last % FACTS_EACH]).toEqual([last, last, 0]);
  });

  it('leaves nothing of a transaction that it was in the middle of, and holds nobody up', async () => {
    const storage = await opened();
    const { child, lines } = startWriter(storage.database, 'stay-open');
    for await (const line of lines) if (line === 'open') child.kill('SIGKILL');
    await expect
      .poll(() =>
        appended(storage, FACTS_EACH + 1).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    expect(await found(storage.database)).toEqual({
      ...{ last: FACTS_EACH + 1, facts: FACTS_EACH + 1, version: FACTS_EACH },
    });
  });
});

describe('another process that writes', () => {
  it('is waited for, and other work goes on', async () => {
    const storage = await opened();
    const other = await beside(storage.database);
    let waits = 0;
    await other.setUp(async (tx) => {
      await tx.appendFacts('engine', [aFact(1)]);
      setTimeout(() => void appended(storage, 2), 0);
      while (waits === 0) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        waits = storage.stats().busyWaits;
      }
    });
    await expect.poll(() => lastOf(storage)).toBe(2);
    await other.close();
  });

  it('for too long holds the commit up, and the commit may be tried again', async () => {
    const storage = await opened();
    const other = await beside(storage.database);
    await other.setUp(async () => {
      const startedAt = performance.now();
      await expect(appended(storage, 1)).rejects.toMatchObject({
        name: 'StoreHeldUpError',
        cause: 'busy',
      });
      expect(performance.now() - startedAt).toBeGreaterThan(190);
      await expect(appended(storage, 1, 'at-once')).rejects.toMatchObject({ cause: 'busy' });
    });
    await appended(storage, 1);
    expect(await lastOf(other)).toBe(1);
    await other.close();
  });

  it('commits in turn with this one', async () => {
    const engine = await opened();
    await insertOperation(engine);
    const importer = await beside(engine.database);
    const rows = Array.from({ length: 60 }, (_, index) => aRow({ externalId: `R-${index}` }));
    const importing = importAll(importer.lists, rows);
    for (let sequence = 1; sequence <= 50; sequence += 1) {
      await appended(engine, sequence).catch(() => appended(engine, sequence));
    }
    const { results } = await importing;
    expect(results.every(({ status }) => status !== 'rejected')).toBe(true);
    expect(await lastOf(importer)).toBe(50);
    await importer.close();
  });
});

describe('a storage on a server', () => {
  it('opened for reading refuses every write', async () => {
    const storage = await opened();
    await appended(storage, 1);
    const reading = await beside(storage.database, { readOnly: true });
    expect(await lastOf(reading)).toBe(1);
    await expect(appended(reading, 2)).rejects.toMatchObject({ code: 'commit-failed' });
    await reading.close();
  });

  it('whose engine was replaced can no longer commit, but its imports can', async () => {
    const first = await opened();
    await insertOperation(first);
    const second = await beside(first.database);
    const commit = (storage: typeof second, epoch: number, sequence: number) =>
      storage.store.commit(aCommit({ stream: 'a-stream', epoch, facts: [aFact(sequence)] }));
    expect(await first.takeLease('a-stream', 'one')).toBe(1);
    await commit(first, 1, 1);
    expect(await second.takeLease('a-stream', 'two')).toBe(2);
    await expect(commit(first, 1, 2)).rejects.toMatchObject({
      code: 'commit-failed',
      message: expect.stringMatching(/epoch/),
    });
    await commit(second, 2, 2);
    const { results } = await importAll(first.lists, [aRow()]);
    expect(results[0]?.status).toBe('created');
    await second.close();
  });

  it('gives each of two engines that start at once an epoch of its own', async () => {
    const first = await opened();
    const second = await beside(first.database);
    const epochs = await Promise.all([
      first.takeLease('group-1', 'one'),
      second.takeLease('group-1', 'two'),
    ]);
    expect([...epochs].sort()).toEqual([1, 2]);
    await second.close();
  });

  it('commits nothing of a transaction that goes on after a failed statement', async () => {
    const storage = await opened();
    await appended(storage, 1);
    const transaction = storage.setUp(async (tx) => {
      await tx.appendFacts('engine', [aFact(2)]);
      await tx.appendFacts('engine', [aFact(1)]).catch(() => {});
    });
    await expect(transaction).rejects.toThrow(/statement failed/);
    expect(await lastOf(storage)).toBe(1);
  });

  it('keeps the content of refused rows out of its errors', async () => {
    const storage = await opened();
    await insertOperation(storage);
    await importAll(storage.lists, [aRow()]);
    const client = new pg.Client({ connectionString: storage.database });
    await client.connect();
    const refused = await storage
      .setUp((tx) => tx.saveCall({ ...aCall(), placedAt: 'a person' as never }))
      .catch((error: unknown) => error as Error);
    const twice = await storage
      .setUp((tx) => tx.appendFacts('engine', [aFact(7), aFact(7)]))
      .catch((error: unknown) => error as Error);
    for (const error of [refused, twice]) {
      expect(error).toMatchObject({ code: 'commit-failed' });
      const cause = (error as Error).cause as { detail?: string; where?: string };
      expect([cause.detail, cause.where]).toEqual([undefined, undefined]);
    }
    await client.end();
  });

  it('orders texts by code points, whatever the order of the database', async () => {
    const storage = await opened();
    const creditors = ['creditor_Z', 'creditor_a', 'creditor_é', 'creditor_B'] as const;
    await storage.setUp(async (tx) => {
      for (const id of creditors) await tx.saveCreditor({ id, name: id, cnpj: '1' });
    });
    const found = await ask<{ id: string }>(
      storage.database,
      'select id from creditor order by id',
    );
    expect(found.map(({ id }) => id)).toEqual([...creditors].sort());
    const columns = await ask<{ collation: string }>(
      storage.database,
      `select distinct collation_name as collation from information_schema.columns
        where table_schema = 'public' and data_type = 'text'`,
    );
    expect(columns).toEqual([{ collation: 'C' }]);
  });

  it('reports the size of its database and the number of its commits', async () => {
    const storage = await opened();
    const before = storage.stats();
    await appended(storage, 1);
    const stats = storage.stats();
    expect(stats.commits).toBe(before.commits + 1);
    expect(stats).toMatchObject({ schemaVersion: schemaVersion(), logBytes: 0, checkpoints: 0 });
    expect(stats.databaseBytes).toBeGreaterThan(1_000_000);
    expect(storage.checkpointFailure()).toBeUndefined();
  });
});
