import type { Change } from '../engine/ports/commit.ts';
import type { TakenJob } from '../engine/ports/jobs.ts';
import type { JobCause, JsonValue, NewJob } from '../engine/ports/new-job.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';

/** One kind of job: who does it, for how long, and what is stored when it ends. */
export type JobKind = {
  readonly name: string;
  /**
   * The module that a thread of its own begins with. It gets data, answers with data and writes nothing
   * into the database; and because a job may be done twice, its docstring says why that does no harm.
   */
  readonly worker: URL;
  /** A try that takes longer has failed. */
  readonly timeoutMs: DurationMs;
  /** What the worker gets, or why the job waits; waiting is no try. */
  prepare(job: TakenJob): Promise<Prepared>;
  /** What is stored of a worker's answer; undefined for an answer that is nonsense. */
  done(answer: unknown, job: TakenJob, now: EpochMs): readonly Change[] | undefined;
  /** What is stored when the last try failed. */
  died(because: string, job: TakenJob, now: EpochMs): readonly Change[];
  /**
   * The next job of a kind that never ends, added in the commit that ends the one before, or by a
   * process that finds none. It has a key. Absent for kinds that others add.
   */
  readonly next?: (now: EpochMs, causedBy: JobCause) => NewJob;
};

export type Prepared =
  | { readonly kind: 'begin'; readonly input: JsonValue }
  | { readonly kind: 'wait'; readonly because: string; readonly afterMs: DurationMs };
