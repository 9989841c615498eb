import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSettingsExample } from '../src/config.ts';
import { bin, ROOT, run } from './run-command-line.ts';
import { filesOfTree, suitesOf } from './test-suites.ts';
import { readSources, unusedExports } from './unused-exports.ts';

/**
 * Every check by a tool: types, lint and format, import rules, that every test runs, that no export
 * is only for tests, and that generated files are up to date (`-- --write` updates them). The
 * import check fails when it saw too few modules, because a tool that reads nothing reports
 * success.
 */
const MODULES_MIN = 100;
const SOURCES = ['src', 'test', 'scripts', 'config'];

/**
 * Exports that only tests may use, with the reason. An entry without a name stands for the whole
 * file.
 */
const FOR_TESTS: Readonly<Record<string, string>> = {
  'src/simulator/behaviours.ts': 'telephones and voices that days and tests choose from',
};

const results = [
  await step('types', () => run(bin('tsc'), ['-p', 'tsconfig.json'])),
  await step('lint and format', () =>
    run(bin('biome'), ['check', '--error-on-warnings', ...SOURCES]),
  ),
  await step('imports', imports),
  await step('test suites', suites),
  await step('exports in use', exportsInUse),
  await step('settings example', settingsExample),
];
process.exit(results.every(Boolean) ? 0 : 1);

async function step(name: string, check: () => Promise<number>): Promise<boolean> {
  const code = await check();
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  return code === 0;
}

async function suites(): Promise<number> {
  const { quick, real, problems } = suitesOf(filesOfTree());
  for (const problem of problems) console.error(problem);
  console.log(`     ${quick.length} quick test files, ${real.length} with a PBX or a browser`);
  return problems.length === 0 ? 0 : 1;
}

async function exportsInUse(): Promise<number> {
  const unused = unusedExports(readSources());
  const wrong = unused.filter(
    ({ file, name }) => !(file in FOR_TESTS || `${file} ${name}` in FOR_TESTS),
  );
  for (const { file, name } of wrong) {
    console.error(
      `${file}: nothing but tests uses ${name}. Use it in the product, or delete it with its tests.`,
    );
  }
  const needless = Object.keys(FOR_TESTS).filter(
    (exempt) => !unused.some(({ file, name }) => exempt === file || exempt === `${file} ${name}`),
  );
  for (const exempt of needless) {
    console.error(`${exempt}: no export of it is used only by tests. Remove it from FOR_TESTS.`);
  }
  return wrong.length + needless.length === 0 ? 0 : 1;
}

async function settingsExample(): Promise<number> {
  const file = join(ROOT, 'config', 'settings.example.env');
  const wanted = renderSettingsExample();
  if (process.argv.includes('--write')) writeFileSync(file, wanted);
  if (readFileSync(file, 'utf8') === wanted) return 0;
  console.error(`${file} is not what src/config.ts says: npm run check -- --write`);
  return 1;
}

async function imports(): Promise<number> {
  const parameters = ['--config', 'config/import-rules.mjs', 'src'];
  const code = await run(bin('depcruise'), parameters);
  if (code !== 0) return code;
  const report = execFileSync(bin('depcruise'), [...parameters, '--output-type', 'json'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  const { summary, modules } = JSON.parse(report) as {
    summary: { totalCruised: number };
    modules: { source: string; dependencies: unknown[] }[];
  };
  const ours = modules.filter((module) => module.source.startsWith('src/'));
  const withImports = ours.filter((module) => module.dependencies.length > 0);
  if (ours.length < MODULES_MIN || withImports.length < ours.length / 2) {
    console.error(
      `The import rules saw ${ours.length} modules of ours (${summary.totalCruised} in all), ` +
        `${withImports.length} with imports: too few to mean anything.`,
    );
    return 1;
  }
  console.log(`     ${ours.length} modules, ${summary.totalCruised} with their packages`);
  return 0;
}
