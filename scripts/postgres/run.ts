/**
 * A private PostgreSQL server on loopback, in its own folder, which is removed with it. It ends
 * with its owner, however that ends. The server refuses to run as root, so it then runs as another
 * user.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, isAlive, run, waitUntil } from '../asterisk/process.ts';
import { lastLine } from '../unpack-debian.ts';
import type { PostgresInstallation } from './obtain.ts';

const MEMORY_DISK = '/dev/shm';
const READY_MAX_MS = 30_000;
const END_MAX_MS = 20_000;
const STARTS_MAX = 5;
const ROLE = 'cadencia';

export type PostgresServer = {
  /** Address `postgres://…` of one of its databases. */
  urlOf(database: string): string;
  readonly directory: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it at once, like a crash; committed data is there at the next start. */
  kill(): Promise<void>;
  /** Starts it again after a kill, on the same port. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
};

export type ServerOptions = {
  readonly installation: PostgresInstallation;
  /** The process with which the server ends and its folder is removed; this one when absent. */
  readonly ownerPid?: number;
};

/** @throws Error with what the server said. */
export async function startPostgres(options: ServerOptions): Promise<PostgresServer> {
  const { installation, ownerPid = process.pid } = options;
  const directory = await mkdtemp(
    join(existsSync(MEMORY_DISK) ? MEMORY_DISK : tmpdir(), 'cadencia-postgres-'),
  );
  const data = join(directory, 'data');
  const account = await accountFor(installation);
  await makeFolders(directory, data, account);
  try {
    await makeCluster(installation, account, data);
    for (let tries = 1; ; tries += 1) {
      const port = await freePort();
      const running = new Running(installation, account, directory, port);
      if (await running.begin()) {
        guard(ownerPid, directory);
        return running;
      }
      if (tries === STARTS_MAX)
        throw new Error(`PostgreSQL does not start: ${await running.said()}`);
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

class Running implements PostgresServer {
  readonly directory: string;
  readonly port: number;
  readonly #command: readonly string[];
  readonly #log: string;
  #child: ChildProcess | undefined;

  constructor(
    { programs }: PostgresInstallation,
    account: Account,
    directory: string,
    port: number,
  ) {
    this.directory = directory;
    this.port = port;
    this.#log = join(directory, 'log');
    this.#command = [
      ...account.words,
      join(programs, 'postgres'),
      ...['-D', join(directory, 'data'), '-k', ''],
      ...settings({
        listen_addresses: '127.0.0.1',
        port,
        max_connections: 200,
        shared_buffers: '64MB',
        jit: 'off',
        // In its folder, with which it goes.
        dynamic_shared_memory_type: 'mmap',
        // Nothing of it outlives the run.
        ...{ fsync: 'off', full_page_writes: 'off' },
        ...{ wal_level: 'minimal', max_wal_senders: 0 },
      }),
    ];
  }

  urlOf(database: string): string {
    return `postgres://${ROLE}@127.0.0.1:${this.port}/${database}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Whether it takes connections. */
  async begin(): Promise<boolean> {
    const log = openSync(this.#log, 'a');
    const [program = '', ...words] = this.#command;
    const child = spawn(program, words, {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: this.directory,
      env: { ...environment, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    });
    child.once('error', () => {});
    child.unref();
    this.#child = child;
    const isReady = async (): Promise<boolean> =>
      (await this.said()).includes('database system is ready to accept connections');
    await waitUntil(async () => child.exitCode !== null || (await isReady()), READY_MAX_MS);
    return child.exitCode === null && (await isReady());
  }

  async start(): Promise<void> {
    if (!(await this.begin())) throw new Error(`PostgreSQL does not start: ${await this.said()}`);
  }

  async kill(): Promise<void> {
    await endServer(this.pid);
    await rm(this.#log, { force: true });
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  async said(): Promise<string> {
    return (await readFile(this.#log, 'utf8').catch(() => '')).trim();
  }
}

/** Ends it at once, without notifying its clients. */
export async function endServer(pid: number): Promise<void> {
  if (pid <= 0 || !isAlive(pid)) return;
  process.kill(pid, 'SIGQUIT');
  await waitUntil(() => !isAlive(pid), END_MAX_MS);
}

function settings(values: Readonly<Record<string, string | number>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

// ── Making ──────────────────────────────────────────────────────────────────────────────────────

type Account = {
  /** Put in front of a program to run it as this account. */
  readonly words: readonly string[];
  readonly ids?: { readonly user: number; readonly group: number };
};

/** The user who runs the server: our own, but never root. */
async function accountFor({ programs }: PostgresInstallation): Promise<Account> {
  if (process.getuid?.() !== 0) return { words: [] };
  const known = await readFile('/etc/passwd', 'utf8');
  const [, user = '65534', group = '65534'] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(known) ?? [];
  const words = ['setpriv', '--reuid', user, '--regid', group, '--clear-groups'];
  const ids = { user: Number(user), group: Number(group) };
  // A private server may lie in a folder that only root may enter.
  const rights = ['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'];
  for (const more of [[], rights]) {
    const [program = '', ...others] = [...words, ...more, join(programs, 'postgres'), '--version'];
    if ((await run(program, others, 10_000)).code === 0) return { words: [...words, ...more], ids };
  }
  throw new Error(`${programs} cannot be entered by an account that is not root`);
}

async function makeFolders(directory: string, data: string, { ids }: Account): Promise<void> {
  await chmod(directory, 0o711);
  await mkdir(data, { mode: 0o700 });
  if (ids) await chown(data, ids.user, ids.group);
}

/** Texts are UTF-8 and compared by code points, for every language of the machine. */
async function makeCluster(
  { programs }: PostgresInstallation,
  account: Account,
  data: string,
): Promise<void> {
  const words = ['--locale=C.UTF-8', '-E', 'UTF8', '--no-sync', '-A', 'trust', '-U', ROLE];
  const [program = '', ...others] = [
    ...account.words,
    join(programs, 'initdb'),
    '-D',
    data,
    ...words,
  ];
  const { code, output } = await run(program, others, 60_000);
  if (code !== 0) throw new Error(`initdb made no cluster: ${lastLine(output)}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Ends the server and removes its folder once its owner is gone, even by `kill -9`. */
function guard(ownerPid: number, directory: string): void {
  const script = `
    while kill -0 ${ownerPid} 2>/dev/null && [ -d "$1" ]; do sleep 1; done
    [ -d "$1" ] || exit 0
    kill -QUIT "$(head -1 "$1/data/postmaster.pid" 2>/dev/null)" 2>/dev/null && sleep 1
    rm -rf "$1"`;
  const child = spawn('sh', ['-c', script, 'sh', directory], { detached: true, stdio: 'ignore' });
  child.unref();
}
