import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type NeededByBackups, runKeysCommand } from '../../src/commands/keys.ts';
import { operatorId } from '../../src/engine/ports/audit.ts';
import { openKeyRing } from '../../src/keys/key-ring-file.ts';
import { keysOfCopies } from '../../src/storage/copied-keys.ts';
import { copyDatabase } from '../../src/storage/copy-database.ts';
import { aTrunk, insertOperation, openTestStorage, TEST_KEY } from '../support/store.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const NOTHING = new Map<string, number>();

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cadencia-keys-'));
  file = join(folder, 'key-ring');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NO_BACKUPS: NeededByBackups = { folder: '/copies', copies: NOTHING, unread: [] };
const rotate = (needed = NOTHING) =>
  runKeysCommand('rotate', { file }, { needed, backups: NO_BACKUPS }, '2026-11-22');
const list = (needed = NOTHING, backups: NeededByBackups = NO_BACKUPS) =>
  runKeysCommand('list', { file }, { needed, backups }, '2026-11-22');

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
  expect(said[1]).toMatch(/current +0 values, 0 backups$/);
  expect(said[2]).toMatch(/may be removed +0 values, 0 backups$/);
  expect(said[3]).toMatch(/still needed +12 values, 0 backups$/);
  for (const line of readFileSync(file, 'utf8').split('\n').slice(2, 5)) {
    expect(said.join()).not.toContain(line.split(' ')[2]);
  }
});

test('says of no key that a backup needs, or one that is not read may need, that it may be removed', () => {
  rotate();
  const first = openKeyRing({ file }).currentId;
  rotate();
  const lineOfFirst = (backups: NeededByBackups) =>
    list(NOTHING, backups)
      .split('\n')
      .find((line) => line.startsWith(first));
  const two = { ...NO_BACKUPS, copies: new Map([[first, 2]]) };
  expect(lineOfFirst(two)).toMatch(/needed by backups +0 values, 2 backups$/);
  const broken = { ...NO_BACKUPS, unread: ['cadencia-2026-11-21T0330.db'] };
  expect(lineOfFirst(broken)).toContain('perhaps needed by backups');
  expect(list(NOTHING, broken)).toContain('cadencia-2026-11-21T0330.db in /copies cannot be read');
  const away: NeededByBackups = { folder: '/copies', because: 'EACCES' };
  expect(lineOfFirst(away)).toContain('perhaps needed by backups');
  expect(list(NOTHING, away)).toContain('The backups in /copies cannot be read (EACCES)');
  expect(list()).toContain('Backups outside of /copies were not looked into');
});

test('reads from each copy in a folder which keys it needs', async () => {
  const storage = await openTestStorage();
  try {
    await insertOperation(storage);
    await storage.setUp((tx) =>
      tx.saveTrunk(aTrunk({ registers: true, authentication: { username: 'u', password: 'p' } })),
    );
    copyDatabase(storage.database, join(folder, 'first.db'));
    copyDatabase(storage.database, join(folder, 'second.db'));
  } finally {
    await storage.dispose();
  }
  writeFileSync(join(folder, 'broken.db'), 'no database');
  writeFileSync(join(folder, 'notes.txt'), 'not looked into');
  const [id = ''] = TEST_KEY.split(' ');
  expect(await keysOfCopies(folder)).toEqual({
    copies: new Map([[id, 2]]),
    unread: ['broken.db'],
  });
});

test('a new key and a copy are in the audit trail, in the name of who ran the command', async () => {
  const storage = await openTestStorage();
  const run = (command: string, ...words: string[]) =>
    promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', `src/commands/${command}.ts`, ...words, '--database', storage.database],
      { cwd: ROOT, env: { ...process.env, CADENCIA_KEY_RING_FILE: file } },
    );
  try {
    await run('keys', 'rotate');
    await run('backup', join(folder, 'copy.db'));
    const byUserId = operatorId(userInfo().username);
    const [backup, key] = await storage.store.read((view) => view.auditEntries(2));
    const keyId = openKeyRing({ file }).currentId;
    expect(key).toMatchObject({
      ...{ byUserId, subject: 'key-ring', subjectId: keyId, change: 'key-made' },
    });
    expect(backup).toMatchObject({
      ...{ byUserId, subject: 'backup', subjectId: 'copy.db', change: 'backup-made' },
    });
    expect(backup?.to).toMatch(/^\d+\.\d MB$/);
  } finally {
    await storage.dispose();
  }
}, 60_000);

test('names a key that is gone, and makes no new ring where the old one was lost', () => {
  const needed = new Map([['3f9a1c2b7d04', 7]]);
  expect(() => rotate(needed)).toThrow(/is missing.*3f9a1c2b7d04/);
  rotate();
  expect(list(needed)).toContain('3f9a1c2b7d04  GONE: 7 values');
});

test('does not rotate a ring that is in the settings, and says what does', () => {
  const place = { file, text: TEST_KEY };
  expect(() =>
    runKeysCommand('rotate', place, { needed: NOTHING, backups: NO_BACKUPS }, '2026-11-22'),
  ).toThrow(/create-secrets/);
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
