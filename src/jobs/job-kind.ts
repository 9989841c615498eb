import type { Change } from '../engine/ports/commit.ts';
import type { TakenJob } from '../engine/ports/jobs.ts';
import type { JobCause, JsonValue, NewJob } from '../engine/ports/new-job.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';

/** One kind of job: its worker, and what is stored when it ends. */
export type JobKind = {
  readonly name: string;
  /**
   * Where its work is done; absent for a kind that only stores something (`done`). A job may be done
   * twice, so the module's docstring says why that does no harm.
   */
  readonly worker?: WorkerOfKind;
  /** The worker's input, or why the job must wait; waiting is not a try. */
  prepare(job: TakenJob): Promise<Prepared>;
  /** What is stored for the worker's answer (undefined without a worker); undefined when it is nonsense. */
  done(answer: unknown, job: TakenJob, now: EpochMs): readonly Change[] | undefined;
  /** What is stored after the last try failed. */
  died(because: string, job: NewJob, now: EpochMs): readonly Change[];
  /**
   * The next job of a kind that never ends, added in the commit that ends the previous one, or by a
   * process that finds none. It has a key. Absent for kinds whose jobs others add.
   */
  readonly next?: (now: EpochMs, causedBy: JobCause) => NewJob;
};

export type WorkerOfKind = {
  /**
   * The module with which its thread begins. It gets data, answers with data and writes nothing to
   * the database.
   */
  readonly module: URL;
  /** A longer try counts as failed. */
  readonly timeoutMs: DurationMs;
};

export type Prepared =
  | { readonly kind: 'begin'; readonly input: JsonValue }
  | {
      readonly kind: 'wait';
      readonly because: string;
      readonly afterMs: DurationMs;
      /** What is stored with it, such as a row of the audit trail. */
      readonly changes?: readonly Change[];
    };
