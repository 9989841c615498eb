/**
 * Unpacks one of Debian's programs into a folder of ours, without root and chroot. apt uses a separate
 * state directory, `dpkg -x` unpacks the program and all its dependencies into one tree, and the tree's
 * own loader starts the program with the tree's libraries.
 */
import {
  access,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, run, waitUntil } from './asterisk/process.ts';

/** A program that Debian packages, and how it is found in a tree. */
export type DebianProgram<Installation> = {
  /** For people: `Asterisk`. */
  readonly name: string;
  /** The package that depends on the right one, and tells its version. */
  readonly policyOf: string;
  /** Where to look for it, in this order. */
  readonly suites: readonly string[];
  readonly megabytes: number;
  /** The oldest that will do, for people. */
  readonly oldest: string;
  /** From what `apt-cache policy` says; undefined: there is none. */
  versionIn(policy: string): string | undefined;
  isNewEnough(version: string): boolean;
  packageOf(version: string): string;
  /** Undefined where the tree lacks a part of it. Nothing absolute is stored, so a tree may be moved. */
  describe(tree: DebianTree, version: string): Promise<Installation | undefined>;
  /** Throws where the program does not start. */
  prove(installation: Installation): Promise<void>;
};

export type DebianTree = {
  readonly root: string;
  /** The folder of the tree's own libraries. */
  readonly library: string;
  /** Starts a program of the tree with the tree's libraries; the program and its words follow. */
  readonly loader: readonly [string, ...string[]];
};

type Options = { readonly directory: string; readonly report: (line: string) => void };

const KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];
const DOWNLOAD_TIMEOUT_MS = 600_000;
/** Age of a lock after which the process that holds it is taken for dead. */
const LOCK_AGE_MAX_MS = 900_000;
const READY_FILE = 'installation.json';

/**
 * The unpacked program, unpacked first if necessary; undefined, with reasons in `tried`, when that is
 * impossible.
 */
export async function obtainFromDebian<Installation>(
  program: DebianProgram<Installation>,
  options: Options,
  tried: string[],
): Promise<Installation | undefined> {
  const tree = join(options.directory, `debian-${process.arch}`);
  const ready = await readInstallation(program, tree);
  if (ready) return ready;
  await mkdir(options.directory, { recursive: true });
  const unlock = await lock(
    join(options.directory, 'unpacking.lock'),
    `Waiting for another process, which is unpacking ${program.name}`,
    options.report,
  );
  try {
    const made = await readInstallation(program, tree);
    return made ?? (await unpackInto(program, tree, options, tried));
  } finally {
    await unlock();
  }
}

async function readInstallation<Installation>(
  program: DebianProgram<Installation>,
  tree: string,
): Promise<Installation | undefined> {
  const text = await readFile(join(tree, READY_FILE), 'utf8').catch(() => undefined);
  if (!text) return undefined;
  const { version } = JSON.parse(text) as { version: string };
  return program.isNewEnough(version) ? await describe(program, tree, version) : undefined;
}

async function describe<Installation>(
  program: DebianProgram<Installation>,
  tree: string,
  version: string,
): Promise<Installation | undefined> {
  const root = await realpath(tree);
  const libraries = join(root, 'usr/lib');
  const triple = (await readdir(libraries)).find((name) => name.endsWith('-linux-gnu'));
  if (!triple) return undefined;
  const library = join(libraries, triple);
  const loader = await findLoader(root, library);
  if (!loader) return undefined;
  const loaderWords = [loader, '--library-path', library] as const;
  return await program.describe({ root, library, loader: [...loaderWords] }, version);
}

/** Beside the libraries where /lib is a part of /usr, and else where Debian had it before. */
async function findLoader(root: string, library: string): Promise<string | undefined> {
  for (const folder of [library, library.replace('/usr/lib/', '/lib/'), join(root, 'lib64')]) {
    const names = await readdir(folder).catch(() => []);
    const name = names.find((one) => one.startsWith('ld-linux'));
    if (name) return join(folder, name);
  }
  return undefined;
}

