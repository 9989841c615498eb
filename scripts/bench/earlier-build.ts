import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run-command-line.ts';

/** A checked-out build, whose modules a measurement imports. */
export type Build = { readonly name: string; readonly root: string };

/** What a measurement runs; the settings of tools would be taken for ours. */
const NEEDED = ['src', 'scripts', 'config', 'asterisk', 'package.json', 'tsconfig.json'] as const;

/**
 * The build of an earlier commit, in a folder under `.cadencia/bench/`. It runs on this Node and on this
 * build's packages, so that only our own code differs; its Asterisk is ours.
 *
 * @throws Error when the repository does not have the commit.
 */
export function earlierBuild(commit: string): Build {
  const id = git('rev-parse', '--verify', `${commit}^{commit}`).trim();
  const root = join(ROOT, '.cadencia/bench', id.slice(0, 12));
  if (!existsSync(root)) {
    const unfinished = `${root}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    const archive = execFileSync('git', ['archive', '--format=tar', id, ...NEEDED], {
      cwd: ROOT,
      maxBuffer: 256 * 1024 * 1024,
    });
    execFileSync('tar', ['-x', '-C', unfinished], { input: archive });
    renameSync(unfinished, root);
  }
  link('node_modules', root);
  link('.cadencia/asterisk', root);
  return { name: id.slice(0, 7), root };
}

function git(...words: readonly string[]): string {
  try {
    return execFileSync('git', [...words], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  } catch {
    throw new Error(`git ${words.join(' ')}: this clone does not have that commit`);
  }
}

/** The same files under another name: packages find each other by where they lie. */
function link(folder: string, root: string): void {
  const from = join(ROOT, folder);
  const to = join(root, folder);
  // Made anew each time: ours change, and a copy may have been broken off.
  rmSync(to, { recursive: true, force: true });
  if (!existsSync(from)) return;
  mkdirSync(join(to, '..'), { recursive: true });
  execFileSync('cp', ['-al', from, to]);
}
