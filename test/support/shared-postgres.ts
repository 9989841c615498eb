/** One PostgreSQL server for a run of the tests, and a database of its own for each that asks. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { waitUntil } from '../../scripts/asterisk/process.ts';
import { obtainPostgres, type PostgresInstallation } from '../../scripts/postgres/obtain.ts';
import { endServer, type PostgresServer, startPostgres } from '../../scripts/postgres/run.ts';
import { openStorage } from '../../src/storage/store.ts';

/** Names of variables. None begins as a setting does: a dialer that a test starts would refuse it. */
export const RUN_FOLDER = 'TEST_RUN_FOLDER';
export const RUN_PROCESS = 'TEST_RUN_PROCESS';
/** A running server to use in place of one of our own: `postgres://role@host:port/database`. */
const RUNNING_SERVER = 'TEST_POSTGRES_URL';

const OBTAIN_MAX_MS = 900_000;

type Shared = {
  /** Of a database that exists. */
  readonly url: string;
  /** A database with our schema and nothing in it. */
  readonly template: string;
  /** Of the server that we started. */
  readonly own?: { readonly pid: number; readonly directory: string };
};

let shared: Promise<Shared> | undefined;
let admin: pg.Client | undefined;
let made = 0;

export type PostgresDatabase = { readonly url: string; remove(): Promise<void> };

/** A new database: with our schema and nothing in it, or a copy of one that nobody has open. */
export async function makePostgresDatabase(from?: string): Promise<PostgresDatabase> {
  shared ??= findShared();
  const { url, template: empty } = await shared;
  const template = from === undefined ? empty : new URL(from).pathname.slice(1);
  if (!admin) {
    admin = await connect(url);
    // The process may end while it is connected.
    admin.on('error', () => {});
  }
  made += 1;
  const name = `cadencia_${process.pid}_${made}`;
  await admin.query(`create database ${name} template ${template}`);
  const client = admin;
  return {
    url: withDatabase(url, name),
    remove: async () => {
      await client.query(`drop database if exists ${name} with (force)`);
    },
  };
}

/** A server of a test's own, which it may kill and start again. */
export async function startOwnPostgres(): Promise<PostgresServer> {
  return startPostgres({ installation: await installed(), ownerPid: ownerOfRun() });
}

export async function endSharedPostgres(folder: string): Promise<void> {
  const found = readShared(folder);
  if (!found?.own) return;
  await endServer(found.own.pid);
  await rm(found.own.directory, { recursive: true, force: true });
}

/** The first who asks starts it, and the others wait. */
async function findShared(): Promise<Shared> {
  const folder = process.env[RUN_FOLDER];
  if (!folder) throw new Error('config/vitest.config.ts sets a run of the tests up');
  try {
    mkdirSync(join(folder, 'postgres-starts'));
  } catch {
    return untilShared(folder);
  }
  try {
    const found = await startShared();
    write(folder, 'postgres.json', JSON.stringify(found));
    return found;
  } catch (error) {
    write(folder, 'postgres-failed', (error as Error).message);
    throw error;
  }
}

async function untilShared(folder: string): Promise<Shared> {
  let found: Shared | undefined;
  let failed: string | undefined;
  await waitUntil(() => {
    found = readShared(folder);
    failed = read(folder, 'postgres-failed');
    return found !== undefined || failed !== undefined;
  }, OBTAIN_MAX_MS);
  if (!found) throw new Error(failed ?? 'PostgreSQL was not started in time');
  return found;
}

async function startShared(): Promise<Shared> {
  const running = process.env[RUNNING_SERVER];
  const template = `cadencia_template_${process.pid}`;
  if (running) {
    await makeTemplate(running, template);
    return { url: running, template };
  }
  const server = await startOwnPostgres();
  const url = server.urlOf('postgres');
  await makeTemplate(url, template);
  return { url, template, own: { pid: server.pid, directory: server.directory } };
}

async function makeTemplate(url: string, template: string): Promise<void> {
  const client = await connect(url);
  await client.query(
    `create database ${template} encoding 'UTF8' template template0 lc_collate 'C' lc_ctype 'C'`,
  );
  await client.end();
  const database = withDatabase(url, template);
  const storage = await openStorage({ database, now: () => 0, random: () => 0.5 });
  await storage.close();
}

async function installed(): Promise<PostgresInstallation> {
  return obtainPostgres({
    directory: join(import.meta.dirname, '../../.cadencia/postgres'),
    report: (line) => process.stderr.write(`${line}\n`),
  });
}

function ownerOfRun(): number {
  return Number(process.env[RUN_PROCESS] ?? process.pid);
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

function readShared(folder: string): Shared | undefined {
  const text = read(folder, 'postgres.json');
  return text === undefined ? undefined : (JSON.parse(text) as Shared);
}

function read(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
}

/** Whole or not at all for those who look. */
function write(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