async function unpackInto<Installation>(
  program: DebianProgram<Installation>,
  tree: string,
  options: Options,
  tried: string[],
): Promise<Installation | undefined> {
  for (const tool of ['apt-get', 'dpkg']) {
    if ((await run(tool, ['--version'], 10_000)).code !== 0) {
      tried.push(`Debian's packages: this machine has no ${tool}`);
      return undefined;
    }
  }
  const mirrors = await findMirrors();
  if (mirrors.length === 0) {
    tried.push("Debian's packages: the machine's apt sources name no Debian mirror");
    return undefined;
  }
  const work = await mkdtemp(join(options.directory, 'unpacking-'));
  try {
    for (const mirror of mirrors) {
      for (const suite of program.suites) {
        const version = await download(program, { work, mirror, suite }, options, tried);
        if (!version) continue;
        await unpackPackages(work, options.report);
        return await finish(program, join(work, 'root'), { tree, version }, options.report);
      }
    }
    return undefined;
  } catch (error) {
    tried.push(`Debian's packages: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Mirrors of the main Debian archive among the machine's own apt sources. */
async function findMirrors(): Promise<readonly string[]> {
  const format = '$(REPO_URI) $(COMPONENT)';
  const { output } = await run(
    'apt-get',
    ['indextargets', '--format', format, 'Created-By: Packages'],
    30_000,
  );
  const mirrors = output
    .split('\n')
    .map((line) => line.split(' '))
    .filter(
      ([address, component]) => address && component === 'main' && !address.includes('security'),
    )
    .map(([address]) => address ?? '')
    .filter((address) => /debian\/?$/.test(address));
  return [...new Set(mirrors)];
}

/**
 * Downloads the program and its dependencies into `work/cache`. Returns its version, or undefined on
 * failure.
 */
async function download(
  program: DebianProgram<unknown>,
  { work, mirror, suite }: Record<'work' | 'mirror' | 'suite', string>,
  { report }: Options,
  tried: string[],
): Promise<string | undefined> {
  const { name, oldest, megabytes } = program;
  const apt = await prepareApt(work, mirror, suite);
  report(`Reading Debian's package list (${suite})`);
  const update = await run('apt-get', [...apt, 'update'], DOWNLOAD_TIMEOUT_MS);
  if (update.code !== 0) {
    tried.push(`${mirror} ${suite}: ${lastLine(update.output)}`);
    return undefined;
  }
  const policy = await run('apt-cache', [...apt, 'policy', program.policyOf], 60_000);
  const version = program.versionIn(policy.output);
  if (!version || !program.isNewEnough(version)) {
    tried.push(`${mirror} ${suite}: ${name} there is ${version ?? 'missing'}, ${oldest} is needed`);
    return undefined;
  }
  report(`Downloading ${name} ${version} and its libraries, about ${megabytes} MB`);
  const words = [...apt, '--yes', '--download-only', 'install', program.packageOf(version)];
  const install = await run('apt-get', words, DOWNLOAD_TIMEOUT_MS);
  if (install.code !== 0) {
    tried.push(`${mirror} ${suite}: ${lastLine(install.output)}`);
    return undefined;
  }
  return version;
}

/**
 * Options that keep apt away from the machine's own state. Signatures of package lists are still
 * checked.
 */
async function prepareApt(work: string, mirror: string, suite: string): Promise<readonly string[]> {
  for (const name of ['state', 'cache'])
    await rm(join(work, name), { recursive: true, force: true });
  await mkdir(join(work, 'state/lists/partial'), { recursive: true });
  await mkdir(join(work, 'cache/archives/partial'), { recursive: true });
  await writeFile(join(work, 'status'), '');
  const keyring = await firstThatExists(KEYRINGS);
  const signedBy = keyring ? `[signed-by=${keyring}] ` : '';
  await writeFile(join(work, 'sources.list'), `deb ${signedBy}${mirror} ${suite} main\n`);
  const settings = {
    'Dir::State': join(work, 'state'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'Dir::Etc::SourceList': join(work, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'APT::Install-Recommends': 'false',
    'APT::Default-Release': '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Debug::NoLocking': 'true',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

async function unpackPackages(work: string, report: (line: string) => void): Promise<void> {
  const archives = join(work, 'cache/archives');
  const packages = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  report(`Unpacking ${packages.length} packages`);
  for (const name of packages) {
    const { code, output } = await run(
      'dpkg',
      ['-x', join(archives, name), join(work, 'root')],
      120_000,
    );
    if (code !== 0) throw new Error(`${name} does not unpack: ${lastLine(output)}`);
  }
}

/** Checks that the program starts, then moves the tree to its place by one rename. */
async function finish<Installation>(
  program: DebianProgram<Installation>,
  root: string,
  { tree, version }: Record<'tree' | 'version', string>,
  report: (line: string) => void,
): Promise<Installation | undefined> {
  const made = await describe(program, root, version);
  if (!made) throw new Error(`the unpacked ${program.name} lacks a part`);
  await program.prove(made);
  await writeFile(join(root, READY_FILE), `${JSON.stringify({ version })}\n`);
  await rm(tree, { recursive: true, force: true });
  await rename(root, tree);
  report(`${program.name} ${version} is ready in ${tree}`);
  return await describe(program, tree, version);
}

/**
 * Lets one process unpack while the others wait. The lock only saves work: a tree appears by one
 * rename, so two processes that both hold the lock do no harm.
 */
async function lock(
  file: string,
  whileWaiting: string,
  report: (line: string) => void,
): Promise<() => Promise<void>> {
  let waiting = false;
  const taken = await waitUntil(
    async () => {
      if (
        await writeFile(file, String(process.pid), { flag: 'wx' }).then(
          () => true,
          () => false,
        )
      )
        return true;
      const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
      const age =
        Date.now() -
        (await stat(file).then(
          (found) => found.mtimeMs,
          () => Date.now(),
        ));
      if ((holder > 0 && !isAlive(holder)) || age > LOCK_AGE_MAX_MS)
        await rm(file, { force: true });
      else if (!waiting) report(whileWaiting);
      waiting = true;
      return false;
    },
    LOCK_AGE_MAX_MS * 2,
    200,
  );
  if (!taken) throw new Error(`${file} could not be taken`);
  return () => rm(file, { force: true });
}

async function firstThatExists(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}

export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
