import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StorageRoom } from '../../src/engine/ports/store.ts';
import { noBackUpSince } from '../../src/jobs/back-up-files.ts';
import { type BackUpParts, backUps, nextBackUpAt } from '../../src/jobs/back-ups.ts';
import { createJobRunner, type JobRunner } from '../../src/jobs/run-jobs.ts';
import { DAY_MS, HOUR_MS } from '../../src/lib/time.ts';
import { insertOperation, openTestStorage, type TestStorage } from '../support/store.ts';

const ZONE = 'America/Sao_Paulo';
const EVENING = Date.parse('2026-11-23T20:00:00-03:00');
const NIGHT = Date.parse('2026-11-24T03:30:00-03:00');
const HALF_PAST_THREE = { atMinute: 210, zone: ZONE };

describe('the time of the next backup', () => {
  it.each([
    ['2026-11-23T20:00:00-03:00', '2026-11-24T03:30:00-03:00'],
    ['2026-11-24T03:29:59-03:00', '2026-11-24T03:30:00-03:00'],
    // At the very moment, the next night is meant.
    ['2026-11-24T03:30:00-03:00', '2026-11-25T03:30:00-03:00'],
    ['2026-12-31T23:59:00-03:00', '2027-01-01T03:30:00-03:00'],
  ])('after %s is %s', (now, next) => {
    expect(nextBackUpAt(Date.parse(now), HALF_PAST_THREE)).toBe(Date.parse(next));
  });
});

