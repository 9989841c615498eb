/** What every implementation of the port `Jobs` must do. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/engine/ports/commit.ts';
import type { JobEnd, TakenJob } from '../../src/engine/ports/jobs.ts';
import type { NewJob } from '../../src/engine/ports/new-job.ts';
import { present } from '../../src/lib/assert.ts';
import { NOON, type TestStorage } from '../support/store.ts';

const LEASE_MS = 1_000;
const KINDS = ['copy', 'purge'];
const NOTHING_ELSE = { releases: [], claims: [], facts: [] };

export function aJob(given: Partial<NewJob> = {}): NewJob {
  return {
    id: 'job_1',
    kind: 'copy',
    body: { of: 'everything', times: 2 },
    causedBy: 'start',
    createdAt: NOON,
    dueAt: NOON,
    triesMax: 3,
    ...given,
  };
}

export function jobsSuite(name: string, open: () => Promise<TestStorage>): void {
  describe(`jobs (${name})`, () => {
    let storage: TestStorage;
    let holders = 0;

    beforeEach(async () => {
      storage = await open();
    });

    afterEach(async () => {
      await storage.dispose();
    });

    const add = (...jobs: readonly NewJob[]) =>
      storage.store.commit({
        stream: 'test',
        changes: jobs.map((job): Change => ({ kind: 'add-job', job })),
        ...NOTHING_ELSE,
      });
    const take = (now = NOON, leaseMs = LEASE_MS, kinds: readonly string[] = KINDS) => {
      holders += 1;
      return storage.jobs.take({ kinds, holder: `h${holders}`, now, leaseUntil: now + leaseMs });
    };
    const taken = async (...of: Parameters<typeof take>) =>
      present(await take(...of), 'there is a job to take');
    const end = (job: TakenJob, how: JobEnd = { kind: 'done' }, now = NOON) =>
      storage.jobs.end(job, how, [], now);

    describe('a job', () => {
      it('is taken as it was added, when it is due and not before', async () => {
        const job = aJob({ dueAt: NOON + 5, causedBy: 'fact engine 7', key: 'nightly' });
        await add(job);
        expect(await storage.jobs.nextDueAt(KINDS)).toBe(NOON + 5);
        expect(await take(NOON + 4)).toBeUndefined();
        expect(await take(NOON + 5)).toEqual({
          ...job,
          ...{ holder: `h${holders}`, tries: 1, leaseUntil: NOON + 5 + LEASE_MS },
        });
      });

      it('is taken in the order in which jobs are due', async () => {
        await add(
          aJob({ id: 'job_b', dueAt: NOON - 1 }),
          aJob({ id: 'job_a', dueAt: NOON }),
          aJob({ id: 'job_c', dueAt: NOON - 2 }),
        );
        const order = [await taken(), await taken(), await taken()].map((job) => job.id);
        expect(order).toEqual(['job_c', 'job_b', 'job_a']);
        expect(await take()).toBeUndefined();
      });

      it('waits for a server that knows its kind', async () => {
        await add(aJob({ kind: 'of-a-newer-server' }));
        expect(await storage.jobs.nextDueAt(KINDS)).toBeUndefined();
        expect(await take()).toBeUndefined();
        expect(await storage.jobs.counts()).toEqual({ waiting: 1, taken: 0, dead: 0 });
      });

      it('exists only if the commit that caused it does', async () => {
        const changes: readonly Change[] = [
          { kind: 'add-job', job: aJob() },
          { kind: 'add-job', job: aJob() },
        ];
        const commit = { stream: 'test', changes, ...NOTHING_ELSE };
        await expect(storage.store.commit(commit)).rejects.toMatchObject({ code: 'commit-failed' });
        expect(await take()).toBeUndefined();
      });

      it('with a key exists once, also while it is taken, until it is over', async () => {
        const another = aJob({ id: 'job_2', key: 'nightly' });
        await add(aJob({ key: 'nightly' }), another);
        const first = await taken();
        await add(another);
        expect(await take()).toBeUndefined();
        await storage.jobs.end(first, { kind: 'done' }, [{ kind: 'add-job', job: another }], NOON);
        const second = await taken();
        expect(second.id).toBe('job_2');
        await end(second, { kind: 'dead', because: 'refused' });
        await add(aJob({ id: 'job_3', key: 'nightly' }));
        expect(await taken()).toMatchObject({ id: 'job_3' });
      });
    });

    describe('the end of a try', () => {
      it('is one commit together with its result', async () => {
        await add(aJob());
        const job = await taken();
        const entry = { at: NOON, subject: 'list', subjectId: 'list_1', change: 'x' } as const;
        expect(
          await storage.jobs.end(job, { kind: 'done' }, [{ kind: 'insert-audit', entry }], NOON),
        ).toBe(true);
        expect(await storage.store.read((view) => view.auditEntries(9))).toMatchObject([entry]);
        expect(await storage.jobs.counts()).toEqual({ waiting: 0, taken: 0, dead: 0 });
      });

      it('stores nothing when the lease ran out and the job was taken again', async () => {
        await add(aJob());
        const late = await taken();
        const again = await taken(NOON + LEASE_MS);
        const entry = { at: NOON, subject: 'list', subjectId: 'list_1', change: 'x' } as const;
        const changes: readonly Change[] = [{ kind: 'insert-audit', entry }];
        for (const how of [
          { kind: 'done' },
          { kind: 'again', dueAt: NOON, because: 'x', counts: true },
          { kind: 'dead', because: 'x' },
        ] as const) {
          expect(await storage.jobs.end(late, how, changes, NOON + LEASE_MS)).toBe(false);
        }
        expect(await storage.store.read((view) => view.auditEntries(9))).toEqual([]);
        expect(await end(again)).toBe(true);
        expect(await end(again)).toBe(false);
      });

      it('stores nothing of its result when one of the changes is refused', async () => {
        await add(aJob(), aJob({ id: 'job_2', dueAt: NOON + 1 }));
        const job = await taken();
        const refused: Change = { kind: 'add-job', job: aJob({ id: 'job_2' }) };
        await expect(
          storage.jobs.end(job, { kind: 'done' }, [refused], NOON),
        ).rejects.toMatchObject({ code: 'commit-failed' });
        expect(await end(job)).toBe(true);
      });

      it('gives a failed job back for later, and counts the try unless it was only a wait', async () => {
        await add(aJob());
        await end(await taken(), {
          ...{ kind: 'again', dueAt: NOON + 10, because: 'died', counts: true },
        });
        expect(await take(NOON + 9)).toBeUndefined();
        const second = await taken(NOON + 10);
        expect(second.tries).toBe(2);
        await end(second, { kind: 'again', dueAt: NOON + 20, because: 'disk-low', counts: false });
        expect((await taken(NOON + 20)).tries).toBe(2);
      });

      it('keeps the job as dead, with the reason, after the last try', async () => {
        await add(aJob());
        await end(await taken(), { kind: 'dead', because: 'not-a-database' }, NOON + 3);
        expect(await storage.jobs.counts()).toEqual({ waiting: 0, taken: 0, dead: 1 });
        expect(await storage.jobs.dead(5)).toMatchObject([
          { id: 'job_1', tries: 1, deadAt: NOON + 3, deadBecause: 'not-a-database' },
        ]);
        expect(await take(NOON + 1e9)).toBeUndefined();
        expect(await storage.jobs.forgetDead(NOON + 3)).toBe(0);
        expect(await storage.jobs.forgetDead(NOON + 4)).toBe(1);
        expect(await storage.jobs.dead(5)).toEqual([]);
      });
    });

    describe('a lease that ran out', () => {
      it('makes the job due at once, and is known beforehand', async () => {
        await add(aJob());
        await taken();
        expect(await storage.jobs.nextDueAt(KINDS)).toBe(NOON + LEASE_MS);
        expect(await take(NOON + LEASE_MS - 1)).toBeUndefined();
        expect(await taken(NOON + LEASE_MS)).toMatchObject({ id: 'job_1', tries: 2 });
      });

      it('during the last try buries the job', async () => {
        await add(aJob({ triesMax: 1, key: 'nightly' }));
        const job = await taken();
        expect(await storage.jobs.bury(NOON + LEASE_MS - 1)).toEqual([]);
        expect(await take(NOON + LEASE_MS)).toBeUndefined();
        expect(await storage.jobs.bury(NOON + LEASE_MS)).toMatchObject([
          { id: 'job_1', deadBecause: 'lease-ran-out', deadAt: NOON + LEASE_MS },
        ]);
        expect(await end(job)).toBe(false);
        await add(aJob({ id: 'job_2', key: 'nightly' }));
        expect(await taken()).toMatchObject({ id: 'job_2' });
      });
    });

    it('several who take at once get different jobs', async () => {
      await add(...Array.from({ length: 6 }, (_, n) => aJob({ id: `job_${n}` })));
      const all = await Promise.all(Array.from({ length: 8 }, () => take()));
      const ids = all.flatMap((job) => job?.id ?? []);
      expect(ids.toSorted()).toEqual(['job_0', 'job_1', 'job_2', 'job_3', 'job_4', 'job_5']);
    });

    it('ends each job once and loses none, whatever its holders do', async () => {
      const step = fc.oneof(
        fc.record({ do: fc.constant('add' as const), triesMax: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ do: fc.constant('take' as const) }),
        fc.record({ do: fc.constantFrom('done', 'again', 'uncounted', 'dead'), of: fc.nat(9) }),
        fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 1_000, 3_000) }),
        fc.record({ do: fc.constant('bury' as const) }),
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          run += 1;
          const added = new Map<string, number>();
          const ended = new Map<string, number>();
          const tries: TakenJob[] = [];
          let now = NOON;
          const over = (id: string) => ended.set(id, (ended.get(id) ?? 0) + 1);
          const bury = async () => {
            for (const { id } of await storage.jobs.bury(now)) over(id);
          };
          const mine = async () => {
            const job = await take(now);
            if (!job) return undefined;
            expect(job.tries).toBeLessThanOrEqual(job.triesMax);
            // The earlier holders have lost it.
            const before = tries.filter((one) => one.id === job.id);
            for (const one of before) {
              expect(await storage.jobs.end(one, { kind: 'done' }, [], now)).toBe(false);
            }
            tries.push(job);
            return job;
          };
          for (const one of steps) {
            if (one.do === 'add') {
              const id = `job_r${run}n${added.size}` as const;
              added.set(id, one.triesMax);
              await add(aJob({ id, dueAt: now, triesMax: one.triesMax }));
            } else if (one.do === 'take') await mine();
            else if (one.do === 'bury') await bury();
            else if (one.do === 'wait') now += one.ms;
            else {
              const job = tries[one.of];
              if (!job) continue;
              const because = 'said';
              const how: JobEnd =
                one.do === 'done'
                  ? { kind: 'done' }
                  : one.do === 'dead' || job.tries >= job.triesMax
                    ? { kind: 'dead', because }
                    : { kind: 'again', dueAt: now + 700, because, counts: one.do === 'again' };
              const isOver = await storage.jobs.end(job, how, [], now);
              if (isOver && how.kind !== 'again') over(job.id);
            }
          }
          // Everything left is done or buried, until only dead jobs remain.
          for (let round = 0; round < 200 && ended.size < added.size; round += 1) {
            now += LEASE_MS;
            await bury();
            const job = await mine();
            if (job && (await end(job, { kind: 'done' }, now))) over(job.id);
          }
          expect([...ended.keys()].toSorted()).toEqual([...added.keys()].toSorted());
          expect([...ended.values()].every((times) => times === 1)).toBe(true);
          const { waiting, taken: held } = await storage.jobs.counts();
          expect([waiting, held]).toEqual([0, 0]);
        }),
        { numRuns: 40 },
      );
    });
  });
}
