/**
 * The door to every command of package.json. Plain JavaScript that needs nothing installed, because
 * on a fresh machine installing is the first thing it does.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MIN = [20, 19, 0];
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What each command runs, once the packages are there. */
const COMMANDS = {
  start: ['scripts/start.ts'],
  test: ['scripts/test.ts'],
  check: ['scripts/check.ts'],
  build: ['scripts/build.ts'],
  user: ['scripts/user.ts'],
  operation: ['scripts/operation.ts'],
  'import-leads': ['scripts/import-leads.ts'],
  bench: ['scripts/bench.ts'],
  simulate: ['scripts/simulate.ts'],
  soak: ['scripts/soak.ts'],
};

function main() {
  const [name, ...rest] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) fail(`Unknown command "${name}". One of: ${Object.keys(COMMANDS).join(', ')}.`);
  checkNode();
  installIfNeeded();
  process.chdir(root);
  const child = spawn(process.execPath, ['--import', 'tsx', ...command, ...rest], {
    stdio: 'inherit',
    cwd: root,
  });
  // Ctrl+C reaches both of us, a signal sent to this process only one: whoever asks this one to end
  // means the command, which ends in order and may take its time.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.once('error', (error) => fail(error.message));
  child.once('exit', (code) => process.exit(code ?? 1));
}

function checkNode() {
  const now = process.versions.node.split('.').map(Number);
  const difference = NODE_MIN.map((part, index) => (now[index] ?? 0) - part).find((d) => d !== 0);
  if ((difference ?? 0) < 0) {
    fail(`Node ${NODE_MIN.join('.')} or newer is needed; this is ${process.versions.node}.`);
  }
}

/** npm keeps a copy of the lock file beside what it installed; a difference means an old installation. */
function installIfNeeded() {
  const wanted = lockedPackages(join(root, 'package-lock.json'));
  const installed = lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  const missing = Object.entries(wanted).filter(
    ([path, entry]) => path !== '' && !entry.optional && installed[path]?.version !== entry.version,
  );
  if (missing.length === 0) return;
  console.log(
    `Installing ${missing.length} packages (better-sqlite3 is compiled, about a minute)…`,
  );
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `npm ci`: npm 11 refuses a lock file without the packages that other platforms would need, and
  // not every registry has those. The locked versions and their checksums hold for both.
  const parameters = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawnSync(npm, parameters, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'development' },
  });
  if (child.status !== 0) {
    fail(
      'npm install failed. A C++ compiler, make and python3 are needed to build better-sqlite3.',
    );
  }
}

function lockedPackages(file) {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).packages ?? {}) : {};
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

main();
