import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runKeysCommand } from '../../src/commands/keys.ts';
import { openKeyRing } from '../../src/keys/key-ring-file.ts';
import { TEST_KEY } from '../support/store.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const NOTHING = new Map<string, number>();

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cadencia-keys-'));
  file = join(folder, 'key-ring');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rotate = (needed = NOTHING) => runKeysCommand('rotate', { file }, needed, '2026-11-22');
const list = (needed = NOTHING) => runKeysCommand('list', { file }, needed, '2026-11-22');

test('makes the first key, then puts new ones in front of it', () => {
  expect(rotate()).toContain('is made');
  const first = openKeyRing({ file }).currentId;
  rotate();
  const ring = openKeyRing({ file });
  expect(ring.keys.map(({ id }) => id)).toEqual([ring.currentId, first]);
});

test('lists keys by what they are needed for, and shows none of them', () => {
  rotate();
  const first = openKeyRing({ file }).currentId;
  rotate();
  rotate();
  const said = list(new Map([[first, 12]])).split('\n');
  expect(said[1]).toMatch(/current +0 values$/);
  expect(said[2]).toMatch(/may be removed +0 values$/);
  expect(said[3]).toMatch(/still needed +12 values$/);
  for (const line of readFileSync(file, 'utf8').split('\n').slice(2, 5)) {
    expect(said.join()).not.toContain(line.split(' ')[2]);
  }
});

test('names a key that is gone, and makes no new ring where the old one was lost', () => {
  const needed = new Map([['3f9a1c2b7d04', 7]]);
  expect(() => rotate(needed)).toThrow(/is missing.*3f9a1c2b7d04/);
  rotate();
  expect(list(needed)).toContain('3f9a1c2b7d04  GONE: 7 values');
});

test('does not rotate a ring that is in the settings, and says what does', () => {
  const place = { file, text: TEST_KEY };
  expect(() => runKeysCommand('rotate', place, NOTHING, '2026-11-22')).toThrow(/create-secrets/);
});

test('runs as a command, for a ring and a database where the settings say', async () => {
  const run = (...words: string[]) =>
    promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'src/commands/keys.ts', ...words, '--database', join(folder, 'none.db')],
      { cwd: ROOT, env: { ...process.env, CADENCIA_KEY_RING_FILE: file } },
    );
  await expect(run('list')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`there is no key ring ${file}`),
  });
  expect((await run('rotate')).stdout).toContain('is made');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await run('list')).stdout).toContain('current');
}, 60_000);
