/**
 * Runs every command of package.json. It is plain JavaScript for any Node from 18 on and needs no
 * packages, because on a fresh machine it first installs them, and Node itself if the machine's own
 * is too old.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const RUNTIME_FOLDER = join(root, '.cadencia', 'runtime');
/** The runtime as a package, with its checksum: `package-lock.json` beside it. */
const RUNTIME_RECIPE = join(root, 'config', 'runtime');

/** What each command runs, once the packages are there. */
const COMMANDS = {
  start: ['scripts/start.ts'],
  test: ['scripts/test.ts'],
  check: ['scripts/check.ts'],
  build: ['scripts/build.ts'],
  user: ['src/commands/user.ts'],
  operation: ['src/commands/operation.ts'],
  'import-leads': ['src/commands/import-leads.ts'],
  backup: ['src/commands/backup.ts'],
  keys: ['src/commands/keys.ts'],
  bench: ['scripts/bench/bench.ts'],
  simulate: ['scripts/simulate.ts'],
  soak: ['scripts/soak.ts'],
};

function main() {
  const [name, ...rest] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) fail(`Unknown command "${name}". One of: ${Object.keys(COMMANDS).join(', ')}.`);
  const node = isNewEnough(process.versions.node) ? process.execPath : ownNode();
  // npm and the packages' tools find Node by the PATH.
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  const env = { ...process.env, PATH };
  installIfNeeded(env);
  process.chdir(root);
  const child = spawn(node, ['--import', 'tsx', ...command, ...rest], {
    stdio: 'inherit',
    cwd: root,
    env,
  });
  // Ctrl+C reaches both processes, but a signal sent to this one does not reach the command. It is
  // passed on, and the command ends in its own time.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.once('error', (error) => fail(error.message));
  child.once('exit', (code) => process.exit(code ?? 1));
}

/** The oldest Node the product runs on, from `engines` in package.json. */
function oldestNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return engines.node.replace('>=', '');
}

function isNewEnough(version) {
  const [now, oldest] = [version, oldestNode()].map((text) => text.split('.').map(Number));
  const difference = oldest.map((part, index) => now[index] - part).find((d) => d !== 0);
  return (difference ?? 0) >= 0;
}

/** The Node program under `.cadencia/`, installed first if it is missing or of another version. */
function ownNode() {
  const name = `node-${process.platform}-${process.arch}`;
  const wanted = lockedPackages(join(RUNTIME_RECIPE, 'package-lock.json'))[`node_modules/${name}`];
  const tooOld = `Node ${oldestNode()} or newer is needed, and this is ${process.versions.node}`;
  if (!wanted) {
    fail(`${tooOld}. Install Node 24 and try again: none can be had for ${name} as a package.`);
  }
  const program = join(RUNTIME_FOLDER, 'node_modules', name, 'bin', 'node');
  if (versionOf(program) === wanted.version) return program;
  console.log(`${tooOld}: taking Node ${wanted.version} into .cadencia/runtime…`);
  const made = `${RUNTIME_FOLDER}-${process.pid}`;
  // Only the owner may read files under .cadencia/.
  const umask = process.umask(0o077);
  mkdirSync(made, { recursive: true });
  const recipe = ['package.json', 'package-lock.json'].map((file) => join(RUNTIME_RECIPE, file));
  for (const file of [...recipe, join(root, '.npmrc')]) {
    writeFileSync(join(made, basename(file)), readFileSync(file));
  }
  const code = npmInstall(made, process.env);
  process.umask(umask);
  const got = versionOf(program.replace(RUNTIME_FOLDER, made));
  if (code !== 0 || got !== wanted.version) {
    rmSync(made, { recursive: true, force: true });
    fail(`${tooOld}. Install Node 24 and try again: npm could not get ${name} ${wanted.version}.`);
  }
  try {
    // Another command may have installed the same version meanwhile and already run on it.
    if (versionOf(program) !== wanted.version) {
      rmSync(RUNTIME_FOLDER, { recursive: true, force: true });
      renameSync(made, RUNTIME_FOLDER);
    }
  } catch (error) {
    if (versionOf(program) !== wanted.version) {
      fail(`${tooOld}. It was taken and cannot be put into .cadencia/runtime: ${error.message}`);
    }
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return program;
}

function versionOf(program) {
  const { stdout, status } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().replace('v', '') : undefined;
}

/**
 * npm keeps a copy of the lock file with the packages; a difference means that the installation is
 * old.
 */
function installIfNeeded(env) {
  const wanted = lockedPackages(join(root, 'package-lock.json'));
  const installed = lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  const missing = Object.entries(wanted).filter(
    ([path, entry]) => path !== '' && !entry.optional && installed[path]?.version !== entry.version,
  );
  if (missing.length === 0) return;
  console.log(`Installing ${missing.length} packages…`);
  if (npmInstall(root, { ...env, NODE_ENV: 'development' }) !== 0) {
    fail('npm install failed. Mend what it says above and start again; nothing else was done.');
  }
}

/**
 * Uses `npm install`, not `npm ci`: npm 11's `ci` refuses a lock file without the packages of other
 * platforms, which not every registry has. Both respect the locked versions and checksums.
 */
function npmInstall(folder, env) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const parameters = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  return spawnSync(npm, parameters, { cwd: folder, stdio: 'inherit', env }).status ?? 1;
}

function lockedPackages(file) {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).packages ?? {}) : {};
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

main();
