import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/run-command-line.ts';
import { filesOfTree } from '../../scripts/test-suites.ts';

type Manifest = {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
type Locked = {
  readonly version?: string;
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly engines?: { readonly node?: string };
};
type Semver = { satisfies(version: string, range: string): boolean };

const { satisfies } = createRequire(import.meta.url)('semver') as Semver;
const json = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const manifest = json('package.json') as Manifest;
const lock = json('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

/** What the image of the server is compiled from (docker/tsconfig.json): pages are built, not shipped. */
const SHIPPED =
  /^(src\/(?!web\/)|scripts\/asterisk\/|scripts\/(user|operation|import-leads)\.ts$|docker\/)/;
/** Imports that are there at run time; those of types alone are gone by then. */
const IMPORT =
  /^(?:import|export) (?!type )[^;]*?from '([^'.][^']*)'|^import '([^'.][^']*)'|\b(?:import|require)\('([^'.][^']*)'\)/gm;

function packagesImported(): ReadonlySet<string> {
  const sources = filesOfTree().filter((file) => SHIPPED.test(file) && file.endsWith('.ts'));
  const names = sources.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map(
      ([, from, alone, later]) => from ?? alone ?? later ?? '',
    ),
  );
  const packages = names.filter((name) => !name.startsWith('node:'));
  return new Set(packages.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name));
}

describe('the packages', () => {
  it('are each asked for from a version on, within its major', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    const others = ranges.filter(([, range]) => !/^\^\d+\.\d+\.\d+$/.test(range));
    expect(others).toEqual([]);
  });

  it('are locked as they are asked for, by each other too', () => {
    const listed = spawnSync('npm', ['ls', '--all', '--package-lock-only'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(listed.stderr).toBe('');
    expect(listed.stdout).not.toMatch(/invalid|extraneous|UNMET DEPENDENCY/);
    expect(listed.status).toBe(0);
    // The override of the nested one is in force only where the lock says so too.
    expect(lock.packages['node_modules/ari-client/node_modules/ws']).toBeUndefined();
  });

  it('all run on the oldest Node that the product promises to run on', () => {
    const oldest = /\d+\.\d+\.\d+/.exec(manifest.engines.node)?.[0] ?? '';
    const refusing = locked.filter(([, { engines }]) => !satisfies(oldest, engines?.node ?? '*'));
    expect(refusing.map(([path, { engines }]) => `${path} wants ${engines?.node}`)).toEqual([]);
    expect(locked.length).toBeGreaterThan(200);
  });

  it('come from any registry: the lock names none', () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('are for production exactly when the server or a shipped command imports them', () => {
    expect([...packagesImported()].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it('that pages and tools use are not shipped, with what they bring', () => {
    for (const name of ['sip.js', '@peculiar/x509', 'reflect-metadata', 'tslib', 'asn1js']) {
      expect(lock.packages[`node_modules/${name}`], name).toMatchObject({ dev: true });
    }
  });
});
