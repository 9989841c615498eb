/**
 * Finds a PostgreSQL server to run, or unpacks one privately, without root or changes to the
 * machine.
 */
import { chmod, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { delimiter, join, relative } from 'node:path';
import { environment, run } from '../asterisk/process.ts';
import { type DebianProgram, lastLine, obtainFromDebian } from '../unpack-debian.ts';

export type PostgresInstallation = {
  /** The major version: `15`. */
  readonly version: string;
  /** Holds `postgres` and `initdb`. */
  readonly programs: string;
};

export type ObtainOptions = {
  /** Folder of a private server, for example `.cadencia/postgres`. */
  readonly directory: string;
  /** Receives one line for each step. */
  readonly report: (line: string) => void;
};

const OLDEST_VERSION = '14';
const isNewEnough = (version: string): boolean => Number(version) >= Number(OLDEST_VERSION);

/**
 * PostgreSQL 14 or newer: from the PATH or Debian's own place, otherwise unpacked from Debian's
 * packages.
 *
 * @throws Error that says what was tried.
 */
export async function obtainPostgres(options: ObtainOptions): Promise<PostgresInstallation> {
  const tried: string[] = [];
  const found = (await findInstalled(tried)) ?? (await obtainFromDebian(PROGRAM, options, tried));
  if (found) return found;
  throw new Error(
    [
      `No PostgreSQL ${OLDEST_VERSION} or newer can be had here. Tried:`,
      ...tried.map((line) => `  - ${line}`),
      'TEST_POSTGRES_URL=postgres://… names a running server instead.',
    ].join('\n'),
  );
}

async function findInstalled(tried: string[]): Promise<PostgresInstallation | undefined> {
  const debian = '/usr/lib/postgresql';
  const versions = await readdir(debian).catch(() => []);
  const folders = [
    ...(environment.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  for (const programs of folders) {
    if (
      !(await isThere(join(programs, 'postgres'))) ||
      !(await isThere(join(programs, 'initdb')))
    ) {
      continue;
    }
    const { output } = await run(join(programs, 'postgres'), ['--version'], 10_000);
    const version = /PostgreSQL\) (\d+)/.exec(output)?.[1];
    if (version && isNewEnough(version)) return { version, programs };
    tried.push(`${programs}: says "${output.trim().slice(0, 80)}"`);
  }
  if (tried.length === 0) tried.push(`the PATH and ${debian}: no postgres there`);
  return undefined;
}

const PROGRAM: DebianProgram<PostgresInstallation> = {
  name: 'PostgreSQL',
  policyOf: 'postgresql',
  suites: ['stable', 'forky'],
  megabytes: 90,
  oldest: OLDEST_VERSION,
  versionIn: (policy) => /Candidate: (\d+)\+/.exec(policy)?.[1],
  isNewEnough,
  packageOf: (version) => `postgresql-${version}`,
  async describe({ root, loader }, version) {
    const programs = join(root, 'usr/lib/postgresql', version, 'bin');
    if (!(await isThere(join(programs, 'initdb')))) return undefined;
    await wrap(root, programs, loader);
    return { version, programs };
  },
  async prove({ programs }) {
    for (const name of ['postgres', 'initdb']) {
      const { code, output } = await run(join(programs, name), ['--version'], 30_000);
      if (code !== 0) throw new Error(`the unpacked ${name} does not start: ${lastLine(output)}`);
    }
  },
};

/**
 * initdb starts the server itself, from its own folder and without our loader. So scripts replace
 * the programs, which move to another folder; from the scripts' path they find their shared files.
 */
async function wrap(root: string, programs: string, loader: readonly string[]): Promise<void> {
  const aside = `${programs}.debian`;
  if (await isThere(aside)) return;
  await rename(programs, aside);
  await mkdir(programs);
  const inTree = (path: string): string =>
    path.startsWith(root) ? `"$root${path.slice(root.length)}"` : path;
  for (const name of ['postgres', 'initdb']) {
    const words = [...loader.map(inTree), '--argv0', '"$0"', inTree(join(aside, name)), '"$@"'];
    const lines = [
      '#!/bin/sh',
      `root=$(cd "$(dirname "$0")/${relative(programs, root)}" && pwd)`,
      `exec ${words.join(' ')}`,
    ];
    await writeFile(join(programs, name), `${lines.join('\n')}\n`);
    await chmod(join(programs, name), 0o755);
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
