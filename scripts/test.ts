import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { bin, ROOT, run } from './run-command-line.ts';
import { filesOfTree, suitesOf } from './test-suites.ts';

/**
 * Runs the tools' checks, then the tests, quick ones first. Tests with the real Asterisk or a
 * browser run one file at a time, because two cores carry only one floor. Words after the command
 * select tests: `npm test -- test/engine`.
 */
const RESULTS = join(ROOT, '.cadencia', 'test-results');

type Count = { passed: number; failed: number };

const only = process.argv.slice(2);
const total: Count = { passed: 0, failed: 0 };
rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
installPrograms();
if (only.length > 0) {
  await vitest('chosen', only, [], 1);
} else {
  count(await run(process.execPath, ['--import', 'tsx', 'scripts/check.ts']), 'check');
  const { quick, real } = suitesOf(filesOfTree());
  await vitest('quick', quick, ['--retry=1'], quick.length);
  await build((line) => console.log(line));
  // Tests in real time with real audio may fail because two cores are busy, so they are retried.
  await vitest('real', real, ['--no-file-parallelism', '--retry=2'], real.length);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function vitest(
  name: string,
  paths: readonly string[],
  more: readonly string[],
  filesMin: number,
): Promise<void> {
  const file = join(RESULTS, `${name}.json`);
  const code = await run(bin('vitest'), [
    'run',
    '--config',
    'config/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...more,
    ...paths,
  ]);
  if (!existsSync(file)) {
    count(1, `vitest ${name}`);
    return;
  }
  const result = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    testResults: readonly unknown[];
  };
  total.passed += result.numPassedTests;
  // A file that failed to load has no failed test but is not a success.
  total.failed += Math.max(result.numFailedTests, code === 0 ? 0 : 1);
  if (result.testResults.length < filesMin) {
    count(1, `vitest ${name}: ${result.testResults.length} of ${filesMin} files ran, which`);
  }
}

function count(code: number, name: string): void {
  if (code === 0) total.passed += 1;
  else total.failed += 1;
  if (code !== 0) console.error(`${name} failed`);
}

/** Debian's own browser and SIP load generator; nothing is downloaded from anywhere else. */
function installPrograms(): void {
  const wanted = [
    { program: '/usr/bin/chromium', package: 'chromium' },
    { program: '/usr/bin/sipp', package: 'sip-tester' },
  ].filter(({ program }) => !existsSync(program));
  if (wanted.length === 0) return;
  const packages = wanted.map((one) => one.package);
  console.log(`Installing ${packages.join(' and ')} for the tests…`);
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `The tests need ${packages.join(' and ')}: install them with your package manager.`,
    );
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env: environment });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: environment,
  });
}
