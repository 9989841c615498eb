/**
 * Takes due jobs and ends them, one at a time. Each try runs in a worker thread, and its end is one
 * commit together with its result. A failed try is repeated after growing pauses. After the last
 * try the job is dead, and is kept with its reason.
 */
import type { Logger } from 'pino';
import type { Change } from '../engine/ports/commit.ts';
import type { DeadJob, JobCounts, JobEnd, Jobs, TakenJob } from '../engine/ports/jobs.ts';
import type { JobCause, JsonValue } from '../engine/ports/new-job.ts';
import type { Store } from '../engine/ports/store.ts';
import { present } from '../lib/assert.ts';
import {
  DAY_MS,
  type DurationMs,
  type EpochMs,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
} from '../lib/time.ts';
import { whenStorable } from '../storage/held-up.ts';
import type { JobKind, WorkerOfKind } from './job-kind.ts';
import { type RunningWorker, runWorker, type WorkerEnd } from './run-worker.ts';

const LOOK_EVERY_MS: DurationMs = SECOND_MS;
/** A lease outlives its try by as long as the store may be held up when the try ends. */
const LEASE_MARGIN_MS: DurationMs = 2 * MINUTE_MS;
const PAUSE_FIRST_MS: DurationMs = MINUTE_MS;
const PAUSE_MAX_MS: DurationMs = HOUR_MS;
const DEAD_KEPT_MS: DurationMs = 30 * DAY_MS;
/** The stream of commits that hold no facts and need no lease: a job's own lease guards them. */
const STREAM = 'jobs';

export type JobRunner = {
  start(): Promise<void>;
  /** Gives back the job in hand; the interrupted try does not count. */
  stop(): Promise<void>;
  /** The result of the last count. */
  counts(): JobCounts;
};

export type JobRunnerParts = {
  readonly jobs: Jobs;
  readonly store: Pick<Store, 'commit'>;
  readonly kinds: readonly JobKind[];
  /** The name under which this process holds leases. */
  readonly holder: string;
  readonly now: () => EpochMs;
  readonly log: Logger;
  readonly lookEveryMs?: DurationMs;
};

/** The pause after this many tries: a minute, doubled each time, an hour at most. */
export function pauseAfter(tries: number): DurationMs {
  return Math.min(PAUSE_FIRST_MS * 2 ** (tries - 1), PAUSE_MAX_MS);
}