describe('the nightly backup', () => {
  let storage: TestStorage;
  let folder: string;
  let runner: JobRunner | undefined;
  let now = EVENING;
  let room: StorageRoom = 'ok';
  let freeBytes = 1e12;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cadencia-backups-'));
    storage = await openTestStorage({ now: () => now });
    await insertOperation(storage);
    [now, room, freeBytes] = [EVENING, 'ok', 1e12];
  });

  afterEach(async () => {
    await runner?.stop();
    await storage.dispose();
    rmSync(folder, { recursive: true });
  });

  async function start(given: Partial<BackUpParts> = {}): Promise<void> {
    const kind = backUps({
      ...HALF_PAST_THREE,
      ...{
        database: storage.database,
        folder: join(folder, 'backups'),
        kept: 2,
        leaveBytes: 1_000_000,
      },
      room: () => room,
      freeBytesAt: async () => freeBytes,
      random: Math.random,
      now: () => now,
      ...given,
    });
    runner = createJobRunner({
      ...{ jobs: storage.jobs, store: storage.store, kinds: [kind], holder: 'test' },
      ...{ log: pino({ level: 'silent' }), now: () => now, lookEveryMs: 10 },
    });
    await runner.start();
  }

  const backups = () => {
    const made = join(folder, 'backups');
    return existsSync(made) ? readdirSync(made).sort() : [];
  };
  const trail = async () =>
    (await storage.store.read((view) => view.auditEntries(20))).map((one) => one.change);
  const until = (condition: () => Promise<boolean> | boolean) =>
    expect.poll(condition, { timeout: 20_000, interval: 10 }).toBe(true);
  const night = async (number: number) => {
    now = NIGHT + (number - 1) * DAY_MS;
    await until(async () => (await trail()).length === number);
  };

  it('copies the database at its time, privately, and says so in the audit trail', async () => {
    await start();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(backups()).toEqual([]);
    await night(1);
    expect(backups()).toEqual(['cadencia-2026-11-24T0330.db']);
    const [entry] = await storage.store.read((view) => view.auditEntries(1));
    expect(entry).toMatchObject({
      ...{ subject: 'backup', subjectId: 'cadencia-2026-11-24T0330.db', change: 'backup-made' },
      to: expect.stringMatching(/^\d+\.\d MB$/),
    });
    const file = join(folder, 'backups', 'cadencia-2026-11-24T0330.db');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const copy = new Sqlite(file, { readonly: true });
    expect(copy.prepare('select count(*) as campaigns from campaign').get()).toEqual({
      campaigns: 2,
    });
    copy.close();
    expect(await storage.jobs.nextDueAt(['back-up'])).toBe(NIGHT + DAY_MS);
  });

  it('keeps the configured number, and touches nothing else in the folder', async () => {
    mkdirSync(join(folder, 'backups'));
    writeFileSync(join(folder, 'backups', 'before-the-move.db'), 'mine');
    await start();
    for (const number of [1, 2, 3]) await night(number);
    expect(backups()).toEqual([
      'before-the-move.db',
      'cadencia-2026-11-25T0330.db',
      'cadencia-2026-11-26T0330.db',
    ]);
  });

  it('recovers from a try that was killed while copying, or just before its end', async () => {
    const unfinished = join(folder, 'backups', '.unfinished');
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, 'cadencia-2026-11-24T0330.db'), 'half of a copy');
    await start();
    await night(1);
    expect(backups()).toEqual(['cadencia-2026-11-24T0330.db']);
    await runner?.stop();
    const whole = join(folder, 'backups', 'cadencia-2026-11-25T0330.db');
    writeFileSync(whole, 'a whole copy');
    await start();
    await night(2);
    expect(statSync(whole).size).toBe('a whole copy'.length);
  });

  it.each([
    ['the disk is low', { room: 'low', free: 1e12 }],
    ['the disk is full', { room: 'full', free: 1e12 }],
    ['the copy would make it low', { room: 'ok', free: 1_100_000 }],
  ] as const)(
    'is not made while %s, and is tried again later',
    async (_why, { room: given, free }) => {
      [room, freeBytes] = [given, free];
      await start();
      now = NIGHT;
      await until(async () => (await storage.jobs.nextDueAt(['back-up'])) === NIGHT + 15 * 60_000);
      expect([backups(), await trail()]).toEqual([[], ['backup-failed']]);
      // It is told once a day, however often it is looked at again.
      now += 15 * 60_000;
      await until(async () => (await storage.jobs.nextDueAt(['back-up'])) === NIGHT + 30 * 60_000);
      expect(await trail()).toEqual(['backup-failed']);
      [room, freeBytes] = ['ok', 1e12];
      now += 15 * 60_000;
      await until(async () => (await trail()).length === 2);
      expect(backups()).toEqual(['cadencia-2026-11-24T0330.db']);
    },
  );

  it('makes room by what a killed try left and by the oldest copies, never by the newest', async () => {
    const made = join(folder, 'backups');
    mkdirSync(join(made, '.unfinished'), { recursive: true });
    writeFileSync(join(made, '.unfinished', 'half.db'), 'half of a copy');
    for (const day of ['20', '21', '22']) {
      writeFileSync(join(made, `cadencia-2026-11-${day}T0330.db`), Buffer.alloc(3_000_000));
    }
    const bytes = statSync(storage.database).size + statSync(`${storage.database}-wal`).size;
    freeBytes = bytes + 1_000_000 - 2_000_000;
    await start({ kept: 7 });
    await night(1);
    expect(backups()).toEqual([
      'cadencia-2026-11-21T0330.db',
      'cadencia-2026-11-22T0330.db',
      'cadencia-2026-11-24T0330.db',
    ]);
    freeBytes = -100_000_000;
    now = NIGHT + DAY_MS;
    await until(async () => (await trail()).includes('backup-failed'));
    expect(backups()).toHaveLength(3);
  });

  it('that is killed at its last try is recorded too, and the next night has its own', async () => {
    await start();
    await runner?.stop();
    for (let tries = 1; tries <= 5; tries += 1) {
      now = NIGHT + tries;
      const killed = { kinds: ['back-up'], holder: `k${tries}`, now, leaseUntil: now + 1 };
      expect(await storage.jobs.take(killed)).toMatchObject({ tries });
    }
    now = NIGHT + 60_000;
    await start();
    await until(async () => (await trail()).includes('backup-failed'));
    const [entry] = await storage.store.read((view) => view.auditEntries(1));
    expect(entry).toMatchObject({ change: 'backup-failed', to: 'lease-ran-out' });
    expect(await storage.jobs.nextDueAt(['back-up'])).toBe(NIGHT + DAY_MS);
  });

  it('is missed once a night has passed without one, from the newest copy on', async () => {
    const files = { database: storage.database, folder: join(folder, 'backups') };
    const today = Date.now();
    expect(noBackUpSince(files, today)).toBeUndefined();
    expect(noBackUpSince(files, today + 27 * HOUR_MS)).toBeLessThanOrEqual(today);
    await start();
    await night(1);
    const file = join(files.folder, 'cadencia-2026-11-24T0330.db');
    utimesSync(file, new Date(NIGHT), new Date(NIGHT));
    expect(noBackUpSince(files, NIGHT + 25 * HOUR_MS)).toBeUndefined();
    expect(noBackUpSince(files, NIGHT + 27 * HOUR_MS)).toBe(NIGHT);
  });

  it('that cannot be made is recorded in the audit trail, and the next night has its own', async () => {
    writeFileSync(join(folder, 'no-folder'), '');
    await start({ folder: join(folder, 'no-folder') });
    now = NIGHT;
    for (let tries = 1; tries < 5; tries += 1) {
      await until(async () => {
        const { taken } = await storage.jobs.counts();
        return taken === 0 && ((await storage.jobs.nextDueAt(['back-up'])) ?? 0) > now;
      });
      now += 3_600_000;
    }
    await until(async () => (await trail()).length === 1);
    expect(await trail()).toEqual(['backup-failed']);
    expect(await storage.jobs.nextDueAt(['back-up'])).toBe(NIGHT + DAY_MS);
  });
});
