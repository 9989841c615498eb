import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bin, ROOT, run } from './run-command-line.ts';

/**
 * Builds what production runs: the server by the TypeScript compiler, the consoles by Vite. It does
 * nothing while the sources are unchanged.
 */
export const BUILD_DIRECTORY = join(ROOT, '.cadencia', 'build');
const STAMP = join(BUILD_DIRECTORY, 'sources.sha256');
const SOURCES = ['src', 'config', 'package-lock.json', 'tsconfig.json'];

export async function build(report: (line: string) => void): Promise<void> {
  const stamp = stampOf(SOURCES);
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return;
  report('Building the server and the consoles…');
  rmSync(BUILD_DIRECTORY, { recursive: true, force: true });
  mkdirSync(BUILD_DIRECTORY, { recursive: true });
  await orFail('The server', bin('tsc'), ['-p', 'config/tsconfig.build.json']);
  await orFail('The consoles', bin('vite'), [
    'build',
    '--config',
    'config/vite.config.ts',
    '--logLevel',
    'warn',
  ]);
  writeFileSync(STAMP, stamp);
}

async function orFail(what: string, command: string, parameters: string[]): Promise<void> {
  const code = await run(command, parameters);
  if (code !== 0) throw new Error(`${what} could not be built; the lines above say why.`);
}

function stampOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    const full = join(ROOT, path);
    if (statSync(full).isDirectory()) {
      for (const entry of readdirSync(full).sort()) visit(join(path, entry));
    } else {
      hash.update(path).update(readFileSync(full));
    }
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build((line) => console.log(line));
}
