import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-command-line.ts';

/**
 * Which test file runs in which suite. Files of the real suite need an Asterisk or a browser and
 * are listed here. Every other test file is in the quick suite, so a new folder needs no entry.
 */
export const REAL = [
  'test/asterisk',
  'test/browser',
  'test/web',
  'test/docker/asterisk-container.test.ts',
  'test/http/sip-proxy-asterisk.test.ts',
];

export type Suites = {
  readonly quick: readonly string[];
  readonly real: readonly string[];
  /** Sentences about tests that no suite runs and entries that name no test. */
  readonly problems: readonly string[];
};

/** The runner's test files: `include` of config/vitest.config.ts. */
const TEST = /^test\/.+\.test\.tsx?$/;
/** Files that look like tests, in any folder. */
const LOOKS_LIKE_TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;

/** Sorts files, by their paths from the root, into suites. */
export function suitesOf(files: readonly string[], realPaths: readonly string[] = REAL): Suites {
  const tests = files.filter((file) => TEST.test(file));
  const isIn = (path: string, file: string): boolean =>
    file === path || file.startsWith(`${path}/`);
  const isReal = (file: string): boolean => realPaths.some((path) => isIn(path, file));
  const quick = tests.filter((file) => !isReal(file));
  const strays = files.filter((file) => LOOKS_LIKE_TEST.test(file) && !TEST.test(file));
  const dead = realPaths.filter((path) => !tests.some((file) => isIn(path, file)));
  return {
    quick,
    real: tests.filter(isReal),
    problems: [
      ...strays.map((file) => `${file} is in no suite: a test is test/….test.ts or .tsx`),
      ...dead.map((path) => `${path} is listed in the real suite and names no test`),
      ...(quick.length === 0 ? ['the quick suite is empty'] : []),
    ],
  };
}

/** Every file of the repository by its path from the root, without packages and tools' caches. */
export function filesOfTree(): readonly string[] {
  return readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => {
    const isOurs = entry.isDirectory() && !entry.name.startsWith('.');
    return isOurs && entry.name !== 'node_modules' ? filesBelow(entry.name) : [];
  });
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
