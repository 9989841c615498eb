import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewJob } from '../../src/engine/ports/new-job.ts';
import type { JobKind } from '../../src/jobs/job-kind.ts';
import { createJobRunner, type JobRunner, pauseAfter } from '../../src/jobs/run-jobs.ts';
import { present } from '../../src/lib/assert.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/time.ts';
import { NOON, openTestStorage, type TestStorage } from '../support/store.ts';

const TIMEOUT_MS = 20_000;
const SHORT_TIMEOUT_MS = 2_000;
const WORKER = new URL('./workers/says.ts', import.meta.url);

let storage: TestStorage;
let folder: string;
let now = NOON;
let runner: JobRunner | undefined;
let logged: { msg: string; because?: string }[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cadencia-jobs-'));
  storage = await openTestStorage({ now: () => now });
  now = NOON;
  logged = [];
});

afterEach(async () => {
  await runner?.stop();
  await storage.dispose();
  rmSync(folder, { recursive: true });
});

const within = (timeoutMs: number) => ({ module: WORKER, timeoutMs });

/** A kind whose worker does what the body of its job says. */
function aKind(given: Partial<JobKind> = {}): JobKind {
  return {
    name: 'says',
    worker: within(TIMEOUT_MS),
    prepare: async ({ body }) => ({
      kind: 'begin',
      input: { does: body, log: join(folder, 'log') },
    }),
    done(answer, job, at) {
      const said = (answer as { said?: string }).said;
      if (said === undefined) return undefined;
      return [audited(at, job.id, 'said', said)];
    },
    died: (because, job, at) => [audited(at, job.id, 'died', because)],
    ...given,
  };
}

const audited = (at: number, subjectId: string, change: string, to: string) =>
  ({ kind: 'insert-audit', entry: { at, subject: 'backup', subjectId, change, to } }) as const;

function aJob(does: string, given: Partial<NewJob> = {}): NewJob {
  return {
    ...{ id: 'job_1', kind: 'says', body: does, causedBy: 'start', createdAt: NOON, dueAt: NOON },
    triesMax: 2,
    ...given,
  };
}

const add = (job: NewJob) =>
  storage.store.commit({
    ...{ stream: 'test', releases: [], claims: [], facts: [] },
    changes: [{ kind: 'add-job', job }],
  });

async function start(kind: JobKind = aKind(), holder = 'test'): Promise<JobRunner> {
  const log = pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line)) });
  const started = createJobRunner({
    ...{ jobs: storage.jobs, store: storage.store, kinds: [kind], holder, log, lookEveryMs: 10 },
    now: () => now,
  });
  await started.start();
  runner = started;
  return started;
}

const trail = async () =>
  (await storage.store.read((view) => view.auditEntries(20))).map((row) => [row.change, row.to]);
const tried = () => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
const until = (condition: () => Promise<boolean>) =>
  expect.poll(condition, { timeout: 10_000, interval: 10 }).toBe(true);
const isEnded = async () => (await trail()).length > 0;

describe('a job that is due', () => {
  it('is done by a worker thread, and ends in one commit with its result', async () => {
    await add(aJob('well'));
    const { counts } = await start();
    await until(isEnded);
    expect(await trail()).toEqual([['said', 'well']]);
    await until(async () => counts().waiting + counts().taken === 0);
    expect(tried()).toEqual(['well']);
  });

  it.each([
    ['throws', 'failed'],
    ['dies', 'died'],
    ['hangs', 'timed-out'],
    ['nonsense', 'answer-is-nonsense'],
  ])(
    'costs a try when its worker %s, and is dead for that reason after the last try',
    async (does, because) => {
      await add(aJob(does));
      const timeoutMs = does === 'hangs' ? SHORT_TIMEOUT_MS : TIMEOUT_MS;
      const { counts } = await start(aKind({ worker: within(timeoutMs) }));
      await until(async () => logged.some((line) => line.msg === 'try of a job failed'));
      await until(async () => (await storage.jobs.counts()).taken === 0);
      // Due again only after its pause.
      expect(await storage.jobs.nextDueAt(['says'])).toBe(NOON + MINUTE_MS);
      now += MINUTE_MS;
      await until(isEnded);
      expect(await trail()).toEqual([['died', because]]);
      expect(await storage.jobs.dead(2)).toMatchObject([{ tries: 2, deadBecause: because }]);
      expect(logged.at(-1)).toMatchObject({ msg: 'job is dead after its last try', because });
      await until(async () => counts().dead === 1);
      expect(tried()).toEqual([does, does]);
    },
  );

  it('of a kind without a worker is done by what it stores', async () => {
    const { worker: _worker, ...kind } = aKind();
    await add(aJob('nothing'));
    await start({ ...kind, done: (answer, job, at) => [audited(at, job.id, 'done', `${answer}`)] });
    await until(isEnded);
    expect(await trail()).toEqual([['done', 'undefined']]);
    expect(existsSync(join(folder, 'log'))).toBe(false);
  });

  it('waits as long as its kind says, which is not a try', async () => {
    let isRoom = false;
    const kind = aKind();
    await add(aJob('well'));
    await start({
      ...kind,
      prepare: async (job) =>
        isRoom ? kind.prepare(job) : { kind: 'wait', because: 'disk-low', afterMs: 15 * MINUTE_MS },
    });
    for (let time = 0; time < 4; time += 1) {
      await until(async () => (await storage.jobs.nextDueAt(['says'])) === now + 15 * MINUTE_MS);
      isRoom = time === 3;
      now += 15 * MINUTE_MS;
    }
    expect(logged[0]).toMatchObject({ msg: 'job waits', because: 'disk-low' });
    await until(isEnded);
    expect(await trail()).toEqual([['said', 'well']]);
  });
});

