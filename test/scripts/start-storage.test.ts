import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { databaseOf, prepareStorage } from '../../scripts/start-parts.ts';
import { openKeyRing } from '../../src/keys/key-ring-file.ts';
import { startProblem } from '../../src/start-problem.ts';
import { openStorage } from '../../src/storage/store.ts';
import { aTrunk, ENTITY } from '../support/store.ts';

let folder: string;
let ring: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cadencia-start-'));
  ring = join(folder, 'key-ring');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the first start makes a key ring, and the next ones keep it', async () => {
  await prepareStorage({ folder });
  const { currentId } = openKeyRing({ file: ring });
  await prepareStorage({ folder });
  expect(openKeyRing({ file: ring }).currentId).toBe(currentId);
});

test('a start with a wrong address of a server is refused, and makes no file of that name', async () => {
  vi.stubEnv('CADENCIA_DATABASE_URL', join(folder, 'banana'));
  await expect(prepareStorage({ folder })).rejects.toThrow('CADENCIA_DATABASE_URL is not like');
  expect(existsSync(join(folder, 'banana'))).toBe(false);
  vi.unstubAllEnvs();
});

test('a start without the ring that sealed something is refused, and makes no other', async () => {
  await prepareStorage({ folder });
  const storage = await openStorage({
    database: databaseOf({ folder }),
    keys: openKeyRing({ file: ring }),
    now: Date.now,
    random: Math.random,
  });
  const authentication = { username: 'casa', password: 'senha' };
  await storage.setUp(async (tx) => {
    await tx.saveLegalEntity(ENTITY);
    await tx.saveTrunk(aTrunk({ authentication }));
  });
  await storage.close();
  rmSync(ring);
  const problem = startProblem(await prepareStorage({ folder }).catch((error: unknown) => error));
  expect(problem.kind).toBe('configuration');
  expect(problem.sentence).toContain(`the key ring ${ring} is missing`);
  expect(existsSync(ring)).toBe(false);
});
