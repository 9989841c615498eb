import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { databaseOf } from '../../src/commands/database.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const SERVER = 'postgres://cadencia:senha@127.0.0.1:5432/cadencia';

afterEach(() => vi.unstubAllEnvs());

test('a named database wins over the settings, and the server over the file', () => {
  vi.stubEnv('CADENCIA_DATABASE_URL', '');
  vi.stubEnv('CADENCIA_DATABASE_FILE', '');
  expect(databaseOf(undefined)).toBe(resolve('.cadencia/cadencia.db'));
  vi.stubEnv('CADENCIA_DATABASE_FILE', '/var/lib/cadencia/floor.db');
  expect(databaseOf(undefined)).toBe('/var/lib/cadencia/floor.db');
  vi.stubEnv('CADENCIA_DATABASE_URL', SERVER);
  expect(databaseOf(undefined)).toBe(SERVER);
  expect(databaseOf('other.db')).toBe(resolve('other.db'));
  expect(databaseOf(SERVER.replace('senha', 'outra'))).toContain('outra');
});

test.each(['banana', 'mysql://127.0.0.1/cadencia', 'postgres://127.0.0.1', '/var/lib/floor.db'])(
  'an address that is no PostgreSQL server is refused and not taken for a file: %s',
  (url) => {
    vi.stubEnv('CADENCIA_DATABASE_URL', url);
    expect(() => databaseOf(undefined)).toThrow(
      'CADENCIA_DATABASE_URL is not like postgres://user:password@host:5432/name',
    );
  },
);

test('a command with a wrong address says so and makes no file', async () => {
  const run = promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'src/commands/user.ts', 'list'],
    { cwd: ROOT, env: { ...process.env, CADENCIA_DATABASE_URL: 'banana' } },
  );
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('CADENCIA_DATABASE_URL is not like'),
  });
  expect(existsSync(join(ROOT, 'banana'))).toBe(false);
}, 60_000);
