/**
 * A disk that fills up: what is reported, what is refused, and that everything recovers by itself.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../src/engine/commands.ts';
import { watchFreeSpace } from '../../src/storage/free-space.ts';
import { roomOf } from '../../src/storage/room.ts';
import { openStorage } from '../../src/storage/store.ts';
import { tellRoom } from '../../src/watches.ts';
import { aRow, importAll, insertOperation, NOON } from '../support/store.ts';
import { aFact } from '../support/store-records.ts';
import { World } from '../support/world.ts';

const KIB = 1024;
const LIMITS = { lowBelowBytes: 1_000 * KIB, fullBelowBytes: 400 * KIB };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cadencia-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the room on a disk', () => {
  it('is low before it is full, and recovers only with some more than the limit', () => {
    const free = [2_000, 999, 1_001, 1_101, 399, 401, 441, 1_099, 1_101];
    let room: ReturnType<typeof roomOf> = 'ok';
    const rooms = free.map((kib) => {
      room = roomOf(room, kib * KIB, LIMITS);
      return room;
    });
    expect(rooms).toEqual(['ok', 'low', 'low', 'ok', 'full', 'full', 'low', 'low', 'ok']);
  });

  it('is that of the fullest disk; ballast does not count and goes when needed', async () => {
    const free = { database: 5_000 * KIB, log: 9_000 * KIB };
    const file = join(folder, 'ballast');
    const heldNow = () => (existsSync(file) ? statSync(file).size : 0);
    const watch = watchFreeSpace({
      paths: ['database', 'log'],
      ballast: { file, path: 'database', bytes: 300 * KIB },
      limits: LIMITS,
      freeBytesOf: async (path) => free[path as keyof typeof free] - heldNow(),
    });
    expect((await watch.look()).room).toBe('ok');
    expect(heldNow()).toBe(300 * KIB);
    expect(statSync(file).mode & 0o077).toBe(0);
    free.log = 1_000 * KIB;
    expect(await watch.look()).toEqual({ room: 'low', freeBytes: 700 * KIB });
    free.database = 450 * KIB;
    expect(await watch.look()).toEqual({ room: 'full', freeBytes: 150 * KIB });
    expect(heldNow()).toBe(0);
    // The room that the ballast gave up is for calls; dialing does not begin again in it.
    expect((await watch.look()).room).toBe('full');
    free.database = 9_000 * KIB;
    free.log = 9_000 * KIB;
    expect((await watch.look()).room).toBe('ok');
    expect(heldNow()).toBe(300 * KIB);
  });

  it('leaves the ballast alone while only another disk is full', async () => {
    const free = { database: 9_000 * KIB, log: 100 * KIB };
    const file = join(folder, 'ballast');
    const watch = watchFreeSpace({
      paths: ['database', 'log'],
      ballast: { file, path: 'database', bytes: 300 * KIB },
      limits: LIMITS,
      freeBytesOf: async (path) => free[path as keyof typeof free],
    });
    expect(await watch.look()).toEqual({ room: 'full', freeBytes: 100 * KIB });
    await watch.look();
    expect(statSync(file).size).toBe(300 * KIB);
  });

  it('is measured once for all callers at the same moment', async () => {
    let measured = 0;
    const watch = watchFreeSpace({
      paths: ['database'],
      ballast: { file: join(folder, 'ballast'), path: 'database', bytes: 300 * KIB },
      limits: LIMITS,
      freeBytesOf: async () => {
        measured += 1;
        return 9_000 * KIB;
      },
    });
    await watch.look();
    const once = measured;
    const [first, second] = await Promise.all([watch.look(), watch.look()]);
    expect(measured).toBe(2 * once);
    expect(second).toBe(first);
    await watch.look();
    expect(measured).toBe(3 * once);
  });

  it('is reported and recovers although no ballast can be made', async () => {
    const free = { now: 5_000 * KIB };
    const watch = watchFreeSpace({
      paths: ['database'],
      ballast: { file: join(folder, 'no such folder', 'ballast'), path: 'disk', bytes: 300 * KIB },
      limits: LIMITS,
      freeBytesOf: async () => free.now,
    });
    expect((await watch.look()).room).toBe('ok');
    free.now = 500 * KIB;
    expect((await watch.look()).room).toBe('full');
    free.now = 9_000 * KIB;
    expect((await watch.look()).room).toBe('ok');
  });

  it('logs once that no ballast can be made, and makes it when possible', async () => {
    const warned: string[] = [];
    const inTheWay = join(folder, 'later');
    const file = join(inTheWay, 'ballast');
    const watch = watchFreeSpace({
      paths: ['database'],
      ballast: { file, path: 'disk', bytes: 300 * KIB },
      limits: LIMITS,
      log: { warn: (_fields: object, text: string) => warned.push(text) } as never,
      freeBytesOf: async () => 5_000 * KIB,
    });
    for (let look = 0; look < 20; look += 1) await watch.look();
    expect(warned).toEqual(['ballast on the disk could not be made']);
    mkdirSync(inTheWay);
    for (let look = 0; look < 20; look += 1) await watch.look();
    expect(statSync(file).size).toBe(300 * KIB);
    expect(warned.slice(1)).toEqual(['ballast on the disk was made at last']);
  });

  it('stays what it was while it cannot be measured', async () => {
    let fails = false;
    const watch = watchFreeSpace({
      paths: ['database'],
      ballast: { file: join(folder, 'ballast'), path: 'disk', bytes: 0 },
      limits: LIMITS,
      async freeBytesOf() {
        if (fails) throw new Error('no such disk');
        return 500 * KIB;
      },
    });
    await watch.look();
    fails = true;
    expect((await watch.look()).room).toBe('low');
  });
});

const hasSmallDisk = process.getuid?.() === 0 && canMount();

describe.skipIf(!hasSmallDisk)('a real disk of 8 MB (needs root, to mount one)', () => {
  beforeEach(() => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]);
  });
  afterEach(() => {
    execFileSync('umount', ['-l', folder]);
  });

  it('stores what calls need out of the ballast when full, but imports no list', async () => {
    const file = join(folder, 'cadencia.db');
    const watch = watchFreeSpace({
      paths: [folder],
      ballast: { file: `${file}.ballast`, path: folder, bytes: 1_024 * KIB },
      limits: LIMITS,
    });
    const looks: Promise<unknown>[] = [];
    const storage = await openStorage({
      database: file,
      now: () => NOON,
      random: Math.random,
      isDiskFull: () => watch.measured().room === 'full',
      onDiskFull: () => looks.push(watch.look()),
    });
    await insertOperation(storage);
    expect((await watch.look()).room).toBe('ok');

    // Another program takes the rest; calls still find room inside the log for a while.
    const filler = join(folder, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(9_000 * KIB))).toThrow('ENOSPC');
    let stored = 0;
    const storeOne = () => storage.setUp((tx) => tx.appendFacts('engine', [aFact(stored + 1)]));
    while (looks.length === 0 && stored < 2_000) {
      stored += await storeOne().then(
        () => 1,
        () => 0,
      );
    }
    await Promise.all(looks);
    expect(existsSync(`${file}.ballast`)).toBe(false);
    await storeOne();
    const rows = Array.from({ length: 40 }, (_, index) => aRow({ externalId: `F-${index}` }));
    await expect(importAll(storage.lists, rows)).rejects.toMatchObject({ cause: 'full' });

    rmSync(filler);
    expect((await watch.look()).room).toBe('ok');
    expect(statSync(`${file}.ballast`).size).toBe(1_024 * KIB);
    expect((await importAll(storage.lists, rows)).results).toHaveLength(40);
    await storage.close();
  });
});

describe('an engine on a disk that fills up', () => {
  it('dials nobody while it is full, and dials again when it is not', async () => {
    const world = await World.begin({ agents: 2 });
    const disk = { room: 'full' as 'ok' | 'full', freeBytes: 40_000_000 };
    const tell = tellRoom(
      { look: async () => disk },
      { run: (command: Command) => world.run(command) },
    );
    await tell();
    await world.pass(10);
    for (const n of [1, 2]) await world.agentComes(n);
    await world.pass(30_000);
    expect(world.network.dialed).toEqual([]);
    expect(world.engine.health().storage).toMatchObject({ room: 'full', freeBytes: 40_000_000 });
    disk.room = 'ok';
    await tell();
    await world.pass(5_000);
    expect(world.network.dialed.length).toBeGreaterThan(0);
    await world.end();
  });
});

/** In a container without the right to do so, no disk can be mounted. */
function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'cadencia-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
