import { execFileSync } from 'node:child_process';
import { bin, ROOT, run } from './run-command-line.ts';
import { filesOfTree, suitesOf } from './test-suites.ts';

/**
 * Everything a tool can hold: types, lint and format, who may import whom, and that every test runs.
 * The imports fail when too few modules were seen, because a tool that reads nothing reports success.
 */
const MODULES_MIN = 100;
const SOURCES = ['src', 'test', 'scripts', 'config'];

const results = [
  await step('types', () => run(bin('tsc'), ['-p', 'tsconfig.json'])),
  await step('lint and format', () =>
    run(bin('biome'), ['check', '--error-on-warnings', ...SOURCES]),
  ),
  await step('imports', imports),
  await step('test suites', suites),
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