describe('a process that ends with a job in hand', () => {
  it('gives it back when stopped, which is not a try', async () => {
    await add(aJob('hangs', { triesMax: 1 }));
    const stopped = await start(aKind({ worker: within(60_000) }));
    await until(async () => (await storage.jobs.counts()).taken === 1);
    await until(async () => tried().length === 1);
    await stopped.stop();
    expect(await storage.jobs.counts()).toEqual({ waiting: 1, taken: 0, dead: 0 });
  });

  it('loses it to another process after its lease when it was killed', async () => {
    await add(aJob('well'));
    const leaseUntil = NOON + 5 * SECOND_MS;
    // A process that took the job and was killed before its end.
    const killed = await storage.jobs.take({ kinds: ['says'], holder: 'k', now, leaseUntil });
    await start();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await trail()).toEqual([]);
    now = leaseUntil;
    await until(isEnded);
    expect(killed && (await storage.jobs.end(killed, { kind: 'done' }, [], now))).toBe(false);
    expect(tried()).toEqual(['well']);
  });

  it('loses it to another process when it is killed while its worker works', async () => {
    await add(aJob('well'));
    const script = fileURLToPath(new URL('./taker-process.ts', import.meta.url));
    const log = join(folder, 'log');
    const taker = spawn(process.execPath, [script, storage.database, log], { stdio: 'inherit' });
    await until(async () => existsSync(log));
    taker.kill('SIGKILL');
    await once(taker, 'exit');
    const leaseUntil = present(await storage.jobs.nextDueAt(['says']), 'the job is there');
    expect(await storage.jobs.counts()).toEqual({ waiting: 0, taken: 1, dead: 0 });
    now = leaseUntil - 1;
    await start();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await trail()).toEqual([]);
    now = leaseUntil;
    await until(isEnded);
    expect(await trail()).toEqual([['said', 'well']]);
    expect(tried()).toEqual(['hangs', 'well']);
  });
});

describe('a kind that never ends', () => {
  const everyHour = aKind({
    next: (at, causedBy) => ({
      ...aJob('well', { causedBy, createdAt: at, dueAt: at + HOUR_MS, key: 'says' }),
      id: `job_at${at}`,
    }),
  });
  const waiting = async () => [await storage.jobs.nextDueAt(['says']), await storage.jobs.counts()];

  it('has its next job from the start, only once, however often the process starts', async () => {
    await start(everyHour);
    await runner?.stop();
    now += MINUTE_MS;
    await start(everyHour);
    expect(await waiting()).toEqual([NOON + HOUR_MS, { waiting: 1, taken: 0, dead: 0 }]);
  });

  it('gets its next job in the commit that ends the previous one, done or dead', async () => {
    await start(everyHour);
    now += HOUR_MS;
    await until(isEnded);
    expect(await waiting()).toEqual([NOON + 2 * HOUR_MS, { waiting: 1, taken: 0, dead: 0 }]);
    await runner?.stop();
    await start({ ...everyHour, done: () => undefined });
    for (let time = 0; time < 2; time += 1) {
      now += HOUR_MS;
      await until(async () => (await storage.jobs.nextDueAt(['says'])) !== now);
      await until(async () => (await storage.jobs.counts()).taken === 0);
    }
    await until(async () => (await storage.jobs.counts()).dead === 1);
    expect((await storage.jobs.counts()).waiting).toBe(1);
  });

  it('gets its next job also after the last try was killed', async () => {
    await start(everyHour);
    await runner?.stop();
    for (let time = 0; time < 2; time += 1) {
      now += HOUR_MS;
      await storage.jobs.take({ kinds: ['says'], holder: `k${time}`, now, leaseUntil: now + 1 });
    }
    now += HOUR_MS;
    await start(everyHour);
    await until(async () => (await storage.jobs.counts()).dead === 1);
    await until(async () => (await storage.jobs.counts()).waiting === 1);
    expect(await storage.jobs.nextDueAt(['says'])).toBe(now + HOUR_MS);
  });
});

it('pauses grow from a minute to an hour', () => {
  expect([1, 2, 3, 7, 50].map((tries) => pauseAfter(tries) / MINUTE_MS)).toEqual([1, 2, 4, 60, 60]);
});