export function createJobRunner(parts: JobRunnerParts): JobRunner {
  const runner = new Runner(parts);
  let timer: NodeJS.Timeout | undefined;
  return {
    async start() {
      await runner.begin();
      timer = setInterval(() => void runner.look(), parts.lookEveryMs ?? LOOK_EVERY_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      await runner.end();
    },
    counts: () => runner.counts,
  };
}

class Runner {
  counts: JobCounts = { waiting: 0, taken: 0, dead: 0 };
  readonly #parts: JobRunnerParts;
  readonly #names: readonly string[];
  readonly #leaseMs: DurationMs;
  #looking: Promise<void> | undefined;
  #worker: RunningWorker | undefined;
  #isOver = false;
  #tries = 0;

  constructor(parts: JobRunnerParts) {
    this.#parts = parts;
    this.#names = parts.kinds.map((kind) => kind.name);
    this.#leaseMs =
      Math.max(0, ...parts.kinds.map(({ worker }) => worker?.timeoutMs ?? 0)) + LEASE_MARGIN_MS;
  }

  async begin(): Promise<void> {
    await whenStorable(() => this.#addMissing());
    this.counts = await this.#parts.jobs.counts();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    this.#worker?.stop();
    await this.#looking;
  }

  /** An error here costs only this look: a job in hand is taken again when its lease runs out. */
  look(): Promise<void> {
    this.#looking ??= this.#takeOne()
      .catch((error: unknown) => {
        this.#parts.log.error({ err: error }, 'jobs could not be looked at');
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  /**
   * Adds the next job of each never-ending kind that lacks one, and what the end of those that died with
   * their process leaves behind.
   */
  async #addMissing(buried: readonly DeadJob[] = []): Promise<void> {
    const { kinds, store, now } = this.#parts;
    const left = buried.flatMap((job) => {
      const kind = kinds.find(({ name }) => name === job.kind);
      return kind?.died(job.deadBecause, job, now()) ?? [];
    });
    const changes = [...left, ...kinds.flatMap((kind) => nextOf(kind, now(), 'start'))];
    if (changes.length === 0) return;
    await store.commit({ stream: STREAM, releases: [], claims: [], changes, facts: [] });
  }

  async #takeOne(): Promise<void> {
    const { jobs, now, log, holder } = this.#parts;
    const dueAt = await jobs.nextDueAt(this.#names);
    if (dueAt === undefined || dueAt > now()) return;
    const buried = await jobs.bury(now());
    for (const { id, kind, deadBecause } of buried) {
      log.error({ jobId: id, kind, because: deadBecause }, 'job is dead after its last try');
    }
    if (buried.length > 0) await this.#addMissing(buried);
    await jobs.forgetDead(now() - DEAD_KEPT_MS);
    this.#tries += 1;
    const job = await jobs.take({
      kinds: this.#names,
      holder: `${holder} ${this.#tries}`,
      now: now(),
      leaseUntil: now() + this.#leaseMs,
    });
    if (job) await this.#attempt(job);
    this.counts = await jobs.counts();
  }

  async #attempt(job: TakenJob): Promise<void> {
    const { kinds, now, log } = this.#parts;
    const kind = present(
      kinds.find((one) => one.name === job.kind),
      'only jobs of known kinds are taken',
    );
    const prepared = await kind.prepare(job);
    if (prepared.kind === 'wait') {
      const { because, afterMs, changes } = prepared;
      log.warn({ jobId: job.id, kind: job.kind, because }, 'job waits');
      await this.#giveBack(job, afterMs, because, false, changes);
      return;
    }
    const how = kind.worker
      ? await this.#work(kind.worker, prepared.input)
      : ({ ok: true, answer: undefined } as const);
    if (!how.ok) {
      if (how.because === 'stopped') await this.#giveBack(job, 0, how.because, false);
      else await this.#fail(kind, job, how.because, how.error);
      return;
    }
    const changes = kind.done(how.answer, job, now());
    if (!changes) return this.#fail(kind, job, 'answer-is-nonsense');
    await this.#end(job, { kind: 'done' }, [...changes, ...nextOf(kind, now(), `job ${job.id}`)]);
    log.info({ jobId: job.id, kind: job.kind, tries: job.tries }, 'job done');
  }

  async #work({ module, timeoutMs }: WorkerOfKind, input: JsonValue): Promise<WorkerEnd> {
    this.#worker = runWorker(module, input, timeoutMs);
    if (this.#isOver) this.#worker.stop();
    const how = await this.#worker.end;
    this.#worker = undefined;
    return how;
  }

  async #fail(kind: JobKind, job: TakenJob, because: string, error?: unknown): Promise<void> {
    const { now, log } = this.#parts;
    const about = { jobId: job.id, kind: job.kind, tries: job.tries, because, err: error };
    if (job.tries < job.triesMax) {
      log.warn(about, 'try of a job failed');
      return this.#giveBack(job, pauseAfter(job.tries), because, true);
    }
    log.error(about, 'job is dead after its last try');
    const next = nextOf(kind, now(), `job ${job.id}`);
    const changes = [...kind.died(because, job, now()), ...next];
    await this.#end(job, { kind: 'dead', because }, changes);
  }

  #giveBack(
    job: TakenJob,
    pauseMs: DurationMs,
    because: string,
    counts: boolean,
    changes: readonly Change[] = [],
  ): Promise<void> {
    const dueAt = this.#parts.now() + pauseMs;
    return this.#end(job, { kind: 'again', dueAt, because, counts }, changes);
  }

  async #end(job: TakenJob, how: JobEnd, changes: readonly Change[]): Promise<void> {
    const { jobs, now, log } = this.#parts;
    const isStored = await whenStorable(() => jobs.end(job, how, changes, now()));
    if (isStored) return;
    log.warn({ jobId: job.id, kind: job.kind }, 'try of a job ended after its lease');
  }
}

function nextOf(kind: JobKind, now: EpochMs, causedBy: JobCause): readonly Change[] {
  const job = kind.next?.(now, causedBy);
  return job ? [{ kind: 'add-job', job }] : [];
}
